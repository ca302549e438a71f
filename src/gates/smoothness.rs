//! How smooth test is over the parameters, and what chance does where neighbours are that much alike.
//!
//! Where neither blocks nor a null version say what chance does, random surfaces say it that are as smooth as the test values
//! ([`Surfaces`]) and know nothing of train: their rank and their lead, over the same candidates and draws, are the null
//! distribution. That is right as far as test looks like such a surface, and as its smoothness can be told from some fifty
//! values: the verdict calls it `approximate`.

use super::transfer::{TransferLevel, TransferSample};
use super::{Digits, Measure};
use crate::number::general;
use crate::rng::Generator;
use crate::stats::{Axis, Nearness, Significance, Surfaces, even_places, mean, mid_ranks, population_sd, sums};

/// Surfaces behind a p-value, at least and at most: in between twice as many as the level asks for.
const FEWEST: usize = 999;
const MOST: usize = 1_000_000;
/// Candidates over the ranks, best candidates, and draws that are asked at most: the work grows with the third power.
const RANKED: usize = 60;
const LEAD: usize = 30;
const DRAWS: usize = 60;
/// Differences of correlations and of leads that are those of rounding.
const ROUNDING: f64 = 1e-12;

/// Where what `transfer` compares lies, place by place of its unlocked parameters.
#[derive(Debug, Clone, PartialEq)]
pub struct Places {
    /// Each unlocked parameter, and how near two of its places are.
    pub axes: Vec<(String, Nearness)>,
    /// The places of each ranked candidate along every axis, in parts of its range.
    pub ranked: Vec<Vec<f64>>,
    /// The places of the best candidates.
    pub lead: Vec<Vec<f64>>,
    /// The places of the fresh draws.
    pub draws: Vec<Vec<f64>>,
}

/// What surrogate surfaces say of both halves of `transfer`.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Approximation {
    /// Each unlocked parameter, and over how much of its range test stays alike.
    pub lengths: Vec<(String, f64)>,
    /// The share of the variance on test that each candidate has for itself.
    pub own: f64,
    /// How many independent candidates would have ranks that vary by chance as much as those of the ranked ones.
    pub independent: f64,
    /// How many surfaces were drawn.
    pub surfaces: usize,
    /// Significance of the rank half; absent if it could not be computed.
    pub rank: Option<Significance>,
    /// Significance of the lead half.
    pub lead: Option<Significance>,
}

impl Approximation {
    /// How many surfaces are drawn for a level.
    pub(crate) fn surfaces_for(alpha: f64) -> usize {
        // A level that is not a number asks for none.
        ((2.0 / alpha).ceil().clamp(0.0, MOST as f64) as usize).max(FEWEST)
    }

    /// How many independent candidates there are, beside `ranked`.
    pub(super) fn independent_of(&self, ranked: usize, ok: bool) -> Measure {
        let independent = Measure::shown("independent candidates", Some(self.independent), Digits::General(3));
        let over: Vec<String> =
            self.lengths.iter().map(|(name, length)| format!("{} of `{name}`", general(*length, 2))).collect();
        let note = format!("of {ranked}; alike over {}", over.join(", "));
        Measure { ok, ..independent.noted(note) }
    }

    /// The same as a clause.
    pub(super) fn described(&self, ranked: usize) -> String {
        format!("these {ranked} candidates tell as much as {} independent ones", general(self.independent, 3))
    }
}

