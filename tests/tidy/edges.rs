//! Where the world is touched: files, environment, clock and processes at the edge, printing in one place.

use crate::repository;
use crate::source::Source;

/// The files that may touch the world, each with what it may use. Everything else computes values.
const EDGES: &[(&str, &[&str])] = &[
    // The library: one place each for the files we promise, for whatever is read, for the processes that share a run, and
    // for a user's data, of which nothing but a digest is taken.
    ("src/artifacts/files.rs", &["std::fs"]),
    ("src/regular_file.rs", &["std::fs"]),
    ("src/artifacts/place.rs", &["canonicalize_utf8"]),
    // A trail is appended to, synced, cut and moved.
    ("src/artifacts/trail_file/binary.rs", &["std::fs"]),
    ("src/artifacts/trail_file/folder.rs", &["std::fs", ".exists()"]),
    ("src/artifacts/trail_file/lock.rs", &["std::fs"]),
    ("src/artifacts/trail_file/writer.rs", &["std::fs"]),
    ("src/artifacts/trail_file/resumption.rs", &["std::fs"]),
    ("src/artifacts/trail_file/ending.rs", &["std::fs"]),
    ("src/artifacts/trail_file/file.rs", &["std::fs"]),
    ("src/declaration/file.rs", &["read_dir_utf8"]),
    ("src/identity.rs", &["std::fs"]),
    ("src/gold/store.rs", &["std::fs", "read_dir_utf8"]),
    // The folders of a file that is compiled into production, looked at one by one.
    ("src/ship/place.rs", &["std::fs"]),
    ("src/run_store/prune.rs", &["std::fs", "read_dir_utf8"]),
    ("src/run_store/store.rs", &["std::fs"]),
    // How long evaluations take says how many threads make them, and nothing else.
    ("src/audit/pace.rs", &["Instant::now"]),
    // Workers are programs of somebody else: started with what is named of the environment, and waited for only so long.
    // What patterns of files find: names, and no contents.
    ("src/worker/patterns.rs", &["std::fs", "read_dir"]),
    // Which file a path leads to, without reading it.
    ("src/worker/inputs.rs", &["std::fs"]),
    ("src/worker/launch.rs", &["std::env", "Command::new"]),
    ("src/worker/guard.rs", &["std::env", "Command::new"]),
    ("src/worker/timer.rs", &["Instant::now"]),
    // The harness is a program: it reads its arguments and its surroundings, starts git, and holds the clock.
    ("src/harness/git.rs", &["Command::new"]),
    ("src/harness/environment.rs", &["std::env", "io::stdout"]),
    ("src/harness/interrupt.rs", &["process::exit"]),
    // What workers say on standard error is appended to a file as they say it.
    ("src/harness/programs.rs", &["std::fs"]),
    ("src/harness/progress_line.rs", &["io::stderr"]),
    ("src/harness/origin.rs", &["std::fs", "canonicalize_utf8"]),
    ("src/harness/project.rs", &["std::env", "canonicalize_utf8"]),
    // Where cargo builds, and where its target directory is.
    ("src/harness/target_dir.rs", &["Command::new", ".exists()", "canonicalize_utf8"]),
    // The process that started this one.
    ("src/harness/test_run.rs", &["std::fs"]),
    ("src/harness/stopwatch.rs", &["Instant::now", "SystemTime::now"]),
    ("src/harness/suite.rs", &["std::env", "process::id", "io::stderr"]),
    ("src/harness/run.rs", &["process::id"]),
    ("src/harness/companion.rs", &["std::fs", "process::id"]),
    ("src/harness/results.rs", &["process::id"]),
    // The subcommand.
    ("cargo-omega/src/disk.rs", &["std::fs", "read_dir_utf8"]),
    ("cargo-omega/src/environment.rs", &["std::env"]),
    // What is printed beside live lines goes through the one who draws them.
    ("cargo-omega/src/progress.rs", &["io::stderr"]),
    ("cargo-omega/src/runner.rs", &["Command::new", "Instant::now"]),
    ("cargo-omega/src/stopwatch.rs", &["Instant::now", "SystemTime::now"]),
    // What lies beside the database of a study, and its copy.
    ("cargo-omega/src/study/file.rs", &["std::fs", "canonicalize_utf8"]),
    ("cargo-omega/src/study/journal_queue.rs", &["std::fs"]),
    ("cargo-omega/src/study/lines.rs", &["std::fs"]),
    ("cargo-omega/src/study/table.rs", &["std::fs"]),
    ("cargo-omega/src/study/elements.rs", &["std::fs"]),
    // Only tests: files with bytes changed.
    ("cargo-omega/src/study/mutants.rs", &["std::fs", "std::env", "Instant::now"]),
    // Which workspace a trail lies in.
    ("cargo-omega/src/trail.rs", &["canonicalize_utf8"]),
    ("cargo-omega/src/ui.rs", &["io::stdout", "io::stderr"]),
];

