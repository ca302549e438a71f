//! How much of many workers a run uses, where some evaluations take ten times as long as others.
//!
//! `cargo bench --bench utilisation` prints a table: the real scheduler, and targets that sleep. How long an evaluation takes is
//! drawn from its parameters, log-uniform over a factor of ten, so that it is the same in every run.
//! `-- 0.02 8 64` says how many seconds the shortest one takes (0.002 unless said), and how many workers there are (1, 8 and 64).
//! `cargo bench --bench utilisation -- processes` does the searches with worker processes of 1 s; that takes minutes.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]
#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]

use std::sync::LazyLock;
use std::thread;
use std::time::{Duration, Instant};

use omega_lock::internals::audit::{AuditedEvaluator, Lend, Recorder, Row, Subject, Trail};
use omega_lock::internals::objective::{Context, Phase};
use omega_lock::internals::search::tpe::TpeSampler;
use omega_lock::internals::search::{Candidate, GridSearch, RandomSearch, TpeSearch, ZoomingGridSearch, explore};
use omega_lock::prelude::*;
use omega_lock::worker::Workers;
use omega_lock::{Declaration, Params, Run, Search};

/// Seconds of the shortest evaluation, and numbers of workers.
static ASKED: LazyLock<(f64, Vec<usize>)> = LazyLock::new(|| {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let workers: Vec<usize> = words.iter().filter_map(|word| word.parse().ok()).collect();
    let unit = words.iter().filter(|word| word.contains('.')).find_map(|word| word.parse().ok());
    (unit.unwrap_or(0.002), if workers.is_empty() { vec![1, 8, 64] } else { workers })
});

/// The part of the hash of some text that is as good as drawn from 0 to 1.
fn drawn(text: &str) -> f64 {
    let mixed = text
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    (mixed ^ mixed >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9) as f64 / u64::MAX as f64
}

/// Seconds of an evaluation.
fn seconds(role: Role, null: u64, params: &Params) -> f64 {
    ASKED.0 * 10_f64.powf(drawn(&format!("{role} {null} {params}")))
}

/// A slope with a little of something that differs from slice to slice, or nothing but that.
fn target(role: Role, null: u64) -> FnTarget {
    let space =
        ["a", "b", "c", "d"].into_iter().fold(ParamSpace::new(), |space, name| space.float(name, 0.0..=1.0, 0.5));
    FnTarget::new(space, move |params| {
        thread::sleep(Duration::from_secs_f64(seconds(role, null, params)));
        let signal =
            100.0 * params.float("a")? + 30.0 * params.float("b")? + 10.0 * params.float("c")? + params.float("d")?;
        let noise = drawn(&format!("noise {role} {null} {params}"));
        Ok(Evaluation::new(if null == 0 { signal + noise } else { noise }).samples(100))
    })
    .identified_as(format!("{role} {null}"))
}

fn methods(workers: usize) -> Vec<(&'static str, SearchMethod)> {
    let tpe = |batch: u64| SearchMethod::Tpe { trials: 128, seed: 7, batch, sampler: TpeSampler::default() };
    vec![
        ("grid of 125", SearchMethod::Grid { points_per_axis: 5 }),
        ("random, 128", SearchMethod::Random { samples: 128, seed: 7 }),
        ("zoom, 2 grids of 64", SearchMethod::Zoom { points_per_axis: 4, rounds: 2, factor: 0.5 }),
        ("tpe, batch = workers", tpe(workers as u64)),
        ("tpe, batch = 8", tpe(8)),
    ]
}

/// Seconds that so many workers need at least for these evaluations, in any order.
fn least(taken: &[f64], workers: usize) -> f64 {
    (taken.iter().sum::<f64>() / workers as f64).max(taken.iter().copied().fold(0.0, f64::max))
}

/// The same for evaluations of which so many have to be answered before the next ones are known.
fn least_in_steps(taken: &[f64], step: usize, workers: usize) -> f64 {
    taken.chunks(step.max(1)).map(|step| least(step, workers)).sum()
}

fn step(method: &SearchMethod) -> usize {
    match method {
        SearchMethod::Zoom { .. } => 64,
        SearchMethod::Tpe { batch, .. } => *batch as usize,
        _ => usize::MAX,
    }
}

