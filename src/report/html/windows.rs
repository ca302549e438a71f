//! The windows of a run, one beside the other.

use maud::{Markup, html};

use crate::report::view::{Page, Wander, WindowRow};

/// Windows, and parameters, that are listed; what is left out is counted.
const MOST: usize = 60;

pub(super) fn windows(page: &Page) -> Markup {
    html! {
        @if !page.windows.is_empty() {
            section {
                h2 { "Windows" }
                table.stack {
                    thead { tr { th { "Window" } th { "Winner" } th.figure { "Gain" } th { "The smaller of" } } }
                    tbody { @for window in page.windows.iter().take(MOST) { (row(window)) } }
                }
                @if page.windows.len() > MOST { p.note { "and " (page.windows.len() - MOST) " more windows" } }
                p { "The parameters of the winners, window by window:" }
                table.stack.wander {
                    tbody { @for wander in page.wander.iter().take(MOST) { (values(wander)) } }
                }
                @if page.wander.len() > MOST { p.note { "and " (page.wander.len() - MOST) " more parameters" } }
            }
        }
    }
}

fn row(window: &WindowRow) -> Markup {
    html! {
        tr { th scope="row" { (window.number) } td data-label="winner" { (window.winner) } td.figure data-label="gain" { (window.gain) }
            td data-label="the smaller of" { (window.of) } }
    }
}

fn values(wander: &Wander) -> Markup {
    html! {
        tr {
            th scope="row" { (wander.name) }
            @for value in wander.values.iter().take(MOST) { td.figure { (value) } }
            td { @if wander.distinct < 2 { "the same in all" } @else { (wander.distinct) " values" } }
        }
    }
}
