//! Several processes of one worker, and who asks which.

use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, OnceLock, PoisonError};
use std::thread::JoinHandle;

use super::child::lock;
use super::desk::Desk;
use super::inputs::Inputs;
use super::message::{Asked, Hello, Message, PROTOCOL, Question, Wire, line};
use super::process::{Patience, Process, Reply};
use super::space::{difference, space};
use super::trouble::{Trouble, thread};
use super::workers::{Ask, Settings};
use crate::objective::{Evaluation, ParamSpace, TargetError};

/// Processes that are started as they are needed, and ended when the pool is dropped.
#[derive(Debug)]
pub(super) struct Pool {
    places: Arc<Places>,
    /// Processes that are being started before somebody waits for them.
    starts: Mutex<Vec<JoinHandle<()>>>,
}

/// The places for processes, for those who ask and those who start one.
#[derive(Debug)]
struct Places {
    settings: Settings,
    desk: Arc<Desk>,
    inputs: Arc<Inputs>,
    slots: Mutex<Vec<Slot>>,
    /// Rung when a process has room.
    free: Condvar,
    /// What the first process said of itself; every other one has to say the same.
    first: OnceLock<(Hello, ParamSpace)>,
    /// Why one that nobody waited for cannot be asked; the next to ask hears it.
    refused: Mutex<Option<String>>,
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
    places: &'p Places,
    place: usize,
    process: Arc<Process>,
}

/// The duty to put a process into a place; done or not, the place is given back.
struct Filling<'p> {
    places: &'p Places,
    place: usize,
}

impl Drop for Filling<'_> {
    fn drop(&mut self) {
        lock(&self.places.slots)[self.place].starting = false;
        self.places.free.notify_all();
    }
}

impl Drop for Lease<'_> {
    fn drop(&mut self) {
        let mut slots = lock(&self.places.slots);
        let slot = &mut slots[self.place];
        if slot.process.as_ref().is_some_and(|process| Arc::ptr_eq(process, &self.process)) {
            slot.asked -= 1;
        }
        self.places.free.notify_one();
    }
}

impl Pool {
    pub(super) fn new(settings: Settings, desk: Arc<Desk>, inputs: Arc<Inputs>) -> Self {
        let slots = (0..settings.processes).map(|_| Slot::default()).collect();
        let places = Places {
            settings,
            desk,
            inputs,
            slots: Mutex::new(slots),
            free: Condvar::new(),
            first: OnceLock::new(),
            refused: Mutex::default(),
            endings: Mutex::new(Vec::new()),
        };
        Self { places: Arc::new(places), starts: Mutex::default() }
    }

    /// The parameters, as the worker says them; starts one if none has said them.
    pub(super) fn space(&self) -> Result<ParamSpace, Trouble> {
        let places = &self.places;
        if places.first.get().is_none() {
            places.lease()?;
        }
        places.first.get().map(|(_, space)| space.clone()).ok_or_else(|| Trouble::Broken("said no space".to_owned()))
    }

    /// Begins to start what so many threads will ask; how many processes.
    pub(super) fn warm_up(&self, threads: usize) -> usize {
        let places = &self.places;
        // What one process answers at once is known from its hello.
        let at_once = places.first.get().map_or(1, |(hello, _)| hello.concurrency.max(1));
        let wanted = places.settings.processes.min(threads.div_ceil(at_once));
        let mut slots = lock(&places.slots);
        let there = slots.iter().filter(|slot| slot.process.is_some() || slot.starting).count();
        let empty = |(_, slot): &(usize, &mut Slot)| slot.process.is_none() && !slot.starting;
        let free: Vec<usize> = slots
            .iter_mut()
            .enumerate()
            .filter(empty)
            .take(wanted.saturating_sub(there))
            .map(|(place, slot)| {
                slot.starting = true;
                place
            })
            .collect();
        drop(slots);
        let start = |&place: &usize| {
            let places = Arc::clone(places);
            let started = thread(move || {
                // One that is lost is started again by whoever waits for it.
                if let Err(Trouble::Broken(why)) = places.fill(place) {
                    *lock(&places.refused) = Some(why);
                    places.free.notify_all();
                }
            });
            if started.is_err() {
                // Whoever needs the place fills it.
                drop(Filling { places: &self.places, place });
            }
            started.ok()
        };
        let started: Vec<_> = free.iter().filter_map(start).collect();
        let count = started.len();
        lock(&self.starts).extend(started);
        count
    }

