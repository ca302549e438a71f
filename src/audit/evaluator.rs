//! The evaluator that records.

use super::ahead::{Ahead, Spawn, With};
use super::answer::Answer;
use super::null_evaluator::NullEvaluator;
use super::pace::{Meter, Pace};
use super::scout::Manner;
use super::subject::subject_of;
use super::{Constraint, NullTargets, Recorder, RoleError, Row, Subject, window};
use crate::objective::{Asking, Context, EvaluationRules, Evaluator, Halt, Outcome, ParamSpace, Params, Part, Role};

/// Calls targets, judges constraints and records every evaluation.
pub struct AuditedEvaluator<'t> {
    subjects: Vec<(Role, Subject<'t>)>,
    space: ParamSpace,
    constraints: &'t [Constraint],
    recorder: &'t mut dyn Recorder,
    threads: usize,
    rules: EvaluationRules,
    failures: u64,
    next_call: u64,
    pace: Pace,
    /// Where the last batch belonged.
    phase: Option<Context>,
    null: Option<&'t NullTargets<'t>>,
    ahead: Option<Ahead<'t>>,
}

impl<'t> AuditedEvaluator<'t> {
    /// An evaluator of the train slice on one thread, which allows no failed evaluation.
    ///
    /// # Errors
    /// If the target's space is invalid, a constraint cannot be judged, or two share a name.
    pub fn new(
        train: Subject<'t>,
        constraints: &'t [Constraint],
        recorder: &'t mut dyn Recorder,
    ) -> Result<Self, RoleError> {
        let space = train.target().space();
        space.check().map_err(RoleError::Space)?;
        for (index, constraint) in constraints.iter().enumerate() {
            constraint.check().map_err(RoleError::Constraint)?;
            if constraints[..index].iter().any(|earlier| earlier.name == constraint.name) {
                return Err(RoleError::DuplicateConstraint(constraint.name.clone()));
            }
        }
        Ok(Self {
            subjects: vec![(Role::Train, train)],
            space,
            constraints,
            recorder,
            threads: 1,
            rules: EvaluationRules::default(),
            failures: 0,
            next_call: 0,
            pace: Pace::default(),
            phase: None,
            null: None,
            ahead: None,
        })
    }

    /// Adds the target of another slice.
    ///
    /// # Errors
    /// If its space is not that of the train target, or the slice has a target already.
    pub fn with(mut self, role: Role, subject: Subject<'t>) -> Result<Self, RoleError> {
        if self.serves(role) {
            return Err(RoleError::Taken(role));
        }
        let space = subject.target().space();
        if space != self.space {
            return Err(RoleError::Mismatch { role, difference: first_difference(&self.space, &space) });
        }
        self.subjects.push((role, subject));
        Ok(self)
    }

    /// Sets the number of threads for targets that allow more than one; 0 counts as 1.
    #[must_use]
    pub fn threads(mut self, threads: usize) -> Self {
        self.threads = threads.max(1);
        self
    }

    /// Lets what the run is certain to ask be evaluated before it is asked for, by whatever is idle otherwise: on threads that
    /// `spawn` starts, a scope, and on no more at once than there are [`threads`](Self::threads), which are set before.
    #[must_use]
    pub fn ahead(mut self, spawn: &'t dyn Spawn<'t>) -> Self {
        self.ahead = (self.threads > 1).then(|| Ahead::new(self.threads, spawn));
        self
    }

    /// Gives each window the targets of its train and its test part, in order; those of the first are in the place of the train
    /// target that it was made with.
    ///
    /// # Errors
    /// If the space of one is not that of the first, or train or test has a target beside them.
    pub fn windows(mut self, windows: &[(Subject<'t>, Subject<'t>)]) -> Result<Self, RoleError> {
        if self.serves(Role::Test) {
            return Err(RoleError::Taken(Role::Test));
        }
        self.subjects.retain(|(role, _)| *role != Role::Train);
        for &(train, test) in windows {
            for (role, subject) in [(Role::Train, train), (Role::Test, test)] {
                let space = subject.target().space();
                if space != self.space {
                    return Err(RoleError::Mismatch { role, difference: first_difference(&self.space, &space) });
                }
                self.subjects.push((role, subject));
            }
        }
        Ok(self)
    }

    /// Adds the null version of the targets: what makes and lends them for a seed.
    #[must_use]
    pub fn null(mut self, targets: &'t NullTargets<'t>) -> Self {
        self.null = Some(targets);
        self
    }

    /// Sets how many evaluations may fail where no run says so by [`Evaluator::obey`].
    #[must_use]
    pub fn allow_failures(mut self, allowed: u64) -> Self {
        self.rules.allowed_failures = allowed;
        self
    }

    /// The space every slice shares.
    pub fn space(&self) -> &ParamSpace {
        &self.space
    }

    /// How many evaluations were recorded.
    pub fn evaluations(&self) -> u64 {
        self.next_call
    }

