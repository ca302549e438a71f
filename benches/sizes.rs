//! What an audited evaluation in memory costs as its run grows: more candidates, more parameters, more metadata.
//!
//! `cargo bench --bench sizes` prints a line for each size: candidates, parameters, entries of metadata, processor seconds, and those
//! that the target took of them; then the seconds of a run on one thread and on two, and those of a run that is judged.
//! `-- 100000` leaves out what has more candidates. `benches/compare` sets the Python package beside it.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]
#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]

#[path = "support/clock.rs"]
mod clock;

use std::error::Error;
use std::hint::black_box;
use std::time::Instant;

use clock::seconds_of;
use omega_lock::internals::audit::{AuditedEvaluator, Subject, Trail};
use omega_lock::internals::objective::{Context, Phase};
use omega_lock::internals::search::{Candidates, RandomSearch, Search, explore};
use omega_lock::prelude::*;
use omega_lock::{Declaration, Run};

fn main() -> Result<(), Box<dyn Error>> {
    let most = std::env::args().skip(1).find_map(|argument| argument.parse::<u64>().ok()).unwrap_or(1_000_000);
    let tenfold =
        |from: u64, to: u64| (0..).map(move |power| from * 10_u64.pow(power)).take_while(move |size| *size <= to);
    for candidates in tenfold(100, most) {
        Size { candidates, params: 12, entries: 0 }.measure()?;
    }
    for params in tenfold(10, 10_000) {
        Size { candidates: 1_000, params, entries: 0 }.measure()?;
    }
    for entries in tenfold(10, 10_000) {
        Size { candidates: 1_000, params: 12, entries }.measure()?;
    }
    threads(Size { candidates: 10_000.min(most), params: 12, entries: 0 })?;
    judged()
}

/// A random search over every parameter, of which the target reads three.
#[derive(Clone, Copy)]
struct Size {
    candidates: u64,
    params: u64,
    entries: u64,
}

impl Size {
    fn space(self) -> ParamSpace {
        (0..self.params).fold(ParamSpace::new(), |space, n| space.float(format!("x{n}"), -2.0..=2.0, 0.5))
    }

    fn target(self) -> FnTarget {
        FnTarget::new(self.space(), move |params| {
            let (x, y, z) = (params.float("x0")?, params.float("x1")?, params.float("x2")?);
            let fitness = -(x - 1.0).powi(2) - 2.0 * (y + 0.5).powi(2) - 4.0 * z.powi(2);
            let evaluation = Evaluation::new(fitness).samples(100);
            Ok((0..self.entries)
                .fold(evaluation, |evaluation, n| evaluation.with_metric(format!("m{n}"), x + n as f64)))
        })
    }

    fn search(self) -> Result<RandomSearch, Box<dyn Error>> {
        let space = self.space();
        let names: Vec<String> = space.specs().iter().map(|spec| spec.name.clone()).collect();
        Ok(RandomSearch::new(&space, &space.neutral(), &names, self.candidates, 42)?)
    }

    fn run(self, target: &FnTarget, threads: usize) -> Result<(), Box<dyn Error>> {
        let (mut trail, mut search) = (Trail::new(), self.search()?);
        let mut evaluator = AuditedEvaluator::new(Subject::Parallel(target), &[], &mut trail)?.threads(threads);
        let context = Context::new(Role::Train, Phase::Search);
        let found: Candidates = explore(&mut search, &mut evaluator, &mut (), context, Some(self.candidates))?;
        assert_eq!(found.len() as u64, self.candidates);
        Ok(())
    }

    fn measure(self) -> Result<(), Box<dyn Error>> {
        let Self { candidates, params, entries } = self;
        let target = self.target();
        let whole = seconds_of(|| self.run(&target, 1))?;
        // The target by itself, on proposals that are there already.
        let proposals = self.search()?.ask(100);
        let alone = seconds_of(|| {
            for params in &proposals {
                black_box(target.evaluate(params).map_err(|error| error.reason())?);
            }
            Ok(())
        })?;
        let alone = alone / proposals.len() as f64 * candidates as f64;
        println!("evaluations {candidates} {params} {entries} {whole:.9} {alone:.9}");
        Ok(())
    }
}

/// The same run on one thread and on two, in turns: the middle of each one's seconds.
fn threads(size: Size) -> Result<(), Box<dyn Error>> {
    let target = size.target();
    let mut seconds = [Vec::new(), Vec::new()];
    for _ in 0..41 {
        for (threads, seconds) in (1..).zip(&mut seconds) {
            let start = Instant::now();
            size.run(&target, threads)?;
            seconds.push(start.elapsed().as_secs_f64());
        }
    }
    let [one, two] = seconds.map(|mut seconds| {
        seconds.sort_by(f64::total_cmp);
        seconds[seconds.len() / 2]
    });
    println!("threads {} {one:.9} {two:.9}", size.candidates);
    Ok(())
}

/// A strict run of six axes in memory, whose gates permute and draw surfaces: nearly all of it is judging.
fn judged() -> Result<(), Box<dyn Error>> {
    let space = (0..6).fold(ParamSpace::new(), |space, n| space.float(format!("x{n}"), -2.0..=2.0, 0.5));
    let target = FnTarget::new(space, |params| {
        let (x, y) = (params.float("x0")?, params.float("x1")?);
        Ok(Evaluation::new((3.0 * x).sin() - 2.0 * (y + 0.5).powi(2) + params.float("x2")?).samples(100))
    });
    let search = SearchMethod::Random { samples: 125, seed: 42 };
    let config = RunConfig { search, unlock_k: 6, ..RunConfig::default() };
    let declaration = Declaration { config, ..Declaration::of("judged", &target).with(Role::Test, &target) };
    let seconds = seconds_of(|| {
        black_box(Run::of(&declaration).train(&target).test(&target).run()?);
        Ok(())
    })?;
    println!("judged 6 {seconds:.9}");
    Ok(())
}
