//! What the surroundings ask of the harness: the one place that reads the environment.

use std::collections::BTreeMap;
use std::io::IsTerminal;

use camino::Utf8PathBuf;

use super::progress_line::Progress;
use super::variables::{self, Mode};
use crate::artifacts::RESULTS_SCHEMA;
use crate::objective::spelling;
use crate::words::Word;

/// The surroundings of a harness process, read once.
#[derive(Debug, Clone)]
pub(super) struct Environment {
    pub(super) mode: Mode,
    /// Where to leave one results file.
    pub(super) results_dir: Option<Utf8PathBuf>,
    /// Root of the workspace, if `cargo omega` or nextest names it.
    pub(super) workspace_root: Option<Utf8PathBuf>,
    /// Folder of the package's manifest, as cargo tells a test.
    pub(super) manifest_dir: Option<Utf8PathBuf>,
    /// Name of the package, as cargo tells a test.
    pub(super) package: Option<String>,
    /// Cargo's target directory, if `cargo omega` names it.
    pub(super) target_dir: Option<Utf8PathBuf>,
    /// The cargo that runs the tests.
    pub(super) cargo: String,
    /// Threads for targets that allow more than one, where they are said.
    threads: Option<usize>,
    /// What stands before the commands of workers that omega.toml declares.
    pub(super) launcher: Vec<String>,
    /// Why unfinished runs are set aside instead of continued; absent if they are continued.
    pub(super) fresh: Option<&'static str>,
    pub(super) color: bool,
    /// Who shows how far a run is.
    pub(super) progress: Progress,
    /// The test run of nextest that this process is part of.
    pub(super) nextest_run: Option<String>,
    /// Whether nextest starts a process for each trial.
    pub(super) process_per_test: bool,
    pub(super) test_threads: Option<usize>,
    /// Whether this is no place to write committed files.
    pub(super) in_ci: bool,
    /// The looks that count before those of the workspace.
    pub(super) ledger: Option<Utf8PathBuf>,
    /// What the base of a comparison has accepted.
    pub(super) base: Option<Utf8PathBuf>,
    /// The question of the mode `try`.
    pub(super) question: Option<Utf8PathBuf>,
    /// A calibration, and the file of the study that stands in the place of what it searches.
    pub(super) study: Option<(String, Utf8PathBuf)>,
    /// Why results become gold; absent if they do not.
    pub(super) update_gold: Option<String>,
}

impl Environment {
    pub(super) fn read() -> Result<Self, EnvironmentError> {
        let schema = whole(variables::RESULTS_SCHEMA)?;
        if let Some(understood) = schema.filter(|understood| *understood < RESULTS_SCHEMA as usize) {
            let cli = get(variables::CLI_VERSION).unwrap_or_else(|| "an unknown version".to_owned());
            return Err(EnvironmentError(format!(
                "`cargo omega` {cli} reads results up to schema {understood}, this harness (omega-lock {}) writes \
                 {RESULTS_SCHEMA}\nhelp: update cargo-omega to the version of omega-lock",
                env!("CARGO_PKG_VERSION")
            )));
        }
        let in_ci = in_ci()?;
        Ok(Self {
            mode: mode()?,
            results_dir: path(variables::RESULTS_DIR),
            workspace_root: path(variables::WORKSPACE_ROOT).or_else(|| path("NEXTEST_WORKSPACE_ROOT")),
            manifest_dir: path("CARGO_MANIFEST_DIR"),
            package: package(),
            target_dir: path(variables::TARGET_DIR),
            cargo: get("CARGO").unwrap_or_else(|| "cargo".to_owned()),
            threads: whole(variables::THREADS)?.map(|threads| threads.max(1)),
            launcher: launcher()?,
            fresh: fresh(in_ci)?,
            color: color()?,
            progress: progress()?,
            nextest_run: get("NEXTEST_RUN_ID").filter(|_| get("NEXTEST").as_deref() == Some("1")),
            process_per_test: get("NEXTEST_EXECUTION_MODE").as_deref() == Some("process-per-test"),
            test_threads: whole("RUST_TEST_THREADS")?,
            in_ci,
            ledger: path(variables::LEDGER),
            base: path(variables::BASE),
            question: path(variables::QUESTION),
            study: study()?,
            update_gold: update_gold()?,
        })
    }
}

impl Environment {
    /// Threads for targets that allow more than one, of which this many processes evaluate: a thread waits for each.
    pub(super) fn threads(&self, processes: usize) -> usize {
        let cores = || std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        self.threads.unwrap_or_else(|| cores().max(processes))
    }

    /// The test run whose processes share their records: one that starts a process for each trial. `cargo omega` starts one
    /// for all of them, so that a record there would be somebody else's.
    pub(super) fn shared_run(&self) -> Option<&str> {
        self.nextest_run.as_deref().filter(|_| self.process_per_test && self.results_dir.is_none())
    }
}

/// Where to leave a results file, also when nothing else is understood.
pub(super) fn results_dir() -> Option<Utf8PathBuf> {
    path(variables::RESULTS_DIR)
}

/// The name of the package, as cargo tells a test.
pub(super) fn package() -> Option<String> {
    get("CARGO_PKG_NAME")
}

/// Something in the environment that is not understood.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct EnvironmentError(String);

/// Whether this is no place to write committed files: `cargo omega` has decided, or the CI service says so.
fn in_ci() -> Result<bool, EnvironmentError> {
    match get(variables::IN_CI).as_deref() {
        None => Ok(variables::ci(get).is_some()),
        Some("0") => Ok(false),
        Some("1") => Ok(true),
        Some(found) => Err(unknown_word(variables::IN_CI, found, &["0", "1"])),
    }
}

