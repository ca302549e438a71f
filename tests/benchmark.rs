//! Methods and keyholes of one's own: what finishes is measured, what fails is a row.

use std::cell::Cell;
use std::time::Duration;

use omega_lock::Clock;
use omega_lock::internals::artifacts::{BenchmarkReport, read_json, write_json};
use omega_lock::internals::benchmark::{
    Benchmark, BenchmarkError, BenchmarkEvent, BenchmarkRow, FnMethod, Found, Keyhole, KnownAnswer, Method,
    MethodError, Problem, RunName, battery, scorecard,
};
use omega_lock::internals::objective::{Context, Evaluation, ParamSpace, Params, Phase, Role, Target, TargetError};
use omega_lock::internals::report;
use omega_lock::keyholes::Rosenbrock;

/// A line: `x` is the fitness, as far as the seed multiplies it; `idle` is nothing.
struct Line {
    seed: u64,
}

impl Target for Line {
    fn space(&self) -> ParamSpace {
        ParamSpace::new().float("x", 0.0..=8.0, 1.0).bool("idle", false)
    }

    fn evaluate(&self, params: &Params) -> Result<Evaluation, TargetError> {
        Ok(Evaluation::new(params.float("x")? * self.seed as f64))
    }
}

impl KnownAnswer for Line {
    fn effective(&self) -> Vec<String> {
        vec!["x".to_owned()]
    }

    fn optimum(&self) -> Params {
        Params::new([("x", 8.0)])
    }

    fn importance(&self) -> Vec<String> {
        vec!["x".to_owned(), "idle".to_owned()]
    }
}

fn lines() -> Keyhole {
    Keyhole::new("line", |seed| Ok(Line { seed }))
}

/// Tries two values of `x` on train and the better one on test.
fn two_tries(problem: &mut Problem<'_>) -> Result<Found, MethodError> {
    let mut at = |role, x: f64| -> Result<f64, MethodError> {
        let params = problem.space.neutral().with("x", x)?;
        let context = Context::new(role, Phase::Search);
        let outcomes = problem.evaluator.evaluate_batch(context, &[params], &mut |_, _| Ok(()))?;
        Ok(outcomes[0].evaluation().ok_or("no fitness")?.fitness)
    };
    at(Role::Train, 2.0)?;
    let fitness = at(Role::Train, 6.0)?;
    Ok(Found {
        params: Params::new([("x", 6.0)]),
        fitness,
        test_fitness: Some(at(Role::Test, 6.0)?),
        unlocked: vec!["x".to_owned(), "idle".to_owned()],
        stress_ranking: Some(vec!["idle".to_owned(), "x".to_owned()]),
        status: "PASS".to_owned(),
    })
}

/// Crashes on some seeds.
fn picky(problem: &mut Problem<'_>) -> Result<Found, MethodError> {
    match problem.seed {
        1 => Err("seed 1\nis odd".into()),
        2 => panic!("seed {} is even", problem.seed),
        _ => two_tries(problem),
    }
}

fn run(benchmark: &Benchmark) -> Vec<BenchmarkRow> {
    benchmark.run(None, &mut |_| ()).expect("a benchmark that makes sense")
}

fn crash(row: &BenchmarkRow) -> String {
    row.measured.as_ref().map_or_else(ToString::to_string, |measured| format!("finished: {}", measured.status))
}

#[test]
fn every_metric_is_what_arithmetic_says() {
    let rows = run(&Benchmark::new([4]).keyhole(lines()).method(FnMethod::new("tries", two_tries)));
    let measured = rows[0].measured.as_ref().unwrap();
    assert_eq!(rows[0].name.to_string(), "line::tries::4");
    assert_eq!((measured.effective_recall, measured.effective_precision), (1.0, 0.5));
    // (6 - 8) / 8 of the range; 24 of 32; test is seed 5, where 6 is worth 30.
    assert_eq!((measured.param_l2_error, measured.fitness_gap_pct), (0.25, 25.0));
    assert_eq!((measured.generalization_gap.value, measured.generalization_gap.status.name()), (0.25, "OK"));
    // Two evaluations on train; the one on test is none of the search.
    assert_eq!((measured.evaluations, measured.sample_efficiency), (2, 12.0));
    assert_eq!((measured.stress_rank_spearman, measured.passed), (Some(-1.0), true));
    assert_eq!(rows[0].walltime, None);
}

