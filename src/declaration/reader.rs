//! One table of omega.toml, read by the table of keys.

use std::collections::HashMap;

use serde_json::Value as Json;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::line_of;
use super::key::{Key, is_met, refusal};
use super::plain::{Kind, Plain, Shape};
use super::settings::{Given, Settings};
use super::{DeclarationError, check_name, free, keys, table};
use crate::audit::Constraint;
use crate::objective::spelling;

/// What is said of the slices, which is read whole.
const ROLES: &str = "roles";

/// The row of a parameter's place in the space.
const PLACE: &str = "space.<name>.place";

/// The tables that are read whole.
const WHOLE: [&str; 2] = [table::CONSTRAINT, ROLES];

/// The text that errors take their lines from.
#[derive(Clone, Copy)]
pub(super) struct Reader<'t> {
    text: &'t str,
}

/// Where in the file a table stands.
struct Place {
    /// As the file spells it, for errors.
    path: String,
    /// Below the calibration's table, with `<..>` for names: how rows begin that have keys here.
    rows: String,
    /// The name that stands for `<..>`.
    name: String,
}

impl<'t> Reader<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text }
    }

    /// The `[defaults]` table: it has no room for what belongs to one calibration, and what it says holds where it applies.
    pub(super) fn defaults(self, path: &str, table: &DeTable<'_>) -> Result<Settings, DeclarationError> {
        let named = |top: &str| keys().iter().any(|key| key.table() == top && key.name().contains('<'));
        if let Some((key, value)) = table.iter().find(|(key, _)| named(name_of(key))) {
            let problem = "names parameters or metrics of one calibration; declare it there";
            return Err(self.error(value, &format!("{path}.{}", name_of(key)), problem, None));
        }
        let mut given = Vec::new();
        self.walk(&Place::top(path), table, &mut given)?;
        Ok(Settings::new(given, Vec::new()))
    }

    /// The `[calibration.NAME]` table.
    pub(super) fn calibration(self, path: &str, table: &DeTable<'_>) -> Result<Settings, DeclarationError> {
        let mut given = Vec::new();
        self.walk(&Place::top(path), table, &mut given)?;
        for one in &given {
            let Some((selector, allowed)) = one.key.when else { continue };
            let selector = selector.replace("<metric>", &one.name);
            let said = given.iter().find(|other| other.field() == selector);
            if let Some(said) = said.filter(|said| !is_met(allowed, &said.plain)) {
                let message = format!("`{path}.{}` does not apply to {}", one.field(), refusal(&selector, &said.plain));
                return Err(DeclarationError::new(Some(one.line), message, None));
            }
        }
        let constraints = match entry(table, table::CONSTRAINT) {
            Some(value) => self.constraints(&format!("{path}.{}", table::CONSTRAINT), value)?,
            None => Vec::new(),
        };
        let slices = match entry(table, ROLES) {
            Some(value) => free::roles(self, &format!("{path}.{ROLES}"), value)?,
            None => Vec::new(),
        };
        given.extend(self.places(table));
        Ok(Settings::new(given, constraints).with_slices(slices))
    }

    /// The places of the parameters, in the order in which the file names them.
    fn places(self, table: &DeTable<'_>) -> Vec<Given> {
        let Some((key, _)) = table::find(PLACE) else { return Vec::new() };
        let Some(DeValue::Table(space)) = entry(table, key.table()).map(Spanned::get_ref) else { return Vec::new() };
        let mut names: Vec<(usize, &str)> = space.iter().map(|(key, _)| (key.span().start, name_of(key))).collect();
        names.sort_unstable();
        let given = |(place, (at, name)): (usize, &(usize, &str))| Given {
            key,
            name: (*name).to_owned(),
            plain: Plain::Whole(place as i128),
            line: line_of(self.text, *at),
        };
        names.iter().enumerate().map(given).collect()
    }

    fn walk(self, place: &Place, table: &DeTable<'_>, given: &mut Vec<Given>) -> Result<(), DeclarationError> {
        for (key, value) in table {
            let name = name_of(key);
            let path = join(&place.path, name);
            let below = || keys().iter().filter(|row| row.in_file).filter_map(|row| Some((row, place.rest(row)?)));
            // A table of names has no other keys, so the first row that fits is the only one; but for a key that is either
            // a word or a table.
            let fits = |rest: &str| {
                let first = rest.split('.').next().unwrap_or(rest);
                first == name || first.starts_with('<')
            };
            let table = matches!(value.get_ref(), DeValue::Table(_));
            let alike = |rest: &str| fits(rest) && rest.contains('.') == table;
            let found = below().find(|(_, rest)| alike(rest)).or_else(|| below().find(|(_, rest)| fits(rest)));
            let Some((row, rest)) = found else {
                if place.rows.is_empty() && WHOLE.contains(&name) {
                    continue;
                }
                let known = below().map(|(_, rest)| rest.split('.').next().unwrap_or(rest));
                return Err(self.unknown(key, &path, known.chain(WHOLE.into_iter().filter(|_| place.rows.is_empty()))));
            };
            let named = rest.starts_with('<');
            let user = if named { name } else { &place.name };
            match (rest.split_once('.'), value.get_ref()) {
                (None, _) => {
                    let plain = self.value(row, &path, value)?;
                    given.push(Given { key: row, name: user.to_owned(), plain, line: self.line(value) });
                }
                (Some((first, _)), DeValue::Table(below)) => {
                    let place = Place { path, rows: join(&place.rows, first), name: user.to_owned() };
                    self.walk(&place, below, given)?;
                }
                (Some(_), _) => return Err(self.wrong(value, &path, "a table")),
            }
        }
        Ok(())
    }

    /// A value of a key, within its domain.
    fn value(self, row: &Key, path: &str, value: &Spanned<DeValue<'_>>) -> Result<Plain, DeclarationError> {
        let plain = self.plain(&row.kind, path, value)?;
        if row.allows(&plain) {
            return Ok(plain);
        }
        Err(self.error(value, path, &format!("is {}, expected {}", plain.bare(), row.domain()), None))
    }

    fn plain(self, kind: &Kind, path: &str, value: &Spanned<DeValue<'_>>) -> Result<Plain, DeclarationError> {
        let found = if kind.shape == Shape::Table { free_table(value) } else { plain(value) };
        if let Some(plain) = found.and_then(|plain| kind.read(plain)) {
            return Ok(plain);
        }
        match (&kind.shape, value.get_ref()) {
            (Shape::Word(words), DeValue::String(text)) => {
                let help = spelling::nearest(text, words.iter().copied());
                let problem = format!("is \"{}\", expected {}", text.escape_debug(), kind.expected());
                Err(self.error(value, path, &problem, help.map(|word| format!("the nearest is \"{word}\""))))
            }
            _ => Err(self.wrong(value, path, &kind.expected())),
        }
    }

    fn constraints(self, path: &str, value: &Spanned<DeValue<'_>>) -> Result<Vec<Constraint>, DeclarationError> {
        let DeValue::Array(array) = value.get_ref() else { return Err(self.wrong(value, path, "an array of tables")) };
        let each = array.iter().enumerate().map(|(index, item)| {
            let path = format!("{path}[{index}]");
            match item.get_ref() {
                DeValue::Table(table) => self.constraint(&path, item, table),
                _ => Err(self.wrong(item, &path, "a table")),
            }
        });
        each.collect()
    }

    fn constraint(
        self,
        path: &str,
        item: &Spanned<DeValue<'_>>,
        table: &DeTable<'_>,
    ) -> Result<Constraint, DeclarationError> {
        let rows: Vec<(&Key, &str)> = keys()
            .iter()
            .filter(|row| row.in_file && row.table() == table::CONSTRAINT)
            .filter_map(|row| Some((row, row.name().rsplit('.').next()?)))
            .collect();
        let text = Kind::from(Shape::Text);
        let (mut name, mut description) = (None, String::new());
        let mut values = HashMap::new();
        for (key, value) in table {
            let path = join(path, name_of(key));
            match name_of(key) {
                "name" => name = Some(self.plain(&text, &path, value)?.bare()),
                "description" => description = self.plain(&text, &path, value)?.bare(),
                other => match rows.iter().find(|(_, last)| *last == other) {
                    Some((row, last)) => drop(values.insert(*last, self.value(row, &path, value)?)),
                    None => {
                        let known = rows.iter().map(|(_, last)| *last).chain(["name", "description"]);
                        return Err(self.unknown(key, &path, known));
                    }
                },
            }
        }
        let error = |key: &str, problem: String| {
            let value = entry(table, key).unwrap_or(item);
            self.error(value, &join(path, key), &problem, None)
        };
        let name = name.ok_or_else(|| error("name", "is missing".to_owned()))?;
        check_name(table::CONSTRAINT, &name).map_err(|problem| error("name", problem.to_string()))?;
        let constraint = table::constraint(&name, &values).map_err(|(key, problem)| error(key, problem))?;
        Ok(constraint.described(description))
    }

    /// An error about a value, with its line.
    pub(super) fn error(
        self,
        value: &Spanned<DeValue<'_>>,
        path: &str,
        problem: &str,
        help: Option<String>,
    ) -> DeclarationError {
        DeclarationError::new(Some(self.line(value)), format!("`{path}` {problem}"), help)
    }

    /// A key that nobody knows here.
    pub(super) fn unknown<'k>(
        self,
        key: &Spanned<impl AsRef<str>>,
        path: &str,
        known: impl Iterator<Item = &'k str>,
    ) -> DeclarationError {
        let nearest = spelling::nearest(key.get_ref().as_ref(), known);
        DeclarationError::new(
            Some(line_of(self.text, key.span().start)),
            format!("unknown key `{path}`"),
            nearest.map(|nearest| format!("the nearest key is `{nearest}`")),
        )
    }

    /// A value of another kind than its key takes.
    pub(super) fn wrong(self, value: &Spanned<DeValue<'_>>, path: &str, expected: &str) -> DeclarationError {
        let found = match value.get_ref() {
            DeValue::Float(float) if !matches!(plain(value), Some(Plain::Number(number)) if number.is_finite()) => {
                float.as_str().to_owned()
            }
            DeValue::Integer(integer) => integer.as_str().to_owned(),
            DeValue::String(text) => format!("\"{}\"", text.escape_debug()),
            other => {
                let kind = other.type_str();
                format!("{} {kind}", if kind.starts_with('a') { "an" } else { "a" })
            }
        };
        self.error(value, path, &format!("is {found}, expected {expected}"), None)
    }

    fn line(self, value: &Spanned<DeValue<'_>>) -> usize {
        line_of(self.text, value.span().start)
    }
}

