//! Lines of HISTORY.jsonl that nobody's search has earned: what a recheck rests on is not to be written by hand.

use std::time::{Duration, SystemTime};

use omega_lock::internals::gold::Signature;

use crate::recheck::{GOLD, HISTORY, accepted, against, recheck};
use crate::support::{Omega, Project};
use crate::workers::omega;

const DAY: u64 = 86_400;

/// The line of the one acceptance there is, as `change` has it.
fn line(project: &Project, change: impl FnOnce(&mut serde_json::Value)) -> String {
    let text = project.read(HISTORY);
    let mut entry = serde_json::from_str(text.lines().next().expect("a line")).expect("a line of history");
    change(&mut entry);
    format!("{entry}\n")
}

/// As a line says it.
fn moment(when: SystemTime) -> String {
    Signature::new(when, None, None).when
}

/// The moment so many days before now, as a line says it; behind now where they are negative.
fn days_ago(days: i64) -> serde_json::Value {
    let far = Duration::from_secs(days.unsigned_abs() * DAY);
    let now = SystemTime::now();
    moment(if days < 0 { now + far } else { now - far }).into()
}

/// A calibration whose only search is six days old.
fn six_days_old() -> Project {
    let project = accepted();
    let old = line(&project, |entry| entry["when"] = days_ago(6));
    project.file(HISTORY, &old).commit("six days old");
    project
}

/// What says that a search of today came to gold.
fn confirmed(project: &Project) -> String {
    line(project, |entry| {
        entry["when"] = days_ago(0);
        entry["old"] = entry["new"].clone();
        entry["confirmed"] = true.into();
    })
}

fn search(project: &Project) -> Omega {
    omega(project, ["test", "--against", "HEAD"]).env("CI", "true")
}

#[test]
fn a_line_that_says_a_search_was_made_takes_a_search_and_not_a_recheck() {
    let project = six_days_old();
    let old = project.read(HISTORY);
    let lines = [
        confirmed(&project),
        // Without the word, older than what is there, and with the reason of somebody else.
        line(&project, |entry| entry["when"] = days_ago(1)),
        line(&project, |entry| entry["when"] = days_ago(20)),
        line(&project, |entry| entry["reason"] = "again".into()),
    ];
    for line in &lines {
        // Behind and before what the base has.
        for text in [format!("{old}{line}"), format!("{line}{old}")] {
            project.file(HISTORY, &text);
            let shown = against(&project).exits(1);
            shown.shows("a line of HISTORY.jsonl that HEAD has not says of a search").shows("Verdict bowl  none");
            shown.shows("UNSEARCHED bowl  a line of `fixtures/gold/HISTORY.jsonl`, ").hides("fine or approved");
            shown.says("1 new line of HISTORY.jsonl since HEAD says that somebody searched");
            shown.says("run `cargo omega test --against HEAD`, without `--recheck`");
            // A run that leaves the search out does not vouch for it either.
            omega(&project, ["test", "bowl::declaration", "--against", "HEAD"]).exits(1).shows("UNSEARCHED bowl");
            search(&project).exits(0).shows("new bowl  a line of").hides("UNSEARCHED");
        }
    }
    // A search that does not come to gold vouches for nothing.
    project.file("scale", "0.9");
    search(&project).exits(1).shows("UNSEARCHED bowl");
    project.file("scale", "1.0");
    // The comment on a pull request and results.json have the same words.
    let (summary, actions) = (project.path("summary.md"), [("GITHUB_ACTIONS", "true")]);
    let mut shown = omega(&project, ["test", "--recheck", "--against", "HEAD", "--format", "github"]);
    shown = actions.into_iter().fold(shown, |shown, (name, value)| shown.env(name, value));
    shown
        .env("GITHUB_STEP_SUMMARY", summary.to_str().expect("UTF-8"))
        .exits(1)
        .shows("::error title=UNSEARCHED bowl::");
    assert!(project.read("summary.md").contains("needs a search"));
    assert!(project.read("target/omega/results.json").contains("\"UNSEARCHED\""));
}

