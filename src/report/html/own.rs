//! Our own results as a page.

use super::model::{Axis, Bar, Gate, GoldRow, Level, Measure, Page, Pair, PairKind, Pass, Point, Selected};
use super::text::Text;
use crate::artifacts::{
    GateEntry, GridEntry, IterativeResult, MeasureEntry, Number, P1Result, ParamEntry, ParamMap, ParamValue, RunResult,
};
use crate::gold::{Comparison, Outcome};
use crate::report::Scorecard;
use crate::report::failure::cause;

impl From<&RunResult> for Page {
    fn from(result: &RunResult) -> Self {
        let title = match result {
            RunResult::P1(result) => &result.calibration,
            RunResult::Iterative(result) => &result.calibration,
        };
        let mut page = Self::new(Text::new(title), Scorecard::from(result), Some(Text::new(result.verdict())));
        page.gates = result.gates().iter().map(gate).collect();
        let rounds = matches!(result, RunResult::Iterative(_));
        for (index, pass) in result.passes().iter().enumerate() {
            page.passes.push(self::pass(pass, rounds.then(|| format!("round {}", index + 1))));
            for row in &pass.grid_results {
                let fitness = row.fitness.map(|fitness| fitness.0);
                // Without a trail the order of the candidates is all there is.
                page.record.take("search", "train", fitness, feasible(row));
            }
        }
        if let Some(first) = result.passes().first() {
            page.stress = bars(first);
        }
        if let Some(last) = result.passes().last() {
            page.pairs = pairs(last);
            page.levels = levels(last);
        }
        match result {
            RunResult::P1(result) => page.of_p1(result),
            RunResult::Iterative(result) => page.of_iterative(result),
        }
        page
    }
}

impl Page {
    /// Shows the result beside the accepted one.
    #[must_use]
    pub fn beside_gold(mut self, comparison: &Comparison) -> Self {
        let cell = |value: &Option<String>| Text::new(value.as_deref().unwrap_or("none"));
        let row = |row: &crate::gold::Row| GoldRow {
            name: Text::new(&row.name),
            gold: cell(&row.gold),
            new: cell(&row.new),
            delta: row.delta.map(Text::number).unwrap_or_default(),
            word: Text::new(match row.outcome {
                Outcome::Same => "same",
                Outcome::Within { .. } => "within tolerance",
                Outcome::Better => "better",
                Outcome::Added => "added",
                Outcome::Moved => "moved",
                Outcome::Worse => "worse",
                Outcome::NotANumber => "not a number",
                Outcome::Removed => "removed",
                Outcome::Unknown => "nobody has it",
            }),
            holds: !row.outcome.fails(),
            same: row.outcome == Outcome::Same,
        };
        self.gold = comparison.rows.iter().map(row).collect();
        self
    }

    fn of_p1(&mut self, result: &P1Result) {
        if let Some(best) = &result.grid_best {
            self.selected = Some(Selected {
                place: Text::new(format!("#{}", best.idx)),
                fitness: best.fitness.map(|fitness| fitness.0),
                samples: Text::new(best.n_trials.to_string()),
                violates: best.constraints_failed.iter().map(Text::new).collect(),
                params: shipping(&best.params, &result.base_params),
            });
        }
        if let Some(shot) = &result.holdout_result {
            let required = result.config_full.holdout_min_fitness;
            self.holdout(shot.fitness, required.filter(|_| result.holdout_mode == "gate"));
        }
    }

    fn of_iterative(&mut self, result: &IterativeResult) {
        let last = result.rounds.last().and_then(|round| round.grid_best.as_ref());
        self.selected = last.map(|best| Selected {
            place: Text::new(format!("round {} #{}", result.rounds.len(), best.idx)),
            fitness: best.fitness.map(|fitness| fitness.0),
            samples: Text::new(best.n_trials.to_string()),
            violates: best.constraints_failed.iter().map(Text::new).collect(),
            params: shipping(&result.final_baseline, &result.base_params),
        });
        if let Some(shot) = &result.holdout_result {
            self.holdout(shot.fitness, None);
        }
    }

