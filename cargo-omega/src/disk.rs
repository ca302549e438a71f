//! Files and folders: the one place that touches them. Documents are read and written by the library.
#![expect(clippy::disallowed_methods, reason = "the one place of the subcommand that touches the disk")]

use std::fs;
use std::io::{self, ErrorKind};
use std::time::Duration;

use camino::{Utf8Path, Utf8PathBuf};
use omega_lock::internals::harness::variables::{ASKER, AT_WORK};
use omega_lock::internals::regular_file::{LARGEST, read_named_text};

use crate::failure::Failure;
use crate::interrupt;

/// The text of a file that has to be there.
pub(crate) fn text(path: &Utf8Path) -> Result<String, Failure> {
    text_if_there(path)?.ok_or_else(|| Failure::usage(format!("`{path}` is not there")))
}

/// The largest file of scores that is read, in bytes: some three million numbers.
pub(crate) const LARGEST_SCORES: u64 = 64 << 20;

/// The text of a file of scores that has to be there.
pub(crate) fn scores(path: &Utf8Path) -> Result<String, Failure> {
    match read_named_text(path, LARGEST_SCORES) {
        Ok(Some(text)) => Ok(text),
        Ok(None) => Err(Failure::usage(format!("file not found: `{path}`"))),
        Err(kind) if kind.is_of_the_disk() => Err(Failure::internal(format!("`{path}` {kind}"))),
        Err(kind) => Err(Failure::usage(format!("`{path}` {kind}"))),
    }
}

/// The text of a file; `None` if it is not there.
pub(crate) fn text_if_there(path: &Utf8Path) -> Result<Option<String>, Failure> {
    read_named_text(path, LARGEST).map_err(|kind| match kind.is_of_the_disk() {
        true => Failure::internal(format!("`{path}` {kind}")),
        false => Failure::usage(format!("`{path}` {kind}")),
    })
}

/// Refuses a committed path on which a link or another repository leads elsewhere: git shows neither what it leads to nor
/// that this changes.
pub(crate) fn no_detour(root: &Utf8Path, path: &str) -> Result<(), Failure> {
    let mut at = root.to_owned();
    for part in path.split('/') {
        at.push(part);
        let what = match fs::symlink_metadata(&at) {
            Ok(found) if found.is_symlink() => "a symbolic link",
            Ok(found) if found.is_dir() && fs::symlink_metadata(at.join(".git")).is_ok() => "a repository of its own",
            _ => continue,
        };
        let message = format!("`{at}` is {what}, expected a file or folder of this repository");
        return Err(
            Failure::usage(message).help("what is accepted is held against a commit, and that has only the name")
        );
    }
    Ok(())
}

