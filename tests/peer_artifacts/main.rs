//! The Python package's artifacts: made by two of its versions, read, judged and written again.

#![expect(clippy::unwrap_used, reason = "a test that unwraps fails with the place and the value")]
#![expect(clippy::disallowed_methods, reason = "a test reads its fixtures and asks the Python package")]

mod mutants;
#[path = "../support/mutation.rs"]
mod mutation;
mod reading;
mod writing;

use std::path::{Path, PathBuf};

use omega_lock::internals::interop::artifact::Kind;
use omega_lock::internals::interop::json::{Document, Rules, read};

const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures");

pub(crate) fn json_files(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(FIXTURES).join(folder);
    let mut files: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    assert!(!files.is_empty(), "no samples in {}", folder.display());
    files
}

pub(crate) fn peer_files() -> Vec<PathBuf> {
    [json_files("peer/0.1.7"), json_files("peer/0.3.8")].concat()
}

pub(crate) fn document(bytes: &[u8]) -> Document {
    read(bytes, &Rules::PYTHON).unwrap()
}

pub(crate) fn name(path: &Path) -> &str {
    path.file_stem().unwrap().to_str().unwrap()
}

pub(crate) fn kind(path: &Path) -> Kind {
    match name(path).split('-').next().unwrap() {
        "p1" => Kind::P1,
        "iterative" => Kind::Iterative,
        "p2" => Kind::P2,
        "audit" => Kind::AuditReport,
        "benchmark" => Kind::Benchmark,
        other => panic!("{other}"),
    }
}
