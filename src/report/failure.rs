//! Why a gate failed, as people read it in a terminal: measured beside required, the cause, the next command.

use super::table::table;
use crate::artifacts::{GateEntry, MeasureEntry};

/// One line: every figure beside its requirement, as a true statement: `pearson 0.120 < 0.300` where 0.300 is missed.
pub fn measures_line(measures: &[MeasureEntry]) -> String {
    let figure = |measure: &MeasureEntry| {
        let required = if measure.ok { measure.required.clone() } else { negated(&measure.required) };
        let parts = [measure.metric.as_str(), measure.measured.as_str(), required.as_str()];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    };
    measures.iter().map(figure).collect::<Vec<_>>().join(", ")
}

/// The requirement with its comparison turned into what is the case when it does not hold.
fn negated(required: &str) -> String {
    let opposites = [(">= ", "< "), ("<= ", "> "), ("> ", "<= "), ("< ", ">= "), ("== ", "!= ")];
    let turned = |&(holds, fails): &(&str, &str)| Some(format!("{fails}{}", required.strip_prefix(holds)?));
    opposites.iter().find_map(turned).unwrap_or_else(|| required.to_owned())
}

/// The whole text for a failed gate, without colour; `artifacts` is the folder where everything about the run lies.
pub fn failure_text(trial: &str, gate: &GateEntry, artifacts: Option<&str>) -> String {
    let mut lines = Vec::new();
    lines.extend(gate.round.map(|round| format!("  in round {round}")));
    lines.extend(figures(&gate.measures));
    if gate.measures.is_empty() || !gate.measures.iter().all(MeasureEntry::is_measured) {
        lines.push(format!("  {}", gate.message));
    }
    if let Some(cause) = cause(gate) {
        lines.push(format!("  {cause}"));
    }
    if let Some(folder) = artifacts {
        lines.push(format!("  see {folder}/scorecard.txt"));
    }
    lines.push(format!("  again: cargo omega test {trial}"));
    lines.join("\n")
}

fn figures(measures: &[MeasureEntry]) -> Vec<String> {
    if measures.is_empty() {
        return Vec::new();
    }
    let row = |measure: &MeasureEntry| {
        let verdict = if measure.ok { "ok" } else { "FAIL" };
        [measure.metric.clone(), measure.measured.clone(), measure.required.clone(), verdict.to_owned()]
    };
    let rows: Vec<[String; 4]> = measures.iter().map(row).collect();
    table(&["metric", "measured", "required", "verdict"].map(str::to_owned), &rows, &[1])
}

/// What a failure of this gate usually means.
pub(super) fn cause(gate: &GateEntry) -> Option<String> {
    if let Some(by) = &gate.blocked_by {
        return Some(format!("{by} failed before this gate could be judged; settle that one first."));
    }
    if gate.measures.is_empty() {
        // Nothing was measured, so nothing caused a figure; the message says it all.
        return None;
    }
    let unusable = ["nan", "NON_FINITE"];
    if gate.measures.iter().any(|measure| unusable.iter().any(|word| measure.measured.starts_with(word))) {
        return Some("A value is not a finite number, so nothing can be compared with it.".to_owned());
    }
    let cause = match gate.gate.split("::").next().unwrap_or_default() {
        "kc1" => "The run took longer than its time box: search less, or declare more time.",
        "kc2" => "The parameters matter about alike, so tuning the top few of them is not what moves the fitness.",
        "kc3" => "Too few samples stand behind these numbers for them to mean anything.",
        "kc4" => "The candidates rank differently on the test slice: likely overfit.",
        "finite" => "A number that the verdict rests on is none: mend the target, or declare what may fail.",
        "searched" => "Next to nothing was tried, so nothing was found: unlock parameters, or search more.",
        "improvement" => "The selected candidate is no better than the baseline it would replace.",
        "selected" => "The very candidate that would ship does not hold up on the test slice.",
        "transfer" if gate.message.contains("significance is impossible") => {
            "Too few distinct values for any significance: search more candidates, or ask for more points."
        }
        "transfer" => "What is good on train is not better on test than chance would have it: likely overfit.",
        "null" => "Calibrating targets without anything to find gives winners as good: the structure is the result.",
        "deterministic" => "The target does not repeat itself: seed it, or declare its `noise`.",
        "constraint" => "The selected candidate does not keep this constraint.",
        "constraints" => "No candidate of the search keeps every constraint.",
        "holdout" => "The selected candidate does not hold up on data that nothing in the run had seen.",
        _ => return None,
    };
    Some(cause.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_shows_measured_beside_required_the_cause_and_the_next_command() {
        let measure = |metric: &str, measured: &str, ok| MeasureEntry {
            metric: metric.to_owned(),
            measured: measured.to_owned(),
            required: ">= 0.300".to_owned(),
            ok,
        };
        let gate = GateEntry {
            gate: "kc4".to_owned(),
            round: None,
            status: "FAIL".to_owned(),
            message: String::new(),
            blocked_by: None,
            measures: vec![measure("pearson", "0.120 (n = 10)", false), measure("trade_ratio", "3.691", true)],
        };
        let text = failure_text("overfit::gate::kc4", &gate, Some("target/omega/demo/overfit"));
        let expected = "  metric             measured  required  verdict
  pearson      0.120 (n = 10)  >= 0.300  FAIL
  trade_ratio           3.691  >= 0.300  ok
  The candidates rank differently on the test slice: likely overfit.
  see target/omega/demo/overfit/scorecard.txt
  again: cargo omega test overfit::gate::kc4";
        assert_eq!(text, expected);
        assert_eq!(measures_line(&gate.measures), "pearson 0.120 (n = 10) < 0.300, trade_ratio 3.691 >= 0.300");
    }
    #[test]
    fn a_transfer_that_could_not_be_significant_says_so_instead_of_overfit() {
        let gate = |message: &str| GateEntry {
            gate: "transfer".to_owned(),
            round: Some(2),
            status: "FAIL".to_owned(),
            message: message.to_owned(),
            blocked_by: None,
            measures: vec![MeasureEntry {
                metric: "rank p".to_owned(),
                measured: "0.1667".to_owned(),
                required: "<= 0.05".to_owned(),
                ok: false,
            }],
        };
        let text = failure_text("a::gate::transfer", &gate("FAIL: rank: significance is impossible, the .."), None);
        assert!(text.starts_with("  in round 2") && text.contains("search more candidates"), "{text}");
        let text = failure_text("a::gate::transfer", &gate("FAIL: rank: p=0.1667>0.05"), None);
        assert!(text.contains("likely overfit"), "{text}");
    }
}
