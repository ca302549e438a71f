//! A run as the summary of a job: Markdown of ours around text of unknown origin.
//!
//! Such text stands in HTML, where `<`, `>`, `&` and quotes are all that has to be escaped; in Markdown every sign may
//! mean something, and a name with an `@` would call somebody. Both kinds of HTML block used here end only with our own
//! lines: a table at the blank line behind it (its text has no line breaks), a `<pre>` at its end tag.

use std::fmt::Write;

use super::github::failed;
use super::selected::{selected_changes, selected_levels, selected_place};
use super::{escaped, escaped_line, gain_line};
use crate::artifacts::{AgainstEntry, ExitCode, SuiteResults, TestRun, TrialResult, TrialStatus};
use crate::gold::ChangeKind;
use crate::objective::Role;

/// The run on one page of at most `limit` bytes: what does not fit is left out, and the last line says so.
pub fn step_summary(run: &TestRun, limit: usize) -> String {
    let mut blocks = vec![heading(run), verdicts(&run.suites), winners(&run.suites)];
    blocks.extend(run.problems.iter().map(|problem| problem_block("cargo omega test", &problem.message)));
    for suite in &run.suites {
        let name = format!("{}::{}", suite.package, suite.suite);
        blocks.extend(suite.problem.iter().map(|problem| problem_block(&name, &problem.message)));
        blocks.extend(suite.trials.iter().filter(|trial| failed(trial)).map(failure));
    }
    blocks.extend(run.against.as_ref().map(against));
    blocks.extend(run.suites.iter().map(cases));
    blocks.retain(|block| !block.is_empty());
    fitting(&blocks, limit)
}

/// As many of the blocks as there is room for, each whole.
fn fitting(blocks: &[String], limit: usize) -> String {
    let note = |left: usize| format!("{left} parts are left out here; `target/omega/results.json` has them.\n\n");
    let room = limit.saturating_sub(note(blocks.len()).len());
    let mut text = String::new();
    let mut left = 0;
    for block in blocks {
        if text.len() + block.len() <= room {
            text.push_str(block);
        } else {
            left += 1;
        }
    }
    if left > 0 && limit >= note(left).len() {
        text.push_str(&note(left));
    }
    text
}

fn heading(run: &TestRun) -> String {
    let word = match run.exit_code {
        code if code == ExitCode::Pass.number() => "PASS",
        code if code == ExitCode::No.number() => "FAIL",
        _ => "no answer",
    };
    let trials = || run.suites.iter().flat_map(|suite| &suite.trials);
    let count = |status| trials().filter(|trial| trial.status == status).count();
    format!(
        "## omega-lock: {word}{}\n\n{} cases: {} passed, {} failed, {} in error, {} advisory, {} skipped\n\n",
        if run.partial { " (partial)" } else { "" },
        trials().count(),
        count(TrialStatus::Pass),
        count(TrialStatus::Fail),
        count(TrialStatus::Error),
        count(TrialStatus::Advisory),
        count(TrialStatus::Skip)
    )
}

fn verdicts(suites: &[SuiteResults]) -> String {
    let runs = suites.iter().flat_map(|suite| &suite.runs);
    let rows = runs.map(|run| {
        let off = run.off.iter().map(|name| format!("{name} off"));
        let unnamed = run.unnamed.iter().map(|role| format!("identity of {role}"));
        let without: Vec<String> = off.chain(run.skipped.iter().map(ToString::to_string)).chain(unnamed).collect();
        let mut verdict = run.verdict.as_ref().map_or_else(|| "none".to_owned(), ToString::to_string);
        verdict.extend(run.continued.iter().map(|how| format!(" ({how})")));
        let gain = run.gains.iter().find(|gain| gain.slice == Role::Test).map(gain_line).unwrap_or_default();
        let rests_on = run.rests_on.join(", ");
        let head = run.trail.as_ref().map_or_else(String::new, |trail| trail.head.chars().take(12).collect());
        let profile = run.profile.name().to_owned();
        let evaluations = match run.not_applicable {
            0 => run.evaluations.to_string(),
            apart => format!("{} ({apart} not applicable)", run.evaluations),
        };
        [&run.calibration, &verdict, &profile, &rests_on, &without.join(", "), &gain, &evaluations, &head]
            .map(|text| code(text))
    });
    table(["calibration", "verdict", "profile", "rests on", "without", "gain on test", "evaluations", "trail"], rows)
}