impl Place {
    fn top(path: &str) -> Self {
        Self { path: path.to_owned(), rows: String::new(), name: String::new() }
    }

    /// What is left of the name of a row that has keys here; arrays of tables are no tables.
    fn rest(&self, row: &Key) -> Option<&'static str> {
        let name = Some(row.name()).filter(|_| row.table() != table::CONSTRAINT)?;
        if self.rows.is_empty() { Some(name) } else { name.strip_prefix(self.rows.as_str())?.strip_prefix('.') }
    }
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

pub(super) fn name_of(key: &Spanned<impl AsRef<str>>) -> &str {
    key.get_ref().as_ref()
}

pub(super) fn entry<'d>(table: &'d DeTable<'d>, name: &str) -> Option<&'d Spanned<DeValue<'d>>> {
    table.iter().find(|(key, _)| name_of(key) == name).map(|(_, value)| value)
}

/// A table of the user's own as a text: JSON with sorted keys, so that its order says nothing. `None` for what is no table, and
/// for what JSON cannot say.
fn free_table(value: &Spanned<DeValue<'_>>) -> Option<Plain> {
    let DeValue::Table(_) = value.get_ref() else { return None };
    let mut table = json(value)?;
    table.sort_all_objects();
    Some(Plain::from(table.to_string().as_str()))
}

