//! The folder of a run, as far as its trail needs it.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};

use atomic_write_file::AtomicWriteFile;
use camino::Utf8PathBuf;

use super::TrailError;
use crate::artifacts::trail::{attachment_path, measure};
use crate::artifacts::{read_text, remove, write_text};
use crate::objective::{Attachment, Content};

/// The folder and the names in it.
#[derive(Debug, Clone)]
pub(super) struct Folder(pub(super) Utf8PathBuf);

impl Folder {
    pub(super) fn trail(&self) -> Utf8PathBuf {
        self.0.join("trail.jsonl")
    }

    /// Where the digest of the program stands that wrote the trail.
    pub(super) fn binary(&self) -> Utf8PathBuf {
        self.0.join("binary.sha256")
    }

    /// Says which program writes the trail.
    pub(super) fn keep_binary(&self, digest: &str) -> Result<(), TrailError> {
        let path = self.binary();
        let written = write_text(&format!("{digest}\n"), &path);
        written.map_err(|error| TrailError::io("written", &path, io::Error::other(error)))
    }

    /// Where the files stand that decide what the programs behind the targets answer, with the digest of each.
    pub(super) fn inputs(&self) -> Utf8PathBuf {
        self.0.join("inputs.sha256")
    }

    /// Says of which files the answers are made, as `sha256sum` does; nothing if there are none.
    pub(super) fn keep_inputs(&self, inputs: &BTreeMap<String, String>) -> Result<(), TrailError> {
        if inputs.is_empty() {
            return Ok(());
        }
        let path = self.inputs();
        let lines: Vec<String> = inputs.iter().map(|(file, digest)| format!("{digest}  {file}\n")).collect();
        write_text(&lines.concat(), &path).map_err(|error| TrailError::io("written", &path, io::Error::other(error)))
    }

    /// What an earlier run said of that.
    pub(super) fn earlier_inputs(&self) -> BTreeMap<String, String> {
        let text = read_text(&self.inputs()).ok().flatten().unwrap_or_default();
        let pairs = text.lines().filter_map(|line| line.split_once("  "));
        pairs.map(|(digest, file)| (file.to_owned(), digest.to_owned())).collect()
    }

    /// Opens the trail of an earlier run to read it; absent if there is none.
    pub(super) fn earlier(&self) -> Result<Option<File>, TrailError> {
        let path = self.trail();
        match fs::symlink_metadata(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(TrailError::io("read", &path, error)),
            // Behind a link or a pipe may be something that never ends.
            Ok(metadata) if !metadata.is_file() => return Err(TrailError::NotAFile(path)),
            Ok(_) => {}
        }
        File::open(&path).map(Some).map_err(|error| TrailError::io("read", &path, error))
    }

    /// An empty trail to write, in the place of whatever finished one is there.
    pub(super) fn create(&self) -> Result<File, TrailError> {
        let path = self.trail();
        // First: no program may ever be named beside a trail that another one wrote.
        for path in [self.binary(), self.inputs()] {
            remove(&path).map_err(|error| TrailError::io("removed", &path, io::Error::other(error)))?;
        }
        let created = OpenOptions::new().create(true).write(true).truncate(true).open(&path);
        let file = created.map_err(|error| TrailError::io("created", &path, error))?;
        self.sync()?;
        Ok(file)
    }

    /// The trail to write behind its first `length` bytes; what stands there is copied to `trail.jsonl.torn` and cut off.
    /// Tells how many bytes that were.
    pub(super) fn reopen(&self, length: u64) -> Result<(File, u64), TrailError> {
        let path = self.trail();
        let failed = |verb| {
            let path = path.clone();
            move |error| TrailError::io(verb, &path, error)
        };
        let mut file = OpenOptions::new().read(true).write(true).open(&path).map_err(failed("opened"))?;
        let torn = file.seek(SeekFrom::End(0)).map_err(failed("read"))?.saturating_sub(length);
        if torn > 0 {
            let beside = self.0.join("trail.jsonl.torn");
            file.seek(SeekFrom::Start(length)).map_err(failed("read"))?;
            let kept = OpenOptions::new().create(true).append(true).open(&beside).and_then(|mut copy| {
                io::copy(&mut file, &mut copy)?;
                copy.write_all(b"\n")?;
                copy.sync_all()
            });
            kept.map_err(|error| TrailError::io("written", &beside, error))?;
            file.set_len(length).map_err(failed("cut"))?;
        }
        // Rows that were written and not yet synced when the run was killed count as safe from here on.
        file.sync_all().map_err(failed("synced"))?;
        file.seek(SeekFrom::Start(length)).map_err(failed("read"))?;
        Ok((file, torn))
    }

    /// The next free name of the form `trail-aside-N.jsonl`.
    pub(super) fn next_aside(&self) -> String {
        let taken = (1_u64..).take_while(|number| self.0.join(aside(*number)).exists()).count() as u64;
        aside(taken + 1)
    }

    /// Renames the trail to the next free name.
    pub(super) fn set_aside(&self) -> Result<(), TrailError> {
        let path = self.0.join(self.next_aside());
        #[expect(clippy::disallowed_methods, reason = "a trail is moved, never written anew")]
        fs::rename(self.trail(), &path).map_err(|error| TrailError::io("renamed", &self.trail(), error))?;
        self.sync()
    }

    /// Makes sure that the names in the folder survive a loss of power.
    fn sync(&self) -> Result<(), TrailError> {
        // Only Unix lets a directory be opened and synced.
        if cfg!(unix) {
            let synced = File::open(&self.0).and_then(|folder| folder.sync_all());
            synced.map_err(|error| TrailError::io("synced", &self.0, error))?;
        }
        Ok(())
    }

    /// Keeps what an evaluation attached, and says in its place where.
    pub(super) fn keep(&self, attachment: &mut Attachment) -> io::Result<()> {
        let (sha256, size) = match &attachment.content {
            Content::Kept { .. } => return Ok(()),
            Content::Bytes(bytes) => {
                let (sha256, size) = measure(&**bytes)?;
                self.place(&sha256, |file| file.write_all(bytes))?;
                (sha256, size)
            }
            Content::File(path) => {
                let named = |error: io::Error| io::Error::new(error.kind(), format!("`{}`: {error}", path.display()));
                let (sha256, size) = File::open(path).and_then(measure).map_err(named)?;
                let mut source = File::open(path).map_err(named)?;
                self.place(&sha256, |file| io::copy(&mut source, file).map(drop))?;
                (sha256, size)
            }
        };
        attachment.content = Content::Kept { sha256, size };
        Ok(())
    }

    fn place(&self, sha256: &str, fill: impl FnOnce(&mut AtomicWriteFile) -> io::Result<()>) -> io::Result<()> {
        let path = attachment_path(&self.0, sha256);
        if path.exists() {
            return Ok(());
        }
        if let Some(folder) = path.parent() {
            match fs::create_dir(folder) {
                Ok(()) => self.sync().map_err(io::Error::other)?,
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
        let mut file = AtomicWriteFile::open(&path)?;
        fill(&mut file)?;
        file.commit()
    }
}

fn aside(number: u64) -> String {
    format!("trail-aside-{number}.jsonl")
}
