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
                    p { "Candidate " (selected.place.to_string()) " of " (selected.of) ": fitness "
                        @for (index, level) in page.levels.iter().filter(|level| level.selected.is_some()).enumerate() {
                            @if index > 0 { ", " }
                            b { (level.selected.map(Text::number).unwrap_or_default()) } " on " (level.slice)
                            @if !level.samples.as_str().is_empty() { " (n=" (level.samples) ")" }
                        }
                        "."
                        @if !selected.violates.is_empty() { " " b.missed { "It violates a constraint." } }
                    }
                    @for (slice, gain) in &page.gains { p { "Gain over the baseline on " (slice) ": " (gain) "." } }
                    @if !page.gains.is_empty() {
                        p.note { "A gain that passed is too high on average, since the same slice decided. The holdout is the only slice
                            that chose nothing; where it has to reach a bar (mode gate), what passed is a little too high there, too" "." }
                    }
                    @if !page.blocks.is_empty() {
                        details { summary { "Blocks" }
                            ul.params { @for (whose, blocks) in &page.blocks {
                                li { span.metric { (whose) } " "
                                    @for (place, block) in blocks.iter().take(MOST).enumerate() { @if place > 0 { ", " } (Text::number(*block)) }
                                    @if blocks.len() > MOST { ", and " (blocks.len() - MOST) " more" } }
                            } }
                        }
                    }
                    (params(selected))
                }
            }
        }
    }
}

fn params(selected: &Selected) -> Markup {
    let (moved, kept) = selected.moved();
    html! {
        ul.params {
            @for Param { name, before, value } in moved.iter().take(MOST) {
                li { span.metric { (name) } " "
                    @if let Some(before) = before { span.before { (before) } " → " }
                    b { (value) } }
            }
        }
        @if moved.len() > MOST { p.note { "and " (moved.len() - MOST) " more" } }
        @if !kept.is_empty() {
            p.note { "At the baseline: "
                @for (index, param) in kept.iter().take(MOST).enumerate() { @if index > 0 { ", " } (param.name) }
                @if kept.len() > MOST { ", and " (kept.len() - MOST) " more" } "." }
        }
    }
}
