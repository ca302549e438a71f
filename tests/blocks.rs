//! Blocks of a slice: recorded, held to their declared number, and judged by the gate `margin`.

use camino::Utf8Path;
use omega_lock::internals::artifacts::{
    Artifacts, Binary, GoldDocument, RunLock, RunResult, Start, Timings, TrailFile, write,
};
use omega_lock::internals::audit::{Lend, Subject, Trail};
use omega_lock::internals::gates::{GateId, GateStatus, MarginEvidence};
use omega_lock::internals::pipeline::{RunError, RunOutcome};
use omega_lock::internals::report::Page;
use omega_lock::internals::rng::Generator;
use omega_lock::internals::verify::{Regeneration, read_trail, regenerate};
use omega_lock::prelude::*;
use omega_lock::{Declaration, Run, scorecard};

/// What a target returns for blocks.
type Blocks = fn(f64) -> Vec<f64>;

/// Eight blocks around the fitness, as far from it as a slice's own noise is.
fn around(noise: f64, slice: u64) -> impl Fn(f64) -> Vec<f64> + Send + Sync {
    let mut generator = Generator::new(slice);
    let noise: Vec<f64> = (0..8).map(|_| noise * generator.standard_normal()).collect();
    move |fitness: f64| noise.iter().map(|noise| fitness * (1.0 + noise)).collect()
}

fn space() -> ParamSpace {
    ["a", "b", "c", "d"].into_iter().fold(ParamSpace::new(), |space, name| space.float(name, 0.0..=1.0, 0.0))
}

/// A slope that is worth `gain` in all, with blocks as told.
fn slope(gain: f64, blocks: impl Fn(f64) -> Vec<f64> + Send + Sync + 'static) -> FnTarget {
    FnTarget::new(space(), move |params| {
        let at = |name: &str| params.float(name);
        let fitness = gain * (0.6 * at("a")? + 0.3 * at("b")? + 0.08 * at("c")? + 0.02 * at("d")?);
        Ok(Evaluation::new(fitness).samples(100).blocks(blocks(fitness)))
    })
}

fn declared(blocks: Option<u64>, train: &dyn Target, test: &dyn Target) -> Declaration {
    let config = RunConfig { blocks, ..RunConfig::default() };
    let declaration = Declaration::of("slope", train).with(Role::Test, test).with(Role::Holdout, test);
    Declaration { config, ..declaration }
}

fn run(
    declaration: &Declaration,
    train: &(impl Target + Sync),
    test: &(impl Target + Sync),
) -> Result<RunOutcome, RunError> {
    Run::of(declaration).train(train).test(test).holdout(test).run()
}

fn message(outcome: &RunOutcome, gate: &GateId) -> (GateStatus, String) {
    let report = outcome.report(gate).unwrap_or_else(|| panic!("{gate} was not judged"));
    (report.status, report.message.clone())
}

#[test]
fn another_number_of_blocks_or_one_that_is_not_finite_fails_the_evaluation_of_any_slice_by_name() {
    let good = |fitness: f64| vec![fitness; 8];
    let cases: [(Blocks, &str); 4] = [
        (|_| Vec::new(), "error: it has no blocks, and 8 are declared (`blocks`): return them by `Evaluation::blocks`"),
        (|fitness| vec![fitness; 7], "error: it has 7 blocks, and 8 are declared (`blocks`)"),
        (|fitness| vec![fitness; 9], "error: it has 9 blocks, and 8 are declared (`blocks`)"),
        (|_| [vec![0.0; 7], vec![f64::NAN]].concat(), "non_finite: block 8 of 8 is NaN"),
    ];
    for (broken, reason) in cases {
        let (train, test) = (slope(1.0, broken), slope(1.01, good));
        let error = run(&declared(Some(8), &train, &test), &train, &test).unwrap_err().to_string();
        assert!(error.starts_with("evaluation 0 (train, baseline) failed") && error.contains(reason), "{error}");
        let (train, test) = (slope(1.0, good), slope(1.01, broken));
        let error = run(&declared(Some(8), &train, &test), &train, &test).unwrap_err().to_string();
        assert!(error.contains("(test, walk_forward) failed") && error.contains(reason), "{error}");
        let holdout = slope(1.0, broken);
        let test = slope(1.01, good);
        let declaration = declared(Some(8), &train, &test);
        let error = Run::of(&declaration).train(&train).test(&test).holdout(&holdout).run().unwrap_err().to_string();
        assert!(error.contains("(holdout, holdout) failed") && error.contains(reason), "{error}");
        let null = |_: u64, lend: &mut Lend<'_>| {
            lend(&[(Role::Train, Subject::Parallel(&holdout)), (Role::Test, Subject::Parallel(&holdout))]);
            Ok(())
        };
        let mut declaration = declared(Some(8), &train, &test);
        declaration.config.null_declared = true;
        let run = Run::of(&declaration).train(&train).test(&test).holdout(&test).null(&null);
        let error = run.run().unwrap_err().to_string();
        assert!(error.contains("(train, null) failed") && error.contains(reason), "{error}");
    }
}

