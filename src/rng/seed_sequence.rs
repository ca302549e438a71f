//! numpy's `SeedSequence`: from an integer of any size to the 256 bits that start the generator.
//!
//! The hash is M. E. O'Neill's `seed_seq_fe` with numpy's constants.

const POOL: usize = 4;
const FILL_START: u32 = 0x43b0_d7e5;
const FILL_FACTOR: u32 = 0x931e_8875;
const OUTPUT_START: u32 = 0x8b51_f9dd;
const OUTPUT_FACTOR: u32 = 0x58f3_8ded;
const MIX_LEFT: u32 = 0xca01_f9dd;
const MIX_RIGHT: u32 = 0x4973_f715;

/// Four words that are `SeedSequence(seed).generate_state(4, numpy.uint64)`.
///
/// `seed` is the integer's little-endian 32-bit words; its leading zeros do not count, no word at all means 0.
pub(super) fn generate_state(seed: &[u32]) -> [u64; 4] {
    let pool = fill(significant(seed));
    let mut hash = Hash { key: OUTPUT_START, factor: OUTPUT_FACTOR };
    // The pool is cycled twice; a pair of words is one output word, low half first.
    let mut pair = |first: usize| {
        let low = hash.of(pool[first]);
        let high = hash.of(pool[first + 1]);
        u64::from(high) << 32 | u64::from(low)
    };
    [pair(0), pair(2), pair(0), pair(2)]
}

/// Drops the zero words above the integer's highest word: numpy never sees them.
fn significant(words: &[u32]) -> &[u32] {
    let length = words.iter().rposition(|&word| word != 0).map_or(0, |highest| highest + 1);
    &words[..length]
}

fn fill(entropy: &[u32]) -> [u32; POOL] {
    let mut hash = Hash { key: FILL_START, factor: FILL_FACTOR };
    let mut pool = [0; POOL];
    for (slot, word) in pool.iter_mut().zip(entropy.iter().copied().chain([0; POOL])) {
        *slot = hash.of(word);
    }
    for source in 0..POOL {
        for target in (0..POOL).filter(|&target| target != source) {
            pool[target] = mix(pool[target], hash.of(pool[source]));
        }
    }
    for &word in entropy.iter().skip(POOL) {
        for slot in &mut pool {
            *slot = mix(*slot, hash.of(word));
        }
    }
    pool
}

/// A multiplicative hash whose key moves on with every word.
struct Hash {
    key: u32,
    factor: u32,
}

impl Hash {
    fn of(&mut self, word: u32) -> u32 {
        let keyed = word ^ self.key;
        self.key = self.key.wrapping_mul(self.factor);
        fold(keyed.wrapping_mul(self.key))
    }
}

fn mix(left: u32, right: u32) -> u32 {
    fold(MIX_LEFT.wrapping_mul(left).wrapping_sub(MIX_RIGHT.wrapping_mul(right)))
}

fn fold(word: u32) -> u32 {
    word ^ word >> 16
}

#[cfg(test)]
mod tests {
    use super::generate_state;

    /// `numpy.random.SeedSequence(seed).generate_state(4, numpy.uint64)`, numpy 2.4.6.
    #[test]
    fn the_state_is_numpys_for_seeds_of_any_length() {
        let cases: &[(&[u32], [u64; 4])] = &[
            (&[0x0], [0xdb2c_d7e7_b0f4_78be, 0xabf4_641a_2c71_ba49, 0x20c6_ed6d_9d7b_8d41, 0x2c40_99de_223c_39d4]),
            (&[0x1], [0x672d_8ee5_6d67_91ff, 0x8ae1_9ca1_4eb1_072c, 0x4915_796d_1322_fc4a, 0xd0cc_2bdc_aba0_49bd]),
            (&[0x2a], [0x9f1e_2e6d_cd54_0ab7, 0xd578_73dc_79fb_94b6, 0x7d28_2a1b_64d4_20b7, 0x3365_7971_4692_d5ff]),
            (
                &[0xeb1f0ad2, 0xab54a98c],
                [0x3adc_e17e_3465_14ac, 0x59e9_bcc3_88fa_7613, 0xf848_c11a_70fd_2314, 0x2fce_4134_a50b_adc2],
            ),
            (
                &[0x11, 0x0, 0x0, 0x10],
                [0x2737_768a_f88a_1086, 0x72cd_f66d_cb51_12dd, 0x7a03_321e_0db6_934a, 0x9de3_d293_641a_3686],
            ),
            (
                &[0x5, 0x0, 0x0, 0x80000000],
                [0xaa22_89da_b70c_8ae3, 0x0a7d_712c_cf2d_1fc4, 0xebd7_889f_2f12_935d, 0x60ca_7a5b_55c5_cb0c],
            ),
            (
                &[0x0, 0x0, 0x0, 0x0, 0x1],
                [0x43bf_ff7a_2820_a7af, 0xc28c_ba32_6436_45e9, 0xfbc1_be84_29bf_6610, 0x0cc5_330b_5057_1ea8],
            ),
            (
                &[0x3039, 0x0, 0x0, 0x0, 0x0, 0x0, 0x100],
                [0x4801_28f2_37eb_5a28, 0x18bc_e3f6_9452_ba76, 0x6154_0ee7_1d66_d9e5, 0x465a_b540_2837_6a83],
            ),
            (
                &[
                    0x54e72c31, 0x9a0c222c, 0x46b55a99, 0x993b38b5, 0x5420dd77, 0x6724ca5a, 0x7d15c93c, 0xaa17bf69,
                    0x2ff4b4d7, 0x7a54fc9, 0xb2c75f78, 0x1f0a,
                ],
                [0x976e_93cc_360c_56f0, 0x7a7e_353f_0c63_ea42, 0xd468_5c3a_2d5b_6357, 0xccb7_1596_5459_4d58],
            ),
        ];
        for (words, expected) in cases {
            assert_eq!(generate_state(words), *expected, "seed words {words:?}");
        }
    }

    #[test]
    fn leading_zero_words_do_not_change_the_seed() {
        assert_eq!(generate_state(&[]), generate_state(&[0]));
        assert_eq!(generate_state(&[42]), generate_state(&[42, 0, 0, 0, 0, 0]));
    }
}
