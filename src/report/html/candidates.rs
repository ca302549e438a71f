//! The best candidates beside the one that was selected.

use maud::{Markup, html};

use super::model::Page;
use super::text::Text;

/// Constraints that are named; what is left out is counted.
const MOST: usize = 12;

pub(super) fn candidates(page: &Page) -> Markup {
    let Some((role, best)) = page.card.bests.searched() else { return html! {} };
    let no_feasible = match best.judged {
        _ if best.candidates == best.not_finite => "none: no fitness is a finite number",
        true => "none: each violates a constraint",
        false => "not recorded",
    };
    html! {
        section {
            h2 { "Candidates" }
            p { (best.candidates) " on " (Text::new(role))
                @if best.not_finite > 0 { ", " (best.not_finite) " of them failed or not finite" } "." }
            table {
                thead { tr { th { "" } th { "Which" } th.figure { "Fitness" } th.figure { "Samples" } th { "Violates" } } }
                tbody {
                    @match &best.any {
                        Some(any) => (row("Best of all", any, best.judged)),
                        None => tr { th scope="row" { "Best of all" } td colspan="4" { "none" } },
                    }
                    @match &best.feasible {
                        Some(feasible) => (row("Best feasible", feasible, true)),
                        None => tr { th scope="row" { "Best feasible" } td colspan="4" { (no_feasible) } },
                    }
                    @match &page.selected {
                        Some(selected) => tr.chosen {
                            th scope="row" { "Selected" }
                            td { (selected.place) }
                            td.figure { (selected.fitness.map_or_else(|| Text::new("none"), Text::number)) }
                            td.figure { (selected.samples) }
                            td { @if best.judged { (violations(&selected.violates)) } @else { "not recorded" } }
                        },
                        None => tr { th scope="row" { "Selected" } td colspan="4" { "none" } },
                    }
                }
            }
        }
    }
}

fn row(label: &str, shown: &crate::report::card::Shown, judged: bool) -> Markup {
    let violates: Vec<Text> = shown.violates.iter().map(Text::new).collect();
    html! {
        tr {
            th scope="row" { (label) }
            td { (Text::new(&shown.place)) }
            td.figure { (Text::number(shown.fitness)) }
            td.figure { (Text::new(&shown.samples)) }
            td { @if judged { (violations(&violates)) } @else { "not recorded" } }
        }
    }
}

fn violations(names: &[Text]) -> Markup {
    html! {
        @if names.is_empty() { "none" } @else {
            @for (index, name) in names.iter().take(MOST).enumerate() { @if index > 0 { ", " } (name) }
            @if names.len() > MOST { ", and " (names.len() - MOST) " more" }
        }
    }
}
