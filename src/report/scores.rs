//! The verdicts over two lists of scores, as plain lines.

use crate::gates::{RANK_LEVEL, RankVerdict, ScoreVerdict};
use crate::number::{fixed, general};

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

/// Correlations of blocks that are shown one by one.
const BLOCKS: usize = 12;

/// What to say of every verdict over ranks.
pub const NOT_THE_WINNER: &str =
    "Ranks that agree do not make the winner good: they say that train tells good from bad.";

/// `ranks agree` or `ranks do not agree`.
#[must_use]
pub fn rank_words(verdict: &RankVerdict) -> &'static str {
    if verdict.agree { "ranks agree" } else { "ranks do not agree" }
}

/// The verdict over ranks: the words, the figures, what has to be known beside it, one a line.
#[must_use]
pub fn rank_verdict(verdict: &RankVerdict) -> String {
    let mut lines = vec![format!("verdict  : {}", rank_words(verdict))];
    lines.extend(rank_figures(verdict).into_iter().map(|(name, figure)| format!("{name:9}: {figure}")));
    lines.extend(verdict.notes.iter().map(|note| format!("note     : {note}")));
    lines.push(format!("note     : {NOT_THE_WINNER}"));
    lines.push(String::new());
    lines.join("\n")
}

/// The figures of a verdict over ranks, by their names.
pub(super) fn rank_figures(verdict: &RankVerdict) -> Vec<(&'static str, String)> {
    let p = |p: f64| if p < 1e-4 { general(p, 2) } else { fixed(p, 4) };
    let blocks = verdict.blocks.len();
    let spearman = match blocks {
        0 => "Spearman's, of all pairs".to_owned(),
        _ => format!("Spearman's, mean of {blocks} blocks"),
    };
    let compared = if verdict.agree { "at most" } else { "above" };
    let mut figures = vec![
        ("rho", format!("{} ({spearman})", fixed(verdict.rho, 3))),
        ("p", format!("{}, {compared} {}", p(verdict.p), general(RANK_LEVEL, 6))),
        ("pairs", verdict.pairs.to_string()),
    ];
    if let Some(signs) = verdict.p_signs {
        let mut shown: Vec<String> = verdict.blocks.iter().take(BLOCKS).map(|rho| fixed(*rho, 2)).collect();
        if blocks > BLOCKS {
            shown.push(format!("and {} more", blocks - BLOCKS));
        }
        figures.push(("blocks", format!("{blocks}: {}", shown.join(" "))));
        figures.push(("p of", format!("{} orders of candidates, {} signs of blocks", p(verdict.p_orders), p(signs))));
    }
    figures
}
