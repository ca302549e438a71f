//! [`Generator`]: numpy's PCG64 stream and the draws made of it.

use rand::rand_core::{Infallible, utils};
use rand::{Rng, TryRng};
use rand_pcg::Lcg128Xsl64;

use super::seed_sequence::generate_state;
use super::ziggurat;

/// The spacing of the doubles that [`Generator::random`] draws: 2^-53.
const DOUBLE_STEP: f64 = 1.0 / (1_u64 << 53) as f64;

/// `numpy.random.default_rng(seed)`: the same seed and the same calls give the same numbers, bit for bit.
///
/// The state is PCG64 (XSL-RR 128/64) seeded through numpy's `SeedSequence`. It is not for secrets.
///
/// ```
/// use omega_lock::Generator;
///
/// // numpy.random.default_rng(42)
/// let mut rng = Generator::new(42);
/// assert_eq!(rng.uniform(0.0, 1.0), 0.7739560485559633);
/// assert_eq!(rng.integers(3, 30), 21);
/// ```
///
/// # With the crate `rand`
///
/// It implements rand 0.10's `TryRng` with an error that cannot happen, hence its `Rng` and `RngExt`, and works wherever
/// rand takes a generator (`examples/draw_with_rand.rs`). The words and bytes are then still numpy's (`fill_bytes` is numpy's
/// `rng.bytes`), but **rand's own methods make other numbers of them** than the methods here: `random_range`,
/// `random_bool`, `shuffle`, the distributions. Who wants numpy's numbers calls the methods of this type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Generator {
    words: Lcg128Xsl64,
    /// The upper half of a 64-bit word whose lower half has been handed out.
    spare_half: Option<u32>,
}

impl Generator {
    /// The generator that `default_rng(seed)` returns.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self::from_seed_words(&[seed as u32, (seed >> 32) as u32])
    }

    /// The generator that `default_rng(seed)` returns for a seed of any size, as its 32-bit words with the lowest
    /// first.
    ///
    /// The words stand for one integer: zero words at its upper end change nothing, and no word at all is seed 0.
    #[must_use]
    pub fn from_seed_words(seed: &[u32]) -> Self {
        let [state_high, state_low, stream_high, stream_low] = generate_state(seed).map(u128::from);
        let words = Lcg128Xsl64::new(state_high << 64 | state_low, stream_high << 64 | stream_low);
        Self { words, spare_half: None }
    }

    /// The next 64-bit word of the stream. A buffered half of [`next_u32`](Self::next_u32) stays where it is.
    #[inline]
    pub fn next_u64(&mut self) -> u64 {
        self.words.next_u64()
    }

    /// The next 32-bit word: the lower half of a fresh 64-bit word, and its upper half at the next request.
    ///
    /// The upper half waits as long as it must; 64-bit draws in between do not use it up.
    #[inline]
    pub fn next_u32(&mut self) -> u32 {
        if let Some(half) = self.spare_half.take() {
            return half;
        }
        let word = self.next_u64();
        self.spare_half = Some((word >> 32) as u32);
        word as u32
    }

    /// A double from [0, 1): the upper 53 bits of a word, times 2^-53. numpy's `rng.random()`.
    #[inline]
    pub fn random(&mut self) -> f64 {
        (self.next_u64() >> 11) as f64 * DOUBLE_STEP
    }

    /// `low + (high - low) * random()`, numpy's `rng.uniform(low, high)`.
    ///
    /// The formula stands for all arguments: with `low > high` the interval is drawn backwards, rounding can give
    /// `high` itself, and where `high - low` is not finite the result is not either (numpy refuses such a range).
    #[inline]
    pub fn uniform(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.random()
    }

    /// An integer from `low` to `high`, both included and all equally likely: numpy's
    /// `rng.integers(low, high, endpoint=True)`.
    ///
    /// The ends may be given in either order (numpy refuses `low > high`). Equal ends draw nothing; a range below
    /// 2^32 draws 32-bit words, a wider one 64-bit words.
    #[inline]
    pub fn integers(&mut self, low: i64, high: i64) -> i64 {
        let (low, high) = if low <= high { (low, high) } else { (high, low) };
        let range = high.wrapping_sub(low) as u64;
        let offset = match u32::try_from(range) {
            Ok(0) => 0,
            Ok(u32::MAX) => u64::from(self.next_u32()),
            Ok(range) => u64::from(self.below_or_equal_u32(range)),
            Err(_) if range == u64::MAX => self.next_u64(),
            Err(_) => self.below_or_equal_u64(range),
        };
        low.wrapping_add(offset as i64)
    }

    /// A draw from N(0, 1). numpy's `rng.standard_normal()`.
    #[inline]
    pub fn standard_normal(&mut self) -> f64 {
        ziggurat::standard_normal(self)
    }

    /// `mean + sd * standard_normal()`, numpy's `rng.normal(mean, sd)`.
    ///
    /// The formula stands for all arguments; a negative `sd` mirrors the draw (numpy refuses it).
    #[inline]
    pub fn normal(&mut self, mean: f64, sd: f64) -> f64 {
        mean + sd * self.standard_normal()
    }

    /// D. Lemire's "Fast random integer generation in an interval" (2019), 0..=range for `range < u32::MAX`.
    fn below_or_equal_u32(&mut self, range: u32) -> u32 {
        let count = range + 1;
        let mut product = u64::from(self.next_u32()) * u64::from(count);
        if (product as u32) < count {
            let threshold = (u32::MAX - range) % count;
            while (product as u32) < threshold {
                product = u64::from(self.next_u32()) * u64::from(count);
            }
        }
        (product >> 32) as u32
    }

    /// The same with 64-bit words, 0..=range for `range < u64::MAX`.
    fn below_or_equal_u64(&mut self, range: u64) -> u64 {
        let count = range + 1;
        let mut product = u128::from(self.next_u64()) * u128::from(count);
        if (product as u64) < count {
            let threshold = (u64::MAX - range) % count;
            while (product as u64) < threshold {
                product = u128::from(self.next_u64()) * u128::from(count);
            }
        }
        (product >> 64) as u64
    }
}

