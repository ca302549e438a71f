//! A declaration with every value filled in.

use sha2::{Digest, Sha256};

use super::{Acceptance, Program, keys};
use crate::audit::Constraint;
use crate::objective::{ParamSpace, Role, Target, WindowData, of_all_windows};
use crate::pipeline::RunConfig;

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
    /// What the targets of each window say of their data, in order. Then train and test in `roles` stand for all windows
    /// together.
    pub windows: Vec<WindowData>,
    /// What the run is held against in the repository.
    pub acceptance: Acceptance,
    /// The command that evaluates, where omega.toml declares the calibration without any code.
    pub program: Option<Program>,
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
    /// A declaration of a calibration without constraints, slices and committed files.
    pub fn new(name: impl Into<String>, config: RunConfig, space: ParamSpace) -> Self {
        Self {
            name: name.into(),
            config,
            space,
            constraints: Vec::new(),
            roles: Vec::new(),
            windows: Vec::new(),
            acceptance: Acceptance::default(),
            program: None,
        }
    }

    /// The declaration of a calibration that searches this target as nothing else is said: the strict profile with its
    /// defaults, and no constraint. Everything can be changed with `Declaration { config, ..Declaration::of(name, &train) }`.
    pub fn of(name: impl Into<String>, train: &dyn Target) -> Self {
        Self::new(name, RunConfig::default(), train.space()).with(Role::Train, train)
    }

    /// Declares the target of a slice.
    #[must_use]
    pub fn with(mut self, role: Role, target: &dyn Target) -> Self {
        self.roles.push((role, target.identity()));
        self
    }

    /// Declares the targets of the next window; the configuration counts it.
    #[must_use]
    pub fn with_window(mut self, train: &dyn Target, test: &dyn Target) -> Self {
        self.push_window(WindowData { train: train.identity(), test: test.identity() });
        self
    }

    /// Takes in the data of the next window.
    pub(crate) fn push_window(&mut self, data: WindowData) {
        self.windows.push(data);
        self.name_windows();
    }

    /// Counts the windows, and lets train and test stand for all of them together.
    pub(super) fn name_windows(&mut self) {
        self.config.windows = Some(self.windows.len() as u64);
        self.roles.retain(|(role, _)| !matches!(role, Role::Train | Role::Test));
        let of = |part: fn(&WindowData) -> &str| of_all_windows(self.windows.iter().map(part));
        self.roles.push((Role::Train, of(|window| &window.train)));
        self.roles.push((Role::Test, of(|window| &window.test)));
        self.roles.sort_by_key(|(role, _)| *role);
    }

    /// Every field, sorted by key. Threads, colours and paths are none.
    pub fn fields(&self) -> Vec<Field> {
        // The rows know places to write to, too; a copy is looked at, so that none is.
        let mut copy = self.clone();
        let mut fields = Vec::new();
        for row in keys() {
            let values = row.values(&mut copy).into_iter();
            fields.extend(values.map(|(name, plain)| Field { key: row.field(&name), value: plain.to_string() }));
        }
        fields.sort_by(|a, b| a.key.cmp(&b.key));
        fields
    }

    /// SHA-256, hex, over the name and every field as a line `key = value`.
    pub fn digest(&self) -> String {
        digest(&self.name, &self.fields())
    }

    /// Whether a slice has a target.
    pub fn serves(&self, role: Role) -> bool {
        self.roles.iter().any(|(served, _)| *served == role)
    }

    /// What is expected of a slice whose questions are counted, if its target does not say which data it has.
    pub(super) fn lacks_identity(&self, role: Role) -> Option<String> {
        let nameless = self.roles.iter().any(|(served, identity)| *served == role && identity.is_empty());
        nameless.then(|| {
            format!(
                "data with a name, for it is counted by that: let the {role} target's `identity` say which data it has \
                 (`identity_of_files` digests files)"
            )
        })
    }

    /// How many constraints can be locked by name only.
    pub fn opaque_constraints(&self) -> usize {
        self.constraints.iter().filter(|constraint| constraint.is_opaque()).count()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::declaration::Requirement;
    use crate::pipeline::{Profile, Rounds, SearchMethod};

    fn sample() -> Declaration {
        Declaration {
            name: "bitcell".to_owned(),
            config: RunConfig::default(),
            space: ParamSpace::new().float("vdd", 0.6..=1.2, 0.9).bool("boost", false),
            constraints: vec![Constraint::above("snm", "metadata.snm", 150.0), Constraint::opaque("c", |_, _| true)],
            roles: vec![(Role::Train, "typical".to_owned())],
            windows: Vec::new(),
            acceptance: Acceptance::default(),
            program: None,
        }
    }

    #[test]
    fn every_change_of_a_field_changes_the_digest() {
        let digest = sample().digest();
        assert_eq!(digest.len(), 64);
        assert_eq!(digest, sample().digest());
        let changes: [fn(&mut Declaration); 13] = [
            |changed| changed.config.thresholds.pearson_min = 0.1,
            |changed| changed.config.thresholds.samples_min = None,
            |changed| changed.config.search = SearchMethod::Grid { points_per_axis: 7 },
            |changed| changed.constraints[0] = Constraint::above("snm", "metadata.snm", 100.0),
            |changed| changed.space = ParamSpace::new().float("vdd", 0.6..=1.3, 0.9).bool("boost", false),
            |changed| changed.roles.push((Role::Test, "corners".to_owned())),
            |changed| changed.config.rounds = Some(Rounds::default()),
            |changed| changed.push_window(WindowData { train: "2019".to_owned(), test: "2020".to_owned() }),
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
