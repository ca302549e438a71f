//! Fitness on train against fitness on test: does what was found hold elsewhere?

use maud::{Markup, html};

use super::chart::{self, BOTTOM, LEFT, RIGHT, TOP};
use super::scale::Scale;
use crate::report::view::{Pair, PairKind};

/// Pairs that are drawn of each kind; every one of them lies in a list that its gate bounds.
const MOST: usize = 2000;

pub(super) fn transfer(pairs: &[Pair]) -> Markup {
    let finite = |pair: &&Pair| pair.train.is_finite() && pair.test.is_finite();
    let shown: Vec<&Pair> = pairs.iter().filter(finite).collect();
    let x = Scale::over(shown.iter().map(|pair| pair.train), LEFT, RIGHT).map(|scale| scale.with_room(0.06));
    let y = Scale::over(shown.iter().map(|pair| pair.test), BOTTOM, TOP).map(|scale| scale.with_room(0.06));
    let (Some(x), Some(y)) = (x, y) else { return html! {} };
    let of = |kind: PairKind| {
        let pairs = shown.iter().filter(move |pair| pair.kind == kind).take(MOST);
        pairs.map(|pair| (x.at(pair.train), y.at(pair.test)))
    };
    let body = html! {
        (chart::axes(&x, &y, &"fitness on train", &"fitness on test"))
        (chart::dots("muted", of(PairKind::Spread)))
        (chart::dots("accent", of(PairKind::Best)))
        @for (x, y) in of(PairKind::Selected) { (chart::selected(x, y)) }
    };
    let all = [
        (PairKind::Spread, "muted", "spread over the ranks"),
        (PairKind::Best, "accent", "best on train"),
        (PairKind::Selected, "selected", "selected"),
    ];
    let known = all.iter().filter(|(kind, ..)| shown.iter().any(|pair| pair.kind == *kind));
    let legend: Vec<(&str, &str)> = known.map(|&(_, class, label)| (class, label)).collect();
    let left_out = pairs.len() - shown.len();
    let notes: Vec<String> =
        (left_out > 0).then(|| format!("{left_out} without a finite fitness")).into_iter().collect();
    let picture =
        html! { (chart::svg(chart::HEIGHT, "Fitness on train against test", &body)) (chart::legend(&legend)) };
    chart::figure(
        "Train against test",
        "Dots that rise to the right: what is good on train is good on test.",
        &notes,
        &picture,
    )
}
