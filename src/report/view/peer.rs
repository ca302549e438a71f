//! The Python package's artifacts as a page.

use std::borrow::Cow;

use super::bests::Place;
use super::evaluated::Evaluated;
use super::model::{Axis, Gate, Level, Page, Pair, PairKind, Param, Pass, Point, Selected, Stress};
use super::thinned::Thinned;
use crate::interop::artifact::{
    Additions, Artifact, AuditReport, Baseline, Candidate, Format, IterativeResult, KcReport, P1Result, P2Result,
    Stress as PeerStress, WalkForward,
};
use crate::interop::canonical;
use crate::interop::json::{Dict, Integer, Text as PeerText, Value};
use crate::number::repr;
use crate::report::escape::Text;

impl Page {
    /// The page of an artifact of the Python package; none for a benchmark, which is about many runs.
    pub fn of_peer(artifact: &Artifact<'_>) -> Option<Self> {
        match artifact {
            Artifact::P1(result) => Some(p1(result)),
            Artifact::Iterative(result) => Some(iterative(result)),
            Artifact::P2(result) => Some(p2(result)),
            Artifact::AuditReport(report) => Some(Self::from(report)),
            Artifact::Benchmark(_) => None,
        }
    }
}

fn p1(result: &P1Result<'_>) -> Page {
    let mut page = Page::new("p1 result", "", Some(&result.status.plain()));
    page.identify_writer(result.format, result.additions.as_ref());
    page.take_p1(result, 0);
    if let Some(shot) = &result.holdout_result {
        page.take_holdout(shot.fitness, shot.n_trials, Some(shot.gate_status));
        shot.gate_failed_reasons.iter().for_each(|reason| page.note(format!("holdout: {}", reason.plain())));
    }
    page.note_additions(result.additions.as_ref());
    page.take_stress(&result.stress_results, &result.top_k);
    page
}

fn iterative(result: &IterativeResult<'_>) -> Page {
    let mut page = Page::new("iterative result", "", Some(&result.final_status.plain()));
    page.identify_writer(result.format, result.additions.as_ref());
    page.identify("Stopped", format!("{} after {} rounds", result.stop_reason.plain(), result.rounds.len()));
    for (round, locked) in
        result.rounds.iter().zip(result.locked_in_order.iter().map(Some).chain(std::iter::repeat(None)))
    {
        page.take_p1(round, page.passes.len() as u64 + 1);
        let unlocked = round.grid_best.as_ref().map(|best| params(best.unlocked)).unwrap_or_default();
        let is_locked = |param: &Param| locked.is_some_and(|locked| locked.iter().any(|name| text(name) == param.name));
        if let Some(pass) = page.passes.last_mut() {
            pass.locked = unlocked.into_iter().filter(is_locked).collect();
        }
    }
    if let Some(selected) = &mut page.selected {
        selected.params = params(result.final_baseline);
    }
    if let Some(shot) = &result.holdout_result {
        page.take_holdout(shot.fitness, shot.n_trials, None);
    }
    result.advisory_messages.iter().for_each(|message| page.note(message.plain()));
    // The first round measures every parameter, a later one what is left.
    if let Some(first) = result.rounds.first() {
        page.take_stress(&first.stress_results, &first.top_k);
    }
    page
}

fn p2(result: &P2Result<'_>) -> Page {
    let mut page = Page::new("p2 result", "", Some(&result.status.plain()));
    page.identify_writer(result.format, result.additions.as_ref());
    page.take_gates(&result.kc_reports, 0);
    page.before_the_search(&result.baseline_result, &result.stress_results);
    let rows =
        result.trials.iter().map(|trial| (trial.trial_idx, trial.params_unlocked, trial.fitness, trial.n_trials));
    let searched = Searched { status: result.status, top_k: &result.top_k, best: result.tpe_best.as_ref(), round: 0 };
    page.take_candidates(&searched, "search", rows);
    page.take_walk(result.tpe_best.as_ref(), result.walk_forward.as_ref(), result.baseline_result.fitness);
    page.note_additions(result.additions.as_ref());
    page.take_stress(&result.stress_results, &result.top_k);
    page
}

