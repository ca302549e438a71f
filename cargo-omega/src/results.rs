//! The results of harness processes, collected from the files they wrote.

use std::collections::BTreeSet;

use camino::Utf8Path;
use omega_lock::internals::artifacts::{Declarations, Echo, ExitCode, Problem, SuiteResults, TryAnswer, read_json};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::disk;
use crate::failure::Failure;
use crate::harness_target::HarnessPackage;
use crate::runner::Finished;
use crate::tally;
use crate::told::Told;

/// What one `cargo test` left: the suites that spoke, in the order in which they were asked, and what is wrong.
#[derive(Debug, Default)]
pub(crate) struct Collected {
    pub(crate) suites: Vec<SuiteResults>,
    pub(crate) failures: Vec<Failure>,
    /// What it took, without the builds.
    pub(crate) seconds: f64,
    /// Whether something that the workspace declares was left out, by a filter or by the choice of packages.
    pub(crate) partial: bool,
    /// Whether cases were chosen, so that a suite that was asked does not show all of its own.
    pub(crate) filtered: bool,
    /// The packages with a harness that were not asked.
    pub(crate) left_out: Vec<String>,
}

/// Reads every file in `directory` and holds it against what was started: a harness that did not speak, spoke twice or
/// contradicts its exit never passes, nor does one that, asked for `everything`, shows less than it declares.
pub(crate) fn collect(
    directory: &Utf8Path,
    harness: &HarnessPackage<'_>,
    finished: &Finished,
    told: &Told,
    everything: bool,
) -> Collected {
    let mut collected = Collected::default();
    let documents = match disk::documents(directory) {
        Ok(documents) => documents,
        Err(failure) => {
            collected.failures.push(failure);
            return collected;
        }
    };
    let mut spoken = Vec::new();
    for document in documents {
        match read(&document, harness, told) {
            Ok(suite) => spoken.push(suite),
            Err(failure) => collected.failures.push(failure),
        }
    }
    // A file that could not be read is reported already, and is that of a target which now seems silent.
    let mut unreadable = collected.failures.len();
    for test in &harness.tests {
        let name = format!("{}::{test}", harness.name);
        let mut of_test: Vec<_> = spoken.iter().filter(|suite| suite.suite == *test).cloned().collect();
        match of_test.len() {
            1 => collected.suites.append(&mut of_test),
            0 if !finished.built => {
                collected.failures.push(not_built(harness, finished));
                break;
            }
            0 if unreadable > 0 => unreadable -= 1,
            0 => collected.failures.push(silent(&name, harness, finished)),
            n => collected.failures.push(Failure::internal(format!("`{name}` wrote {n} results files instead of one"))),
        }
    }
    collected.failures.extend(collected.suites.iter().filter_map(tally::contradiction));
    if everything {
        collected.failures.extend(collected.suites.iter().filter_map(tally::omission));
    }
    let all_hold = collected.failures.is_empty() && collected.suites.iter().all(tally::holds);
    if all_hold && !finished.status.success() {
        let message = format!(
            "`{}` reported no failure, but {} ended with {}",
            harness.name,
            harness.started_by(),
            finished.status
        );
        let failure = Failure::internal(message);
        collected
            .failures
            .push(failure.help("something failed after the results were written; nothing counts as passed"));
    }
    collected
}

/// The calibrations that a suite declares.
pub(crate) fn calibrations(suite: &SuiteResults) -> BTreeSet<String> {
    suite.declared.iter().filter_map(|name| Some(name.split("::").next()?.to_owned())).collect()
}

/// The calibrations of the harnesses that have answered in this folder, whatever they were asked.
pub(crate) fn declared(directory: &Utf8Path) -> Result<Vec<String>, Failure> {
    let mut names = Vec::new();
    for document in disk::documents(directory)? {
        let suite: SuiteResults = read_json(&document).map_err(|error| Failure::internal(error.to_string()))?;
        names.extend(calibrations(&suite));
    }
    Ok(names)
}

/// One results file, if this version knows its schema and one of the started targets wrote it.
fn read(path: &Utf8Path, harness: &HarnessPackage<'_>, told: &Told) -> Result<SuiteResults, Failure> {
    let package = harness.name.as_str();
    let unreadable = |error: &dyn std::error::Error| {
        Failure::internal(format!("a harness of `{package}` wrote unreadable results: {error}"))
    };
    let value: Value = read_json(path).map_err(|error| unreadable(&error))?;
    let said = |key: &str| value.get(key).and_then(Value::as_str).unwrap_or("?").to_owned();
    understood(&value, told)?;
    let schema = said("schema_version");
    if schema != SuiteResults::SCHEMA {
        let (found, known) = (version(&schema), version(SuiteResults::SCHEMA));
        let failure = Failure::internal(format!(
            "`{}::{}` wrote results of schema `{schema}`, this cargo-omega {} reads `{}`",
            said("package"),
            said("suite"),
            env!("CARGO_PKG_VERSION"),
            SuiteResults::SCHEMA
        ));
        return Err(match found > known {
            true => failure.help("its omega-lock is newer: update with `cargo install cargo-omega --locked`"),
            false => failure.help(format!("update the dependency `omega-lock` of `{package}`")),
        });
    }
    let mut suite: SuiteResults = serde_json::from_value(value).map_err(|error| unreadable(&error))?;
    match harness.test_of(&suite.package, &suite.suite) {
        Some(test) => {
            test.clone_into(&mut suite.suite);
            suite.echo = None;
            Ok(suite)
        }
        None => Err(not_started("results", &suite.package, &suite.suite)),
    }
}

