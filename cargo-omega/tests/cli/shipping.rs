//! What a page says of the candidate that would ship: by how much it is better, what it stands beside, and that it can be
//! copied.

use omega_lock::RunResult;

use crate::page::Parsed;
use crate::support::Project;

const STRICT: &str = "[calibration.bowl]\nlock = \"off\"\nblocks = 8\nsearch = { method = \"grid\", unlock_k = 2, points_per_axis = 5 }\n";
const RUN: &str = "target/omega/probe/bowl";

fn page(project: &Project) -> (String, Parsed) {
    let html = project.read(&format!("{RUN}/report.html"));
    let parsed = Parsed::of(&html);
    (html, parsed)
}

#[test]
fn the_page_says_what_ships_beside_the_baseline_and_gold_how_much_better_it_is_and_what_that_rests_on() {
    let project = Project::copy_of("probe");
    project.file("omega.toml", STRICT);
    project.omega(["update-gold", "--reason", "first"]).env("PROBE_BLOCKS", "8").exits(0);
    project.change("omega.toml", "points_per_axis = 5", "points_per_axis = 9");
    project.omega(["test"]).env("PROBE_BLOCKS", "8").exits(1).shows("FAIL:GOLD");
    let (html, parsed) = page(&project);
    // Its own gates hold; gold does not accept it.
    assert_eq!(parsed.verdict(), "NOT ACCEPTED", "{html}");
    assert!(parsed.says("Must not ship") && parsed.says("gold: 10 of 19 metrics moved"), "{html}");
    for said in [
        "Ships today",
        "Gain over the baseline on test: ",
        "over 8 blocks",
        "It rests on blocks 8: the gain of the winner itself",
    ] {
        assert!(parsed.says(said), "{said}: {html}");
    }
    // From the baseline, beside what gold has, to what was selected.
    assert!(parsed.says("y-1.0-1.0-0.5") || parsed.says("y-1.0-1.0-0.5 "), "{html}");
    assert!(
        html.contains("data-label=\"ships today\">-1.0<") && html.contains("data-label=\"selected\"><b>-0.5</b>"),
        "{html}"
    );
    assert!(parsed.says("Not searched, and at the baseline: z."), "{html}");
    assert!(parsed.says("Not asked, because it does not apply: "), "{html}");
}

#[test]
fn what_is_to_be_copied_reads_back_to_every_parameter_of_the_result() {
    let project = Project::copy_of("probe");
    project.omega(["test"]).exits(0);
    let (html, _) = page(&project);
    let copied = html.split("<pre>").nth(1).and_then(|rest| rest.split("</pre>").next()).expect("the form to copy");
    let copied: serde_json::Value = serde_json::from_str(&copied.replace("&quot;", "\"")).expect("JSON");
    let result: RunResult = serde_json::from_str(&project.read(&format!("{RUN}/result.json"))).expect("a result");
    assert_eq!(copied, serde_json::to_value(result.params.expect("it ships")).expect("JSON"));
    assert!(html.contains("(as it was)"), "y was searched and stayed: {html}");
}

#[test]
fn a_page_of_a_failed_first_round_does_not_say_that_its_candidate_would_ship() {
    let project = Project::copy_of("probe");
    let table = "pipeline = \"iterative\"\niterative = { rounds = 2 }\ngates = { trade_count_min = 101 }\nprofile =";
    project.file("omega.toml", &project.read("omega.toml").replace("profile =", table));
    project.omega(["test"]).exits(1);
    let (html, parsed) = page(&project);
    assert!(parsed.says("Must not ship") && parsed.says(", which was not locked in"), "{html}");
    // What was selected, and not the baseline that the run went back to.
    assert!(html.contains("data-label=\"selected\"><b>1.0</b>"), "{html}");
}

#[test]
fn on_a_phone_no_table_is_scrolled_sideways() {
    let project = Project::copy_of("probe");
    project.omega(["test"]).exits(0);
    let (html, _) = page(&project);
    let phone =
        html.split("@media screen and (max-width:760px)").nth(1).and_then(|rest| rest.split("@media print").next());
    assert!(!phone.expect("rules for a phone").contains("overflow-x"), "{phone:?}");
    for table in html.split("<table").skip(1) {
        let known = [" class=\"stack", " class=\"rows\"", " class=\"gates\""];
        assert!(known.iter().any(|class| table.starts_with(class)), "a table that no rule for phones knows: {table}");
    }
}
