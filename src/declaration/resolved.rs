//! A declaration with every value filled in.

use sha2::{Digest, Sha256};

use super::{Acceptance, Tolerance};
use crate::audit::{Constraint, Rule};
use crate::gates::StrictRules;
use crate::number::repr;
use crate::objective::{ParamKind, ParamSpace, Role, Value};
use crate::pipeline::{Profile, Rounds, RunConfig, SearchMethod};
use crate::search::tpe;

/// Everything that decides the numbers of one calibration.
#[derive(Debug, Clone)]
pub struct Declaration {
    /// Name of the calibration.
    pub name: String,
    /// What decides the numbers of the run.
    pub config: RunConfig,
    /// The parameter space of the train target.
    pub space: ParamSpace,
    /// The constraints, in order.
    pub constraints: Vec<Constraint>,
    /// The slices that have a target, with the identity that target gives itself.
    pub roles: Vec<(Role, String)>,
    /// What the run is held against in the repository.
    pub acceptance: Acceptance,
}

/// One field of a declaration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Dotted key, such as `gates.pearson_min`.
    pub key: String,
    /// The value in TOML's spelling.
    pub value: String,
}

impl Declaration {
    /// Every field, sorted by key. Threads, colours and paths are none.
    pub fn fields(&self) -> Vec<Field> {
        let mut fields = Fields::default();
        let config = &self.config;
        fields.text("pipeline", self.pipeline());
        if let Some(Rounds { max, stop_on_kc_fail, min_improvement }) = self.config.rounds {
            fields.plain("iterative.rounds", max);
            fields.plain("iterative.stop_on_kc_fail", stop_on_kc_fail);
            fields.number("iterative.min_improvement", min_improvement);
        }
        fields.text("profile", config.profile.name());
        self.search_fields(&mut fields);
        fields.number("walk_forward.trade_ratio_scale", config.trade_ratio_scale);
        fields.plain("walk_forward.top_n", config.walk_forward_top_n);
        self.gate_fields(&mut fields);
        fields.plain("sc2.run", config.sc2);
        fields.plain("sc2.seed", config.sc2_seed);
        fields.text("constraint_policy", config.constraint_policy.name());
        fields.plain("max_failed_evaluations", config.max_failed_evaluations);
        fields.text("attachments", if config.keep_attachments { "keep" } else { "drop" });
        if let Some(subset) = &config.stress.subset {
            fields.plain("stress.subset", list(subset));
        }
        for (name, epsilon) in &config.stress.epsilons {
            fields.number(&format!("stress.epsilons.{name}"), *epsilon);
        }
        for (name, value) in config.base_params.iter().flat_map(|base| base.iter()) {
            fields.value(&format!("base.{name}"), value);
        }
        self.constraint_fields(&mut fields);
        self.acceptance_fields(&mut fields);
        self.space_fields(&mut fields);
        for (role, identity) in &self.roles {
            fields.text(&format!("roles.{role}"), identity);
        }
        fields.0.sort_by(|a, b| a.key.cmp(&b.key));
        fields.0
    }

    /// SHA-256, hex, over the name and every field as a line `key = value`.
    pub fn digest(&self) -> String {
        digest(&self.name, &self.fields())
    }

