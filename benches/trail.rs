//! The trail of a million evaluations: written, its chain followed, read; and what it costs beside a target of 1 ms.
//!
//! `cargo bench --bench trail` prints the figures, `-- 100000` those of another number of evaluations, `-- 100000 500` those
//! of a target with 500 parameters, of which all but the first three keep their baseline. Add `--profile dev` for what
//! users feel in `cargo test`. `benches/compare` sets them beside the Python package's.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]
#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock, lays out files and starts `sha256sum`")]

#[expect(dead_code, reason = "what is timed here is not done again and again")]
#[path = "support/clock.rs"]
mod clock;

use std::error::Error;
use std::fs::File;
use std::hint::black_box;
use std::io::{BufReader, Read, Write};
use std::process::Command;
use std::time::{Duration, Instant};

use camino::{Utf8Path, Utf8PathBuf};
use clock::thread_time;
use omega_lock::internals::artifacts::{
    Artifacts, Binary, RunLock, RunResult, Start, Timings, TrailBody, TrailFile, TrailReader, scan, write,
};
use omega_lock::internals::audit::{AuditedEvaluator, Subject};
use omega_lock::internals::gates::Verdict;
use omega_lock::internals::objective::{Context, Evaluator, Phase};
use omega_lock::prelude::*;
use omega_lock::{Declaration, Run, StressOptions, scorecard};

fn main() -> Result<(), Box<dyn Error>> {
    let mut asked = std::env::args().skip(1).filter_map(|argument| argument.parse::<u32>().ok());
    let points = f64::from(asked.next().unwrap_or(1_000_000)).cbrt().round() as usize;
    let params = asked.next().unwrap_or(4);
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    let folder = Utf8PathBuf::try_from(folder.path().to_owned())?;
    whole_run(points, params, &folder)?;
    reading(&folder.join("trail.jsonl"))?;
    beside_a_millisecond(&folder)?;
    on_the_evaluating_thread(&folder)?;
    Ok(())
}

/// A target with at least four parameters.
fn bowl(params: u32) -> FnTarget {
    let space = ParamSpace::new().float("x", -2.0..=2.0, 0.5).float("y", -2.0..=2.0, -1.0).float("z", -1.0..=1.0, 0.5);
    let space = (3..params.max(4)).fold(space, |space, n| space.float(format!("w{n}"), -1.0..=1.0, 0.0));
    FnTarget::new(space, |params| {
        let (x, y, z) = (params.float("x")?, params.float("y")?, params.float("z")?);
        Ok(Evaluation::new(-(x - 1.0).powi(2) - 2.0 * (y + 0.5).powi(2) - 4.0 * z.powi(2)).samples(100))
    })
}

fn declaration(target: &FnTarget, points: usize) -> Declaration {
    Declaration {
        config: RunConfig {
            search: SearchMethod::Grid { points_per_axis: points },
            stress: StressOptions {
                subset: Some(["x", "y", "z", "w3"].map(str::to_owned).to_vec()),
                ..StressOptions::default()
            },
            ..RunConfig::reference()
        },
        ..Declaration::of("bowl", target).with(Role::Test, target)
    }
}

/// p1 on a target that costs nothing, with everything that a run leaves behind.
fn whole_run(points: usize, params: u32, folder: &Utf8Path) -> Result<(), Box<dyn Error>> {
    let target = bowl(params);
    let declaration = declaration(&target, points);
    let (start, before) = (Instant::now(), processor_time());
    let lock = RunLock::take(folder, |_| ())?;
    let mut trail = TrailFile::open(
        &lock,
        Start { declaration: &declaration, binary: &Binary::known_as("bench"), fresh: Some("asked for") },
    )?;
    let outcome = Run::of(&declaration).train(&target).test(&target).threads(2).record(&mut trail).run()?;
    let mut result = RunResult::new(&declaration, &outcome);
    let evaluated = start.elapsed();
    let anchor = trail.end(Ok(&result.verdict))?;
    let (timings, scorecard) = (Timings::unmeasured("bowl"), scorecard(&result));
    result.trail = Some(anchor.clone());
    write(Artifacts { result: &result, timings: &timings, scorecard: &scorecard }, folder)?;
    let seconds = start.elapsed().as_secs_f64();
    let rows = anchor.rows as f64;
    let processor = before.zip(processor_time()).map(|(before, after)| after - before);
    println!(
        "p1, audited, chained, on disk: {rows:.0} rows in {seconds:.2} s ({:.0} rows per second; {:.2} s of it before the \
         end row; {} of processor time), trail {:.1} MB, peak memory {}",
        rows / seconds,
        evaluated.as_secs_f64(),
        processor.map_or_else(|| "unknown".to_owned(), |spent| format!("{spent:.2} s")),
        std::fs::metadata(folder.join("trail.jsonl"))?.len() as f64 / 1e6,
        peak_memory(),
    );
    Ok(())
}

/// The seconds that this process was on processors, all threads together, as Linux tells them.
fn processor_time() -> Option<f64> {
    // The name of the program is the second field and may hold anything; user and system time are the 14th and the 15th.
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let ticks = stat.rsplit(')').next()?.split_whitespace().skip(11).take(2).map(str::parse::<f64>);
    Some(ticks.sum::<Result<f64, _>>().ok()? / 100.0)
}

/// The most memory that this process had so far, as Linux tells it.
fn peak_memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    peak.map_or_else(|| "unknown".to_owned(), |peak| peak.trim().to_owned())
}

