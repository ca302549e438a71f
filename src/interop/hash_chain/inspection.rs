//! What must hold in a report beside its chain.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::super::audit_report::{AuditReport, DeclaredConstraint, Link, ReportError, Summary};
use super::super::fields::{Fields, nearest};
use super::super::json::{Text, Value};
use super::digest::{RUN_KEYS, runs};
use super::ground::Ground;
use crate::number::repr;

/// Every ground but those of the chain and of repeated keys.
pub(super) fn inspect(value: &Value) -> Vec<Ground> {
    let mut grounds = Vec::new();
    let report = keys(value, &mut grounds).and_then(|()| AuditReport::of(value));
    match report {
        Ok(report) => {
            times(&report, &mut grounds);
            summary(&report, &mut grounds);
            constraints(&report, &mut grounds);
            call_indices(&report, &mut grounds);
        }
        Err(error) => grounds.push(Ground::NotAReport(error)),
    }
    grounds
}

/// Exactly the keys that the Python package writes.
fn keys(value: &Value, grounds: &mut Vec<Ground>) -> Result<(), ReportError> {
    let report = Fields::of_document(value)?;
    exact_keys(report, AuditReport::KEYS, AuditReport::ADDED, grounds);
    if let Some(summary) = report.section("summary")? {
        exact_keys(summary, Summary::KEYS, &[], grounds);
    }
    let lists: [(_, &[_]); 3] =
        [("constraints", DeclaredConstraint::KEYS), ("runs", &RUN_KEYS), ("hash_chain", Link::KEYS)];
    for (list, known) in lists {
        for row in report.rows(list)?.unwrap_or_default() {
            exact_keys(row, known, &[], grounds);
        }
    }
    Ok(())
}

fn exact_keys(fields: Fields<'_>, always: &[&'static str], sometimes: &[&'static str], grounds: &mut Vec<Ground>) {
    let known = || always.iter().chain(sometimes).copied();
    for (key, _) in fields.dict.iter() {
        if !known().any(|known| key == known) {
            let nearest = key.as_str().and_then(|key| nearest(key, known()));
            grounds.push(Ground::UnknownKey { path: fields.path(&key.to_string()), nearest });
        }
    }
    let absent = always.iter().filter(|key| fields.dict.get(key).is_none());
    grounds.extend(absent.map(|key| Ground::AbsentKey { path: fields.path(key) }));
}

fn times(report: &AuditReport<'_>, grounds: &mut Vec<Ground>) {
    let header = [("started_iso".to_owned(), report.started_iso), ("ended_iso".to_owned(), report.ended_iso)];
    grounds.extend(header.into_iter().filter(|(_, time)| !is_time(time)).map(|(path, _)| Ground::NotATime { path }));
}

/// Whether it begins with a date and a time of day to the second.
fn is_time(text: &Text) -> bool {
    let shape = b"0000-00-00T00:00:00";
    let matches = |(found, expected): (u32, &u8)| match char::from_u32(found) {
        Some(digit) if *expected == b'0' => digit.is_ascii_digit(),
        found => found == Some(char::from(*expected)),
    };
    text.code_points().zip(shape).filter(|pair| matches(*pair)).count() == shape.len()
}

fn summary(report: &AuditReport<'_>, grounds: &mut Vec<Ground>) {
    let Some(summary) = &report.summary else { return };
    let total = report.runs.len() as u64;
    let feasible = report.runs.iter().filter(|run| run.constraints_failed.is_empty()).count() as u64;
    let rate = if total == 0 { 0.0 } else { feasible as f64 / total as f64 };
    let mut differs = |key: String, found: String, follows: String| {
        if found != follows {
            grounds.push(Ground::Summary { key, found, follows });
        }
    };
    differs("n_total".to_owned(), summary.n_total.to_string(), total.to_string());
    differs("n_feasible".to_owned(), summary.n_feasible.to_string(), feasible.to_string());
    differs("feasibility_rate".to_owned(), repr(summary.feasibility_rate), repr(rate));

    let mut passed: HashMap<&Text, u64> = HashMap::new();
    for run in &report.runs {
        for name in run.constraints_passed.iter().copied().collect::<HashSet<_>>() {
            *passed.entry(name).or_default() += 1;
        }
    }
    // Found and following count of every name that either side knows.
    let mut counts: BTreeMap<&Text, (Option<u64>, Option<u64>)> = BTreeMap::new();
    for &(name, count) in &summary.constraint_pass_counts {
        counts.entry(name).or_default().0 = Some(count);
    }
    for constraint in &report.constraints {
        let count = passed.get(constraint.name).copied().unwrap_or(0);
        counts.entry(constraint.name).or_default().1 = Some(count);
    }
    let shown = |count: Option<u64>| count.map_or_else(|| "nothing".to_owned(), |count| count.to_string());
    for (name, (found, follows)) in counts {
        if found != follows {
            differs(format!("constraint_pass_counts.{name}"), shown(found), shown(follows));
        }
    }
}

/// One report may hold the runs of several targets, each judged by constraints of its own; it declares those of one.
fn constraints(report: &AuditReport<'_>, grounds: &mut Vec<Ground>) {
    let mut declared: Vec<_> = report.constraints.iter().map(|constraint| constraint.name).collect();
    declared.sort();
    let mut by_role: HashMap<&Text, Vec<&Text>> = HashMap::new();
    let bad = report.runs.iter().position(|run| {
        let mut judged: Vec<_> = run.constraints_passed.iter().chain(&run.constraints_failed).copied().collect();
        judged.sort();
        *by_role.entry(run.target_role).or_insert_with(|| judged.clone()) != judged
    });
    let undeclared = !report.runs.is_empty() && by_role.values().all(|judged| *judged != declared);
    let row = bad.or(undeclared.then_some(0));
    grounds.extend(row.map(|row| Ground::Constraints { row }));
}

fn call_indices(report: &AuditReport<'_>, grounds: &mut Vec<Ground>) {
    let mut last: HashMap<&Text, u64> = HashMap::new();
    let bad = report
        .runs
        .iter()
        .position(|run| last.insert(run.target_role, run.call_index).is_some_and(|before| before >= run.call_index));
    grounds.extend(bad.map(|row| Ground::CallIndex { row }));
}

/// The keys of the first object within a run that look like numbers and sort otherwise as texts.
pub(super) fn number_like_keys(report: &Value, row: usize) -> Vec<Text> {
    let Ok(runs) = runs(report) else { return Vec::new() };
    let mut waiting: Vec<&Value> =
        runs.get(row).map(|run| run.dict.iter().map(|(_, value)| value).collect()).unwrap_or_default();
    while let Some(value) = waiting.pop() {
        match value {
            Value::List(items) => waiting.extend(items),
            Value::Dict(dict) => {
                let sorted = dict.sorted();
                let numbers: Vec<(f64, &Text)> =
                    sorted.iter().filter_map(|(key, _)| Some((key.as_str()?.parse().ok()?, *key))).collect();
                if !numbers.is_sorted_by(|left, right| left.0 <= right.0) {
                    return numbers.into_iter().map(|(_, key)| key.clone()).collect();
                }
                waiting.extend(sorted.into_iter().map(|(_, value)| value));
            }
            _ => {}
        }
    }
    Vec::new()
}
