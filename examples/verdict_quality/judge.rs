//! One kind of calibration, run often: how often does it pass?

use std::ops::Range;
use std::thread;

use camino::Utf8PathBuf;
use omega_lock::internals::audit::Lend;
use omega_lock::internals::benchmark::PassRate;
use omega_lock::internals::gates::{GateId, GateStatus, spent};
use omega_lock::internals::pipeline::{Rounds, RunError, RunOutcome};
use omega_lock::prelude::*;
use omega_lock::{Declaration, Run, Search, Subject};

use super::climb::Climb;
use super::studies;
use super::windows::walked;

/// A target of the study, which any thread may call.
pub(crate) type Slice = Box<dyn Target + Sync>;

/// Which data a target is made of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Data {
    /// What the calibration is asked about.
    Asked,
    /// A null version of it that keeps everything but skill, drawn from this seed.
    Kept(u64),
    /// A null version that also drops what the slices share without skill.
    Destroyed(u64),
}

/// Calibrations of one kind, one for each seed.
pub(crate) trait Situation: Send + Sync {
    /// The target of slice 1 (train) or 2 (test).
    fn slice(&self, seed: u64, slice: u32, data: Data) -> Slice;

    /// How much more the selected parameters are worth than the baseline on data without end, where that is known.
    fn gain(&self, seed: u64, selected: &Params, base: &Params) -> Option<f64>;

    /// The file of the study that an optimizer left of this seed's train slice.
    fn study(&self, _: u64) -> Utf8PathBuf {
        Utf8PathBuf::new()
    }

    /// How many blocks a slice has.
    fn blocks(&self) -> u64 {
        8
    }

    /// How many parameters are searched.
    fn unlocked(&self) -> usize {
        3
    }

    /// How many points of a grid an axis has.
    fn points(&self) -> usize {
        5
    }
}

/// What searches, over about 125 candidates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum By {
    Grid,
    Random,
    Zoom,
    Tpe,
    /// A climber that is brought along.
    Own,
    /// What random draws left as a study, in the place of a search.
    StudyOfDraws,
    /// What TPE left as a study.
    StudyOfTpe,
    /// What Optuna left as a study, in the file of this seed.
    StudyOfOptuna,
    /// A grid, in at most three rounds.
    Iterative,
}

impl By {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Grid => "grid",
            Self::Random => "random",
            Self::Zoom => "zoom",
            Self::Tpe => "tpe",
            Self::Own => "own climber",
            Self::StudyOfDraws => "study of random draws",
            Self::StudyOfTpe => "study of tpe",
            Self::StudyOfOptuna => "study of Optuna",
            Self::Iterative => "grid in rounds",
        }
    }

    pub(crate) fn method(self, points_per_axis: usize, seed: u64) -> SearchMethod {
        match self {
            Self::Grid | Self::Iterative => SearchMethod::Grid { points_per_axis },
            Self::Random | Self::StudyOfDraws => SearchMethod::Random { samples: 125, seed },
            Self::Zoom => SearchMethod::Zoom { points_per_axis, rounds: 3, factor: 0.5 },
            Self::Tpe | Self::StudyOfTpe => SearchMethod::tpe(125, seed),
            Self::Own | Self::StudyOfOptuna => SearchMethod::Own { name: "climber".to_owned() },
        }
    }
}

/// What the verdict rests on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Basis {
    /// Neither blocks nor a null version.
    Neither,
    /// Blocks.
    Blocks,
    /// Blocks, and the thresholds of `kc2` that hold where nothing is declared.
    BlocksAndKc2,
    /// A null version that keeps what the slices share without skill.
    Null,
    /// A null version that drops it.
    NullDestroyed,
    /// Four windows with blocks.
    Windows,
    /// Four windows without.
    WindowsAlone,
}

impl Basis {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Neither => "neither",
            Self::Blocks => "blocks",
            Self::BlocksAndKc2 => "blocks and kc2",
            Self::Null => "null",
            Self::NullDestroyed => "null without structure",
            Self::Windows => "four windows with blocks",
            Self::WindowsAlone => "four windows",
        }
    }

    const fn has_blocks(self) -> bool {
        matches!(self, Self::Blocks | Self::BlocksAndKc2 | Self::Windows)
    }

    const fn has_windows(self) -> bool {
        matches!(self, Self::Windows | Self::WindowsAlone)
    }
}

/// What is asked about a situation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Question {
    pub(crate) by: By,
    pub(crate) basis: Basis,
    /// How often the same slices are asked, with a new seed of the search and at the level that is left: one PASS counts.
    pub(crate) tries: u32,
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Quality {
    /// The whole profile `strict`, in any of the tries.
    pub(crate) verdict: PassRate,
    /// The gate that looks at test data, in the first try: `margin` with blocks, `transfer` without.
    pub(crate) gate: PassRate,
    /// Whether the first winner is truly better than the baseline.
    pub(crate) better: PassRate,
    /// Whether the interval over the blocks of test contains its true gain.
    pub(crate) covered: PassRate,
    /// The same among those that passed `margin`.
    pub(crate) covered_passes: PassRate,
}

impl Quality {
    fn and(self, other: Self) -> Self {
        Self {
            verdict: sum(self.verdict, other.verdict),
            gate: sum(self.gate, other.gate),
            better: sum(self.better, other.better),
            covered: sum(self.covered, other.covered),
            covered_passes: sum(self.covered_passes, other.covered_passes),
        }
    }

