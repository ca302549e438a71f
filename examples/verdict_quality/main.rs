//! How often a verdict is right, on calibrations whose truth is known.
//!
//! ```console
//! $ cargo run --release --example verdict_quality -- --list
//! $ cargo run --release --example verdict_quality -- --count 500 "noise, length .3, grid"
//! ```
//!
//! measures the rows whose names contain any of the words that are given; all of them take hours. `--studies FOLDER` has the studies
//! that `examples/verdict_quality/studies.py` makes, imported. `--returns FOLDER` has the
//! series of daily returns that `examples/verdict_quality/returns.py` writes. Every row says how many of its calibrations passed
//! the whole profile `strict`, and whether that keeps its bound up to two standard errors.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "an example reads its series and shows what it does"
)]

mod climb;
mod fields;
mod judge;
mod keyholes;
mod returns;
mod rows;
mod studies;
mod windows;

#[path = "../../tests/support/study.rs"]
mod made;

use std::process::ExitCode;
use std::sync::Arc;

use omega_lock::RunError;
use omega_lock::internals::benchmark::{Labels, PassRate, Simulated, phantom, simulated};

use judge::{By, Quality, judged};
use returns::Returns;
use rows::{Bound, Row, Series, rows};

/// What the command line asks for.
struct Asked {
    list: bool,
    count: u64,
    returns: Option<String>,
    studies: Option<String>,
    words: Vec<String>,
}

fn main() -> ExitCode {
    let found = asked().and_then(|asked| Ok((series(asked.returns.as_deref())?, asked)));
    let (series, asked) = match found {
        Ok(found) => found,
        Err(problem) => {
            eprintln!(
                "error: {problem}\nusage: verdict_quality [--list] [--count N] [--returns FOLDER] [--studies FOLDER] [WORDS..]"
            );
            return ExitCode::from(2);
        }
    };
    let wanted = |name: &str| asked.words.is_empty() || asked.words.iter().any(|word| name.contains(word.as_str()));
    let rows: Vec<Row> = rows(&series, asked.studies.as_deref()).into_iter().filter(|row| wanted(&row.name)).collect();
    let beside_kc4 = beside_kc4().into_iter().filter(|(name, _)| wanted(name));
    if asked.list {
        let names = beside_kc4.map(|(name, _)| name).chain(rows.into_iter().map(|row| row.name));
        names.for_each(|name| println!("{name}"));
        return ExitCode::SUCCESS;
    }
    for (name, kind) in beside_kc4 {
        match kind.measured(asked.count) {
            Ok([strict, kc4]) => println!("| {name} | {} | {strict} | KC-4 alone {kc4} |", asked.count),
            Err(error) => {
                eprintln!("error: {name}: {error}");
                return ExitCode::FAILURE;
            }
        }
    }
    if !rows.is_empty() {
        println!("| row | calibrations | pass | bound | gate | covered | of passes | truly better |");
        println!("|---|---|---|---|---|---|---|---|");
    }
    for Row { name, situation, asked: question, bound } in rows {
        match judged(&*situation, question, 0..asked.count) {
            Ok(quality) => println!("{}", line(&name, quality, bound)),
            Err(error) => {
                eprintln!("error: {name}: {error}");
                return ExitCode::FAILURE;
            }
        }
    }
    ExitCode::SUCCESS
}

fn asked() -> Result<Asked, String> {
    let mut asked = Asked { list: false, count: 500, returns: None, studies: None, words: Vec::new() };
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--list" => asked.list = true,
            "--count" => {
                let count = arguments.next().unwrap_or_default();
                asked.count = count.parse().map_err(|_| format!("`--count {count}` is no number"))?;
            }
            "--returns" => asked.returns = Some(arguments.next().ok_or("`--returns` needs a folder")?),
            "--studies" => asked.studies = Some(arguments.next().ok_or("`--studies` needs a folder")?),
            option if option.starts_with("--") => return Err(format!("unknown option `{option}`")),
            _ => asked.words.push(argument),
        }
    }
    Ok(asked)
}

/// A made series, and those of the folder.
fn series(folder: Option<&str>) -> Result<Vec<Series>, String> {
    let mut series = vec![("made returns", Returns::made(5_000))];
    for (name, file) in [("S&P 500", "sp500.txt"), ("NASDAQ", "nasdaq.txt")] {
        let Some(folder) = folder else { break };
        let path = format!("{folder}/{file}");
        let text = std::fs::read_to_string(&path).map_err(|error| format!("`{path}`: {error}"))?;
        let days = text.lines().map(|line| line.parse().map_err(|_| format!("`{path}`: `{line}` is no number")));
        series.push((name, Arc::new(days.collect::<Result<Vec<f64>, String>>()?)));
    }
    Ok(series)
}

/// What is measured with KC-4's correlation alone beside it.
enum BesideKc4 {
    /// Candidates that have nothing to do with each other, judged by `transfer` alone.
    Candidates(Simulated),
    /// The phantom keyhole with its null version, judged by the whole profile.
    Phantom(By, Labels),
}

fn beside_kc4() -> Vec<(String, BesideKc4)> {
    let candidates = [
        ("noise", Simulated::Correlated(0.0)),
        ("ten leaked", Simulated::Leaked),
        ("correlation .2", Simulated::Correlated(0.2)),
        ("correlation .4", Simulated::Correlated(0.4)),
        ("correlation .6", Simulated::Correlated(0.6)),
        ("correlation .8", Simulated::Correlated(0.8)),
    ];
    let candidates = candidates.map(|(word, kind)| (format!("simulated: {word}"), BesideKc4::Candidates(kind)));
    let by = |by: By| {
        [(Labels::Permuted, "permuted"), (Labels::Real, "real")].map(|(labels, word)| {
            (format!("keyhole `phantom`, {word} labels, {}: null and kc2", by.name()), BesideKc4::Phantom(by, labels))
        })
    };
    candidates.into_iter().chain([By::Grid, By::Random, By::Tpe].into_iter().flat_map(by)).collect()
}

impl BesideKc4 {
    /// Shares that pass, of what is judged and of KC-4.
    fn measured(self, count: u64) -> Result<[String; 2], RunError> {
        let quality = match self {
            Self::Candidates(kind) => simulated(kind, count),
            Self::Phantom(by, labels) => phantom(|seed| by.method(5, seed), labels, 0..count)?,
        };
        Ok([quality.strict, quality.kc4].map(share))
    }
}

fn line(name: &str, quality: Quality, bound: Bound) -> String {
    let passed = quality.verdict;
    // The bound's own error, not the row's: of a row without a pass there would be none.
    let beyond = |bound: f64, sign: f64| {
        let error = (bound * (100.0 - bound) / passed.of as f64).sqrt();
        sign * (100.0 * passed.share() - bound) > 2.0 * error
    };
    let (held, bound) = match bound {
        Bound::AtMost(most) => (!beyond(most, 1.0), format!("at most {most}")),
        Bound::AtLeast(least) => (!beyond(least, -1.0), format!("at least {least}")),
        Bound::Told => (true, "told".to_owned()),
    };
    let missed = if held { "" } else { ", MISSED" };
    let others = [quality.gate, quality.covered, quality.covered_passes, quality.better].map(share).join(" | ");
    format!("| {name} | {} | {} | {bound}{missed} | {others} |", passed.of, share(passed))
}

/// In a hundred; a dash where nothing was counted.
fn share(rate: PassRate) -> String {
    if rate.of == 0 { "-".to_owned() } else { format!("{:.1}", 100.0 * rate.share()) }
}