    fn holdout(&mut self, selected: Option<Number>, required: Option<Number>) {
        let (selected, required) = (selected.map(|level| level.0), required.map(|level| level.0));
        self.levels.push(Level { slice: Text::new("holdout"), baseline: None, selected, required });
    }
}

fn gate(entry: &GateEntry) -> Gate {
    let round = entry.round.map_or_else(String::new, |round| format!(" (round {round})"));
    let failed = entry.status == "FAIL";
    let measure = |measure: &MeasureEntry| Measure {
        metric: Text::new(&measure.metric),
        measured: Text::new(&measure.measured),
        required: Text::new(&measure.required),
        ok: measure.ok,
    };
    Gate {
        name: Text::new(format!("{}{round}", entry.gate)),
        status: Text::new(&entry.status),
        message: Text::new(&entry.message),
        cause: cause(entry).filter(|_| failed).map(Text::new),
        measures: entry.measures.iter().map(measure).collect(),
    }
}

/// Every parameter as it would ship, in the order of the run, beside the baseline.
fn shipping(params: &ParamMap, base: &ParamMap) -> Vec<(Text, Option<Text>, Text)> {
    let before = |name: &str| base.0.iter().find(|(known, _)| known == name).map(|(_, value)| shown(value));
    params.0.iter().map(|(name, value)| (Text::new(name), before(name), shown(value))).collect()
}

fn shown(value: &ParamValue) -> Text {
    match value {
        ParamValue::Float(value) => Text::number(value.0),
        other => Text::new(other.to_string()),
    }
}

fn bars(pass: &P1Result) -> Vec<Bar> {
    let bar = |stress: &crate::artifacts::StressEntry| Bar {
        name: Text::new(&stress.name),
        // The strict profile ranks by the stress over the whole range.
        value: stress.range_stress.unwrap_or(stress.raw_stress).0,
        unlocked: pass.top_k.contains(&stress.name),
    };
    pass.stress_results.iter().map(bar).collect()
}

fn feasible(row: &GridEntry) -> Option<bool> {
    row.failure.is_none().then_some(row.constraints_failed.is_empty())
}

fn pass(result: &P1Result, label: Option<String>) -> Pass {
    let axes: Vec<(&String, Vec<Text>)> = result.top_k.iter().map(|name| (name, words(name, &result.space))).collect();
    let at = |unlocked: &ParamMap| axes.iter().map(|(name, words)| coordinate(unlocked, name, words)).collect();
    let point = |row: &GridEntry| Point {
        index: row.idx,
        at: at(&row.unlocked),
        fitness: row.fitness.map(|fitness| fitness.0),
        feasible: feasible(row),
    };
    let selected = result.grid_best.as_ref().map(|best| Point {
        index: best.idx,
        at: at(&best.unlocked),
        fitness: best.fitness.map(|fitness| fitness.0),
        feasible: Some(best.constraints_failed.is_empty()),
    });
    Pass {
        label: label.map(Text::new),
        boxes: boxes(result, &axes),
        points: result.grid_results.iter().map(point).collect(),
        selected,
        left_out: result.candidates() - result.grid_results.len() as u64,
        axes: axes.into_iter().map(|(name, words)| Axis { name: Text::new(name), words }).collect(),
    }
}

/// The words that the values of an axis are places among.
fn words(name: &str, space: &[ParamEntry]) -> Vec<Text> {
    match space.iter().find(|entry| entry.name == name) {
        Some(ParamEntry { choices: Some(choices), .. }) => choices.iter().map(Text::new).collect(),
        Some(entry) if entry.dtype == "bool" => ["false", "true"].map(Text::new).to_vec(),
        _ => Vec::new(),
    }
}

