//! The Python package's artifacts as a page.

use std::borrow::Cow;

use super::model::{Axis, Bar, Gate, Level, Page, Pair, PairKind, Pass, Point, Selected};
use super::text::Text;
use super::thinned::Thinned;
use crate::interop::artifact::{
    Artifact, AuditReport, Candidate, IterativeResult, KcReport, P1Result, P2Result, Stress, WalkForward,
};
use crate::interop::canonical;
use crate::interop::json::{Dict, Integer, Text as PeerText, Value};
use crate::report::Scorecard;

impl Page {
    /// The page of an artifact of the Python package; none for a benchmark, which is about many runs.
    pub fn of_peer(artifact: &Artifact<'_>) -> Option<Self> {
        match artifact {
            Artifact::P1(result) => Some(p1(result)),
            Artifact::Iterative(result) => Some(iterative(result)),
            Artifact::P2(result) => Some(p2(result)),
            Artifact::AuditReport(report) => Some(audit_report(report)),
            Artifact::Benchmark(_) => None,
        }
    }
}

fn p1(result: &P1Result<'_>) -> Page {
    let mut page = Page::new(Text::new("p1 result"), Scorecard::from(result), Some(text(result.status)));
    page.gates = gates(&result.kc_reports, None);
    take_pass(&mut page, result, None);
    page.stress = bars(&result.stress_results, &result.top_k);
    if let Some(shot) = &result.holdout_result {
        page.levels.push(level("holdout", None, shot.fitness));
    }
    page
}

fn iterative(result: &IterativeResult<'_>) -> Page {
    let mut page = Page::new(Text::new("iterative result"), Scorecard::from(result), Some(text(result.final_status)));
    for (index, round) in result.rounds.iter().enumerate() {
        page.gates.extend(gates(&round.kc_reports, Some(index + 1)));
        take_pass(&mut page, round, Some(index + 1));
    }
    page.stress = result.rounds.first().map(|round| bars(&round.stress_results, &round.top_k)).unwrap_or_default();
    if let Some(shot) = &result.holdout_result {
        page.levels.push(level("holdout", None, shot.fitness));
    }
    if let Some(selected) = &mut page.selected {
        selected.params = params(result.final_baseline);
    }
    page
}

fn p2(result: &P2Result<'_>) -> Page {
    let mut page = Page::new(Text::new("p2 result"), Scorecard::from(result), Some(text(result.status)));
    page.gates = gates(&result.kc_reports, None);
    page.stress = bars(&result.stress_results, &result.top_k);
    let rows = result.trials.iter().map(|trial| (trial.trial_idx, trial.params_unlocked, trial.fitness));
    page.take_candidates(&result.top_k, rows, result.tpe_best.as_ref(), None);
    page.take_walk(result.tpe_best.as_ref(), result.walk_forward.as_ref(), result.baseline_result.fitness);
    page
}

fn audit_report(report: &AuditReport<'_>) -> Page {
    let mut page = Page::new(Text::new("audit report"), Scorecard::from(report), None);
    for run in &report.runs {
        let (phase, role) = (plain(run.phase), plain(run.target_role));
        let feasible = run.constraints_failed.is_empty();
        page.record.take(&phase, &role, Some(run.fitness), Some(feasible));
    }
    let bar = |(name, value): &(&PeerText, f64)| Bar { name: text(name), value: *value, unlocked: false };
    page.stress = report.stress_ranking.iter().flatten().map(bar).collect();
    page
}

fn take_pass(page: &mut Page, result: &P1Result<'_>, round: Option<usize>) {
    let rows = result.grid_results.iter().map(|row| (row.idx, row.unlocked, row.fitness));
    page.take_candidates(&result.top_k, rows, result.grid_best.as_ref(), round);
    page.take_walk(result.grid_best.as_ref(), result.walk_forward.as_ref(), result.baseline_result.fitness);
}

