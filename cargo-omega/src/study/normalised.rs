//! A study that `cargo omega import` wrote.

use std::io::{BufRead, Read};

use omega_lock::internals::artifacts::{
    ExitCode, Spelled, StudyEnd, StudyHead, StudyReadError, StudyReader, StudyTold,
};

use super::file::StudyFile;
use super::{Each, Reader, Told};
use crate::failure::Failure;

/// What the first row of a study has behind its digest.
pub(crate) const MARK: &[u8] = b"\",\"b\":{\"study\":{";
/// Where it has it.
const AT: usize = "{\"h\":\"".len() + 64;

/// How far into a file its first row is looked for.
const LOOK: u64 = 4096;

/// Whether bytes begin as a study of ours.
pub(crate) fn begins_as_one(bytes: &[u8]) -> bool {
    bytes.starts_with(b"{\"h\":\"") && bytes.get(AT..).is_some_and(|rest| rest.starts_with(MARK))
}

struct Normalised<R> {
    reader: StudyReader<R>,
    head: StudyHead,
    path: String,
}

pub(crate) fn open(file: StudyFile, told: &Told) -> Result<Box<dyn Reader>, Failure> {
    let path = file.path().to_string();
    let first = file.first(LOOK)?;
    if !begins_as_one(&first) {
        let before = first.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&first).trim_ascii_start();
        if begins_as_one(before) {
            let what = if first.starts_with(b"\xef\xbb\xbf") { "a byte order mark" } else { "blanks" };
            return Err(Failure::usage(format!("`{path}` is a study with {what} before its first row"))
                .help("a program has changed its bytes: import it again, or take them away"));
        }
        let message = format!("`{path}` has rows as a trail has them, and the first is not the head of a study");
        return Err(
            Failure::usage(message).help("`cargo omega verify` says what is wrong; of a run, `cargo omega show`")
        );
    }
    let reader = StudyReader::new(file.bytes()?).map_err(|error| unread(&path, &error))?;
    let mut head = reader.head().clone();
    if let Some(asked) = told.study.as_ref().filter(|asked| Some(*asked) != head.source.study.as_ref()) {
        let found =
            head.source.study.as_ref().map_or("no name".to_owned(), |name| format!("`{}`", name.escape_debug()));
        return Err(Failure::usage(format!("`{path}` has one study, with {found}, and not `{asked}`")));
    }
    // What the file leaves open may be told; what it says stands.
    for objective in &mut head.objectives {
        let asked = told.score.as_ref().is_none_or(|asked| *asked == objective.name);
        if asked && objective.direction.is_none() {
            objective.direction = told.direction.map(Spelled);
        }
    }
    Ok(Box::new(Normalised { reader, head, path }))
}

/// What an error of the reader comes to.
pub(crate) fn unread(path: &str, error: &StudyReadError) -> Failure {
    let message = match error {
        StudyReadError::File(error) => error.to_string(),
        StudyReadError::Damage(damage) => format!("`{path}` is damaged: {damage}"),
        other => format!("`{path}`: {other}"),
    };
    match error {
        StudyReadError::File(file) if !file.kind.is_of_the_disk() => Failure::usage(message),
        StudyReadError::File(_) | StudyReadError::Io(_) => Failure::internal(message),
        StudyReadError::Version(_) => {
            Failure::usage(message).help("import it again from the file that the search wrote")
        }
        StudyReadError::Damage(_) => {
            Failure { code: ExitCode::Damaged, message }.help("import it again from the file that the search wrote")
        }
    }
}

impl<R: BufRead + Read> Reader for Normalised<R> {
    fn head(&self) -> &StudyHead {
        &self.head
    }

    fn told(&self) -> StudyTold {
        self.reader.told().clone()
    }

    fn trials(mut self: Box<Self>, each: &mut Each<'_>) -> Result<StudyEnd, Failure> {
        let Self { reader, path, .. } = &mut *self;
        while let Some(trial) = reader.next_trial().map_err(|error| unread(path, &error))? {
            each(trial)?;
        }
        Ok(reader.end().cloned().unwrap_or_default())
    }
}
