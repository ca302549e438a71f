//! How far the fitness moves with each parameter: bars, longest first.

use maud::{Markup, html};

use super::chart::{self, LEFT, RIGHT};
use super::scale::{Scale, pixels};
use crate::report::escape::Text;
use crate::report::view::Stress;

/// Bars that are drawn; what is left out is counted.
const MOST: usize = 24;
const STEP: f64 = 22.0;
/// Names stand left of the bars, figures right of them.
const NAMES: f64 = LEFT + 60.0;
const FIGURES: f64 = RIGHT - 66.0;

pub(super) fn stress(ranked: &[Stress]) -> Markup {
    let values = ranked.iter().map(|bar| bar.value.abs()).chain([0.0]);
    let Some(scale) = Scale::over(values, NAMES, FIGURES).filter(|_| !ranked.is_empty()) else { return html! {} };
    let notes: Vec<String> =
        ranked.len().checked_sub(MOST + 1).map(|more| format!("{} more are not drawn", more + 1)).into_iter().collect();
    let ranked = &ranked[..ranked.len().min(MOST)];
    let body = html! {
        @for (row, bar) in ranked.iter().enumerate() {
            @let top = row as f64 * STEP + 4.0;
            text.end.strong[bar.unlocked] x=(pixels(NAMES - 6.0)) y=(pixels(top + 12.0)) { (bar.name.short(18)) }
            @if bar.value.is_finite() {
                rect.bar.unlocked[bar.unlocked] x=(pixels(NAMES)) y=(pixels(top)) height=(pixels(STEP - 7.0))
                    width=(pixels((scale.at(bar.value.abs()) - NAMES).max(1.0))) {}
            }
            text x=(pixels(FIGURES + 6.0)) y=(pixels(top + 12.0)) { (Text::number(bar.value)) }
        }
    };
    let height = ranked.len() as f64 * STEP + 6.0;
    let picture = html! {
        (chart::svg(height, "Stress by parameter", &body))
        @if ranked.iter().any(|bar| bar.unlocked) { (chart::legend(&[("accent", "unlocked: searched"), ("muted", "locked at the baseline")])) }
    };
    chart::figure("Stress", "How far the fitness moves with each parameter around the baseline.", &notes, &picture)
}
