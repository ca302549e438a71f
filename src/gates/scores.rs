//! KC-4 over two plain lists of scores: does the ranking of somebody else's candidates transfer?

use super::{GateReport, GateStatus, Thresholds, kc4};
use crate::number::{fixed, repr};
use crate::stats::{Correlation, Side, pearson, pearson_exact};

/// The verdict over two lists of scores.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ScoreVerdict {
    /// Whether the gate passed.
    pub passed: bool,
    /// The correlation, if it could be computed; NaN if it is not finite.
    pub pearson: Option<f64>,
    /// Why it did not pass, in sentences.
    pub reasons: Vec<String>,
    /// KC-4's report.
    pub report: GateReport,
}

/// Judges scores measured on what the search saw against scores of the same candidates on what it did not see.
///
/// Plain scores carry no sample counts: a declared ratio is compared with 1.
///
/// This is the reference implementation's rule, rounding errors of constant scores included; see
/// [`gate_scores_exact`].
pub fn gate_scores(train: &[f64], holdout: &[f64], thresholds: &Thresholds) -> ScoreVerdict {
    verdict(pearson(train, holdout), train.len(), thresholds)
}

/// [`gate_scores`], except that constant scores never have a correlation, nor do scores that are not finite or too large
/// to be squared; and where there is none, a reason says so.
pub fn gate_scores_exact(train: &[f64], holdout: &[f64], thresholds: &Thresholds) -> ScoreVerdict {
    let correlation = pearson_exact(train, holdout);
    let mut verdict = verdict(correlation, train.len(), thresholds);
    if correlation == Correlation::NonFinite {
        verdict.pearson = None;
        verdict.reasons.insert(0, not_computable(&correlation));
    }
    verdict
}

fn verdict(correlation: Correlation, n_points: usize, thresholds: &Thresholds) -> ScoreVerdict {
    let report = kc4::judge_correlation(correlation, n_points, 1.0, thresholds);
    let passed = report.status == GateStatus::Pass;
    let pearson = kc4::computable(&correlation).then(|| kc4::number(&correlation));
    let mut reasons = Vec::new();
    if !passed {
        match pearson {
            None => reasons.push(not_computable(&correlation)),
            Some(value) if value < thresholds.pearson_min => reasons.push(format!(
                "train->holdout correlation {} is below the gate threshold {} - the in-sample ranking did not survive \
                 out-of-sample",
                fixed(value, 3),
                repr(thresholds.pearson_min)
            )),
            Some(_) => {}
        }
        if let Some(min) = thresholds.sample_ratio_min.filter(|min| *min > 1.0) {
            reasons.push(format!(
                "action ratio 1.0 is below trade_ratio_min={} (note: gate_scores has no real action counts; ratio is \
                 fixed at 1.0)",
                repr(min)
            ));
        }
    }
    ScoreVerdict { passed, pearson, reasons, report }
}

fn not_computable(correlation: &Correlation) -> String {
    let explanation = match correlation {
        Correlation::Empty => "no scores were provided",
        Correlation::LengthMismatch => "train and holdout score lists have different lengths",
        Correlation::ZeroVariance(Side::First) => "all train scores are identical (zero variance)",
        Correlation::ZeroVariance(Side::Second) => "all holdout scores are identical (zero variance)",
        Correlation::Computed(_) | Correlation::NonFinite => "a score is not finite, or too large to be squared",
    };
    format!("correlation not computable ({}): {explanation}", correlation.status())
}
