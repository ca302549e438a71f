//! What of the baseline decides something, beside fitness and samples, held against its second evaluation.

use super::measure::Ground;
use crate::audit::{Metric, Rule};
use crate::gates::Repeated;
use crate::objective::{ConstraintStatus, Outcome};

/// Every metric that a constraint or a tolerance reads, every block that a gate does, and what closures say.
pub(super) fn repeated(ground: Ground<'_>, first: &Outcome, again: &Outcome) -> Vec<Repeated> {
    let (Some(one), Some(other)) = (first.evaluation(), again.evaluation()) else { return Vec::new() };
    let recipe = ground.recipe;
    let read = recipe.constraints.iter().filter_map(|constraint| match &constraint.rule {
        Rule::Typed { metric: Metric::Metadata(name), .. } => Some(name.as_str()),
        _ => None,
    });
    let tolerated = recipe.noise.iter().filter_map(|noise| noise.metric.strip_prefix("metadata."));
    let mut names: Vec<&str> = read.chain(tolerated).collect();
    names.sort_unstable();
    names.dedup();
    let metric = |name: &str| {
        let spelt = format!("metadata.{name}");
        let noise = recipe.noise.iter().find(|noise| noise.metric == spelt);
        Repeated::new(spelt, one.metadata.get(name), other.metadata.get(name), noise)
    };
    let mut found: Vec<Repeated> = names.into_iter().map(metric).collect();
    // Noise of the fitness says nothing of how much more its parts vary.
    if ground.config().declared_blocks().is_some() && ground.config().strict.noise == 0.0 {
        let blocks = one.blocks.iter().zip(&other.blocks).enumerate();
        found.extend(blocks.map(|(place, (one, other))| Repeated::of(format!("block {}", place + 1), one, other)));
    }
    let statuses = first.feasibility.statuses().iter().zip(again.feasibility.statuses());
    let closures = recipe.constraints.iter().zip(statuses).filter(|(constraint, _)| constraint.is_opaque());
    found.extend(closures.map(|(constraint, (one, other))| {
        Repeated::of(format!("constraint {}", constraint.name), said(one), said(other))
    }));
    found
}

const fn said(status: &ConstraintStatus) -> &'static str {
    match status {
        ConstraintStatus::Satisfied => "satisfied",
        ConstraintStatus::Violated => "violated",
        ConstraintStatus::Unanswered(_) => "unanswered",
    }
}
