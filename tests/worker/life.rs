//! How workers begin and end, and what they do when an evaluation is lost or late.

use std::time::{Duration, Instant};

use omega_lock::prelude::*;
use omega_lock::worker::{Worker, Workers};

use crate::bowl::{Bowl, crooked, left, marked, run, space, targets};

fn mark() -> String {
    let folder = tempfile::tempdir().expect("a name that nobody else has");
    folder.path().display().to_string()
}

fn made(workers: &Workers) -> Worker {
    targets(workers).expect("it starts").0
}

fn at(x: f64) -> Params {
    space().neutral().with("x", x).expect("a parameter")
}

pub(crate) fn declared_space() {
    let mark = mark();
    let workers = crooked(&[""]).env("MARK", &mark).space(space()).processes(8);
    let worker = made(&workers);
    assert_eq!(worker.space(), space());
    assert_eq!(marked(&mark), [""; 0], "nothing is started to list the cases");
    worker.evaluate(&at(0.5)).expect("it answers");
    assert_eq!(marked(&mark).len(), 1, "one evaluation needs one process");
    drop(worker);
    assert_eq!(left(&mark), [""; 0]);
}

pub(crate) fn lost_and_found() {
    let (expected, _) = run(&Bowl { center: 1.0 }, &Bowl { center: 1.125 }, 1);
    let (train, test) = targets(&crooked(&["dies-every", "9"]).processes(2)).expect("the workers start");
    let (trail, outcome) = run(&train, &test, 2);
    outcome.expect("what is lost is asked again");
    assert_eq!(format!("{trail:?}"), format!("{expected:?}"));
}

pub(crate) fn killed_first() {
    let mark = mark();
    let worker = made(&crooked(&["killed-first", &mark]).space(space()));
    worker.evaluate(&at(0.5)).expect("another one answers");
    assert!(std::path::Path::new(&mark).exists(), "one was killed");
    std::fs::remove_file(&mark).expect("it is there");
}

/// One that is asked for something it takes forever for, between two evaluations.
fn late(word: &str) -> bool {
    let worker = made(&crooked(&[word]).evaluation_timeout(Duration::from_millis(400)));
    let process = || worker.evaluate(&at(0.5)).expect("it answers").metadata["pid"].clone();
    let before = process();
    let error = worker.evaluate(&at(1.75)).expect_err("time is an answer");
    assert_eq!(error.reason(), "no answer within 0.4 s (`evaluation_timeout`)");
    before == process()
}

pub(crate) fn too_late() {
    assert!(late("cancels"), "one that gives up what it was told to give up goes on");
}

pub(crate) fn stubborn() {
    assert!(!late("slow-from"), "one that does not is ended, and another one answers");
}

pub(crate) fn slow() {
    let worker = made(&crooked(&["beats"]).silence_timeout(Duration::from_secs(1)).lost_retries(0));
    let started = Instant::now();
    worker.evaluate(&at(0.5)).expect("it is alive");
    assert!(started.elapsed() > Duration::from_secs(1), "longer than it may keep quiet");
}

pub(crate) fn environment() {
    assert!(std::env::var_os("CARGO_MANIFEST_DIR").is_some(), "the test has variables to keep back");
    let workers = crooked(&["echo-environment"]).env("SEASON", "winter").pass("CARGO_PKG_NAME");
    let seen = made(&workers).evaluate(&at(0.5)).expect("it answers").metadata;
    assert_eq!(seen["SEASON"], "winter");
    assert_eq!(seen["CARGO_PKG_NAME"], "omega-lock");
    assert!(seen.contains_key("PATH") && !seen.contains_key("CARGO_MANIFEST_DIR"), "{seen:?}");
}

pub(crate) fn nothing_left() {
    let mark = mark();
    let worker = made(&crooked(&["forks"]).env("MARK", &mark));
    worker.evaluate(&at(0.5)).expect("it answers");
    assert_eq!(marked(&mark).len(), 2, "the worker, and what it started");
    let started = Instant::now();
    drop(worker);
    assert_eq!(left(&mark), [""; 0]);
    assert!(started.elapsed() < Duration::from_secs(8), "one that ends by itself is not waited for");
}

pub(crate) fn ignores_the_end() {
    let mark = mark();
    let worker = made(&crooked(&["ignores-the-end"]).env("MARK", &mark));
    worker.evaluate(&at(0.5)).expect("it answers");
    let started = Instant::now();
    drop(worker);
    assert!(started.elapsed() > Duration::from_secs(9), "it has ten seconds to end by itself");
    assert!(started.elapsed() < Duration::from_secs(16), "and five more once it is asked to: {:?}", started.elapsed());
    assert_eq!(left(&mark), [""; 0]);
}

/// What a shell script that is started once per evaluation comes to.
fn simulated(script: &str) -> Result<Evaluation, String> {
    simulated_by(script, |workers| workers)
}

fn simulated_by(script: &str, with: impl FnOnce(Workers) -> Workers) -> Result<Evaluation, String> {
    let workers = Workers::new("simulator", ["sh", "-c", script, "sh", "{mode}", "{n}"]).once().space(space());
    let workers = with(workers.slice(Role::Train, [("year", 2019)]).lost_retries(1));
    let worker = workers.target(Role::Train)().map_err(|error| error.reason())?;
    worker.evaluate(&at(0.5)).map_err(|error| error.reason())
}

