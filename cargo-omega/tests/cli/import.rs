//! `cargo omega import`: a study in one form, whole, the same bytes again, over nothing but a study.

use omega_lock::internals::artifacts::{
    Direction, LeftOut, Number, Objective, Ordered, Spelled, StudyEnd, StudyHead, StudySource, StudyTold, StudyTrial,
    StudyValue, StudyWriter, TrialState,
};

use crate::support::{Project, repository};

/// A study of one score, as `import` writes it.
pub(crate) fn study(direction: Option<Direction>, trials: &[StudyTrial]) -> String {
    of(vec![Objective { name: "value".to_owned(), direction: direction.map(Spelled) }], trials, StudyEnd::default())
}

/// A study of any scores and distributions.
pub(crate) fn of(objectives: Vec<Objective>, trials: &[StudyTrial], end: StudyEnd) -> String {
    let head = StudyHead { objectives, ..head() };
    let mut writer = StudyWriter::new(Vec::new(), &head, &StudyTold::default()).expect("it is written to memory");
    for trial in trials {
        writer.trial(trial.clone()).expect("it is written");
    }
    let end = StudyEnd { trials: trials.len() as u64, ..end };
    let (bytes, _) = writer.finish(&end).expect("it is written");
    String::from_utf8(bytes).expect("it is text")
}

fn head() -> StudyHead {
    let source = StudySource {
        file: "amp.db".to_owned(),
        sha256: "0".repeat(64),
        tool: "optuna".to_owned(),
        format: "sqlite schema 12".to_owned(),
        study: Some("amp".to_owned()),
    };
    StudyHead { source, objectives: Vec::new() }
}

/// A trial with one parameter and one score.
pub(crate) fn trial(number: u64, state: TrialState, x: f64, value: f64) -> StudyTrial {
    StudyTrial {
        number,
        state: Spelled(state),
        params: Ordered(vec![("x".to_owned(), StudyValue::Float(Number(x)))]),
        scores: Ordered(vec![("value".to_owned(), Number(value))]),
        parts: Ordered::default(),
        constraints: Ordered::default(),
        attributes: serde_json::Map::new(),
    }
}

fn small(direction: Option<Direction>) -> String {
    let trials = [trial(0, TrialState::Complete, 0.5, 1.0), trial(1, TrialState::Pruned, 0.7, 9.0)];
    study(direction, &trials)
}

#[test]
fn a_study_of_ours_comes_out_as_the_same_bytes_and_says_what_it_has() {
    let project = Project::empty();
    let whole = small(Some(Direction::Maximize));
    project.file("amp.study.json", &whole);
    let shown = project.omega(["import", "amp.study.json", "-o", "again.json"]).exits(0);
    shown.shows("amp.db: optuna, sqlite schema 12, study `amp`").shows("trials      2 (1 complete, 1 pruned)");
    shown.shows("score       `value`, maximize").shows("next: `cargo omega study again.json`");
    assert_eq!(project.read("again.json"), whole);
    let over = project.omega(["import", "again.json", "-o", "again.json"]).exits(0);
    over.says("Wrote");
    assert_eq!(project.read("again.json"), whole);
}

#[test]
fn what_the_file_leaves_open_may_be_told_and_stands_in_the_head_as_told() {
    let project = Project::empty();
    project.file("open.json", &small(None));
    project
        .omega(["import", "open.json", "--direction", "minimize", "-o", "told.json"])
        .exits(0)
        .shows("`value`, minimize");
    let told = project.read("told.json");
    assert!(told.lines().next().is_some_and(|head| head.contains("\"told\":{\"direction\":\"minimize\"}")), "{told}");
    project.omega(["import", "told.json", "-o", "again.json"]).exits(0);
    assert_eq!(project.read("again.json"), told);
}

#[test]
fn nothing_is_written_over_that_is_no_study_and_nothing_is_left_of_an_import_that_failed() {
    let project = Project::empty();
    let whole = small(Some(Direction::Maximize));
    project.file("amp.study.json", &whole).file("mine.db", "precious");
    let refused = project.omega(["import", "amp.study.json", "-o", "mine.db"]).exits(2);
    refused.says("`mine.db` is there and is no study");
    assert_eq!(project.read("mine.db"), "precious");
    project.omega(["import", "amp.study.json", "-o", "-"]).exits(2).says("name one");
    for (output, said) in [
        (".", "`.` is a folder"),
        ("", "found an empty one"),
        ("none/x.json", "there is no folder `none`"),
        ("mine.db/x.json", "there is no folder `mine.db`"),
        ("new/", "`new/` is a folder"),
    ] {
        project.omega(["import", "amp.study.json", "-o", output]).exits(2).says(said).hides(".omega-");
    }
    project.file("none.json", &study(Some(Direction::Maximize), &[]));
    project.omega(["import", "none.json", "-o", "new.json"]).exits(2).says("has no trials, so there is nothing");
    project.file("cut.json", &whole[..whole.len() - 40]);
    project.omega(["import", "cut.json", "-o", "new.json"]).exits(3).says("the file ends within this row");
    project.file("edited.json", &whole.replace("9.0", "9.5"));
    project.omega(["import", "edited.json", "-o", "new.json"]).exits(3).says("row 2");
    assert!(!project.path("new.json").is_file());
    let left: Vec<_> =
        std::fs::read_dir(project.root()).expect("a folder").flatten().map(|entry| entry.file_name()).collect();
    assert!(left.iter().all(|name| !name.to_string_lossy().starts_with(".omega-")), "{left:?}");
}

