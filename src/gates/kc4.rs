//! KC-4: what ranks high on train must rank high on test, and act about as often.

use super::{Decides, Digits, Gate, GateId, GateReport, GateStatus, Measure, Reading, Thresholds};
use crate::number::{Op, fixed, general, repr};
use crate::stats::{Correlation, pearson, pearson_exact};

/// What is known of it.
pub(super) const GATE: Gate = Gate {
    id: "kc4",
    peer_name: "KC-4",
    asks: "Does what ranks high on train rank high on test, and does it act about as often there?",
    fails: "what ranks high on train does not rank high on test (shown only, under `strict`), or acts far less \
            often there",
    advice: "The search has fitted the train slice. Take more or other train data, fewer parameters, a coarser \
             search. Where only the ratio fails and the slices differ in length, declare \
             `walk_forward.trade_ratio_scale`. Lowering the threshold after having seen the result is what this tool \
             exists to show.",
    causes: &[
        ("pearson", "The candidates rank differently on the test slice: likely overfit."),
        (
            "trade_ratio",
            "The winner has fewer samples on test than on train. If the test slice is shorter, declare how much with \
         `walk_forward.trade_ratio_scale` (test length over train length); else it acts less often on unseen data.",
        ),
    ],
    keys: &["gates.pearson_min", "gates.trade_ratio_min", "gates.pearson", "walk_forward"],
    at_the_end: false,
    applies: |asked| asked.tested(),
};

/// How well the best candidates on train do on test.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Transfer {
    /// Correlation of train and test fitness.
    pub correlation: Correlation,
    /// Whether it suffices.
    pub correlation_ok: bool,
    /// Ratio of test to train sample counts, scaled.
    pub trade_ratio: f64,
    /// Whether it suffices, or is not asked for.
    pub sample_ratio_ok: bool,
    /// How many candidates were compared.
    pub n_points: usize,
}

impl Transfer {
    /// The correlation as a number: 0 if it could not be computed, NaN if it is not finite.
    pub fn pearson(&self) -> f64 {
        number(&self.correlation)
    }
}

/// Judges train against test fitness, candidate by candidate, and the ratio of their sample counts.
pub fn judge_kc4(train: &[f64], test: &[f64], trade_ratio: f64, thresholds: &Thresholds) -> GateReport {
    judge_correlation(pearson(train, test), train.len(), trade_ratio, thresholds)
}

/// Judges as the strict profile does: over finite values and exactly constant series, and unless it is `required` the
/// correlation is shown and only the ratio decides.
pub fn judge_kc4_strict(
    train: &[f64],
    test: &[f64],
    trade_ratio: f64,
    thresholds: &Thresholds,
    role: Decides,
) -> GateReport {
    let report = judge_correlation(pearson_exact(train, test), train.len(), trade_ratio, thresholds);
    let Some(transfer) = report.evidence::<Transfer>() else { return report };
    if role == Decides::Required {
        let finite = matches!(transfer.correlation, Correlation::Computed(_));
        return if finite { report } else { GateReport { status: GateStatus::Fail, ..report } };
    }
    let status = match (thresholds.sample_ratio_min, transfer.sample_ratio_ok) {
        (None, _) => GateStatus::Advisory,
        (Some(_), ok) => GateStatus::of(ok),
    };
    let shown = "the correlation is shown and does not decide";
    let message = match thresholds.sample_ratio_min {
        None => shown.to_owned(),
        Some(min) => {
            let compared = if transfer.sample_ratio_ok { ">=" } else { "<" };
            format!("{status}: trade_ratio={}{compared}{}; {shown}", fixed(transfer.trade_ratio, 3), repr(min))
        }
    };
    let mut measures = measures(transfer, thresholds);
    if let Some(shown) = measures.first_mut() {
        // A requirement that decides nothing is not shown as one.
        let metric = if status == GateStatus::Advisory { "pearson" } else { "pearson (advisory)" };
        *shown = Measure { metric: metric.to_owned(), required: None, ok: true, ..shown.clone() };
    }
    GateReport { status, message, measures, ..report }
}

/// Where the ratio is too small, says what the baseline, which nobody chose by it, makes of the slices' lengths: the scale that
/// it suggests, if that would do. `train` and `test` are its sample counts, `scale` is declared.
pub fn explain_ratio(report: &mut GateReport, (train, test): (u64, u64), scale: f64, thresholds: &Thresholds) {
    let Some(transfer) = report.evidence::<Transfer>().filter(|transfer| !transfer.sample_ratio_ok) else { return };
    let (Some(min), true) = (thresholds.sample_ratio_min, train > 0) else { return };
    let suggested = test as f64 / train as f64;
    let counted = format!("the baseline has {test} on test and {train} on train");
    let explained = suggested < scale && transfer.trade_ratio * scale >= min * suggested && suggested > 0.0;
    let suggested = general(suggested, 3);
    let (said, note) = match explained {
        true => (
            format!("{counted}: if test is that much shorter, `walk_forward.trade_ratio_scale = {suggested}`"),
            format!("by the baseline: `trade_ratio_scale = {suggested}`"),
        ),
        false => (format!("{counted}, so the length of test is not why"), format!("baseline {test} of {train}")),
    };
    report.message = format!("{}; {said}", report.message);
    let ratio = report.measures.iter_mut().find(|measure| measure.metric == "trade_ratio");
    ratio.into_iter().for_each(|ratio| note.clone_into(&mut ratio.note));
}

