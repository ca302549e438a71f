//! `margin`: the selected candidate itself has to be better, over the blocks of test, than the baseline and than the mean of
//! fresh draws.
//!
//! Each block of the test slice is one more try of the same parameters on data that chose nothing. The gate asks whether the
//! gain is above 0 over the blocks, by a one-sided paired t, and takes the larger p of two: over the baseline, or a bad
//! region that two slices share would make a winner of anything outside of it; over the mean of the fresh draws, or a bad
//! baseline would. It asks about the winner and not about the landscape, so that neighbours which are alike deceive it as
//! little as a lone peak does.
//!
//! It takes blocks for independent of each other and for not heavy-tailed. docs/verdict.md has the rates with their conditions.

use super::measure::shown;
use super::{Applies, Digits, Gate, GateId, GateReport, GateStatus, Measure, Required};
use crate::number::{Op, fixed, general};
use crate::stats::{Paired, paired, sums};

/// Of gains, in the unit of the fitness, and of p-values.
const DIGITS: Digits = Digits::General(4);

/// How many draws there are, where that is too few.
const DRAWS: &str = "fresh draws";

/// What is known of it.
pub(super) const GATE: Gate = Gate {
    id: "margin",
    peer_name: "MARGIN",
    asks: "Is the candidate that would ship better on test than the baseline, and better than fresh draws, by more than the \
           blocks of the slice vary? The gate takes blocks for independent of each other.",
    fails: "the gain of the selected candidate over the baseline, or over the mean of fresh draws, is not significant over \
            the blocks of test; where no blocks are declared there is no such gate",
    advice: "Read the gain with its interval. Where that reaches what train promised, nothing speaks against the winner but \
             too little data: take a longer test slice, or more blocks of it. Where it ends far below, the search learned \
             the train slice.",
    causes: &[
        ("blocks", "Not every evaluation that is compared has the fitness of the same blocks."),
        (
            DRAWS,
            "Too few draws could be made to say what chance finds: narrow the ranges, so that more of it is applicable and keeps the constraints.",
        ),
        ("gain on train", "Test leaves less room than train promised: what was gained there is the train slice's own."),
        (
            "",
            "Blocks vary more than the gain is large: it may be real, and it may be chance. More data or more blocks tell.",
        ),
    ],
    keys: &["gates.margin.alpha", "blocks"],
    at_the_end: true,
    applies: |asked| match asked.strictly_tested() {
        Applies::Yes | Applies::Skip(_) if asked.blocks.is_none() => Applies::No,
        other => other,
    },
};

/// The fitness that `margin` compares, block by block.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct MarginSample {
    /// Of the selected candidate, on test; empty if it has none.
    pub winner: Vec<f64>,
    /// Of the baseline, on test.
    pub baseline: Vec<f64>,
    /// Of each fresh draw, on test.
    pub draws: Vec<Vec<f64>>,
    /// How many of them were to be made.
    pub wanted: usize,
    /// What the selected candidate gains over the baseline on train.
    pub on_train: Option<Paired>,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct MarginEvidence {
    /// Largest p-value allowed.
    pub alpha: f64,
    /// How many fresh draws were compared.
    pub draws: usize,
    /// The gain over the baseline; absent if it could not be computed.
    pub over_baseline: Option<Paired>,
    /// The gain over the mean of the draws; absent if it could not be computed.
    pub over_draws: Option<Paired>,
    /// The gain over the baseline on train.
    pub on_train: Option<Paired>,
}

impl MarginEvidence {
    /// What comes of a sample.
    fn of(sample: &MarginSample, alpha: f64) -> Self {
        let alike = sample.draws.iter().all(|draw| draw.len() == sample.winner.len());
        let block = |place: usize| sums::plain(sample.draws.iter().map(|draw| draw[place])) / sample.draws.len() as f64;
        let mean =
            (alike && !sample.draws.is_empty()).then(|| (0..sample.winner.len()).map(block).collect::<Vec<f64>>());
        Self {
            alpha,
            draws: sample.draws.len(),
            over_baseline: paired(&sample.winner, &sample.baseline),
            over_draws: mean.and_then(|mean| paired(&sample.winner, &mean)),
            on_train: sample.on_train,
        }
    }

    /// The larger of both p-values; absent if one could not be computed.
    pub fn p(&self) -> Option<f64> {
        Some(self.over_baseline?.p.max(self.over_draws?.p))
    }
}