    /// What the first try of a calibration says.
    fn count(&mut self, basis: Basis, outcome: &RunOutcome, gain: impl Fn(&Params, &Params) -> Option<f64>) {
        let gate = if basis.has_windows() {
            GateId::Windows
        } else if basis.has_blocks() {
            GateId::Margin
        } else {
            GateId::Transfer
        };
        let passed = outcome.report(&gate).is_some_and(|report| report.status == GateStatus::Pass);
        count(&mut self.gate, passed);
        let Some(gain) = outcome.selected().and_then(|best| gain(&best.params, &outcome.base_params)) else { return };
        count(&mut self.better, gain > 0.0);
        let Some(found) = outcome.gains.iter().find(|gain| gain.role == Role::Test) else { return };
        let covered = (found.blocks.low..=found.blocks.high).contains(&gain);
        count(&mut self.covered, covered);
        if passed && basis.has_blocks() {
            count(&mut self.covered_passes, covered);
        }
    }
}

/// Both together.
pub(crate) fn sum(one: PassRate, other: PassRate) -> PassRate {
    PassRate { passed: one.passed + other.passed, of: one.of + other.of }
}

fn count(rate: &mut PassRate, passed: bool) {
    *rate = sum(*rate, PassRate { passed: u64::from(passed), of: 1 });
}

/// Calibrates once for each seed, on two threads; the sum is the same as on one.
///
/// # Errors
/// If an evaluation failed, which none does.
pub(crate) fn judged(situation: &dyn Situation, asked: Question, seeds: Range<u64>) -> Result<Quality, RunError> {
    let middle = seeds.start + (seeds.end - seeds.start) / 2;
    thread::scope(|scope| {
        let first = scope.spawn(move || asked.of_all(situation, seeds.start..middle));
        let second = asked.of_all(situation, middle..seeds.end)?;
        match first.join() {
            Ok(first) => Ok(first?.and(second)),
            Err(payload) => std::panic::resume_unwind(payload),
        }
    })
}

impl Question {
    fn of_all(self, situation: &dyn Situation, seeds: Range<u64>) -> Result<Quality, RunError> {
        let mut quality = Quality::default();
        for seed in seeds {
            let mut passed = false;
            for number in 1..=self.tries {
                let outcome = self.of_one(situation, seed, number)?;
                passed |= outcome.verdict.is_pass();
                if number == 1 {
                    quality.count(self.basis, &outcome, |selected, base| situation.gain(seed, selected, base));
                }
            }
            count(&mut quality.verdict, passed);
        }
        Ok(quality)
    }

    /// The `number`-th try with the slices of this seed.
    fn of_one(self, situation: &dyn Situation, seed: u64, number: u32) -> Result<RunOutcome, RunError> {
        let search_seed = seed + 1_000_000 * u64::from(number - 1);
        let slices = |data| (situation.slice(seed, 1, data), situation.slice(seed, 2, data));
        let (train, test) = slices(Data::Asked);
        let null_declared = matches!(self.basis, Basis::Null | Basis::NullDestroyed);
        let config = RunConfig {
            search: self.by.method(situation.points(), search_seed),
            unlock_k: situation.unlocked(),
            thresholds: self.thresholds(),
            blocks: self.basis.has_blocks().then(|| situation.blocks()),
            rounds: (self.by == By::Iterative).then(Rounds::default),
            null_declared,
            ..RunConfig::default()
        };
        match self.by {
            By::StudyOfDraws | By::StudyOfTpe => {
                return studies::of_method(config.search.clone(), (&train, &test), &config);
            }
            By::StudyOfOptuna => return studies::of_file(&situation.study(seed), (&train, &test), &config),
            _ => {}
        }
        if self.basis.has_windows() {
            return walked(situation, seed, config);
        }
        let mut declaration = Declaration { config, ..Declaration::of("study", &train).with(Role::Test, &test) };
        if self.tries > 1 {
            // As the case `consultations` has it; `null` keeps its level.
            let strict = &mut declaration.config.strict;
            (strict.margin_alpha, strict.transfer.alpha) = (spent(0.05, number), spent(0.05, number));
        }
        let climber = move |space: &ParamSpace, base: &Params, unlocked: &[String]| {
            Climb::new(space, base, unlocked, search_seed).map(|climb| Box::new(climb) as Box<dyn Search>)
        };
        let null = |seed: u64, lend: &mut Lend<'_>| {
            let destroyed = self.basis == Basis::NullDestroyed;
            let (train, test) = slices(if destroyed { Data::Destroyed(seed) } else { Data::Kept(seed) });
            lend(&[(Role::Train, Subject::Parallel(&*train)), (Role::Test, Subject::Parallel(&*test))]);
            Ok(())
        };
        let run = Run::of(&declaration).train(&train).test(&test);
        let run = if self.by == By::Own { run.search(&climber) } else { run };
        if null_declared { run.null(&null).run() } else { run.run() }
    }

    /// Those of a pure objective; sample counts say nothing here.
    fn thresholds(self) -> Thresholds {
        let thresholds = Thresholds::pure_objective();
        match self.basis {
            Basis::BlocksAndKc2 => thresholds,
            _ => Thresholds { gini_min: -1.0, top_bot_ratio_min: 0.0, min_nonzero_stress_count: None, ..thresholds },
        }
    }
}
