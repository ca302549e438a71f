//! The parameters of a target.

use std::collections::HashSet;
use std::ops::RangeInclusive;

use super::{ParamError, ParamKind, ParamSpec, Params, Scale, Value, spelling};

/// Every parameter of a target, in order. The order decides ties and the order of grids.
///
/// Building never fails. [`ParamSpace::check`] says what is wrong, and no run starts with a space that it refuses.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ParamSpace {
    specs: Vec<ParamSpec>,
}

impl ParamSpace {
    /// A space without parameters.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a real parameter: range with both ends included, baseline.
    #[must_use]
    pub fn float(self, name: impl Into<String>, range: RangeInclusive<f64>, neutral: f64) -> Self {
        self.param(ParamSpec::float(name, range, neutral))
    }

    /// Adds a whole-number parameter: range with both ends included, baseline.
    #[must_use]
    pub fn int(self, name: impl Into<String>, range: RangeInclusive<i64>, neutral: i64) -> Self {
        self.param(ParamSpec::int(name, range, neutral))
    }

    /// Adds a real parameter on a logarithmic scale: range above zero with both ends included, baseline.
    #[must_use]
    pub fn log_float(self, name: impl Into<String>, range: RangeInclusive<f64>, neutral: f64) -> Self {
        self.param(ParamSpec::log_float(name, range, neutral))
    }

    /// Adds a whole-number parameter on a logarithmic scale: range above zero with both ends included, baseline.
    #[must_use]
    pub fn log_int(self, name: impl Into<String>, range: RangeInclusive<i64>, neutral: i64) -> Self {
        self.param(ParamSpec::log_int(name, range, neutral))
    }

    /// Adds a choice: its alternatives in order, and the baseline among them.
    #[must_use]
    pub fn choice<'c>(
        self,
        name: impl Into<String>,
        choices: impl IntoIterator<Item = &'c str>,
        neutral: &str,
    ) -> Self {
        self.param(ParamSpec::choice(name, choices, neutral))
    }

    /// Adds a switch with its baseline.
    #[must_use]
    pub fn bool(self, name: impl Into<String>, neutral: bool) -> Self {
        self.param(ParamSpec::bool(name, neutral))
    }

    /// Lets the number that was added last move in steps only; see [`ParamSpec::step`].
    ///
    /// `ParamSpace::new().int("slow", 20..=250, 100).step(10)`
    #[must_use]
    pub fn step(mut self, step: impl Into<Value>) -> Self {
        if let Some(last) = self.specs.pop() {
            self.specs.push(last.step(step));
        }
        self
    }

    /// Adds a parameter.
    #[must_use]
    pub fn param(mut self, spec: ParamSpec) -> Self {
        self.specs.push(spec);
        self
    }

    /// The parameters in order.
    pub fn specs(&self) -> &[ParamSpec] {
        &self.specs
    }

    /// The parameter of this name.
    ///
    /// # Errors
    /// If no parameter has this name; the message names the nearest one.
    pub fn get(&self, name: &str) -> Result<&ParamSpec, ParamError> {
        self.specs.iter().find(|spec| spec.name == name).ok_or_else(|| {
            ParamError::unknown(name, spelling::nearest(name, self.specs.iter().map(|spec| spec.name.as_str())))
        })
    }

    /// Every parameter at its baseline value.
    pub fn neutral(&self) -> Params {
        Params::new(self.specs.iter().map(|spec| (spec.name.as_str(), spec.neutral())))
    }

    /// Whether a search over this space makes sense.
    ///
    /// # Errors
    /// If there is no parameter, a name is empty or given twice, a bound is not finite, a range is empty, a step makes no sense,
    /// or a baseline lies outside its range or between two steps.
    pub fn check(&self) -> Result<(), SpaceError> {
        if self.specs.is_empty() {
            return Err(SpaceError::new("the parameter space is empty; declare at least one parameter"));
        }
        let mut names = HashSet::new();
        for spec in &self.specs {
            if spec.name.is_empty() || spec.name.chars().any(char::is_control) {
                let name = spec.name.escape_debug();
                let expected = "expected at least one character and none that controls a terminal";
                return Err(SpaceError::new(format!("a parameter has the name `{name}`, {expected}")));
            }
            if !names.insert(spec.name.as_str()) {
                return Err(SpaceError::new(format!("parameter `{}` is declared twice", spec.name)));
            }
            check_range(spec)?;
        }
        Ok(())
    }

    /// Whether `params` name exactly the parameters of this space, each within its range.
    ///
    /// # Errors
    /// Says which parameter is missing, unknown or out of its range.
    pub fn check_params(&self, params: &Params) -> Result<(), SpaceError> {
        for (place, (name, value)) in params.iter().enumerate() {
            // Nearly always they are in the order of the space.
            let spec = match self.specs.get(place).filter(|spec| spec.name == name) {
                Some(spec) => spec,
                None => self.get(name).map_err(|error| SpaceError::new(error.to_string()))?,
            };
            if !spec.contains(value) {
                return Err(SpaceError::outside(spec, value));
            }
        }
        match self.specs.iter().find(|spec| params.get(&spec.name).is_none()) {
            Some(spec) => Err(SpaceError::new(format!("parameter `{}` has no value", spec.name))),
            None => Ok(()),
        }
    }
}

