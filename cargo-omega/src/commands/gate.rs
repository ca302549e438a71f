//! `cargo omega gate`: do the ranks of somebody else's candidates agree with those on data the search did not see?

use std::error::Error;

use camino::Utf8Path;
use omega_lock::internals::artifacts::{
    ArtifactError, ExitCode, PeerGateVerdict, RankDocument, Scores as Listed, document_text, read_python_json,
    write_text,
};
use omega_lock::internals::gates::{
    Copied, RankError, Thresholds, copied, gate_scores_exact, judge_ranks, judge_ranks_by_block,
};
use omega_lock::internals::regular_file::FileErrorKind;
use omega_lock::internals::report::{ScorePage, rank_verdict, score_verdict};

use crate::cli::{GateArgs, GateFormat, GateRule};
use crate::failure::Failure;
use crate::scores::{Given, Scores, Source};
use crate::ui::Ui;

pub(crate) fn run(arguments: &GateArgs, ui: &mut Ui) -> Result<ExitCode, Failure> {
    match arguments.rule {
        GateRule::Ranks if arguments.pearson_min.is_some() => {
            Err(Failure::usage("`--pearson-min` belongs to `--rule kc4`; ranks are judged at a p of 0.05"))
        }
        GateRule::Ranks => ranks(arguments, ui),
        GateRule::Kc4 => kc4(arguments, ui),
    }
}

/// Both lists, with where they were found and what is to be known of them.
struct Lists {
    train: Scores,
    holdout: Scores,
    names: (String, String),
    note: Option<String>,
}

impl Lists {
    fn read(arguments: &GateArgs, ui: &mut Ui) -> Result<Self, Failure> {
        let train = Source::of(&arguments.train);
        let Some(holdout) = &arguments.holdout else {
            let Given::Both { train, holdout, note } = train.read(ui)? else {
                return Err(Failure::usage(format!(
                    "{train} holds one list, and the other is missing: `--holdout <FILE>`"
                )));
            };
            let name = arguments.train.to_string();
            let (train, holdout) = (Scores::Single(train), Scores::Single(holdout));
            return Ok(Self { train, holdout, names: (name.clone(), name), note });
        };
        let holdout_at = Source::of(holdout);
        if train.is_standard_input() && holdout_at.is_standard_input() {
            return Err(Failure::usage("`-` is given twice, and standard input can be read once"));
        }
        if arguments.rule == GateRule::Ranks && train.shares_splits_with(&holdout_at) {
            let message = format!(
                "`{}` and `{holdout}` are of the same splits of the same data: a search of scikit-learn sees all of them",
                arguments.train
            );
            return Err(Failure::usage(message).help("score the candidates on data that the search did not see"));
        }
        let (first, first_note) = match train.read(ui)? {
            Given::One(scores) => (scores, None),
            Given::Both { train, note, .. } => (Scores::Single(train), note),
        };
        let (second, second_note) = match holdout_at.read(ui)? {
            Given::One(scores) => (scores, None),
            Given::Both { holdout, note, .. } => (Scores::Single(holdout), note),
        };
        let names = (arguments.train.to_string(), holdout.to_string());
        Ok(Self { train: first, holdout: second, names, note: first_note.or(second_note) })
    }
}

fn ranks(arguments: &GateArgs, ui: &mut Ui) -> Result<ExitCode, Failure> {
    let Lists { train, holdout, names, note } = Lists::read(arguments, ui)?;
    let wrong = |error: RankError| {
        let failure = Failure::usage(format!("`{}` and `{}`: {error}", names.0, names.1));
        failure.help("`cargo omega gate --help` says what is compared")
    };
    let averaged = match &train {
        Scores::Single(train) => train.clone(),
        Scores::Rows(rows) => {
            let other = match &holdout {
                Scores::Rows(other) => Some(other.as_slice()),
                Scores::Single(_) => None,
            };
            means(rows, other).map_err(wrong)?
        }
    };
    let (verdict, pairs) = match &holdout {
        Scores::Single(holdout) => (judge_ranks(&averaged, holdout), holdout.clone()),
        Scores::Rows(rows) => (judge_ranks_by_block(&averaged, rows), rows.iter().map(|row| mean(row)).collect()),
    };
    let mut verdict = verdict.map_err(wrong)?;
    verdict.notes.extend(note);
    let held = (names.0.as_str(), names.1.as_str());
    if let Some(path) = &arguments.report {
        let pairs = averaged.iter().copied().zip(pairs).collect();
        written(&ScorePage::of_ranks(&verdict, pairs, held), path, ui)?;
    }
    match arguments.format {
        GateFormat::Text => ui.results(&rank_verdict(&verdict)),
        GateFormat::Json => ui.json(&text(&RankDocument::new(&verdict, held.0, held.1))?),
    }
    Ok(if verdict.agree { ExitCode::Pass } else { ExitCode::No })
}

