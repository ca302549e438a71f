//! How often a verdict is right, on calibrations whose truth is known: a smaller count of what
//! `cargo run --release --example verdict_quality` prints.
//!
//! The seeds are fixed, so the counts are the same in every run.

#[expect(dead_code, reason = "the example shows more kinds and figures")]
#[path = "../examples/verdict_quality/fields.rs"]
mod fields;

use omega_lock::SearchMethod;
use omega_lock::internals::benchmark::{Labels, PassRate, Simulated, VerdictQuality, phantom, simulated};

use fields::{Field, Smooth, field};

const CALIBRATIONS: u64 = 200;

#[test]
fn transfer_passes_noise_and_leaks_at_most_once_in_a_hundred_where_kc4_passes_one_in_five() {
    let noise = simulated(Simulated::Correlated(0.0), CALIBRATIONS);
    assert!(noise.strict.share() <= 0.01, "{noise:?}");
    // P(t_8 >= .3 sqrt(8 / .91)) = .19985: the analytic share, within three standard errors.
    assert!((noise.kc4.share() - 0.2).abs() < 0.085, "{noise:?}");
    let leaked = simulated(Simulated::Leaked, CALIBRATIONS);
    assert!(leaked.strict.share() <= 0.01, "{leaked:?}");
}

#[test]
fn transfer_passes_skill_that_kc4_often_misses() {
    let moderate = simulated(Simulated::Correlated(0.6), CALIBRATIONS);
    assert!(moderate.strict.share() >= 0.85 && moderate.kc4.share() < 0.65, "{moderate:?}");
    let high = simulated(Simulated::Correlated(0.8), CALIBRATIONS);
    assert!(high.strict.share() >= 0.98 && high.kc4.share() < 0.85, "{high:?}");
}

fn keyhole(search: impl Fn(u64) -> SearchMethod, seeds: u64) {
    let judged = |labels| phantom(&search, labels, 0..seeds).expect("every evaluation succeeds");
    let VerdictQuality { strict: permuted, .. } = judged(Labels::Permuted);
    let VerdictQuality { strict: real, .. } = judged(Labels::Real);
    assert_eq!((permuted.of, real.of), (seeds, seeds));
    assert!(permuted.share() <= 0.05, "nothing to find: {permuted:?}");
    assert!(real.share() >= 0.9, "something to find: {real:?}");
}

#[test]
fn strict_tells_real_labels_from_permuted_ones_for_a_grid() {
    keyhole(|_| SearchMethod::Grid { points_per_axis: 5 }, 40);
}

#[test]
fn strict_tells_real_labels_from_permuted_ones_for_random_draws() {
    keyhole(|seed| SearchMethod::Random { samples: 125, seed }, 100);
}

#[test]
fn strict_tells_real_labels_from_permuted_ones_for_tpe() {
    keyhole(|seed| SearchMethod::Tpe { trials: 125, seed }, 10);
}

#[test]
fn the_same_seeds_give_the_same_counts() {
    let counted = || simulated(Simulated::Correlated(0.4), 20);
    assert_eq!(counted(), counted());
    assert!(PassRate::default().share().is_nan(), "no calibration, no share");
}

#[test]
fn smooth_noise_passes_without_blocks_and_hardly_with_them_where_what_is_common_passes() {
    let passed = |common: f64, blocks: bool| {
        let kind = Field { common, ..Field::noise(Smooth::Over(1.0)) };
        let judged = field(kind, blocks, |_| SearchMethod::Grid { points_per_axis: 5 }, 0..30);
        judged.expect("every evaluation succeeds").gate.passed
    };
    assert!(passed(0.0, false) >= 3, "the landscape of smooth noise transfers by chance");
    assert!(passed(0.0, true) <= 2, "the winner does not");
    assert!(passed(0.8, true) >= 8, "something to find");
}