#[test]
fn a_line_in_the_future_is_refused_and_named_wherever_one_is_written() {
    let project = six_days_old();
    let (old, ahead) = (project.read(HISTORY), line(&project, |entry| entry["when"] = days_ago(-200)));
    for text in [format!("{old}{ahead}"), format!("{ahead}{old}")] {
        let number = if text.starts_with(&old) { 2 } else { 1 };
        project.file(HISTORY, &text);
        let said = format!("`fixtures/gold/HISTORY.jsonl` line {number} says that `bowl` was accepted at ");
        for run in [against(&project), search(&project)] {
            run.exits(1).says(&said).says("which is in the future").says("take that line out");
        }
        // A search that comes to gold, and one that comes to something else.
        for scale in ["1.0", "0.9"] {
            project.file("scale", scale);
            let gold = project.read(GOLD);
            let shown = omega(&project, ["update-gold", "--reason", "renew"]).exits(1);
            shown.says(&said).says("take that line out").hides("Recorded");
            assert_eq!((project.read(HISTORY), project.read(GOLD)), (text.clone(), gold));
        }
        project.file("scale", "1.0");
        recheck(&project).exits(1).shows("one of the clocks is wrong, or that line has to go");
    }
    // Clocks may differ by a moment.
    let soon = moment(SystemTime::now() + Duration::from_secs(120));
    project.file(HISTORY, &(old.clone() + &line(&project, |entry| entry["when"] = soon.into())));
    search(&project).exits(0);
    // Where nothing is rechecked too: the day that is may come later.
    let other = line(&project, |entry| {
        entry["when"] = days_ago(-1);
        entry["calibration"] = "dish\u{1b}[2J".into();
    });
    project.file(HISTORY, &(old + &other));
    search(&project).exits(1).says("line 2 says that `dish\\u{1b}[2J` was accepted at");
}

#[test]
fn a_line_that_is_damaged_or_about_another_gold_file_is_refused_before_it_is_merged() {
    let project = six_days_old();
    let old = project.read(HISTORY);
    let yesterday = line(&project, |entry| entry["when"] = "yesterday".into());
    for wrong in ["{\"calibration\":\n", "[]\n", "{\"calibration\": \"bowl\"}\n", yesterday.as_str()] {
        project.file(HISTORY, &format!("{old}{wrong}"));
        search(&project).exits(3).says("`fixtures/gold/HISTORY.jsonl` line 2 is damaged: ");
    }
    let other = line(&project, |entry| {
        entry["when"] = days_ago(0);
        entry["new"] = "0".repeat(64).into();
    });
    project.file(HISTORY, &format!("{old}{other}"));
    let said = "the gold file of `bowl` is not the one that a new line of its history says was accepted on ";
    search(&project).exits(1).says(said).says("take the line out");
    // An empty line says nothing, and what the base has of others is theirs.
    project.file(HISTORY, &format!("{old}{{\"calibration\":\"dish\"}}\n")).commit("of another");
    project.file(HISTORY, &format!("{}\n", project.read(HISTORY)));
    against(&project).exits(0);
}

#[test]
fn a_search_that_renews_nothing_says_why() {
    let project = accepted();
    project.change("omega.toml", "gates = {", "gates = { improvement = { min = 1000 },");
    omega(&project, ["lock"]).exits(0);
    let accept = ["update-gold", "--reason", "all the same", "--accept-failing"];
    omega(&project, accept).exits(0).shows("Updated");
    let shown = omega(&project, ["update-gold", "--reason", "renew"]).exits(1);
    shown.says("`fixtures/gold/bowl.json` was not confirmed: its verdict is FAIL:").hides("Confirmed");
    omega(&project, accept).exits(0).hides("Confirmed");
}
