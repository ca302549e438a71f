//! Parameters that do not go together: recorded, told apart, and no trial of a search.

use omega_lock::internals::audit::{Lend, RecordError, Recorder, Row, Subject, Trail};
use omega_lock::internals::gates::{GateId, GateStatus};
use omega_lock::internals::pipeline::MakeSearch;
use omega_lock::internals::search::{Candidate, RandomSearch, Search};
use omega_lock::prelude::*;
use omega_lock::{Declaration, Phase, Proposer, Run};

/// Two averages, of which the fast one has to be the faster: most pairs of them do not go together.
fn averages() -> FnTarget {
    averages_above(0.0)
}

/// The same, as much better everywhere.
fn averages_above(level_of_slice: f64) -> FnTarget {
    let space = ParamSpace::new().int("fast", 1..=9, 3).int("slow", 1..=9, 6).float("level", 0.0..=1.0, 0.5);
    FnTarget::new(space, move |params| {
        let (fast, slow, level) = (params.int("fast")?, params.int("slow")?, params.float("level")?);
        if fast >= slow {
            return Err(TargetError::not_applicable(format!("fast {fast} is not below slow {slow}")));
        }
        Ok(Evaluation::new((slow - fast) as f64 + 0.1 * level + 0.01 * fast as f64 + level_of_slice).samples(100))
    })
}

#[test]
fn parameters_that_do_not_go_together_are_told_apart_from_failures_and_never_ship() {
    let target = averages();
    for search in [
        SearchMethod::Grid { points_per_axis: 5 },
        SearchMethod::Random { samples: 40, seed: 3 },
        SearchMethod::tpe(40, 3),
    ] {
        // Not a single evaluation may fail.
        let config = RunConfig { search, thresholds: Thresholds::pure_objective(), ..RunConfig::default() };
        let mut trail = Trail::new();
        let declaration = Declaration { config, ..Declaration::of("averages", &target).with(Role::Test, &target) };
        let run = Run::of(&declaration).train(&target).test(&target).record(&mut trail);
        let outcome = run.run().expect("a verdict");
        let apart = |row: &&Row| row.outcome.is_not_applicable();
        let recorded = trail.rows().iter().filter(apart).count() as u64;
        assert!(recorded > 0);
        assert_eq!((outcome.counts.not_applicable, outcome.counts.failed), (recorded, 0));
        let said = trail.rows().iter().find(apart).and_then(|row| row.outcome.result.as_ref().err());
        let said = said.expect("there is one").to_string();
        assert!(said.starts_with("not_applicable: fast ") && said.contains(" is not below slow "), "{said}");
        let best = &outcome.selected().expect("there is one").params;
        assert!(best.int("fast").unwrap() < best.int("slow").unwrap(), "{best}");
    }
}

#[test]
fn what_does_not_go_together_costs_no_trial_and_other_parameters_are_proposed() {
    let target = averages();
    let own: Box<MakeSearch> = Box::new(|space, base, unlocked| {
        Ok(Box::new(RandomSearch::new(space, base, unlocked, 40, 11)?) as Box<dyn Search>)
    });
    let searches = [
        SearchMethod::Random { samples: 40, seed: 3 },
        SearchMethod::tpe(40, 3),
        SearchMethod::Own { name: "mine".to_owned() },
    ];
    for search in searches {
        let thresholds = Thresholds::pure_objective();
        let config = RunConfig { search: search.clone(), thresholds, sc2: true, ..RunConfig::default() };
        let declaration = Declaration { config, ..Declaration::of("averages", &target).with(Role::Test, &target) };
        let trail_of = |threads: usize| {
            let mut trail = Trail::new();
            let run =
                Run::of(&declaration).train(&target).test(&target).search(&own).record(&mut trail).threads(threads);
            (run.run().expect("a verdict"), trail.rows().to_vec())
        };
        let (outcome, rows) = trail_of(1);
        let of = |role: Role, phase: Phase| {
            rows.iter().filter(move |row| row.context.role == role && row.context.phase == phase)
        };
        let applicable = |phase: Phase| of(Role::Train, phase).filter(|row| !row.outcome.is_not_applicable()).count();
        assert_eq!(applicable(Phase::Search), 40, "{search:?}");
        assert!(of(Role::Train, Phase::Search).count() > 50, "most pairs do not go together");
        // As many draws as candidates that could be evaluated, and every draw that is wanted: twice 20 without blocks.
        assert_eq!(applicable(Phase::RandomDraws), 40);
        assert_eq!(applicable(Phase::Transfer), 40);
        // Nobody asks the other slices about them.
        assert!(rows.iter().all(|row| row.context.role == Role::Train || row.outcome.evaluation().is_some()));
        let searched = outcome.report(&GateId::Searched).expect("it was judged");
        let apart = of(Role::Train, Phase::Search).count() - 40;
        assert!(searched.message.contains(&format!("40 tried; {apart} more not applicable")), "{}", searched.message);
        assert_eq!((outcome, rows), trail_of(4));
    }
}

