//! A result beside gold, figure by figure.

use std::collections::BTreeMap;

use super::figure::{Outcome, allowed, judge};
use crate::artifacts::{GoldDocument, ParamValue};
use crate::declaration::{Acceptance, AnchorRule, Tolerance};
use crate::objective::spelling::nearest;

/// Which part of a result a row is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The verdict.
    Verdict,
    /// The status of a gate.
    Gate,
    /// A parameter of the candidate that would ship.
    Param,
    /// A figure.
    Metric,
    /// The trail.
    Trail,
}

impl Part {
    /// The word before the names of its rows, where they are not told apart by themselves.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Verdict => "verdict",
            Self::Gate => "gate",
            Self::Param => "param",
            Self::Metric => "metric",
            Self::Trail => "trail",
        }
    }
}

/// One thing beside the accepted one.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Row {
    /// Which part of the result.
    pub part: Part,
    /// Its name.
    pub name: String,
    /// The accepted value as shown; absent if there is none.
    pub gold: Option<String>,
    /// The value as shown; absent if there is none.
    pub new: Option<String>,
    /// How far it moved, where both are numbers.
    pub delta: Option<f64>,
    /// How far it may move, as shown.
    pub allowed: String,
    /// What became of it.
    pub outcome: Outcome,
}

/// A result beside gold.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Comparison {
    /// Every row: those that fail first, then those worth a word, then the others; in each the order of the result.
    pub rows: Vec<Row>,
    /// What a reader should know beside them.
    pub notes: Vec<String>,
}

impl Comparison {
    /// Whether the result may stand for gold.
    pub fn holds(&self) -> bool {
        !self.rows.iter().any(|row| row.outcome.fails())
    }

    /// Whether the result could not make better gold: nothing moved further than it may, was added or noted.
    pub fn says_nothing(&self) -> bool {
        self.notes.is_empty() && self.rows.iter().all(|row| row.outcome.is_quiet())
    }

    /// The rows that fail.
    pub fn failing(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(|row| row.outcome.fails())
    }

    /// The figures: rows that have a tolerance.
    pub fn figures(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(|row| row.part == Part::Metric)
    }

    /// The largest part of an allowed distance that was used, from 0 to 1.
    pub fn most_used(&self) -> f64 {
        let used = self.rows.iter().filter_map(|row| match row.outcome {
            Outcome::Within { used } => Some(used),
            _ => None,
        });
        used.fold(0.0, f64::max)
    }
}

/// Holds `new` against `gold`, with the tolerances that are declared.
pub fn compare(gold: &GoldDocument, new: &GoldDocument, acceptance: &Acceptance) -> Comparison {
    let mut rows = vec![status(Part::Verdict, "verdict", Some(&gold.verdict), Some(&new.verdict))];
    for id in keys(gold.gates.keys(), new.gates.keys()) {
        rows.push(status(Part::Gate, &id, gold.gates.get(&id), new.gates.get(&id)));
    }
    for name in keys(gold.params.0.iter().map(|(name, _)| name), new.params.0.iter().map(|(name, _)| name)) {
        let find = |document: &'_ GoldDocument| {
            document.params.0.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone())
        };
        let tolerance = acceptance.tolerance(&format!("params.{name}"));
        rows.push(figure(Part::Param, &name, find(gold).as_ref(), find(new).as_ref(), &tolerance));
    }
    for name in keys(gold.metrics.keys(), new.metrics.keys()) {
        let (old, now) = (gold.metrics.get(&name), new.metrics.get(&name));
        rows.push(figure(Part::Metric, &name, old, now, &acceptance.tolerance(&name)));
    }
    let mut notes = Vec::new();
    rows.extend(strangers(gold, new, acceptance));
    rows.extend(trail(gold, new, acceptance.anchor, &mut notes));
    if gold.declaration_digest != new.declaration_digest {
        notes.push("gold was accepted under another declaration".to_owned());
    }
    let rank = |row: &Row| if row.outcome.fails() { 0 } else { 1 + u8::from(row.outcome.is_quiet()) };
    rows.sort_by_key(rank);
    Comparison { rows, notes }
}