#[test]
fn a_method_that_crashes_is_a_row_and_the_means_are_those_of_the_others() {
    let benchmark = Benchmark::new([1, 2, 4, 8])
        .keyhole(lines())
        .method(FnMethod::new("picky", picky))
        .method(FnMethod::new("tries", two_tries));
    let rows = run(&benchmark);
    assert_eq!(rows.len(), 8);
    assert_eq!(crash(&rows[0]), "CRASH:seed 1\nis odd");
    assert_eq!(crash(&rows[2]), "CRASH:panic: seed 2 is even");
    assert_eq!(crash(&rows[4]), "finished: PASS");

    let summaries = scorecard(&rows);
    let (picky, tries) = (&summaries[0], &summaries[1]);
    assert_eq!((picky.method.as_str(), picky.runs, picky.crashes, picky.pass_rate), ("picky", 4, 2, 0.5));
    assert_eq!((tries.method.as_str(), tries.runs, tries.crashes, tries.pass_rate), ("tries", 4, 0, 1.0));
    // Gaps 1/4 and 1/8: mean 3/16, and sqrt(2 (1/16)^2 / 1) as the spread of a sample.
    assert_eq!(picky.generalization_gap.mean, Some(0.1875));
    assert_eq!(picky.generalization_gap.sd, 2.0_f64.sqrt() / 16.0);
    assert_eq!(picky.param_l2_error.mean, Some(0.25));

    let page = report::benchmark(&BenchmarkReport::new(&rows));
    let note = "picky: 2 of 4 runs crashed; the means are those of the others, and no crashed run passed";
    assert!(page.contains(note), "{page}");
    assert!(page.contains("\n  line::picky::1  CRASH:seed 1\\nis odd\n"), "{page}");
}

#[test]
fn a_keyhole_that_crashes_is_a_row_for_every_method() {
    let broken = Keyhole::new("broken", |seed| match seed {
        1 => Err(TargetError::new("no data")),
        2 => panic!("no memory"),
        _ => Ok(Line { seed }),
    });
    struct NoOptimum;
    impl Target for NoOptimum {
        fn space(&self) -> ParamSpace {
            ParamSpace::new().bool("idle", false)
        }
        fn evaluate(&self, _: &Params) -> Result<Evaluation, TargetError> {
            Ok(Evaluation::new(0.0))
        }
    }
    impl KnownAnswer for NoOptimum {
        fn effective(&self) -> Vec<String> {
            Vec::new()
        }
        fn optimum(&self) -> Params {
            Params::new([("x", 1.0)])
        }
        fn importance(&self) -> Vec<String> {
            Vec::new()
        }
    }
    let benchmark = Benchmark::new([0, 1, 2, 3])
        .keyhole(broken)
        .keyhole(Keyhole::new("lost", |_| Ok(NoOptimum)))
        .method(FnMethod::new("tries", two_tries));
    let rows: Vec<String> = run(&benchmark).iter().map(crash).collect();
    // The test slice of seed 0 is that of seed 1.
    assert_eq!(rows[0], "CRASH:keyhole: no data");
    assert_eq!(rows[1], "CRASH:keyhole: no data");
    assert_eq!(rows[2], "CRASH:keyhole: panic: no memory");
    assert_eq!(rows[3], "finished: PASS");
    assert_eq!(rows[4], "CRASH:keyhole: its optimum: no parameter `x`");
}

#[test]
fn where_every_run_crashed_there_is_no_mean() {
    let rows = run(&Benchmark::new([1, 2]).keyhole(lines()).method(FnMethod::new("picky", picky)));
    let summary = &scorecard(&rows)[0];
    assert_eq!((summary.crashes, summary.effective_recall.mean, summary.pass_rate), (2, None, 0.0));
    let page = report::benchmark(&BenchmarkReport::new(&rows));
    let row = page.lines().nth(3).unwrap();
    assert_eq!(
        row.split_whitespace().collect::<Vec<_>>(),
        ["picky", "2"].into_iter().chain(["n/a"; 7]).chain(["0.0"]).collect::<Vec<_>>()
    );
}

/// Says one second more every time.
struct Ticks(Cell<u64>);

impl Clock for Ticks {
    fn elapsed(&self) -> Duration {
        self.0.set(self.0.get() + 1);
        Duration::from_secs(self.0.get())
    }
}

