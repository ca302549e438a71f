//! Bytes changed at random, the same in every run.

/// How many mutants a reader is given: 100,000, or what `OMEGA_LOCK_MUTANTS` says (1,000,000 on demand).
pub(crate) fn mutants() -> usize {
    std::env::var("OMEGA_LOCK_MUTANTS").map_or(100_000, |mutants| mutants.parse().expect("a number"))
}

/// SplitMix64: the mutants are the same in every run.
pub(crate) struct Draws(pub(crate) u64);

impl Draws {
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((bits ^ (bits >> 31)) % limit.max(1) as u64) as usize
    }
}

const TOKENS: [&[u8]; 24] = [
    b"[",
    b"]",
    b"{",
    b"}",
    b",",
    b":",
    b"\"",
    b"\\",
    b"\\u",
    b"\\ud800",
    b"\"\\udc00\"",
    b"-",
    b"0",
    b"1e999",
    b"-0",
    b".5",
    b"E+",
    b"NaN",
    b"-Infinity",
    b"null",
    b"{\"a\":1,\"a\":[]}",
    b"\xff",
    b"\xed\xa0\x80",
    b"[[[[[[[[[[[[[[[[",
];

/// Flips, cuts, repeats or adds a piece, up to four times.
pub(crate) fn mutate(bytes: &mut Vec<u8>, draws: &mut Draws) {
    for _ in 0..=draws.below(3) {
        let place = draws.below(bytes.len());
        let until = (place + draws.below(40)).min(bytes.len());
        match draws.below(6) {
            0 | 1 if !bytes.is_empty() => bytes[place] ^= 1 << draws.below(8),
            2 => bytes.truncate(place),
            3 => drop(bytes.drain(place..until)),
            4 => {
                let token = TOKENS[draws.below(TOKENS.len())];
                bytes.splice(place..place, token.iter().copied());
            }
            _ => {
                let copy = bytes[place..until].to_vec();
                bytes.splice(place..place, copy);
            }
        }
    }
}