    fn record(&mut self, context: Context, params: &Params, answer: Answer) -> Result<Outcome, Halt> {
        let (call_index, Context { role, phase, .. }) = (self.next_call, context);
        if let Some((reason, began)) = answer.unusable {
            return Err(Halt::Unusable { role, phase, call_index, reason, began });
        }
        if let Some((reason, began)) = answer.lost {
            return Err(Halt::Lost { role, phase, call_index, params: params.clone(), reason, began });
        }
        let outcome = Outcome { call_index, result: answer.result, feasibility: answer.feasibility };
        let attachments = if self.rules.keep_attachments { answer.attachments } else { Vec::new() };
        let row = Row { context, params: params.clone(), outcome: outcome.clone(), attachments };
        self.recorder.record(row).map_err(Halt::Record)?;
        self.count(context, params, &outcome)?;
        Ok(outcome)
    }

    /// What an earlier part of the run recorded for the next call, if it did.
    fn recorded(&mut self, context: Context, params: &Params) -> Result<Option<Outcome>, Halt> {
        let Some(row) = self.recorder.recorded(self.next_call).map_err(Halt::Record)? else { return Ok(None) };
        if row.context != context || row.params != *params {
            return Err(Halt::Diverged {
                call_index: self.next_call,
                proposed: format!("{context} {params}"),
                recorded: format!("{} {}", row.context, row.params),
            });
        }
        if context.role != Role::Train && row.outcome.is_not_applicable() {
            // `asked_on` makes a failure of such an answer, which counts; only somebody else can have written this.
            return Err(Halt::Diverged {
                call_index: self.next_call,
                proposed: format!("{context} {params}, which were applicable on train"),
                recorded: "that they are not applicable".to_owned(),
            });
        }
        self.count(context, params, &row.outcome)?;
        Ok(Some(row.outcome))
    }

    fn count(&mut self, context: Context, params: &Params, outcome: &Outcome) -> Result<(), Halt> {
        self.next_call += 1;
        let Some(failure) = outcome.result.as_ref().err().filter(|failure| !failure.is_not_applicable()) else {
            return Ok(());
        };
        self.failures += 1;
        if self.failures <= self.rules.allowed_failures {
            return Ok(());
        }
        Err(Halt::TooManyFailures {
            role: context.role,
            phase: context.phase,
            call_index: outcome.call_index,
            params: params.clone(),
            failure: failure.clone(),
            failed: self.failures,
            allowed: self.rules.allowed_failures,
        })
    }

    /// A phase is over when the next one begins: what it recorded is safe before anything is built on it.
    fn enter(&mut self, context: Context) -> Result<(), Halt> {
        if self.phase.is_some_and(|phase| phase != context) {
            self.recorder.settle().map_err(Halt::Record)?;
        }
        self.phase = Some(context);
        Ok(())
    }
}

impl Evaluator for AuditedEvaluator<'_> {
    fn serves(&self, role: Role) -> bool {
        self.subjects.iter().any(|(served, _)| *served == role)
    }

    fn evaluate_batch(
        &mut self,
        context: Context,
        proposals: &[Params],
        seen: &mut dyn FnMut(usize, &Outcome) -> Result<(), Halt>,
    ) -> Result<Vec<Outcome>, Halt> {
        self.batch(subject_of(&self.subjects, context)?, context, proposals, seen)
    }

    fn recall(&mut self, call_index: u64) -> Result<(Params, Outcome), Halt> {
        let Row { params, outcome, .. } = self.recorder.recall(call_index).map_err(Halt::Record)?;
        Ok((params, outcome))
    }

    fn obey(&mut self, rules: EvaluationRules) {
        self.rules = rules;
    }

    fn room(&self) -> usize {
        window::room(self.threads)
    }

    fn looks_ahead(&self) -> bool {
        self.ahead.is_some()
    }

    fn expect(&mut self, batches: Vec<(Context, Vec<Params>)>) {
        if let Some(ahead) = &mut self.ahead {
            ahead.expect(batches);
        }
    }

    fn work_ahead(&mut self, part: Part, wide: u64, asking: Asking) {
        if let Some(ahead) = &mut self.ahead {
            ahead.wait(part, wide, asking);
        }
    }

    fn has_null(&self) -> bool {
        self.null.is_some()
    }

    fn with_null(&mut self, seed: u32, use_it: &mut dyn FnMut(&mut dyn Evaluator)) -> Result<(), Halt> {
        let failed = |reason: String| Halt::Null { seed, reason };
        let targets = self.null.ok_or_else(|| failed("none is declared".to_owned()))?;
        let mut refused = None;
        let made = targets(u64::from(seed), &mut |subjects| match mismatch(&self.space, subjects) {
            Some(reason) => refused = Some(reason),
            None => use_it(&mut NullEvaluator { audited: self, subjects, seed }),
        });
        match (made, refused) {
            (Err(error), _) => Err(failed(error.reason())),
            (Ok(()), Some(reason)) => Err(failed(reason)),
            (Ok(()), None) => Ok(()),
        }
    }
}