/// Judges the gain over the blocks of test at `alpha`.
pub fn judge_margin(sample: &MarginSample, alpha: f64) -> GateReport {
    let evidence = MarginEvidence::of(sample, alpha);
    let (Some(over_baseline), Some(over_draws)) = (evidence.over_baseline, evidence.over_draws) else {
        let obstacle = obstacle(sample);
        let blocks = Measure::count("blocks compared", 0, Op::Above, 0).noted(obstacle.clone());
        let message = format!("FAIL: the gain cannot be computed: {obstacle}");
        return GateReport::new(GateId::Margin, GateStatus::Fail, message, vec![blocks]).on(evidence);
    };
    let halves = [("over the baseline", over_baseline), ("over fresh draws", over_draws)];
    let holds = |gain: &Paired| gain.p <= alpha;
    let too_few = too_few_draws(evidence.draws, sample.wanted);
    let status = GateStatus::of(halves.iter().all(|(_, gain)| holds(gain)) && too_few.is_none());
    let interval =
        format!("{} to {} over {} blocks", number(over_baseline.low), number(over_baseline.high), over_baseline.count);
    let mut measures = vec![Measure::shown("gain", Some(over_baseline.mean), DIGITS).noted(interval.clone())];
    for (over, gain) in halves {
        let p = Measure::new(&format!("p {over}"), Some(gain.p), Op::AtMost, alpha, DIGITS, holds(&gain));
        measures.push(if over == halves[1].0 {
            p.noted(format!("gain {} over {} draws", number(gain.mean), evidence.draws))
        } else {
            p
        });
    }
    measures.extend(
        too_few
            .as_ref()
            .map(|_| Measure::count(DRAWS, evidence.draws as u64, Op::AtLeast, sample.wanted.div_ceil(2) as u64)),
    );
    measures.extend(on_train(&evidence, over_baseline, status));
    let said = halves.map(|(over, gain)| {
        let beyond = if holds(&gain) { String::new() } else { format!(">{}", general(alpha, 6)) };
        format!("p={}{beyond} {over}", fixed(gain.p, 4))
    });
    let message = format!("{status}: gain {} ({interval}), {}", number(over_baseline.mean), said.join(", "));
    let missed = halves.into_iter().find(|(_, gain)| !holds(gain));
    let message = missed.map_or(message.clone(), |(_, gain)| format!("{message}; {}", missing(&gain, alpha, "blocks")));
    let message = too_few.map_or(message.clone(), |too_few| format!("{message}; {too_few}"));
    GateReport::new(GateId::Margin, status, message, measures).on(evidence)
}

/// What to say of fewer than half of the draws that were to be made: what they have in common need not be what chance finds.
pub(super) fn too_few_draws(made: usize, wanted: usize) -> Option<String> {
    let needed = wanted.div_ceil(2);
    (made < needed).then(|| {
        format!(
            "{made} of {wanted} fresh draws are feasible on train and have a fitness on test, at least {needed} are needed: \
             where few draws go together or keep the constraints, narrow the ranges"
        )
    })
}

/// What so many blocks could have shown, and what would show a gain of this size.
pub(super) fn missing(gain: &Paired, alpha: f64, unit: &str) -> String {
    let count = gain.count;
    if gain.is_flat() && gain.mean > 0.0 && gain.p < 1.0 {
        let enough = (count..).find(|count| Paired::floor(*count) <= alpha).unwrap_or(count);
        return format!(
            "the gain is the same in all of them, and the p of {count} {unit} is {} at the least: {enough} would do",
            fixed(gain.p, 4)
        );
    }
    let visible = gain.visible(alpha);
    let shown = format!("{count} {unit} show gains above about {}", general(visible, 2));
    let times = (visible / gain.mean) * (visible / gain.mean);
    if gain.mean > 0.0 && times < 1e3 {
        return format!("{shown}, and about {:.0} such {unit} would show this one", (times * count as f64).ceil());
    }
    shown
}

/// The gain on train beside the interval on test, which it has to reach into where the gate fails: else what was searched
/// for was found on train alone.
fn on_train(evidence: &MarginEvidence, on_test: Paired, status: GateStatus) -> Option<Measure> {
    let train = evidence.on_train?;
    let shown = Measure::shown("gain on train", Some(train.mean), DIGITS);
    if status == GateStatus::Pass || train.mean <= on_test.high {
        return Some(shown);
    }
    let most = Required { op: Op::AtMost, bound: Some(on_test.high), of: "the most that test leaves".to_owned() };
    Some(Measure { required: Some(most), ok: false, ..shown })
}

/// Why there is no gain to judge.
fn obstacle(sample: &MarginSample) -> String {
    let MarginSample { winner, baseline, draws, .. } = sample;
    if winner.is_empty() {
        return "the selected candidate has no blocks on test".to_owned();
    }
    if baseline.len() != winner.len() {
        return "the baseline has no such blocks on test".to_owned();
    }
    if draws.is_empty() {
        return "no fresh draw is feasible on train and has blocks on test".to_owned();
    }
    "not every block is a finite number, or they are too large to be subtracted".to_owned()
}

