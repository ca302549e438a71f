//! The calibrations of this package: each one searches the parameters of a target, and then its winner is audited.
//!
//! This file is a test harness of its own (`harness = false` in Cargo.toml): its `main` runs the suite, and a `#[test]`
//! in it would never run. How the calibrations are judged stands in omega.toml.

use omega_lock::prelude::*;

/// An example to replace: a worker that takes jobs in batches, and is fastest at settings that depend little on the load.
struct Worker {
    /// Jobs a second.
    load: f64,
}

impl Target for Worker {
    fn space(&self) -> ParamSpace {
        ParamSpace::new().float("batch", 1.0..=9.0, 2.0).float("threads", 1.0..=8.0, 1.0).float("pause_ms", 0.0..=20.0, 10.0)
    }

    /// The larger the fitness, the better.
    fn evaluate(&self, params: &Params) -> Result<Evaluation, TargetError> {
        let batch = params.float("batch")?;
        let threads = params.float("threads")?;
        let pause_ms = params.float("pause_ms")?;
        // A slice is eight hours, each with a load of its own: one block an hour, so that a gate can ask whether the winner is
        // better in all of them. `in_blocks` cuts a series; a block in which nothing happened has the fitness of doing nothing.
        let hour = |number: usize| {
            let load = self.load + [0.0, 3.0, -2.0, 5.0, -4.0, 1.0, -3.0, 2.0][number];
            load - 0.02 * load * (batch - 6.0).powi(2) - (threads - 4.0).powi(2) - 0.05 * pause_ms
        };
        let hours: Vec<f64> = (0..8).map(hour).collect();
        let throughput = hours.iter().sum::<f64>() / 8.0;
        let latency_ms = 4.0 + batch + pause_ms;
        Ok(Evaluation::new(throughput).blocks(hours).samples(1_000).with_metric("latency_ms", latency_ms))
    }

    /// Which data this instance has: it is locked, and looks at the holdout are counted by it. A target that reads files keeps
    /// what `identity_of_files(["data/2019.csv"], "rows 0..10_000")?` says where they are loaded.
    fn identity(&self) -> String {
        format!("load {}", self.load)
    }
}

fn main() -> std::process::ExitCode {
    Suite::new()
        .add(
            // Searched on one load, tested on a second, and judged once on a third that nothing else has seen.
            Calibration::new("@NAME@", || Ok(Worker { load: 100.0 }))
                .test(|| Ok(Worker { load: 120.0 }))
                .holdout(|| Ok(Worker { load: 90.0 }))
                .constraint(Constraint::below("latency", "metadata.latency_ms", 30.0)),
        )
        .run()
}
