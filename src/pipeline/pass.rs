//! The order of the steps of one pass: baseline, stress, KC-2, unlock, search, and what the profile judges.

use super::listing::list;
use super::measure::{Ground, Means, baseline, ranked_by_stress, stresses, unlocked};
use super::outcome::{replace, verdict_of_pass};
use super::search::search;
use super::time_box::in_time;
use super::warnings::warnings_of_pass;
use super::{Pass, Profile, RunError, eligible, judge_reference, judge_strict};
use crate::gates::{GateId, Verdict, judge_kc1, judge_kc2, judge_kc2_strict};
use crate::search::Candidates;
use crate::stress::Stress;

/// Runs and judges a pass.
///
/// KC-2 ends it early, before anything but the baseline and its perturbations was evaluated. Under the strict profile so
/// does the end of the time box: nothing further is evaluated, KC-1 fails, and with it every gate that was not judged yet;
/// a search that was under way has selected nothing.
pub(super) fn judged(ground: Ground<'_>, means: &mut Means<'_>) -> Result<Pass, RunError> {
    let mut pass = Pass::new(ground.plan.number, ground.plan.base.clone(), baseline(ground, means)?);
    let mut candidates = Candidates::default();
    // What was found until then stays in the pass when the time box ends it.
    if let Err(elapsed) = in_time(after_baseline(ground, means, &mut candidates, &mut pass))? {
        replace(&mut pass.reports, judge_kc1(elapsed, &ground.config().thresholds));
    }
    pass.warnings = warnings_of_pass(ground.recipe, &candidates, &pass);
    (pass.candidates, pass.left_out) = list(&candidates, pass.selected.as_ref(), means.evaluator)?;
    pass.verdict = verdict_of_pass(ground.config().profile, &pass.reports);
    Ok(pass)
}

fn after_baseline(
    ground: Ground<'_>,
    means: &mut Means<'_>,
    candidates: &mut Candidates,
    pass: &mut Pass,
) -> Result<(), RunError> {
    let config = ground.config();
    if ground.study().is_none() {
        by_stress(ground, means, pass)?;
        if !Verdict::of(&pass.reports).is_pass() {
            return Ok(());
        }
    }
    pass.unlocked = unlocked(ground, &pass.stresses);
    pass.unlocked_without_suppressed = ranked_by_stress(ground, &pass.stresses, true);
    *candidates = search(ground, means, &pass.unlocked)?;
    match config.profile {
        Profile::Reference => judge_reference::judge(ground, means, candidates, pass),
        Profile::Strict => judge_strict::judge(ground, means, candidates, pass),
    }
}

/// Measures how much each parameter matters, and judges whether they differ in that.
fn by_stress(ground: Ground<'_>, means: &mut Means<'_>, pass: &mut Pass) -> Result<(), RunError> {
    let config = ground.config();
    pass.stresses = stresses(ground, means, &pass.baseline)?;
    let all = |measure: fn(&Stress) -> f64| pass.stresses.iter().map(measure).collect::<Vec<f64>>();
    pass.reports.extend(ground.asks(&GateId::Kc2).then(|| match config.profile {
        Profile::Reference => judge_kc2(&all(|stress| stress.raw_stress), &config.thresholds),
        Profile::Strict => judge_kc2_strict(&all(Stress::per_range), &config.thresholds),
    }));
    Ok(())
}

/// Runs a pass up to what the strict profile would select, and judges nothing; absent if there is no such candidate.
pub(super) fn searched(ground: Ground<'_>, means: &mut Means<'_>) -> Result<Option<Pass>, RunError> {
    let base = match baseline(ground, means) {
        Ok(base) => base,
        Err(RunError::Baseline(_)) => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut pass = Pass::new(ground.plan.number, ground.plan.base.clone(), base);
    pass.stresses = stresses(ground, means, &pass.baseline)?;
    pass.unlocked = unlocked(ground, &pass.stresses);
    let candidates = search(ground, means, &pass.unlocked)?;
    let Some(&best) = eligible(&candidates, ground.config().constraint_policy).first() else { return Ok(None) };
    pass.selected = Some(candidates.recall(best, means.evaluator)?);
    Ok(Some(pass))
}
