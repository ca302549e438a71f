//! The page of a recheck: its verdict, the day of the search that it stands for, and every case.

use maud::{Markup, html};

use super::document::document;
use crate::artifacts::{ParamValue, Recheck, RecheckedCase, TrialStatus};
use crate::report::escape::Text;

/// Parameters that are listed; what is left out is counted.
const MOST: usize = 60;

/// The page of a recheck whose trail shows this of itself; `trusted` where `recheck.json` agrees with that trail.
#[must_use]
pub fn recheck_page(recheck: &Recheck, trusted: bool, verified: &[String]) -> String {
    let (class, word) = match (trusted, recheck.verdict.is_pass()) {
        (false, _) => ("damaged", "UNPROVEN"),
        (true, true) => ("skip", "RECHECKED"),
        (true, false) => ("fail", "FAIL"),
    };
    let (name, verdict) = (Text::new(&recheck.calibration), Text::new(recheck.verdict.to_string()));
    let day = Text::new(recheck.searched.get(..10).unwrap_or(&recheck.searched));
    let title = html! { (name) " · recheck" };
    let content = html! {
        header class=(class) {
            p.verdict { (word) }
            h1 { (name) }
            p { b { (verdict) } }
            p { "What was accepted was evaluated again, and nothing was searched since " (day) ". The holdout stayed closed." }
            p { (recheck.evaluations.total) " evaluations. "
                @match &recheck.base {
                    Some(base) => { "Held against the accepted files of " (Text::new(base.get(..12).unwrap_or(base))) "." }
                    None => { "Held against the files of its checkout alone." }
                }
            }
        }
        section {
            h2 { "Cases" }
            table.gates {
                thead { tr { th { "Case" } th { "Status" } th colspan="2" { div.measure { span { "Measured" } span { "Required" } } } } }
                tbody { @for case in &recheck.cases { (row(case)) } }
            }
        }
        section {
            h2 { "What was evaluated again" }
            table.stack {
                thead { tr { th { "Parameter" } th.figure { "Accepted" } } }
                tbody { @for (name, value) in recheck.params.0.iter().take(MOST) { (param(name, value)) } }
            }
            @if recheck.params.0.len() > MOST { p.note { "and " (recheck.params.0.len() - MOST) " more" } }
        }
        section {
            h2 { "What was verified" }
            pre { @for line in verified { (Text::new(line)) "\n" } }
        }
    };
    document(&title, &content)
}

fn param(name: &str, value: &ParamValue) -> Markup {
    html! { tr { th scope="row" { (Text::new(name)) } td.figure data-label="accepted" { b { (Text::new(value.to_string())) } } } }
}

fn row(case: &RecheckedCase) -> Markup {
    let (class, status) = match case.status {
        TrialStatus::Pass => ("pass", "PASS"),
        TrialStatus::Fail => ("fail", "FAIL"),
        TrialStatus::Error => ("fail", "ERROR"),
        TrialStatus::Skip => ("skip", "SKIP"),
        TrialStatus::Advisory => ("advisory", "NOTE"),
    };
    html! {
        tr class=(class) {
            th scope="row" { (Text::new(&case.case)) }
            td { span.status { (status) } }
            @if case.measures.is_empty() {
                td.words colspan="2" { (Text::new(&case.summary)) }
            } @else {
                td colspan="2" { @for measure in &case.measures {
                    div.measure.missed[!measure.ok] {
                        span { span.metric { (Text::new(&measure.metric)) } " " b { (Text::new(&measure.measured)) } }
                        span { (Text::new(&measure.required)) }
                    }
                } }
            }
        }
    }
}
