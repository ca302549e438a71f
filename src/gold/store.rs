//! The gold files and the results that wait beside them: the one place of this module that touches the disk.

use std::fs::File;
use std::io::ErrorKind;
use std::time::SystemTime;

use camino::{Utf8Path, Utf8PathBuf};
use sha2::{Digest, Sha256};

use super::standing::{ahead, newest};
use crate::artifacts::{
    ArtifactError, ExitCode, GoldDocument, HistoryEntry, append_line, document_text, has_no_locks, read_text, remove,
    write_json, write_text,
};
use crate::declaration::conflict;

/// The list of all gold files ever written, beside them.
pub const HISTORY: &str = "HISTORY.jsonl";

/// Where gold lies, and where what differs from it waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GoldStore {
    root: Utf8PathBuf,
    gold_dir: Utf8PathBuf,
    omega_dir: Utf8PathBuf,
}

/// Who accepts a result, when, on top of what.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Signature {
    /// When, as `2026-11-02T14:05:09Z`.
    pub when: String,
    /// Who; absent if that is not known.
    pub who: Option<String>,
    /// The commit that is checked out; absent outside a repository.
    pub commit: Option<String>,
}

impl Signature {
    /// Signed at this moment.
    pub fn new(when: SystemTime, who: Option<String>, commit: Option<String>) -> Self {
        Self { when: humantime::format_rfc3339_seconds(when).to_string(), who, commit }
    }
}

impl GoldStore {
    /// The store of a workspace whose root, folder of gold files below it and `target/omega` are these.
    pub fn new(root: &Utf8Path, gold_dir: &str, omega_dir: &Utf8Path) -> Self {
        Self { root: root.to_owned(), gold_dir: root.join(gold_dir), omega_dir: omega_dir.to_owned() }
    }

    /// The gold file of a calibration.
    pub fn path(&self, calibration: &str) -> Utf8PathBuf {
        self.gold_dir.join(format!("{calibration}.json"))
    }

    /// The same as people type it: relative to the root of the workspace.
    pub fn shown(&self, calibration: &str) -> String {
        let path = self.path(calibration);
        path.strip_prefix(&self.root).unwrap_or(&path).as_str().replace('\\', "/")
    }

    /// Where a result of a calibration waits to be looked at.
    pub fn pending_path(&self, calibration: &str) -> Utf8PathBuf {
        self.pending_dir().join(format!("{calibration}.json"))
    }

    /// The folder of all that wait.
    pub fn pending_dir(&self) -> Utf8PathBuf {
        self.omega_dir.join("pending")
    }

    /// The list of all gold files ever written, beside them.
    pub fn history_path(&self) -> Utf8PathBuf {
        self.gold_dir.join(HISTORY)
    }

    /// The accepted result of a calibration; `None` if there is none.
    ///
    /// # Errors
    /// If the file or the history beside it cannot be read, or is no gold of this calibration.
    pub fn gold(&self, calibration: &str) -> Result<Option<GoldDocument>, GoldError> {
        let history = self.history_path();
        if let Some((line, problem)) = conflict(&read_text(&history)?.unwrap_or_default()) {
            let path = history.strip_prefix(&self.root).unwrap_or(&history).to_owned();
            return Err(GoldError::Unmerged { path, line, problem });
        }
        self.document(&self.path(calibration), calibration)
    }

    /// The result of a calibration that waits; `None` if there is none.
    ///
    /// # Errors
    /// If the file cannot be read, or is no result of this calibration.
    pub fn pending(&self, calibration: &str) -> Result<Option<GoldDocument>, GoldError> {
        self.document(&self.pending_path(calibration), calibration)
    }

