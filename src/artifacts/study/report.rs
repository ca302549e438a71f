//! What a study shows of itself, as data.

use serde::{Deserialize, Serialize};

use super::super::{Number, Ordered, Spelled};
use super::{Direction, LeftOut, StudySource, StudyValue};

words! {
    /// How much was known when something was said of a study. Levels are never mixed.
    pub enum StudyLevel {
        /// One score of each trial, on the data that the search saw.
        Recorded = "recorded",
        /// A second score of each trial, which is said to be of other data.
        Paired = "paired",
    }
}

words! {
    /// What it comes to. Neither says that the winner is good: nothing was evaluated.
    pub enum StudyVerdict {
        /// There is a record, and nothing to judge it by.
        Record = "RECORD",
        /// There is a second score, or parts that speak against the record, and nobody evaluated anything.
        Unproven = "UNPROVEN",
    }
}

words! {
    /// From where it is known which scores are better.
    pub enum DirectionSource {
        /// The file of the study.
        File = "file",
        /// Whoever imported it.
        Import = "import",
        /// The command line.
        CommandLine = "command line",
    }
}

words! {
    /// How much a finding matters.
    pub enum FindingKind {
        /// It speaks against taking the winner for real.
        Against = "against",
        /// It has to be known.
        Note = "note",
    }
}

/// `cargo omega study --format json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StudyReport {
    /// [`StudyReport::SCHEMA`]; a reader refuses another.
    pub schema_version: String,
    /// How much was known.
    pub level: Spelled<StudyLevel>,
    /// What it comes to.
    pub verdict: Spelled<StudyVerdict>,
    /// Where the trials come from.
    pub source: StudySource,
    /// The score that is looked at.
    pub score: ScoreEntry,
    /// How many trials there are.
    pub trials: TrialCounts,
    /// How many sets of parameters there are.
    pub sets: SetCounts,
    /// The best complete trial with a finite score that violates nothing; absent if there is none.
    pub winner: Option<WinnerEntry>,
    /// What is to be said, in sentences.
    pub findings: Vec<Finding>,
    /// The second score; absent unless one was named.
    pub paired: Option<PairedScores>,
    /// Parts of the optimised score; absent where there are none.
    pub parts: Option<PartsEntry>,
    /// What the file has and a study has not.
    pub left_out: Vec<LeftOut>,
}

/// The score that is looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScoreEntry {
    /// Its name.
    pub name: String,
    /// Which is better.
    pub direction: Spelled<Direction>,
    /// From where that is known.
    pub direction_from: Spelled<DirectionSource>,
    /// The other scores that the search optimised, too.
    pub other_objectives: Vec<String>,
}

/// How many trials there are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrialCounts {
    /// All of them.
    pub total: u64,
    /// Those in each state that there is.
    pub states: Ordered<u64>,
    /// Those that began: each was a chance to look good by luck, also if it was pruned or failed.
    pub tries: u64,
    /// Complete ones without this score.
    pub without_score: u64,
    /// Complete ones whose score is not finite.
    pub not_finite: u64,
    /// Complete ones that violate a constraint or are said to be infeasible.
    pub infeasible: u64,
    /// Complete ones with a finite score that violate nothing: the winner is the best of these.
    pub eligible: u64,
}

/// How many sets of parameters there are.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetCounts {
    /// Different ones among the trials that began.
    pub distinct: u64,
    /// Trials whose parameters an earlier one had.
    pub repeats: u64,
    /// How far scores of the same parameters lie apart: their standard deviation, pooled; absent without repeats.
    pub noise: Option<Number>,
    /// On how many repeats that rests.
    pub noise_from: u64,
}

/// The best trial.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WinnerEntry {
    /// Its number in the tool.
    pub number: u64,
    /// Its score, as recorded.
    pub score: Number,
    /// Its parameters.
    pub params: Ordered<StudyValue>,
    /// Its parameters that lie on the edge of what was searched.
    pub on_edge: Vec<String>,
    /// Other sets of parameters whose score is the very same.
    pub equal: u64,
    /// Other sets of parameters that repeats cannot tell from it; absent if there are too few repeats to say.
    pub as_good: Option<u64>,
    /// The best score of another set of parameters.
    pub next: Option<Number>,
}

/// Something to be said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// How much it matters.
    pub kind: Spelled<FindingKind>,
    /// It, in sentences.
    pub text: String,
}

/// A second score, and how its ranks go with those of the first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PairedScores {
    /// Its name.
    pub name: String,
    /// Which is better.
    pub direction: Spelled<Direction>,
    /// Whether the ranks agree.
    pub agree: bool,
    /// Spearman's correlation; with blocks, the mean of theirs.
    pub rho: Number,
    /// One-sided p.
    pub p: Number,
    /// p over the orders of the trials.
    pub p_orders: Number,
    /// p over the signs of the blocks; absent without blocks.
    pub p_signs: Option<Number>,
    /// Sets of parameters that have both scores.
    pub pairs: u64,
    /// Eligible trials without the second score, or one that is not finite.
    pub missing: u64,
    /// Trials left out because an earlier one had the same parameters.
    pub repeats: u64,
    /// The correlation of each block.
    pub blocks: Vec<Number>,
    /// The place of the winner by the second score, from 1; absent if it has none.
    pub winner_place: Option<u64>,
    /// What has to be known beside it.
    pub notes: Vec<String>,
}

/// Parts of the score that was optimised: the search saw all of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartsEntry {
    /// The score that they are parts of.
    pub name: String,
    /// How many parts each trial has.
    pub parts: u64,
    /// Trials that were looked at.
    pub trials: u64,
    /// The winner's, as recorded.
    pub winner: Vec<Number>,
    /// Ways to cut the parts into two halves that were tried.
    pub cuts: u64,
    /// Share of the cuts after which the best trial on one half is in the lower half of all trials on the other one; absent
    /// if there are too few parts or trials.
    pub below_middle: Option<Number>,
}

impl StudyReport {
    /// The `schema_version` this version writes.
    pub const SCHEMA: &str = "omega-lock.study-report.v1";

    /// A record of which nothing but its counts is known.
    pub fn new(source: StudySource, score: ScoreEntry, trials: TrialCounts) -> Self {
        Self {
            schema_version: Self::SCHEMA.to_owned(),
            level: Spelled(StudyLevel::Recorded),
            verdict: Spelled(StudyVerdict::Record),
            source,
            score,
            trials,
            sets: SetCounts::default(),
            winner: None,
            findings: Vec::new(),
            paired: None,
            parts: None,
            left_out: Vec::new(),
        }
    }

    /// Adds what the parts of the optimised score came to. Asked for, they are an answer where they speak against the record.
    pub fn part(&mut self, parts: PartsEntry, asked: bool) {
        if asked && parts.below_middle.is_some_and(|share| share.0 > 0.5) {
            self.verdict = Spelled(StudyVerdict::Unproven);
        }
        self.parts = Some(parts);
    }

    /// What a second score, or parts that were asked for, answer; none if there is but a record.
    pub fn answer(&self) -> Option<bool> {
        match &self.paired {
            Some(paired) => Some(paired.agree),
            None => (self.verdict == StudyVerdict::Unproven).then_some(false),
        }
    }

    /// Adds what a second score came to.
    pub fn pair(&mut self, paired: PairedScores) {
        self.level = Spelled(StudyLevel::Paired);
        self.verdict = Spelled(StudyVerdict::Unproven);
        self.paired = Some(paired);
    }
}
