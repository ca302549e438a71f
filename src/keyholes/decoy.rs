//! Parameters that hardly matter.

use crate::objective::{ParamError, ParamSpace, ParamSpec, Params};

/// A number whose distance from its baseline moves the fitness by a fraction of a percent.
pub(super) struct Decoy {
    name: &'static str,
    range: Range,
    weight: f64,
    /// What the weighted distance is divided by.
    scale: f64,
    suppressed: bool,
}

/// Smallest value, largest value and baseline.
#[derive(Clone, Copy)]
enum Range {
    Float(f64, f64, f64),
    Int(i64, i64, i64),
}

/// The one switch among the decoys, and what it adds while it is on.
const FLAG: (&str, f64) = ("decoy_flag", 0.003);
const FLAG_NEUTRAL: bool = true;

pub(super) const SCALE: Decoy = Decoy::float("decoy_scale", (0.0, 1.0), 0.5, 0.005, 1.0);
pub(super) const OFFSET: Decoy = Decoy::float("decoy_offset", (0.0, 10.0), 5.0, 0.003, 10.0);
pub(super) const BIAS: Decoy = Decoy::float("decoy_bias", (-1.0, 1.0), 0.0, 0.002, 1.0);
pub(super) const MAG: Decoy = Decoy::float("decoy_mag", (0.0, 100.0), 50.0, 0.001, 100.0);
pub(super) const OFI: Decoy = Decoy { suppressed: true, ..Decoy::float("decoy_ofi", (0.1, 0.9), 0.5, 0.004, 1.0) };
pub(super) const MULT: Decoy = Decoy::int("decoy_mult", (1, 100), 50, 0.002, 100.0);
pub(super) const EXP: Decoy = Decoy::int("decoy_exp", (0, 10), 5, 0.001, 10.0);
pub(super) const MODE: Decoy = Decoy::int("decoy_mode", (0, 3), 1, 0.002, 3.0);

impl Decoy {
    pub(super) const fn float(
        name: &'static str,
        (low, high): (f64, f64),
        neutral: f64,
        weight: f64,
        scale: f64,
    ) -> Self {
        Self { name, range: Range::Float(low, high, neutral), weight, scale, suppressed: false }
    }

    const fn int(name: &'static str, (low, high): (i64, i64), neutral: i64, weight: f64, scale: f64) -> Self {
        Self { name, range: Range::Int(low, high, neutral), weight, scale, suppressed: false }
    }

    fn spec(&self) -> ParamSpec {
        let spec = match self.range {
            Range::Float(low, high, neutral) => ParamSpec::float(self.name, low..=high, neutral),
            Range::Int(low, high, neutral) => ParamSpec::int(self.name, low..=high, neutral),
        };
        if self.suppressed { spec.suppressed() } else { spec }
    }

    /// What it adds to the fitness; nothing if the parameter is missing, as in the reference implementation.
    fn term(&self, params: &Params) -> Result<f64, ParamError> {
        if params.get(self.name).is_none() {
            return Ok(0.0);
        }
        let distance = match self.range {
            Range::Float(_, _, neutral) => params.float(self.name)? - neutral,
            Range::Int(_, _, neutral) => params.int(self.name)? as f64 - neutral as f64,
        };
        Ok(self.weight * distance / self.scale)
    }
}

/// Appends the decoys, and the switch after them.
pub(super) fn declare(space: ParamSpace, decoys: &[Decoy]) -> ParamSpace {
    let space = decoys.iter().fold(space, |space, decoy| space.param(decoy.spec()));
    space.bool(FLAG.0, FLAG_NEUTRAL)
}

/// What all decoys add to the fitness, from left to right.
pub(super) fn coupling(decoys: &[Decoy], params: &Params) -> Result<f64, ParamError> {
    let mut sum = 0.0;
    for decoy in decoys {
        sum += decoy.term(params)?;
    }
    let (name, bonus) = FLAG;
    let on = if params.get(name).is_some() { params.bool(name)? } else { FLAG_NEUTRAL };
    Ok(sum + if on { bonus } else { 0.0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_decoy_counts_as_its_baseline_and_one_of_another_kind_is_refused() {
        let decoys = [SCALE, MULT];
        assert_eq!(coupling(&decoys, &Params::new([("decoy_scale", 0.7)])), Ok(0.005 * 0.2 + 0.003));
        let error = coupling(&decoys, &Params::new([("decoy_mult", 0.7)])).unwrap_err();
        assert_eq!(error.to_string(), "parameter `decoy_mult` is of kind float, not int");
    }
}
