//! A search with more candidates than a result lists, and rows read back from the trail.

use std::fs::File;
use std::io::BufReader;

use camino::{Utf8Path, Utf8PathBuf};
use omega_lock::internals::artifacts::{
    Artifacts, Binary, RunLock, RunResult, Start, Timings, TrailFile, read_json, write,
};
use omega_lock::internals::audit::{AuditedEvaluator, Subject};
use omega_lock::internals::objective::{Context, Evaluator, Outcome, Phase};
use omega_lock::internals::pipeline::MOST_LISTED;
use omega_lock::internals::verify::{Regeneration, read_trail, regenerate};
use omega_lock::prelude::*;
use omega_lock::{Declaration, Run, scorecard};
use serde_json::json;

fn temporary() -> (tempfile::TempDir, Utf8PathBuf) {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    let path = Utf8PathBuf::try_from(folder.path().to_owned()).expect("a path that is text");
    (folder, path)
}

/// Fitness is the place in the grid, so that the last candidate is the best. One fails, one is not finite.
fn counter() -> FnTarget {
    let space = ParamSpace::new().int("a", 0..=21, 9).int("b", 0..=21, 9).int("c", 0..=21, 9);
    FnTarget::new(space, |params| match 484 * params.int("a")? + 22 * params.int("b")? + params.int("c")? {
        0 => Err(TargetError::new("no data")),
        5 => Ok(Evaluation::new(f64::NEG_INFINITY).samples(100)),
        place => Ok(Evaluation::new(place as f64).samples(100)),
    })
}

fn declaration(target: &FnTarget, profile: Profile) -> Declaration {
    Declaration {
        config: RunConfig {
            profile,
            unlock_k: 3,
            search: SearchMethod::Grid { points_per_axis: 22 },
            constraint_policy: ConstraintPolicy::PreferFeasible,
            max_failed_evaluations: 100,
            ..RunConfig::reference()
        },
        constraints: vec![Constraint::below("weak", "fitness", 100.0)],
        ..Declaration::of("counter", target).with(Role::Test, target)
    }
}

/// Runs the declaration with its trail in a folder; gives the scorecard.
fn run(declaration: &Declaration, target: &FnTarget, folder: &Utf8Path) -> String {
    let lock = RunLock::take(folder, |_| ()).expect("nobody else is here");
    let start = Start { declaration, binary: &Binary::known_as("test"), fresh: Some("asked for") };
    let mut trail = TrailFile::open(&lock, start).expect("a trail");
    let outcome = Run::of(declaration).train(target).test(target).record(&mut trail).run().expect("the run finishes");
    let mut result = RunResult::new(declaration, &outcome);
    let scorecard = scorecard(&result);
    result.trail = Some(trail.end(Ok(&result.verdict)).expect("an end row"));
    let timings = Timings::unmeasured("counter");
    write(Artifacts { result: &result, timings: &timings, scorecard: &scorecard }, folder).expect("the artifacts");
    scorecard
}

/// 22 * 22 * 22 = 10,648 candidates, of which those before place 100 are feasible: by hand, the list is place 99 and the
/// last 9,999. Under the strict profile the one that is not finite has failed.
#[test]
fn a_search_beyond_the_limit_lists_the_best_counts_the_others_and_is_made_again_from_its_trail() {
    for (profile, feasible, not_finite, failed) in [(Profile::Reference, 98, 1, 1), (Profile::Strict, 97, 0, 2)] {
        let (_kept, folder) = temporary();
        let target = counter();
        let scorecard = run(&declaration(&target, profile), &target, &folder);

        let result: RunResult = read_json(&folder.join("result.json")).expect("a result");
        let pass = &result.passes[0];
        let listed: Vec<u64> = pass.candidates.iter().map(|row| row.index).collect();
        let expected: Vec<u64> = std::iter::once(99).chain(10_648 - (MOST_LISTED as u64 - 1)..10_648).collect();
        assert!(listed == expected, "{profile:?}: {:?}...", &listed[..3]);
        let row = &pass.candidates[1];
        assert_eq!(row.fitness.map(|fitness| fitness.0), Some(649.0));
        assert_eq!(serde_json::to_value(&row.params).expect("JSON"), json!({ "a": 1, "b": 7, "c": 11 }));
        assert_eq!(row.constraints_failed, ["weak"]);
        let left_out = serde_json::to_value(&pass.left_out).expect("JSON");
        let counts = json!({
            "candidates": 648, "feasible": feasible, "not_finite": not_finite, "failed": failed, "not_applicable": 0
        });
        assert_eq!(left_out, counts, "{profile:?}");
        assert_eq!(pass.selected.as_ref().map(|best| best.index), Some(99));
        assert!(scorecard.contains("#99 of 10648"), "{scorecard}");
        assert!(scorecard.contains(&format!("10648 on train, {} feasible", feasible + 1)), "{scorecard}");

        let trail = folder.join("trail.jsonl");
        let report = read_trail(&trail).expect("a good trail");
        let made = regenerate(&trail, &report).unwrap_or_else(|reason| panic!("{profile:?}: {reason:?}"));
        assert_eq!(made, [("result.json", Regeneration::Same), ("scorecard.txt", Regeneration::Same)]);
    }
}

