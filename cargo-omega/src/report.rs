//! What a run showed, as text for a terminal. Nothing is computed here, and every foreign string is escaped.

use std::fmt::Write;

use omega_lock::internals::artifacts::{
    AgainstEntry, ChangeEntry, MeasureResult, RunSummary, SuiteResults, TrialResult, TrialStatus,
};
use omega_lock::internals::gates::CommittedCase;
use omega_lock::internals::gold::ChangeKind;

use crate::revision::short;
use crate::tally::Tally;
use crate::ui::{Role, verb};
use crate::winner;
use omega_lock::internals::report::{escaped, escaped_line, table};

/// Names longer than this do not push the summaries of the others to the right.
const NAME_WIDTH: usize = 48;
/// Columns of the word at the start of a line.
const LABEL_WIDTH: usize = 12;
/// Width of the line above a failure's details.
const RULE_WIDTH: usize = 72;

/// One line for each case of `suite`, only for those that ask for attention if `quiet`.
pub(crate) fn trials(suite: &SuiteResults, quiet: bool, verbose: bool) -> String {
    let total = suite.trials.len();
    let number_width = total.to_string().len();
    let widths = suite.trials.iter().map(|trial| escaped_line(&trial.name).chars().count());
    let name_width = widths.filter(|width| *width <= NAME_WIDTH).max().unwrap_or(0);
    let mut text = String::new();
    for (index, trial) in suite.trials.iter().enumerate() {
        if quiet && !needs_attention(trial) {
            continue;
        }
        let (role, word) = label(trial.status);
        let name = escaped_line(&trial.name);
        let number = index + 1;
        let time = Role::Dim.paint(&format!("[{:>8.3}s]", trial.seconds.max(0.0)));
        let line = format!(
            "{} {time} ({number:>number_width$}/{total}) {name:name_width$}  {}",
            verb(role, word),
            escaped_line(&trial.summary)
        );
        text.push_str(line.trim_end());
        text.push('\n');
        if verbose && !needs_attention(trial) {
            text.push_str(&measures(&trial.measures));
        }
    }
    text
}

/// The case for whose sake this one was not evaluated: its run that did not finish, a recheck that was refused, or a gate that
/// failed before.
pub(crate) fn blocker<'s>(suites: &'s [SuiteResults], trial: &TrialResult) -> Option<&'s TrialResult> {
    let why = trial.summary.strip_prefix("not evaluated: ")?;
    let gate = || Some(format!("{}::gate::{}", trial.calibration, why.strip_suffix(" failed before")?));
    let whole = why.strip_suffix(" did not finish").or_else(|| why.strip_suffix(" failed"));
    let name = whole.map(str::to_owned).or_else(gate)?;
    let mut trials = suites.iter().flat_map(|suite| &suite.trials);
    trials.find(|other| other.name == name && other.calibration == trial.calibration && needs_attention(other))
}

/// A block for each case that failed, with all it has to say. One that kept others from being evaluated says it for them.
pub(crate) fn failures(suites: &[SuiteResults]) -> String {
    let trials = || suites.iter().flat_map(|suite| &suite.trials).filter(|trial| needs_attention(trial));
    let mut text = String::new();
    for trial in trials().filter(|trial| blocker(suites, trial).is_none()) {
        let name = escaped_line(&trial.name);
        let rule = "─".repeat(RULE_WIDTH.saturating_sub(name.chars().count() + 6).max(4));
        let (role, _) = label(trial.status);
        let _ = write!(text, "\n──── {} {rule}\n", role.paint(&name));
        let details = escaped(&trial.details);
        if details.trim().is_empty() {
            text.push_str(&measures(&trial.measures));
        } else {
            for line in details.trim_end().lines() {
                text.push_str(&detail(line));
                text.push('\n');
            }
        }
        if let Some(problem) = &trial.problem
            && !trial.details.contains(&problem.message)
        {
            for line in escaped(&problem.message).lines() {
                let _ = writeln!(text, "  {line}");
            }
        }
        let others = trials().filter(|other| blocker(suites, other).is_some_and(|by| by.name == trial.name)).count();
        if others > 0 {
            let were = if others == 1 { "was" } else { "were" };
            let _ = writeln!(text, "  for this reason {} of it {were} not evaluated", counted(others, "case"));
        }
    }
    if !text.is_empty() {
        text.push('\n');
    }
    text
}

