//! Our own result as a page.

use super::bests::Place;
use super::model::{Axis, Gate, Level, Measure, Page, Pair, PairKind, Pass, Point, Selected, Stress, params};
use crate::artifacts::{
    CandidateEntry, GateEntry, MeasureEntry, Number, ParamEntry, ParamMap, ParamValue, PassEntry, RunResult,
    document_text,
};
use crate::gates::GateStatus;
use crate::pipeline::Profile;
use crate::report::escape::Text;
use crate::report::failure::cause;
use crate::report::gain::gain_line;
use crate::report::measure::{measured, required};

impl From<&RunResult> for Page {
    fn from(result: &RunResult) -> Self {
        let mut page = Self::new(&result.pipeline(), &result.calibration, Some(&result.verdict.to_string()));
        page.identify_run(result);
        page.gates = result.gates.iter().map(|entry| gate(entry, result.pass_word())).collect();
        let names: Vec<&str> = result.gates.iter().filter_map(GateEntry::constraint).collect();
        names.iter().for_each(|name| page.constraints.declare(name, ""));
        for entry in &result.evaluations.by_phase {
            page.count(entry.phase.0.name(), entry.role.0.name(), entry.count);
        }
        (page.failed, page.not_applicable) = (result.evaluations.failed, result.evaluations.not_applicable);
        page.walks = result.pipeline() == "windows";
        for (entry, left) in result.passes.iter().zip((0..result.passes.len()).rev()) {
            // The fitness of one window is none of another: the best of the last are shown, of which one ships.
            if !page.walks || left == 0 {
                page.take_candidates_of(entry, &names);
            }
            page.passes.push(pass(result, entry));
        }
        if let Some(first) = if page.walks { result.passes.last() } else { result.passes.first() } {
            // The first round measures every parameter, a later one what is left.
            page.rank(first.stresses.iter().map(|row| Stress {
                name: Text::new(&row.name),
                value: row.stress.0,
                unlocked: first.unlocked.contains(&row.name),
            }));
        }
        page.pairs = result.passes.last().map(pairs).unwrap_or_default();
        page.take_shipping(result);
        page.take_blocks(result);
        page.take_windows(result);
        result.warnings.iter().for_each(|warning| page.note(warning));
        page
    }
}

impl Page {
    fn identify_run(&mut self, result: &RunResult) {
        // Under strict a verdict says what it was reached without.
        if result.profile() == Some(Profile::Strict) {
            self.rests_on = result.rests_on().iter().map(Text::new).collect();
            self.without = result.skipped().iter().map(|gate| Text::new(gate.id())).collect();
        }
        self.identify("Profile", result.profile().map_or("none", Profile::name));
        self.identify("Declaration", &result.declaration_digest);
        if result.opaque_constraints() > 0 {
            self.identify("Opaque", format!("{} constraint(s) locked by name only", result.opaque_constraints()));
        }
        if let Some(reason) = result.stop_reason {
            let passes = result.passes.len();
            let said = match result.declared("windows.count") {
                Some(windows) => format!("{reason} after {passes} of {windows} windows"),
                None => {
                    let most = result.declared("iterative.rounds").unwrap_or("?");
                    format!("{reason} after {passes} of at most {most} rounds")
                }
            };
            self.identify("Stopped", said);
        }
        self.identify("Written by", format!("omega-lock {} for Rust", result.omega_lock_version));
    }

