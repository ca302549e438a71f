//! What somebody else's study shows of itself, as lines for a terminal.

use std::fmt::Write;

use super::escape::escaped_line;
use super::wrapped;
use crate::artifacts::{DirectionSource, FindingKind, PairedScores, PartsEntry, StudyReport};
use crate::number::general;

/// Columns of a terminal.
const WIDTH: usize = 80;
const INDENT: usize = 12;
/// Parameters of the winner, and things left out, that are shown.
const MOST: usize = 20;

/// The lines of a report; the last ones say how to come to a verdict.
pub fn study_text(report: &StudyReport) -> String {
    let mut lines = Lines(String::new());
    lines.plain(&format!("{}: {}", report.source.file, study_origin(report)));
    lines.row("level", study_level(report));
    lines.row("trials", &study_trials(report));
    lines.row("score", &study_score(report));
    lines.row("winner", &winner(report));
    let params = report.winner.iter().flat_map(|winner| &winner.params.0);
    for (name, value) in params.clone().take(MOST) {
        lines.row("", &format!("{} = {value}", name.escape_debug()));
    }
    if params.clone().count() > MOST {
        lines.row("", &format!("and {} more", params.count() - MOST));
    }
    for finding in &report.findings {
        let mark = if finding.kind == FindingKind::Against { "against" } else { "note" };
        lines.row(mark, &finding.text);
    }
    for (place, line) in report.parts.iter().flat_map(study_parts).enumerate() {
        lines.row(if place == 0 { "parts" } else { "" }, &line);
    }
    for (place, line) in report.paired.iter().flat_map(study_pairs).enumerate() {
        lines.row(if place == 0 { "paired" } else { "" }, &line);
    }
    for left in report.left_out.iter().take(MOST) {
        lines.row("left out", &left.to_string());
    }
    lines.row("verdict", &study_verdict(report));
    lines.row("next", STUDY_NEXT);
    lines.0
}

/// The way to a verdict.
pub(super) const STUDY_NEXT: &str = "a verdict needs evaluations: `cargo omega import` the study, let a calibration have it as \
     its search (method = \"study\" in omega.toml), and `cargo omega test` evaluates the winner again, on train, test and \
     holdout. docs/studies.md shows how.";

struct Lines(String);

impl Lines {
    fn plain(&mut self, text: &str) {
        // Writing to a String cannot fail.
        let _ = writeln!(self.0, "{}", escaped_line(text));
    }

    fn row(&mut self, label: &str, text: &str) {
        let _ = writeln!(self.0, "{label:INDENT$}{}", wrapped(&escaped_line(text), INDENT, WIDTH));
    }
}

/// Tool, format and study.
pub(super) fn study_origin(report: &StudyReport) -> String {
    let source = &report.source;
    let study = source.study.as_ref().map_or_else(String::new, |name| format!(", study `{name}`"));
    format!("{}, {}{study}", source.tool, source.format)
}

pub(super) fn study_level(report: &StudyReport) -> &'static str {
    match report.paired {
        None => "recorded: one score a trial, on the data that the search saw. Nothing was evaluated.",
        Some(_) => "paired: a second score a trial, said to be of other data. Nothing was evaluated.",
    }
}

pub(super) fn study_trials(report: &StudyReport) -> String {
    let states: Vec<String> = report.trials.states.0.iter().map(|(state, count)| format!("{count} {state}")).collect();
    let of = if states.is_empty() { String::new() } else { format!(" ({})", states.join(", ")) };
    format!("{}{of}; {} tries, {} of which could win", report.trials.total, report.trials.tries, report.trials.eligible)
}

pub(super) fn study_score(report: &StudyReport) -> String {
    let score = &report.score;
    let from = match score.direction_from.0 {
        DirectionSource::File => "as the file says",
        DirectionSource::Import => "as was said at the import",
        DirectionSource::CommandLine => "as was said on the command line",
    };
    let others = match score.other_objectives.as_slice() {
        [] => String::new(),
        others => format!("; the search optimised `{}`, too", others.join("`, `")),
    };
    format!("`{}`, {} ({from}){others}", score.name, score.direction)
}

