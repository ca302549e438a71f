//! A finished study in the place of a search: its records choose, evaluations of now are judged.
#![expect(clippy::disallowed_methods, reason = "a test lays the files of a run into a folder, and cuts one")]

use camino::Utf8Path;
use omega_lock::internals::artifacts::{
    Artifacts, Binary, Direction, Number, Ordered, RunLock, RunResult, Spelled, Start, StudyReader, StudyTrial,
    Timings, TrailFile, TrialState, study_again, study_of, write,
};
use omega_lock::internals::audit::{Lend, Subject};
use omega_lock::internals::gates::{GateId, GateStatus};
use omega_lock::internals::pipeline::{RunOutcome, Study};
use omega_lock::internals::report::selected_place;
use omega_lock::internals::search::{RandomSearch, Search};
use omega_lock::internals::verify::{Regeneration, Unmade, read_trail, regenerate};
use omega_lock::keyholes::PhantomKeyhole;
use omega_lock::prelude::*;
use omega_lock::{Declaration, Run, scorecard};
use study::{head, trial, written};

#[path = "support/study.rs"]
mod study;

const FILE: &str = "studies/amp.json";

fn slices() -> [PhantomKeyhole; 2] {
    [42, 1337].map(|seed| PhantomKeyhole::new(seed).in_blocks(8))
}

fn declaration() -> Declaration {
    let [train, test] = slices();
    let config = RunConfig {
        search: SearchMethod::study(FILE),
        thresholds: Thresholds::pure_objective(),
        blocks: Some(8),
        ..RunConfig::default()
    };
    Declaration { config, ..Declaration::of("amp", &train).with(Role::Test, &test) }
}

/// Draws over three parameters, as somebody's optimizer left them.
fn drawn(count: u64) -> Vec<StudyTrial> {
    let [train, _] = slices();
    let space = train.space();
    let names = ["alpha", "window", "long_mode"].map(str::to_owned);
    let mut search = RandomSearch::new(&space, &space.neutral(), &names, count, 5).expect("they are parameters");
    let mut trials = Vec::new();
    for params in search.ask(usize::MAX) {
        let score = train.evaluate(&params).expect("it evaluates").fitness;
        trials.push(trial(trials.len() as u64, &params.subset(names.iter().map(String::as_str)), score));
    }
    trials
}

fn maximized(trials: Vec<StudyTrial>) -> Vec<u8> {
    written(&head(&[("value", Some(Direction::Maximize))]), trials)
}

fn read(bytes: &[u8], declaration: &Declaration) -> Result<Study, String> {
    let (config, space) = (&declaration.config, &declaration.space);
    study_of(|| StudyReader::new(bytes), Utf8Path::new(FILE), config, space).map_err(|error| error.to_string())
}

/// Runs the declaration with the study of these bytes.
fn run(mut declaration: Declaration, bytes: &[u8]) -> (Declaration, RunOutcome) {
    let study = read(bytes, &declaration).expect("a study");
    declaration.config.search = SearchMethod::Study { file: FILE.to_owned(), digest: study.digest.clone() };
    let [train, test] = slices();
    let outcome = Run::of(&declaration).train(&train).test(&test).study(&study).run().expect("a verdict");
    (declaration, outcome)
}

fn reproduces(outcome: &RunOutcome) -> (GateStatus, String) {
    let report = outcome.report(&GateId::Reproduces).expect("it is judged");
    (report.status, report.message.clone())
}

