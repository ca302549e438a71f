//! One calibration with everything that a row can hold, run with its trail in a folder.

use std::path::Path;

use camino::Utf8Path;
use omega_lock::internals::artifacts::{Binary, RunLock, RunResult, Start, TrailFile};
use omega_lock::internals::audit::Recorder;
use omega_lock::internals::declaration::{Acceptance, Declaration};
use omega_lock::prelude::*;
use omega_lock::{Run, scorecard};
use serde_json::json;
use sha2::{Digest, Sha256};

/// What a run came to.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Judged {
    pub(crate) result: RunResult,
    pub(crate) scorecard: String,
}

/// What the target does beside evaluating: told the number of acknowledged rows before each call.
pub(crate) type Watch<'w> = &'w (dyn Fn(u64) + Sync);

/// A bowl with all kinds of parameters, metadata, failures and attachments.
struct Bowl<'w> {
    center: f64,
    watch: &'w (dyn Fn() + Sync),
}

pub(crate) fn space() -> ParamSpace {
    ParamSpace::new()
        .float("x", -2.0..=2.0, 0.5)
        .float("y", -2.0..=2.0, -1.0)
        .int("n", 1..=9, 3)
        .bool("b", false)
        .choice("loss", ["l1", "l2", "\u{1b}[2J\"é"], "l2")
}

impl Target for Bowl<'_> {
    fn space(&self) -> ParamSpace {
        space()
    }

    fn evaluate(&self, params: &Params) -> Result<Evaluation, TargetError> {
        (self.watch)();
        let (x, y, n) = (params.float("x")?, params.float("y")?, params.int("n")?);
        if x > 1.9 && y > 1.9 {
            return Err(TargetError::new("the solver did not converge\n\u{202e}here"));
        }
        if x < -1.9 && y < -1.9 {
            return Err(TargetError::not_applicable("this corner is cut off"));
        }
        let loss = if params.choice("loss")? == "l1" { 0.1 } else { 0.0 };
        let fitness = -(x - self.center).powi(2) - 2.0 * (y + 0.5).powi(2) - 0.01 * (n - 4).pow(2) as f64 - loss;
        let blocks = vec![fitness - x, f64::NAN, fitness + x];
        let evaluation =
            Evaluation::new(fitness).samples(100).blocks(blocks).with_metric("steepness", 4.0 * (y + 0.5).abs());
        let evaluation = evaluation.with_metadata("corner", json!({ "ss": [0.1 + 0.2, -0.0, 1e300], "note": "a\tb" }));
        Ok(evaluation.attach("log.txt", format!("x {x}\n").into_bytes()))
    }
}

pub(crate) fn declaration() -> Declaration {
    Declaration {
        name: "bowl".to_owned(),
        config: RunConfig {
            profile: Profile::Reference,
            unlock_k: 3,
            search: SearchMethod::Grid { points_per_axis: 5 },
            max_failed_evaluations: 1_000,
            ..RunConfig::reference()
        },
        space: space(),
        constraints: vec![
            Constraint::below("steep", "metadata.steepness", 5.0),
            Constraint::opaque("even", |params, _| params.int("n").is_ok_and(|n| n % 2 == 1)),
            Constraint::above("absent", "metadata.stepness", 5.0),
        ],
        roles: [Role::Train, Role::Test, Role::Holdout].map(|role| (role, format!("bowl of {role}"))).to_vec(),
        windows: Vec::new(),
        acceptance: Acceptance::default(),
        program: None,
    }
}

/// Runs `declaration` with its trail in `folder`; `Err` holds what the run said.
pub(crate) fn run_declaration(
    folder: &Path,
    declaration: &Declaration,
    binary: &str,
    threads: usize,
    watch: Watch<'_>,
) -> Result<Judged, String> {
    run_locked(&lock(folder), declaration, binary, threads, watch)
}

