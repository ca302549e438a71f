//! The standing comparison: three methods on two keyholes with five seeds.

use super::{Benchmark, InRounds, Keyhole, OnePass, Reported};
use crate::gates::Thresholds;
use crate::keyholes::{PhantomKeyhole, PhantomKeyholeDeep};
use crate::pipeline::{Rounds, RunConfig, SearchMethod};

/// Parameters that a pass unlocks; `phantom` has as many that matter, `phantom_deep` twice as many.
const UNLOCK_K: usize = 3;
const POINTS_PER_AXIS: usize = 5;
const SEEDS: [u64; 5] = [42, 7, 100, 314, 55];

/// The 30-run battery of omega-lock for Python, setting by setting, so that its table is reproduced.
///
/// | method | what it is |
/// |---|---|
/// | `plain_grid` | [`OnePass`]: grid of 5 points per axis |
/// | `fractal_vise` | [`InRounds`]: up to 3 rounds of 4 grids, each half as wide, until one improves by less than 0.5 |
/// | `tpe` | [`OnePass`]: 200 trials of TPE seeded like the run |
///
/// Each unlocks 3 parameters (a round) and asks for 50 samples; other thresholds are the defaults. The test slice is the
/// keyhole of the next seed. The one-pass methods report what they unlocked, hence the distance from the optimum charges
/// them a whole range for each parameter that they never searched.
pub fn battery() -> Benchmark {
    let config = |search| RunConfig {
        unlock_k: UNLOCK_K,
        search,
        thresholds: Thresholds { samples_min: Some(50), ..Thresholds::default() },
        ..RunConfig::reference()
    };
    let grid = move |_| config(SearchMethod::Grid { points_per_axis: POINTS_PER_AXIS });
    let zoom = SearchMethod::Zoom { points_per_axis: POINTS_PER_AXIS, rounds: 4, factor: 0.5 };
    let rounds = Rounds { max: 3, min_improvement: 0.5, ..Rounds::default() };
    let vise = move |_| RunConfig { rounds: Some(rounds), ..config(zoom.clone()) };
    let tpe = move |seed| config(SearchMethod::tpe(200, seed));
    Benchmark::new(SEEDS)
        .keyhole(Keyhole::new("phantom", |seed| Ok(PhantomKeyhole::new(seed))))
        .keyhole(Keyhole::new("phantom_deep", |seed| Ok(PhantomKeyholeDeep::new(seed))))
        .method(OnePass::new("plain_grid", Reported::Unlocked, grid))
        .method(InRounds::new("fractal_vise", vise))
        .method(OnePass::new("tpe", Reported::Unlocked, tpe))
}
