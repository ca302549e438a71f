//! Keys of the gates.

use std::ops::Bound::{self, Excluded};

use crate::declaration::class::Class::{Down, Moves, Neutral, Up, Words};
use crate::declaration::key::{Key, spread, store};
use crate::declaration::plain::{Plain, Shape};
use crate::gates::{StrictRules, Thresholds};

pub(super) fn keys() -> Vec<Key> {
    let strict = strict().into_iter().map(Key::strict);
    let with_blocks = with_blocks().into_iter().map(Key::with_blocks);
    let windows = windows().into_iter().map(|key| key.when("pipeline", &["windows"]));
    let study = study().into_iter().map(|key| key.when("search.method", &["study"]));
    let reference = reference().into_iter().chain([samples_on_test()]);
    [preset()].into_iter().chain(reference).chain(strict).chain(with_blocks).chain(windows).chain(study).collect()
}

/// Said where the test slice is of another length; nothing is silent about it else.
fn samples_on_test() -> Key {
    let about = "kc3: smallest number of samples on test, where it is not `trade_count_min`";
    spread("gates.trade_count_min_test", Shape::Count, Down, about, |d, sink| {
        d.config.thresholds.samples_min_test.into_iter().for_each(|count| sink("", Plain::Whole(count.into())));
    })
    .put_with(|d, _, plain| store(&mut d.config.thresholds.samples_min_test, plain))
    .silent_as("gates.trade_count_min")
}

fn preset() -> Key {
    let switched_off = Neutral("what it switches off is locked under its own key");
    let about = "switches off what counts samples: kc3, and kc4's ratio";
    spread("gates.preset", Shape::Word(vec!["pure_objective"]), switched_off, about, |_, _| {}).put_with(|d, _, _| {
        let Thresholds { samples_min, sample_ratio_min, .. } = Thresholds::pure_objective();
        (d.config.thresholds.samples_min, d.config.thresholds.sample_ratio_min) = (samples_min, sample_ratio_min);
        Ok(())
    })
}

fn reference() -> Vec<Key> {
    rows! {
        "gates.time_box_seconds", Up, config.thresholds.time_box_seconds, "kc1: seconds a run may take" => within(0.0..);
        // Rounding puts the coefficient of equal stresses below 0, so a minimum of 0 does not switch the rule off.
        "gates.gini_min", Down, config.thresholds.gini_min, "kc2: smallest Gini coefficient of the stresses"
            => within(..=1.0), called("a Gini coefficient");
        "gates.top_bot_ratio_min", Down, config.thresholds.top_bot_ratio_min,
            "kc2: smallest ratio of the largest to the smallest stresses" => within(0.0..);
        "gates.min_nonzero_stress_count", Down, config.thresholds.min_nonzero_stress_count,
            "kc2: smallest number of parameters with any stress";
        "gates.trade_count_min", Down, config.thresholds.samples_min, "kc3: smallest number of samples";
        "gates.pearson_min", Down, config.thresholds.pearson_min, "kc4: smallest correlation of train and test"
            => within(-1.0..=1.0), called("a correlation");
        "gates.trade_ratio_min", Down, config.thresholds.sample_ratio_min,
            "kc4: smallest ratio of test to train samples" => within(0.0..);
    }
}

/// Keys that nothing is silent about but where blocks are declared.
fn with_blocks() -> Vec<Key> {
    rows! {
        "gates.margin.alpha", Up, config.strict.margin_alpha,
            "margin: p-value that the selected candidate's gain has to reach over the blocks of test"
            => within(LEVEL), called("a level"), absent(|_| Plain::Number(StrictRules::default().margin_alpha));
        "gates.transfer.decides", Words(&["advisory", "required"]), config.strict.transfer.decides,
            "transfer: whether it decides beside `margin`; without blocks it does" => absent(|_| Plain::from("advisory"));
    }
}

