//! Where a list of scores is, and what was found there.

use std::fmt;

use camino::{Utf8Path, Utf8PathBuf};

use super::{columns, document};
use crate::disk;
use crate::failure::Failure;
use crate::study::StudyFile;
use crate::ui::Ui;

/// What is shown where a list cannot be read.
pub(super) const EXPECTED: &str = "a file of scores holds one number per candidate: [0.91, 0.84]; or a row of blocks for each: \
                        [[0.91, 0.88], [0.84, 0.9]]; or columns of a CSV file, `FILE:COLUMN`";

/// A place that the command line names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Source {
    /// Absent for standard input.
    path: Option<Utf8PathBuf>,
    /// Column of a table, or a pattern of several.
    column: Option<String>,
}

/// Scores of candidates.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Scores {
    /// One for each.
    Single(Vec<f64>),
    /// For each a row: one for each block.
    Rows(Vec<Vec<f64>>),
}

/// What a place holds.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Given {
    /// One list.
    One(Scores),
    /// A file of the Python package, which holds both, with what is to be known of it.
    Both { train: Vec<f64>, holdout: Vec<f64>, note: Option<String> },
}

impl Source {
    /// `-`, `FILE`, or `FILE:COLUMN`; a file whose whole name is given comes before one with a column.
    pub(crate) fn of(argument: &Utf8Path) -> Self {
        let at = |path: &str, column: Option<&str>| Self {
            path: (path != "-").then(|| Utf8PathBuf::from(path)),
            column: column.map(str::to_owned),
        };
        match argument.as_str().rsplit_once(':') {
            Some((path, column)) if !argument.is_file() && (path == "-" || Utf8Path::new(path).is_file()) => {
                at(path, Some(column))
            }
            _ => at(argument.as_str(), None),
        }
    }

    /// Whether it is standard input, which can be read once.
    pub(crate) fn is_standard_input(&self) -> bool {
        self.path.is_none()
    }

    /// The file, where it is one without a column.
    pub(crate) fn whole_file(&self) -> Option<&Utf8Path> {
        self.path.as_deref().filter(|_| self.column.is_none())
    }

    /// What is there.
    pub(crate) fn read(&self, ui: &mut Ui) -> Result<Given, Failure> {
        let table = self.path.as_ref().is_some_and(|path| path.extension().is_some_and(is_table));
        match &self.column {
            Some(column) => columns::read(&self.file(ui)?, column).map(Given::One),
            None if table => Err(columns::unnamed(&self.file(ui)?)?.help(EXPECTED)),
            None => {
                let text = match &self.path {
                    None => ui.input(disk::LARGEST_SCORES)?,
                    Some(path) => disk::scores(path)?,
                };
                document::read(&text).map_err(|fault| Failure::usage(format!("{self}{fault}")).help(EXPECTED))
            }
        }
    }

    /// The table, as studies are read.
    fn file(&self, ui: &mut Ui) -> Result<StudyFile, Failure> {
        let Some(path) = &self.path else {
            return StudyFile::of_text(&ui.input(disk::LARGEST_SCORES)?, "standard input");
        };
        let file = StudyFile::open(path)?;
        match file.length() {
            length if length > disk::LARGEST_SCORES => Err(Failure::usage(format!(
                "`{path}` has {length} bytes, and a table of scores at most {}",
                disk::LARGEST_SCORES
            ))),
            _ => Ok(file),
        }
    }

    /// Whether this and another one are scores of the same splits, as scikit-learn names their columns: `split0_test_score`,
    /// ... beside their mean.
    pub(crate) fn shares_splits_with(&self, other: &Self) -> bool {
        let of_splits = |column: &Option<String>| {
            let column = column.as_deref().unwrap_or_default();
            (column.starts_with("split") || column.starts_with("mean_")) && column.contains("test_")
        };
        self.path == other.path && of_splits(&self.column) && of_splits(&other.column)
    }
}

/// Whether the ending of a name says that it is a table.
fn is_table(extension: &str) -> bool {
    ["csv", "tsv"].iter().any(|known| extension.eq_ignore_ascii_case(known))
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.path {
            Some(path) => write!(f, "`{path}`"),
            None => f.write_str("standard input"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_follows_a_file_that_is_there() {
        let folder = tempfile::tempdir().expect("a folder");
        let folder = Utf8Path::from_path(folder.path()).expect("UTF-8");
        #[expect(clippy::disallowed_methods, reason = "files of a test")]
        for name in ["a.csv", "b:c"] {
            std::fs::write(folder.join(name), "x").expect("a file");
        }
        let of = |name: &str| Source::of(&folder.join(name));
        assert_eq!(of("a.csv:x y").column.as_deref(), Some("x y"));
        assert_eq!(of("b:c").column, None);
        assert_eq!(of("none.csv:x").whole_file(), Some(folder.join("none.csv:x").as_path()));
        assert!(Source::of("-:x".into()).is_standard_input() && Source::of("-".into()).column.is_none());
    }
}
