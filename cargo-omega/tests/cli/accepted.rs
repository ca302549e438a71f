//! A run whose own gates hold, and that the committed files do not accept: nothing that shows it looks like a pass.

use std::fs;

use crate::page::Parsed;
use crate::support::{Project, Suite};

const RUN: &str = "target/omega/probe/bowl";

/// The probe with this in its declaration.
fn declared(key: &str) -> Project {
    let project = Project::copy_of("probe");
    project.change("omega.toml", "profile =", &format!("{key}\nprofile ="));
    project
}

/// Everything that shows the run says that this case did not accept it, and why; verify finds nothing damaged.
fn is_refused(project: &Project, case: &str, why: &str) {
    let verdict = format!("FAIL:{}", case.to_uppercase());
    let html = project.read(&format!("{RUN}/report.html"));
    let page = Parsed::of(&html);
    assert_eq!(page.verdict(), "NOT ACCEPTED");
    assert!(page.says("Must not ship") && !page.says("What ships") && page.says(&format!("{case}: {why}")), "{html}");
    let shown = project.omega(["show", "bowl"]).exits(0);
    shown.shows(&format!("Verdict:      {verdict}")).shows(&format!("Not accepted: {case}: {why}"));
    let listed = project.omega(["show"]).exits(0);
    let row: Vec<&str> = listed.stdout.lines().nth(1).expect("a run").split_whitespace().collect();
    // Between them it says when.
    assert!(matches!(row.as_slice(), ["bowl", told, _, _, RUN] if *told == verdict), "{row:?}");
    project.omega(["report", "bowl"]).exits(0);
    assert_eq!(project.read(&format!("{RUN}/report.html")), html);
    // The scorecard follows from the trail, which knows nothing of it.
    let verified = project.omega(["verify", "bowl"]).exits(0);
    verified.shows("scorecard.txt regenerated: the same").shows("report.html regenerated: the same, byte for byte");
}

#[test]
fn a_run_whose_declaration_is_not_the_locked_one_is_shown_as_not_accepted_until_it_is() {
    let project = declared("lock = \"required\"\ngates.pearson_min = 0.3");
    project.omega(["lock"]).exits(0);
    project.omega(["test"]).exits(0);
    assert_eq!(Parsed::of(&project.read(&format!("{RUN}/report.html"))).verdict(), "PASS");
    project.change("omega.toml", "pearson_min = 0.3", "pearson_min = 0.1");
    project.omega(["test"]).exits(1).shows("bowl  FAIL:DECLARATION");
    is_refused(&project, "declaration", "1 field differs from omega.lock: gates.pearson_min 0.3 -> 0.1 LOOSER");

    // Without what was judged, or with what was judged of another run, nothing is damaged.
    let judged = project.read(&format!("{RUN}/judged.json"));
    let (of_another, _) = judged.split_once("\"head\": \"").expect("an anchor");
    let of_another = judged.replacen(&judged[of_another.len()..][..12], "\"head\": \"00", 1);
    for other in [of_another.as_str(), "no JSON"] {
        project.file(&format!("{RUN}/judged.json"), other);
        project.omega(["verify", "bowl"]).exits(0).shows("report.html not regenerated: it says that the run was not");
    }
    fs::remove_file(project.path(&format!("{RUN}/judged.json"))).expect("removed");
    project.omega(["verify", "bowl"]).exits(0).shows("report.html not regenerated: it says that the run was not");
    // The run's own gates are all that is left.
    project.omega(["show", "bowl"]).exits(0).shows("Verdict:      PASS");

    project.omega(["lock"]).exits(0);
    project.omega(["test"]).exits(0);
    assert_eq!(Parsed::of(&project.read(&format!("{RUN}/report.html"))).verdict(), "PASS");
    project.omega(["show", "bowl"]).exits(0).shows("Verdict:      PASS").hides("Not accepted");
}

#[test]
fn a_page_that_hides_that_its_run_was_not_accepted_is_damaged() {
    let project = declared("lock = \"required\"");
    project.omega(["test"]).exits(1);
    is_refused(&project, "declaration", "omega.lock is missing");
    project.change(&format!("{RUN}/report.html"), "NOT ACCEPTED</p>", "PASS</p>");
    project.omega(["verify", "bowl"]).exits(3).shows("damage [report.html]");
}

#[test]
fn a_lock_that_cannot_be_read_accepts_nothing() {
    let project = declared("lock = \"required\"");
    project.omega(["lock"]).exits(0);
    project.change("omega.lock", "[calibration.bowl]", "<<<<<<< ours\n[calibration.bowl]");
    project.omega(["test"]).exits(3).shows("bowl  FAIL:DECLARATION");
    project
        .omega(["show", "bowl"])
        .exits(0)
        .shows("Verdict:      FAIL:DECLARATION")
        .shows("Not accepted: declaration: ");
}

#[test]
fn a_run_whose_result_is_not_as_accepted_is_shown_as_not_accepted_and_an_accepted_one_is_not() {
    let project = declared("gold = \"required\"");
    project.omega(["update-gold", "--reason", "first"]).exits(0);
    project.omega(["test"]).exits(0);
    let page = format!("{RUN}/report.html");
    let accepted = project.read(&page);
    assert_eq!(Parsed::of(&accepted).verdict(), "PASS");
    project.omega(["verify", "bowl"]).exits(0).shows("report.html regenerated: the same, byte for byte");
    // What accepted a run leaves no sign on its page.
    fs::remove_file(project.path(&format!("{RUN}/judged.json"))).expect("removed");
    project.omega(["report", "bowl"]).exits(0);
    assert_eq!(project.read(&page), accepted);

    project.omega(["test"]).env("PROBE_DRIFT", "-0.001").exits(1).shows("bowl  FAIL:GOLD");
    is_refused(&project, "gold", "4 of 13 metrics moved");
    // A plain run of cargo leaves no page, and says so too.
    project.cargo(["test"]).env("PROBE_DRIFT", "-0.001").exits(101);
    project.omega(["show", "bowl"]).exits(0).shows("Verdict:      FAIL:GOLD");
}

#[test]
fn a_run_whose_shipped_file_says_another_value_is_shown_as_not_accepted() {
    let project = declared("gold = \"required\"\nship = { file = \"src/tuned.rs\", format = \"rust\" }");
    project.omega(["update-gold", "--reason", "first"]).exits(0);
    project.omega(["test"]).exits(0);
    assert_eq!(Parsed::of(&project.read(&format!("{RUN}/report.html"))).verdict(), "PASS");
    project.change("src/tuned.rs", "pub const X: f64 = 1.0;", "pub const X: f64 = 1.5;");
    project.omega(["test"]).exits(1).shows("bowl  FAIL:SHIPPED");
    is_refused(&project, "shipped", "src/tuned.rs: x is 1.5 in line 10, gold has 1.0");
}

#[test]
fn a_target_directory_that_is_made_is_marked_as_a_cache_and_one_that_was_there_is_left_as_it_is() {
    let project = Project::with(&Suite::passing());
    for (folder, marked) in [("fresh", true), ("there", false)] {
        if !marked {
            project.file(&format!("{folder}/mine.txt"), "mine");
        }
        project.omega(["test", "--target-dir", folder]).exits(0);
        let tag = project.path(&format!("{folder}/CACHEDIR.TAG"));
        let text = fs::read_to_string(&tag).unwrap_or_default();
        assert_eq!(text.starts_with("Signature: 8a477f597d28d172789f06886806bc55\n"), marked, "{folder}");
    }
}
