//! Calibrations that omega.toml declares without any code: a folder without a Cargo.toml, and no cargo in PATH.

use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::{Omega, Project, Suite};

/// Evaluates a bowl; notes beside it that it was started.
pub(crate) const TARGET: &str = r#"import json, os, sys
open("started", "a").write("once\n")
out = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)
SPACE = [{"name": name, "kind": "float", "low": -2.0, "high": 2.0, "neutral": 0.0} for name in "xy"]
for line in sys.stdin:
    asked = json.loads(line)
    answer = {"id": asked["id"]}
    if asked["type"] == "hello":
        answer.update(type="hello", protocol=1, space=SPACE)
    else:
        params, told = asked["params"], asked["slice"]
        center = float(open(told["files"][0]).read()) if "files" in told else told["center"]
        answer.update(type="result", samples=100, fitness=-(params["x"] - center) ** 2 - 2 * (params["y"] + 0.5) ** 2)
    print(json.dumps(answer), file=out, flush=True)
"#;

pub(crate) const WORKER: &str = r#"[calibration.bowl]
search = { method = "grid", unlock_k = 2, points_per_axis = 9 }
gates = { gini_min = -1.0, top_bot_ratio_min = 0.0 }

[calibration.bowl.worker]
command = ["python3", "target.py"]

[calibration.bowl.roles]
train = { center = 1.0 }
test = { files = ["data/*.txt"], of = 2023 }
"#;

pub(crate) const SPACE: &str = r#"
[calibration.bowl.space]
x = { kind = "float", low = -2, high = 2, neutral = 0 }
y = { kind = "float", low = -2, high = 2, neutral = 0 }
"#;

/// A folder that an omega.toml, a target and its data lie in.
pub(crate) fn project() -> Project {
    let project = Project::empty();
    project.file("target.py", TARGET).file("data/test.txt", "1.25").file("omega.toml", &format!("{WORKER}{SPACE}"));
    project
}

/// The program where nobody finds a cargo.
pub(crate) fn omega<'a>(project: &Project, arguments: impl IntoIterator<Item = &'a str>) -> Omega {
    project.omega(arguments).env("PATH", "/usr/bin:/bin").env("CARGO", "/nowhere/cargo")
}

#[test]
fn a_folder_without_cargo_is_locked_judged_accepted_and_passes_twice() {
    let project = project();
    omega(&project, ["lock"]).exits(0).shows("Added bowl");
    omega(&project, ["test"]).exits(1).shows("bowl::gold").shows("Verdict bowl  FAIL:GOLD");
    omega(&project, ["update-gold", "--reason", "first"]).exits(0).shows("Updated fixtures/gold/bowl.json");
    for _ in 0..2 {
        let shown = omega(&project, ["test"]).exits(0);
        shown.shows("Verdict bowl  PASS").shows("Artifacts target/omega/workers/bowl");
        shown.says("Starting workers (omega.toml)");
    }
    assert_eq!(project.results().suites[0].package, "workers");
    omega(&project, ["test", "kc4", "gate::finite"]).exits(0).shows("2 cases: 2 passed");
    omega(&project, ["verify", "bowl"]).exits(0);
    omega(&project, ["show", "bowl"]).exits(0).shows("bowl");
    omega(&project, ["show", "--declaration", "bowl"]).exits(0).shows("worker.command");
    omega(&project, ["report", "bowl", "-o", "page.html"]).exits(0);
    // From a folder below it is the same project.
    project.file("deep/down/note.txt", "");
    let below = project.omega_in("deep/down", ["test", "bowl::run"]).env("PATH", "/usr/bin:/bin");
    below.exits(0).shows("1 case: 1 passed");
}

#[test]
fn with_the_space_in_omega_toml_nothing_is_started_to_list_lock_or_show_what_is_declared() {
    let project = project();
    let started = || project.path("started").exists();
    omega(&project, ["test", "--", "--list"]).exits(0).shows("bowl::gate::kc4: test\n");
    omega(&project, ["lock"]).exits(0);
    omega(&project, ["lock", "--check"]).exits(0);
    omega(&project, ["show", "--declaration", "bowl"]).exits(0).shows("space.x.high");
    assert!(!started(), "the worker was started");
    // Without it the worker is asked, and says the same.
    project.file("omega.toml", WORKER);
    omega(&project, ["lock", "--check"]).exits(0);
    assert!(started(), "the worker was not asked");
}

