//! The selected candidate from slice to slice, and beside what was accepted before.

use maud::{Markup, html};

use super::chart::{self, LEFT, RIGHT};
use super::scale::{Scale, pixels};
use crate::report::escape::Text;
use crate::report::view::{GoldRow, Level, Page};

const STEP: f64 = 38.0;
/// Names stand left of the axis.
const NAMES: f64 = LEFT + 12.0;
/// Rows of gold that are listed; what fails comes first.
const MOST: usize = 60;

/// Fitness on train, test and holdout on one axis.
pub(super) fn slices(levels: &[Level]) -> Markup {
    let values = levels.iter().flat_map(|level| [level.baseline, level.selected, level.required]).flatten();
    let Some(x) = Scale::over(values, NAMES, RIGHT).map(|scale| scale.with_room(0.08)) else { return html! {} };
    let bottom = levels.len() as f64 * STEP + 8.0;
    let place = |value: Option<f64>| value.filter(|value| value.is_finite()).map(|value| x.at(value));
    let body = html! {
        @for (label, at) in x.marks() {
            line.grid x1=(pixels(at)) x2=(pixels(at)) y1="4" y2=(pixels(bottom)) {}
            text.middle x=(pixels(at)) y=(pixels(bottom + 15.0)) { (label) }
        }
        @for (row, level) in levels.iter().enumerate() {
            @let y = row as f64 * STEP + 24.0;
            text.end x=(pixels(NAMES - 8.0)) y=(pixels(y + 4.0)) { (level.slice) }
            @if let (Some(from), Some(to)) = (place(level.baseline), place(level.selected)) {
                (chart::line("path", &[(from, y), (to, y)]))
            }
            @if let Some(at) = place(level.baseline) { (chart::dots("muted", std::iter::once((at, y)))) }
            @if let Some(at) = place(level.required) {
                line.required x1=(pixels(at)) x2=(pixels(at)) y1=(pixels(y - 12.0)) y2=(pixels(y + 12.0)) {}
            }
            @if let Some(at) = place(level.selected) {
                (chart::selected(at, y))
                text.middle.strong x=(pixels(at.clamp(NAMES + 36.0, RIGHT - 36.0))) y=(pixels(y - 12.0)) {
                    (level.selected.map(Text::number).unwrap_or_default()) }
            }
        }
    };
    let required = levels.iter().any(|level| level.required.is_some());
    let mut legend = vec![("selected", "selected")];
    if levels.iter().any(|level| level.baseline.is_some()) {
        legend.push(("muted", "baseline"));
    }
    if required {
        legend.push(("needed", "required at least"));
    }
    let picture = html! { (chart::svg(bottom + 22.0, "Fitness by slice", &body)) (chart::legend(&legend)) };
    chart::figure(
        "From slice to slice",
        "The selected candidate on the data it was found on, and on data it was not.",
        &[],
        &picture,
    )
}

pub(super) fn gold(page: &Page) -> Markup {
    if page.gold.is_empty() {
        return html! {};
    }
    let moved: Vec<&GoldRow> = page.gold.iter().filter(|row| !row.same).collect();
    let same = page.gold.len() - moved.len();
    html! {
        section {
            h2 { "Beside gold" }
            p { (same) " of " (page.gold.len()) " are the same"
                @if moved.iter().all(|row| row.holds) { ", and nothing moved further than it may." } @else { ". What moved further than it may:" } }
            @if !moved.is_empty() {
                table.stack {
                    thead { tr { th { "" } th.figure { "Gold" } th.figure { "This run" } th.figure { "Delta" } th { "" } } }
                    tbody { @for row in moved.iter().take(MOST) { (gold_row(row)) } }
                }
            }
            @if moved.len() > MOST { p.note { "and " (moved.len() - MOST) " more" } }
        }
    }
}

fn gold_row(row: &GoldRow) -> Markup {
    html! {
        tr.fail[!row.holds] {
            th scope="row" { (row.name) }
            td.figure data-label="gold" { (row.gold) }
            td.figure data-label="this run" { (row.new) }
            td.figure data-label="delta" { (row.delta) }
            td { span.status[!row.holds] { (row.word) } }
        }
    }
}