/// Whether two parameters go together.
type Together = fn(f64, f64) -> bool;

#[test]
fn a_search_that_finds_next_to_nothing_that_goes_together_gives_up_and_says_so() {
    let space = ParamSpace::new().float("x", 0.0..=1.0, 0.5).float("y", 0.0..=1.0, 0.5);
    // A small square around the baseline, and the two lines through it, which no draw ever hits.
    let square = |x: f64, y: f64| x.abs().max(y.abs()) <= 0.01;
    let lines = |x: f64, y: f64| x.abs().min(y.abs()) <= 0.0;
    let random = SearchMethod::Random { samples: 30, seed: 3 };
    let cases: [(SearchMethod, Together); 3] =
        [(random.clone(), square), (SearchMethod::tpe(30, 3), square), (random, lines)];
    for (search, together) in cases {
        let target = FnTarget::new(space.clone(), move |params| {
            let (x, y) = (params.float("x")? - 0.5, params.float("y")? - 0.5);
            if !together(x, y) {
                return Err(TargetError::not_applicable("too far out"));
            }
            Ok(Evaluation::new(x + 2.0 * y).samples(100))
        });
        let thresholds = Thresholds { gini_min: 0.0, top_bot_ratio_min: 0.0, ..Thresholds::pure_objective() };
        let mut config = RunConfig { search, thresholds, unlock_k: 2, ..RunConfig::default() };
        config.stress.epsilons = ["x", "y"].map(|name| (name.to_owned(), 0.005)).into();
        let declaration = Declaration { config, ..Declaration::of("tight", &target).with(Role::Test, &target) };
        let mut trail = Trail::new();
        let outcome = Run::of(&declaration).train(&target).test(&target).record(&mut trail).run().expect("a verdict");
        let proposed = trail.rows().iter().filter(|row| row.context.phase == Phase::Search).count();
        assert_eq!(proposed, 20 * 30);
        assert!(outcome.verdict.to_string().contains("SEARCHED"), "{}", outcome.verdict);
        let said = &outcome.report(&GateId::Searched).expect("it was judged").message;
        assert!(said.ends_with("the search gave up after 600 proposals, 30 were to be tried)"), "{said}");
    }
}

/// Goes on until ten of its proposals went together.
struct Patient(u64);

impl Search for Patient {
    fn ask(&mut self, _: usize) -> Vec<Params> {
        let space = ParamSpace::new().float("x", 0.0..=1.0, 0.5);
        if self.0 < 10 { vec![space.neutral().with("x", 1.0).expect("a parameter"); 100] } else { Vec::new() }
    }

    fn tell(&mut self, candidates: &[Candidate]) {
        self.0 += candidates.iter().filter(|candidate| candidate.outcome.evaluation().is_some()).count() as u64;
    }
}

#[test]
fn an_optimizer_of_ones_own_does_not_wait_for_ever_for_what_goes_together() {
    let target = FnTarget::new(ParamSpace::new().float("x", 0.0..=1.0, 0.5), |params| match params.float("x")? {
        x if x > 0.9 => Err(TargetError::not_applicable("too far out")),
        x => Ok(Evaluation::new(x).samples(100)),
    });
    let own: Box<MakeSearch> = Box::new(|_, _, _| Ok(Box::new(Patient(0)) as Box<dyn Search>));
    let search = SearchMethod::Own { name: "patient".to_owned() };
    let config = RunConfig { search, thresholds: Thresholds::pure_objective(), ..RunConfig::default() };
    let declaration = Declaration { config, ..Declaration::of("patient", &target) };
    let outcome = Run::of(&declaration).train(&target).search(&own).run().expect("a verdict");
    assert_eq!(outcome.report(&GateId::Searched).map(|report| report.status), Some(GateStatus::Fail));
    assert_eq!(outcome.counts.not_applicable, 20_000);
    let said = &outcome.report(&GateId::Searched).expect("it was judged").message;
    assert!(said.contains("ended after 20000 proposals, of which not one in 20 was applicable"), "{said}");
}

/// Proposes this many, so many at a time or as many as there is room for: 0 at first, then what does not go together, 0 at the end.
struct Listed {
    next: u64,
    batch: Option<usize>,
}

impl Search for Listed {
    fn ask(&mut self, room: usize) -> Vec<Params> {
        let space = ParamSpace::new().float("x", 0.0..=1.0, 0.0);
        let last = (self.next + self.batch.unwrap_or(room) as u64).min(21_000);
        let places = std::mem::replace(&mut self.next, last)..last;
        let x = |place| if (1_010..20_500).contains(&place) { 1.0 } else { 1e-6 * place as f64 };
        places.map(|place| space.neutral().with("x", x(place)).expect("a parameter")).collect()
    }