#[test]
fn the_winner_of_a_study_is_judged_by_what_is_evaluated_now_and_only_part_of_the_study_is() {
    let (declaration, outcome) = run(declaration(), &maximized(drawn(300)));
    assert_eq!(outcome.verdict.to_string(), "PASS", "{:?}", outcome.reports().collect::<Vec<_>>());
    let (status, message) = reproduces(&outcome);
    let again = outcome.passes[0].candidates.len();
    assert_eq!(
        (status, message),
        (GateStatus::Pass, format!("PASS: {again} trials of the study give what it recorded"))
    );
    assert!((35..=60).contains(&again), "{again}");
    let best = drawn(300).into_iter().max_by(|a, b| a.scores.0[0].1.0.total_cmp(&b.scores.0[0].1.0)).expect("trials");
    let selected = outcome.selected().expect("a winner");
    assert_eq!((selected.index, selected.fitness()), (0, Some(best.scores.0[0].1.0)));
    assert!(outcome.passes[0].stresses.is_empty());
    let result = RunResult::new(&declaration, &outcome);
    assert_eq!(result.passes[0].reevaluated[0].trial, best.number);
    let selection = result.selection().expect("a winner");
    assert_eq!(selection.trial, Some(best.number));
    assert_eq!(selected_place(&selection), format!("#0 of {again}, trial {} of the study", best.number));
    assert_eq!(result.gate("kc2").map(|gate| gate.status.0), Some(GateStatus::Skip));
    assert!(result.warnings[0].starts_with("the study has 300 trials, of which "), "{:?}", result.warnings);
    assert!(result.warnings[1].contains("where the study does not say"), "{:?}", result.warnings);
}

#[test]
fn an_edited_winner_fails_and_is_named() {
    let mut trials = drawn(200);
    trials[41].scores.0[0].1 = Number(1e6);
    let (_, outcome) = run(declaration(), &maximized(trials));
    assert_eq!(outcome.verdict.failed_gates().next().map(GateId::id), Some("reproduces".to_owned()));
    let (_, message) = reproduces(&outcome);
    assert!(message.starts_with("FAIL: 1 of ") && message.contains("trial 41 recorded 1000000, now "), "{message}");
}

/// A tolerance that somebody loosened lets a record pass that is not what the trial gives now. It still chose the winner, and the
/// gates on test judge that trial and not the one that is best now.
#[test]
fn whatever_the_tolerance_the_trial_that_the_record_chose_is_the_one_that_is_judged_on_test() {
    let mut trials = drawn(300);
    let best = trials.iter().map(|trial| trial.scores.0[0].1.0).fold(f64::MIN, f64::max);
    let chosen = trials.iter_mut().min_by(|a, b| a.scores.0[0].1.0.abs().total_cmp(&b.scores.0[0].1.0.abs()));
    let chosen = chosen.expect("trials");
    let (number, now) = (chosen.number, chosen.scores.0[0].1.0);
    chosen.scores.0[0].1.0 = best * 1.5;
    let mut declared = declaration();
    (declared.config.blocks, declared.config.strict.study_tolerance) = (None, 1e6);
    let study = read(&maximized(trials), &declared).expect("a study");
    assert_eq!(study.again[0].trial, number);
    declared.config.search = SearchMethod::Study { file: FILE.to_owned(), digest: study.digest.clone() };
    let [train, test] = [42, 1337].map(PhantomKeyhole::new);
    let outcome = Run::of(&declared).train(&train).test(&test).study(&study).run().expect("a verdict");
    assert_eq!(reproduces(&outcome).0, GateStatus::Pass);
    let pass = &outcome.passes[0];
    let walked = pass.walk_forward.as_ref().expect("it is walked forward");
    assert_eq!((walked.candidates[0], walked.train_fitness[0]), (0, now), "the winner by its record leads");
    assert!(walked.train_fitness[1] > now, "others are better now: {walked:?}");
    let on_test = test.evaluate(&pass.selected.as_ref().expect("a winner").params).expect("it evaluates").fitness;
    assert_eq!(walked.test_fitness[0], on_test);
    let result = RunResult::new(&declared, &outcome);
    let selected = result.gate("selected").expect("judged");
    assert!(selected.message.contains("train fitness 0.003, test 0.003"), "{selected:?}");
}