#[test]
fn blocks_that_nobody_declared_are_recorded_and_shown_decide_nothing_and_the_run_names_the_line_to_add() {
    let (train, test) = (slope(1.0, around(0.2, 1)), slope(1.01, around(0.2, 2)));
    let declaration = declared(None, &train, &test);
    let mut trail = Trail::new();
    let outcome =
        Run::of(&declaration).train(&train).test(&test).holdout(&test).record(&mut trail).run().expect("a verdict");
    assert!(trail.rows().iter().all(|row| row.outcome.evaluation().is_some_and(|told| told.blocks.len() == 8)));
    assert!(outcome.report(&GateId::Margin).is_none());
    assert_eq!(message(&outcome, &GateId::Transfer).0, GateStatus::Pass, "it decides as ever");
    let line = "evaluations have 8 blocks, which decide nothing: add `blocks = 8` to the calibration's table in omega.toml, and \
                `margin` judges the winner by them.";
    assert!(outcome.warnings.iter().any(|warning| warning == line), "{:?}", outcome.warnings);
    let result = RunResult::new(&declaration, &outcome);
    assert_eq!(result.rests_on(), ["approximate"]);
    let page = Page::from(&result).text();
    for text in ["Gain over the baseline:\n  train", "  selected on test     ", "  selected on holdout  "] {
        assert!(page.contains(text), "{page}");
    }
    let none = slope(1.0, |_| Vec::new());
    let outcome = run(&declared(None, &none, &none), &none, &none).expect("a verdict");
    assert!(outcome.gains.is_empty() && !outcome.warnings.iter().any(|warning| warning.contains("blocks")));
}

#[test]
fn with_blocks_margin_decides_and_transfer_is_shown_unless_it_is_required() {
    let (train, test) = (slope(1.0, around(0.2, 1)), slope(1.01, around(0.2, 2)));
    let outcome = run(&declared(Some(8), &train, &test), &train, &test).expect("a verdict");
    assert_eq!(outcome.verdict.to_string(), "PASS");
    let (status, text) = message(&outcome, &GateId::Margin);
    assert_eq!(status, GateStatus::Pass);
    assert!(text.starts_with("PASS: gain 0.9") && text.contains("over 8 blocks), p=0.000"), "{text}");
    assert_eq!(message(&outcome, &GateId::Transfer), (GateStatus::Advisory, "shown; `margin` decides".to_owned()));
    // Backwards on test: nothing about the winner holds there.
    let against = slope(-1.0, around(0.2, 2));
    let outcome = run(&declared(Some(8), &train, &against), &train, &against).expect("a verdict");
    assert_eq!(outcome.verdict.to_string(), "FAIL:SELECTED,MARGIN");
    let mut required = declared(Some(8), &train, &against);
    required.config.strict.transfer.decides = omega_lock::internals::gates::Decides::Required;
    let outcome = run(&required, &train, &against).expect("a verdict");
    assert_eq!(outcome.verdict.to_string(), "FAIL:TRANSFER,SELECTED,MARGIN");
}

/// One point of 125 that is far above the others on both slices: no ranking transfers, and the winner is right.
#[test]
fn a_lone_peak_passes_where_a_bad_baseline_and_a_bad_region_that_two_slices_share_do_not() {
    let grid = |bad: fn(&[f64]) -> f64, slice: u64| {
        FnTarget::new(space(), move |params| {
            let at = ["a", "b", "c"].map(|name| params.float(name).unwrap_or_default());
            let words: Vec<u32> = at.iter().map(|value| (4.0 * value) as u32).chain([slice as u32]).collect();
            let mut noise = Generator::from_seed_words(&words);
            let blocks: Vec<f64> = (0..8).map(|_| bad(&at) + noise.standard_normal()).collect();
            Ok(Evaluation::new(blocks.iter().sum::<f64>() / 8.0).samples(100).blocks(blocks))
        })
    };
    let judged = |bad: fn(&[f64]) -> f64, seed: u64| {
        let (train, test) = (grid(bad, 2 * seed), grid(bad, 2 * seed + 1));
        let mut declaration = declared(Some(8), &train, &test);
        declaration.config.thresholds.gini_min = -1.0;
        declaration.config.thresholds.top_bot_ratio_min = 0.0;
        let outcome = run(&declaration, &train, &test).expect("a verdict");
        message(&outcome, &GateId::Margin).0 == GateStatus::Pass
    };
    let passed = |bad: fn(&[f64]) -> f64| (0..40).filter(|seed| judged(bad, *seed)).count();
    let peak: fn(&[f64]) -> f64 = |at| if at.iter().all(|value| *value == 0.75) { 4.0 } else { 0.0 };
    assert_eq!(passed(peak), 40);
    // The baseline is the corner of zeros. 5 % of 40 is 2; 7 or more have a chance of .3 %.
    assert!(passed(|at| if at.iter().all(|value| *value == 0.0) { -4.0 } else { 0.0 }) <= 6, "a bad baseline");
    assert!(passed(|at| if at[0] > 0.5 { -4.0 } else { 0.0 }) <= 6, "a bad region that slices share");
}

