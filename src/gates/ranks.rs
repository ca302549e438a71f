//! Whether the ranks of scores from somebody else's search agree with those of the same candidates on other data.
//!
//! The rule: Spearman's correlation is larger than chance has it, one-sided, at [`RANK_LEVEL`]. p is the share of the orders of
//! the other scores whose correlation is as large: every order is counted for up to eight pairs, 9,999 seeded ones are drawn for
//! more, and beyond 5,000 pairs Student's t stands for them, which is then the same to three digits. This is exact in level,
//! whatever the scores are distributed like and however many are equal, *where candidates are independent of each other*.
//! Where neighbours are alike it is bold: an optimizer that draws near what was good, or a smooth landscape, makes one lucky
//! region count many times.
//!
//! Scores of several blocks of the other data mend that. The correlation of each block with train is one number, and under
//! chance it is as likely to be that far below 0, however alike neighbours are: train is the same for all blocks, and each block
//! is new. So the sum of these numbers is compared with the sums under all choices of their signs (R. A. Fisher 1935). Student's
//! t over blocks would be bold here: where neighbours are very alike the correlations pile up at -1 and 1, and nine of them
//! pass in 9 % of tries. The larger p of signs and of orders counts, since many equal scores can make one sign the more likely
//! one. It takes blocks for independent of each other.
//!
//! Only pairs that differ from each other are judged: a search that comes back to a candidate has found nothing new, and each
//! repeat would count as new. Different candidates of equal scores are left out with them, which costs power where scores are
//! coarse, and is safe.
//!
//! Ranks that agree say that train tells good from bad. They do not say that the winner is good.

use std::collections::BTreeSet;
use std::iter;

use super::copies::{Copied, copied, made_of};
use super::rank_error::{RankError, RankedScores};
use crate::rng::Generator;
use crate::stats::{
    COUNTABLE, Significance, exact_rank_significance, mid_ranks, rank_significance, sign_significance, spearman,
    student_tail, sums,
};

/// The largest p at which ranks agree.
pub const RANK_LEVEL: f64 = 0.05;

/// With four pairs only the one perfect order is below the level; with five one swap of neighbours is too.
pub const MINIMUM_PAIRS: usize = 5;

/// The p of five equal signs is 1/32, of four 1/16.
pub const MINIMUM_BLOCKS: usize = 5;

/// Below so many pairs little follows either way: 30 pairs find a correlation of .5 in six of seven tries, ten in two of five.
pub const FEW_PAIRS: usize = 30;

/// Orders and signs that are drawn where there are too many to count.
const DRAWN: usize = 9_999;

/// Beyond so many pairs nothing is drawn.
const DRAWABLE: usize = 5_000;

/// What came of two lists of scores.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct RankVerdict {
    /// Whether p is at most the level.
    pub agree: bool,
    /// Spearman's correlation, from -1 to 1; with blocks, the mean of theirs.
    pub rho: f64,
    /// One-sided p of the verdict; with blocks, the larger one of orders and signs.
    pub p: f64,
    /// p over the orders of the candidates.
    pub p_orders: f64,
    /// p over the signs of the blocks; absent without blocks.
    pub p_signs: Option<f64>,
    /// Number of candidates that were judged: those whose scores differ from those of every earlier one.
    pub pairs: usize,
    /// Number of those that repeat the scores of an earlier one, and were left out.
    pub repeats: usize,
    /// The correlation of each block; empty without blocks.
    pub blocks: Vec<f64>,
    /// What has to be known beside the verdict, in sentences.
    pub notes: Vec<String>,
}

/// Judges scores on what a search saw against one score each of the same candidates on other data. Larger is better in both.
///
/// # Errors
/// Where nothing can be said whatever the answer is: other lengths, fewer than [`MINIMUM_PAIRS`] that differ, a score that is
/// not finite, equal scores, scores that are a copy of those on train.
pub fn judge_ranks(train: &[f64], other: &[f64]) -> Result<RankVerdict, RankError> {
    judged(train, other, DRAWN)
}