#[test]
fn wall_times_are_there_only_if_a_clock_was_lent() {
    let benchmark = Benchmark::new([4]).keyhole(lines()).method(FnMethod::new("tries", two_tries));
    let timed = benchmark.run(Some(&Ticks(Cell::new(0))), &mut |_| ()).unwrap();
    assert_eq!(timed[0].walltime, Some(Duration::from_secs(1)));
    let document = |rows: &[BenchmarkRow]| serde_json::to_string(&BenchmarkReport::new(rows)).unwrap();
    assert!(document(&timed).contains("\"walltime_s\":1.0"));
    assert!(!document(&run(&benchmark)).contains("walltime"));
    assert!(report::benchmark(&BenchmarkReport::new(&timed)).contains("wall_s"));
}

#[test]
fn the_report_comes_back_from_its_file() {
    let benchmark = Benchmark::new([1, 4])
        .keyhole(lines())
        .method(FnMethod::new("picky", picky))
        .method(FnMethod::new("tries", two_tries));
    let report = BenchmarkReport::new(&run(&benchmark));
    let folder = tempfile::tempdir().unwrap();
    let path = camino::Utf8Path::from_path(folder.path()).unwrap().join("bench.json");
    write_json(&report, &path).unwrap();
    assert_eq!(read_json::<BenchmarkReport>(&path).unwrap(), report);
}

#[test]
fn what_is_running_is_told_in_order() {
    let benchmark = Benchmark::new([4, 8]).keyhole(lines()).method(FnMethod::new("tries", two_tries));
    let mut told = Vec::new();
    let rows = benchmark.run(None, &mut |event| match event {
        BenchmarkEvent::Started { name, place, of } => told.push(format!("{place}/{of} {name}")),
        BenchmarkEvent::Finished { row } => told.push(crash(row)),
    });
    assert_eq!(told, ["1/2 line::tries::4", "finished: PASS", "2/2 line::tries::8", "finished: PASS"]);
    let alone = RunName { keyhole: "line".to_owned(), method: "tries".to_owned(), seed: 8 };
    assert_eq!(benchmark.run_one(alone, None).unwrap(), rows.unwrap()[1]);
}

#[test]
fn a_comparison_that_makes_no_sense_is_refused() {
    let error = |benchmark: Benchmark| benchmark.runs().unwrap_err().to_string();
    let nothing = "nothing to run: a benchmark needs a keyhole, a method and a seed";
    assert_eq!(error(Benchmark::new([1]).keyhole(lines())), nothing);
    let tries = || FnMethod::new("tries", two_tries);
    assert_eq!(error(Benchmark::new([]).keyhole(lines()).method(tries())), nothing);
    let twice = Benchmark::new([1, 1]).keyhole(lines()).method(tries());
    assert_eq!(error(twice), "run `line::tries::1` is there twice");
    let named = |names: &[&str]| {
        let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        battery().only_methods(&names).map(|battery| battery.runs().unwrap().len())
    };
    assert_eq!(named(&["tpe", "plain_grid"]), Ok(20));
    assert_eq!(named(&[]), Ok(30));
    let Err(BenchmarkError::Unknown { nearest, .. }) = named(&["tpe", "fractal_vice"]) else { panic!("is it known?") };
    assert_eq!(nearest.as_deref(), Some("fractal_vise"));
}

#[test]
fn rosenbrock_knows_its_own_answer_and_grid_search_finds_its_axes() {
    let rosenbrock = Rosenbrock::new();
    assert_eq!(rosenbrock.evaluate(&rosenbrock.optimum()).unwrap().fitness, 0.0);
    let grid = omega_lock::internals::benchmark::OnePass::new(
        "grid",
        omega_lock::internals::benchmark::Reported::Whole,
        |_| omega_lock::RunConfig { unlock_k: 2, ..omega_lock::RunConfig::reference() },
    );
    assert_eq!(grid.name(), "grid");
    let rows = run(&Benchmark::new([0]).keyhole(Keyhole::new("rosenbrock", |_| Ok(Rosenbrock))).method(grid));
    let measured = rows[0].measured.as_ref().unwrap();
    assert_eq!((measured.stress_rank_spearman, measured.found_fitness), (Some(1.0), 0.0), "{measured:?}");
}
