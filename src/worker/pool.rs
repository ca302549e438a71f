//! Several processes of one worker, and who asks which.

use std::sync::{Arc, Condvar, Mutex, OnceLock, PoisonError};
use std::thread::{self, JoinHandle};

use serde_json::Value as Json;

use super::child::lock;
use super::message::{Asked, Hello, Message, PROTOCOL, Question, Wire, line};
use super::process::{Patience, Process, Reply, Trouble};
use super::space::{difference, space};
use super::workers::Settings;
use crate::objective::Evaluation;
use crate::objective::{ParamSpace, Params, Role, TargetError};

/// Processes that are started as they are needed, and ended when the pool is dropped.
#[derive(Debug)]
pub(super) struct Pool {
    settings: Settings,
    slots: Mutex<Vec<Slot>>,
    /// Rung when a process has room.
    free: Condvar,
    /// What the first process said of itself; every other one has to say the same.
    first: OnceLock<(Hello, ParamSpace)>,
    /// Processes that are being ended.
    endings: Mutex<Vec<JoinHandle<()>>>,
}

/// A place for a process.
#[derive(Debug, Default)]
struct Slot {
    process: Option<Arc<Process>>,
    starting: bool,
    asked: usize,
}

/// The right to ask a process one question.
struct Lease<'p> {
    pool: &'p Pool,
    place: usize,
    process: Arc<Process>,
}

impl Drop for Lease<'_> {
    fn drop(&mut self) {
        let mut slots = lock(&self.pool.slots);
        let slot = &mut slots[self.place];
        if slot.process.as_ref().is_some_and(|process| Arc::ptr_eq(process, &self.process)) {
            slot.asked -= 1;
        }
        self.pool.free.notify_one();
    }
}

impl Pool {
    pub(super) fn new(settings: Settings) -> Self {
        let slots = (0..settings.processes).map(|_| Slot::default()).collect();
        Self {
            settings,
            slots: Mutex::new(slots),
            free: Condvar::new(),
            first: OnceLock::new(),
            endings: Mutex::new(Vec::new()),
        }
    }

    /// The parameters, as the worker says them; starts one if none has said them.
    pub(super) fn space(&self) -> Result<ParamSpace, Trouble> {
        if self.first.get().is_none() {
            self.lease()?;
        }
        self.first.get().map(|(_, space)| space.clone()).ok_or_else(|| Trouble::Broken("said no space".to_owned()))
    }

    /// Asks for one evaluation.
    pub(super) fn attempt(&self, role: Role, slice: &Json, params: &Params) -> Result<Evaluation, Trouble> {
        let lease = self.lease()?;
        let limit = self.settings.evaluation_timeout;
        let asked = |id| {
            let deadline_s = limit.map(|limit| limit.as_secs_f64());
            line(&Question::Evaluate(Asked { id, role: role.name(), slice, params: Wire(params), deadline_s }))
        };
        let id = lease.process.send(asked);
        let patience = Patience { silence: self.settings.silence_timeout, answer: limit };
        let answer = match lease.process.wait(id, patience) {
            Ok(Reply::Message(message)) => evaluation(message),
            Ok(Reply::Late) => {
                if !lease.process.cancel(id) {
                    self.discard(&lease);
                }
                let seconds = limit.unwrap_or_default().as_secs_f64();
                let reason = format!("no answer within {seconds} s (`evaluation_timeout`)");
                return Err(Trouble::Answer(TargetError::new(reason)));
            }
            Err(trouble) => {
                self.discard(&lease);
                return Err(trouble);
            }
        };
        if matches!(answer, Err(Trouble::Broken(_))) {
            self.discard(&lease);
        }
        answer
    }

