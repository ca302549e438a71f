//! One candidate of a run on every slice on which it was evaluated, out of the trail.

use std::io::BufRead;

use camino::Utf8Path;
use omega_lock::internals::artifacts::{
    DamageKind, RunResult, TrailBody, TrailDamage, TrailReadError, TrailReader, read_json,
};
use omega_lock::internals::audit::Row;
use omega_lock::internals::number::general;
use omega_lock::internals::objective::{ConstraintStatus, Params, Phase};
use omega_lock::internals::report::{escaped_line, proposes};

use crate::failure::Failure;

/// Digits of a fitness.
const DIGITS: usize = 6;
/// Parameters, slices and constraints that are listed; what is left out is counted.
const MOST: usize = 60;

/// Which candidate: its number, and the round or the window if there are several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Number {
    pass: Option<u32>,
    index: u64,
}

/// `17`, or `2:17` of a second round or window.
impl std::str::FromStr for Number {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong =
            |_| "expected the number of a candidate, such as 17, or of the second round or window, such as 2:17";
        let text = text.trim_start_matches('#');
        let (pass, index) = match text.split_once(':') {
            Some((pass, index)) => (Some(pass.parse().map_err(wrong)?), index.trim_start_matches('#')),
            None => (None, text),
        };
        Ok(Self { pass, index: index.parse().map_err(wrong)? })
    }
}

/// What the trail says of a candidate.
struct Found {
    constraints: Vec<String>,
    /// The first evaluation of all: the baseline.
    base: Option<Params>,
    params: Option<Params>,
    /// Candidates of the pass.
    of: u64,
    /// Every evaluation of the candidate, and of the baseline, from that of the candidate's pass on.
    rows: Vec<Row>,
    baselines: Vec<Row>,
}

/// Its page, from the folder of a run.
pub(crate) fn text(folder: &Utf8Path, trail: &Utf8Path, number: Number) -> Result<String, Failure> {
    let sought = Sought::of(folder, trail, number)?;
    let (found, place, index) = (&sought.found, &sought.place, number.index);
    let params = sought.params()?;
    let selected = if sought.selected { ", the selected one" } else { "" };
    let mut lines = vec![format!("{}: candidate {place}#{index} of {}{selected}", sought.name, found.of)];
    let changes = params.iter().map(|(name, value)| {
        let before = found.base.as_ref().and_then(|base| base.get(name)).filter(|before| *before != value);
        let before = before.map(|before| format!("{before} -> ")).unwrap_or_default();
        (escaped_line(name), escaped_line(&format!("{before}{value}")))
    });
    lines.extend(columns("", changes.collect()));
    let slices = found.rows.iter().map(|row| slice(row, &found.baselines));
    lines.extend(columns("Evaluated:", slices.collect()));
    lines.extend(columns("Constraints:", constraints(found)));
    Ok(lines.join("\n") + "\n")
}

/// Its parameters, all of them.
pub(crate) fn params(folder: &Utf8Path, trail: &Utf8Path, number: Number) -> Result<Params, Failure> {
    Sought::of(folder, trail, number)?.params().cloned()
}

/// A candidate that was looked for.
struct Sought {
    name: String,
    /// The round or the window before its number, if there are several.
    place: String,
    index: u64,
    pass: u32,
    selected: bool,
    found: Found,
}

impl Sought {
    fn of(folder: &Utf8Path, trail: &Utf8Path, number: Number) -> Result<Self, Failure> {
        let result = read_json::<RunResult>(&folder.join("result.json")).ok();
        let shipping = result.as_ref().and_then(RunResult::selection);
        let word = result.as_ref().map_or("round", RunResult::pass_word);
        let shipping_pass = shipping.as_ref().map_or(0, |found| found.round.or(found.window).unwrap_or(0));
        // Of several passes the one that ships is meant, and without a result the first.
        let pass = number.pass.unwrap_or(shipping_pass);
        let unread = |error| crate::page::unread(trail, error);
        let found = follow(&mut crate::page::reader(trail)?, pass, number.index).map_err(unread)?;
        let name = escaped_line(folder.file_name().unwrap_or_default());
        let place = if pass > 0 { format!("{word} {pass} ") } else { String::new() };
        let selected = shipping.is_some_and(|found| pass == shipping_pass && found.index == number.index);
        Ok(Self { name, place, index: number.index, pass, selected, found })
    }

