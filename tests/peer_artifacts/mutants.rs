//! Artifacts changed at random: read or refused, never a panic, never much memory.

use std::panic::catch_unwind;

use omega_lock::internals::interop::artifact::{Artifact, Kind, findings};
use omega_lock::internals::interop::canonical;
use omega_lock::internals::interop::json::{Dict, Rules, Text, Value, place, read};
use omega_lock::internals::report::{Page, peer_benchmark};

use crate::mutation::{Draws, mutants, mutate};
use crate::{document, kind, peer_files};

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
        Artifact::Benchmark(benchmark) => peer_benchmark(benchmark),
        other => Page::of_peer(other).unwrap().text(),
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
