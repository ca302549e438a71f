//! What a statement says of a run: PASSED only where every case passed and nothing speaks against believing it.

use omega_lock::internals::artifacts::{
    Anchor, Attestable, Attested, Found, Judged, JudgedCase, JudgedFile, RunResult, Statement, Timings, TrialStatus,
};
use omega_lock::internals::declaration::{Acceptance, Ship};
use omega_lock::internals::gates::{CommittedCase, GateStatus};
use omega_lock::prelude::*;
use omega_lock::{Declaration, Run};

/// A run under `strict` with blocks, as if every gate had passed.
fn passed() -> RunResult {
    let target = |gain: f64| {
        FnTarget::new(ParamSpace::new().float("x", 0.0..=1.0, 0.0).float("y", 0.0..=1.0, 0.0), move |params| {
            let fitness = gain * (params.float("x")? + 0.5 * params.float("y")?);
            Ok(Evaluation::new(fitness).samples(100).blocks((1..9).map(|b| fitness * f64::from(b)).collect()))
        })
    };
    let (train, test) = (target(1.0), target(1.1));
    let mut declaration = Declaration::of("slope", &train).with(Role::Test, &test);
    declaration.config = RunConfig { blocks: Some(8), ..RunConfig::default() };
    declaration.acceptance = Acceptance {
        consultations: true,
        looks: Some(1),
        ship: Some(Ship { file: "src/tuned.rs".to_owned(), ..Ship::default() }),
        ..Acceptance::of_profile(Profile::Strict)
    };
    let outcome = Run::of(&declaration).train(&train).test(&test).run().expect("an outcome");
    let mut result = RunResult::new(&declaration, &outcome);
    result.trail = Some(Anchor { rows: 9, head: "ab".repeat(32) });
    result.verdict.0 = "PASS".parse().expect("a verdict");
    for entry in result.gates.iter_mut().filter(|entry| entry.status == GateStatus::Fail) {
        entry.status = GateStatus::Pass.into();
    }
    result
}

fn judged(result: &RunResult) -> Judged {
    let case = |case: CommittedCase| JudgedCase { case: case.into(), status: TrialStatus::Pass, reason: String::new() };
    let gold = Some(CommittedCase::Gold.into());
    Judged {
        schema_version: Judged::SCHEMA.to_owned(),
        trail: result.trail.clone().expect("a trail"),
        cases: CommittedCase::ALL.map(case).to_vec(),
        files: vec![JudgedFile { path: "fixtures/gold/slope.json".to_owned(), case: gold, sha256: "cd".repeat(32) }],
    }
}

fn timings() -> Timings {
    Timings { commit: Some("ef".repeat(20)), clean: Some(true), ..Timings::unmeasured("slope") }
}

fn of(result: &RunResult, judged: Option<&Judged>, timings: Option<&Timings>) -> (Attested, String) {
    let digest = "00".repeat(32);
    let run = Attestable {
        found: Found::Run(result),
        found_digest: &digest,
        trail_digest: &digest,
        judged,
        timings,
        unproven: None,
    };
    let (statement, attested, warnings) = Statement::of(run);
    let json = serde_json::to_value(&statement).expect("JSON");
    assert_eq!(json["predicate"]["result"], attested.name());
    (attested, warnings.join("\n"))
}

#[test]
fn a_run_is_passed_only_where_nothing_speaks_against_it() {
    let (result, timings) = (passed(), timings());
    let judged = judged(&result);
    assert_eq!(of(&result, Some(&judged), Some(&timings)), (Attested::Passed, String::new()));

    let warned = |found: (Attested, String), why: &str| {
        assert_eq!(found.0, Attested::Warned, "{why}");
        assert!(found.1.contains(why), "{} lacks {why}", found.1);
    };
    warned(of(&result, Some(&judged), None), "nobody wrote down where it was made");
    let made = |change: fn(&mut Timings)| {
        let mut timings = timings.clone();
        change(&mut timings);
        of(&result, Some(&judged), Some(&timings))
    };
    warned(made(|timings| timings.clean = Some(false)), "the working tree was not clean");
    warned(made(|timings| timings.clean = None), "the working tree was not clean");
    warned(made(|timings| timings.commit = None), "no commit was known");
    warned(made(|timings| timings.resumptions = vec!["continued behind row 3".to_owned()]), "it continued");
    warned(made(|timings| timings.launcher = vec!["srun".to_owned()]), "a launcher from the command line");

    warned(of(&result, None, Some(&timings)), "partial: the case `gold` was not asked of it");
    for (place, case) in CommittedCase::ALL.into_iter().enumerate() {
        let mut partial = judged.clone();
        partial.cases.remove(place);
        warned(of(&result, Some(&partial), Some(&timings)), &format!("partial: the case `{case}` was not asked of it"));
        let mut failed = judged.clone();
        failed.cases[place].status = TrialStatus::Fail;
        assert_eq!(of(&result, Some(&failed), Some(&timings)).0, Attested::Failed, "{case}");
    }
    let other = Judged { trail: Anchor { rows: 8, head: "ab".repeat(32) }, ..judged.clone() };
    warned(of(&result, Some(&other), Some(&timings)), "partial: the case `gold` was not asked of it");

    let declared = |key: &str, value: &str| {
        let mut result = result.clone();
        result.declaration.0.iter_mut().filter(|(known, _)| known == key).for_each(|(_, old)| *old = value.to_owned());
        of(&result, Some(&judged), Some(&timings))
    };
    warned(declared("profile", "\"reference\""), "the profile `strict`");
    warned(declared("lock", "\"off\""), "no omega.lock");
    warned(declared("gold", "\"off\""), "no gold");

    let mut failed = result.clone();
    failed.verdict.0 = "FAIL:KC-4".parse().expect("a verdict");
    assert_eq!(of(&failed, Some(&judged), Some(&timings)).0, Attested::Failed);
}
