//! One run at a time in one folder, across processes.

use std::fs::{File, TryLockError};

use camino::{Utf8Path, Utf8PathBuf};

use super::TrailError;

/// What whoever takes a folder should know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wait {
    /// Another process has it.
    Busy,
    /// The file system has no locks, so that nothing keeps two runs apart.
    NoLocks,
}

/// Whether a lock failed because the file system has none, as some network and container file systems do.
pub fn has_no_locks(error: &std::io::Error) -> bool {
    // ENOLCK of Linux and of the BSDs; ENOSYS and EOPNOTSUPP are `Unsupported`.
    error.kind() == std::io::ErrorKind::Unsupported
        || (cfg!(unix) && matches!(error.raw_os_error(), Some(37 | 45 | 77 | 95)))
}

/// Holds a folder for one run. The system lets go of it when the process ends, however it ends; the file itself stays,
/// because removing it would let two processes in.
#[derive(Debug)]
pub struct RunLock {
    folder: Utf8PathBuf,
    _file: File,
}

impl RunLock {
    /// Takes the folder, which is made if it is not there. If another process has it, `told` hears so once and the folder is
    /// waited for. Where the file system has no locks it hears that, and the folder is taken without one, as cargo does.
    ///
    /// # Errors
    /// If the folder cannot be made or locked.
    pub fn take(folder: &Utf8Path, told: impl FnOnce(Wait)) -> Result<Self, TrailError> {
        let path = folder.join("trail.lock");
        let failed = |verb| move |source| TrailError::io(verb, &folder.join("trail.lock"), source);
        #[expect(clippy::disallowed_methods, reason = "the folder of a run is made where it is first needed")]
        std::fs::create_dir_all(folder).map_err(|source| TrailError::io("made", folder, source))?;
        #[expect(clippy::disallowed_methods, reason = "a lock file has no content that a crash could cut short")]
        let file = File::create(&path).map_err(failed("opened"))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                told(Wait::Busy);
                file.lock().map_err(failed("locked"))?;
            }
            Err(TryLockError::Error(source)) if has_no_locks(&source) => told(Wait::NoLocks),
            Err(TryLockError::Error(source)) => return Err(failed("locked")(source)),
        }
        Ok(Self { folder: folder.to_owned(), _file: file })
    }

    /// The folder.
    pub fn folder(&self) -> &Utf8Path {
        &self.folder
    }
}