/// [`judge_ranks`] where each candidate has a row: its scores on each of several disjoint blocks of the other data, the same
/// blocks for all candidates.
///
/// # Errors
/// Those of [`judge_ranks`], of each block; rows of other lengths or below [`MINIMUM_BLOCKS`]; two blocks that are the same;
/// blocks whose mean or sum the scores on train are.
pub fn judge_ranks_by_block(train: &[f64], rows: &[Vec<f64>]) -> Result<RankVerdict, RankError> {
    judged_by_block(train, rows, DRAWN)
}

/// The places of the candidates whose scores differ from those of every earlier one. 0 and -0 are equal.
pub fn distinct_pairs(train: &[f64], scores: impl Fn(usize) -> Vec<f64>) -> Vec<usize> {
    let bits = |place: usize| {
        let scores = iter::once(train[place]).chain(scores(place));
        scores.map(|score| (score + 0.0).to_bits()).collect::<Vec<u64>>()
    };
    let mut seen = BTreeSet::new();
    (0..train.len()).filter(|place| seen.insert(bits(*place))).collect()
}

/// [`judge_ranks`] by so many drawn orders.
pub(super) fn judged(train: &[f64], other: &[f64], drawn: usize) -> Result<RankVerdict, RankError> {
    counted(train.len(), other.len(), 0)?;
    comparable(RankedScores::Train, train, None)?;
    comparable(RankedScores::Other, other, None)?;
    let kept = distinct_pairs(train, |place| vec![other[place]]);
    let of = |scores: &[f64]| kept.iter().map(|place| scores[*place]).collect::<Vec<f64>>();
    let (repeats, train, other) = (train.len() - kept.len(), of(train), of(other));
    counted(train.len(), other.len(), repeats)?;
    match copied(&train, &other) {
        Some(Copied::Equal) => return Err(RankError::Same { block: None }),
        Some(Copied::InOrder) => return Err(RankError::InOrder { pairs: train.len() }),
        None => {}
    }
    let orders = orders(&train, &other, drawn)?;
    let rho = spearman(&train, &other).value().unwrap_or_default();
    Ok(verdict(train.len(), rho, orders, None, Vec::new(), repeats))
}

/// [`judge_ranks_by_block`] by so many drawn orders and signs.
pub(super) fn judged_by_block(train: &[f64], rows: &[Vec<f64>], drawn: usize) -> Result<RankVerdict, RankError> {
    counted(train.len(), rows.len(), 0)?;
    let count = rows[0].len();
    if let Some(row) = rows.iter().position(|row| row.len() != count) {
        return Err(RankError::Ragged { row: row + 1, found: rows[row].len(), expected: count });
    }
    if count < MINIMUM_BLOCKS {
        return Err(RankError::TooFewBlocks { found: count });
    }
    comparable(RankedScores::Train, train, None)?;
    let blocks = |rows: &[Vec<f64>]| -> Vec<Vec<f64>> {
        (0..count).map(|block| rows.iter().map(|row| row[block]).collect()).collect()
    };
    for (at, block) in (1..).zip(&blocks(rows)) {
        comparable(RankedScores::Other, block, Some(at))?;
    }
    let kept = distinct_pairs(train, |place| rows[place].clone());
    let repeats = train.len() - kept.len();
    let train: Vec<f64> = kept.iter().map(|place| train[*place]).collect();
    let rows: Vec<Vec<f64>> = kept.iter().map(|place| rows[*place].clone()).collect();
    counted(train.len(), rows.len(), repeats)?;
    let blocks = blocks(&rows);
    for (at, block) in blocks.iter().enumerate() {
        if copied(&train, block) == Some(Copied::Equal) {
            return Err(RankError::Same { block: Some(at + 1) });
        }
        if let Some(first) = blocks[..at].iter().position(|earlier| copied(earlier, block) == Some(Copied::Equal)) {
            return Err(RankError::SameBlocks { first: first + 1, second: at + 1 });
        }
    }
    if made_of(&train, &rows) {
        return Err(RankError::MadeOfBlocks);
    }
    let rhos: Vec<f64> = blocks.iter().map(|block| spearman(&train, block).value().unwrap_or_default()).collect();
    // Ranks of each block count alike, whatever its scale. Sums of doubled ranks are whole numbers.
    let ranks: Vec<Vec<f64>> = blocks.iter().map(|block| mid_ranks(block)).collect();
    let total = |place: usize| sums::plain(ranks.iter().map(|block| 2.0 * block[place]));
    let totals: Vec<f64> = (0..train.len()).map(total).collect();
    if totals.iter().all(|total| *total == totals[0]) {
        return Err(RankError::Constant { list: RankedScores::Other, block: None });
    }
    let orders = orders(&train, &totals, drawn)?;
    let signs = sign_significance(&rhos, drawn, &mut draws(2)).map_or(1.0, |found| found.p);
    let rho = sums::plain(rhos.iter().copied()) / count as f64;
    Ok(verdict(train.len(), rho, orders, Some(signs), rhos, repeats))
}