    /// Counts the candidates of a pass and holds them against the best.
    fn take_candidates_of(&mut self, pass: &PassEntry, constraints: &[&str]) {
        let round = pass.round.unwrap_or(0) as u64;
        for row in &pass.candidates {
            let failed: Vec<&str> = row.constraints_failed.iter().map(String::as_str).collect();
            let evaluated = row.failure.is_none();
            if evaluated {
                let passed: Vec<&str> = constraints.iter().copied().filter(|name| !failed.contains(name)).collect();
                self.constraints.judge("train", &passed, &failed);
            }
            let fitness = row.fitness.filter(|_| evaluated).map(|fitness| fitness.0);
            let place = Place { round, window: self.walks, index: row.index, call: None };
            let shown = || (row.samples.to_string(), params(&row.params, None));
            self.bests.of("train").hold(place, fitness, evaluated.then_some(&failed), shown);
            // Without a trail the order of the candidates is all there is.
            self.record.take("search", "train", fitness, feasible(row));
        }
        if let Some(left_out) = &pass.left_out {
            let best = self.bests.of("train");
            best.candidates += left_out.candidates;
            best.not_finite += left_out.not_finite + left_out.failed + left_out.not_applicable;
            *best.keeping.get_or_insert(0) += left_out.feasible;
            let word = if self.walks { "window" } else { "round" };
            let of = if round > 0 { format!("{word} {round}: ") } else { String::new() };
            let (listed, all) = (pass.candidates.len(), pass.searched());
            self.note(format!("{of}the result lists {listed} of {all} candidates; the trail has all"));
        }
    }

    /// What the blocks say of it, and they themselves.
    fn take_blocks(&mut self, result: &RunResult) {
        self.gains =
            result.gains.iter().map(|gain| (Text::new(gain.slice.name()), Text::new(gain_line(gain)))).collect();
        let Some(pass) = result.passes.last() else { return };
        let on_test = pass.on_test.as_ref();
        let of = |whose: &str, blocks: Option<&Vec<Number>>| {
            let values: Vec<f64> = blocks.into_iter().flatten().map(|block| block.0).collect();
            (!values.is_empty()).then(|| (Text::new(whose), values))
        };
        let shown = [
            of("selected on train", pass.selected.as_ref().map(|best| &best.blocks)),
            of("baseline on train", Some(&pass.baseline.blocks)),
            of("selected on test", on_test.map(|on_test| &on_test.blocks)),
            of("baseline on test", on_test.map(|on_test| &on_test.baseline_blocks)),
            of("selected on holdout", result.ending.holdout.as_ref().map(|shot| &shot.blocks)),
        ];
        self.blocks = shown.into_iter().flatten().collect();
    }

    /// The candidate that would ship, on every slice. Of several rounds the last that was locked in has it.
    fn take_shipping(&mut self, result: &RunResult) {
        let place = result.shipping_pass().or(result.passes.len().checked_sub(1));
        let Some(pass) = place.and_then(|place| result.passes.get(place)) else { return };
        self.levels = levels(pass);
        // What would ship is held against the start, also where a round went on from another.
        for shown in result.selection().iter().flat_map(|selected| &selected.slices) {
            let level = self.levels.iter_mut().find(|level| level.slice == Text::new(shown.slice.name()));
            level.into_iter().for_each(|level| level.baseline = shown.baseline.map(|baseline| baseline.0));
        }
        let base = result.passes.first().map(|first| &first.baseline.params);
        let ships = result.params.as_ref().filter(|_| pass.locked_in);
        let shipped = |best: &'_ CandidateEntry| ships.unwrap_or(&best.params).clone();
        self.selected = pass.selected.as_ref().map(|best| Selected {
            ships: pass.locked_in,
            copy: Text::lines(&document_text(&shipped(best)).unwrap_or_default()),
            place: Place { round: pass.round.unwrap_or(0) as u64, window: self.walks, index: best.index, call: None },
            of: pass.searched(),
            violates: best.constraints_failed.iter().map(Text::new).collect(),
            params: params(&shipped(best), base),
        });
        if let (Some(selected), Some(found)) = (&mut self.selected, result.selection()) {
            let unlocked: Vec<Text> =
                found.params.iter().filter(|param| param.unlocked).map(|param| Text::new(&param.name)).collect();
            for param in &mut selected.params {
                param.unlocked = unlocked.contains(&param.name);
            }
        }
        if let Some(shot) = &result.ending.holdout {
            let gated = result.declared_text("holdout.mode").as_deref() == Some("gate");
            self.levels.push(Level {
                slice: Text::new("holdout"),
                selected: shot.fitness.map(|fitness| fitness.0),
                samples: Text::new(shot.samples.to_string()),
                required: result.declared_number("holdout.min_fitness").filter(|_| gated),
                remark: result.gate("holdout").map(|gate| Text::new(gate.status.name())).unwrap_or_default(),
                ..Level::default()
            });
        }
    }
}