    /// Lets a result wait.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn keep_pending(&self, document: &GoldDocument) -> Result<(), GoldError> {
        Ok(write_json(document, &self.pending_path(&document.calibration))?)
    }

    /// Takes a waiting result away, if there is one.
    ///
    /// # Errors
    /// If it is there and cannot be removed.
    pub fn drop_pending(&self, calibration: &str) -> Result<(), GoldError> {
        Ok(remove(&self.pending_path(calibration))?)
    }

    /// The calibrations that have a gold file, by name.
    ///
    /// # Errors
    /// If the folder is there and cannot be read.
    pub fn names(&self) -> Result<Vec<String>, GoldError> {
        names(&self.gold_dir)
    }

    /// The calibrations of which a result waits, by name.
    ///
    /// # Errors
    /// If the folder is there and cannot be read.
    pub fn pending_names(&self) -> Result<Vec<String>, GoldError> {
        names(&self.pending_dir())
    }

    /// Makes a result the accepted one: writes the file, a line of history, and takes away what waited.
    ///
    /// # Errors
    /// If something cannot be written; the gold file comes first.
    pub fn accept(&self, new: &GoldDocument, reason: &str, by: &Signature) -> Result<HistoryEntry, GoldError> {
        let lock = self.locked()?;
        // Gold that the history does not know of is not written.
        self.is_the_newest(&new.calibration, by)?;
        let path = self.path(&new.calibration);
        let old = read_text(&path)?;
        let text = document_text(new)
            .map_err(|source| GoldError::Damaged { path: path.clone(), problem: source.to_string() })?;
        write_text(&text, &path)?;
        let entry = HistoryEntry {
            calibration: new.calibration.clone(),
            when: by.when.clone(),
            who: by.who.clone(),
            commit: by.commit.clone(),
            reason: reason.to_owned(),
            verdict: new.verdict.clone(),
            old: old.map(|text| digest(&text)),
            new: digest(&text),
            confirmed: false,
        };
        append_line(&entry, &self.history_path())?;
        self.drop_pending(&new.calibration)?;
        drop(lock);
        Ok(entry)
    }

    /// Writes down that a search came to what is accepted, which is as young as that from then on. What the history does not know
    /// is not confirmed: the inner error says so.
    ///
    /// # Errors
    /// If something cannot be read or written.
    pub fn confirm(&self, calibration: &str, reason: &str, by: &Signature) -> Result<Result<(), String>, GoldError> {
        let lock = self.locked()?;
        let Some(text) = self.text(calibration)? else { return Ok(Err("there is none".to_owned())) };
        self.is_the_newest(calibration, by)?;
        let found = digest(&text);
        let newest = match newest(calibration, &self.history()?) {
            Ok(newest) => newest.filter(|newest| newest.new == found),
            Err(problem) => return Ok(Err(problem)),
        };
        let Some(newest) = newest else {
            return Ok(Err(format!(
                "the newest line of {HISTORY} about it is of another text, so nobody has accepted this one"
            )));
        };
        let entry = HistoryEntry {
            when: by.when.clone(),
            who: by.who.clone(),
            commit: by.commit.clone(),
            reason: reason.to_owned(),
            old: Some(found),
            confirmed: true,
            ..newest
        };
        append_line(&entry, &self.history_path())?;
        drop(lock);
        Ok(Ok(()))
    }

    /// The text of the accepted result of a calibration, with the line ends that it was written with; `None` if there is none.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn text(&self, calibration: &str) -> Result<Option<String>, GoldError> {
        // Git may turn the ends of lines.
        Ok(read_text(&self.path(calibration))?.map(|text| text.replace("\r\n", "\n")))
    }

    /// The lines of the history; none where there is no file.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn history(&self) -> Result<Vec<String>, GoldError> {
        let text = read_text(&self.history_path())?.unwrap_or_default();
        Ok(text.lines().map(str::to_owned).collect())
    }

    /// Whether a line that is written now is the newest one about a calibration: none lies in the future.
    fn is_the_newest(&self, calibration: &str, by: &Signature) -> Result<(), GoldError> {
        let lines = self.history()?;
        let now = humantime::parse_rfc3339(&by.when).ok();
        let Some((line, when)) = now.and_then(|now| ahead(calibration, &lines, now)) else { return Ok(()) };
        let history = self.history_path();
        let path = history.strip_prefix(&self.root).unwrap_or(&history).to_owned();
        Err(GoldError::Ahead { path, line, when, calibration: calibration.to_owned() })
    }

    /// Keeps others from accepting: several trials may at once, in this process or in others.
    fn locked(&self) -> Result<File, GoldError> {
        let lock_path = self.omega_dir.join("gold.lock");
        let locked = |source| GoldError::Locked { path: lock_path.clone(), source };
        #[expect(clippy::disallowed_methods, reason = "the store owns its folder")]
        std::fs::create_dir_all(&self.omega_dir).map_err(locked)?;
        #[expect(clippy::disallowed_methods, reason = "a lock file has no content that a crash could cut short")]
        let lock = File::create(&lock_path).map_err(locked)?;
        match lock.lock() {
            Err(error) if !has_no_locks(&error) => Err(locked(error)),
            _ => Ok(lock),
        }
    }

    fn document(&self, path: &Utf8Path, calibration: &str) -> Result<Option<GoldDocument>, GoldError> {
        let Some(text) = read_text(path)? else { return Ok(None) };
        let damaged =
            |problem| GoldError::Damaged { path: path.strip_prefix(&self.root).unwrap_or(path).to_owned(), problem };
        let document = GoldDocument::parse(&text).map_err(damaged)?;
        if document.calibration != calibration {
            return Err(damaged(format!("it is the gold of `{}`", document.calibration.escape_debug())));
        }
        Ok(Some(document))
    }
}

