//! A command that is started once for each evaluation: parameters in, the last line out.

use std::io::Read;
use std::path::Path;
use std::process::ChildStdout;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use serde::Serialize;
use serde_json::Value as Json;

use super::child::{Running, Tail, from_outside, lock, said};
use super::desk::Desk;
use super::inputs::Inputs;
use super::message::{Answer, LONGEST_LINE, Message, Wire, json, line, read, shown};
use super::pool::evaluation;
use super::timer::Timer;
use super::trouble::Trouble;
use super::workers::{Ask, Settings};
use crate::number::word_value;
use crate::objective::{Evaluation, ParamSpace, TargetError, Value};

/// Names in braces that stand for something else than a parameter.
const WORDS: [&str; 3] = ["role", "slice", "seed"];

/// At most so many of them run at once.
#[derive(Debug)]
pub(super) struct Once {
    settings: Settings,
    desk: Arc<Desk>,
    inputs: Arc<Inputs>,
    running: Mutex<usize>,
    free: Condvar,
}

/// What it reads on standard input.
#[derive(Debug, Serialize)]
struct Input<'q> {
    role: &'q str,
    slice: &'q Json,
    params: Wire<'q>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seed: Option<u64>,
}

/// What a program has said on standard output.
#[derive(Debug, Default)]
struct Output {
    bytes: Vec<u8>,
    ended: bool,
}

/// One of those that run; dropped, another one may.
struct Turn<'o>(&'o Once);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        *lock(&self.0.running) -= 1;
        self.0.free.notify_one();
    }
}

impl Once {
    pub(super) fn new(settings: Settings, desk: Arc<Desk>, inputs: Arc<Inputs>) -> Self {
        Self { settings, desk, inputs, running: Mutex::new(0), free: Condvar::new() }
    }

    pub(super) fn attempt(&self, asked: Ask<'_>) -> Result<Evaluation, Trouble> {
        let mut running = lock(&self.running);
        while *running >= self.settings.processes && !self.desk.gave_up() {
            running = self.free.wait(running).unwrap_or_else(PoisonError::into_inner);
        }
        *running += 1;
        drop(running);
        let _turn = Turn(self);
        if self.desk.gave_up() {
            return Err(
                Trouble::Lost("was not asked any more: the run was interrupted".to_owned()).before_it_was_asked()
            );
        }
        self.ask(asked)
    }

    /// Nobody waits for a turn, either.
    pub(super) fn give_up(&self) {
        let _running = lock(&self.running);
        self.free.notify_all();
    }

    fn ask(&self, asked: Ask<'_>) -> Result<Evaluation, Trouble> {
        self.inputs.check_often()?;
        let filled = |text: &str| filled(text, asked);
        let (running, stdout) =
            Running::start(&self.settings.launch, filled, &self.desk).map_err(Trouble::before_it_was_asked)?;
        let at_work = self.desk.at_work();
        let answer = self.answer(&running, stdout, asked);
        drop(at_work);
        if let Err(Trouble::Lost(why)) = &answer {
            running.lost(why);
        }
        answer
    }

    fn answer(&self, running: &Running, stdout: ChildStdout, asked: Ask<'_>) -> Result<Evaluation, Trouble> {
        let output = Arc::new(Mutex::new(Output::default()));
        let (to, tail) = (Arc::clone(&output), running.tail());
        running.attended(move || collect(stdout, &to, &tail))?;
        let Ask { role, slice, params, seed } = asked;
        let input = line(&Input { role: role.name(), slice, params: Wire(params), seed });
        running.write((input + "\n").into_bytes());
        running.close();
        let timer = Timer::start();
        let mut nap = Duration::from_millis(1);
        let status = loop {
            let (ended, length) = {
                let output = lock(&output);
                (output.ended, output.bytes.len())
            };
            if length > LONGEST_LINE {
                return Err(Trouble::Broken("wrote a line of more than 16 MiB on standard output".to_owned()));
            }
            if let Some(status) = running.ended(ended) {
                break status;
            }
            if running.given_up() {
                running.force();
                return Err(Trouble::Lost("was interrupted".to_owned()));
            }
            if let Some(limit) = self.settings.evaluation_timeout.filter(|limit| timer.elapsed() >= *limit) {
                running.force();
                let reason = format!("no answer within {} s (`evaluation_timeout`)", limit.as_secs_f64());
                return Err(Trouble::Answer(TargetError::new(reason)));
            }
            if running.silent() >= self.settings.silence_timeout {
                running.force();
                let seconds = self.settings.silence_timeout.as_secs_f64();
                return Err(Trouble::Lost(
                    running.with_tail(&format!("said nothing for {seconds} s (`silence_timeout`)")),
                ));
            }
            thread::sleep(nap);
            nap = (nap * 2).min(Duration::from_millis(20));
        };
        if from_outside(status, !self.settings.launch.launcher.is_empty()) {
            return Err(Trouble::Lost(running.with_tail(&said(status))));
        }
        if !status.success() {
            let reason = match running.last_line() {
                Some(last) => format!("it {}: {last}", said(status)),
                None => format!("it {}", said(status)),
            };
            return Err(Trouble::Answer(TargetError::new(reason)));
        }
        let bytes = std::mem::take(&mut lock(&output).bytes);
        last_line(&bytes, self.settings.launch.directory.as_deref()).map_err(|trouble| match trouble {
            Trouble::Broken(why) => Trouble::Broken(running.with_tail(&why)),
            trouble => trouble,
        })
    }
}

