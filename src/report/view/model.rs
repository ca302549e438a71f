//! What a page knows. Nothing here is measured or judged: it is what the artifacts hold, in the order they hold it.

use std::collections::HashMap;

use super::bests::{Bests, Place};
use super::constraints::Constraints;
use super::record::Record;
use super::thinned::Thinned;
use super::windows::{Wander, WindowRow};
use crate::artifacts::{ParamMap, ParamValue};
use crate::number::general;
use crate::report::escape::Text;

/// How far what a page shows was held against its record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Trust {
    /// The result was made once more from its whole trail, and is the same byte for byte.
    Proven,
    /// Nothing speaks against the file, and nothing but the file speaks for it.
    #[default]
    Claimed,
    /// The file, or the record beside it, is damaged or contradicts itself.
    Damaged,
}

/// A page about one artifact. The same page gives the same bytes. It grows by roles, phases and constraints, and never by
/// evaluations, so that a trail of any length can be shown.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// The kind of artifact: `p1`, `trail`.
    pub(in crate::internals::report) kind: Text,
    /// The calibration; empty where the artifact does not say.
    pub(in crate::internals::report) name: Text,
    /// The verdict that the artifact states.
    pub(in crate::internals::report) verdict: Option<Text>,
    /// Why the run was not accepted, if it was not.
    pub(in crate::internals::report) refusal: Option<Refusal>,
    /// What a verdict of the strict profile rests on.
    pub(in crate::internals::report) rests_on: Vec<Text>,
    /// What a verdict of the strict profile was reached without.
    pub(in crate::internals::report) without: Vec<Text>,
    /// Which artifact it is and what it came to, beside the verdict.
    pub(in crate::internals::report) identity: Vec<(&'static str, Text)>,
    pub(in crate::internals::report) trust: Trust,
    pub(in crate::internals::report) checks: Vec<Text>,
    pub(in crate::internals::report) gates: Vec<Gate>,
    pub(in crate::internals::report) selected: Option<Selected>,
    pub(in crate::internals::report) constraints: Constraints,
    pub(in crate::internals::report) bests: Bests,
    pub(in crate::internals::report) stress: Vec<Stress>,
    pub(in crate::internals::report) passes: Vec<Pass>,
    /// Whether passes are windows, and not rounds.
    pub(in crate::internals::report) walks: bool,
    pub(in crate::internals::report) windows: Vec<WindowRow>,
    pub(in crate::internals::report) wander: Vec<Wander>,
    pub(in crate::internals::report) pairs: Vec<Pair>,
    pub(in crate::internals::report) record: Record,
    /// The selected candidate, slice by slice.
    pub(in crate::internals::report) levels: Vec<Level>,
    /// What would ship beside the baseline: the slice, and in words.
    pub(in crate::internals::report) gains: Vec<(Text, Text)>,
    /// The fitness of each block: whose, and the values.
    pub(in crate::internals::report) blocks: Vec<(Text, Vec<f64>)>,
    pub(in crate::internals::report) breakdown: Vec<(Text, Text, u64)>,
    places: HashMap<(String, String), usize>,
    pub(in crate::internals::report) failed: u64,
    /// Evaluations of parameters that do not go together.
    pub(in crate::internals::report) not_applicable: u64,
    pub(in crate::internals::report) notes: Vec<Text>,
    pub(in crate::internals::report) gold: Vec<GoldRow>,
}

/// What the cases say that hold a run against the committed files, and did not accept it.
#[derive(Debug, Clone)]
pub(in crate::internals::report) struct Refusal {
    /// The verdict with these cases.
    pub(in crate::internals::report) verdict: Text,
    /// Each case, and why.
    pub(in crate::internals::report) cases: Vec<(Text, Text)>,
}

#[derive(Debug, Clone)]
pub(in crate::internals::report) struct Gate {
    pub(in crate::internals::report) name: Text,
    pub(in crate::internals::report) status: Text,
    pub(in crate::internals::report) message: Text,
    /// What a failure usually means.
    pub(in crate::internals::report) cause: Option<Text>,
    pub(in crate::internals::report) measures: Vec<Measure>,
}

/// A figure beside what is required of it.
#[derive(Debug, Clone)]
pub(in crate::internals::report) struct Measure {
    pub(in crate::internals::report) metric: Text,
    pub(in crate::internals::report) measured: Text,
    /// Empty where nothing is required.
    pub(in crate::internals::report) required: Text,
    pub(in crate::internals::report) ok: bool,
}