fn verdict(
    pairs: usize,
    rho: f64,
    p_orders: f64,
    p_signs: Option<f64>,
    blocks: Vec<f64>,
    repeats: usize,
) -> RankVerdict {
    let p = p_signs.unwrap_or_default().max(p_orders);
    let mut notes = Vec::new();
    if pairs < FEW_PAIRS {
        notes.push(format!(
            "With fewer than {FEW_PAIRS} pairs little follows either way: most real agreement is missed, and what agrees may still be slight."
        ));
    }
    if repeats > 0 {
        notes.push(format!(
            "{repeats} of {} pairs repeat the scores of an earlier one and are left out: a repeat of a candidate is nothing new. \
             Where scores are coarse, candidates of equal scores are left out with them; finer scores, or blocks, tell them apart.",
            pairs + repeats
        ));
    }
    notes.push(match p_signs {
        None => "This takes candidates for independent of each other. Where neighbours are alike, noise agrees far more often \
                 than one time in 20. Scores of five or more blocks for each candidate mend that."
            .to_owned(),
        Some(_) => "This takes blocks for independent of each other. Candidates may be alike.".to_owned(),
    });
    RankVerdict { agree: p <= RANK_LEVEL, rho, p, p_orders, p_signs, pairs, repeats, blocks, notes }
}

fn counted(train: usize, other: usize, repeats: usize) -> Result<(), RankError> {
    if train != other {
        return Err(RankError::Unequal { train, other });
    }
    match train {
        found if found >= MINIMUM_PAIRS => Ok(()),
        found if repeats > 0 => Err(RankError::Repeated { found, repeats }),
        found => Err(RankError::TooFew { found }),
    }
}

fn comparable(list: RankedScores, scores: &[f64], block: Option<usize>) -> Result<(), RankError> {
    if let Some(place) = scores.iter().position(|score| !score.is_finite()) {
        return Err(RankError::NotFinite { list, place: place + 1, block, value: scores[place] });
    }
    if scores.iter().all(|score| *score == scores[0]) {
        return Err(RankError::Constant { list, block });
    }
    Ok(())
}

/// p over the orders of the other scores.
fn orders(train: &[f64], other: &[f64], drawn: usize) -> Result<f64, RankError> {
    let pairs = train.len();
    if pairs > DRAWABLE {
        let rho = spearman(train, other).value().unwrap_or_default();
        let freedom = pairs as f64 - 2.0;
        // A perfect order has no t; its p is below every number that is shown.
        let rest = ((1.0 - rho) * (1.0 + rho)).max(f64::MIN_POSITIVE);
        return Ok(student_tail(rho * (freedom / rest).sqrt(), freedom));
    }
    let found = if pairs <= COUNTABLE {
        exact_rank_significance(train, other)
    } else {
        rank_significance(train, other, drawn, &mut draws(1))
    };
    match found {
        Some(Significance { p, smallest }) if smallest <= RANK_LEVEL => Ok(p),
        Some(Significance { smallest, .. }) => Err(RankError::OutOfReach { pairs, smallest }),
        None => Ok(1.0),
    }
}

