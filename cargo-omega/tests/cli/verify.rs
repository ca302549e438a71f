//! `cargo omega verify`: what a file shows of itself being damaged, in text and exit code.

use std::path::{Path, PathBuf};

use crate::support::{Project, Shown, repository};

fn fixture(path: &str) -> PathBuf {
    repository().join("fixtures").join(path)
}

fn text(path: &str) -> String {
    let path = fixture(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Every JSON file of a folder of fixtures, by its path below `fixtures`.
fn files(folder: &str) -> Vec<String> {
    let entries = std::fs::read_dir(fixture(folder)).expect("a folder");
    let names = entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8"));
    let mut files: Vec<_> =
        names.filter(|name| name.ends_with(".json")).map(|name| format!("{folder}/{name}")).collect();
    files.sort();
    files
}

fn verify(path: &Path) -> Shown {
    Project::empty().omega(["verify", path.to_str().expect("UTF-8")]).run()
}

/// `text` as the only file of a project.
fn verify_text(text: &str) -> Shown {
    let project = Project::empty();
    project.file("a.json", text);
    project.omega(["verify", "a.json"]).run()
}

/// Class and text of each damage that is shown.
fn damages(shown: &Shown) -> Vec<&str> {
    shown.stdout.lines().filter_map(|line| line.strip_prefix("  damage ")).collect()
}

/// How the damages of each file of the chain's fixtures begin; the others show none.
const DAMAGED: [(&str, &[&str]); 18] = [
    ("reports/08_unicode_values", &["[constraints] byte 247: row 0: judged by other constraints"]),
    ("reports/17_nonstring_keys_unstable", &["[run-hash] byte 569: row 1: digest differs from `run_hash`; its keys"]),
    ("reports/18_nonstring_keys_negative_float", &["[run-hash] byte 247: row 0: digest differs"]),
    (
        "reports/19_pair_of_lone_surrogates",
        &["[run-hash] byte 604: row 1: digest differs", "[repeated-key] byte 1035: line 44: the key `😀`"],
    ),
    ("reports/21_gap_and_repeat_call_index", &["[call-index] byte 824: row 1: `call_index` does not rise"]),
    ("tampered/t01_fitness_edited", &["[run-hash] byte 2275: row 3: digest differs from `run_hash`"]),
    (
        "tampered/t02_tail_cut_runs_and_chain",
        &[
            "[summary] byte 6670: `summary.n_total`: found 15, the runs give 10",
            "[summary] byte 6692: `summary.n_feasible`: found 6, the runs give 4",
            "[summary] byte 6777: `summary.constraint_pass_counts.fitness > 0`: found 6, the runs give 4",
            "[summary] byte 6812: `summary.constraint_pass_counts.été ≤ 2`: found 15, the runs give 10",
        ],
    ),
    (
        "tampered/t03_tail_cut_runs_only",
        &[
            "[run-missing] byte 8906: row 10: an entry in `hash_chain` without a run",
            "[summary] ",
            "[summary] ",
            "[summary] ",
            "[summary] ",
        ],
    ),
    ("tampered/t04_header_edited", &["[time] byte 136: `started_iso`", "[time] byte 159: `ended_iso`"]),
    (
        "tampered/t05_summary_edited",
        &[
            "[summary] byte 9737: `summary.n_total`: found 99",
            "[summary] byte 9759: `summary.n_feasible`: found 15",
            "[summary] byte 9787: `summary.feasibility_rate`: found 1.0",
        ],
    ),
    (
        "tampered/t06_constraints_and_ranking_edited",
        &["[summary] byte 9802: `summary.constraint_pass_counts.été ≤ 2`", "[constraints] byte 331: row 0"],
    ),
    ("tampered/t07_unknown_key_in_run", &["[unknown-key] byte 1036: `runs[0].approved_by`: unknown key"]),
    ("tampered/t08_duplicate_key_first", &["[repeated-key] byte 498: line 25: the key `fitness` again"]),
    (
        "tampered/t09_duplicate_key_last",
        &["[run-hash] byte 408: row 0", "[repeated-key] byte 536: line 26: the key `n_trials` again"],
    ),
    ("tampered/t11_chain_removed", &["[no-chain] no `hash_chain`: written without it, or removed"]),
    ("tampered/t12_reordered", &["[run-hash] byte 1025: row 1", "[call-index] byte 2208: row 2"]),
    ("tampered/t13_rewritten_by_a_javascript_tool", &["[run-hash] byte 408: row 0: digest differs"]),
    (
        "tampered/t16_row_inserted_twice_with_chain",
        &["[run-hash] byte 9609: row 15", "[summary] ", "[summary] ", "[summary] ", "[call-index] byte 10159: row 15"],
    ),
];

#[test]
fn every_report_of_the_chains_fixtures_has_its_text_and_exit_code() {
    let expected: serde_json::Value = serde_json::from_str(&text("hash-chain/expected.json")).expect("JSON");
    let expected = expected["files"].as_object().expect("an object");
    assert_eq!(expected.len(), 37);
    for (file, verdict) in expected {
        let shown = verify(&fixture(&format!("hash-chain/{file}")));
        // What the Python package itself says of the file.
        let chain = match (&verdict["peer_verify"], verdict["first_bad"].as_u64()) {
            (serde_json::Value::Bool(true), None) => "  chain ok\n".to_owned(),
            (serde_json::Value::Bool(false), Some(row)) => format!("  chain broken at row {row}\n"),
            (serde_json::Value::String(missing), None) if missing == "missing" => "  no chain\n".to_owned(),
            other => panic!("{file}: {other:?}"),
        };
        shown.shows(&chain).shows("  anchor none\n").shows(&format!("  rows {}\n", verdict["n_runs"]));
        shown.shows("audit report of omega-lock ").hides("tamper-proof");
        let damaged = DAMAGED.iter().find(|(name, _)| *file == format!("{name}.json"));
        let (beginnings, code) = damaged.map_or((&[][..], 0), |(_, beginnings)| (*beginnings, 3));
        let found = damages(&shown);
        let same = found.len() == beginnings.len()
            && found.iter().zip(beginnings).all(|(found, beginning)| found.starts_with(beginning));
        assert!(same && shown.code == Some(code), "{file}: {shown:?}");
    }
}

#[test]
fn every_artifact_that_the_python_package_wrote_is_sound_and_says_what_it_is() {
    let files = [files("peer/0.1.7"), files("peer/0.3.8")].concat();
    assert_eq!(files.len(), 18);
    for file in files {
        let shown = verify(&fixture(&file));
        let (folder, name) = file.rsplit_once('/').expect("a folder");
        let (version, format) = match folder {
            "peer/0.1.7" => ("", "first format"),
            _ => (" 0.3.8", "second format"),
        };
        let kind = match name.split(['-', '.']).next().expect("a name") {
            "audit" => format!("audit report of omega-lock {} for Python, {format}\n", &folder["peer/".len()..]),
            // It has never had a version.
            "benchmark" => "benchmark of omega-lock for Python\n".to_owned(),
            kind => format!("{kind} result of omega-lock{version} for Python, {format}\n"),
        };
        shown.shows(&format!(": {kind}"));
        if name == "audit-no-chain.json" {
            assert_eq!((shown.code, damages(&shown).len()), (Some(3), 1), "{shown:?}");
        } else {
            assert_eq!((shown.code, damages(&shown).len()), (Some(0), 0), "{shown:?}");
        }
    }
}

#[test]
fn an_edit_of_a_result_is_named_with_its_place() {
    for (file, from, to, damage) in [
        (
            "p1",
            "\"status\": \"PASS\",\n  \"el",
            "\"status\": \"FAIL:KC-4\",\n  \"el",
            "[contradiction] byte 14: `status`: found `FAIL:KC-4`, the rest gives `PASS`",
        ),
        (
            "p1",
            "\"fitness\": -1.0,\n      \"n_trials\": 62,\n      \"wall_s\": 0.25\n    },\n    {\n      \"idx\": 5",
            "\"fitness\": -2.0,\n      \"n_trials\": 62,\n      \"wall_s\": 0.25\n    },\n    {\n      \"idx\": 5",
            "`grid_best`: found candidate 4, the rest gives no such candidate",
        ),
        (
            "p1",
            "\"elapsed_seconds\": 11.5",
            "\"elapsed_seconds\": \"11.5\"",
            "[schema] byte 43: `elapsed_seconds`: found a text, expected a number",
        ),
        (
            "p1",
            "\"top_n\": 4,",
            "\"top_m\": 4,",
            "`walk_forward.top_m`: found an unknown key, expected a key that is written there, such as `top_n`",
        ),
        ("p1", "\"name\": \"KC-1\",", "", "`kc_reports[3].name`: found nothing, expected a text"),
        (
            "p1",
            "\"ofi_biased\": false\n    },\n    {\n      \"name\": \"n\"",
            "\"ofi_biased\": true\n    },\n    {\n      \"name\": \"n\"",
            "`stress_results[0].stress_suppressed`: found false, expected the same as `ofi_biased`",
        ),
        ("p1", "\"top_k\": [", "\"status\": \"PASS\", \"top_k\": [", "[repeated-key] byte "),
        (
            "iterative",
            "\"final_status\": \"FAIL:round2\"",
            "\"final_status\": \"PASS\"",
            "`final_status`: found `PASS`, the rest gives `FAIL:round2`",
        ),
        (
            "iterative",
            "\"status\": \"FAIL:KC-4\"",
            "\"status\": \"PASS\"",
            "`rounds[1].status`: found `PASS`, the rest gives `FAIL:KC-4`",
        ),
        (
            "iterative",
            "\"holdout_present\": true",
            "\"holdout_present\": 1",
            "`holdout_present`: found an integer, expected a boolean",
        ),
        (
            "p2",
            "\"trial_idx\": 1,",
            "\"trial_idx\": 9,",
            "`tpe_best`: found candidate 1, the rest gives no such candidate",
        ),
        (
            "p2",
            "\"seed\": 42,\n  \"warnings\"",
            "\"seed\": \"42\",\n  \"warnings\"",
            "`seed`: found a text, expected an integer",
        ),
        ("benchmark", "\"status_pass\": 0", "\"status_pass\": 1", "`rows[1].status_pass`: found 1, the rest gives 0"),
        ("benchmark", "\"n_runs\": 1", "\"n_runs\": 5", "`scorecard[0].n_runs`: found 5, the rest gives 1"),
    ] {
        let text = text(&format!("peer/0.3.8/{file}.json"));
        assert!(text.contains(from), "{file} lacks {from:?}");
        let shown = verify_text(&text.replacen(from, to, 1));
        assert_eq!(shown.code, Some(3), "{to}: {shown:?}");
        assert!(damages(&shown).iter().any(|found| found.contains(damage)), "{damage}\n{shown:?}");
    }
}

#[test]
fn what_is_no_artifact_exits_2_and_what_begins_as_one_and_breaks_off_exits_3() {
    let whole = text("peer/0.3.8/p1.json");
    for (bad, code, said) in [
        ("", 2, "found the end of the text"),
        ("scores", 2, "line 1, column 1 (byte 0): found `s`, expected a value"),
        ("[1, 2]", 2, "it is a list, not an object"),
        ("{}", 2, "it has no `schema_version` that is known"),
        ("{\"schema_version\": 3}", 2, "it has no `schema_version` that is known"),
        (
            "{\"schema_version\": \"omega-lock.p1-result.v9\\u001b\"}",
            2,
            "its `schema_version` is `omega-lock.p1-result.v9\\u{1b}`",
        ),
        (&format!("{{\"a\": {}", "[".repeat(100_000)), 2, "found level 513 of nesting, expected at most 512"),
        (&format!("{{\"a\": {}}}", "9".repeat(4_301)), 2, "found an integer of 4301 digits, expected at most 4300"),
        (&whole[..whole.len() / 2], 3, "found the end of the text"),
        (&whole.replacen(':', ";", 1), 3, "found `;`, expected `:`"),
    ] {
        let shown = verify_text(bad);
        assert_eq!(shown.code, Some(code), "{shown:?}");
        shown.says(said).says("a.json");
    }
}

#[test]
fn only_regular_files_are_read() {
    let project = Project::empty();
    project.file("folder/a.json", &text("peer/0.3.8/p1.json"));
    project.omega(["verify", "none.json"]).exits(2).says("`none.json` could not be opened");
    project.omega(["verify", "folder"]).exits(2).says("`folder` is a folder, expected a regular file");
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("folder/a.json", project.path("link.json")).expect("a link");
        project.omega(["verify", "link.json"]).exits(2).says("`link.json` is a link, expected a regular file");
        project.omega(["show", "link.json"]).exits(2).says("`link.json` is a link, expected a regular file");
        let made = std::process::Command::new("mkfifo").arg(project.path("pipe.json")).status().expect("mkfifo starts");
        assert!(made.success());
        // Opened, it would wait for a writer for ever.
        project.omega(["verify", "pipe.json"]).exits(2).says("`pipe.json` is a pipe, a socket or a device");
        project.omega(["verify", "/dev/zero"]).exits(2).says("`/dev/zero` is a pipe, a socket or a device");
    }
}

#[test]
fn a_file_that_is_too_large_is_not_read() {
    let project = Project::empty();
    let file = std::fs::File::create(project.path("large.json")).expect("a file");
    // A hole: it takes no room.
    file.set_len((256 << 20) + 1).expect("a length");
    project.omega(["verify", "large.json"]).exits(2).says("`large.json` is larger than 268435456 bytes");
}

#[test]
fn of_several_files_each_is_said_and_the_worst_decides() {
    let project = Project::empty();
    project.file("good.json", &text("peer/0.3.8/audit.json"));
    project.file("bad.json", &text("hash-chain/tampered/t01_fitness_edited.json"));
    project.omega(["verify", "good.json"]).exits(0).shows("good.json: audit report");
    let shown = project.omega(["verify", "good.json", "bad.json", "none.json"]).exits(3);
    shown.shows("good.json: audit report").shows("bad.json: audit report").says("`none.json`");
    project.omega(["verify", "good.json", "none.json"]).exits(2);
    project.omega(["verify"]).exits(2).says("RUN");
}

#[test]
fn many_damages_are_counted_and_the_first_ones_shown() {
    let text = text("hash-chain/reports/20_thousand_runs.json");
    let shown = verify_text(&text.replace("\"n_trials\"", "\"n_trial\""));
    assert_eq!(shown.code, Some(3));
    assert_eq!(damages(&shown).len(), 20, "{shown:?}");
    shown.shows("  ... and ");
}
