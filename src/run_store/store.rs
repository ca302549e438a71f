//! The folder of one run: a lock and, once finished, what became of it.

use std::fs::File;

use camino::{Utf8Path, Utf8PathBuf};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::prune::prune;
use crate::artifacts::{ArtifactError, read_json, write_json};

/// Where the processes of one test run meet over one calibration.
#[derive(Debug, Clone)]
pub struct RunStore {
    folder: Utf8PathBuf,
}

impl RunStore {
    /// The store of a run below `runs`, a folder that holds nothing else.
    ///
    /// `run_id` names the test run and is the same in all its processes; `key` names the calibration within it: package,
    /// suite and name.
    ///
    /// # Errors
    /// If the run id or a part of the key cannot be part of a path.
    pub fn new(runs: &Utf8Path, run_id: &str, key: [&str; 3]) -> Result<Self, StoreError> {
        let [package, suite, name] = key;
        for (what, part) in [("run id", run_id), ("package", package), ("suite", suite), ("calibration", name)] {
            let usable = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
            if part.is_empty() || !part.chars().all(usable) {
                return Err(StoreError::Name { what, name: part.escape_debug().to_string() });
            }
        }
        prune(runs, run_id);
        Ok(Self { folder: runs.join(run_id).join(package).join(suite).join(name) })
    }

    /// What `run` answers in whichever process came first.
    ///
    /// # Errors
    /// If the folder or its lock cannot be used, or what the first process left cannot be read.
    pub fn lead_or_follow<T: Serialize + DeserializeOwned>(&self, run: impl FnOnce() -> T) -> Result<T, StoreError> {
        let failed = |source| StoreError::Lock { folder: self.folder.clone(), source };
        #[expect(clippy::disallowed_methods, reason = "the store owns its folder")]
        std::fs::create_dir_all(&self.folder).map_err(failed)?;
        #[expect(clippy::disallowed_methods, reason = "a lock file has no content that a crash could cut short")]
        let lock = File::create(self.folder.join("lock")).map_err(failed)?;
        lock.lock().map_err(failed)?;
        let finished = self.folder.join("finished.json");
        let answer = if finished.exists() {
            read_json(&finished)?
        } else {
            let answer = run();
            write_json(&answer, &finished)?;
            answer
        };
        // Dropping the file releases the lock.
        drop(lock);
        Ok(answer)
    }
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
        let first = RunStore::new(runs, "run-1", ["demo", "suite", "phantom"]).unwrap();
        assert_eq!(first.lead_or_follow(|| 42).unwrap(), 42);
        assert_eq!(first.lead_or_follow(|| -> i32 { unreachable!("it ran already") }).unwrap(), 42);
        let next = RunStore::new(runs, "run-2", ["demo", "suite", "phantom"]).unwrap();
        assert_eq!(next.lead_or_follow(|| 43).unwrap(), 43, "another test run runs anew");
    }

    #[test]
    fn a_run_id_that_leaves_the_folder_is_refused() {
        assert!(RunStore::new(Utf8Path::new("runs"), "../etc", ["demo", "suite", "phantom"]).is_err());
        assert!(RunStore::new(Utf8Path::new("runs"), "", ["demo", "suite", "phantom"]).is_err());
        assert!(RunStore::new(Utf8Path::new("runs"), "run-1", ["demo", "..", "phantom"]).is_err());
    }
}
