//! The hash chain of the Python package's audit reports: its own files, its own verdicts.

#![expect(clippy::unwrap_used, reason = "a test that unwraps fails with the place and the value")]
#![expect(clippy::disallowed_methods, reason = "a test reads its fixtures and how many mutants it is asked for")]

#[path = "support/mutation.rs"]
mod mutation;

use std::collections::BTreeMap;
use std::panic::catch_unwind;
use std::path::Path;

use omega_lock::internals::interop::audit_report::AuditReport;
use omega_lock::internals::interop::canonical;
use omega_lock::internals::interop::hash_chain::{Anchor, Ground, LinkFault, PeerVerify, Verification, hashes, verify};
use omega_lock::internals::interop::json::{JsonErrorKind, Rules, read};
use sha2::{Digest, Sha256};

use mutation::{Draws, mutants, mutate};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/hash-chain");

/// Every sample by its name in expected.json.
fn samples(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut samples = BTreeMap::new();
    for part in ["reports", "tampered"] {
        for entry in std::fs::read_dir(folder.join(part)).into_iter().flatten() {
            let path = entry.unwrap().path();
            let name = format!("{part}/{}", path.file_name().unwrap().to_str().unwrap());
            samples.insert(name, std::fs::read(&path).unwrap());
        }
    }
    assert!(!samples.is_empty(), "no samples in {}", folder.display());
    samples
}

fn sample(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(FOLDER).join(name)).unwrap()
}

fn judged(bytes: &[u8]) -> Verification {
    verify(&read(bytes, &Rules::PYTHON).unwrap())
}

#[test]
fn every_sample_has_the_verdict_and_the_digests_the_python_package_gives_it() {
    let samples = samples(Path::new(FOLDER));
    let expected: serde_json::Value = serde_json::from_slice(&sample("expected.json")).unwrap();
    let expected = expected["files"].as_object().unwrap();
    assert!(samples.keys().eq(expected.keys()), "the samples are not those of expected.json");
    assert_eq!(samples.len(), 37);
    for (name, bytes) in &samples {
        let verification = judged(bytes);
        let verify: serde_json::Value = match &verification.peer_verify {
            PeerVerify::Holds => true.into(),
            PeerVerify::Broken => false.into(),
            PeerVerify::Missing => "missing".into(),
            PeerVerify::Refused(error) => error.to_string().into(),
        };
        let all = Sha256::digest(verification.hashes.join("\n"));
        let all: String = all.iter().map(|byte| format!("{byte:02x}")).collect();
        let found = serde_json::json!({
            "n_runs": verification.hashes.len(),
            "recomputed_head": verification.anchor().head,
            "recomputed_sha256": all,
            "peer_verify": verify,
            "chain_head": chain_head(bytes),
            "first_bad": verification.first_bad,
        });
        assert_eq!(found, expected[name], "{name}");
    }
}

fn chain_head(bytes: &[u8]) -> Option<String> {
    let document = read(bytes, &Rules::PYTHON).unwrap();
    let report = AuditReport::of(&document.value).unwrap();
    report.hash_chain?.last().map(|link| link.run_hash.to_string())
}

#[test]
#[should_panic(expected = "no samples in")]
fn an_empty_folder_is_a_failure() {
    samples(tempfile::tempdir().unwrap().path());
}