/// The words and bytes of the stream for rand's users; see [`Generator`] for what rand makes of them.
impl TryRng for Generator {
    type Error = Infallible;

    #[inline]
    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(self.next_u32())
    }

    #[inline]
    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.next_u64())
    }

    fn try_fill_bytes(&mut self, destination: &mut [u8]) -> Result<(), Infallible> {
        utils::fill_bytes_via_next_word(destination, || Ok(self.next_u32()))
    }
}

#[cfg(test)]
mod tests {
    use rand::Rng;

    use super::Generator;

    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    const SEEDS: [&[u32]; 10] = [
        &[0],
        &[1],
        &[7],
        &[42],
        &[100],
        &[314],
        &[1337],
        &[0xeb1f_0ad2, 0xab54_a98c], // 12345678901234567890
        &[17, 0, 0, 16],             // 2^100 + 17
        &[55],
    ];

    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    struct Fnv(u64);

    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    impl Fnv {
        fn new() -> Self {
            Self(0xcbf2_9ce4_8422_2325)
        }

        fn add(&mut self, word: u64) {
            for shift in [0, 8, 16, 24, 32, 40, 48, 56] {
                self.0 = (self.0 ^ (word >> shift & 0xff)).wrapping_mul(0x0100_0000_01b3);
            }
        }
    }

    /// `default_rng(42).bit_generator.random_raw(4)`.
    #[test]
    fn the_words_are_numpys() {
        let mut rng = Generator::new(42);
        let words = [(); 4].map(|()| rng.next_u64());
        let expected = [
            14_276_969_152_011_380_360,
            8_095_878_257_575_067_585,
            15_838_336_090_824_644_132,
            12_864_169_557_245_331_597,
        ];
        assert_eq!(words, expected);
    }

    #[test]
    fn a_small_seed_is_the_same_as_a_number_and_as_words() {
        assert_eq!(Generator::new(42), Generator::from_seed_words(&[42]));
        assert_eq!(Generator::new(0), Generator::from_seed_words(&[]));
        assert_eq!(Generator::new(12_345_678_901_234_567_890), Generator::from_seed_words(&[0xeb1f_0ad2, 0xab54_a98c]),);
    }

