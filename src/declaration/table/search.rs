//! Keys of the search, the walk forward and the random draws beside them.

use std::ops::Bound;

use crate::declaration::class::Class::{Down, Moves, Neutral};
use crate::declaration::key::{Key, key_if, spread, store};
use crate::declaration::plain::{Plain, Shape};
use crate::pipeline::SearchMethod::{self, Grid, Own, Random, Study, Tpe, Zoom};
use crate::pipeline::{Profile, RunConfig};
use crate::search::tpe::TpeSampler;

/// A key of the methods whose pattern has a `place`.
macro_rules! searched {
    ($name:literal, $about:literal, [$($method:literal),+], $place:ident in $pattern:pat) => {
        key_if($name, Neutral(PROPOSES), $about, |d| match &mut d.config.search {
            $pattern => Some($place),
            _ => None,
        })
        .when("search.method", &[$($method),+])
    };
}

/// Why another search lowers no bar.
const PROPOSES: &str = "another search proposes other candidates, the gates ask the same of them";

/// Values per axis, grids, fraction kept; then draws and seed: what a method has where nobody says it.
const AXES: (usize, usize, f64) = (5, 3, 0.5);
const DRAWS: (u64, u64) = (125, 42);

pub(super) fn keys() -> Vec<Key> {
    let words = Shape::Word(vec!["grid", "zoom", "random", "tpe", "study"]);
    let method = spread("search.method", words, Neutral(PROPOSES), "how candidates are proposed", |d, sink| {
        sink("", Plain::from(d.config.search.name()));
    });
    let method = method.put_with(|d, _, plain| {
        d.config.search = turned(&d.config.search, &plain.bare());
        Ok(())
    });
    let method = method.rule(|d| of_a_study(&d.config));
    let methods = [method].into_iter().chain(of_methods()).chain(of_study()).chain(of_code()).map(Key::of_search);
    methods.chain(others()).collect()
}

/// Keys of some methods: those whose patterns have the place.
fn of_methods() -> Vec<Key> {
    let fraction = (Bound::Excluded(0.0), Bound::Excluded(1.0));
    vec![
        // An axis is held in memory, and nobody evaluates more.
        searched!("search.points_per_axis", "values per parameter", ["grid", "zoom"],
            place in Grid { points_per_axis: place } | Zoom { points_per_axis: place, .. })
        .within(2.0..=100_000.0),
        searched!("search.zoom_rounds", "number of grids, each around the best point of the one before", ["zoom"],
            place in Zoom { rounds: place, .. })
        .within(1.0..),
        searched!("search.zoom_factor", "fraction of the range that is kept from grid to grid", ["zoom"],
            place in Zoom { factor: place, .. })
        .within(fraction),
        searched!("search.samples", "number of draws", ["random"], place in Random { samples: place, .. })
            .within(1.0..),
        searched!("search.trials", "number of trials", ["tpe"], place in Tpe { trials: place, .. }).within(1.0..),
        searched!("search.seed", "seed of the draws or trials", ["random", "tpe"],
            place in Random { seed: place, .. } | Tpe { seed: place, .. })
        .rule(|d| match d.config.search {
            // numpy's older generator takes no more.
            Tpe { seed, .. } if u32::try_from(seed).is_err() => {
                Some(format!("a whole number of at most {} for method \"tpe\"", u32::MAX))
            }
            _ => None,
        }),
        searched!("search.batch", "how many trials are proposed before any of them is answered, so that as many workers are busy",
            ["tpe"], place in Tpe { batch: place, .. })
        .within(1.0..=1024.0),
        searched!("search.sampler", "whose sequence of trials it is", ["tpe"], place in Tpe { sampler: place, .. }),
    ]
}