impl From<&AuditReport<'_>> for Page {
    fn from(report: &AuditReport<'_>) -> Self {
        let mut page = Self::new("audit report", "", None);
        page.identify("Written by", written_by(Some(report.omega_lock_version), report.format));
        page.identify("Method", report.method.plain());
        page.identify("Seed", report.seed.map_or_else(|| "none".to_owned(), Integer::to_string));
        page.identify("Time", format!("{} to {}", report.started_iso.plain(), report.ended_iso.plain()));
        for constraint in &report.constraints {
            page.constraints
                .declare(&constraint.name.plain(), &constraint.description.map(PeerText::plain).unwrap_or_default());
        }
        for run in &report.runs {
            let (passed, failed) = (texts(&run.constraints_passed), texts(&run.constraints_failed));
            let passed: Vec<&str> = passed.iter().map(AsRef::as_ref).collect();
            let failed: Vec<&str> = failed.iter().map(AsRef::as_ref).collect();
            let (role, phase, fitness) = (run.target_role.plain(), run.phase.plain(), Some(run.fitness));
            page.constraints.judge(&role, &passed, &failed);
            page.record.take(&phase, &role, fitness, Some(failed.is_empty()));
            let (round, call, violates) = (run.round_index, run.call_index, Some(failed.as_slice()));
            let (role, phase) = (role.as_ref(), phase.as_ref());
            let row = Evaluated { round, call, role, phase, fitness, not_applicable: false, violates };
            page.record(&row, || (run.n_trials.to_string(), params(run.params)));
        }
        let stress = |(name, value): &(&PeerText, f64)| Stress { name: text(name), value: *value, unlocked: false };
        page.rank(report.stress_ranking.iter().flatten().map(stress));
        page
    }
}

/// What a search was about.
struct Searched<'a, 'b> {
    status: &'a PeerText,
    top_k: &'b [&'a PeerText],
    best: Option<&'b Candidate<'a>>,
    round: u64,
}

impl Page {
    /// Gates, candidates and evaluations of one pass.
    fn take_p1(&mut self, result: &P1Result<'_>, round: u64) {
        self.take_gates(&result.kc_reports, round);
        self.before_the_search(&result.baseline_result, &result.stress_results);
        let rows = result.grid_results.iter().map(|row| (row.idx, row.unlocked, row.fitness, row.n_trials));
        let best = result.grid_best.as_ref();
        self.take_candidates(&Searched { status: result.status, top_k: &result.top_k, best, round }, "grid", rows);
        self.take_walk(best, result.walk_forward.as_ref(), result.baseline_result.fitness);
        let validated = result.hybrid_top.iter().flatten().filter(|row| row.validation.is_some()).count();
        if validated > 0 {
            self.count("hybrid", "validation", validated as u64);
        }
    }

