//! Scores that are no other data: those that the search saw, once more.

/// How other scores repeat those on train.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Copied {
    /// They are the same numbers, with either sign.
    Equal,
    /// They have all candidates in the same order, or in the reverse of it.
    InOrder,
}

/// With so many candidates in the very same order one list may be made of the other; fewer are so where what is measured differs
/// much more than it errs.
pub const A_COPY: usize = 20;

/// Differences below this share of the spread of the scores are of their spelling.
const SPELLING: f64 = 1e-6;

/// The same for what was computed of rounded scores.
const ROUNDING: f64 = 1e-3;

/// What rounding of printed scores may come to at most, as a share of their spread. More would be no question of rounding.
const LARGEST_ROUNDING: f64 = 0.05;

/// Whether the other scores are those on train once more: the same numbers; numbers on a straight line over them; or, from
/// [`A_COPY`] candidates on, numbers that have all of them in the very order of train, as a copy in another spelling has them. That other data do so as well is possible
/// where candidates are very unlike each other, and cannot be told from a copy by the scores.
#[must_use]
pub fn copied(train: &[f64], other: &[f64]) -> Option<Copied> {
    if train.len() < 2 || train.len() != other.len() {
        return None;
    }
    let width = SPELLING * spread(train);
    if near(train, other, 1.0, width) || near(train, other, -1.0, width) {
        Some(Copied::Equal)
    } else if on_a_line(train, other)
        || train.len() >= A_COPY && (in_order(train, other, 1.0) || in_order(train, other, -1.0))
    {
        Some(Copied::InOrder)
    } else {
        None
    }
}

/// Whether the scores on train are the mean or the sum of the blocks of each row, as far as all of them are printed.
pub(super) fn made_of(train: &[f64], rows: &[Vec<f64>]) -> bool {
    let sums: Vec<f64> = rows.iter().map(|row| row.iter().sum()).collect();
    let count = rows.first().map_or(0, Vec::len) as f64;
    let (own, theirs) = (unit(train) / 2.0, unit(&rows.concat()) / 2.0);
    [1.0, count].into_iter().any(|divisor| {
        let whole = spread(train);
        // A whole number may be exact or rounded: both are tried.
        let rounded =
            [own, own + theirs * count / divisor].into_iter().filter(|width| *width <= LARGEST_ROUNDING * whole);
        let width = rounded.fold(ROUNDING * whole, f64::max);
        let made: Vec<f64> = sums.iter().map(|sum| sum / divisor).collect();
        near(train, &made, 1.0, width) || near(train, &made, -1.0, width)
    })
}

fn spread(scores: &[f64]) -> f64 {
    let largest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    largest - scores.iter().copied().fold(f64::INFINITY, f64::min)
}

fn near(train: &[f64], other: &[f64], sign: f64, width: f64) -> bool {
    train.iter().zip(other).all(|(one, two)| (one - sign * two).abs() <= width)
}

/// Whether the other scores lie on one straight line over those on train, which no measurement on other data does.
fn on_a_line(train: &[f64], other: &[f64]) -> bool {
    let place = |best: fn(f64, f64) -> bool| {
        (0..train.len()).reduce(|known, at| if best(train[at], train[known]) { at } else { known })
    };
    let (Some(low), Some(high)) = (place(|at, known| at < known), place(|at, known| at > known)) else { return false };
    let slope = (other[high] - other[low]) / (train[high] - train[low]);
    let line: Vec<f64> = train.iter().map(|x| other[low] + slope * (x - train[low])).collect();
    train.len() >= 8 && slope.is_finite() && slope != 0.0 && near(other, &line, 1.0, SPELLING * spread(other))
}

/// The last decimal place that all scores are printed with, as a number: 0.001; 0 where they have more than nine.
fn unit(scores: &[f64]) -> f64 {
    let whole = |scale: f64| {
        scores.iter().all(|score| {
            let scaled = score * scale;
            (scaled - scaled.round()).abs() <= 1e-6
        })
    };
    (0..=9).map(|places| libm::pow(10.0, f64::from(places))).find(|scale| whole(*scale)).map_or(0.0, f64::recip)
}

