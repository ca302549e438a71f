//! One axis: fitness over the only unlocked parameter.

use maud::{Markup, html};

use super::chart::{self, BOTTOM, LEFT, RIGHT, TOP};
use super::scale::Scale;
use crate::report::view::{Pass, Point};

pub(super) fn curve(pass: &Pass) -> Markup {
    let [axis] = pass.axes.as_slice() else { return html! {} };
    let x = Scale::over(pass.placed().map(|point| point.at[0]), LEFT, RIGHT).map(|scale| scale.with_room(0.04));
    let y = Scale::over(pass.placed().filter_map(Point::level), BOTTOM, TOP).map(|scale| scale.with_room(0.06));
    let (Some(x), Some(y)) = (x, y) else { return html! {} };
    let of = |feasible: bool| {
        let points = pass.placed().filter(move |point| (point.feasible != Some(false)) == feasible);
        points.filter_map(|point| Some((x.at(point.at[0]), y.at(point.level()?))))
    };
    let selected = pass.selected.as_ref().filter(|point| pass.is_placed(point));
    let body = html! {
        (chart::axes(&x, &y, &axis.name.short(40), &"fitness"))
        (chart::dots("accent faint", of(false)))
        (chart::dots("accent", of(true)))
        @if let Some((point, level)) = selected.and_then(|point| Some((point, point.level()?))) {
            (chart::selected(x.at(point.at[0]), y.at(level)))
        }
    };
    let picture = html! {
        (chart::svg(chart::HEIGHT, "Fitness over one parameter", &body))
        (chart::legend(&[("accent", "candidate"), ("selected", "selected")]))
    };
    let notes = pass.undrawn();
    chart::figure("The search", &format!("Fitness over {}{}.", axis.name.as_str(), pass.suffix()), &notes, &picture)
}
