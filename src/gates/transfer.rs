//! `transfer`: what is good on train has to be good on test, beyond chance, in two ways.
//!
//! *rank*: Spearman's correlation of train and test fitness over candidates spread evenly over the ranks on train, so
//! that the best few do not hide the range. *lead*: the mean test fitness of the best candidates on train against that
//! of fresh uniform draws of the same space, which catches candidates that know the train slice by heart while
//! everything else transfers. Both p-values are one-sided and come from seeded permutations
//! ([`crate::stats::rank_significance`], [`crate::stats::mean_significance`]); both have to reach the level.
//!
//! Permutations take the candidates for independent of each other, and the rates hold under that condition only. On 125
//! *independent* candidates of noise both halves pass 0.4 % of searches, where KC-4's correlation alone passes 20 %; at a
//! correlation of .6 between the slices both pass 90 % (`cargo run --release --example verdict_quality`). Where
//! neighbours are alike permutations alone pass noise in 4 to 35 % of searches. A null version repairs that, and blocks
//! make `margin` decide. Where there is neither, the larger p of permutations and of surrogate surfaces counts
//! ([`Approximation`](super::Approximation)), over the upper part of candidates and draws by train. And the
//! test is about the landscape, not the winner: two slices that share one bad region pass it over all candidates although the winner is
//! worth nothing (34 to 41 %), and a lone peak that holds on new data fails it. docs/verdict.md has the rates with their
//! conditions.

use super::measure::shown;
use super::smoothness::{Approximation, Places, approximate};
use super::{Digits, Gate, GateId, GateReport, GateStatus, Measure};
use crate::number::{Op, fixed, general};
use crate::rng::Generator;
use crate::stats::{Correlation, Significance, mean, mean_significance, rank_significance, spearman};

/// Of p-values: 0.0001 and 0.05, each as it is declared or computed.
const DIGITS: Digits = Digits::General(4);

/// What is known of it.
pub(super) const GATE: Gate = Gate {
    id: "transfer",
    peer_name: "TRANSFER",
    asks: "Is what is good on train good on test, beyond chance? Two tests, rank and lead, both have to say so. \
           Permutations take candidates for independent: of noise that is alike over .3 to 1 of a range they pass 4 to \
           35 % of searches. Where there are neither blocks nor a null version, random surfaces as smooth as the test \
           values are asked too, over the upper part of the candidates by train; that is approximate. Both are about the landscape, not about the winner.",
    fails: "rank on train says nothing of rank on test, or the best on train are no better on test than fresh \
            uniform draws",
    advice: "Read which half failed and its p-value. If the message says that significance was out of reach, there \
             were too few candidates: search more. Else the search found noise.",
    causes: &[
        (
            "eligible",
            "All eligible candidates are among the best that lead compares, so it holds them against nothing: search more, or \
             declare a smaller `gates.transfer.lead_top`.",
        ),
        ("smallest", "Too few distinct values for any significance: search more candidates, or ask for more points."),
        (
            "independent",
            "Neighbours are so alike that chance does as well. Blocks or a null version can show more: declare one of them.",
        ),
        ("", "What is good on train is not better on test than chance would have it: likely overfit."),
    ],
    keys: &["gates.transfer", "gates.seed"],
    at_the_end: false,
    applies: |asked| asked.strictly_tested(),
};

/// The test fitness that `transfer` compares; absent where an evaluation has no answer.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct TransferSample {
    /// Train and test fitness of candidates spread evenly over the ranks on train.
    pub ranked: Vec<(f64, Option<f64>)>,
    /// Test fitness of the best candidates on train.
    pub lead: Vec<Option<f64>>,
    /// Test fitness of fresh draws.
    pub draws: Vec<f64>,
    /// Where all of them lie, where surrogate surfaces are asked too.
    pub places: Option<Places>,
}

/// Why there is no p-value where permutations have one.
const UNKNOWN: &str = "how smooth test is cannot be told from what is compared";

/// What is required of both halves.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct TransferLevel {
    /// Largest p-value.
    pub alpha: f64,
    /// Permutations of each half.
    pub permutations: usize,
    /// Their seed.
    pub seed: u64,
}

