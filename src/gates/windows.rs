//! `windows`: what the search finds window after window has to be better, on the data that follows, than the baseline and
//! than the mean of fresh draws.
//!
//! Each window is searched on its own train part, and its winner is tested on a test part that no other window has. What is
//! tested so is the procedure: search like this, ship what wins. Of each window the smaller of two gains counts, over the
//! baseline and over the mean of its fresh draws, so that neither a bad baseline nor a bad region makes a winner. A one-sided
//! t asks whether it is above 0 over all blocks of all windows, or over the windows where no blocks are declared.
//!
//! The blocks of a window share its winner and its weather. Where windows vary more than their blocks explain, a test over blocks
//! alone is too bold (docs/verdict.md says how much), so with blocks the larger p counts of that over all blocks and of that over
//! the gains of the windows.

use super::margin::{missing, too_few_draws};
use super::measure::shown;
use super::{Applies, Digits, Gate, GateId, GateReport, GateStatus, Measure, WindowsRule};
use crate::number::{Op, fixed, general};
use crate::stats::{Paired, exact_mean, paired, sums};

/// Of gains, in the unit of the fitness, and of p-values.
const DIGITS: Digits = Digits::General(4);

/// What is known of it.
pub(super) const GATE: Gate = Gate {
    id: "windows",
    peer_name: "WINDOWS",
    asks: "When one window is searched after the other, is what is found better in the data that follows than the baseline, and than \
           fresh draws? The gate judges the procedure, and takes the blocks of all windows for independent of each other.",
    fails: "the gains of the windows' winners over the baseline, or over the mean of fresh draws, are not significant over the \
            blocks of all windows; without windows there is no such gate",
    advice: "Read the gain of each window. Where most are above 0, longer test parts or more windows tell whether that is \
             chance. Where they change their sign, and the winners' parameters wander, what was searched for does not last.",
    causes: &[
        ("windows", "A window has nothing that could be compared, or there are too few of them."),
        (
            "",
            "The gains of the windows vary more than they are large: what wins in one window may not win in the data that follows.",
        ),
    ],
    keys: &["gates.windows.alpha", "gates.windows.min", "blocks"],
    at_the_end: true,
    applies: |asked| match (asked.windows, asked.strictly()) {
        (Some(_), Applies::Yes) => Applies::Yes,
        _ => Applies::No,
    },
};

/// One evaluation on the test part of a window.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct OnWindow {
    /// Fitness of the whole part.
    pub fitness: f64,
    /// The fitness of each of its blocks; empty where none are declared.
    pub blocks: Vec<f64>,
}

/// What one window's test part said.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct WindowSample {
    /// The winner; absent if there is none, or if its evaluation failed.
    pub winner: Option<OnWindow>,
    /// The baseline.
    pub baseline: Option<OnWindow>,
    /// Each fresh draw.
    pub draws: Vec<OnWindow>,
    /// How many were to be made.
    pub wanted: usize,
}

/// What one window gained.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct WindowGain {
    /// Mean gain of the winner over the baseline: over the blocks of the window, or of the whole part.
    pub over_baseline: f64,
    /// The same over the mean of the fresh draws.
    pub over_draws: f64,
    /// How many draws there were.
    pub draws: usize,
}

impl WindowGain {
    /// The smaller of the two, which counts.
    pub fn counts(&self) -> f64 {
        self.over_baseline.min(self.over_draws)
    }
}

/// What came of it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct WindowsEvidence {
    /// Largest p-value allowed.
    pub alpha: f64,
    /// The gain of each window, in order; absent where it could not be computed.
    pub windows: Vec<Option<WindowGain>>,
    /// All gains together; absent if those of a window could not be computed.
    pub over_all: Option<Paired>,
    /// The gains of the windows alone, where blocks are counted; absent also where all windows gain the same, and so vary by
    /// nothing that their blocks do not tell.
    pub over_windows: Option<Paired>,
}

impl WindowsEvidence {
    /// The larger p-value of both; absent if it could not be computed.
    pub fn p(&self) -> Option<f64> {
        Some(self.over_all?.p.max(self.over_windows.map_or(0.0, |windows| windows.p)))
    }
}

/// The winner of a window beside what it is held against, block by block.
struct Held {
    winner: Vec<f64>,
    /// The baseline, or the mean of the draws, whichever leaves the smaller gain.
    against: Vec<f64>,
    gain: WindowGain,
}

