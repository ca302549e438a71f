//! A trail as the Python package's audit report.

use std::io::{self, BufRead, Write};
use std::time::{Duration, SystemTime};

use serde_json::Value as Json;

use super::{RunResult, Timings, TrailBody, TrailHeader, TrailReadError, TrailReader};
use crate::audit::Row;
use crate::interop::audit_report::{AuditReport, DeclaredConstraint, Format, Run, Writer};
use crate::interop::json::{Dict, Integer, Text, Value};
use crate::objective::{ConstraintStatus, Params, Phase, Value as ParamValue};

/// The last second of the year 9999.
const LATEST: u64 = 253_402_300_799;

/// The version of the Python package whose reports are written; it reads its own format only.
const PEER_VERSION: &str = "0.3.8";

/// Writes a trail as an `omega-lock.audit-report.v2`, row by row, and returns what was written to.
///
/// Rows have no time of their own: each has the time its phase began, as `timings` tell it. The statuses of constraints
/// are lists beside the metadata, of which the report's readers want them. An evaluation that failed has the fitness NaN,
/// its reason in the metadata as `_failure`, and breaks every constraint. Blocks are in the metadata as `_blocks`. The
/// ranking comes from `result`.
///
/// # Errors
/// If the trail cannot be read or is damaged, or `out` cannot be written; of kind `Unsupported` if the report has no room for it.
pub fn export_audit<W: Write>(
    trail: impl BufRead,
    timings: Option<&Timings>,
    result: Option<&RunResult>,
    with_hash_chain: bool,
    out: W,
) -> Result<W, TrailReadError> {
    let mut reader = TrailReader::new(trail);
    let clock = PhaseClock::of(timings);
    let mut out = Some(out);
    let mut writer: Option<(Writer<W>, TrailHeader, Vec<Text>)> = None;
    while let Some(body) = reader.next_body()? {
        match (body, &mut writer) {
            (TrailBody::Header(header), _) => {
                if header.field("pipeline") == Some("\"windows\"") {
                    let reason = "the run walked over windows, each with data of its own, and an audit report of the Python \
                                  package knows one train and one test slice";
                    return Err(io::Error::new(io::ErrorKind::Unsupported, reason).into());
                }
                if let Some(out) = out.take() {
                    let constraints: Vec<Text> = header.constraints.iter().map(|name| text(name)).collect();
                    writer = Some((begun(out, &header, &constraints, &clock, with_hash_chain)?, header, constraints));
                }
            }
            (TrailBody::Evaluation(row), Some((writer, header, constraints))) => {
                write_row(writer, &row, header, constraints, &clock)?;
            }
            (TrailBody::Evaluation(_), None) | (TrailBody::End(_), _) => {}
        }
    }
    let (writer, ..) = writer.ok_or_else(|| io::Error::other("the trail has no header"))?;
    let ranking = result.map(ranking);
    let ranking = ranking.as_ref().map(|pairs| pairs.iter().map(|(name, stress)| (name, *stress)).collect::<Vec<_>>());
    Ok(writer.finish(ranking.as_deref())?)
}

fn begun<W: Write>(
    out: W,
    header: &TrailHeader,
    constraints: &[Text],
    clock: &PhaseClock,
    with_hash_chain: bool,
) -> io::Result<Writer<W>> {
    let word = |key: &str| header.field(key).unwrap_or_default().trim_matches('"');
    let seed = header.field("search.seed").and_then(|text| text.parse::<u64>().ok()).map(Integer::from);
    let report = AuditReport {
        format: Format::V2,
        method: &text(&format!("{} {}", word("pipeline"), word("search.method"))),
        omega_lock_version: &text(PEER_VERSION),
        seed: seed.as_ref(),
        started_iso: &text(&clock.at(Duration::ZERO)),
        ended_iso: &text(&clock.at(clock.total)),
        constraints: constraints.iter().map(|name| DeclaredConstraint { name, description: None }).collect(),
        runs: Vec::new(),
        stress_ranking: None,
        summary: None,
        hash_chain: None,
    };
    Writer::new(out, &report, with_hash_chain)
}

