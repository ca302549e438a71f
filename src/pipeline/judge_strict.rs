//! How the strict profile judges a pass once its search is over.
//!
//! Evaluations are made in a fixed order: the best candidates on test, the judge, random draws, what `transfer` and
//! `selected` need, the baseline again. A reader of the trail and a continued run depend on it.

use super::constraints::{judge_on, slices, violated};
use super::eligible::tried;
use super::foresight::{announce_judging, announce_nulls};
use super::measure::{Ground, Means, random_draws};
use super::repeated::repeated;
use super::transfer_sample::{Eligible, fresh_draws, transfer_sample};
use super::{ConstraintPolicy, Pass, RunError, eligible};
use crate::gates::{
    Decides, GateId, GateReport, RepeatEvidence, SelectedEvidence, TransferLevel, Verdict, explain_lead, explain_ratio,
    judge_constraints, judge_deterministic, judge_finite, judge_improvement, judge_kc1, judge_kc3, judge_kc4_strict,
    judge_reproduces, judge_searched, judge_selected, judge_slices, judge_transfer, spent,
};
use crate::hybrid::{HybridEntry, most_ranked, rerank_judged_first};
use crate::objective::{Outcome, Phase, Role};
use crate::search::{Candidate, Candidates, Figures};
use crate::walk_forward::{WalkForward, walk_in_order};

/// Numbers that the verdict rests on, each with what it is: the gate `finite` looks at all of them at the end.
type Named = Vec<(String, Option<f64>)>;

/// Selects, measures and judges; every gate of a pass that could be judged has a report afterwards.
pub(super) fn judge(
    ground: Ground<'_>,
    means: &mut Means<'_>,
    candidates: &Candidates,
    pass: &mut Pass,
) -> Result<(), RunError> {
    let (config, rules) = (ground.config(), &ground.config().strict);
    let study = ground.study();
    let eligible = match study {
        Some(_) => by_record(candidates, config.constraint_policy),
        None => eligible(candidates, config.constraint_policy),
    };
    let tried = tried(candidates, &config.search, config.constraint_policy, eligible.len() as u64);
    let searched = judge_searched(pass.unlocked.len(), tried, rules.min_distinct);
    if tried.tried == 0 && tried.not_applicable > 0 {
        // Nothing failed and there is nothing to judge: this gate says so, and the others wait for it.
        pass.reports.push(searched);
        return Ok(());
    }
    // Without an eligible candidate the best of the others is shown, and fails.
    let shown = eligible.first().copied().or_else(|| candidates.first_maximum(Figures::is_finite));
    let selected = shown.ok_or(RunError::NoCandidate(candidates.len() as u64))?;
    let selected = candidates.recall(selected, means.evaluator)?;
    let spread = study.map(|study| {
        let picked = |place: &usize| study.spread.contains(place);
        (0..eligible.len()).filter(|&at| picked(&eligible[at])).collect()
    });
    let eligible = Eligible { candidates, places: eligible, spread };
    pass.reports.push(searched);
    pass.reports.extend(study.map(|study| judge_reproduces(study.evidence(candidates), rules.study_tolerance)));
    let train = selected.fitness().unwrap_or(f64::NAN);
    if ground.asks(&GateId::Improvement) {
        pass.reports.push(judge_improvement(pass.baseline_fitness(), train, rules.min_improvement));
    }
    if config.constraint_policy == ConstraintPolicy::HardFail {
        let feasible = candidates.figures().iter().filter(|figures| figures.is_feasible()).count();
        pass.reports.push(judge_constraints(feasible as u64, tried.tried));
    }
    let mut values: Named = vec![
        ("baseline on train".to_owned(), fitness(&pass.baseline)),
        ("the selected candidate on train".to_owned(), selected.fitness()),
    ];
    let stresses = pass.stresses.iter();
    values.extend(stresses.map(|stress| (format!("stress of `{}`", stress.name), Some(stress.raw_stress))));

    // From here on the time box may end the pass: what it selected is known even then.
    pass.selected = Some(selected.clone());
    announce_judging(ground, means, candidates, &eligible, &pass.unlocked)?;
    if ground.plan.number == 0 && config.judges_null() && Verdict::of(&pass.reports).is_pass() {
        announce_nulls(ground.recipe, means.evaluator, 1);
    }
    pass.walk_forward = walked(ground, means, &eligible, &selected, pass)?;
    pass.hybrid = ranked_by_judge(ground, means, &eligible, &mut values)?;
    pass.reports.extend(random_draws(ground, means, &pass.unlocked, candidates)?);
    pass.on_both = on_test(ground, means, &eligible, &mut values, pass)?;
    if (means.evaluator.serves(Role::Test) || means.evaluator.serves(Role::Holdout)) && ground.asks(&GateId::Slices) {
        pass.reports.push(judge_slices(ground.recipe.identities, &pass.on_both));
    }
    if ground.asks(&GateId::Deterministic) {
        repeat_baseline(ground, means, &mut values, pass)?;
    }
    pass.reports.push(judge_finite(&values));
    if ground.asks(&GateId::Kc3) {
        pass.reports.push(judge_kc3(pass.sample_counts(&selected), &config.thresholds));
    }
    let slices = slices(pass, &selected);
    pass.reports.extend(judge_on(ground.recipe, &selected.params, &slices));
    if ground.asks(&GateId::Kc1) {
        pass.reports.push(judge_kc1(means.clock.elapsed(), &config.thresholds));
    }
    Ok(())
}