impl Held {
    /// Why there is nothing to compare, if there is not.
    fn of(sample: &WindowSample, blocks: bool) -> Result<Self, String> {
        let values = |seen: &OnWindow| if blocks { seen.blocks.clone() } else { vec![seen.fitness] };
        let winner = values(sample.winner.as_ref().ok_or("its winner has no fitness on test")?);
        let baseline = values(sample.baseline.as_ref().ok_or("its baseline has no fitness on test")?);
        if sample.draws.is_empty() {
            return Err("no fresh draw is feasible on train and has a fitness on test".to_owned());
        }
        if let Some(too_few) = too_few_draws(sample.draws.len(), sample.wanted) {
            return Err(too_few);
        }
        let draws: Vec<Vec<f64>> = sample.draws.iter().map(values).collect();
        let alike = |other: &Vec<f64>| other.len() == winner.len() && !other.is_empty();
        if !alike(&baseline) || !draws.iter().all(alike) {
            return Err("not every evaluation on test has the same blocks".to_owned());
        }
        let mean = |place: usize| sums::plain(draws.iter().map(|draw| draw[place])) / draws.len() as f64;
        let mean: Vec<f64> = (0..winner.len()).map(mean).collect();
        let over = |lower: &[f64]| {
            let gains: Vec<f64> = winner.iter().zip(lower).map(|(upper, lower)| upper - lower).collect();
            exact_mean(&gains).filter(|mean| mean.is_finite())
        };
        let (Some(over_baseline), Some(over_draws)) = (over(&baseline), over(&mean)) else {
            let reason = "not every fitness on test is a finite number, or they are too large to be subtracted";
            return Err(reason.to_owned());
        };
        let against = if over_baseline <= over_draws { baseline } else { mean };
        Ok(Self { winner, against, gain: WindowGain { over_baseline, over_draws, draws: draws.len() } })
    }
}

/// Judges the gains of all windows. `blocks` is how many are declared, by which a window counts as so many gains.
pub fn judge_windows(samples: &[WindowSample], blocks: Option<u64>, rule: &WindowsRule) -> GateReport {
    let held: Vec<Result<Held, String>> = samples.iter().map(|sample| Held::of(sample, blocks.is_some())).collect();
    let windows: Vec<Option<WindowGain>> = held.iter().map(|held| held.as_ref().ok().map(|held| held.gain)).collect();
    let count = samples.len() as u64;
    let enough = Measure::count("windows", count, Op::AtLeast, rule.min);
    let broken = held.iter().zip(1..).find_map(|(held, number)| Some((number, held.as_ref().err()?)));
    let all = |of: fn(&Held) -> &[f64]| held.iter().flatten().flat_map(of).copied().collect::<Vec<f64>>();
    let over_all = paired(&all(|held| &held.winner), &all(|held| &held.against)).filter(|_| broken.is_none());
    let counted: Vec<f64> = windows.iter().flatten().map(WindowGain::counts).collect();
    let over_windows = paired(&counted, &vec![0.0; counted.len()]).filter(|gain| blocks.is_some() && !gain.is_flat());
    let evidence = WindowsEvidence { alpha: rule.alpha, windows, over_all, over_windows };
    let (Some(gain), Some(p)) = (over_all, evidence.p()) else {
        let obstacle = broken.map_or_else(
            || "one gain alone shows nothing of what windows vary by".to_owned(),
            |(number, why)| format!("window {number}: {why}"),
        );
        let message = format!("FAIL: the gains cannot be computed: {obstacle}");
        let compared = held.iter().flatten().count() as u64;
        let measures = vec![Measure::count("windows compared", compared, Op::Equal, count).noted(obstacle), enough];
        return GateReport::new(GateId::Windows, GateStatus::Fail, message, measures).on(evidence);
    };
    let holds = p <= rule.alpha;
    let status = GateStatus::of(holds && enough.ok);
    let (unit, independent, over) = match blocks {
        Some(_) => ("blocks", "blocks and windows", format!("{} blocks of {count} windows", gain.count)),
        None => ("windows", "windows", format!("{count} windows")),
    };
    let interval = format!("{} to {} over {over}", number(gain.low), number(gain.high));
    let of = over_windows.map_or_else(String::new, |windows| {
        format!("over blocks {}, over windows {}", number(gain.p), number(windows.p))
    });
    let measured = Measure::new("p", Some(p), Op::AtMost, rule.alpha, DIGITS, holds).noted(of);
    let mut measures = vec![Measure::shown("gain", Some(gain.mean), DIGITS).noted(interval.clone()), measured];
    let each = evidence.windows.iter().zip(1..).filter_map(|(window, number)| Some((number, window.as_ref()?)));
    measures.extend(each.map(|(place, window)| {
        let note =
            format!("over the baseline {}, over draws {}", number(window.over_baseline), number(window.over_draws));
        Measure::shown(&format!("gain of window {place}"), Some(window.counts()), DIGITS).noted(note)
    }));
    let few = !enough.ok;
    measures.extend(few.then_some(enough));
    let beyond = if holds { String::new() } else { format!(">{}", general(rule.alpha, 6)) };
    let beside = match (holds, few) {
        (false, _) => match over_windows.filter(|_| gain.p <= rule.alpha) {
            Some(windows) => missing(&windows, rule.alpha, "windows"),
            None => missing(&gain, rule.alpha, unit),
        },
        (true, true) => format!("{count} windows are fewer than {}", rule.min),
        (true, false) => format!("the procedure generalises, if {independent} are independent of each other"),
    };
    let found = format!("gain {} ({interval}), p={}{beyond}", number(gain.mean), fixed(p, 4));
    let message = format!("{status}: {found}; {beside}");
    GateReport::new(GateId::Windows, status, message, measures).on(evidence)
}

