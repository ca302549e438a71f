//! Fitness over the calls of the run, by phase, and the best feasible one so far.

use maud::{Markup, html};

use super::chart::{self, BOTTOM, LEFT, RIGHT, TOP};
use super::scale::Scale;
use crate::report::view::{Call, CallKind, Record};

const KINDS: [(CallKind, &str, &str); 5] = [
    (CallKind::Before, "muted", "baseline and stress"),
    (CallKind::Search, "accent", "search"),
    (CallKind::Other, "other", "draws to compare with"),
    (CallKind::Test, "test", "test"),
    (CallKind::Holdout, "holdout", "holdout"),
];

pub(super) fn timeline(record: &Record, not_applicable: u64) -> Markup {
    let calls = record.calls.items();
    let x = Scale::over(calls.iter().map(|call| call.call as f64), LEFT, RIGHT).map(|scale| scale.with_room(0.02));
    let levels = calls.iter().map(|call| call.fitness).chain(record.frontier.items().iter().map(|step| step.1));
    let y = Scale::over(levels, BOTTOM, TOP).map(|scale| scale.with_room(0.05));
    let (Some(x), Some(y)) = (x, y) else { return html! {} };
    let place = |call: &Call| (x.at(call.call as f64), y.at(call.fitness));
    let of = |kind: CallKind, feasible: bool| {
        calls.iter().filter(move |call| call.kind == kind && call.feasible == feasible).map(place)
    };
    let infeasible = calls.iter().any(|call| !call.feasible);
    let body = html! {
        (chart::axes(&x, &y, &"evaluation", &"fitness"))
        @for (kind, class, _) in KINDS {
            (chart::dots(&format!("{class} faint"), of(kind, false)))
            (chart::dots(class, of(kind, true)))
        }
        (chart::line("frontier", &steps(record, &x, &y)))
    };
    let known = KINDS.iter().filter(|(kind, ..)| calls.iter().any(|call| call.kind == *kind));
    let mut legend: Vec<(&str, &str)> = known.map(|&(_, class, label)| (class, label)).collect();
    if infeasible {
        legend.push(("hollow", "faint: violates a constraint"));
    }
    legend.push(("best", if infeasible { "best feasible so far" } else { "best so far" }));
    let failed = (record.failed > 0).then(|| format!("{} have no finite fitness", record.failed));
    let apart = (not_applicable > 0).then(|| format!("{not_applicable} evaluations were not applicable"));
    let null = (record.null_runs > 0).then(|| format!("{} evaluations of null runs are not drawn", record.null_runs));
    let notes: Vec<String> = record.calls.note().into_iter().chain(failed).chain(apart).chain(null).collect();
    let picture = html! { (chart::svg(chart::HEIGHT, "Fitness over the run", &body)) (chart::legend(&legend)) };
    chart::figure("Fitness over the run", "Every evaluation in the order of the run.", &notes, &picture)
}

/// The frontier as stairs, up to the last search call that is drawn.
fn steps(record: &Record, x: &Scale, y: &Scale) -> Vec<(f64, f64)> {
    let mut places: Vec<(f64, f64)> = Vec::new();
    for &(call, fitness) in record.frontier.items() {
        if let Some(&(_, level)) = places.last() {
            places.push((x.at(call as f64), level));
        }
        places.push((x.at(call as f64), y.at(fitness)));
    }
    let last = record.calls.items().iter().rev().find(|call| call.kind == CallKind::Search);
    if let (Some(last), Some(best)) = (last, record.best) {
        places.push((x.at(last.call as f64), y.at(best)));
    }
    places
}
