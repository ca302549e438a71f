//! The exchanges that a worker is held against the protocol by.

use std::thread;
use std::time::Duration;

use serde_json::Value as Json;

use super::child::{Running, said};
use super::launch::Launch;
use super::message::{Message, Wire, line};
use super::space::difference;
use super::stage::Stage;
use crate::objective::{ParamKind, Params, Value};

/// One exchange: what has to hold, and what helps where it does not.
pub struct Exchange {
    /// A sentence about the worker, without its subject.
    pub name: &'static str,
    /// What a worker has to do for it.
    pub help: &'static str,
    play: fn(&mut Stage) -> Result<(), String>,
    /// Whether nothing further can be asked without it.
    first: bool,
}

/// Why a worker could not be held against the protocol to the end.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Refused {
    /// The command cannot be started.
    #[error("{0}")]
    NotStarted(String),
    /// It cannot be asked for an evaluation.
    #[error("the worker cannot be asked for an evaluation, so that nothing further was tried")]
    NoHello,
}

macro_rules! exchanges {
    ($($name:literal $first:literal $play:expr => $help:literal;)+) => {
        &[$(Exchange { name: $name, help: $help, play: $play, first: $first }),+]
    };
}

/// Every exchange, in the order in which they are played.
pub const EXCHANGES: &[Exchange] = exchanges! {
    "says hello" true |stage| stage.process().map(drop)
        => "the first line is a question of type `hello`; answer it within ten seconds";
    "says a space that can be searched" true space
        => "`space` lists the parameters: name, kind, neutral, and low and high or choices";
    "says the same in a second process" false second_hello
        => "every process of a run sees the same parameters, data and code";
    "evaluates the baseline" false baseline
        => "answer `evaluate` with a `result` that has a `fitness`";
    "answers the same question alike" false |stage| again(stage, Stage::neutral)
        => "seed every draw, and keep nothing between two evaluations";
    "answers alike in a second process" false second_answer
        => "an answer depends on the question alone: not on the process, the time or what was asked before";
    "answers on the test slice" false test_slice
        => "`role` names the slice, and `slice` says what it is";
    "answers at the lower end of every number" false |stage| ends(stage, |kind| match *kind {
        ParamKind::Float { low, .. } => Some(Value::Float(low)),
        ParamKind::Int { low, .. } => Some(Value::Int(low)),
        _ => None,
    }) => "parameters without a fitness are answered with `error` or `not_applicable`";
    "answers at the upper end of every number" false |stage| ends(stage, |kind| match *kind {
        ParamKind::Float { high, .. } => Some(Value::Float(high)),
        ParamKind::Int { high, .. } => Some(Value::Int(high)),
        _ => None,
    }) => "parameters without a fitness are answered with `error` or `not_applicable`";
    "answers every value of a switch or a choice" false alternatives
        => "parameters without a fitness are answered with `error` or `not_applicable`";
    "has as many blocks in every evaluation" false blocks
        => "`blocks` are parts of the slice: as many, and in the same order, whatever the parameters";
    "reads parameters in any order" false |stage| written(stage, |id, params, slice| {
        let reversed = Params::new(params.iter().collect::<Vec<_>>().into_iter().rev().map(|(name, value)| (name, value.clone())));
        format!(r#"{{"type":"evaluate","id":{id},"role":"train","slice":{slice},"params":{}}}"#, line(&Wire(&reversed)))
    }) => "take parameters by their names";
    "reads fields in any order" false |stage| written(stage, |id, params, slice| {
        format!(r#"{{"params":{},"slice":{slice},"role":"train","id":{id},"type":"evaluate"}}"#, line(&Wire(params)))
    }) => "read a line as JSON, not as text";
    "leaves alone fields that it does not know" false |stage| written(stage, |id, params, slice| {
        with_field(id, params, slice, r#""new":{"in":["version",2]}"#)
    }) => "a later version may ask with further fields";
    "reads a line with spaces in it" false |stage| written(stage, |id, params, slice| {
        format!(r#" {{ "type" : "evaluate" , "id" : {id} ,"role": "train", "slice" : {slice} , "params": {} }}  "#, line(&Wire(params)))
    }) => "read a line as JSON, not as text";
    "reads texts outside of ASCII" false |stage| written(stage, |id, params, slice| {
        with_field(id, params, slice, r#""note":"é ✓ \u00e9 \ud83c\udf00 \" \\ \n""#)
    }) => "read standard input as UTF-8, whatever the locale";
    "reads a line of one MiB" false |stage| written(stage, |id, params, slice| {
        with_field(id, params, slice, &format!(r#""note":"{}""#, "x".repeat(1 << 20)))
    }) => "a line may have 16 MiB: read up to its end, not up to the end of a buffer";
    "reads a line that comes in two pieces" false two_pieces
        => "read up to the end of the line";
    "leaves an empty line alone" false |stage| again(stage, |stage| {
        stage.process()?.write(String::new());
        stage.neutral()
    }) => "skip lines without a message";
    "answers two questions at once" false |stage| at_once(stage, 2)
        => "answer each line as it comes; questions may wait in the stream";
    "answers twenty questions at once, each of them once" false |stage| at_once(stage, 20)
        => "an answer has the `id` of its question";
    "carries an id of sixteen digits" false |stage| {
        stage.process()?.count_from(9_007_199_254_740_991);
        let answered = again(stage, Stage::neutral);
        stage.process()?.count_from(1_000_000);
        answered
    } => "an `id` is a whole number up to 2^53 - 1: give it back as it came";
    "answers a missing parameter with an error" false |stage| refuses(stage, |params| {
        let names: Vec<&str> = params.iter().skip(1).map(|(name, _)| name).collect();
        params.subset(names)
    }) => "answer what cannot be evaluated with `error`, and go on";
    "answers a text in the place of a number with an error" false |stage| refuses(stage, |params| {
        Params::new(params.iter().map(|(name, value)| match value {
            Value::Float(_) | Value::Int(_) => (name, Value::from("high")),
            value => (name, value.clone()),
        }))
    }) => "answer what cannot be evaluated with `error`, and go on";
    "answers a question that it does not know with an error" false unknown
        => "answer a `type` that is not known with `error`, and go on";
    "leaves a cancel of what is answered alone" false |stage| again(stage, |stage| {
        let id = stage.process()?.reserve();
        stage.process()?.give_up(id);
        stage.process()?.write(format!(r#"{{"type":"cancel","id":{id},"of":1}}"#));
        stage.neutral()
    }) => "`cancel` has no answer of its own; what it is about may be answered already";
    "answers after all of this as before" false |stage| again(stage, Stage::neutral)
        => "keep nothing between two evaluations";
    "ends when its input is closed" false end
        => "end with exit status 0 when standard input has no further line";
    "ends when its input is closed behind a question" false end_behind_a_question
        => "end with exit status 0 when standard input has no further line";
    "leaves no process behind" false nothing_left
        => "end what you start, before you end";
};

/// Plays every exchange with a worker and tells of each as it is over; how many did not hold.
///
/// # Errors
/// If the command cannot be started, or never says what it can be asked.
pub fn check(
    command: &[String],
    calibration: &str,
    slice: Json,
    tell: &mut dyn FnMut(&Exchange, Result<(), &str>),
) -> Result<usize, Refused> {
    let launch = Launch::new(command.to_vec());
    let mut stage = Stage::new(launch, calibration.to_owned(), slice);
    let mut failed = 0;
    for exchange in EXCHANGES {
        let held = (exchange.play)(&mut stage);
        if let (true, Err(why)) = (stage.not_started, &held) {
            return Err(Refused::NotStarted(why.clone()));
        }
        tell(exchange, held.as_ref().copied().map_err(|why| &**why));
        failed += usize::from(held.is_err());
        if held.is_err() && exchange.first {
            return Err(Refused::NoHello);
        }
    }
    Ok(failed)
}

/// An evaluation of the baseline with one more field.
fn with_field(id: u64, params: &Params, slice: &Json, field: &str) -> String {
    let params = line(&Wire(params));
    format!(r#"{{"type":"evaluate","id":{id},{field},"role":"train","slice":{slice},"params":{params}}}"#)
}

/// Whatever is asked has to have the answer of the baseline.
fn again(stage: &mut Stage, ask: impl FnOnce(&mut Stage) -> Result<String, String>) -> Result<(), String> {
    let found = ask(stage)?;
    stage.as_before(&found)
}

/// The baseline, asked for by a line of our own making.
fn written(stage: &mut Stage, build: impl FnOnce(u64, &Params, &Json) -> String) -> Result<(), String> {
    again(stage, |stage| {
        let (params, slice) = (stage.space.neutral(), stage.slice.clone());
        let id = stage.process()?.send(|id| build(id, &params, &slice));
        stage.answer(id)
    })
}

fn space(stage: &mut Stage) -> Result<(), String> {
    stage.process()?;
    let hello = stage.hello.as_ref().ok_or("it said no hello")?;
    stage.space = Stage::space_of(hello)?;
    Ok(())
}

fn second_hello(stage: &mut Stage) -> Result<(), String> {
    let (process, hello) = stage.another()?;
    process.running().end();
    if let Some(difference) = difference(&stage.space, &Stage::space_of(&hello)?) {
        return Err(format!("it says another space: {difference}"));
    }
    let first = stage.hello.as_ref().ok_or("it said no hello")?;
    match (first.data == hello.data, first.build == hello.build) {
        (false, _) => Err(format!("it says `data` = {}, and first {}", hello.data, first.data)),
        (_, false) => Err(format!("it says `build` = {}, and first {}", hello.build, first.build)),
        _ => Ok(()),
    }
}

fn baseline(stage: &mut Stage) -> Result<(), String> {
    let answer = stage.neutral()?;
    if answer.starts_with("no fitness") {
        return Err(format!("it answered the baseline with {answer}"));
    }
    stage.baseline = Some(answer);
    Ok(())
}

fn second_answer(stage: &mut Stage) -> Result<(), String> {
    let first = stage.take()?;
    let answered = again(stage, Stage::neutral);
    first.running().end();
    answered
}

fn test_slice(stage: &mut Stage) -> Result<(), String> {
    stage.evaluate("test", &stage.space.neutral()).map(drop)
}

/// Every number at one of its ends, all at once and one by one.
fn ends(stage: &mut Stage, end: fn(&ParamKind) -> Option<Value>) -> Result<(), String> {
    let neutral = stage.space.neutral();
    let specs = stage.space.specs().to_vec();
    let mut all = neutral.clone();
    for spec in &specs {
        if let Some(value) = end(&spec.kind) {
            all = all.with(&spec.name, value.clone()).map_err(|error| error.to_string())?;
            let one = neutral.with(&spec.name, value).map_err(|error| error.to_string())?;
            stage.evaluate("train", &one).map_err(|why| format!("{one}: {why}"))?;
        }
    }
    stage.evaluate("train", &all).map(drop).map_err(|why| format!("{all}: {why}"))
}

fn alternatives(stage: &mut Stage) -> Result<(), String> {
    let neutral = stage.space.neutral();
    for spec in stage.space.specs().to_vec() {
        for value in spec.alternatives(&spec.neutral()) {
            let params = neutral.with(&spec.name, value).map_err(|error| error.to_string())?;
            stage.evaluate("train", &params).map_err(|why| format!("{params}: {why}"))?;
        }
    }
    Ok(())
}

fn blocks(stage: &mut Stage) -> Result<(), String> {
    match stage.blocks.iter().find(|count| **count != stage.blocks[0]) {
        Some(other) => Err(format!("it sent {} blocks, and once {other}", stage.blocks[0])),
        None => Ok(()),
    }
}

fn two_pieces(stage: &mut Stage) -> Result<(), String> {
    again(stage, |stage| {
        let (id, question) = stage.question("train", &stage.space.neutral())?;
        let question = question + "\n";
        let (head, rest) = question.split_at(question.len() / 2);
        let running = stage.process()?.running();
        running.write(head.as_bytes().to_vec());
        thread::sleep(Duration::from_millis(50));
        running.write(rest.as_bytes().to_vec());
        stage.answer(id)
    })
}

fn at_once(stage: &mut Stage, count: usize) -> Result<(), String> {
    let mut ids = Vec::new();
    for _ in 0..count {
        let (id, question) = stage.question("train", &stage.space.neutral())?;
        stage.process()?.write(question);
        ids.push(id);
    }
    for id in ids {
        again(stage, |stage| stage.answer(id))?;
    }
    Ok(())
}

/// What no run asks, so that the answer is an error, and the next one is that of the baseline.
fn refuses(stage: &mut Stage, change: fn(&Params) -> Params) -> Result<(), String> {
    let params = change(&stage.space.neutral());
    if stage.space.check_params(&params).is_ok() {
        return Ok(());
    }
    let answer = stage.evaluate("train", &params)?;
    if !answer.starts_with("no fitness") {
        return Err(format!("it answered {params} with {answer}"));
    }
    again(stage, Stage::neutral)
}

fn unknown(stage: &mut Stage) -> Result<(), String> {
    let id = stage.process()?.send(|id| format!(r#"{{"type":"forecast","id":{id}}}"#));
    match stage.wait(id)? {
        Message::Error { .. } => again(stage, Stage::neutral),
        other => Err(format!("it answered with `{}`", other.kind())),
    }
}

/// Closes its input, and waits for its end.
fn closed(running: &Running) -> Result<(), String> {
    running.close();
    if !running.lasts(Duration::from_secs(10)) {
        return Ok(());
    }
    running.force();
    Err("it was still there ten seconds later".to_owned())
}

fn end(stage: &mut Stage) -> Result<(), String> {
    let process = stage.take()?;
    let running = process.running();
    closed(running)?;
    match running.status() {
        Some(status) if !status.success() => Err(format!("it {}", running.with_tail(&said(status)))),
        _ => Ok(()),
    }
}

fn end_behind_a_question(stage: &mut Stage) -> Result<(), String> {
    let (_, question) = stage.question("train", &stage.space.neutral())?;
    stage.process()?.write(question);
    end(stage)
}

fn nothing_left(stage: &mut Stage) -> Result<(), String> {
    let process = stage.take()?;
    let running = process.running();
    closed(running)?;
    // What ends together with it may take a moment longer.
    let gone = (0..20).any(|_| {
        thread::sleep(Duration::from_millis(50));
        !running.leaves()
    });
    if gone { Ok(()) } else { Err("something that it started is still there a second after it".to_owned()) }
}
