//! A figure of a gate as people read it.

use crate::artifacts::{MeasureEntry, ReadingEntry, RequiredEntry};
use crate::gates::Digits;

/// What was measured: `0.120 (n = 10)`, or `none`.
pub fn measured(measure: &MeasureEntry) -> String {
    let shown = match &measure.measured {
        None => "none".to_owned(),
        Some(ReadingEntry::Word(word)) => word.clone(),
        Some(ReadingEntry::Number(number)) => with_unit(measure.digits.0, number.0, &measure.unit),
    };
    if measure.note.is_empty() { shown } else { format!("{shown} ({})", measure.note) }
}

/// What is required: `>= 0.300`; nothing if nothing is.
pub fn required(measure: &MeasureEntry) -> String {
    compared(measure, RequiredEntry::symbol)
}

/// The requirement, or what is the case where it does not hold: `< 0.300` where 0.300 is missed.
pub(super) fn found(measure: &MeasureEntry) -> String {
    compared(measure, if measure.ok { RequiredEntry::symbol } else { RequiredEntry::opposite })
}

fn compared(measure: &MeasureEntry, symbol: fn(&RequiredEntry) -> &'static str) -> String {
    let Some(required) = &measure.required else { return String::new() };
    let bound = required.value.map(|bound| with_unit(measure.digits.0, bound.0, &measure.unit));
    let bound = match (bound, required.of.is_empty()) {
        (Some(bound), true) => bound,
        (Some(bound), false) => format!("{bound} ({})", required.of),
        (None, _) => required.of.clone(),
    };
    format!("{} {bound}", symbol(required))
}

fn with_unit(digits: Digits, value: f64, unit: &str) -> String {
    let number = digits.spell(value);
    if unit.is_empty() { number } else { format!("{number} {unit}") }
}
