//! Targets that are programs in other languages, run as they are: what they answer, and how the bad ones end.
//!
//! `same` compares the records of one target in several languages, `bad` is the table of programs that do not keep to the
//! protocol, `suite` runs a calibration whose worker fails in the middle, as a test binary of a user. For that, this program
//! starts itself again with a folder in `WORKER_SUITE`.
//!
//! It speaks of shells, signals and processes as Unix has them; elsewhere there is nothing in it.
#![cfg_attr(
    unix,
    expect(
        clippy::disallowed_methods,
        reason = "a test lays out files, starts processes and looks at what is left of them"
    )
)]

#[cfg(unix)]
mod bad;
#[cfg(unix)]
mod bowl;
#[cfg(unix)]
mod life;
#[cfg(unix)]
mod noisy;
#[cfg(unix)]
mod orphans;
#[cfg(unix)]
mod same;
#[cfg(unix)]
mod scarce;
#[cfg(unix)]
mod suite;

#[cfg(unix)]
use std::process::ExitCode;

#[cfg(unix)]
use libtest_mimic::{Arguments, Trial};

#[cfg(not(unix))]
fn main() {}

#[cfg(unix)]
fn main() -> ExitCode {
    if let Some(folder) = std::env::var_os("WORKER_SUITE") {
        return suite::run(folder.as_ref());
    }
    if std::env::var_os("WORKER_SCARCE").is_some() {
        return scarce::child();
    }
    let trial = |name: &str, body: Box<dyn FnOnce() + Send>| {
        Trial::test(name, move || {
            body();
            Ok(())
        })
    };
    let one = |name: &str, body: fn()| trial(name, Box::new(body));
    let mut trials = vec![
        one("a_target_in_rust_python_and_sh_leaves_one_record_whatever_the_number_of_processes", same::one_record),
        one("a_target_in_node_r_and_cpp_leaves_the_record_of_the_one_in_rust", same::further_languages)
            .with_ignored_flag(true),
        one("a_simulator_that_is_started_for_each_evaluation_leaves_the_record_of_the_same_target_in_rust", same::once),
        one("answers_out_of_order_are_recorded_in_order", same::out_of_order),
        one("a_null_version_is_the_slice_with_more_in_it_and_a_seed", same::null),
        one("bare_words_for_numbers_are_the_numbers", same::bare_words),
        one("a_declared_space_starts_no_process_before_something_is_evaluated", life::declared_space),
        one("an_evaluation_that_is_lost_is_asked_again_elsewhere_and_leaves_no_mark", life::lost_and_found),
        one("a_first_process_that_is_killed_before_its_hello_is_lost_like_any_other", life::killed_first),
        one("an_evaluation_that_takes_longer_than_declared_has_failed_and_the_worker_lives", life::too_late),
        one("a_worker_that_gives_nothing_up_is_started_anew", life::stubborn),
        one("a_sign_of_life_keeps_a_slow_worker_alive", life::slow),
        one("a_worker_sees_of_the_environment_what_is_named", life::environment),
        one("nothing_of_a_worker_is_left_behind", life::nothing_left),
        one("a_worker_that_ignores_its_closed_input_is_ended", life::ignores_the_end),
        one("a_simulator_that_fails_says_why_and_one_that_is_killed_is_lost", life::simulators),
        one("a_launcher_that_fails_is_no_answer", life::launchers),
        one("a_name_in_braces_is_replaced_once_and_means_one_thing", life::braces),
        one("the_path_of_an_attachment_starts_where_the_worker_does_and_is_a_file", life::attachments),
        one("zero_has_no_sign", life::zero),
        one("the_files_of_a_slice_are_its_identity", life::files),
        one("a_machine_without_room_for_a_thread_loses_evaluations_and_hangs_nothing", scarce::threads),
        one("a_machine_without_room_for_a_file_loses_evaluations_and_blames_no_command", scarce::files),
        one("processes_that_died_while_they_were_asked_nothing_lose_no_evaluation", scarce::idle),
        one("a_launcher_starts_the_command_and_decides_nothing", noisy::launcher),
        one("a_noisy_worker_is_averaged_over_seeds_of_its_own_for_each_question", noisy::repeats),
        one("inputs_are_files_by_pattern_with_their_digests", noisy::inputs),
        one("an_input_that_changes_while_the_run_goes_on_ends_it", noisy::inputs_that_change),
        one("lost_processes_and_retries_are_counted", noisy::tally),
        one("an_unfinished_run_is_set_aside_if_an_input_changed_and_the_file_is_named", suite::inputs),
        one("what_workers_say_on_standard_error_is_kept_beside_the_trail", suite::log),
        one("workers_start_all_at_once", suite::starts_at_once),
        one("a_worker_whose_harness_was_killed_ends_with_its_input", orphans::ends_by_itself),
        one("a_worker_that_ignores_its_input_and_sigterm_does_not_outlive_its_harness_by_15_s", orphans::stubborn),
        one("what_a_worker_has_forked_does_not_outlive_the_harness_by_15_s", orphans::child_that_stays),
        one("a_guard_that_was_ended_is_replaced", orphans::another_guard),
        one("a_suite_takes_in_what_omega_toml_declares_without_code", suite::taken_in),
        one("a_harness_that_is_killed_leaves_no_worker_and_the_next_run_ends_with_the_same_bytes", suite::killed),
        one("a_run_whose_worker_fails_in_the_middle_exits_with_4_and_continues_to_the_same_bytes", suite::continues),
    ];
    trials.extend(bad::TABLE.iter().map(|case| trial(&format!("bad::{}", case.name), Box::new(|| case.run()))));
    let code = libtest_mimic::run(&Arguments::from_args(), trials);
    if code.has_failed() { ExitCode::from(101) } else { ExitCode::SUCCESS }
}
