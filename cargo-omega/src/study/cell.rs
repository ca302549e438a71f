//! A value that a file holds as a text, and of which type it is.

use omega_lock::internals::artifacts::{Number, StudyValue};

/// What is written where there is no number; in lowercase.
const NO_NUMBER: [&str; 12] =
    ["nan", "-nan", "+nan", "na", "<na>", "n/a", "#n/a", "#na", "null", "none", "1.#qnan", "-1.#ind"];

/// A score; NaN for each of the words that stand for no number.
pub(crate) fn score(text: &str) -> Option<f64> {
    let text = text.trim();
    if NO_NUMBER.contains(&text.to_ascii_lowercase().as_str()) {
        return Some(f64::NAN);
    }
    // What is left of the words that `parse` knows are infinities.
    text.parse().ok()
}

/// A parameter's value in a table: `True`, `TRUE`, `true` and their opposites are switches, `None` is nothing, a decimal is a
/// number. Whole numbers with zeros before them are names, and those beyond 64 bits keep their digits: both stay texts.
pub(crate) fn value(text: &str) -> StudyValue {
    match text {
        "None" => StudyValue::Nothing,
        "True" | "TRUE" | "true" => StudyValue::Bool(true),
        "False" | "FALSE" | "false" => StudyValue::Bool(false),
        _ => number(text).unwrap_or_else(|| StudyValue::Text(text.to_owned())),
    }
}

/// A parameter's value where the tool keeps nothing but what Python's `str` gave: `True`, `False` and `None` are what they
/// say, and a number is one if no digit of its text is lost by that. `1.10` and `007` stay texts.
pub(crate) fn exact(text: &str) -> StudyValue {
    match text {
        "true" | "TRUE" | "false" | "FALSE" => StudyValue::Text(text.to_owned()),
        _ if loses_a_digit(text) => StudyValue::Text(text.to_owned()),
        _ => value(text),
    }
}

/// Whether a decimal has zeros behind its point that a number would not keep; `2.0` has none.
fn loses_a_digit(text: &str) -> bool {
    let mantissa = text.split(['e', 'E']).next().unwrap_or(text);
    let fraction = mantissa.split_once('.').map(|(_, fraction)| fraction);
    text.starts_with('+') || fraction.is_some_and(|fraction| fraction != "0" && fraction.ends_with('0'))
}

fn number(text: &str) -> Option<StudyValue> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if matches!(digits, "inf" | "nan" | "Infinity" | "NaN") {
        return text.parse().ok().map(|value| StudyValue::Float(Number(value)));
    }
    let leads_with_zero = digits.len() > 1 && digits.starts_with('0') && digits.as_bytes()[1].is_ascii_digit();
    if leads_with_zero || !digits.starts_with(|first: char| first.is_ascii_digit() || first == '.') {
        return None;
    }
    if digits == "0" && text.starts_with('-') {
        // No tool writes a whole number so; it is a float that lost its point on the way.
        return Some(StudyValue::Float(Number(-0.0)));
    }
    if digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse().ok().map(StudyValue::Int);
    }
    text.parse().ok().map(|value| StudyValue::Float(Number(value)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn float(value: f64) -> StudyValue {
        StudyValue::Float(Number(value))
    }

    fn text(text: &str) -> StudyValue {
        StudyValue::Text(text.to_owned())
    }

    #[test]
    fn texts_are_typed_by_what_they_spell() {
        for (cell, expected) in [
            ("3", StudyValue::Int(3)),
            ("0", StudyValue::Int(0)),
            ("0.50", float(0.5)),
            ("1e-05", float(1e-5)),
            ("-inf", float(f64::NEG_INFINITY)),
            ("nan", float(f64::NAN)),
            ("True", StudyValue::Bool(true)),
            ("false", StudyValue::Bool(false)),
            ("None", StudyValue::Nothing),
            ("007", text("007")),
            ("99999999999999999999", text("99999999999999999999")),
            ("l1", text("l1")),
            ("1.2.3", text("1.2.3")),
            (" 3", text(" 3")),
            ("e5", text("e5")),
            ("infinite", text("infinite")),
            ("0,25", text("0,25")),
            ("(10, 5)", text("(10, 5)")),
        ] {
            assert_eq!(value(cell), expected, "{cell}");
        }
    }

    #[test]
    fn a_zero_keeps_its_sign() {
        assert_eq!(value("-0"), value("-0.0"));
        assert!(matches!(value("-0"), StudyValue::Float(Number(zero)) if zero.is_sign_negative()));
    }

    #[test]
    fn nothing_is_lost_of_a_text_where_the_tool_keeps_texts_only() {
        for (cell, expected) in [
            ("1.10", text("1.10")),
            ("2.0", float(2.0)),
            ("1.10e5", text("1.10e5")),
            ("10", StudyValue::Int(10)),
            ("+1", text("+1")),
            ("0.1", float(0.1)),
            ("true", text("true")),
            ("True", StudyValue::Bool(true)),
            ("None", StudyValue::Nothing),
            ("none", text("none")),
        ] {
            assert_eq!(exact(cell), expected, "{cell}");
        }
    }

    #[test]
    fn no_number_is_spelled_in_many_ways() {
        for cell in ["NaN", "nan", "NAN", "NA", "n/a", "#N/A", "null", "None", "-nan", "<NA>", " nan "] {
            assert!(score(cell).is_some_and(f64::is_nan), "{cell}");
        }
        assert_eq!(score("-Infinity"), Some(f64::NEG_INFINITY));
        assert_eq!(score("+inf"), Some(f64::INFINITY));
        assert_eq!(score(" 1e3 "), Some(1000.0));
        for cell in ["0,25", "1.2.3", "abc", "True", "1 000"] {
            assert_eq!(score(cell), None, "{cell}");
        }
    }
}
