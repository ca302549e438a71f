//! A standard normal draw by numpy's 256-layer ziggurat.
//!
//! G. Marsaglia and W. W. Tsang, "The ziggurat method for generating random variables" (2000), in numpy's variant:
//! one 64-bit word gives the layer (8 bits), the sign (1 bit) and the abscissa (52 bits).
//!
//! The exponential and the logarithm are those of the crate `libm`: each platform's own may differ in the last bit, and a
//! draw that is rejected on one of them only shifts all that follow.

use libm::{exp, log1p};

use super::generator::Generator;
use super::ziggurat_tables::LAYERS;

const TAIL_START: f64 = 3.654_152_885_361_009;
const TAIL_START_INVERSE: f64 = 0.273_661_237_329_758_3;
const ABSCISSA_MASK: u64 = (1 << 52) - 1;

/// One draw from N(0, 1); about 1.5 % of the draws take more than one word.
#[inline]
pub(super) fn standard_normal(generator: &mut Generator) -> f64 {
    loop {
        let word = generator.next_u64();
        let index = (word & 0xff) as usize;
        let negative = word >> 8 & 1 == 1;
        let abscissa = word >> 9 & ABSCISSA_MASK;
        let layer = &LAYERS[index];
        let magnitude = abscissa as f64 * layer.width;
        let x = if negative { -magnitude } else { magnitude };
        if abscissa < layer.inside_below {
            return x;
        }
        if index == 0 {
            // numpy takes the tail's sign from the abscissa, not from the sign bit.
            return tail(generator, abscissa >> 8 & 1 == 1);
        }
        let drop = LAYERS[index - 1].density - layer.density;
        if drop * generator.random() + layer.density < exp(-0.5 * x * x) {
            return x;
        }
    }
}

/// Marsaglia's exact method for the part beyond the last layer.
#[cold]
fn tail(generator: &mut Generator, negative: bool) -> f64 {
    loop {
        let x = -TAIL_START_INVERSE * log1p(-generator.random());
        let y = -log1p(-generator.random());
        if y + y > x * x {
            return if negative { -(TAIL_START + x) } else { TAIL_START + x };
        }
    }
}