fn not_started(what: &str, package: &str, suite: &str) -> Failure {
    Failure::internal(format!("{what} of `{package}::{suite}` were written, which was not started"))
}

/// Whether the writer of a document, if we know what it is, was told what we said.
fn understood(document: &Value, told: &Told) -> Result<(), Failure> {
    let said = |key: &str| document.get(key).and_then(Value::as_str).unwrap_or("?");
    if ![SuiteResults::SCHEMA, Declarations::SCHEMA, TryAnswer::SCHEMA].contains(&said("schema_version")) {
        return Ok(());
    }
    let echo: Option<Echo> = document.get("echo").and_then(|echo| serde_json::from_value(echo.clone()).ok());
    let harness = format!("{}::{}", said("package"), said("suite"));
    told.misunderstood(&harness, echo.as_ref()).map_or(Ok(()), Err)
}

/// A document that a harness emits instead of results.
pub(crate) trait Emitted: DeserializeOwned {
    /// Its `schema_version`.
    const SCHEMA: &'static str;
    /// What it holds, in words.
    const WHAT: &'static str;
    /// The package and the suite that wrote it.
    fn written_by(&mut self) -> (&str, &mut String);
}

impl Emitted for Declarations {
    const SCHEMA: &'static str = Self::SCHEMA;
    const WHAT: &'static str = "declarations";

    fn written_by(&mut self) -> (&str, &mut String) {
        (&self.package, &mut self.suite)
    }
}

impl Emitted for TryAnswer {
    const SCHEMA: &'static str = Self::SCHEMA;
    const WHAT: &'static str = "answers";

    fn written_by(&mut self) -> (&str, &mut String) {
        (&self.package, &mut self.suite)
    }
}

/// What the harnesses of one `cargo test` emitted; the first reason why one did not is the answer.
pub(crate) fn emitted<D: Emitted>(
    directory: &Utf8Path,
    harness: &HarnessPackage<'_>,
    finished: &Finished,
    told: &Told,
) -> Result<Vec<D>, Failure> {
    let (package, what) = (harness.name.as_str(), D::WHAT);
    let mut found: Vec<D> = Vec::new();
    let mut spoken: Vec<String> = Vec::new();
    for document in disk::documents(directory)? {
        let unreadable = |error: &dyn std::error::Error| {
            Failure::internal(format!("a harness of `{package}` emitted unreadable {what}: {error}"))
        };
        let value: Value = read_json(&document).map_err(|error| unreadable(&error))?;
        understood(&value, told)?;
        if value.get("schema_version").and_then(Value::as_str) == Some(D::SCHEMA) {
            let mut emitted: D = serde_json::from_value(value).map_err(|error| unreadable(&error))?;
            let (package, suite) = emitted.written_by();
            match harness.test_of(package, suite) {
                Some(test) => test.clone_into(suite),
                None => return Err(not_started(what, package, suite)),
            }
            spoken.push(suite.clone());
            found.push(emitted);
            continue;
        }
        let suite = read(&document, harness, told)?;
        let problem = suite.problem.unwrap_or_else(|| Problem::new(ExitCode::Internal, "it evaluated instead"));
        return Err(Failure {
            code: ExitCode::of_problem(problem.exit_code),
            message: format!("`{package}::{}`: {}", suite.suite, problem.message),
        });
    }
    for test in &harness.tests {
        if spoken.iter().filter(|suite| *suite == test).count() != 1 {
            let name = format!("{package}::{test}");
            return Err(if finished.built { silent(&name, harness, finished) } else { not_built(harness, finished) });
        }
    }
    Ok(found)
}

fn version(schema: &str) -> Option<u32> {
    schema.strip_prefix(SuiteResults::SCHEMA.trim_end_matches(char::is_numeric))?.parse().ok()
}

/// Cargo did not come to the harness.
fn not_built(harness: &HarnessPackage<'_>, finished: &Finished) -> Failure {
    let (package, status) = (&harness.name, finished.status);
    Failure::internal(format!("`{package}` could not be built: `cargo test` ended with {status}"))
        .help("cargo's messages are above")
}

/// Why a target left no results, as far as cargo tells.
fn silent(name: &str, harness: &HarnessPackage<'_>, finished: &Finished) -> Failure {
    let (who, status) = (harness.started_by(), finished.status);
    let mut message = format!("`{name}` ended without results: {} ended with {status}", who.trim_start_matches("its "));
    if !finished.tail.is_empty() {
        message.push_str("\nthe last lines of its output:");
        for line in &finished.tail {
            message.push_str("\n| ");
            message.push_str(line);
        }
    }
    Failure::internal(message).help("it crashed, called `process::exit`, or is no harness of omega-lock")
}
