//! `cargo omega review`: the results that wait, one by one.

use omega_lock::internals::artifacts::{
    ExitCode, GoldDocument, JudgedCase, ParamValue, RunResult, read_json, refusals,
};
use omega_lock::internals::gates::CommittedCase;
use omega_lock::internals::report::{escaped_line, gold_diff, provenance_line};

use crate::cli::ReviewArgs;
use crate::environment;
use crate::failure::Failure;
use crate::gold::{self, Gold};
use crate::project::Project;
use crate::report::counted;
use crate::runs;
use crate::shipping;
use crate::ui::{Role, Ui, verb};

const KEYS: &str = "  a accept   make it the accepted one (asks why)      r reject   keep gold, drop this result
  s skip     decide later                             d details  i where it was made  q quit
  A, R, S    the same for all that are left
";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Decision {
    Accept,
    Reject,
    Skip,
}

#[derive(Debug, Default)]
struct Decided {
    accepted: usize,
    rejected: usize,
    skipped: usize,
    /// What holds for the rest, with the reason of an acceptance.
    rest: Option<(Decision, String)>,
}

/// Walks through everything that waits.
pub(crate) fn run(arguments: &ReviewArgs, ui: &mut Ui) -> Result<ExitCode, Failure> {
    if let Some(ci) = environment::ci() {
        return Err(Failure::usage(format!("refusing to review because CI is set ({ci})"))
            .help("nobody is there to decide; upload `target/omega/pending` and decide on your own machine"));
    }
    let project = Project::load(&arguments.manifest, arguments.target_dir.as_deref())?;
    let gold = Gold::of(&project)?;
    let names = gold.store.pending_names().map_err(gold::failure)?;
    if names.is_empty() {
        ui.results(&format!("{} no result waits to be looked at\n", verb(Role::Good, "Review")));
        return Ok(ExitCode::Pass);
    }
    if !ui.can_ask() {
        let waiting = names.join("`, `");
        return Err(Failure::usage(format!("review needs a terminal; `{waiting}` waits to be looked at"))
            .help(format!(
                "show one: cargo omega diff {} {}",
                gold.store.shown(&names[0]),
                project.shown(&gold.store.pending_path(&names[0]))
            ))
            .help(format!("accept one: cargo omega update-gold {}::gold --reason \"...\"", names[0])));
    }
    let mut decided = Decided::default();
    for (place, name) in names.iter().enumerate() {
        // Another process may have settled it meanwhile.
        let Some(new) = gold.store.pending(name).map_err(gold::failure)? else { continue };
        show(&gold, &new, place + 1, names.len(), ui)?;
        let Some((decision, reason)) = decide(&gold, &new, &mut decided, ui)? else { break };
        match decision {
            Decision::Accept => {
                // What its own run was refused for, but for gold itself and what follows it, is not shipped.
                let refused = refused(&project, &new)?;
                gold.accept(&new, &reason, refused.is_empty(), ui)?;
                if let Some(case) = refused.first() {
                    ui.warning(&format!("the run of `{name}` was not accepted: {} failed", case.case));
                    shipping::not_followed(&gold, name, ui);
                }
                decided.accepted += 1;
            }
            Decision::Reject => {
                gold.store.drop_pending(name).map_err(gold::failure)?;
                ui.results(&format!("{} {name}: gold stays as it is\n", verb(Role::Caution, "Rejected")));
                decided.rejected += 1;
            }
            Decision::Skip => decided.skipped += 1,
        }
    }
    let Decided { accepted, rejected, skipped, .. } = decided;
    let left = names.len() - accepted - rejected - skipped;
    let left = if left > 0 { format!(", {left} not looked at") } else { String::new() };
    ui.results(&format!(
        "{} {}: {accepted} accepted, {rejected} rejected, {skipped} skipped{left}\n",
        verb(Role::Good, "Reviewed"),
        counted(names.len(), "result")
    ));
    Ok(ExitCode::Pass)
}