pub(crate) fn simulators() {
    let evaluation = simulated(r#"echo mesh ready; echo "{\"fitness\": $2, \"metadata\": {\"mode\": \"$1\"}}""#);
    let evaluation = evaluation.expect("the last line is an answer");
    assert_eq!((evaluation.fitness, evaluation.metadata["mode"].as_str()), (2.0, Some("plain")));
    let read = simulated(r#"read line; printf '{"fitness": 1, "metadata": {"read": %s}}' "$line""#).expect("an answer");
    let read = serde_json::to_string(&read.metadata["read"]["params"]).expect("JSON");
    assert!(read.contains("\"x\":0.5"), "{read}");
    for (script, says) in [
        ("echo diverged >&2; exit 3", "it ended with exit status 3: diverged"),
        ("exit 255", "it ended with exit status 255"),
        ("kill -SEGV $$", "it was killed by signal 11 (segmentation fault)"),
        ("kill -TRAP $$", "it was killed by signal 5"),
        ("exit 139", "it ended with exit status 139"),
        ("exit 137", "2 times in a row: the last time it ended with exit status 137 (128 + 9"),
        ("yes | head -c 40000000; echo 3; echo", "3"),
        (r#"echo '{"type": "not_applicable", "reason": "no"}'"#, "no"),
        ("echo -inf", "-inf"),
        ("kill -9 $$", "2 times in a row: the last time it was killed by signal 9 (out of memory?)"),
        ("echo converged", "ended with the line `converged`, expected a number or a JSON object with `fitness`"),
        ("true", "ended without a line on standard output"),
        ("head -c 17000000 /dev/zero", "wrote a line of more than 16 MiB on standard output"),
    ] {
        match simulated(script) {
            Ok(evaluation) => assert_eq!(evaluation.fitness.to_string(), says, "{script}"),
            Err(said) => assert!(said.contains(says), "{script}: expected {says:?} in {said}"),
        }
    }
    let undeclared = Workers::new("simulator", ["true"]).once().slice(Role::Train, [("year", 2019)]);
    let said = undeclared.target(Role::Train)().expect_err("its parameters are not known").reason();
    assert!(said.contains("declare them by `Workers::space`"), "{said}");
}

pub(crate) fn launchers() {
    for (script, says) in [
        ("exit 255", "2 times in a row: the last time it ended with exit status 255"),
        ("exit 125", "2 times in a row: the last time it ended with exit status 125"),
        ("exit 3", "it ended with exit status 3"),
    ] {
        let said = simulated_by("true", |workers| workers.launcher(["sh", "-c", script])).expect_err("it fails");
        assert!(said.contains(says), "{script}: expected {says:?} in {said}");
    }
}

pub(crate) fn braces() {
    let space = || ParamSpace::new().choice("a", ["{b}", "{role}"], "{b}").int("b", 1..=4, 2);
    let script = r#"printf '{"fitness": 1, "metadata": {"words": "%s"}}' "$*""#;
    let words = ["sh", "-c", script, "sh", "{a} {b} {role} {c} {", "{{b}}"];
    let made = |space| Workers::new("simulator", words).once().space(space).slice(Role::Train, [("year", 2019)]);
    let worker = made(space()).target(Role::Train)().expect("nothing is started for it");
    let metadata = worker.evaluate(&space().neutral()).expect("it answers").metadata;
    assert_eq!(metadata["words"], "{b} 2 train {c} { {2}");
    let refused = made(space().int("role", 1..=2, 1)).target(Role::Train)().expect_err("a role, or the parameter?");
    assert!(refused.reason().contains("`{role}` in its command stands for the role of an evaluation"), "{refused}");
    made(space().int("seed", 1..=2, 1)).target(Role::Train)().expect("the command has no `{seed}`");
}

pub(crate) fn attachments() {
    let folder = tempfile::tempdir().expect("a folder");
    let attached = |path: &str| {
        let script = format!(
            r#"rm -f pipe; mkfifo pipe; echo 1 >log.txt; echo '{{"fitness": 1, "attachments": [{{"name": "log", "path": "{path}"}}]}}'"#
        );
        simulated_by(&script, |workers| workers.directory(folder.path()))
    };
    let evaluation = attached("log.txt").expect("it answers");
    let expected = Evaluation::new(1.0).attach_file("log", folder.path().join("log.txt"));
    assert_eq!(evaluation.attachments, expected.attachments);
    for path in ["pipe", "."] {
        let said = attached(path).expect_err("nobody would ever have read it");
        assert!(said.contains(&format!("`attachments` has `{path}`, expected the path of a file")), "{said}");
    }
}

pub(crate) fn zero() {
    let evaluation = simulated(r#"echo '{"fitness": -0.0, "blocks": [-0.0, -0], "metrics": {"m": -0.0}}'"#);
    let evaluation = evaluation.expect("it answers");
    assert!(evaluation.fitness.is_sign_positive(), "as a language says it that has no -0 in JSON");
    assert!(!format!("{evaluation:?}").contains("-0"), "{evaluation:?}");
}

pub(crate) fn files() {
    let folder = tempfile::tempdir().expect("a folder");
    let prices = folder.path().join("prices.csv");
    let identity = |text: &str| {
        std::fs::write(&prices, text).expect("a file");
        let workers = Workers::new("bowl", ["sh", "never-started.sh"]).directory(folder.path()).space(space());
        let workers = workers.slice(Role::Train, [("year", 2019)]).files(Role::Train, ["prices.csv"]);
        workers.target(Role::Train)().expect("nothing is started for it").identity()
    };
    let before = identity("1\n2\n");
    assert!(before.starts_with("prices.csv: slice {\"year\":2019}, sha256 "), "{before}");
    assert_eq!(identity("1\n2\n"), before);
    assert_ne!(identity("1\n3\n"), before, "one byte is another");
    let absent = crooked(&[""]).files(Role::Train, ["nowhere.csv"]).target(Role::Train)();
    let said = absent.expect_err("it is not there").reason();
    assert!(said.contains("nowhere.csv` could not be read"), "{said}");
}