fn write_row<W: Write>(
    writer: &mut Writer<W>,
    row: &Row,
    header: &TrailHeader,
    constraints: &[Text],
    clock: &PhaseClock,
) -> io::Result<()> {
    let evaluation = row.outcome.evaluation();
    let statuses = row.outcome.feasibility.statuses();
    let kept = |index: usize| statuses.get(index) == Some(&ConstraintStatus::Satisfied);
    let names = |wanted: bool| {
        let indexed = constraints.iter().enumerate().filter(|(index, _)| kept(*index) == wanted);
        indexed.map(|(_, name)| name).collect::<Vec<_>>()
    };
    let metadata = match &row.outcome.result {
        Ok(evaluation) => {
            let blocks = evaluation.blocks.iter().map(|block| Value::Float(*block)).collect::<Vec<Value>>();
            let blocks = Some((text("_blocks"), Value::List(blocks))).filter(|_| !evaluation.blocks.is_empty());
            evaluation.metadata.iter().map(|(key, value)| (text(key), json(value))).chain(blocks).collect()
        }
        Err(failure) => Dict::from_iter([(text("_failure"), Value::Text(text(&failure.to_string())))]),
    };
    writer.row(&Run {
        params: &params(&row.params),
        fitness: evaluation.map_or(f64::NAN, |evaluation| evaluation.fitness),
        n_trials: &Integer::from(evaluation.map_or(0, |evaluation| evaluation.samples)),
        metadata: Some(&metadata),
        timestamp_iso: &text(&clock.began(row)),
        constraints_passed: names(true),
        constraints_failed: names(false),
        phase: &text(phase(row.context.phase, header)),
        call_index: row.outcome.call_index,
        target_role: &text(row.context.role.name()),
        round_index: row.context.round.into(),
    })
}

/// The Python package calls a search `grid` where it is one.
fn phase(phase: Phase, header: &TrailHeader) -> &'static str {
    let grid = matches!(header.field("search.method"), Some("\"grid\"" | "\"zoom\""));
    if phase == Phase::Search && grid { "grid" } else { phase.name() }
}

fn params(params: &Params) -> Dict {
    let value = |value: &ParamValue| match value {
        ParamValue::Float(value) => Value::Float(*value),
        ParamValue::Int(value) => Value::Integer(Integer::from(*value)),
        ParamValue::Bool(value) => Value::Bool(*value),
        ParamValue::Choice(value) => Value::Text(text(value)),
    };
    params.iter().map(|(name, given)| (text(name), value(given))).collect()
}

fn json(value: &Json) -> Value {
    match value {
        Json::Null => Value::Null,
        Json::Bool(value) => Value::Bool(*value),
        Json::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(value), _) => Value::Integer(Integer::from(value)),
            (None, Some(value)) => Value::Integer(Integer::from(value)),
            (None, None) => Value::Float(number.as_f64().unwrap_or(f64::NAN)),
        },
        Json::String(value) => Value::Text(text(value)),
        Json::Array(items) => Value::List(items.iter().map(json).collect()),
        Json::Object(entries) => Value::Dict(entries.iter().map(|(key, value)| (text(key), json(value))).collect()),
    }
}

/// Parameters by stress, largest first; of an iterative run those of its first round, which measures all of them.
fn ranking(result: &RunResult) -> Vec<(Text, f64)> {
    let stresses = result.passes.first().map(|pass| pass.stresses.as_slice()).unwrap_or_default();
    stresses.iter().map(|stress| (text(&stress.name), stress.stress.0)).collect()
}

fn text(text: &str) -> Text {
    Text::from(text)
}

/// When each phase began.
struct PhaseClock {
    started: SystemTime,
    /// Role, phase and round, and how long after the start.
    phases: Vec<(String, String, u32, Duration)>,
    total: Duration,
}

impl PhaseClock {
    /// Without timings everything happened at the beginning of Unix time, which nobody takes for a reading.
    fn of(timings: Option<&Timings>) -> Self {
        let started = timings.and_then(|timings| timings.started.as_deref());
        let started = started.and_then(|text| humantime::parse_rfc3339(text).ok()).unwrap_or(SystemTime::UNIX_EPOCH);
        let seconds = |seconds: f64| Duration::try_from_secs_f64(seconds).unwrap_or_default();
        let mut total = Duration::ZERO;
        let mut phases = Vec::new();
        for phase in timings.map(|timings| timings.phases.as_slice()).unwrap_or_default() {
            phases.push((phase.role.clone(), phase.phase.clone(), phase.round.unwrap_or(0), total));
            total = total.saturating_add(seconds(phase.seconds.0));
        }
        Self { started, phases, total }
    }

    fn began(&self, row: &Row) -> String {
        let context = row.context;
        let found = self.phases.iter().find(|(role, phase, round, _)| {
            (role.as_str(), phase.as_str(), *round) == (context.role.name(), context.phase.name(), context.round)
        });
        self.at(found.map_or(Duration::ZERO, |(.., began)| *began))
    }

    /// As Python's `isoformat` writes UTC.
    fn at(&self, offset: Duration) -> String {
        // A forged file of timings may name a time that has no date.
        let latest = SystemTime::UNIX_EPOCH + Duration::from_secs(LATEST);
        let point = self.started.checked_add(offset).map_or(latest, |point| point.min(latest));
        let whole = humantime::format_rfc3339_micros(point).to_string();
        format!("{}+00:00", whole.trim_end_matches('Z').trim_end_matches(".000000"))
    }
}
