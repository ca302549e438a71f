//! A table as CSV, row by row.

use std::cell::Cell;
use std::collections::HashSet;
use std::fs::File;
use std::io::{self, BufReader, Read, Take};
use std::rc::Rc;

use camino::Utf8PathBuf;
use csv::{ErrorKind, ReaderBuilder, StringRecord};
use omega_lock::internals::artifacts::StudyValue;
use omega_lock::internals::regular_file::LARGEST;

use super::cell;
use super::file::StudyFile;
use super::quotes::Quotes;
use crate::failure::Failure;

/// What stands between two fields, the likeliest first.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// The rows of a table whose first row names its columns.
#[derive(Debug)]
pub(crate) struct Table {
    rows: csv::Reader<Bounded>,
    left: Rc<Cell<u64>>,
    path: Utf8PathBuf,
    header: Vec<String>,
    row: StringRecord,
    delimiter: u8,
    /// Whether people wrote it with a blank behind each delimiter, which then belongs to no field.
    is_padded: bool,
    /// How many lines the reader is behind: one where lines end in two characters, of which it takes the first alone.
    behind: u64,
}

impl Table {
    /// Reads the header. Which delimiter a table has, its header shows.
    pub(crate) fn open(file: &StudyFile) -> Result<Self, Failure> {
        let headers = DELIMITERS.into_iter().map(|delimiter| Self::with(file, delimiter, None));
        let mut best: Option<Self> = None;
        for table in headers {
            let table = table?;
            if best.as_ref().is_none_or(|best| table.header.len() > best.header.len()) {
                best = Some(table);
            }
        }
        // Readings of one file share one place in it: the chosen one begins again.
        let delimiter = best.map_or(b',', |best| best.delimiter);
        let table = Self::with(file, delimiter, Some(Quotes::new(delimiter)))?;
        let mut known = HashSet::new();
        match table.header.iter().find(|name| !known.insert(name.as_str())) {
            Some(twice) => {
                let what =
                    if twice.is_empty() { "without a name".to_owned() } else { format!("`{}`", twice.escape_debug()) };
                let message = format!("`{}` has two columns {what}", table.path);
                Err(Failure::usage(message).help("name each column once"))
            }
            None => Ok(table),
        }
    }

    /// Only with the delimiter that a table has do its quotes mean something.
    fn with(file: &StudyFile, delimiter: u8, quotes: Option<Quotes>) -> Result<Self, Failure> {
        let left = Rc::new(Cell::new(LARGEST));
        let mut bytes = file.bytes()?;
        skip_mark(&mut bytes)
            .map_err(|error| Failure::internal(format!("`{}` could not be read: {error}", file.path())))?;
        let bounded = Bounded { bytes, left: Rc::clone(&left), quotes };
        let rows = ReaderBuilder::new().delimiter(delimiter).from_reader(bounded);
        let path = file.path().to_owned();
        let mut table = Self {
            rows,
            left,
            path,
            header: Vec::new(),
            row: StringRecord::new(),
            delimiter,
            is_padded: false,
            behind: 0,
        };
        let header = table.rows.headers().map(|header| header.iter().map(str::to_owned).collect());
        table.header = header.map_err(|error| table.unread(&error))?;
        let lines = 1 + table.header.iter().map(|name| name.matches('\n').count() as u64).sum::<u64>();
        table.behind = (lines + 1).saturating_sub(table.rows.position().line());
        let mut behind = table.header.iter().skip(1).peekable();
        table.is_padded = behind.peek().is_some() && behind.all(|name| name.starts_with(' '));
        if table.is_padded {
            table.header.iter_mut().for_each(|name| *name = name.trim().to_owned());
        }
        Ok(table)
    }

    /// The names of the columns, in their order. pandas leaves that of its index empty.
    pub(crate) fn header(&self) -> &[String] {
        &self.header
    }