fn winner(report: &StudyReport) -> String {
    report.winner.as_ref().map_or_else(
        || "none".to_owned(),
        |winner| {
            let next = winner.next.map(|next| format!("; the next best set has {}", general(next.0, 6)));
            format!("trial {}, {}{}", winner.number, general(winner.score.0, 6), next.unwrap_or_default())
        },
    )
}

/// What the parts of the optimised score say.
pub(super) fn study_parts(parts: &PartsEntry) -> Vec<String> {
    let seen = format!(
        "Each trial has {} parts of `{}`. The search saw all of them, so they are not other data, and there is no p.",
        parts.parts, parts.name
    );
    let held = match parts.below_middle {
        Some(share) => format!(
            "Cut into two halves in {} ways: the best trial on one half is in the lower half on the other in {} % of them \
             ({} trials). A high share speaks against the search; a low one says nothing about data that it did not see.",
            parts.cuts,
            general(100.0 * share.0, 3),
            parts.trials
        ),
        None => "Too few parts or trials with all of them to cut them into halves: 6 parts and 10 trials are needed."
            .to_owned(),
    };
    let winner: Vec<String> = parts.winner.iter().take(MOST).map(|part| general(part.0, 4)).collect();
    let more = parts.winner.len().saturating_sub(MOST);
    let more = if more > 0 { format!(", and {more} more") } else { String::new() };
    let shown = (!winner.is_empty()).then(|| format!("The winner's: {}{more}.", winner.join(", ")));
    [seen, held].into_iter().chain(shown).collect()
}

/// What a second score says.
pub(super) fn study_pairs(paired: &PairedScores) -> Vec<String> {
    let agree = if paired.agree { "agree" } else { "do not agree" };
    let blocks = match paired.blocks.len() {
        0 => String::new(),
        count => format!(" over {count} blocks"),
    };
    let mut lines = vec![format!(
        "The ranks by `{}` ({}) {agree}{blocks}: correlation {}, p {}, {} pairs.",
        paired.name,
        paired.direction,
        general(paired.rho.0, 3),
        general(paired.p.0, 3),
        paired.pairs
    )];
    if paired.missing > 0 {
        let trials = if paired.missing == 1 { "trial that could win has" } else { "trials that could win have" };
        lines.push(format!("{} {trials} no finite second score.", paired.missing));
    }
    if paired.repeats > 0 {
        let trials = if paired.repeats == 1 { "trial that repeats" } else { "trials that repeat" };
        lines.push(format!("Left out: {} {trials} the parameters of an earlier one.", paired.repeats));
    }
    if paired.rho.0 < 0.0 && !paired.agree {
        lines.push(format!(
            "The ranks are rather the reverse. If the other values of `{}` are better, say `--other-direction`.",
            paired.name
        ));
    }
    if let Some(place) = paired.winner_place {
        lines.push(format!("The winner is in place {place} of {} by it.", paired.pairs));
    }
    lines.push(
        "Ranks that agree do not make the winner good, and nobody looked at where the second score comes from.".into(),
    );
    lines.extend(paired.notes.iter().cloned());
    lines
}

pub(super) fn study_verdict(report: &StudyReport) -> String {
    match (&report.paired, report.answer()) {
        (Some(paired), _) => {
            let agree = if paired.agree { "agree" } else { "do not agree" };
            format!("UNPROVEN (paired): the recorded ranks {agree}, and nothing was evaluated.")
        }
        (None, Some(_)) => {
            "UNPROVEN (parts): what was best on one half of the parts was mostly in the lower half on the \
                            other, which speaks against the record. Nothing was evaluated."
                .to_owned()
        }
        (None, None) => "RECORD: this is no judgement, since nothing was evaluated.".to_owned(),
    }
}