/// Seconds of every row whose phase is one of these.
fn taken(rows: &[Row], phases: &[Phase]) -> Vec<f64> {
    let of = |row: &&Row| phases.contains(&row.context.phase);
    let null = |row: &Row| if row.context.phase == Phase::Null { u64::from(row.context.round) } else { 0 };
    rows.iter().filter(of).map(|row| seconds(row.context.role, null(row), &row.params)).collect()
}

/// What the order of a run allows: its steps one after the other, each as good as so many workers can do it.
fn least_of_run(rows: &[Row], method: &SearchMethod, workers: usize) -> f64 {
    let judging = [Phase::WalkForward, Phase::Hybrid, Phase::RandomDraws, Phase::Transfer, Phase::Repeat];
    let steps = [Phase::Baseline, Phase::Stress].map(|phase| least(&taken(rows, &[phase]), workers));
    let search = least_in_steps(&taken(rows, &[Phase::Search]), step(method), workers);
    let (nulls, last) = (taken(rows, &[Phase::Null]), taken(rows, &[Phase::Holdout]));
    let chain = |run: u32| {
        let own: Vec<Row> =
            rows.iter().filter(|row| row.context.phase == Phase::Null && row.context.round == run).cloned().collect();
        let own = taken(&own, &[Phase::Null]);
        let (Some((first, rest)), Some(end)) = (own.split_first(), own.last()) else { return 0.0 };
        let (stress, rest) = rest.split_at(8.min(rest.len()));
        let search = least_in_steps(&rest[..rest.len().saturating_sub(1)], step(method), usize::MAX);
        first + least(stress, usize::MAX) + search + end
    };
    let runs = rows.iter().filter(|row| row.context.phase == Phase::Null).map(|row| row.context.round).max();
    let longest = (1..=runs.unwrap_or(0)).map(chain).fold(0.0, f64::max);
    let nulls = longest.max(nulls.iter().sum::<f64>() / workers as f64);
    steps.iter().sum::<f64>() + search + least(&taken(rows, &judging), workers) + nulls + last.iter().sum::<f64>()
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    if std::env::args().any(|argument| argument == "processes") {
        return processes();
    }
    println!("busy time over workers x time, and the same of the best order that the method allows\n");
    head("search alone");
    for place in 0..methods(1).len() {
        let mut row = String::new();
        for &workers in &ASKED.1 {
            let (_, method) = methods(workers)[place].clone();
            let train = target(Role::Train, 0);
            let mut trail = Trail::new();
            let start = Instant::now();
            searched(&method, &train, workers, &mut trail)?;
            let wall = start.elapsed().as_secs_f64();
            let taken = taken(trail.rows(), &[Phase::Search]);
            row += &cell(&taken, workers, wall, least_in_steps(&taken, step(&method), workers));
        }
        println!("| {} |{row}", methods(1)[place].0);
    }
    println!();
    head("strict run with 19 null runs");
    for place in 0..methods(1).len() {
        let mut row = String::new();
        for &workers in &ASKED.1 {
            let (_, method) = methods(workers)[place].clone();
            let (rows, wall) = strict(&method, workers)?;
            let all: Vec<f64> = taken(&rows, &Phase::ALL);
            row += &cell(&all, workers, wall, least_of_run(&rows, &method, workers));
        }
        println!("| {} |{row}", methods(1)[place].0);
    }
    Ok(())
}

fn head(first: &str) {
    let columns: String = ASKED.1.iter().map(|workers| format!(" {workers} workers |")).collect();
    println!("| {first} |{columns}\n|---|{}", "---|".repeat(ASKED.1.len()));
}

/// ` 93 % (best 95 %) |`
fn cell(taken: &[f64], workers: usize, wall: f64, least: f64) -> String {
    let linear = taken.iter().sum::<f64>() / workers as f64;
    format!(" {:.0} % (best {:.0} %) |", 100.0 * linear / wall, 100.0 * linear / least)
}

