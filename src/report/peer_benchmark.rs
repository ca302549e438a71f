//! The scorecard of a benchmark of the Python package, from the means that its file holds.

use std::collections::HashSet;
use std::fmt::{Result, Write};

use super::benchmark::write_table;
use super::escaped_line;
use crate::artifacts::{Number, SummaryEntry};
use crate::interop::artifact::{Benchmark, BenchmarkRow, MethodSummary};
use crate::interop::json::Text;

/// The table over all keyholes, then the runs that crashed; the same benchmark gives the same bytes.
pub fn peer_benchmark(benchmark: &Benchmark<'_>) -> String {
    let mut page = String::new();
    // Writing to a String cannot fail.
    let _ = write_page(&mut page, benchmark);
    page
}

fn write_page(page: &mut String, benchmark: &Benchmark<'_>) -> Result {
    writeln!(page, "=== omega-lock benchmark ===")?;
    writeln!(page, "Written by:   omega-lock for Python")?;
    writeln!(page, "Runs:         {}\n", benchmark.rows.len())?;
    let mut known = HashSet::new();
    let keyholes = benchmark.rows.iter().map(|row| row.keyhole).filter(|keyhole| known.insert(*keyhole));
    let keyholes: Vec<String> = keyholes.map(Text::to_string).collect();
    let crashes: Vec<&BenchmarkRow<'_>> = benchmark.rows.iter().filter(|row| row.crashed()).collect();
    let scorecard: Vec<SummaryEntry> = benchmark.scorecard.iter().map(summary_entry).collect();
    write_table(page, &keyholes.join(" + "), &scorecard, true)?;
    if !crashes.is_empty() {
        writeln!(page, "\nCrashed; the means above count such a run as zeros and infinities:")?;
        for row in crashes {
            let status = escaped_line(row.status_raw.as_str().unwrap_or_default());
            writeln!(page, "  {}::{}::{}  {status}", row.keyhole, row.method, row.seed)?;
        }
    }
    Ok(())
}

fn summary_entry(summary: &MethodSummary<'_>) -> SummaryEntry {
    let mean = |value: f64| Some(Number(value));
    SummaryEntry {
        method: summary.method.to_string(),
        n_runs: usize::try_from(summary.n_runs).unwrap_or(usize::MAX),
        // The file counts them among the runs; they are listed below the table.
        n_crashes: 0,
        effective_recall_mean: mean(summary.effective_recall_mean),
        effective_recall_std: Number(summary.effective_recall_std),
        effective_precision_mean: mean(summary.effective_precision_mean),
        param_L2_error_mean: mean(summary.param_L2_error_mean),
        param_L2_error_std: Number(summary.param_L2_error_std),
        fitness_gap_pct_mean: mean(summary.fitness_gap_pct_mean),
        fitness_gap_pct_std: Number(summary.fitness_gap_pct_std),
        generalization_gap_mean: mean(summary.generalization_gap_mean),
        // The file does not say which gaps can be compared.
        generalization_gap_doubtful: 0,
        sample_efficiency_mean: mean(summary.sample_efficiency_mean),
        walltime_s_mean: mean(summary.walltime_s_mean),
        stress_rank_spearman_mean: summary.stress_rank_spearman_mean.map(Number),
        pass_rate: Number(summary.pass_rate),
    }
}
