//! Whose file it is, and who reads it.

use super::file::StudyFile;
use super::format::{Format, format};
use super::{Reader, Told, csv, freqtrade, json_lines, mlflow, normalised, optuna_csv, optuna_journal, scikit_learn};
use crate::failure::Failure;

/// Opens a file, finds out by its content which tool wrote it, and understands it as far as its head.
pub(crate) fn open(told: &Told) -> Result<Box<dyn Reader>, Failure> {
    let file = StudyFile::open(&told.file)?;
    match format(&file)? {
        Format::Sqlite => database(file, told),
        Format::Normalised => normalised::open(file, told),
        Format::OptunaJournal => optuna_journal::open(file, told),
        Format::OptunaCsv => optuna_csv::open(file, told),
        Format::ScikitLearnCsv => scikit_learn::open_csv(file, told),
        Format::ScikitLearnJson => scikit_learn::open_json(file, told),
        Format::MlflowCsv => mlflow::open_csv(file, told),
        Format::Freqtrade => freqtrade::open(file, told),
        Format::JsonLines => json_lines::open(file, told),
        Format::Csv => csv::open(file, told),
    }
}

/// Whose database it is, by its tables.
#[cfg(feature = "sqlite")]
fn database(file: StudyFile, told: &Told) -> Result<Box<dyn Reader>, Failure> {
    let database = super::database::Database::open(file)?;
    match (database.has("trials")?, database.has("runs")?) {
        (true, _) => super::optuna_sqlite::open(database, told),
        (false, true) => mlflow::open_database(database, told),
        (false, false) => Err(Failure::usage(format!(
            "`{}` is an SQLite file with neither Optuna's tables nor MLflow's (`trials` or `runs`)",
            told.file
        ))
        .help("name the file that the search wrote; any table can be read as CSV or as JSON lines")),
    }
}

#[cfg(not(feature = "sqlite"))]
fn database(_: StudyFile, told: &Told) -> Result<Box<dyn Reader>, Failure> {
    Err(Failure::usage(format!("`{}` is an SQLite file, and this program was built without SQLite", told.file))
        .help("`cargo install cargo-omega --features sqlite` builds it with SQLite; the published programs have it"))
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::io::{Read, Seek, Write};
    use std::time::{Duration, Instant};

    use camino::{Utf8Path, Utf8PathBuf};
    use omega_lock::internals::artifacts::ExitCode;
    use tempfile::NamedTempFile;

    use crate::failure::Failure;
    use crate::study::{Told, open};

    /// Mutants of each file; `OMEGA_MUTANTS` says how many more there are.
    const MUTANTS: u64 = 2_500;
    /// What reading one may take.
    const LONGEST: Duration = Duration::from_secs(10);

    struct Draw(u64);

    impl Draw {
        fn below(&mut self, end: usize) -> usize {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            usize::try_from(self.0 >> 33).unwrap() % end.max(1)
        }
    }

    const PIECES: [&[u8]; 14] = [
        b"\0",
        b"\xf0\x9f",
        b"1e999",
        b"{",
        b"]",
        b"\"",
        b"\n",
        b",",
        b"NaN",
        b"-Infinity",
        b"null",
        b"\\",
        b"18446744073709551616",
        b"-1",
    ];

    fn mutated(whole: &[u8], draw: &mut Draw) -> Vec<u8> {
        let mut bytes = whole.to_vec();
        for _ in 0..=draw.below(3) {
            let at = draw.below(bytes.len());
            let end = (at + 1 + draw.below(40)).min(bytes.len());
            let line = |from: usize, bytes: &[u8]| {
                let start = bytes[..from].iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
                let length =
                    bytes[from..].iter().position(|byte| *byte == b'\n').map_or(bytes.len() - from, |at| at + 1);
                start..from + length
            };
            match draw.below(9) {
                0 | 1 => bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= 1 << draw.below(8)),
                2 => drop(bytes.drain(at..end)),
                3 => bytes.truncate(at.max(1)),
                4 => bytes.splice(at..at, bytes[at..end].to_vec()).for_each(drop),
                5 => bytes
                    .splice(at..(at + draw.below(3)).min(bytes.len()), PIECES[draw.below(PIECES.len())].to_vec())
                    .for_each(drop),
                6 => {
                    let (from, other) = (line(at, &bytes), draw.below(bytes.len()));
                    let copy = bytes[from].to_vec();
                    let to = line(other, &bytes).start;
                    bytes.splice(to..to, copy).for_each(drop);
                }
                7 => drop(bytes.drain(line(at, &bytes))),
                _ => {
                    // Two columns, or two fields of an object, change their places.
                    let row = line(at, &bytes);
                    let mut fields: Vec<Vec<u8>> =
                        bytes[row.clone()].split(|byte| *byte == b',').map(<[u8]>::to_vec).collect();
                    let count = fields.len();
                    fields.swap(draw.below(count), draw.below(count));
                    bytes.splice(row, fields.join(&b','));
                }
            }
            if bytes.is_empty() {
                bytes.push(b'x');
            }
        }
        bytes
    }

    fn read(path: &Utf8Path) -> Result<(), Failure> {
        let told = Told { file: path.to_owned(), study: Some("one".to_owned()), ..Told::default() };
        open(&told)?.trials(&mut |_| Ok(())).map(|_| ())
    }

    fn hold(file: &str, seed: u64) {
        let path = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/studies").join(file);
        let mut whole = Vec::new();
        File::open(&path).unwrap().read_to_end(&mut whole).unwrap();
        if file.ends_with(".log") {
            // A few trials have every operation.
            whole.truncate(16 << 10);
            whole.truncate(whole.iter().rposition(|byte| *byte == b'\n').unwrap() + 1);
        }
        let mut named = NamedTempFile::new().unwrap();
        let place = Utf8PathBuf::try_from(named.path().to_owned()).unwrap();
        let more = std::env::var("OMEGA_MUTANTS").ok().and_then(|count| count.parse::<u64>().ok()).unwrap_or(MUTANTS);
        let mut draw = Draw(seed);
        for mutant in 0..more {
            let bytes = mutated(&whole, &mut draw);
            named.rewind().unwrap();
            named.as_file().set_len(0).unwrap();
            named.write_all(&bytes).unwrap();
            let began = Instant::now();
            if let Err(failure) = read(&place) {
                assert_eq!(failure.code, ExitCode::Usage, "{file}, mutant {mutant}: {}", failure.message);
            }
            assert!(began.elapsed() < LONGEST, "{file}, mutant {mutant}");
        }
    }

    #[test]
    fn no_mutant_of_a_journal_is_more_than_bad_input() {
        (1..=4)
            .for_each(|seed| hold(["optuna-4.9.0/journal.log", "optuna-5.0.0/journal.log"][seed as usize % 2], seed));
    }

    #[test]
    fn no_mutant_of_a_dataframe_is_more_than_bad_input() {
        (1..=4).for_each(|seed| hold(["optuna-4.9.0/one.csv", "optuna-5.0.0/two.csv"][seed as usize % 2], seed));
    }

    #[cfg(feature = "sqlite")]
    #[test]
    fn no_mutant_of_a_database_is_more_than_bad_input() {
        (1..=4).for_each(|seed| hold(["optuna-4.9.0/study.db", "optuna-5.0.0/study.db"][seed as usize % 2], seed));
    }
}
