//! `cv_results_` of scikit-learn: what a search over a grid or at random, or by successive halving, has found.
//!
//! Its scorers are larger where they are better, in every version. A mean over splits is a trial's score, and the splits are
//! its parts.

use omega_lock::internals::artifacts::{
    Direction, Number, Objective, Ordered, Spelled, StudyEnd, StudyHead, StudyTrial, TrialState,
};

use super::file::StudyFile;
use super::generic::{Spelling, one_study};
use super::left_out::Tally;
use super::loose::Loose;
use super::patterns::{Patterns, choice};
use super::rows::{Row, Rows};
use super::{Each, Reader, Told};
use crate::failure::Failure;

const MEAN: &str = "mean_test_";
const MEAN_TRAIN: &str = "mean_train_";
const PARAM: &str = "param_";
/// What a trial was given, where halving gives the best ones more.
const RESOURCES: &str = "n_resources";

/// Opens the table that `pandas.DataFrame(search.cv_results_).to_csv(..)` wrote.
pub(crate) fn open_csv(file: StudyFile, told: &Told) -> Result<Box<dyn Reader>, Failure> {
    SearchResults::open(file, Rows::table, told)
}

/// Opens `cv_results_` as JSON.
pub(crate) fn open_json(file: StudyFile, told: &Told) -> Result<Box<dyn Reader>, Failure> {
    SearchResults::open(file, Rows::json, told)
}

struct SearchResults {
    head: StudyHead,
    file: StudyFile,
    spelling: Spelling,
    patterns: Patterns,
    told: Told,
    score: String,
    /// The columns, which in a table stand in every row, empty or not.
    names: Vec<String>,
    /// The most that a trial was given; absent where every one was given everything.
    most: Option<f64>,
}

impl SearchResults {
    fn open(file: StudyFile, spelling: Spelling, told: &Told) -> Result<Box<dyn Reader>, Failure> {
        one_study(told)?;
        if told.direction == Some(Direction::Minimize) {
            let message = "--direction minimize: scorers of scikit-learn are larger where they are better";
            return Err(Failure::usage(message).help("an error is negated there, as in `neg_mean_squared_error`"));
        }
        let patterns = Patterns::of(told)?;
        let mut rows = spelling(&file)?;
        let format = format!("cv_results_, {}", rows.format());
        let (mut names, mut most) = (Vec::new(), None::<f64>);
        if let Rows::Table { header, .. } = &rows {
            names.clone_from(header);
        }
        let mut is_first = true;
        while let Some(row) = rows.next()? {
            if is_first && names.is_empty() {
                names = row.iter().map(|(name, _)| name.clone()).collect();
            }
            is_first = false;
            if !names.iter().any(|name| name == RESOURCES) {
                break;
            }
            let given = row.iter().find(|(name, _)| name == RESOURCES).and_then(|(_, value)| value.number());
            most = given.into_iter().chain(most).reduce(f64::max);
        }
        drop(rows);
        let score = score(&file, &names, told)?;
        let source = file.source("scikit-learn", &format, file.sha256()?, None);
        let objectives = vec![Objective { name: score.clone(), direction: Some(Spelled(Direction::Maximize)) }];
        let head = StudyHead { source, objectives };
        Ok(Box::new(Self { head, file, spelling, patterns, told: told.clone(), score, names, most }))
    }

