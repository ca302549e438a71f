//! A bar that is lower, or measured against something else, by whatever key.

use crate::gate::Gate;

const DECLARED: &str = "gates.pearson_min = 0.3";

/// A pull request that adds a line to what omega.toml says of all calibrations, or of `bitcell`, and locks it.
fn with(line: &str) -> Gate {
    let gate = Gate::new();
    gate.project.change("omega.toml", DECLARED, &format!("{DECLARED}\n{line}"));
    gate.locked();
    gate
}

#[test]
pub(crate) fn a_scale_that_makes_a_ratio_easy_is_looser() {
    let gate = with("walk_forward.trade_ratio_scale = 0.01");
    gate.judged().exits(1).shows("LOOSER bitcell  walk_forward.trade_ratio_scale 1.0 -> 0.01");
}

#[test]
pub(crate) fn fewer_distinct_figures_that_count_as_a_search_are_looser() {
    let gate = with("gates.searched.min_distinct = 2");
    gate.judged().exits(1).shows("LOOSER bitcell  gates.searched.min_distinct 10 -> 2");
}

#[test]
pub(crate) fn a_worse_baseline_needs_an_approval() {
    let gate = with("[calibration.bitcell]\nbase.vth = 0.5");
    gate.judged().exits(1).shows("moved bitcell  base.vth (none) -> 0.5").says("approval");
}

#[test]
pub(crate) fn another_seed_of_the_gates_needs_an_approval() {
    let gate = with("gates.seed = 43");
    gate.judged().exits(1).shows("moved bitcell  gates.seed 42 -> 43");
}

#[test]
pub(crate) fn other_data_needs_an_approval() {
    let gate = Gate::new();
    gate.project.change("a/calibrations.txt", "bitcell", "bitcell cooler");
    gate.locked();
    let shown = gate.judged().exits(1);
    shown.shows("moved bitcell  roles.test \"cell at 85 degrees\" -> \"cell at 60 degrees\"");
}

#[test]
pub(crate) fn a_tightened_threshold_passes() {
    let gate = Gate::new();
    gate.judged().exits(0).shows("omega.lock and gold are those of main");
    gate.project.change("omega.toml", DECLARED, "gates.pearson_min = 0.4");
    gate.locked();
    gate.judged().exits(0).shows("tighter bitcell  gates.pearson_min 0.3 -> 0.4");
}
