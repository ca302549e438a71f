//! One parameter set: ordered, typed, cheap to clone.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use super::{ParamError, Value, spelling};

/// Names with values, in the order of the space.
///
/// A clone shares the values, and a change makes a copy, so a target can never alter what was recorded. A copy shares
/// whatever it does not change: it costs as much as moves in it, however many parameters hold still.
#[derive(Clone)]
pub struct Params {
    base: Arc<Base>,
    /// The values that are not those of the base, by place, in order.
    moved: Arc<[(usize, Value)]>,
}

/// So few names are sooner compared than hashed.
const FEW: usize = 8;

/// What sets share that were made from one another.
struct Base {
    names: Vec<Arc<str>>,
    values: Vec<Value>,
    places: HashMap<Arc<str>, usize>,
    fingerprint: u128,
    /// Each value's part of it.
    prints: Vec<u128>,
}

impl Params {
    /// A parameter set of these pairs. A name given twice keeps its first place and its last value.
    pub fn new<N: Into<String>, V: Into<Value>>(pairs: impl IntoIterator<Item = (N, V)>) -> Self {
        let (mut names, mut values, mut places) = (Vec::new(), Vec::new(), HashMap::new());
        for (name, value) in pairs {
            let name: Arc<str> = name.into().into();
            match places.entry(Arc::clone(&name)) {
                Entry::Occupied(place) => values[*place.get()] = value.into(),
                Entry::Vacant(place) => {
                    place.insert(values.len());
                    names.push(name);
                    values.push(value.into());
                }
            }
        }
        let prints: Vec<u128> = values.iter().enumerate().map(|(place, value)| print(place, value)).collect();
        let fingerprint = prints.iter().copied().fold(0, u128::wrapping_add);
        Self { base: Arc::new(Base { names, values, places, fingerprint, prints }), moved: Arc::default() }
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
        self.place_of(name).map(|place| self.value_at(place))
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
        let mut moved = self.moved.iter().peekable();
        self.base.names.iter().zip(&self.base.values).enumerate().map(move |(place, (name, value))| {
            (&**name, moved.next_if(|(at, _)| *at == place).map_or(value, |(_, moved)| moved))
        })
    }

    /// The number of parameters.
    pub fn len(&self) -> usize {
        self.base.names.len()
    }

    /// Whether there is no parameter.
    pub fn is_empty(&self) -> bool {
        self.base.names.is_empty()
    }

    /// Only the named parameters, in the order given; names that do not occur are left out.
    pub fn subset<'n>(&self, names: impl IntoIterator<Item = &'n str>) -> Self {
        Self::new(names.into_iter().filter_map(|name| Some((name, self.get(name)?.clone()))))
    }

    /// The place of a parameter, if it is there.
    pub(crate) fn place_of(&self, name: &str) -> Option<usize> {
        if self.base.names.len() <= FEW {
            return self.base.names.iter().position(|known| **known == *name);
        }
        self.base.places.get(name).copied()
    }

    /// The place of a parameter that has to be there.
    pub(crate) fn place(&self, name: &str) -> Result<usize, ParamError> {
        self.place_of(name).ok_or_else(|| {
            ParamError::unknown(name, spelling::nearest(name, self.base.names.iter().map(|name| &**name)))
        })
    }

    /// The same parameters with the values at these places changed.
    pub(crate) fn with_at(&self, changes: impl IntoIterator<Item = (usize, Value)>) -> Self {
        let changes = changes.into_iter();
        let mut moved = Vec::with_capacity(self.moved.len() + changes.size_hint().0);
        moved.extend_from_slice(&self.moved);
        for (place, value) in changes {
            // Most changes come in order.
            if moved.last().is_none_or(|(last, _)| *last < place) {
                moved.push((place, value));
                continue;
            }
            match moved.binary_search_by_key(&place, |(at, _)| *at) {
                Ok(found) => moved[found].1 = value,
                Err(free) => moved.insert(free, (place, value)),
            }
        }
        moved.retain(|(place, value)| !value.is_same(&self.base.values[*place]));
        Self { base: Arc::clone(&self.base), moved: moved.into() }
    }

    /// Hands out the parameters with another value than in `from`, in order; none if the two are not sets of the same parameters.
    ///
    /// Costs what moves if one was made from the other.
    pub(crate) fn moved_from<'p>(&'p self, from: &'p Self, mut moved: impl FnMut(&'p str, &'p Value)) -> Option<()> {
        if Arc::ptr_eq(&self.base, &from.base) {
            let (mut here, mut there) = (&*self.moved, &*from.moved);
            loop {
                let place = match (here.first(), there.first()) {
                    (Some((here, _)), Some((there, _))) => *here.min(there),
                    (Some((place, _)), None) | (None, Some((place, _))) => *place,
                    (None, None) => return Some(()),
                };
                let value = self.base.take_at(&mut here, place);
                if !value.is_same(self.base.take_at(&mut there, place)) {
                    moved(&self.base.names[place], value);
                }
            }
        }
        if self.base.names != from.base.names {
            return None;
        }
        for ((name, value), (_, other)) in self.iter().zip(from.iter()) {
            if !value.is_same(other) {
                moved(name, value);
            }
        }
        Some(())
    }

    /// The same for the same values at the same places, whatever the sets were made from, and by no chance the same for
    /// others.
    pub(crate) fn fingerprint(&self) -> [u8; 16] {
        // A sum over the places, so that what does not move need not be looked at.
        let moved = self.moved.iter().fold(self.base.fingerprint, |sum, (place, value)| {
            sum.wrapping_sub(self.base.prints[*place]).wrapping_add(print(*place, value))
        });
        moved.to_ne_bytes()
    }

    /// The value at a place.
    pub(crate) fn value_at(&self, place: usize) -> &Value {
        match self.moved.binary_search_by_key(&place, |(at, _)| *at) {
            Ok(found) => &self.moved[found].1,
            Err(_) => &self.base.values[place],
        }
    }

    fn require(&self, name: &str) -> Result<&Value, ParamError> {
        self.place(name).map(|place| self.value_at(place))
    }
}

