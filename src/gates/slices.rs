//! `slices`: slices that should differ have to be different data.
//!
//! A winner that is tested on the data it was searched on passes whatever is asked of it. Two things tell: what the targets
//! say of their data, and figures that are alike bit for bit. The one shot at the holdout is a single figure, so of the
//! holdout only its identity tells.

use std::collections::BTreeSet;

use super::{Applies, Digits, Gate, GateId, GateReport, GateStatus, Measure, Reading};
use crate::number::Op;
use crate::objective::{Params, Role, WindowData};

/// What is known of it.
pub(super) const GATE: Gate = Gate {
    id: "slices",
    peer_name: "SLICES",
    asks: "Is the winner judged on other data than it was searched on?",
    fails: "two slices that should differ have one identity, or all their figures are alike bit for bit",
    advice: "Look at the factories of the calibration: each slice loads data of its own, and `identity` says which data \
             and which part of it. An empty identity says nothing, so only the figures can tell.",
    causes: &[
        ("identity", "Two slices are one set of data, so what was found is judged on what it was found on."),
        ("", "Train and test say the same of every candidate: the test target has the data of train."),
    ],
    keys: &[],
    at_the_end: false,
    applies: |asked| {
        let second = (asked.serves)(Role::Test) || (asked.serves)(Role::Holdout);
        match asked.strictly() {
            Applies::Yes => Applies::unless(second, "no test and no holdout target is declared"),
            other => other,
        }
    },
};

/// The slices that have to differ.
const PAIRS: [(Role, Role); 4] = [
    (Role::Train, Role::Test),
    (Role::Train, Role::Holdout),
    (Role::Test, Role::Holdout),
    (Role::Validation, Role::Holdout),
];

/// So many distinct figures are not alike by chance, however coarse a fitness is.
const ENOUGH: usize = 10;

/// Of two windows. They share few figures: those of the baseline, and of what both search finds; all of these are alike where the
/// test parts are one.
const OF_WINDOWS: usize = 2;

/// Two slices that have one identity, and which.
type Twice = (String, String, String);

/// Figures of two slices.
struct Alike {
    /// What the two are.
    of: String,
    alike: usize,
    all: usize,
    distinct: usize,
    /// So many distinct ones tell.
    enough: usize,
}

impl Alike {
    fn of(of: &str, pairs: impl Iterator<Item = (f64, Option<f64>)>, enough: usize) -> Self {
        let mut found = Self { of: of.to_owned(), alike: 0, all: 0, distinct: 0, enough };
        let mut distinct = BTreeSet::new();
        for (one, other) in pairs {
            found.all += 1;
            found.alike += usize::from(other.is_some_and(|other| other.to_bits() == one.to_bits()));
            distinct.extend(one.is_finite().then(|| one.to_bits()));
        }
        found.distinct = distinct.len();
        found
    }

    /// Whether there are enough of them to tell.
    fn tell(&self) -> bool {
        self.distinct >= self.enough
    }

    fn fail(&self) -> bool {
        self.tell() && self.alike == self.all
    }

    fn measure(&self) -> Measure {
        let (name, measured) = (format!("figures alike on {}", self.of), Some(self.alike as f64));
        match self.tell() {
            true => Measure::new(&name, measured, Op::Below, self.all as f64, Digits::Fixed(0), !self.fail()),
            false => Measure::shown(&name, measured, Digits::Fixed(0)).noted(format!("of {}", self.all)),
        }
    }
}

/// Judges what the targets say of their data, and the fitness of the same parameters on train and on test; absent where
/// that evaluation failed.
pub fn judge_slices(identities: &[(Role, String)], on_both: &[(f64, Option<f64>)]) -> GateReport {
    let of = |role: Role| identities.iter().find(|(known, _)| *known == role).map(|(_, identity)| identity.as_str());
    let same = PAIRS.iter().filter_map(|&(left, right)| twice((left.name(), of(left)), (right.name(), of(right))));
    let alike = Alike::of("train and test", on_both.iter().copied(), ENOUGH);
    let shown = (!on_both.is_empty()).then_some(alike);
    let unnamed = identities.iter().filter(|(_, identity)| identity.is_empty()).map(|(role, _)| role.name().to_owned());
    judge(&same.collect::<Vec<_>>(), shown.as_slice(), identities.len(), &unnamed.collect::<Vec<_>>())
}

/// What was seen of one window.
#[derive(Debug, Clone, Default)]
pub struct WindowFigures {
    /// The fitness of the same parameters on train and on test; absent where that evaluation failed.
    pub on_both: Vec<(f64, Option<f64>)>,
    /// Every figure of an evaluation on test, by its parameters.
    pub on_test: Vec<(Params, Vec<f64>)>,
}

