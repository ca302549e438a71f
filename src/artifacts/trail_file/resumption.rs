//! Whether an unfinished run can be continued, and what is said of it.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, Seek, SeekFrom};

use super::folder::Folder;
use super::{Start, TrailError};
use crate::artifacts::trail::{TrailReadError, TrailState, ended, scan};
use crate::artifacts::{DamageKind, Timings, TrailDamage, TrailHeader, read_json, read_text};

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
    pub(super) fn of(
        folder: &Folder,
        header: &TrailHeader,
        start: Start<'_>,
        inputs: &BTreeMap<String, String>,
    ) -> Result<Self, TrailError> {
        let Some(mut file) = folder.earlier()? else { return Ok(Self::New) };
        let path = folder.trail();
        let unreadable = |error| TrailError::io("read", &path, error);
        // Asked before anything else: a finished trail may have gigabytes, and none of them matters any more.
        if ended(&mut file).map_err(unreadable)? {
            return Ok(Self::New);
        }
        if let Some(reason) = start.fresh {
            return Ok(Self::Aside(reason.to_owned()));
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
        // The same declaration evaluated by other code is other evidence.
        let wrote = match read_text(&folder.binary()) {
            Ok(Some(wrote)) => wrote,
            Ok(None) => return Ok(Self::Aside("nothing says which test binary wrote it".to_owned())),
            Err(error) => return Ok(Self::Aside(format!("nothing says which test binary wrote it: {error}"))),
        };
        if start.binary.digest() != Some(wrote.trim_end()) {
            return Ok(Self::Aside("the test binary was rebuilt since".to_owned()));
        }
        if let Some(reason) = changed(&folder.earlier_inputs(), inputs) {
            return Ok(Self::Aside(reason));
        }
        // Gone if the run died before it was written; it only tells.
        let resumptions = read_json(&folder.0.join("timings.json")).map(|timings: Timings| timings.resumptions);
        Ok(Self::Behind(Box::new(state), resumptions.unwrap_or_default()))
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

/// Which of the files that the answers are made of is not what it was.
fn changed(earlier: &BTreeMap<String, String>, now: &BTreeMap<String, String>) -> Option<String> {
    let gone = earlier.keys().find(|file| !now.contains_key(*file)).map(|file| (file, "is gone"));
    let other = || now.iter().find(|(file, digest)| earlier.get(*file).is_some_and(|earlier| earlier != *digest));
    let new = || now.keys().find(|file| !earlier.contains_key(*file)).map(|file| (file, "is new"));
    let found = other().map(|(file, _)| (file, "has changed")).or(gone).or_else(new);
    found.map(|(file, how)| format!("the input `{}` {how} since", file.escape_debug()))
}
