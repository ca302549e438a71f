//! The Python package's artifacts as a scorecard.

use std::borrow::Cow;

use super::{Evaluated, Scorecard};
use crate::interop::artifact::{
    Additions, AuditReport, Baseline, Format, IterativeResult, KcReport, P1Result, P2Result, Stress, WalkForward,
};
use crate::interop::canonical;
use crate::interop::json::{Dict, Integer, Text, Value};
use crate::number::{general, repr};

/// Parameters that are shown of a candidate, and characters of one value.
const MOST_PARAMS: usize = 12;
const LONGEST_VALUE: usize = 60;

impl From<&AuditReport<'_>> for Scorecard {
    fn from(report: &AuditReport<'_>) -> Self {
        let mut card = Self::new("audit report");
        identify_writer(&mut card, report.format, Some(report.omega_lock_version));
        card.identify("Method", plain(report.method));
        card.identify("Seed", report.seed.map_or_else(|| "none".to_owned(), Integer::to_string));
        card.identify("Time", format!("{} to {}", plain(report.started_iso), plain(report.ended_iso)));
        for constraint in &report.constraints {
            card.declare(&plain(constraint.name), &constraint.description.map(plain).unwrap_or_default());
        }
        for run in &report.runs {
            let (passed, failed) = (texts(&run.constraints_passed), texts(&run.constraints_failed));
            let (passed, failed): (Vec<&str>, Vec<&str>) =
                (passed.iter().map(AsRef::as_ref).collect(), failed.iter().map(AsRef::as_ref).collect());
            let row = Evaluated {
                place: &place(run.round_index, run.call_index),
                role: &plain(run.target_role),
                phase: &plain(run.phase),
                fitness: Some(run.fitness),
                samples: run.n_trials.as_str(),
                judged: Some((&passed, &failed)),
            };
            card.record(&row, || params(run.params));
        }
        for (name, stress) in report.stress_ranking.iter().flatten() {
            card.rank(plain(name), *stress);
        }
        card
    }
}

impl From<&P1Result<'_>> for Scorecard {
    fn from(result: &P1Result<'_>) -> Self {
        let mut card = Self::new("p1 result");
        identify_writer(&mut card, result.format, writer(result.additions.as_ref()));
        card.identify("Verdict", plain(result.status));
        if let Some(best) = &result.grid_best {
            card.identify("Selected", selected(best.idx, best.fitness, best.n_trials, best.unlocked));
        }
        if let Some(shot) = &result.holdout_result {
            let fitness = general(shot.fitness, 6);
            card.identify("Holdout", format!("{fitness}  n={}  {}", shot.n_trials, plain(shot.gate_status)));
        }
        pass(&mut card, result, None);
        if let Some(shot) = &result.holdout_result {
            card.count("holdout", "holdout", 1);
            shot.gate_failed_reasons.iter().for_each(|reason| card.note(format!("holdout: {}", plain(reason))));
        }
        note_additions(&mut card, result.additions.as_ref());
        rank(&mut card, &result.stress_results);
        card
    }
}

impl From<&IterativeResult<'_>> for Scorecard {
    fn from(result: &IterativeResult<'_>) -> Self {
        let mut card = Self::new("iterative result");
        identify_writer(&mut card, result.format, writer(result.additions.as_ref()));
        card.identify("Verdict", plain(result.final_status));
        card.identify("Stopped", format!("{} after {} rounds", plain(result.stop_reason), result.rounds.len()));
        card.identify("Final", params(result.final_baseline));
        if let Some(shot) = &result.holdout_result {
            card.identify("Holdout", format!("{}  n={}", general(shot.fitness, 6), shot.n_trials));
        }
        for (index, round) in result.rounds.iter().enumerate() {
            pass(&mut card, round, Some(index + 1));
        }
        if result.holdout_result.is_some() {
            card.count("holdout", "holdout", 1);
        }
        result.advisory_messages.iter().for_each(|message| card.note(plain(message)));
        // The first round measures every parameter, a later one what is left.
        rank(&mut card, result.rounds.first().map(|round| round.stress_results.as_slice()).unwrap_or_default());
        card
    }
}

impl From<&P2Result<'_>> for Scorecard {
    fn from(result: &P2Result<'_>) -> Self {
        let mut card = Self::new("p2 result");
        identify_writer(&mut card, result.format, writer(result.additions.as_ref()));
        card.identify("Verdict", plain(result.status));
        if let Some(best) = &result.tpe_best {
            card.identify("Selected", selected(best.idx, best.fitness, best.n_trials, best.unlocked));
        }
        gates(&mut card, &result.kc_reports, None);
        before_the_search(&mut card, &result.baseline_result, &result.stress_results);
        if !result.trials.is_empty() {
            card.count("search", "train", result.trials.len() as u64);
        }
        for trial in &result.trials {
            let (place, samples) = (format!("#{}", trial.trial_idx), trial.n_trials.as_str());
            card.candidate(&unjudged(&place, trial.fitness, samples), || params(trial.params_unlocked));
        }
        walked(&mut card, result.walk_forward.as_ref());
        note_additions(&mut card, result.additions.as_ref());
        rank(&mut card, &result.stress_results);
        card
    }
}

