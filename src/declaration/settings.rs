//! What omega.toml says of one calibration, and how it goes over what the code says.

use super::gate_settings::GateSettings;
use super::keys::Keys;
use super::tolerance_table::tolerance;
use super::{Acceptance, AnchorRule, DeclarationError, Requirement, Tolerance};
use crate::audit::{Constraint, Op};
use crate::gates::HoldoutMode;
use crate::objective::{ParamError, ParamKind, ParamSpace, Value};
use crate::pipeline::{ConstraintPolicy, Profile, Rounds, RunConfig, SearchMethod};

/// One `[calibration.NAME]` table; what is absent leaves the code's value alone.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    profile: Option<Profile>,
    /// Whether the pipeline is the iterative one.
    iterative: Option<bool>,
    rounds: RoundSettings,
    search: Search,
    walk_forward_top_n: Option<usize>,
    trade_ratio_scale: Option<f64>,
    gates: GateSettings,
    sc2: Option<bool>,
    sc2_seed: Option<u64>,
    constraint_policy: Option<ConstraintPolicy>,
    holdout_mode: Option<HoldoutMode>,
    holdout_min_fitness: Option<Option<f64>>,
    holdout_min_trade_ratio: Option<Option<f64>>,
    stress_subset: Option<Vec<String>>,
    stress_epsilons: Vec<(String, f64)>,
    base: Vec<(String, Value)>,
    max_failed_evaluations: Option<u64>,
    keep_attachments: Option<bool>,
    constraints: Vec<Constraint>,
    lock: Option<Requirement>,
    gold: Option<Requirement>,
    anchor: Option<AnchorRule>,
    looks: Option<Option<u64>>,
    consultations: Option<bool>,
    tolerances: Vec<(String, Tolerance)>,
    /// The path of every value the table has.
    given: Vec<String>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct RoundSettings {
    max: Option<usize>,
    stop_on_kc_fail: Option<bool>,
    min_improvement: Option<f64>,
}

#[derive(Debug, Clone, Default, PartialEq)]
struct Search {
    method: Option<&'static str>,
    unlock_k: Option<usize>,
    leave_out_suppressed: Option<bool>,
    points_per_axis: Option<usize>,
    zoom_rounds: Option<usize>,
    zoom_factor: Option<f64>,
    samples: Option<u64>,
    trials: Option<u64>,
    seed: Option<u64>,
}

/// By what it says, constraints by their requirement.
impl PartialEq for Settings {
    fn eq(&self, other: &Self) -> bool {
        format!("{self:?}") == format!("{other:?}")
    }
}

impl Settings {
    /// The `[defaults]` table, which has no room for what belongs to one calibration.
    pub(super) fn read_defaults(mut keys: Keys<'_>) -> Result<Self, DeclarationError> {
        for key in ["base", "stress", "constraint", "tolerance"] {
            keys.refuse(key, "names parameters or metrics of one calibration; declare it there")?;
        }
        Self::read(keys)
    }

    pub(super) fn read(mut keys: Keys<'_>) -> Result<Self, DeclarationError> {
        let given = keys.given();
        let mut settings = Self {
            profile: keys.word("profile", &Profile::ALL.map(|profile| (profile.name(), profile)))?,
            iterative: keys.word("pipeline", &[("p1", false), ("iterative", true)])?,
            constraint_policy: keys
                .word("constraint_policy", &ConstraintPolicy::ALL.map(|policy| (policy.name(), policy)))?,
            max_failed_evaluations: keys.count("max_failed_evaluations")?,
            keep_attachments: keys.word("attachments", &[("keep", true), ("drop", false)])?,
            lock: keys.word("lock", &Requirement::ALL.map(|word| (word.name(), word)))?,
            gold: keys.word("gold", &Requirement::ALL.map(|word| (word.name(), word)))?,
            anchor: keys.word("anchor", &AnchorRule::ALL.map(|rule| (rule.name(), rule)))?,
            ..Self::default()
        };
        if settings.iterative == Some(false) {
            keys.refuse("iterative", "does not apply to pipeline \"p1\"")?;
        }
        if let Some(mut table) = keys.table("iterative")? {
            settings.rounds.max = table.size("rounds")?;
            settings.rounds.stop_on_kc_fail = table.switch("stop_on_kc_fail")?;
            settings.rounds.min_improvement = table.number("min_improvement")?;
            table.finish()?;
        }
        if let Some(table) = keys.table("search")? {
            settings.search = Search::read(table)?;
        }
        if let Some(table) = keys.table("gates")? {
            settings.gates = GateSettings::read(table)?;
        }
        if let Some(mut table) = keys.table("walk_forward")? {
            settings.walk_forward_top_n = table.size("top_n")?;
            settings.trade_ratio_scale = table.number("trade_ratio_scale")?;
            settings.consultations = table.switch("consultations")?;
            table.finish()?;
        }
        if let Some(mut table) = keys.table("sc2")? {
            settings.sc2 = table.switch("run")?;
            settings.sc2_seed = table.count("seed")?;
            table.finish()?;
        }
        if let Some(mut table) = keys.table("holdout")? {
            settings.holdout_mode = table.word("mode", &HoldoutMode::ALL.map(|mode| (mode.name(), mode)))?;
            settings.holdout_min_fitness = table.number_or_off("min_fitness")?;
            settings.holdout_min_trade_ratio = table.number_or_off("min_trade_ratio")?;
            settings.looks = table.count_or_off("looks")?;
            table.finish()?;
        }
        if let Some(mut table) = keys.table("stress")? {
            settings.stress_subset = table.texts("subset")?;
            if let Some(epsilons) = table.table("epsilons")? {
                settings.stress_epsilons = epsilons.numbers()?;
            }
            table.finish()?;
        }
        if let Some(table) = keys.table("base")? {
            settings.base = table.values()?;
        }
        for table in keys.tables("constraint")? {
            settings.constraints.push(constraint(table)?);
        }
        if let Some(table) = keys.table("tolerance")? {
            for (metric, keys) in table.entries()? {
                let tolerance = tolerance(&metric, keys)?;
                settings.tolerances.push((metric, tolerance));
            }
        }
        keys.finish()?;
        settings.given = given.paths();
        Ok(settings)
    }

