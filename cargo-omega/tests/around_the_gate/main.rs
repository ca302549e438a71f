//! Ways around the gate: pull requests that would merge what the calibrations refuse, each through the built `cargo
//! omega` in a git repository of its own, as a workflow runs it.
//!
//! Of each kind there is the change that was seen to merge, at least one other door of the same kind, and the honest
//! change beside it that passes. [`TABLE`] says which test is which; a row without all three does not compile.
//!
//! One file per kind: `bars` what is judged by what. `gate` is the repository and the pull request.
#![expect(
    clippy::disallowed_methods,
    reason = "the tests make projects, start the program in them and look at what is left"
)]

mod bars;
mod gate;
#[path = "../cli/support/mod.rs"]
#[expect(dead_code, unused_imports, reason = "the tests of the command line use the rest")]
mod support;

/// A kind of way around the gate.
struct Way {
    /// What a pull request does.
    change: &'static str,
    /// The test with the change that was seen to merge.
    seen: fn(),
    /// Another door of the same kind.
    neighbour: fn(),
    /// The honest change beside it, which passes.
    honest: fn(),
}

const TABLE: &[Way] = &[
    Way {
        change: "a threshold that is divided by a smaller number",
        seen: bars::a_scale_that_makes_a_ratio_easy_is_looser,
        neighbour: bars::fewer_distinct_figures_that_count_as_a_search_are_looser,
        honest: bars::a_tightened_threshold_passes,
    },
    Way {
        change: "another thing that a bar is measured against",
        seen: bars::a_worse_baseline_needs_an_approval,
        neighbour: bars::another_seed_of_the_gates_needs_an_approval,
        honest: bars::a_tightened_threshold_passes,
    },
];

#[test]
fn every_way_around_the_gate_has_its_tests() {
    for way in TABLE {
        let tests = [way.seen, way.neighbour, way.honest];
        assert!(tests.iter().enumerate().all(|(at, test)| !tests[..at].contains(test)), "{}", way.change);
    }
}
