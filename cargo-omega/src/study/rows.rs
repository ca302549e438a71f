//! Rows of named values, whatever spells them: a table as CSV, objects in lines, a list of objects, an object of columns.

use omega_lock::internals::artifacts::StudyValue;
use omega_lock::internals::regular_file::LARGEST;
use serde::de::IgnoredAny;

use super::cell;
use super::elements::Elements;
use super::file::StudyFile;
use super::lines::Lines;
use super::loose::{Loose, read};
use super::table::Table;
use crate::failure::Failure;

/// A row: values by name, in the file's order; what is empty in a table is absent.
pub(crate) type Row = Vec<(String, Loose)>;

/// The rows of a file, one after the other.
#[derive(Debug)]
pub(crate) enum Rows {
    Table {
        table: Table,
        header: Vec<String>,
    },
    Lines(Lines),
    Elements(Elements),
    /// A document of columns is in memory as a whole.
    Columns(Columns),
}

/// Columns of one length.
#[derive(Debug)]
pub(crate) struct Columns {
    columns: Vec<(String, Vec<Loose>)>,
    at: usize,
    count: usize,
    path: camino::Utf8PathBuf,
}

impl Rows {
    /// The rows of a table as CSV.
    pub(crate) fn table(file: &StudyFile) -> Result<Self, Failure> {
        let table = Table::open(file)?;
        let header = table.header().to_vec();
        Ok(Self::Table { table, header })
    }

    /// The rows of JSON in any of its spellings.
    pub(crate) fn json(file: &StudyFile) -> Result<Self, Failure> {
        let mut lines = file.lines()?;
        let first = lines.next()?.unwrap_or_default().to_vec();
        if first.first() == Some(&b'[') {
            return Elements::open(file).map(Self::Elements);
        }
        let second = lines.next()?.unwrap_or_default();
        if !is_line(&first, second) {
            return Self::document(file);
        }
        // One line may be a row, or the whole table by columns.
        let fields = if second.is_empty() { object(&first).ok() } else { None };
        match fields.and_then(|fields| Columns::of(fields, file)) {
            Some(columns) => columns.map(Self::Columns),
            // What is wrong with a line, whoever reads it says, with its number.
            None => file.lines().map(Self::Lines),
        }
    }

    /// One object over several lines.
    fn document(file: &StudyFile) -> Result<Self, Failure> {
        let path = file.path();
        if file.length() > LARGEST {
            let message =
                format!("`{path}` is one document of more than {LARGEST} bytes, the most that is read of one");
            return Err(
                Failure::usage(message).help("write the trials as JSON lines or as CSV: these are read row by row")
            );
        }
        let bytes = file.first(LARGEST)?;
        let fields = object(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes)).map_err(|error| {
            Failure::usage(format!("`{path}` has neither an object in each line nor one document: {error}"))
        })?;
        Columns::of(fields, file)
            .unwrap_or_else(|| {
                let message = format!("`{path}` is one object whose values are no columns of one table");
                Err(Failure::usage(message)
                    .help("expected an object in each line, a list of objects, or lists by name"))
            })
            .map(Self::Columns)
    }

    /// The next row.
    pub(crate) fn next(&mut self) -> Result<Option<Row>, Failure> {
        match self {
            Self::Table { table, header } => table_row(table, header),
            Self::Lines(lines) => {
                let Some(line) = lines.next()? else { return Ok(None) };
                match object(line) {
                    Ok(row) => Ok(Some(row)),
                    Err(error) => Err(lines.wrong(error)),
                }
            }
            Self::Elements(elements) => {
                let Some(element) = elements.next()? else { return Ok(None) };
                match object(element) {
                    Ok(row) => Ok(Some(row)),
                    Err(error) => Err(elements.wrong(error)),
                }
            }
            Self::Columns(columns) => Ok(columns.next()),
        }
    }

    /// What is wrong with the row that [`Rows::next`] gave.
    pub(crate) fn wrong(&self, what: impl std::fmt::Display) -> Failure {
        match self {
            Self::Table { table, .. } => table.wrong(what),
            Self::Lines(lines) => lines.wrong(what),
            Self::Elements(elements) => elements.wrong(what),
            Self::Columns(columns) => Failure::usage(format!("`{}`, row {}: {what}", columns.path, columns.at)),
        }
    }

    /// Whether the last row is a line that was cut: its tool was killed while it wrote.
    pub(crate) fn is_cut(&self) -> bool {
        matches!(self, Self::Lines(lines) if !lines.ended())
    }

    /// How these rows are spelled.
    pub(crate) const fn format(&self) -> &'static str {
        match self {
            Self::Table { .. } => "CSV",
            Self::Lines(_) => "JSON lines",
            Self::Elements(_) => "JSON, a list of rows",
            Self::Columns(_) => "JSON, lists by column",
        }
    }
}