fn number(value: f64) -> String {
    shown(Some(value), DIGITS)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOISE: [f64; 8] = [0.3, -0.5, 0.1, 0.6, -0.2, -0.4, 0.2, -0.1];

    fn sample(gain: f64, noise: f64, on_train: f64) -> MarginSample {
        let winner: Vec<f64> = NOISE.iter().map(|value| gain + noise * value).collect();
        let train: Vec<f64> = NOISE.iter().map(|value| on_train + noise * value).collect();
        MarginSample {
            winner,
            baseline: vec![0.0; 8],
            draws: vec![vec![0.0; 8]; 20],
            wanted: 20,
            on_train: paired(&train, &[0.0; 8]),
        }
    }

    #[test]
    fn a_gain_above_what_blocks_vary_by_passes_and_a_smaller_one_fails_with_its_size_and_what_would_show_it() {
        let report = judge_margin(&sample(1.0, 1.0, 2.0), 0.05);
        assert_eq!(
            (report.status, report.message.as_str()),
            (
                GateStatus::Pass,
                "PASS: gain 1 (0.6904 to 1.31 over 8 blocks), p=0.0001 over the baseline, p=0.0001 over fresh draws"
            )
        );
        let report = judge_margin(&sample(0.1, 1.0, 0.3), 0.05);
        assert_eq!(report.status, GateStatus::Fail);
        assert_eq!(
            report.message,
            "FAIL: gain 0.1 (-0.2096 to 0.4096 over 8 blocks), p=0.2350>0.05 over the baseline, p=0.2350>0.05 over fresh draws; 8 blocks show gains above about 0.25, and about 50 such blocks would show this one"
        );
    }

    #[test]
    fn a_failure_is_put_down_to_the_train_slice_only_where_the_interval_leaves_out_what_train_gained() {
        let cause = |on_train: f64| {
            let report = judge_margin(&sample(0.1, 1.0, on_train), 0.05);
            let failing: Vec<String> =
                report.measures.iter().filter(|measure| !measure.ok).map(|measure| measure.metric.clone()).collect();
            GATE.cause(failing.iter().map(String::as_str)).unwrap()
        };
        assert!(cause(0.4).contains("may be real") && cause(3.0).contains("train slice's own"));
    }

    #[test]
    fn a_winner_that_only_beats_a_bad_baseline_or_a_bad_region_fails() {
        let mut bad_baseline = sample(1.0, 1.0, 1.0);
        bad_baseline.draws = vec![vec![1.0; 8]; 20];
        assert!(judge_margin(&bad_baseline, 0.05).message.contains("0.05 over fresh draws"));
        let mut bad_region = sample(1.0, 1.0, 1.0);
        bad_region.baseline = vec![1.0; 8];
        assert!(judge_margin(&bad_region, 0.05).message.contains("0.05 over the baseline"));
    }

    #[test]
    fn equal_blocks_have_the_p_of_as_many_signs_and_a_level_below_that_names_the_number_that_would_do() {
        assert_eq!(
            judge_margin(&sample(1.0, 0.0, 1.0), 0.05).evidence::<MarginEvidence>().and_then(MarginEvidence::p),
            Some(1.0 / 256.0)
        );
        let report = judge_margin(&sample(1.0, 0.0, 1.0), 0.001);
        assert!(
            report.message.ends_with(
                "; the gain is the same in all of them, and the p of 8 blocks is 0.0039 at the least: 10 would do"
            ),
            "{}",
            report.message
        );
        assert_eq!(judge_margin(&sample(0.0, 0.0, 1.0), 0.05).status, GateStatus::Fail);
    }

    #[test]
    fn fewer_than_half_of_the_draws_fail_whatever_the_gain_and_with_a_cause_of_their_own() {
        let mut few = sample(1.0, 1.0, 2.0);
        few.draws.truncate(10);
        assert_eq!(judge_margin(&few, 0.05).status, GateStatus::Pass);
        few.draws.truncate(9);
        let report = judge_margin(&few, 0.05);
        assert_eq!(report.status, GateStatus::Fail);
        assert!(report.message.contains("; 9 of 20 fresh draws are feasible on train"), "{}", report.message);
        let failing = report.measures.iter().filter(|measure| !measure.ok).map(|measure| measure.metric.as_str());
        assert!(GATE.cause(failing).is_some_and(|cause| cause.contains("narrow the ranges")));
    }

    #[test]
    fn what_cannot_be_compared_fails_with_the_reason() {
        for (change, reason) in [
            ((|sample| sample.winner.clear()) as fn(&mut MarginSample), "the selected candidate has no blocks on test"),
            (|sample| sample.baseline.truncate(7), "the baseline has no such blocks on test"),
            (|sample| sample.draws.clear(), "no fresh draw is feasible on train and has blocks on test"),
            (
                |sample| sample.winner[3] = f64::NAN,
                "not every block is a finite number, or they are too large to be subtracted",
            ),
        ] {
            let mut sample = sample(1.0, 1.0, 1.0);
            change(&mut sample);
            let report = judge_margin(&sample, 0.05);
            assert_eq!(report.message, format!("FAIL: the gain cannot be computed: {reason}"));
        }
    }
}