    /// Where a column of the tool's own is; people put blanks around names.
    pub(crate) fn column(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|column| column.trim() == name)
    }

    /// The next row, with as many fields as there are columns.
    pub(crate) fn next(&mut self) -> Result<Option<&StringRecord>, Failure> {
        self.left.set(LARGEST);
        match self.rows.read_record(&mut self.row) {
            Ok(true) => {
                if self.is_padded {
                    self.row.trim();
                }
                Ok(Some(&self.row))
            }
            Ok(false) => Ok(None),
            Err(error) => Err(self.unread(&error)),
        }
    }

    /// A field of the row that [`Table::next`] gave.
    pub(crate) fn cell(&self, column: usize) -> &str {
        self.row.get(column).unwrap_or_default()
    }

    /// A number in a field: `None` where there is none. Python, pandas, R and spreadsheets spell those that are not finite.
    pub(crate) fn number(&self, text: &str) -> Option<f64> {
        let text = text.trim();
        let spelled = text.trim_start_matches(['+', '-']);
        let sign = if text.starts_with('-') { -1.0 } else { 1.0 };
        match spelled.to_ascii_lowercase().as_str() {
            "nan" => Some(f64::NAN),
            "inf" | "infinity" => Some(sign * f64::INFINITY),
            // Where a comma cannot be a delimiter, it is the point of a spreadsheet.
            _ if self.delimiter != b',' && text.contains(',') => text.replacen(',', ".", 1).parse().ok(),
            _ => text.parse().ok(),
        }
    }

    /// A parameter's value in a field. Where a comma may be a point, a number with one is a number.
    pub(crate) fn value(&self, text: &str) -> StudyValue {
        match cell::value(text) {
            StudyValue::Text(text) if text.contains(',') => {
                let point = if self.delimiter == b',' { None } else { Some(text.replacen(',', ".", 1)) };
                let number = point.map(|text| cell::value(&text)).filter(|value| matches!(value, StudyValue::Float(_)));
                number.unwrap_or(StudyValue::Text(text))
            }
            value => value,
        }
    }

    /// What is wrong with the row that [`Table::next`] gave.
    pub(crate) fn wrong(&self, what: impl std::fmt::Display) -> Failure {
        let line = self.row.position().map_or(0, csv::Position::line) + self.behind;
        Failure::usage(format!("`{}`, line {line}: {what}", self.path))
    }

    fn unread(&self, error: &csv::Error) -> Failure {
        let line = error.position().map_or_else(|| self.rows.position().line(), csv::Position::line) + self.behind;
        match error.kind() {
            ErrorKind::Io(error) if error.kind() == io::ErrorKind::FileTooLarge => {
                let message = format!("`{}`, line {line}: the row is longer than {LARGEST} bytes", self.path);
                Failure::usage(message).help("a quote that nothing closes makes one row of all that follows")
            }
            ErrorKind::Io(error) if error.kind() == io::ErrorKind::InvalidData => {
                let help = "a field that holds a quote is written with it twice, between quotes: \"a \"\"b\"\"\"";
                Failure::usage(format!("`{}`, {error}", self.path)).help(help)
            }
            ErrorKind::Io(error) => Failure::internal(format!("`{}` could not be read: {error}", self.path)),
            ErrorKind::UnequalLengths { expected_len, len, .. } => Failure::usage(format!(
                "`{}`, line {line}: the row has {len} fields, expected {expected_len} as in the header",
                self.path
            )),
            ErrorKind::Utf8 { .. } => Failure::usage(format!("`{}`, line {line}: not UTF-8", self.path)),
            other => Failure::usage(format!("`{}`, line {line}: {other:?}", self.path)),
        }
    }
}

/// Spreadsheets put a byte order mark first.
fn skip_mark(bytes: &mut BufReader<Take<File>>) -> io::Result<()> {
    use std::io::BufRead;
    let mark = bytes.fill_buf()?.starts_with(b"\xef\xbb\xbf");
    bytes.consume(if mark { 3 } else { 0 });
    Ok(())
}

/// No more bytes than a row may have, so that one that never ends is an answer; and quotes that are closed.
#[derive(Debug)]
struct Bounded {
    bytes: BufReader<Take<File>>,
    left: Rc<Cell<u64>>,
    quotes: Option<Quotes>,
}

impl Read for Bounded {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.bytes.read(into)?;
        match self.left.get().checked_sub(count as u64) {
            Some(left) => self.left.set(left),
            None => return Err(io::ErrorKind::FileTooLarge.into()),
        }
        if let Some(quotes) = &mut self.quotes {
            let followed = if count == 0 { quotes.end() } else { quotes.follow(&into[..count]) };
            followed.map_err(|what| io::Error::new(io::ErrorKind::InvalidData, what))?;
        }
        Ok(count)
    }
}
