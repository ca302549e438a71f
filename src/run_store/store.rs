//! The folder of one run: a lock and, once finished, what became of it.

use std::fs::File;

use camino::{Utf8Path, Utf8PathBuf};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::prune::prune;
use crate::artifacts::{ArtifactError, has_no_locks, read_json, write_json};

/// Where the processes of one test run meet over one calibration.
#[derive(Debug, Clone)]
pub struct RunStore {
    folder: Utf8PathBuf,
    maker: String,
}

/// A record with its maker.
#[derive(Serialize, Deserialize)]
struct Kept<T> {
    made_by: String,
    answer: T,
}

impl RunStore {
    /// The store of a run below `runs`, a folder that holds nothing else.
    ///
    /// `run_id` names the test run and is the same in all its processes; `key` names the calibration within it: package,
    /// suite and name. The run id is no secret, and a record counts only if `maker` made it: what
    /// the processes of this run have in common and nobody can know beforehand.
    ///
    /// # Errors
    /// If the run id or a part of the key cannot be part of a path.
    pub fn new(runs: &Utf8Path, run_id: &str, maker: String, key: [&str; 3]) -> Result<Self, StoreError> {
        let [package, suite, name] = key;
        for (what, part) in [("run id", run_id), ("package", package), ("suite", suite), ("calibration", name)] {
            let usable = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
            if part.is_empty() || !part.chars().all(usable) {
                return Err(StoreError::Name { what, name: part.escape_debug().to_string() });
            }
        }
        prune(runs, run_id);
        Ok(Self { folder: runs.join(run_id).join(package).join(suite).join(name), maker })
    }

    /// What `run` answers in whichever process came first.
    ///
    /// # Errors
    /// If the folder or its lock cannot be used, or the record cannot be written.
    pub fn lead_or_follow<T: Serialize + DeserializeOwned>(&self, run: impl FnOnce() -> T) -> Result<T, StoreError> {
        let failed = |source| StoreError::Lock { folder: self.folder.clone(), source };
        #[expect(clippy::disallowed_methods, reason = "the store owns its folder")]
        std::fs::create_dir_all(&self.folder).map_err(failed)?;
        #[expect(clippy::disallowed_methods, reason = "a lock file has no content that a crash could cut short")]
        let lock = File::create(self.folder.join("lock")).map_err(failed)?;
        lock.lock().or_else(unless_without).map_err(failed)?;
        let finished = self.folder.join("finished.json");
        let answer = match self.own(&finished) {
            Some(answer) => answer,
            None => {
                let kept = Kept { made_by: self.maker.clone(), answer: run() };
                write_json(&kept, &finished)?;
                kept.answer
            }
        };
        // Dropping the file releases the lock.
        drop(lock);
        Ok(answer)
    }
}

impl RunStore {
    /// What another process of this run left. A record of anybody else is as good as none, readable or not.
    fn own<T: DeserializeOwned>(&self, finished: &Utf8Path) -> Option<T> {
        let kept: Kept<T> = read_json(finished).ok()?;
        (kept.made_by == self.maker).then_some(kept.answer)
    }
}

/// Without locks the processes cannot wait for each other, and several may run; each answers rightly.
fn unless_without(error: std::io::Error) -> std::io::Result<()> {
    if has_no_locks(&error) { Ok(()) } else { Err(error) }
}

/// Why the processes of a run could not meet.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// A name that cannot be part of a path.
    #[error("{what} `{name}` cannot be part of a path, expected letters, digits, `-` and `_`")]
    Name {
        /// Which name.
        what: &'static str,
        /// The name, escaped.
        name: String,
    },
    /// The folder or its lock cannot be used.
    #[error("the run's folder `{folder}` could not be locked: {source}")]
    Lock {
        /// The folder.
        folder: Utf8PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// What the first process left could not be read, or could not be left.
    #[error(transparent)]
    Record(#[from] ArtifactError),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_first_runs_and_the_others_read_its_answer() {
        let folder = tempfile::tempdir().unwrap();
        let runs = Utf8Path::from_path(folder.path()).unwrap();
        let maker = |mark: &str| mark.to_owned();
        let first = RunStore::new(runs, "run-1", maker("process 7"), ["demo", "suite", "phantom"]).unwrap();
        assert_eq!(first.lead_or_follow(|| 42).unwrap(), 42);
        assert_eq!(first.lead_or_follow(|| -> i32 { unreachable!("it ran already") }).unwrap(), 42);
        let next = RunStore::new(runs, "run-2", maker("process 7"), ["demo", "suite", "phantom"]).unwrap();
        assert_eq!(next.lead_or_follow(|| 43).unwrap(), 43, "another test run runs anew");
        let laid = RunStore::new(runs, "run-1", maker("process 8"), ["demo", "suite", "phantom"]).unwrap();
        assert_eq!(laid.lead_or_follow(|| 44).unwrap(), 44, "what somebody else left under its name is no answer");
    }

    #[test]
    fn a_run_id_that_leaves_the_folder_is_refused() {
        let maker = String::new;
        assert!(RunStore::new(Utf8Path::new("runs"), "../etc", maker(), ["demo", "suite", "phantom"]).is_err());
        assert!(RunStore::new(Utf8Path::new("runs"), "", maker(), ["demo", "suite", "phantom"]).is_err());
        assert!(RunStore::new(Utf8Path::new("runs"), "run-1", maker(), ["demo", "..", "phantom"]).is_err());
    }
}
