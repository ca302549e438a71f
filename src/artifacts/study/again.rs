//! A study's file in the place of a search: which of its trials are evaluated again.

use std::collections::HashMap;
use std::io::BufRead;

use camino::{Utf8Path, Utf8PathBuf};

use super::{
    ChosenScore, Direction, StudyHead, StudyReadError, StudyReader, StudyTold, StudyTrial, StudyValue, TrialState,
    Unchosen, recorded, violation,
};
use crate::objective::{ParamKind, ParamSpace, ParamSpec, Params, Value, spelling};
use crate::pipeline::{PickedRanks, RunConfig, Study, StudyCounts, StudyPick, StudyRepeat};
use crate::stats::descending;

/// Why a study cannot stand in the place of a search.
#[derive(Debug, thiserror::Error)]
pub enum StudyError {
    /// Its file could not be read.
    #[error(
        "the study `{path}`: {source}\nhelp: `cargo omega import FILE -o {path}` writes one from the file of another tool"
    )]
    Read {
        /// The file.
        path: Utf8PathBuf,
        /// Why not.
        source: Box<StudyReadError>,
    },
    /// What it has is not what a run needs.
    #[error("the study `{path}` {problem}\nhelp: {help}")]
    Unfit {
        /// The file.
        path: Utf8PathBuf,
        /// What is wrong.
        problem: String,
        /// What to do about it.
        help: String,
    },
}

impl StudyError {
    /// Whether the disk failed, and nothing is said against the file.
    pub fn is_of_the_disk(&self) -> bool {
        match self {
            Self::Read { source, .. } => match &**source {
                StudyReadError::File(error) => error.kind.is_of_the_disk(),
                StudyReadError::Io(_) => true,
                _ => false,
            },
            Self::Unfit { .. } => false,
        }
    }

    /// Whether the file was damaged after somebody wrote it.
    pub fn is_damage(&self) -> bool {
        matches!(self, Self::Read { source, .. } if matches!(**source, StudyReadError::Damage(_)))
    }
}

/// Reads the study of a file for a run with this configuration over this space. `shown` is how messages call the file.
///
/// Trials are read twice and never held: what might have won is ranked by its record, and only the picked ones are kept.
///
/// # Errors
/// If it cannot be read, does not say what was optimised and in which direction, has a parameter or a value that the space has
/// not, or no trial that might have won.
pub fn study_again(
    path: &Utf8Path,
    shown: &Utf8Path,
    config: &RunConfig,
    space: &ParamSpace,
) -> Result<Study, StudyError> {
    study_of(|| StudyReader::open(path), shown, config, space)
}

/// The same of what `open` gives, each time from its first row on.
///
/// # Errors
/// The same.
pub fn study_of<R: BufRead>(
    open: impl Fn() -> Result<StudyReader<R>, StudyReadError>,
    shown: &Utf8Path,
    config: &RunConfig,
    space: &ParamSpace,
) -> Result<Study, StudyError> {
    let unfit = |(problem, help): Unfit| StudyError::Unfit { path: shown.to_owned(), problem, help };
    let unread = |source| StudyError::Read { path: shown.to_owned(), source: Box::new(source) };
    let mut reader = open().map_err(unread)?;
    let score = Score::of(reader.head(), reader.told()).map_err(unfit)?;
    let base = config.base_params.clone().unwrap_or_else(|| space.neutral());
    space
        .check_params(&base)
        .map_err(|error| unfit((format!("has no baseline to begin with: {error}"), NEXT.to_owned())))?;
    let mut first = First::new(space, &base, &score);
    while let Some(trial) = reader.next_trial().map_err(unread)? {
        first.take(&trial).map_err(unfit)?;
    }
    let anchor = reader.anchor();
    // A file that keeps no ranges cannot say that a parameter was not asked for: it may be lost.
    let fixed = reader.end().is_some_and(|end| end.parameters.0.is_empty());
    let First { mut counts, ranked, named, lacking, .. } = first;
    if ranked.is_empty() {
        let StudyCounts { trials, incomplete, not_finite, infeasible, .. } = counts;
        let problem = format!(
            "has no trial that might have won: of {trials}, {incomplete} are not complete, {not_finite} have no finite score, \
             {infeasible} are infeasible"
        );
        return Err(unfit((problem, "import a study with at least one complete and feasible trial".to_owned())));
    }
    let (ranked, repeated) = distinct(ranked);
    counts.repeated = repeated;
    let picked = PickedRanks::of(config, &ranked.iter().map(|row| (row.record, row.trial)).collect::<Vec<_>>());
    let wanted: Vec<u64> = picked.ranks.iter().map(|&rank| ranked[rank].place).collect();
    let mut again: Vec<Option<StudyPick>> = vec![None; wanted.len()];
    let mut reader = open().map_err(unread)?;
    let mut place = 0;
    while let Some(trial) = reader.next_trial().map_err(unread)? {
        for at in (0..wanted.len()).filter(|&at| wanted[at] == place) {
            let params = params(&trial, space, &base).map_err(unfit)?;
            let Row { record, lowest, .. } = ranked[picked.ranks[at]];
            let unsaid = |(axis, spec): &(usize, &ParamSpec)| fixed && named[*axis] && !says(&trial, spec);
            let unsaid = space.specs().iter().enumerate().filter(unsaid).map(|(_, spec)| spec.name.clone()).collect();
            again[at] = Some(StudyPick { trial: trial.number, record, params, lowest, unsaid });
        }
        place += 1;
    }
    let whole: Option<Vec<StudyPick>> = again.into_iter().collect();
    let (true, Some(again)) = (reader.anchor() == anchor, whole) else {
        let help = "run again once nothing writes to it".to_owned();
        return Err(unfit(("became another while it was read".to_owned(), help)));
    };
    let names = |wanted: &dyn Fn(usize) -> bool| {
        let specs = space.specs().iter().enumerate().filter(|(place, _)| wanted(*place));
        specs.map(|(_, spec)| spec.name.clone()).collect::<Vec<String>>()
    };
    Ok(Study {
        digest: anchor.head.clone(),
        counts: StudyCounts { eligible: ranked.len() as u64, ..counts },
        turned: score.turned,
        varied: names(&|place| named[place]),
        lacking: names(&|place| lacking[place]),
        again,
        spread: picked.spread,
    })
}

