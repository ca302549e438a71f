//! Holds the benchmark's battery against the committed rows in `fixtures/benchmark_gold.json`.
//!
//! One trial per run, named `<keyhole>::<method>::<seed>`: a method or a keyhole that drifts by more than 1e-6 in any
//! number, or at all in anything else, fails by name. Rows that the battery no longer has are trials that fail, and the
//! committed scorecard is held against the table that the Python package's battery prints.

use std::process::ExitCode;

use camino::Utf8PathBuf;
use libtest_mimic::{Arguments, Failed, Trial};
use omega_lock::internals::artifacts::{BenchmarkReport, RowEntry, read_json};
use omega_lock::internals::benchmark::{RunName, battery};
use serde_json::Value as Json;

const GOLD: &str = "fixtures/benchmark_gold.json";
const TOLERANCE: f64 = 1e-6;

/// Method, recall, precision, L2 error, fitness gap in percent, generalization gap, share that passed: the README of
/// omega-lock for Python 0.3.8, "Objective Benchmark", run again with Optuna 4.9.
const PYTHON: [(&str, [f64; 6]); 3] = [
    ("plain_grid", [0.750, 1.000, 1.052, 32.3, 0.958, 0.6]),
    ("fractal_vise", [0.400, 0.217, 1.003, 14.7, 0.820, 0.4]),
    ("tpe", [0.750, 1.000, 0.970, 23.9, 0.858, 0.1]),
];

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    libtest_mimic::run(&arguments, trials()).exit_code()
}

fn trials() -> Vec<Trial> {
    let gold = match gold() {
        Ok(gold) => gold,
        Err(error) => return vec![Trial::test("gold::readable", move || Err(Failed::from(error)))],
    };
    let runs = battery().runs().unwrap_or_default();
    let gone = gold.rows.iter().map(name).filter(|name| !runs.contains(name)).map(|name| {
        Trial::test(format!("gold::{name}"), || Err(Failed::from(regenerate("the battery no longer has this run"))))
    });
    let gone: Vec<Trial> = gone.collect();
    let rows = runs.into_iter().map(|run| {
        let expected = gold.rows.iter().find(|row| name(row) == run).cloned();
        Trial::test(run.to_string(), move || check(run, expected.as_ref()).map_err(Failed::from))
    });
    let mut trials: Vec<Trial> = rows.collect();
    trials.extend(gone);
    trials.push(Trial::test("gold::the_scorecard_is_the_python_packages_table", move || {
        python(&gold).map_err(Failed::from)
    }));
    trials
}

fn gold() -> Result<BenchmarkReport, String> {
    let path = Utf8PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(GOLD);
    let gold: BenchmarkReport = read_json(&path).map_err(|error| regenerate(&error.to_string()))?;
    match gold.schema_version.as_str() {
        BenchmarkReport::SCHEMA => Ok(gold),
        other => Err(regenerate(&format!("schema `{other}`, expected `{}`", BenchmarkReport::SCHEMA))),
    }
}

fn name(row: &RowEntry) -> RunName {
    RunName { keyhole: row.keyhole.clone(), method: row.method.clone(), seed: row.seed }
}

fn regenerate(error: &str) -> String {
    format!("{error}\nhelp: if this is meant, regenerate: cargo omega bench --update-gold {GOLD}")
}

fn check(run: RunName, expected: Option<&RowEntry>) -> Result<(), String> {
    let expected = expected.ok_or_else(|| regenerate("no gold row"))?;
    let row = battery().run_one(run, None).map_err(|error| error.to_string())?;
    let document = |row: &RowEntry| serde_json::to_value(row).map_err(|error| error.to_string());
    let mut drifts = Vec::new();
    compare("", &document(&RowEntry::from(&row))?, &document(expected)?, &mut drifts);
    if drifts.is_empty() { Ok(()) } else { Err(regenerate(&drifts.join("\n"))) }
}

/// Both come from one type, so only maps of parameters can differ in their keys.
fn compare(path: &str, found: &Json, gold: &Json, drifts: &mut Vec<String>) {
    if let (Json::Object(found), Json::Object(gold)) = (found, gold) {
        let absent = Json::Null;
        for key in found.keys().chain(gold.keys().filter(|key| !found.contains_key(*key))) {
            let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            compare(&path, found.get(key).unwrap_or(&absent), gold.get(key).unwrap_or(&absent), drifts);
        }
        return;
    }
    let close = match (found.as_f64(), gold.as_f64()) {
        (Some(found), Some(gold)) => (found - gold).abs() <= TOLERANCE,
        _ => found == gold,
    };
    if !close {
        drifts.push(format!("`{path}` is {found}, gold {gold}"));
    }
}

fn python(gold: &BenchmarkReport) -> Result<(), String> {
    let methods: Vec<&str> = gold.scorecard.iter().map(|row| row.method.as_str()).collect();
    let expected: Vec<&str> = PYTHON.iter().map(|(method, _)| *method).collect();
    if methods != expected {
        return Err(format!("methods {methods:?}, expected {expected:?}"));
    }
    for (row, (method, expected)) in gold.scorecard.iter().zip(PYTHON) {
        let found = [
            row.effective_recall_mean,
            row.effective_precision_mean,
            row.param_L2_error_mean,
            row.fitness_gap_pct_mean,
            row.generalization_gap_mean,
            Some(row.pass_rate),
        ];
        // Half of the last digit that the table shows.
        let shown = [5e-4, 5e-4, 5e-4, 5e-2, 5e-4, 5e-4];
        for ((found, expected), half) in found.into_iter().zip(expected).zip(shown) {
            let found = found.map_or(f64::NAN, |found| found.0);
            if found.is_nan() || (found - expected).abs() > half {
                return Err(format!("{method}: {found}, the Python package's table says {expected}"));
            }
        }
    }
    Ok(())
}
