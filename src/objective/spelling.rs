//! The right names that a misspelt one may have meant: one rule for parameters, keys, flags and trials.

/// Below this similarity (Jaro-Winkler) a suggestion misleads more often than it helps.
const ALIKE: f64 = 0.7;

/// The candidate most like `name`, if any is like it at all; of several as like, the first.
pub fn nearest<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    similar(name, candidates, 1).into_iter().next()
}

/// Up to `limit` candidates like `name`, best first and otherwise in their order.
///
/// Upper and lower case are alike, and the parts of a path count too: `kc9` finds `phantom::gate::kc4`.
pub fn similar<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>, limit: usize) -> Vec<&'c str> {
    let name = name.to_lowercase();
    let likeness = |candidate: &str| {
        let candidate = candidate.to_lowercase();
        let whole = strsim::jaro_winkler(&name, &candidate);
        candidate.split("::").map(|part| strsim::jaro_winkler(&name, part)).fold(whole, f64::max)
    };
    let mut found: Vec<_> = candidates.into_iter().map(|candidate| (likeness(candidate), candidate)).collect();
    found.retain(|(likeness, _)| *likeness >= ALIKE);
    found.sort_by(|(left, _), (right, _)| right.total_cmp(left));
    found.into_iter().take(limit).map(|(_, candidate)| candidate).collect()
}

#[cfg(test)]
mod tests {
    use super::{nearest, similar};

    #[test]
    fn the_nearest_of_several_names_is_found_and_a_stranger_is_not() {
        assert_eq!(nearest("test", ["exclude", "tests"]), Some("tests"));
        assert_eq!(nearest("VDD", ["vth_n", "vdd"]), Some("vdd"));
        assert_eq!(nearest("zzz", ["tests", "exclude"]), None);
    }

    #[test]
    fn a_part_of_a_path_counts_as_a_name() {
        let names = ["phantom::run", "phantom::gate::kc2", "phantom::gate::kc4", "phantom::holdout"];
        assert_eq!(similar("kc9", names, 3), ["phantom::gate::kc2", "phantom::gate::kc4"]);
    }
}
