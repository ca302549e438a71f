//! What surrounds an evaluation: the launcher, repeats with their seeds, the inputs that decide what is answered.

use omega_lock::prelude::*;
use omega_lock::worker::Workers;

use crate::bowl::{Bowl, crooked, run, space, targets};

pub(crate) fn launcher() {
    let expected = run(&Bowl { center: 1.0 }, &Bowl { center: 1.125 }, 1);
    let workers = crooked(&[""]).launcher(["sh", "-c", "exec \"$@\"", "launcher"]).processes(2);
    let (train, test) = targets(&workers).expect("the launcher starts the worker");
    let found = run(&train, &test, 2);
    assert_eq!(format!("{:?}", found.0), format!("{:?}", expected.0), "who starts it decides nothing");
    let said = targets(&crooked(&[""]).launcher(["no-such-launcher", "-n1"])).map(drop).expect_err("it is not there");
    assert!(said.contains("the worker `no-such-launcher -n1 python3"), "{said}");
    assert!(said.contains("`no-such-launcher` could not be started"), "{said}");
}

pub(crate) fn repeats() {
    let params = space().neutral();
    let asked = |repeats| {
        let (worker, other) = targets(&crooked(&["echo-seed"]).repeats(repeats)).expect("it starts");
        (worker.evaluate(&params).expect("it answers"), other.evaluate(&params).expect("it answers"))
    };
    let (once, _) = asked(1);
    assert_eq!(once.metadata["seed"], serde_json::Value::Null, "who asks once sends no seed");
    let (mean, other) = asked(3);
    assert_eq!(asked(3), (mean.clone(), other.clone()), "the seeds are the question's own");
    assert_eq!(mean.metadata["ensemble_n"], 3);
    assert_eq!(mean.samples, 3 * once.samples);
    let spread = mean.metadata["ensemble_sd"].as_f64().expect("a number");
    assert!(spread > 1e-4, "each time with another seed: {mean:?}");
    let difference = |left: f64, right: f64| (left - right).abs() < 1e-12;
    assert!(mean.blocks.iter().all(|block| difference(*block, mean.fitness)), "blocks are means too: {mean:?}");
    assert_ne!(mean.metadata["draw"], other.metadata["draw"], "another slice has other seeds");

    let uneven = targets(&crooked(&["uneven-blocks"]).repeats(8)).expect("it starts").0;
    let said = uneven.evaluate(&params).expect_err("parts that differ have no mean").reason();
    assert!(said.contains(" blocks, and ") && said.contains("parts of the slice"), "{said}");
}

pub(crate) fn inputs() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    };
    for name in ["main.py", "deep/er/part.py", "deep/__pycache__/part.pyc", ".hidden.py", "notes.txt", "[odd].py"] {
        write(name, "1");
    }
    let found = |patterns: &[&str]| {
        let workers =
            Workers::new("bowl", ["true"]).directory(folder.path()).space(space()).inputs(patterns.iter().copied());
        let worker = workers.slice(Role::Train, [("", 0); 0]).target(Role::Train)().expect("nothing is started");
        worker.programs()[0].inputs().map_err(|error| error.reason())
    };
    let names = |patterns: &[&str]| found(patterns).map(|inputs| inputs.into_keys().collect::<Vec<String>>());
    assert_eq!(names(&["**/*.py"]).expect("files"), ["[odd].py", "deep/er/part.py", "main.py"]);
    assert_eq!(names(&["**/*"]).expect("files"), ["[odd].py", "deep/er/part.py", "main.py", "notes.txt"]);
    assert_eq!(names(&["main.py", "*.py", "deep/**/*.py"]).expect("files"), ["[odd].py", "deep/er/part.py", "main.py"]);
    let one = "6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b";
    assert_eq!(found(&["main.py"]).expect("a file")["main.py"], one, "as sha256sum says it");
    for (pattern, says) in [
        ("src/*.py", "`inputs` has `src/*.py`, which matches no file in `"),
        ("deep", "matches no file"),
        ("a***", "which is no pattern"),
    ] {
        let said = found(&["main.py", pattern]).expect_err("nothing is there");
        assert!(said.contains(says), "{said}");
    }
}

pub(crate) fn inputs_that_change() {
    let folder = tempfile::tempdir().expect("a folder");
    let source = folder.path().join("strategy.py");
    std::fs::write(&source, "slow = 3").expect("a file");
    let input = source.to_str().expect("UTF-8").trim_start_matches('/').to_owned();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/worker/crooked.py");
    let workers = Workers::new("bowl", ["python3", script, "dies-every", "2"]).directory("/").inputs([input]);
    let worker = workers.slice(Role::Train, [("center", 1.0)]).target(Role::Train)().expect("it starts");
    let params = space().neutral();
    worker.evaluate(&params).expect("it answers");
    std::fs::write(&source, "slow = 4").expect("a file");
    let said = worker.evaluate(&params).expect_err("the next process would run other code").reason();
    assert!(said.contains("strategy.py` was changed while the run went on"), "{said}");

    // One that is started for each evaluation does not look each time, and looks soon.
    let input = source.to_str().expect("UTF-8").trim_start_matches('/').to_owned();
    let workers = Workers::new("simulator", ["echo", "1"]).once().space(space()).directory("/").inputs([input]);
    let worker = workers.slice(Role::Train, [("center", 1.0)]).target(Role::Train)().expect("nothing is started");
    worker.evaluate(&params).expect("it answers");
    std::fs::write(&source, "slow = five").expect("a file");
    let looks = (0..100).find_map(|_| {
        std::thread::sleep(std::time::Duration::from_millis(20));
        worker.evaluate(&params).err()
    });
    let said = looks.expect("other code answers").reason();
    assert!(said.contains("strategy.py` was changed while the run went on"), "{said}");
}

pub(crate) fn tally() {
    let (train, test) = targets(&crooked(&["dies-every", "9"]).processes(2)).expect("the workers start");
    let (_, outcome) = run(&train, &test, 2);
    outcome.expect("what is lost is asked again");
    let tally = train.programs()[0].tally();
    assert!(tally.lost > 3 && tally.retries == tally.lost, "{tally:?}");
    assert!(tally.started > tally.lost && tally.started <= tally.lost + 2, "{tally:?}");
    assert_eq!(test.programs()[0].tally(), tally, "slices share their processes");
}
