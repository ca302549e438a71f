//! Keys of a calibration that programs evaluate.

use std::ops::Bound;

use crate::declaration::class::Class::{Moves, Neutral, Slice};
use crate::declaration::key::{Key, key_if, spread, store};
use crate::declaration::plain::{Holds, Plain, Shape};
use crate::declaration::{Declaration, Program};

/// Seconds: more than none, at most a year.
const SECONDS: (Bound<f64>, Bound<f64>) = (Bound::Excluded(0.0), Bound::Included(31_536_000.0));

pub(super) fn keys() -> Vec<Key> {
    let locked = vec![
        row("worker.command", "program and arguments that evaluate; no shell reads them", |p| &mut p.command).of_search(),
        row(
            "worker.protocol",
            "`worker` stays and speaks omega-worker/1; `once` is started for each evaluation: parameters in, the last line out",
            |p| &mut p.protocol,
        )
        .of_search(),
        row("worker.launcher", "what stands before the command, such as `srun -n1`", |p| &mut p.launcher).of_search(),
        row(
            "worker.inputs",
            "patterns of the files that the command is made of; an unfinished run is not continued with others",
            |p| &mut p.inputs,
        ),
        row("worker.env.pass", "variables that are handed on, beside PATH, HOME, LANG and TMPDIR", |p| &mut p.pass).of_search(),
        spread("worker.env.set.<variable>", Shape::Text, Moves, "a variable that is set", |d, sink| {
            let set = d.program.iter().flat_map(|program| &program.set);
            set.for_each(|(variable, value)| sink(variable, Plain::from(value.as_str())));
        })
        .put_with(|d, variable, plain| {
            let set = &mut program(d).set;
            set.retain(|(known, _)| known != variable);
            set.push((variable.to_owned(), plain.bare()));
            set.sort();
            Ok(())
        })
        .of_search(),
        row("worker.evaluation_timeout", "seconds after which an evaluation has failed", |p| &mut p.evaluation_timeout)
            .within(SECONDS)
            .of_search(),
        row("worker.repeats", "evaluations of different seeds that one is the mean of", |p| &mut p.repeats)
            .within(1.0..=10_000.0)
            .of_search(),
        spread(
            "roles.null",
            Shape::Text,
            Slice,
            "what the null version is told beside the slice and the seed",
            |d, sink| {
                if let Some(null) = d.program.as_ref().and_then(|program| program.null.as_deref()) {
                    sink("", Plain::from(null));
                }
            },
        )
        .put_with(|d, _, plain| {
            program(d).null = Some(plain.bare());
            Ok(())
        })
        .not_in_file(),
    ];
    let settings = [
        setting("worker.processes", "processes that evaluate at once; 1 unless said", |p| &mut p.processes)
            .within(1.0..=4_096.0),
        setting(
            "worker.silence_timeout",
            "seconds without a sign of life after which an evaluation is lost; 600 unless said",
            |p| &mut p.silence_timeout,
        )
        .within(SECONDS),
        setting("worker.lost_retries", "how often a lost evaluation is asked again; 2 unless said", |p| {
            &mut p.lost_retries
        })
        .within(0.0..=1_000.0),
    ];
    let without_code = |key: Key| if key.name() == "worker.command" { key } else { key.without_code() };
    locked.into_iter().chain(settings).map(without_code).collect()
}

/// What decides the numbers.
fn row<T: Holds + 'static>(name: &'static str, about: &'static str, at: fn(&mut Program) -> &mut T) -> Key {
    key_if(name, Moves, about, move |d: &mut Declaration| d.program.as_mut().map(at))
        .put_with(move |d, _, plain| store(at(program(d)), plain))
}

/// How it is run, which changes no answer: no field of a declaration.
fn setting<T: Holds + 'static>(name: &'static str, about: &'static str, at: fn(&mut Program) -> &mut T) -> Key {
    spread(name, T::kind().shape, Neutral("it changes no answer, and is in no digest"), about, |_, _| ())
        .put_with(move |d, _, plain| store(at(program(d)), plain))
}

/// The program, which is there as soon as anything is said of it.
fn program(declaration: &mut Declaration) -> &mut Program {
    declaration.program.get_or_insert_default()
}