    /// Nobody waits for a process that has room, either.
    pub(super) fn give_up(&self) {
        let _slots = lock(&self.places.slots);
        self.places.free.notify_all();
    }

    /// Asks for one evaluation.
    pub(super) fn attempt(&self, ask: Ask<'_>) -> Result<Evaluation, Trouble> {
        self.places.attempt(ask)
    }
}

impl Places {
    fn attempt(&self, ask: Ask<'_>) -> Result<Evaluation, Trouble> {
        let Ask { role, slice, params, seed } = ask;
        let lease = self.lease().map_err(Trouble::before_it_was_asked)?;
        let limit = self.settings.evaluation_timeout;
        let asked = |id| {
            let deadline_s = limit.map(|limit| limit.as_secs_f64());
            line(&Question::Evaluate(Asked { id, role: role.name(), slice, params: Wire(params), seed, deadline_s }))
        };
        let _at_work = self.desk.at_work();
        let (id, piece) = lease.process.ask(asked);
        let patience = Patience::new(self.settings.silence_timeout, limit);
        let answer = match lease.process.wait(id, patience) {
            Ok(Reply::Message(message)) => evaluation(message, self.settings.launch.directory.as_deref()),
            Ok(Reply::Late) => {
                if !lease.process.cancel(id) {
                    self.discard(&lease, "gave up no evaluation that was too late");
                }
                let seconds = limit.unwrap_or_default().as_secs_f64();
                let reason = format!("no answer within {seconds} s (`evaluation_timeout`)");
                return Err(Trouble::Answer(TargetError::new(reason)));
            }
            Err(trouble) => {
                if let Some(why) = trouble.of_the_process() {
                    self.discard(&lease, why);
                }
                let kept_back = lease.process.running().kept_back(piece);
                return Err(if kept_back { trouble.before_it_was_asked() } else { trouble });
            }
        };
        if let Err(Trouble::Broken(why)) = &answer {
            self.discard(&lease, why);
        }
        answer
    }

