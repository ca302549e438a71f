//! The results of a hyperopt of freqtrade (`.fthypt`): an epoch in each line, with every trade that it made.
//!
//! The loss is minimised. What the trades of an epoch gained, by blocks of time that are the same for every epoch, are the
//! parts of its `profit_total`, of which more is better.

use omega_lock::internals::artifacts::{
    Direction, Number, Objective, Ordered, Spelled, StudyEnd, StudyHead, StudyTrial, TrialState,
};

use super::epoch::Epoch;
use super::file::StudyFile;
use super::generic::one_study;
use super::left_out::Tally;
use super::lines::Lines;
use super::loose::{Loose, read};
use super::patterns::Patterns;
use super::period::Period;
use super::{Each, Reader, Told};
use crate::failure::Failure;

/// The version of the file that is read.
const VERSION: i64 = 2;
const LOSS: &str = "loss";
/// The score whose parts the blocks are.
const PROFIT: &str = "profit_total";
/// Before the name of a parameter that --params leaves to the attributes.
const OTHER_PARAM: &str = "params_dict.";
/// The loss that an epoch is given whatever it gained, because it made too few trades.
const TOO_FEW_TRADES: f64 = 100_000.0;

/// Opens such a file.
pub(crate) fn open(file: StudyFile, told: &Told) -> Result<Box<dyn Reader>, Failure> {
    one_study(told)?;
    if told.direction == Some(Direction::Maximize) {
        let message = "--direction maximize: freqtrade minimises the loss";
        return Err(Failure::usage(message).help("leave --direction out"));
    }
    if let Some(score) = told.score.as_ref().filter(|score| *score != LOSS) {
        let message = format!("--score `{}`: what freqtrade optimised is `{LOSS}`", score.escape_debug());
        return Err(Failure::usage(message).help("leave --score out"));
    }
    let patterns = Patterns::of(told)?;
    let mut lines = file.lines()?;
    if let Some(line) = lines.next()? {
        epoch(line).map_err(|what| lines.wrong(what))?;
    }
    let source = file.source("freqtrade", &format!("fthypt version {VERSION}"), file.sha256()?, None);
    let objectives = vec![Objective { name: LOSS.to_owned(), direction: Some(Spelled(Direction::Minimize)) }];
    let head = StudyHead { source, objectives };
    Ok(Box::new(Hyperopt { head, file, patterns, told: told.clone(), period: None }))
}

struct Hyperopt {
    head: StudyHead,
    file: StudyFile,
    patterns: Patterns,
    told: Told,
    /// What the blocks are blocks of, once an epoch has said it.
    period: Option<Period>,
}

impl Hyperopt {
    fn trial(&mut self, epoch: Epoch, left_out: &mut Tally) -> StudyTrial {
        let mut trial = StudyTrial {
            number: epoch.current_epoch,
            state: TrialState::Complete.into(),
            params: Ordered::default(),
            scores: Ordered::default(),
            parts: Ordered::default(),
            constraints: Ordered::default(),
            attributes: epoch.attributes(),
        };
        for (name, value) in epoch.params_dict.0 {
            if !self.patterns.keep(&name) {
                trial.attributes.insert(format!("{OTHER_PARAM}{name}"), value.into_json());
                continue;
            }
            if matches!(value, Loose::List(_) | Loose::Object(_)) {
                left_out.add("structure of parameters that are lists", 1, "a parameter is one value; they are texts");
            }
            trial.params.0.push((name, value.into_value()));
        }
        let loss = epoch.loss.0;
        #[expect(
            clippy::float_cmp_const,
            reason = "freqtrade writes exactly this number, and every other one is a loss"
        )]
        let has_too_few = loss == TOO_FEW_TRADES;
        if has_too_few {
            trial.state = TrialState::Failed.into();
            left_out.add(
                "losses of 100000",
                1,
                "freqtrade writes this for an epoch with too few trades, whatever it gained; the trial is failed",
            );
        } else {
            trial.scores.0.push((LOSS.to_owned(), Number(loss)));
        }
        let metrics = epoch.results_metrics;
        if let Some(profit) = metrics.profit_total {
            trial.scores.0.push((PROFIT.to_owned(), Number(profit.0)));
        }
        let period = metrics.period();
        if self.period.is_none() {
            self.period.clone_from(&period);
        }
        let why = match (&self.period, &period) {
            (Some(first), Some(period)) if first == period => match metrics.blocks(first) {
                Ok(blocks) => {
                    trial.parts.0.push((PROFIT.to_owned(), blocks.into_iter().map(Number).collect()));
                    return trial;
                }
                Err(why) => why,
            },
            (_, None) => "the epoch does not say from when to when it was tested",
            _ => "the epoch was tested on another period than the first one",
        };
        left_out.add("profits by block of time", 1, why);
        trial
    }
}

impl Reader for Hyperopt {
    fn head(&self) -> &StudyHead {
        &self.head
    }

    fn trials(mut self: Box<Self>, each: &mut Each<'_>) -> Result<StudyEnd, Failure> {
        let mut lines = self.file.lines()?;
        let mut left_out = Tally::default();
        let mut names: Vec<String> = Vec::new();
        let mut number = 0;
        while let Some(read) = next(&mut lines)? {
            let Some(epoch) = read else {
                left_out.add("last line", 1, "it is cut: freqtrade was ended while it wrote");
                break;
            };
            let trial = self.trial(epoch, &mut left_out);
            let others = trial.attributes.keys().filter_map(|name| name.strip_prefix(OTHER_PARAM));
            for name in trial.params.0.iter().map(|(name, _)| name.as_str()).chain(others) {
                if !names.iter().any(|known| known == name) {
                    names.push(name.to_owned());
                }
            }
            number += 1;
            each(trial)?;
        }
        self.file.is_unchanged()?;
        self.patterns.all_met(&self.told, &names)?;
        left_out.add(
            "results of an epoch by pair, tag, day and trade",
            number,
            "the form has scores and parts of a trial",
        );
        Ok(StudyEnd { trials: number, parameters: Ordered::default(), left_out: left_out.into_left_out() })
    }
}

/// The next epoch; `Some(None)` for a last line that was cut.
fn next(lines: &mut Lines) -> Result<Option<Option<Epoch>>, Failure> {
    let Some(line) = lines.next()? else { return Ok(None) };
    match epoch(line) {
        Ok(epoch) => Ok(Some(Some(epoch))),
        Err(_) if !lines.ended() && lines.number() > 1 => Ok(Some(None)),
        Err(what) => Err(lines.wrong(what)),
    }
}

fn epoch(line: &[u8]) -> Result<Epoch, String> {
    let epoch: Epoch = read(line).map_err(|error| format!("no epoch of a hyperopt: {error}"))?;
    match epoch.fthypt_fileversion {
        VERSION => Ok(epoch),
        other => Err(format!(
            "`fthypt_fileversion` is {other}, and only {VERSION} is read\nhelp: write the epochs as CSV with \
             `freqtrade hyperopt-list --export-csv`, and name what is what with --score, --direction and --params"
        )),
    }
}