/// The candidate that would ship.
#[derive(Debug, Clone)]
pub(in crate::internals::report) struct Selected {
    pub(in crate::internals::report) place: Place,
    /// How many candidates its pass had.
    pub(in crate::internals::report) of: u64,
    pub(in crate::internals::report) violates: Vec<Text>,
    pub(in crate::internals::report) params: Vec<Param>,
    /// Every parameter as a JSON object, a line each, to be copied; empty where the artifact is not one of ours.
    pub(in crate::internals::report) copy: Text,
    /// Whether a run came so far that it would ship.
    pub(in crate::internals::report) ships: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub(in crate::internals::report) struct Param {
    pub(in crate::internals::report) name: Text,
    /// Its value at the baseline, where that is known.
    pub(in crate::internals::report) before: Option<Text>,
    /// Its value in gold, which ships today, where the page stands beside gold.
    pub(in crate::internals::report) accepted: Option<Text>,
    /// Whether it was searched.
    pub(in crate::internals::report) unlocked: bool,
    pub(in crate::internals::report) value: Text,
}

#[derive(Debug, Clone)]
pub(in crate::internals::report) struct Stress {
    pub(in crate::internals::report) name: Text,
    pub(in crate::internals::report) value: f64,
    pub(in crate::internals::report) unlocked: bool,
}

/// One pass of the search: the candidates along the unlocked axes.
#[derive(Debug, Clone, Default)]
pub(in crate::internals::report) struct Pass {
    /// Which round or window it was; 0 where there are none.
    pub(in crate::internals::report) round: u64,
    pub(in crate::internals::report) window: bool,
    pub(in crate::internals::report) verdict: Text,
    /// Its unlocked parameters with their stress, where that is known.
    pub(in crate::internals::report) axes: Vec<Axis>,
    pub(in crate::internals::report) points: Thinned<Point>,
    pub(in crate::internals::report) selected: Option<Point>,
    pub(in crate::internals::report) violates: Vec<Text>,
    pub(in crate::internals::report) levels: Vec<Level>,
    /// What a round locked in for those after it.
    pub(in crate::internals::report) locked: Vec<Param>,
    pub(in crate::internals::report) candidates: u64,
    /// Candidates that the artifact counts and does not list.
    pub(in crate::internals::report) left_out: u64,
}

/// An unlocked parameter.
#[derive(Debug, Clone)]
pub(in crate::internals::report) struct Axis {
    pub(in crate::internals::report) name: Text,
    /// What the numbers stand for, where they are places in a list of words.
    pub(in crate::internals::report) words: Vec<Text>,
    pub(in crate::internals::report) stress: Option<f64>,
}

#[derive(Debug, Clone, PartialEq)]
pub(in crate::internals::report) struct Point {
    pub(in crate::internals::report) index: u64,
    pub(in crate::internals::report) at: Vec<f64>,
    pub(in crate::internals::report) fitness: Option<f64>,
    /// Absent where the artifact does not say.
    pub(in crate::internals::report) feasible: Option<bool>,
}

/// A candidate on two slices.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::internals::report) struct Pair {
    pub(in crate::internals::report) train: f64,
    pub(in crate::internals::report) test: f64,
    pub(in crate::internals::report) kind: PairKind,
}

/// Why a candidate was evaluated on test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::internals::report) enum PairKind {
    /// Among the best on train.
    Best,
    /// Spread over the ranks for the gate `transfer`.
    Spread,
    /// It would ship.
    Selected,
}

/// Fitness on a slice.
#[derive(Debug, Clone, Default)]
pub(in crate::internals::report) struct Level {
    pub(in crate::internals::report) slice: Text,
    pub(in crate::internals::report) selected: Option<f64>,
    /// The samples behind it; empty where the artifact does not say.
    pub(in crate::internals::report) samples: Text,
    pub(in crate::internals::report) baseline: Option<f64>,
    pub(in crate::internals::report) required: Option<f64>,
    /// What else there is to say of it.
    pub(in crate::internals::report) remark: Text,
}

/// A figure beside the accepted one.
#[derive(Debug, Clone)]
pub(in crate::internals::report) struct GoldRow {
    pub(in crate::internals::report) name: Text,
    pub(in crate::internals::report) gold: Text,
    pub(in crate::internals::report) new: Text,
    pub(in crate::internals::report) delta: Text,
    pub(in crate::internals::report) word: Text,
    pub(in crate::internals::report) holds: bool,
    pub(in crate::internals::report) same: bool,
}

impl Page {
    pub(super) fn new(kind: &str, name: &str, verdict: Option<&str>) -> Self {
        Self { kind: Text::new(kind), name: Text::new(name), verdict: verdict.map(Text::new), ..Self::default() }
    }

    /// Says what was looked at, a line each, and what it comes to. Without this a page says that nothing was.
    #[must_use]
    pub fn checked(mut self, trust: Trust, lines: impl IntoIterator<Item = String>) -> Self {
        self.trust = trust;
        self.checks = lines.into_iter().map(|line| Text::new(line.trim())).collect();
        self
    }

