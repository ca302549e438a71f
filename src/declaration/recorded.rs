//! A declaration read back from the fields it was written down as.

use super::resolved::quoted;
use super::{Declaration, DeclarationError, DeclarationFile};
use crate::audit::{Constraint, Op};
use crate::objective::{ParamKind, ParamSpace, ParamSpec, Role, Scale};
use crate::pipeline::{RunConfig, SearchMethod};

/// Key and value of a field.
type Pair = (String, String);

impl Declaration {
    /// The declaration of a calibration that has these fields, keys and values as [`fields`](Self::fields) spells them;
    /// `constraints` are the names in order of declaration.
    ///
    /// A closure is not among the fields: an opaque constraint that is read back keeps its name and never holds.
    ///
    /// # Errors
    /// If a field is missing, unknown or not of this version; what is read back has exactly the fields it was read from.
    pub fn recorded(
        calibration: &str,
        fields: &[(String, String)],
        constraints: &[String],
    ) -> Result<Self, DeclarationError> {
        let written = fields;
        let fields = Recorded(written);
        let space = fields.space()?;
        let file = DeclarationFile::parse(&fields.omega_toml(calibration))?;
        let mut config = RunConfig::default();
        if let Some(settings) = file.settings(calibration) {
            settings.apply(&mut config);
            settings.apply_rounds(&mut config.rounds).map_err(|(problem, _)| wrong(problem.to_owned()))?;
            settings.apply_base(&mut config, &space).map_err(|error| wrong(error.to_string()))?;
        }
        config.null_declared = fields.value("null.declared") == Some("true");
        if let Some(name) = fields.text("search.name") {
            config.search = SearchMethod::Own { name };
        }
        let constraints = constraints.iter().map(|name| fields.constraint(name)).collect::<Result<_, _>>()?;
        let roles = Role::ALL.into_iter().filter_map(|role| Some((role, fields.text(&format!("roles.{role}"))?)));
        let roles = roles.collect();
        let mut acceptance = file.acceptance(calibration, config.profile);
        acceptance.gold_dir = fields.required_text("gold_dir")?;
        let read = Self { name: calibration.to_owned(), config, space, constraints, roles, acceptance };
        let again: Vec<Pair> = read.fields().into_iter().map(|field| (field.key, field.value)).collect();
        let surplus = |left: &[Pair], right: &[Pair]| left.iter().find(|field| !right.contains(field)).cloned();
        match surplus(written, &again).or(surplus(&again, written)) {
            Some((key, value)) => {
                Err(wrong(format!("`{} = {value}` is of another version of the declaration", key.escape_debug())))
            }
            None => Ok(read),
        }
    }
}

fn wrong(message: String) -> DeclarationError {
    DeclarationError::new(None, message, None)
}

/// Tables whose keys are names of the user's.
const NAMED: [&str; 3] = ["base.", "stress.epsilons.", "tolerance."];

/// Fields that are not of omega.toml.
const OWN: [&str; 7] = ["space.", "roles.", "constraint.", "search.sampler", "search.name", "null.", "gold_dir"];

/// The fields as keys and values.
struct Recorded<'f>(&'f [Pair]);