/// How the world is touched. `std::{` is here because a group would hide what it imports.
const WORLD: [&str; 16] = [
    "std::fs",
    "std::env",
    "std::net",
    "std::{",
    "read_dir",
    "read_dir_utf8",
    ".exists()",
    "canonicalize_utf8",
    "Command::new",
    "process::id",
    "process::exit",
    "process::abort",
    "Instant::now",
    "SystemTime::now",
    "io::stdout",
    "io::stderr",
];

/// Known to the compiler, not asked of the environment.
const CONSTANTS: &str = "std::env::consts";

/// The one file of the harness that prints beside libtest-mimic: its help, and why a suite could not start.
const PRINTER: &str = "src/harness/suite.rs";

/// Macros that print.
const PRINTING: [&str; 5] = ["print!", "println!", "eprint!", "eprintln!", "dbg!"];

fn touches(sources: &[Source]) -> Vec<String> {
    let mut findings = Vec::new();
    for source in sources {
        let allowed = EDGES.iter().find(|(path, _)| *path == source.path).map_or(&[][..], |(_, allowed)| *allowed);
        for word in WORLD.into_iter().filter(|word| !allowed.contains(word)) {
            for at in source.find(word) {
                if !source.code[at..].starts_with(CONSTANTS) {
                    findings.push(format!("{}: `{word}` is not for this file", source.place(at)));
                }
            }
        }
    }
    findings
}

/// Functions of which each platform has its own, which may differ in the last bit from those of the crate `libm`.
const PLATFORM_MATHS: [&str; 11] =
    [".exp(", ".exp_m1(", ".ln(", ".ln_1p(", ".log2(", ".log10(", ".powf(", ".powi(", ".sin(", ".cos(", ".tanh("];

/// Where no number of a run comes from: pages, and the programs that omega-lock is tried on.
const NO_RUN: [&str; 2] = ["src/report/", "src/keyholes/"];

fn platform_maths(sources: &[Source]) -> Vec<String> {
    let mut findings = Vec::new();
    for source in sources.iter().filter(|source| !NO_RUN.iter().any(|folder| source.path.starts_with(folder))) {
        for word in PLATFORM_MATHS {
            let found = source.find(word);
            findings.extend(found.map(|at| format!("{}: `{word}..)`; take that of `libm`", source.place(at))));
        }
    }
    findings
}

fn printing(sources: &[Source]) -> Vec<String> {
    let all = |source: &Source| {
        let found = PRINTING.into_iter().flat_map(|word| source.find(word).map(move |at| (word, at)));
        found.map(|(word, at)| format!("{}: `{word}`; only the front ends print", source.place(at))).collect::<Vec<_>>()
    };
    sources.iter().filter(|source| source.path != PRINTER).flat_map(all).collect()
}

#[test]
fn the_world_is_touched_only_in_the_files_at_the_edge() {
    crate::none(&touches(&repository::sources(&["src/", "cargo-omega/src/"])));
}

#[test]
fn every_file_at_the_edge_is_there_and_touches_what_it_is_listed_for() {
    let sources = repository::sources(&["src/", "cargo-omega/src/"]);
    for (path, allowed) in EDGES {
        let source = sources.iter().find(|source| source.path == *path);
        let source = source.unwrap_or_else(|| panic!("{path} is listed and not there"));
        for word in *allowed {
            assert!(source.find(word).next().is_some(), "{path} is listed for `{word}` and does without");
        }
    }
}

#[test]
fn nothing_prints_but_the_front_ends() {
    crate::none(&printing(&repository::sources(&["src/", "cargo-omega/src/"])));
}

#[test]
fn numbers_of_a_run_are_the_same_bits_on_every_platform() {
    crate::none(&platform_maths(&repository::sources(&["src/"])));
    let planted = |path: &str| platform_maths(&[Source::new(path, "let a = b.exp() + c.ln();")]).len();
    assert_eq!((planted("src/stats/a.rs"), planted("src/report/a.rs")), (2, 0));
}

#[test]
fn a_planted_touch_of_the_world_is_found() {
    let planted = |path: &str, text: &str| touches(&[Source::new(path, text)]);
    assert_eq!(planted("src/stats/a.rs", "//! A.\nuse std::fs;"), ["src/stats/a.rs:2: `std::fs` is not for this file"]);
    assert_eq!(planted("src/gates/a.rs", "fn f() { std::env::var(\"A\"); }").len(), 1);
    assert_eq!(planted("src/gates/a.rs", "use std::{fs, env};").len(), 1);
    assert_eq!(planted("src/gates/a.rs", "let t = Instant::now();").len(), 1);
    assert_eq!(planted("cargo-omega/src/project.rs", "Command::new(\"git\")").len(), 1);
    assert_eq!(planted("src/artifacts/files.rs", "std::fs::read(path) // std::env::var"), [""; 0]);
}

#[test]
fn a_planted_print_is_found() {
    let planted = |text: &str| printing(&[Source::new("src/gates/a.rs", text)]);
    assert_eq!(planted("\nprintln!(\"a\");"), ["src/gates/a.rs:2: `println!`; only the front ends print"]);
    assert_eq!(
        planted("/// println!()\nfn a() { b(\"print!\") }\n#[cfg(test)]\nmod tests { fn a() { dbg!(1); } }"),
        [""; 0]
    );
}