/// SHA-256 of a text, hex.
pub fn digest(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn names(folder: &Utf8Path) -> Result<Vec<String>, GoldError> {
    let unreadable = |source| GoldError::Folder { path: folder.to_owned(), source };
    let entries = match folder.read_dir_utf8() {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(unreadable(error)),
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(unreadable)?;
        let name = entry.path().file_stem().filter(|name| crate::declaration::check_name("calibration", name).is_ok());
        if let Some(name) = name.filter(|_| entry.path().extension() == Some("json")) {
            names.push(name.to_owned());
        }
    }
    names.sort();
    Ok(names)
}

/// Why the store has no answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GoldError {
    /// A file cannot be read or written.
    #[error(transparent)]
    Disk(#[from] ArtifactError),
    /// A file is not what it should be.
    #[error(
        "`{path}` is no gold: {problem}\nhelp: take it from git; to start anew, delete it and run `cargo omega update-gold`"
    )]
    Damaged {
        /// The file.
        path: Utf8PathBuf,
        /// What is wrong.
        problem: String,
    },
    /// A merge of the history was not finished.
    #[error("`{path}` line {line}: {problem}; of a history that is every line of both")]
    Unmerged {
        /// The file.
        path: Utf8PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is there, and what to do.
        problem: String,
    },
    /// A line of the history lies in the future, so that one of today would not be the newest.
    #[error(
        "`{path}` line {line} says that `{calibration}` was accepted at {when}, which is in the future\nhelp: take that line out, \
         and nothing else; if the clock of this machine is wrong, set it"
    )]
    Ahead {
        /// The file.
        path: Utf8PathBuf,
        /// The line, from 1.
        line: usize,
        /// What it says.
        when: String,
        /// Whose line it is.
        calibration: String,
    },
    /// A folder cannot be read.
    #[error("`{path}` could not be read: {source}")]
    Folder {
        /// The folder.
        path: Utf8PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// Two writers could not be kept apart.
    #[error("`{path}` could not be locked: {source}")]
    Locked {
        /// The lock file.
        path: Utf8PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
}

impl GoldError {
    /// The exit code that says so.
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Self::Damaged { .. } | Self::Unmerged { .. } => ExitCode::Damaged,
            Self::Ahead { .. } => ExitCode::No,
            Self::Disk(error) => error.exit_code(),
            Self::Folder { .. } | Self::Locked { .. } => ExitCode::Internal,
        }
    }
}
