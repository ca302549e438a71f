//! Parts of the score that a search optimised, cut into two halves in every way: does the best of one half hold on the other?
//!
//! The search saw all of the parts, so each of its trials was led there by the other half, too. What holds within may fail on
//! data that is new; what fails within will hardly hold there. It can speak against a study and never for it, and there is
//! no level to hold it against: D. Bailey and others, The Probability of Backtest Overfitting, 2014.

/// Trials that are looked at, evenly taken.
pub(super) const MOST: usize = 2000;
/// Groups that parts are put into before they are cut: 924 cuts.
const GROUPS: usize = 12;
/// With fewer there are too few cuts.
pub(super) const FEWEST_PARTS: usize = 6;
/// With fewer, below the middle means little.
pub(super) const FEWEST_TRIALS: usize = 10;

/// Every trial's parts, larger being better; each row has the same number of them. How many cuts there are, and the share of
/// them after which the best trial on one half is in the lower half on the other.
pub(super) fn below_middle(rows: &[Vec<f64>]) -> Option<(u64, f64)> {
    let parts = rows.first()?.len();
    if parts < FEWEST_PARTS || rows.len() < FEWEST_TRIALS || rows.iter().any(|row| row.len() != parts) {
        return None;
    }
    let groups = parts.min(GROUPS);
    let bounds: Vec<usize> = (0..=groups).map(|group| group * parts / groups).collect();
    let of_group = |row: &[f64], group: usize| row[bounds[group]..bounds[group + 1]].iter().sum::<f64>();
    let grouped: Vec<Vec<f64>> =
        rows.iter().map(|row| (0..groups).map(|group| of_group(row, group)).collect()).collect();
    let half = groups.div_ceil(2);
    let (mut cuts, mut below) = (0, 0.0);
    for choice in 0u32..1 << groups {
        if choice.count_ones() as usize != half {
            continue;
        }
        let sum = |row: &[f64], inside: bool| {
            let parts = row.iter().enumerate().filter(|(group, _)| ((choice >> group) & 1 == 1) == inside);
            parts.map(|(_, part)| part).sum::<f64>()
        };
        let inside: Vec<f64> = grouped.iter().map(|row| sum(row, true)).collect();
        let outside: Vec<f64> = grouped.iter().map(|row| sum(row, false)).collect();
        let best = (0..inside.len()).reduce(|best, next| if inside[next] > inside[best] { next } else { best })?;
        let worse = outside.iter().filter(|score| **score < outside[best]).count();
        let equal = outside.iter().filter(|score| **score == outside[best]).count() - 1;
        let place = worse as f64 + equal as f64 / 2.0;
        cuts += 1;
        let middle = (outside.len() - 1) as f64 / 2.0;
        // In the middle it is neither: half of it counts.
        below += if place < middle {
            1.0
        } else if place > middle {
            0.0
        } else {
            0.5
        };
    }
    Some((cuts, below / cuts as f64))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(score: impl Fn(usize, usize) -> f64) -> Vec<Vec<f64>> {
        (0..40).map(|trial| (0..8).map(|part| score(trial, part)).collect()).collect()
    }

    #[test]
    fn what_is_better_in_every_part_holds_and_what_is_traded_between_parts_does_not() {
        assert_eq!(below_middle(&rows(|trial, part| trial as f64 + part as f64)), Some((70, 0.0)));
        // Each trial gains in one half of the parts what it loses in the others.
        let traded = rows(|trial, part| {
            let sign = if ((trial * 37) >> (part % 8)) & 1 == 1 { 1.0 } else { -1.0 };
            sign * (1.0 + trial as f64 / 40.0)
        });
        let balanced: Vec<Vec<f64>> = traded
            .into_iter()
            .map(|row| {
                let mean = row.iter().sum::<f64>() / 8.0;
                row.iter().map(|score| score - mean).collect()
            })
            .collect();
        assert!(below_middle(&balanced).is_some_and(|(_, share)| share > 0.9));
        assert_eq!(below_middle(&rows(|_, _| 1.0)), Some((70, 0.5)));
    }

    #[test]
    fn too_few_parts_or_trials_say_nothing() {
        let all = rows(|trial, part| (trial * part) as f64);
        assert_eq!(below_middle(&all[..9]), None);
        assert_eq!(below_middle(&all.iter().map(|row| row[..5].to_vec()).collect::<Vec<_>>()), None);
        assert_eq!(below_middle(&[]), None);
    }
}
