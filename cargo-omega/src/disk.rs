//! Files and folders: the one place that touches them. Documents are read and written by the library.
#![expect(clippy::disallowed_methods, reason = "the one place of the subcommand that touches the disk")]

use std::fs;
use std::io::{self, ErrorKind};

use camino::{Utf8Path, Utf8PathBuf};

use crate::failure::Failure;

pub(crate) fn text(path: &Utf8Path) -> Result<String, Failure> {
    fs::read_to_string(path).map_err(|error| Failure::internal(format!("could not read `{path}`: {error}")))
}

/// The text of a file; `None` if it is not there.
pub(crate) fn text_if_there(path: &Utf8Path) -> Result<Option<String>, Failure> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::internal(format!("could not read `{path}`: {error}"))),
    }
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

/// A folder for the results of one `cargo test`, gone when it is dropped.
#[derive(Debug)]
pub(crate) struct FreshFolder {
    path: Utf8PathBuf,
    /// Removes the folder. Nothing rests on it being gone; one left behind is swept with the target directory.
    _owner: tempfile::TempDir,
}

impl FreshFolder {
    /// Makes one below `parent`, which is made if it is not there.
    pub(crate) fn below(parent: &Utf8Path) -> Result<Self, Failure> {
        let make = || -> io::Result<Self> {
            fs::create_dir_all(parent)?;
            let owner = tempfile::Builder::new().prefix(".run-").tempdir_in(parent)?;
            let path = Utf8PathBuf::try_from(owner.path().to_owned()).map_err(io::Error::other)?;
            Ok(Self { path, _owner: owner })
        };
        make().map_err(|error| Failure::internal(format!("could not create a folder in `{parent}`: {error}")))
    }

    pub(crate) fn path(&self) -> &Utf8Path {
        &self.path
    }
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
        let folder = path.parent().filter(|folder| !folder.as_str().is_empty()).unwrap_or(Utf8Path::new("."));
        let file = tempfile::Builder::new().prefix(".omega-").tempfile_in(folder);
        let file = file.map_err(|error| Failure::internal(format!("could not create `{path}`: {error}")))?;
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