    /// The pipeline, as omega.toml spells it.
    pub fn pipeline(&self) -> &'static str {
        if self.config.rounds.is_some() { "iterative" } else { "p1" }
    }

    /// Whether a slice has a target.
    pub fn serves(&self, role: Role) -> bool {
        self.roles.iter().any(|(served, _)| *served == role)
    }

    /// How many constraints can be locked by name only.
    pub fn opaque_constraints(&self) -> usize {
        self.constraints.iter().filter(|constraint| constraint.is_opaque()).count()
    }

    fn search_fields(&self, fields: &mut Fields) {
        let config = &self.config;
        fields.text("search.method", config.search.name());
        fields.plain("search.unlock_k", config.unlock_k);
        fields.plain("search.leave_out_suppressed", config.leave_out_suppressed);
        match &config.search {
            SearchMethod::Grid { points_per_axis } => fields.plain("search.points_per_axis", points_per_axis),
            SearchMethod::Zoom { points_per_axis, rounds, factor } => {
                fields.plain("search.points_per_axis", points_per_axis);
                fields.plain("search.zoom_rounds", rounds);
                fields.number("search.zoom_factor", *factor);
            }
            SearchMethod::Random { samples, seed } => {
                fields.plain("search.samples", samples);
                fields.plain("search.seed", seed);
            }
            SearchMethod::Tpe { trials, seed } => {
                // Another sampler under the same seed is another search.
                fields.text("search.sampler", tpe::PROFILE);
                fields.plain("search.trials", trials);
                fields.plain("search.seed", seed);
            }
            SearchMethod::Own { name } => fields.text("search.name", name),
        }
    }

    fn gate_fields(&self, fields: &mut Fields) {
        let (thresholds, holdout) = (&self.config.thresholds, &self.config.holdout);
        fields.number("gates.time_box_seconds", thresholds.time_box_seconds);
        fields.number("gates.gini_min", thresholds.gini_min);
        fields.number("gates.top_bot_ratio_min", thresholds.top_bot_ratio_min);
        fields.number("gates.pearson_min", thresholds.pearson_min);
        let counts = [
            ("gates.min_nonzero_stress_count", thresholds.min_nonzero_stress_count),
            ("gates.trade_count_min", thresholds.trade_count_min),
        ];
        for (key, count) in counts {
            fields.plain(key, count.map_or_else(|| quoted("off"), |count| count.to_string()));
        }
        let numbers = [
            ("gates.trade_ratio_min", thresholds.trade_ratio_min),
            ("holdout.min_fitness", holdout.min_fitness),
            ("holdout.min_trade_ratio", holdout.min_trade_ratio),
        ];
        for (key, number) in numbers {
            fields.plain(key, number.map_or_else(|| quoted("off"), repr));
        }
        fields.text("holdout.mode", holdout.mode.name());
        if self.config.profile == Profile::Strict {
            self.strict_fields(fields);
        }
    }

    fn strict_fields(&self, fields: &mut Fields) {
        let StrictRules { seed, correlation, min_distinct, min_improvement, max_drop, transfer, null, noise } =
            &self.config.strict;
        fields.plain("gates.seed", seed);
        fields.text("gates.pearson", correlation.name());
        fields.plain("gates.searched.min_distinct", min_distinct);
        fields.number("gates.improvement.min", *min_improvement);
        fields.plain("gates.selected.max_drop", max_drop.map_or_else(|| quoted("off"), repr));
        fields.number("gates.transfer.alpha", transfer.alpha);
        fields.plain("gates.transfer.rank_points", transfer.rank_points);
        fields.plain("gates.transfer.lead_top", transfer.lead_top);
        fields.plain("gates.transfer.lead_draws", transfer.lead_draws);
        fields.plain("gates.transfer.permutations", transfer.permutations);
        fields.plain("null.declared", self.config.null_declared);
        fields.plain("gates.null.runs", null.runs);
        fields.number("gates.null.alpha", null.alpha);
        fields.number("gates.deterministic.noise", *noise);
    }

    fn constraint_fields(&self, fields: &mut Fields) {
        for constraint in &self.constraints {
            let key = |field: &str| format!("constraint.{}.{field}", constraint.name);
            match &constraint.rule {
                Rule::Typed { metric, op, value } => {
                    fields.text(&key("metric"), &metric.to_string());
                    fields.text(&key("op"), op.symbol());
                    fields.number(&key("value"), *value);
                }
                Rule::Opaque(_) => fields.plain(&key("opaque"), true),
            }
        }
    }

    fn acceptance_fields(&self, fields: &mut Fields) {
        let Acceptance { lock, gold, gold_dir, anchor, tolerances, looks, consultations } = &self.acceptance;
        fields.text("lock", lock.name());
        fields.text("gold", gold.name());
        fields.text("gold_dir", gold_dir);
        fields.text("anchor", anchor.name());
        fields.plain("holdout.looks", looks.map_or_else(|| quoted("off"), |looks| looks.to_string()));
        // A field where it is declared, so that it changes no declaration that is silent about it.
        if *consultations {
            fields.plain("walk_forward.consultations", true);
        }
        for (metric, Tolerance { absolute, relative, exact, better }) in tolerances {
            let key = |field: &str| format!("tolerance.{metric}.{field}");
            fields.plain(&key("exact"), exact);
            if !exact {
                fields.number(&key("absolute"), *absolute);
                fields.number(&key("relative"), *relative);
            }
            fields.text(&key("better"), better.name());
        }
    }

    fn space_fields(&self, fields: &mut Fields) {
        for (place, spec) in self.space.specs().iter().enumerate() {
            let key = |field: &str| format!("space.{}.{field}", spec.name);
            fields.plain(&key("place"), place);
            fields.text(&key("kind"), spec.neutral().kind());
            fields.value(&key("neutral"), &spec.neutral());
            fields.plain(&key("suppressed"), spec.stress_suppressed);
            match &spec.kind {
                ParamKind::Float { low, high, scale, .. } => {
                    fields.number(&key("low"), *low);
                    fields.number(&key("high"), *high);
                    fields.text(&key("scale"), scale.name());
                }
                ParamKind::Int { low, high, scale, .. } => {
                    fields.plain(&key("low"), low);
                    fields.plain(&key("high"), high);
                    fields.text(&key("scale"), scale.name());
                }
                ParamKind::Bool { .. } => {}
                ParamKind::Choice { choices, .. } => fields.plain(&key("choices"), list(choices)),
            }
        }
    }
}