#[test]
fn another_train_slice_another_direction_and_another_sign_fail() {
    let trials = drawn(200);
    let other = PhantomKeyhole::new(77).in_blocks(8);
    let study = read(&maximized(trials.clone()), &declaration()).expect("a study");
    let mut declared = declaration();
    declared.config.search = SearchMethod::Study { file: FILE.to_owned(), digest: study.digest.clone() };
    let [_, test] = slices();
    let outcome = Run::of(&declared).train(&other).test(&test).study(&study).run().expect("a verdict");
    assert_eq!(reproduces(&outcome).0, GateStatus::Fail);

    let minimized = written(&head(&[("value", Some(Direction::Minimize))]), trials.clone());
    let (_, outcome) = run(declaration(), &minimized);
    let report = outcome.report(&GateId::Reproduces).expect("judged");
    assert_eq!(report.status, GateStatus::Fail);
    assert!(report.measures.iter().any(|measure| measure.metric == "sign"), "{report:?}");
    assert!(report.message.contains("turned because smaller is better"), "{report:?}");

    // A loss is the fitness with the other sign, and then smaller is better.
    let losses = trials.into_iter().map(|mut trial| {
        trial.scores.0[0].1.0 *= -1.0;
        trial
    });
    let (_, outcome) = run(declaration(), &written(&head(&[("value", Some(Direction::Minimize))]), losses));
    assert_eq!(outcome.verdict.to_string(), "PASS");
}

#[test]
fn what_cannot_have_won_is_counted_and_never_selected() {
    let mut trials = drawn(100);
    let best = |trial: &mut StudyTrial| trial.scores.0[0].1 = Number(f64::MAX);
    for (number, state) in [(0, TrialState::Pruned), (1, TrialState::Failed), (2, TrialState::Running)] {
        best(&mut trials[number]);
        trials[number].state = Spelled(state);
    }
    trials[3].scores.0[0].1 = Number(f64::INFINITY);
    trials[4].scores.0[0].1 = Number(f64::NAN);
    trials[5].scores.0.clear();
    for (number, constraint) in [(6, 0.5), (7, f64::NAN)] {
        best(&mut trials[number]);
        trials[number].constraints = Ordered(vec![("c".to_owned(), Number(constraint))]);
    }
    trials[8].constraints = Ordered(vec![("c".to_owned(), Number(0.0))]);
    trials[9] = StudyTrial { number: 9, ..trials[10].clone() };
    let study = read(&maximized(trials), &declaration()).expect("a study");
    let counts = study.counts;
    assert_eq!((counts.trials, counts.incomplete, counts.not_finite), (100, 3, 3));
    assert_eq!((counts.infeasible, counts.repeated, counts.eligible), (2, 1, 91));
    assert!(study.again.iter().all(|pick| pick.trial > 7 && pick.trial != 10));
}

/// Two records of one set of parameters cannot both be what the target gives: the better one chose, and the other is evidence too.
#[test]
fn of_repeats_the_best_record_chooses_and_one_that_differs_is_held_against_what_is_measured() {
    let mut trials = drawn(100);
    let best = trials.iter().max_by(|a, b| a.scores.0[0].1.0.total_cmp(&b.scores.0[0].1.0)).expect("trials").clone();
    for (number, score) in [(100, 1e6), (101, best.scores.0[0].1.0)] {
        let mut repeat = StudyTrial { number, ..trials[3].clone() };
        repeat.scores.0[0].1.0 = score;
        trials.push(repeat);
    }
    let study = read(&maximized(trials.clone()), &declaration()).expect("a study");
    assert_eq!((study.again[0].trial, study.again[0].lowest.map(|lowest| lowest.trial)), (100, Some(3)));
    assert_eq!((study.counts.repeated, study.counts.eligible), (2, 100));
    let (_, outcome) = run(declaration(), &maximized(trials.clone()));
    assert!(reproduces(&outcome).1.contains("trial 100 recorded 1000000"), "{:?}", reproduces(&outcome));

    // The winner is what it says, and a later record of it is not.
    trials.truncate(100);
    let mut repeat = StudyTrial { number: 100, ..best };
    repeat.scores.0[0].1.0 -= 1.0;
    trials.push(repeat);
    let (declaration, outcome) = run(declaration(), &maximized(trials));
    let (status, message) = reproduces(&outcome);
    assert!(
        status == GateStatus::Fail && message.starts_with("FAIL: 1 of ") && message.contains("trial 100 "),
        "{message}"
    );
    let result = RunResult::new(&declaration, &outcome);
    let last = result.passes[0].reevaluated.last().expect("trials");
    assert_eq!((last.index, last.trial), (0, 100));
}