impl<'f> Recorded<'f> {
    fn value(&self, key: &str) -> Option<&'f str> {
        self.0.iter().find(|(found, _)| found == key).map(|(_, value)| value.as_str())
    }

    fn required(&self, key: &str) -> Result<&'f str, DeclarationError> {
        self.value(key).ok_or_else(|| wrong(format!("`{}` is missing", key.escape_debug())))
    }

    fn parsed<T: std::str::FromStr>(&self, key: &str) -> Result<T, DeclarationError> {
        let value = self.required(key)?;
        value.parse().map_err(|_| wrong(format!("`{}` is {value}", key.escape_debug())))
    }

    /// A text; TOML's basic strings are written with JSON's escapes.
    fn text(&self, key: &str) -> Option<String> {
        serde_json::from_str(self.value(key)?).ok()
    }

    fn required_text(&self, key: &str) -> Result<String, DeclarationError> {
        self.text(key).ok_or_else(|| wrong(format!("`{}` is missing or no text", key.escape_debug())))
    }

    /// What of it an omega.toml can say.
    fn omega_toml(&self, calibration: &str) -> String {
        let mut toml = format!("[calibration.{calibration}]\n");
        let own_search = self.value("search.name").is_some();
        for (key, value) in self.0 {
            if OWN.iter().any(|own| key.starts_with(own)) || (own_search && key == "search.method") {
                continue;
            }
            // Whatever a user calls something is a key of one piece there.
            let named = NAMED.iter().find_map(|table| Some((*table, key.strip_prefix(table)?)));
            let key = match named {
                Some(("tolerance.", rest)) => match rest.rsplit_once('.') {
                    Some((name, field)) => format!("tolerance.{}.{field}", quoted(name)),
                    None => key.clone(),
                },
                Some((table, name)) => format!("{table}{}", quoted(name)),
                None => key.clone(),
            };
            toml.push_str(&key);
            toml.push_str(" = ");
            toml.push_str(value);
            toml.push('\n');
        }
        toml
    }

    fn space(&self) -> Result<ParamSpace, DeclarationError> {
        let places = self.0.iter().filter_map(|(key, _)| key.strip_prefix("space.")?.strip_suffix(".place"));
        let mut names = Vec::new();
        for name in places {
            names.push((self.parsed::<usize>(&format!("space.{name}.place"))?, name));
        }
        names.sort_unstable();
        let mut space = ParamSpace::new();
        for (_, name) in names {
            space = space.param(self.spec(name)?);
        }
        space.check().map_err(|error| wrong(error.to_string()))?;
        Ok(space)
    }

    fn spec(&self, name: &str) -> Result<ParamSpec, DeclarationError> {
        let key = |field: &str| format!("space.{name}.{field}");
        let scale = || match self.required_text(&key("scale"))?.as_str() {
            "linear" => Ok(Scale::Linear),
            "log" => Ok(Scale::Log),
            other => Err(wrong(format!("`{}` is \"{}\"", key("scale"), other.escape_debug()))),
        };
        let mut spec = match self.required_text(&key("kind"))?.as_str() {
            "float" => {
                let (low, high) = (self.parsed(&key("low"))?, self.parsed(&key("high"))?);
                let mut spec = ParamSpec::float(name, low..=high, self.parsed(&key("neutral"))?);
                set_scale(&mut spec, scale()?);
                spec
            }
            "int" => {
                let (low, high) = (self.parsed(&key("low"))?, self.parsed(&key("high"))?);
                let mut spec = ParamSpec::int(name, low..=high, self.parsed(&key("neutral"))?);
                set_scale(&mut spec, scale()?);
                spec
            }
            "bool" => ParamSpec::bool(name, self.parsed(&key("neutral"))?),
            "choice" => {
                let choices: Vec<String> = serde_json::from_str(self.required(&key("choices"))?)
                    .map_err(|error| wrong(format!("`{}` is no list of texts: {error}", key("choices"))))?;
                ParamSpec::choice(name, choices.iter().map(String::as_str), &self.required_text(&key("neutral"))?)
            }
            other => return Err(wrong(format!("`{}` is \"{}\"", key("kind"), other.escape_debug()))),
        };
        spec.stress_suppressed = self.parsed(&key("suppressed"))?;
        Ok(spec)
    }

    fn constraint(&self, name: &str) -> Result<Constraint, DeclarationError> {
        let key = |field: &str| format!("constraint.{name}.{field}");
        if self.value(&key("opaque")).is_some() {
            return Ok(Constraint::opaque(name, |_, _| false));
        }
        let symbol = self.required_text(&key("op"))?;
        let op = Op::ALL.into_iter().find(|op| op.symbol() == symbol);
        let op = op.ok_or_else(|| wrong(format!("`{}` is \"{}\"", key("op"), symbol.escape_debug())))?;
        Ok(Constraint::typed(name, &self.required_text(&key("metric"))?, op, self.parsed(&key("value"))?))
    }
}

