//! Sets of parameters, told from each other without being kept: there may be millions.

use std::hash::{DefaultHasher, Hash, Hasher};

use omega_lock::internals::artifacts::{SetCounts, StudyTrial, StudyValue};

use super::survey::Eligible;

/// A number that is the same for the same parameters in any order. Among a million sets two share one by chance in one study
/// of thirty million.
pub(super) fn fingerprint(trial: &StudyTrial) -> u64 {
    trial.params.0.iter().fold(0, |sum, (name, value)| {
        let mut hasher = DefaultHasher::new();
        name.hash(&mut hasher);
        match value {
            StudyValue::Nothing => 0.hash(&mut hasher),
            StudyValue::Bool(value) => (1, value).hash(&mut hasher),
            StudyValue::Int(value) => (2, value).hash(&mut hasher),
            // Zeros of either sign are one value.
            StudyValue::Float(value) => (3, (value.0 + 0.0).to_bits()).hash(&mut hasher),
            StudyValue::Text(value) => (4, value).hash(&mut hasher),
        }
        sum.wrapping_add(hasher.finish())
    })
}

/// How many sets there are among the trials that began, and how far scores of the same parameters lie apart.
pub(super) fn counts(mut tried: Vec<u64>, eligible: &[Eligible]) -> SetCounts {
    tried.sort_unstable();
    let all = tried.len() as u64;
    tried.dedup();
    let distinct = tried.len() as u64;
    let (mut sum, mut freedom) = (0.0, 0);
    let mut order: Vec<(u64, f64)> = eligible.iter().map(|trial| (trial.set, trial.score)).collect();
    order.sort_unstable_by(|one, other| one.0.cmp(&other.0).then(one.1.total_cmp(&other.1)));
    for group in order.chunk_by(|one, other| one.0 == other.0).filter(|group| group.len() > 1) {
        let mean = group.iter().map(|(_, score)| score).sum::<f64>() / group.len() as f64;
        // Equal scores have no spread, whatever the last bit of their mean is.
        let apart = group[0].1 < group[group.len() - 1].1;
        let squares = group.iter().map(|(_, score)| (score - mean) * (score - mean)).sum::<f64>();
        sum += if apart { squares } else { 0.0 };
        freedom += group.len() as u64 - 1;
    }
    let noise = (freedom > 0).then(|| (sum / freedom as f64).sqrt()).filter(|noise| noise.is_finite());
    SetCounts { distinct, repeats: all - distinct, noise: noise.map(Into::into), noise_from: freedom }
}
