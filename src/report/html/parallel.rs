//! Three axes and more: every candidate as a line across all of them.

use maud::{Markup, html};

use super::chart::{self, WIDTH};
use super::scale::{Scale, pixels};
use crate::report::escape::Text;
use crate::report::view::{Pass, Point};

/// Axes that fit beside each other, fitness not counted.
const MOST: usize = 8;
const LEFT: f64 = 44.0;
const RIGHT: f64 = WIDTH - 44.0;
const TOP: f64 = 34.0;
const BOTTOM: f64 = 280.0;
/// Shades of the lines, from the least fit to the fittest.
const SHADES: u8 = 9;

pub(super) fn parallel(pass: &Pass) -> Markup {
    let shown = pass.axes.len().min(MOST);
    let points: Vec<(&Point, f64)> = pass.placed().filter_map(|point| Some((point, point.level()?))).collect();
    let fitness = Scale::over(points.iter().map(|(_, level)| *level), BOTTOM, TOP);
    let axis = |axis: usize| Scale::over(points.iter().map(|(point, _)| point.at[axis]), BOTTOM, TOP);
    let scales: Option<Vec<Scale>> = (0..shown).map(axis).collect();
    let (Some(fitness), Some(scales)) = (fitness, scales) else { return html! {} };
    let at = |column: usize| LEFT + (RIGHT - LEFT) * column as f64 / shown as f64;
    let path = |point: &Point, level: f64| {
        let mut places: Vec<(f64, f64)> = scales
            .iter()
            .zip(&point.at)
            .enumerate()
            .map(|(column, (scale, value))| (at(column), scale.at(*value)))
            .collect();
        places.push((at(shown), fitness.at(level)));
        places
    };
    // Most candidates of a search lie close to the best: the steps are finer there.
    let shade = |level: f64| (fitness.share(level).powi(4) * f64::from(SHADES)).floor() as u8;
    let lines = |step: u8| {
        let mut text = String::new();
        for (point, level) in points.iter().filter(|(_, level)| shade(*level) == step) {
            let places: Vec<String> =
                path(point, *level).iter().map(|(x, y)| format!("{} {}", pixels(*x), pixels(*y))).collect();
            text.extend(["M", &places.join("L")]);
        }
        text
    };
    let selected = pass.selected.as_ref().filter(|point| pass.is_placed(point));
    let body = html! {
        @for step in 0..=SHADES {
            @let path = lines(step);
            @if !path.is_empty() { path class={ "line accent s" (step) } d=(path) {} }
        }
        @if let Some((point, level)) = selected.and_then(|point| Some((point, point.level()?))) {
            (chart::line("halo", &path(point, level)))
            (chart::line("selected", &path(point, level)))
        }
        @for (column, axis) in pass.axes.iter().take(shown).enumerate() {
            (frame(at(column), &axis.name, &ends(&points, column, &axis.words)))
        }
        (frame(at(shown), &Text::new("fitness"), &fitness_ends(&points)))
    };
    let more = pass.axes.len().checked_sub(MOST).filter(|more| *more > 0);
    let notes: Vec<String> =
        pass.undrawn().into_iter().chain(more.map(|more| format!("{more} more parameters are not drawn"))).collect();
    let picture = html! {
        (chart::svg(BOTTOM + 24.0, "Candidates across all parameters", &body))
        (chart::legend(&[("accent", "darker: fitter"), ("selected", "selected")]))
    };
    chart::figure("The search", &format!("Each line is a candidate{}.", pass.suffix()), &notes, &picture)
}

/// The smallest and the largest value of an axis.
fn ends(points: &[(&Point, f64)], axis: usize, words: &[Text]) -> (Text, Text) {
    let values = points.iter().map(|(point, _)| point.at[axis]);
    let (low, high) = span(values);
    (chart::value(words, low), chart::value(words, high))
}

fn fitness_ends(points: &[(&Point, f64)]) -> (Text, Text) {
    let (low, high) = span(points.iter().map(|(_, level)| *level));
    (Text::number(low), Text::number(high))
}

fn span(values: impl Iterator<Item = f64>) -> (f64, f64) {
    values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)))
}

fn frame(x: f64, name: &Text, (low, high): &(Text, Text)) -> Markup {
    html! {
        line.axis x1=(pixels(x)) x2=(pixels(x)) y1=(pixels(TOP)) y2=(pixels(BOTTOM)) {}
        text.middle.name x=(pixels(x)) y="12" { (name.short(12)) }
        text.middle x=(pixels(x)) y=(pixels(TOP - 6.0)) { (high.short(12)) }
        text.middle x=(pixels(x)) y=(pixels(BOTTOM + 16.0)) { (low.short(12)) }
    }
}