fn set_scale(spec: &mut ParamSpec, declared: Scale) {
    if let ParamKind::Float { scale, .. } | ParamKind::Int { scale, .. } = &mut spec.kind {
        *scale = declared;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::declaration::{Acceptance, AnchorRule, Requirement, Tolerance};
    use crate::gates::{CorrelationRole, HoldoutMode};
    use crate::objective::Params;
    use crate::pipeline::{ConstraintPolicy, Rounds};

    fn written(declaration: &Declaration) -> Vec<Pair> {
        declaration.fields().into_iter().map(|field| (field.key, field.value)).collect()
    }

    fn read_back(declaration: &Declaration) -> Declaration {
        let names: Vec<String> = declaration.constraints.iter().map(|constraint| constraint.name.clone()).collect();
        Declaration::recorded(&declaration.name, &written(declaration), &names).unwrap()
    }

    #[test]
    fn every_kind_of_field_is_read_back() {
        let space = ParamSpace::new()
            .float("a name = of \"many\".parts", 0.0..=1.0, 0.5)
            .log_float("rate", 1e-4..=1.0, 1e-2)
            .log_int("width", 1..=64, 8)
            .int("n", -3..=3, 0)
            .bool("b", true)
            .choice("loss", ["l1", "l\"2\u{7f}"], "l1")
            .param(ParamSpec::float("x", -1.0..=1.0, 0.0).suppressed());
        let mut config = RunConfig {
            search: SearchMethod::Zoom { points_per_axis: 7, rounds: 4, factor: 0.25 },
            constraint_policy: ConstraintPolicy::HardFail,
            base_params: Some(space.neutral().with("loss", "l\"2\u{7f}").unwrap().with("rate", 0.5).unwrap()),
            max_failed_evaluations: 3,
            keep_attachments: true,
            sc2: true,
            null_declared: true,
            rounds: Some(Rounds { max: 2, stop_on_kc_fail: false, min_improvement: 0.5 }),
            ..RunConfig::default()
        };
        config.strict.max_drop = Some(2.5);
        config.strict.transfer.alpha = 0.01;
        config.strict.correlation = CorrelationRole::Required;
        config.thresholds.trade_count_min = None;
        config.thresholds.min_nonzero_stress_count = Some(2);
        config.holdout.mode = HoldoutMode::Gate;
        config.holdout.min_fitness = Some(-1e-7);
        config.stress.subset = Some(vec!["rate".to_owned(), "n".to_owned()]);
        config.stress.epsilons.insert("rate".to_owned(), 0.125);
        let declaration = Declaration {
            name: "all".to_owned(),
            config,
            space,
            constraints: vec![
                Constraint::above("z", "metadata.snm", 150.0),
                Constraint::opaque("closure", |_: &Params, _| true),
            ],
            roles: vec![(Role::Train, "a = \"b\"".to_owned()), (Role::Holdout, String::new())],
            acceptance: Acceptance {
                lock: Requirement::Required,
                gold: Requirement::Required,
                gold_dir: "accepted/here".to_owned(),
                anchor: AnchorRule::Exact,
                tolerances: vec![
                    (
                        "evaluations".to_owned(),
                        Tolerance { exact: false, absolute: 2.0, ..Tolerance::of_metric("evaluations") },
                    ),
                    ("metadata.snm".to_owned(), Tolerance { exact: true, ..Tolerance::of_metric("metadata.snm") }),
                ],
                looks: Some(3),
                consultations: true,
            },
        };
        let read = read_back(&declaration);
        assert_eq!(read.digest(), declaration.digest());
        assert_eq!(read.config, declaration.config);
        assert_eq!(read.space, declaration.space);
        assert_eq!(read.config.rounds, declaration.config.rounds);
        assert_eq!(read.acceptance, declaration.acceptance);
        let reference = Declaration { config: RunConfig::reference(), ..declaration };
        assert_eq!(read_back(&reference).config, reference.config);
    }

    #[test]
    fn every_search_is_read_back() {
        for search in [
            SearchMethod::Grid { points_per_axis: 3 },
            SearchMethod::Random { samples: 9, seed: 1 },
            SearchMethod::Tpe { trials: 60, seed: 7 },
            SearchMethod::Own { name: "swarm, 20 of them".to_owned() },
        ] {
            let declaration = Declaration {
                name: "s".to_owned(),
                config: RunConfig { search: search.clone(), ..RunConfig::default() },
                space: ParamSpace::new().float("x", 0.0..=1.0, 0.5),
                constraints: Vec::new(),
                roles: vec![(Role::Train, String::new())],
                acceptance: Acceptance::default(),
            };
            assert_eq!(read_back(&declaration).config.search, search);
        }
    }

    #[test]
    fn a_field_of_another_version_is_named() {
        let declaration = Declaration {
            name: "s".to_owned(),
            config: RunConfig::default(),
            space: ParamSpace::new().float("x", 0.0..=1.0, 0.5),
            constraints: Vec::new(),
            roles: vec![(Role::Train, String::new())],
            acceptance: Acceptance::default(),
        };
        let mut fields = written(&declaration);
        fields.retain(|(key, _)| key != "gates.gini_min");
        assert!(Declaration::recorded("s", &fields, &[]).unwrap_err().to_string().contains("`gates.gini_min = 0.2`"));
        fields.push(("gates.gni_min".to_owned(), "0.2".to_owned()));
        assert!(Declaration::recorded("s", &fields, &[]).unwrap_err().to_string().contains("unknown key"));
    }
}