/// The sample with what came of it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct TransferEvidence {
    /// What was compared.
    pub sample: TransferSample,
    /// Largest p-value allowed.
    pub alpha: f64,
    /// Spearman's correlation of the rank half.
    pub correlation: Correlation,
    /// Significance of the rank half by permutations; absent if it could not be computed.
    pub rank: Option<Significance>,
    /// Mean of the lead less mean of the draws; absent if it could not be computed.
    pub advantage: Option<f64>,
    /// Significance of the lead half by permutations; absent if it could not be computed.
    pub lead: Option<Significance>,
    /// What surrogate surfaces say; absent if they were not asked, or could not be drawn.
    pub approximation: Option<Approximation>,
}

impl TransferEvidence {
    /// What counts of the rank half: by permutations, or by surfaces where these say the larger p.
    pub fn rank(&self) -> Option<Significance> {
        self.counting(self.rank, |asked| asked.rank)
    }

    /// What counts of the lead half.
    pub fn lead(&self) -> Option<Significance> {
        self.counting(self.lead, |asked| asked.lead)
    }

    fn counting(
        &self,
        permuted: Option<Significance>,
        half: impl Fn(&Approximation) -> Option<Significance>,
    ) -> Option<Significance> {
        if self.sample.places.is_none() {
            return permuted;
        }
        let (permuted, drawn) = (permuted?, half(self.approximation.as_ref()?)?);
        let smallest = permuted.smallest.max(drawn.smallest);
        Some(Significance { p: permuted.p.max(drawn.p), smallest })
    }
}

/// Judges both halves.
pub fn judge_transfer(sample: TransferSample, level: TransferLevel) -> GateReport {
    let evidence = measure(sample, level);
    let halves = [
        ("rank", evidence.rank(), evidence.sample.ranked.len(), rank_obstacle(&evidence)),
        ("lead", evidence.lead(), evidence.sample.lead.len(), lead_obstacle(&evidence)),
    ];
    let alpha = level.alpha;
    let mut failures = Vec::new();
    let mut measures = Vec::new();
    for (half, significance, points, obstacle) in halves {
        let ok = significance.is_some_and(|found| found.p <= alpha);
        match (significance, obstacle) {
            (_, Some(obstacle)) => failures.push(format!("{half}: {obstacle}")),
            (Some(found), None) if found.smallest > alpha => failures.push(format!(
                "{half}: significance is impossible, the smallest p of these {points} points is {} > {}",
                fixed(found.smallest, 4),
                general(alpha, 6)
            )),
            (Some(found), None) if !ok => {
                failures.push(format!("{half}: p={}>{}", fixed(found.p, 4), general(alpha, 6)));
            }
            _ => {}
        }
        let p = Measure::new(&format!("{half} p"), significance.map(|found| found.p), Op::AtMost, alpha, DIGITS, ok);
        measures.push(if significance.is_some() { p.noted(behind(half, &evidence)) } else { p });
        if let Some(found) = significance.filter(|found| found.smallest > alpha) {
            let metric = format!("smallest {half} p");
            measures.push(Measure::new(&metric, Some(found.smallest), Op::AtMost, alpha, DIGITS, false));
        }
    }
    let status = GateStatus::of(failures.is_empty());
    // A p-value is shown with its condition: without it the reader is promised what no test can promise.
    let condition = match evidence.sample.places {
        None => "if candidates are independent",
        Some(_) => "approximate",
    };
    let message = match (status, evidence.rank(), evidence.lead()) {
        (GateStatus::Pass, Some(rank), Some(lead)) => {
            format!("PASS: rank p={}, lead p={}, {condition}", fixed(rank.p, 4), fixed(lead.p, 4))
        }
        _ => format!("FAIL: {}", failures.join("; ")),
    };
    let message = match &evidence.approximation {
        Some(asked) => {
            // It is the cause where permutations alone would have passed.
            let permuted = [evidence.rank, evidence.lead];
            let alone = permuted.iter().all(|half| half.is_some_and(|found| found.p <= alpha));
            measures.push(asked.independent_of(evidence.sample.ranked.len(), status == GateStatus::Pass || !alone));
            format!("{message}; {}", asked.described(evidence.sample.ranked.len()))
        }
        None => message,
    };
    GateReport::new(GateId::Transfer, status, message, measures).on(evidence)
}

