//! Ways around the gate: pull requests that would merge what the calibrations refuse, each through the built `cargo
//! omega` in a git repository of its own, as a workflow runs it.
//!
//! Of each kind there is the change that was seen to merge, at least one other door of the same kind, and the honest
//! change beside it that passes. [`TABLE`] says which test is which; a row without all three does not compile.
//!
//! One file per kind: `declared` what the workspace declares, `bars` what is judged by what, `settings` what a run is told,
//! `history` which commit is compared with, `files` what nobody reads and what two have, `places` where what is accepted
//! lies, `data` what it is and what an earlier run left, `ledger` what was asked and accepted before, `workers` what is declared without any code. `limits` is what
//! passes all the same, and SECURITY.md says so. `gate` is the repository and the pull request.
#![expect(
    clippy::disallowed_methods,
    reason = "the tests make projects, start the program in them and look at what is left"
)]

mod bars;
mod data;
mod declared;
mod files;
mod gate;
mod history;
mod ledger;
mod limits;
mod places;
mod settings;
#[path = "../cli/support/mod.rs"]
#[expect(dead_code, unused_imports, reason = "the tests of the command line use the rest")]
mod support;
#[cfg(unix)]
mod workers;

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
        change: "omega.toml under a laxer profile, which is held against nothing",
        seen: declared::a_profile_that_is_held_against_nothing_is_looser_by_what_it_declares,
        neighbour: declared::a_lock_that_is_off_hides_no_lowered_threshold,
        honest: bars::a_tightened_threshold_passes,
    },
    Way {
        change: "a harness that is not named any more",
        seen: declared::a_package_that_names_no_harness_any_more_has_removed_its_calibration,
        neighbour: declared::a_calibration_that_is_dropped_or_leaves_the_workspace_is_removed,
        honest: declared::a_new_calibration_and_an_approved_new_name_pass,
    },
    Way {
        change: "packages that a run leaves out",
        seen: declared::a_filtered_run_judges_the_declarations_of_all_and_says_that_it_is_partial,
        neighbour: declared::default_members_that_leave_a_package_out_are_named,
        honest: files::a_workspace_with_a_package_without_calibrations_passes,
    },
    Way {
        change: "a record of an earlier run, laid where it is read",
        seen: data::a_record_with_the_variables_that_have_it_read_is_named,
        neighbour: data::a_record_that_is_laid_beforehand_decides_nothing,
        honest: data::a_record_of_an_honest_run_does_no_harm,
    },
    Way {
        change: "another root, or another setting, forced on the harness",
        seen: settings::another_root_forced_on_the_harness_is_named,
        neighbour: settings::every_other_setting_forced_on_the_harness_is_named,
        honest: settings::threads_of_the_projects_own_choice_pass,
    },
    Way {
        change: "a harness that is told one thing and does another",
        seen: settings::what_a_runner_adds_to_the_arguments_is_named,
        neighbour: settings::code_that_declares_one_thing_and_is_judged_by_another_is_named,
        honest: settings::threads_of_the_projects_own_choice_pass,
    },
    Way {
        change: "a calibration that is declared when it is asked for, and not judged",
        seen: settings::code_that_declares_one_thing_and_is_judged_by_another_is_named,
        neighbour: declared::a_calibration_that_is_there_only_while_its_declaration_is_asked_for_is_named,
        honest: declared::a_filtered_run_judges_the_declarations_of_all_and_says_that_it_is_partial,
    },
    Way {
        change: "a lock that is lowered where nothing is held against it, for the pull request after this one",
        seen: declared::the_lock_is_held_against_the_base_where_nothing_is_held_against_the_lock,
        neighbour: places::gold_that_the_base_requires_and_does_not_have_needs_an_approval,
        honest: declared::a_tightened_bar_passes_where_the_lock_is_off,
    },
    #[cfg(unix)]
    Way {
        change: "a link in the place of a committed file, of which the base has only the name",
        seen: places::a_link_in_the_place_of_what_is_accepted_is_refused,
        neighbour: places::a_base_with_a_link_holds_nothing_and_needs_an_approval,
        honest: places::what_else_lies_in_the_base_passes,
    },
    Way {
        change: "gold that was laid beforehand where an approved move finds it",
        seen: places::gold_that_moves_is_held_against_where_it_was,
        neighbour: places::gold_that_the_base_requires_and_does_not_have_needs_an_approval,
        honest: declared::an_approved_change_passes,
    },
    Way {
        change: "a base that is older than the one that is merged into",
        seen: history::the_first_parent_of_the_merge_is_the_base,
        neighbour: history::a_merge_that_keeps_the_old_bar_is_looser,
        honest: history::a_base_that_has_moved_on_is_not_said_to_be_the_same,
    },
    Way {
        change: "a tag with the name of the base",
        seen: history::a_tag_with_the_name_of_the_base_branch_is_refused_with_both_meanings,
        neighbour: history::a_tag_that_looks_like_the_beginning_of_a_commit_id_is_refused,
        honest: bars::a_tightened_threshold_passes,
    },
    Way {
        change: "looks at the holdout that are changed afterwards",
        seen: data::looks_in_another_order_are_removed,
        neighbour: data::a_look_that_is_taken_away_is_removed,
        honest: data::a_look_that_is_added_is_listed_and_passes,
    },
    Way {
        change: "another name for the same data, which nobody has looked at yet",
        seen: data::another_name_for_the_same_data_needs_an_approval,
        neighbour: bars::other_data_needs_an_approval,
        honest: data::a_look_that_is_added_is_listed_and_passes,
    },
    Way {
        change: "the data of train in the place of test and holdout",
        seen: data::one_set_of_data_for_two_slices_fails_by_name,
        neighbour: data::one_name_for_two_slices_fails_by_name,
        honest: bars::a_tightened_threshold_passes,
    },
    Way {
        change: "easier data that has no name",
        seen: data::data_that_loses_its_name_needs_an_approval_and_is_told,
        neighbour: data::data_without_a_name_is_refused_where_it_is_counted,
        honest: bars::a_tightened_threshold_passes,
    },
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
    Way {
        change: "more behind an approval than was approved",
        seen: declared::an_approval_covers_everything_that_is_listed,
        neighbour: declared::an_approval_is_void_once_a_calibration_is_added,
        honest: declared::an_approved_change_passes,
    },
    Way {
        change: "a branch that is older than a tightening, called looser",
        seen: history::a_branch_older_than_a_tightening_is_told_to_merge_it_and_passes_then,
        neighbour: history::what_is_tightened_by_less_than_the_base_is_no_tightening,
        honest: history::a_branch_older_than_a_tightening_is_told_to_merge_it_and_passes_then,
    },
    Way {
        change: "a bar of the base that gets lost in a merge, or with its root",
        seen: history::a_merge_that_keeps_the_old_bar_is_looser,
        neighbour: history::a_root_that_has_moved_takes_its_lock_with_it_or_fails,
        honest: history::a_branch_older_than_a_tightening_is_told_to_merge_it_and_passes_then,
    },
    Way {
        change: "a declaration that nobody reads",
        seen: files::a_table_of_no_calibration_is_refused,
        neighbour: files::a_declaration_that_nobody_reads_is_refused,
        honest: files::a_workspace_with_a_package_without_calibrations_passes,
    },
    Way {
        change: "one name for two calibrations",
        seen: files::one_name_in_two_packages_is_refused,
        neighbour: files::one_name_is_refused_too_where_a_filter_shows_only_one_of_both,
        honest: declared::a_new_calibration_and_an_approved_new_name_pass,
    },
    Way {
        change: "accepted files of nothing that is declared",
        seen: files::gold_and_entries_that_nothing_declares_are_left_over,
        neighbour: declared::gold_that_changes_where_nothing_is_locked_is_seen,
        honest: declared::a_new_calibration_and_an_approved_new_name_pass,
    },
    Way {
        change: "a look that is put before those of the base, and counts as the first",
        seen: ledger::a_look_that_is_put_before_those_of_the_base_counts_after_them,
        neighbour: ledger::what_the_base_was_asked_since_counts_before_what_a_branch_asks,
        honest: ledger::a_new_look_and_a_new_line_of_history_are_listed_and_pass,
    },
    Way {
        change: "accepted results that nobody is said to have accepted",
        seen: ledger::a_line_that_the_history_loses_is_removed,
        neighbour: ledger::a_line_of_the_history_that_says_something_else_or_elsewhere_is_removed,
        honest: ledger::a_new_look_and_a_new_line_of_history_are_listed_and_pass,
    },
    #[cfg(unix)]
    Way {
        change: "another program that evaluates",
        seen: workers::another_command_needs_an_approval,
        neighbour: workers::another_launcher_needs_an_approval,
        honest: workers::more_processes_and_a_launcher_of_the_machine_pass_and_are_told,
    },
    #[cfg(unix)]
    Way {
        change: "what a program is told, or tunes",
        seen: workers::other_data_of_a_worker_needs_an_approval,
        neighbour: workers::another_space_or_environment_of_a_worker_needs_an_approval,
        honest: workers::more_processes_and_a_launcher_of_the_machine_pass_and_are_told,
    },
    #[cfg(unix)]
    Way {
        change: "a calibration without code that is declared no more",
        seen: workers::a_worker_that_is_dropped_is_removed,
        neighbour: declared::a_calibration_that_is_dropped_or_leaves_the_workspace_is_removed,
        honest: declared::a_new_calibration_and_an_approved_new_name_pass,
    },
    Way {
        change: "a CI service that does not set `CI`",
        seen: settings::a_service_that_does_not_set_ci_counts_and_no_committed_file_is_written,
        neighbour: settings::plain_cargo_test_knows_the_services_too,
        honest: bars::a_tightened_threshold_passes,
    },
];

#[test]
fn every_way_around_the_gate_has_its_tests() {
    for way in TABLE {
        // A function that serves as both would be one test.
        assert!(!std::ptr::fn_addr_eq(way.seen, way.neighbour), "{}", way.change);
        assert!(!std::ptr::fn_addr_eq(way.neighbour, way.honest), "{}", way.change);
    }
}