/// Whether the other scores rise wherever those on train do. Rounded ones may stand still, as long as both tell half of the
/// candidates apart.
fn in_order(train: &[f64], other: &[f64], sign: f64) -> bool {
    let mut pairs: Vec<(f64, f64)> = train.iter().zip(other).map(|(one, two)| (*one, sign * two)).collect();
    pairs.sort_by(|one, two| one.0.total_cmp(&two.0).then(one.1.total_cmp(&two.1)));
    let (mut ours, mut theirs) = (1, 1);
    for pair in pairs.windows(2) {
        if pair[1].1 < pair[0].1 {
            return false;
        }
        ours += usize::from(pair[1].0 > pair[0].0);
        theirs += usize::from(pair[1].1 > pair[0].1);
    }
    2 * ours.min(theirs) >= pairs.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_is_found_in_any_spelling_that_keeps_the_order() {
        let train: Vec<f64> = (0..40).map(|place| f64::from(place * 37 % 40)).collect();
        let of = |spell: &dyn Fn(f64) -> f64| copied(&train, &train.iter().map(|x| spell(*x)).collect::<Vec<_>>());
        assert_eq!(
            (of(&|x| x), of(&|x| -x), of(&|x| x + 1e-7)),
            (Some(Copied::Equal), Some(Copied::Equal), Some(Copied::Equal))
        );
        let in_other_words =
            [of(&|x| 1.0 - x / 7.0), of(&f64::exp), of(&|x| (x / 2.0).round()), of(&|x| 2.0 * x + 1.0)];
        assert_eq!(in_other_words, [Some(Copied::InOrder); 4]);
        assert_eq!((of(&|x| (x * 1.3).sin()), of(&|x| f64::from(u8::from(x > 20.0)))), (None, None));
        assert_eq!(copied(&train[..5], &[1.0, 9.0, 2.0, 3.0, 4.0]), None);
        let few =
            |spell: fn(f64) -> f64| copied(&train[..8], &train[..8].iter().map(|x| spell(*x)).collect::<Vec<_>>());
        assert_eq!((few(|x| 5.0 - 3.0 * x), few(f64::exp)), (Some(Copied::InOrder), None));
        assert_eq!(copied(&[0.0, 1.0, 2.0], &[-0.0, 1.0, 2.0]), Some(Copied::Equal));
        // Eight candidates of which train tells two groups apart.
        assert_eq!(copied(&[0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0], &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]), None);
    }

    #[test]
    fn the_mean_and_the_sum_of_blocks_are_found_as_they_are_printed() {
        let row =
            |place: i32| (0..5).map(|block| (f64::from(place * place + 3) * (1.3 + f64::from(block))).sin()).collect();
        let rows: Vec<Vec<f64>> = (0..12).map(row).collect();
        let sums: Vec<f64> = rows.iter().map(|row| row.iter().sum()).collect();
        let to = |places: i32, x: f64| (x * 10_f64.powi(places)).round() / 10_f64.powi(places);
        let of = |factor: f64, places: i32, rows: &[Vec<f64>]| {
            made_of(&sums.iter().map(|sum| to(places, factor * sum)).collect::<Vec<f64>>(), rows)
        };
        let printed: Vec<Vec<f64>> = rows.iter().map(|row| row.iter().map(|x| to(2, *x)).collect()).collect();
        for factor in [1.0, 0.2, -0.2] {
            assert!(of(factor, 12, &rows) && of(factor, 2, &rows) && of(factor, 2, &printed), "{factor}");
        }
        assert!(!of(0.5, 12, &rows) && !of(0.2, 12, &rows[1..].iter().chain(&rows[..1]).cloned().collect::<Vec<_>>()));
        let whole: Vec<Vec<f64>> = rows.iter().map(|row| row.iter().map(|x| x.round()).collect()).collect();
        assert!(!of(0.2, 12, &whole), "rounding as large as the scores says nothing");
    }
}
