//! Blocks, as people see them.

use crate::support::Project;

fn project(table: &str) -> Project {
    let project = Project::copy_of("probe");
    project.file("omega.toml", &format!("[calibration.bowl]\nlock = \"off\"\ngold = \"off\"\n{table}"));
    project
}

#[test]
fn declared_blocks_bring_a_case_for_the_winner_and_stand_wherever_the_verdict_does() {
    let project = project("blocks = 8\n");
    let shown = project.omega(["test"]).env("PROBE_BLOCKS", "8").exits(0);
    shown.shows("bowl::gate::margin").shows("over 8 blocks)").shows("bowl::gate::transfer");
    shown.shows("lock off, gold off; rests on blocks 8; skipped: ").shows("Gain").shows("test 0.");
    let run = project.results().suites[0].runs[0].clone();
    assert_eq!((run.rests_on, run.gains.len()), (vec!["blocks 8".to_owned()], 2));
    let scorecard = project.read("target/omega/probe/bowl/scorecard.txt");
    assert!(
        scorecard.contains("PASS (rests on blocks 8; skipped: ") && scorecard.contains("whole slice"),
        "{scorecard}"
    );
    project.omega(["report", "target/omega/probe/bowl", "--output", "page.html"]).exits(0);
    let page = project.read("page.html");
    assert!(page.contains("It rests on <b>blocks 8</b>") && page.contains("Gain over the baseline on test"), "{page}");
    let summary = project.path("summary.md").to_str().expect("a path").to_owned();
    project
        .omega(["test"])
        .env("PROBE_BLOCKS", "8")
        .env("GITHUB_ACTIONS", "true")
        .env("GITHUB_STEP_SUMMARY", &summary)
        .exits(0);
    let summary = project.read("summary.md");
    assert!(
        summary.contains("gain on test") && summary.contains("blocks 8") && summary.contains("whole slice"),
        "{summary}"
    );
    project
        .omega(["verify", "target/omega/probe/bowl"])
        .exits(0)
        .shows("result.json regenerated: the same, byte for byte");
}

#[test]
fn another_number_of_blocks_ends_the_run_by_name_and_undeclared_ones_name_the_line_to_add() {
    let project = project("blocks = 8\n");
    let shown = project.omega(["test"]).env("PROBE_BLOCKS", "7").exits(4);
    shown.shows("it has 7 blocks, and 8 are declared (`blocks`)");
    project.omega(["test"]).exits(4).shows("it has no blocks, and 8 are declared (`blocks`)");
    project.change("omega.toml", "blocks = 8\n", "");
    let shown = project.omega(["test"]).env("PROBE_BLOCKS", "7").exits(0).hides("bowl::gate::margin").clone();
    shown.shows("rests on approximate");
    let scorecard = project.read("target/omega/probe/bowl/scorecard.txt");
    assert!(scorecard.contains("add `blocks = 7` to the calibration's table in omega.toml"), "{scorecard}");
}

#[test]
fn a_key_of_blocks_without_blocks_too_few_of_them_or_under_another_profile_are_refused() {
    let said = |table: &str| project(table).omega(["test"]).exits(2);
    said("gates.margin.alpha = 0.1\n")
        .says("`gates.margin.alpha` does not apply to blocks \"off\"")
        .says("write `blocks = 8` beside it");
    said("blocks = 4\n").says("`calibration.bowl.blocks` is 4, expected a whole number from 5 to 10000");
    said("blocks = \"off\"\ngates.transfer.decides = \"required\"\n").says("does not apply to blocks \"off\"");
    said("profile = \"reference\"\nblocks = 8\n")
        .says("`calibration.bowl.blocks` does not apply to profile \"reference\"");
}

#[test]
fn fewer_blocks_or_none_are_looser_and_more_of_them_have_moved() {
    let project = Project::copy_of("probe");
    let table = |blocks: &str| {
        project.file("omega.toml", &format!("[calibration.bowl]\ngold = \"off\"\n{blocks}")).root().to_owned()
    };
    table("blocks = 8\n");
    project.omega(["lock"]).env("PROBE_BLOCKS", "8").exits(0);
    project.commit("eight blocks");
    for (blocks, shown) in [
        ("blocks = 6\n", "LOOSER bowl"),
        ("", "LOOSER bowl"),
        ("blocks = 9\n", "moved bowl"),
        ("blocks = 8\ngates.margin.alpha = 0.2\n", "LOOSER bowl"),
    ] {
        table(blocks);
        project.omega(["lock"]).exits(0);
        let against = project.omega(["test", "--against", "HEAD", "bowl::declaration"]).env("PROBE_BLOCKS", "8").run();
        assert!(against.code != Some(0) && against.stdout.contains(shown), "{blocks:?} {against:?}");
    }
}

/// The first eight questions of equal gains have the p of eight signs; ten signs are what the next ones need.
#[test]
fn questions_are_counted_by_margin_and_permutations_are_drawn_again_where_the_level_needs_more() {
    let project = project("blocks = 8\nwalk_forward.consultations = true\n");
    let shown = project.omega(["test"]).env("PROBE_BLOCKS", "8").exits(0);
    shown
        .shows("margin p of question 1 ")
        .shows(" <= 0.025, new in omega.ledger.jsonl: commit it")
        .hides("transfer p of question");
    project.file("omega.toml", "[calibration.bowl]\nlock = \"off\"\ngold = \"off\"\nwalk_forward.consultations = true\ngates.transfer.permutations = 999\n");
    for question in 2..=8 {
        let drift = format!("0.00{question}");
        let shown = project.omega(["test"]).env("PROBE_DRIFT", &drift).exits(0);
        shown.shows(&format!("transfer p of question {question} 0.0"));
    }
}