impl WindowFigures {
    /// What both windows saw of the same parameters on test.
    fn beside<'f>(&'f self, other: &'f Self) -> impl Iterator<Item = (f64, Option<f64>)> + 'f {
        let shared = self.on_test.iter().filter_map(|(params, figures)| {
            let (_, beside) = other.on_test.iter().find(|(known, _)| known == params)?;
            Some(figures.iter().zip(beside))
        });
        shared.flatten().map(|(one, other)| (*one, Some(*other)))
    }
}

/// Judges the slices of all windows: train and test of each, the test parts among each other, and the holdout against all.
/// `others` are the slices that belong to no window.
pub fn judge_slices_of_windows(
    data: &[WindowData],
    others: &[(Role, String)],
    figures: &[WindowFigures],
) -> GateReport {
    let named = |role: Role, number: usize| format!("{role} of window {number}");
    let mut parts = Vec::new();
    for (window, number) in data.iter().zip(1..) {
        parts.push((Role::Train, number, window.train.as_str()));
        parts.push((Role::Test, number, window.test.as_str()));
    }
    parts.extend(others.iter().map(|(role, identity)| (*role, 0, identity.as_str())));
    let mut same: Vec<Twice> = Vec::new();
    for (place, &(left, window, identity)) in parts.iter().enumerate() {
        for &(right, other, beside) in &parts[place + 1..] {
            let differ = match (window, other) {
                (0, _) | (_, 0) => PAIRS.contains(&(left, right)) || PAIRS.contains(&(right, left)),
                // A later window may search what an earlier one was tested on.
                _ => window == other || (left, right) == (Role::Test, Role::Test),
            };
            let name = |role: Role, window| if window == 0 { role.name().to_owned() } else { named(role, window) };
            let (left, right) = (name(left, window), name(right, other));
            same.extend(differ.then(|| twice((&left, Some(identity)), (&right, Some(beside)))).flatten());
        }
    }
    // There are many pairs: those alone are shown that are one.
    let mut alike: Vec<Alike> = Vec::new();
    for (place, window) in figures.iter().enumerate() {
        let number = place + 1;
        let own = Alike::of(&format!("train and test of window {number}"), window.on_both.iter().copied(), ENOUGH);
        alike.extend(own.fail().then_some(own));
        for (other, later) in (number + 1..).zip(&figures[number..]) {
            let between = Alike::of(&format!("test of windows {number} and {other}"), window.beside(later), OF_WINDOWS);
            alike.extend(between.fail().then_some(between));
        }
    }
    let unnamed = parts.iter().filter(|(.., identity)| identity.is_empty()).map(|(role, ..)| role.name().to_owned());
    let mut unnamed: Vec<String> = unnamed.collect();
    unnamed.sort();
    unnamed.dedup();
    judge(&same, &alike, parts.len(), &unnamed)
}

fn twice(left: (&str, Option<&str>), right: (&str, Option<&str>)) -> Option<Twice> {
    let identity = left.1.filter(|identity| !identity.is_empty() && right.1 == Some(identity))?;
    Some((left.0.to_owned(), right.0.to_owned(), identity.to_owned()))
}