    /// What `c.next_uint32`, `c.next_uint64`, `c.next_uint32`, `c.next_uint32` return for
    /// `c = default_rng(42).bit_generator.ctypes`, told as halves of the raw words.
    #[test]
    fn the_upper_half_of_a_word_waits_through_draws_of_64_bits() {
        let mut rng = Generator::new(42);
        assert_eq!(u64::from(rng.next_u32()), 14_276_969_152_011_380_360 & 0xffff_ffff);
        assert_eq!(rng.next_u64(), 8_095_878_257_575_067_585);
        assert_eq!(u64::from(rng.next_u32()), 14_276_969_152_011_380_360 >> 32);
        assert_eq!(u64::from(rng.next_u32()), 15_838_336_090_824_644_132 & 0xffff_ffff);
    }

    /// `default_rng(42).normal(0, 1, 5)`.
    #[test]
    fn normals_are_numpys() {
        let mut rng = Generator::new(42);
        let draws = [(); 5].map(|()| rng.normal(0.0, 1.0));
        let expected =
            [0.30471707975443135, -1.0399841062404955, 0.7504511958064572, 0.9405647163912139, -1.9510351886538364];
        assert_eq!(draws, expected);
    }

    /// `default_rng(42).uniform(0, 1, 5)`.
    #[test]
    fn uniforms_are_numpys() {
        let mut rng = Generator::new(42);
        let draws = [(); 5].map(|()| rng.uniform(0.0, 1.0));
        let expected =
            [0.7739560485559633, 0.4388784397520523, 0.8585979199113825, 0.6973680290593639, 0.09417734788764953];
        assert_eq!(draws, expected);
    }

    /// `default_rng(42).integers(0, 2, 10)` and `default_rng(42).integers(3, 30, 10, endpoint=True)`.
    #[test]
    fn integers_are_numpys() {
        let mut rng = Generator::new(42);
        assert_eq!([(); 10].map(|()| rng.integers(0, 1)), [0, 1, 1, 0, 0, 1, 0, 1, 0, 0]);
        let mut rng = Generator::new(42);
        let expected = [5, 24, 21, 15, 15, 27, 5, 22, 8, 5];
        assert_eq!([(); 10].map(|()| rng.integers(3, 30)), expected);
    }

    /// `default_rng(42)`, three times `random()`, `integers(3, 30, endpoint=True)`, `integers(0, 2)`.
    #[test]
    fn mixed_draws_share_one_stream_as_in_numpy() {
        let mut rng = Generator::new(42);
        let draws = [(); 3].map(|()| (rng.random(), rng.integers(3, 30), rng.integers(0, 1)));
        let expected = [(0.7739560485559633, 21, 0), (0.8585979199113825, 5, 1), (0.09417734788764953, 17, 1)];
        assert_eq!(draws, expected);
    }

    /// `default_rng(42).integers(low, high, 3, dtype=numpy.int64, endpoint=True)` then `.random()`.
    #[test]
    fn the_edges_of_every_integer_range_are_numpys() {
        let cases: &[(i64, i64, [i64; 3], f64)] = &[
            (i64::MIN, i64::MAX, [5053597115156604552, -1127493779279708223, 6614964053969868324], 0.6973680290593639),
            (
                i64::MIN,
                9223372036854775806,
                [5053597115156604551, -1127493779279708224, 6614964053969868323],
                0.6973680290593639,
            ),
            (
                -9223372036854775807,
                i64::MAX,
                [5053597115156604552, -1127493779279708223, 6614964053969868324],
                0.6973680290593639,
            ),
            (-1, i64::MAX, [7138484576005690179, 4047939128787533791, 7919168045412322065], 0.6973680290593639),
            (0, i64::MAX, [7138484576005690180, 4047939128787533792, 7919168045412322066], 0.6973680290593639),
            (0, 4294967295, [383329928, 3324115917, 2811363265], 0.8585979199113825),
            (-2147483648, 2147483647, [-1764153720, 1176632269, 663879617], 0.8585979199113825),
            (0, 4294967294, [383329927, 3324115916, 2811363264], 0.8585979199113825),
            (0, 4294967296, [3324115917, 1884968546, 3687649987], 0.6973680290593639),
            (5, 5, [5, 5, 5], 0.7739560485559633),
            (0, 2147483648, [942484272, 1843824993, 184566854], 0.09417734788764953),
            (0, 3221225472, [2493086938, 2108522449, 1394839707], 0.6973680290593639),
            (
                i64::MIN,
                -9223372036854775807,
                [-9223372036854775808, -9223372036854775807, -9223372036854775807],
                0.8585979199113825,
            ),
            (
                -4611686018427387904,
                6917529027641081856,
                [4311419701579724821, 3428419954850944344, -3525895122162273998],
                0.9756223516367559,
            ),
        ];
        for &(low, high, integers, following) in cases {
            let mut rng = Generator::new(42);
            assert_eq!([(); 3].map(|()| rng.integers(low, high)), integers, "{low}..={high}");
            assert_eq!(rng.random(), following, "{low}..={high}");
        }
    }

