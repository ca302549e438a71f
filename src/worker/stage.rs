//! A worker that is held against the protocol: what it is asked, and what it has answered so far.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value as Json};

use super::launch::Launch;
use super::message::{Asked, Hello, Message, PROTOCOL, Question, Wire, line};
use super::pool::evaluation;
use super::process::{Patience, Process, Reply};
use super::space::space;
use super::trouble::Trouble;
use crate::objective::{Evaluation, ParamSpace, Params};

/// How long an answer is waited for without a sign of life.
const SILENCE: Duration = Duration::from_secs(600);

/// A worker under examination. Whatever it does, the next exchange is with one that runs.
#[derive(Debug)]
pub(super) struct Stage {
    launch: Launch,
    calibration: String,
    pub(super) slice: Json,
    process: Option<Process>,
    /// Whether the command could not be started.
    pub(super) not_started: bool,
    pub(super) hello: Option<Hello>,
    pub(super) space: ParamSpace,
    /// What it said of the baseline first.
    pub(super) baseline: Option<String>,
    /// How many blocks its evaluations had.
    pub(super) blocks: Vec<usize>,
}

impl Stage {
    pub(super) fn new(launch: Launch, calibration: String, slice: Json) -> Self {
        Self {
            launch,
            calibration,
            slice,
            process: None,
            not_started: false,
            hello: None,
            space: ParamSpace::new(),
            baseline: None,
            blocks: Vec::new(),
        }
    }

    /// Another process of it, and what it says of itself.
    pub(super) fn another(&mut self) -> Result<(Process, Hello), String> {
        let process = Process::start(&self.launch, &Arc::default()).map_err(|trouble| {
            self.not_started = true;
            match trouble {
                Trouble::Unusable(why) => why,
                trouble => told(trouble),
            }
        })?;
        let roles = ["train", "test"].map(|role| (role.to_owned(), self.slice.clone()));
        let roles = Map::from_iter(roles);
        let (omega, calibration) = (env!("CARGO_PKG_VERSION"), &*self.calibration);
        let greeting = |id| line(&Question::Hello { id, protocol: PROTOCOL, omega, calibration, roles: &roles });
        match process.greet(SILENCE, greeting) {
            Ok(hello) => Ok((process, hello)),
            Err(trouble) => {
                process.running().force();
                Err(told(trouble))
            }
        }
    }

    /// The parameters that a hello says.
    pub(super) fn space_of(hello: &Hello) -> Result<ParamSpace, String> {
        let entries = hello.space.as_ref().ok_or("it says no `space`")?;
        space(entries)
    }

    /// The process that is asked; a new one if the last is gone.
    pub(super) fn process(&mut self) -> Result<&Process, String> {
        if self.process.is_none() {
            let (process, hello) = self.another()?;
            self.hello = Some(hello);
            self.process = Some(process);
        }
        self.process.as_ref().ok_or_else(|| "it does not run".to_owned())
    }

    /// Gives the process away.
    pub(super) fn take(&mut self) -> Result<Process, String> {
        self.process()?;
        self.process.take().ok_or_else(|| "it does not run".to_owned())
    }

    pub(super) fn wait(&mut self, id: u64) -> Result<Message, String> {
        let process = self.process()?;
        match process.wait(id, Patience::new(SILENCE, None)) {
            Ok(Reply::Message(message)) => Ok(message),
            Ok(Reply::Late) => Err("it did not answer".to_owned()),
            Err(trouble) => {
                process.running().force();
                self.process = None;
                Err(told(trouble))
            }
        }
    }

    /// The number and the line of a question for an evaluation on a slice, as a run asks it.
    pub(super) fn question(&mut self, role: &str, params: &Params) -> Result<(u64, String), String> {
        let id = self.process()?.reserve();
        let asked = Asked { id, role, slice: &self.slice, params: Wire(params), seed: None, deadline_s: None };
        Ok((id, line(&Question::Evaluate(asked))))
    }

    /// Asks for an evaluation on a slice, and expects any answer about the parameters.
    pub(super) fn evaluate(&mut self, role: &str, params: &Params) -> Result<String, String> {
        let (id, question) = self.question(role, params)?;
        self.process()?.write(question);
        self.answer(id)
    }

    /// Asks for the baseline.
    pub(super) fn neutral(&mut self) -> Result<String, String> {
        self.evaluate("train", &self.space.neutral())
    }

    /// What an answer about parameters says, without its attachments, whose files may lie anywhere.
    pub(super) fn answer(&mut self, id: u64) -> Result<String, String> {
        match evaluation(self.wait(id)?, None) {
            Ok(evaluation) => {
                self.blocks.push(evaluation.blocks.len());
                Ok(as_text(evaluation))
            }
            Err(Trouble::Answer(error)) => Ok(format!("no fitness: {}", error.reason())),
            Err(trouble) => Err(told(trouble)),
        }
    }

    /// Expects the answer that the baseline had first.
    pub(super) fn as_before(&self, found: &str) -> Result<(), String> {
        match &self.baseline {
            Some(baseline) if baseline == found => Ok(()),
            Some(baseline) => Err(format!("it answered {found}, and first {baseline}")),
            None => Err("the baseline has no answer to compare with".to_owned()),
        }
    }
}

fn as_text(mut evaluation: Evaluation) -> String {
    evaluation.metadata.sort_keys();
    let Evaluation { fitness, samples, blocks, metadata, .. } = evaluation;
    let metadata = Json::Object(metadata);
    format!("fitness {fitness:?}, samples {samples}, blocks {blocks:?}, metadata {metadata}")
}

pub(super) fn told(trouble: Trouble) -> String {
    match trouble {
        Trouble::Answer(error) => error.reason(),
        Trouble::Lost(why) | Trouble::Broken(why) | Trouble::Unusable(why) => format!("it {why}"),
        Trouble::NeverBegan(trouble) => told(*trouble),
    }
}