/// Gates, candidates and evaluations of one pass.
fn pass(card: &mut Scorecard, result: &P1Result<'_>, round: Option<usize>) {
    gates(card, &result.kc_reports, round);
    before_the_search(card, &result.baseline_result, &result.stress_results);
    if !result.grid_results.is_empty() {
        card.count("grid", "train", result.grid_results.len() as u64);
    }
    for row in &result.grid_results {
        let place = round.map_or_else(|| format!("#{}", row.idx), |round| format!("round {round} #{}", row.idx));
        card.candidate(&unjudged(&place, row.fitness, row.n_trials.as_str()), || params(row.unlocked));
    }
    walked(card, result.walk_forward.as_ref());
    let validated = result.hybrid_top.iter().flatten().filter(|row| row.validation.is_some()).count();
    if validated > 0 {
        card.count("hybrid", "validation", validated as u64);
    }
}

/// What these results say nothing about: whether a candidate is feasible.
fn unjudged<'e>(place: &'e str, fitness: f64, samples: &'e str) -> Evaluated<'e> {
    Evaluated { place, role: "train", phase: "search", fitness: Some(fitness), samples, judged: None }
}

/// Baseline and stress probes: a switch is evaluated once, another parameter twice.
fn before_the_search(card: &mut Scorecard, baseline: &Baseline<'_>, stresses: &[Stress<'_>]) {
    card.count("baseline", "train", 1);
    let probes = stresses.iter().map(|stress| if stress.is_boolean { 1 } else { 2 }).sum();
    if probes > 0 {
        card.count("stress", "train", probes);
    }
    // An audited target leaves the verdict on the baseline, and with it the names of its constraints, in its metadata.
    for key in ["_constraints_passed", "_constraints_failed"] {
        if let Some(Value::List(names)) = baseline.metadata.get(key) {
            let names = names.iter().filter_map(|name| if let Value::Text(name) = name { Some(name) } else { None });
            names.for_each(|name| card.declare(&plain(name), "only the baseline's status is recorded"));
        }
    }
}

fn walked(card: &mut Scorecard, walked: Option<&WalkForward<'_>>) {
    if let Some(walked) = walked {
        card.count("walk_forward", "test", walked.test_fitnesses.len() as u64);
    }
}

fn gates(card: &mut Scorecard, reports: &[KcReport<'_>], round: Option<usize>) {
    for report in reports {
        let name = plain(report.name);
        let name = round.map_or_else(|| name.to_string(), |round| format!("round {round} {name}"));
        card.gate(plain(report.status), name, plain(report.message));
    }
}

fn rank(card: &mut Scorecard, stresses: &[Stress<'_>]) {
    for stress in stresses {
        card.rank(plain(stress.name), stress.raw_stress);
    }
}

fn writer<'a>(additions: Option<&Additions<'a>>) -> Option<&'a Text> {
    additions.map(|additions| additions.omega_lock_version)
}

fn note_additions(card: &mut Scorecard, additions: Option<&Additions<'_>>) {
    for warning in additions.iter().flat_map(|additions| &additions.warnings) {
        card.note(plain(warning));
    }
}

fn identify_writer(card: &mut Scorecard, format: Format, version: Option<&Text>) {
    let format = match format {
        Format::V1 => "first format",
        Format::V2 => "second format",
    };
    let version = version.map(|version| format!(" {}", plain(version))).unwrap_or_default();
    card.identify("Written by", format!("omega-lock{version} for Python, {format}"));
}

fn selected(idx: u64, fitness: f64, samples: &Integer, unlocked: &Dict) -> String {
    format!("#{idx}  {}  n={samples}  {}", general(fitness, 6), params(unlocked))
}

fn place(round: u64, call: u64) -> String {
    if round == 0 { format!("#{call}") } else { format!("round {round} #{call}") }
}

fn params(params: &Dict) -> String {
    let mut shown: Vec<String> = params
        .iter()
        .take(MOST_PARAMS)
        .map(|(name, value)| format!("{}={}", plain(name), self::value(value)))
        .collect();
    if params.iter().len() > MOST_PARAMS {
        shown.push(format!("and {} more", params.iter().len() - MOST_PARAMS));
    }
    shown.join(", ")
}

fn value(value: &Value) -> String {
    let text = match value {
        Value::Float(float) => repr(*float),
        Value::Text(text) => format!("{:?}", plain(text)),
        other => canonical(other),
    };
    match text.char_indices().nth(LONGEST_VALUE) {
        Some((cut, _)) => format!("{}...", &text[..cut]),
        None => text,
    }
}

fn texts<'a>(names: &[&'a Text]) -> Vec<Cow<'a, str>> {
    names.iter().copied().map(plain).collect()
}

/// As it is; lone surrogates, which no text here can hold, are spelt out.
fn plain(text: &Text) -> Cow<'_, str> {
    text.as_str().map_or_else(|| Cow::Owned(text.to_string()), Cow::Borrowed)
}
