//! Work on what the run is going to ask, by whatever is idle otherwise.
//!
//! The run itself stays what it is: it asks one batch after the other and records each in order. What it is certain to ask
//! later is evaluated before, on threads of its own, and lies ready when it is asked for. So the record is the same however much
//! was ready; answers that nobody came to ask for are dropped.

use std::collections::{BTreeMap, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread;

use super::answer::Answer;
use super::scout::{Manner, Scout};
use super::stream::{Shared, Stream};
use super::{NullTargets, Subject, window};
use crate::objective::{Asking, Context, ParamSpace, Params, Part, Phase, Role, Target};

/// Work that another thread does.
pub type Job<'t> = Box<dyn FnOnce() + Send + 't>;

/// Starts threads that end before the targets do, as scoped ones.
pub trait Spawn<'t> {
    /// Starts one for a job; whether there is one.
    fn spawn_job(&'t self, job: Job<'t>) -> bool;
}

impl<'t> Spawn<'t> for thread::Scope<'t, '_> {
    fn spawn_job(&'t self, job: Job<'t>) -> bool {
        thread::Builder::new().spawn_scoped(self, job).is_ok()
    }
}

/// How many parts are worked on at once beside those that keep every thread busy. Each begins and ends with a single evaluation,
/// during which many threads idle; and each has targets of its own, so that there are no more than pay.
fn spare_parts(threads: usize) -> usize {
    2 + threads / 8
}

/// What parts are evaluated with.
#[derive(Clone, Copy)]
pub(super) struct With<'a, 't> {
    pub(super) subjects: &'a [(Role, Subject<'t>)],
    pub(super) null: Option<&'t NullTargets<'t>>,
    pub(super) space: &'a ParamSpace,
    pub(super) manner: Manner<'t>,
}

/// What is known of what comes, and what of it is being worked on.
pub(super) struct Ahead<'t> {
    spawn: &'t dyn Spawn<'t>,
    shared: Arc<Shared>,
    _over: Over,
    expected: VecDeque<(Context, Vec<Params>)>,
    waiting: VecDeque<(Part, usize, Asking)>,
    batches: Vec<(Context, Vec<Params>, Arc<Stream>)>,
    parts: BTreeMap<Part, Arc<Stream>>,
}

/// Dropped with the run. Only this is, so that nobody takes the targets to be used then.
struct Over(Arc<Shared>);

impl Drop for Over {
    fn drop(&mut self) {
        self.0.stop();
    }
}

/// Ends a stream however whoever feeds it leaves.
struct Ending<'s>(&'s [Arc<Stream>]);

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        self.0.iter().for_each(|stream| stream.end());
    }
}

impl<'t> Ahead<'t> {
    pub(super) fn new(threads: usize, spawn: &'t dyn Spawn<'t>) -> Self {
        let shared = Arc::new(Shared::new(threads));
        Self {
            spawn,
            _over: Over(Arc::clone(&shared)),
            shared,
            expected: VecDeque::new(),
            waiting: VecDeque::new(),
            batches: Vec::new(),
            parts: BTreeMap::new(),
        }
    }

    /// Who may evaluate, if others than the run itself want to.
    pub(super) fn shared(&self) -> Option<Arc<Shared>> {
        let any = !self.parts.is_empty() || !self.batches.is_empty();
        any.then(|| Arc::clone(&self.shared))
    }

    pub(super) fn expect(&mut self, batches: Vec<(Context, Vec<Params>)>) {
        // Whoever works on the whole pass gets to them.
        let under_way = |(context, _): &(Context, Vec<Params>)| self.parts.contains_key(&part_of(*context));
        self.expected = batches.into_iter().filter(|batch| !batch.1.is_empty() && !under_way(batch)).collect();
    }

    pub(super) fn wait(&mut self, part: Part, wide: u64, asking: Asking) {
        if self.parts.contains_key(&part) || self.waiting.iter().any(|(known, ..)| *known == part) {
            return;
        }
        let wide = usize::try_from(wide).unwrap_or(usize::MAX).max(1);
        self.waiting.push_back((part, wide, asking));
    }

    /// The run is at this batch: it is no longer expected, nor is what comes before it.
    pub(super) fn pass(&mut self, context: Context, proposals: &[Params]) {
        let same = |(known, asked): &(Context, Vec<Params>)| *known == context && asked == proposals;
        if let Some(at) = self.expected.iter().position(same) {
            self.expected.drain(..=at);
        }
    }

    /// The run is at this batch, and not all of it is on record: what is known of what comes is begun.
    pub(super) fn arrive(&mut self, context: Context, with: With<'_, 't>) {
        let here = part_of(context);
        self.waiting.retain(|(part, ..)| *part > here);
        let later = self.parts.split_off(&here);
        for left in std::mem::replace(&mut self.parts, later).values() {
            left.leave();
        }
        if context.role == Role::Holdout {
            // Last, and alone.
            self.stop();
            self.parts
                .values()
                .chain(self.batches.iter().map(|(.., stream)| stream))
                .for_each(|part| part.wait_for_end());
        }
        if self.shared.is_stopped() {
            return;
        }
        if !self.expected.is_empty() {
            self.begin_batches(with);
        }
        while let Some((_, wide, _)) = self.waiting.front() {
            if self.parts.len() >= with.manner.threads.div_ceil(*wide) + spare_parts(with.manner.threads) {
                break;
            }
            let Some((part, _, asking)) = self.waiting.pop_front() else { break };
            self.begin_part(part, asking, with);
        }
    }