/// What the system has accepted of the trail so far, whoever wrote it.
fn lines(folder: &Utf8Path) -> usize {
    use std::io::BufRead;
    BufReader::new(File::open(folder.join("trail.jsonl")).expect("a trail")).lines().count()
}

#[test]
fn an_evaluation_is_recalled_as_it_was_told_also_from_an_interrupted_part_of_the_run() {
    let space = ParamSpace::new().float("x", -2.0..=2.0, 0.5).int("n", 0..=99, 3).bool("b", false).choice(
        "loss",
        ["l1", "\u{1b}\"é"],
        "l1",
    );
    let target = FnTarget::new(space.clone(), |params| match params.int("n")? {
        n if n % 10 == 7 => Err(TargetError::new("line 1\n\u{202e}line 2")),
        0 => Ok(Evaluation::new(f64::INFINITY)),
        n => Ok(Evaluation::new(1.0 / n as f64)
            .samples(u64::MAX)
            .with_metric("third", params.float("x")? / 3.0)
            .with_metadata("corner", json!({ "z": [-0.0, 1e300, "a\tb"], "a": null }))),
    });
    let constraints = vec![Constraint::above("third", "metadata.third", 0.1), Constraint::below("fit", "fitness", 0.5)];
    let declaration = Declaration {
        config: RunConfig { max_failed_evaluations: 100, ..RunConfig::reference() },
        constraints,
        ..Declaration::of("recall", &target)
    };
    let proposals: Vec<Params> = (0..100)
        .map(|n| {
            let params = space.neutral().with("n", n).and_then(|params| params.with("x", 0.1 * n as f64 / 7.0));
            params.and_then(|params| params.with("b", n % 2 == 0)).expect("they are in the space")
        })
        .collect();
    let (_kept, folder) = temporary();
    // The first run stops in the middle; the second one is told the first half and evaluates the rest.
    for (count, fresh) in [(50, Some("asked for")), (100, None)] {
        let lock = RunLock::take(&folder, |_| ()).expect("nobody else is here");
        let start = Start { declaration: &declaration, binary: &Binary::known_as("test"), fresh };
        let mut trail = TrailFile::open(&lock, start).expect("a trail");
        let mut evaluator = AuditedEvaluator::new(Subject::Serial(&target), &declaration.constraints, &mut trail)
            .expect("a good target")
            .allow_failures(100);
        let context = Context::new(Role::Train, Phase::Search);
        let told =
            evaluator.evaluate_batch(context, &proposals[..count], &mut |_, _| Ok(())).expect("all are evaluated");
        let error = evaluator.recall(count as u64).expect_err("it was never proposed").to_string();
        assert!(error.ends_with(&format!("evaluation {count} is not on record")), "{error}");
        for index in (0..count).rev() {
            let (params, outcome): (Params, Outcome) = evaluator.recall(index as u64).expect("it is on record");
            assert_eq!(params, proposals[index]);
            assert_eq!(outcome, told[index], "evaluation {index}");
        }
        assert_eq!(lines(&folder), count + 1, "what was recalled is on the disk");
    }
}

/// Every one of 2,000 parameters is perturbed, and three of them are searched.
#[test]
fn parameters_that_hold_still_take_no_room_in_the_trail() {
    let count = 2_000;
    let space = (0..count).fold(ParamSpace::new(), |space, n| space.int(format!("parameter {n}"), 0..=9, 5));
    let target = FnTarget::new(space, |params| {
        let near = |n: i64| Ok::<i64, TargetError>((params.int(&format!("parameter {n}"))? - n % 10).abs());
        Ok(Evaluation::new(-(3 * near(700)? + 2 * near(71)? + near(1_999)?) as f64).samples(100))
    });
    let mut declaration = declaration(&target, Profile::Reference);
    (declaration.config.search, declaration.constraints) = (SearchMethod::Grid { points_per_axis: 4 }, Vec::new());
    let (_kept, folder) = temporary();
    let _ = run(&declaration, &target, &folder);

    let file = File::open(folder.join("trail.jsonl")).expect("a trail");
    let trail = std::io::read_to_string(file).expect("text");
    let rows: Vec<&str> = trail.lines().collect();
    let evaluations = &rows[1..rows.len() - 1];
    assert!(evaluations.len() > 2 * count + 64, "{} evaluations", evaluations.len());
    let names = |row: &str| row.matches("\"parameter ").count();
    assert_eq!(names(evaluations[0]), count);
    assert!(evaluations[1..].iter().all(|row| names(row) <= 3 && row.len() < 300), "three of them move at most");

    let report = read_trail(&folder.join("trail.jsonl")).expect("a good trail");
    let made = regenerate(&folder.join("trail.jsonl"), &report).expect("it can be made again");
    assert!(made.iter().all(|(_, regeneration)| *regeneration == Regeneration::Same), "{made:?}");
}