#[test]
fn a_worker_that_says_another_space_than_omega_toml_exits_2_with_both() {
    let project = project();
    project.change("omega.toml", "y = { kind = \"float\", low = -2", "y = { kind = \"float\", low = -3");
    omega(&project, ["lock"]).exits(0);
    let shown = omega(&project, ["test", "bowl::run"]).exits(2);
    shown
        .shows("says another space than the one that is declared: parameter 1 is `y` (float in -2.0..=2.0")
        .hides("was lost");
}

#[test]
fn a_broken_omega_toml_exits_2_where_no_suite_reads_it_and_where_cases_are_listed() {
    let project = Project::empty();
    project.plain_package("", "plain", "").file("omega.toml", "[calibration.bowl.worker]\ncommand = [\n");
    project.omega(["test"]).exits(2).says("omega.toml");
    let project = self::project();
    project.file("omega.toml", "[calibration.bowl.worker]\ncomand = [\"a\"]\n");
    omega(&project, ["test", "--", "--list"]).exits(2).says("line 2: unknown key");
}

#[test]
fn a_package_that_is_called_as_what_has_no_code_is_refused() {
    let project = Project::with(&Suite::passing().of("workers", "omega"));
    let manifest =
        project.read("Cargo.toml").replace("\"demo\"", "\"workers\"").replace("\"calibration\"", "\"omega\"");
    project.file("Cargo.toml", &manifest).fake("", "omega");
    project.file("target.py", TARGET).file("data/test.txt", "1.25").file("omega.toml", &format!("{WORKER}{SPACE}"));
    project
        .omega(["test"])
        .exits(2)
        .says("`workers v1.2.3 (omega)` has a suite `omega`, and so is called what omega.toml");
}