/// Where the lead half fails and has every eligible candidate in it, says so: it can only be better than the draws by chance.
pub fn explain_lead(report: &mut GateReport, eligible: usize, lead_top: usize) {
    let Some(evidence) = report.evidence::<TransferEvidence>() else { return };
    if eligible == 0 || eligible > lead_top || evidence.lead().is_none_or(|lead| lead.p <= evidence.alpha) {
        return;
    }
    let wanted = lead_top as u64 + 1;
    report.message = format!(
        "{}; lead has all of the {eligible} eligible candidates in it, so nothing is left that they could lead: it takes more than \
         {lead_top}, which `gates.searched.min_distinct = {wanted}` asks for",
        report.message
    );
    report.measures.push(Measure::count("eligible candidates", eligible as u64, Op::AtLeast, wanted));
}

fn measure(sample: TransferSample, level: TransferLevel) -> TransferEvidence {
    let ranked: Vec<(f64, f64)> =
        sample.ranked.iter().map(|&(train, test)| (train, test.unwrap_or(f64::NAN))).collect();
    let (train, test): (Vec<f64>, Vec<f64>) = ranked.into_iter().unzip();
    let lead: Vec<f64> = sample.lead.iter().map(|test| test.unwrap_or(f64::NAN)).collect();
    let correlation = spearman(&train, &test);
    // Each half has a stream of its own, so that neither depends on how much the other draws.
    let stream = |half: u32| {
        let seed = [level.seed as u32, (level.seed >> 32) as u32, half];
        let mut generator = Generator::from_seed_words(&seed);
        move |last: usize| {
            let drawn = generator.integers(0, i64::try_from(last).unwrap_or(i64::MAX));
            usize::try_from(drawn).unwrap_or_default()
        }
    };
    let rank = rank_significance(&train, &test, level.permutations, &mut stream(1));
    let rank = rank.filter(|_| matches!(correlation, Correlation::Computed(_)));
    let significance = mean_significance(&lead, &sample.draws, level.permutations, &mut stream(2));
    let advantage = mean(&lead).zip(mean(&sample.draws)).map(|(lead, draws)| lead - draws);
    let advantage = advantage.filter(|_| significance.is_some());
    let approximation = approximate(&sample, level);
    TransferEvidence { alpha: level.alpha, correlation, rank, advantage, lead: significance, approximation, sample }
}

/// Why the rank half has no p-value, if it has none.
fn rank_obstacle(evidence: &TransferEvidence) -> Option<String> {
    let missing = evidence.sample.ranked.iter().filter(|(_, test)| !test.is_some_and(f64::is_finite)).count();
    match evidence.correlation {
        _ if missing > 0 => {
            Some(format!("{missing} of {} candidates have no test fitness", evidence.sample.ranked.len()))
        }
        Correlation::Computed(_) if evidence.rank().is_none() => Some(UNKNOWN.to_owned()),
        Correlation::Computed(_) => None,
        other => Some(format!("no correlation of {} candidates: {}", evidence.sample.ranked.len(), other.status())),
    }
}

/// Why the lead half has no p-value, if it has none.
fn lead_obstacle(evidence: &TransferEvidence) -> Option<String> {
    let TransferSample { lead, draws, .. } = &evidence.sample;
    let missing = lead.iter().filter(|test| !test.is_some_and(f64::is_finite)).count();
    match evidence.lead {
        Some(_) if evidence.lead().is_none() => Some(UNKNOWN.to_owned()),
        Some(_) => None,
        None if lead.is_empty() => Some("there is no eligible candidate".to_owned()),
        None if draws.is_empty() => Some("no fresh draw is feasible on train and has a test fitness".to_owned()),
        None => Some(format!("{missing} of the {} best candidates have no test fitness", lead.len())),
    }
}

