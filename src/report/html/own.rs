//! Our own results as a page.

use super::model::{Axis, Bar, Gate, GoldRow, Level, Measure, Page, Pair, PairKind, Pass, Point, Selected};
use super::text::Text;
use crate::artifacts::{
    CandidateEntry, GateEntry, MeasureEntry, Number, ParamEntry, ParamMap, ParamValue, PassEntry, RunResult,
    StressEntry,
};
use crate::gold::{Comparison, Outcome};
use crate::report::Scorecard;
use crate::report::failure::cause;

impl From<&RunResult> for Page {
    fn from(result: &RunResult) -> Self {
        let mut page =
            Self::new(Text::new(&result.calibration), Scorecard::from(result), Some(Text::new(&result.verdict)));
        page.gates = result.gates.iter().map(gate).collect();
        for pass in &result.passes {
            page.passes.push(self::pass(result, pass));
            for row in &pass.candidates {
                let fitness = row.fitness.map(|fitness| fitness.0);
                // Without a trail the order of the candidates is all there is.
                page.record.take("search", "train", fitness, feasible(row));
            }
        }
        if let Some(first) = result.passes.first() {
            page.stress = bars(first);
        }
        if let Some(last) = result.passes.last() {
            page.pairs = pairs(last);
            page.levels = levels(last);
            page.selected = selected(result, last);
        }
        if let Some(shot) = &result.ending.holdout {
            let gated = result.declared_text("holdout.mode").as_deref() == Some("gate");
            let required = result.declared_number("holdout.min_fitness").filter(|_| gated);
            let (slice, selected) = (Text::new("holdout"), shot.fitness.map(|level| level.0));
            page.levels.push(Level { slice, baseline: None, selected, required });
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
}

fn selected(result: &RunResult, last: &PassEntry) -> Option<Selected> {
    let best = last.selected.as_ref()?;
    let base = result.passes.first().map(|first| &first.baseline.params)?;
    let round = last.round.map(|round| format!("round {round} ")).unwrap_or_default();
    Some(Selected {
        place: Text::new(format!("{round}#{}", best.index)),
        fitness: best.fitness.map(|fitness| fitness.0),
        samples: Text::new(best.samples.to_string()),
        violates: best.constraints_failed.iter().map(Text::new).collect(),
        params: shipping(result.params.as_ref()?, base),
    })
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

fn bars(pass: &PassEntry) -> Vec<Bar> {
    let bar = |stress: &StressEntry| Bar {
        name: Text::new(&stress.name),
        value: stress.stress.0,
        unlocked: pass.unlocked.contains(&stress.name),
    };
    pass.stresses.iter().map(bar).collect()
}

fn feasible(row: &CandidateEntry) -> Option<bool> {
    row.failure.is_none().then_some(row.constraints_failed.is_empty())
}

fn pass(result: &RunResult, pass: &PassEntry) -> Pass {
    let axes: Vec<(&String, Vec<Text>)> = pass.unlocked.iter().map(|name| (name, words(name, &result.space))).collect();
    let point = |row: &CandidateEntry| Point {
        index: row.index,
        at: axes.iter().map(|(name, words)| coordinate(&row.params, name, words)).collect(),
        fitness: row.fitness.map(|fitness| fitness.0),
        feasible: feasible(row),
    };
    Pass {
        label: pass.round.map(|round| Text::new(format!("round {round}"))),
        boxes: boxes(result, pass, &axes),
        points: pass.candidates.iter().map(point).collect(),
        selected: pass.selected.as_ref().map(point),
        left_out: pass.searched() - pass.candidates.len() as u64,
        axes: axes.into_iter().map(|(name, words)| Axis { name: Text::new(name), words }).collect(),
    }
}

/// The words that the values of an axis are places among.
fn words(name: &str, space: &[ParamEntry]) -> Vec<Text> {
    match space.iter().find(|entry| entry.name == name) {
        Some(ParamEntry { choices: Some(choices), .. }) => choices.iter().map(Text::new).collect(),
        Some(entry) if entry.kind == "bool" => ["false", "true"].map(Text::new).to_vec(),
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
fn boxes(result: &RunResult, pass: &PassEntry, axes: &[(&String, Vec<Text>)]) -> Vec<Vec<(f64, f64)>> {
    let declared = |key: &str| result.declared(key)?.parse::<usize>().ok();
    let rounds = declared("search.zoom_rounds").unwrap_or(1);
    let real = |name: &str| result.space.iter().any(|entry| entry.name == name && entry.kind == "float");
    let points = declared("search.points_per_axis").filter(|_| axes.iter().all(|(name, _)| real(name)));
    let size = points.and_then(|points| points.checked_pow(u32::try_from(axes.len()).ok()?));
    let Some(size) = size.filter(|size| *size > 0 && rounds > 1) else { return Vec::new() };
    if size.checked_mul(rounds) != Some(pass.candidates.len()) {
        return Vec::new();
    }
    let span = |rows: &[CandidateEntry], name: &str| {
        let values = rows.iter().map(|row| coordinate(&row.params, name, &[]));
        values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)))
    };
    let spans = |rows: &[CandidateEntry]| axes.iter().map(|(name, _)| span(rows, name)).collect();
    pass.candidates.chunks(size).map(spans).collect()
}

fn pairs(pass: &PassEntry) -> Vec<Pair> {
    let mut pairs = Vec::new();
    let mut add = |train: Number, test: Option<Number>, kind| {
        pairs.extend(test.map(|test| Pair { train: train.0, test: test.0, kind }));
    };
    if let Some(transfer) = &pass.transfer {
        for (train, test) in transfer.rank_train.iter().zip(&transfer.rank_test) {
            add(*train, *test, PairKind::Spread);
        }
    }
    for walked in pass.walk_forward.iter().flat_map(|walked| &walked.candidates) {
        add(walked.train_fitness, walked.test_fitness, PairKind::Best);
    }
    if let Some((train, test)) = selected_pair(pass) {
        add(train, Some(test), PairKind::Selected);
    }
    pairs
}

/// The selected candidate on train and test: as the strict profile has it, or as the best of the walk-forward if it is
/// that one.
fn selected_pair(pass: &PassEntry) -> Option<(Number, Number)> {
    let best = pass.selected.as_ref()?;
    let lead = || pass.walk_forward.as_ref()?.candidates.first().filter(|lead| lead.index == best.index);
    let test = match &pass.on_test {
        Some(on_test) => on_test.fitness,
        None => lead()?.test_fitness,
    };
    best.fitness.zip(test)
}

fn levels(pass: &PassEntry) -> Vec<Level> {
    let level = |slice: &str, baseline: Option<Number>, selected: Option<Number>| Level {
        slice: Text::new(slice),
        baseline: baseline.map(|level| level.0),
        selected: selected.map(|level| level.0),
        required: None,
    };
    let selected = pass.selected.as_ref().and_then(|best| best.fitness);
    let mut levels = vec![level("train", pass.baseline.fitness, selected)];
    let baseline_on_test = pass.on_test.as_ref().and_then(|on_test| on_test.baseline_fitness);
    if let Some((_, test)) = selected_pair(pass) {
        levels.push(level("test", baseline_on_test, Some(test)));
    }
    levels
}
