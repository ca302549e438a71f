//! One slice of a worker, as a target.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::Duration;

use serde_json::Value as Json;

use super::desk::Desk;
use super::inputs::Inputs;
use super::once::{Once, ambiguous};
use super::pool::Pool;
use super::repeats::seed;
use super::trouble::Trouble;
use super::workers::{Ask, Settings};
use crate::objective::{
    Evaluation, Listener, ParamSpace, Params, ProgramTally, Programs, Role, Target, TargetError, averaged,
};

/// How long is waited before what was lost is asked again the first time; longer each time, up to so many times as long. A
/// machine that was short of something has more by then.
const PAUSE: Duration = Duration::from_millis(50);
const MOST: u32 = 20;

/// A slice that the processes of a [`Workers`](super::Workers) evaluate. Any number of threads may ask at once; as many
/// evaluations are under way as there are processes.
#[derive(Debug)]
pub struct Worker {
    team: Arc<Team>,
    /// What it is called in messages.
    name: String,
    role: Role,
    slice: Json,
    identity: String,
    space: ParamSpace,
    repeats: usize,
    lost_retries: usize,
    /// How many blocks its first evaluation had, of those that had any.
    blocks: OnceLock<usize>,
}

/// Those who evaluate, for all slices.
#[derive(Debug)]
pub(super) struct Team {
    engine: Engine,
    desk: Arc<Desk>,
    inputs: Arc<Inputs>,
}

#[derive(Debug)]
enum Engine {
    Pool(Pool),
    Once(Box<Once>),
}

impl Team {
    pub(super) fn new(settings: &Settings) -> Self {
        let (settings, desk) = (settings.clone(), Arc::<Desk>::default());
        let folder = settings.launch.directory.clone().unwrap_or_default();
        let inputs = Arc::new(Inputs::new(settings.inputs.clone(), folder));
        let shared = (Arc::clone(&desk), Arc::clone(&inputs));
        let engine = if settings.once {
            Engine::Once(Box::new(Once::new(settings, shared.0, shared.1)))
        } else {
            Engine::Pool(Pool::new(settings, shared.0, shared.1))
        };
        Self { engine, desk, inputs }
    }
}

impl Team {
    /// The files of its slices and of its code.
    pub(super) fn inputs(&self) -> &Inputs {
        &self.inputs
    }
}

impl Programs for Team {
    fn inputs(&self) -> Result<BTreeMap<String, String>, TargetError> {
        self.inputs.digests().map_err(TargetError::new)
    }

    fn check(&self) -> Result<(), TargetError> {
        self.inputs.check().map_err(|trouble| refused("a worker", trouble))
    }

    fn warm_up(&self, threads: usize) -> usize {
        match &self.engine {
            Engine::Pool(pool) => pool.warm_up(threads),
            Engine::Once(_) => 0,
        }
    }

    fn give_up(&self) {
        self.desk.give_up();
        match &self.engine {
            Engine::Pool(pool) => pool.give_up(),
            Engine::Once(once) => once.give_up(),
        }
    }

    fn listen(&self, listener: Listener) {
        self.desk.listen(listener);
    }

    fn tally(&self) -> ProgramTally {
        self.desk.tally()
    }
}

impl Worker {
    pub(super) fn new(
        team: Arc<Team>,
        settings: &Settings,
        role: Role,
        slice: Json,
        identity: String,
    ) -> Result<Self, TargetError> {
        let name = format!("the worker `{}`", settings.launch.words().escape_debug());
        let space = match (&settings.space, &team.engine) {
            (Some(space), _) => space.clone(),
            (None, Engine::Pool(pool)) => pool.space().map_err(|trouble| refused(&name, trouble))?,
            (None, Engine::Once(_)) => {
                let what = "starts anew for each evaluation and says no parameters: declare them by `Workers::space`";
                return Err(TargetError::unusable(format!("{name} {what}")));
            }
        };
        if settings.once {
            ambiguous(&settings.launch.command, &space)
                .map_err(|why| TargetError::unusable(format!("{name}: {why}")))?;
        }
        let Settings { repeats, lost_retries, .. } = *settings;
        Ok(Self { team, name, role, slice, identity, space, repeats, lost_retries, blocks: OnceLock::new() })
    }

