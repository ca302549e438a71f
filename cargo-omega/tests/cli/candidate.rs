//! One candidate of a run on every slice, and two runs beside each other.

use omega_lock::RunResult;

use crate::support::Project;

const RUN: &str = "target/omega/probe/bowl";

fn result(project: &Project) -> RunResult {
    serde_json::from_str(&project.read(&format!("{RUN}/result.json"))).expect("a result")
}

#[test]
fn a_candidate_is_shown_on_every_slice_beside_the_baseline_and_by_the_number_it_has_everywhere() {
    let project = Project::copy_of("probe");
    project.omega(["test"]).exits(0);
    let result = result(&project);
    let best = result.passes[0].selected.as_ref().expect("a selected one");
    let number = best.index.to_string();
    let shown = project.omega(["show", "bowl", "--candidate", &number]).exits(0);
    shown.shows(&format!("bowl: candidate #{number} of 25, the selected one\n"));
    shown.shows("  x  0.5 -> 1.0\n  y  -1.0\n  z  0.5\n");
    for part in [
        "  train    -0.5005  n=100",
        "baseline -0.7505  (search, call ",
        "  test     ",
        "  holdout  ",
        "kept on train, kept on test",
    ] {
        shown.shows(part);
    }
    assert_eq!(shown.stdout, project.omega(["show", RUN, "--candidate", &number]).exits(0).stdout);
    for candidate in &result.passes[0].candidates {
        let (number, fitness) = (candidate.index.to_string(), candidate.fitness.expect("a fitness").0);
        let shown = project.omega(["show", "bowl", "--candidate", &number]).exits(0);
        let train = shown.stdout.lines().find_map(|line| line.trim().strip_prefix("train")).expect("train");
        let shown: f64 = train.split_whitespace().next().expect("a number").parse().expect("a number");
        assert!((shown - fitness).abs() < 1e-4, "#{number}: {train}");
    }
}

#[test]
fn a_candidate_that_is_not_there_or_no_number_is_refused_and_the_range_is_named() {
    let project = Project::copy_of("probe");
    project.omega(["test"]).exits(0);
    let refused = |arguments: &[&'static str]| project.omega(arguments.iter().copied()).exits(2);
    refused(&["show", "bowl", "--candidate", "25"]).says("it has 25 candidates, from #0 to #24");
    refused(&["show", "bowl", "--candidate", "3:0"]).says("`bowl` has no candidates in round 3");
    for no_number in ["x", "1:", "-1", "99999999999999999999"] {
        let shown = project.omega(["show", "bowl", &format!("--candidate={no_number}")]).exits(2);
        shown.says("expected the number of a candidate, such as 17");
    }
    refused(&["show", "--candidate", "1"]);
    project.file("gold.json", &project.read(&format!("{RUN}/result.json")));
    refused(&["show", "gold.json", "--candidate", "1"]).says("has no trail");
    let trail = project.read(&format!("{RUN}/trail.jsonl"));
    project.file(&format!("{RUN}/trail.jsonl"), &trail.replacen("\"fitness\":", "\"fitnes\":", 3));
    project.omega(["show", "bowl", "--candidate", "1"]).exits(3).says("is damaged");
}

#[test]
fn a_round_has_candidates_of_its_own() {
    let project = Project::copy_of("probe");
    let table = "pipeline = \"iterative\"\niterative = { rounds = 2 }\nprofile =";
    project.file(
        "omega.toml",
        &project.read("omega.toml").replace("profile =", table).replace("unlock_k = 2", "unlock_k = 1"),
    );
    project.omega(["test"]).exits(0);
    let last = result(&project).passes[1].selected.as_ref().expect("a selected one").index;
    let shown = project.omega(["show", "bowl", "--candidate", &format!("{last}")]).exits(0);
    shown.shows(&format!("bowl: candidate round 2 #{last} of 5, the selected one"));
    let shown = project.omega(["show", "bowl", "--candidate", "1:0"]).exits(0);
    shown.shows("candidate round 1 #0 of 5\n");
    // What is evaluated by hand is what is shown, to the number.
    let train = shown.stdout.lines().find_map(|line| line.trim().strip_prefix("train")).expect("train");
    let fitness = train.split_whitespace().next().expect("a number");
    project.omega(["eval", "bowl", "--candidate", "1:0"]).exits(0).shows(fitness);
    project.omega(["eval", "bowl", "--candidate", "3:0"]).exits(2).says("`bowl` has no candidates in round 3");
}

#[test]
fn the_last_run_is_held_against_gold_by_name_and_two_folders_against_each_other_in_ten_lines() {
    let project = Project::copy_of("probe");
    project.omega(["diff", "bowl"]).exits(2).says("no calibration that has run");
    project.omega(["test"]).exits(0);
    project
        .omega(["diff", "bowl"])
        .exits(2)
        .says("`bowl` has no gold to be compared with")
        .says("update-gold bowl::gold");
    project.change("omega.toml", "profile =", "gold = \"required\"\nprofile =");
    project.omega(["update-gold", "--reason", "first"]).exits(0);
    project.omega(["test"]).exits(0);
    project.omega(["diff", "bowl"]).exits(0).shows("nothing differs");
    let below = project.omega(["diff", "bowl"]).into_command().current_dir(project.path("fixtures")).output();
    assert_eq!(below.expect("it runs").status.code(), Some(0), "from a folder below");
    for file in ["result.json", "trail.jsonl"] {
        project.file(&format!("downloaded/{file}"), &project.read(&format!("{RUN}/{file}")));
    }
    project.change("omega.toml", "points_per_axis = 5", "points_per_axis = 9");
    project.omega(["test"]).env("PROBE_DRIFT", "-1.0").exits(1);
    let shown = project.omega(["diff", "bowl"]).exits(1);
    shown.shows("-1.0 -> -0.5").shows("train_fitness").says("Comparing fixtures/gold/bowl.json -> ");
    let shown = project.omega(["diff", "downloaded", RUN]).exits(1);
    let listed =
        shown.stdout.lines().take_while(|line| !line.contains("... and ")).filter(|line| line.contains(" -> ")).count();
    assert!(listed <= 11, "ten and the heading: {shown:?}");
    shown.shows("-1.0 -> -0.5").shows("train_fitness").shows("worse").shows("more differences: add `--full`");
    let all = project.omega(["diff", "downloaded", RUN, "--full"]).exits(1);
    all.shows("search.points_per_axis").hides("more differences");
    // A file is no calibration.
    project.omega(["diff", "omega.toml"]).exits(2).says("is compared with nothing");
}
