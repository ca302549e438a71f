//! A study looked through once, trial by trial: what is kept of each is a few numbers, for there may be millions.

use omega_lock::internals::artifacts::{
    Direction, Ordered, PartsEntry, ScoreEntry, StudyEnd, StudyReport, StudySource, StudyTrial, TrialCounts,
    TrialState, recorded, violation,
};
use omega_lock::internals::report::StudyPage;

use super::edges::AllTried;
use super::other::{Other, Paired, judge};
use super::parts::Parts;
use super::sets::{self, fingerprint};
use super::winner::Contest;
use super::{Reader, findings};
use crate::failure::Failure;

/// A complete trial with a finite score that violates nothing.
#[derive(Debug)]
pub(super) struct Eligible {
    pub(super) number: u64,
    /// Its score, turned so that larger is better.
    pub(super) score: f64,
    /// Its set of parameters.
    pub(super) set: u64,
    pub(super) other: Second,
}

/// The second score of a trial. There may be millions, and mostly it is one number: a list of one would need memory of its own.
#[derive(Debug)]
pub(super) enum Second {
    /// One number; none is NaN.
    One(f64),
    /// One number for each block.
    Blocks(Box<[f64]>),
}

impl Second {
    /// Its numbers.
    pub(super) fn scores(&self) -> &[f64] {
        match self {
            Self::One(score) => std::slice::from_ref(score),
            Self::Blocks(scores) => scores,
        }
    }
}

impl Default for Second {
    fn default() -> Self {
        Self::One(f64::NAN)
    }
}

/// What was asked of a study.
#[derive(Debug)]
pub(crate) struct Question {
    pub(crate) score: ScoreEntry,
    pub(crate) other: Option<Other>,
    pub(crate) other_direction: Direction,
}

/// Everything that has been seen.
pub(super) struct Survey<'q> {
    question: &'q Question,
    pub(super) counts: TrialCounts,
    states: [u64; TrialState::ALL.len()],
    tried: Vec<u64>,
    eligible: Vec<Eligible>,
    pub(super) contest: Contest,
    values: AllTried,
    parts: Parts,
    page: StudyPage,
}

/// Looks through a study.
pub(crate) fn survey(reader: Box<dyn Reader>, question: &Question) -> Result<StudyPage, Failure> {
    let source = reader.head().source.clone();
    if let Some(other) = &question.other {
        other.unseen(&question.score, &source)?;
    }
    let mut survey = Survey {
        question,
        counts: TrialCounts::default(),
        states: [0; TrialState::ALL.len()],
        tried: Vec::new(),
        eligible: Vec::new(),
        contest: Contest::default(),
        values: AllTried::default(),
        parts: Parts::new(&question.score, &source),
        page: StudyPage::new(),
    };
    let mut seen = Vec::new();
    let end = reader.trials(&mut |trial| {
        for (name, _) in &trial.scores.0 {
            if seen.len() < SCORES && !seen.contains(name) {
                seen.push(name.clone());
            }
        }
        let asked = &question.score.name;
        if !seen.contains(asked) && recorded(&trial, asked).is_some() {
            seen.push(asked.clone());
        }
        survey.add(&trial);
        Ok(())
    })?;
    let name = &question.score.name;
    if survey.counts.total > 0 && !seen.contains(name) && survey.states[0] > 0 {
        let message = format!("no complete trial has a score `{name}`");
        let known: Vec<String> = seen.iter().map(|name| format!("`{}`", name.escape_debug())).collect();
        let failure = Failure::usage(message);
        return Err(if known.is_empty() { failure } else { failure.help(format!("there is {}", known.join(", "))) });
    }
    survey.ended(source, &end)
}

/// Names of scores that are told where the one that was named is not there.
const SCORES: usize = 20;

impl Survey<'_> {
    fn turned(&self, value: f64) -> f64 {
        if self.question.score.direction == Direction::Minimize { -value } else { value }
    }

    fn add(&mut self, trial: &StudyTrial) {
        let place = self.counts.total;
        self.counts.total += 1;
        let state = TrialState::ALL.iter().zip(&mut self.states).find(|(state, _)| trial.state == **state);
        if let Some((_, count)) = state {
            *count += 1;
        }
        if trial.state == TrialState::Waiting {
            return;
        }
        self.counts.tries += 1;
        let set = fingerprint(trial);
        self.tried.push(set);
        self.values.add(trial);
        let found = recorded(trial, &self.question.score.name);
        if trial.state != TrialState::Complete {
            return;
        }
        let Some(score) = found else {
            self.counts.without_score += 1;
            return;
        };
        let turned = self.turned(score);
        let violated = violation(trial);
        self.counts.not_finite += u64::from(!score.is_finite());
        self.counts.infeasible += u64::from(violated.is_some());
        let eligible = score.is_finite() && violated.is_none();
        self.contest.add(trial, set, score, turned, violated);
        self.page.trial(place, score, turned, eligible, &trial.params);
        if eligible {
            self.counts.eligible += 1;
            self.parts.add(trial);
            let other = self.question.other.as_ref().map(|other| other.of(trial)).unwrap_or_default();
            self.eligible.push(Eligible { number: trial.number, score: turned, set, other });
        }
    }

    fn ended(mut self, source: StudySource, end: &StudyEnd) -> Result<StudyPage, Failure> {
        let pairs = TrialState::ALL.iter().zip(&self.states).filter(|(_, count)| **count > 0);
        self.counts.states = Ordered(pairs.map(|(state, count)| (state.to_string(), *count)).collect());
        let sets = sets::counts(std::mem::take(&mut self.tried), &self.eligible);
        let edges = self.contest.winner().map(|winner| self.values.on_edge(&winner.params, &end.parameters));
        let winner = self.contest.entry(&self.eligible, &sets, edges.as_deref().unwrap_or_default());
        let paired = self.paired()?;
        let parts: Option<PartsEntry> = self.parts.entry(self.contest.winner());
        let mut report = StudyReport::new(source, self.question.score.clone(), self.counts.clone());
        report.findings = findings::of(&self.counts, &sets, winner.as_ref(), &self.contest, edges.as_deref(), end);
        (report.sets, report.winner) = (sets, winner);
        report.left_out.clone_from(&end.left_out);
        if let Some(parts) = parts {
            report.part(parts, self.question.other == Some(Other::Parts));
        }
        if self.question.other == Some(Other::Parts) && report.parts.is_none() {
            return Err(Failure::usage("`--other parts` asks for parts of the optimised score, and no trial has any")
                .help("splits of scikit-learn and dated trades of freqtrade are such parts"));
        }
        if let Some(paired) = paired {
            report.pair(paired.scores);
            self.page.pairs(&paired.pairs, paired.winner);
        }
        self.page.finish(report, &end.parameters);
        Ok(self.page)
    }

    fn paired(&self) -> Result<Option<Paired>, Failure> {
        let Some(other) = self.question.other.as_ref().filter(|other| **other != Other::Parts) else { return Ok(None) };
        let winner = self.contest.winner().map(|winner| winner.number);
        judge(other, self.question.other_direction, &self.eligible, winner).map(Some)
    }
}
