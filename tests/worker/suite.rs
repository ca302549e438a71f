//! A test binary of a user: a calibration whose worker fails in the middle, and the next run.

use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use omega_lock::Generator;
use omega_lock::prelude::*;
use omega_lock::worker::Workers;

use crate::bad::TABLE;
use crate::bowl::{left, root};

/// The word for a worker that omega.toml declares, and no code.
const DECLARED: &str = "declared";

/// What the child is: a suite with one calibration, on the worker that the folder has.
pub(crate) fn run(folder: &Path) -> ExitCode {
    if let Ok(name) = std::fs::read_to_string(folder.join("case")) {
        let case = TABLE.iter().find(|case| case.name == name).expect("a case of the table");
        return calibrated(&case.workers(folder));
    }
    let words = std::fs::read_to_string(folder.join("worker")).expect("the words of the worker");
    if words == DECLARED {
        return Suite::new().workers().run();
    }
    let script = root().join("tests/worker/crooked.py").display().to_string();
    let command = ["python3".to_owned(), script].into_iter().chain(words.split(' ').map(str::to_owned));
    let workers =
        Workers::new("bowl", command).slice(Role::Train, [("center", 1.0)]).slice(Role::Test, [("center", 1.0)]);
    let processes = std::env::var("WORKER_PROCESSES").ok().and_then(|count| count.parse().ok()).unwrap_or(1);
    let workers = workers.processes(processes).pass("MARK").directory(folder).inputs(["strategy*.py"]);
    calibrated(&workers)
}

fn calibrated(workers: &Workers) -> ExitCode {
    let calibration = Calibration::new("bowl", workers.target(Role::Train)).test(workers.target(Role::Test));
    Suite::new().add(calibration.parallel()).run()
}

/// What decides the answers, by the test's word; beside it lies `worker`, which is no input: it says how to fail.
fn write_input(folder: &Path, text: &str) {
    std::fs::write(folder.join("strategy.py"), text).expect("a file");
}

/// The suite in a folder, on this worker.
pub(crate) fn command(folder: &Path, worker: &str) -> Command {
    std::fs::write(folder.join("worker"), worker).expect("a file");
    let mut command = Command::new(std::env::current_exe().expect("a program has a path"));
    command.env("WORKER_SUITE", folder).env("CARGO_MANIFEST_DIR", folder).env("CARGO_PKG_NAME", "demo");
    command.env("OMEGA_LOCK_TARGET_DIR", folder.join("target")).env("OMEGA_LOCK_RESULTS_DIR", folder.join("results"));
    command.env_remove("CI").env("MARK", folder);
    command
}

/// Runs it: whether it passed, and what it said. On one thread: with two, which of them asks first decides how many rows there
/// are before the one that is lost.
fn suite(folder: &Path, worker: &str) -> (bool, String) {
    let output = command(folder, worker).env("OMEGA_LOCK_THREADS", "1").output().expect("it starts");
    let text = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    (output.status.success(), text)
}

/// The text of the only results file, which is gone then.
pub(crate) fn result(folder: &Path) -> String {
    let folder = folder.join("results");
    let mut files = std::fs::read_dir(&folder).expect("a folder");
    let text = std::fs::read_to_string(files.next().expect("a file").expect("an entry").path()).expect("a text");
    assert!(files.next().is_none());
    std::fs::remove_dir_all(folder).expect("it can be removed");
    text
}

pub(crate) fn project() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(
        folder.path().join("omega.toml"),
        "[calibration.bowl]\nlock = \"off\"\ngold = \"off\"\nmax_failed_evaluations = 1000\nsearch = { method = \"grid\", \
         unlock_k = 2, points_per_axis = 5 }\n",
    )
    .expect("a file");
    write_input(folder.path(), "slow = 3");
    folder
}

pub(crate) fn trail(folder: &Path) -> String {
    std::fs::read_to_string(folder.join("target/omega/demo/bowl/trail.jsonl")).unwrap_or_default()
}

pub(crate) fn taken_in() {
    let coded = project();
    let (_, said) = suite(coded.path(), "well");
    let rows = |text: String| {
        text.lines().skip(1).map(|row| row.split_once("\"b\":").map(|(_, body)| body.to_owned())).collect::<Vec<_>>()
    };
    let expected = rows(trail(coded.path()));
    assert!(expected.len() > 15, "{said}");

    let declared = project();
    let path = declared.path().join("omega.toml");
    let text = std::fs::read_to_string(&path).expect("a text");
    let script = root().join("tests/worker/crooked.py").display().to_string();
    let text = format!(
        "{text}[calibration.bowl.worker]\ncommand = [\"python3\", {script:?}, \"well\"]\nenv.pass = [\"MARK\"]\n\
         [calibration.bowl.roles]\ntrain = {{ center = 1.0 }}\ntest = {{ center = 1.0 }}\n"
    );
    std::fs::write(&path, text).expect("a file");
    suite(declared.path(), DECLARED);
    assert_eq!(rows(trail(declared.path())), expected, "the suite has the calibration, and its record");
    let listed = command(declared.path(), DECLARED).arg("--list").output().expect("it starts");
    assert!(String::from_utf8_lossy(&listed.stdout).contains("bowl::gate::kc4: test"));
    // A calibration of the code by the same name is refused.
    std::fs::remove_dir_all(declared.path().join("results")).expect("there are results");
    let (passed, _) = suite(declared.path(), "well");
    let said = result(declared.path());
    assert!(!passed && said.contains("omega.toml says a worker, slices or a space of it"), "{said}");
}

