//! Whether an unfinished run can be continued, and what is said of it.

use std::fs::File;
use std::io::{BufReader, Seek, SeekFrom};

use super::TrailError;
use super::folder::Folder;
use crate::artifacts::trail::{TrailReadError, TrailState, ended, scan};
use crate::artifacts::{DamageKind, Timings, TrailDamage, TrailHeader, read_json};

/// How a run begins.
pub(super) enum Beginning {
    /// With an empty trail.
    New,
    /// Behind these rows of an unfinished run, the interruptions of which are listed.
    Behind(Box<TrailState>, Vec<String>),
    /// With an empty trail, after the one that was there is set aside for this reason.
    Aside(String),
}

impl Beginning {
    /// Looks at what an earlier run left.
    pub(super) fn of(folder: &Folder, header: &TrailHeader, binary: &str, fresh: bool) -> Result<Self, TrailError> {
        let Some(mut file) = folder.earlier()? else { return Ok(Self::New) };
        let path = folder.trail();
        let unreadable = |error| TrailError::io("read", &path, error);
        // Asked before anything else: a finished trail may have gigabytes, and none of them matters any more.
        if ended(&mut file).map_err(unreadable)? {
            return Ok(Self::New);
        }
        if fresh {
            return Ok(Self::Aside("a fresh run was asked for".to_owned()));
        }
        file.seek(SeekFrom::Start(0)).map_err(unreadable)?;
        let state = match scan(BufReader::with_capacity(1 << 20, file)) {
            Ok(state) => state,
            Err(TrailReadError::Io(error)) => return Err(unreadable(error)),
            Err(TrailReadError::Damage(TrailDamage { kind: kind @ DamageKind::Version(_), .. })) => {
                return Ok(Self::Aside(kind.to_string()));
            }
            // Not set aside: whoever started a long run has to hear that its evidence was changed, not lose it in silence.
            Err(TrailReadError::Damage(damage)) => return Err(TrailError::Damaged { path, damage }),
        };
        if state.ended {
            return Ok(Self::New);
        }
        // Not even the header was written: nothing was recorded, and nothing is lost.
        let Some(earlier) = &state.header else { return Ok(Self::New) };
        if let Some(difference) = earlier.difference(header) {
            return Ok(Self::Aside(difference));
        }
        // The same declaration evaluated by other code is other evidence. What the binary is cannot be in the trail, whose
        // bytes are those of every build that evaluates alike.
        let timings: Timings = match read_json(&folder.0.join("timings.json")) {
            Ok(timings) => timings,
            Err(error) => return Ok(Self::Aside(format!("nothing says which test binary wrote it: {error}"))),
        };
        if timings.binary.as_deref() != Some(binary) {
            return Ok(Self::Aside("the test binary was rebuilt since".to_owned()));
        }
        Ok(Self::Behind(Box::new(state), timings.resumptions))
    }

    /// The file to write to, and the state it is in.
    pub(super) fn enter(&self, folder: &Folder) -> Result<(File, u64), TrailError> {
        match self {
            Self::Behind(state, _) => folder.reopen(state.length),
            Self::New => folder.create().map(|file| (file, 0)),
            Self::Aside(_) => {
                folder.set_aside()?;
                folder.create().map(|file| (file, 0))
            }
        }
    }
}
