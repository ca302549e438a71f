//! `slices`: slices that should differ have to be different data.
//!
//! A winner that is tested on the data it was searched on passes whatever is asked of it. Two things tell: what the targets
//! say of their data, and figures that are alike bit for bit. The one shot at the holdout is a single figure, so of the
//! holdout only its identity tells.

use std::collections::BTreeSet;

use super::{Applies, Digits, Gate, GateId, GateReport, GateStatus, Measure, Reading};
use crate::number::Op;
use crate::objective::Role;

/// What is known of it.
pub(super) const GATE: Gate = Gate {
    id: "slices",
    peer_name: "SLICES",
    asks: "Is what the winner is judged on other data than what it was searched on?",
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

/// Judges what the targets say of their data, and the fitness of the same parameters on train and on test; absent where
/// that evaluation failed.
pub fn judge_slices(identities: &[(Role, String)], on_both: &[(f64, Option<f64>)]) -> GateReport {
    let of = |role: Role| identities.iter().find(|(known, _)| *known == role).map(|(_, identity)| identity.as_str());
    let same = PAIRS.iter().filter_map(|&(left, right)| {
        let named = of(left).filter(|identity| !identity.is_empty() && of(right) == Some(identity));
        Some((left, right, named?))
    });
    let same: Vec<(Role, Role, &str)> = same.collect();
    let mut failures: Vec<String> = same
        .iter()
        .map(|(left, right, named)| format!("{left} and {right} have one identity, `{}`", named.escape_debug()))
        .collect();

    let is_alike = |&&(train, test): &&(f64, Option<f64>)| test.is_some_and(|test| test.to_bits() == train.to_bits());
    let alike = on_both.iter().filter(is_alike).count();
    let finite = on_both.iter().map(|(train, _)| train).filter(|train| train.is_finite());
    let distinct = finite.map(|train| train.to_bits()).collect::<BTreeSet<u64>>().len();
    let all_alike = distinct >= ENOUGH && alike == on_both.len();
    if all_alike {
        failures
            .push(format!("all {alike} figures on train and test are alike bit for bit, {distinct} of them distinct"));
    }

    let mut measures = vec![Measure::count("slices of one identity", same.len() as u64, Op::Equal, 0)];
    measures.extend(same.iter().map(|(left, right, named)| {
        let measured = Some(Reading::Word(named.escape_debug().to_string()));
        let shown = Measure::shown(&format!("identity of {left} and {right}"), None, Digits::Fixed(0));
        Measure { measured, ok: false, ..shown }
    }));
    if !on_both.is_empty() {
        let (name, measured) = ("figures alike on train and test", Some(alike as f64));
        measures.push(match distinct >= ENOUGH {
            true => Measure::new(name, measured, Op::Below, on_both.len() as f64, Digits::Fixed(0), !all_alike),
            false => Measure::shown(name, measured, Digits::Fixed(0)).noted(format!("of {}", on_both.len())),
        });
    }
    let status = GateStatus::of(failures.is_empty());
    let unnamed: Vec<&str> =
        identities.iter().filter(|(_, identity)| identity.is_empty()).map(|(role, _)| role.name()).collect();
    let message = match (status, unnamed.as_slice()) {
        (GateStatus::Pass, []) => format!("PASS: {} identities, none of them twice", identities.len()),
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
}
