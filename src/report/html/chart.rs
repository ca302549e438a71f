//! What the pictures have in common: a frame with axes, dots, a legend, a caption.

use maud::{Markup, Render, html};

use super::scale::{Scale, pixels};
use crate::report::escape::Text;

/// Width of a picture, in units of its own.
pub(super) const WIDTH: f64 = 460.0;
/// Height of a picture with two axes.
pub(super) const HEIGHT: f64 = 300.0;
/// Room for the labels of the vertical axis, and for the end of the horizontal one.
pub(super) const LEFT: f64 = 64.0;
pub(super) const RIGHT: f64 = WIDTH - 12.0;
/// Room above, and for the labels of the horizontal axis.
pub(super) const TOP: f64 = 10.0;
pub(super) const BOTTOM: f64 = HEIGHT - 40.0;

/// A picture with a heading, what can be read off it, and what it leaves out.
pub(super) fn figure(heading: &str, meaning: &str, notes: &[String], picture: &Markup) -> Markup {
    html! {
        figure {
            h3 { (heading) }
            (picture)
            figcaption {
                (meaning)
                @for note in notes { " " span.note { (note) "." } }
            }
        }
    }
}

/// An SVG of this height; `label` is what is read aloud.
pub(super) fn svg(height: f64, label: &str, body: &Markup) -> Markup {
    html! {
        svg viewBox={ "0 0 " (pixels(WIDTH)) " " (pixels(height)) } role="img" aria-label=(label) { (body) }
    }
}

/// Both axes with their marks and names.
pub(super) fn axes(x: &Scale, y: &Scale, x_name: &impl Render, y_name: &impl Render) -> Markup {
    html! {
        @for (label, at) in y.marks() {
            line.grid x1=(pixels(LEFT)) x2=(pixels(RIGHT)) y1=(pixels(at)) y2=(pixels(at)) {}
            text.end x=(pixels(LEFT - 6.0)) y=(pixels(at + 4.0)) { (label) }
        }
        @for (label, at) in x.marks() {
            line.tick x1=(pixels(at)) x2=(pixels(at)) y1=(pixels(BOTTOM)) y2=(pixels(BOTTOM + 4.0)) {}
            text.middle x=(pixels(at)) y=(pixels(BOTTOM + 17.0)) { (label) }
        }
        line.axis x1=(pixels(LEFT)) x2=(pixels(RIGHT)) y1=(pixels(BOTTOM)) y2=(pixels(BOTTOM)) {}
        line.axis x1=(pixels(LEFT)) x2=(pixels(LEFT)) y1=(pixels(TOP)) y2=(pixels(BOTTOM)) {}
        text.middle.name x=(pixels((LEFT + RIGHT) / 2.0)) y=(pixels(HEIGHT - 6.0)) { (x_name) }
        text.middle.name transform={ "translate(12 " (pixels((TOP + BOTTOM) / 2.0)) ") rotate(-90)" } { (y_name) }
    }
}

/// Dots as one path, which is a fifth of the bytes that circles are.
pub(super) fn dots(class: &str, places: impl Iterator<Item = (f64, f64)>) -> Markup {
    let path: Vec<String> = places.map(|(x, y)| format!("M{} {}h0", pixels(x), pixels(y))).collect();
    html! { @if !path.is_empty() { path class={ "dots " (class) } d=(path.concat()) {} } }
}

pub(super) fn line(class: &str, places: &[(f64, f64)]) -> Markup {
    let path: Vec<String> = places.iter().map(|(x, y)| format!("{} {}", pixels(*x), pixels(*y))).collect();
    html! { @if !path.is_empty() { path class={ "line " (class) } d={ "M" (path.join("L")) } {} } }
}

pub(super) fn selected(x: f64, y: f64) -> Markup {
    html! {
        circle.halo cx=(pixels(x)) cy=(pixels(y)) r="8" {}
        circle.selected cx=(pixels(x)) cy=(pixels(y)) r="4.5" {}
    }
}

/// What the colours stand for.
pub(super) fn legend(entries: &[(&str, &str)]) -> Markup {
    html! {
        p.legend {
            @for (class, label) in entries {
                span {
                    svg.key viewBox="0 0 12 12" aria-hidden="true" { circle class={ "swatch " (class) } cx="6" cy="6" r="4.5" {} }
                    (label)
                }
            }
        }
    }
}

/// The place of a value on an axis of words or numbers, as it is read.
pub(super) fn value(words: &[Text], value: f64) -> Text {
    // Places in a list are whole numbers.
    words
        .iter()
        .enumerate()
        .find(|(place, _)| *place as f64 == value)
        .map_or_else(|| Text::number(value), |(_, word)| word.clone())
}
