//! p1 on PhantomKeyhole: baseline, 22 perturbations, 50 combinations, the best 10 on test; everything recorded.
//!
//! `cargo bench --bench p1` prints milliseconds per run, targets made beforehand, as the reference's figure is measured.
//! `benches/compare` runs the Python package on the same work and prints the ratio.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]
#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]

use std::time::Instant;

use omega_lock::keyholes::PhantomKeyhole;
use omega_lock::prelude::*;
use omega_lock::{Declaration, Run};

fn main() {
    let (train, test) = (PhantomKeyhole::new(42), PhantomKeyhole::new(1337));
    let config = RunConfig::reference();
    let declaration = Declaration { config, ..Declaration::of("phantom", &train).with(Role::Test, &test) };
    for threads in [1, 2] {
        let mut milliseconds: Vec<f64> = (0..2_000)
            .map(|_| {
                let start = Instant::now();
                let outcome = Run::of(&declaration).train(&train).test(&test).threads(threads).run();
                let seconds = start.elapsed().as_secs_f64();
                let verdict = outcome.ok().map(|outcome| outcome.verdict.to_string());
                assert_eq!(verdict.as_deref(), Some("PASS"));
                1e3 * seconds
            })
            .collect();
        milliseconds.sort_by(f64::total_cmp);
        let at = |part: f64| milliseconds[(part * (milliseconds.len() - 1) as f64) as usize];
        println!(
            "p1 phantom 50 combinations, {threads} thread(s): median {:.4} ms (5 % {:.4}, 95 % {:.4}, {} runs)",
            at(0.5),
            at(0.05),
            at(0.95),
            milliseconds.len()
        );
    }
}