/// Keys that nothing is silent about but where there are windows.
fn windows() -> Vec<Key> {
    rows! {
        "gates.windows.alpha", Up, config.strict.windows.alpha,
            "windows: p-value that the gains of all windows together have to reach"
            => within(LEVEL), called("a level"), absent(|_| Plain::Number(StrictRules::default().windows.alpha));
        "gates.windows.min", Down, config.strict.windows.min, "windows: smallest number of windows"
            => within(2.0..), absent(|_| Plain::Whole(StrictRules::default().windows.min.into()));
    }
}

/// Keys that nothing is silent about but where a study stands in the place of a search.
fn study() -> Vec<Key> {
    rows! {
        "gates.reproduces.trials", Down, config.strict.study_trials,
            "reproduces: trials of the study that are evaluated again beside those that other gates ask for"
            => within(1.0..=100_000.0), absent(|_| Plain::Whole(StrictRules::default().study_trials.into()));
        "gates.reproduces.tolerance", Up, config.strict.study_tolerance,
            "reproduces: how far a trial may differ from its record, relative"
            => within(0.0..), absent(|_| Plain::Number(StrictRules::default().study_tolerance));
    }
}

/// Of a p-value.
const LEVEL: (Bound<f64>, Bound<f64>) = (Excluded(0.0), Excluded(1.0));

fn strict() -> Vec<Key> {
    rows! {
        "gates.seed", Moves, config.strict.seed, "seed of the permutations and of the fresh draws" => of_test();
        "gates.pearson", Words(&["advisory", "required"]), config.strict.correlation,
            "whether kc4's correlation decides";
        "gates.searched.min_distinct", Down, config.strict.min_distinct,
            "searched: smallest number of distinct eligible candidates";
        "gates.improvement.min", Down, config.strict.min_improvement,
            "improvement: the selected candidate beats the baseline on train by more than this";
        "gates.selected.max_drop", Up, config.strict.max_drop,
            "selected: how far the selected candidate may drop from train to test" => within(0.0..);
        "gates.transfer.alpha", Up, config.strict.transfer.alpha,
            "transfer: p-value that both halves have to reach" => within(LEVEL), called("a level");
        // Where neighbours are alike, more candidates prove less than they seem to: neither way is the safe one.
        "gates.transfer.rank_points", Moves, config.strict.transfer.rank_points,
            "transfer: candidates compared, spread over the ranks on train" => within(2.0..), of_test();
        "gates.transfer.lead_top", Moves, config.strict.transfer.lead_top,
            "transfer: how many of the best on train are held against fresh draws" => within(1.0..), of_test();
        "gates.transfer.lead_draws", Moves, config.strict.transfer.lead_draws,
            "transfer: how many fresh draws" => within(1.0..), of_test();
        // As many as a run makes in a second or so.
        "gates.transfer.permutations", Moves, config.strict.transfer.permutations,
            "transfer: permutations behind a p-value" => within(1.0..=1e7), of_test();
        // It is the code that declares it; without it the gate `null` is skipped.
        "null.declared", Words(&["false", "true"]), config.null_declared,
            "whether the code declares a null version" => not_in_file();
        // The share that may reach the winner moves in steps: 38 runs allow none at 0.05, 39 allow one.
        "gates.null.runs", Moves, config.strict.null.runs, "null: calibrations of null versions"
            => within(1.0..=f64::from(u32::MAX)), rule(|d| {
                let rule = &d.config.strict.null;
                let enough = (1.0 / rule.alpha).ceil() - 1.0;
                let expected = || format!("at least {enough}, for fewer runs cannot reach `alpha = {}`", rule.alpha);
                (rule.smallest_p() > rule.alpha).then(expected)
            });
        "gates.null.alpha", Up, config.strict.null.alpha, "null: p-value that the winner has to reach"
            => within(LEVEL), called("a level");
        "gates.deterministic.noise", Up, config.strict.noise,
            "deterministic: how far the baseline may differ from itself" => within(0.0..);
    }
}
