//! One target in several languages.

use omega_lock::prelude::*;
use omega_lock::worker::Workers;

use crate::bowl::{Bowl, crooked, root, run, targets, workers};

/// What a run leaves behind, as text; NaN is never equal to itself, so records are compared as they print.
fn left<T: Target + Sync>(train: &T, test: &T, threads: usize) -> (String, String) {
    let (trail, outcome) = run(train, test, threads);
    let (_, result) = outcome.expect("the run finishes");
    assert!(trail.rows().len() > 50, "{}", trail.rows().len());
    (format!("{trail:?}"), result)
}

fn left_by(workers: &Workers, threads: usize) -> (String, String) {
    let (train, test) = targets(workers).expect("the workers start");
    left(&train, &test, threads)
}

pub(crate) fn one_record() {
    let expected = left(&Bowl { center: 1.0 }, &Bowl { center: 1.125 }, 1);
    let commands = ["bowl.py", "bowl_helper.py"].map(|file| ("python3", file));
    for (program, file) in commands.into_iter().chain([("sh", "bowl.sh")]) {
        for processes in [1, 2, 8] {
            leaves(&[program, &format!("examples/workers/{file}")], processes, &expected);
        }
    }
    let rows = &expected.0;
    for what in ["off the table", "both ways at once", "blocks: [", "distance"] {
        assert!(rows.contains(what), "the record has {what}");
    }
}

/// Whether workers of this command leave this record and this result.
fn leaves(command: &[&str], processes: usize, expected: &(String, String)) {
    let workers = workers(command).env("PYTHONPATH", root().join("cargo-omega/python").display().to_string());
    let found = left_by(&workers.processes(processes), processes);
    assert_eq!(found.0, expected.0, "{command:?}, {processes} processes");
    assert_eq!(found.1, expected.1, "{command:?}, {processes} processes");
}

pub(crate) fn further_languages() {
    let expected = left(&Bowl { center: 1.0 }, &Bowl { center: 1.125 }, 1);
    let folder = tempfile::tempdir().expect("a folder");
    let program = folder.path().join("bowl").display().to_string();
    let flags = ["-std=c++17", "-O2", "-ffp-contract=off", "-o", &program, "examples/workers/bowl.cpp"];
    let built = std::process::Command::new("g++").args(flags).current_dir(root()).status();
    assert!(built.expect("g++ starts").success(), "nlohmann/json.hpp comes with nlohmann-json3-dev");
    for processes in [1, 2] {
        leaves(&["node", "examples/workers/bowl.mjs"], processes, &expected);
        leaves(&["Rscript", "examples/workers/bowl.R"], processes, &expected);
        leaves(&[&program], processes, &expected);
    }
}

pub(crate) fn once() {
    let space = || ParamSpace::new().float("x", -2.0..=2.0, 0.5).float("y", -2.0..=2.0, 0.0);
    let twin = || {
        FnTarget::new(space(), |params| {
            let (x, y) = (params.float("x")?, params.float("y")?);
            Ok(Evaluation::new(-(x - 1.0) * (x - 1.0) - 9.0 * (y + 0.5) * (y + 0.5)))
        })
    };
    let simulator = Workers::new("bowl", ["sh", "examples/workers/once.sh", "{x}", "{y}"]);
    let simulator = simulator.directory(root()).space(space()).once().processes(2);
    let simulator = simulator.slice(Role::Train, [("", 0); 0]).slice(Role::Test, [("", 0); 0]);
    assert_eq!(left_by(&simulator, 2), left(&twin(), &twin(), 1));
}

pub(crate) fn out_of_order() {
    let expected = left(&Bowl { center: 1.0 }, &Bowl { center: 1.125 }, 1);
    assert_eq!(left_by(&crooked(&["backwards"]), 4), expected);
}

pub(crate) fn null() {
    let workers = crooked(&["echo-slice"]);
    let (train, test) = workers.null([("permute", true)])(7).expect("it starts");
    for (worker, center) in [(train, "1.0"), (test, "1.125")] {
        let evaluation = worker.evaluate(&worker.space().neutral()).expect("it answers");
        let slice = format!("{{\"center\":{center},\"permute\":true,\"seed\":7}}");
        assert_eq!(evaluation.metadata["slice"].to_string(), slice);
        assert_eq!(worker.identity(), format!("slice {slice}"));
    }
}

pub(crate) fn bare_words() {
    let (worker, _) = targets(&crooked(&["bare-words"])).expect("it starts");
    let evaluation = worker.evaluate(&worker.space().neutral()).expect("it answers");
    assert!(evaluation.fitness.is_nan());
    assert_eq!(evaluation.blocks, [f64::INFINITY, f64::NEG_INFINITY]);
    assert_eq!(evaluation.metadata["high"], "inf");
}