/// What is wrong, and what to do about it.
type Unfit = (String, String);

/// What to do about a study that is not of this space.
const NEXT: &str = "the study and the calibration have to have the same parameters: change the space of the calibration, or name \
                    another study";

/// The score that chose.
struct Score {
    name: String,
    turned: bool,
}

impl Score {
    fn of(head: &StudyHead, told: &StudyTold) -> Result<Self, Unfit> {
        ChosenScore::of(head, told)
            .map(|ChosenScore { name, direction }| Self { name, turned: direction == Direction::Minimize })
            .map_err(|error| {
                let help = match &error {
                    Unchosen::NoScore => "import it again with `--score NAME --direction minimize` (or `maximize`)",
                    Unchosen::Several(_) => "import it again with `--score NAME`, which then chooses",
                    Unchosen::NoDirection(_) => "import it again with `--direction minimize` (or `maximize`)",
                    Unchosen::Conflict { .. } => {
                        "import it again from the file that the search wrote, without `--direction`"
                    }
                };
                let problem = match &error {
                    Unchosen::Several(_) => format!("{error}, and no trial is the best of all of them"),
                    _ => error.to_string(),
                };
                (problem, help.to_owned())
            })
    }

    /// The record of a trial, turned so that larger is better.
    fn of_trial(&self, trial: &StudyTrial) -> Option<f64> {
        let score = recorded(trial, &self.name)?;
        Some(if self.turned { -score } else { score }).filter(|score| score.is_finite())
    }
}

/// A trial that might have won.
#[derive(Clone, Copy)]
struct Row {
    record: f64,
    trial: u64,
    /// Its place in the file.
    place: u64,
    /// Its parameters.
    set: [u8; 16],
    /// The worst record of the same parameters, where it is another one.
    lowest: Option<StudyRepeat>,
}

/// Ranks them, the best record first, and keeps of equal parameters the first; how many that leaves out. Which of them that
/// is must be asked after ranking: the winner by its record is never a repeat of a worse one.
fn distinct(mut rows: Vec<Row>) -> (Vec<Row>, u64) {
    rows.sort_by(|a, b| descending(a.record, b.record).then(a.place.cmp(&b.place)));
    let all = rows.len();
    let mut known: HashMap<[u8; 16], usize> = HashMap::with_capacity(all);
    let mut kept: Vec<Row> = Vec::with_capacity(all);
    for row in rows {
        match known.get(&row.set) {
            None => {
                known.insert(row.set, kept.len());
                kept.push(row);
            }
            Some(&place) if row.record < kept[place].record => {
                kept[place].lowest = Some(StudyRepeat { trial: row.trial, record: row.record });
            }
            Some(_) => {}
        }
    }
    let repeated = all - kept.len();
    (kept, repeated as u64)
}

fn says(trial: &StudyTrial, spec: &ParamSpec) -> bool {
    trial.params.0.iter().any(|(name, _)| *name == spec.name)
}

/// The first reading: what might have won, and how many might not.
struct First<'f> {
    space: &'f ParamSpace,
    base: &'f Params,
    score: &'f Score,
    counts: StudyCounts,
    ranked: Vec<Row>,
    /// Of each parameter of the space, whether some trial names it, and whether one does not.
    named: Vec<bool>,
    lacking: Vec<bool>,
}