/// What stands behind the p-value of a half.
fn behind(half: &str, evidence: &TransferEvidence) -> String {
    let TransferSample { ranked, lead, draws, .. } = &evidence.sample;
    let asked = evidence.approximation.as_ref();
    let (compared, permuted, drawn) = match half {
        "rank" => (
            format!("rho {}, n = {}", shown(evidence.correlation.value(), Digits::Fixed(3)), ranked.len()),
            evidence.rank,
            asked.map(|asked| asked.rank),
        ),
        _ => {
            let advantage = shown(evidence.advantage, Digits::General(4));
            let compared = format!("{advantage} above, n = {} + {}", lead.len(), draws.len());
            (compared, evidence.lead, asked.map(|asked| asked.lead))
        }
    };
    let p = |found: Option<Significance>| shown(found.map(|found| found.p), DIGITS);
    match drawn {
        Some(drawn) => format!("{compared}; permutations {}, surfaces {}", p(permuted), p(drawn)),
        None => compared,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEVEL: TransferLevel = TransferLevel { alpha: 0.05, permutations: 9_999, seed: 42 };

    fn sample(points: usize, test: impl Fn(f64) -> f64) -> TransferSample {
        let train: Vec<f64> = (0..points).rev().map(|point| point as f64).collect();
        TransferSample {
            ranked: train.iter().map(|&train| (train, Some(test(train)))).collect(),
            lead: train.iter().take(10).map(|&train| Some(test(train))).collect(),
            draws: (0..20).map(|draw| test(draw as f64 * (points as f64 - 1.0) / 19.0)).collect(),
            places: None,
        }
    }

    #[test]
    fn a_ranking_that_holds_passes_both_halves_and_a_reversed_one_fails_both() {
        let report = judge_transfer(sample(30, |train| 2.0 * train), LEVEL);
        assert!(report.message.starts_with("PASS: rank p=0.0001, lead p=0.000"), "{}", report.message);
        assert!(report.message.ends_with(", if candidates are independent"), "{}", report.message);
        let reversed = judge_transfer(sample(30, |train| -train), LEVEL);
        assert!(reversed.message.starts_with("FAIL: rank: p=1.0000>0.05; lead: p=0.99"), "{}", reversed.message);
    }

    #[test]
    fn leaked_candidates_fail_the_lead_although_everything_else_transfers() {
        let leaked = judge_transfer(sample(30, |train| if train >= 20.0 { -1.0 } else { train }), LEVEL);
        let evidence = leaked.evidence::<TransferEvidence>().unwrap();
        assert!(evidence.lead.is_some_and(|lead| lead.p > 0.05), "{leaked:?}");
    }

    #[test]
    fn too_few_points_for_significance_fail_and_say_so() {
        let three = judge_transfer(sample(3, |train| train), LEVEL);
        assert!(
            three
                .message
                .starts_with("FAIL: rank: significance is impossible, the smallest p of these 3 points is 0.1"),
            "{}",
            three.message
        );
    }

    #[test]
    fn a_lead_that_is_everything_there_is_says_so_where_it_fails() {
        let explained = |report: GateReport, eligible: usize| {
            let mut report = report;
            explain_lead(&mut report, eligible, 10);
            let failing = report.measures.iter().filter(|measure| !measure.ok).map(|measure| measure.metric.as_str());
            (report.message.clone(), GATE.cause(failing))
        };
        let noise = || judge_transfer(sample(10, |train| (train * 7.31).sin()), LEVEL);
        let (message, cause) = explained(noise(), 10);
        assert!(
            message.ends_with("it takes more than 10, which `gates.searched.min_distinct = 11` asks for"),
            "{message}"
        );
        assert!(cause.is_some_and(|cause| cause.starts_with("All eligible candidates")), "{cause:?}");
        assert_eq!(explained(noise(), 11).0, noise().message);
        let good = || judge_transfer(sample(30, |train| train), LEVEL);
        assert_eq!(explained(good(), 10).0, good().message);
    }

    #[test]
    fn what_has_no_test_fitness_fails_with_the_reason() {
        let mut missing = sample(30, |train| train);
        missing.ranked[0].1 = None;
        missing.lead[0] = Some(f64::NAN);
        missing.draws.clear();
        let report = judge_transfer(missing, LEVEL);
        assert_eq!(
            report.message,
            "FAIL: rank: 1 of 30 candidates have no test fitness; lead: no fresh draw is feasible on train and has a \
             test fitness"
        );
        let nothing = judge_transfer(TransferSample::default(), LEVEL);
        assert_eq!(
            nothing.message,
            "FAIL: rank: no correlation of 0 candidates: EMPTY; lead: there is no eligible candidate"
        );
        let flat = judge_transfer(sample(30, |_| 1.0), LEVEL);
        assert!(flat.message.contains("ZERO_VARIANCE_Y"), "{}", flat.message);
    }

    #[test]
    fn the_same_sample_and_seed_give_the_same_p_values() {
        let noisy = || sample(30, |train| (train * 7.31).sin());
        assert_eq!(judge_transfer(noisy(), LEVEL), judge_transfer(noisy(), LEVEL));
        assert_ne!(judge_transfer(noisy(), LEVEL), judge_transfer(noisy(), TransferLevel { seed: 43, ..LEVEL }));
    }
}
