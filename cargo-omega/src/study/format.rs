//! Which format a file has, by its first bytes.

use super::file::StudyFile;
use super::normalised::begins_as_one;
use super::table::Table;
use crate::failure::Failure;

/// What is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// A database; its tables say whose.
    Sqlite,
    /// A study that we wrote.
    Normalised,
    /// Optuna's file of operations.
    OptunaJournal,
    /// `study.trials_dataframe().to_csv()`.
    OptunaCsv,
    /// `pandas.DataFrame(search.cv_results_).to_csv()`.
    ScikitLearnCsv,
    /// `cv_results_` as JSON, by records or by columns.
    ScikitLearnJson,
    /// `mlflow.search_runs().to_csv()`.
    MlflowCsv,
    /// The results of a hyperopt of freqtrade.
    Freqtrade,
    /// An object in each line, or one list of objects.
    JsonLines,
    /// Any other table.
    Csv,
}

const SQLITE: &[u8] = b"SQLite format 3\0";
/// How much of a document is looked at.
const LOOK: u64 = 1 << 20;

/// What is refused by its first bytes: a pickle because reading one runs whatever it says.
const REFUSED: [(&[u8], &str, &str); 9] = [
    (b"\x80", "a pickle of Python, which is a program and not data", PICKLE),
    (b"\x1f\x8b", "compressed by gzip", UNPACK),
    (b"PK\x03\x04", "a ZIP archive", UNPACK),
    (b"\x28\xb5\x2f\xfd", "compressed by zstd", UNPACK),
    (b"BZh", "compressed by bzip2", UNPACK),
    (b"PAR1", "Parquet", "write the table as CSV: `frame.to_csv(\"trials.csv\", index=False)`"),
    (b"\x89HDF", "HDF5", "write the table as CSV: `frame.to_csv(\"trials.csv\", index=False)`"),
    (b"\xff\xfe", "UTF-16", "save it as UTF-8"),
    (b"\xfe\xff", "UTF-16", "save it as UTF-8"),
];

const PICKLE: &str = "let Python write the trials as text: `study.trials_dataframe().to_csv(..)`, \
                      `pandas.DataFrame(search.cv_results_).to_csv(..)`";
const UNPACK: &str = "unpack it";

/// The format of a file.
pub(crate) fn format(file: &StudyFile) -> Result<Format, Failure> {
    let first = file.first(LOOK)?;
    if first.starts_with(SQLITE) {
        return Ok(Format::Sqlite);
    }
    let refused = REFUSED.iter().find(|(magic, ..)| first.starts_with(magic));
    if let Some((_, what, help)) = refused {
        return Err(Failure::usage(format!("`{}` is {what}", file.path())).help(help));
    }
    if first.contains(&0) {
        let message = format!("`{}` is neither text nor an SQLite file", file.path());
        return Err(Failure::usage(message).help("`cargo omega study --help` names the formats that are read"));
    }
    let text = first.trim_ascii_start();
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text).trim_ascii_start();
    match text.first() {
        // Its reader says what stands before its first row.
        Some(b'{') if begins_as_one(text) => Ok(Format::Normalised),
        Some(b'{' | b'[') => json(file, &first),
        Some(_) => Ok(table(Table::open(file)?.header())),
        None => Err(Failure::usage(format!("`{}` has nothing but blanks", file.path()))),
    }
}

fn json(file: &StudyFile, first: &[u8]) -> Result<Format, Failure> {
    let mut lines = file.lines()?;
    let line = lines.next()?.unwrap_or_default();
    let has = |word: &[u8]| holds(line, word);
    Ok(match line.first() {
        Some(b'{') if has(b"\"op_code\"") => Format::OptunaJournal,
        Some(b'{') if line.starts_with(b"{\"h\":") => Format::Normalised,
        Some(b'{') if has(b"\"fthypt_fileversion\"") => Format::Freqtrade,
        _ if holds(first, b"\"mean_test_") || holds(first, b"\"mean_fit_time\"") => Format::ScikitLearnJson,
        _ => Format::JsonLines,
    })
}

