//! What would ship beside the baseline, in words.

use crate::artifacts::{GainEntry, Number};
use crate::number::{fixed, general};

/// Digits of a gain, which is an estimate.
const DIGITS: usize = 4;

/// A gain with its interval, the slice's own beside it and so named: `0.12 (95 % 0.04 to 0.2 over 8 blocks), whole slice 0.13`.
pub fn gain_line(gain: &GainEntry) -> String {
    let blocks = &gain.blocks;
    let number = |number: Number| general(number.0, DIGITS);
    let along = blocks.lag.map(|lag| format!(", each along with the next {}", fixed(lag.0, 2))).unwrap_or_default();
    format!(
        "{} (95 % {} to {} over {} blocks{along}), whole slice {}",
        number(blocks.mean),
        number(blocks.low),
        number(blocks.high),
        blocks.count,
        number(gain.whole)
    )
}