fn json(value: &Spanned<DeValue<'_>>) -> Option<Json> {
    match value.get_ref() {
        DeValue::Array(array) => array.iter().map(json).collect::<Option<Vec<Json>>>().map(Json::Array),
        DeValue::Table(table) => {
            let fields = table.iter().map(|(key, value)| Some((name_of(key).to_owned(), json(value)?)));
            fields.collect::<Option<_>>().map(Json::Object)
        }
        _ => match plain(value)? {
            Plain::Switch(switch) => Some(Json::Bool(switch)),
            Plain::Whole(whole) => i64::try_from(whole).ok().map(Json::from),
            Plain::Number(number) => serde_json::Number::from_f64(number).map(Json::Number),
            Plain::Text(text) => Some(Json::String(text)),
            Plain::Texts(_) => None,
        },
    }
}

/// A value without its meaning; `None` for what no key takes.
fn plain(value: &Spanned<DeValue<'_>>) -> Option<Plain> {
    match value.get_ref() {
        DeValue::Boolean(switch) => Some(Plain::Switch(*switch)),
        DeValue::Integer(integer) => {
            i64::from_str_radix(integer.as_str(), integer.radix()).ok().map(|whole| Plain::Whole(whole.into()))
        }
        DeValue::Float(float) => float.as_str().parse().ok().map(Plain::Number),
        DeValue::String(text) => Some(Plain::from(&**text)),
        DeValue::Array(array) => {
            let texts = array.iter().map(|item| item.get_ref().as_str().map(str::to_owned));
            texts.collect::<Option<_>>().map(Plain::Texts)
        }
        _ => None,
    }
}
