//! A file that was named on the command line, and which artifact it holds.

use camino::{Utf8Path, Utf8PathBuf};
use omega_lock::internals::artifacts::{BenchmarkReport, ExitCode, RunResult};
use omega_lock::internals::interop::artifact::Kind as PeerKind;
use omega_lock::internals::interop::json::{Dict, Document, JsonError, JsonErrorKind, Rules, Value, read};
use omega_lock::internals::regular_file::{LARGEST, read_regular_file};
use serde::de::DeserializeOwned;

use crate::failure::Failure;
use crate::study;

/// A file with its text, read as Python reads JSON, and the kind of artifact it says it is.
#[derive(Debug)]
pub(crate) struct Artifact {
    pub(crate) path: Utf8PathBuf,
    pub(crate) bytes: Vec<u8>,
    pub(crate) document: Document,
    pub(crate) kind: Kind,
}

/// The kinds of artifact that this command knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Of the Python package.
    Peer(PeerKind),
    Result,
    Benchmark,
}

impl Artifact {
    /// Opens a file.
    ///
    /// What is no artifact is bad input; what begins as one and cannot be read to its end is damaged.
    pub(crate) fn open(path: &Utf8Path) -> Result<Self, Failure> {
        let bytes = read_regular_file(path, LARGEST).map_err(|error| match error.kind.is_of_the_disk() {
            true => Failure::internal(error.to_string()),
            false => Failure::usage(error.to_string()),
        })?;
        if study::begins_as_one(&bytes) {
            return Err(Failure::usage(format!("`{path}` is a study that was imported")).help(format!(
                "`cargo omega study {path}` says what it can show, `cargo omega verify {path}` whether it is whole"
            )));
        }
        let document = read(&bytes, &Rules::PYTHON).map_err(|error| unreadable(path, &bytes, &error))?;
        let kind = Kind::of(&document.value).ok_or_else(|| unknown(path, &document.value))?;
        Ok(Self { path: path.to_owned(), bytes, document, kind })
    }

    pub(crate) fn result(&self) -> Result<RunResult, Failure> {
        self.own()
    }

    pub(crate) fn benchmark(&self) -> Result<BenchmarkReport, Failure> {
        self.own()
    }

    fn own<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        if let Some(repeated) = self.document.repeated_keys.first() {
            return Err(damaged(format!("`{}` {}: the key `{}` again", self.path, repeated.at, repeated.key)));
        }
        serde_json::from_slice(&self.bytes).map_err(|error| damaged(format!("`{}`: {error}", self.path)))
    }
}

impl Kind {
    /// The kind of a document, told by itself.
    fn of(document: &Value) -> Option<Self> {
        if let Some(kind) = PeerKind::of(document) {
            return Some(Self::Peer(kind));
        }
        let Value::Dict(document) = document else { return None };
        match schema(document)? {
            RunResult::SCHEMA => Some(Self::Result),
            BenchmarkReport::SCHEMA => Some(Self::Benchmark),
            _ => None,
        }
    }
}

fn schema(document: &Dict) -> Option<&str> {
    if let Some(Value::Text(schema)) = document.get("schema_version") { schema.as_str() } else { None }
}

/// An artifact that cannot be trusted.
pub(crate) fn damaged(message: String) -> Failure {
    Failure { code: ExitCode::Damaged, message }
}

fn unreadable(path: &Utf8Path, bytes: &[u8], error: &JsonError) -> Failure {
    let message = format!("`{path}` is no JSON of an artifact: {error}");
    // Every artifact is an object. A text that asks for more than the limits may be whole; it is not looked at.
    let begins_as_one = bytes.trim_ascii_start().first() == Some(&b'{');
    if begins_as_one && error.kind != JsonErrorKind::Limit { damaged(message) } else { Failure::usage(message) }
}

fn unknown(path: &Utf8Path, document: &Value) -> Failure {
    let known: Vec<&str> = PeerKind::ALL.into_iter().filter_map(PeerKind::schema).collect();
    let own = [RunResult::SCHEMA, BenchmarkReport::SCHEMA];
    let found = match document {
        Value::Dict(document) => match document.get("schema_version") {
            Some(Value::Text(schema)) => format!("its `schema_version` is `{schema}`"),
            _ => "it has no `schema_version` that is known, nor the keys of an older artifact".to_owned(),
        },
        other => format!("it is {}, not an object", other.kind()),
    };
    Failure::usage(format!("`{path}` is no artifact that this version reads: {found}"))
        .help(format!("it reads `{}`", [known.as_slice(), &own].concat().join("`, `")))
}