/// Draws the surfaces and counts those that do as well as test; `None` if the sample does not say where it lies, or its smoothness cannot be told.
pub(super) fn approximate(sample: &TransferSample, level: TransferLevel) -> Option<Approximation> {
    let places = sample.places.as_ref()?;
    // Spread evenly where there are more than can be asked.
    let (ranked, lead) = (even_places(sample.ranked.len(), RANKED), sample.lead.len().min(LEAD));
    let draws = even_places(sample.draws.len(), DRAWS);
    let train: Vec<f64> = ranked.iter().map(|&place| sample.ranked[place].0).collect();
    let of_ranked = ranked.iter().map(|&place| (places.ranked.get(place), sample.ranked[place].1));
    let of_lead = (0..lead).map(|place| (places.lead.get(place), sample.lead[place]));
    let of_draws = draws.iter().map(|&place| (places.draws.get(place), Some(sample.draws[place])));
    let known = of_ranked.chain(of_lead).chain(of_draws).map(|(place, value)| Some((place?, value?)));
    let (points, values): (Vec<&Vec<f64>>, Vec<f64>) = known.collect::<Option<Vec<_>>>()?.into_iter().unzip();
    let along = |axis: usize| points.iter().map(|point| point.get(axis).copied()).collect::<Option<Vec<f64>>>();
    let axes = places.axes.iter().enumerate();
    let axes: Option<Vec<Axis>> =
        axes.map(|(axis, (_, nearness))| Some(Axis { nearness: *nearness, places: along(axis)? })).collect();

    let stream = |stream: u32| Generator::from_seed_words(&[level.seed as u32, (level.seed >> 32) as u32, stream]);
    let mut walk = stream(4);
    let surfaces = Surfaces::like(&axes?, &values, &mut || walk.random())?;
    // In parts of the largest, so that nothing overflows.
    let largest = values.iter().fold(0.0_f64, |largest, value| largest.max(value.abs()));
    let values: Vec<f64> = values.iter().map(|value| value / largest).collect();
    let groups = [ranked.len(), ranked.len() + lead];
    let rank = ranking(&train);
    let statistics = |values: &[f64]| {
        let (best, others) = (mean(&values[groups[0]..groups[1]]), mean(&values[groups[1]..]));
        let lead = best.zip(others).map(|(best, others)| (best - others) / population_sd(values).unwrap_or(f64::NAN));
        (rank(&values[..groups[0]]), lead)
    };
    let observed = statistics(&values);
    let (count, mut reached, mut squares) = (Approximation::surfaces_for(level.alpha), [0, 0], 0.0);
    let mut draw = stream(5);
    surfaces.draw(count, &mut || draw.standard_normal(), &mut |values| {
        let drawn = statistics(values);
        squares += drawn.0.map_or(0.0, |rho| rho * rho);
        let as_well = |drawn: Option<f64>, observed: Option<f64>| {
            usize::from(drawn.zip(observed).is_some_and(|(drawn, observed)| drawn >= observed - ROUNDING))
        };
        reached[0] += as_well(drawn.0, observed.0);
        reached[1] += as_well(drawn.1, observed.1);
    });
    let share = |count: usize, reached: usize| (1 + reached) as f64 / (1 + count) as f64;
    let significance = |observed: Option<f64>, reached: usize| {
        let p = share(count, reached);
        observed.filter(|found| found.is_finite()).map(|_| Significance { p, smallest: share(count, 0) })
    };
    // The correlation of independent ranks has the variance 1 / (n - 1).
    let independent = (1.0 + count as f64 / squares).min(sample.ranked.len() as f64);
    Some(Approximation {
        lengths: places.axes.iter().map(|(name, _)| name.clone()).zip(surfaces.lengths()).collect(),
        own: surfaces.own(),
        independent,
        surfaces: count,
        rank: significance(observed.0, reached[0]),
        lead: significance(observed.1, reached[1]),
    })
}