    /// Waits until a process has room, and starts one where there is none.
    fn lease(&self) -> Result<Lease<'_>, Trouble> {
        let mut slots = lock(&self.slots);
        self.clear(&mut slots);
        loop {
            if let Some(why) = lock(&self.refused).clone() {
                return Err(Trouble::Broken(why));
            }
            if self.desk.gave_up() {
                return Err(Trouble::Lost("was not asked any more: the run was interrupted".to_owned()));
            }
            let with_room = slots.iter().enumerate().filter_map(|(place, slot)| {
                let process = slot.process.as_ref()?;
                (slot.asked < process.concurrency()).then_some((slot.asked, place))
            });
            if let Some((_, place)) = with_room.min() {
                let slot = &mut slots[place];
                if let Some(process) = slot.process.clone() {
                    slot.asked += 1;
                    return Ok(Lease { places: self, place, process });
                }
            }
            if let Some(place) = slots.iter().position(|slot| slot.process.is_none() && !slot.starting) {
                slots[place].starting = true;
                drop(slots);
                self.fill(place)?;
                slots = lock(&self.slots);
                continue;
            }
            slots = self.free.wait(slots).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Frees the places of those that ended while nobody asked them anything: no evaluation is lost with them. Those that are
    /// started from here on are asked at least once, so that one that ends again and again is noticed.
    fn clear(&self, slots: &mut [Slot]) {
        for slot in slots.iter_mut().filter(|slot| slot.asked == 0) {
            if let Some(process) = slot.process.take_if(|process| process.running().status().is_some()) {
                process.running().lost("ended while it was asked nothing");
            }
        }
    }

    /// Puts a process into a place that waits for one.
    fn fill(&self, place: usize) -> Result<(), Trouble> {
        let _filling = Filling { places: self, place };
        let started = self.start()?;
        let mut slots = lock(&self.slots);
        let slot = &mut slots[place];
        (slot.process, slot.asked) = (Some(Arc::new(started)), 0);
        Ok(())
    }

    /// A process that has said hello, and the same as the others.
    fn start(&self) -> Result<Process, Trouble> {
        self.inputs.check()?;
        let process = Process::start(&self.settings.launch, &self.desk)?;
        let Settings { calibration, roles, .. } = &self.settings;
        let greeting = |id| {
            let omega = env!("CARGO_PKG_VERSION");
            line(&Question::Hello { id, protocol: PROTOCOL, omega, calibration, roles })
        };
        let hello = process.greet(self.settings.silence_timeout, greeting).map_err(|trouble| match trouble {
            // One that never answered will not answer the next time, unless somebody kept it from that.
            Trouble::Lost(why) if self.first.get().is_none() && !process.running().killed() => Trouble::Broken(why),
            trouble => trouble,
        })?;
        let said = match (&hello.space, &self.settings.space) {
            (Some(entries), declared) => {
                let said = space(entries)
                    .map_err(|why| Trouble::Broken(format!("says a space that makes no sense: {why}")))?;
                if let Some(difference) = declared.as_ref().and_then(|declared| difference(declared, &said)) {
                    return Err(Trouble::Unusable(format!(
                        "it says another space than the one that is declared: {difference}\nhelp: declare the parameters that \
                         it says, or none: then it is asked"
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
    fn discard(&self, lease: &Lease<'_>, why: &str) {
        let mut slots = lock(&self.slots);
        let slot = &mut slots[lease.place];
        if slot.process.as_ref().is_some_and(|process| Arc::ptr_eq(process, &lease.process)) {
            slot.process = None;
            slot.asked = 0;
            let process = Arc::clone(&lease.process);
            drop(slots);
            process.running().lost(why);
            match thread(move || process.running().force()) {
                Ok(ending) => lock(&self.endings).push(ending),
                // Nobody is there to ask it first.
                Err(_) => lease.process.running().kill(),
            }
        }
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        // One that still stands in a queue is not waited for.
        self.places.desk.give_up();
        for start in lock(&self.starts).drain(..) {
            drop(start.join());
        }
        let places = &self.places;
        let processes: Vec<_> = lock(&places.slots).iter_mut().filter_map(|slot| slot.process.take()).collect();
        // Without a thread for it one ends as it is dropped, and the next ones after it.
        let ending = |process: Arc<Process>| thread(move || process.running().end()).ok();
        let mut endings: Vec<_> = processes.into_iter().filter_map(ending).collect();
        endings.append(&mut lock(&places.endings));
        for ending in endings {
            // A thread that panicked has ended nothing further; dropping the process does.
            drop(ending.join());
        }
    }
}

/// What an answer to an evaluation says, of a worker in this folder.
pub(super) fn evaluation(message: Message, folder: Option<&Path>) -> Result<Evaluation, Trouble> {
    match message {
        Message::Result { answer, .. } => {
            answer.evaluation(folder).map_err(|why| Trouble::Broken(format!("sent an answer in which {why}")))
        }
        Message::Error { error, .. } => Err(Trouble::Answer(TargetError::new(error))),
        Message::NotApplicable { reason, .. } => Err(Trouble::Answer(TargetError::not_applicable(reason))),
        Message::Lost { error, began, .. } => {
            let why = format!("says that the evaluation was lost: {error}");
            Err(if began { Trouble::Lost(why) } else { Trouble::Lost(why).before_it_was_asked() })
        }
        other => Err(Trouble::Broken(format!(
            "answered `evaluate` with `{}`, expected `result`, `error`, `not_applicable` or `lost`",
            other.kind()
        ))),
    }
}
