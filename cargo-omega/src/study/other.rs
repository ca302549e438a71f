//! A second score of each trial, and whether its ranks go with those of the first.

use std::collections::HashSet;

use omega_lock::internals::artifacts::{Direction, Number, PairedScores, ScoreEntry, Spelled, StudySource, StudyTrial};
use omega_lock::internals::gates::{RankVerdict, judge_ranks, judge_ranks_by_block};

use super::survey::Eligible;
use crate::failure::Failure;

/// What `--other` names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Other {
    /// The parts of the optimised score.
    Parts,
    /// A score.
    Score(String),
    /// What the tool or its user noted: a number, or a list of them, one for each block.
    Attribute(String),
}

/// With so many pairs in the very same order one list is a copy of the other; fewer may agree by chance.
const A_COPY: usize = 8;

impl Other {
    pub(crate) fn named(word: &str) -> Self {
        match word.strip_prefix("attributes.") {
            _ if word == "parts" => Self::Parts,
            Some(name) => Self::Attribute(name.to_owned()),
            None => Self::Score(word.to_owned()),
        }
    }

    /// As it was typed.
    pub(crate) fn word(&self) -> String {
        match self {
            Self::Parts => "parts".to_owned(),
            Self::Score(name) => name.clone(),
            Self::Attribute(name) => format!("attributes.{name}"),
        }
    }

    /// Refuses what the search saw.
    pub(super) fn unseen(&self, score: &ScoreEntry, source: &StudySource) -> Result<(), Failure> {
        let word = self.word();
        let seen = match self {
            Self::Score(name) if *name == score.name => format!("`{word}` is the score that the search optimised"),
            Self::Score(name) if score.other_objectives.contains(name) => {
                format!("the search optimised `{word}`, too")
            }
            Self::Score(_) | Self::Attribute(_) if source.tool == "scikit-learn" => {
                format!("`{word}` is of the same splits of the same data: a search of scikit-learn sees all of them")
            }
            Self::Score(_) | Self::Attribute(_) if source.tool == "freqtrade" => {
                format!("`{word}` is of the same trades: a hyperopt of freqtrade sees all of them")
            }
            _ => return Ok(()),
        };
        Err(Failure::usage(format!("{seen}, so its ranks say nothing about other data"))
            .help("name a score on data that the search did not see, or leave `--other` out"))
    }

    /// The second score of a trial: one number, one for each block, or none.
    pub(super) fn of(&self, trial: &StudyTrial) -> Box<[f64]> {
        match self {
            Self::Parts => Box::default(),
            Self::Score(name) => {
                let found = trial.scores.0.iter().find(|(known, _)| known == name);
                found.map(|(_, score)| score.0).into_iter().collect()
            }
            Self::Attribute(name) => match trial.attributes.get(name) {
                Some(serde_json::Value::Array(blocks)) => {
                    blocks.iter().map(|block| number(block).unwrap_or(f64::NAN)).collect()
                }
                Some(value) => number(value).into_iter().collect(),
                None => Box::default(),
            },
        }
    }
}