    /// The profile that the file names.
    pub fn profile(&self) -> Option<Profile> {
        self.profile
    }

    /// A key below `gates` that means nothing under the reference profile, if the file has one.
    pub fn strict_only(&self) -> Option<&'static str> {
        self.gates.strict_only()
    }

    /// Puts what the file says of lock, gold and ledger over `acceptance`.
    pub fn apply_acceptance(&self, acceptance: &mut Acceptance) {
        set(&mut acceptance.lock, self.lock);
        set(&mut acceptance.gold, self.gold);
        set(&mut acceptance.anchor, self.anchor);
        set(&mut acceptance.looks, self.looks);
        set(&mut acceptance.consultations, self.consultations);
        acceptance.tolerances.extend(self.tolerances.iter().cloned());
    }

    /// Whether the file itself says the value of a field of the resolved declaration.
    pub fn gives(&self, key: &str) -> bool {
        let constraint = key.strip_prefix("constraint.").and_then(|rest| rest.split('.').next());
        self.given.iter().any(|given| given == key)
            || constraint.is_some_and(|name| self.constraints.iter().any(|known| known.name == name))
    }

    /// The constraints that the file declares.
    pub fn constraints(&self) -> &[Constraint] {
        &self.constraints
    }

    /// A key of `search` that means nothing for an optimizer that the code brings along, if the file has one and names no
    /// method.
    pub fn foreign_to_own_search(&self) -> Option<&'static str> {
        let search = &self.search;
        let keys = [
            ("points_per_axis", search.points_per_axis.is_some()),
            ("zoom_rounds", search.zoom_rounds.is_some()),
            ("zoom_factor", search.zoom_factor.is_some()),
            ("samples", search.samples.is_some()),
            ("trials", search.trials.is_some()),
            ("seed", search.seed.is_some()),
        ];
        keys.into_iter().find(|(_, given)| *given && search.method.is_none()).map(|(key, _)| key)
    }

    /// Puts what the file says over `config`, except the baseline, which needs the space.
    pub fn apply(&self, config: &mut RunConfig) {
        set(&mut config.profile, self.profile);
        self.search.apply(config);
        self.gates.apply(&mut config.thresholds, &mut config.strict);
        set(&mut config.walk_forward_top_n, self.walk_forward_top_n);
        set(&mut config.trade_ratio_scale, self.trade_ratio_scale);
        set(&mut config.sc2, self.sc2);
        set(&mut config.sc2_seed, self.sc2_seed);
        set(&mut config.constraint_policy, self.constraint_policy);
        set(&mut config.holdout.mode, self.holdout_mode);
        set(&mut config.holdout.min_fitness, self.holdout_min_fitness);
        set(&mut config.holdout.min_trade_ratio, self.holdout_min_trade_ratio);
        set(&mut config.max_failed_evaluations, self.max_failed_evaluations);
        set(&mut config.keep_attachments, self.keep_attachments);
        if self.stress_subset.is_some() {
            config.stress.subset.clone_from(&self.stress_subset);
        }
        config.stress.epsilons.extend(self.stress_epsilons.iter().cloned());
    }

    /// Puts what the file says of pipeline and rounds over what the code says.
    ///
    /// # Errors
    /// If the file says something of rounds that are not run; the text says what, and the second one what to do.
    pub fn apply_rounds(&self, rounds: &mut Option<Rounds>) -> Result<(), (&'static str, &'static str)> {
        match self.iterative {
            Some(true) => drop(rounds.get_or_insert_default()),
            Some(false) => *rounds = None,
            None => {}
        }
        let RoundSettings { max, stop_on_kc_fail, min_improvement } = self.rounds;
        match rounds {
            Some(rounds) => {
                set(&mut rounds.max, max);
                set(&mut rounds.stop_on_kc_fail, stop_on_kc_fail);
                set(&mut rounds.min_improvement, min_improvement);
                Ok(())
            }
            None if self.rounds == RoundSettings::default() => Ok(()),
            None => {
                Err(("`iterative` does not apply to pipeline \"p1\"", "write `pipeline = \"iterative\"` beside it"))
            }
        }
    }

    /// Puts the baseline values of the file over those of `config`; others stay, or are neutral.
    ///
    /// # Errors
    /// If a name is no parameter. Ranges are checked where the run starts.
    pub fn apply_base(&self, config: &mut RunConfig, space: &ParamSpace) -> Result<(), ParamError> {
        if self.base.is_empty() {
            return Ok(());
        }
        let mut base = config.base_params.clone().unwrap_or_else(|| space.neutral());
        for (name, value) in &self.base {
            let value = match (&space.get(name)?.kind, value) {
                // TOML writes `1` where a float is meant.
                (ParamKind::Float { .. }, Value::Int(whole)) => Value::Float(*whole as f64),
                _ => value.clone(),
            };
            base = base.with(name, value)?;
        }
        config.base_params = Some(base);
        Ok(())
    }
}