impl<'f> First<'f> {
    fn new(space: &'f ParamSpace, base: &'f Params, score: &'f Score) -> Self {
        let axes = space.specs().len();
        Self {
            space,
            base,
            score,
            counts: StudyCounts::default(),
            ranked: Vec::new(),
            named: vec![false; axes],
            lacking: vec![false; axes],
        }
    }

    fn take(&mut self, trial: &StudyTrial) -> Result<(), Unfit> {
        let place = self.counts.trials;
        self.counts.trials += 1;
        if trial.state != TrialState::Complete {
            self.counts.incomplete += 1;
            return Ok(());
        }
        let Some(record) = self.score.of_trial(trial) else {
            self.counts.not_finite += 1;
            return Ok(());
        };
        let params = params(trial, self.space, self.base)?;
        if violation(trial).is_some() {
            self.counts.infeasible += 1;
            return Ok(());
        }
        for (axis, spec) in self.space.specs().iter().enumerate() {
            let seen = if says(trial, spec) { &mut self.named } else { &mut self.lacking };
            seen[axis] = true;
        }
        self.ranked.push(Row { record, trial: trial.number, place, set: params.fingerprint(), lowest: None });
        Ok(())
    }
}

/// Every parameter of the space: those of the trial, the others as in the baseline.
fn params(trial: &StudyTrial, space: &ParamSpace, base: &Params) -> Result<Params, Unfit> {
    let mut changes = Vec::with_capacity(trial.params.0.len());
    for (name, value) in &trial.params.0 {
        let spec = space.get(name).map_err(|_| {
            let nearest = spelling::nearest(name, space.specs().iter().map(|spec| spec.name.as_str()));
            let nearest = nearest.map_or_else(String::new, |nearest| format!("; the nearest there is `{nearest}`"));
            let problem = format!(
                "has the parameter `{}` (trial {}), which the space of the calibration has not{nearest}",
                name.escape_debug(),
                trial.number
            );
            (problem, NEXT.to_owned())
        })?;
        let outside = || {
            let problem = format!(
                "has the value {value} of `{}` in trial {}, expected {}",
                name.escape_debug(),
                trial.number,
                spec.describe()
            );
            (problem, NEXT.to_owned())
        };
        let value = of_kind(spec, value).filter(|value| spec.contains(value)).ok_or_else(outside)?;
        let place = base.place(name).map_err(|error| (error.to_string(), NEXT.to_owned()))?;
        changes.push((place, value));
    }
    Ok(base.with_at(changes))
}

/// The value as a parameter of this kind has it. Tools that keep texts alone spell numbers and switches as Python does.
fn of_kind(spec: &ParamSpec, value: &StudyValue) -> Option<Value> {
    match (&spec.kind, value) {
        (ParamKind::Float { .. }, StudyValue::Float(value)) => Some(Value::Float(value.0)),
        (ParamKind::Float { .. }, StudyValue::Int(value)) => Some(Value::Float(*value as f64)),
        (ParamKind::Float { .. }, StudyValue::Text(text)) => text.parse().ok().map(Value::Float),
        (ParamKind::Int { .. }, StudyValue::Int(value)) => Some(Value::Int(*value)),
        (ParamKind::Int { .. }, StudyValue::Float(value)) => whole(value.0).map(Value::Int),
        (ParamKind::Int { .. }, StudyValue::Text(text)) => {
            text.parse().ok().or_else(|| whole(text.parse().ok()?)).map(Value::Int)
        }
        (ParamKind::Bool { .. }, StudyValue::Bool(value)) => Some(Value::Bool(*value)),
        (ParamKind::Bool { .. }, StudyValue::Text(text)) => match text.as_str() {
            "True" | "true" => Some(Value::Bool(true)),
            "False" | "false" => Some(Value::Bool(false)),
            _ => None,
        },
        (ParamKind::Choice { choices, .. }, value) => spellings(value)
            .into_iter()
            .find_map(|spelling| choices.iter().find(|choice| ***choice == *spelling).cloned())
            .map(Value::Choice),
        _ => None,
    }
}

/// A number without a fraction, as far as a double tells whole ones apart.
fn whole(value: f64) -> Option<i64> {
    (value.fract() == 0.0 && value.abs() <= 9_007_199_254_740_992.0).then_some(value as i64)
}

/// How an alternative may be spelt in a space, whose alternatives are texts.
fn spellings(value: &StudyValue) -> Vec<String> {
    match value {
        StudyValue::Nothing => vec!["None".to_owned(), "null".to_owned()],
        StudyValue::Bool(true) => vec!["True".to_owned(), "true".to_owned()],
        StudyValue::Bool(false) => vec!["False".to_owned(), "false".to_owned()],
        StudyValue::Text(text) => vec![text.clone()],
        other => vec![other.to_string()],
    }
}
