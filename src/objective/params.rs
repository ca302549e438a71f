//! One parameter set: ordered, typed, cheap to clone.

use std::fmt;
use std::sync::Arc;

use super::{ParamError, Value, spelling};

/// Names with values, in the order of the space.
///
/// A clone shares the values, and a change makes a copy, so a target can never alter what was recorded.
#[derive(Clone, PartialEq)]
pub struct Params {
    names: Arc<[String]>,
    values: Arc<[Value]>,
}

impl Params {
    /// A parameter set of these pairs. A name given twice keeps its first place and its last value.
    pub fn new<N: Into<String>, V: Into<Value>>(pairs: impl IntoIterator<Item = (N, V)>) -> Self {
        let mut names: Vec<String> = Vec::new();
        let mut values: Vec<Value> = Vec::new();
        for (name, value) in pairs {
            let (name, value) = (name.into(), value.into());
            match names.iter().position(|known| *known == name) {
                Some(index) => values[index] = value,
                None => {
                    names.push(name);
                    values.push(value);
                }
            }
        }
        Self { names: names.into(), values: values.into() }
    }

    /// The value of a float parameter.
    ///
    /// # Errors
    /// If there is no such parameter, or it is of another kind.
    pub fn float(&self, name: &str) -> Result<f64, ParamError> {
        match self.require(name)? {
            Value::Float(value) => Ok(*value),
            other => Err(ParamError::kind(name, other.kind(), "float")),
        }
    }

    /// The value of an int parameter.
    ///
    /// # Errors
    /// If there is no such parameter, or it is of another kind.
    pub fn int(&self, name: &str) -> Result<i64, ParamError> {
        match self.require(name)? {
            Value::Int(value) => Ok(*value),
            other => Err(ParamError::kind(name, other.kind(), "int")),
        }
    }

    /// The value of a bool parameter.
    ///
    /// # Errors
    /// If there is no such parameter, or it is of another kind.
    pub fn bool(&self, name: &str) -> Result<bool, ParamError> {
        match self.require(name)? {
            Value::Bool(value) => Ok(*value),
            other => Err(ParamError::kind(name, other.kind(), "bool")),
        }
    }

    /// The value of a choice.
    ///
    /// # Errors
    /// If there is no such parameter, or it is of another kind.
    pub fn choice(&self, name: &str) -> Result<&str, ParamError> {
        match self.require(name)? {
            Value::Choice(value) => Ok(value),
            other => Err(ParamError::kind(name, other.kind(), "choice")),
        }
    }

    /// The value of a parameter of any kind.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.position(name).map(|index| &self.values[index])
    }

    /// The same parameters with one value changed.
    ///
    /// # Errors
    /// If there is no such parameter.
    pub fn with(&self, name: &str, value: impl Into<Value>) -> Result<Self, ParamError> {
        let index = self.place(name)?;
        Ok(self.with_at([(index, value.into())]))
    }

    /// Names and values in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &Value)> {
        self.names.iter().map(String::as_str).zip(self.values.iter())
    }

    /// The number of parameters.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there is no parameter.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// Only the named parameters, in the order given; names that do not occur are left out.
    pub fn subset<'n>(&self, names: impl IntoIterator<Item = &'n str>) -> Self {
        Self::new(names.into_iter().filter_map(|name| Some((name, self.get(name)?.clone()))))
    }

    /// The place of a parameter that has to be there.
    pub(crate) fn place(&self, name: &str) -> Result<usize, ParamError> {
        self.position(name).ok_or_else(|| self.unknown(name))
    }

    fn position(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|known| known == name)
    }

    /// The same parameters with the values at these places changed.
    pub(crate) fn with_at(&self, changes: impl IntoIterator<Item = (usize, Value)>) -> Self {
        let mut values = self.values.to_vec();
        for (index, value) in changes {
            values[index] = value;
        }
        Self { names: Arc::clone(&self.names), values: values.into() }
    }

    fn require(&self, name: &str) -> Result<&Value, ParamError> {
        self.place(name).map(|index| &self.values[index])
    }

    fn unknown(&self, name: &str) -> ParamError {
        ParamError::unknown(name, spelling::nearest(name, self.names.iter().map(String::as_str)))
    }
}

/// `{alpha: 0.5, window: 3}`, values as [`Value`] displays them.
impl fmt::Display for Params {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("{")?;
        for (index, (name, value)) in self.iter().enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            write!(f, "{comma}{name}: {value}")?;
        }
        f.write_str("}")
    }
}

impl fmt::Debug for Params {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Params {
        Params::new([("vdd", Value::Float(0.9)), ("fins", Value::Int(2)), ("boost", Value::Bool(false))])
    }

    #[test]
    fn a_misspelt_name_is_refused_with_the_nearest_one() {
        let error = sample().float("vd").unwrap_err().to_string();
        assert_eq!(error, "no parameter `vd`; the nearest is `vdd`");
    }

    #[test]
    fn a_getter_of_another_kind_is_refused_with_both_kinds() {
        let error = sample().float("fins").unwrap_err().to_string();
        assert_eq!(error, "parameter `fins` is of kind int, not float");
    }

    #[test]
    fn changing_a_copy_leaves_the_original_alone() {
        let original = sample();
        let changed = original.clone().with("vdd", 1.1).unwrap();
        assert_eq!(original.float("vdd").unwrap(), 0.9);
        assert_eq!(changed.float("vdd").unwrap(), 1.1);
        assert_eq!(changed.to_string(), "{vdd: 1.1, fins: 2, boost: false}");
    }
}