/// A number, also where a table or a tool keeps it as a text.
fn number(value: &serde_json::Value) -> Option<f64> {
    match value {
        serde_json::Value::Number(number) => number.as_f64(),
        serde_json::Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// What a second score comes to, and its pairs: turned so that larger is better, the mean of the blocks where there are some.
#[derive(Debug)]
pub(super) struct Paired {
    pub(super) scores: PairedScores,
    pub(super) pairs: Vec<(f64, f64)>,
    pub(super) winner: Option<(f64, f64)>,
}

/// Judges the ranks of all eligible trials; of those with the same parameters the first.
pub(super) fn judge(
    other: &Other,
    direction: Direction,
    eligible: &[Eligible],
    winner: Option<u64>,
) -> Result<Paired, Failure> {
    let word = other.word();
    let turn = |value: f64| if direction == Direction::Minimize { -value } else { value };
    let mut known = HashSet::new();
    let (mut missing, mut repeats) = (0, 0);
    let mut taken: Vec<&Eligible> = Vec::new();
    for trial in eligible {
        if trial.other.is_empty() || trial.other.iter().any(|score| !score.is_finite()) {
            missing += 1;
        } else if known.insert(trial.set) {
            taken.push(trial);
        } else {
            repeats += 1;
        }
    }
    drop(known);
    if taken.is_empty() {
        let message = format!("no trial that could win has a finite `{word}`");
        return Err(
            Failure::usage(message).help("`--other` names a score, or `attributes.NAME` for what was noted beside it")
        );
    }
    let train: Vec<f64> = taken.iter().map(|trial| trial.score).collect();
    let means: Vec<f64> =
        taken.iter().map(|trial| turn(trial.other.iter().sum::<f64>() / trial.other.len() as f64)).collect();
    copied(&word, &train, &means)?;
    let judged = if taken.iter().all(|trial| trial.other.len() == 1) {
        judge_ranks(&train, &means)
    } else {
        let row = |trial: &&Eligible| trial.other.iter().map(|score| turn(*score)).collect();
        judge_ranks_by_block(&train, &taken.iter().map(row).collect::<Vec<Vec<f64>>>())
    };
    let verdict = judged.map_err(|error| {
        Failure::usage(format!("the ranks by `{word}` cannot be judged: {error}"))
            .help("without `--other` the study is shown as it was recorded")
    })?;
    let place = winner.and_then(|winner| taken.iter().position(|trial| trial.number == winner));
    let winner_place = place.map(|place| 1 + means.iter().filter(|score| **score > means[place]).count() as u64);
    let RankVerdict { agree, rho, p, p_orders, p_signs, blocks, notes, .. } = verdict;
    let scores = PairedScores {
        name: word,
        direction: Spelled(direction),
        agree,
        rho: Number(rho),
        p: Number(p),
        p_orders: Number(p_orders),
        p_signs: p_signs.map(Number),
        pairs: train.len() as u64,
        missing,
        repeats,
        blocks: blocks.into_iter().map(Number).collect(),
        winner_place,
        notes,
    };
    let pairs: Vec<(f64, f64)> = train.into_iter().zip(means).collect();
    let winner = place.and_then(|place| pairs.get(place).copied());
    Ok(Paired { scores, pairs, winner })
}

/// Refuses a second score that is the first one once more: the same, or the same order in another spelling.
fn copied(word: &str, train: &[f64], other: &[f64]) -> Result<(), Failure> {
    let equal = |sign: f64| train.iter().zip(other).all(|(one, two)| *one == sign * two);
    let what = if train.len() > 1 && (equal(1.0) || equal(-1.0)) {
        "is the optimised score"
    } else if train.len() >= A_COPY && (in_order(train, other, 1.0) || in_order(train, other, -1.0)) {
        "has the trials in the very order of the optimised score, all of them: it is made of it"
    } else {
        return Ok(());
    };
    Err(Failure::usage(format!("`{word}` {what}, so it is not of other data"))
        .help("name a score on data that the search did not see"))
}

/// Whether the other scores rise wherever the first ones do; rounded ones may stand still, as long as they tell half of the
/// trials apart.
fn in_order(train: &[f64], other: &[f64], sign: f64) -> bool {
    let mut pairs: Vec<(f64, f64)> = train.iter().zip(other).map(|(one, two)| (*one, sign * two)).collect();
    pairs.sort_by(|one, two| one.0.total_cmp(&two.0).then(one.1.total_cmp(&two.1)));
    let mut levels = 1;
    for pair in pairs.windows(2) {
        if pair[1].1 < pair[0].1 {
            return false;
        }
        levels += usize::from(pair[1].1 > pair[0].1);
    }
    2 * levels >= pairs.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_is_found_in_any_spelling_that_keeps_the_order() {
        let train: Vec<f64> = (0..40).map(|place| f64::from(place * 37 % 40)).collect();
        let of = |spell: &dyn Fn(f64) -> f64| copied("v", &train, &train.iter().map(|x| spell(*x)).collect::<Vec<_>>());
        assert!(of(&|x| x).is_err() && of(&|x| -x).is_err() && of(&|x| 1.0 - x / 7.0).is_err());
        assert!(of(&|x| x.exp()).is_err() && of(&|x| (x / 2.0).round()).is_err());
        assert!(of(&|x| (x * 1.3).sin()).is_ok() && of(&|x| f64::from(u8::from(x > 20.0))).is_ok());
        assert!(copied("v", &train[..5], &[1.0, 9.0, 2.0, 3.0, 4.0]).is_ok());
    }

    #[test]
    fn what_is_named_is_a_score_unless_it_says_otherwise() {
        assert_eq!(Other::named("parts"), Other::Parts);
        assert_eq!(Other::named("attributes.a.b"), Other::Attribute("a.b".to_owned()));
        assert_eq!(Other::named("val"), Other::Score("val".to_owned()));
        assert_eq!(Other::named("attributes.x").word(), "attributes.x");
    }
}