fn check_range(spec: &ParamSpec) -> Result<(), SpaceError> {
    let refused = |what: String| Err(SpaceError::new(format!("parameter `{}` has {what}", spec.name)));
    let (empty, positive) = match &spec.kind {
        &ParamKind::Float { low, high, neutral, .. } => {
            for (bound, value) in [("low", low), ("high", high), ("neutral", neutral), ("high - low", high - low)] {
                if !value.is_finite() {
                    return refused(format!("{bound} = {value}, expected a finite number"));
                }
            }
            (low > high, low > 0.0)
        }
        &ParamKind::Int { low, high, .. } => (low > high, low > 0),
        ParamKind::Bool { .. } => (false, true),
        ParamKind::Choice { choices, .. } => {
            let twice = (1..choices.len()).find(|&place| choices[..place].contains(&choices[place]));
            if let Some(place) = twice {
                return refused(format!("the choice {:?} twice", choices[place]));
            }
            (choices.is_empty(), true)
        }
    };
    if empty {
        return refused(format!("an empty range ({})", spec.describe()));
    }
    if spec.scale() == Scale::Log && !positive {
        return refused(format!("the range {}, expected one above zero, where ratios mean something", spec.describe()));
    }
    if let Some(step) = &spec.step {
        let expected = match &spec.kind {
            ParamKind::Bool { .. } | ParamKind::Choice { .. } => Some("none: only numbers have steps"),
            _ if spec.scale() == Scale::Log => Some("none: on a log scale there are no even steps"),
            ParamKind::Float { .. } if spec.steps().is_none() => {
                Some("a number above 0 that the range has not too many of")
            }
            ParamKind::Int { .. } if spec.steps().is_none() => {
                Some("a whole number above 0 that the range has not too many of")
            }
            _ => None,
        };
        if let Some(expected) = expected {
            return refused(format!("the step {step}, expected {expected}"));
        }
    }
    if !spec.contains(&spec.neutral()) {
        return Err(SpaceError::outside(spec, &spec.neutral()));
    }
    Ok(())
}

/// Why a space, or a parameter set for it, is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct SpaceError {
    message: String,
}