/// One score for each row of train: the mean. Its blocks are to be as many as those of the other data, and other ones.
fn means(rows: &[Vec<f64>], other: Option<&[Vec<f64>]>) -> Result<Vec<f64>, RankError> {
    let count = rows.first().map_or(0, Vec::len);
    let expected = other.and_then(|other| other.first()).map_or(count, Vec::len);
    if let Some(row) = rows.iter().position(|row| row.len() != expected) {
        return Err(RankError::Ragged { row: row + 1, found: rows[row].len(), expected });
    }
    if count < omega_lock::internals::gates::MINIMUM_BLOCKS {
        return Err(RankError::TooFewBlocks { found: count });
    }
    let of = |rows: &[Vec<f64>], block: usize| rows.iter().map(|row| row[block]).collect::<Vec<f64>>();
    let alike = |block: usize, with: usize, other: &[Vec<f64>]| {
        copied(&of(rows, block), &of(other, with)) == Some(Copied::Equal)
    };
    for other in other.into_iter().filter(|other| other.iter().all(|row| row.len() == expected)) {
        let twice = |with: &usize| (0..count).any(|block| alike(block, *with, other));
        if let Some(block) = (0..expected).find(twice) {
            return Err(RankError::Same { block: Some(block + 1) });
        }
    }
    Ok(rows.iter().map(|row| mean(row)).collect())
}

fn mean(row: &[f64]) -> f64 {
    row.iter().map(|value| value / row.len() as f64).sum()
}

fn kc4(arguments: &GateArgs, ui: &mut Ui) -> Result<ExitCode, Failure> {
    let mut thresholds = Thresholds::pure_objective();
    if let Some(minimum) = arguments.pearson_min {
        if !(0.0..=1.0).contains(&minimum) {
            let message = format!("`--pearson-min` is {minimum}, expected a correlation from 0 to 1");
            return Err(Failure::usage(message).help("below 0 a reversed ranking would pass"));
        }
        thresholds.pearson_min = minimum;
    }
    let Singles { train, holdout, names } = listed(arguments, ui)?;
    let verdict = gate_scores_exact(&train, &holdout, &thresholds);
    if let Some(path) = &arguments.report {
        let pairs = train.iter().copied().zip(holdout.iter().copied()).collect();
        let held = (names.0.as_str(), names.1.as_str());
        written(&ScorePage::of_kc4(&verdict, thresholds.pearson_min, pairs, held), path, ui)?;
    }
    match arguments.format {
        GateFormat::Text => ui.results(&score_verdict(&verdict, train.len())),
        GateFormat::Json => ui.json(&text(&PeerGateVerdict::new(&verdict, &train, &holdout))?),
    }
    Ok(if verdict.passed { ExitCode::Pass } else { ExitCode::No })
}

/// Two lists of one score each, with where they were found.
struct Singles {
    train: Vec<f64>,
    holdout: Vec<f64>,
    names: (String, String),
}

/// Both lists. Files of JSON are told as the Python package tells them.
fn listed(arguments: &GateArgs, ui: &mut Ui) -> Result<Singles, Failure> {
    if let Some(holdout) = &arguments.holdout {
        let (train_at, holdout_at) = (Source::of(&arguments.train), Source::of(holdout));
        if let (Some(train), Some(holdout)) = (train_at.whole_file(), holdout_at.whole_file()) {
            let names = (train.to_string(), holdout.to_string());
            return Ok(Singles { train: scores(train)?, holdout: scores(holdout)?, names });
        }
    }
    let Lists { train, holdout, names, .. } = Lists::read(arguments, ui)?;
    let single = |scores: Scores, name: &str| match scores {
        Scores::Single(scores) => Ok(scores),
        Scores::Rows(_) => Err(Failure::usage(format!("`{name}` has rows, and `--rule kc4` compares one score each"))),
    };
    Ok(Singles { train: single(train, &names.0)?, holdout: single(holdout, &names.1)?, names })
}

fn scores(path: &Utf8Path) -> Result<Vec<f64>, Failure> {
    let wrong =
        |fault: String| Failure::usage(fault).help("a file of scores holds one number per candidate: [0.91, 0.84]");
    let scores: Listed = read_python_json(path).map_err(|error| wrong(fault(path, &error)))?;
    scores.finite().map_err(|error| wrong(format!("`{path}`: {error}")))
}

/// What is wrong with a file, told apart as the Python package tells it.
fn fault(path: &Utf8Path, error: &ArtifactError) -> String {
    let cause = error.source();
    let unreadable = cause.and_then(|cause| cause.downcast_ref::<FileErrorKind>());
    let unfit = cause.and_then(|cause| cause.downcast_ref::<serde_json::Error>());
    match (unreadable, unfit) {
        (Some(cause), _) if cause.is_absence() => format!("file not found: `{path}`"),
        (Some(cause), _) => format!("`{path}` {cause}"),
        (_, Some(cause)) if cause.is_data() => format!("`{path}` must contain a JSON array of numbers: {cause}"),
        (_, Some(cause)) => format!("invalid JSON in `{path}`: {cause}"),
        (None, None) => error.to_string(),
    }
}

fn text(document: &impl serde::Serialize) -> Result<String, Failure> {
    document_text(document).map_err(|error| Failure::internal(error.to_string()))
}

fn written(page: &ScorePage, path: &Utf8Path, ui: &mut Ui) -> Result<(), Failure> {
    write_text(&page.html(), path).map_err(|error| Failure::internal(error.to_string()))?;
    ui.status("Wrote", path.as_str());
    Ok(())
}
