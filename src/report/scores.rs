//! The verdict over two lists of scores, as plain lines.

use crate::gates::ScoreVerdict;
use crate::number::fixed;

/// Verdict, correlation, number of scores and the reasons, one a line, as the Python package words them.
pub fn score_verdict(verdict: &ScoreVerdict, count: usize) -> String {
    let mut lines = vec![
        format!("gate     : {}", if verdict.passed { "PASS" } else { "FAIL" }),
        format!("pearson  : {}", verdict.pearson.map_or_else(|| "n/a".to_owned(), |value| fixed(value, 3))),
        format!("scores   : {count} candidate(s)"),
    ];
    lines.extend(verdict.reasons.iter().map(|reason| format!("reason   : {reason}")));
    lines.push(String::new());
    lines.join("\n")
}