    #[test]
    fn equal_ends_draw_nothing() {
        let mut rng = Generator::new(42);
        assert_eq!(rng.integers(7, 7), 7);
        assert_eq!(rng.integers(i64::MIN, i64::MIN), i64::MIN);
        assert_eq!(rng, Generator::new(42));
    }

    #[test]
    fn the_ends_of_an_integer_range_may_come_in_either_order() {
        let (mut forwards, mut backwards) = (Generator::new(42), Generator::new(42));
        for _ in 0..100 {
            assert_eq!(forwards.integers(-3, 30), backwards.integers(30, -3));
            assert_eq!(forwards.integers(i64::MIN, i64::MAX), backwards.integers(i64::MAX, i64::MIN));
        }
    }

    /// `default_rng(42).bytes(11)`.
    #[test]
    fn bytes_are_numpys() {
        let mut bytes = [0; 11];
        Generator::new(42).fill_bytes(&mut bytes);
        assert_eq!(bytes, [136, 38, 217, 22, 205, 251, 33, 198, 193, 255, 145]);
    }

    #[test]
    fn rands_words_are_the_inherent_ones() {
        let (mut own, mut traits) = (Generator::new(7), Generator::new(7));
        for _ in 0..10 {
            assert_eq!(own.next_u32(), Rng::next_u32(&mut traits));
            assert_eq!(own.next_u64(), Rng::next_u64(&mut traits));
        }
    }

    /// FNV-1a-64 of `default_rng(seed).standard_normal(100_000)`, ten seeds one after the other.
    ///
    /// With 10^6 draws per seed it is 9c9d049e3144ffa7, which takes too long for an unoptimised build. Only with
    /// glibc: 260 of these draws lie in the tail, whose last bit is the platform's.
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    #[test]
    fn a_million_normals_are_numpys() {
        let mut hash = Fnv::new();
        for seed in SEEDS {
            let mut rng = Generator::from_seed_words(seed);
            for _ in 0..100_000 {
                hash.add(rng.standard_normal().to_bits());
            }
        }
        assert_eq!(hash.0, 0x46de_8089_d264_e006);
    }

    /// FNV-1a-64 over seeds 0..2000 and, fifty times each, `uniform(-1.5, 2.75)`,
    /// `integers(3, 30, endpoint=True)`, `integers(0, 2)`, `integers(0, 3_000_000_000)`,
    /// `integers(-5, 10**12)`, `normal(0.25, 0.714142842854285)`. Only with glibc, because of the normals.
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    #[test]
    fn six_hundred_thousand_mixed_draws_are_numpys() {
        let mut hash = Fnv::new();
        for seed in 0..2000 {
            let mut rng = Generator::new(seed);
            for _ in 0..50 {
                hash.add(rng.uniform(-1.5, 2.75).to_bits());
                hash.add(rng.integers(3, 30) as u64);
                hash.add(rng.integers(0, 1) as u64);
                hash.add(rng.integers(0, 2_999_999_999) as u64);
                hash.add(rng.integers(-5, 999_999_999_999) as u64);
                hash.add(rng.normal(0.25, 0.714142842854285).to_bits());
            }
        }
        assert_eq!(hash.0, 0xef5c_0172_b5bc_8b0d);
    }
}
