//! An audit report as the Python package writes it, byte for byte.

use std::collections::HashSet;
use std::io::{self, Write};

use super::super::canonical;
use super::super::hash_chain::run_hash;
use super::super::indented::{push_indented, push_line};
use super::super::json::{Integer, Text, Value};
use super::{AuditReport, DeclaredConstraint, Format, Run};

/// Writes a report row by row: what `AuditReport.to_json(with_hash_chain=...)` writes for the same content.
///
/// It keeps one digest per row (where the chain is asked for) and one count per constraint, so that a trail of any
/// length can be written as it is read. Call [`finish`](Self::finish), or the report has no end.
#[derive(Debug)]
pub struct Writer<W: Write> {
    out: W,
    piece: String,
    rows: u64,
    feasible: u64,
    passed: Vec<(Text, u64)>,
    /// Call index and digest of each row, if there is to be a chain.
    chain: Option<Vec<(u64, String)>>,
}

impl<W: Write> Writer<W> {
    /// Writes what stands before the runs of `report`: all but runs, ranking, summary and chain, which come later.
    ///
    /// # Errors
    /// If `out` cannot be written.
    pub fn new(out: W, report: &AuditReport<'_>, with_hash_chain: bool) -> io::Result<Self> {
        let mut writer = Self {
            out,
            piece: "{".to_owned(),
            rows: 0,
            feasible: 0,
            passed: report.constraints.iter().map(|constraint| (constraint.name.clone(), 0)).collect(),
            chain: with_hash_chain.then(Vec::new),
        };
        let seed = report.seed.cloned().map_or(Value::Null, Value::Integer);
        let nothing = Text::from("");
        let constraint = |constraint: &DeclaredConstraint<'_>| {
            let description = constraint.description.unwrap_or(&nothing);
            dict([("name", text(constraint.name)), ("description", text(description))])
        };
        let mut entries = vec![
            ("method", text(report.method)),
            ("omega_lock_version", text(report.omega_lock_version)),
            ("seed", seed),
            ("started_iso", text(report.started_iso)),
            ("ended_iso", text(report.ended_iso)),
            ("constraints", Value::List(report.constraints.iter().map(constraint).collect())),
        ];
        if report.format == Format::V2 {
            entries.insert(0, ("schema_version", text(&Text::from(Format::V2_VERSION))));
        }
        for (index, (key, value)) in entries.iter().enumerate() {
            writer.entry(index, key, value);
        }
        writer.piece.push_str(",\n  \"runs\": [");
        writer.flush()?;
        Ok(writer)
    }

    /// Writes a run.
    ///
    /// # Errors
    /// If the report cannot be written.
    pub fn row(&mut self, row: &Run<'_>) -> io::Result<()> {
        let value = value(row);
        if let Some(chain) = &mut self.chain {
            let hash = run_hash(chain.last().map(|(_, hash)| hash.as_str()), &canonical(&value));
            chain.push((row.call_index, hash));
        }
        push_line(usize::from(self.rows > 0), 2, &mut self.piece);
        push_indented(&value, 2, &mut self.piece);
        self.rows += 1;
        self.feasible += u64::from(row.constraints_failed.is_empty());
        let kept: HashSet<&Text> = row.constraints_passed.iter().copied().collect();
        self.passed.iter_mut().filter(|(name, _)| kept.contains(name)).for_each(|(_, count)| *count += 1);
        self.flush()
    }

    /// Writes what stands behind the runs: the ranking of parameters by stress, if it was measured, the summary and the
    /// chain. Returns what was written to.
    ///
    /// # Errors
    /// If the report cannot be written.
    pub fn finish(mut self, stress_ranking: Option<&[(&Text, f64)]>) -> io::Result<W> {
        self.piece.push_str(if self.rows == 0 { "]" } else { "\n  ]" });
        let pair = |(name, score): &(&Text, f64)| Value::List(vec![text(name), Value::Float(*score)]);
        let ranking = stress_ranking.map_or(Value::Null, |ranking| Value::List(ranking.iter().map(pair).collect()));
        self.entry(1, "stress_ranking", &ranking);
        let rate = if self.rows == 0 { 0.0 } else { self.feasible as f64 / self.rows as f64 };
        let counts = self.passed.iter().map(|(name, count)| (name.clone(), integer(*count))).collect();
        let summary = dict([
            ("n_total", integer(self.rows)),
            ("n_feasible", integer(self.feasible)),
            ("feasibility_rate", Value::Float(rate)),
            ("constraint_pass_counts", Value::Dict(counts)),
        ]);
        self.entry(1, "summary", &summary);
        if let Some(chain) = self.chain.take() {
            self.piece.push_str(",\n  \"hash_chain\": [");
            let mut previous = Value::Null;
            for (index, (call_index, hash)) in chain.iter().enumerate() {
                let hash = text(&Text::from(hash.as_str()));
                let entry = [
                    ("call_index", integer(*call_index)),
                    ("previous_hash", std::mem::replace(&mut previous, hash.clone())),
                    ("run_hash", hash),
                ];
                push_line(index, 2, &mut self.piece);
                push_indented(&dict(entry), 2, &mut self.piece);
                self.flush()?;
            }
            self.piece.push_str(if chain.is_empty() { "]" } else { "\n  ]" });
        }
        self.piece.push_str("\n}");
        self.flush()?;
        self.out.flush()?;
        Ok(self.out)
    }

    fn entry(&mut self, index: usize, key: &str, value: &Value) {
        push_line(index, 1, &mut self.piece);
        self.piece.extend(["\"", key, "\": "]);
        push_indented(value, 1, &mut self.piece);
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.write_all(self.piece.as_bytes())?;
        self.piece.clear();
        Ok(())
    }
}

fn value(run: &Run<'_>) -> Value {
    let names = |names: &[&Text]| Value::List(names.iter().copied().map(text).collect());
    dict([
        ("params", Value::Dict(run.params.clone())),
        ("fitness", Value::Float(run.fitness)),
        ("n_trials", Value::Integer(run.n_trials.clone())),
        ("metadata", Value::Dict(run.metadata.cloned().unwrap_or_default())),
        ("timestamp_iso", text(run.timestamp_iso)),
        ("constraints_passed", names(&run.constraints_passed)),
        ("constraints_failed", names(&run.constraints_failed)),
        ("phase", text(run.phase)),
        ("call_index", integer(run.call_index)),
        ("target_role", text(run.target_role)),
        ("round_index", integer(run.round_index)),
    ])
}

fn text(text: &Text) -> Value {
    Value::Text(text.clone())
}

fn integer(value: u64) -> Value {
    Value::Integer(Integer::from(value))
}

fn dict<const N: usize>(entries: [(&str, Value); N]) -> Value {
    Value::Dict(entries.into_iter().map(|(key, value)| (Text::from(key), value)).collect())
}
