//! What `cargo omega demo` tells, from two measured runs.

use std::fmt::Write;

use crate::benchmark::{CaseStudy, Level, Tour};
use crate::gates::GateReport;
use crate::number::fixed;

/// The case study and the tour as one page; the same runs give the same bytes.
pub fn demo(study: &CaseStudy, tour: &Tour) -> String {
    let mut page = String::new();
    // Writing to a String cannot fail.
    let _ = write_study(&mut page, study).and_then(|()| write_tour(&mut page, tour));
    page
}

fn write_study(page: &mut String, study: &CaseStudy) -> std::fmt::Result {
    let candidates = study.outcome.passes.iter().map(|pass| pass.candidates.len()).sum::<usize>();
    writeln!(page, "1. THE BEST SCORE IS NOT THE ONE TO SHIP")?;
    writeln!(page)?;
    writeln!(
        page,
        "   An amplifier has its true best point at gain 3, bias 0, worth about 5. Beyond gain 6 it is not"
    )?;
    writeln!(
        page,
        "   rated: noise of up to 6 is drawn anew for every slice of the data. A grid of {candidates} candidates is"
    )?;
    writeln!(page, "   searched on the train slice; test and holdout are other slices.")?;
    writeln!(page)?;
    writeln!(page, "                            train     test  holdout   change")?;
    write_level(page, "best score", &study.naive)?;
    write_level(page, "best within the rating", &study.feasible)?;
    writeln!(page)?;
    writeln!(page, "   The best score is at gain {}: luck, gone on data the search did not see.", gain(&study.naive))?;
    writeln!(page, "   Two rules that were declared beforehand notice:")?;
    writeln!(page)?;
    writeln!(page, "   KC-4, the ten best on train walked forward on test:   {}", study.transfer.message)?;
    writeln!(page, "   so the run's verdict is                               {}", study.outcome.verdict)?;
    writeln!(
        page,
        "   KC-4 over the {} candidates within the rating:       {}",
        study.feasible_candidates, study.feasible_transfer.message
    )?;
    writeln!(page)
}

fn write_level(page: &mut String, name: &str, level: &Level) -> std::fmt::Result {
    let [train, test, holdout] = [level.train, level.test, level.holdout].map(|fitness| fixed(fitness, 3));
    let change = fixed(level.change_percent(), 1);
    let sign = if level.change_percent() < 0.0 { "" } else { "+" };
    writeln!(page, "   {name:<24} {train:>7}  {test:>7}  {holdout:>7}  {:>7}", format!("{sign}{change}%"))
}

fn gain(level: &Level) -> String {
    level.params.get("gain").map_or_else(String::new, ToString::to_string)
}

fn write_tour(page: &mut String, tour: &Tour) -> std::fmt::Result {
    let outcome = &tour.outcome;
    writeln!(page, "2. A CALIBRATION FROM BASELINE TO VERDICT")?;
    writeln!(page)?;
    writeln!(
        page,
        "   The phantom keyhole has {} parameters, of which {} matter: {}.",
        outcome.space.specs().len(),
        tour.effective.len(),
        tour.effective.join(", ")
    )?;
    writeln!(page, "   The run does not know that. It moves each one a little and measures the stress:")?;
    writeln!(page)?;
    let Some(pass) = outcome.last() else { return Ok(()) };
    let mut ranking: Vec<_> = pass.stresses.iter().collect();
    ranking.sort_by(|a, b| crate::stats::descending(a.raw_stress, b.raw_stress));
    for stress in ranking.iter().take(5) {
        let unlocked = if pass.unlocked.contains(&stress.name) { "  unlocked" } else { "" };
        writeln!(page, "   {:<16} {:>10}{unlocked}", stress.name, fixed(stress.raw_stress, 4))?;
    }
    writeln!(page)?;
    if let Some(selected) = &pass.selected {
        let unlocked = selected.params.subset(pass.unlocked.iter().map(String::as_str));
        writeln!(page, "   {} candidates later:", pass.candidates.len())?;
        writeln!(page)?;
        writeln!(
            page,
            "   selected   {unlocked}   fitness {} (baseline {})",
            fixed(selected.fitness().unwrap_or(f64::NAN), 3),
            fixed(pass.baseline_fitness(), 3)
        )?;
        writeln!(page, "   the truth  {}", tour.optimum)?;
        writeln!(page)?;
    }
    for report in outcome.reports().filter(|report| !report.message.is_empty()) {
        writeln!(page, "   {:<9} {}", report.gate.peer_name(), shown(report))?;
    }
    writeln!(page)?;
    writeln!(page, "   verdict   {}   ({} evaluations, every one recorded)", outcome.verdict, tour.recorded)
}

/// The message; KC-1's holds a clock reading, and this page is the same every time.
fn shown(report: &GateReport) -> String {
    match report.gate {
        crate::gates::GateId::Kc1 => format!("{}: within its time box", report.status),
        _ => report.message.clone(),
    }
}
