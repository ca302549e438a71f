//! The scorecard of a benchmark as a page of text.

use std::fmt::Write;

use super::escaped_line;
use crate::artifacts::{BenchmarkReport, Number, SummaryEntry};
use crate::number::fixed;

/// One table per keyhole and one over all of them, then what is to be known beside the means; the same report gives the
/// same bytes. A mean over no run is `n/a`, and seconds are shown only if they were measured.
pub fn benchmark(report: &BenchmarkReport) -> String {
    let mut page = String::new();
    // Writing to a String cannot fail.
    let _ = write_page(&mut page, report);
    page
}

fn write_page(page: &mut String, report: &BenchmarkReport) -> std::fmt::Result {
    let timed = report.rows.iter().any(|row| row.walltime_s.is_some());
    // With one keyhole, its table is the one over all.
    for entry in report.by_keyhole.iter().filter(|_| report.by_keyhole.len() > 1) {
        write_table(page, &entry.keyhole, &entry.scorecard, timed)?;
        writeln!(page)?;
    }
    let names: Vec<&str> = report.by_keyhole.iter().map(|entry| entry.keyhole.as_str()).collect();
    write_table(page, &names.join(" + "), &report.scorecard, timed)?;
    write_notes(page, report)
}

pub(super) fn write_table(page: &mut String, title: &str, scorecard: &[SummaryEntry], timed: bool) -> std::fmt::Result {
    writeln!(page, "{}", escaped_line(title))?;
    let wall = if timed { format!(" {:>8}", "wall_s") } else { String::new() };
    let rule = "─".repeat(104 + wall.len());
    writeln!(
        page,
        "{:<18} {:>3} {:>11} {:>7} {:>11} {:>13} {:>8} {:>9}{wall} {:>9} {:>7}",
        "method", "n", "recall", "prec", "L2 error", "fit gap %", "gen gap", "eff", "stress ρ", "pass %"
    )?;
    writeln!(page, "{rule}")?;
    for row in scorecard {
        let wall = if timed { format!(" {:>8}", mean(row.walltime_s_mean, 3)) } else { String::new() };
        writeln!(
            page,
            "{:<18} {:>3} {:>11} {:>7} {:>11} {:>13} {:>8} {:>9}{wall} {:>9} {:>7}",
            escaped_line(&row.method),
            row.n_runs,
            spread(row.effective_recall_mean, row.effective_recall_std, 3, 2),
            mean(row.effective_precision_mean, 3),
            spread(row.param_L2_error_mean, row.param_L2_error_std, 3, 2),
            spread(row.fitness_gap_pct_mean, row.fitness_gap_pct_std, 1, 1),
            mean(row.generalization_gap_mean, 3),
            mean(row.sample_efficiency_mean, 4),
            signed(row.stress_rank_spearman_mean),
            fixed(100.0 * row.pass_rate.0, 1),
        )?;
    }
    Ok(())
}

/// What a reader of the means has to know.
fn write_notes(page: &mut String, report: &BenchmarkReport) -> std::fmt::Result {
    let crashed = || report.rows.iter().filter(|row| row.n_evaluations.is_none());
    for row in report.scorecard.iter().filter(|row| row.n_crashes > 0) {
        let method = escaped_line(&row.method);
        writeln!(
            page,
            "\n{method}: {} of {} runs crashed; the means are those of the others, and no crashed run passed",
            row.n_crashes, row.n_runs
        )?;
        for row in crashed().filter(|crash| crash.method == row.method) {
            writeln!(page, "  {}::{method}::{}  {}", row.keyhole, row.seed, escaped_line(&row.status_raw))?;
        }
    }
    for row in report.scorecard.iter().filter(|row| row.generalization_gap_doubtful > 0) {
        writeln!(
            page,
            "\n{}: the gen gap of {} of {} runs cannot be compared (no test fitness, or next to none on train)",
            escaped_line(&row.method),
            row.generalization_gap_doubtful,
            row.n_runs
        )?;
    }
    Ok(())
}

fn mean(value: Option<Number>, decimals: usize) -> String {
    value.map_or_else(|| "n/a".to_owned(), |value| fixed(value.0, decimals))
}

fn signed(value: Option<Number>) -> String {
    value.map_or_else(|| "n/a".to_owned(), |value| format!("{:+.3}", value.0))
}

fn spread(value: Option<Number>, sd: Number, decimals: usize, sd_decimals: usize) -> String {
    value.map_or_else(|| "n/a".to_owned(), |value| format!("{}±{}", fixed(value.0, decimals), fixed(sd.0, sd_decimals)))
}