/// The grounds against each sample that is not accepted, by what they begin with.
#[test]
fn what_speaks_against_a_sample_is_named_and_nothing_speaks_against_the_others() {
    let grounds: [(&str, &[&str]); 21] = [
        ("reports/08_unicode_values", &["row 0: judged by other constraints"]),
        (
            "reports/17_nonstring_keys_unstable",
            &["row 1: digest differs from `run_hash`; its keys `10`, `9` look like"],
        ),
        (
            "reports/18_nonstring_keys_negative_float",
            &["row 0: digest differs from `run_hash`; its keys `-1`, `-2`, `0`"],
        ),
        ("reports/19_pair_of_lone_surrogates", &["row 1: digest", "line 44, column 9 (byte 1035): the key `😀` again"]),
        ("reports/21_gap_and_repeat_call_index", &["row 1: `call_index` does not rise"]),
        ("tampered/t01_fitness_edited", &["row 3: digest differs"]),
        (
            "tampered/t02_tail_cut_runs_and_chain",
            &[
                "`summary.n_total`: found 15, the runs give 10",
                "`summary.n_feasible`: found 6, the runs give 4",
                "`summary.constraint_pass_counts.fitness > 0`: found 6, the runs give 4",
                "`summary.constraint_pass_counts.été ≤ 2`: found 15, the runs give 10",
            ],
        ),
        (
            "tampered/t03_tail_cut_runs_only",
            &[
                "row 10: an entry in `hash_chain` without a run",
                "`summary.n_total`",
                "`summary.n_feasible`",
                "`summary.constraint_pass_counts.fitness > 0`",
                "`summary.constraint_pass_counts.été ≤ 2`",
            ],
        ),
        ("tampered/t04_header_edited", &["`started_iso`: expected a time", "`ended_iso`: expected a time"]),
        (
            "tampered/t05_summary_edited",
            &[
                "`summary.n_total`: found 99, the runs give 15",
                "`summary.n_feasible`: found 15, the runs give 6",
                "`summary.feasibility_rate`: found 1.0, the runs give 0.4",
            ],
        ),
        (
            "tampered/t06_constraints_and_ranking_edited",
            &[
                "`summary.constraint_pass_counts.été ≤ 2`: found 15, the runs give nothing",
                "row 0: judged by other constraints",
            ],
        ),
        ("tampered/t07_unknown_key_in_run", &["`runs[0].approved_by`: unknown key"]),
        ("tampered/t08_duplicate_key_first", &["line 25, column 7 (byte 498): the key `fitness` again"]),
        (
            "tampered/t09_duplicate_key_last",
            &["row 0: digest differs", "line 26, column 7 (byte 536): the key `n_trials`"],
        ),
        ("tampered/t11_chain_removed", &["no `hash_chain`"]),
        ("tampered/t12_reordered", &["row 1: digest differs", "row 2: `call_index` does not rise"]),
        ("tampered/t13_rewritten_by_a_javascript_tool", &["row 0: digest differs"]),
        (
            "tampered/t16_row_inserted_twice_with_chain",
            &[
                "row 15: digest differs",
                "`summary.n_total`",
                "`summary.feasibility_rate`",
                "`summary.constraint_pass_counts.été ≤ 2`",
                "row 15: `call_index` does not rise",
            ],
        ),
        // Rewritten or computed again as a whole: nothing in the file speaks against it.
        ("tampered/t10_edited_and_chain_recomputed", &[]),
        ("tampered/t14_minified_sorted_raw_utf8", &[]),
        ("tampered/t15_numbers_respelled", &[]),
    ];
    let grounds: BTreeMap<_, _> =
        grounds.into_iter().map(|(name, grounds)| (format!("{name}.json"), grounds)).collect();
    for (name, bytes) in &samples(Path::new(FOLDER)) {
        let verification = judged(bytes);
        let expected = grounds.get(name).copied().unwrap_or_default();
        let found: Vec<_> = verification.grounds.iter().map(Ground::to_string).collect();
        let same =
            found.len() == expected.len() && found.iter().zip(expected).all(|(found, begin)| found.starts_with(begin));
        assert!(same, "{name}: {found:#?}");
        assert_eq!(verification.holds(), expected.is_empty(), "{name}");
    }
}

#[test]
fn an_anchor_shows_a_cut_and_a_chain_computed_again() {
    let anchor = judged(&sample("reports/02_real_auditing_target.json")).anchor();
    assert_eq!(anchor.rows, 15);
    for name in ["t02_tail_cut_runs_and_chain", "t10_edited_and_chain_recomputed"] {
        let cut = judged(&sample(&format!("tampered/{name}.json"))).against(&anchor);
        assert!(matches!(cut.grounds.last(), Some(Ground::Anchor { .. })), "{name}");
        assert!(!cut.holds());
    }
    assert!(judged(&sample("tampered/t14_minified_sorted_raw_utf8.json")).against(&anchor).holds());
    let empty = Anchor { rows: 0, head: None };
    assert!(judged(&sample("reports/01_empty.json")).against(&empty).holds());
}