/// The cases that refused the run that a result is of, other than gold; none where that run is not there any more.
fn refused(project: &Project, new: &GoldDocument) -> Result<Vec<JudgedCase>, Failure> {
    let run = runs::all(project)?.into_iter().find(|run| run.calibration == new.calibration);
    let Some(folder) = run.map(|run| run.folder) else { return Ok(Vec::new()) };
    let result = read_json::<RunResult>(&folder.join("result.json")).ok().filter(|found| found.trail == new.anchor);
    let mut refused = result.map_or_else(Vec::new, |result| refusals(&folder, &result));
    refused.retain(|case| !matches!(case.case.0, CommittedCase::Gold | CommittedCase::Shipped));
    Ok(refused)
}

fn show(gold: &Gold, new: &GoldDocument, place: usize, of: usize, ui: &mut Ui) -> Result<(), Failure> {
    let name = &new.calibration;
    let path = gold.store.shown(name);
    let mut text = format!("\nReviewing [{place}/{of}] {name}   {path}   verdict {}\n", escaped_line(&new.verdict));
    text.push_str(&gold.changes(new)?);
    if new.verdict != "PASS" {
        let warning = Role::Caution.paint("warning");
        text.push_str("  ");
        text.push_str(&warning);
        text.push_str(": this run failed; accepting it makes a failing candidate the baseline\n");
    }
    ui.results(&(text + KEYS));
    Ok(())
}

/// What to do with one result, and why; `None` to stop.
fn decide(
    gold: &Gold,
    new: &GoldDocument,
    decided: &mut Decided,
    ui: &mut Ui,
) -> Result<Option<(Decision, String)>, Failure> {
    if let Some(rest) = &decided.rest {
        return Ok(Some(rest.clone()));
    }
    loop {
        let Some(answer) = ui.ask("  [a/r/s/d/i/q/A/R/S] ")? else { return Ok(None) };
        let decision = match answer.as_str() {
            "a" | "A" => Decision::Accept,
            "r" | "R" => Decision::Reject,
            "s" | "S" => Decision::Skip,
            "q" => return Ok(None),
            "d" => {
                ui.results(&details(gold, new)?);
                continue;
            }
            "i" => {
                let line = match gold.compared(new)? {
                    Some((old, _)) => provenance_line(&old.recorded, &new.recorded),
                    None => "  there is no gold yet".to_owned(),
                };
                ui.results(&(escaped_line(&line) + "\n"));
                continue;
            }
            _ => {
                ui.results(KEYS);
                continue;
            }
        };
        let reason = match decision {
            Decision::Accept => {
                let Some(reason) = ui.ask("  why? ")? else { return Ok(None) };
                if reason.is_empty() {
                    ui.results("  gold does not change without a reason\n");
                    continue;
                }
                reason
            }
            Decision::Reject | Decision::Skip => String::new(),
        };
        if answer.chars().all(char::is_uppercase) {
            decided.rest = Some((decision, reason.clone()));
        }
        return Ok(Some((decision, reason)));
    }
}

/// Every figure, and the difference of the files.
fn details(gold: &Gold, new: &GoldDocument) -> Result<String, Failure> {
    let Some((old, comparison)) = gold.compared(new)? else {
        let metric = |(name, value): (&String, &ParamValue)| format!("  {name} {value}");
        return Ok(new.metrics.iter().map(|entry| escaped_line(&metric(entry)) + "\n").collect());
    };
    let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "(none)".to_owned());
    let mut lines: Vec<String> = comparison
        .rows
        .iter()
        .map(|row| {
            format!(
                "  {} {}   {} -> {}   {}",
                row.part.name(),
                row.name,
                shown(&row.gold),
                shown(&row.new),
                row.allowed
            )
        })
        .collect();
    lines.extend(gold_diff(&old, new));
    Ok(lines.iter().map(|line| escaped_line(line) + "\n").collect())
}
