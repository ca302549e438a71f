//! Whether an answer is the expected one, and where it is not.

use std::fmt::Write;

use serde_json::{Number, Value as Json};

/// Differences shown of one case; the rest is counted.
const SHOWN: usize = 20;
/// Characters shown of one value.
const WIDTH: usize = 160;
const RELATIVE: f64 = 1e-9;
const ABSOLUTE: f64 = 1e-12;

/// Values of these keys are fitness as a target answered it: rankings break ties by its last digit.
const FITNESS: [&str; 13] = [
    "fitness",
    "baseline_fitness",
    "plus_fitness",
    "minus_fitness",
    "train_fitnesses",
    "test_fitnesses",
    "test_best_fitness",
    "search_fitness",
    "validation_fitness",
    "final_fitness",
    "found_fitness",
    "fitness_trajectory",
    "round_best_fitness",
];

/// How close a number has to be. Whole numbers, texts and the shape always have to be equal.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Precision {
    /// Every float bit for bit.
    Bits,
    /// Fitness bit for bit, other floats to 1e-9 relative or 1e-12 absolute.
    FitnessBits,
    /// Every float, fitness too, to 1e-9 relative or 1e-12 absolute: it is that of parameters which are themselves.
    Close,
}

/// Says every place where `found` is not what is expected.
pub(crate) fn differences(found: &Json, expected: &Json, precision: Precision) -> Result<(), String> {
    let mut comparison = Comparison { precision, lines: Vec::new(), more: 0 };
    comparison.compare("expected", "", found, expected);
    if comparison.lines.is_empty() {
        return Ok(());
    }
    let mut text = comparison.lines.join("\n");
    if comparison.more > 0 {
        let _ = write!(text, "\nand {} more", comparison.more);
    }
    Err(text)
}

struct Comparison {
    precision: Precision,
    lines: Vec<String>,
    more: usize,
}

impl Comparison {
    /// `key` is the nearest name above a value: lists of fitness have the key of the list.
    fn compare(&mut self, path: &str, key: &str, found: &Json, expected: &Json) {
        match (found, expected) {
            (Json::Object(found), Json::Object(expected)) => {
                for (name, wanted) in expected {
                    let path = format!("{path}.{name}");
                    match found.get(name) {
                        Some(value) => self.compare(&path, name, value, wanted),
                        None => self.report(&path, "nothing", &shown(wanted)),
                    }
                }
                for (name, value) in found.iter().filter(|(name, _)| !expected.contains_key(*name)) {
                    self.report(&format!("{path}.{name}"), &shown(value), "nothing");
                }
            }
            (Json::Array(found), Json::Array(expected)) => {
                if found.len() != expected.len() {
                    let count = |values: &[Json]| format!("{} values", values.len());
                    self.report(path, &count(found), &count(expected));
                }
                for (index, (value, wanted)) in found.iter().zip(expected).enumerate() {
                    self.compare(&format!("{path}[{index}]"), key, value, wanted);
                }
            }
            (Json::Number(a), Json::Number(b)) if self.agree(key, a, b) => {}
            (found, expected) if !found.is_number() && found == expected => {}
            _ => self.report(path, &shown(found), &shown(expected)),
        }
    }

    #[expect(clippy::float_cmp, reason = "a whole number is written as a float or not, as it came")]
    fn agree(&self, key: &str, found: &Number, expected: &Number) -> bool {
        let (Some(a), Some(b)) = (found.as_f64(), expected.as_f64()) else { return false };
        match (found.is_f64(), expected.is_f64()) {
            (false, false) => found == expected,
            (true, true) if self.bits(key) => a.to_bits() == b.to_bits(),
            (true, true) => (a - b).abs() <= (RELATIVE * a.abs().max(b.abs())).max(ABSOLUTE),
            _ => a == b,
        }
    }

    fn bits(&self, key: &str) -> bool {
        match self.precision {
            Precision::Bits => true,
            Precision::FitnessBits => FITNESS.contains(&key),
            Precision::Close => false,
        }
    }

    fn report(&mut self, path: &str, found: &str, expected: &str) {
        if self.lines.len() < SHOWN {
            self.lines.push(format!("{path}: found {found}, expected {expected}"));
        } else {
            self.more += 1;
        }
    }
}

fn shown(value: &Json) -> String {
    let text = value.to_string();
    match text.char_indices().nth(WIDTH) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text,
    }
}
