//! Two axes: the candidates as cells of a heat map, or as coloured dots where they form no grid.

use maud::{Markup, html};

use super::chart::{self, BOTTOM, LEFT, RIGHT, TOP};
use super::scale::{Scale, pixels};
use crate::report::escape::Text;
use crate::report::view::{Pass, Point};

/// Cells along an axis that can still be told apart.
const MOST: usize = 40;

pub(super) fn heat_map(pass: &Pass) -> Markup {
    let [across, up] = pass.axes.as_slice() else { return html! {} };
    let (columns, rows) = (distinct(pass, 0), distinct(pass, 1));
    let Some(shade) = Scale::over(pass.placed().filter_map(Point::level), 0.1, 1.0) else { return html! {} };
    // Rounds of a zoom share few of their values: their cells would be a sieve.
    let is_full = 2 * pass.placed().count() >= columns.len() * rows.len();
    let is_grid = columns.len().max(rows.len()) <= MOST && is_full;
    let body = if is_grid { cells(pass, &columns, &rows, &shade) } else { cloud(pass, &shade) };
    let mut legend = vec![("accent", "darker: fitter"), ("selected", "selected")];
    if pass.placed().any(|point| point.feasible == Some(false)) {
        legend.push(if is_grid { ("cross", "× violates a constraint") } else { ("muted", "violates a constraint") });
    }
    let height = if is_grid { grid_height(rows.len()) } else { chart::HEIGHT };
    let picture = html! {
        (chart::svg(height, "Fitness over two parameters", &body))
        (chart::legend(&legend))
    };
    let notes = pass.undrawn();
    let meaning = format!("Fitness over {} and {}{}.", across.name.as_str(), up.name.as_str(), pass.suffix());
    chart::figure("The search", &meaning, &notes, &picture)
}

fn grid_height(rows: usize) -> f64 {
    TOP + (rows as f64 * 34.0).clamp(120.0, 320.0) + 40.0
}

/// The values of an axis in order, each once.
fn distinct(pass: &Pass, axis: usize) -> Vec<f64> {
    let mut values: Vec<f64> = pass.placed().map(|point| point.at[axis] + 0.0).collect();
    values.sort_by(f64::total_cmp);
    values.dedup();
    values
}

fn cells(pass: &Pass, columns: &[f64], rows: &[f64], shade: &Scale) -> Markup {
    let bottom = grid_height(rows.len()) - 40.0;
    let (width, height) = ((RIGHT - LEFT) / columns.len() as f64, (bottom - TOP) / rows.len() as f64);
    let place = |point: &Point| {
        let column = columns.partition_point(|value| *value < point.at[0]) as f64;
        let row = rows.partition_point(|value| *value < point.at[1]) as f64;
        (LEFT + column * width, bottom - (row + 1.0) * height)
    };
    // Every label needs about this much room.
    let every = |cells: usize, size: f64, room: f64| (room / size).ceil().clamp(1.0, cells.max(1) as f64) as usize;
    html! {
        @for point in pass.placed() {
            @let (left, top) = place(point);
            rect.cell x=(pixels(left + 0.5)) y=(pixels(top + 0.5)) width=(pixels(width - 1.0)) height=(pixels(height - 1.0))
                fill-opacity=[point.level().map(|level| pixels(shade.at(level)))] {
                title { (chart::value(&pass.axes[0].words, point.at[0])) ", " (chart::value(&pass.axes[1].words, point.at[1]))
                    ": " (point.fitness.map_or_else(|| Text::new("failed"), Text::number)) }
            }
            @if point.feasible == Some(false) {
                text.middle.cross x=(pixels(left + width / 2.0)) y=(pixels(top + height / 2.0 + 4.0)) { "×" }
            }
        }
        @if let Some(selected) = pass.selected.as_ref().filter(|point| pass.is_placed(point)) {
            @let (left, top) = place(selected);
            rect.chosen x=(pixels(left + 1.0)) y=(pixels(top + 1.0)) width=(pixels(width - 2.0)) height=(pixels(height - 2.0)) {}
        }
        @for (index, value) in columns.iter().enumerate().step_by(every(columns.len(), width, 46.0)) {
            text.middle x=(pixels(LEFT + (index as f64 + 0.5) * width)) y=(pixels(bottom + 15.0)) {
                (chart::value(&pass.axes[0].words, *value).short(7)) }
        }
        @for (index, value) in rows.iter().enumerate().step_by(every(rows.len(), height, 16.0)) {
            text.end x=(pixels(LEFT - 6.0)) y=(pixels(bottom - (index as f64 + 0.5) * height + 4.0)) {
                (chart::value(&pass.axes[1].words, *value).short(6)) }
        }
        text.middle.name x=(pixels((LEFT + RIGHT) / 2.0)) y=(pixels(bottom + 34.0)) { (pass.axes[0].name.short(40)) }
        text.middle.name transform={ "translate(12 " (pixels((TOP + bottom) / 2.0)) ") rotate(-90)" } { (pass.axes[1].name.short(24)) }
    }
}

fn cloud(pass: &Pass, shade: &Scale) -> Markup {
    let scale = |axis: usize, from, to| {
        Scale::over(pass.placed().map(|point| point.at[axis]), from, to).map(|scale| scale.with_room(0.04))
    };
    let (Some(x), Some(y)) = (scale(0, LEFT, RIGHT), scale(1, BOTTOM, TOP)) else { return html! {} };
    // Nine shades say as much as a thousand, and fit into nine paths.
    let of = |step: u8, feasible: bool| {
        let points = pass.placed().filter(move |point| (point.feasible != Some(false)) == feasible);
        let points = points
            .filter(move |point| point.level().is_some_and(|level| (shade.at(level) * 9.0).floor() as u8 == step));
        points.map(|point| (x.at(point.at[0]), y.at(point.at[1])))
    };
    html! {
        (chart::axes(&x, &y, &pass.axes[0].name.short(40), &pass.axes[1].name.short(24)))
        @for step in 0..=9 {
            (chart::dots(&format!("muted s{step}"), of(step, false)))
            (chart::dots(&format!("accent s{step}"), of(step, true)))
        }
        @if let Some(selected) = pass.selected.as_ref().filter(|point| pass.is_placed(point)) {
            (chart::selected(x.at(selected.at[0]), y.at(selected.at[1])))
        }
    }
}
