//! What the scorecards of all pipelines share.

use std::fmt::{Result, Write};

use super::escaped_line;
use crate::artifacts::{Evaluations, GateEntry, Number, ParamMap, ParamValue, RunResult};
use crate::number::{general, repr};

/// The lines that say which run this is and what it came to.
pub(super) fn write_head(page: &mut String, result: &RunResult) -> Result {
    writeln!(page, "=== omega-lock {}: {} ===", result.pipeline(), result.calibration)?;
    // Under strict a verdict says what it was reached without.
    let skipped = if result.profile() == "strict" { result.skipped() } else { Vec::new() };
    let without = if skipped.is_empty() { String::new() } else { format!(" (skipped: {})", skipped.join(", ")) };
    writeln!(page, "Verdict:      {}{without}", result.verdict)?;
    writeln!(page, "Profile:      {}", result.profile())?;
    writeln!(page, "Declaration:  {}", result.declaration_digest)?;
    if result.opaque_constraints() > 0 {
        writeln!(page, "Opaque:       {} constraint(s) locked by name only", result.opaque_constraints())?;
    }
    Ok(())
}

pub(super) fn write_evaluations(page: &mut String, evaluations: &Evaluations) -> Result {
    let parts: Vec<String> =
        evaluations.by_phase.iter().map(|entry| format!("{} {} {}", entry.role, entry.phase, entry.count)).collect();
    let failed = evaluations.without_fitness().map_or_else(String::new, |told| format!(", {told}"));
    writeln!(page, "Evaluations:  {}{failed} ({})", evaluations.total, parts.join(", "))
}

pub(super) fn write_gates(page: &mut String, gates: &[GateEntry]) -> Result {
    writeln!(page, "\nGates:")?;
    for gate in gates {
        let round = gate.round.map_or_else(String::new, |round| format!("round {round}: "));
        writeln!(page, "  {:<8} {:<24} {round}{}", gate.status, gate.gate, escaped_line(&gate.message))?;
    }
    Ok(())
}

pub(super) fn write_warnings(page: &mut String, warnings: &[String]) -> Result {
    if !warnings.is_empty() {
        writeln!(page, "\nWarnings:")?;
        for warning in warnings {
            writeln!(page, "  {warning}")?;
        }
    }
    Ok(())
}

/// A fitness with the samples behind it.
pub(super) fn level(fitness: Option<Number>, samples: u64) -> String {
    format!("{}  n={samples}", fitness.map_or_else(|| "none".to_owned(), number))
}

pub(super) fn number(value: Number) -> String {
    general(value.0, 6)
}

pub(super) fn params(map: &ParamMap) -> String {
    let pair = |(name, value): &(String, ParamValue)| match value {
        ParamValue::Bool(value) => format!("{name}={value}"),
        ParamValue::Int(value) => format!("{name}={value}"),
        ParamValue::Float(value) => format!("{name}={}", repr(value.0)),
        ParamValue::Choice(value) => format!("{name}={value:?}"),
    };
    map.0.iter().map(pair).collect::<Vec<String>>().join(", ")
}
