//! The Python package's artifacts: made by two of its versions, read, judged and written again.

#![expect(clippy::unwrap_used, reason = "a test that unwraps fails with the place and the value")]
#![expect(clippy::disallowed_methods, reason = "a test reads its fixtures")]

#[path = "support/mutation.rs"]
mod mutation;

use std::panic::catch_unwind;
use std::path::{Path, PathBuf};

use omega_lock::interop::artifact::{Artifact, Format, Kind, findings};
use omega_lock::interop::audit_report::{AuditReport, Preamble, Row, Writer};
use omega_lock::interop::canonical;
use omega_lock::interop::hash_chain::verify;
use omega_lock::interop::json::{Dict, Document, Rules, Text, Value, place, read};
use omega_lock::report::{Scorecard, peer_benchmark};

use mutation::{Draws, mutants, mutate};

const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures");

fn json_files(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(FIXTURES).join(folder);
    let mut files: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    assert!(!files.is_empty(), "no samples in {}", folder.display());
    files
}

fn peer_files() -> Vec<PathBuf> {
    [json_files("peer/0.1.7"), json_files("peer/0.3.8")].concat()
}

fn document(bytes: &[u8]) -> Document {
    read(bytes, &Rules::PYTHON).unwrap()
}

fn name(path: &Path) -> &str {
    path.file_stem().unwrap().to_str().unwrap()
}

fn kind(path: &Path) -> Kind {
    match name(path).split('-').next().unwrap() {
        "p1" => Kind::P1,
        "iterative" => Kind::Iterative,
        "p2" => Kind::P2,
        "audit" => Kind::AuditReport,
        "benchmark" => Kind::Benchmark,
        other => panic!("{other}"),
    }
}

#[test]
fn every_artifact_of_both_formats_is_told_by_itself_and_read_whole() {
    let files = peer_files();
    assert_eq!(files.len(), 18);
    for path in &files {
        let document = document(&std::fs::read(path).unwrap());
        assert!(document.repeated_keys.is_empty());
        assert_eq!(Kind::of(&document.value), Some(kind(path)), "{}", path.display());
        let artifact = Artifact::of(kind(path), &document.value).unwrap();
        let first = path.to_str().unwrap().contains("0.1.7");
        let expected = if first { Format::V1 } else { Format::V2 };
        assert_eq!(artifact.format().unwrap_or(expected), expected, "{}", path.display());
        assert_eq!(findings(&artifact), [], "{}", path.display());
    }
}

/// The report written again from what was read of it.
fn written(report: &AuditReport<'_>, with_hash_chain: bool) -> String {
    let mut writer = Writer::new(Vec::new(), &Preamble::from(report), with_hash_chain).unwrap();
    for run in &report.runs {
        writer.row(&Row::from(run)).unwrap();
    }
    let ranking = report.stress_ranking.as_ref();
    let ranking: Option<Vec<(Text, f64)>> =
        ranking.map(|pairs| pairs.iter().map(|(name, score)| ((*name).clone(), *score)).collect());
    String::from_utf8(writer.finish(ranking.as_deref()).unwrap()).unwrap()
}

#[test]
fn a_report_that_was_read_is_written_again_byte_for_byte() {
    let mut files = json_files("hash-chain/reports");
    files.extend(peer_files().into_iter().filter(|path| kind(path) == Kind::AuditReport));
    assert_eq!(files.len(), 25);
    for path in files {
        let text = String::from_utf8(std::fs::read(&path).unwrap()).unwrap();
        let document = document(text.as_bytes());
        let report = AuditReport::of(&document.value).unwrap();
        let again = written(&report, report.hash_chain.is_some());
        // Two reports of the chain's fixtures were hashed with keys that are no texts: only the digests differ there.
        let unstable = ["17_", "18_", "19_"].iter().any(|prefix| name(&path).starts_with(prefix));
        if unstable {
            let body = |text: &str| text.split("\"hash_chain\"").next().unwrap().to_owned();
            assert!(body(&again) == body(&text), "{}", path.display());
        } else {
            assert!(again == text, "{}", path.display());
        }
        assert!(verify(&read(written(&report, true).as_bytes(), &Rules::PYTHON).unwrap()).first_bad.is_none());
    }
}

