//! Parameters as somebody typed them or wrote them into a file, made values of a space.

use crate::artifacts::{ParamMap, ParamValue};
use crate::objective::spelling::nearest;
use crate::objective::{ParamKind, ParamSpace, ParamSpec, Params, Value};

/// `params` with the values that a file holds.
pub(super) fn with_values(space: &ParamSpace, params: Params, given: &ParamMap) -> Result<Params, String> {
    given.0.iter().try_fold(params, |params, (name, value)| {
        let spec = spec(space, name)?;
        let value = match (&spec.kind, value) {
            (ParamKind::Float { .. }, ParamValue::Float(value)) => Value::Float(value.0),
            (ParamKind::Float { .. }, ParamValue::Int(value)) => Value::Float(*value as f64),
            (ParamKind::Int { .. }, ParamValue::Int(value)) => Value::Int(*value),
            (ParamKind::Bool { .. }, ParamValue::Bool(value)) => Value::Bool(*value),
            (ParamKind::Choice { .. }, ParamValue::Choice(value)) => Value::Choice(value.as_str().into()),
            // Texts that spell a number that is none: a choice may be called so.
            (ParamKind::Choice { .. }, ParamValue::Float(value)) => Value::Choice(crate::number::repr(value.0).into()),
            (_, other) => return Err(unfit(spec, &other.to_string())),
        };
        set(spec, &params, value, name)
    })
}

/// `params` with the values that were typed.
pub(super) fn with_words(space: &ParamSpace, params: Params, typed: &[(String, String)]) -> Result<Params, String> {
    typed.iter().try_fold(params, |params, (name, word)| {
        let spec = spec(space, name)?;
        let value = match &spec.kind {
            ParamKind::Float { .. } => word.parse().ok().filter(|value: &f64| value.is_finite()).map(Value::Float),
            ParamKind::Int { .. } => word.parse().ok().map(Value::Int),
            ParamKind::Bool { .. } => word.parse().ok().map(Value::Bool),
            ParamKind::Choice { .. } => Some(Value::Choice(word.as_str().into())),
        };
        set(spec, &params, value.ok_or_else(|| unfit(spec, word))?, name)
    })
}

fn spec<'s>(space: &'s ParamSpace, name: &str) -> Result<&'s ParamSpec, String> {
    let found = space.specs().iter().find(|spec| spec.name == name);
    found.ok_or_else(|| {
        let names = || space.specs().iter().map(|spec| spec.name.as_str());
        let shown: Vec<String> = names().take(12).map(|name| format!("`{name}`")).collect();
        let more = if names().count() > shown.len() { ", ..." } else { "" };
        let near = nearest(name, names()).map(|near| format!("\nhelp: did you mean `{near}`?")).unwrap_or_default();
        format!("there is no parameter `{name}`; there is {}{more}{near}", shown.join(", "))
    })
}

fn set(spec: &ParamSpec, params: &Params, value: Value, name: &str) -> Result<Params, String> {
    if !spec.contains(&value) {
        return Err(unfit(spec, &value.to_string()));
    }
    params.with(name, value).map_err(|error| error.to_string())
}

fn unfit(spec: &ParamSpec, found: &str) -> String {
    let near = match (&spec.kind, found.parse::<f64>()) {
        (ParamKind::Choice { choices, .. }, _) => {
            nearest(found.trim_matches('"'), choices.iter().map(AsRef::as_ref)).map(str::to_owned)
        }
        (ParamKind::Bool { .. }, _) => None,
        (_, Ok(number)) if number.is_finite() => Some(spec.clip(number).to_string()),
        _ => None,
    };
    let near = near.map(|near| format!("\nhelp: the nearest is `{near}`")).unwrap_or_default();
    format!("`{}` is {found}, expected {}{near}", spec.name, spec.describe())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::artifacts::Number;

    fn space() -> ParamSpace {
        ParamSpace::new().float("alpha", 0.0..=1.0, 0.5).int("window", 3..=30, 5).bool("long", false).choice(
            "mode",
            ["fast", "slow"],
            "fast",
        )
    }

    fn typed(pairs: &[(&str, &str)]) -> Result<Params, String> {
        let pairs: Vec<(String, String)> =
            pairs.iter().map(|(name, word)| ((*name).to_owned(), (*word).to_owned())).collect();
        with_words(&space(), space().neutral(), &pairs)
    }

    #[test]
    fn words_become_values_of_their_parameter() {
        let params = typed(&[("alpha", "1"), ("window", "7"), ("long", "true"), ("mode", "slow")]).unwrap();
        assert_eq!((params.float("alpha"), params.int("window")), (Ok(1.0), Ok(7)));
        assert_eq!((params.bool("long"), params.choice("mode")), (Ok(true), Ok("slow")));
    }

    #[test]
    fn what_fits_no_parameter_is_refused_with_the_nearest_that_does() {
        for (name, word, said) in [
            ("alhpa", "0.5", "did you mean `alpha`?"),
            ("alpha", "1.5", "the nearest is `1.0`"),
            ("alpha", "nan", "`alpha` is nan, expected float"),
            ("alpha", "much", "`alpha` is much, expected float"),
            ("window", "2", "the nearest is `3`"),
            ("window", "3.5", "expected int"),
            ("long", "1", "`long` is 1, expected"),
            ("mode", "slwo", "the nearest is `slow`"),
        ] {
            let error = typed(&[(name, word)]).expect_err(word);
            assert!(error.contains(said), "{name}={word}: {error}");
        }
    }

    #[test]
    fn values_of_a_file_keep_their_kind() {
        let of = |name: &str, value: ParamValue| {
            with_values(&space(), space().neutral(), &crate::artifacts::Ordered(vec![(name.to_owned(), value)]))
        };
        assert_eq!(of("alpha", ParamValue::Int(1)).unwrap().float("alpha"), Ok(1.0));
        assert!(of("window", ParamValue::Float(Number(7.0))).is_err());
        assert!(of("alpha", ParamValue::Bool(true)).is_err());
        assert!(of("alpha", ParamValue::Float(Number(f64::NAN))).is_err());
    }
}
