//! A run as GitHub Actions understands it: annotations, outputs of a step, and text that cannot give orders.
//!
//! The runner obeys commands in what a step prints: `::name key=value::text` where a line begins, whatever blanks stand
//! before it, and the older `##[name key=value]text` anywhere in a line. A target, a gate or a file could say either.

use std::fmt::Write;

use super::{escaped, escaped_line};
use crate::artifacts::{ExitCode, TestRun, TrialResult, TrialStatus};
use crate::gold::ChangeKind;

/// GitHub keeps ten annotations of a kind for each step and drops the others without a word; the tenth says how many.
const MOST_ANNOTATIONS: usize = 9;

/// `text` in which the runner finds no command: one space breaks up each of both beginnings. Colours are looked through.
pub fn guarded(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for line in text.split_inclusive(['\n', '\r']) {
        let line = line.replace("##[", "# #[");
        let start = first_shown(&line);
        if line[start..].starts_with("::") {
            safe.push_str(&line[..=start]);
            safe.push(' ');
            safe.push_str(&line[start + 1..]);
        } else {
            safe.push_str(&line);
        }
    }
    safe
}

/// Where the first character stands that is neither blank nor colour.
fn first_shown(line: &str) -> usize {
    let mut at = 0;
    loop {
        let rest = line[at..].trim_start();
        at = line.len() - rest.len();
        match rest.strip_prefix("\u{1b}[").and_then(|colour| colour.find('m')) {
            Some(end) => at += "\u{1b}[".len() + end + 1,
            None => return at,
        }
    }
}

/// What failed, then what was warned of, as commands for the runner, one a line: the first nine, and how many there are
/// beyond them.
pub fn annotations(run: &TestRun, warnings: &[String]) -> String {
    let mut all = Vec::new();
    for problem in &run.problems {
        all.push(("error", "cargo omega test".to_owned(), problem.message.clone()));
    }
    for suite in &run.suites {
        if let Some(problem) = &suite.problem {
            all.push(("error", format!("{}::{}", suite.package, suite.suite), problem.message.clone()));
        }
        let failed = suite.trials.iter().filter(|trial| failed(trial));
        all.extend(failed.map(|trial| ("error", trial.name.clone(), message(trial))));
    }
    if let Some(against) = run.against.as_ref().filter(|against| !against.accepted) {
        let lowered = against.changes.iter().filter(|change| ChangeKind::fails_by_name(&change.kind));
        all.extend(
            lowered.map(|change| ("error", format!("{} {}", change.kind, change.calibration), change.text.clone())),
        );
    }
    all.extend(warnings.iter().map(|warning| ("warning", "cargo omega test".to_owned(), warning.clone())));

    let mut text = String::new();
    for (level, title, message) in all.iter().take(MOST_ANNOTATIONS) {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "::{level} title={}::{}", property(title), data(message));
    }
    let rest = all.get(MOST_ANNOTATIONS..).unwrap_or_default();
    if let Some((level, ..)) = rest.first() {
        let _ = writeln!(text, "::{level} title=cargo omega test::and {} more, see the job summary", rest.len());
    }
    text
}

/// The longest output of what was selected; GitHub keeps one MiB of all outputs of a job.
const LONGEST_SELECTED: usize = 64 * 1024;

/// What was selected: one JSON object on one line, by calibration the parameters that were unlocked or moved, each with its
/// value. A workflow may paste it where a shell reads it, so whatever is a sign to one is spelt out. Empty where it is longer
/// than an output should be; results.json has it.
fn selected(run: &TestRun) -> String {
    let mut all = serde_json::Map::new();
    for run in run.suites.iter().flat_map(|suite| &suite.runs) {
        let Some(selected) = &run.selected else { continue };
        let params =
            selected.params.iter().map(|param| Some((param.name.clone(), serde_json::to_value(&param.after).ok()?)));
        all.insert(run.calibration.clone(), params.flatten().collect::<serde_json::Map<_, _>>().into());
    }
    let mut line = String::new();
    for character in serde_json::Value::Object(all).to_string().chars() {
        match character {
            'a'..='z'
            | 'A'..='Z'
            | '0'..='9'
            | ' '
            | '"'
            | '{'
            | '}'
            | '['
            | ']'
            | ':'
            | ','
            | '.'
            | '_'
            | '-'
            | '+'
            | '/'
            | '\\' => {
                line.push(character);
            }
            other => line.extend(other.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}"))),
        }
    }
    if line.len() > LONGEST_SELECTED { String::new() } else { line }
}

/// The outputs of a step, a `name=value` a line. Every value has a fixed form: a word, a number, hex digits, JSON without a
/// line break.
pub fn step_outputs(run: &TestRun) -> String {
    let verdict = match run.exit_code {
        code if code == ExitCode::Pass.number() => "pass",
        code if code == ExitCode::No.number() => "fail",
        _ => "error",
    };
    let trails = run.suites.iter().flat_map(|suite| &suite.runs).filter_map(|run| run.trail.as_ref());
    let hex = |head: &&str| head.bytes().all(|byte| byte.is_ascii_hexdigit());
    let heads: Vec<&str> = trails.map(|trail| trail.head.as_str()).filter(hex).collect();
    let (code, partial, heads) = (run.exit_code, run.partial, heads.join(" "));
    let mut text = format!("verdict={verdict}\nexit-code={code}\npartial={partial}\nhead={heads}\n");
    let trials = || run.suites.iter().flat_map(|suite| &suite.trials);
    let count = |status| trials().filter(|trial| trial.status == status).count();
    let counts = [
        ("cases", trials().count()),
        ("passed", count(TrialStatus::Pass)),
        ("failed", count(TrialStatus::Fail)),
        ("errors", count(TrialStatus::Error)),
        ("advisory", count(TrialStatus::Advisory)),
        ("skipped", count(TrialStatus::Skip)),
    ];
    for (name, count) in counts {
        let _ = writeln!(text, "{name}={count}");
    }
    let _ = writeln!(text, "selected={}", selected(run));
    // The day of the oldest search that a recheck stands for; a verdict has no other text in this place.
    let verdicts = run.suites.iter().flat_map(|suite| &suite.runs).filter_map(|run| run.verdict.as_ref());
    let searched = verdicts.filter_map(|verdict| verdict.searched()).min();
    if let Some(day) = searched {
        let _ = writeln!(text, "rechecked={verdict} (rechecked, searched on {day})");
    }
    text
}

/// Whether a case keeps the run from passing.
pub(super) fn failed(trial: &TrialResult) -> bool {
    trial.problem.is_some() || matches!(trial.status, TrialStatus::Fail | TrialStatus::Error)
}

fn message(trial: &TrialResult) -> String {
    match &trial.problem {
        Some(problem) => format!("{}\n{}", trial.summary, problem.message),
        None => trial.summary.clone(),
    }
}

/// The text of a command. The per cent sign first, for it is what the others become.
fn data(text: &str) -> String {
    escaped(text).replace("##[", "# #[").replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property of a command.
fn property(text: &str) -> String {
    data(&escaped_line(text)).replace(':', "%3A").replace(',', "%2C")
}
