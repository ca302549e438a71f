//! The target of examples/workers in Rust, and its workers.

use std::path::{Path, PathBuf};

use omega_lock::prelude::*;
use omega_lock::worker::Workers;
use omega_lock::{Declaration, Run, RunError, RunOutcome, RunResult, Subject, Trail};

pub(crate) struct Bowl {
    pub(crate) center: f64,
}

pub(crate) fn space() -> ParamSpace {
    ParamSpace::new()
        .float("x", -2.0..=2.0, 0.5)
        .float("y", -2.0..=2.0, 0.0)
        .int("n", 1..=4, 2)
        .bool("flip", false)
        .choice("mode", ["plain", "steep", "both"], "plain")
}

impl Target for Bowl {
    fn space(&self) -> ParamSpace {
        space()
    }

    fn evaluate(&self, params: &Params) -> Result<Evaluation, TargetError> {
        let (x, y, n) = (params.float("x")?, params.float("y")?, params.int("n")?);
        let (flip, mode) = (params.bool("flip")?, params.choice("mode")?);
        if flip && mode == "both" {
            return Err(TargetError::not_applicable("both ways at once"));
        }
        if x > 1.9 {
            return Err(TargetError::new("ValueError: off the table"));
        }
        let slope = if mode == "plain" { 9.0 } else { 12.0 };
        let (dx, dy) = (x - self.center, y + 0.5);
        let fitness = -(dx * dx) - slope * (dy * dy) + 0.125 * n as f64 - if flip { 0.25 } else { 0.0 };
        Ok(Evaluation::new(fitness)
            .samples(100 * n.unsigned_abs())
            .blocks((-2..3).map(|part| fitness + 0.5 * f64::from(part)).collect())
            .with_metric("distance", dx * dx + dy * dy)
            .with_metadata("mode", mode)
            .with_metadata("steps", vec![n, n + 1]))
    }

    fn identity(&self) -> String {
        format!("slice {{\"center\":{:?}}}", self.center)
    }
}

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Workers of this command, told of the same slices as the target in Rust.
pub(crate) fn workers(command: &[&str]) -> Workers {
    Workers::new("bowl", command.iter().copied())
        .directory(root())
        .slice(Role::Train, [("center", 1.0)])
        .slice(Role::Test, [("center", 1.125)])
}

/// Workers of the program of `bad.rs`, which differ from a good one in what these words say.
pub(crate) fn crooked(words: &[&str]) -> Workers {
    let mut command = vec!["python3", "tests/worker/crooked.py"];
    command.extend(words);
    workers(&command)
}

/// Runs the calibration on two targets: its record, and what became of it.
pub(crate) fn run<T: Target + Sync>(
    train: &T,
    test: &T,
    threads: usize,
) -> (Trail, Result<(RunOutcome, String), RunError>) {
    let declaration = Declaration {
        config: RunConfig {
            search: SearchMethod::Grid { points_per_axis: 3 },
            unlock_k: 5,
            max_failed_evaluations: 1_000,
            ..RunConfig::default()
        },
        ..Declaration::of("bowl", train).with(Role::Test, test)
    };
    let mut trail = Trail::new();
    let run = Run::of(&declaration).on(Role::Train, Subject::Parallel(train)).on(Role::Test, Subject::Parallel(test));
    let outcome = run.threads(threads).record(&mut trail).run().map(|outcome| {
        let result = serde_json::to_string(&RunResult::new(&declaration, &outcome)).expect("a result is JSON");
        (outcome, result)
    });
    (trail, outcome)
}

/// Both targets of these workers.
pub(crate) fn targets(workers: &Workers) -> Result<(omega_lock::worker::Worker, omega_lock::worker::Worker), String> {
    let made = |role| workers.target(role)().map_err(|error| error.reason());
    Ok((made(Role::Train)?, made(Role::Test)?))
}

/// The processes that have this mark in their environment.
pub(crate) fn marked(mark: &str) -> Vec<String> {
    let processes = std::fs::read_dir("/proc").expect("Linux");
    let folders = processes.filter_map(|entry| Some(entry.ok()?.path()));
    let has = |folder: &PathBuf| {
        let environment = std::fs::read(folder.join("environ")).unwrap_or_default();
        environment.split(|byte| *byte == 0).any(|variable| variable == format!("MARK={mark}").as_bytes())
    };
    folders.filter(has).filter(|folder| !gone(folder)).map(|folder| folder.display().to_string()).collect()
}

/// Those that are still there a moment later: what is killed takes one to be gone.
pub(crate) fn left(mark: &str) -> Vec<String> {
    let looks = (0..100).map(|_| {
        std::thread::sleep(std::time::Duration::from_millis(20));
        marked(mark)
    });
    looks.take_while(|left| !left.is_empty()).last().filter(|_| !marked(mark).is_empty()).unwrap_or_default()
}

/// Whether a process has ended and only its number is left.
fn gone(folder: &Path) -> bool {
    let status = std::fs::read_to_string(folder.join("stat")).unwrap_or_default();
    status.rsplit(')').next().is_none_or(|rest| rest.trim_start().starts_with('Z'))
}