fn coordinate(unlocked: &ParamMap, name: &str, words: &[Text]) -> f64 {
    match unlocked.0.iter().find(|(known, _)| known == name).map(|(_, value)| value) {
        Some(ParamValue::Bool(value)) => f64::from(u8::from(*value)),
        Some(ParamValue::Int(value)) => *value as f64,
        Some(ParamValue::Float(value)) => value.0,
        Some(ParamValue::Choice(value)) => {
            let place = words.iter().position(|word| *word == Text::new(value));
            place.map_or(f64::NAN, |place| place as f64)
        }
        None => f64::NAN,
    }
}

/// What each round of a zoom covered. The artifact numbers its candidates through; where the rounds are begins and ends is
/// certain only when all of them are of one size, as on axes of real numbers.
fn boxes(result: &P1Result, axes: &[(&String, Vec<Text>)]) -> Vec<Vec<(f64, f64)>> {
    let rounds = result.search_settings.zoom_rounds;
    let real = |name: &str| result.space.iter().any(|entry| entry.name == name && entry.dtype == "float");
    let points = result.search_settings.grid_points_per_axis.filter(|_| axes.iter().all(|(name, _)| real(name)));
    let size = points.and_then(|points| points.checked_pow(u32::try_from(axes.len()).ok()?));
    let Some(size) = size.filter(|size| *size > 0 && rounds > 1) else { return Vec::new() };
    if size.checked_mul(rounds) != Some(result.grid_results.len()) {
        return Vec::new();
    }
    let span = |rows: &[GridEntry], name: &str| {
        let values = rows.iter().map(|row| coordinate(&row.unlocked, name, &[]));
        values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)))
    };
    let spans = |rows: &[GridEntry]| axes.iter().map(|(name, _)| span(rows, name)).collect();
    result.grid_results.chunks(size).map(spans).collect()
}

fn pairs(pass: &P1Result) -> Vec<Pair> {
    let mut pairs = Vec::new();
    let mut add = |train: &[Number], test: Vec<Option<Number>>, kind| {
        for (train, test) in train.iter().zip(test) {
            if let Some(test) = test {
                pairs.push(Pair { train: train.0, test: test.0, kind });
            }
        }
    };
    if let Some(transfer) = pass.strict.as_ref().and_then(|strict| strict.transfer.as_ref()) {
        add(&transfer.rank_train, transfer.rank_test.clone(), PairKind::Spread);
    }
    if let Some(walked) = &pass.walk_forward {
        add(&walked.train_fitnesses, walked.test_fitnesses.iter().copied().map(Some).collect(), PairKind::Best);
    }
    if let Some((train, test)) = selected_pair(pass) {
        add(&[train], vec![Some(test)], PairKind::Selected);
    }
    pairs
}

/// The selected candidate on train and test: as the strict profile has it, or as the best of the walk-forward if it is
/// that one.
fn selected_pair(pass: &P1Result) -> Option<(Number, Number)> {
    if let Some(selected) = pass.strict.as_ref().and_then(|strict| strict.selected.as_ref()) {
        return selected.test_fitness.map(|test| (selected.train_fitness, test));
    }
    let (best, walked) = (pass.grid_best.as_ref()?, pass.walk_forward.as_ref()?);
    let lead = best.unlocked.0.iter().all(|pair| walked.test_best_params.0.contains(pair));
    lead.then_some(()).and(best.fitness.zip(walked.test_best_fitness))
}

fn levels(pass: &P1Result) -> Vec<Level> {
    let selected = pass.grid_best.as_ref().and_then(|best| best.fitness);
    let on_test = pass.strict.as_ref().and_then(|strict| strict.selected.as_ref());
    let level = |slice: &str, baseline: Option<Number>, selected: Option<Number>| Level {
        slice: Text::new(slice),
        baseline: baseline.map(|level| level.0),
        selected: selected.map(|level| level.0),
        required: None,
    };
    let mut levels = vec![level("train", pass.baseline_result.fitness, selected)];
    let baseline_on_test = on_test.and_then(|evidence| evidence.baseline_test_fitness);
    if let Some((_, test)) = selected_pair(pass) {
        levels.push(level("test", baseline_on_test, Some(test)));
    }
    levels
}
