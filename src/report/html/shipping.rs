//! What would ship: every parameter of the selected candidate, those that move first.

use maud::{Markup, html};

use super::model::Page;
use super::text::Text;

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
                    p { "Candidate " (selected.place) ": fitness "
                        @for (index, level) in page.levels.iter().enumerate() {
                            @if index > 0 { ", " }
                            b { (level.selected.map_or_else(|| Text::new("none"), Text::number)) } " on " (level.slice)
                        }
                        ". Samples on train: " (selected.samples) "."
                        @if !selected.violates.is_empty() { " " b.missed { "It violates a constraint." } }
                    }
                    (params(&selected.params))
                }
            }
        }
    }
}

fn params(params: &[(Text, Option<Text>, Text)]) -> Markup {
    let moves = |(_, before, value): &&(Text, Option<Text>, Text)| before.as_ref() != Some(value);
    let (moved, kept): (Vec<_>, Vec<_>) = params.iter().partition(moves);
    let shown = moved.iter().take(MOST);
    let names: Vec<&Text> = kept.iter().take(MOST).map(|(name, ..)| name).collect();
    html! {
        ul.params {
            @for (name, before, value) in shown {
                li { span.metric { (name) } " "
                    @if let Some(before) = before { span.before { (before) } " → " }
                    b { (value) } }
            }
        }
        @if moved.len() > MOST { p.note { "and " (moved.len() - MOST) " more" } }
        @if !kept.is_empty() {
            p.note { "At the baseline: "
                @for (index, name) in names.iter().enumerate() { @if index > 0 { ", " } (name) }
                @if kept.len() > MOST { ", and " (kept.len() - MOST) " more" } "." }
        }
    }
}