    fn tell(&mut self, _: &[Candidate]) {}
}

/// What is recorded was proposed in batches that nobody knows any more.
#[test]
fn a_record_that_is_run_again_goes_on_to_its_end_in_whatever_batches() {
    let target = FnTarget::new(ParamSpace::new().float("x", 0.0..=1.0, 0.0), |params| match params.float("x")? {
        x if x > 0.9 => Err(TargetError::not_applicable("too far out")),
        x => Ok(Evaluation::new(x).samples(100)),
    });
    let make = |batch: Option<usize>| -> Box<MakeSearch> {
        Box::new(move |_, _, _| Ok(Box::new(Listed { next: 0, batch }) as Box<dyn Search>))
    };
    let search = SearchMethod::Own { name: "listed".to_owned() };
    let config = RunConfig { search, thresholds: Thresholds::pure_objective(), ..RunConfig::default() };
    let declaration = Declaration { config, ..Declaration::of("listed", &target) };
    let run = |proposer: Proposer<'_>| {
        let mut trail = Trail::new();
        let outcome = Run::of(&declaration).train(&target).proposer(proposer).record(&mut trail).run();
        (outcome.expect("a verdict"), trail.rows().to_vec())
    };
    let (thousands, whole) = (make(Some(1_000)), make(None));
    let (outcome, rows) = run(Proposer::Search(&thousands));
    assert_eq!(rows.iter().filter(|row| row.context.phase == Phase::Search).count(), 21_000);
    assert!((outcome, rows) == run(Proposer::Recorded(&whole)));
    // The same batches in a run that is no replay end it.
    assert!(run(Proposer::Search(&whole)).1.len() < 21_000);
}

#[test]
fn draws_that_are_not_applicable_are_drawn_again_and_where_too_few_remain_margin_fails_by_name() {
    let space = ParamSpace::new().float("x", 0.0..=1.0, 0.0).float("y", 0.0..=1.0, 0.0);
    let verdict_of = |share: f64| {
        let target = |level: f64| {
            FnTarget::new(space.clone(), move |params| {
                let (x, y) = (params.float("x")?, params.float("y")?);
                // A thin band, and the axes on which the grid finds what is best.
                if y > 0.0 && (x + y).fract() > share {
                    return Err(TargetError::not_applicable("out of the band"));
                }
                let blocks = (0..8).map(|block| x + level * f64::from(block));
                Ok(Evaluation::new(x).samples(100).blocks(blocks.collect()))
            })
        };
        let (train, test) = (target(0.01), target(0.02));
        let search = SearchMethod::Grid { points_per_axis: 30 };
        let thresholds = Thresholds { gini_min: -1.0, top_bot_ratio_min: 0.0, ..Thresholds::pure_objective() };
        let config = RunConfig { search, thresholds, blocks: Some(8), unlock_k: 2, ..RunConfig::default() };
        let declaration = Declaration { config, ..Declaration::of("band", &train).with(Role::Test, &test) };
        let mut trail = Trail::new();
        let outcome = Run::of(&declaration).train(&train).test(&test).record(&mut trail).run().expect("a verdict");
        let drawn = trail.rows().iter().filter(|row| row.context.phase == Phase::Transfer);
        let (apart, made): (Vec<&Row>, Vec<&Row>) =
            drawn.filter(|row| row.context.role == Role::Train).partition(|row| row.outcome.is_not_applicable());
        let margin = outcome.report(&GateId::Margin).expect("it was judged").clone();
        (apart.len() + made.len(), made.len(), margin)
    };
    let (drawn, made, margin) = verdict_of(0.08);
    assert!(made == 20 && drawn > 200, "{drawn} {made}");
    assert!(!margin.message.contains("are needed"), "{}", margin.message);
    let (drawn, made, margin) = verdict_of(0.004);
    assert!(made < 10 && drawn == 400, "{drawn} {made}");
    assert_eq!(margin.status, GateStatus::Fail);
    assert!(
        margin.message.contains(&format!("; {made} of 20 fresh draws are feasible on train")),
        "{}",
        margin.message
    );
}

/// A record in which somebody wrote of the first evaluation on test that its parameters do not go together.
struct Edited(Vec<Row>);

impl Recorder for Edited {
    fn recorded(&mut self, call_index: u64) -> Result<Option<Row>, RecordError> {
        self.recall(call_index).map(Some)
    }

    fn record(&mut self, _: Row) -> Result<(), RecordError> {
        Ok(())
    }

