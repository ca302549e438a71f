//! Files of other tools with bytes changed, through their readers: an answer each time, no panic, and none that takes long.
//!
//! `OMEGA_MUTANTS` says how many of each file there are, if there shall be more than in every run of the tests.
#![expect(clippy::disallowed_methods, reason = "the mutants are files, and how many there are is asked for")]

use std::fs;
use std::time::{Duration, Instant};

use camino::{Utf8Path, Utf8PathBuf};
use omega_lock::internals::artifacts::{Direction, ExitCode};

use serde_json::Value;

use super::{Told, open};

/// What is enough for every run of the tests.
const USUAL: u64 = 10_000;
/// What one answer may take.
const LONGEST: Duration = Duration::from_secs(5);
/// What stands in files of this kind where a mutant has something else.
const PIECES: [&[u8]; 16] = [
    b"NaN",
    b"-Infinity",
    b"1e999",
    b"null",
    b"\"",
    b"{",
    b"]",
    b",",
    b"\n",
    b";",
    b"\0",
    b"\xff\xfe",
    b"-1",
    b"9223372036854775808",
    b"true",
    b"\\",
];

/// A fixture of another tool.
pub(super) fn fixture(path: &str) -> Vec<u8> {
    let path = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/studies").join(path);
    fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Holds that the file itself is read, and that every mutant of it is read or refused. Where one letter within a field is another
/// one, there are no fewer trials, or what was left out is told: none goes silently. Lines that are gone cannot be told.
pub(super) fn hold(whole: &[u8], told: &Told) {
    let count: u64 = std::env::var("OMEGA_MUTANTS").ok().and_then(|count| count.parse().ok()).unwrap_or(USUAL);
    let folder = tempfile::tempdir().unwrap();
    let path = Utf8PathBuf::try_from(folder.path().join("study")).unwrap();
    let told = Told { file: path.clone(), ..told.clone() };
    fs::write(&path, whole).unwrap();
    let (trials, left_out) = read(&told).unwrap_or_else(|code| panic!("the file itself is not read: {code:?}"));
    assert!(trials > 1, "the file itself has {trials} trials");
    let mut answers = [0_u64; 2];
    for seed in 1..=count {
        let bytes = mutant(whole, seed);
        fs::write(&path, &bytes).unwrap();
        let began = Instant::now();
        let answer = read(&told);
        assert!(began.elapsed() < LONGEST, "mutant {seed} takes {:?}", began.elapsed());
        match answer {
            Ok((found, left)) => assert!(
                found >= trials || left != left_out || !by_a_letter(whole, &bytes),
                "mutant {seed} has {found} trials of {trials}, and nothing is said of the others"
            ),
            Err(code) => assert_eq!(code, ExitCode::Usage, "mutant {seed}"),
        }
        answers[usize::from(answer.is_err())] += 1;
    }
    assert!(answers.iter().all(|count| *count > 0), "read and refused: {answers:?}");
}

/// Whether two files differ by one letter or figure, in a table or in objects whose lines are a trial each.
fn by_a_letter(whole: &[u8], bytes: &[u8]) -> bool {
    let is_of_trials = !whole.starts_with(b"SQLite") && !whole.starts_with(b"{\"op_code\"");
    let mut changed = whole.iter().zip(bytes).filter(|(one, other)| one != other);
    let one = changed.next().is_some_and(|(one, other)| one.is_ascii_alphanumeric() && other.is_ascii_alphanumeric());
    is_of_trials && whole.len() == bytes.len() && one && changed.next().is_none()
}

/// How many trials were given, and how many things were left out.
fn read(told: &Told) -> Result<(u64, u64), ExitCode> {
    let mut count = 0;
    let mut each = |_| {
        count += 1;
        Ok(())
    };
    let end = open(told).and_then(|reader| reader.trials(&mut each)).map_err(|failure| failure.code)?;
    assert_eq!(end.trials, count);
    Ok((count, end.left_out.iter().map(|left| left.count).sum()))
}

/// A file with a few places changed: bytes, pieces cut out or doubled, lines swapped or spliced.
fn mutant(whole: &[u8], seed: u64) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut draw = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state >> 33).unwrap_or(0) % below.max(1)
    };
    let mut bytes = whole.to_vec();
    for _ in 0..=draw(3) {
        let at = draw(bytes.len());
        let end = (at + 1 + draw(60)).min(bytes.len());
        match draw(10) {
            0 | 1 => bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= 1 << draw(8)),
            2 => drop(bytes.drain(at..end)),
            3 => {
                let piece = bytes[at..end].to_vec();
                let to = draw(bytes.len());
                bytes.splice(to..to, piece).for_each(drop);
            }
            4 | 5 => {
                bytes.splice(at..(at + draw(4)).min(bytes.len()), PIECES[draw(PIECES.len())].to_vec()).for_each(drop)
            }
            6 => bytes.truncate(at),
            7 => {
                // Two columns, or two fields of an object, change their places.
                let mut fields: Vec<&[u8]> = bytes.split(|byte| *byte == b',').collect();
                let one = draw(fields.len());
                let other = (one + 1 + draw(3)).min(fields.len() - 1);
                fields.swap(one, other);
                bytes = fields.join(&b',');
            }
            change => {
                let mut lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
                let (one, other) = (draw(lines.len()), draw(lines.len()));
                match (change, draw(2)) {
                    (8, _) => lines.swap(one, other),
                    (_, 0) => lines.insert(other, lines[one]),
                    _ => drop(lines.remove(one)),
                }
                bytes = lines.concat();
            }
        }
        if bytes.is_empty() {
            break;
        }
    }
    bytes
}