/// Every variable that changes what a harness does, as far as it is set.
pub(super) fn told() -> BTreeMap<String, String> {
    let names = variables::TABLE.iter().map(|(name, _)| *name).chain(variables::NEXTEST);
    names.filter_map(|name| Some((name.to_owned(), get(name)?))).collect()
}

fn mode() -> Result<Mode, EnvironmentError> {
    let Some(found) = get(variables::MODE) else { return Ok(Mode::default()) };
    let mode =
        Mode::of_word(&found).ok_or_else(|| unknown_word(variables::MODE, &found, &Mode::ALL.map(Mode::name)))?;
    if mode.rechecks() && get(variables::RESULTS_DIR).is_none() {
        // Under plain `cargo test` nobody would see that these are not the cases of a search.
        let message = format!(
            "{} is `{found}`, which only `cargo omega` says\nhelp: cargo omega test --recheck",
            variables::MODE
        );
        return Err(EnvironmentError(message));
    }
    Ok(mode)
}

/// Why what an unfinished run left is not believed. Where CI is set somebody else may have laid it there.
fn fresh(in_ci: bool) -> Result<Option<&'static str>, EnvironmentError> {
    let asked = match get(variables::FRESH).as_deref() {
        None => in_ci,
        Some("0") => false,
        Some("1") => true,
        Some(found) => return Err(unknown_word(variables::FRESH, found, &["0", "1"])),
    };
    let reason = if in_ci { "where CI is set, only `--resume` continues one" } else { "a fresh run was asked for" };
    Ok(asked.then_some(reason))
}

/// Only `cargo omega` says it, which asks for results and sees from them what was heard.
fn study() -> Result<Option<(String, Utf8PathBuf)>, EnvironmentError> {
    let Some(found) = get(variables::STUDY).filter(|_| get(variables::RESULTS_DIR).is_some()) else { return Ok(None) };
    let both = found.split_once('=').map(|(name, file)| (name.to_owned(), Utf8PathBuf::from(file)));
    let wrong = || format!("{} is `{}`, expected `NAME=FILE`", variables::STUDY, found.escape_debug());
    both.map(Some).ok_or_else(|| EnvironmentError(wrong()))
}

/// Why gold is written, if it is: asked for, told why, and not in CI.
fn update_gold() -> Result<Option<String>, EnvironmentError> {
    match get(variables::UPDATE_GOLD).as_deref() {
        None | Some("0" | "false") => return Ok(None),
        Some("1" | "true") => {}
        Some(found) => return Err(unknown_word(variables::UPDATE_GOLD, found, &["1", "0"])),
    }
    if in_ci()? {
        let help = "run it on your own machine and commit the files";
        let ci = variables::ci(get).unwrap_or_else(|| format!("{}=1", variables::IN_CI));
        return Err(EnvironmentError(format!("refusing to write gold because CI is set ({ci})\nhelp: {help}")));
    }
    let reason = get(variables::REASON).filter(|reason| !reason.trim().is_empty());
    let help = "say in one sentence why the accepted results change";
    let missing = format!("{} is set but {} is not\nhelp: {help}", variables::UPDATE_GOLD, variables::REASON);
    reason.map(Some).ok_or(EnvironmentError(missing))
}

/// Only what omega.toml declares is started by it, which takes the feature `worker`.
fn launcher() -> Result<Vec<String>, EnvironmentError> {
    #[cfg(feature = "worker")]
    if let Some(found) = get(variables::LAUNCHER) {
        let words = crate::worker::launcher_words(&found);
        return words.map_err(|why| EnvironmentError(format!("{}: {why}", variables::LAUNCHER)));
    }
    Ok(Vec::new())
}

fn color() -> Result<bool, EnvironmentError> {
    match get(variables::COLOR).as_deref() {
        None | Some("auto") => Ok(get("NO_COLOR").is_none() && std::io::stdout().is_terminal()),
        Some("always") => Ok(true),
        Some("never") => Ok(false),
        Some(found) => Err(unknown_word(variables::COLOR, found, &["auto", "always", "never"])),
    }
}

/// Lines, unless somebody else reads the file and shows it.
fn progress() -> Result<Progress, EnvironmentError> {
    match get(variables::PROGRESS).as_deref() {
        None | Some("auto") => Ok(Progress::Lines),
        Some("never") => Ok(Progress::Off),
        Some("asker") => Ok(Progress::Asker),
        Some(found) => Err(unknown_word(variables::PROGRESS, found, &["auto", "never", "asker"])),
    }
}

fn unknown_word(name: &str, found: &str, words: &[&str]) -> EnvironmentError {
    let all: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    let help = spelling::nearest(found, words.iter().copied());
    let help = help.map_or_else(String::new, |word| format!("\nhelp: the nearest is `{word}`"));
    EnvironmentError(format!("{name} is `{}`, expected {}{help}", found.escape_debug(), all.join(" or ")))
}

fn whole(name: &str) -> Result<Option<usize>, EnvironmentError> {
    let Some(found) = get(name) else { return Ok(None) };
    found
        .parse()
        .map(Some)
        .map_err(|_| EnvironmentError(format!("{name} is `{}`, expected a whole number", found.escape_debug())))
}

fn path(name: &str) -> Option<Utf8PathBuf> {
    get(name).map(Utf8PathBuf::from)
}

/// A variable that is set and not empty.
fn get(name: &str) -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "the one place of the harness that reads the environment")]
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