    fn trial(&self, number: u64, row: Row, left_out: &mut Tally) -> Result<StudyTrial, String> {
        let mut trial = StudyTrial {
            number,
            state: TrialState::Complete.into(),
            params: Ordered::default(),
            scores: Ordered::default(),
            parts: Ordered::default(),
            constraints: Ordered::default(),
            attributes: serde_json::Map::new(),
        };
        let params = params(&row, &self.names);
        // A split that failed alone is an empty field.
        let empty = self.names.iter().filter(|name| !row.iter().any(|(known, _)| known == *name));
        let mut splits: Vec<(String, u64, f64)> = empty.filter_map(|name| a_split(name, f64::NAN)).collect();
        for (name, value) in row {
            let number =
                |value: &Loose| value.number().ok_or_else(|| format!("`{}` has no number", name.escape_debug()));
            if name == "params" || name.starts_with(PARAM) {
                continue;
            } else if name.starts_with(MEAN) || name.starts_with(MEAN_TRAIN) {
                let score = number(&value)?;
                // A fit that failed has none.
                if !score.is_nan() {
                    trial.scores.0.push((name, Number(score)));
                }
            } else if split(&name, "_test_").is_some() {
                splits.extend(a_split(&name, number(&value)?));
            } else if split(&name, "_train_").is_some() {
                left_out.add("scores of splits on what they were fitted to", 1, "such parts are not disjoint");
            } else {
                let value = match value {
                    Loose::Float(value) if name == RESOURCES && value.fract() == 0.0 && value.abs() < 1e15 => {
                        Loose::Int(value as i64)
                    }
                    value => value,
                };
                trial.attributes.insert(name, value.into_json());
            }
        }
        for (name, value) in params {
            if self.patterns.keep(&name) {
                if matches!(value, Loose::List(_) | Loose::Object(_)) {
                    left_out.add(
                        "structure of parameters that are lists",
                        1,
                        "a parameter is one value; they are texts",
                    );
                }
                trial.params.0.push((name, value.into_value()));
            } else {
                trial.attributes.insert(format!("{PARAM}{name}"), value.into_json());
            }
        }
        parts(&mut trial, splits, &self.names)?;
        trial.state = self.state(&trial).into();
        Ok(trial)
    }

    /// A fit that failed has a score that is none; one with fewer resources than others has a score of something smaller.
    fn state(&self, trial: &StudyTrial) -> TrialState {
        let score = trial.scores.0.iter().find(|(name, _)| *name == self.score);
        let given = trial.attributes.get(RESOURCES).and_then(serde_json::Value::as_f64);
        match (score, given, self.most) {
            (None, ..) => TrialState::Failed,
            (_, Some(given), Some(most)) if given < most => TrialState::Pruned,
            _ => TrialState::Complete,
        }
    }
}

impl Reader for SearchResults {
    fn head(&self) -> &StudyHead {
        &self.head
    }

    fn trials(self: Box<Self>, each: &mut Each<'_>) -> Result<StudyEnd, Failure> {
        let mut rows = (self.spelling)(&self.file)?;
        let mut left_out = Tally::default();
        let mut names: Vec<String> = Vec::new();
        let mut number = 0;
        while let Some(row) = rows.next()? {
            let trial = self.trial(number, row, &mut left_out).map_err(|what| rows.wrong(what))?;
            let others = trial.attributes.keys().filter_map(|name| name.strip_prefix(PARAM));
            for name in trial.params.0.iter().map(|(name, _)| name.as_str()).chain(others) {
                if !names.iter().any(|known| known == name) {
                    names.push(name.to_owned());
                }
            }
            number += 1;
            each(trial)?;
        }
        self.file.is_unchanged()?;
        if number == 0 {
            return Err(Failure::usage(format!("`{}` has no rows", self.file.path())));
        }
        self.patterns.all_met(&self.told, &names)?;
        if matches!(rows, Rows::Table { .. }) {
            left_out.add_types(names.iter().filter(|name| self.patterns.keep(name)).count());
        }
        Ok(StudyEnd { trials: number, parameters: Ordered::default(), left_out: left_out.into_left_out() })
    }
}

/// Which mean the search optimised: the one there is, or the one that was named, with or without its prefix.
fn score(file: &StudyFile, names: &[String], told: &Told) -> Result<String, Failure> {
    let means: Vec<String> = names.iter().filter_map(|name| name.strip_prefix(MEAN)).map(str::to_owned).collect();
    let path = file.path();
    match (&told.score, means.as_slice()) {
        (None, [only]) => Ok(format!("{MEAN}{only}")),
        (_, []) => Err(Failure::usage(format!("`{path}` has no column `{MEAN}…`, so no scores"))
            .help("write all of `cv_results_`: `pandas.DataFrame(search.cv_results_).to_csv(..)`")),
        (None, _) => {
            Err(Failure::usage(format!("`{path}` has several metrics, and does not say which the search refitted by"))
                .help(format!("name it with --score; {}", choice("", &means))))
        }
        (Some(asked), means) => {
            match means.iter().find(|mean| *mean == asked.strip_prefix(MEAN).unwrap_or(asked)) {
                Some(mean) => Ok(format!("{MEAN}{mean}")),
                None => Err(Failure::usage(format!("`{path}` has no metric `{}`", asked.escape_debug()))
                    .help(choice(asked, means))),
            }
        }
    }
}