fn reading(trail: &Utf8Path) -> Result<(), Box<dyn Error>> {
    let sum = best_of(3, || Command::new("sha256sum").arg(trail).output().is_ok_and(|output| output.status.success()));
    let chain = best_of(3, || {
        let file = File::open(trail).map(|file| BufReader::with_capacity(1 << 20, file));
        file.is_ok_and(|file| scan(file).is_ok_and(|state| state.ended))
    });
    let strict = best_of(1, || {
        let Ok(file) = File::open(trail) else { return false };
        let mut reader = TrailReader::new(BufReader::with_capacity(1 << 20, file));
        loop {
            match black_box(reader.next_body()) {
                Ok(Some(TrailBody::End(_))) => return true,
                Ok(Some(_)) => {}
                _ => return false,
            }
        }
    });
    let pieces = best_of(3, || {
        let copied = || -> std::io::Result<()> {
            let (mut from, mut to) = (File::open(trail)?, File::create(trail.with_extension("copy"))?);
            let mut piece = vec![0; 4 << 20];
            loop {
                match from.read(&mut piece)? {
                    0 => return Ok(()),
                    length => to.write_all(&piece[..length])?,
                }
                to.sync_data()?;
            }
        };
        copied().is_ok()
    });
    println!("the limit of this disk: the same bytes copied and synced in pieces of 4 MiB {pieces:.3} s");
    println!(
        "sha256sum {sum:.3} s; the chain {chain:.3} s, {:.2} times as long; every row read strictly {strict:.3} s",
        chain / sum
    );
    Ok(())
}

fn best_of(count: u32, mut work: impl FnMut() -> bool) -> f64 {
    let mut best = f64::INFINITY;
    for _ in 0..count {
        let start = Instant::now();
        assert!(work(), "the trail is whole");
        best = best.min(start.elapsed().as_secs_f64());
    }
    best
}

/// One thread; the target spins, so that what the record costs is not hidden in its sleep. Bare and recorded blocks take
/// turns, and the median of their differences counts, so that what else the machine does disturbs few of them.
fn beside_a_millisecond(folder: &Utf8Path) -> Result<(), Box<dyn Error>> {
    const BLOCKS: usize = 100;
    const CALLS: usize = 20;
    let space = bowl(4).space();
    let target = FnTarget::new(space.clone(), |params| {
        let start = Instant::now();
        while start.elapsed() < Duration::from_millis(1) {
            std::hint::spin_loop();
        }
        Ok(Evaluation::new(params.float("x")?).samples(100).with_metric("y", params.float("y")?))
    });
    let proposals: Vec<Params> =
        (0..CALLS).map(|call| space.neutral().with("x", call as f64 / CALLS as f64)).collect::<Result<_, _>>()?;
    let declaration = declaration(&target, 5);
    let lock = RunLock::take(folder, |_| ())?;
    let mut trail = TrailFile::open(
        &lock,
        Start { declaration: &declaration, binary: &Binary::known_as("bench"), fresh: Some("asked for") },
    )?;
    let mut evaluator = AuditedEvaluator::new(Subject::Serial(&target), &[], &mut trail)?;
    let mut added = Vec::with_capacity(BLOCKS);
    for _ in 0..BLOCKS {
        let start = Instant::now();
        for params in &proposals {
            black_box(target.evaluate(params).map_err(|error| error.reason())?);
        }
        let bare = start.elapsed().as_secs_f64();
        let start = Instant::now();
        evaluator.evaluate_batch(Context::new(Role::Train, Phase::Search), &proposals, &mut |_, _| Ok(()))?;
        added.push((start.elapsed().as_secs_f64() - bare) / CALLS as f64);
    }
    trail.end(Ok(&Verdict::default()))?;
    added.sort_by(f64::total_cmp);
    let [low, median, high] = [BLOCKS / 4, BLOCKS / 2, 3 * BLOCKS / 4].map(|place| 1e6 * added[place]);
    println!(
        "beside a target of 1 ms: {median:.1} us per evaluation, {:.2} % (median of {BLOCKS} pairs of {CALLS} calls, half \
         of them within {low:.1} and {high:.1} us)",
        median / 10.0
    );
    Ok(())
}

/// One thread and a target that costs nothing: how long the evaluating thread itself is at work for an evaluation. The
/// other thread, which writes, has the next core.
fn on_the_evaluating_thread(folder: &Utf8Path) -> Result<(), Box<dyn Error>> {
    // Linux counts a running thread's time in ticks of some milliseconds, so there are many calls.
    const BATCHES: usize = 300;
    let target = bowl(4);
    let proposals = vec![target.space().neutral(); 1_024];
    let declaration = declaration(&target, 5);
    let lock = RunLock::take(folder, |_| ())?;
    let mut trail = TrailFile::open(
        &lock,
        Start { declaration: &declaration, binary: &Binary::known_as("bench"), fresh: Some("asked for") },
    )?;
    let mut evaluator = AuditedEvaluator::new(Subject::Serial(&target), &[], &mut trail)?;
    let before = thread_time();
    for _ in 0..BATCHES {
        evaluator.evaluate_batch(Context::new(Role::Train, Phase::Search), &proposals, &mut |_, _| Ok(()))?;
    }
    let calls = (BATCHES * proposals.len()) as f64;
    let spent = before.zip(thread_time()).map(|(before, after)| (after - before) / calls);
    trail.end(Ok(&Verdict::default()))?;
    let spent = spent.map_or_else(|| "unknown".to_owned(), |spent| format!("{:.1} us", 1e6 * spent));
    println!("the evaluating thread, target included: {spent} of processor time per evaluation");
    Ok(())
}