    /// Waits until a process has room, and starts one where there is none.
    fn lease(&self) -> Result<Lease<'_>, Trouble> {
        let mut slots = lock(&self.slots);
        loop {
            let with_room = slots.iter().enumerate().filter_map(|(place, slot)| {
                let process = slot.process.as_ref()?;
                (slot.asked < process.concurrency()).then_some((slot.asked, place))
            });
            if let Some((_, place)) = with_room.min() {
                let slot = &mut slots[place];
                if let Some(process) = slot.process.clone() {
                    slot.asked += 1;
                    return Ok(Lease { pool: self, place, process });
                }
            }
            if let Some(place) = slots.iter().position(|slot| slot.process.is_none() && !slot.starting) {
                slots[place].starting = true;
                drop(slots);
                let started = self.start();
                slots = lock(&self.slots);
                slots[place].starting = false;
                self.free.notify_all();
                let process = Arc::new(started?);
                slots[place].process = Some(Arc::clone(&process));
                slots[place].asked = 1;
                return Ok(Lease { pool: self, place, process });
            }
            slots = self.free.wait(slots).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// A process that has said hello, and the same as the others.
    fn start(&self) -> Result<Process, Trouble> {
        let process = Process::start(&self.settings.launch).map_err(Trouble::Broken)?;
        let Settings { calibration, roles, .. } = &self.settings;
        let greeting = |id| {
            let omega = env!("CARGO_PKG_VERSION");
            line(&Question::Hello { id, protocol: PROTOCOL, omega, calibration, roles })
        };
        let hello = process.greet(greeting).map_err(|trouble| match trouble {
            // One that never answered will not answer the next time.
            Trouble::Lost(why) if self.first.get().is_none() => Trouble::Broken(why),
            trouble => trouble,
        })?;
        let said = match (&hello.space, &self.settings.space) {
            (Some(entries), declared) => {
                let said = space(entries)
                    .map_err(|why| Trouble::Broken(format!("says a space that makes no sense: {why}")))?;
                if let Some(difference) = declared.as_ref().and_then(|declared| difference(declared, &said)) {
                    return Err(Trouble::Broken(format!(
                        "says another space than the one that is declared: {difference}"
                    )));
                }
                said
            }
            (None, Some(declared)) => declared.clone(),
            (None, None) => {
                let help = "a worker says its parameters in `hello`, or the code declares them by `Workers::space`";
                return Err(Trouble::Broken(format!("says no `space`, and none is declared\nhelp: {help}")));
            }
        };
        let (first, space) = self.first.get_or_init(|| (hello.clone(), said.clone()));
        if let Some(difference) = difference(space, &said) {
            return Err(Trouble::Broken(format!("says another space than its first process: {difference}")));
        }
        for (name, found, expected) in [("data", &hello.data, &first.data), ("build", &hello.build, &first.build)] {
            if found != expected {
                return Err(Trouble::Broken(format!(
                    "says `{name}` = {found}, and its first process said {expected}\nhelp: every process of a run sees the \
                     same data and the same code"
                )));
            }
        }
        Ok(process)
    }

    /// Ends a process behind the back of those who go on.
    fn discard(&self, lease: &Lease<'_>) {
        let mut slots = lock(&self.slots);
        let slot = &mut slots[lease.place];
        if slot.process.as_ref().is_some_and(|process| Arc::ptr_eq(process, &lease.process)) {
            slot.process = None;
            slot.asked = 0;
            let process = Arc::clone(&lease.process);
            lock(&self.endings).push(thread::spawn(move || process.running().force()));
        }
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        let processes: Vec<_> = lock(&self.slots).iter_mut().filter_map(|slot| slot.process.take()).collect();
        let ending = |process: Arc<Process>| thread::spawn(move || process.running().end());
        let mut endings: Vec<_> = processes.into_iter().map(ending).collect();
        endings.append(&mut lock(&self.endings));
        for ending in endings {
            // A thread that panicked has ended nothing further; dropping the process does.
            drop(ending.join());
        }
    }
}

/// What an answer to an evaluation says.
pub(super) fn evaluation(message: Message) -> Result<Evaluation, Trouble> {
    match message {
        Message::Result { answer, .. } => {
            answer.evaluation().map_err(|why| Trouble::Broken(format!("sent an answer in which {why}")))
        }
        Message::Error { error, .. } => Err(Trouble::Answer(TargetError::new(error))),
        Message::NotApplicable { reason, .. } => Err(Trouble::Answer(TargetError::not_applicable(reason))),
        Message::Lost { error, .. } => Err(Trouble::Lost(format!("says that the evaluation was lost: {error}"))),
        other => Err(Trouble::Broken(format!(
            "answered `evaluate` with `{}`, expected `result`, `error`, `not_applicable` or `lost`",
            other.kind()
        ))),
    }
}
