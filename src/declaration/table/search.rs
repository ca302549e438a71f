//! Keys of the search, the walk forward and the random draws beside them.

use crate::declaration::class::Class::{Down, Neutral};
use crate::declaration::key::{Key, key, key_if, spread};
use crate::declaration::plain::{Plain, Shape};
use crate::pipeline::SearchMethod::{self, Grid, Own, Random, Tpe, Zoom};
use crate::search::tpe;

/// Why another search lowers no bar.
const PROPOSES: &str = "another search proposes other candidates, the gates ask the same of them";

/// Values per axis, grids, fraction kept; then draws and seed: what a method has where nobody says it.
const AXES: (usize, usize, f64) = (5, 3, 0.5);
const DRAWS: (u64, u64) = (125, 42);

pub(super) fn keys() -> Vec<Key> {
    vec![
        spread(
            "search.method",
            Shape::Word(vec!["grid", "zoom", "random", "tpe"]),
            Neutral(PROPOSES),
            "how candidates are proposed",
            |d, sink| sink("", Plain::from(d.config.search.name())),
        )
        .put_with(|d, _, plain| {
            d.config.search = turned(&d.config.search, &plain.bare());
            Ok(())
        }),
        key(
            "search.unlock_k",
            Neutral(PROPOSES),
            "how many parameters are searched: those with the largest stress",
            |d| &mut d.config.unlock_k,
        )
        .within(1.0..),
        key(
            "search.leave_out_suppressed",
            Neutral(PROPOSES),
            "never search a parameter that the space marks as suppressed",
            |d| &mut d.config.leave_out_suppressed,
        ),
        key_if("search.points_per_axis", Neutral(PROPOSES), "values per parameter", |d| match &mut d.config.search {
            Grid { points_per_axis } | Zoom { points_per_axis, .. } => Some(points_per_axis),
            _ => None,
        })
        .when("search.method", &["grid", "zoom"])
        // An axis is held in memory, and nobody evaluates more.
        .within(2.0..=100_000.0),
        key_if(
            "search.zoom_rounds",
            Neutral(PROPOSES),
            "number of grids, each around the best point of the one before",
            |d| match &mut d.config.search {
                Zoom { rounds, .. } => Some(rounds),
                _ => None,
            },
        )
        .when("search.method", &["zoom"])
        .within(1.0..),
        key_if("search.zoom_factor", Neutral(PROPOSES), "fraction of the range that is kept from grid to grid", |d| {
            match &mut d.config.search {
                Zoom { factor, .. } => Some(factor),
                _ => None,
            }
        })
        .when("search.method", &["zoom"])
        .within((std::ops::Bound::Excluded(0.0), std::ops::Bound::Excluded(1.0))),
        key_if("search.samples", Neutral(PROPOSES), "number of draws", |d| match &mut d.config.search {
            Random { samples, .. } => Some(samples),
            _ => None,
        })
        .when("search.method", &["random"])
        .within(1.0..),
        key_if("search.trials", Neutral(PROPOSES), "number of trials", |d| match &mut d.config.search {
            Tpe { trials, .. } => Some(trials),
            _ => None,
        })
        .when("search.method", &["tpe"])
        .within(1.0..),
        key_if("search.seed", Neutral(PROPOSES), "seed of the draws or trials", |d| match &mut d.config.search {
            Random { seed, .. } | Tpe { seed, .. } => Some(seed),
            _ => None,
        })
        .when("search.method", &["random", "tpe"])
        .rule(|d| match d.config.search {
            // numpy's older generator takes no more.
            Tpe { seed, .. } if u32::try_from(seed).is_err() => {
                Some(format!("a whole number of at most {} for method \"tpe\"", u32::MAX))
            }
            _ => None,
        }),
        spread(
            "search.sampler",
            Shape::Text,
            Neutral(PROPOSES),
            "tpe: the version of the sampler, for another one under the same seed is another search",
            |d, sink| {
                if let Tpe { .. } = d.config.search {
                    sink("", Plain::from(tpe::PROFILE));
                }
            },
        )
        // What is read back is compared with what it was read from: another sampler is noticed there.
        .put_with(|_, _, _| Ok(()))
        .not_in_file(),
        key_if("search.name", Neutral(PROPOSES), "the optimizer that the code brings along, with its settings", |d| {
            match &mut d.config.search {
                Own { name } => Some(name),
                _ => None,
            }
        })
        .rule(|d| match &d.config.search {
            Own { name } if name.is_empty() => Some("the name of the optimizer and its settings".to_owned()),
            _ => None,
        })
        .not_in_file(),
        // A correlation over two candidates is 1 or -1.
        key("walk_forward.top_n", Down, "candidates evaluated on test, which kc4 compares", |d| {
            &mut d.config.walk_forward_top_n
        })
        .within(2.0..),
        // kc4 divides the samples on test by it.
        key(
            "walk_forward.trade_ratio_scale",
            Down,
            "length of test over length of train, by which the ratio of samples is divided",
            |d| &mut d.config.sample_ratio_scale,
        )
        .within((std::ops::Bound::Excluded(0.0), std::ops::Bound::Unbounded)),
        key(
            "sc2.run",
            Neutral("sc2 is shown and never decides"),
            "compare the search with as many random draws (sc2)",
            |d| &mut d.config.sc2,
        ),
        key("sc2.seed", Neutral("sc2 is shown and never decides"), "seed of the draws of sc2", |d| {
            &mut d.config.sc2_seed
        }),
    ]
}

/// The search of that name, with what the one before says of it.
fn turned(before: &SearchMethod, method: &str) -> SearchMethod {
    let (points_per_axis, rounds, factor) = match *before {
        Grid { points_per_axis } => (points_per_axis, AXES.1, AXES.2),
        Zoom { points_per_axis, rounds, factor } => (points_per_axis, rounds, factor),
        _ => AXES,
    };
    let (count, seed) = match *before {
        Random { samples: count, seed } | Tpe { trials: count, seed } => (count, seed),
        _ => DRAWS,
    };
    match method {
        "zoom" => Zoom { points_per_axis, rounds, factor },
        "random" => Random { samples: count, seed },
        "tpe" => Tpe { trials: count, seed },
        _ => Grid { points_per_axis },
    }
}