    /// Refuses other parts than before: there is no part for part to compare.
    fn with_as_many_blocks(&self, evaluation: Evaluation) -> Result<Evaluation, TargetError> {
        let (name, count) = (&self.name, evaluation.blocks.len());
        // A solver that diverges may have none; where blocks are declared, that evaluation fails by name.
        let first = if count == 0 { 0 } else { *self.blocks.get_or_init(|| count) };
        if count == first {
            return Ok(evaluation);
        }
        Err(TargetError::lost(format!(
            "{name} sent {count} blocks, and {first} before\nhelp: blocks are parts of the slice: as many, and in the same order, \
             whatever the parameters"
        )))
    }

    /// Asks until there is an answer, or was none too often. A holdout tells the truth once: a question to it that somebody may
    /// have begun to answer is not asked again.
    fn ask(&self, params: &Params, seed: Option<u64>) -> Result<Evaluation, TargetError> {
        let ask = Ask { role: self.role, slice: &self.slice, params, seed };
        let mut lost = 0;
        loop {
            let answer = match &self.team.engine {
                Engine::Pool(pool) => pool.attempt(ask),
                Engine::Once(once) => once.attempt(ask),
            };
            match answer {
                Ok(evaluation) => return self.with_as_many_blocks(evaluation),
                Err(trouble) if lost < self.lost_retries && self.may_ask_again(&trouble) => {
                    lost += 1;
                    self.team.desk.retried();
                    thread::sleep(PAUSE * u32::try_from(lost).unwrap_or(u32::MAX).min(MOST));
                }
                Err(trouble @ (Trouble::Lost(_) | Trouble::NeverBegan(_))) if lost > 0 => {
                    let name = format!("{}, {} times in a row: the last time it", self.name, lost + 1);
                    return Err(refused(&name, trouble));
                }
                Err(trouble) => return Err(refused(&self.name, trouble)),
            }
        }
    }

    fn may_ask_again(&self, trouble: &Trouble) -> bool {
        match trouble {
            _ if self.team.desk.gave_up() => false,
            Trouble::Lost(_) => self.role != Role::Holdout,
            Trouble::NeverBegan(why) => matches!(**why, Trouble::Lost(_)),
            Trouble::Answer(_) | Trouble::Broken(_) | Trouble::Unusable(_) => false,
        }
    }
}

impl Target for Worker {
    fn space(&self) -> ParamSpace {
        self.space.clone()
    }

    fn evaluate(&self, params: &Params) -> Result<Evaluation, TargetError> {
        if self.repeats < 2 {
            return self.ask(params, None);
        }
        let seeds = (0..self.repeats).map(|repeat| seed(self.role, &self.slice, params, repeat));
        let mut evaluations = Vec::with_capacity(self.repeats);
        for seed in seeds {
            let asked = self.ask(params, Some(seed));
            evaluations
                .push(asked.map_err(|error| if evaluations.is_empty() { error } else { error.behind_an_answer() })?);
        }
        Ok(averaged(&evaluations, Vec::new()))
    }

    fn identity(&self) -> String {
        self.identity.clone()
    }

    fn programs(&self) -> Vec<Arc<dyn Programs>> {
        vec![Arc::clone(&self.team) as Arc<dyn Programs>]
    }
}

fn refused(name: &str, trouble: Trouble) -> TargetError {
    match trouble {
        Trouble::Answer(error) => error,
        Trouble::Unusable(why) => TargetError::unusable(format!("{name}: {why}")),
        Trouble::Lost(why) | Trouble::Broken(why) => TargetError::lost(format!("{name} {why}")),
        Trouble::NeverBegan(trouble) => {
            TargetError::never_began(format!("{name} {}", trouble.of_the_process().unwrap_or_default()))
        }
    }
}