/// The digest of the declaration of a calibration that has these fields: SHA-256, hex, over the name and a line
/// `key = value` each.
pub fn digest(calibration: &str, fields: &[Field]) -> String {
    let mut hasher = Sha256::new();
    hasher.update(format!("[calibration.{calibration}]\n"));
    for Field { key, value } in fields {
        hasher.update(format!("{key} = {value}\n"));
    }
    hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[derive(Default)]
struct Fields(Vec<Field>);

impl Fields {
    fn plain(&mut self, key: &str, value: impl ToString) {
        self.0.push(Field { key: key.to_owned(), value: value.to_string() });
    }

    fn text(&mut self, key: &str, value: &str) {
        self.plain(key, quoted(value));
    }

    fn number(&mut self, key: &str, value: f64) {
        self.plain(key, repr(value));
    }

    fn value(&mut self, key: &str, value: &Value) {
        match value {
            Value::Float(value) => self.number(key, *value),
            Value::Choice(value) => self.text(key, value),
            other => self.plain(key, other),
        }
    }
}

fn list(texts: &[impl AsRef<str>]) -> String {
    let quoted: Vec<String> = texts.iter().map(|text| quoted(text.as_ref())).collect();
    format!("[{}]", quoted.join(", "))
}

/// A TOML basic string: JSON's escapes are valid in it, and it wants one more.
pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string().replace('\u{7f}', "\\u007f")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::declaration::Requirement;

    fn sample() -> Declaration {
        Declaration {
            name: "bitcell".to_owned(),
            config: RunConfig::default(),
            space: ParamSpace::new().float("vdd", 0.6..=1.2, 0.9).bool("boost", false),
            constraints: vec![Constraint::above("snm", "metadata.snm", 150.0), Constraint::opaque("c", |_, _| true)],
            roles: vec![(Role::Train, "typical".to_owned())],
            acceptance: Acceptance::default(),
        }
    }

    #[test]
    fn every_change_of_a_field_changes_the_digest() {
        let digest = sample().digest();
        assert_eq!(digest.len(), 64);
        assert_eq!(digest, sample().digest());
        let changes: [fn(&mut Declaration); 12] = [
            |changed| changed.config.thresholds.pearson_min = 0.1,
            |changed| changed.config.thresholds.trade_count_min = None,
            |changed| changed.config.search = SearchMethod::Grid { points_per_axis: 7 },
            |changed| changed.constraints[0] = Constraint::above("snm", "metadata.snm", 100.0),
            |changed| changed.space = ParamSpace::new().float("vdd", 0.6..=1.3, 0.9).bool("boost", false),
            |changed| changed.roles.push((Role::Test, "corners".to_owned())),
            |changed| changed.config.rounds = Some(Rounds::default()),
            |changed| changed.config.strict.transfer.alpha = 0.1,
            |changed| changed.config.strict.max_drop = Some(1.0),
            |changed| changed.config.null_declared = true,
            |changed| changed.config.profile = Profile::Reference,
            |changed| changed.acceptance.gold = Requirement::Required,
        ];
        for (index, change) in changes.into_iter().enumerate() {
            let mut changed = sample();
            change(&mut changed);
            assert_ne!(changed.digest(), digest, "change {index}");
        }
    }

    #[test]
    fn fields_are_sorted_and_spelled_as_toml() {
        let fields = sample().fields();
        assert!(fields.is_sorted_by(|a, b| a.key < b.key), "sorted, no key twice");
        let value = |key: &str| fields.iter().find(|field| field.key == key).map(|field| field.value.as_str());
        assert_eq!(value("gates.pearson_min"), Some("0.3"));
        assert_eq!(value("holdout.min_fitness"), Some("\"off\""));
        assert_eq!(value("constraint.snm.op"), Some("\">\""));
        assert_eq!(value("constraint.c.opaque"), Some("true"));
    }
}
