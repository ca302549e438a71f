//! Workers: the round trip of a persistent worker in Python beside an empty loop, and what a second process is good for.
//!
//! `cargo bench --bench worker` prints both. The script evaluates nothing, so that what is left is the way there and back.
//! The second part takes more than a minute.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]
#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]

use std::time::Instant;

use omega_lock::prelude::*;
use omega_lock::worker::Workers;

/// Answers at once, or after the seconds that the slice says.
const SCRIPT: &str = r#"
import json, sys, time
for line in sys.stdin.buffer:
    said = json.loads(line)
    answer = {"id": said["id"], "type": "result", "fitness": 1.0}
    if said["type"] == "hello":
        answer = {"id": said["id"], "type": "hello", "protocol": 1,
                  "space": [{"name": "x", "kind": "float", "low": 0, "high": 1, "neutral": 0.5}]}
    elif "sleep" in said["slice"]:
        time.sleep(said["slice"]["sleep"])
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()
"#;

fn main() -> Result<(), TargetError> {
    let workers = Workers::new("bench", ["python3", "-c", SCRIPT]).slice(Role::Train, [("", 0); 0]);
    let worker = workers.target(Role::Train)()?;
    let seconds = timed(&worker, 1, 20_000)?;
    println!("round trip of a worker in Python: {:.3} ms", 1e3 * seconds / 20_000.0);
    let empty = FnTarget::new(worker.space(), |_| Ok(Evaluation::new(1.0)));
    let seconds = timed(&empty, 1, 20_000)?;
    println!("the same loop around a function that does nothing: {:.6} ms", 1e3 * seconds / 20_000.0);

    let sleepy = |processes: usize| {
        let workers = Workers::new("bench", ["python3", "-c", SCRIPT]).processes(processes);
        let worker = workers.slice(Role::Train, [("sleep", 0.005)]).target(Role::Train)()?;
        // The processes have started.
        timed(&worker, processes, 10 * processes)?;
        timed(&worker, processes, 10_000)
    };
    let (one, two) = (sleepy(1)?, sleepy(2)?);
    println!(
        "10000 evaluations of 5 ms: {one:.2} s with one process, {two:.2} s with two, {:.2} times as fast",
        one / two
    );
    Ok(())
}

/// Seconds for so many evaluations by so many threads.
fn timed(worker: &(impl Target + Sync), threads: usize, count: usize) -> Result<f64, TargetError> {
    let params = worker.space().neutral();
    let part = || (0..count / threads).try_for_each(|_| worker.evaluate(&params).map(drop));
    let start = Instant::now();
    std::thread::scope(|scope| {
        let asking: Vec<_> = (0..threads).map(|_| scope.spawn(part)).collect();
        asking.into_iter().try_for_each(|asking| asking.join().map_err(|_| TargetError::new("it panicked"))?)
    })?;
    Ok(start.elapsed().as_secs_f64())
}