fn gate(entry: &GateEntry, pass: &str) -> Gate {
    let round = entry.round.map_or_else(String::new, |round| format!(" ({pass} {round})"));
    let measure = |measure: &MeasureEntry| Measure {
        metric: Text::new(&measure.metric),
        measured: Text::new(measured(measure)),
        required: Text::new(required(measure)),
        ok: measure.ok,
    };
    let failed = entry.status == GateStatus::Fail;
    Gate {
        cause: cause(entry).filter(|_| failed).map(Text::new),
        measures: entry.measures.iter().map(measure).collect(),
        ..Gate::new(format!("{}{round}", entry.gate), entry.status.name(), &entry.message)
    }
}

fn feasible(row: &CandidateEntry) -> Option<bool> {
    row.failure.is_none().then_some(row.constraints_failed.is_empty())
}

fn pass(result: &RunResult, pass: &PassEntry) -> Pass {
    let axis = |name: &String| Axis {
        name: Text::new(name),
        words: words(name, &result.space),
        stress: pass.stresses.iter().find(|row| row.name == *name).map(|row| row.stress.0),
    };
    let axes: Vec<Axis> = pass.unlocked.iter().map(axis).collect();
    let coordinates = |params: &ParamMap| {
        let at = pass.unlocked.iter().zip(&axes);
        at.map(|(name, axis)| coordinate(params, name, &axis.words)).collect()
    };
    let point = |row: &CandidateEntry| Point {
        index: row.index,
        at: coordinates(&row.params),
        fitness: row.fitness.map(|fitness| fitness.0),
        feasible: feasible(row),
    };
    Pass {
        round: pass.round.unwrap_or(0) as u64,
        window: result.pipeline() == "windows",
        verdict: pass.verdict.as_ref().map_or_else(|| Text::new("none"), |verdict| Text::new(verdict.to_string())),
        points: pass.candidates.iter().map(point).collect(),
        selected: pass.selected.as_ref().map(point),
        violates: pass.selected.iter().flat_map(|best| &best.constraints_failed).map(Text::new).collect(),
        levels: levels(pass),
        locked: if pass.locked_in { params(&pass.tuned(), None) } else { Vec::new() },
        candidates: pass.searched(),
        left_out: pass.searched() - pass.candidates.len() as u64,
        axes,
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
    if let Some(train) = pass.selected.as_ref().and_then(|best| best.fitness) {
        add(train, pass.selected_on_test(), PairKind::Selected);
    }
    pairs
}

fn levels(pass: &PassEntry) -> Vec<Level> {
    let (best, slice) = (pass.selected.as_ref(), Text::new("test"));
    let mut levels = vec![Level {
        slice: Text::new("train"),
        selected: best.and_then(|best| best.fitness).map(|fitness| fitness.0),
        samples: best.map(|best| Text::new(best.samples.to_string())).unwrap_or_default(),
        baseline: pass.baseline.fitness.map(|fitness| fitness.0),
        ..Level::default()
    }];
    let baseline = pass.on_test.as_ref().and_then(|on_test| on_test.baseline_fitness).map(|fitness| fitness.0);
    let walked = pass.walk_forward.iter().flat_map(|walked| &walked.candidates);
    if let Some(test) = pass.selected_on_test() {
        let walked = walked.filter(|walked| best.is_some_and(|best| best.index == walked.index));
        let samples = walked.map(|walked| Text::new(walked.test_samples.to_string())).next().unwrap_or_default();
        levels.push(Level { slice, selected: Some(test.0), samples, baseline, ..Level::default() });
    } else if let Some(test) = walked.filter_map(|walked| walked.test_fitness).next() {
        levels.push(Level { slice, baseline, remark: Level::of_the_lead(test.0), ..Level::default() });
    }
    levels
}
