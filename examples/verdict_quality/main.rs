//! How often a verdict is right, on calibrations whose truth is known.
//!
//! `cargo run --release --example verdict_quality` prints the table; a number sets how many simulated calibrations each
//! row has (2000), a second one how many calibrations of the keyhole (200), a third one how many of simulated surfaces (500).
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "an example shows what it does")]

mod fields;

use std::process::ExitCode;
use std::thread;

use omega_lock::internals::benchmark::{Labels, Simulated, VerdictQuality, phantom, simulated};
use omega_lock::{RunError, SearchMethod};

use fields::{Common, Field, Smooth, field};

fn main() -> ExitCode {
    let numbers: Result<Vec<u64>, _> = std::env::args().skip(1).map(|argument| argument.parse()).collect();
    let (calibrations, keyholes, of_surfaces) = match numbers.as_deref() {
        Ok([]) => (2_000, 200, 500),
        Ok([calibrations]) => (*calibrations, 200, 500),
        Ok([calibrations, keyholes]) => (*calibrations, *keyholes, 500),
        Ok([calibrations, keyholes, surfaces]) => (*calibrations, *keyholes, *surfaces),
        _ => {
            eprintln!(
                "usage: verdict_quality [SIMULATED CALIBRATIONS] [KEYHOLE CALIBRATIONS] [CALIBRATIONS OF SURFACES]"
            );
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
    if let Err(error) = surfaces(of_surfaces) {
        eprintln!("error: {error}");
        return ExitCode::FAILURE;
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
        (sum.strict, sum.kc4) = (fields::sum(sum.strict, second.strict), fields::sum(sum.kc4, second.kc4));
        Ok(sum)
    })
}

/// Whole calibrations on simulated surfaces, with blocks and with neither blocks nor a null version.
fn surfaces(calibrations: u64) -> Result<(), RunError> {
    println!("\nsimulated surfaces, whole profile `strict`, kc2's thresholds and sample counts off");
    println!(
        "  {:<44} {:>7} {:>7} {:>7} {:>9} {:>9} {:>8}",
        "", "neither", "blocks", "margin", "covered", "(passes)", "better"
    );
    let smooth = |length| Field::noise(Smooth::Over(length));
    let shared = |smooth, common| Field { common, ..Field::noise(smooth) };
    let beside = |beside| Field { beside, ..smooth(0.3) };
    let rows = [
        ("noise, independent", "grid", Field::noise(Smooth::Independent)),
        ("noise, length .1", "grid", smooth(0.1)),
        ("noise, length .3", "grid", smooth(0.3)),
        ("noise, length 1", "grid", smooth(1.0)),
        ("noise, length .3", "random", smooth(0.3)),
        ("noise, length 1", "random", smooth(1.0)),
        ("noise, length .3", "zoom", smooth(0.3)),
        ("noise, length 1", "zoom", smooth(1.0)),
        ("noise, length .3", "tpe", smooth(0.3)),
        ("noise, length 1", "tpe", smooth(1.0)),
        ("noise, one parameter, length .3", "random", Field { parameters: 1, ..smooth(0.3) }),
        ("noise, five parameters, length .3", "random", Field { parameters: 5, ..smooth(0.3) }),
        ("noise, one parameter, coin-flip lines", "random", Field { parameters: 1, ..Field::noise(Smooth::Line) }),
        ("shared bad region of 2 sd", "grid", beside(Common::BadRegion(2.0))),
        ("shared bad region of 5 sd", "grid", beside(Common::BadRegion(5.0))),
        ("shared bad region of 10 sd", "grid", beside(Common::BadRegion(10.0))),
        ("baseline 1 sd below all others", "grid", beside(Common::BadBaseline(1.0))),
        ("baseline 2 sd below all others", "grid", beside(Common::BadBaseline(2.0))),
        ("baseline 4 sd below all others", "grid", beside(Common::BadBaseline(4.0))),
        ("noise, length .3, blocks with AR .3", "grid", Field { lag: 0.3, ..smooth(0.3) }),
        ("correlation .5, independent", "grid", shared(Smooth::Independent, 0.5)),
        ("correlation .5, length .3", "grid", shared(Smooth::Over(0.3), 0.5)),
        ("correlation .5, length 1", "grid", shared(Smooth::Over(1.0), 0.5)),
        ("correlation .8, independent", "grid", shared(Smooth::Independent, 0.8)),
        ("correlation .8, length .3", "grid", shared(Smooth::Over(0.3), 0.8)),
        ("correlation .8, length 1", "grid", shared(Smooth::Over(1.0), 0.8)),
        ("lone peak of 4 sd", "grid", Field { beside: Common::Peak(4.0), ..Field::noise(Smooth::Independent) }),
        ("lone peak of 8 sd", "grid", Field { beside: Common::Peak(8.0), ..Field::noise(Smooth::Independent) }),
    ];
    for (name, by, kind) in rows {
        let judged = |blocks: bool| {
            thread::scope(|scope| {
                let half = |seeds| field(kind, blocks, move |seed| search_over(by, seed), seeds);
                let first = scope.spawn(move || half(0..calibrations / 2));
                let second = half(calibrations / 2..calibrations)?;
                match first.join() {
                    Ok(first) => Ok::<_, RunError>(first?.and(second)),
                    Err(payload) => std::panic::resume_unwind(payload),
                }
            })
        };
        let (with, without) = (judged(true)?, judged(false)?);
        let shares = [without.verdict, with.verdict, with.gate, with.covered, with.covered_passes, with.better];
        let [neither, blocks, margin, covered, passes, better] =
            shares.map(|rate| format!("{:.1}", 100.0 * rate.share()));
        println!(
            "  {:<44} {neither:>7} {blocks:>7} {margin:>7} {covered:>9} {passes:>9} {better:>8}",
            format!("{name}, {by}")
        );
    }
    Ok(())
}

/// About 125 candidates.
fn search_over(name: &str, seed: u64) -> SearchMethod {
    match name {
        "zoom" => SearchMethod::Zoom { points_per_axis: 5, rounds: 3, factor: 0.5 },
        other => search(other, seed),
    }
}

fn row(name: &str, quality: VerdictQuality) -> String {
    let VerdictQuality { strict, kc4 } = quality;
    let shown = |rate: omega_lock::internals::benchmark::PassRate| {
        format!("{:5.1} % ({} of {})", 100.0 * rate.share(), rate.passed, rate.of)
    };
    format!("  {name:<34}    {:<22} {}", shown(strict), shown(kc4))
}
