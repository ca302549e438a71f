//! Parameters of which some are locked at their values.

use std::collections::HashSet;

use super::{ParamError, ParamSpace, ParamSpec, Params, Value};

/// Values of a whole space, every one locked until it is unlocked.
///
/// The unlocked ones are what a search may move; the values of the others hold still.
#[derive(Debug, Clone, PartialEq)]
pub struct LockedParams {
    space: ParamSpace,
    values: Params,
    unlocked: HashSet<String>,
}

impl LockedParams {
    /// Every parameter locked at its baseline.
    pub fn new(space: ParamSpace) -> Self {
        Self { values: space.neutral(), space, unlocked: HashSet::new() }
    }

    /// Lets these parameters move.
    ///
    /// # Errors
    /// If a name is no parameter; nothing is unlocked then.
    pub fn unlock<'n>(&mut self, names: impl IntoIterator<Item = &'n str>) -> Result<(), ParamError> {
        let names = self.known(names)?;
        self.unlocked.extend(names);
        Ok(())
    }

    /// Holds these parameters at their values.
    ///
    /// # Errors
    /// If a name is no parameter; nothing is locked then.
    pub fn lock<'n>(&mut self, names: impl IntoIterator<Item = &'n str>) -> Result<(), ParamError> {
        for name in self.known(names)? {
            self.unlocked.remove(&name);
        }
        Ok(())
    }

    /// The unlocked parameters in the order of the space.
    pub fn unlocked_names(&self) -> Vec<&str> {
        let names = self.space.specs().iter().map(|spec| spec.name.as_str());
        names.filter(|name| self.unlocked.contains(*name)).collect()
    }

    /// Sets a parameter, locked or not, to the nearest value it can have.
    ///
    /// # Errors
    /// If the name is no parameter, or the value is no number and none of the parameter's choices.
    pub fn set(&mut self, name: &str, value: &Value) -> Result<(), ParamError> {
        let spec = self.space.get(name)?;
        let clipped = clip(spec, value);
        if !spec.contains(&clipped) {
            return Err(ParamError::value(name, &value.to_string(), &spec.describe()));
        }
        self.values = self.values.with(name, clipped)?;
        Ok(())
    }

    /// A copy with one parameter moved by `delta` and clipped to its range; a switch or a choice takes its next value,
    /// whatever the delta.
    ///
    /// # Errors
    /// If the name is no parameter.
    pub fn perturbed(&self, name: &str, delta: f64) -> Result<Self, ParamError> {
        let spec = self.space.get(name)?;
        let value = self.values.get(name).cloned().unwrap_or_else(|| spec.neutral());
        let moved = match (value.as_f64(), spec.alternatives(&value).into_iter().next()) {
            (_, Some(alternative)) => alternative,
            (Some(number), None) => spec.clip(number + delta),
            (None, None) => value,
        };
        let mut copy = self.clone();
        copy.values = copy.values.with(name, moved)?;
        Ok(copy)
    }

    /// Every value.
    pub fn params(&self) -> &Params {
        &self.values
    }

    fn known<'n>(&self, names: impl IntoIterator<Item = &'n str>) -> Result<Vec<String>, ParamError> {
        names.into_iter().map(|name| self.space.get(name).map(|spec| spec.name.clone())).collect()
    }
}

/// An int stays an int: going through a float would round beyond 2^53.
fn clip(spec: &ParamSpec, value: &Value) -> Value {
    match value.as_f64() {
        Some(number) if !spec.contains(value) => spec.clip(number),
        _ => value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> LockedParams {
        LockedParams::new(ParamSpace::new().float("gain", 0.0..=10.0, 2.0).int("lag", 1..=9, 4).bool("flip", false))
    }

    #[test]
    fn everything_is_locked_until_it_is_unlocked_and_names_come_in_the_order_of_the_space() {
        let mut params = sample();
        assert!(params.unlocked_names().is_empty());
        params.unlock(["flip", "gain"]).unwrap();
        assert_eq!(params.unlocked_names(), ["gain", "flip"]);
        params.lock(["gain"]).unwrap();
        assert_eq!(params.unlocked_names(), ["flip"]);
        assert_eq!(params.unlock(["lagg"]).unwrap_err().to_string(), "no parameter `lagg`; the nearest is `lag`");
    }

    #[test]
    fn a_perturbation_clips_flips_and_leaves_the_original_alone() {
        let params = sample();
        assert_eq!(params.perturbed("gain", 99.0).unwrap().params().float("gain").unwrap(), 10.0);
        assert_eq!(params.perturbed("lag", 0.5).unwrap().params().int("lag").unwrap(), 4, "4.5 rounds to even");
        assert!(params.perturbed("flip", 0.0).unwrap().params().bool("flip").unwrap());
        assert_eq!(params, sample());
    }
}