/// Which study stands in the place of a search. What it chose is what the bars are measured with.
fn of_study() -> [Key; 2] {
    let about = "the study whose trials are the candidates: a file as `import` of the subcommand writes it, relative to the workspace";
    let file = key_if("search.file", Moves, about, |d| match &mut d.config.search {
        Study { file, .. } => Some(file),
        _ => None,
    });
    let file = file.when("search.method", &["study"]).rule(|d| match &d.config.search {
        Study { file, .. } if !is_of_the_workspace(file) => {
            Some("a file of the workspace, relative to the folder of omega.toml, with `/`".to_owned())
        }
        _ => None,
    });
    let about = "the digest of that study: the head of the chain of its file";
    let digest = spread("search.digest", Shape::Text, Moves, about, |d, sink| {
        if let Study { digest, .. } = &d.config.search {
            sink("", Plain::from(digest.as_str()));
        }
    });
    let digest = digest.put_with(|d, _, plain| match &mut d.config.search {
        Study { digest, .. } => store(digest, plain),
        _ => Err("does not apply here".to_owned()),
    });
    [file, digest.not_in_file()]
}

/// Whether a path is the same file on every machine.
fn is_of_the_workspace(path: &str) -> bool {
    let usable = |part: &str| !part.is_empty() && part != "." && part != ".." && !part.contains(['\\', ':']);
    path.split('/').all(usable) && !path.chars().any(char::is_control)
}

/// What is expected where a study cannot stand in the place of a search.
fn of_a_study(config: &RunConfig) -> Option<String> {
    if !config.is_study() {
        return None;
    }
    let expected = |why: &str| Some(format!("\"grid\", \"zoom\", \"random\" or \"tpe\": {why}"));
    match (config.windows, config.rounds, config.profile) {
        (Some(_), ..) => expected("each window is searched on its own data, and a study was made on one train slice"),
        (None, Some(_), _) => expected("a study is searched and has no further round"),
        (None, None, Profile::Reference) => expected("the profile `reference` does not know how to judge a study"),
        (None, None, Profile::Strict) => None,
    }
}

/// What the code says of its search.
fn of_code() -> [Key; 1] {
    let about = "the optimizer that the code brings along, with its settings";
    let name = key_if("search.name", Neutral(PROPOSES), about, |d| match &mut d.config.search {
        Own { name } => Some(name),
        _ => None,
    });
    let name = name.rule(|d| match &d.config.search {
        Own { name } if name.is_empty() => Some("the name of the optimizer and its settings".to_owned()),
        _ => None,
    });
    [name.not_in_file()]
}

fn others() -> Vec<Key> {
    rows! {
        // In rounds it decides how many there are: fewer are left than it asks for, and the run ends.
        "search.unlock_k", Moves, config.unlock_k,
            "how many parameters are searched: those with the largest stress" => within(1.0..), of_search();
        "search.leave_out_suppressed", Neutral(PROPOSES), config.leave_out_suppressed,
            "never search a parameter that the space marks as suppressed" => of_search();
        // Neither way is safe: two candidates correlate perfectly, and many spread over more of train.
        "walk_forward.top_n", Moves, config.walk_forward_top_n,
            "candidates evaluated on test, which kc4 compares" => within(2.0..), of_search();
        // kc4 divides the samples on test by it.
        "walk_forward.trade_ratio_scale", Down, config.sample_ratio_scale,
            "length of test over length of train, by which the ratio of samples is divided"
            => within((Bound::Excluded(0.0), Bound::Unbounded));
        "sc2.run", Neutral("sc2 is shown and never decides"), config.sc2,
            "compare the search with as many random draws (sc2)";
        "sc2.seed", Neutral("sc2 is shown and never decides"), config.sc2_seed, "seed of the draws of sc2";
    }
}

/// The search of that name, with what the one before says of it.
fn turned(before: &SearchMethod, method: &str) -> SearchMethod {
    let (points_per_axis, rounds, factor) = match *before {
        Grid { points_per_axis } => (points_per_axis, AXES.1, AXES.2),
        Zoom { points_per_axis, rounds, factor } => (points_per_axis, rounds, factor),
        _ => AXES,
    };
    let (count, seed) = match *before {
        Random { samples: count, seed } | Tpe { trials: count, seed, .. } => (count, seed),
        _ => DRAWS,
    };
    match method {
        "zoom" => Zoom { points_per_axis, rounds, factor },
        "random" => Random { samples: count, seed },
        "tpe" => match *before {
            Tpe { .. } => before.clone(),
            _ => Tpe { trials: count, seed, batch: 1, sampler: TpeSampler::default() },
        },
        "study" => match before {
            Study { .. } => before.clone(),
            _ => SearchMethod::study(""),
        },
        _ => Grid { points_per_axis },
    }
}