impl AuditedEvaluator<'_> {
    /// Evaluates and records on one target.
    pub(super) fn batch(
        &mut self,
        subject: Subject<'_>,
        context: Context,
        proposals: &[Params],
        seen: &mut dyn FnMut(usize, &Outcome) -> Result<(), Halt>,
    ) -> Result<Vec<Outcome>, Halt> {
        let outcomes = self.in_turn(subject, context, proposals, seen);
        if let (Err(_), Some(ahead)) = (&outcomes, &self.ahead) {
            ahead.stop();
        }
        outcomes
    }

    /// What is on record, what was evaluated ahead, and what is left.
    fn in_turn(
        &mut self,
        subject: Subject<'_>,
        context: Context,
        proposals: &[Params],
        seen: &mut dyn FnMut(usize, &Outcome) -> Result<(), Halt>,
    ) -> Result<Vec<Outcome>, Halt> {
        self.enter(context)?;
        if let Some(ahead) = &mut self.ahead {
            ahead.pass(context, proposals);
        }
        let (constraints, rules, threads) = (self.constraints, self.rules, self.threads);
        let mut outcomes = Vec::with_capacity(proposals.len());
        while let Some(params) = proposals.get(outcomes.len()) {
            let Some(outcome) = self.recorded(context, params)? else { break };
            seen(outcomes.len(), &outcome)?;
            outcomes.push(outcome);
        }
        if outcomes.len() == proposals.len() {
            return Ok(outcomes);
        }
        let mut pace = std::mem::take(&mut self.pace);
        let (mut ready, mut seats) = (None, None);
        if let Some(ahead) = &mut self.ahead {
            // Where evaluations take no time, nobody is idle.
            if !pace.is_quick() || context.role == Role::Holdout {
                let manner = Manner { constraints, rules, threads };
                let with = With { subjects: &self.subjects, null: self.null, space: &self.space, manner };
                ahead.arrive(context, with);
            }
            (ready, seats) = (ahead.answers(context, proposals), ahead.shared());
        }
        while let (Some(stream), Some(params)) = (&ready, proposals.get(outcomes.len())) {
            let Some(answer) = stream.next(context.role, params) else { break };
            let outcome = self.record(context, params, answer)?;
            seen(outcomes.len(), &outcome)?;
            outcomes.push(outcome);
        }
        let first = outcomes.len();
        let proposals = &proposals[first..];
        let mut deliver = |index: usize, answer: Answer| {
            let outcome = self.record(context, &proposals[index], answer)?;
            seen(first + index, &outcome)?;
            outcomes.push(outcome);
            Ok(())
        };
        let seat = || seats.as_ref().map(|shared| shared.seats.take(0));
        let ask = |target, index: usize| Answer::of(target, constraints, rules, context.role, &proposals[index]);
        match subject {
            Subject::Parallel(target) if threads > 1 && proposals.len() > 1 => {
                let alone = |index| {
                    let _seat = seat();
                    ask(target, index)
                };
                let made = pace.alone(proposals.len(), alone, &mut deliver)?;
                if made < proposals.len() {
                    let meter = Meter::default();
                    let one = |index| {
                        let _seat = seat();
                        meter.time(|| ask(target, made + index))
                    };
                    window::in_order(proposals.len() - made, threads, one, |index, answer| {
                        deliver(made + index, answer)
                    })?;
                    pace.of_many(&meter);
                }
            }
            _ => {
                for index in 0..proposals.len() {
                    let taken = seat();
                    let answer = pace.of_one(|| ask(subject.target(), index));
                    drop(taken);
                    deliver(index, answer)?;
                }
            }
        }
        self.pace = pace;
        Ok(outcomes)
    }
}

/// Why the targets of a null version do not fit the declared space.
fn mismatch(space: &ParamSpace, subjects: &[(Role, Subject<'_>)]) -> Option<String> {
    let other = |(_, subject): &&(Role, Subject<'_>)| subject.target().space() != *space;
    let (role, subject) = subjects.iter().find(other)?;
    Some(format!("its {role} target has another space: {}", first_difference(space, &subject.target().space())))
}

fn first_difference(train: &ParamSpace, other: &ParamSpace) -> String {
    let describe = |spec: &crate::objective::ParamSpec| {
        format!("`{}` ({}, baseline {})", spec.name, spec.describe(), spec.neutral())
    };
    for (index, expected) in train.specs().iter().enumerate() {
        match other.specs().get(index) {
            Some(found) if found == expected => {}
            Some(found) => {
                return format!("parameter {index} is {}, expected {}", describe(found), describe(expected));
            }
            None => return format!("parameter {} is missing", describe(expected)),
        }
    }
    match other.specs().get(train.specs().len()) {
        Some(extra) => format!("parameter {} is not in it", describe(extra)),
        None => "none".to_owned(),
    }
}
