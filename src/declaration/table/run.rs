//! Keys of the run as a whole.

use crate::declaration::class::Class::{Evidence, Moves, Neutral, Up, Words};
use crate::declaration::key::{Key, key_if, spread, store};
use crate::declaration::plain::{Plain, Shape};

pub(super) fn keys() -> Vec<Key> {
    let words = Shape::Word(vec!["p1", "iterative"]);
    let about = "`p1` searches once; `iterative` in rounds, each of which locks in what it found";
    let pipeline = spread("pipeline", words, Moves, about, |d, sink| sink("", Plain::from(d.config.pipeline())));
    let pipeline = pipeline.put_with(|d, _, plain| {
        let rounds = &mut d.config.rounds;
        *rounds = if plain == "iterative".into() { Some(rounds.unwrap_or_default()) } else { None };
        Ok(())
    });
    let words = Shape::Word(vec!["keep", "drop"]);
    let about = "what becomes of what a target attaches";
    let attachments = spread("attachments", words, Neutral("no gate reads them"), about, |d, sink| {
        sink("", Plain::from(if d.config.keep_attachments { "keep" } else { "drop" }));
    });
    let attachments = attachments.put_with(|d, _, plain| {
        d.config.keep_attachments = plain == "keep".into();
        Ok(())
    });
    let rounds = rounds().into_iter().map(|key| key.when("pipeline", &["iterative"]).of_search());
    plain().into_iter().chain([pipeline.of_search()]).chain(rounds).chain([blocks(), attachments]).collect()
}

/// There where it is declared, so that it changes no declaration that is silent about it.
fn blocks() -> Key {
    let about = "blocks that every evaluation tells the fitness of (`Evaluation::blocks`), by which `margin` then judges \
                 the winner; an evaluation with another number of them fails";
    key_if("blocks", Evidence, about, |d| d.config.blocks.is_some().then_some(&mut d.config.blocks))
        .put_with(|d, _, plain| store(&mut d.config.blocks, plain))
        .absent(|_| Plain::off())
        .strict()
        .within(5.0..=10_000.0)
}

fn rounds() -> Vec<Key> {
    rows! {
        // The baseline of a round is the winner of the one before: more or fewer rounds measure the last one elsewhere.
        "iterative.rounds", Moves, config.rounds?.max,
            "the most rounds; each unlocks `search.unlock_k` of the parameters that are left" => within(1.0..);
        "iterative.stop_on_kc_fail", Words(&["false", "true"]), config.rounds?.stop_on_kc_fail,
            "end with the first round that fails a gate; nothing of it is locked in";
        // It ends the run early: the later rounds, which could fail it, are never asked.
        "iterative.min_improvement", Moves, config.rounds?.min_improvement,
            "end with the first round that improves by less";
    }
}

fn plain() -> Vec<Key> {
    rows! {
        "profile", Words(&["reference", "strict"]), config.profile,
            "which gates judge: `reference` has those of omega-lock for Python and no others" => of_search();
        "constraint_policy", Words(&["record", "prefer_feasible", "hard_fail"]), config.constraint_policy,
            "what violating a constraint means for the selection; `hard_fail` fails a run without a feasible candidate"
            => of_search();
        "max_failed_evaluations", Up, config.max_failed_evaluations,
            "evaluations that may fail before the run ends without a verdict";
    }
}