pub(crate) fn killed() {
    let whole = project();
    let (_, said) = suite(whole.path(), "well");
    let expected = trail(whole.path());
    assert!(expected.contains("\"verdict\""), "{said}");

    let stopped = project();
    let mut draws = Generator::new(42);
    let mut begun = 0;
    for _ in 0..20 {
        let mut child =
            command(stopped.path(), "paced").stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
        std::thread::sleep(Duration::from_millis(draws.integers(300, 900).unsigned_abs()));
        child.kill().expect("it can be killed");
        child.wait().expect("it ends");
        let rows = trail(stopped.path());
        let last = rows.rfind('\n').map_or(0, |place| place + 1);
        assert!(expected.starts_with(&rows[..last]), "{rows}");
        begun += usize::from(last > 0 && last < expected.len());
    }
    assert!(begun > 0, "it was killed in the middle");
    suite(stopped.path(), "well");
    assert_eq!(trail(stopped.path()), expected);
    assert_eq!(left(&stopped.path().display().to_string()), [""; 0], "no worker outlives its harness");
}

pub(crate) fn continues() {
    let whole = project();
    let (_, said) = suite(whole.path(), "well");
    let expected = trail(whole.path());
    assert!(expected.contains("\"verdict\""), "{said}");

    let stopped = project();
    let (passed, shown) = suite(stopped.path(), "lost-from 30");
    assert!(!passed, "{shown}");
    let said = result(stopped.path());
    assert!(said.contains("\"exit_code\": 4"), "the target failed: {said}");
    for what in [
        "calibration `bowl`: evaluation ",
        " of {x: ",
        "} was lost: the worker `python3 ",
        "3 times in a row: the last time it says that the evaluation was lost: node 7 is gone",
        "once it can be answered, the next run continues from there",
    ] {
        assert!(said.contains(what), "expected {what:?} in\n{said}");
    }
    let begun = trail(stopped.path());
    let rows = begun.lines().count();
    assert!(rows > 15 && expected.starts_with(&begun), "{rows} rows, whole, and no end: {begun}");

    let (_, said) = suite(stopped.path(), "well");
    assert!(said.contains("continu"), "it says that it continues: {said}");
    assert_eq!(trail(stopped.path()), expected);
}

pub(crate) fn inputs() {
    let stopped = project();
    suite(stopped.path(), "lost-from 30");
    let begun = trail(stopped.path());
    std::fs::write(stopped.path().join("strategy_b.py"), "").expect("a file");
    let (_, said) = suite(stopped.path(), "lost-from 30");
    assert!(said.contains("set aside") && said.contains("the input `strategy_b.py` is new since"), "{said}");
    write_input(stopped.path(), "slow = 4");
    let (_, said) = suite(stopped.path(), "lost-from 30");
    assert!(said.contains("set aside as `trail-aside-2.jsonl`"), "{said}");
    assert!(said.contains("the input `strategy.py` has changed since"), "{said}");
    std::fs::remove_file(stopped.path().join("strategy_b.py")).expect("it is there");
    let (_, said) = suite(stopped.path(), "lost-from 30");
    assert!(said.contains("the input `strategy_b.py` is gone since"), "{said}");
    assert_eq!(trail(stopped.path()), begun, "no input is in the record");
    let (_, said) = suite(stopped.path(), "well");
    assert!(said.contains("continued behind evaluation"), "with the same inputs it goes on: {said}");
}

pub(crate) fn log() {
    let project = project();
    let (_, said) = suite(project.path(), "talks");
    let folder = project.path().join("target/omega/demo/bowl");
    let log = std::fs::read_to_string(folder.join("workers.log")).unwrap_or_else(|error| panic!("{error}: {said}"));
    let rows = trail(project.path()).lines().filter(|row| row.contains("\"evaluation\"")).count();
    let lines = log.lines().filter(|line| line.contains(": evaluating ")).count();
    assert!(lines > 20 && lines >= rows, "{rows} rows, {lines} lines:\n{log}");
    let timings = std::fs::read_to_string(folder.join("timings.json")).expect("timings");
    assert!(timings.contains("\"workers\": {\n    \"started\": 1,\n    \"lost\": 0,\n    \"retries\": 0"), "{timings}");
    let timings: serde_json::Value = serde_json::from_str(&timings).expect("a number");
    let busy = timings["workers"]["busy_seconds"].as_f64().expect("a number");
    assert!(
        busy > 0.0 && busy < timings["total_seconds"].as_f64().expect("a number"),
        "one process is at work part of the time"
    );
    suite(project.path(), "well");
    let log = std::fs::read_to_string(folder.join("workers.log")).expect("a file");
    assert_eq!(log, "", "each run has its own");
}

pub(crate) fn starts_at_once() {
    let project = project();
    let mut command = command(project.path(), "slow-to-start");
    command.env("WORKER_PROCESSES", "8").env("OMEGA_LOCK_THREADS", "8");
    let started = Instant::now();
    let output = command.output().expect("it starts");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        started.elapsed() < Duration::from_secs(12),
        "each takes two seconds, and none waits: {:?}",
        started.elapsed()
    );
    // One has said the parameters, and answers meanwhile.
    let timings = project.path().join("target/omega/demo/bowl/timings.json");
    assert!(std::fs::read_to_string(timings).expect("timings").contains("\"started\": 8"), "{said}");
}
