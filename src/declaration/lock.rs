//! omega.lock: the accepted declarations, one line per field.
//!
//! The digest of an entry is computed from its fields and not written: it would be a second changed line far away from
//! the one that matters, and a conflict between two changes that have nothing to do with each other.

use camino::Utf8Path;
use toml::de::{DeTable, DeValue};

use super::error::line_of;
use super::plain::quoted;
use super::{DeclarationError, Field, check_name, conflict, digest, file};

/// What the accepted declarations are, sorted by name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lock {
    entries: Vec<LockEntry>,
}

/// One accepted declaration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockEntry {
    /// Name of the calibration.
    pub calibration: String,
    /// Every field, sorted by key.
    pub fields: Vec<Field>,
}

impl LockEntry {
    /// The digest of the declaration that was accepted.
    pub fn digest(&self) -> String {
        digest(&self.calibration, &self.fields)
    }

    /// The value of a field, in TOML's spelling.
    pub fn value(&self, key: &str) -> Option<&str> {
        self.fields.iter().find(|field| field.key == key).map(|field| field.value.as_str())
    }

    /// The text of a field that is one.
    pub fn text(&self, key: &str) -> Option<String> {
        serde_json::from_str(self.value(key)?).ok()
    }
}

impl Lock {
    /// The file's name; it lies at the root of the workspace.
    pub const FILE: &str = "omega.lock";

    /// The version of the format that is written and read.
    const VERSION: &str = "1";

    /// A lock of these declarations.
    pub fn new(entries: impl IntoIterator<Item = LockEntry>) -> Self {
        let mut entries: Vec<LockEntry> = entries.into_iter().collect();
        for entry in &mut entries {
            entry.fields.sort_by(|a, b| a.key.cmp(&b.key));
        }
        entries.sort_by(|a, b| a.calibration.cmp(&b.calibration));
        Self { entries }
    }

    /// Reads omega.lock at `root`; `None` if there is none.
    ///
    /// # Errors
    /// If the file cannot be read or is no lock.
    pub fn load(root: &Utf8Path) -> Result<Option<Self>, DeclarationError> {
        let path = root.join(Self::FILE);
        let text = file::read(&path)?;
        text.map(|text| Self::parse(&text).map_err(|error| error.in_file(&path))).transpose()
    }

    /// Reads the text of an omega.lock.
    ///
    /// # Errors
    /// If it is no TOML, of another version, or holds something else than declarations.
    pub fn parse(text: &str) -> Result<Self, DeclarationError> {
        let help = || Some("`cargo omega lock` writes it anew; look at the difference before you commit it".to_owned());
        let error = |at: usize, message: String| {
            DeclarationError::new(Some(line_of(text, at)), message, help()).in_file(Utf8Path::new(Self::FILE))
        };
        let document = DeTable::parse(text).map_err(|problem| match conflict(text) {
            Some((line, problem)) => {
                DeclarationError::new(Some(line), problem, help()).in_file(Utf8Path::new(Self::FILE))
            }
            None => error(problem.span().map_or(0, |span| span.start), problem.message().to_owned()),
        })?;
        let mut entries = Vec::new();
        let mut version = None;
        for (key, value) in document.get_ref() {
            let name: &str = key.get_ref();
            match (name, value.get_ref()) {
                ("version", _) => version = text.get(value.span()),
                ("calibration", DeValue::Table(tables)) => {
                    for (name, table) in tables {
                        let start = name.span().start;
                        let calibration: &str = name.get_ref();
                        check_name("calibration", calibration).map_err(|problem| error(start, problem.to_string()))?;
                        let DeValue::Table(table) = table.get_ref() else {
                            return Err(error(start, format!("`calibration.{calibration}` is no table")));
                        };
                        let mut fields = Vec::new();
                        flatten(text, "", table, &mut fields);
                        entries.push(LockEntry { calibration: calibration.to_owned(), fields });
                    }
                }
                _ => return Err(error(key.span().start, format!("unknown key `{}`", name.escape_debug()))),
            }
        }
        match version {
            Some(Self::VERSION) => Ok(Self::new(entries)),
            Some(other) => Err(error(0, format!("version {} is not known, expected {}", other, Self::VERSION))),
            None => Err(error(0, format!("`version` is missing, expected {}", Self::VERSION))),
        }
    }

    /// The text of the file.
    pub fn text(&self) -> String {
        let mut lines = vec![
            "# What each calibration is judged by, as accepted. Written by `cargo omega lock`, reviewed like code."
                .to_owned(),
            format!("version = {}", Self::VERSION),
        ];
        for LockEntry { calibration, fields } in &self.entries {
            lines.push(format!("\n[calibration.{calibration}]"));
            lines.extend(fields.iter().map(|Field { key, value }| format!("{} = {value}", written(key, fields))));
        }
        lines.join("\n") + "\n"
    }

