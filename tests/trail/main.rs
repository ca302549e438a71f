//! The trail on disk: killed, cut, edited, fought over, and read back.
//!
//! A test that needs a process to kill starts this program again with a folder in `TRAIL_CHILD`; it runs the calibration
//! of `calibration.rs` there then instead of the tests. `TRAIL_THOROUGH=1` asks for the large counts.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test lays out files and starts processes, and the process it starts answers on its output"
)]

mod attachments;
mod calibration;
mod child;
mod cut;
mod divergence;
mod edit;
mod faults;
mod kill;
mod mutants;
#[path = "../support/mutation.rs"]
mod mutation;
mod rows;
mod writers;

use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};

fn main() -> ExitCode {
    if let Some(folder) = std::env::var_os("TRAIL_CHILD") {
        return child::run(folder);
    }
    let trial = |name: &'static str, body: fn()| {
        Trial::test(name, move || {
            body();
            Ok(())
        })
    };
    let trials = vec![
        trial("a_run_killed_again_and_again_loses_no_acknowledged_row", kill::acknowledged_rows),
        trial("a_trail_cut_at_any_byte_of_its_last_row_resumes", cut::every_byte),
        trial("a_run_stopped_at_any_row_resumes_to_the_same_bytes", cut::every_row),
        trial("a_tail_of_zero_bytes_is_torn_and_resumes", cut::zeros),
        trial("every_changed_byte_is_found_at_its_row", edit::every_byte),
        trial("rows_moved_removed_repeated_or_put_between_are_found", edit::rows),
        trial("a_row_read_back_is_the_one_that_was_recorded", rows::as_in_memory),
        trial("a_row_tells_the_parameters_that_moved_since_the_first_evaluation", rows::what_moves),
        trial("a_row_has_one_spelling", rows::one_spelling),
        trial("the_rows_that_the_documents_show_are_rows_of_a_run", rows::documented),
        trial("a_trail_of_another_version_is_refused_by_both_versions", rows::of_another_version),
        trial("damage_before_the_last_row_is_never_repaired", edit::unfinished),
        trial("whatever_bytes_a_trail_has_reading_it_ends_without_a_panic", mutants::bytes),
        trial("whatever_body_a_row_has_reading_it_ends_without_a_panic", mutants::bodies),
        trial("whatever_fields_a_declaration_has_reading_it_ends_without_a_panic", mutants::declarations),
        trial("an_unfinished_trail_of_another_declaration_or_build_is_set_aside_and_says_why", divergence::set_aside),
        trial("a_binary_is_another_one_although_size_and_time_are_the_same", divergence::same_size_and_time),
        trial("a_proposal_that_differs_from_its_row_is_refused_by_its_index", divergence::refused),
        trial("a_trail_that_is_no_regular_file_is_refused", divergence::no_file),
        trial("many_processes_on_one_folder_run_one_after_another", writers::one_at_a_time),
        trial("a_disk_that_is_full_ends_the_run_with_what_is_safe", writers::full_disk),
        trial("attachments_lie_beside_the_trail_under_their_digests", attachments::kept),
        trial("attachments_are_dropped_unless_the_declaration_keeps_them", attachments::dropped),
        trial("a_system_call_that_fails_loses_nothing_and_the_run_goes_on", faults::every_call)
            // Needs strace; .ci/run installs it and runs this.
            .with_ignored_flag(true),
        trial("where_the_file_system_has_no_locks_a_run_goes_on", faults::no_locks).with_ignored_flag(true),
    ];
    let code = libtest_mimic::run(&Arguments::from_args(), trials);
    if code.has_failed() { ExitCode::from(101) } else { ExitCode::SUCCESS }
}
