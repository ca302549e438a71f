//! Rows of any tool: which value is the score and which are parameters, the command line says.

use omega_lock::internals::artifacts::{
    Direction, Number, Objective, Ordered, Spelled, StudyEnd, StudyHead, StudyTrial, TrialState,
};

use super::file::StudyFile;
use super::left_out::Tally;
use super::loose::Loose;
use super::patterns::{Patterns, choice};
use super::rows::{Row, Rows};
use super::{Each, Reader, Told};
use crate::failure::Failure;

/// How the rows of a file are opened.
pub(crate) type Spelling = fn(&StudyFile) -> Result<Rows, Failure>;

/// How many columns are remembered for messages.
const REMEMBERED: usize = 1000;

/// A file of such rows.
pub(crate) struct Generic {
    head: StudyHead,
    file: StudyFile,
    spelling: Spelling,
    score: String,
    patterns: Patterns,
    told: Told,
    names: Vec<String>,
}

impl Generic {
    /// Takes rows as they are spelled.
    pub(crate) fn open(
        file: StudyFile,
        spelling: Spelling,
        tool: &str,
        told: &Told,
    ) -> Result<Box<dyn Reader>, Failure> {
        let path = file.path();
        one_study(told)?;
        let mut rows = spelling(&file)?;
        let format = rows.format();
        let names: Vec<String> = if let Rows::Table { header, .. } = &rows {
            header.iter().filter(|name| !name.is_empty()).cloned().collect()
        } else {
            let first = flat(rows.next()?.unwrap_or_default()).unwrap_or_default();
            first.into_iter().map(|(name, _)| name).collect()
        };
        drop(rows);
        let Some(score) = told.score.clone() else {
            let message = format!("`{path}` does not say which of its columns the search optimised");
            return Err(Failure::usage(message).help(format!("name it with --score; {}", choice("", &names))));
        };
        let direction = direction(told, &score)?;
        let patterns = Patterns::of(told)?;
        if patterns.is_empty() {
            let message = format!("`{path}` does not say which of its columns are parameters");
            let help = format!("name them with --params, as in --params 'x,opt.*'; {}", choice("", &names));
            return Err(Failure::usage(message).help(help));
        }
        let source = file.source(tool, format, file.sha256()?, None);
        let objectives = vec![Objective { name: score.clone(), direction: Some(Spelled(direction)) }];
        let head = StudyHead { source, objectives };
        Ok(Box::new(Self { head, file, spelling, score, patterns, told: told.clone(), names }))
    }

    fn trial(&self, number: u64, row: Row, left_out: &mut Tally) -> Result<StudyTrial, String> {
        let mut trial = StudyTrial {
            number,
            state: TrialState::Failed.into(),
            params: Ordered::default(),
            scores: Ordered::default(),
            parts: Ordered::default(),
            constraints: Ordered::default(),
            attributes: serde_json::Map::new(),
        };
        for (name, value) in flat(row)? {
            let is_param = self.patterns.matches(&name);
            if name == self.score {
                if is_param {
                    return Err(format!(
                        "`{}` is the score, and --params names it as a parameter",
                        name.escape_debug()
                    ));
                }
                let Some(score) = value.number() else {
                    return Err(format!("`{}` has no number, found {}", name.escape_debug(), shown(value)));
                };
                if !matches!(value, Loose::Nothing) {
                    trial.state = TrialState::Complete.into();
                    trial.scores.0.push((name, Number(score)));
                }
            } else if is_param {
                if matches!(value, Loose::List(_)) {
                    left_out.add(
                        "structure of parameters that are lists",
                        1,
                        "a parameter is one value; they are texts",
                    );
                }
                trial.params.0.push((name, value.into_value()));
            } else {
                trial.attributes.insert(name, value.into_json());
            }
        }
        Ok(trial)
    }
}

impl Reader for Generic {
    fn head(&self) -> &StudyHead {
        &self.head
    }

    fn trials(mut self: Box<Self>, each: &mut Each<'_>) -> Result<StudyEnd, Failure> {
        let mut rows = (self.spelling)(&self.file)?;
        let mut left_out = Tally::default();
        let mut has_score = false;
        let mut number = 0;
        loop {
            let row = match rows.next() {
                Ok(None) => break,
                Ok(Some(row)) => row,
                Err(_) if number > 0 && rows.is_cut() => {
                    left_out.add("last line", 1, "it is cut");
                    break;
                }
                Err(failure) => return Err(failure),
            };
            let trial = self.trial(number, row, &mut left_out).map_err(|what| rows.wrong(what))?;
            if self.names.len() < REMEMBERED {
                remember(&mut self.names, &trial);
            }
            has_score |= !trial.scores.0.is_empty();
            number += 1;
            each(trial)?;
        }
        self.file.is_unchanged()?;
        if number == 0 {
            return Err(Failure::usage(format!("`{}` has no rows", self.file.path())));
        }
        if !has_score {
            let message = format!("`{}` has no row with a score `{}`", self.file.path(), self.score.escape_debug());
            return Err(Failure::usage(message).help(choice(&self.score, &self.names)));
        }
        self.patterns.all_met(&self.told, &self.names)?;
        if let Rows::Table { header, .. } = &rows {
            left_out.add_types(header.iter().filter(|name| !name.is_empty() && self.patterns.matches(name)).count());
        }
        Ok(StudyEnd { trials: number, parameters: Ordered::default(), left_out: left_out.into_left_out() })
    }
}

fn remember(names: &mut Vec<String>, trial: &StudyTrial) {
    let params = trial.params.0.iter().map(|(name, _)| name);
    for name in params.chain(trial.attributes.keys()) {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
}

/// Refuses the name of one of several studies where there is only one.
pub(crate) fn one_study(told: &Told) -> Result<(), Failure> {
    match &told.study {
        None => Ok(()),
        Some(name) => Err(Failure::usage(format!(
            "`{}` holds one study, which has no name; found --study `{}`",
            told.file,
            name.escape_debug()
        ))
        .help("leave --study out")),
    }
}

/// The direction, which nobody guesses.
pub(crate) fn direction(told: &Told, score: &str) -> Result<Direction, Failure> {
    told.direction.ok_or_else(|| {
        Failure::usage(format!("`{}` does not say which `{}` is better", told.file, score.escape_debug()))
            .help("say --direction minimize if the smaller one is, --direction maximize if the larger one is")
    })
}

/// Nested objects become dotted names, a list of one value is that value, and what is empty is absent.
fn flat(row: Row) -> Result<Row, String> {
    let mut found = Row::new();
    for (name, value) in row {
        spread(name, value, &mut found);
    }
    let mut known = std::collections::HashSet::new();
    if let Some((twice, _)) = found.iter().find(|(name, _)| !known.insert(name.as_str())) {
        return Err(format!(
            "`{}` occurs twice: with a dot in its name, and as a name in an object",
            twice.escape_debug()
        ));
    }
    Ok(found)
}

fn spread(name: String, value: Loose, found: &mut Row) {
    match value {
        Loose::Object(fields) => {
            for (inner, value) in fields {
                spread(format!("{name}.{inner}"), value, found);
            }
        }
        Loose::List(mut items) if items.len() <= 1 => {
            if let Some(item) = items.pop() {
                spread(name, item, found);
            }
        }
        value => found.push((name, value)),
    }
}

/// A value for a message.
fn shown(value: Loose) -> String {
    let text = match value {
        Loose::Text(text) => text,
        value => value.into_json().to_string(),
    };
    let short: String = text.chars().take(40).collect();
    let more = if short.len() < text.len() { "…" } else { "" };
    format!("`{}{more}`", short.escape_debug())
}
