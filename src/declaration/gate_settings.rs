//! What omega.toml says below `gates`.

use super::DeclarationError;
use super::keys::Keys;
use super::settings::set;
use crate::gates::{CorrelationRole, StrictRules, Thresholds};

/// The thresholds of the kill criteria, and the tables of the strict profile's gates.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct GateSettings {
    pure_objective: bool,
    time_box_seconds: Option<f64>,
    gini_min: Option<f64>,
    top_bot_ratio_min: Option<f64>,
    min_nonzero_stress_count: Option<Option<u64>>,
    trade_count_min: Option<Option<u64>>,
    pearson_min: Option<f64>,
    trade_ratio_min: Option<Option<f64>>,
    strict: StrictSettings,
}

#[derive(Debug, Clone, Default, PartialEq)]
struct StrictSettings {
    seed: Option<u64>,
    correlation: Option<CorrelationRole>,
    min_distinct: Option<u64>,
    min_improvement: Option<f64>,
    max_drop: Option<Option<f64>>,
    alpha: Option<f64>,
    rank_points: Option<usize>,
    lead_top: Option<usize>,
    lead_draws: Option<usize>,
    permutations: Option<usize>,
    null_runs: Option<u64>,
    null_alpha: Option<f64>,
    noise: Option<f64>,
}

impl GateSettings {
    pub(super) fn read(mut keys: Keys<'_>) -> Result<Self, DeclarationError> {
        let gates = Self {
            pure_objective: keys.word("preset", &[("pure_objective", true)])?.unwrap_or(false),
            time_box_seconds: keys.number("time_box_seconds")?,
            gini_min: keys.number("gini_min")?,
            top_bot_ratio_min: keys.number("top_bot_ratio_min")?,
            min_nonzero_stress_count: keys.count_or_off("min_nonzero_stress_count")?,
            trade_count_min: keys.count_or_off("trade_count_min")?,
            pearson_min: keys.number("pearson_min")?,
            trade_ratio_min: keys.number_or_off("trade_ratio_min")?,
            strict: StrictSettings::read(&mut keys)?,
        };
        keys.finish()?;
        Ok(gates)
    }

    pub(super) fn apply(&self, thresholds: &mut Thresholds, rules: &mut StrictRules) {
        if self.pure_objective {
            let preset = Thresholds::pure_objective();
            thresholds.trade_count_min = preset.trade_count_min;
            thresholds.trade_ratio_min = preset.trade_ratio_min;
        }
        set(&mut thresholds.time_box_seconds, self.time_box_seconds);
        set(&mut thresholds.gini_min, self.gini_min);
        set(&mut thresholds.top_bot_ratio_min, self.top_bot_ratio_min);
        set(&mut thresholds.min_nonzero_stress_count, self.min_nonzero_stress_count);
        set(&mut thresholds.trade_count_min, self.trade_count_min);
        set(&mut thresholds.pearson_min, self.pearson_min);
        set(&mut thresholds.trade_ratio_min, self.trade_ratio_min);
        self.strict.apply(rules);
    }

    /// The first key that only the strict profile knows, if there is one.
    pub(super) fn strict_only(&self) -> Option<&'static str> {
        self.strict.given().into_iter().find(|(_, given)| *given).map(|(key, _)| key)
    }
}

impl StrictSettings {
    fn read(keys: &mut Keys<'_>) -> Result<Self, DeclarationError> {
        let mut read = Self {
            seed: keys.count("seed")?,
            correlation: keys.word("pearson", &CorrelationRole::ALL.map(|role| (role.name(), role)))?,
            ..Self::default()
        };
        if let Some(mut table) = keys.table("searched")? {
            read.min_distinct = table.count("min_distinct")?;
            table.finish()?;
        }
        if let Some(mut table) = keys.table("improvement")? {
            read.min_improvement = table.number("min")?;
            table.finish()?;
        }
        if let Some(mut table) = keys.table("selected")? {
            read.max_drop = table.number_or_off("max_drop")?;
            table.finish()?;
        }
        if let Some(mut table) = keys.table("transfer")? {
            read.alpha = table.number("alpha")?;
            read.rank_points = table.size("rank_points")?;
            read.lead_top = table.size("lead_top")?;
            read.lead_draws = table.size("lead_draws")?;
            read.permutations = table.size("permutations")?;
            table.finish()?;
        }
        if let Some(mut table) = keys.table("null")? {
            read.null_runs = table.count("runs")?;
            read.null_alpha = table.number("alpha")?;
            table.finish()?;
        }
        if let Some(mut table) = keys.table("deterministic")? {
            read.noise = table.number("noise")?;
            table.finish()?;
        }
        Ok(read)
    }

    fn apply(&self, rules: &mut StrictRules) {
        set(&mut rules.seed, self.seed);
        set(&mut rules.correlation, self.correlation);
        set(&mut rules.min_distinct, self.min_distinct);
        set(&mut rules.min_improvement, self.min_improvement);
        set(&mut rules.max_drop, self.max_drop);
        set(&mut rules.transfer.alpha, self.alpha);
        set(&mut rules.transfer.rank_points, self.rank_points);
        set(&mut rules.transfer.lead_top, self.lead_top);
        set(&mut rules.transfer.lead_draws, self.lead_draws);
        set(&mut rules.transfer.permutations, self.permutations);
        set(&mut rules.null.runs, self.null_runs);
        set(&mut rules.null.alpha, self.null_alpha);
        set(&mut rules.noise, self.noise);
    }

    /// Every key, with whether the file has it.
    fn given(&self) -> [(&'static str, bool); 13] {
        [
            ("seed", self.seed.is_some()),
            ("pearson", self.correlation.is_some()),
            ("searched.min_distinct", self.min_distinct.is_some()),
            ("improvement.min", self.min_improvement.is_some()),
            ("selected.max_drop", self.max_drop.is_some()),
            ("transfer.alpha", self.alpha.is_some()),
            ("transfer.rank_points", self.rank_points.is_some()),
            ("transfer.lead_top", self.lead_top.is_some()),
            ("transfer.lead_draws", self.lead_draws.is_some()),
            ("transfer.permutations", self.permutations.is_some()),
            ("null.runs", self.null_runs.is_some()),
            ("null.alpha", self.null_alpha.is_some()),
            ("deterministic.noise", self.noise.is_some()),
        ]
    }
}
