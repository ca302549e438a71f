//! Keeps the house: who may import whom, where the world is touched, how long a file is, what the documents promise.
//!
//! The sources are read as text. `source` blanks what is no code, so that a rule sees neither comments and strings nor
//! inline tests; every rule is a function from sources to findings, tried on a planted violation beside it and then on
//! the repository.
#![expect(clippy::disallowed_methods, reason = "tidy reads the repository and asks git for the list of its files")]

mod documents;
mod edges;
mod imports;
mod paths;
mod repository;
mod security;
mod shape;
mod source;

/// Fails with every finding.
#[track_caller]
fn none(findings: &[String]) {
    assert!(findings.is_empty(), "{} to tidy up:\n  {}", findings.len(), findings.join("\n  "));
}