/// The candidates of a study that may ship, by their record, which chose the first of them: no measurement of now makes another
/// one the winner, and no constraint but its own case takes it away.
fn by_record(candidates: &Candidates, policy: ConstraintPolicy) -> Vec<usize> {
    let mut places = eligible(candidates, policy);
    if candidates.figures().first().is_some_and(Figures::is_finite) && !places.contains(&0) {
        places.push(0);
    }
    places.sort_unstable();
    places
}

/// KC-4 over the best eligible candidates. There is nothing to walk forward without one.
fn walked(
    ground: Ground<'_>,
    means: &mut Means<'_>,
    eligible: &Eligible<'_>,
    selected: &Candidate,
    pass: &mut Pass,
) -> Result<Option<WalkForward>, RunError> {
    if !means.evaluator.serves(Role::Test) || eligible.places.is_empty() {
        return Ok(None);
    }
    let config = ground.config();
    let context = ground.context(Role::Test, Phase::WalkForward);
    let (top_n, scale) = (config.walk_forward_top_n, config.sample_ratio_scale);
    let best = eligible.best(top_n, means.evaluator)?;
    let best: Vec<&Candidate> = best.iter().collect();
    let mut walked = walk_in_order(means.evaluator, means.observer, context, &best, scale)?;
    // The winner's own count, not the mean of its neighbours', is what its count on test is held against.
    let own = selected.samples() as f64 * scale;
    let on_test = walked.lead().map_or(0, |(_, samples)| samples);
    walked.trade_ratio = if own > 0.0 { on_test as f64 / own } else { 0.0 };
    let (train, test, role) = (&walked.train_fitness, &walked.test_fitness, config.strict.correlation);
    if ground.asks(&GateId::Kc4) {
        on_test_says(ground, pass, judge_kc4_strict(train, test, walked.trade_ratio, &config.thresholds, role));
    }
    Ok(Some(walked))
}

/// The judge's ranking, those it judged first.
fn ranked_by_judge(
    ground: Ground<'_>,
    means: &mut Means<'_>,
    eligible: &Eligible<'_>,
    values: &mut Named,
) -> Result<Option<Vec<HybridEntry>>, RunError> {
    if !means.evaluator.serves(Role::Validation) {
        return Ok(None);
    }
    let context = ground.context(Role::Validation, Phase::Hybrid);
    let top_n = ground.config().walk_forward_top_n;
    let best = eligible.best(most_ranked(top_n), means.evaluator)?;
    let entries = rerank_judged_first(means.evaluator, means.observer, context, &best, top_n)?;
    let judged = entries.iter().filter_map(|entry| entry.judged.as_ref());
    values.extend(judged.map(|outcome| (format!("evaluation {} by the judge", outcome.call_index), fitness(outcome))));
    Ok(Some(entries))
}