/// What would ship, or whose verdict it was.
fn winners(suites: &[SuiteResults]) -> String {
    let runs = suites.iter().flat_map(|suite| &suite.runs).filter(|run| {
        // A recheck selects nothing.
        run.verdict.as_ref().is_some_and(|verdict| verdict.searched().is_none())
    });
    let rows = runs.map(|run| match &run.selected {
        Some(selected) => {
            [&run.calibration, &selected_changes(selected), &selected_levels(selected), &selected_place(selected)]
                .map(|text| code(text))
        }
        None => [code(&run.calibration), "none".to_owned(), String::new(), String::new()],
    });
    table(["calibration", "selected", "fitness", "candidate"], rows)
}

/// All that a failed case has to say.
fn failure(trial: &TrialResult) -> String {
    let mut text = format!("<details open><summary>{} {}</summary>\n\n", word(trial.status), code(&trial.name));
    let _ = write!(text, "<p>{}</p>\n\n", code(&trial.summary));
    let rows = trial.measures.iter().map(|measure| {
        let ok = if measure.ok { "ok" } else { "FAIL" };
        [code(&measure.metric), code(&measure.measured), code(&measure.required), ok.to_owned()]
    });
    text.push_str(&table(["metric", "measured", "required", ""], rows));
    if !trial.details.trim().is_empty() {
        text.push_str(&block(&trial.details));
    }
    if let Some(problem) = &trial.problem {
        text.push_str(&block(&problem.message));
    }
    text.push_str("</details>\n\n");
    text
}

fn problem_block(what: &str, message: &str) -> String {
    format!("<p>ERROR {}</p>\n\n{}", code(what), block(message))
}

fn against(against: &AgainstEntry) -> String {
    let heading = format!("<p>Since {}</p>\n\n", code(&against.revision));
    let rows = against.changes.iter().map(|change| {
        let fails = match change.kind.as_str() {
            kind if against.accepted || !ChangeKind::fails_by_name(kind) => "",
            kind if kind == ChangeKind::Behind.name() => "has to be merged",
            kind if kind == ChangeKind::Unsearched.name() => "needs a search",
            _ => "needs an approval",
        };
        [code(&change.kind), code(&change.calibration), code(&change.text), fails.to_owned()]
    });
    let changes = table(["", "calibration", "change", ""], rows);
    if changes.is_empty() { heading + "Nothing that is declared or accepted differs.\n\n" } else { heading + &changes }
}

fn cases(suite: &SuiteResults) -> String {
    let rows = suite.trials.iter().map(|trial| {
        let status = word(trial.status).to_owned();
        [status, code(&trial.name), code(&trial.summary)]
    });
    let table = table(["", "case", "measured and required"], rows);
    if table.is_empty() {
        return table;
    }
    let name = code(&format!("{}::{}", suite.package, suite.suite));
    format!("<details><summary>All cases of {name}</summary>\n\n{table}</details>\n\n")
}

/// A table of cells that are HTML already; nothing if it has no row.
fn table<const N: usize>(header: [&str; N], rows: impl Iterator<Item = [String; N]>) -> String {
    let mut text = String::new();
    for row in rows {
        let _ = writeln!(text, "<tr><td>{}</td></tr>", row.join("</td><td>"));
    }
    if text.is_empty() {
        return text;
    }
    format!("<table>\n<tr><th>{}</th></tr>\n{text}</table>\n\n", header.join("</th><th>"))
}

/// Text of one line.
fn code(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("<code>{}</code>", html(&escaped_line(text))) }
}

/// Text of several lines.
fn block(text: &str) -> String {
    format!("<pre>\n{}\n</pre>\n\n", html(escaped(text).trim_end()))
}

fn html(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

const fn word(status: TrialStatus) -> &'static str {
    match status {
        TrialStatus::Pass => "PASS",
        TrialStatus::Fail => "FAIL",
        TrialStatus::Skip => "SKIP",
        TrialStatus::Advisory => "NOTE",
        TrialStatus::Error => "ERROR",
    }
}