fn number(value: f64) -> String {
    shown(Some(value), DIGITS)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOISE: [f64; 5] = [0.3, -0.5, 0.1, 0.4, -0.3];

    fn seen(level: f64, noise: f64) -> OnWindow {
        OnWindow { fitness: level, blocks: NOISE.iter().map(|value| level + noise * value).collect() }
    }

    fn window(winner: f64, baseline: f64, draws: f64) -> WindowSample {
        WindowSample {
            winner: Some(seen(winner, 1.0)),
            baseline: Some(seen(baseline, 0.0)),
            draws: vec![seen(draws, 0.0); 20],
            wanted: 20,
        }
    }

    fn judge(samples: &[WindowSample], blocks: bool) -> GateReport {
        judge_windows(samples, blocks.then_some(5), &WindowsRule::default())
    }

    #[test]
    fn gains_of_all_windows_together_are_judged_and_a_passing_one_speaks_of_the_procedure() {
        let samples = [1.0, 0.5, 0.8, 0.9].map(|gain| window(gain, 0.0, 0.0));
        let report = judge(&samples, true);
        assert_eq!(
            (report.status, report.message.as_str()),
            (
                GateStatus::Pass,
                "PASS: gain 0.8 (0.611 to 0.989 over 20 blocks of 4 windows), p=0.0025; the procedure generalises, if blocks and windows are independent of each other"
            )
        );
        let report = judge(&samples, false);
        assert_eq!(
            (report.status, report.message.as_str()),
            (
                GateStatus::Pass,
                "PASS: gain 0.8 (0.4563 to 1.144 over 4 windows), p=0.0025; the procedure generalises, if windows are independent of each other"
            )
        );
        let chance = [0.3, -0.2, 0.4, -0.1].map(|gain| window(gain, 0.0, 0.0));
        let report = judge(&chance, false);
        assert_eq!(report.status, GateStatus::Fail);
        assert!(report.message.contains("p=0.2728>0.05; 4 windows show gains above about"), "{}", report.message);
    }

    #[test]
    fn of_each_window_the_smaller_gain_counts() {
        let bad_baseline = [(); 4].map(|()| window(1.0, -9.0, 1.0));
        let bad_region = [(); 4].map(|()| window(1.0, 1.0, -9.0));
        for samples in [&bad_baseline, &bad_region] {
            for blocks in [true, false] {
                assert_eq!(judge(samples, blocks).status, GateStatus::Fail);
            }
        }
        // Each window by its own: half of them have a bad baseline, half a bad region.
        let both = [&bad_baseline[..2], &bad_region[..2]].concat();
        assert_eq!(judge(&both, true).status, GateStatus::Fail);
    }

    #[test]
    fn a_window_that_cannot_be_compared_fails_by_its_number_and_too_few_windows_fail_whatever_they_gain() {
        for (change, reason) in [
            ((|window| window.winner = None) as fn(&mut WindowSample), "window 3: its winner has no fitness on test"),
            (|window| window.baseline = None, "window 3: its baseline has no fitness on test"),
            (|window| window.draws.clear(), "window 3: no fresh draw is feasible on train and has a fitness on test"),
            (
                |window| window.draws.truncate(9),
                "window 3: 9 of 20 fresh draws are feasible on train and have a fitness on test, at least 10 are needed: where \
                 few draws go together or keep the constraints, narrow the ranges",
            ),
            (|window| window.draws[4].blocks.truncate(4), "window 3: not every evaluation on test has the same blocks"),
            (
                |window| window.draws[4].blocks[0] = f64::NAN,
                "window 3: not every fitness on test is a finite number, or they are too large to be subtracted",
            ),
        ] {
            let mut samples = [(); 4].map(|()| window(1.0, 0.0, 0.0));
            change(&mut samples[2]);
            let report = judge(&samples, true);
            assert_eq!(report.message, format!("FAIL: the gains cannot be computed: {reason}"));
            assert_eq!(report.status, GateStatus::Fail);
        }
        let few = [(); 3].map(|()| window(1.0, 0.0, 0.0));
        let report = judge(&few, true);
        assert!(report.status == GateStatus::Fail && report.message.ends_with("; 3 windows are fewer than 4"));
        assert_eq!(judge(&few[..1], false).status, GateStatus::Fail);
        assert_eq!(judge(&[], true).status, GateStatus::Fail);
    }
}