    /// The accepted declaration of a calibration.
    pub fn entry(&self, calibration: &str) -> Option<&LockEntry> {
        self.entries.iter().find(|entry| entry.calibration == calibration)
    }

    /// Every entry, by name.
    pub fn entries(&self) -> &[LockEntry] {
        &self.entries
    }
}

/// A key as the file has it: bare, so that it reads as in omega.toml, or in quotes where TOML needs them. A parameter may
/// be called anything, `x` and `x.low` at the same time. The fields are sorted, and there may be a hundred thousand.
fn written(key: &str, fields: &[Field]) -> String {
    let bare = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || "_-".contains(c));
    let from = |key: &str| fields.partition_point(|field| field.key.as_str() < key);
    let table = format!("{key}.");
    let is_table = fields.get(from(&table)).is_some_and(|field| field.key.starts_with(&table));
    let is_key = |outer: &str| fields.get(from(outer)).is_some_and(|field| field.key == outer);
    let below_a_key = key.match_indices('.').any(|(at, _)| is_key(&key[..at]));
    if key.split('.').all(bare) && !is_table && !below_a_key { key.to_owned() } else { quoted(key) }
}

fn flatten(text: &str, path: &str, table: &DeTable<'_>, fields: &mut Vec<Field>) {
    for (name, value) in table {
        let name: &str = name.get_ref();
        let key = if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
        match value.get_ref() {
            DeValue::Table(below) => flatten(text, &key, below, fields),
            _ => fields.push(Field { key, value: text.get(value.span()).unwrap_or_default().to_owned() }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::Constraint;
    use crate::declaration::{Acceptance, Declaration, Program, Requirement, Tolerance};
    use crate::objective::{ParamSpace, Role};
    use crate::pipeline::{Rounds, RunConfig, SearchMethod};

    fn everything() -> Declaration {
        let space = ParamSpace::new()
            .float("x", 0.0..=1.0, 0.5)
            .bool("x.low", false)
            .int("größe in µm", 1..=9, 2)
            .choice("mode", ["a\"b", "c\u{7f}"], "a\"b");
        let mut config = RunConfig { base_params: Some(space.neutral()), ..RunConfig::default() };
        config.rounds = Some(Rounds::default());
        config.search = SearchMethod::tpe(9, 7);
        config.stress.epsilons.insert("x".to_owned(), 1e-300);
        config.stress.subset = Some(vec!["x".to_owned()]);
        Declaration {
            name: "a".to_owned(),
            config,
            space,
            constraints: vec![Constraint::below("leak", "metadata.l", 5.0), Constraint::opaque("shape", |_, _| true)],
            roles: [Role::Train, Role::Test, Role::Holdout].map(|role| (role, "a = \"b\"\n".to_owned())).to_vec(),
            windows: Vec::new(),
            acceptance: Acceptance {
                lock: Requirement::Required,
                tolerances: vec![("metadata.l".to_owned(), Tolerance::of_metric("metadata.l"))],
                looks: Some(3),
                consultations: true,
                ..Acceptance::default()
            },
            program: Some(Program { command: Some(vec!["a".to_owned()]), ..Program::default() }),
        }
    }

    #[test]
    fn a_lock_comes_back_from_its_text_whatever_a_parameter_is_called() {
        let declaration = everything();
        let entry = LockEntry { calibration: "a".to_owned(), fields: declaration.fields() };
        let lock = Lock::new([entry]);
        let read = Lock::parse(&lock.text()).unwrap();
        assert_eq!(read, lock, "{}", lock.text());
        assert_eq!(read.entries()[0].digest(), declaration.digest());
        assert!(lock.text().lines().any(|line| line == "gates.pearson_min = 0.3"), "{}", lock.text());
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "the test reads the clock")]
    fn the_lock_of_many_parameters_is_written_in_no_time() {
        let field = |n: u32| Field { key: format!("space.w{n}"), value: "1".to_owned() };
        let lock = Lock::new([LockEntry { calibration: "a".to_owned(), fields: (0..40_000).map(field).collect() }]);
        let began = std::time::Instant::now();
        assert_eq!(lock.text().lines().count(), 40_004);
        assert!(began.elapsed().as_secs() < 5, "{:?}", began.elapsed());
    }

    #[test]
    fn what_is_no_lock_is_refused_with_its_line() {
        let refused = |text: &str| Lock::parse(text).unwrap_err().to_string();
        assert!(refused("version = 2\n").starts_with("`omega.lock` line 1: version 2 is not known, expected 1"));
        assert!(refused("").starts_with("`omega.lock` line 1: `version` is missing, expected 1"));
        assert!(refused("version = 1\n[calibratoin.a]\n").starts_with("`omega.lock` line 2: unknown key"));
        assert!(refused("version = 1\n\n<<<<<<< HEAD\n").starts_with("`omega.lock` line 3: "));
        assert!(refused("version = 1\n[calibration]\na = 1\n").contains("line 3: `calibration.a` is no table"));
    }
}