/// Each use has a stream of its own.
fn draws(stream: u32) -> impl FnMut(usize) -> usize {
    let mut generator = Generator::from_seed_words(&[42, 0, stream]);
    move |last| {
        let drawn = generator.integers(0, i64::try_from(last).unwrap_or(i64::MAX));
        usize::try_from(drawn).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rising(count: usize) -> Vec<f64> {
        (0..count).map(|place| place as f64).collect()
    }

    #[test]
    fn five_pairs_agree_in_order_and_with_one_swap_of_neighbours_and_not_with_two() {
        let p = |other: [f64; 5]| {
            judge_ranks(&[0.1, 0.2, 0.3, 0.4, 0.5], &other).map(|found| (found.agree, (120.0 * found.p).round()))
        };
        assert_eq!(p([1.0, 2.0, 3.0, 4.0, 5.0]), Ok((true, 1.0)));
        assert_eq!(p([2.0, 1.0, 3.0, 4.0, 5.0]), Ok((true, 5.0)));
        assert_eq!(p([2.0, 1.0, 3.0, 5.0, 4.0]), Ok((false, 8.0)));
        assert_eq!(p([5.0, 4.0, 3.0, 2.0, 1.0]), Ok((false, 120.0)));
    }

    #[test]
    fn what_cannot_be_answered_is_an_error_that_says_why() {
        let up = rising(6);
        let of = |other: &[f64]| judge_ranks(&up, other).map_err(|error| error.to_string()).expect_err("an error");
        assert!(of(&up).contains("the same data was scored twice"));
        assert!(of(&up[..5]).starts_with("6 scores on train and 5 on the other data"));
        assert!(of(&[1.0; 6]).starts_with("all scores on the other data are equal"));
        assert!(of(&[1.0, f64::NAN, 2.0, 3.0, 4.0, 5.0]).starts_with("score 2 on the other data is NaN"));
        assert!(of(&[1.0, 0.0, 0.0, 0.0, 0.0, 0.0]).contains("the smallest p is 0.1667"));
        assert_eq!(judge_ranks(&up[..4], &[3.0, 1.0, 2.0, 0.0]), Err(RankError::TooFew { found: 4 }));
        assert_eq!(judge_ranks(&[], &[]), Err(RankError::TooFew { found: 0 }));
    }

    fn rows(candidates: usize, blocks: usize, score: impl Fn(usize, usize) -> f64) -> Vec<Vec<f64>> {
        (0..candidates).map(|row| (0..blocks).map(|block| score(row, block)).collect()).collect()
    }

    #[test]
    fn rows_are_refused_where_they_are_ragged_too_short_or_no_other_data() {
        let up = rising(8);
        let of = |rows: &[Vec<f64>]| judge_ranks_by_block(&up, rows).expect_err("an error");
        let wave = |row: usize, block: usize| ((3 + row) as f64 * (1.3 + block as f64)).sin();
        assert_eq!(of(&rows(8, 4, wave)), RankError::TooFewBlocks { found: 4 });
        let mut ragged = rows(8, 5, wave);
        ragged[6].pop();
        assert_eq!(of(&ragged), RankError::Ragged { row: 7, found: 4, expected: 5 });
        assert_eq!(
            of(&rows(8, 5, |row, block| if block == 3 { row as f64 } else { wave(row, block) })),
            RankError::Same { block: Some(4) }
        );
        assert_eq!(of(&rows(8, 5, |row, block| wave(row, block % 4))), RankError::SameBlocks { first: 1, second: 5 });
        let constant = of(&rows(8, 5, |row, block| if block == 1 { 0.5 } else { wave(row, block) }));
        assert_eq!(constant, RankError::Constant { list: RankedScores::Other, block: Some(2) });
        assert_eq!(judge_ranks_by_block(&[], &[]), Err(RankError::TooFew { found: 0 }));
    }

    /// A slope of one block in six the wrong way: 4 of 64 choices of signs.
    #[test]
    fn blocks_count_by_their_signs_and_by_the_order_of_the_candidates() {
        let up = rising(30);
        let of = |turned: usize| {
            let rows = rows(30, 6, |row, block| {
                let slope = if block < turned { -1.0 } else { 1.0 };
                slope * row as f64 + 3.0 * (row as f64 * (1.1 + block as f64)).sin()
            });
            judge_ranks_by_block(&up, &rows).expect("a verdict")
        };
        assert!(of(0).agree && of(0).p_signs == Some(1.0 / 64.0) && of(0).blocks.len() == 6);
        assert!(!of(2).agree && of(2).p_orders < 0.001 && of(2).p == of(2).p_signs.unwrap_or_default());
        assert!(of(0).notes.iter().all(|note| !note.contains("pairs")));
    }

    /// One candidate is below all others on train, and a bit below the middle in each block: five signs up, and nothing to it.
    #[test]
    fn signs_alone_do_not_decide() {
        let train: Vec<f64> = (0..29).map(|place| f64::from(u8::from(place != 0))).collect();
        let low = |row: usize, block: usize| if row == 0 { 11.5 } else { (row * (block + 2) % 29) as f64 };
        let found = judge_ranks_by_block(&train, &rows(29, 5, low));
        assert!(found.as_ref().is_ok_and(|found| found.p_signs == Some(1.0 / 32.0) && !found.agree), "{found:?}");
    }

    #[test]
    fn pairs_that_repeat_are_left_out_and_told_and_few_pairs_are_noted() {
        let (train, other) = ([1.0, 2.0, 3.0, 4.0, 5.0, 0.0], [1.0, 3.0, 2.0, 4.0, 6.0, 0.5]);
        let once = judge_ranks(&train, &other).expect("a verdict");
        let thrice = judge_ranks(&train.repeat(3), &other.repeat(3)).expect("a verdict");
        assert_eq!((thrice.pairs, thrice.repeats, thrice.p), (6, 12, once.p));
        let notes = thrice.notes.join(" ");
        assert!(notes.contains("fewer than 30 pairs") && notes.contains("12 of 18 pairs repeat"), "{notes}");
        let few = judge_ranks(&train[..4].repeat(3), &other[..4].repeat(3));
        assert_eq!(few, Err(RankError::Repeated { found: 4, repeats: 8 }));
        let rows: Vec<Vec<f64>> = rows(9, 5, |row, block| ((3 + row) as f64 * (1.3 + block as f64)).sin());
        let of = |times: usize| {
            let again: Vec<Vec<f64>> = rows.iter().cycle().take(rows.len() * times).cloned().collect();
            judge_ranks_by_block(&rising(9).repeat(times), &again).expect("a verdict")
        };
        assert_eq!((of(4).pairs, of(4).repeats, of(4).p), (9, 27, of(1).p));
    }

    #[test]
    fn copies_and_what_was_made_of_the_blocks_are_refused() {
        let up = rising(12);
        let of = |spell: fn(f64) -> f64| judge_ranks(&up, &up.iter().map(|x| spell(*x)).collect::<Vec<_>>());
        assert_eq!(of(|x| -x), Err(RankError::Same { block: None }));
        assert_eq!(of(|x| 2.0 * x + 1.0), Err(RankError::InOrder { pairs: 12 }));
        let rows = rows(12, 5, |row, block| ((3 + row * row) as f64 * (1.3 + block as f64)).sin());
        let sums = |map: fn(f64) -> f64| rows.iter().map(|row| map(row.iter().sum())).collect::<Vec<f64>>();
        for made in [sums(|sum| sum), sums(|sum| -sum / 5.0), sums(|sum| (sum / 5.0 * 1e3).round() / 1e3)] {
            assert_eq!(judge_ranks_by_block(&made, &rows), Err(RankError::MadeOfBlocks));
            assert_eq!(judge_ranks_by_block(&made[..6], &rows[..6]), Err(RankError::MadeOfBlocks));
        }
    }

    #[test]
    fn very_many_pairs_are_not_permuted_and_say_the_same() {
        let train = rising(20_000);
        let noisy =
            |slope: f64| -> Vec<f64> { train.iter().map(|x| slope * x + 9_000.0 * (x * x * 0.37).sin()).collect() };
        let p = |other: &[f64]| judge_ranks(&train, other).map(|found| found.p).unwrap_or(f64::NAN);
        assert!(p(&noisy(1.0)) < 1e-9 && p(&noisy(-1.0)) > 0.999);
        let mut one_off = train.clone();
        one_off.swap(7, 8);
        assert!(p(&one_off) < 1e-9);
    }
}