/// The search alone.
fn searched(
    method: &SearchMethod,
    train: &(impl Target + Sync),
    workers: usize,
    recorder: &mut dyn Recorder,
) -> Result<Vec<Candidate>, Box<dyn std::error::Error>> {
    let (space, names) = (train.space(), ["a", "b", "c"].map(str::to_owned));
    let base = space.neutral();
    let mut search: Box<dyn Search> = match *method {
        SearchMethod::Grid { points_per_axis } => Box::new(GridSearch::new(&space, &base, &names, points_per_axis)?),
        SearchMethod::Zoom { points_per_axis, rounds, factor } => {
            Box::new(ZoomingGridSearch::new(&space, &base, &names, points_per_axis, rounds, factor)?)
        }
        SearchMethod::Random { samples, seed } => Box::new(RandomSearch::new(&space, &base, &names, samples, seed)?),
        SearchMethod::Tpe { trials, seed, batch, .. } => {
            Box::new(TpeSearch::new(&space, &base, &names, trials, seed as u32)?.batch(batch as usize))
        }
        _ => return Err("no method of this table".into()),
    };
    let mut evaluator = AuditedEvaluator::new(Subject::Parallel(train), &[], recorder)?.threads(workers);
    let context = Context::new(Role::Train, Phase::Search);
    Ok(explore(&mut *search, &mut evaluator, &mut (), context, None)?)
}

/// A whole run that passes; its rows and seconds.
fn strict(method: &SearchMethod, workers: usize) -> Result<(Vec<Row>, f64), Box<dyn std::error::Error>> {
    let [train, test, holdout] = [Role::Train, Role::Test, Role::Holdout].map(|role| target(role, 0));
    let null = |seed: u64, lend: &mut Lend<'_>| {
        let (train, test) = (target(Role::Train, seed), target(Role::Test, seed));
        lend(&[(Role::Train, Subject::Parallel(&train)), (Role::Test, Subject::Parallel(&test))]);
        Ok(())
    };
    let config = RunConfig {
        search: method.clone(),
        unlock_k: 3,
        thresholds: Thresholds::pure_objective(),
        null_declared: true,
        ..RunConfig::default()
    };
    let declaration = Declaration::of("sleepy", &train).with(Role::Test, &test).with(Role::Holdout, &holdout);
    let declaration = Declaration { config, ..declaration };
    let mut trail = Trail::new();
    let start = Instant::now();
    let run = Run::of(&declaration).train(&train).test(&test).holdout(&holdout).null(&null).record(&mut trail);
    let outcome = run.threads(workers).run()?;
    let wall = start.elapsed().as_secs_f64();
    if !outcome.verdict.is_pass() {
        return Err(format!("the run is meant to pass: {}", outcome.verdict).into());
    }
    Ok((trail.rows().to_vec(), wall))
}

/// Answers after a second.
const SCRIPT: &str = r#"
import json, sys, time
space = [{"name": name, "kind": "float", "low": 0, "high": 1, "neutral": 0.5} for name in "abc"]
for line in sys.stdin.buffer:
    said = json.loads(line)
    if said["type"] == "hello":
        answer = {"id": said["id"], "type": "hello", "protocol": 1, "space": space}
    else:
        time.sleep(1)
        answer = {"id": said["id"], "type": "result", "fitness": said["params"]["a"]}
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()
"#;

fn processes() -> Result<(), Box<dyn std::error::Error>> {
    println!("worker processes that sleep 1 s: part of linear, without their start\n");
    println!("| search alone | 2 workers | 4 workers | 8 workers |\n|---|---|---|---|");
    let methods = |workers: usize| {
        let tpe = SearchMethod::Tpe { trials: 32, seed: 7, batch: workers as u64, sampler: TpeSampler::default() };
        [
            ("grid of 64", SearchMethod::Grid { points_per_axis: 4 }),
            ("random, 40", SearchMethod::Random { samples: 40, seed: 7 }),
            ("zoom, 3 grids of 8", SearchMethod::Zoom { points_per_axis: 2, rounds: 3, factor: 0.5 }),
            ("tpe of 32, batch = workers", tpe),
        ]
    };
    for place in 0..methods(1).len() {
        let mut row = String::new();
        for count in [2, 4, 8] {
            let workers = Workers::new("bench", ["python3", "-c", SCRIPT]).processes(count);
            let worker = workers.slice(Role::Train, [("", 0); 0]).target(Role::Train)()?;
            for programs in worker.programs() {
                programs.warm_up(count);
            }
            // By then all of them have started.
            thread::sleep(Duration::from_secs(2));
            let mut trail = Trail::new();
            let start = Instant::now();
            searched(&methods(count)[place].1, &worker, count, &mut trail)?;
            let wall = start.elapsed().as_secs_f64();
            let part = 100.0 * trail.rows().len() as f64 / count as f64 / wall;
            let shown = format!(" {part:.1} % ({wall:.1} s) |");
            row += &shown;
        }
        println!("| {} |{row}", methods(1)[place].0);
    }
    Ok(())
}
