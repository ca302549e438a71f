//! What a case declares of a run: configuration and constraints.

use omega_lock::{Constraint, ConstraintPolicy, HoldoutMode, HoldoutRule, Op, RunConfig, SearchMethod, Thresholds};
use serde_json::{Value as Json, json};

use crate::document::{field, float, number, text, thresholds};

/// A run's configuration, with the two figures of a zoom that a plain grid does not hold.
pub(crate) struct Declaration {
    pub(crate) config: RunConfig,
    points_per_axis: usize,
    zoom_rounds: usize,
    zoom_factor: f64,
}

impl Declaration {
    /// Reads the keys of the Python package's `RunConfig`; a missing one has its default there.
    pub(crate) fn of(document: &Json) -> Result<Self, String> {
        let keys = document.as_object().ok_or_else(|| format!("{document} is no configuration"))?;
        let mut declaration =
            Self { config: RunConfig::reference(), points_per_axis: 5, zoom_rounds: 1, zoom_factor: 0.5 };
        for (key, value) in keys {
            declaration.read(key, value).map_err(|error| format!("`{key}`: {error}"))?;
        }
        let Self { points_per_axis, zoom_rounds: rounds, zoom_factor: factor, .. } = declaration;
        declaration.config.search = match rounds {
            0 | 1 => SearchMethod::Grid { points_per_axis },
            _ => SearchMethod::Zoom { points_per_axis, rounds, factor },
        };
        Ok(declaration)
    }

    fn read(&mut self, key: &str, value: &Json) -> Result<(), String> {
        let config = &mut self.config;
        match key {
            "unlock_k" => config.unlock_k = whole(value)?,
            "grid_points_per_axis" => self.points_per_axis = whole(value)?,
            "kc_thresholds" => config.thresholds = thresholds(Thresholds::default(), value)?,
            "walk_forward_top_n" => config.walk_forward_top_n = whole(value)?,
            "trade_ratio_scale" => config.sample_ratio_scale = float(value)?,
            // The second name is the older one of the same switch.
            "exclude_suppressed_in_unlock" | "exclude_ofi_in_unlock" => {
                config.leave_out_suppressed |= switch(value)?;
            }
            "zoom_rounds" => self.zoom_rounds = whole(value)?,
            "zoom_factor" => self.zoom_factor = float(value)?,
            "run_sc2_baseline" => config.sc2 = switch(value)?,
            "sc2_random_seed" => config.sc2_seed = whole(value)? as u64,
            "constraint_policy" => config.constraint_policy = policy(value)?,
            "holdout_mode" => config.holdout.mode = mode(value)?,
            "holdout_min_fitness" => config.holdout.min_fitness = optional(value)?,
            "holdout_min_trade_ratio" => config.holdout.min_sample_ratio = optional(value)?,
            // What is printed decides nothing.
            "stress_verbose" | "grid_verbose" => {}
            _ => return Err("unknown key".to_owned()),
        }
        Ok(())
    }

    /// `config`: the part that the first versions of the Python package wrote.
    pub(crate) fn short_json(&self) -> Json {
        let RunConfig { unlock_k, walk_forward_top_n, leave_out_suppressed, .. } = self.config;
        json!({
            "unlock_k": unlock_k,
            "grid_points_per_axis": self.points_per_axis,
            "walk_forward_top_n": walk_forward_top_n,
            "trade_ratio_scale": number(self.config.sample_ratio_scale),
            "exclude_suppressed_in_unlock": leave_out_suppressed,
            "exclude_ofi_in_unlock": leave_out_suppressed,
            "kc_thresholds": self.thresholds_json(),
        })
    }

    /// `config_full`: every key.
    pub(crate) fn full_json(&self) -> Json {
        let HoldoutRule { mode, min_fitness, min_sample_ratio } = &self.config.holdout;
        let mut full = self.short_json();
        full["zoom_rounds"] = json!(self.zoom_rounds);
        full["zoom_factor"] = number(self.zoom_factor);
        full["run_sc2_baseline"] = json!(self.config.sc2);
        full["sc2_random_seed"] = json!(self.config.sc2_seed);
        full["constraint_policy"] = json!(self.config.constraint_policy.name());
        full["holdout_mode"] = json!(mode.name());
        full["holdout_min_fitness"] = min_fitness.map_or(Json::Null, number);
        full["holdout_min_trade_ratio"] = min_sample_ratio.map_or(Json::Null, number);
        full["stress_verbose"] = json!(false);
        full["grid_verbose"] = json!(false);
        full
    }

    /// `search_settings`: what decides the candidates.
    pub(crate) fn search_json(&self) -> Json {
        let mut search = self.short_json();
        if let Some(keys) = search.as_object_mut() {
            keys.remove("kc_thresholds");
        }
        let zooms = matches!(self.config.search, SearchMethod::Zoom { .. });
        search["method"] = json!(if zooms { "zooming_grid" } else { "grid" });
        search["zoom_rounds"] = json!(self.zoom_rounds);
        search["zoom_factor"] = number(self.zoom_factor);
        search["run_sc2_baseline"] = json!(self.config.sc2);
        search["sc2_random_seed"] = json!(self.config.sc2_seed);
        search
    }

    /// `kc_thresholds`: every threshold.
    pub(crate) fn thresholds_json(&self) -> Json {
        let thresholds = &self.config.thresholds;
        json!({
            "time_box_seconds": number(thresholds.time_box_seconds),
            "gini_min": number(thresholds.gini_min),
            "top_bot_ratio_min": number(thresholds.top_bot_ratio_min),
            "min_nonzero_stress_count": thresholds.min_nonzero_stress_count,
            "trade_count_min": thresholds.samples_min,
            "pearson_min": number(thresholds.pearson_min),
            "trade_ratio_min": thresholds.sample_ratio_min.map_or(Json::Null, number),
        })
    }
}

/// `{name, metric, op, value}` with an optional description.
pub(crate) fn constraint(document: &Json) -> Result<Constraint, String> {
    let symbol = text(document, "op")?;
    let op = Op::ALL.into_iter().find(|op| op.name() == symbol);
    let op = op.ok_or_else(|| format!("unknown comparison `{symbol}`"))?;
    let value = float(field(document, "value")?)?;
    // The cases call it as the Python package does.
    let metric = match text(document, "metric")? {
        "sample_count" => "samples",
        other => other,
    };
    let constraint = Constraint::typed(text(document, "name")?, metric, op, value);
    Ok(match document.get("description").and_then(Json::as_str) {
        Some(description) => constraint.described(description),
        None => constraint,
    })
}

fn whole(value: &Json) -> Result<usize, String> {
    let whole = value.as_u64().and_then(|value| usize::try_from(value).ok());
    whole.ok_or_else(|| format!("{value} is no count"))
}

fn switch(value: &Json) -> Result<bool, String> {
    value.as_bool().ok_or_else(|| format!("{value} is no switch"))
}

fn optional(value: &Json) -> Result<Option<f64>, String> {
    if value.is_null() { Ok(None) } else { float(value).map(Some) }
}

fn policy(value: &Json) -> Result<ConstraintPolicy, String> {
    ConstraintPolicy::ALL
        .into_iter()
        .find(|policy| value == policy.name())
        .ok_or_else(|| format!("{value} is no policy"))
}

fn mode(value: &Json) -> Result<HoldoutMode, String> {
    HoldoutMode::ALL.into_iter().find(|mode| value == mode.name()).ok_or_else(|| format!("{value} is no mode"))
}