fn judge(same: &[Twice], alike: &[Alike], identities: usize, unnamed: &[String]) -> GateReport {
    let one =
        |(left, right, named): &Twice| format!("{left} and {right} have one identity, `{}`", named.escape_debug());
    let mut failures: Vec<String> = same.iter().map(one).collect();
    failures.extend(alike.iter().filter(|figures| figures.fail()).map(|figures| {
        let Alike { of, alike, distinct, .. } = figures;
        format!("all {alike} figures on {of} are alike bit for bit, {distinct} of them distinct")
    }));

    let mut measures = vec![Measure::count("slices of one identity", same.len() as u64, Op::Equal, 0)];
    measures.extend(same.iter().map(|(left, right, named)| {
        let measured = Some(Reading::Word(named.escape_debug().to_string()));
        let shown = Measure::shown(&format!("identity of {left} and {right}"), None, Digits::Fixed(0));
        Measure { measured, ok: false, ..shown }
    }));
    measures.extend(alike.iter().map(Alike::measure));
    let status = GateStatus::of(failures.is_empty());
    let message = match (status, unnamed) {
        (GateStatus::Pass, []) => format!("PASS: {identities} identities, none of them twice"),
        (GateStatus::Pass, unnamed) => format!("PASS: the data of {} has no identity", unnamed.join(", ")),
        _ => format!("FAIL: {}", failures.join("; ")),
    };
    GateReport::new(GateId::Slices, status, message, measures)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Role::{Holdout, Test, Train, Validation};

    fn identities(named: &[(Role, &str)]) -> Vec<(Role, String)> {
        named.iter().map(|(role, identity)| (*role, (*identity).to_owned())).collect()
    }

    #[test]
    fn slices_of_one_identity_fail_by_name_and_an_empty_one_equals_nothing() {
        let judge = |named: &[(Role, &str)]| judge_slices(&identities(named), &[]);
        assert_eq!(judge(&[(Train, "a"), (Test, "b"), (Holdout, "c")]).status, GateStatus::Pass);
        assert_eq!(judge(&[(Train, ""), (Test, ""), (Holdout, "")]).status, GateStatus::Pass);
        assert_eq!(judge(&[(Train, ""), (Test, "b")]).message, "PASS: the data of train has no identity");
        for (left, right) in PAIRS {
            let report = judge(&[(left, "prices"), (right, "prices")]);
            let expected = format!("FAIL: {left} and {right} have one identity, `prices`");
            assert_eq!((report.status, report.message), (GateStatus::Fail, expected));
        }
        // A costly judge may look at the very data that was searched, or that the winner is tested on.
        assert_eq!(judge(&[(Train, "a"), (Test, "b"), (Validation, "a")]).status, GateStatus::Pass);
        assert_eq!(judge(&[(Train, "a"), (Test, "b"), (Validation, "b")]).status, GateStatus::Pass);
    }

    #[test]
    fn figures_alike_bit_for_bit_fail_only_if_all_of_ten_distinct_ones_are() {
        let judge = |figures: Vec<(f64, Option<f64>)>| judge_slices(&[], &figures).status;
        let alike = |count: u32| (0..count).map(|at| (f64::from(at), Some(f64::from(at)))).collect::<Vec<_>>();
        assert_eq!(judge(alike(10)), GateStatus::Fail);
        assert_eq!(judge(alike(9)), GateStatus::Pass);
        // The same figure over and over says nothing: a coarse fitness has few.
        assert_eq!(judge(vec![(0.5, Some(0.5)); 30]), GateStatus::Pass);
        let one_differs = [alike(10), vec![(1.0, Some(1.0 + f64::EPSILON))]].concat();
        assert_eq!(judge(one_differs), GateStatus::Pass);
        assert_eq!(judge([alike(10), vec![(1.0, None)]].concat()), GateStatus::Pass);
        let nan = vec![(f64::NAN, Some(f64::NAN)); 30];
        assert_eq!(judge(nan), GateStatus::Pass);
    }

    #[test]
    fn windows_may_search_what_an_earlier_one_was_tested_on_and_nothing_else_twice() {
        let window = |train: &str, test: &str| WindowData { train: train.to_owned(), test: test.to_owned() };
        let judge = |data: &[WindowData], others: &[(Role, &str)]| {
            judge_slices_of_windows(data, &identities(others), &[]).message
        };
        let growing = [window("a", "b"), window("b", "c"), window("c", "d")];
        assert_eq!(judge(&growing, &[(Holdout, "e")]), "PASS: 7 identities, none of them twice");
        for (holdout, of) in [("a", "train of window 1"), ("d", "test of window 3")] {
            let expected = format!("FAIL: {of} and holdout have one identity, `{holdout}`");
            assert_eq!(judge(&growing, &[(Holdout, holdout)]), expected);
        }
        let own = judge(&[window("a", "a"), window("b", "c")], &[]);
        assert_eq!(own, "FAIL: train of window 1 and test of window 1 have one identity, `a`");
        let tests = judge(&[window("a", "c"), window("b", "c")], &[]);
        assert_eq!(tests, "FAIL: test of window 1 and test of window 2 have one identity, `c`");
        assert_eq!(judge(&[window("", ""), window("", "")], &[]), "PASS: the data of test, train has no identity");
    }

    #[test]
    fn windows_whose_test_parts_say_the_same_of_the_same_parameters_fail() {
        let figures = |shift: f64| WindowFigures {
            on_both: Vec::new(),
            on_test: vec![(Params::new([("x", 0.0)]), vec![shift, shift + 1.0])],
        };
        let judge = |all: &[WindowFigures]| judge_slices_of_windows(&[], &[], all);
        assert_eq!(judge(&[figures(0.0), figures(1.0), figures(0.5)]).status, GateStatus::Pass);
        let same = judge(&[figures(0.0), figures(1.0), figures(0.0)]).message;
        assert_eq!(same, "FAIL: all 2 figures on test of windows 1 and 3 are alike bit for bit, 2 of them distinct");
        let mut other = figures(0.0);
        other.on_test.iter_mut().for_each(|(params, _)| *params = Params::new([("x", 99.0)]));
        assert_eq!(judge(&[figures(0.0), other]).status, GateStatus::Pass, "nothing to compare");
    }
}
