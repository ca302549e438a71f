//! The selected candidate stands wherever results are shown.

use omega_lock::internals::artifacts::SelectedEntry;
use serde_json::json;

use crate::support::{Project, Suite};

const STRICT: &str = "[calibration.bowl]\nlock = \"off\"\ngold = \"off\"\nblocks = 8\nsearch = { method = \"grid\", unlock_k = 2, points_per_axis = 5 }\n";

fn selected(project: &Project) -> SelectedEntry {
    project.results().suites[0].runs[0].selected.clone().expect("a candidate")
}

/// The lines of a text about the candidate, the breaks between them taken out.
fn in_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_pass_says_what_it_changes_how_far_that_gets_and_what_it_gains_wherever_results_are_shown() {
    let project = Project::copy_of("probe");
    project.file("omega.toml", STRICT);
    let file = |name: &str| project.path(name).to_str().expect("a path").to_owned();
    let shown = project
        .omega(["test", "--junit", "junit.xml"])
        .env("PROBE_BLOCKS", "8")
        .env("GITHUB_ACTIONS", "true")
        .env("GITHUB_STEP_SUMMARY", &file("summary.md"))
        .env("GITHUB_OUTPUT", &file("outputs"))
        .exits(0);
    let winner = selected(&project);
    let changed: Vec<_> = winner.params.iter().map(|param| (param.name.as_str(), param.unlocked)).collect();
    assert_eq!((changed, winner.kept, winner.ships), (vec![("x", true), ("y", true)], 1, true));
    let slices: Vec<_> = winner.slices.iter().map(|level| level.slice.0.name()).collect();
    assert_eq!(slices, ["train", "test", "holdout"]);
    assert!(winner.slices[0].baseline.is_some() && winner.slices[1].baseline.is_some());
    let line = "x 0.5 -> 1.0, y stays -1.0; 1 other was not unlocked";
    let text = in_one_line(&shown.stdout);
    assert!(text.contains(&format!("Selected {line} (#")), "{shown:?}");
    for part in ["train -0.5005 (baseline -0.7505), test -0.5105 (baseline -0.8605), holdout ", "Gain test 0.3"] {
        assert!(text.contains(part), "{part}: {shown:?}");
    }
    for below in
        shown.stdout.lines().filter(|below| ["Selected", "Gain", "train "].iter().any(|w| below.trim().starts_with(w)))
    {
        assert!(below.chars().count() <= 80, "{below}");
    }
    let junit = project.read("junit.xml");
    for property in [
        "name=\"selected\" value=\"x 0.5 -&gt; 1.0, y",
        "name=\"selected.param.x\" value=\"1.0\"",
        "name=\"selected.train\"",
        "name=\"gain.test\"",
    ] {
        assert_eq!(junit.matches(property).count(), 1, "{property}, once a run: {junit}");
    }
    let summary = project.read("summary.md");
    assert!(summary.contains("<code>x 0.5 -&gt; 1.0, y stays -1.0; 1 other was not unlocked</code>"), "{summary}");
    let outputs = project.read("outputs");
    assert!(outputs.contains("\nselected={\"bowl\":{\"x\":1.0,\"y\":-1.0}}\n"), "{outputs}");
}

#[test]
fn of_rounds_the_last_one_that_was_locked_in_has_it_and_a_failed_first_round_says_that_it_was_not() {
    let project = Project::copy_of("probe");
    let declared = project.read("omega.toml").replace("unlock_k = 2", "unlock_k = 1");
    let rounds = |more: &str| {
        let table = format!("pipeline = \"iterative\"\niterative = {{ rounds = 3 }}\n{more}\nprofile =");
        project.file("omega.toml", &declared.replace("profile =", &table));
        project.omega(["test"]).run()
    };
    let shown = rounds("gates = { pearson_min = 0.9999 }");
    shown.shows("FAIL:round2").shows("(round 1 #");
    let winner = selected(&project);
    assert_eq!((winner.round, winner.ships, winner.params.len()), (Some(1), true, 1));
    let shown = rounds("gates = { gini_min = 0.99 }");
    shown.shows("FAIL:round1");
    assert!(in_one_line(&shown.stdout).contains("Selected none"), "nothing was unlocked: {shown:?}");
    let shown = rounds("gates = { trade_count_min = 101 }");
    assert!(in_one_line(&shown.stdout).contains("not locked in)"), "{shown:?}");
    assert!(!selected(&project).ships);
    // What two rounds came to is held against the start, and not against the first of them.
    rounds("");
    let winner = selected(&project);
    assert_eq!((winner.round, winner.params.len(), winner.kept), (Some(2), 2, 1));
    let baseline = winner.slices[0].baseline.expect("a baseline").0;
    assert!((baseline - -0.7505).abs() < 1e-12, "{baseline}");
    project.omega(["show", "bowl"]).exits(0).shows("baseline -0.7505");
}