/// What a tool noted as `feasible` counts as a constraint does; a table that lost the choice `None` is told apart from other data.
#[test]
fn a_trial_that_was_noted_as_infeasible_does_not_win_and_a_lost_parameter_is_named() {
    let mut trials = drawn(60);
    let best = |trials: &[StudyTrial]| {
        let best = trials.iter().max_by(|a, b| a.scores.0[0].1.0.total_cmp(&b.scores.0[0].1.0));
        usize::try_from(best.expect("trials").number).expect("small")
    };
    let first = best(&trials);
    trials[first].attributes.insert("feasible".to_owned(), serde_json::Value::Bool(false));
    let study = read(&maximized(trials.clone()), &declaration()).expect("a study");
    assert_eq!(study.counts.infeasible, 1);
    assert!(study.again.iter().all(|pick| pick.trial != first as u64));

    let mut trials = drawn(60);
    trials[first].params.0.retain(|(name, _)| name != "alpha");
    let (declaration, outcome) = run(declaration(), &maximized(trials));
    assert_eq!(reproduces(&outcome).0, GateStatus::Fail);
    let report = outcome.report(&GateId::Reproduces).expect("judged");
    assert!(report.measures.iter().any(|measure| measure.metric == "unsaid"), "{report:?}");
    let told = RunResult::new(&declaration, &outcome).warnings.join(" ");
    assert!(told.contains(&format!("trial {first} does not say `alpha`")), "{told}");
}

#[test]
fn a_study_that_is_not_of_this_space_or_says_no_direction_is_refused_with_what_to_do() {
    let refused = |objectives: &[(&str, Option<Direction>)], change: &dyn Fn(&mut StudyTrial)| {
        let mut trials = drawn(20);
        trials.iter_mut().for_each(change);
        read(&written(&head(objectives), trials), &declaration()).expect_err("refused")
    };
    let larger: &[(&str, Option<Direction>)] = &[("value", Some(Direction::Maximize))];
    let said = refused(larger, &|trial| trial.params.0[0].0 = "alhpa".to_owned());
    assert!(
        said.contains("has the parameter `alhpa` (trial 0)") && said.contains("the nearest there is `alpha`"),
        "{said}"
    );
    let said = refused(larger, &|trial| {
        trial.params.0[0].1 = omega_lock::internals::artifacts::StudyValue::Float(Number(1e9))
    });
    assert!(said.contains("has the value 1000000000.0 of `alpha` in trial 0, expected float in"), "{said}");
    let said = refused(&[("value", None)], &|_| ());
    assert!(
        said.contains("does not say which values of `value` are better\nhelp: import it again with `--direction"),
        "{said}"
    );
    let said = refused(&[("value", Some(Direction::Maximize)), ("time", None)], &|_| ());
    assert!(said.contains("has 2 objectives (`value`, `time`)"), "{said}");
    let said = refused(&[], &|_| ());
    assert!(said.contains("does not say which score was optimised"), "{said}");
    let said = refused(larger, &|trial| trial.state = Spelled(TrialState::Pruned));
    assert!(said.contains("has no trial that might have won: of 20, 20 are not complete"), "{said}");
}

#[test]
fn windows_rounds_and_the_reference_profile_are_refused_by_name() {
    let refused = |change: &dyn Fn(&mut RunConfig)| {
        let mut config = declaration().config;
        change(&mut config);
        config.check().expect_err("refused").to_string()
    };
    let begins = "`search.method` is study, expected \"grid\", \"zoom\", \"random\" or \"tpe\": ";
    for (said, why) in [
        (refused(&|config| config.windows = Some(4)), "each window is searched on its own data"),
        (refused(&|config| config.rounds = Some(Rounds::default())), "has no further round"),
        (refused(&|config| config.profile = Profile::Reference), "the profile `reference`"),
    ] {
        assert!(said.starts_with(begins) && said.contains(why), "{said}");
    }
    for file in ["", "/a.json", "../a.json", "a\\b", "c:/a"] {
        let said = refused(&|config| config.search = SearchMethod::study(file));
        assert!(said.contains("`search.file` is ") && said.contains("relative to the folder of omega.toml"), "{said}");
    }
}