/// The same with a correlation computed elsewhere, over `n_points` candidates.
pub(crate) fn judge_correlation(
    correlation: Correlation,
    n_points: usize,
    trade_ratio: f64,
    thresholds: &Thresholds,
) -> GateReport {
    let value = number(&correlation);
    let transfer = Transfer {
        correlation_ok: computable(&correlation) && value >= thresholds.pearson_min,
        correlation,
        trade_ratio,
        sample_ratio_ok: thresholds.sample_ratio_min.is_none_or(|min| trade_ratio >= min),
        n_points,
    };
    let status = GateStatus::of(transfer.correlation_ok && transfer.sample_ratio_ok);
    let (message, measures) = (message(&transfer, status, thresholds), measures(&transfer, thresholds));
    GateReport::new(GateId::Kc4, status, message, measures).on(transfer)
}

/// The reference implementation counts a correlation that came out as NaN as computed.
pub(crate) fn computable(correlation: &Correlation) -> bool {
    matches!(correlation, Correlation::Computed(_) | Correlation::NonFinite)
}

pub(crate) fn number(correlation: &Correlation) -> f64 {
    match correlation {
        Correlation::Computed(value) => *value,
        Correlation::NonFinite => f64::NAN,
        _ => 0.0,
    }
}

fn message(transfer: &Transfer, status: GateStatus, thresholds: &Thresholds) -> String {
    let (correlation, ratio) = (fixed(transfer.pearson(), 3), fixed(transfer.trade_ratio, 3));
    if status == GateStatus::Pass {
        let ratio = if thresholds.sample_ratio_min.is_none() { "skipped".to_owned() } else { ratio };
        return format!("PASS: pearson={correlation}, trade_ratio={ratio}");
    }
    let mut failures = Vec::new();
    if !computable(&transfer.correlation) {
        failures.push(format!("pearson uncomputable: {}", transfer.correlation.status()));
    } else if !transfer.correlation_ok {
        failures.push(format!("pearson={correlation}<{}", repr(thresholds.pearson_min)));
    }
    if let (false, Some(min)) = (transfer.sample_ratio_ok, thresholds.sample_ratio_min) {
        failures.push(format!("trade_ratio={ratio}<{}", repr(min)));
    }
    format!("FAIL: {}", failures.join(", "))
}

fn measures(transfer: &Transfer, thresholds: &Thresholds) -> Vec<Measure> {
    let at_least = |metric: &str, value: f64, min: f64, ok| {
        Measure::new(metric, Some(value), Op::AtLeast, min, Digits::Fixed(3), ok)
    };
    let correlation = at_least("pearson", transfer.pearson(), thresholds.pearson_min, transfer.correlation_ok);
    let mut correlation = correlation.noted(format!("n = {}", transfer.n_points));
    if !computable(&transfer.correlation) {
        correlation.measured = Some(Reading::Word(transfer.correlation.status().to_owned()));
    }
    let mut measures = vec![correlation];
    if let Some(min) = thresholds.sample_ratio_min {
        measures.push(at_least("trade_ratio", transfer.trade_ratio, min, transfer.sample_ratio_ok));
    }
    measures
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn under_strict_the_ratio_decides_and_the_correlation_only_where_it_is_required() {
        let (train, test) = ([3.0, 2.0, 1.0], [1.0, 2.0, 3.0]);
        let judge = |ratio, thresholds: &Thresholds, role| judge_kc4_strict(&train, &test, ratio, thresholds, role);
        let (counted, pure) = (Thresholds::default(), Thresholds::pure_objective());
        let advisory = judge(1.0, &counted, Decides::Advisory);
        assert_eq!(advisory.message, "PASS: trade_ratio=1.000>=0.5; the correlation is shown and does not decide");
        let low = judge(0.25, &counted, Decides::Advisory);
        assert_eq!(low.message, "FAIL: trade_ratio=0.250<0.5; the correlation is shown and does not decide");
        assert_eq!(judge(0.0, &pure, Decides::Advisory).status, GateStatus::Advisory);
        assert_eq!(judge(1.0, &pure, Decides::Required).message, "FAIL: pearson=-1.000<0.3");
        let explained = |counts, scale| {
            let mut report = judge_kc4_strict(&train, &test, 0.25 / scale, &counted, Decides::Advisory);
            explain_ratio(&mut report, counts, scale, &counted);
            report.measures[1].note.clone()
        };
        assert_eq!(explained((90, 30), 1.0), "by the baseline: `trade_ratio_scale = 0.333`");
        assert_eq!(explained((90, 85), 1.0), "baseline 85 of 90");
        assert_eq!(explained((90, 30), 0.4), "", "it suffices");
        let broken = judge_kc4_strict(&[1.0, f64::NAN], &[1.0, 2.0], 1.0, &pure, Decides::Required);
        assert_eq!(broken.status, GateStatus::Fail);
    }
}
