//! `cargo omega bench`: the same scorecard every time, and only where it is asked for a file.

use omega_lock::internals::artifacts::BenchmarkReport;

use crate::support::Project;

const QUICK: [&str; 7] = ["bench", "--keyhole", "phantom", "--method", "plain_grid", "--seed", "42"];

#[test]
fn the_battery_prints_the_scorecard_of_the_python_package_and_the_same_one_again() {
    let project = Project::empty();
    let first = project.omega(["bench"]).run();
    assert_eq!(first.code, Some(0), "{first:?}");
    let table = first.stdout.rsplit("\n\n").next().unwrap_or_default();
    let rows: Vec<Vec<&str>> = table.lines().skip(3).map(|line| line.split_whitespace().collect()).collect();
    // Recall, precision, L2 error, fitness gap, generalization gap, stress rank and pass rate: the README's table.
    assert_eq!(rows[0][..7], ["plain_grid", "10", "0.750±0.26", "1.000", "1.052±0.86", "32.3±46.1", "0.958"]);
    assert_eq!(rows[1][..7], ["fractal_vise", "10", "0.400±0.52", "0.217", "1.003±0.66", "14.7±54.0", "0.820"]);
    assert_eq!(rows[2][..7], ["tpe", "10", "0.750±0.26", "1.000", "0.970±0.95", "23.9±50.8", "0.858"]);
    assert_eq!(
        rows.iter().map(|row| &row[8..]).collect::<Vec<_>>(),
        [["+0.949", "60.0"], ["+0.949", "40.0"], ["+0.949", "10.0"]]
    );
    first.says("Running [30/30] phantom_deep::tpe::55");
    assert_eq!(project.omega(["bench"]).run().stdout, first.stdout);
}

#[test]
fn filters_narrow_the_battery_and_a_file_holds_what_was_shown() {
    let project = Project::empty();
    let shown = project.omega(QUICK.into_iter().chain(["--json", "deep/bench.json"])).run();
    assert_eq!(shown.code, Some(0), "{shown:?}");
    shown.says("Running [ 1/1] phantom::plain_grid::42").says("Wrote deep/bench.json").hides("wall_s");
    assert_eq!(shown.stdout.lines().count(), 4, "{shown:?}");
    let written = project.read("deep/bench.json");
    assert!(written.contains("\"schema_version\": \"omega-lock.rust.benchmark.v1\""), "{written}");
    assert!(written.contains("\"found_fitness\": 12.003") && !written.contains("walltime"), "{written}");

    let timed = project.omega(QUICK.into_iter().chain(["--timings", "--json", "timed.json"])).run();
    timed.shows("wall_s");
    assert!(project.read("timed.json").contains("walltime_s"));
}

#[test]
fn a_misspelt_name_exits_2_with_the_nearest_one() {
    let project = Project::empty();
    project.omega(["bench", "--method", "plain_gird"]).exits(2).says("no method `plain_gird`").says("`plain_grid`");
    project.omega(["bench", "--keyhole", "fantom"]).exits(2).says("no keyhole `fantom`").says("`phantom`");
    project.omega(["bench", "--seed", "-1"]).exits(2);
    project.omega(["bench", "--seed", "7", "--seed", "7"]).exits(2).says("run `phantom::plain_grid::7` is there twice");
}

#[test]
fn gold_is_written_only_when_asked_whole_and_not_in_ci() {
    let project = Project::empty();
    for ci in ["true", "1", "woodpecker"] {
        let refused = project.omega(["bench", "--update-gold", "gold.json"]).env("CI", ci).exits(2);
        refused.says("`--update-gold` is refused where `CI` is set").hides("Running");
    }
    project.omega(QUICK.into_iter().chain(["--update-gold", "gold.json"])).exits(2).says("cannot be used with");
    assert!(!project.path("gold.json").exists());
    project.omega(["bench", "--update-gold", "gold.json"]).env("CI", "false").exits(0).says("Updated gold.json");
    let gold: BenchmarkReport = serde_json::from_str(&project.read("gold.json")).expect("a report");
    assert_eq!(gold.rows.len(), 30);
}
