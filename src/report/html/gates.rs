//! Every gate: measured beside required.

use maud::{Markup, html};

use crate::report::view::{Gate, Page};

/// Gates that are listed; what is left out is counted.
const MOST: usize = 400;

pub(super) fn gates(page: &Page) -> Markup {
    html! {
        @if !page.gates.is_empty() {
            section {
                h2 { "Gates" }
                table.gates {
                    thead { tr { th { "Gate" } th { "Status" } th colspan="2" { div.measure { span { "Measured" } span { "Required" } } } } }
                    tbody { @for gate in page.gates.iter().take(MOST) { (row(gate)) } }
                }
                @if page.gates.len() > MOST { p.note { "and " (page.gates.len() - MOST) " more" } }
            }
        }
    }
}

fn row(gate: &Gate) -> Markup {
    html! {
        tr class=(class(gate)) {
            th scope="row" { (gate.name) }
            td { span.status { (gate.status) } }
            @if gate.measures.is_empty() {
                td.words colspan="2" { (gate.message) }
            } @else {
                td colspan="2" {
                    @for measure in &gate.measures {
                        div.measure.missed[!measure.ok && gate.status.as_str() == "FAIL"] {
                            span { span.metric { (measure.metric) } " " b { (measure.measured) } }
                            span { (measure.required) }
                        }
                    }
                }
            }
        }
        @if let Some(cause) = &gate.cause {
            tr.cause { td {} td colspan="3" { (cause) } }
        }
    }
}

/// How a row looks; a status that nobody knows is like one that decides nothing.
pub(super) fn class(gate: &Gate) -> &'static str {
    match gate.status.as_str() {
        "PASS" => "pass",
        "FAIL" => "fail",
        "SKIP" => "skip",
        _ => "advisory",
    }
}
