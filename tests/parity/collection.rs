//! The cases of a directory, as trials.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use libtest_mimic::Trial;
use serde::Deserialize;
use serde_json::Value as Json;

use crate::comparison::{Precision, differences};
use crate::{axes, benchmark, evaluate, gate_scores, gates, iterative, p1, p2, random_search, rng, stress, tpe};

/// Answers a case: its document, and its text where the order of keys matters.
type Answer = fn(&Json, &str) -> Result<Json, String>;

const KINDS: [(&str, Answer, Precision); 12] = [
    ("rng", rng::answer, Precision::Bits),
    ("evaluate", evaluate::answer, Precision::FitnessBits),
    ("axes", axes::answer, Precision::FitnessBits),
    ("stress", stress::answer, Precision::FitnessBits),
    ("gates", gates::answer, Precision::FitnessBits),
    ("gate_scores", gate_scores::answer, Precision::FitnessBits),
    ("random_search", random_search::answer, Precision::FitnessBits),
    ("p1", p1::answer, Precision::FitnessBits),
    ("iterative", iterative::answer, Precision::FitnessBits),
    ("benchmark", benchmark::answer, Precision::FitnessBits),
    ("p2", p2::answer, Precision::Close),
    ("tpe", tpe::answer, Precision::Close),
];

/// What a case calls itself; the rest of the file is read when the trial runs.
#[derive(Deserialize)]
struct Header {
    kind: String,
    id: String,
}

/// One trial per file, sorted by file name. A folder without a case is one trial that fails.
pub(crate) fn trials(directory: &Path) -> Vec<Trial> {
    let files = match files(directory) {
        Ok(files) => files,
        Err(error) => {
            return vec![refused("folder::readable", directory, error.to_string())];
        }
    };
    if files.is_empty() {
        return vec![refused("folder::not_empty", directory, "the folder holds no case".to_owned())];
    }
    let mut names = HashSet::new();
    files.iter().map(|file| trial(file, &mut names)).collect()
}

/// Every entry but the folder's own README; what is no case shall be noticed.
fn files(directory: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(directory)? {
        let entry = entry?;
        if entry.file_name() != "README.md" {
            files.push(entry.path());
        }
    }
    files.sort();
    Ok(files)
}

fn trial(file: &Path, names: &mut HashSet<String>) -> Trial {
    let stem = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let header =
        read(file).and_then(|text| serde_json::from_str::<Header>(&text).map_err(|error| format!("no case: {error}")));
    let Header { kind, id } = match header {
        Ok(header) => header,
        Err(error) => return refused(&format!("unreadable::{stem}"), file, error),
    };
    let name = format!("{kind}::{id}");
    if !names.insert(name.clone()) {
        let error = format!("a second case is named `{name}`");
        return refused(&format!("duplicate::{stem}"), file, error);
    }
    let Some(&(_, answer, precision)) = KINDS.iter().find(|(known, ..)| *known == kind) else {
        let known: Vec<&str> = KINDS.iter().map(|(known, ..)| *known).collect();
        let error = format!("unknown kind `{kind}`, expected one of {}", known.join(", "));
        return refused(&name, file, error);
    };
    let file = file.to_owned();
    Trial::test(name, move || {
        check(&file, answer, precision).map_err(|error| format!("{}\n{error}", file.display()).into())
    })
}

fn check(file: &Path, answer: Answer, precision: Precision) -> Result<(), String> {
    let text = read(file)?;
    let case: Json = serde_json::from_str(&text).map_err(|error| format!("no case: {error}"))?;
    let expected = case.get("expected").ok_or("no key `expected`")?;
    let found = answer(&case, &text)?;
    differences(&found, expected, precision)
}

fn read(file: &Path) -> Result<String, String> {
    std::fs::read_to_string(file).map_err(|error| error.to_string())
}

/// A trial that fails with this reason.
fn refused(name: &str, path: &Path, error: String) -> Trial {
    let text = format!("{}\n{error}", path.display());
    Trial::test(name, move || Err(text.into()))
}
