//! A noisy worker, asked several times with seeds of its own for each question.

use serde_json::Value as Json;
use sha2::{Digest, Sha256};

use super::message::{Wire, line};
use crate::objective::{Params, Role};

/// A seed that belongs to this question and to this time of asking it; below 2^53, so that every language can hold it.
pub(super) fn seed(role: Role, slice: &Json, params: &Params, repeat: usize) -> u64 {
    let question = format!("{role}\n{slice}\n{}\n{repeat}", line(&Wire(params)));
    let digest = Sha256::digest(question);
    digest.iter().take(8).fold(0_u64, |seed, byte| seed << 8 | u64::from(*byte)) >> 11
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_belongs_to_slice_parameters_and_repeat_and_stays_what_it_is() {
        let (slice, other) = (serde_json::json!({"year": 2019}), serde_json::json!({"year": 2020}));
        let (here, there) = (Params::new([("x", 0.5)]), Params::new([("x", 0.25)]));
        let seeds = [
            seed(Role::Train, &slice, &here, 0),
            seed(Role::Train, &slice, &here, 1),
            seed(Role::Test, &slice, &here, 0),
            seed(Role::Train, &other, &here, 0),
            seed(Role::Train, &slice, &there, 0),
        ];
        assert!(seeds.iter().all(|seed| *seed < 1 << 53));
        let mut distinct = seeds.to_vec();
        distinct.sort_unstable();
        distinct.dedup();
        assert_eq!(distinct.len(), 5);
        // Pinned: another seed is another record.
        assert_eq!(seeds[0], 4_007_451_408_268_027);
    }
}