impl SpaceError {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into() }
    }

    /// A value that the parameter cannot have.
    pub(crate) fn outside(spec: &ParamSpec, value: &Value) -> Self {
        Self::new(format!("parameter `{}` has the value {value}, expected {}", spec.name, spec.describe()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(space: ParamSpace) -> String {
        space.check().unwrap_err().to_string()
    }

    #[test]
    fn every_invalid_space_is_refused_by_name() {
        assert_eq!(refused(ParamSpace::new()), "the parameter space is empty; declare at least one parameter");
        assert_eq!(refused(ParamSpace::new().bool("a", true).int("a", 0..=1, 0)), "parameter `a` is declared twice");
        let reversed = ParamSpace::new().float("gain", 2.0..=1.0, 1.5);
        assert_eq!(refused(reversed), "parameter `gain` has an empty range (float in 2.0..=1.0)");
        assert_eq!(
            refused(ParamSpace::new().int("fins", 1..=6, 9)),
            "parameter `fins` has the value 9, expected int in 1..=6"
        );
        assert_eq!(
            refused(ParamSpace::new().float("x", 0.0..=f64::INFINITY, 1.0)),
            "parameter `x` has high = inf, expected a finite number"
        );
        assert_eq!(
            refused(ParamSpace::new().float("x", 0.0..=1.0, f64::NAN)),
            "parameter `x` has neutral = NaN, expected a finite number"
        );
    }

    #[test]
    fn choices_and_logarithmic_ranges_are_checked_by_name_too() {
        assert_eq!(
            refused(ParamSpace::new().choice("loss", ["l1", "l2"], "l3")),
            "parameter `loss` has the value \"l3\", expected one of [\"l1\", \"l2\"]"
        );
        assert_eq!(
            refused(ParamSpace::new().choice("loss", ["l1", "l1"], "l1")),
            "parameter `loss` has the choice \"l1\" twice"
        );
        assert_eq!(
            refused(ParamSpace::new().log_float("rate", 0.0..=1.0, 0.5)),
            "parameter `rate` has the range log float in 0.0..=1.0, expected one above zero, where ratios mean something"
        );
        let fine = ParamSpace::new().choice("loss", ["l1", "l2"], "l2").log_int("width", 1..=1024, 64);
        assert_eq!(fine.check(), Ok(()));
        assert_eq!(fine.neutral().choice("loss").unwrap(), "l2");
    }

    #[test]
    fn a_step_that_makes_no_sense_and_a_baseline_between_two_are_refused_by_name() {
        let float = |step: Value| ParamSpace::new().float("x", 0.0..=1.0, 0.5).step(step);
        for step in
            [Value::Float(0.0), Value::Float(-0.1), Value::Float(f64::NAN), Value::Float(1e-300), Value::Bool(true)]
        {
            let said = refused(float(step));
            assert!(
                said.starts_with("parameter `x` has the step ") && said.contains("expected a number above 0"),
                "{said}"
            );
        }
        assert_eq!(refused(float(0.3.into())), "parameter `x` has the value 0.5, expected float in 0.0..=1.0 by 0.3");
        let int = |step: Value| refused(ParamSpace::new().int("n", 0..=9, 3).step(step));
        assert_eq!(
            int(0.5.into()),
            "parameter `n` has the step 0.5, expected a whole number above 0 that the range has not too many of"
        );
        assert_eq!(int(2.into()), "parameter `n` has the value 3, expected int in 0..=9 by 2");
        let log = ParamSpace::new().log_int("n", 1..=9, 3).step(2);
        assert_eq!(refused(log), "parameter `n` has the step 2, expected none: on a log scale there are no even steps");
        let switch = ParamSpace::new().bool("b", true).step(1);
        assert_eq!(refused(switch), "parameter `b` has the step 1, expected none: only numbers have steps");
        let fine = ParamSpace::new().float("x", 0.0..=1.0, 0.3).step(0.1).int("n", 1..=9, 4).step(3);
        assert_eq!(fine.check(), Ok(()));
        let params = |x: f64, n: i64| fine.neutral().with("x", x).unwrap().with("n", n).unwrap();
        assert!(fine.check_params(&params(0.1 + 0.2, 7)).is_ok(), "as near as sums of steps come");
        assert!(fine.check_params(&params(0.35, 7)).is_err() && fine.check_params(&params(0.4, 8)).is_err());
    }

    #[test]
    fn base_parameters_outside_the_space_are_refused_by_name() {
        let space = ParamSpace::new().float("a", 0.0..=1.0, 0.5).bool("b", false);
        assert!(space.check_params(&space.neutral()).is_ok());
        let outside = space.neutral().with("a", 50.0).unwrap();
        assert_eq!(
            space.check_params(&outside).unwrap_err().to_string(),
            "parameter `a` has the value 50.0, expected float in 0.0..=1.0"
        );
        let partial = Params::new([("a", 0.5)]);
        assert_eq!(space.check_params(&partial).unwrap_err().to_string(), "parameter `b` has no value");
    }
}