#[test]
fn a_file_of_such_rows_that_is_no_study_of_this_version_is_refused_by_what_it_is() {
    let project = Project::empty();
    let whole = small(Some(Direction::Maximize));
    project.file("next.json", &rehashed(&["{\"study\":{\"schema_version\":\"omega-lock.study.v2\"}}"]));
    project
        .omega(["import", "next.json", "-o", "new.json"])
        .exits(2)
        .says("omega-lock.study.v2")
        .says("omega-lock.study.v1");
    project.file("trail.jsonl", &rehashed(&["{\"kind\":\"header\"}"]));
    project.omega(["import", "trail.jsonl", "-o", "new.json"]).exits(2).says("not the head of a study");
    project.file("amp.study.json", &whole);
    project.omega(["import", "amp.study.json", "--study", "other", "-o", "new.json"]).exits(2).says("`amp`");
    project.omega(["show", "amp.study.json"]).exits(2).says("cargo omega study amp.study.json");
}

#[test]
fn verify_follows_the_chain_of_a_study() {
    let project = Project::empty();
    let whole = small(Some(Direction::Maximize));
    project.file("amp.study.json", &whole);
    let shown = project.omega(["verify", "amp.study.json"]).exits(0);
    shown.shows("study of optuna (sqlite schema 12), from `amp.db`").shows("rows 4 (2 trials)").shows("chain ok");
    let head = shown.stdout.lines().find_map(|line| line.trim().strip_prefix("head ")).expect("the digest").to_owned();
    project.omega(["verify", "amp.study.json", "--anchor", &format!("4:{head}")]).exits(0).shows("anchor ok");
    project.omega(["verify", "amp.study.json", "--anchor", &format!("5:{head}")]).exits(3).shows("damage [anchor]");
    project.file("edited.json", &whole.replace("9.0", "9.5"));
    project.omega(["verify", "edited.json"]).exits(3).shows("damage [digest]").shows("row 2");
    project.file("cut.json", whole.rsplit_once("\n{").expect("rows").0);
    project.omega(["verify", "cut.json"]).exits(3).shows("damage [torn]");
}

#[test]
fn two_trials_of_one_number_are_refused_in_whatever_form_they_come() {
    let project = Project::empty();
    let mut writer = StudyWriter::new(Vec::new(), &head(), &StudyTold::default()).expect("it is written to memory");
    for number in [3, 9, 4] {
        writer.trial(trial(number, TrialState::Complete, 0.5, 1.0)).expect("numbers may come in any order");
    }
    let refused = writer.trial(trial(9, TrialState::Failed, 0.6, 2.0)).expect_err("it was written");
    assert_eq!(refused.to_string(), "two trials have the number 9");
    // A chain that is whole says nothing about who wrote it.
    let rows = small(Some(Direction::Maximize)).replace("\"number\":1", "\"number\":0");
    let bodies = rows.lines().map(|row| row.split_once("\"b\":").and_then(|(_, body)| body.strip_suffix('}')));
    project.file("twice.json", &rehashed(&bodies.map(|body| body.expect("a row")).collect::<Vec<_>>()));
    project.omega(["study", "twice.json"]).exits(3).says("two trials have the number 0");
    project.omega(["import", "twice.json", "-o", "new.json"]).exits(3).says("row 2");
    let epochs = std::fs::read_to_string(
        repository().join("fixtures/studies/freqtrade/strategy_Amp_2026-11-27_09-52-00.fthypt"),
    );
    let epochs = epochs.expect("a fixture");
    let last = epochs.lines().last().expect("an epoch");
    project.file("amp.fthypt", &format!("{epochs}{last}\n"));
    for command in [&["study", "amp.fthypt"][..], &["import", "amp.fthypt", "-o", "new.json"]] {
        project
            .omega(command.iter().copied())
            .exits(2)
            .says("two trials have the number")
            .says("put together of several");
    }
    assert!(!project.path("new.json").is_file());
}

#[test]
fn the_summary_counts_parameters_whether_or_not_their_ranges_are_known() {
    let project = Project::empty();
    project.file("t.csv", "a,b,loss\n1,2,3\n4,5,6\n");
    let arguments = |params: &'static str| {
        ["import", "t.csv", "--score", "loss", "--direction", "minimize", "--params", params, "-o", "new.json"]
    };
    project.omega(arguments("a,b")).exits(0).shows("  parameters  2; their ranges are not in the file");
    let mut none = trial(0, TrialState::Complete, 0.5, 1.0);
    none.params.0.clear();
    project.file("s.json", &study(Some(Direction::Maximize), &[none]));
    project.omega(["import", "s.json", "-o", "new.json"]).exits(0).shows("  parameters  none\n");
    let left = vec![LeftOut { what: "lines".to_owned(), count: 1, why: "cut".to_owned() }];
    let end = StudyEnd { left_out: left, ..StudyEnd::default() };
    project.file("s.json", &of(Vec::new(), &[trial(0, TrialState::Complete, 0.5, 1.0)], end));
    project.omega(["import", "s.json", "-o", "new.json"]).exits(0).shows("  left out    lines (1): cut\n");
}

#[test]
fn a_study_is_no_damaged_artifact_to_what_compares_artifacts() {
    let project = Project::empty();
    project.file("a.study.json", &small(Some(Direction::Maximize)));
    for other in ["a.study.json", "none.json"] {
        let refused = project.omega(["diff", "a.study.json", other]).exits(2);
        refused.says("`a.study.json` is the study of another tool").says("cargo omega study a.study.json");
    }
}

/// Rows with their digests, each over the one before.
fn rehashed(bodies: &[&str]) -> String {
    use sha2::{Digest, Sha256};
    let (mut head, mut text) = (String::new(), String::new());
    for body in bodies {
        let digest = Sha256::new().chain_update(&head).chain_update(b"\n").chain_update(body).finalize();
        head = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        text.extend(["{\"h\":\"", &head, "\",\"b\":", body, "}\n"]);
    }
    text
}
