//! One slice of a worker, as a target.

use std::sync::Arc;

use serde_json::Value as Json;

use super::once::Once;
use super::pool::Pool;
use super::process::Trouble;
use super::workers::Settings;
use crate::objective::{Evaluation, ParamSpace, Params, Role, Target, TargetError};

/// A slice that the processes of a [`Workers`](super::Workers) evaluate. Any number of threads may ask at once; as many
/// evaluations are under way as there are processes.
#[derive(Debug)]
pub struct Worker {
    engine: Engine,
    /// What it is called in messages.
    name: String,
    role: Role,
    slice: Json,
    identity: String,
    space: ParamSpace,
    lost_retries: usize,
}

/// Who evaluates.
#[derive(Debug)]
pub(super) enum Engine {
    Pool(Arc<Pool>),
    Once(Arc<Once>),
}

impl Worker {
    pub(super) fn new(
        engine: Engine,
        settings: &Settings,
        role: Role,
        slice: Json,
        identity: String,
    ) -> Result<Self, TargetError> {
        let name = format!("the worker `{}`", settings.launch.command.join(" ").escape_debug());
        let space = match (&settings.space, &engine) {
            (Some(space), _) => space.clone(),
            (None, Engine::Pool(pool)) => pool.space().map_err(|trouble| refused(&name, trouble))?,
            (None, Engine::Once(_)) => {
                let what = "starts anew for each evaluation and says no parameters: declare them by `Workers::space`";
                return Err(TargetError::new(format!("{name} {what}")));
            }
        };
        Ok(Self { engine, name, role, slice, identity, space, lost_retries: settings.lost_retries })
    }
}

impl Target for Worker {
    fn space(&self) -> ParamSpace {
        self.space.clone()
    }

    fn evaluate(&self, params: &Params) -> Result<Evaluation, TargetError> {
        let mut lost = 0;
        loop {
            let answer = match &self.engine {
                Engine::Pool(pool) => pool.attempt(self.role, &self.slice, params),
                Engine::Once(once) => once.attempt(self.role, &self.slice, params),
            };
            match answer {
                Ok(evaluation) => return Ok(evaluation),
                Err(Trouble::Lost(_)) if lost < self.lost_retries => lost += 1,
                Err(Trouble::Lost(why)) => {
                    let times = if lost == 0 {
                        String::new()
                    } else {
                        format!(", {} times in a row: the last time it", lost + 1)
                    };
                    return Err(TargetError::lost(format!("{}{times} {why}", self.name)));
                }
                Err(trouble) => return Err(refused(&self.name, trouble)),
            }
        }
    }

    fn identity(&self) -> String {
        self.identity.clone()
    }
}

fn refused(name: &str, trouble: Trouble) -> TargetError {
    match trouble {
        Trouble::Answer(error) => error,
        Trouble::Lost(why) | Trouble::Broken(why) => TargetError::lost(format!("{name} {why}")),
    }
}
