//! The false certifications of omega-lock 0.3.8 for Python (D01 to D28), one test each, built from its own examples:
//! under `reference` the verdict that it gives, under `strict` the gate that says why not, or the right selection; where
//! the mistake cannot be written in Rust, the door that is closed.
//!
//! The other defects on the same list:
//!
//! | defect | what it is | covered by |
//! |---|---|---|
//! | D29 | `Infinity` in an artifact | `artifacts::Number` writes the text "inf"; its unit tests |
//! | D30, D31 | one crash or a missing key ends a benchmark | `tests/benchmark.rs`: a crash is a row |
//! | D32 | a rank correlation outside of [-1, 1] | `benchmark::spearman`, and `stats::spearman` here: Pearson of mid-ranks |
//! | D33 | no checkpoint, no resume | `tests/trail`: a trail cut at any byte resumes |
//! | D34 | artifacts that cannot be compared | `cargo-omega/tests/cli/calibrations.rs`: the same bytes on one thread and on many |
//! | D35, D36 | a chain that covers too little, or raises a false alarm | `tests/hash_chain.rs`, `tests/trail` |
//! | D37 | values turned into text | metadata is JSON by type; `objective::Evaluation` |
//! | D38 | a record that can be altered | `audit::Trail` adds rows and changes none |
//! | D39 | artifacts without readers | `cargo-omega/tests/cli/show.rs`, `tests/peer_artifacts` |
//! | D40 | a result that cannot be reproduced | `artifacts::RunResult` holds space, baseline, parameters and flags; `verify` makes it again |
//! | D41 | rounds and phases mislabelled | `tests/iterative.rs` |
//! | D42 | labels of an iterative run | `tests/parity/iterative.rs` keeps them under `reference`; the gates name their round |
//! | D43 | order of completion in the record | `tests/threads.rs` |
//! | D44 | a target that changes its parameters | `Target::evaluate` borrows them: the compiler |
//! | D45 | a baseline outside of its range, names twice | `objective::ParamSpace::check`, `check_params`; `tests/parity/refusals.rs` |
//! | D46, D47 | exit codes and trust of the command line | `cargo-omega/tests/cli/gate.rs`, `exit_codes.rs`, `show.rs`, `verify.rs` |
//! | D48 | progress told at the end | `progress::Event`s arrive one by one; `tests/threads.rs` |
//! | D49 | a warning on every run | `d49_a_run_without_constraints_is_not_warned_of_them` here |
//! | D50 | a clock that steps back | `progress::Clock` never goes backwards: the harness reads `Instant` |
//! | D51 | sizes unchecked | `RunConfig::check` and its unit tests |
//! | D52 | an overflow ends the run | `stats::pearson` and its unit tests; `d52_an_overflow_is_a_value_and_no_crash` here |
//! | D53 | import side effects | there is no import; the library reads no clock, file or environment (`tests/tidy`) |
//! | D54 | code samples that do not run | the code of README and docs are doc tests (`src/lib.rs`); `tests/tidy/documents.rs` |
//! | D55 | its own suite | the parity fixtures are ours |
//! | D56 | smaller ones | a constant axis gives one candidate (`distinct`); counts come from the record |

mod doors;
mod evidence;
mod search;
mod selection;
mod thresholds;
mod toy;
