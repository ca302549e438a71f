//! An amplifier with a rated range, beyond which luck looks like skill.

use std::fmt::Write;

use md5::{Digest, Md5};

use crate::objective::{Evaluation, ParamSpace, Params, Target, TargetError};

/// Largest gain inside the rated range.
pub const RATED_GAIN: f64 = 6.0;

/// A smooth peak of height 5 at gain 3 and bias 0, and noise that every slice of the data draws anew: up to 0.3 inside
/// the rated range, up to 6 beyond it. The best score on one slice is a lucky draw from beyond the range.
///
/// The case study of omega-lock for Python, number for number: the noise is a hash of gain, bias and slice, so there is
/// no generator to seed, and the offset hardly matters.
#[derive(Debug, Clone, Copy)]
pub struct Amplifier {
    slice: u64,
}

impl Amplifier {
    /// The amplifier as this slice of the data sees it.
    pub fn new(slice: u64) -> Self {
        Self { slice }
    }

    /// A number in `[0, 1)` that belongs to gain, bias and slice.
    fn noise(self, gain: f64, bias: f64) -> f64 {
        let mut key = String::new();
        // Writing to a String cannot fail.
        let _ = write!(key, "{gain:.6}|{bias:.6}|{}", self.slice);
        let digest = Md5::digest(key);
        let leading = digest.iter().take(8).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
        leading as f64 / 2_f64.powi(64)
    }
}

impl Target for Amplifier {
    fn space(&self) -> ParamSpace {
        ParamSpace::new().float("gain", 0.0..=10.0, 2.0).float("bias", -3.0..=3.0, 1.5).float("offset", -1.0..=1.0, 0.0)
    }

    fn evaluate(&self, params: &Params) -> Result<Evaluation, TargetError> {
        let (gain, bias, offset) = (params.float("gain")?, params.float("bias")?, params.float("offset")?);
        let signal = 5.0 * (-(gain - 3.0).powi(2) / 4.0 - bias.powi(2) / 2.0).exp() + 0.01 * offset;
        let amplitude = if gain <= RATED_GAIN { 0.3 } else { 6.0 };
        Ok(Evaluation::new(signal + amplitude * self.noise(gain, bias))
            .samples(1)
            .with_metric("signal", signal)
            .with_metric("noise_amplitude", amplitude))
    }

    fn identity(&self) -> String {
        format!("amplifier(slice={})", self.slice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fitness_is_that_of_the_python_package_on_every_slice() {
        // omega-lock 0.3.8: NoisySliceTarget(slice).evaluate({"gain": .., "bias": .., "offset": ..}).fitness
        for (slice, gain, bias, offset, expected) in CASES {
            let params = Params::new([("gain", gain), ("bias", bias), ("offset", offset)]);
            let fitness = Amplifier::new(slice).evaluate(&params).unwrap().fitness;
            assert!((fitness - expected).abs() <= 1e-12 * expected.abs(), "{slice} {params}: {fitness} {expected}");
        }
    }

    const CASES: [(u64, f64, f64, f64, f64); 6] = [
        (2026, 8.0, 2.7, 0.0, 5.966992573350505),
        (2026, 3.0, 0.0, 0.0, 5.232722871978282),
        (2026, 6.0, -0.3, 0.5, 0.7025046135743259),
        (2027, 8.0, 2.7, 0.0, 1.4859997741950526),
        (2028, 8.0, 2.7, 0.0, 1.5266527234705738),
        (2028, 3.0, 0.0, 0.0, 5.2755237735653315),
    ];
}
