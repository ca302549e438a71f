//! What decides the numbers of a run.

use super::{Rounds, SearchMethod};
use crate::gates::{HoldoutRule, StrictRules, Thresholds};
use crate::objective::Params;
use crate::stress::StressOptions;

words! {
    /// Which rules judge a run.
    #[non_exhaustive]
    #[derive(Default)]
    pub enum Profile {
        /// The kill criteria over eligible candidates, and the gates that close what they let through.
        #[default]
        Strict = "strict",
        /// Exactly the gates, the selection and the order of omega-lock for Python, so that its numbers can be compared.
        Reference = "reference",
    }
}

words! {
    /// What violating a constraint means for the selection.
    #[derive(Default)]
    pub enum ConstraintPolicy {
        /// Nothing: violations are recorded.
        #[default]
        Record = "record",
        /// A candidate that keeps every constraint is preferred, if there is one.
        PreferFeasible = "prefer_feasible",
        /// The same, and the run fails if there is none.
        HardFail = "hard_fail",
    }
}

/// Everything that decides the numbers of a run. The default is the strict profile; [`RunConfig::reference`] is the
/// other one. What both have has the reference implementation's default, but for the constraint policy.
#[derive(Debug, Clone, PartialEq)]
pub struct RunConfig {
    /// Which rules judge.
    pub profile: Profile,
    /// How many parameters are searched: those with the largest stress.
    pub unlock_k: usize,
    /// Never search a parameter that the space marks as suppressed.
    pub leave_out_suppressed: bool,
    /// How candidates are proposed.
    pub search: SearchMethod,
    /// How many of the best candidates are evaluated on test, and by the judge.
    pub walk_forward_top_n: usize,
    /// Length of test over length of train, for the ratio of sample counts.
    pub sample_ratio_scale: f64,
    /// Thresholds of the kill criteria.
    pub thresholds: Thresholds,
    /// Compare the search with as many random draws (SC-2).
    pub sc2: bool,
    /// Seed of these draws.
    pub sc2_seed: u64,
    /// What violating a constraint means.
    pub constraint_policy: ConstraintPolicy,
    /// What is required of the holdout.
    pub holdout: HoldoutRule,
    /// What the gates of the strict profile require; means nothing under another.
    pub strict: StrictRules,
    /// How many blocks every evaluation tells the fitness of, by which the strict profile then judges the selected
    /// candidate; `None` asks for none. Means nothing under another profile.
    pub blocks: Option<u64>,
    /// Whether a null version of the targets is declared, which the strict profile then judges by.
    pub null_declared: bool,
    /// How a run goes on from round to round; `None` is one pass.
    pub rounds: Option<Rounds>,
    /// How many windows there are, each with a train and a test part of its own, that are searched one after the other;
    /// `None` is one pass over one train slice. The strict profile alone knows how to judge them.
    pub windows: Option<u64>,
    /// Which parameters are perturbed, and by how much.
    pub stress: StressOptions,
    /// The baseline; `None` is every parameter at its neutral value.
    pub base_params: Option<Params>,
    /// How many evaluations may fail before the run ends without a verdict. Parameters that do not go together
    /// ([`TargetError::not_applicable`](crate::objective::TargetError::not_applicable)) are no failure.
    pub max_failed_evaluations: u64,
    /// Whether what evaluations attach is kept beside the record.
    pub keep_attachments: bool,
}

impl Default for RunConfig {
    fn default() -> Self {
        Self { profile: Profile::Strict, constraint_policy: ConstraintPolicy::PreferFeasible, ..Self::reference() }
    }
}

impl RunConfig {
    /// The reference implementation's configuration.
    pub fn reference() -> Self {
        Self {
            profile: Profile::Reference,
            unlock_k: 3,
            leave_out_suppressed: false,
            search: SearchMethod::Grid { points_per_axis: 5 },
            walk_forward_top_n: 10,
            sample_ratio_scale: 1.0,
            thresholds: Thresholds::default(),
            sc2: false,
            sc2_seed: 42,
            constraint_policy: ConstraintPolicy::default(),
            holdout: HoldoutRule::default(),
            strict: StrictRules::default(),
            blocks: None,
            null_declared: false,
            rounds: None,
            windows: None,
            stress: StressOptions::default(),
            base_params: None,
            max_failed_evaluations: 0,
            keep_attachments: false,
        }
    }

    /// How many blocks an evaluation has to have, where the profile asks for them.
    pub(crate) fn declared_blocks(&self) -> Option<u64> {
        self.blocks.filter(|_| self.profile == Profile::Strict)
    }

    /// Whether there is neither what blocks say of chance nor what a null version says, so that `transfer` asks surrogate
    /// surfaces.
    pub(super) fn is_approximate(&self) -> bool {
        self.declared_blocks().is_none() && !self.judges_null()
    }

    /// Whether null versions are calibrated. Those of a study are not: its optimizer adapted to the real data, and nobody can ask
    /// it what it would have tried in others.
    pub(super) fn judges_null(&self) -> bool {
        self.null_declared && !self.is_study()
    }

    /// Whether a finished study stands in the place of a search.
    pub const fn is_study(&self) -> bool {
        matches!(self.search, SearchMethod::Study { .. })
    }

    /// The pipeline, as omega.toml spells it.
    pub const fn pipeline(&self) -> &'static str {
        match (self.windows, self.rounds) {
            (Some(_), _) => "windows",
            (None, Some(_)) => "iterative",
            (None, None) => "p1",
        }
    }

    /// The configuration of a profile with nothing declared.
    pub fn of(profile: Profile) -> Self {
        match profile {
            Profile::Strict => Self::default(),
            Profile::Reference => Self::reference(),
        }
    }
}
