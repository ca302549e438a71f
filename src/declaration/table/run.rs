//! Keys of the run as a whole.

use crate::declaration::Declaration;
use crate::declaration::class::Class::{Evidence, Moves, Neutral, Up, Words};
use crate::declaration::key::{Key, key_if, spread, store};
use crate::declaration::plain::{Plain, Shape};
use crate::objective::WindowData;
use crate::pipeline::{Profile, RunConfig};

pub(super) fn keys() -> Vec<Key> {
    let words = Shape::Word(vec!["p1", "iterative", "windows"]);
    let about = "`p1` searches once; `iterative` in rounds, each of which locks in what it found; `windows` once in every \
                 window, each with data of its own (`Calibration::windows`)";
    let pipeline = spread("pipeline", words, Moves, about, |d, sink| sink("", Plain::from(d.config.pipeline())));
    let pipeline = pipeline.put_with(|d, _, plain| {
        let RunConfig { rounds, windows, .. } = &mut d.config;
        *rounds = (plain == "iterative".into()).then(|| rounds.unwrap_or_default());
        *windows = (plain == "windows".into()).then(|| windows.unwrap_or_default());
        Ok(())
    });
    let pipeline = pipeline.rule(|d| match (&d.config.windows, d.config.rounds, d.config.profile) {
        (Some(_), Some(_), _) => Some("windows or rounds, not both".to_owned()),
        (Some(_), None, Profile::Reference) => {
            Some("\"p1\" or \"iterative\", for the profile `reference` does not know how to judge windows".to_owned())
        }
        _ => None,
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
    let windows = windows().into_iter().map(|key| key.when("pipeline", &["windows"]));
    plain()
        .into_iter()
        .chain([pipeline.of_search()])
        .chain(rounds)
        .chain(windows)
        .chain([blocks(), attachments])
        .collect()
}

/// How many windows there are, and their data: said by the code, or by a table for each where the target is no code of Rust.
fn windows() -> Vec<Key> {
    let count = key_if("windows.count", Evidence, "how many windows are searched", |d| d.config.windows.as_mut());
    let count = count.not_in_file().of_search().within(..=MOST_WINDOWS as f64).rule(|d| {
        let (found, min) = (d.config.windows?, d.config.strict.windows.min);
        let few = || format!("at least {min} (`gates.windows.min`)");
        (found < min).then(few).or_else(|| {
            let known = d.windows.len() as u64;
            (known > 0 && known != found).then(|| format!("{known}, for so many have data"))
        })
    });
    let about = "what the target is given to search in this window, from 1; a target of Rust is cut in code and says which data it has";
    let train = of_windows("windows.<window>.train", about, |window| &window.train);
    let train = train.put_with(|d, name, plain| put_window(d, name, plain, |window| &mut window.train));
    let about = "what the winner of the window is tested on";
    let test = of_windows("windows.<window>.test", about, |window| &window.test);
    let test = test.put_with(|d, name, plain| put_window(d, name, plain, |window| &mut window.test));
    vec![count, train, test]
}

fn of_windows(name: &'static str, about: &'static str, part: fn(&WindowData) -> &str) -> Key {
    spread(name, Shape::Table, Moves, about, move |d, sink| {
        for (window, number) in d.windows.iter().zip(1_u64..) {
            sink(&number.to_string(), Plain::from(part(window)));
        }
    })
}

/// Windows come in the order in which their fields are sorted, as texts.
fn put_window(
    d: &mut Declaration,
    name: &str,
    plain: Plain,
    part: fn(&mut WindowData) -> &mut String,
) -> Result<(), String> {
    let number = name.parse().ok().filter(|number: &usize| (1..=MOST_WINDOWS).contains(number));
    let number =
        number.ok_or_else(|| format!("names window `{}`, expected its number, from 1", name.escape_debug()))?;
    d.windows.resize_with(d.windows.len().max(number), WindowData::default);
    *part(&mut d.windows[number - 1]) = plain.bare();
    d.name_windows();
    Ok(())
}

/// More windows than anybody walks.
const MOST_WINDOWS: usize = 1_000;

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