#[test]
fn a_command_that_cannot_be_started_exits_2_and_names_it_whoever_asks() {
    let project = project();
    project.change("omega.toml", r#"["python3", "#, r#"["no-such-python", "#);
    omega(&project, ["lock"]).exits(0);
    let shown = omega(&project, ["test"]).exits(2);
    shown.shows("`no-such-python` could not be started").shows("looked for in PATH");
    project.file("omega.toml", &WORKER.replace("python3", "./target.py"));
    omega(&project, ["lock"]).exits(2).says("`./target.py` could not be started");
}

#[test]
fn where_nothing_is_declared_the_folder_is_named() {
    let project = Project::empty();
    let folder = project.root().display().to_string();
    let shown = omega(&project, ["test"]).exits(2);
    shown.says(&format!("there is no omega.toml and no Cargo.toml in `{folder}`, nor in a folder above it"));
    project.file("omega.toml", "");
    omega(&project, ["test"]).exits(6).says(&format!("`{folder}/omega.toml` declares no calibration"));
    project.file("omega.toml", "[calibration.bowl]\nblocks = 8\n");
    omega(&project, ["lock"]).exits(2).says("a table for `bowl`, and nothing says what evaluates it");
    project.file("omega.toml", "[calibration.bowl.worker]\ncomand = [\"a\"]\n");
    omega(&project, ["test"]).exits(2).says("line 2: unknown key `calibration.bowl.worker.comand`");
}

#[test]
fn what_a_calibration_without_code_lacks_is_said_with_its_line() {
    let project = project();
    let refused = |text: &str, says: &str| {
        project.file("omega.toml", text);
        omega(&project, ["test", "--", "--list"]).run().says(says);
        assert_eq!(omega(&project, ["lock"]).exits(2).says(says).code, Some(2));
    };
    let worker = "[calibration.bowl.worker]\ncommand = [\"python3\", \"target.py\"]\n";
    let train = "[calibration.bowl.roles]\ntrain = {}\n";
    for (text, says) in [
        (format!("{worker}protocol = \"once\"\n{train}"), "line 2: `calibration.bowl.space` is missing"),
        (
            format!("[calibration.bowl.worker]\nprocesses = 2\n{train}"),
            "line 2: `calibration.bowl.worker.command` names no program",
        ),
        (worker.to_owned(), "line 2: `calibration.bowl.roles` has no slice `train`"),
        (format!("{worker}{train}null = {{}}\n"), "`calibration.bowl.roles` has a null version and no slice `test`"),
        (
            format!("{worker}{train}tset = {{}}\n"),
            "line 5: unknown key `calibration.bowl.roles.tset`\n  = help: the nearest key is `test`",
        ),
        (
            format!("{worker}processes = 0\n{train}"),
            "line 3: `calibration.bowl.worker.processes` is 0, expected a whole number from 1",
        ),
        (
            format!("{worker}{train}test = {{ files = [\"a.txt\", \"/data/b.txt\"] }}\n"),
            "line 5: `calibration.bowl.roles.test.files` has `/data/b.txt`, which is an absolute path",
        ),
        (
            format!("{worker}{train}test = {{}}\nnull = {{ seed = 3 }}\n"),
            "`calibration.bowl.roles.null.seed` is said by the harness",
        ),
        (
            format!("{worker}{train}[calibration.bowl.space]\nx = {{ kind = \"float\", low = 0.0, neutral = 0.5 }}\n"),
            "line 6: calibration `bowl`: `space.x.high` is missing",
        ),
        (
            format!("{worker}{train}[calibration.bowl.space]\nx = {{ kind = \"bool\", low = 0.0, neutral = true }}\n"),
            "`space.x.low` does not apply to kind \"bool\"",
        ),
        (
            format!(
                "{worker}{train}[calibration.bowl.space]\nx = {{ kind = \"int\", low = 0, high = 9, neutral = 11 }}\n"
            ),
            "`x`",
        ),
    ] {
        refused(&text, says);
    }
}

/// Goes on where the test lets it: stops for ever at a point of the search if `halt` is there.
const SLOW: &str = r#"import json, os, sys, time
for line in sys.stdin:
    asked = json.loads(line)
    answer = {"id": asked["id"]}
    if asked["type"] == "hello":
        answer.update(type="hello", protocol=1)
    else:
        x, y = asked["params"]["x"], asked["params"]["y"]
        while x == 1.0 and y == 1.0 and os.path.exists("halt"):
            open("halted", "w").close()
            time.sleep(0.02)
        answer.update(type="result", samples=100, fitness=-(x - asked["slice"]["center"]) ** 2 - 2 * (y + 0.5) ** 2)
    print(json.dumps(answer), flush=True)
"#;

/// A run that was killed in the middle of its search, with the harness below it: one that lives on would end the search as soon
/// as the worker goes on.
fn killed(inputs: &str) -> Project {
    let project = Project::empty();
    let declared = format!("{WORKER}{SPACE}").replace("{ files = [\"data/*.txt\"], of = 2023 }", "{ center = 1.25 }");
    let declared = declared.replace("\"target.py\"]\n", &format!("\"target.py\"]\n{inputs}"));
    project.file("target.py", SLOW).file("omega.toml", &declared).file("halt", "");
    project.omega(["lock"]).exits(0);
    let mut command = project.omega(["test"]).into_command();
    let mut child = command.process_group(0).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
    for _ in 0..1_000 {
        if project.path("halted").exists() {
            break;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(project.path("halted").exists(), "the search came nowhere");
    let kill = format!("kill -KILL -{}", child.id());
    assert!(Command::new("sh").args(["-c", &kill]).status().expect("a shell").success());
    child.wait().expect("it has ended");
    std::fs::remove_file(project.path("halt")).expect("it goes on");
    project
}

#[test]
fn a_killed_run_goes_on_and_one_byte_of_another_input_sets_its_trail_aside_by_name() {
    let project = killed("inputs = [\"*.py\"]\n");
    let lock = project.read("omega.lock");
    project.change("target.py", "0.02", "0.03");
    let shown = project.omega(["test", "bowl::run"]).exits(0);
    shown.says("is set aside as `trail-aside-1.jsonl`").says("target.py");
    assert_eq!(project.read("omega.lock"), lock);
    project.omega(["lock", "--check"]).exits(0);
    let anew = project.read("target/omega/workers/bowl/trail.jsonl");
    // Left alone, it goes on, and has the same record.
    let project = killed("inputs = [\"*.py\"]\n");
    let shown = project.omega(["test", "bowl::run"]).exits(0);
    shown.shows("continued behind evaluation").hides("aside");
    assert_eq!(project.read("target/omega/workers/bowl/trail.jsonl"), anew);
}

#[test]
fn a_killed_run_whose_worker_names_no_inputs_goes_on_with_another_one() {
    let project = killed("");
    project.change("target.py", "0.02", "0.03");
    project.omega(["test", "bowl::run"]).exits(0).shows("continued behind evaluation").hides("aside");
}

#[test]
fn a_workspace_runs_beside_its_suites_what_no_suite_has() {
    let project = Project::with(&Suite::passing());
    project.file("target.py", TARGET).file("data/test.txt", "1.25").file("omega.toml", &format!("{WORKER}{SPACE}"));
    let shown = project.omega(["test"]).run();
    shown.says("Starting demo v1.2.3 (calibration)").says("Starting workers (omega.toml)");
    shown.shows("bowl::gate::kc4").shows("phantom::run");
    let suites: Vec<String> = project.results().suites.into_iter().map(|suite| suite.package).collect();
    assert_eq!(suites, ["demo", "workers"]);
    // Chosen by package like every other one.
    let shown = project.omega(["test", "-p", "demo"]).run();
    shown.hides("bowl::").shows("partial");
    let shown = project.omega(["test", "-p", "workers", "bowl::run"]).exits(0);
    shown.shows("bowl::run").hides("phantom::");
    project.omega(["test", "-p", "wokers"]).exits(2).says("did you mean `workers`?");
    project.omega(["test", "--workspace", "--exclude", "workers"]).run().hides("bowl::");
    project.omega(["test", "--", "--list"]).exits(0).shows("bowl::run: test");
}

#[test]
fn a_suite_that_declares_the_same_name_is_not_run_twice() {
    let project = Project::with(&Suite::passing());
    project.file("target.py", TARGET).file("omega.toml", &format!("{WORKER}{SPACE}").replace("bowl", "phantom"));
    project.omega(["test"]).exits(0).hides("Starting workers");
    // Then nothing is left out, either.
    project.omega(["test", "-p", "demo"]).exits(0).hides("partial");
}

/// Makes the target one that listens to nothing and is slow.
const STUBBORN: &str = r#"import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
try:
    exec(open("plain.py").read().replace("answer = {", "time.sleep(0.05); answer = {"))
except BrokenPipeError:
    pass
time.sleep(1000)
"#;

/// The processes whose folder is this one, with their arguments.
pub(crate) fn in_folder(folder: &Path) -> Vec<(String, String)> {
    let folder = folder.canonicalize().expect("a folder");
    let processes = std::fs::read_dir("/proc").expect("Linux").filter_map(|entry| Some(entry.ok()?.path()));
    let here = |process: &PathBuf| process.join("cwd").read_link().is_ok_and(|cwd| cwd == folder);
    let told = |process: PathBuf| {
        let line = std::fs::read(process.join("cmdline")).ok()?;
        let name = process.file_name()?.to_str()?.to_owned();
        Some((name, String::from_utf8_lossy(&line).replace('\0', " ")))
    };
    processes.filter(here).filter_map(told).filter(|(_, line)| !line.is_empty()).collect()
}

#[test]
fn a_killed_harness_of_cargo_omega_leaves_no_worker_after_15_s_and_the_next_run_ends_with_the_same_bytes() {
    let project = project();
    project.file(
        "omega.toml",
        &format!("{WORKER}{SPACE}").replace("search =", "lock = \"off\"\ngold = \"off\"\nsearch ="),
    );
    let trail = || {
        let path = project.path("target/omega/workers/bowl/trail.jsonl");
        if path.exists() { project.read("target/omega/workers/bowl/trail.jsonl") } else { String::new() }
    };
    omega(&project, ["test", "--fresh"]).run();
    let expected = trail();
    assert!(expected.contains("\"verdict\""), "{expected}");
    project.file("plain.py", TARGET).file("target.py", STUBBORN);
    let command = omega(&project, ["test", "--fresh"]).into_command();
    let mut running = { command }.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
    let begun = Instant::now();
    while trail() == expected || trail().lines().count() < 6 {
        assert!(begun.elapsed() < Duration::from_secs(30), "no row: {}", trail());
        std::thread::sleep(Duration::from_millis(10));
    }
    let harness = in_folder(project.root()).into_iter().find(|(_, line)| line.contains("harness-of-omega-toml"));
    let (number, _) = harness.expect("a harness");
    assert!(Command::new("kill").args(["-9", &number]).status().expect("kill").success());
    let killed = Instant::now();
    let code = running.wait().expect("it ends").code();
    assert!(code.is_some_and(|code| ![0, 1, 6].contains(&code)), "{code:?}");
    while !in_folder(project.root()).is_empty() {
        assert!(killed.elapsed() < Duration::from_secs(15), "left: {:?}", in_folder(project.root()));
        std::thread::sleep(Duration::from_millis(50));
    }
    assert!(killed.elapsed() > Duration::from_secs(9), "the worker has its ten seconds: {:?}", killed.elapsed());
    let begun = trail();
    assert!(begun.len() < expected.len() && expected.starts_with(&begun[..begun.rfind('\n').map_or(0, |end| end + 1)]));
    project.file("target.py", TARGET);
    omega(&project, ["test"]).run().says("continued behind evaluation");
    assert_eq!(trail(), expected);
}
