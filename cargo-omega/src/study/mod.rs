//! Files that other optimizers leave behind, read as they are: one file per format.
//!
//! [`open`] finds out whose file it is and gives its head; [`Reader::trials`] hands over one trial after the other, so that
//! millions of them need no memory. Whoever asks says what the file does not. `file` is the bytes, `table`, `rows`
//! and `database` what several formats are made of, `format` whose it is. `csv` and `json_lines` are for tools that have no file
//! of their own here.

mod asked;
mod cell;
mod collected;
mod csv;
#[cfg(feature = "sqlite")]
mod database;
mod distribution;
mod edges;
mod elements;
mod epoch;
mod file;
mod findings;
mod format;
mod freqtrade;
mod generic;
mod halves;
mod journal_line;
mod journal_queue;
mod journal_replay;
mod json_lines;
mod left_out;
mod lines;
mod loose;
mod mlflow;
#[cfg(feature = "sqlite")]
mod mlflow_database;
#[cfg(feature = "sqlite")]
mod mlflow_revision;
mod mlflow_table;
#[cfg(test)]
mod mutants;
mod normalised;
mod open;
mod optuna;
mod optuna_csv;
mod optuna_journal;
#[cfg(feature = "sqlite")]
mod optuna_sqlite;
mod other;
mod parts;
mod patterns;
mod period;
mod python_json;
mod quotes;
mod reader;
mod rows;
mod scikit_learn;
mod sets;
mod survey;
mod table;
mod winner;

pub(crate) use asked::{agreed, said, score};
pub(crate) use file::StudyFile;
pub(crate) use normalised::{begins_as_one, unread};
pub(crate) use open::open;
pub(crate) use other::Other;
pub(crate) use reader::{Each, Reader, Told};
pub(crate) use survey::{Question, survey};
pub(crate) use table::Table;