#[test]
fn a_long_space_is_cut_with_a_count_and_stays_whole_in_the_data() {
    let params: Vec<_> = (0..30)
        .map(|number| json!({ "name": format!("p{number}"), "kind": "int", "before": 0, "after": number, "unlocked": true }))
        .collect();
    let slices = [json!({ "slice": "train", "fitness": null })];
    let winner = json!({ "index": 4, "of": 9, "ships": true, "params": params, "kept": 970, "slices": slices });
    let project = Project::with(&Suite::passing().selected(winner));
    let shown = project.omega(["test"]).exits(0);
    let text = in_one_line(&shown.stdout);
    assert!(text.contains("p0 stays 0, p1 0 -> 1,"), "{shown:?}");
    assert!(text.contains("p7 0 -> 7, and 22 more; 970 others were not unlocked (#4 of 9) train failed"), "{shown:?}");
    assert_eq!(selected(&project).params.len(), 30);
}

#[test]
fn hostile_names_and_values_of_a_candidate_give_no_orders() {
    let evil = "\u{1b}[2J\n::error::x\u{202e}<script>`$(id)`'\"|";
    let param = json!({ "name": evil, "kind": "choice", "before": evil, "after": evil.repeat(40), "unlocked": false });
    let winner =
        json!({ "index": 0, "of": 1, "ships": true, "params": [param], "kept": 0, "violates": [evil], "slices": [] });
    let project = Project::with(&Suite::passing().selected(winner));
    let file = |name: &str| project.path(name).to_str().expect("a path").to_owned();
    let shown = project
        .omega(["test", "--junit", "junit.xml"])
        .env("GITHUB_ACTIONS", "true")
        .env("GITHUB_STEP_SUMMARY", &file("summary.md"))
        .env("GITHUB_OUTPUT", &file("outputs"))
        .exits(0);
    assert!(crate::support::obeyed(&shown.stdout).is_empty(), "{shown:?}");
    for text in [&shown.stdout, &project.read("summary.md"), &project.read("junit.xml"), &project.read("outputs")] {
        assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text}");
    }
    for page in ["summary.md", "junit.xml"] {
        assert!(!project.read(page).contains("<script>"), "{page}");
    }
    let outputs = project.read("outputs");
    let line = outputs.lines().find_map(|line| line.strip_prefix("selected=")).expect("the output");
    assert!(!line.contains(['$', '`', '\'', '(', '|', '<']), "{line}");
    let read: serde_json::Value = serde_json::from_str(line).expect("JSON");
    assert_eq!(read["phantom"][evil], json!(evil.repeat(40)));
    assert!(shown.stdout.lines().all(|line| line.chars().count() < 200), "{shown:?}");
}

#[test]
fn who_accepts_gold_sees_what_is_to_be_accepted() {
    let project = Project::copy_of("probe");
    project.file("omega.toml", &STRICT.replace("gold = \"off\"\n", ""));
    let shown = project.omega(["update-gold", "--reason", "first"]).env("PROBE_BLOCKS", "8").exits(0);
    let text = in_one_line(&shown.stdout);
    for part in ["selected x 0.5 -> 1.0, y stays -1.0; 1 other was", "gain test 0.3", "rests on blocks 8", "first gold"]
    {
        assert!(text.contains(part), "{part}: {shown:?}");
    }
    let gold = project.read("fixtures/gold/bowl.json");
    assert!(gold.contains("\"x\": 1.0"), "{gold}");
}
