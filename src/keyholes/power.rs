//! Powers as Python computes them.

use std::hint::black_box;

/// `x ** 2` in Python, which calls the C library's `pow`.
///
/// That is not `x * x`: one draw in a thousand differs in the last bit, and a compiler that sees the exponent
/// multiplies.
pub(super) fn square(x: f64) -> f64 {
    x.powf(black_box(2.0))
}

#[cfg(test)]
mod tests {
    use super::square;

    /// CPython 3.11 with glibc: `0.04342977381202573 ** 2`.
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    #[test]
    fn a_square_is_pythons_power_and_not_the_product() {
        let x = 0.04342977381202573;
        assert_eq!(square(x), 0.001886145253363716);
        assert_ne!(square(x), x * x);
    }
}