#[test]
fn null_versions_are_not_asked_and_without_blocks_the_verdict_is_approximate() {
    let mut declared = declaration();
    (declared.config.null_declared, declared.config.blocks) = (true, None);
    let study = read(&maximized(drawn(300)), &declared).expect("a study");
    declared.config.search = SearchMethod::Study { file: FILE.to_owned(), digest: study.digest.clone() };
    let [train, test] = [42, 1337].map(PhantomKeyhole::new);
    let null = |_: u64, _: &mut Lend<'_>| -> Result<(), TargetError> { Err(TargetError::new("nobody asks")) };
    let subjects = [(Role::Train, Subject::Parallel(&train)), (Role::Test, Subject::Parallel(&test))];
    let run = subjects.into_iter().fold(Run::of(&declared), |run, (role, subject)| run.on(role, subject));
    let outcome = run.null(&null).study(&study).run().expect("a verdict");
    let result = RunResult::new(&declared, &outcome);
    assert_eq!(result.gate("null").map(|gate| gate.status.0), Some(GateStatus::Skip));
    assert_eq!(result.rests_on(), ["approximate"]);
}

/// Leaves the files of a run in a folder below the root, behind what is there.
fn run_in(root: &Utf8Path) -> RunResult {
    let mut declared = declaration();
    let path = root.join(FILE);
    let study = study_again(&path, Utf8Path::new(FILE), &declared.config, &declared.space).expect("a study");
    declared.config.search = SearchMethod::Study { file: FILE.to_owned(), digest: study.digest.clone() };
    let folder = root.join("target/omega/amp");
    let lock = RunLock::take(&folder, |_| ()).expect("the folder can be locked");
    let start = Start { declaration: &declared, binary: &Binary::known_as("this build"), fresh: None };
    let mut trail = TrailFile::open(&lock, start).expect("a trail");
    let [train, test] = slices();
    let run = Run::of(&declared).train(&train).test(&test).study(&study).threads(2);
    let outcome = run.record(&mut trail).run().expect("a verdict");
    let mut result = RunResult::new(&declared, &outcome);
    let scorecard = scorecard(&result);
    result.trail = Some(trail.end(Ok(&result.verdict)).expect("it ends"));
    let timings = Timings::unmeasured("amp");
    write(Artifacts { result: &result, timings: &timings, scorecard: &scorecard }, &folder).expect("written");
    result
}

#[test]
fn a_run_of_a_study_goes_on_where_it_was_cut_and_is_made_again_from_its_trail_and_the_study() {
    let root = tempfile::tempdir().expect("a folder");
    let root = Utf8Path::from_path(root.path()).expect("a UTF-8 path");
    std::fs::create_dir_all(root.join("studies")).expect("a folder");
    std::fs::write(root.join(FILE), maximized(drawn(300))).expect("written");
    let whole = run_in(root);
    let path = root.join("target/omega/amp/trail.jsonl");
    let bytes = std::fs::read(&path).expect("a trail");
    for tenth in [2, 5, 9] {
        std::fs::write(&path, &bytes[..bytes.len() * tenth / 10]).expect("the trail can be cut");
        assert_eq!(run_in(root), whole, "cut at {tenth} tenths");
        assert!(std::fs::read(&path).expect("a trail") == bytes, "cut at {tenth} tenths");
    }
    let again = || regenerate(&path, &read_trail(&path).expect("a whole trail"));
    let same = again().expect("made again");
    assert!(same.iter().all(|(_, found)| *found == Regeneration::Same), "{same:?}");
    // Another study of the same name is not taken for it.
    std::fs::write(root.join(FILE), maximized(drawn(200))).expect("written");
    match again().expect_err("not made again") {
        Unmade::Impossible(reason) => assert!(reason.contains("`studies/amp.json` with the digest"), "{reason}"),
        other => panic!("{other:?}"),
    }
}
