//! How often the ranks of noise agree. Fewer orders are drawn than a user's scores get, which leaves the level as it is: p is a
//! multiple of 1/200. docs/gate.md has the rates with all of them.

use super::ranks::{MINIMUM_PAIRS, judged, judged_by_block};
use crate::rng::Generator;

const TRIES: u32 = 1_500;
const DRAWN: usize = 199;

/// The share of tries in which scores that have nothing to do with each other agree. A candidate comes `times` times.
fn share(seed: u64, pairs: usize, blocks: usize, times: usize, mut score: impl FnMut(&mut Generator) -> f64) -> f64 {
    let mut rng = Generator::new(seed);
    let mut agree = 0;
    for _ in 0..TRIES {
        let mut list = || (0..pairs).map(|_| score(&mut rng)).collect::<Vec<f64>>();
        let train = list().repeat(times);
        let columns: Vec<Vec<f64>> = (0..blocks.max(1)).map(|_| list().repeat(times)).collect();
        let verdict = match blocks {
            0 => judged(&train, &columns[0], DRAWN),
            _ => {
                let row = |place: usize| columns.iter().map(|column| column[place]).collect();
                judged_by_block(&train, &(0..train.len()).map(row).collect::<Vec<Vec<f64>>>(), DRAWN)
            }
        };
        agree += u32::from(verdict.is_ok_and(|verdict| verdict.agree));
    }
    f64::from(agree) / f64::from(TRIES)
}

#[test]
fn noise_agrees_in_at_most_six_of_a_hundred_tries_whatever_it_is_like() {
    let normal = |rng: &mut Generator| rng.standard_normal();
    let tailed = |rng: &mut Generator| rng.standard_normal() / rng.standard_normal();
    let tied = |rng: &mut Generator| rng.integers(0, 4) as f64;
    for pairs in [MINIMUM_PAIRS, 6, 9, 12, 30, 50] {
        for (name, found) in [
            ("normal", share(7, pairs, 0, 1, normal)),
            ("heavy tails", share(8, pairs, 0, 1, tailed)),
            ("five values", share(9, pairs, 0, 1, tied)),
        ] {
            assert!(found <= 0.06, "{name}, {pairs} pairs: {found}");
        }
    }
    for (pairs, blocks) in [(5, 5), (12, 5), (20, 8)] {
        let found = [share(10, pairs, blocks, 1, normal), share(11, pairs, blocks, 1, tied)];
        assert!(found.iter().all(|found| *found <= 0.06), "{pairs} pairs, {blocks} blocks: {found:?}");
    }
}

#[test]
fn noise_agrees_no_more_often_where_candidates_are_repeated() {
    let normal = |rng: &mut Generator| rng.standard_normal();
    for (pairs, blocks, times) in [(10, 0, 5), (20, 0, 2), (10, 5, 3)] {
        let found = share(12, pairs, blocks, times, normal);
        assert!(found <= 0.06, "{pairs} pairs, each {times} times, {blocks} blocks: {found}");
    }
    // The test can see something: ranks that noise cannot have agree in more than one try of two.
    let mut last = 0.0;
    let walk = |rng: &mut Generator| {
        last += 1.0 + rng.standard_normal();
        last
    };
    assert!(share(13, 12, 0, 1, walk) > 0.5);
}
