//! What would ship: every parameter of the selected candidate, those that move first.

use maud::{Markup, html};

use crate::report::escape::Text;
use crate::report::view::{Page, Param, Selected};

/// Parameters that are listed; what is left out is counted.
const MOST: usize = 60;

/// The words before them depend on whether it would.
pub(super) fn shipping(page: &Page, heading: &str) -> Markup {
    html! {
        section.ship {
            h2 { (heading) }
            @match &page.selected {
                None => p { "Nothing: no candidate was selected." },
                Some(selected) => {
                    p { "Candidate " (selected.place.to_string()) " of " (selected.of)
                        @if !selected.ships { ", which was not locked in" } ". Fitness "
                        @for (index, level) in page.levels.iter().filter(|level| level.selected.is_some()).enumerate() {
                            @if index > 0 { ", " }
                            b { (level.selected.map(Text::number).unwrap_or_default()) } " on " (level.slice)
                            @if let Some(baseline) = level.baseline { " (baseline " (Text::number(baseline)) ")" }
                        }
                        "."
                        @if !selected.violates.is_empty() { " " b.missed { "It violates a constraint." } }
                    }
                    @for (slice, gain) in &page.gains { p.gain { "Gain over the baseline on " (slice) ": " b { (gain) } "." } }
                    @if !page.gains.is_empty() {
                        p.note { "A gain that passed is too high on average, since the same slice decided. The holdout is the only slice
                            that chose nothing; where it has to reach a bar (mode gate), what passed is a little too high there, too" "." }
                    }
                    (params(selected))
                    (copy(selected))
                    @if !page.blocks.is_empty() {
                        details { summary { "Blocks" }
                            ul.params { @for (whose, blocks) in &page.blocks {
                                li { span.metric { (whose) } " "
                                    @for (place, block) in blocks.iter().take(MOST).enumerate() { @if place > 0 { ", " } (Text::number(*block)) }
                                    @if blocks.len() > MOST { ", and " (blocks.len() - MOST) " more" } }
                            } }
                        }
                    }
                }
            }
        }
    }
}

/// The parameters that were searched or moved, from the baseline and beside what ships today.
fn params(selected: &Selected) -> Markup {
    let (moved, kept) = selected.moved();
    let (stayed, kept): (Vec<&Param>, Vec<&Param>) = kept.into_iter().partition(|param| param.unlocked);
    let shown: Vec<&Param> = moved.into_iter().chain(stayed).collect();
    let today = selected.params.iter().any(|param| param.accepted.is_some());
    html! {
        @if !shown.is_empty() {
            table.stack {
                thead { tr { th { "Parameter" } th.figure { "Baseline" } @if today { th.figure { "Ships today" } } th.figure { "Selected" } } }
                tbody { @for Param { name, before, accepted, value, .. } in shown.iter().take(MOST) {
                    tr {
                        th scope="row" { (name) }
                        td.figure data-label="baseline" { @if let Some(before) = before { (before) } }
                        @if today { td.figure data-label="ships today" { @if let Some(accepted) = accepted { (accepted) } @else { "none" } } }
                        td.figure data-label="selected" { b { (value) } @if before.as_ref() == Some(value) { " (as it was)" } }
                    }
                } }
            }
        }
        @if shown.len() > MOST { p.note { "and " (shown.len() - MOST) " more" } }
        @if !kept.is_empty() {
            p.note { "Not searched, and at the baseline: "
                @for (index, param) in kept.iter().take(MOST).enumerate() { @if index > 0 { ", " } (param.name) }
                @if kept.len() > MOST { ", and " (kept.len() - MOST) " more" } "." }
        }
    }
}

/// Every parameter with its whole value, in a form that programs read.
fn copy(selected: &Selected) -> Markup {
    html! {
        @if !selected.copy.as_str().is_empty() {
            details.copy { summary { "All parameters to copy, as JSON" } pre { (selected.copy) } }
        }
    }
}