fn told(score: &str, direction: Option<Direction>) -> Told {
    Told { score: Some(score.to_owned()).filter(|score| !score.is_empty()), direction, ..Told::default() }
}

#[test]
fn tables_of_scikit_learn_are_read_or_refused() {
    let whole = fixture("scikit-learn/halving.csv");
    let lines: Vec<&[u8]> = whole.split_inclusive(|byte| *byte == b'\n').collect();
    hold(&[&lines[..3], &lines[lines.len() - 2..]].concat().concat(), &told("", None));
}

#[test]
fn json_of_scikit_learn_is_read_or_refused() {
    let rows: Vec<Value> = serde_json::from_slice(&fixture("scikit-learn/grids.records.json")).unwrap();
    hold(&serde_json::to_vec(&[&rows[0], &rows[14]]).unwrap(), &told("acc", None));
}

#[test]
#[cfg(feature = "sqlite")]
fn databases_of_mlflow_are_read_or_refused() {
    let told = Told { study: Some("amp".to_owned()), ..told("val_sharpe", Some(Direction::Maximize)) };
    hold(&fixture("mlflow/runs.db"), &told);
}

#[test]
fn tables_of_mlflow_are_read_or_refused() {
    hold(&fixture("mlflow/runs.csv"), &told("val_sharpe", Some(Direction::Maximize)));
}

#[test]
fn results_of_freqtrade_are_read_or_refused() {
    let whole = fixture("freqtrade/strategy_Amp_2026-11-27_09-52-00.fthypt");
    // The epochs with the fewest trades.
    let lines: Vec<&[u8]> = whole.split_inclusive(|byte| *byte == b'\n').collect();
    hold(&[lines[2], lines[5]].concat(), &told("", None));
}

/// Of the study `one` of Optuna.
fn one() -> Told {
    Told { study: Some("one".to_owned()), ..Told::default() }
}

#[test]
fn journals_of_optuna_are_read_or_refused() {
    let mut whole = fixture("optuna-5.0.0/journal.log");
    // A few trials have every operation.
    whole.truncate(16 << 10);
    whole.truncate(whole.iter().rposition(|byte| *byte == b'\n').unwrap() + 1);
    hold(&whole, &one());
}

#[test]
fn dataframes_of_optuna_are_read_or_refused() {
    hold(&fixture("optuna-4.9.0/one.csv"), &Told::default());
    hold(&fixture("optuna-5.0.0/two.csv"), &Told::default());
}

#[test]
#[cfg(feature = "sqlite")]
fn databases_of_optuna_are_read_or_refused() {
    hold(&fixture("optuna-5.0.0/study.db"), &one());
}

#[test]
fn any_table_and_any_objects_are_read_or_refused() {
    let told = Told { params: vec!["x".to_owned(), "opt.*".to_owned()], ..told("score", Some(Direction::Minimize)) };
    let table = b"x;opt.lr;opt.name;score;note\n1,5;0,25;adam;-0,5;a\n2;0,5;sgd;nan;\"b;\"\"c\"\"\"\n3;1;adam;1e-3;d\n";
    hold(table, &told);
    let lines = b"{\"x\":1.5,\"opt\":{\"lr\":0.25,\"name\":\"adam\"},\"score\":-0.5,\"note\":[1,2]}\n\
                  {\"x\":NaN,\"opt\":{\"lr\":1,\"name\":\"sgd\"},\"score\":null}\n{\"x\":[2],\"score\":Infinity}\n";
    hold(lines, &told);
}