/// `transfer` and `selected`, where something was walked forward; gives what was seen of the same parameters on train and
/// on test.
fn on_test(
    ground: Ground<'_>,
    means: &mut Means<'_>,
    eligible: &Eligible<'_>,
    values: &mut Named,
    pass: &mut Pass,
) -> Result<Vec<(f64, Option<f64>)>, RunError> {
    let Some(walked) = pass.walk_forward.clone() else { return Ok(Vec::new()) };
    let rules = &ground.config().strict;
    let walked_test = walked.outcomes.iter().map(fitness);
    let mut on_both: Vec<_> = walked.train_fitness.iter().copied().zip(walked_test).collect();
    if ground.asks(&GateId::Transfer) {
        on_both.extend(transfers(ground, means, eligible, &walked, values, pass)?);
    } else {
        pass.draws_on_test = fresh_draws(ground, means, &pass.unlocked)?;
        values.push(("the selected candidate on test".to_owned(), walked.outcomes.first().and_then(fitness)));
    }

    let baseline = means.evaluate_one(ground.context(Role::Test, Phase::Baseline), &ground.plan.base)?;
    let baseline_test = fitness(&baseline);
    let counts =
        pass.baseline.evaluation().zip(baseline.evaluation()).map(|(train, test)| (train.samples, test.samples));
    for report in pass.reports.iter_mut().chain(&mut pass.deferred).filter(|report| report.gate == GateId::Kc4) {
        if let Some(counts) = counts {
            explain_ratio(report, counts, ground.config().sample_ratio_scale, &ground.config().thresholds);
        }
    }
    on_both.push((pass.baseline_fitness(), baseline_test));
    values.push(("baseline on test".to_owned(), baseline_test));
    // The selected candidate is the first of those walked forward, since it is the best of the eligible ones.
    let winner = walked.outcomes.first();
    let evidence = SelectedEvidence {
        train: walked.train_fitness.first().copied().unwrap_or(f64::NAN),
        test: winner.and_then(fitness),
        violated: winner.map(|outcome| violated(ground.recipe, &outcome.feasibility)).unwrap_or_default(),
        baseline_test,
    };
    if ground.asks(&GateId::Selected) {
        on_test_says(ground, pass, judge_selected(evidence, rules.max_drop));
    }
    pass.baseline_on_test = Some(baseline);
    Ok(on_both)
}

/// `transfer`, and the fitness on train and on test of the ranked candidates that it compares.
fn transfers(
    ground: Ground<'_>,
    means: &mut Means<'_>,
    eligible: &Eligible<'_>,
    walked: &WalkForward,
    values: &mut Named,
    pass: &mut Pass,
) -> Result<Vec<(f64, Option<f64>)>, RunError> {
    let rules = &ground.config().strict;
    let (sample, drawn) = transfer_sample(ground, means, eligible, walked, &pass.unlocked)?;
    pass.draws_on_test = drawn;
    let ranked = sample.ranked.clone();
    values.extend(sample.ranked.iter().map(|(_, test)| ("a ranked candidate on test".to_owned(), *test)));
    values.extend(sample.lead.iter().map(|test| ("a leading candidate on test".to_owned(), *test)));
    // Every round asks the same test slice once more, so the j-th may spend only its part of alpha.
    let alpha = match pass.number {
        0 => rules.transfer.alpha,
        round => spent(rules.transfer.alpha, round),
    };
    let level = TransferLevel { alpha, permutations: rules.transfer.permutations, seed: rules.seed };
    let mut transfer = judge_transfer(sample, level);
    explain_lead(&mut transfer, eligible.places.len(), rules.transfer.lead_top);
    let shown = ground.config().declared_blocks().is_some() && rules.transfer.decides == Decides::Advisory;
    if shown {
        pass.reports.push(transfer.shown("shown; `margin` decides"));
    } else {
        on_test_says(ground, pass, transfer);
    }
    Ok(ranked)
}

/// Takes in what a gate says of the test slice. Where blocks are declared, rounds ask that slice for no verdict, so that
/// the one question at the end is the first: each round shows what it saw, and that of the last decides then.
fn on_test_says(ground: Ground<'_>, pass: &mut Pass, report: GateReport) {
    if ground.config().rounds.is_none() || ground.config().declared_blocks().is_none() {
        pass.reports.push(report);
        return;
    }
    pass.reports.push(report.clone().shown("shown; the last round decides, after all of them"));
    pass.deferred.push(report);
}

fn repeat_baseline(
    ground: Ground<'_>,
    means: &mut Means<'_>,
    values: &mut Named,
    pass: &mut Pass,
) -> Result<(), RunError> {
    let again = means.evaluate_one(ground.context(Role::Train, Phase::Repeat), &ground.plan.base)?;
    let level = |outcome: &Outcome| outcome.evaluation().map(|seen| (seen.fitness, seen.samples));
    let others = repeated(ground, &pass.baseline, &again);
    let again = level(&again);
    values.push(("baseline again".to_owned(), again.map(|(fitness, _)| fitness)));
    let first = level(&pass.baseline).unwrap_or((f64::NAN, 0));
    let evidence = RepeatEvidence::new(first, again, others);
    pass.reports.push(judge_deterministic(evidence, ground.config().strict.noise));
    Ok(())
}

fn fitness(outcome: &Outcome) -> Option<f64> {
    outcome.evaluation().map(|evaluation| evaluation.fitness)
}