    fn params(&self) -> Result<&Params, Failure> {
        let Self { name, place, index, .. } = self;
        self.found.params.as_ref().ok_or_else(|| {
            let message = match self.found.of {
                0 => {
                    format!("`{name}` has no candidates in {}", if self.pass > 0 { place.trim() } else { "its trail" })
                }
                of => {
                    format!("{place}#{index} of `{name}` is not there: it has {of} candidates, from #0 to #{}", of - 1)
                }
            };
            Failure::usage(message).help(format!("the selected one and the best: cargo omega show {name}"))
        })
    }
}

fn follow<R: BufRead>(reader: &mut TrailReader<R>, pass: u32, index: u64) -> Result<Found, TrailReadError> {
    let (constraints, base, params) = (Vec::new(), None, None);
    let mut found = Found { constraints, base, params, of: 0, rows: Vec::new(), baselines: Vec::new() };
    // Behind the last whole row may be one that is being written.
    let mut next = || match reader.next_body() {
        Err(TrailReadError::Damage(TrailDamage { kind: DamageKind::Torn, .. })) => Ok(None),
        next => next,
    };
    while let Some(body) = next()? {
        let row = match body {
            TrailBody::Header(header) => {
                found.constraints = header.constraints;
                continue;
            }
            TrailBody::Evaluation(row) => row,
            TrailBody::End(_) => continue,
        };
        let phase = row.context.phase;
        let base = found.base.get_or_insert_with(|| row.params.clone());
        // A null version is another target. The holdout belongs to no pass.
        if phase == Phase::Null || row.context.round != pass && phase != Phase::Holdout {
            continue;
        }
        if row.params == *base && found.baselines.len() < MOST {
            found.baselines.push(row.clone());
        }
        if proposes(phase.name()) {
            if found.of == index {
                found.params = Some(row.params.clone());
            }
            found.of += 1;
        }
        if found.params.as_ref() == Some(&row.params) && found.rows.len() < MOST {
            found.rows.push(row);
        }
    }
    Ok(found)
}

/// A slice, and what was measured there beside the baseline.
fn slice(row: &Row, baselines: &[Row]) -> (String, String) {
    let role = row.context.role;
    let fitness = |row: &Row| row.outcome.evaluation().map(|evaluation| evaluation.fitness);
    let of = match &row.outcome.result {
        Ok(evaluation) => {
            let base = baselines.iter().find(|base| base.context.role == role).and_then(fitness);
            let base = base.map_or_else(String::new, |base| format!("  baseline {}", general(base, DIGITS)));
            let (fitness, samples) = (general(evaluation.fitness, DIGITS), evaluation.samples);
            let blocks = match evaluation.blocks.as_slice() {
                [] => String::new(),
                blocks => format!("  {} blocks", blocks.len()),
            };
            format!("{fitness}  n={samples}{base}{blocks}")
        }
        Err(failure) => format!("none: {}", escaped_line(&failure.to_string())),
    };
    (role.to_string(), format!("{of}  ({}, call {})", row.context.phase, row.outcome.call_index))
}

/// Every constraint, and on which slices it is kept.
fn constraints(found: &Found) -> Vec<(String, String)> {
    let judged = |(place, name): (usize, &String)| {
        let on = found.rows.iter().filter_map(|row| {
            let word = match row.outcome.feasibility.statuses().get(place)? {
                ConstraintStatus::Satisfied => "kept",
                _ => "violated",
            };
            Some(format!("{word} on {}", row.context.role))
        });
        let mut on: Vec<String> = on.collect();
        on.dedup();
        (escaped_line(name), on.join(", "))
    };
    found.constraints.iter().enumerate().map(judged).collect()
}

/// A heading and two columns, or nothing.
fn columns(heading: &str, rows: Vec<(String, String)>) -> Vec<String> {
    let width = rows.iter().take(MOST).map(|(name, _)| name.chars().count()).max().unwrap_or(0).min(24);
    let mut lines: Vec<String> =
        (!heading.is_empty() && !rows.is_empty()).then(|| heading.to_owned()).into_iter().collect();
    lines.extend(rows.iter().take(MOST).map(|(name, said)| format!("  {name:width$}  {said}")));
    let more = rows.len().saturating_sub(MOST);
    lines.extend((more > 0).then(|| format!("  ... and {more} more")));
    lines
}