/// The keys of both, those of the first in its order.
fn keys<'k>(first: impl Iterator<Item = &'k String>, second: impl Iterator<Item = &'k String>) -> Vec<String> {
    let mut keys: Vec<String> = first.cloned().collect();
    for key in second {
        if !keys.contains(key) {
            keys.push(key.clone());
        }
    }
    keys
}

/// A verdict or the status of a gate: to pass what failed is better, all else is not.
fn status(part: Part, name: &str, gold: Option<&String>, new: Option<&String>) -> Row {
    let passes = |status: &str| status == "PASS";
    let outcome = match (gold, new) {
        (Some(gold), Some(new)) if gold == new => Outcome::Same,
        (Some(gold), Some(new)) if gold.starts_with("FAIL") && passes(new) => Outcome::Better,
        (Some(gold), Some(_)) if passes(gold) => Outcome::Worse,
        (Some(_), Some(_)) => Outcome::Moved,
        (None, _) => Outcome::Added,
        (Some(_), None) => Outcome::Removed,
    };
    let (gold, new) = (gold.cloned(), new.cloned());
    Row { part, name: name.to_owned(), gold, new, delta: None, allowed: "exact".to_owned(), outcome }
}

fn figure(part: Part, name: &str, gold: Option<&ParamValue>, new: Option<&ParamValue>, tolerance: &Tolerance) -> Row {
    let (outcome, delta) = match (gold, new) {
        (Some(gold), Some(new)) => judge(gold, new, tolerance),
        (None, _) => (Outcome::Added, None),
        (Some(_), None) => (Outcome::Removed, None),
    };
    let allowed = gold.or(new).map_or_else(String::new, |value| allowed(value, tolerance));
    Row {
        part,
        name: name.to_owned(),
        gold: gold.map(ToString::to_string),
        new: new.map(ToString::to_string),
        delta,
        allowed,
        outcome,
    }
}

/// A tolerance for a figure that neither side has guards nothing.
fn strangers(gold: &GoldDocument, new: &GoldDocument, acceptance: &Acceptance) -> Vec<Row> {
    let params = gold.params.0.iter().chain(&new.params.0).map(|(name, _)| format!("params.{name}"));
    let metrics: &[&BTreeMap<_, _>] = &[&gold.metrics, &new.metrics];
    let known: Vec<String> = metrics.iter().flat_map(|metrics| metrics.keys().cloned()).chain(params).collect();
    let strangers = acceptance.tolerances.iter().filter(|(name, _)| !known.contains(name));
    strangers
        .map(|(name, _)| {
            let near = nearest(name, known.iter().map(String::as_str));
            let allowed = near.map_or_else(String::new, |near| format!("the nearest is `{near}`"));
            let (part, outcome) = (Part::Metric, Outcome::Unknown);
            Row { part, name: name.clone(), gold: None, new: None, delta: None, allowed, outcome }
        })
        .collect()
}

fn trail(gold: &GoldDocument, new: &GoldDocument, rule: AnchorRule, notes: &mut Vec<String>) -> Option<Row> {
    if gold.anchor == new.anchor {
        return None;
    }
    let shown = |document: &GoldDocument| {
        document.anchor.as_ref().map(|anchor| {
            let head = anchor.head.get(..12).unwrap_or(&anchor.head);
            format!("{} rows, head {head}", anchor.rows)
        })
    };
    let (old, now) = (shown(gold), shown(new));
    if rule == AnchorRule::Report {
        let word = |shown: &Option<String>| shown.clone().unwrap_or_else(|| "none".to_owned());
        notes.push(format!("the trail is another one: {} -> {}", word(&old), word(&now)));
        return None;
    }
    let name = Part::Trail.name().to_owned();
    Some(Row {
        part: Part::Trail,
        name,
        gold: old,
        new: now,
        delta: None,
        allowed: "exact".to_owned(),
        outcome: Outcome::Moved,
    })
}