/// A line of a failure: verdicts stand out, a diff is red and green.
fn detail(line: &str) -> String {
    for word in ["FAIL", "LOOSER"] {
        if let Some(rest) = line.strip_suffix(word) {
            return format!("{rest}{}", Role::Bad.paint(word));
        }
    }
    let diff = [("  +", Role::Good), ("  -", Role::Bad), ("  @@", Role::Note)];
    match diff.into_iter().find(|(start, _)| line.starts_with(start)) {
        Some((_, role)) => role.paint(line),
        None => line.to_owned(),
    }
}

/// The verdict of each calibration with the profile it was judged under.
pub(crate) fn verdicts(suites: &[SuiteResults]) -> String {
    let runs: Vec<_> = suites.iter().flat_map(|suite| &suite.runs).collect();
    let width = runs.iter().map(|run| escaped_line(&run.calibration).chars().count()).max().unwrap_or(0);
    let mut text = String::new();
    for RunSummary {
        calibration,
        profile,
        verdict,
        rests_on,
        selected,
        gains,
        skipped,
        workers,
        off,
        unnamed,
        continued,
        ..
    } in runs
    {
        let indent = LABEL_WIDTH + width + 3;
        // A recheck selects nothing.
        let searched = verdict.as_ref().filter(|verdict| verdict.searched().is_none());
        let winner = searched.map(|_| winner::told(selected.as_ref(), gains, indent)).unwrap_or_default();
        let off = off.iter().map(|name| format!(", {} off", escaped_line(name))).collect::<String>();
        let (role, verdict) = match verdict {
            Some(verdict) if verdict.is_pass() => (Role::Good, verdict.to_string()),
            Some(verdict) => (Role::Bad, escaped_line(&verdict.to_string())),
            None => (Role::Caution, "none".to_owned()),
        };
        let skipped: Vec<String> = skipped.iter().map(ToString::to_string).collect();
        let without = match skipped.as_slice() {
            [] => String::new(),
            gates => format!("; skipped: {}", escaped_line(&gates.join(", "))),
        };
        let nameless = match unnamed.as_slice() {
            [] => String::new(),
            slices => format!("; no identity: {}", escaped_line(&slices.join(", "))),
        };
        let workers = workers.as_ref().map_or_else(String::new, |how| format!("; {}", escaped_line(&how.to_string())));
        let continued = continued.as_ref().map_or_else(String::new, |how| format!("; {}", escaped_line(how)));
        let on = match rests_on.as_slice() {
            [] => String::new(),
            known => format!("; rests on {}", escaped_line(&known.join(", "))),
        };
        let _ = writeln!(
            text,
            "{} {:width$}  {} {}",
            verb(Role::Good, "Verdict"),
            escaped_line(calibration),
            role.paint(&verdict),
            Role::Dim.paint(&format!("(profile {profile}{off}{on}{without}{nameless}{workers}{continued})"))
        );
        for (word, line) in winner {
            let _ = writeln!(text, "{} {:width$}  {line}", verb(Role::Good, word), "");
        }
    }
    text
}

/// The counts; `partial` says that something that is declared was left out.
pub(crate) fn summary(tally: &Tally, partial: bool, seconds: f64) -> String {
    let Tally { runs, cases, passed, failed, errors, advisory, skipped, declared, declared_runs: _ } = *tally;
    let bad = failed + errors > 0;
    let optional = [
        (errors, "in error"),
        (advisory, "advisory"),
        (skipped, "skipped"),
        (declared.saturating_sub(cases), "filtered out"),
    ];
    let mut text = format!(
        "{} {} {}, {}: {passed} passed, {failed} failed",
        verb(if bad { Role::Bad } else { Role::Good }, "Summary"),
        Role::Dim.paint(&format!("[{seconds:>8.3}s]")),
        counted(runs, "run"),
        counted(cases, "case")
    );
    for (count, word) in optional.into_iter().filter(|(count, _)| *count > 0) {
        let _ = write!(text, ", {count} {word}");
    }
    text.push_str(if partial { " (partial)\n" } else { "\n" });
    text
}

