//! How often a verdict is right, on calibrations whose truth is known.
//!
//! `cargo run --release --example verdict_quality` prints the table; a number sets how many simulated calibrations each
//! row has (2000), a second one how many calibrations of the keyhole (200).
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "an example shows what it does")]

use std::process::ExitCode;
use std::thread;

use omega_lock::internals::benchmark::{Labels, Simulated, VerdictQuality, phantom, simulated};
use omega_lock::{RunError, SearchMethod};

fn main() -> ExitCode {
    let numbers: Result<Vec<u64>, _> = std::env::args().skip(1).map(|argument| argument.parse()).collect();
    let (calibrations, keyholes) = match numbers.as_deref() {
        Ok([]) => (2_000, 200),
        Ok([calibrations]) => (*calibrations, 200),
        Ok([calibrations, keyholes]) => (*calibrations, *keyholes),
        _ => {
            eprintln!("usage: verdict_quality [SIMULATED CALIBRATIONS] [KEYHOLE CALIBRATIONS]");
            return ExitCode::from(2);
        }
    };
    println!("125 simulated candidates                gate `transfer`        KC-4 alone");
    for (name, kind) in [
        ("pure noise", Simulated::Correlated(0.0)),
        ("ten leaked candidates", Simulated::Leaked),
        ("correlation .2", Simulated::Correlated(0.2)),
        ("correlation .4", Simulated::Correlated(0.4)),
        ("correlation .6", Simulated::Correlated(0.6)),
        ("correlation .8", Simulated::Correlated(0.8)),
    ] {
        println!("{}", row(name, simulated(kind, calibrations)));
    }
    println!("\nphantom keyhole, no action counts       profile `strict`       KC-4 alone");
    for (labels, word) in [(Labels::Permuted, "permuted labels"), (Labels::Real, "real labels")] {
        for name in ["grid", "random", "tpe"] {
            match halves(name, labels, keyholes) {
                Ok(quality) => println!("{}", row(&format!("{word}, {name}"), quality)),
                Err(error) => {
                    eprintln!("error: {error}");
                    return ExitCode::FAILURE;
                }
            }
        }
    }
    ExitCode::SUCCESS
}

/// 50 points of a grid, or 125 candidates.
fn search(name: &str, seed: u64) -> SearchMethod {
    match name {
        "random" => SearchMethod::Random { samples: 125, seed },
        "tpe" => SearchMethod::Tpe { trials: 125, seed },
        _ => SearchMethod::Grid { points_per_axis: 5 },
    }
}

/// Two threads, one half of the seeds each; the sum is the same as of one.
fn halves(name: &str, labels: Labels, seeds: u64) -> Result<VerdictQuality, RunError> {
    thread::scope(|scope| {
        let first = scope.spawn(move || phantom(|seed| search(name, seed), labels, 0..seeds / 2));
        let second = phantom(|seed| search(name, seed), labels, seeds / 2..seeds)?;
        let mut sum = match first.join() {
            Ok(first) => first?,
            Err(payload) => std::panic::resume_unwind(payload),
        };
        for (total, part) in [(&mut sum.strict, second.strict), (&mut sum.kc4, second.kc4)] {
            total.passed += part.passed;
            total.of += part.of;
        }
        Ok(sum)
    })
}

fn row(name: &str, quality: VerdictQuality) -> String {
    let VerdictQuality { strict, kc4 } = quality;
    let shown = |rate: omega_lock::internals::benchmark::PassRate| {
        format!("{:5.1} % ({} of {})", 100.0 * rate.share(), rate.passed, rate.of)
    };
    format!("  {name:<34}    {:<22} {}", shown(strict), shown(kc4))
}