/// The number and the metric of a column of a split: `split2_test_accuracy`.
fn split<'n>(name: &'n str, kind: &str) -> Option<(u64, &'n str)> {
    let (number, metric) = name.strip_prefix("split")?.split_once(kind)?;
    Some((number.parse().ok()?, metric))
}

/// A split of the data that a trial was tested on, with the score that it is a part of.
fn a_split(name: &str, score: f64) -> Option<(String, u64, f64)> {
    split(name, "_test_").map(|(split, metric)| (format!("{MEAN}{metric}"), split, score))
}

/// Gathers the splits of each metric in the order of their numbers, the metrics in that of their columns.
fn parts(trial: &mut StudyTrial, mut splits: Vec<(String, u64, f64)>, names: &[String]) -> Result<(), String> {
    splits.sort_by_key(|(name, split, _)| (names.iter().position(|column| column == name), *split));
    for (name, split, score) in splits {
        let known = trial.parts.0.iter().position(|(known, _)| *known == name);
        let at = known.unwrap_or_else(|| {
            trial.parts.0.push((name.clone(), Vec::new()));
            trial.parts.0.len() - 1
        });
        let scores = &mut trial.parts.0[at].1;
        if split != scores.len() as u64 {
            return Err(format!("`{}` has split {split} and no split {}", name.escape_debug(), scores.len()));
        }
        scores.push(Number(score));
    }
    trial.parts.0.retain(|(_, scores)| !scores.iter().all(|score| score.0.is_nan()));
    Ok(())
}

/// The parameters: the dictionary where it is one, else the columns. In a table the dictionary is a text, which says no more
/// than whether an empty field is Python's `None`.
fn params(row: &Row, names: &[String]) -> Row {
    let dictionary = row.iter().find(|(name, _)| name == "params").map(|(_, value)| value);
    if let Some(Loose::Object(fields)) = dictionary {
        return fields.clone();
    }
    let columns = row.iter().filter_map(|(name, value)| Some((name.strip_prefix(PARAM)?.to_owned(), value.clone())));
    let mut columns: Row = columns.filter(|(_, value)| *value != Loose::Nothing).collect();
    if let Some(Loose::Text(dictionary)) = dictionary {
        for name in nothings(dictionary) {
            if !columns.iter().any(|(known, _)| *known == name) {
                columns.push((name, Loose::Nothing));
            }
        }
        let place = |name: &str| names.iter().position(|column| column.strip_prefix(PARAM) == Some(name));
        columns.sort_by_key(|(name, _)| place(name));
    }
    columns
}

/// The names whose value is `None` in the text of a dictionary.
fn nothings(dictionary: &str) -> Vec<String> {
    let before = dictionary.match_indices("': None").filter_map(|(at, found)| {
        let is_whole = matches!(dictionary.as_bytes().get(at + found.len()), Some(b',' | b'}'));
        let name = dictionary[..at].rsplit_once('\'').map(|(_, name)| name.to_owned());
        name.filter(|_| is_whole)
    });
    before.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_of_a_dictionary_tells_nothing_from_a_hole() {
        assert_eq!(nothings("{'max_depth': None, 'C': 1.0, 'kind': 'None', 'last': None}"), ["max_depth", "last"]);
        assert!(nothings("{'C': Nonesuch").is_empty());
    }

    #[test]
    fn columns_of_splits_have_a_number_and_a_metric() {
        assert_eq!(split("split12_test_neg_log_loss", "_test_"), Some((12, "neg_log_loss")));
        assert_eq!(split("split_test_acc", "_test_"), None);
        assert_eq!(split("splitx_test_acc", "_test_"), None);
    }
}
