//! How often `cargo omega gate` says that ranks agree: of noise, where it should be one time in twenty at most, and of scores
//! with something to them. Prints the tables of docs/gate.md.
//!
//! `cargo run --release --example gate_rates -- 4000` takes some minutes; the number is that of tries per row.
#![expect(clippy::print_stdout, reason = "an example shows what it found")]

use omega_lock::Generator;
use omega_lock::internals::gates::{judge_ranks, judge_ranks_by_block};

/// How scores of candidates come about.
#[derive(Clone, Copy)]
enum Kind {
    Normal,
    /// Heavy tails: a normal divided by another.
    Cauchy,
    /// Five different values.
    Tied,
    /// Neighbours are alike: noise averaged over a seventh of the candidates, which lie on a line.
    Smooth,
}

fn main() {
    let tries: u32 = std::env::args().nth(1).and_then(|tries| tries.parse().ok()).unwrap_or(1000);
    println!("| scores of noise | pairs | blocks | agree |\n|---|---|---|---|");
    for (name, kind) in [("normal", Kind::Normal), ("heavy tails", Kind::Cauchy), ("five values", Kind::Tied)] {
        for pairs in [5, 6, 8, 9, 12, 30, 60, 200] {
            line(name, pairs, None, share(tries, kind, 0.0, pairs, None));
        }
        for (pairs, blocks) in [(5, 5), (12, 5), (30, 8), (60, 20)] {
            line(name, pairs, Some(blocks), share(tries, kind, 0.0, pairs, Some(blocks)));
        }
    }
    for (pairs, blocks) in [(30, None), (60, None), (30, Some(5)), (30, Some(9)), (60, Some(20))] {
        line("neighbours alike", pairs, blocks, share(tries, Kind::Smooth, 0.0, pairs, blocks));
    }
    println!("\n| correlation | pairs | blocks | agree |\n|---|---|---|---|");
    for correlation in [0.3, 0.5, 0.8] {
        for (pairs, blocks) in
            [(5, None), (10, None), (30, None), (60, None), (200, None), (30, Some(5)), (30, Some(8))]
        {
            line(&correlation.to_string(), pairs, blocks, share(tries, Kind::Normal, correlation, pairs, blocks));
        }
    }
}

fn line(name: &str, pairs: usize, blocks: Option<usize>, share: f64) {
    let blocks = blocks.map_or_else(|| "-".to_owned(), |blocks| blocks.to_string());
    println!("| {name} | {pairs} | {blocks} | {:.1} % |", 100.0 * share);
}

/// The share of tries in which ranks agree, of those that can be judged.
fn share(tries: u32, kind: Kind, correlation: f64, pairs: usize, blocks: Option<usize>) -> f64 {
    let mut rng = Generator::new(u64::try_from(pairs).unwrap_or_default() + 1_000);
    let (mut judged, mut agree) = (0_u32, 0_u32);
    while judged < tries {
        let train = scores(kind, pairs, &mut rng);
        let mut other = || {
            let noise = scores(kind, pairs, &mut rng);
            let rest = (1.0 - correlation * correlation).sqrt();
            train.iter().zip(noise).map(|(train, noise)| correlation * train + rest * noise).collect::<Vec<f64>>()
        };
        let verdict = match blocks {
            None => judge_ranks(&train, &other()),
            Some(blocks) => {
                let columns: Vec<Vec<f64>> = (0..blocks).map(|_| other()).collect();
                let row = |place: usize| columns.iter().map(|column| column[place]).collect();
                judge_ranks_by_block(&train, &(0..pairs).map(row).collect::<Vec<Vec<f64>>>())
            }
        };
        // What cannot be judged is no answer: all scores equal, say.
        if let Ok(verdict) = verdict {
            judged += 1;
            agree += u32::from(verdict.agree);
        }
    }
    f64::from(agree) / f64::from(judged)
}

fn scores(kind: Kind, pairs: usize, rng: &mut Generator) -> Vec<f64> {
    match kind {
        Kind::Normal => (0..pairs).map(|_| rng.standard_normal()).collect(),
        Kind::Cauchy => (0..pairs).map(|_| rng.standard_normal() / rng.standard_normal()).collect(),
        Kind::Tied => (0..pairs).map(|_| rng.integers(0, 4) as f64).collect(),
        Kind::Smooth => {
            let width = pairs.div_ceil(7);
            let noise: Vec<f64> = (0..pairs + width).map(|_| rng.standard_normal()).collect();
            noise.windows(width).take(pairs).map(|near| near.iter().sum()).collect()
        }
    }
}