/// The sample with every list cut to its first items, so that a mutant is read in microseconds and still whole.
fn short(bytes: &[u8]) -> Vec<u8> {
    fn shorten(value: &Value) -> Value {
        match value {
            Value::List(items) => Value::List(items.iter().take(1).map(shorten).collect()),
            Value::Dict(dict) => {
                let long = ["config", "config_full", "search_settings", "detail"];
                let keep = |key: &Text| !long.iter().any(|name| *key == **name);
                let cut = |key: &Text, value| if keep(key) { shorten(value) } else { Value::Dict(Dict::default()) };
                Value::Dict(dict.iter().map(|(key, value)| (key.clone(), cut(key, value))).collect())
            }
            other => other.clone(),
        }
    }
    canonical(&shorten(&document(bytes).value)).into_bytes()
}

fn page(artifact: &Artifact<'_>) -> String {
    match artifact {
        Artifact::P1(result) => Scorecard::from(result).page(),
        Artifact::Iterative(result) => Scorecard::from(result).page(),
        Artifact::P2(result) => Scorecard::from(result).page(),
        Artifact::AuditReport(report) => Scorecard::from(report).page(),
        Artifact::Benchmark(benchmark) => peer_benchmark(benchmark),
    }
}

/// Reads mutants of the samples of one kind as that kind, shows and judges what can be read, and places every fault.
fn survive(wanted: Kind) {
    let files = peer_files().into_iter().filter(|path| kind(path) == wanted);
    let seeds: Vec<Vec<u8>> = files.map(|path| short(&std::fs::read(path).unwrap())).collect();
    let mut draws = Draws(20_261_124);
    let (mutants, mut read_as_json, mut read_whole) = (mutants(), 0, 0);
    for mutant in 0..mutants {
        let mut bytes = seeds[mutant % seeds.len()].clone();
        mutate(&mut bytes, &mut draws);
        let survived = catch_unwind(|| {
            let document = read(&bytes, &Rules::PYTHON).ok()?;
            match Artifact::of(wanted, &document.value) {
                Ok(artifact) => {
                    let shown = page(&artifact);
                    assert!(shown.chars().all(|character| character == '\n' || !character.is_control()), "{shown:?}");
                    // A text of n bytes makes no page of more than a few n, however it nests.
                    assert!(shown.len() < 4_000 + 20 * bytes.len());
                    for finding in findings(&artifact) {
                        assert!(place(&bytes, &finding.path).offset < bytes.len());
                    }
                    Some(true)
                }
                Err(error) => {
                    assert!(place(&bytes, &error.path).offset < bytes.len());
                    Some(false)
                }
            }
        });
        let Ok(outcome) = survived else { panic!("mutant {mutant}: {:?}", String::from_utf8_lossy(&bytes)) };
        read_as_json += usize::from(outcome.is_some());
        read_whole += usize::from(outcome == Some(true));
    }
    // Mutants that no longer read as JSON would test that reader alone.
    assert!(read_as_json * 20 > mutants, "{read_as_json} of {mutants} read as JSON");
    assert!(read_whole * 100 > mutants, "{read_whole} of {mutants} read whole");
    assert_little_memory();
}

/// The most memory this process ever had, all of its tests together. Only Linux says so without a library.
fn assert_little_memory() {
    let Ok(status) = std::fs::read_to_string("/proc/self/status") else { return };
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    let kilobytes: u64 = peak.trim().trim_end_matches(" kB").parse().unwrap();
    assert!(kilobytes < 64 << 10, "{kilobytes} kB");
}

#[test]
fn no_mutant_of_a_p1_result_panics() {
    survive(Kind::P1);
}

#[test]
fn no_mutant_of_an_iterative_result_panics() {
    survive(Kind::Iterative);
}

#[test]
fn no_mutant_of_a_p2_result_panics() {
    survive(Kind::P2);
}

#[test]
fn no_mutant_of_an_audit_report_panics() {
    survive(Kind::AuditReport);
}

#[test]
fn no_mutant_of_a_benchmark_panics() {
    survive(Kind::Benchmark);
}