/// Spearman's correlation with these values, which is absent where either is all alike.
fn ranking(xs: &[f64]) -> impl Fn(&[f64]) -> Option<f64> {
    let centred = |values: &[f64]| {
        let middle = (values.len() as f64 + 1.0) / 2.0;
        mid_ranks(values).into_iter().map(|rank| rank - middle).collect::<Vec<f64>>()
    };
    let product = |ones: &[f64], others: &[f64]| sums::plain(ones.iter().zip(others).map(|(one, other)| one * other));
    let xs = centred(xs);
    move |ys| {
        let ys = centred(ys);
        let both = (product(&xs, &xs) * product(&ys, &ys)).sqrt();
        (both > 0.0).then(|| product(&xs, &ys) / both)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEVEL: TransferLevel = TransferLevel { alpha: 0.05, permutations: 999, seed: 42 };

    /// Candidates along one parameter, best on train first, with a value on test each.
    fn sample(points: usize, test: impl Fn(f64) -> f64) -> TransferSample {
        let at = |point: usize| 1.0 - point as f64 / points as f64;
        let drawn = |point: usize| (point as f64 + 0.5) / 10.0;
        TransferSample {
            ranked: (0..points).map(|point| (at(point), Some(test(at(point))))).collect(),
            lead: (0..10.min(points)).map(|point| Some(test(at(point)))).collect(),
            draws: (0..10).map(|draw| test(drawn(draw))).collect(),
            places: Some(Places {
                axes: vec![("x".to_owned(), Nearness::Distance)],
                ranked: (0..points).map(|point| vec![at(point)]).collect(),
                lead: (0..10.min(points)).map(|point| vec![at(point)]).collect(),
                draws: (0..10).map(|draw| vec![drawn(draw)]).collect(),
            }),
        }
    }

    /// Of two straight lines with slopes of either sign one half agree. The fit cannot tell a line from the smoothest wave,
    /// so that it may say less than one half, and never little.
    #[test]
    fn a_straight_line_on_both_slices_is_worth_little_more_than_a_coin_flip() {
        let found = approximate(&sample(30, |x| 3.0 * x - 1.0), LEVEL).unwrap();
        let p = found.rank.unwrap().p;
        assert!((0.15..0.55).contains(&p), "{found:?}");
        assert!(found.lead.unwrap().p > 0.15 && found.independent < 3.5 && found.own < 0.01, "{found:?}");
        // The very same on every platform: 200 and 196 of 999 surfaces do as well.
        assert_eq!((found.surfaces, p, found.lead.unwrap().p), (999, 0.201, 0.197));
    }

    /// Independent values: the correlation of thirty ranks has the variance 1 / 29, so that 30 candidates are left but for
    /// what may be smooth by chance.
    #[test]
    fn where_nothing_is_alike_surfaces_say_about_what_permutations_say() {
        let (mut apart, mut independent) = ([0.0, 0.0], 0.0);
        for shift in 0..10 {
            let scattered = |x: f64| {
                let mixed = 43_758.545 * (127.1 * x + 0.3 + f64::from(shift)).sin();
                mixed - mixed.floor()
            };
            let report = super::super::judge_transfer(sample(30, scattered), LEVEL);
            let evidence = report.evidence::<super::super::TransferEvidence>().unwrap();
            let found = evidence.approximation.as_ref().unwrap();
            apart[0] += (found.rank.unwrap().p - evidence.rank.unwrap().p).abs() / 10.0;
            apart[1] += (found.lead.unwrap().p - evidence.lead.unwrap().p).abs() / 10.0;
            independent += found.independent / 10.0;
            let counts = evidence.rank().unwrap().p;
            assert!(counts >= found.rank.unwrap().p && counts >= evidence.rank.unwrap().p, "the larger one");
        }
        assert!(apart[0] < 0.1 && apart[1] < 0.1 && independent > 10.0, "{apart:?} {independent}");
    }

    #[test]
    fn a_level_has_as_many_surfaces_as_it_needs_within_what_can_be_drawn() {
        let surfaces = [0.05, 1e-3, 1e-4, 1e-300, f64::NAN].map(Approximation::surfaces_for);
        assert_eq!(surfaces, [999, 2_000, 20_000, MOST, FEWEST]);
        let found = approximate(&sample(30, |x| x), TransferLevel { alpha: 1e-3, ..LEVEL }).unwrap();
        assert_eq!((found.surfaces, found.rank.unwrap().smallest), (2_000, 1.0 / 2_001.0));
    }

    #[test]
    fn more_than_can_be_asked_is_thinned_and_what_has_no_smoothness_is_none() {
        assert!(approximate(&sample(400, |x| (40.0 * x).sin()), LEVEL).is_some());
        assert!(approximate(&sample(30, |_| 1.0), LEVEL).is_none());
        assert!(approximate(&sample(30, |x| if x > 0.5 { f64::NAN } else { x }), LEVEL).is_none());
        assert!(approximate(&TransferSample::default(), LEVEL).is_none());
        let mut short = sample(30, |x| x);
        if let Some(places) = &mut short.places {
            places.ranked.pop();
        }
        assert!(approximate(&short, LEVEL).is_none());
        assert!(approximate(&sample(30, |x| 1e300 * x), LEVEL).is_some_and(|found| found.lead.is_some()));
    }
}
