//! Rules that move: D20, D26.

use omega_lock::prelude::*;
use omega_lock::{Declaration, GateId};

use crate::toy::{both, failed, linear, run, toy};

fn declared(config: RunConfig) -> Declaration {
    Declaration { config, ..Declaration::of("toy", &toy(linear)) }
}

#[test]
fn d20_a_threshold_that_accepts_anything_leaves_transfer_to_say_no() {
    let (train, reversed) = (toy(linear), toy(|params| -linear(params)));
    let slices = [(Role::Train, &train), (Role::Test, &reversed)];
    let [reference, strict] = both(|config| config.thresholds.pearson_min = -1.0);
    assert!(run(&reference, &slices, &[]).verdict.is_pass());
    let ours = run(&strict, &slices, &[]);
    assert!(failed(&ours, &GateId::Transfer) && failed(&ours, &GateId::Selected), "{}", ours.verdict);
    for config in both(|config| config.thresholds.pearson_min = -1.5) {
        let refused = config.check().expect_err("out of its domain").to_string();
        assert_eq!(refused, "`gates.pearson_min` is -1.5, expected a correlation from -1 to 1");
    }
    // Nothing is relaxed unseen: every threshold is a field of the declaration, and changes its digest.
    for relax in [
        |config: &mut RunConfig| config.thresholds.samples_min = Some(1),
        |config: &mut RunConfig| config.strict.transfer.alpha = 0.5,
        |config: &mut RunConfig| config.strict.min_distinct = 1,
    ] {
        let mut relaxed = RunConfig::default();
        relax(&mut relaxed);
        assert_ne!(declared(relaxed).digest(), declared(RunConfig::default()).digest());
    }
}

#[test]
fn d26_the_sampler_behind_a_seed_is_declared_with_its_version() {
    for config in both(|config| config.search = SearchMethod::tpe(125, 42)) {
        let fields = declared(config).fields();
        let sampler = fields.iter().find(|field| field.key == "search.sampler").map(|field| field.value.as_str());
        assert_eq!(sampler, Some("\"optuna-4.9\""));
    }
}
