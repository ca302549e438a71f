//! How a search narrowed: what each round covered of every axis.

use maud::{Markup, html};

use super::chart::{self, LEFT, RIGHT};
use super::model::Pass;
use super::scale::{Scale, pixels};
use super::text::Text;

/// Rounds and axes that are drawn.
const MOST: usize = 12;
const STEP: f64 = 12.0;

pub(super) fn zoom(pass: &Pass) -> Markup {
    if pass.boxes.is_empty() {
        return html! {};
    }
    let rounds = pass.boxes.len().min(MOST);
    let height = rounds as f64 * STEP + 44.0;
    let axes = pass.axes.iter().take(MOST);
    let body = html! {
        @for (axis, known) in axes.enumerate() {
            @let spans = pass.boxes.iter().take(MOST).filter_map(|round| round.get(axis));
            @let all = spans.clone().flat_map(|(low, high)| [*low, *high]);
            @if let Some(scale) = Scale::over(all.clone(), LEFT, RIGHT) {
                (panel(axis as f64 * height, known, &scale, spans.copied(), pass.selected.as_ref().map(|point| point.at[axis])))
            }
        }
    };
    let total = pass.axes.len().min(MOST) as f64 * height;
    let notes: Vec<String> = pass
        .boxes
        .len()
        .checked_sub(MOST)
        .filter(|more| *more > 0)
        .map(|more| format!("{more} more rounds are not drawn"))
        .into_iter()
        .collect();
    let picture = html! { (chart::svg(total, "Rounds of the zoom", &body)) (chart::legend(&[("accent", "a round, first on top"), ("selected", "selected")])) };
    chart::figure("Zoom", "What each round of the zoom covered of every parameter.", &notes, &picture)
}

fn panel(
    top: f64,
    axis: &super::model::Axis,
    scale: &Scale,
    spans: impl Iterator<Item = (f64, f64)> + Clone,
    selected: Option<f64>,
) -> Markup {
    let bottom = top + 20.0 + spans.clone().count() as f64 * STEP;
    html! {
        text.name x=(pixels(LEFT)) y=(pixels(top + 13.0)) { (axis.name.short(40)) }
        @for (round, (low, high)) in spans.enumerate() {
            @let y = top + 20.0 + round as f64 * STEP;
            text.end x=(pixels(LEFT - 6.0)) y=(pixels(y + 9.0)) { (round + 1) }
            rect.bar.unlocked x=(pixels(scale.at(low))) y=(pixels(y)) height=(pixels(STEP - 3.0))
                width=(pixels((scale.at(high) - scale.at(low)).max(1.5))) {
                title { (Text::number(low)) " to " (Text::number(high)) }
            }
        }
        @if let Some(x) = selected.filter(|value| value.is_finite()).map(|value| scale.at(value)) {
            line.mark x1=(pixels(x)) x2=(pixels(x)) y1=(pixels(top + 17.0)) y2=(pixels(bottom)) {}
        }
        @for (label, x) in scale.marks() {
            text.middle x=(pixels(x)) y=(pixels(bottom + 13.0)) { (label) }
        }
    }
}