    /// The candidates. These results do not say whether one is feasible.
    fn take_candidates<'a>(
        &mut self,
        searched: &Searched<'_, '_>,
        phase: &str,
        rows: impl ExactSizeIterator<Item = (u64, &'a Dict, f64, &'a Integer)>,
    ) {
        let Searched { status, top_k, best, round } = *searched;
        let candidates = rows.len() as u64;
        if candidates > 0 {
            self.count(phase, "train", candidates);
        }
        let mut axes: Vec<Axis> =
            top_k.iter().map(|name| Axis { name: text(name), words: Vec::new(), stress: None }).collect();
        let mut points = Thinned::default();
        for (index, unlocked, fitness, samples) in rows {
            let place = Place { round, index, ..Place::default() };
            self.bests.of("train").hold(place, Some(fitness), None, || (samples.to_string(), params(unlocked)));
            self.record.take("search", "train", Some(fitness), None);
            let at = coordinates(top_k, unlocked, &mut axes);
            points.push(Point { index, at, fitness: Some(fitness), feasible: None });
        }
        let selected = best.map(|best| {
            let at = coordinates(top_k, best.unlocked, &mut axes);
            Point { index: best.idx, at, fitness: Some(best.fitness), feasible: None }
        });
        let verdict = text(status);
        self.passes.push(Pass { round, verdict, axes, points, selected, candidates, ..Pass::default() });
        self.selected = best.map(|best| Selected {
            place: Place { round, index: best.idx, ..Place::default() },
            of: candidates,
            violates: Vec::new(),
            params: params(best.unlocked),
            copy: Text::default(),
            ships: true,
        });
    }

    /// The selected candidate on the slices. Of several rounds the last one is shown.
    fn take_walk(&mut self, best: Option<&Candidate<'_>>, walked: Option<&WalkForward<'_>>, baseline: f64) {
        self.pairs.clear();
        self.levels = vec![Level {
            slice: Text::new("train"),
            selected: best.map(|best| best.fitness),
            samples: best.map(|best| Text::new(best.n_trials.as_str())).unwrap_or_default(),
            baseline: Some(baseline),
            ..Level::default()
        }];
        if let Some(walked) = walked {
            self.count("walk_forward", "test", walked.test_fitnesses.len() as u64);
            let pairs = walked.train_fitnesses.iter().zip(&walked.test_fitnesses);
            self.pairs.extend(pairs.map(|(&train, &test)| Pair { train, test, kind: PairKind::Best }));
            let leads = |best: &&Candidate<'_>| {
                best.unlocked
                    .iter()
                    .all(|(name, value)| walked.test_best_params.iter().any(|pair| pair == (name, value)))
            };
            let (slice, test) = (Text::new("test"), walked.test_best_fitness);
            match best.filter(leads) {
                Some(best) => {
                    self.pairs.push(Pair { train: best.fitness, test, kind: PairKind::Selected });
                    let samples = Text::new(walked.test_best_trades.as_str());
                    self.levels.push(Level { slice, selected: Some(test), samples, ..Level::default() });
                }
                None => self.levels.push(Level { slice, remark: Level::of_the_lead(test), ..Level::default() }),
            }
        }
        if let Some(pass) = self.passes.last_mut() {
            pass.levels.clone_from(&self.levels);
        }
    }

    fn take_holdout(&mut self, fitness: f64, samples: &Integer, status: Option<&PeerText>) {
        self.count("holdout", "holdout", 1);
        self.levels.push(Level {
            slice: Text::new("holdout"),
            selected: Some(fitness),
            samples: Text::new(samples.as_str()),
            remark: status.map(text).unwrap_or_default(),
            ..Level::default()
        });
    }

    /// Baseline and stress probes: a switch is evaluated once, another parameter twice.
    fn before_the_search(&mut self, baseline: &Baseline<'_>, stresses: &[PeerStress<'_>]) {
        self.count("baseline", "train", 1);
        let probes = stresses.iter().map(|stress| if stress.is_boolean { 1 } else { 2 }).sum();
        if probes > 0 {
            self.count("stress", "train", probes);
        }
        // An audited target leaves the verdict on the baseline, and with it the names of its constraints, in its metadata.
        for key in ["_constraints_passed", "_constraints_failed"] {
            let Some(Value::List(names)) = baseline.metadata.get(key) else { continue };
            for name in names {
                if let Value::Text(name) = name {
                    self.constraints.declare(&name.plain(), "only the baseline's status is recorded");
                }
            }
        }
    }

    fn take_gates(&mut self, reports: &[KcReport<'_>], round: u64) {
        let round = if round > 0 { format!(" (round {round})") } else { String::new() };
        self.gates.extend(reports.iter().map(|report| {
            Gate::new(format!("{}{round}", report.name.plain()), &report.status.plain(), &report.message.plain())
        }));
    }

    fn take_stress(&mut self, stresses: &[PeerStress<'_>], top_k: &[&PeerText]) {
        self.rank(stresses.iter().map(|stress| Stress {
            name: text(stress.name),
            value: stress.raw_stress,
            unlocked: top_k.contains(&stress.name),
        }));
    }

    fn identify_writer(&mut self, format: Format, additions: Option<&Additions<'_>>) {
        self.identify("Written by", written_by(additions.map(|additions| additions.omega_lock_version), format));
    }

    fn note_additions(&mut self, additions: Option<&Additions<'_>>) {
        additions.iter().flat_map(|additions| &additions.warnings).for_each(|warning| self.note(warning.plain()));
    }
}

fn written_by(version: Option<&PeerText>, format: Format) -> String {
    let format = match format {
        Format::V1 => "first format",
        Format::V2 => "second format",
    };
    let version = version.map(|version| format!(" {}", version.plain())).unwrap_or_default();
    format!("omega-lock{version} for Python, {format}")
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

fn params(params: &Dict) -> Vec<Param> {
    let shown = |value: &Value| match value {
        Value::Float(float) => Text::new(repr(*float)),
        Value::Text(word) => Text::new(format!("{:?}", word.plain())),
        other => Text::new(canonical(other)),
    };
    let param =
        |(name, value)| Param { name: text(name), before: None, accepted: None, unlocked: true, value: shown(value) };
    params.iter().map(param).collect()
}

fn text(text: &PeerText) -> Text {
    Text::new(text.plain())
}

fn texts<'a>(names: &[&'a PeerText]) -> Vec<Cow<'a, str>> {
    names.iter().copied().map(PeerText::plain).collect()
}