impl Search {
    fn read(mut keys: Keys<'_>) -> Result<Self, DeclarationError> {
        let search = Self {
            method: keys.word("method", &["grid", "zoom", "random", "tpe"].map(|name| (name, name)))?,
            unlock_k: keys.size("unlock_k")?,
            leave_out_suppressed: keys.switch("leave_out_suppressed")?,
            points_per_axis: keys.size("points_per_axis")?,
            zoom_rounds: keys.size("zoom_rounds")?,
            zoom_factor: keys.number("zoom_factor")?,
            samples: keys.count("samples")?,
            trials: keys.count("trials")?,
            seed: keys.count("seed")?,
        };
        let foreign: &[&str] = match search.method {
            Some("grid") => &["zoom_rounds", "zoom_factor", "samples", "trials", "seed"],
            Some("zoom") => &["samples", "trials", "seed"],
            Some("random") => &["points_per_axis", "zoom_rounds", "zoom_factor", "trials"],
            Some("tpe") => &["points_per_axis", "zoom_rounds", "zoom_factor", "samples"],
            _ => &[],
        };
        for key in foreign {
            let reason = format!("does not apply to method \"{}\"", search.method.unwrap_or_default());
            keys.refuse(key, &reason)?;
        }
        keys.finish()?;
        Ok(search)
    }

    fn apply(&self, config: &mut RunConfig) {
        set(&mut config.unlock_k, self.unlock_k);
        set(&mut config.leave_out_suppressed, self.leave_out_suppressed);
        let (points, rounds, factor) = match config.search {
            SearchMethod::Grid { points_per_axis } => (points_per_axis, 3, 0.5),
            SearchMethod::Zoom { points_per_axis, rounds, factor } => (points_per_axis, rounds, factor),
            SearchMethod::Random { .. } | SearchMethod::Tpe { .. } | SearchMethod::Own { .. } => (5, 3, 0.5),
        };
        let (count, seed) = match config.search {
            SearchMethod::Random { samples: count, seed } | SearchMethod::Tpe { trials: count, seed } => (count, seed),
            _ => (125, 42),
        };
        let points_per_axis = self.points_per_axis.unwrap_or(points);
        config.search = match self.method.unwrap_or(config.search.name()) {
            "own" => return,
            "zoom" => SearchMethod::Zoom {
                points_per_axis,
                rounds: self.zoom_rounds.unwrap_or(rounds),
                factor: self.zoom_factor.unwrap_or(factor),
            },
            "random" => {
                SearchMethod::Random { samples: self.samples.unwrap_or(count), seed: self.seed.unwrap_or(seed) }
            }
            "tpe" => SearchMethod::Tpe { trials: self.trials.unwrap_or(count), seed: self.seed.unwrap_or(seed) },
            _ => SearchMethod::Grid { points_per_axis },
        };
    }
}

fn constraint(mut keys: Keys<'_>) -> Result<Constraint, DeclarationError> {
    let missing = |keys: &Keys<'_>, key: &str| keys.error(key, "is missing".to_owned(), None);
    let name = keys.text("name")?.ok_or_else(|| missing(&keys, "name"))?;
    super::check_name("constraint", &name).map_err(|error| keys.error("name", error.to_string(), None))?;
    let metric = keys.text("metric")?.ok_or_else(|| missing(&keys, "metric"))?;
    let op = keys.word("op", &Op::ALL.map(|op| (op.symbol(), op)))?.ok_or_else(|| missing(&keys, "op"))?;
    let value = keys.number("value")?.ok_or_else(|| missing(&keys, "value"))?;
    let description = keys.text("description")?.unwrap_or_default();
    let constraint = Constraint::typed(name, &metric, op, value).described(description);
    constraint.check().map_err(|error| keys.error("metric", format!("is wrong: {error}"), None))?;
    keys.finish()?;
    Ok(constraint)
}

pub(super) fn set<T>(place: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *place = value;
    }
}