impl Page {
    fn take_candidates<'a>(
        &mut self,
        top_k: &[&PeerText],
        rows: impl Iterator<Item = (u64, &'a Dict, f64)>,
        best: Option<&Candidate<'_>>,
        round: Option<usize>,
    ) {
        let mut axes: Vec<Axis> = top_k.iter().map(|name| Axis { name: text(name), words: Vec::new() }).collect();
        let mut points = Thinned::default();
        for (index, unlocked, fitness) in rows {
            self.record.take("search", "train", Some(fitness), None);
            let at = coordinates(top_k, unlocked, &mut axes);
            points.push(Point { index, at, fitness: Some(fitness), feasible: None });
        }
        let selected = best.map(|best| Point {
            index: best.idx,
            at: coordinates(top_k, best.unlocked, &mut axes),
            fitness: Some(best.fitness),
            feasible: None,
        });
        let label = round.map(|round| Text::new(format!("round {round}")));
        self.passes.push(Pass { label, axes, points, selected, left_out: 0, boxes: Vec::new() });
        self.selected = best.map(|best| Selected {
            place: Text::new(
                round.map_or_else(String::new, |round| format!("round {round} ")) + &format!("#{}", best.idx),
            ),
            fitness: Some(best.fitness),
            samples: Text::new(best.n_trials.as_str()),
            violates: Vec::new(),
            params: params(best.unlocked),
        });
    }

    /// Of several rounds the last one is shown.
    fn take_walk(&mut self, best: Option<&Candidate<'_>>, walked: Option<&WalkForward<'_>>, baseline: f64) {
        self.pairs.clear();
        self.levels = best.map(|best| level("train", Some(baseline), best.fitness)).into_iter().collect();
        let Some(walked) = walked else { return };
        let pairs = walked.train_fitnesses.iter().zip(&walked.test_fitnesses);
        self.pairs.extend(pairs.map(|(&train, &test)| Pair { train, test, kind: PairKind::Best }));
        let leads = |best: &&Candidate<'_>| {
            best.unlocked.iter().all(|(name, value)| walked.test_best_params.iter().any(|pair| pair == (name, value)))
        };
        if let Some(best) = best.filter(leads) {
            let test = walked.test_best_fitness;
            self.pairs.push(Pair { train: best.fitness, test, kind: PairKind::Selected });
            self.levels.push(level("test", None, test));
        }
    }
}

fn level(slice: &str, baseline: Option<f64>, selected: f64) -> Level {
    Level { slice: Text::new(slice), baseline, selected: Some(selected), required: None }
}

fn gates(reports: &[KcReport<'_>], round: Option<usize>) -> Vec<Gate> {
    let round = round.map_or_else(String::new, |round| format!(" (round {round})"));
    let gate = |report: &KcReport<'_>| Gate {
        name: Text::new(format!("{}{round}", plain(report.name))),
        status: text(report.status),
        message: text(report.message),
        cause: None,
        measures: Vec::new(),
    };
    reports.iter().map(gate).collect()
}

fn bars(stresses: &[Stress<'_>], top_k: &[&PeerText]) -> Vec<Bar> {
    let bar = |stress: &Stress<'_>| Bar {
        name: text(stress.name),
        value: stress.raw_stress,
        unlocked: top_k.contains(&stress.name),
    };
    stresses.iter().map(bar).collect()
}

/// The values of the axes; a word gets the place at which it was first seen.
fn coordinates(top_k: &[&PeerText], unlocked: &Dict, axes: &mut [Axis]) -> Vec<f64> {
    let value = |(name, axis): (&&PeerText, &mut Axis)| {
        let value = name.as_str().and_then(|name| unlocked.get(name));
        match value {
            Some(Value::Float(value)) => *value,
            Some(Value::Integer(value)) => Integer::to_f64(value),
            Some(Value::Bool(value)) => f64::from(u8::from(*value)),
            Some(Value::Text(word)) => {
                let word = text(word);
                let place = axis.words.iter().position(|known| *known == word).unwrap_or_else(|| {
                    axis.words.push(word);
                    axis.words.len() - 1
                });
                place as f64
            }
            _ => f64::NAN,
        }
    };
    top_k.iter().zip(axes).map(value).collect()
}

fn params(params: &Dict) -> Vec<(Text, Option<Text>, Text)> {
    let value = |value: &Value| match value {
        Value::Float(value) => Text::number(*value),
        Value::Text(word) => Text::new(format!("{:?}", plain(word))),
        other => Text::new(canonical(other)),
    };
    params.iter().map(|(name, found)| (text(name), None, value(found))).collect()
}

fn text(text: &PeerText) -> Text {
    Text::new(plain(text))
}

/// As it is; lone surrogates, which no text here can hold, are spelt out.
fn plain(text: &PeerText) -> Cow<'_, str> {
    text.as_str().map_or_else(|| Cow::Owned(text.to_string()), Cow::Borrowed)
}
