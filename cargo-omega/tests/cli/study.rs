//! `cargo omega study`: what a record can show, and no more. No path of it is a pass.

use omega_lock::internals::artifacts::{
    Direction, Distribution, Number, Objective, Ordered, Spelled, StudyEnd, StudyTrial, StudyValue, TrialState,
};
use serde_json::json;

use crate::import::{of, study, trial};
use crate::support::{Project, Shown};

const UP: Option<Direction> = Some(Direction::Maximize);

/// Scores that a formula spreads out, the same in every run.
fn wave(place: u64) -> f64 {
    (place as f64 * 12.9898).sin().mul_add(43_758.545_3, 0.0).fract()
}

fn complete(count: u64, score: impl Fn(u64) -> f64) -> Vec<StudyTrial> {
    (0..count).map(|place| trial(place, TrialState::Complete, wave(place + 500), score(place))).collect()
}

fn shown(text: &str, more: &[&str], code: i32) -> Shown {
    let project = Project::empty();
    project.file("s.json", text);
    let shown = project.omega(["study", "s.json"].iter().chain(more).copied()).exits(code);
    assert!(!shown.stdout.contains("PASS"), "{shown:?}");
    shown
}

/// The lines without their breaks.
fn flat(shown: &Shown) -> String {
    shown.stdout.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn says(shown: &Shown, text: &str) {
    assert!(flat(shown).contains(text), "`{text}` in {shown:?}");
}

#[test]
fn a_record_has_no_verdict_and_says_how_to_come_to_one() {
    let found = shown(&study(UP, &complete(30, wave)), &[], 6);
    says(&found, "level recorded: one score a trial");
    says(&found, "verdict RECORD: this is no judgement, since nothing was evaluated.");
    says(&found, "a verdict needs evaluations");
    says(&found, "`value`, maximize (as the file says)");
    says(&found, "How many trials are as good as the winner is not known: no parameters were evaluated twice.");
    assert!(found.stdout.lines().all(|line| line.chars().count() <= 80), "{found:?}");
}

#[test]
fn pruned_failed_and_cut_off_trials_count_as_tries_and_a_pruned_one_does_not_win() {
    let mut trials = complete(20, wave);
    trials.push(trial(20, TrialState::Pruned, 0.1, 50.0));
    trials.push(trial(21, TrialState::Failed, 0.2, 60.0));
    trials.push(trial(22, TrialState::Running, 0.3, 70.0));
    trials.push(trial(23, TrialState::Waiting, 0.4, 80.0));
    let found = shown(&study(UP, &trials), &[], 6);
    says(&found, "24 (20 complete, 1 pruned, 1 failed, 1 running, 1 waiting); 23 tries, 20 of which could win");
    says(&found, "chosen out of 23 tries, not out of 20 complete: 3 were pruned or cut off, or failed");
    assert!(!found.stdout.contains("50"), "{found:?}");
}

#[test]
fn a_score_that_is_not_finite_does_not_win_silently() {
    let mut trials = complete(20, wave);
    trials.push(trial(8_000, TrialState::Complete, 0.1, f64::INFINITY));
    trials.push(trial(8_001, TrialState::Complete, 0.2, f64::NAN));
    let found = shown(&study(UP, &trials), &[], 6);
    says(&found, "Trial 8000 has the best score of all, inf, and is not taken for the winner");
    says(&found, "2 complete trials with a score that is not finite. Sorted by the score alone an infinite one wins");
    let down = shown(&study(Some(Direction::Minimize), &trials), &[], 6);
    assert!(!down.stdout.contains("Trial 8000"), "{down:?}");
    let only = [trial(0, TrialState::Complete, 0.5, f64::INFINITY), trial(1, TrialState::Failed, 0.1, 1.0)];
    says(&shown(&study(UP, &only), &[], 6), "winner none");
}

#[test]
fn a_best_trial_that_violates_a_constraint_or_is_said_to_be_infeasible_is_not_the_winner() {
    let base = complete(20, wave);
    let mut broken = trial(77, TrialState::Complete, 0.1, 9.0);
    broken.constraints = Ordered(vec![("area".to_owned(), Number(0.25))]);
    let with = |best: &StudyTrial| study(UP, &[&base[..], std::slice::from_ref(best)].concat());
    let found = shown(&with(&broken), &[], 6);
    says(
        &found,
        "Trial 77 has the best score of all, 9, and is not taken for the winner: it violates the constraint `area`",
    );
    broken.constraints = Ordered(vec![("area".to_owned(), Number(f64::NAN))]);
    says(&shown(&with(&broken), &[], 6), "Trial 77 has the best score of all");
    broken.constraints = Ordered(vec![("area".to_owned(), Number(0.0))]);
    says(&shown(&with(&broken), &[], 6), "winner trial 77, 9");
    for no in [json!(false), json!("False"), json!(0)] {
        broken.attributes.insert("feasible".to_owned(), no);
        says(&shown(&with(&broken), &[], 6), "its attribute `feasible` is false");
    }
}

#[test]
fn repeats_of_parameters_are_counted_and_their_spread_says_how_many_are_as_good() {
    let mut trials = complete(40, |place| 0.5 * wave(place));
    // The winner, one as good, and ten repeats of another set, 0.01 apart.
    trials.push(trial(100, TrialState::Complete, 0.9, 0.9));
    trials.push(trial(101, TrialState::Complete, 0.91, 0.895));
    let repeats = (0..11).map(|place| trial(200 + place, TrialState::Complete, 0.4, 0.3 + 0.01 * (place % 2) as f64));
    trials.extend(repeats);
    let found = shown(&study(UP, &trials), &[], 6);
    says(&found, "10 trials have the parameters of an earlier one: there are 43 different sets.");
    says(&found, "(standard deviation, from 10 repeats): 1 other set cannot be told from the winner.");
    let equal: Vec<_> = trials
        .iter()
        .cloned()
        .map(|mut trial| {
            if trial.number >= 200 {
                trial.scores.0[0].1 = Number(0.3);
            }
            trial
        })
        .collect();
    says(&shown(&study(UP, &equal), &[], 6), "10 repeats gave the very scores of the trials they repeat.");
    let twin = trial(102, TrialState::Complete, 0.2, 0.9);
    says(&shown(&study(UP, &[&trials[..], &[twin]].concat()), &[], 6), "1 other set of parameters has the very score");
}

#[test]
fn a_winner_on_the_edge_of_its_range_is_told_by_the_scale_it_was_drawn_on() {
    let objectives = || vec![Objective { name: "value".to_owned(), direction: UP.map(Spelled) }];
    let range = |low: f64, high: f64, log| {
        let distribution = Distribution::Float { low: Number(low), high: Number(high), step: None, log };
        StudyEnd { parameters: Ordered(vec![("x".to_owned(), vec![distribution])]), ..StudyEnd::default() }
    };
    let with = |x: f64, end: StudyEnd| {
        let mut trials = complete(20, |place| 0.5 * wave(place).abs());
        trials.push(trial(50, TrialState::Complete, x, 9.0));
        shown(&of(objectives(), &trials, end), &[], 6)
    };
    says(
        &with(0.995, range(0.0, 1.0, false)),
        "`x` = 0.995 is on the upper edge of 0 to 1. What is better may lie beyond.",
    );
    says(&with(1.02e-5, range(1e-5, 1.0, true)), "is on the lower edge of 1e-05 to 1, drawn by its logarithm");
    assert!(!flat(&with(2e-3, range(1e-5, 1.0, true))).contains("edge"));
    // Where the file has no ranges, what was tried has ends.
    says(&with(7.0, StudyEnd::default()), "`x` = 7 is the largest value that was tried");
}

#[test]
fn a_direction_is_never_guessed_and_a_score_is_named_where_there_are_several() {
    let open = study(None, &complete(20, wave));
    shown(&open, &[], 2).says("does not say whether a larger or a smaller `value` is better");
    says(&shown(&open, &["--direction", "minimize"], 6), "`value`, minimize (as was said on the command line)");
    shown(&study(UP, &complete(20, wave)), &["--direction", "minimize"], 2)
        .says("`s.json` says that `value` is to maximize");
    let objective = |name: &str, direction| Objective { name: name.to_owned(), direction: Some(Spelled(direction)) };
    let several = vec![objective("value", Direction::Maximize), objective("cost", Direction::Minimize)];
    let mut trials = complete(20, wave);
    for trial in &mut trials {
        trial.scores.0.push(("cost".to_owned(), Number(wave(trial.number + 90))));
    }
    let two = of(several, &trials, StudyEnd::default());
    shown(&two, &[], 2).says("`value` (maximize), `cost` (minimize)").says("--score NAME");
    says(
        &shown(&two, &["--score", "cost"], 6),
        "`cost`, minimize (as the file says); the search optimised `value`, too",
    );
    shown(&two, &["--score", "costs", "--direction", "minimize"], 2)
        .says("no complete trial has a score `costs`")
        .says("`cost`");
    shown(&two, &["--score", "cost", "--other", "value"], 2).says("the search optimised `value`, too");
}

fn with_attribute(count: u64, value: impl Fn(u64, f64) -> serde_json::Value) -> String {
    let mut trials = complete(count, wave);
    for trial in &mut trials {
        let score = trial.scores.0[0].1.0;
        trial.attributes.insert("val".to_owned(), value(trial.number, score));
    }
    study(UP, &trials)
}

#[test]
fn ranks_by_a_second_score_are_unproven_and_an_answer_only_where_that_was_asked_for() {
    let agree = with_attribute(60, |place, score| json!(score + 0.3 * wave(place + 7)));
    let found = shown(&agree, &["--other", "attributes.val"], 6);
    says(&found, "level paired: a second score a trial, said to be of other data. Nothing was evaluated.");
    says(&found, "The ranks by `attributes.val` (maximize) agree: correlation");
    says(&found, "verdict UNPROVEN (paired): the recorded ranks agree, and nothing was evaluated.");
    shown(&agree, &["--other", "attributes.val", "--allow-unproven"], 0);
    let noise = with_attribute(60, |place, _| json!(wave(place + 7)));
    says(&shown(&noise, &["--other", "attributes.val"], 6), "do not agree");
    shown(&noise, &["--other", "attributes.val", "--allow-unproven"], 1);
    let reverse = with_attribute(60, |place, score| json!(-score + 0.3 * wave(place + 7)));
    says(&shown(&reverse, &["--other", "attributes.val"], 6), "The ranks are rather the reverse.");
    shown(&reverse, &["--other", "attributes.val", "--other-direction", "minimize", "--allow-unproven"], 0);
    shown(&agree, &["--allow-unproven"], 2).says("--other");
}

#[test]
fn a_list_of_scores_in_an_attribute_is_blocks() {
    let blocks = with_attribute(40, |place, score| {
        json!((0..6).map(|block| score + 0.5 * wave(place * 6 + block)).collect::<Vec<f64>>())
    });
    says(&shown(&blocks, &["--other", "attributes.val"], 6), "agree over 6 blocks");
    let ragged = with_attribute(40, |place, score| json!(vec![score + wave(place + 9); 5 + usize::from(place == 3)]));
    shown(&ragged, &["--other", "attributes.val"], 2).says("the ranks by `attributes.val` cannot be judged");
}

#[test]
fn a_second_score_that_is_the_optimised_one_once_more_is_refused() {
    let (same, made) = ("so it is not of other data", "as a copy would");
    let refused = |copy: fn(f64) -> f64, says: &str| {
        let text = with_attribute(40, |_, score| json!(copy(score)));
        shown(&text, &["--other", "attributes.val", "--allow-unproven"], 2).says(says);
    };
    refused(|x| x, same);
    refused(|x| -x, same);
    refused(|x| (3.0 * x).exp(), made);
    refused(|x| (x * 50.0).round(), made);
    shown(&study(UP, &complete(40, wave)), &["--other", "value"], 2).says("is the score that the search optimised");
    shown(&study(UP, &complete(40, wave)), &["--other", "attributes.none"], 2)
        .says("no trial that could win has a finite");
    let few = with_attribute(4, |place, _| json!(wave(place + 9)));
    shown(&few, &["--other", "attributes.val"], 2).says("the ranks by `attributes.val` cannot be judged");
}

#[test]
fn parts_that_the_search_saw_can_speak_against_it_and_have_no_p() {
    let parts = |part: fn(u64, u64) -> f64| {
        let mut trials = complete(40, wave);
        for trial in &mut trials {
            let parts = (0..8).map(|block| Number(part(trial.number, block))).collect();
            trial.parts = Ordered(vec![("value".to_owned(), parts)]);
        }
        study(UP, &trials)
    };
    let noise = parts(|place, block| wave(place * 8 + block));
    let found = shown(&noise, &["--other", "parts"], 6);
    says(&found, "level recorded");
    says(&found, "The search saw all of them, so they are not other data, and there is no p.");
    says(&found, "in 70 ways");
    let even = parts(|place, block| place as f64 + 0.1 * wave(place * 8 + block));
    // Nothing that was seen is a reason for a 0.
    shown(&even, &["--other", "parts", "--allow-unproven"], 6);
    let traded = parts(|place, block| {
        let sign = if ((place * 37) >> block) & 1 == 1 { 1.0 } else { -1.0 };
        sign - (0..8).map(|block| if ((place * 37) >> block) & 1 == 1 { 1.0 } else { -1.0 }).sum::<f64>() / 8.0
    });
    let against = shown(&traded, &["--other", "parts", "--allow-unproven"], 1);
    says(&against, "verdict UNPROVEN (parts): what was best on one half of the parts was mostly in the lower half");
    assert!(!against.stdout.contains("no judgement"), "an answer is a judgement: {against:?}");
    let document = shown(&traded, &["--other", "parts", "--format", "json"], 6);
    assert!(document.stdout.contains("\"verdict\": \"UNPROVEN\""), "{document:?}");
    says(&shown(&traded, &[], 6), "verdict RECORD");
    says(&shown(&even, &["--other", "parts", "--allow-unproven"], 6), "verdict RECORD");
    shown(&study(UP, &complete(20, wave)), &["--other", "parts"], 2).says("no trial has any");
}

#[test]
fn the_document_and_the_page_say_the_same_and_neither_says_pass() {
    let project = Project::empty();
    let hostile = "</script><b>PASS\u{1b}[2J::error::\u{202e}";
    let mut trials = complete(60, wave);
    for trial in &mut trials {
        let value = trial.scores.0[0].1.0 + wave(trial.number + 3);
        trial.params.0.push((hostile.to_owned(), StudyValue::Text(hostile.to_owned())));
        trial.attributes.insert("val".to_owned(), json!(value));
    }
    project.file("s.json", &study(UP, &trials));
    let arguments = ["study", "s.json", "--other", "attributes.val", "--format", "json", "--report", "page.html"];
    let shown = project.omega(arguments).exits(6);
    let document: serde_json::Value = serde_json::from_str(&shown.stdout).expect("one document");
    assert_eq!(document["schema_version"], "omega-lock.study-report.v1");
    assert_eq!((&document["level"], &document["verdict"]), (&json!("paired"), &json!("UNPROVEN")));
    assert_eq!(document["trials"]["tries"], 60);
    let page = project.read("page.html");
    assert!(page.contains("UNPROVEN") && page.contains("One score against the other"), "{page}");
    assert!(!page.contains("<b>PASS") && !page.contains('\u{1b}') && !page.contains('\u{202e}'));
    assert!(!page.contains("class=\"pass\""));
    let again = project.omega(["study", "s.json", "--report", "again.html"]).exits(6);
    assert!(project.read("again.html").contains("RECORD"));
    assert!(!again.stdout.contains('\u{1b}') && again.stdout.contains("\\u{1b}"), "{again:?}");
}

#[test]
fn what_is_no_study_is_bad_input_and_what_is_damaged_is_damaged() {
    let project = Project::empty();
    let whole = study(UP, &complete(5, wave));
    project.file("cut.json", &whole[..whole.len() - 9]).file("empty.json", "").file("pickle.pkl", "\u{80}");
    project.omega(["study", "cut.json"]).exits(3);
    project.omega(["study", "empty.json"]).exits(2).says("empty");
    project.omega(["study", "missing.db"]).exits(2).says("not there");
    project.omega(["study", "."]).exits(2);
    project.file("s.json", &whole);
    project.omega(["study", "s.json", "--report", "s.json"]).exits(2).says("is the study itself");
    project.omega(["study", "s.json", "--report", "none/page.html"]).exits(2).says("there is no folder `none`");
    for (before, said) in [("\u{feff}", "a byte order mark"), ("\n", "blanks"), ("\u{feff} \n", "a byte order mark")] {
        project.file("marked.json", &format!("{before}{whole}"));
        project.omega(["study", "marked.json"]).exits(2).says(&format!("is a study with {said} before its first row"));
    }
    assert_eq!(project.read("s.json"), whole);
    shown(&study(UP, &[]), &[], 6).shows("none");
}