    /// The answers to this batch, if somebody worked on it.
    pub(super) fn answers(&mut self, context: Context, proposals: &[Params]) -> Option<Arc<Stream>> {
        let same = |(known, asked, _): &(Context, Vec<Params>, _)| *known == context && asked == proposals;
        match self.batches.iter().position(same) {
            Some(at) => Some(self.batches.remove(at).2),
            None => self.parts.get(&part_of(context)).cloned(),
        }
    }

    /// Nothing further is begun; what is being evaluated is finished, and nobody hears of it.
    pub(super) fn stop(&self) {
        self.shared.stop();
    }

    fn begin_batches(&mut self, with: With<'_, 't>) {
        let Manner { constraints, rules, threads } = with.manner;
        let (mut asked, mut streams) = (Vec::new(), Vec::new());
        for (context, proposals) in self.expected.drain(..) {
            let Ok(Subject::Parallel(target)) = super::subject::subject_of(with.subjects, context) else { continue };
            let place = streams.len();
            let stream = Arc::new(Stream::new(Arc::clone(&self.shared)));
            streams.push(Arc::clone(&stream));
            asked.extend(proposals.iter().map(|params| (place, target, context.role, params.clone())));
            self.batches.push((context, proposals, stream));
        }
        let (shared, fed) = (Arc::clone(&self.shared), streams.clone());
        let job = move || {
            let _ending = Ending(&fed);
            let ask = |index: usize| {
                let (place, target, role, params): &(usize, &(dyn Target + Sync), Role, Params) = &asked[index];
                let _seat = shared.seats.take(rank_of(None));
                fed[*place].is_wanted().then(|| Answer::of(*target, constraints, rules, *role, params))
            };
            let deliver = |index: usize, answer: Option<Answer>| {
                let (place, _, role, params) = &asked[index];
                let kept = answer.is_some_and(|answer| fed[*place].push(*role, params, answer));
                if kept { Ok(()) } else { Err(()) }
            };
            // What is not there the run asks itself, and meets its panics.
            drop(catch_unwind(AssertUnwindSafe(|| window::in_order(asked.len(), threads, ask, deliver))));
        };
        if !self.spawn.spawn_job(Box::new(job)) {
            streams.iter().for_each(|stream| stream.end());
        }
    }

    fn begin_part(&mut self, part: Part, asking: Asking, with: With<'_, 't>) {
        let stream = Arc::new(Stream::new(Arc::clone(&self.shared)));
        let (shared, fed) = (Arc::clone(&self.shared), [Arc::clone(&stream)]);
        let (manner, rank) = (with.manner, rank_of(Some(part)));
        let job: Job<'t> = match part {
            Part::Window(_) => {
                let parallel = |(role, subject): &(Role, Subject<'t>)| match subject {
                    Subject::Parallel(target) => Some((*role, *target)),
                    Subject::Serial(_) => None,
                };
                let Some(targets) = with.subjects.iter().map(parallel).collect::<Option<Vec<_>>>() else { return };
                Box::new(move || {
                    let _ending = Ending(&fed);
                    let subjects: Vec<_> =
                        targets.iter().map(|(role, target)| (*role, Subject::Parallel(*target))).collect();
                    let mut scout = Scout::new(&subjects, manner, rank, &fed[0], &shared);
                    asking(&mut scout);
                })
            }
            Part::Null(seed) => {
                let Some(null) = with.null else { return };
                let (space, mut asking) = (with.space.clone(), Some(asking));
                Box::new(move || {
                    let _ending = Ending(&fed);
                    let _ = null(u64::from(seed), &mut |subjects| {
                        // Of another space the run finds out itself, and says so.
                        if subjects.iter().any(|(_, subject)| subject.target().space() != space) {
                            return;
                        }
                        let mut scout = Scout::new(subjects, manner, rank, &fed[0], &shared);
                        if let Some(asking) = asking.take() {
                            asking(&mut scout);
                        }
                    });
                })
            }
        };
        // A panic is the run's to meet: nothing is there then, and it asks itself.
        let job = move || drop(catch_unwind(AssertUnwindSafe(job)));
        if !self.spawn.spawn_job(Box::new(job)) {
            stream.end();
        }
        self.parts.insert(part, stream);
    }
}

/// The part that a batch belongs to; where there are no windows, one that nobody works on.
const fn part_of(context: Context) -> Part {
    match context.phase {
        Phase::Null => Part::Null(context.round),
        _ => Part::Window(context.round),
    }
}

/// The run itself has rank 0: what it asks now, all else waits for.
const fn rank_of(part: Option<Part>) -> u64 {
    match part {
        None => 1,
        Some(Part::Window(window)) => 2 + window as u64,
        Some(Part::Null(run)) => (1 << 33) + run as u64,
    }
}