    fn recall(&mut self, call_index: u64) -> Result<Row, RecordError> {
        self.0.get(call_index as usize).cloned().ok_or_else(|| "no such row".into())
    }
}

#[test]
fn a_record_that_has_parameters_apart_on_test_is_refused() {
    let target = averages();
    let config = RunConfig { thresholds: Thresholds::pure_objective(), ..RunConfig::default() };
    let declaration = Declaration { config, ..Declaration::of("averages", &target).with(Role::Test, &target) };
    let mut trail = Trail::new();
    let run = Run::of(&declaration).train(&target).test(&target);
    run.record(&mut trail).run().expect("a verdict");
    let mut rows = trail.rows().to_vec();
    let apart = rows.iter().find(|row| row.outcome.is_not_applicable()).expect("there is one").outcome.clone();
    let first = rows.iter_mut().find(|row| row.context.role == Role::Test).expect("there is one");
    let call_index = first.outcome.call_index;
    first.outcome = apart;
    first.outcome.call_index = call_index;
    let mut edited = Edited(rows);
    let again = Run::of(&declaration).train(&target).test(&target).record(&mut edited);
    let error = again.run().expect_err("no run writes this");
    assert!(error.to_string().contains("has that they are not applicable there"), "{error}");
}

#[test]
fn rounds_and_null_runs_have_their_trials_whole() {
    let (target, test) = (averages(), averages_above(0.5));
    let null = |_: u64, lend: &mut Lend<'_>| {
        lend(&[(Role::Train, Subject::Parallel(&target)), (Role::Test, Subject::Parallel(&test))]);
        Ok(())
    };
    let trail_of = |rounds: Option<Rounds>, null_declared: bool| {
        let config = RunConfig {
            search: SearchMethod::Random { samples: 30, seed: 3 },
            rounds,
            thresholds: Thresholds { gini_min: -1.0, top_bot_ratio_min: 0.0, ..Thresholds::pure_objective() },
            unlock_k: if rounds.is_some() { 1 } else { 3 },
            null_declared,
            ..RunConfig::default()
        };
        let declaration = Declaration { config, ..Declaration::of("averages", &target).with(Role::Test, &test) };
        let mut trail = Trail::new();
        let mut run = Run::of(&declaration).train(&target).test(&test).record(&mut trail);
        run = if null_declared { run.null(&null) } else { run };
        let outcome = run.run().expect("a verdict");
        (outcome, trail)
    };
    let tried = |trail: &Trail, phase: Phase, round: u32| {
        let rows = trail.rows().iter().filter(|row| row.context.phase == phase && row.context.round == round);
        rows.filter(|row| row.context.role == Role::Train && !row.outcome.is_not_applicable()).count()
    };
    let rounds = Rounds { max: 2, stop_on_kc_fail: false, min_improvement: -1e9 };
    let (outcome, trail) = trail_of(Some(rounds), false);
    assert_eq!(outcome.passes.len(), 2);
    assert_eq!([1, 2].map(|round| tried(&trail, Phase::Search, round)), [30, 30]);

    let (outcome, trail) = trail_of(None, true);
    assert_eq!(outcome.verdict.to_string(), "FAIL:NULL", "the null version is as good");
    // A baseline, the steps of stress and a search, each as often as in the run itself.
    let searched = [Phase::Baseline, Phase::Stress, Phase::Search].map(|phase| tried(&trail, phase, 0));
    for run in 1..=19 {
        assert_eq!(tried(&trail, Phase::Null, run), searched.iter().sum::<usize>(), "run {run}");
    }
}

#[test]
fn a_slice_that_refuses_what_went_together_on_train_has_failed() {
    let train = averages();
    let test = FnTarget::new(train.space(), |_| Err(TargetError::not_applicable("no such month")));
    let config = RunConfig { thresholds: Thresholds::pure_objective(), ..RunConfig::default() };
    let declaration = Declaration { config, ..Declaration::of("averages", &train).with(Role::Test, &test) };
    let error = Run::of(&declaration).train(&train).test(&test).run().expect_err("nothing may fail");
    assert!(error.is_target_failure());
    let said = "error: these parameters are not applicable on test, but were on train; the parameters alone have to decide \
                that: no such month";
    assert!(error.to_string().contains(said), "{error}");
}

#[test]
fn a_baseline_that_is_not_applicable_is_no_run() {
    let target = averages();
    let base = target.space().neutral().with("fast", 7).unwrap();
    let config = RunConfig { base_params: Some(base), ..RunConfig::default() };
    let declaration = Declaration { config, ..Declaration::of("averages", &target) };
    let error = Run::of(&declaration).train(&target).run().expect_err("there is nothing to compare with");
    assert!(!error.is_target_failure(), "the target has answered");
    assert_eq!(error.to_string(), "the baseline is not applicable: fast 7 is not below slow 6");
}
