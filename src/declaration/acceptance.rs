//! What a run is held against beside its own gates: the committed omega.lock, the committed gold, the looks at a holdout.

use super::{Ship, Tolerance};
use crate::gates::MetricNoise;
use crate::pipeline::Profile;

words! {
    /// Whether something has to be there.
    #[derive(Default)]
    pub enum Requirement {
        /// A run without it, or one that differs from it, fails.
        Required = "required",
        /// It is not looked at; a declared choice that is shown beside every verdict.
        #[default]
        Off = "off",
    }
}

impl Requirement {
    const fn of_profile(profile: Profile) -> Self {
        match profile {
            Profile::Strict => Self::Required,
            Profile::Reference => Self::Off,
        }
    }
}

words! {
    /// What another trail than gold's means.
    #[derive(Default)]
    pub enum AnchorRule {
        /// It is told.
        #[default]
        Report = "report",
        /// The run fails.
        Exact = "exact",
    }
}

words! {
    /// What the baseline is.
    #[derive(Default)]
    pub enum BaseOrigin {
        /// What omega.toml, the code or the space say.
        #[default]
        Declared = "declared",
        /// The accepted candidate: what ships today.
        Accepted = "accepted",
    }
}

/// What a calibration is held against in the repository, and how closely. Declared in omega.toml only.
#[derive(Debug, Clone, PartialEq)]
pub struct Acceptance {
    /// Whether the declaration has to be the one in omega.lock.
    pub lock: Requirement,
    /// Whether the result has to be the one in the gold file.
    pub gold: Requirement,
    /// Folder of the gold files, relative to the root of the workspace, with `/`.
    pub gold_dir: String,
    /// What another trail than gold's means.
    pub anchor: AnchorRule,
    /// How far metrics may move from gold, by name; others have [`Tolerance::of_metric`].
    pub tolerances: Vec<(String, Tolerance)>,
    /// How often the holdout may be looked at; `None` keeps no ledger of it.
    pub looks: Option<u64>,
    /// Where the baseline comes from.
    pub base: BaseOrigin,
    /// Whether every question to the test slice is written down and makes the next one harder to pass.
    pub consultations: bool,
    /// The file that production takes the accepted parameters from; `None` where nothing is shipped.
    pub ship: Option<Ship>,
    /// How many days after its search what was accepted may be rechecked instead; `None` where only a search will do.
    pub recheck_max_age_days: Option<u64>,
}

impl Acceptance {
    /// Where gold lies unless omega.toml says otherwise.
    pub const GOLD_DIR: &str = "fixtures/gold";

    /// What a profile asks for where omega.toml does not say.
    pub fn of_profile(profile: Profile) -> Self {
        let requirement = Requirement::of_profile(profile);
        Self { lock: requirement, gold: requirement, ..Self::default() }
    }

    /// How far what the target says of itself may differ where the same is evaluated twice: as far as it may move from gold,
    /// for each metric that says so.
    pub fn noise(&self) -> Vec<MetricNoise> {
        let noise = |(metric, tolerance): &(String, Tolerance)| {
            let (absolute, relative) =
                if tolerance.exact { (0.0, 0.0) } else { (tolerance.absolute, tolerance.relative) };
            metric.starts_with("metadata.").then(|| MetricNoise { metric: metric.clone(), absolute, relative })
        };
        self.tolerances.iter().filter_map(noise).collect()
    }

    /// How far a metric may move from gold.
    pub fn tolerance(&self, metric: &str) -> Tolerance {
        let declared = self.tolerances.iter().find(|(name, _)| name == metric);
        declared.map_or_else(|| Tolerance::of_metric(metric), |(_, tolerance)| *tolerance)
    }
}

/// Nothing is required.
impl Default for Acceptance {
    fn default() -> Self {
        Self {
            lock: Requirement::Off,
            gold: Requirement::Off,
            gold_dir: Self::GOLD_DIR.to_owned(),
            anchor: AnchorRule::Report,
            tolerances: Vec::new(),
            looks: None,
            base: BaseOrigin::Declared,
            consultations: false,
            ship: None,
            recheck_max_age_days: None,
        }
    }
}
