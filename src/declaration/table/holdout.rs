//! Keys of the holdout.

use crate::declaration::class::Class::{Down, Up, Words};
use crate::declaration::key::{Key, key};

pub(super) fn keys() -> Vec<Key> {
    vec![
        key("holdout.mode", Words(&["evidence_only", "gate"]), "whether the holdout decides", |d| {
            &mut d.config.holdout.mode
        }),
        key("holdout.min_fitness", Down, "smallest fitness on the holdout", |d| &mut d.config.holdout.min_fitness),
        key("holdout.min_trade_ratio", Down, "smallest ratio of holdout to train samples", |d| {
            &mut d.config.holdout.min_sample_ratio
        }),
        key("holdout.looks", Up, "how often the holdout may be looked at", |d| &mut d.acceptance.looks),
    ]
}
