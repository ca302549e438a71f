//! One run at a time in one folder, across processes.

use std::fs::{File, TryLockError};

use camino::{Utf8Path, Utf8PathBuf};

use super::TrailError;

/// Holds a folder for one run. The system lets go of it when the process ends, however it ends; the file itself stays,
/// because removing it would let two processes in.
#[derive(Debug)]
pub struct RunLock {
    folder: Utf8PathBuf,
    _file: File,
}

impl RunLock {
    /// Takes the folder, which is made if it is not there. If another process has it, `waiting` is called once and the
    /// folder is waited for.
    ///
    /// # Errors
    /// If the folder cannot be made or locked.
    pub fn take(folder: &Utf8Path, waiting: impl FnOnce()) -> Result<Self, TrailError> {
        let path = folder.join("trail.lock");
        let failed = |verb| move |source| TrailError::io(verb, &folder.join("trail.lock"), source);
        #[expect(clippy::disallowed_methods, reason = "the folder of a run is made where it is first needed")]
        std::fs::create_dir_all(folder).map_err(|source| TrailError::io("made", folder, source))?;
        #[expect(clippy::disallowed_methods, reason = "a lock file has no content that a crash could cut short")]
        let file = File::create(&path).map_err(failed("opened"))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                waiting();
                file.lock().map_err(failed("locked"))?;
            }
            Err(TryLockError::Error(source)) => return Err(failed("locked")(source)),
        }
        Ok(Self { folder: folder.to_owned(), _file: file })
    }

    /// The folder.
    pub fn folder(&self) -> &Utf8Path {
        &self.folder
    }
}
