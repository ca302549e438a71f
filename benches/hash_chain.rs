//! The Python package's audit report of 10,000 rows: read, recompute its chain, verify.
//!
//! `cargo bench --bench hash_chain` prints milliseconds. The Python package takes 252 ms for the chain of 10,000 rows
//! and 1,150 ms to read the report and verify it.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]
#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]

use std::fmt::Write;
use std::hint::black_box;
use std::time::Instant;

use omega_lock::internals::interop::canonical;
use omega_lock::internals::interop::hash_chain::{hashes, run_hash, verify};
use omega_lock::internals::interop::json::{Rules, read};

const ROWS: usize = 10_000;

fn main() {
    let report = report();
    let document = read(report.as_bytes(), &Rules::PYTHON).ok();
    let Some(document) = document.filter(|document| verify(document).holds()) else {
        println!("the report made for this benchmark is not accepted");
        return;
    };
    println!("{ROWS} rows, {:.1} MB", report.len() as f64 / 1e6);
    measure("read", || black_box(read(report.as_bytes(), &Rules::PYTHON)).is_ok());
    measure("canonical text", || black_box(canonical(&document.value)).len() > ROWS);
    measure("recompute the chain", || black_box(hashes(&document.value)).is_ok());
    measure("read and verify", || {
        read(report.as_bytes(), &Rules::PYTHON).is_ok_and(|document| verify(&document).holds())
    });
}

fn measure(what: &str, mut work: impl FnMut() -> bool) {
    let mut milliseconds: Vec<f64> = (0..21)
        .map(|_| {
            let start = Instant::now();
            assert!(work(), "{what}");
            1e3 * start.elapsed().as_secs_f64()
        })
        .collect();
    milliseconds.sort_by(f64::total_cmp);
    println!("{what}: median {:.1} ms (best {:.1}, worst {:.1})", milliseconds[10], milliseconds[0], milliseconds[20]);
}

/// A report as the Python package lays it out, shaped like the sample of a thousand runs.
fn report() -> String {
    let (mut runs, mut links, mut previous) = (String::new(), String::new(), None::<String>);
    for row in 0..ROWS {
        let unit = |factor: usize| ((row * factor) % 1_000_003) as f64 / 1_000_003.0;
        let (x, fitness, loss) = (unit(7_919), unit(104_729) - 0.5, unit(15_485_863));
        let (k, time) = (row % 100, format!("2026-01-01T00:{:02}:{:02}.{row:06}+00:00", row / 60 % 60, row % 60));
        let payload = format!(
            r#"{{"call_index": {row}, "constraints_failed": [], "constraints_passed": [], "fitness": {fitness:?}, "metadata": {{"loss": {loss:?}}}, "n_trials": {row}, "params": {{"k": {k}, "x": {x:?}}}, "phase": "search", "round_index": 0, "target_role": "train", "timestamp_iso": "{time}"}}"#
        );
        // Through the reader, since `{:?}` is not how Python prints a float.
        let Ok(run) = read(payload.as_bytes(), &Rules::STRICT) else { continue };
        let hash = run_hash(previous.as_deref(), &canonical(&run.value));
        let comma = if row == 0 { "" } else { "," };
        let before = previous.map_or_else(|| "null".to_owned(), |hash| format!("\"{hash}\""));
        let _ = write!(runs, "{comma}\n    {}", payload.replace("{\"", "{\n      \"").replace(", \"", ",\n      \""));
        let _ = write!(
            links,
            "{comma}\n    {{\n      \"call_index\": {row},\n      \"previous_hash\": {before},\n      \"run_hash\": \"{hash}\"\n    }}"
        );
        previous = Some(hash);
    }
    format!(
        r#"{{
  "schema_version": "omega-lock.audit-report.v2",
  "method": "benchmark",
  "omega_lock_version": "0.3.8",
  "seed": 7,
  "started_iso": "2026-01-01T00:00:00+00:00",
  "ended_iso": "2026-01-01T00:00:00+00:00",
  "constraints": [],
  "runs": [{runs}
  ],
  "stress_ranking": null,
  "summary": {{
    "n_total": {ROWS},
    "n_feasible": {ROWS},
    "feasibility_rate": 1.0,
    "constraint_pass_counts": {{}}
  }},
  "hash_chain": [{links}
  ]
}}"#
    )
}