impl Base {
    /// The value at a place, which is the first of `moved` or has not moved.
    fn take_at<'p>(&'p self, moved: &mut &'p [(usize, Value)], place: usize) -> &'p Value {
        match moved.split_first() {
            Some(((at, value), rest)) if *at == place => {
                *moved = rest;
                value
            }
            _ => &self.values[place],
        }
    }
}

/// One value's part of a fingerprint. Nobody gains by two that are alike, so it need not be hard to find them.
fn print(place: usize, value: &Value) -> u128 {
    let (kind, bits) = match value {
        Value::Float(value) => (1, value.to_bits()),
        Value::Int(value) => (2, value.cast_unsigned()),
        Value::Bool(value) => (3, u64::from(*value)),
        Value::Choice(value) => {
            let mut hasher = DefaultHasher::new();
            value.hash(&mut hasher);
            (4, hasher.finish())
        }
    };
    // Odd numbers without a pattern (digits of pi), and two rounds: every bit of the input reaches every bit of the print.
    let mixed = |bits: u128| {
        let spread = bits.wrapping_mul(0x243F_6A88_85A3_08D3_1319_8A2E_0370_7345);
        spread ^ (spread >> 67)
    };
    let place = (place as u128) << 3 | kind;
    mixed(mixed(place << 64 | u128::from(bits)).wrapping_add(0x4528_21E6_38D0_1377_BE54_66CF_34E9_0C6D))
}

impl PartialEq for Params {
    fn eq(&self, other: &Self) -> bool {
        let mut differs = false;
        self.moved_from(other, |_, _| differs = true).is_some() && !differs
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
    fn a_name_given_twice_keeps_its_first_place_and_its_last_value() {
        let params = Params::new([("a", 1), ("b", 2), ("a", 3)]);
        assert_eq!(params.to_string(), "{a: 3, b: 2}");
        assert_eq!(params.len(), 2);
    }

    #[test]
    fn sets_are_equal_by_their_values_however_they_were_made() {
        let (anew, base) = (sample(), sample());
        let away = base.with("vdd", 1.1).unwrap().with("fins", 5).unwrap();
        let back = away.with("vdd", 0.9).unwrap().with("fins", 2).unwrap();
        assert_eq!(back, anew);
        assert_eq!(back.fingerprint(), anew.fingerprint());
        assert_eq!(away, anew.with("fins", 5).unwrap().with("vdd", 1.1).unwrap());
        assert_eq!(away.fingerprint(), anew.with("fins", 5).unwrap().with("vdd", 1.1).unwrap().fingerprint());
        let others = [
            base.clone(),
            base.with("fins", 5).unwrap(),
            base.with("boost", true).unwrap(),
            base.with("vdd", -0.0).unwrap(),
            base.with("vdd", 0.0).unwrap(),
            base.with("fins", Value::Bool(true)).unwrap(),
            base.with("fins", 1).unwrap(),
        ];
        for (place, other) in others.iter().enumerate() {
            for another in &others[place + 1..] {
                assert_ne!(other, another);
                assert_ne!(other.fingerprint(), another.fingerprint());
            }
        }
        assert_ne!(sample(), sample().subset(["vdd", "fins"]));
        assert_ne!(sample().subset(["vdd", "fins"]), sample().subset(["fins", "vdd"]));
    }

    #[test]
    fn what_moved_is_told_in_the_order_of_the_parameters_from_any_set_of_the_same() {
        let base = sample().with("boost", true).unwrap();
        let params = base.with("fins", 3).unwrap().with("boost", false).unwrap();
        let moved = |from: &Params| {
            let mut names = Vec::new();
            params.moved_from(from, |name, _| names.push(name.to_owned())).map(|()| names)
        };
        assert_eq!(moved(&base).unwrap(), ["fins", "boost"]);
        assert_eq!(moved(&sample()).unwrap(), ["fins"]);
        assert_eq!(moved(&params).unwrap(), [""; 0]);
        assert_eq!(moved(&sample().subset(["vdd", "fins"])), None);
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
