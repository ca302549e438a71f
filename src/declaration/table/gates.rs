//! Keys of the gates.

use std::ops::Bound::Excluded;

use crate::declaration::Declaration;
use crate::declaration::class::Class::{Down, Moves, Neutral, Up, Words};
use crate::declaration::key::{Key, key, spread};
use crate::declaration::plain::Shape;
use crate::gates::Thresholds;

pub(super) fn keys() -> Vec<Key> {
    [reference(), strict()].into_iter().flatten().collect()
}

fn reference() -> Vec<Key> {
    vec![
        spread(
            "gates.preset",
            Shape::Word(vec!["pure_objective"]),
            Neutral("what it switches off is locked under its own key"),
            "switches off what counts samples: kc3, and kc4's ratio",
            |_, _| {},
        )
        .put_with(|d, _, _| {
            let preset = Thresholds::pure_objective();
            d.config.thresholds.samples_min = preset.samples_min;
            d.config.thresholds.sample_ratio_min = preset.sample_ratio_min;
            Ok(())
        }),
        key("gates.time_box_seconds", Up, "kc1: seconds a run may take", |d| &mut d.config.thresholds.time_box_seconds)
            .within(0.0..),
        // Rounding puts the coefficient of equal stresses below 0, so a minimum of 0 does not switch the rule off.
        key("gates.gini_min", Down, "kc2: smallest Gini coefficient of the stresses", |d| {
            &mut d.config.thresholds.gini_min
        })
        .within(..=1.0)
        .called("a Gini coefficient"),
        key("gates.top_bot_ratio_min", Down, "kc2: smallest ratio of the largest to the smallest stresses", |d| {
            &mut d.config.thresholds.top_bot_ratio_min
        })
        .within(0.0..),
        key("gates.min_nonzero_stress_count", Down, "kc2: smallest number of parameters with any stress", |d| {
            &mut d.config.thresholds.min_nonzero_stress_count
        }),
        key("gates.trade_count_min", Down, "kc3: smallest number of samples", |d| &mut d.config.thresholds.samples_min),
        key("gates.pearson_min", Down, "kc4: smallest correlation of train and test", |d| {
            &mut d.config.thresholds.pearson_min
        })
        .within(-1.0..=1.0)
        .called("a correlation"),
        key("gates.trade_ratio_min", Down, "kc4: smallest ratio of test to train samples", |d| {
            &mut d.config.thresholds.sample_ratio_min
        })
        .within(0.0..),
    ]
}

fn strict() -> Vec<Key> {
    let keys = vec![
        key("gates.seed", Moves, "seed of the permutations and of the fresh draws", |d| &mut d.config.strict.seed),
        key("gates.pearson", Words(&["advisory", "required"]), "whether kc4's correlation decides", |d| {
            &mut d.config.strict.correlation
        }),
        key("gates.searched.min_distinct", Down, "searched: smallest number of distinct eligible candidates", |d| {
            &mut d.config.strict.min_distinct
        }),
        key(
            "gates.improvement.min",
            Down,
            "improvement: the selected candidate beats the baseline on train by more than this",
            |d| &mut d.config.strict.min_improvement,
        ),
        key(
            "gates.selected.max_drop",
            Up,
            "selected: how far the selected candidate may drop from train to test",
            |d| &mut d.config.strict.max_drop,
        )
        .within(0.0..),
        level("gates.transfer.alpha", "transfer: p-value that both halves have to reach", |d| {
            &mut d.config.strict.transfer.alpha
        }),
        // Where neighbours are alike, more candidates prove less than they seem to: neither way is the safe one.
        key(
            "gates.transfer.rank_points",
            Moves,
            "transfer: candidates compared, spread over the ranks on train",
            |d| &mut d.config.strict.transfer.rank_points,
        )
        .within(2.0..),
        key(
            "gates.transfer.lead_top",
            Moves,
            "transfer: how many of the best on train are held against fresh draws",
            |d| &mut d.config.strict.transfer.lead_top,
        )
        .within(1.0..),
        key("gates.transfer.lead_draws", Moves, "transfer: how many fresh draws", |d| {
            &mut d.config.strict.transfer.lead_draws
        })
        .within(1.0..),
        // As many as a run makes in a second or so.
        key("gates.transfer.permutations", Moves, "transfer: permutations behind a p-value", |d| {
            &mut d.config.strict.transfer.permutations
        })
        .within(1.0..=1e7),
        // It is the code that declares it; without it the gate `null` is skipped.
        key("null.declared", Words(&["false", "true"]), "whether the code declares a null version", |d| {
            &mut d.config.null_declared
        })
        .not_in_file(),
        key("gates.null.runs", Down, "null: calibrations of null versions", |d| &mut d.config.strict.null.runs)
            .within(1.0..=f64::from(u32::MAX))
            .rule(|d| {
                let rule = &d.config.strict.null;
                let enough = (1.0 / rule.alpha).ceil() - 1.0;
                (rule.smallest_p() > rule.alpha)
                    .then(|| format!("at least {enough}, for fewer runs cannot reach `alpha = {}`", rule.alpha))
            }),
        level("gates.null.alpha", "null: p-value that the winner has to reach", |d| &mut d.config.strict.null.alpha),
        key("gates.deterministic.noise", Up, "deterministic: how far the baseline may differ from itself", |d| {
            &mut d.config.strict.noise
        })
        .within(0.0..),
    ];
    keys.into_iter().map(Key::strict).collect()
}

/// A level of significance.
fn level(name: &'static str, about: &'static str, at: fn(&mut Declaration) -> &mut f64) -> Key {
    key(name, Up, about, at).within((Excluded(0.0), Excluded(1.0))).called("a level")
}
