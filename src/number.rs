//! Numbers as Python spells them, and how two of them are compared.

words! {
    /// How a number is compared with what is required of it.
    pub enum Op {
        /// Smaller than.
        Below = "<",
        /// At most.
        AtMost = "<=",
        /// Larger than.
        Above = ">",
        /// At least.
        AtLeast = ">=",
        /// Equal, bit for bit as numbers compare.
        Equal = "==",
    }
}

impl Op {
    /// What is the case where the comparison does not hold.
    pub const fn opposite(self) -> &'static str {
        match self {
            Self::Below => ">=",
            Self::AtMost => ">",
            Self::Above => "<=",
            Self::AtLeast => "<",
            Self::Equal => "!=",
        }
    }

    /// Whether `measured op value` holds; never for NaN.
    #[expect(clippy::float_cmp, reason = "the declared comparison is the exact one")]
    pub fn holds(self, measured: f64, value: f64) -> bool {
        match self {
            Self::Below => measured < value,
            Self::AtMost => measured <= value,
            Self::Above => measured > value,
            Self::AtLeast => measured >= value,
            Self::Equal => measured == value,
        }
    }
}

/// `repr` of a float: the shortest decimal that reads back, ties to even, an exponent below 1e-4 and from 1e16 on.
pub fn repr(value: f64) -> String {
    if value.is_nan() {
        return "nan".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "inf" } else { "-inf" }.to_owned();
    }
    let sign = if value.is_sign_negative() { "-" } else { "" };
    let (digits, power) = shortest(value.abs());
    let (before, after) = digits.split_at(1);
    match usize::try_from(power) {
        _ if !(-4..16).contains(&power) => {
            let point = if after.is_empty() { "" } else { "." };
            with_exponent(&format!("{sign}{before}{point}{after}"), power)
        }
        Ok(power) if power < after.len() => {
            let (whole, fraction) = digits.split_at(power + 1);
            format!("{sign}{whole}.{fraction}")
        }
        Ok(power) => format!("{sign}{digits}{:0<zeros$}.0", "", zeros = power - after.len()),
        Err(_) => format!("{sign}0.{:0<zeros$}{digits}", "", zeros = power.unsigned_abs() as usize - 1),
    }
}

/// A number in strict JSON, which has none that is not finite: these are the words `"nan"`, `"inf"` and `"-inf"`.
pub fn strict_json(value: f64) -> serde_json::Value {
    serde_json::Number::from_f64(value).map_or_else(|| repr(value).into(), serde_json::Value::Number)
}

/// The number that one of these words stands for.
pub fn word_value(word: &str) -> Option<f64> {
    match word {
        "nan" => Some(f64::NAN),
        "inf" => Some(f64::INFINITY),
        "-inf" => Some(f64::NEG_INFINITY),
        _ => None,
    }
}

/// Python's `f"{value:.{decimals}f}"`.
pub fn fixed(value: f64, decimals: usize) -> String {
    if value.is_finite() { format!("{value:.decimals$}") } else { repr(value) }
}

/// Python's `f"{value:.{significant}g}"`.
pub fn general(value: f64, significant: usize) -> String {
    let significant = significant.max(1);
    if !value.is_finite() {
        return repr(value);
    }
    let scientific = format!("{value:.*e}", significant - 1);
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let power: i32 = exponent.parse().unwrap_or(0);
    let limit = i32::try_from(significant).unwrap_or(i32::MAX);
    if (-4..limit).contains(&power) {
        let decimals = usize::try_from(limit - 1 - power).unwrap_or(0);
        trim_zeros(&format!("{value:.decimals$}")).to_owned()
    } else {
        with_exponent(trim_zeros(digits), power)
    }
}

/// Python writes the exponent with its sign and at least two digits.
fn with_exponent(digits: &str, power: i32) -> String {
    let sign = if power < 0 { '-' } else { '+' };
    format!("{digits}e{sign}{:02}", power.unsigned_abs())
}

/// The shortest digits of a finite value from zero on, and the power of ten of the first of them.
///
/// The standard library rounds a tie between two shortest candidates up, Python to the even digit. Where zmij itself
/// changes to an exponent is its own affair, so only its digits are taken.
fn shortest(value: f64) -> (String, i32) {
    let mut buffer = zmij::Buffer::new();
    let text = buffer.format_finite(value);
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let significant = digits.trim_start_matches('0');
    if significant.is_empty() {
        return ("0".to_owned(), 0);
    }
    let first = whole.len() as i32 - 1 - (digits.len() - significant.len()) as i32;
    (significant.trim_end_matches('0').to_owned(), exponent.parse::<i32>().unwrap_or(0) + first)
}

fn trim_zeros(text: &str) -> &str {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_are_spelled_as_python_spells_them() {
        // repr() of CPython 3.11.
        for (value, expected) in [
            (1.0, "1.0"),
            (-0.0, "-0.0"),
            (0.0001, "0.0001"),
            (0.00001, "1e-05"),
            (1e15, "1000000000000000.0"),
            (1e16, "1e+16"),
            (1.5e300, "1.5e+300"),
            (0.1 + 0.2, "0.30000000000000004"),
            (f64::NEG_INFINITY, "-inf"),
            (5e-324, "5e-324"),
            (0.0, "0.0"),
            (-0.001_25, "-0.00125"),
            (120.0, "120.0"),
            (9_999_999_999_999_998.0, "9999999999999998.0"),
            (1.25e-5, "1.25e-05"),
            (f64::MAX, "1.7976931348623157e+308"),
        ] {
            assert_eq!(repr(value), expected);
        }
    }

    #[test]
    fn a_tie_between_two_shortest_decimals_goes_to_the_even_digit() {
        // repr() of CPython 3.11; the standard library prints ..313e-8, ..24.3 and ..9.3.
        for (value, expected) in [
            (2f64.powi(-25), "2.9802322387695312e-08"),
            (2f64.powi(50) + 0.25, "1125899906842624.2"),
            (-2f64.powi(50) - 5.25, "-1125899906842629.2"),
        ] {
            assert_eq!(repr(value), expected);
        }
    }

    #[test]
    fn every_magnitude_reads_back_and_changes_form_where_python_does() {
        for power in -324..=307 {
            let value: f64 = format!("9.87654321e{power}").parse().unwrap();
            let text = repr(value);
            assert_eq!(text.parse(), Ok(value), "{text}");
            assert_eq!(text.contains('e'), !(-4..16).contains(&power), "{text}");
        }
    }

    #[test]
    fn formats_follow_pythons_f_and_g() {
        // f"{v:.3f}" and f"{v:.6g}" of CPython 3.11.
        assert_eq!(fixed(1_438_461.538_429_511, 2), "1438461.54");
        assert_eq!(fixed(2.5, 0), "2");
        assert_eq!(fixed(f64::INFINITY, 2), "inf");
        for (value, expected) in [
            (7.003, "7.003"),
            (1_234_567.0, "1.23457e+06"),
            (999_999.5, "1e+06"),
            (0.000_012_345_678, "1.23457e-05"),
            (100.0, "100"),
            (0.0, "0"),
            (-1e9, "-1e+09"),
        ] {
            assert_eq!(general(value, 6), expected);
        }
    }
}