#[test]
fn strict_rules_refuse_exactly_the_samples_with_repeated_keys() {
    let refused = samples(Path::new(FOLDER)).into_iter().filter(|(_, bytes)| {
        let error = read(bytes, &Rules::STRICT).err();
        assert!(error.as_ref().is_none_or(|error| error.kind == JsonErrorKind::RepeatedKey));
        error.is_some()
    });
    let refused: Vec<_> = refused.map(|(name, _)| name).collect();
    assert_eq!(
        refused,
        [
            "reports/19_pair_of_lone_surrogates.json",
            "tampered/t08_duplicate_key_first.json",
            "tampered/t09_duplicate_key_last.json"
        ]
    );
}

#[test]
fn every_changed_letter_or_digit_of_a_run_is_found() {
    let original = sample("reports/02_real_auditing_target.json");
    let text = std::str::from_utf8(&original).unwrap();
    let start = text.find("0.02857142857142858").unwrap();
    let end = start + text[start..].find("\"params\"").unwrap();
    let mut changed = 0;
    for place in (start..end).filter(|&place| original[place].is_ascii_alphanumeric()) {
        let mut bytes = original.clone();
        bytes[place] ^= 1;
        if let Ok(document) = read(&bytes, &Rules::PYTHON) {
            let verification = verify(&document);
            assert!(!verification.holds(), "byte {place}");
            assert!(verification.first_bad.is_none_or(|row| row == 3), "byte {place}");
        }
        changed += 1;
    }
    assert!(changed > 200, "{changed}");
}

#[test]
fn an_entry_is_compared_in_all_its_parts() {
    let original = String::from_utf8(sample("reports/02_real_auditing_target.json")).unwrap();
    let first_format = original.replacen("\"schema_version\": \"omega-lock.audit-report.v2\",", "", 1);
    let second = "\"call_index\": 1,\n      \"previous_hash\": \"5f";
    assert!(original.contains(second));
    for (replaced, broken) in [
        (second.replace("1,", "2,"), Some((1, LinkFault::CallIndex))),
        (second.replace("5f", "6f"), Some((1, LinkFault::PreviousHash))),
        // Equal in Python.
        (second.replace("1,", "true,"), None),
        (second.replace("1,", "1.0,"), None),
    ] {
        let verification = judged(original.replacen(second, &replaced, 1).as_bytes());
        let found = verification.grounds.iter().find_map(|ground| match ground {
            Ground::Chain { row, fault, .. } => Some((*row, *fault)),
            _ => None,
        });
        assert_eq!(found, broken, "{replaced}");
        assert_eq!(verification.peer_verify == PeerVerify::Holds, broken.is_none(), "{replaced}");
    }
    // The first format has no version and does not compare call indices.
    assert!(judged(first_format.as_bytes()).holds());
    let other = first_format.replacen(second, &second.replace("1,", "2,"), 1);
    assert_eq!(judged(other.as_bytes()).peer_verify, PeerVerify::Holds);
}

#[test]
fn no_mutant_of_any_sample_panics() {
    let mutants = mutants();
    // Whole where a sample is short, so that mutants reach the chain; else how it begins.
    let seeds: Vec<_> = samples(Path::new(FOLDER))
        .into_values()
        .map(|bytes| if bytes.len() <= 1_700 { bytes } else { bytes[..400].to_vec() })
        .collect();
    let mut draws = Draws(20_260_101);
    let (mut readable, mut hashed) = (0, 0);
    for mutant in 0..mutants {
        let mut bytes = seeds[mutant % seeds.len()].clone();
        mutate(&mut bytes, &mut draws);
        let survived = catch_unwind(|| {
            let document = read(&bytes, &Rules::PYTHON).ok()?;
            let again = read(canonical(&document.value).as_bytes(), &Rules::STRICT).unwrap();
            assert_eq!(canonical(&again.value), canonical(&document.value));
            let _ = AuditReport::of(&document.value);
            let verification = verify(&document);
            let _ = verification.grounds.iter().map(Ground::to_string).collect::<Vec<_>>();
            assert!(!verification.holds() || verification.peer_verify == PeerVerify::Holds);
            Some(hashes(&document.value).is_ok())
        });
        let Ok(outcome) = survived else { panic!("mutant {mutant}: {:?}", String::from_utf8_lossy(&bytes)) };
        readable += usize::from(outcome.is_some());
        hashed += usize::from(outcome == Some(true));
    }
    // Mutants that no longer read as JSON would test the reader alone.
    assert!(readable * 50 > mutants && hashed * 100 > mutants, "{readable} read, {hashed} hashed of {mutants}");
}
