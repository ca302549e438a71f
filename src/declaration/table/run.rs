//! Keys of the run as a whole.

use crate::declaration::class::Class::{Down, Moves, Neutral, Up, Words};
use crate::declaration::key::{Key, key, key_if, spread};
use crate::declaration::plain::{Plain, Shape};

pub(super) fn keys() -> Vec<Key> {
    vec![
        key(
            "profile",
            Words(&["reference", "strict"]),
            "which gates judge: `reference` has those of omega-lock for Python and no others",
            |d| &mut d.config.profile,
        ),
        spread(
            "pipeline",
            Shape::Word(vec!["p1", "iterative"]),
            Moves,
            "`p1` searches once; `iterative` in rounds, each of which locks in what it found",
            |d, sink| {
                sink("", Plain::from(d.pipeline()));
            },
        )
        .put_with(|d, _, plain| {
            let rounds = &mut d.config.rounds;
            *rounds = if plain == "iterative".into() { Some(rounds.unwrap_or_default()) } else { None };
            Ok(())
        }),
        // The baseline of a round is the winner of the one before: more or fewer rounds measure the last one elsewhere.
        key_if(
            "iterative.rounds",
            Moves,
            "the most rounds; each unlocks `search.unlock_k` of the parameters that are left",
            |d| d.config.rounds.as_mut().map(|rounds| &mut rounds.max),
        )
        .when("pipeline", &["iterative"])
        .within(1.0..),
        key_if(
            "iterative.stop_on_kc_fail",
            Words(&["false", "true"]),
            "end with the first round that fails a gate; nothing of it is locked in",
            |d| d.config.rounds.as_mut().map(|rounds| &mut rounds.stop_on_kc_fail),
        )
        .when("pipeline", &["iterative"]),
        key_if("iterative.min_improvement", Down, "end with the first round that improves by less", |d| {
            d.config.rounds.as_mut().map(|rounds| &mut rounds.min_improvement)
        })
        .when("pipeline", &["iterative"]),
        key(
            "constraint_policy",
            Words(&["record", "prefer_feasible", "hard_fail"]),
            "what violating a constraint means for the selection; `hard_fail` fails a run without a feasible candidate",
            |d| &mut d.config.constraint_policy,
        ),
        key("max_failed_evaluations", Up, "evaluations that may fail before the run ends without a verdict", |d| {
            &mut d.config.max_failed_evaluations
        }),
        spread(
            "attachments",
            Shape::Word(vec!["keep", "drop"]),
            Neutral("no gate reads them"),
            "what becomes of what a target attaches",
            |d, sink| sink("", Plain::from(if d.config.keep_attachments { "keep" } else { "drop" })),
        )
        .put_with(|d, _, plain| {
            d.config.keep_attachments = plain == "keep".into();
            Ok(())
        }),
    ]
}