#[test]
fn rounds_ask_the_test_slice_once_at_the_end_against_the_first_baseline() {
    let (train, test) = (slope(1.0, around(0.2, 1)), slope(1.01, around(0.2, 2)));
    let mut declaration = declared(Some(8), &train, &test);
    declaration.config.unlock_k = 2;
    declaration.config.rounds = Some(Rounds { max: 2, ..Rounds::default() });
    let outcome = run(&declaration, &train, &test).expect("a verdict");
    assert_eq!((outcome.verdict.to_string().as_str(), outcome.passes.len()), ("PASS", 2));
    for round in &outcome.passes {
        assert!(round.report(&GateId::Margin).is_none());
        for gate in [GateId::Kc4, GateId::Selected, GateId::Transfer] {
            assert_eq!(round.report(&gate).map(|report| report.status), Some(GateStatus::Advisory), "{gate}");
        }
    }
    assert_eq!(message(&outcome, &GateId::Selected).0, GateStatus::Pass, "the last round's, after all of them");
    let report = outcome.ending.report(&GateId::Margin).expect("judged once");
    let gain = report.evidence::<MarginEvidence>().and_then(|margin| margin.over_baseline).expect("it has a gain");
    assert!(gain.mean > 0.9, "both rounds together: {gain:?}");
    // Against the slope no round holds on test, and no round is stopped by that.
    let against = slope(-1.0, around(0.2, 2));
    let outcome = run(&declaration, &train, &against).expect("a verdict");
    assert_eq!((outcome.verdict.to_string().as_str(), outcome.passes.len()), ("FAIL:round2", 2));
}

#[test]
fn a_run_with_blocks_is_made_again_from_its_trail_and_stands_in_every_artifact() {
    let (train, test) = (slope(1.0, around(0.2, 1)), slope(1.01, around(0.2, 2)));
    for rounds in [None, Some(Rounds { max: 2, ..Rounds::default() })] {
        let mut declaration = declared(Some(8), &train, &test);
        (declaration.config.rounds, declaration.config.unlock_k) = (rounds, 2);
        let folder = tempfile::tempdir().expect("a folder");
        let folder = Utf8Path::from_path(folder.path()).expect("a UTF-8 path");
        let lock = RunLock::take(folder, |_| ()).expect("the folder can be locked");
        let mut trail = TrailFile::open(
            &lock,
            Start { declaration: &declaration, binary: &Binary::known_as("this build"), fresh: None },
        )
        .expect("a trail");
        let made = Run::of(&declaration).train(&train).test(&test).holdout(&test).record(&mut trail).threads(2).run();
        let mut result = RunResult::new(&declaration, &made.expect("a verdict"));
        result.trail = Some(trail.end(Ok(&result.verdict)).expect("it ends"));
        let card = scorecard(&result);
        assert!(card.contains("Verdict:      PASS (rests on blocks 8; skipped: "), "{card}");
        let gold = GoldDocument::new(&result, None);
        assert!(
            ["train_gain", "test_gain", "test_gain_low", "test_gain_high"]
                .iter()
                .all(|name| gold.metrics.contains_key(*name))
        );
        write(Artifacts { result: &result, timings: &Timings::unmeasured("slope"), scorecard: &card }, folder)
            .expect("written");
        let again =
            regenerate(&folder.join("trail.jsonl"), &read_trail(&folder.join("trail.jsonl")).expect("a whole trail"));
        let again = again.expect("made again");
        assert!(again.iter().all(|(_, found)| *found == Regeneration::Same), "{again:?}");
    }
}
