//! A second score of each trial, and whether its ranks go with those of the first.

use std::collections::HashSet;

use omega_lock::internals::artifacts::{Direction, Number, PairedScores, ScoreEntry, Spelled, StudySource, StudyTrial};
use omega_lock::internals::gates::{Copied, RankVerdict, copied, distinct_pairs, judge_ranks, judge_ranks_by_block};

use super::survey::{Eligible, Second};
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
    pub(super) fn of(&self, trial: &StudyTrial) -> Second {
        match self {
            Self::Parts => Second::default(),
            Self::Score(name) => {
                let found = trial.scores.0.iter().find(|(known, _)| known == name);
                found.map(|(_, score)| Second::One(score.0)).unwrap_or_default()
            }
            Self::Attribute(name) => match trial.attributes.get(name) {
                Some(serde_json::Value::Array(blocks)) => {
                    Second::Blocks(blocks.iter().map(|block| number(block).unwrap_or(f64::NAN)).collect())
                }
                Some(value) => number(value).map(Second::One).unwrap_or_default(),
                None => Second::default(),
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
        if trial.other.scores().is_empty() || trial.other.scores().iter().any(|score| !score.is_finite()) {
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
    let means: Vec<f64> = taken
        .iter()
        .map(|trial| turn(trial.other.scores().iter().sum::<f64>() / trial.other.scores().len() as f64))
        .collect();
    is_no_copy(&word, &train, &means)?;
    let judged = if taken.iter().all(|trial| trial.other.scores().len() == 1) {
        judge_ranks(&train, &means)
    } else {
        let row = |trial: &&Eligible| trial.other.scores().iter().map(|score| turn(*score)).collect();
        judge_ranks_by_block(&train, &taken.iter().map(row).collect::<Vec<Vec<f64>>>())
    };
    let verdict = judged.map_err(|error| {
        Failure::usage(format!("the ranks by `{word}` cannot be judged: {error}"))
            .help("without `--other` the study is shown as it was recorded")
    })?;
    let place = winner.and_then(|winner| taken.iter().position(|trial| trial.number == winner));
    let kept = distinct_pairs(&train, |place| taken[place].other.scores().to_vec());
    let above = |than: f64| kept.iter().filter(|place| means[**place] > than).count() as u64;
    let winner_place = place.map(|place| 1 + above(means[place]));
    let RankVerdict { agree, rho, p, p_orders, p_signs, pairs, blocks, notes, .. } = verdict;
    let scores = PairedScores {
        name: word,
        direction: Spelled(direction),
        agree,
        rho: Number(rho),
        p: Number(p),
        p_orders: Number(p_orders),
        p_signs: p_signs.map(Number),
        pairs: pairs as u64,
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

/// Refuses a second score that is the first one once more, by the rule of `gate`.
fn is_no_copy(word: &str, train: &[f64], other: &[f64]) -> Result<(), Failure> {
    let (what, help) = match copied(train, other) {
        None => return Ok(()),
        Some(Copied::Equal) => ("is the optimised score, so it is not of other data", ""),
        Some(Copied::InOrder) => (
            "has all trials in the very order of the optimised score, or in its reverse, as a copy would",
            "; what was computed of the same data shows nothing",
        ),
    };
    Err(Failure::usage(format!("`{word}` {what}"))
        .help(format!("name a score on data that the search did not see{help}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_is_refused_in_words_that_hold_of_other_data_in_the_same_order_too() {
        let train: Vec<f64> = (0..24).map(f64::from).collect();
        let of = |spell: fn(f64) -> f64| {
            let other: Vec<f64> = train.iter().map(|x| spell(*x)).collect();
            is_no_copy("v", &train, &other).map_err(|failure| failure.message)
        };
        assert!(of(|x| -x).is_err_and(|said| said.contains("is the optimised score")));
        assert!(of(|x| x * x).is_err_and(|said| said.contains("as a copy would") && !said.contains("made of")));
        assert!(of(|x| (x * 1.3).sin()).is_ok());
    }

    #[test]
    fn what_is_named_is_a_score_unless_it_says_otherwise() {
        assert_eq!(Other::named("parts"), Other::Parts);
        assert_eq!(Other::named("attributes.a.b"), Other::Attribute("a.b".to_owned()));
        assert_eq!(Other::named("val"), Other::Score("val".to_owned()));
        assert_eq!(Other::named("attributes.x").word(), "attributes.x");
    }
}
