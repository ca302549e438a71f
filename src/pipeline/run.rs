//! A run: passes until there is no further one, then the ending.

use super::counts::Counting;
use super::ending::end;
use super::foresight::announce_windows;
use super::gain::gains;
use super::measure::{Ground, Means};
use super::outcome::verdict_of_run;
use super::pass::judged;
use super::pass_clock::PassClock;
use super::time_box::{TimeBoxed, in_time};
use super::warnings::warnings_of_run;
use super::{Ending, EvaluationCounts, Pass, Profile, Recipe, RunError, RunOutcome, StopReason};
use crate::objective::{EvaluationRules, Evaluator, Halt, Role};
use crate::progress::{Clock, Observer};

/// Runs what a recipe says, and judges it by the gates of its profile.
///
/// Every pass is judged by the same gates with the same thresholds; under the reference profile each by the time it took
/// itself. Under the strict profile the time box is that of the whole run, by `clock`, and once it is used up nothing
/// further is evaluated; KC-1 fails, and with it every gate that was not judged yet. There the j-th of several passes must
/// reach `alpha / (j (j + 1))` in `transfer`, since it asks the test slice for the j-th time. No pass sees the holdout: it
/// is evaluated once, with what would ship, after the last of them.
///
/// How many evaluations may fail, whether attachments are kept and what a fitness that is not finite means is taken from
/// the configuration, whatever the evaluator was told before. In the record, passes count from 1 where there can be
/// several; what belongs to none has number 0.
///
/// # Errors
/// If the question cannot be answered: see [`RunError`].
pub fn run(
    recipe: Recipe<'_>,
    evaluator: &mut dyn Evaluator,
    observer: &mut dyn Observer,
    clock: &dyn Clock,
) -> Result<RunOutcome, RunError> {
    let config = recipe.config;
    recipe.check(evaluator)?;
    evaluator.obey(EvaluationRules {
        finite_only: config.profile == Profile::Strict,
        allowed_failures: config.max_failed_evaluations,
        keep_attachments: config.keep_attachments,
        blocks: config.declared_blocks(),
    });
    let mut observer = Counting { counts: EvaluationCounts::default(), inner: observer };
    let mut evaluator = TimeBoxed::new(evaluator, clock, config);
    announce_windows(recipe, &mut evaluator);
    let mut means = Means { evaluator: &mut evaluator, observer: &mut observer, clock };

    let mut course = recipe.course();
    let (mut passes, mut ending) = (Vec::<Pass>::new(), Ending::default());
    let stop_reason = loop {
        let plan = match course.next() {
            Ok(plan) => plan,
            Err(reason) => break reason,
        };
        let ground = Ground { recipe, plan: &plan };
        match in_time(one_pass(ground, &mut means))? {
            Ok(pass) => {
                course.learn(&pass)?;
                passes.push(pass);
            }
            Err(elapsed) if passes.is_empty() => return Err(Halt::TimeBox { elapsed }.into()),
            // The pass has not even a baseline, so the run is late and there is nothing else to say of it.
            Err(elapsed) => {
                ending.judge_time(elapsed, &config.thresholds);
                break Some(StopReason::TimeBox);
            }
        }
    };
    let shipped = course.shipped();
    if let Err(elapsed) = in_time(end(recipe, &mut means, &passes, shipped.as_ref(), &mut ending))? {
        ending.judge_time(elapsed, &config.thresholds);
    }
    let tested = means.evaluator.serves(Role::Test);
    // What there is to know of a single pass is said of the run.
    let single = passes.iter_mut().filter(|pass| pass.number == 0);
    let mut warnings: Vec<String> = single.flat_map(|pass| std::mem::take(&mut pass.warnings)).collect();
    warnings.extend(warnings_of_run(recipe, tested, &passes, &ending));
    Ok(RunOutcome {
        verdict: verdict_of_run(config, &passes, &ending),
        warnings,
        config: config.clone(),
        space: recipe.space.clone(),
        base_params: recipe.base(),
        gains: gains(&passes, config.windows.is_some()),
        passes,
        stop_reason,
        locked_in: course.locked_in().to_vec(),
        shipped,
        ending,
        counts: observer.counts,
    })
}

fn one_pass(ground: Ground<'_>, means: &mut Means<'_>) -> Result<Pass, RunError> {
    let since = PassClock::start(means.clock);
    let clock: &dyn Clock = match ground.config().profile {
        Profile::Strict => means.clock,
        Profile::Reference => &since,
    };
    judged(ground, &mut Means { evaluator: &mut *means.evaluator, observer: &mut *means.observer, clock })
}
