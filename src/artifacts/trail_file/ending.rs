//! The last row of a trail.

use std::fs::File;
use std::io::Write;

use super::TrailError;
use super::folder::Folder;
use crate::artifacts::Anchor;
use crate::artifacts::trail::{Chain, TrailEnd};
use crate::gates::Verdict;

/// The end row of a run that is over, made and not written.
#[derive(Debug)]
pub struct Ending {
    folder: Folder,
    file: File,
    bytes: Vec<u8>,
    anchor: Anchor,
}

impl Ending {
    /// The row behind those of `chain`, all of which are in `file`.
    pub(super) fn new(
        folder: Folder,
        file: File,
        mut chain: Chain,
        ending: Result<&Verdict, &str>,
    ) -> Result<Self, TrailError> {
        let end = TrailEnd::new(chain.rows() + 1, ending);
        let body = serde_json::to_vec(&end).map_err(|source| TrailError::Row { call_index: chain.rows(), source })?;
        let mut bytes = Vec::new();
        chain.append(&body, &mut bytes);
        Ok(Self { folder, file, bytes, anchor: chain.anchor() })
    }

    /// The trail as it is once the row is written.
    pub fn anchor(&self) -> &Anchor {
        &self.anchor
    }

    /// Writes the row. The run is finished then, and the next one replaces it.
    ///
    /// # Errors
    /// If it could not be written; the trail stays unfinished.
    pub fn write(mut self) -> Result<(), TrailError> {
        let path = self.folder.trail();
        self.file.write_all(&self.bytes).map_err(|error| TrailError::io("written", &path, error))?;
        self.file.sync_all().map_err(|error| TrailError::io("synced", &path, error))
    }
}
