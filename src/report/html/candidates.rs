//! The best candidates beside the one that was selected.

use maud::{Markup, html};

use crate::report::escape::Text;
use crate::report::view::{Page, Shown};

/// Constraints that are named; what is left out is counted.
const MOST: usize = 12;

pub(super) fn candidates(page: &Page) -> Markup {
    let Some((role, best)) = page.bests.searched() else { return html! {} };
    let no_feasible = match best.keeping {
        _ if best.candidates == best.not_finite => "none: no fitness is a finite number",
        Some(_) => "none: each violates a constraint",
        None => "not recorded",
    };
    let judged = best.keeping.is_some();
    html! {
        section {
            h2 { "Candidates" }
            p { (best.candidates) " on " (role)
                @if let Some(keeping) = best.keeping { ", " (keeping) " feasible" }
                @if best.not_finite > 0 { ", " (best.not_finite) " without a finite fitness" } "." }
            table.rows {
                thead { tr { th { "" } th { "Which" } th.figure { "Fitness" } th.figure { "Samples" } th { "Violates" } } }
                tbody {
                    @match &best.any {
                        Some(any) => (row("Best of all", any, judged)),
                        None => tr { th scope="row" { "Best of all" } td colspan="4" { "none" } },
                    }
                    @match &best.feasible {
                        Some(feasible) => (row("Best feasible", feasible, true)),
                        None => tr { th scope="row" { "Best feasible" } td colspan="4" { (no_feasible) } },
                    }
                    @match &page.selected {
                        Some(selected) => tr.chosen {
                            @let level = page.levels.first();
                            th scope="row" { "Selected" }
                            td { (selected.place.to_string()) }
                            td.figure { (fitness(level.and_then(|level| level.selected))) }
                            td.figure { @if let Some(level) = level { (level.samples) } }
                            td { @if judged { (violations(&selected.violates)) } @else { "not recorded" } }
                        },
                        None => tr { th scope="row" { "Selected" } td colspan="4" { "none" } },
                    }
                }
            }
        }
    }
}

fn row(label: &str, shown: &Shown, judged: bool) -> Markup {
    html! {
        tr {
            th scope="row" { (label) }
            td { (shown.place.to_string()) }
            td.figure { (fitness(Some(shown.fitness))) }
            td.figure { (shown.samples) }
            td { @if judged { (violations(&shown.violates)) } @else { "not recorded" } }
        }
    }
}

fn fitness(value: Option<f64>) -> Text {
    value.map_or_else(|| Text::new("none"), Text::number)
}

fn violations(names: &[Text]) -> Markup {
    html! {
        @if names.is_empty() { "none" } @else {
            @for (index, name) in names.iter().take(MOST).enumerate() { @if index > 0 { ", " } (name) }
            @if names.len() > MOST { ", and " (names.len() - MOST) " more" }
        }
    }
}
