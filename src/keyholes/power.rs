//! Powers as Python computes them.

use std::hint::black_box;

/// `x ** 2` in Python, which calls the C library's `pow`.
///
/// That is not `x * x`: one draw in a thousand differs in the last bit, and a compiler that sees the exponent
/// multiplies.
pub(super) fn square(x: f64) -> f64 {
    x.powf(black_box(2.0))
}

// What CPython 3.11 computes with glibc; another C library has a power of its own.
#[cfg(all(test, target_os = "linux", target_env = "gnu"))]
mod tests {
    use super::square;

    /// `0.04342977381202573 ** 2`.
    #[test]
    fn a_square_is_pythons_power_and_not_the_product() {
        let x = 0.04342977381202573;
        assert_eq!(square(x), 0.001886145253363716);
        assert_ne!(square(x), x * x);
    }
}
