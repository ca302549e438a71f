//! Keys of the holdout.

use crate::declaration::class::Class::{Down, Up, Words};
use crate::declaration::key::Key;
use crate::objective::Role;

pub(super) fn keys() -> Vec<Key> {
    rows! {
        "holdout.mode", Words(&["evidence_only", "gate"]), config.holdout.mode, "whether the holdout decides";
        "holdout.min_fitness", Down, config.holdout.min_fitness, "smallest fitness on the holdout";
        "holdout.min_trade_ratio", Down, config.holdout.min_sample_ratio,
            "smallest ratio of holdout to train samples";
        "holdout.looks", Up, acceptance.looks, "how often the holdout may be looked at"
            => rule(|d| d.acceptance.looks.and_then(|_| d.lacks_identity(Role::Holdout)));
    }
}