/// What changed since a revision; `whole` says that everything that is declared was judged.
pub(crate) fn against(against: &AgainstEntry, whole: bool) -> String {
    let AgainstEntry { revision, tip, merge_base, changes, accepted, .. } = against;
    let mut revision = escaped_line(revision);
    if tip != merge_base {
        // By now it may have accepted something else.
        revision = format!("{}, the last commit in common with {revision}", short(merge_base));
    }
    if changes.is_empty() && whole {
        return format!("{} omega.lock and gold are those of {revision}\n", verb(Role::Good, "Against"));
    }
    if changes.is_empty() {
        let what = "nothing that is declared differs, but not all of it was judged";
        return format!("{} {revision}: {what}\n", verb(Role::Caution, "Against"));
    }
    let width = changes.iter().map(|change| change.calibration.chars().count()).max().unwrap_or(0);
    let mut text = String::new();
    for ChangeEntry { kind, calibration, text: what } in changes {
        let role = match ChangeKind::fails_by_name(kind) {
            true if *accepted => Role::Caution,
            true => Role::Bad,
            false => Role::Note,
        };
        let (calibration, what) = (escaped_line(calibration), escaped_line(what));
        let _ = writeln!(text, "{} {calibration:width$}  {what}", verb(role, kind));
    }
    let approved = if *accepted { ", all of them fine or approved" } else { "" };
    let count = counted(changes.len(), "change");
    let _ = writeln!(text, "{} {count} since {revision}{approved}", verb(Role::Good, "Against"));
    text
}

/// How many results wait to be looked at, and what to do about them.
pub(crate) fn pending(suites: &[SuiteResults], folder: &str) -> String {
    let waits = |trial: &&TrialResult| {
        trial.name == format!("{}::gold", trial.calibration) && trial.status == TrialStatus::Fail
    };
    let trials = || suites.iter().flat_map(|suite| &suite.trials);
    let count = trials().filter(waits).count();
    if count == 0 {
        return String::new();
    }
    // A result whose own gates failed is nothing to accept.
    let committed = |trial: &&TrialResult| {
        CommittedCase::ALL.iter().any(|case| trial.name == format!("{}::{case}", trial.calibration))
    };
    let failed = |of: &TrialResult| {
        let own = |trial: &&TrialResult| trial.calibration == of.calibration && needs_attention(trial);
        trials().filter(own).find(|trial| !committed(trial) && blocker(suites, trial).is_none())
    };
    let next = match trials().filter(waits).map(failed).collect::<Option<Vec<_>>>().as_deref() {
        Some([first, ..]) => format!("mend it first: cargo omega explain {}", escaped_line(&first.name)),
        _ => "look at each: cargo omega review      accept: cargo omega update-gold --reason \"...\"".to_owned(),
    };
    format!(
        "{} {} in {} (no gold was written)\n{} {next}\n",
        verb(Role::Caution, "Pending"),
        counted(count, "result"),
        escaped_line(folder),
        verb(Role::Note, "Next")
    )
}

/// Where to look: `paths` as a reader would type them.
pub(crate) fn artifacts(paths: &[String]) -> String {
    let line = |path: &String| format!("{} {}\n", verb(Role::Good, "Artifacts"), escaped_line(path));
    paths.iter().map(line).collect()
}

/// The runs too large for their page to be made without being asked for.
pub(crate) fn on_demand(calibrations: &[String]) -> String {
    let line = |name: &String| {
        let name = escaped_line(name);
        format!(
            "{} of `{name}` takes a while and is not made yet: cargo omega report {name}\n",
            verb(Role::Note, "Page")
        )
    };
    calibrations.iter().map(line).collect()
}

/// `1 case`, `2 cases`.
pub(crate) fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

fn label(status: TrialStatus) -> (Role, &'static str) {
    match status {
        TrialStatus::Pass => (Role::Good, "PASS"),
        TrialStatus::Fail => (Role::Bad, "FAIL"),
        TrialStatus::Skip => (Role::Caution, "SKIP"),
        TrialStatus::Advisory => (Role::Note, "NOTE"),
        TrialStatus::Error => (Role::Bad, "ERROR"),
    }
}

fn needs_attention(trial: &TrialResult) -> bool {
    trial.problem.is_some() || matches!(trial.status, TrialStatus::Fail | TrialStatus::Error)
}

/// Measured beside required, in columns.
fn measures(measures: &[MeasureResult]) -> String {
    if measures.is_empty() {
        return String::new();
    }
    let row = |measure: &MeasureResult| {
        let mark = if measure.ok { "ok".to_owned() } else { Role::Bad.paint("FAIL") };
        let MeasureResult { metric, measured, required, .. } = measure;
        [escaped_line(metric), escaped_line(measured), escaped_line(required), mark]
    };
    let rows: Vec<[String; 4]> = measures.iter().map(row).collect();
    table(&["metric", "measured", "required", ""].map(str::to_owned), &rows, &[1]).join("\n") + "\n"
}