/// Takes a folder for a run.
pub(crate) fn lock(folder: &Path) -> RunLock {
    RunLock::take(Utf8Path::from_path(folder).expect("a UTF-8 path"), |_| ()).expect("the folder can be locked")
}

/// The same in a folder that is locked for it.
pub(crate) fn run_locked(
    lock: &RunLock,
    declaration: &Declaration,
    binary: &str,
    threads: usize,
    watch: Watch<'_>,
) -> Result<Judged, String> {
    let start = Start { declaration, binary: &Binary::known_as(binary), fresh: None };
    let mut trail = TrailFile::open(lock, start).map_err(|error| error.to_string())?;
    let acknowledged = trail.acknowledged();
    let judged = record(declaration, threads, &|| watch(acknowledged.count()), &mut trail)?;
    let anchor = trail.end(Ok(&judged.result.verdict)).map_err(|error| error.to_string())?;
    let mut judged = judged;
    judged.result.trail = Some(anchor);
    Ok(judged)
}

fn record(
    declaration: &Declaration,
    threads: usize,
    watch: &(dyn Fn() + Sync),
    trail: &mut dyn Recorder,
) -> Result<Judged, String> {
    let bowl = |center| Bowl { center, watch };
    let (train, test, holdout) = (bowl(1.0), bowl(1.1), bowl(0.9));
    let run = Run::of(declaration).train(&train).test(&test).holdout(&holdout);
    let outcome = run.threads(threads).record(trail).run().map_err(|error| error.to_string())?;
    let result = RunResult::new(declaration, &outcome);
    Ok(Judged { scorecard: scorecard(&result), result })
}

/// The same with the declaration of this file, on two threads.
pub(crate) fn run(folder: &Path) -> Result<Judged, String> {
    run_declaration(folder, &declaration(), "this build", 2, &|_| ())
}

/// The same, recorded elsewhere than in a file.
pub(crate) fn remembered(declaration: &Declaration, trail: &mut dyn Recorder) -> Result<Judged, String> {
    record(declaration, 2, &|| (), trail)
}

/// The bytes of the trail in a folder.
pub(crate) fn trail(folder: &Path) -> Vec<u8> {
    std::fs::read(folder.join("trail.jsonl")).expect("there is a trail")
}

/// What an uninterrupted run leaves: the bytes of its trail, and its result.
pub(crate) fn uninterrupted() -> (Vec<u8>, Judged) {
    let folder = tempfile::tempdir().expect("a folder");
    let judged = run(folder.path()).expect("the run finishes");
    (trail(folder.path()), judged)
}

/// A folder in which a run of this build was interrupted and left these bytes of its trail.
pub(crate) fn interrupted(bytes: &[u8]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    run(folder.path()).expect("the run finishes");
    std::fs::write(folder.path().join("trail.jsonl"), bytes).expect("the trail can be cut");
    folder
}

/// Where each row of a trail begins, and where the last one ends.
pub(crate) fn starts(trail: &[u8]) -> Vec<usize> {
    let ends = trail.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(place, _)| place + 1);
    std::iter::once(0).chain(ends).collect()
}

/// The bodies of the rows of a trail.
pub(crate) fn bodies(trail: &[u8]) -> Vec<&[u8]> {
    let rows = starts(trail);
    let lines = rows.windows(2).map(|row| trail[row[0]..row[1]].trim_ascii_end());
    lines.map(|line| &line[76..line.len() - 1]).collect()
}

/// A trail of these bodies, with the digests that belong to them.
pub(crate) fn chained(bodies: &[Vec<u8>]) -> Vec<u8> {
    let mut trail = Vec::new();
    let mut previous = String::new();
    for body in bodies {
        let mut hasher = Sha256::new();
        hasher.update(&previous);
        hasher.update(b"\n");
        hasher.update(body);
        previous = hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        trail.extend_from_slice(format!("{{\"h\":\"{previous}\",\"b\":").as_bytes());
        trail.extend_from_slice(body);
        trail.extend_from_slice(b"}\n");
    }
    trail
}