/// Refuses a command in which a name in braces means two things.
///
/// # Errors
/// Names it.
pub(super) fn ambiguous(command: &[String], space: &ParamSpace) -> Result<(), String> {
    let meant =
        |word: &&&str| space.get(word).is_ok() && command.iter().any(|text| text.contains(&format!("{{{word}}}")));
    match WORDS.iter().find(meant) {
        Some(word) => Err(format!(
            "`{{{word}}}` in its command stands for the {word} of an evaluation, and there is a parameter of that name\nhelp: give \
             the parameter another name, or read it from standard input"
        )),
        None => Ok(()),
    }
}

/// An argument with the values in the place of the parameters' names in braces, and `{role}`, `{slice}` and `{seed}`. What is
/// put in is not read again, and braces around anything else stay.
fn filled(argument: &str, asked: Ask<'_>) -> String {
    let (mut text, mut rest) = (String::with_capacity(argument.len()), argument);
    while let Some((before, behind)) = rest.split_once('{') {
        text.push_str(before);
        match behind.split_once('}').and_then(|(name, behind)| Some((value(name, asked)?, behind))) {
            Some((value, behind)) => {
                text.push_str(&value);
                rest = behind;
            }
            None => {
                text.push('{');
                rest = behind;
            }
        }
    }
    text + rest
}

/// What a name in braces stands for.
fn value(name: &str, asked: Ask<'_>) -> Option<String> {
    let Ask { role, slice, params, seed } = asked;
    match (params.get(name), name) {
        (Some(Value::Choice(word)), _) => Some(word.to_string()),
        (Some(value), _) => Some(value.to_string()),
        (None, "role") => Some(role.name().to_owned()),
        (None, "slice") => Some(slice.to_string()),
        (None, "seed") => seed.map(|seed| seed.to_string()),
        (None, _) => None,
    }
}

/// Keeps the last line, up to the limit; who sees more than that ends the program.
fn collect(mut stdout: ChildStdout, output: &Mutex<Output>, tail: &Mutex<Tail>) {
    let mut piece = vec![0; 1 << 16];
    while let Ok(length @ 1..) = stdout.read(&mut piece) {
        lock(tail).hear();
        let mut output = lock(output);
        output.bytes.extend_from_slice(&piece[..length]);
        if piece[..length].contains(&b'\n') {
            forget(&mut output.bytes);
        }
        if output.bytes.len() > LONGEST_LINE {
            break;
        }
    }
    lock(output).ended = true;
}

/// Drops the lines before the last one that has something in it, and empty ones behind that.
fn forget(bytes: &mut Vec<u8>) {
    let end = bytes.trim_ascii_end().len();
    if bytes[end..].contains(&b'\n') {
        bytes.truncate(end);
        bytes.push(b'\n');
    }
    if let Some(before) = bytes[..end].iter().rposition(|byte| *byte == b'\n') {
        bytes.drain(..=before);
    }
}

/// What the last line says: a number, or what a `result` holds; `type` names another answer.
fn last_line(bytes: &[u8], folder: Option<&Path>) -> Result<Evaluation, Trouble> {
    let broken = |why: String| Trouble::Broken(why);
    let expected = "expected a number or a JSON object with `fitness`";
    let line = bytes.trim_ascii().rsplit(|byte| *byte == b'\n').next().unwrap_or_default().trim_ascii();
    if line.is_empty() {
        return Err(broken(format!("ended without a line on standard output, {expected}")));
    }
    let text = std::str::from_utf8(line).unwrap_or_default();
    let answer = match json(text) {
        Some(Json::Object(mut answer)) => {
            answer.entry("id").or_insert(Json::from(0));
            answer.entry("type").or_insert(Json::from("result"));
            read(Json::Object(answer).to_string().as_bytes()).map_err(|why| broken(format!("wrote {why}")))?
        }
        Some(number @ Json::Number(_)) => Message::Result { id: 0, answer: Box::new(Answer::number(number)) },
        Some(Json::String(word)) if word_value(&word).is_some() => {
            Message::Result { id: 0, answer: Box::new(Answer::number(Json::String(word))) }
        }
        _ if word_value(text).is_some() => {
            Message::Result { id: 0, answer: Box::new(Answer::number(Json::from(text))) }
        }
        _ => return Err(broken(format!("ended with the line {}, {expected}", shown(line)))),
    };
    evaluation(answer, folder)
}
