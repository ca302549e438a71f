//! Why a gate failed, as people read it in a terminal: measured beside required, the cause, the next command.

use super::measure::{found, measured, required};
use super::table::table;
use crate::artifacts::{GateEntry, MeasureEntry};

/// One line: every figure beside its requirement, as a true statement: `pearson 0.120 < 0.300` where 0.300 is missed.
pub fn measures_line(measures: &[MeasureEntry]) -> String {
    let figure = |measure: &MeasureEntry| {
        let parts = [measure.metric.clone(), measured(measure), found(measure)];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    };
    measures.iter().map(figure).collect::<Vec<_>>().join(", ")
}

/// The whole text for a failed gate, without colour; `artifacts` is the folder where everything about the run lies;
/// `pass` is what a pass of it is called.
pub fn failure_text(trial: &str, gate: &GateEntry, pass: &str, artifacts: Option<&str>) -> String {
    let mut lines = Vec::new();
    lines.extend(gate.round.map(|round| format!("  in {pass} {round}")));
    lines.extend(figures(&gate.measures));
    if gate.measures.is_empty() || gate.measures.iter().any(|measure| measure.measured.is_none()) {
        lines.push(format!("  {}", gate.message));
    }
    if let Some(cause) = cause(gate) {
        lines.push(format!("  {cause}"));
    }
    if let Some(folder) = artifacts {
        lines.push(format!("  see {folder}/scorecard.txt"));
    }
    lines.push(format!("  next: cargo omega explain {trial}"));
    if gate.gate.is_tried_by_hand() && gate.blocked_by.is_none() {
        let name = trial.split("::").next().unwrap_or(trial);
        lines.push(format!("  another value by hand, on train: cargo omega eval {name} KEY=VALUE"));
    }
    lines.join("\n")
}

fn figures(measures: &[MeasureEntry]) -> Vec<String> {
    if measures.is_empty() {
        return Vec::new();
    }
    let row = |measure: &MeasureEntry| {
        let verdict = if measure.ok { "ok" } else { "FAIL" };
        [measure.metric.clone(), measured(measure), required(measure), verdict.to_owned()]
    };
    let rows: Vec<[String; 4]> = measures.iter().map(row).collect();
    table(&["metric", "measured", "required", "verdict"].map(str::to_owned), &rows, &[1])
}

/// What a failure of this gate usually means.
pub(super) fn cause(gate: &GateEntry) -> Option<String> {
    if let Some(by) = &gate.blocked_by {
        return Some(format!("{by} failed, so this gate could not be judged; mend that one first."));
    }
    if gate.measures.is_empty() {
        // Nothing was measured, so nothing caused a figure; the message says it all.
        return None;
    }
    if gate.measures.iter().any(MeasureEntry::is_nan) {
        return Some("A value is not a finite number, so nothing can be compared with it.".to_owned());
    }
    let failing = gate.measures.iter().filter(|measure| !measure.ok).map(|measure| measure.metric.as_str());
    gate.gate.about().cause(failing).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::gates::{GateId, GateStatus};
    use crate::number::Op;

    fn measure(metric: &str, measured: f64, op: Op, bound: f64) -> MeasureEntry {
        let measured = json!({
            "metric": metric, "measured": measured, "digits": ".3f", "ok": op.holds(measured, bound),
            "required": { "op": op.name(), "value": bound },
        });
        serde_json::from_value(measured).unwrap()
    }

    fn gate(gate: GateId, round: Option<u32>, measures: Vec<MeasureEntry>) -> GateEntry {
        let (gate, status) = (gate.into(), GateStatus::Fail.into());
        GateEntry { gate, round, status, message: String::new(), blocked_by: None, measures }
    }

    #[test]
    fn a_failure_shows_measured_beside_required_the_cause_and_the_next_command() {
        let correlation = measure("pearson", 0.12, Op::AtLeast, 0.3);
        let correlation = MeasureEntry { note: "n = 10".to_owned(), ..correlation };
        let gate = gate(GateId::Kc4, None, vec![correlation, measure("trade_ratio", 3.691, Op::AtLeast, 0.3)]);
        let text = failure_text("overfit::gate::kc4", &gate, "round", Some("target/omega/demo/overfit"));
        let expected = "  metric             measured  required  verdict
  pearson      0.120 (n = 10)  >= 0.300  FAIL
  trade_ratio           3.691  >= 0.300  ok
  The candidates rank differently on the test slice: likely overfit.
  see target/omega/demo/overfit/scorecard.txt
  next: cargo omega explain overfit::gate::kc4
  another value by hand, on train: cargo omega eval overfit KEY=VALUE";
        assert_eq!(text, expected);
        assert_eq!(measures_line(&gate.measures), "pearson 0.120 (n = 10) < 0.300, trade_ratio 3.691 >= 0.300");
    }

    #[test]
    fn a_failure_by_another_figure_has_another_cause() {
        let shown = |gate: &GateEntry| failure_text("a::gate::x", gate, "round", None);
        let ratio = measure("trade_ratio", 0.291, Op::AtLeast, 0.5);
        let kc4 = gate(GateId::Kc4, None, vec![measure("pearson", 0.812, Op::AtLeast, 0.3), ratio]);
        let text = shown(&kc4);
        assert!(text.contains("`walk_forward.trade_ratio_scale`") && !text.contains("overfit"), "{text}");
        let p = measure("rank p", 0.1667, Op::AtMost, 0.05);
        let text = shown(&gate(GateId::Transfer, Some(2), vec![p.clone()]));
        assert!(text.starts_with("  in round 2") && text.contains("likely overfit"), "{text}");
        let smallest = measure("smallest rank p", 0.1667, Op::AtMost, 0.05);
        let text = shown(&gate(GateId::Transfer, None, vec![p, smallest]));
        assert!(text.contains("search more candidates") && !text.contains("overfit"), "{text}");
    }
}
