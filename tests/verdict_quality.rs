//! How often a verdict is right, on calibrations whose truth is known: a smaller count of what
//! `cargo run --release --example verdict_quality` prints.
//!
//! The seeds are fixed, so the counts are the same in every run.

#[path = "../examples/verdict_quality/climb.rs"]
mod climb;
#[path = "../examples/verdict_quality/fields.rs"]
mod fields;
#[path = "../examples/verdict_quality/judge.rs"]
mod judge;
#[path = "../examples/verdict_quality/keyholes.rs"]
mod keyholes;
#[path = "support/study.rs"]
mod made;
#[path = "../examples/verdict_quality/returns.rs"]
mod returns;
#[path = "../examples/verdict_quality/rows.rs"]
mod rows;
#[path = "../examples/verdict_quality/studies.rs"]
mod studies;
#[path = "../examples/verdict_quality/windows.rs"]
mod windows;

use omega_lock::SearchMethod;
use omega_lock::internals::benchmark::{Labels, PassRate, Simulated, VerdictQuality, phantom, simulated};

use judge::{Quality, judged};
use returns::Returns;
use rows::{Bound, rows};

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
    keyhole(|seed| SearchMethod::tpe(125, seed), 10);
}

#[test]
fn the_same_seeds_give_the_same_counts() {
    let counted = || simulated(Simulated::Correlated(0.4), 20);
    assert_eq!(counted(), counted());
    assert!(PassRate::default().share().is_nan(), "no calibration, no share");
}

/// What comes of a row of the study.
fn row(name: &str, calibrations: u64) -> Quality {
    let made = [("made returns", Returns::made(3_000))];
    let found = rows(&made, None).into_iter().find(|row| row.name == name).unwrap_or_else(|| panic!("no row `{name}`"));
    judged(&*found.situation, found.asked, 0..calibrations).expect("every evaluation succeeds")
}

#[test]
fn smooth_noise_hardly_passes_transfer_or_margin_where_what_is_common_passes() {
    // Permutations alone pass five of them: the landscape of smooth noise transfers by chance.
    for noise in ["noise, length 1, grid: neither", "shared bad region of 5 sd, grid: neither"] {
        assert!(row(noise, 30).gate.passed <= 2, "surfaces as smooth as that do as well: {noise}");
    }
    assert!(row("noise, length 1, grid: blocks", 30).verdict.passed <= 2, "the winner does not");
    let skill = row("correlation .8, length 1, grid: blocks", 30);
    assert!(skill.verdict.passed >= 12 && skill.better.passed >= 25, "something to find: {skill:?}");
}

#[test]
fn a_bad_region_a_bad_baseline_and_leaks_make_no_winner_over_blocks_and_a_lone_peak_is_one() {
    for name in [
        "shared bad region of 10 sd, grid: blocks",
        "baseline 4 sd below all others, grid: blocks",
        "ten leaked candidates among correlation .8, grid: blocks",
        "noise, length .3, one half four times as wild, grid: blocks",
        "ten tries, noise, length 1, random: blocks",
    ] {
        assert!(row(name, 20).verdict.passed <= 3, "{name}");
    }
    assert!(row("lone peak of 8 sd, grid: blocks", 10).verdict.passed >= 9);
}

#[test]
fn a_null_version_sees_exposure_that_slices_share_if_it_keeps_it() {
    let passed = |basis: &str| row(&format!("shared exposure of 3 sd, grid: {basis}"), 8).verdict.passed;
    assert!(passed("null") <= 2, "kept");
    assert!(passed("blocks") >= 5, "blocks do not see it");
    assert!(passed("null without structure") >= 4, "dropped");
}

#[test]
fn moving_averages_on_returns_without_skill_hardly_pass_over_blocks() {
    assert!(row("made returns, random signs, grid: blocks", 20).verdict.passed <= 3);
    let null = row("made returns, random signs, grid: null", 10);
    assert!(null.verdict.passed <= 2, "{null:?}");
}

#[test]
fn a_keyhole_in_blocks_passes_with_its_real_labels() {
    for name in ["phantom keyhole, grid: blocks", "phantom keyhole, deep, random: blocks"] {
        assert!(row(name, 10).verdict.passed >= 8, "{name}");
    }
}

#[test]
fn a_study_in_the_place_of_a_search_hardly_passes_noise_and_passes_a_keyhole() {
    for basis in ["blocks", "neither"] {
        let noise = row(&format!("noise, length 1, study of random draws: {basis}"), 20);
        assert!(noise.verdict.passed <= 3, "{basis}: {noise:?}");
    }
    assert!(row("phantom keyhole, study of random draws: blocks", 10).verdict.passed >= 8);
}

#[test]
fn every_row_has_a_name_of_its_own_and_most_are_held_against_a_bound() {
    let rows = rows(&[("made returns", Returns::made(3_000))], None);
    let mut names: Vec<&str> = rows.iter().map(|row| row.name.as_str()).collect();
    names.sort_unstable();
    assert!(names.windows(2).all(|pair| pair[0] != pair[1]));
    let bounds = rows.iter().filter(|row| row.bound != Bound::Told).count();
    assert!(bounds > 100, "{bounds} rows are held against a bound");
}