fn holds(text: &[u8], word: &[u8]) -> bool {
    text.windows(word.len()).any(|found| found == word)
}

/// Whose table it is, by its columns.
fn table(header: &[String]) -> Format {
    // The name of a parameter may begin or end with a blank; that of a tool's own column does not.
    let has = |name: &str| header.iter().any(|column| column.trim() == name);
    let begins = |prefix: &str| header.iter().any(|column| column.trim_start().starts_with(prefix));
    let has_values = has("value") || begins("value_") || begins("values_");
    if has("number") && has("state") && (has_values || begins("params_")) {
        return Format::OptunaCsv;
    }
    if begins("mean_test_") {
        return Format::ScikitLearnCsv;
    }
    if has("run_id") && has("status") && (begins("metrics.") || begins("params.")) {
        return Format::MlflowCsv;
    }
    Format::Csv
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use camino::Utf8Path;
    use tempfile::NamedTempFile;

    use super::{Format, format};
    use crate::study::file::StudyFile;

    fn of(content: &[u8]) -> Result<Format, String> {
        let mut named = NamedTempFile::new().unwrap();
        named.write_all(content).unwrap();
        let path = Utf8Path::from_path(named.path()).unwrap();
        StudyFile::open(path).and_then(|file| format(&file)).map_err(|failure| failure.message)
    }

    #[test]
    fn a_file_shows_by_its_first_bytes_which_format_it_has() {
        for (content, expected) in [
            (&b"SQLite format 3\0 and pages"[..], Format::Sqlite),
            (b"{\"op_code\":0,\"worker_id\":\"w\",\"study_name\":\"a\",\"directions\":[1]}\n", Format::OptunaJournal),
            (b"\xef\xbb\xbf{\"op_code\":0}", Format::OptunaJournal),
            (b"{\"h\":\"00\",\"b\":{}}\n", Format::Normalised),
            (b"{\"loss\":1.0,\"a\":NaN,\"fthypt_fileversion\":2}\n", Format::Freqtrade),
            (b"{\n  \"mean_fit_time\": [1.0],\n  \"mean_test_score\": [0.5]\n}\n", Format::ScikitLearnJson),
            (b"[{\"params\":{},\"mean_test_score\":0.5}]", Format::ScikitLearnJson),
            (b"{\"a\":1,\"score\":0.5}\n", Format::JsonLines),
            (b"number,value,params_x,state\n0,1.0,2,COMPLETE\n", Format::OptunaCsv),
            (b"\xef\xbb\xbfnumber;values_0;values_1;state\n0;1,0;2;COMPLETE\n", Format::OptunaCsv),
            (b",number,value_acc,state\n0,0,1.0,COMPLETE\n", Format::OptunaCsv),
            (b"param_C,mean_test_score,split0_test_score\n1,0.5,0.5\n", Format::ScikitLearnCsv),
            (b"run_id,experiment_id,status,metrics.loss,params.a\nr,0,FINISHED,1,2\n", Format::MlflowCsv),
            (b"x,y,score\n1,2,3\n", Format::Csv),
        ] {
            assert_eq!(of(content), Ok(expected), "{}", String::from_utf8_lossy(content));
        }
    }

    #[test]
    fn what_is_no_text_is_refused_by_name() {
        for (content, word) in [
            (&b"\x80\x05\x95pickle"[..], "pickle"),
            (b"\x1f\x8b\x08", "gzip"),
            (b"PK\x03\x04", "ZIP"),
            (b"PAR1", "Parquet"),
            (b"\xff\xfen\0u\0", "UTF-16"),
            (b"number,\0", "neither text nor"),
            (b" \n\n", "blanks"),
            (b"", "empty"),
            (b"a,a\n1,2\n", "two columns `a`"),
            (b"a,\xff\n1,2\n", "not UTF-8"),
        ] {
            let said = of(content).unwrap_err();
            assert!(said.contains(word), "{said}");
        }
    }
}