fn table_row(table: &mut Table, header: &[String]) -> Result<Option<Row>, Failure> {
    let Some(fields) = table.next()? else { return Ok(None) };
    // pandas leaves the name of its index empty.
    let fields = header.iter().zip(fields).filter(|(name, text)| !name.is_empty() && !text.is_empty());
    let row: Vec<(String, String)> = fields.map(|(name, text)| (name.clone(), text.to_owned())).collect();
    Ok(Some(row.into_iter().map(|(name, text)| (name, typed(table, &text))).collect()))
}

fn typed(table: &Table, text: &str) -> Loose {
    match table.value(text) {
        StudyValue::Nothing => Loose::Nothing,
        StudyValue::Bool(value) => Loose::Bool(value),
        StudyValue::Int(value) => Loose::Int(value),
        StudyValue::Float(value) => Loose::Float(value.0),
        StudyValue::Text(text) => Loose::Text(text),
    }
}

/// An object of JSON.
fn object(bytes: &[u8]) -> Result<Row, String> {
    match read(bytes) {
        Ok(Loose::Object(fields)) => Ok(fields),
        Ok(_) => Err("expected an object".to_owned()),
        Err(error) => {
            let what = if error.is_data() { "" } else { "no JSON: " };
            // Of a line or an element, the number is said by whoever reads it.
            Err(format!("{what}{error}").replace(" at line 1 column ", " at column "))
        }
    }
}

/// Whether the first line is one row of several: it is whole, or an object begins behind it where no document has one.
fn is_line(first: &[u8], second: &[u8]) -> bool {
    let goes_on = matches!(first.last(), Some(b'{' | b'[' | b',' | b':'));
    read::<IgnoredAny>(first).is_ok() || (second.first() == Some(&b'{') && !goes_on)
}

impl Columns {
    /// `None` if these fields are no columns.
    fn of(fields: Row, file: &StudyFile) -> Option<Result<Self, Failure>> {
        let is_column = |value: &Loose| match value {
            Loose::List(_) => true,
            // pandas writes a column by the numbers of its rows.
            Loose::Object(cells) => !cells.is_empty() && cells.iter().all(|(name, _)| name.parse::<u64>().is_ok()),
            // numpy's text of a list; one that it shortened has too few rows.
            Loose::Text(text) => text.starts_with('[') && text.ends_with(']'),
            _ => false,
        };
        if fields.is_empty() || !fields.iter().all(|(_, value)| is_column(value)) {
            return None;
        }
        let columns = fields.into_iter().map(|(name, value)| {
            let cells = match value {
                Loose::List(cells) => cells,
                Loose::Object(cells) => cells.into_iter().map(|(_, cell)| cell).collect(),
                Loose::Text(text) => printed(&text).unwrap_or_default(),
                _ => Vec::new(),
            };
            (name, cells)
        });
        let columns: Vec<(String, Vec<Loose>)> = columns.collect();
        let count = columns[0].1.len();
        let path = file.path().to_owned();
        if let Some((name, cells)) = columns.iter().find(|(_, cells)| cells.len() != count) {
            let (name, found) = (name.escape_debug(), cells.len());
            let first = columns[0].0.escape_debug();
            return Some(Err(Failure::usage(format!(
                "`{path}`: column `{name}` has {found} rows, expected {count} as in `{first}`"
            ))
            .help("numpy shortens long lists where they become text: write them with `.tolist()`")));
        }
        Some(Ok(Self { columns, at: 0, count, path }))
    }

    fn next(&mut self) -> Option<Row> {
        if self.at == self.count {
            return None;
        }
        let at = self.at;
        self.at += 1;
        Some(
            self.columns
                .iter_mut()
                .map(|(name, cells)| (name.clone(), std::mem::replace(&mut cells[at], Loose::Nothing)))
                .collect(),
        )
    }
}

/// The cells of a list as numpy prints it: numbers between brackets with blanks between them, `--` where one is masked, texts
/// in quotes.
fn printed(text: &str) -> Option<Vec<Loose>> {
    let mut rest = text.strip_prefix('[')?.strip_suffix(']')?.trim_start();
    let mut cells = Vec::new();
    while let Some(first) = rest.chars().next() {
        let (cell, after) = match first {
            '\'' | '"' => {
                let (text, after) = rest[1..].split_once(first)?;
                (Loose::Text(text.to_owned()), after)
            }
            _ => {
                let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
                (word(&rest[..end])?, &rest[end..])
            }
        };
        cells.push(cell);
        rest = after.trim_start();
    }
    Some(cells)
}

fn word(word: &str) -> Option<Loose> {
    match cell::value(word) {
        StudyValue::Nothing => Some(Loose::Nothing),
        StudyValue::Bool(value) => Some(Loose::Bool(value)),
        StudyValue::Int(value) => Some(Loose::Int(value)),
        StudyValue::Float(value) => Some(Loose::Float(value.0)),
        // `...` stands where numpy left cells out.
        StudyValue::Text(text) => (text == "--").then_some(Loose::Nothing),
    }
}
