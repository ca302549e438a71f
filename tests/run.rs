//! The door of the library: what is declared is what is run, and nothing has to be said twice.

use omega_lock::internals::audit::{Lend, Subject, Trail};
use omega_lock::prelude::*;
use omega_lock::{Declaration, Ensemble, Run};

fn bowl() -> FnTarget {
    let space = ParamSpace::new().float("x", -2.0..=2.0, 0.5).float("y", -2.0..=2.0, -1.0);
    FnTarget::new(space, |params| {
        let (x, y) = (params.float("x")?, params.float("y")?);
        if x < -1.5 {
            return Err(TargetError::new("off the table"));
        }
        Ok(Evaluation::new(-(x - 1.0).powi(2) - 9.0 * y * y).samples(100))
    })
}

fn refused(run: Run<'_>) -> String {
    run.run().expect_err("refused").to_string()
}

#[test]
fn targets_that_are_not_those_declared_are_refused_with_what_to_do() {
    let (train, other) = (bowl(), FnTarget::new(ParamSpace::new().int("n", 0..=9, 4), |_| Ok(Evaluation::new(0.0))));
    let alone = Declaration::of("bowl", &train);
    let tested = Declaration::of("bowl", &train).with(Role::Test, &train);
    assert_eq!(
        refused(Run::of(&tested).train(&train)),
        "the declaration declares a test target, and the run was given none\n\
         help: give it one by `Run::test`, or take the role out of the declaration"
    );
    assert_eq!(
        refused(Run::of(&alone).train(&train).holdout(&train)),
        "the declaration has no holdout target, and the run was given one\nhelp: declare it by `Declaration::with`"
    );
    assert!(
        refused(Run::of(&alone)).starts_with("the declaration declares a train target, and the run was given none")
    );
    assert!(
        refused(Run::of(&alone).train(&other)).starts_with("the declaration has another space than the train target")
    );
    assert_eq!(refused(Run::of(&alone).train(&train).train(&train)), "the train target is declared twice");
    let mismatch = refused(Run::of(&tested).train(&train).test(&other));
    assert!(mismatch.starts_with("the test target has another space than the train target"), "{mismatch}");
}

#[test]
fn a_null_version_is_given_where_it_is_declared_and_nowhere_else() {
    let train = bowl();
    let mut declaration = Declaration::of("bowl", &train).with(Role::Test, &train);
    let null = |_: u64, lend: &mut Lend<'_>| {
        lend(&[(Role::Train, Subject::Parallel(&train)), (Role::Test, Subject::Parallel(&train))]);
        Ok(())
    };
    let run = |declaration| refused(Run::of(declaration).train(&train).test(&train).null(&null));
    assert!(run(&declaration).starts_with("the declaration has no null version, and the run was given one\nhelp: set"));
    declaration.config.null_declared = true;
    let forgotten = refused(Run::of(&declaration).train(&train).test(&train));
    assert!(forgotten.starts_with("the declaration has a null version, and the run was given none\nhelp: give it"));
}

#[test]
fn failures_and_attachments_are_those_of_the_declaration() {
    let train = bowl();
    let mut declaration = Declaration::of("bowl", &train);
    let failed = Run::of(&declaration).train(&train).run().expect_err("one failure is too many");
    assert!(failed.is_target_failure(), "{failed}");
    declaration.config.max_failed_evaluations = 100;
    let outcome = Run::of(&declaration).train(&train).run().expect("some may fail");
    assert!(outcome.counts.failed > 0);

    let attaching = FnTarget::new(ParamSpace::new().float("x", 0.0..=1.0, 0.5), |params| {
        Ok(Evaluation::new(params.float("x")?).attach("note.txt", b"seen".to_vec()))
    });
    for keep in [false, true] {
        let mut declaration = Declaration::of("attaching", &attaching);
        declaration.config.keep_attachments = keep;
        let mut trail = Trail::new();
        Run::of(&declaration).train(&attaching).record(&mut trail).run().expect("a verdict");
        assert!(trail.rows().iter().all(|row| row.attachments.is_empty() != keep), "keep: {keep}");
    }
}

#[test]
fn metadata_that_nests_without_end_is_a_failed_evaluation_and_ends_nothing_else() {
    let deep = || (0..50_000).fold(serde_json::Value::Null, |inner, _| serde_json::Value::Array(vec![inner]));
    let space = ParamSpace::new().float("x", -2.0..=2.0, 0.5);
    let target = FnTarget::new(space, move |_| Ok(Evaluation::new(0.0).with_metadata("tree", deep())));
    let said = refused(Run::of(&Declaration::of("deep", &target)).train(&target));
    assert!(said.contains("its metadata nests deeper than 64 levels"), "{said}");
    let members = Ensemble::new([target]).expect("a member");
    let said = refused(Run::of(&Declaration::of("deep", &members)).train(&members));
    assert!(said.contains("its metadata nests deeper than 64 levels"), "{said}");
}

#[test]
fn an_evaluation_that_is_lost_ends_the_run_and_is_not_recorded() {
    let space = || ParamSpace::new().float("x", -2.0..=2.0, 0.5).float("y", -2.0..=2.0, 0.0);
    let target = FnTarget::new(space(), |params| match params.float("x")? {
        x if x > 1.0 => Err(TargetError::lost("node 7 is gone")),
        x => Ok(Evaluation::new(-x * x).samples(100)),
    });
    let mut declaration = Declaration::of("lost", &target);
    declaration.config.max_failed_evaluations = 1_000;
    for threads in [1, 4] {
        let mut trail = Trail::new();
        let error =
            Run::of(&declaration).train(&target).threads(threads).record(&mut trail).run().expect_err("no answer");
        let said = error.to_string();
        assert!(said.contains(" of {x: ") && said.ends_with("} was lost: node 7 is gone"), "{said}");
        assert!(error.is_target_failure() && error.leaves_record_unfinished(), "{said}");
        assert!(!trail.rows().is_empty() && trail.rows().iter().all(|row| row.outcome.result.is_ok()), "{said}");
    }
    let ensemble = Ensemble::new([target]).expect("one member").allow_failures(1);
    let error = ensemble.evaluate(&space().neutral().with("x", 1.5).expect("a parameter")).expect_err("no answer");
    assert_eq!(error.reason(), "node 7 is gone", "what is lost is no failure of a member");
}
