//! What a batch costs: the best that TPE finds in 125 trials on the two keyholes of the benchmark, by how many trials it proposes
//! before any of them is answered. Twenty seeds; random draws beside it.
//!
//! `cargo bench --bench batching` prints for each the median of the best fitness, and with how many seeds it was less than with
//! batches of one of the same sampler; random draws are held against the sampler above them.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

use omega_lock::internals::benchmark::{Benchmark, Keyhole, OnePass, Reported};
use omega_lock::internals::gates::Thresholds;
use omega_lock::internals::pipeline::{RunConfig, SearchMethod};
use omega_lock::internals::search::tpe::TpeSampler;
use omega_lock::keyholes::{PhantomKeyhole, PhantomKeyholeDeep};

const TRIALS: u64 = 125;
const SEEDS: u64 = 20;
const BATCHES: [u64; 5] = [1, 4, 8, 16, 32];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let config = |search| RunConfig {
        unlock_k: 6,
        search,
        thresholds: Thresholds { samples_min: Some(50), ..Thresholds::default() },
        ..RunConfig::reference()
    };
    let mut benchmark = Benchmark::new(0..SEEDS)
        .keyhole(Keyhole::new("phantom", |seed| Ok(PhantomKeyhole::new(seed))))
        .keyhole(Keyhole::new("phantom_deep", |seed| Ok(PhantomKeyholeDeep::new(seed))));
    let mut methods = Vec::new();
    for sampler in TpeSampler::ALL {
        for batch in BATCHES {
            let name = format!("{} batch {batch}", sampler.name());
            let tpe = move |seed| config(SearchMethod::Tpe { trials: TRIALS, seed, batch, sampler });
            benchmark = benchmark.method(OnePass::new(&name, Reported::Unlocked, tpe));
            methods.push(name);
        }
    }
    let random = move |seed| config(SearchMethod::Random { samples: TRIALS, seed });
    benchmark = benchmark.method(OnePass::new("random draws", Reported::Unlocked, random));
    methods.push("random draws".to_owned());
    let rows = benchmark.run(None, &mut |_| ())?;
    for keyhole in ["phantom", "phantom_deep"] {
        println!("{keyhole}, {TRIALS} trials, {SEEDS} seeds");
        let mut of_one = Vec::new();
        for method in &methods {
            let own = rows.iter().filter(|row| row.name.keyhole == keyhole && row.name.method == *method);
            let found: Vec<f64> = own.filter_map(|row| Some(row.measured.as_ref().ok()?.found_fitness)).collect();
            if method.ends_with("batch 1") {
                of_one.clone_from(&found);
            }
            let less = found.iter().zip(&of_one).filter(|(found, one)| found < one).count();
            let count = found.len();
            println!(
                "  {method:20} best: median {:6.3}; less than batch 1 with {less} of {count} seeds",
                median(found)
            );
        }
    }
    Ok(())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    f64::midpoint(values[(values.len() - 1) / 2], values[values.len() / 2])
}