/// How many bytes a file has; 0 if it is not there.
pub(crate) fn length(path: &Utf8Path) -> Result<u64, Failure> {
    match fs::metadata(path) {
        Ok(metadata) => Ok(metadata.len()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(0),
        Err(error) => Err(Failure::internal(format!("could not read `{path}`: {error}"))),
    }
}

/// Adds to the end of a file that others write to as well; it is made if it is not there.
pub(crate) fn append(path: &Utf8Path, text: &str) -> Result<(), Failure> {
    let open = fs::OpenOptions::new().create(true).append(true).open(path);
    let written = open.and_then(|mut file| io::Write::write_all(&mut file, text.as_bytes()));
    written.map_err(|error| Failure::internal(format!("could not write `{path}`: {error}")))
}

/// The JSON files of a folder, ordered by name; a file still under its temporary name is none.
pub(crate) fn documents(folder: &Utf8Path) -> Result<Vec<Utf8PathBuf>, Failure> {
    let mut paths = entries(folder)
        .map_err(|error| Failure::internal(format!("could not read the results in `{folder}`: {error}")))?;
    paths
        .retain(|path| path.extension() == Some("json") && !path.file_name().is_some_and(|name| name.starts_with('.')));
    Ok(paths)
}

/// The folders in a folder, ordered by name; none if it is not there.
pub(crate) fn folders(folder: &Utf8Path) -> Result<Vec<Utf8PathBuf>, Failure> {
    let mut paths = match entries(folder) {
        Ok(paths) => paths,
        Err(error) if error.kind() == ErrorKind::NotFound => Vec::new(),
        Err(error) => return Err(Failure::internal(format!("could not read the folder `{folder}`: {error}"))),
    };
    paths.retain(|path| path.is_dir());
    Ok(paths)
}

/// Everything in a folder, ordered by name.
fn entries(folder: &Utf8Path) -> io::Result<Vec<Utf8PathBuf>> {
    let mut paths =
        folder.read_dir_utf8()?.map(|entry| Ok(entry?.into_path())).collect::<io::Result<Vec<Utf8PathBuf>>>()?;
    paths.sort();
    Ok(paths)
}

/// What cargo writes into a target directory that it makes, so that backups leave it out.
const CACHE: &str = "Signature: 8a477f597d28d172789f06886806bc55
# This file is a cache directory tag created by cargo.
# For information about cache directory tags see https://bford.info/cachedir/
";
/// How the names of the folders for results begin.
const RUN: &str = ".run-";
/// A folder this young may not have its lock yet.
const YOUNG: Duration = Duration::from_secs(60);
/// One without any lock, where files cannot be locked, is kept for longer than anybody waits.
const UNLOCKED: Duration = Duration::from_secs(3 * 24 * 60 * 60);

/// A folder for the results of one `cargo test`, gone when it is dropped.
#[derive(Debug)]
pub(crate) struct FreshFolder {
    path: Utf8PathBuf,
    /// Removes the folder. Nothing rests on it being gone; the next one sweeps one that was left behind.
    _owner: tempfile::TempDir,
}

impl FreshFolder {
    /// Makes one below `parent`, which is made if it is not there, and so is cargo's `target` above it. Harnesses that write
    /// there see that somebody waits.
    pub(crate) fn below(parent: &Utf8Path, target: &Utf8Path) -> Result<Self, Failure> {
        let make = || -> io::Result<Self> {
            let is_new = fs::metadata(target).is_err();
            fs::create_dir_all(parent)?;
            if is_new {
                // Cargo marks the target directory where it makes it, and one that is there already is not marked any more.
                fs::write(target.join("CACHEDIR.TAG"), CACHE)?;
            }
            sweep(parent);
            let owner = tempfile::Builder::new().prefix(RUN).tempdir_in(parent)?;
            let path = Utf8PathBuf::try_from(owner.path().to_owned()).map_err(io::Error::other)?;
            let asker = path.join(ASKER);
            let lock = fs::File::create(&asker)?;
            match lock.try_lock() {
                Ok(()) => interrupt::hold(lock),
                // A lock that nobody can hold would tell the harnesses that nobody waits.
                Err(_) => fs::remove_file(&asker)?,
            }
            Ok(Self { path, _owner: owner })
        };
        make().map_err(|error| Failure::internal(format!("could not create a folder in `{parent}`: {error}")))
    }

    /// Whether a harness is still at work for this folder.
    pub(crate) fn at_work(&self) -> bool {
        at_work(&self.path)
    }

    pub(crate) fn path(&self) -> &Utf8Path {
        &self.path
    }
}

/// Removes what killed runs left behind: the folders that nobody waits for and nobody works for. What cannot be removed
/// stays.
fn sweep(parent: &Utf8Path) {
    let Ok(entries) = entries(parent) else { return };
    for folder in entries.iter().filter(|path| path.file_name().is_some_and(|name| name.starts_with(RUN))) {
        let age = || folder.symlink_metadata().ok()?.modified().ok()?.elapsed().ok();
        let Some(age) = age().filter(|age| *age > YOUNG) else { continue };
        let waited_for = fs::File::open(folder.join(ASKER)).map(|lock| is_held(&lock));
        if !waited_for.unwrap_or(age < UNLOCKED) && !at_work(folder) {
            let _ = fs::remove_dir_all(folder);
        }
    }
}

fn at_work(folder: &Utf8Path) -> bool {
    let locks = entries(folder).unwrap_or_default().into_iter().filter(|path| path.extension() == Some(AT_WORK));
    locks.filter_map(|path| fs::File::open(path).ok()).any(|lock| is_held(&lock))
}

fn is_held(lock: &fs::File) -> bool {
    matches!(lock.try_lock_shared(), Err(fs::TryLockError::WouldBlock))
}

/// Whether a process holds the lock of this file; `None` if there is none, or the file system has no locks.
pub(crate) fn held(path: &Utf8Path) -> Option<bool> {
    match fs::File::open(path).ok()?.try_lock_shared() {
        Ok(()) => Some(false),
        Err(fs::TryLockError::WouldBlock) => Some(true),
        Err(fs::TryLockError::Error(_)) => None,
    }
}

/// How long ago a file was written; `None` if it is not there or the clock was set back.
pub(crate) fn age(path: &Utf8Path) -> Option<Duration> {
    fs::metadata(path).ok()?.modified().ok()?.elapsed().ok()
}

/// Refuses what cannot be the name of a new file: the empty name, a folder, a name in a folder that is not there.
pub(crate) fn nameable(path: &Utf8Path) -> Result<(), Failure> {
    let folder = folder_of(path);
    let problem = match path.as_str() {
        "" => "the name of a file is expected, found an empty one".to_owned(),
        _ if path.is_dir() || path.as_str().ends_with('/') => {
            format!("`{path}` is a folder, expected the name of a file")
        }
        _ if !folder.is_dir() => format!("`{path}` cannot be written: there is no folder `{folder}`"),
        _ => return Ok(()),
    };
    Err(Failure::usage(problem).help("name a file in a folder that is there"))
}

/// The folder that a file lies in.
fn folder_of(path: &Utf8Path) -> &Utf8Path {
    path.parent().filter(|folder| !folder.as_str().is_empty()).unwrap_or(Utf8Path::new("."))
}

/// A file that appears whole, or not at all.
#[derive(Debug)]
pub(crate) struct NewFile {
    file: io::BufWriter<tempfile::NamedTempFile>,
    path: Utf8PathBuf,
}

impl NewFile {
    /// Begins one in the folder that it will lie in.
    pub(crate) fn create(path: &Utf8Path) -> Result<Self, Failure> {
        nameable(path)?;
        let file = tempfile::Builder::new().prefix(".omega-").tempfile_in(folder_of(path));
        // Its kind alone: the whole error names the file under its temporary name.
        let file = file.map_err(|error| Failure::internal(format!("could not create `{path}`: {}", error.kind())))?;
        Ok(Self { file: io::BufWriter::new(file), path: path.to_owned() })
    }

    /// Lets it appear.
    pub(crate) fn commit(self) -> Result<(), Failure> {
        let Self { file, path } = self;
        let done = || -> io::Result<()> {
            let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
            file.as_file().sync_all()?;
            file.persist(&path).map_err(|error| error.error)?;
            Ok(())
        };
        done().map_err(|error| Failure::internal(format!("could not write `{path}`: {error}")))
    }
}

impl io::Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Takes a file away, if it is there.
pub(crate) fn remove(path: &Utf8Path) -> Result<(), Failure> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(Failure::internal(format!("could not remove `{path}`: {error}")))
        }
        _ => Ok(()),
    }
}