    /// Whether the artifact has a verdict that is none, or says PASS while one of its own gates failed.
    pub fn contradicts_itself(&self) -> bool {
        let Some(verdict) = &self.verdict else { return false };
        match verdict.as_str() {
            "PASS" => !self.claims_a_pass(),
            other => !other.starts_with("FAIL"),
        }
    }

    /// Whether the artifact says PASS and none of its own gates says otherwise.
    pub(in crate::internals::report) fn claims_a_pass(&self) -> bool {
        self.verdict.as_ref().is_some_and(|verdict| verdict.as_str() == "PASS") && self.failed_gates().next().is_none()
    }

    pub(in crate::internals::report) fn failed_gates(&self) -> impl Iterator<Item = &Gate> {
        self.gates.iter().filter(|gate| gate.status.as_str() == "FAIL")
    }

    pub(super) fn identify(&mut self, label: &'static str, text: impl AsRef<str>) {
        self.identity.push((label, Text::new(text)));
    }

    pub(super) fn note(&mut self, text: impl AsRef<str>) {
        self.notes.push(Text::new(text));
    }

    /// Takes the parameters' stress in and ranks them: the largest first, of equal ones the first.
    pub(super) fn rank(&mut self, stress: impl Iterator<Item = Stress>) {
        self.stress = stress.collect();
        self.stress.sort_by(|a, b| crate::stats::descending(a.value, b.value));
    }

    /// Evaluations in a phase on a role.
    pub(super) fn count(&mut self, phase: &str, role: &str, evaluations: u64) {
        let next = self.breakdown.len();
        let place = *self.places.entry((phase.to_owned(), role.to_owned())).or_insert(next);
        match self.breakdown.get_mut(place) {
            Some(entry) => entry.2 += evaluations,
            None => self.breakdown.push((Text::new(phase), Text::new(role), evaluations)),
        }
    }
}

/// Parameters in the order of the run, beside the baseline where that is known.
pub(super) fn params(params: &ParamMap, base: Option<&ParamMap>) -> Vec<Param> {
    let shown = |value: &ParamValue| Text::new(value.to_string());
    let before = |name: &str| base?.0.iter().find(|(known, _)| known == name).map(|(_, value)| shown(value));
    let param = |(name, value): &(String, ParamValue)| Param {
        name: Text::new(name),
        before: before(name),
        accepted: None,
        unlocked: false,
        value: shown(value),
    };
    params.0.iter().map(param).collect()
}

impl Gate {
    /// A gate without figures. What its message repeats of the status is left out.
    pub(super) fn new(name: impl AsRef<str>, status: &str, message: &str) -> Self {
        let message = message.strip_prefix(status).and_then(|rest| rest.strip_prefix(": ")).unwrap_or(message);
        Self {
            name: Text::new(name),
            status: Text::new(status),
            message: Text::new(message),
            cause: None,
            measures: Vec::new(),
        }
    }
}

impl Level {
    /// What is said of a slice where the best on train was looked at and the selected one was not.
    pub(super) fn of_the_lead(fitness: f64) -> Text {
        Text::new(format!("the best on train, which is not the selected one: {}", general(fitness, 6)))
    }
}

impl Selected {
    /// The parameters that left the baseline, and those at it. All left it where the baseline is not known.
    pub(in crate::internals::report) fn moved(&self) -> (Vec<&Param>, Vec<&Param>) {
        self.params.iter().partition(|param| param.before.as_ref() != Some(&param.value))
    }
}

#[cfg(feature = "html")]
impl Pass {
    /// The points that have a place on every axis.
    pub(in crate::internals::report) fn placed(&self) -> impl Iterator<Item = &Point> {
        self.points.items().iter().filter(|point| self.is_placed(point))
    }

    /// Which round it was, for the end of a caption.
    pub(in crate::internals::report) fn suffix(&self) -> String {
        let word = if self.window { "window" } else { "round" };
        if self.round > 0 { format!(" ({word} {})", self.round) } else { String::new() }
    }

    /// What is not drawn.
    pub(in crate::internals::report) fn undrawn(&self) -> Vec<String> {
        let unlisted = (self.left_out > 0).then(|| format!("{} candidates are not listed in the file", self.left_out));
        self.points.note().into_iter().chain(unlisted).collect()
    }

    pub(in crate::internals::report) fn is_placed(&self, point: &Point) -> bool {
        point.at.len() == self.axes.len() && point.at.iter().all(|value| value.is_finite())
    }
}

#[cfg(feature = "html")]
impl Point {
    /// The fitness, if a picture has a place for it.
    pub(in crate::internals::report) fn level(&self) -> Option<f64> {
        self.fitness.filter(|fitness| fitness.is_finite())
    }
}
