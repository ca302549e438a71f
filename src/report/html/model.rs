//! What a page knows. Nothing here is measured or judged: it is what the artifacts hold, in the order they hold it.

use super::text::Text;
use super::thinned::Thinned;
use crate::report::Scorecard;

/// How far what a page shows was held against its record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trust {
    /// The result was made once more from its whole trail, and is the same byte for byte.
    Proven,
    /// Nothing speaks against the file, and nothing but the file speaks for it.
    Claimed,
    /// The file, or the record beside it, is damaged or contradicts itself.
    Damaged,
}

/// A page about one artifact. The same page gives the same bytes.
#[derive(Debug, Clone)]
pub struct Page {
    pub(super) title: Text,
    pub(super) card: Scorecard,
    /// The verdict that the artifact states.
    pub(super) verdict: Option<Text>,
    pub(super) trust: Trust,
    pub(super) checks: Vec<Text>,
    pub(super) gates: Vec<Gate>,
    pub(super) selected: Option<Selected>,
    pub(super) stress: Vec<Bar>,
    pub(super) passes: Vec<Pass>,
    pub(super) pairs: Vec<Pair>,
    pub(super) record: Record,
    pub(super) levels: Vec<Level>,
    pub(super) gold: Vec<GoldRow>,
}

/// A gate as a row.
#[derive(Debug, Clone)]
pub(super) struct Gate {
    pub(super) name: Text,
    pub(super) status: Text,
    pub(super) message: Text,
    /// What a failure usually means.
    pub(super) cause: Option<Text>,
    pub(super) measures: Vec<Measure>,
}

/// A figure beside what is required of it.
#[derive(Debug, Clone)]
pub(super) struct Measure {
    pub(super) metric: Text,
    pub(super) measured: Text,
    pub(super) required: Text,
    pub(super) ok: bool,
}

/// The candidate that would ship.
#[derive(Debug, Clone)]
pub(super) struct Selected {
    pub(super) place: Text,
    pub(super) fitness: Option<f64>,
    pub(super) samples: Text,
    pub(super) violates: Vec<Text>,
    /// Name, baseline where it is known, value.
    pub(super) params: Vec<(Text, Option<Text>, Text)>,
}

/// A parameter's stress.
#[derive(Debug, Clone)]
pub(super) struct Bar {
    pub(super) name: Text,
    pub(super) value: f64,
    pub(super) unlocked: bool,
}

/// One pass of the search: the candidates along the unlocked axes.
#[derive(Debug, Clone, Default)]
pub(super) struct Pass {
    pub(super) label: Option<Text>,
    pub(super) axes: Vec<Axis>,
    pub(super) points: Thinned<Point>,
    pub(super) selected: Option<Point>,
    /// Candidates that the artifact counts and does not list.
    pub(super) left_out: u64,
    /// The first and last value of each axis in each round of a zoom; empty where the artifact does not tell.
    pub(super) boxes: Vec<Vec<(f64, f64)>>,
}

/// An unlocked parameter.
#[derive(Debug, Clone)]
pub(super) struct Axis {
    pub(super) name: Text,
    /// What the numbers stand for, where they are places in a list of words.
    pub(super) words: Vec<Text>,
}

/// A candidate.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Point {
    pub(super) index: u64,
    pub(super) at: Vec<f64>,
    pub(super) fitness: Option<f64>,
    /// Absent where the artifact does not say.
    pub(super) feasible: Option<bool>,
}

/// A candidate on two slices.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Pair {
    pub(super) train: f64,
    pub(super) test: f64,
    pub(super) kind: PairKind,
}

/// Why a candidate was evaluated on test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PairKind {
    /// Among the best on train.
    Best,
    /// Spread over the ranks for the gate `transfer`.
    Spread,
    /// It would ship.
    Selected,
}

/// Evaluations in the order of the run.
#[derive(Debug, Clone, Default)]
pub(super) struct Record {
    pub(super) calls: Thinned<Call>,
    /// The best feasible fitness of the searched slice so far, wherever it rose.
    pub(super) frontier: Thinned<(u64, f64)>,
    /// The last of these.
    pub(super) best: Option<f64>,
    pub(super) failed: u64,
    pub(super) null_runs: u64,
}

/// One evaluation.
#[derive(Debug, Clone)]
pub(super) struct Call {
    pub(super) call: u64,
    pub(super) fitness: f64,
    pub(super) kind: CallKind,
    pub(super) feasible: bool,
}

/// What an evaluation was for, as far as a picture tells them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum CallKind {
    Before,
    Search,
    Test,
    Holdout,
    Other,
}

/// Fitness on a slice.
#[derive(Debug, Clone)]
pub(super) struct Level {
    pub(super) slice: Text,
    pub(super) baseline: Option<f64>,
    pub(super) selected: Option<f64>,
    pub(super) required: Option<f64>,
}

/// A figure beside the accepted one.
#[derive(Debug, Clone)]
pub(super) struct GoldRow {
    pub(super) name: Text,
    pub(super) gold: Text,
    pub(super) new: Text,
    pub(super) delta: Text,
    pub(super) word: Text,
    pub(super) holds: bool,
    pub(super) same: bool,
}

impl Page {
    pub(super) fn new(title: Text, card: Scorecard, verdict: Option<Text>) -> Self {
        Self {
            title,
            card,
            verdict,
            trust: Trust::Claimed,
            checks: Vec::new(),
            gates: Vec::new(),
            selected: None,
            stress: Vec::new(),
            passes: Vec::new(),
            pairs: Vec::new(),
            record: Record::default(),
            levels: Vec::new(),
            gold: Vec::new(),
        }
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
    pub(super) fn claims_a_pass(&self) -> bool {
        self.verdict.as_ref().is_some_and(|verdict| verdict.as_str() == "PASS") && self.failed().next().is_none()
    }

    pub(super) fn failed(&self) -> impl Iterator<Item = &Gate> {
        self.gates.iter().filter(|gate| gate.status.as_str() == "FAIL")
    }
}

impl Pass {
    /// The points that have a place on every axis.
    pub(super) fn placed(&self) -> impl Iterator<Item = &Point> {
        self.points.items().iter().filter(|point| self.is_placed(point))
    }

    /// Which round it was, for the end of a caption.
    pub(super) fn suffix(&self) -> String {
        self.label.as_ref().map(|label| format!(" ({})", label.as_str())).unwrap_or_default()
    }

    /// What is not drawn.
    pub(super) fn notes(&self) -> Vec<String> {
        let unlisted = (self.left_out > 0).then(|| format!("{} candidates are not listed in the file", self.left_out));
        self.points.note().into_iter().chain(unlisted).collect()
    }

    pub(super) fn is_placed(&self, point: &Point) -> bool {
        point.at.len() == self.axes.len() && point.at.iter().all(|value| value.is_finite())
    }
}

impl Point {
    /// The fitness, if a picture has a place for it.
    pub(super) fn level(&self) -> Option<f64> {
        self.fitness.filter(|fitness| fitness.is_finite())
    }
}
