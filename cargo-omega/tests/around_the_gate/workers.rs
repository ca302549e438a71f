//! What omega.toml declares without any code: the command, what starts it, its data and its parameters.

use crate::support::{Project, Shown};

/// Evaluates a bowl around what its data file says.
const TARGET: &str = r#"import json, sys
for line in sys.stdin:
    asked = json.loads(line)
    answer = {"id": asked["id"]}
    if asked["type"] == "hello":
        answer.update(type="hello", protocol=1)
    else:
        center = float(open(asked["slice"]["files"][0]).read())
        x, y = asked["params"]["x"], asked["params"]["y"]
        answer.update(type="result", samples=100, fitness=-(x - center) ** 2 - 2 * (y + 0.5) ** 2)
    print(json.dumps(answer), flush=True)
"#;

const DECLARED: &str = r#"[calibration.bowl]
search = { method = "grid", unlock_k = 2, points_per_axis = 9 }
gates = { gini_min = -1.0, top_bot_ratio_min = 0.0 }

[calibration.bowl.worker]
command = ["python3", "target.py"]
launcher = ["env"]
processes = 1

[calibration.bowl.space]
x = { kind = "float", low = -2, high = 2, neutral = 0 }
y = { kind = "float", low = -2, high = 2, neutral = 0 }

[calibration.bowl.roles]
train = { files = ["train.txt"] }
test = { files = ["test.txt"] }
"#;

/// A pull request in which a file of an accepted project without cargo is changed by these words.
fn changed(path: &str, from: &str, to: &str) -> Project {
    let project = Project::empty();
    project.file("target.py", TARGET).file("train.txt", "1.0").file("test.txt", "1.25").file("omega.toml", DECLARED);
    project.omega(["lock"]).exits(0);
    project.omega(["update-gold", "--reason", "first"]).exits(0);
    project.commit("Accept");
    project.git(["checkout", "--quiet", "-b", "change"]);
    project.change(path, from, to);
    // Whoever opens the pull request does all that they can.
    project.omega(["lock"]).exits(0);
    project.omega(["update-gold", "--accept-failing", "--reason", "changed"]).run();
    project.commit("Change");
    project
}

fn judged(project: &Project) -> Shown {
    project.omega(["test", "--against", "main"]).env("CI", "true").run()
}

/// Expects that the gate wants an approval of this.
fn needs_approval(path: &str, from: &str, to: &str, shows: &str) -> Project {
    let project = changed(path, from, to);
    let shown = judged(&project);
    assert_eq!(shown.code, Some(1), "{shown:?}");
    shown.shows(shows);
    project
}

#[test]
pub(crate) fn another_command_needs_an_approval() {
    let project = needs_approval("omega.toml", r#""target.py"]"#, r#""./target.py"]"#, "moved bowl  worker.command");
    // Approved from outside, it passes.
    let shown = judged(&project);
    let digest = shown.stderr.split("--accept-change ").nth(1).and_then(|rest| rest.split('`').next());
    let digest = digest.expect("the digest is shown");
    project.omega(["test", "--against", "main", "--accept-change", digest]).env("CI", "true").exits(0);
}

#[test]
pub(crate) fn another_launcher_needs_an_approval() {
    needs_approval("omega.toml", r#"["env"]"#, r#"["env", "-u", "NOTHING"]"#, "moved bowl  worker.launcher");
}

#[test]
pub(crate) fn other_data_of_a_worker_needs_an_approval() {
    needs_approval("test.txt", "1.25", "1.24", "moved bowl  roles.test");
}

#[test]
fn data_that_no_pattern_names_is_what_omega_toml_calls_it() {
    let project = Project::empty();
    let declared = DECLARED
        .replace("files = [\"train.txt\"]", "file = \"train.txt\"")
        .replace("files = [\"test.txt\"]", "file = \"test.txt\"");
    let target = TARGET.replace("[\"files\"][0]", "[\"file\"]");
    project.file("target.py", &target).file("train.txt", "1.0").file("test.txt", "1.25").file("omega.toml", &declared);
    project.omega(["lock"]).exits(0);
    project.file("test.txt", "1.24");
    project.omega(["lock", "--check"]).exits(0);
}

#[test]
pub(crate) fn another_space_or_environment_of_a_worker_needs_an_approval() {
    needs_approval(
        "omega.toml",
        "high = 2, neutral = 0 }\ny",
        "high = 3, neutral = 0 }\ny",
        "moved bowl  space.x.high",
    );
    needs_approval(
        "omega.toml",
        "processes = 1",
        "env = { set = { SKILL = \"1\" } }",
        "moved bowl  worker.env.set.SKILL",
    );
}

#[test]
pub(crate) fn a_worker_that_is_dropped_is_removed() {
    let project = Project::empty();
    project.file("target.py", TARGET).file("train.txt", "1.0").file("test.txt", "1.25");
    project.file("omega.toml", &format!("{DECLARED}{}", DECLARED.replace("calibration.bowl", "calibration.other")));
    project.omega(["lock"]).exits(0);
    project.omega(["update-gold", "--reason", "first"]).exits(0);
    project.commit("Accept");
    project.git(["checkout", "--quiet", "-b", "change"]);
    project.file("omega.toml", DECLARED);
    project.omega(["lock"]).exits(0);
    std::fs::remove_file(project.path("fixtures/gold/other.json")).expect("its gold goes too");
    project.commit("Drop");
    let shown = judged(&project);
    assert_eq!(shown.code, Some(1), "{shown:?}");
    shown.shows("REMOVED other");
}

#[test]
pub(crate) fn more_processes_and_a_launcher_of_the_machine_pass_and_are_told() {
    let project = changed("omega.toml", "processes = 1", "processes = 2");
    let judged = project.omega(["test", "--against", "main"]).env("CI", "true").env("OMEGA_LOCK_LAUNCHER", "env -u A");
    judged.exits(0).shows("PASS").shows("; 2 processes by `env -u A`)");
    let run = &project.results().suites[0].runs[0];
    assert_eq!(run.workers.as_ref().map(|workers| workers.processes), Some(2));
    let typed = project.omega(["test", "--launcher", "env -u B", "bowl::run"]);
    typed.exits(0).shows("; 2 processes by `env -u B`)");
    // What no digest knows changes no byte of the record.
    let trail = || project.read("target/omega/workers/bowl/trail.jsonl");
    let before = trail();
    project.change("omega.toml", "processes = 2", "processes = 5");
    project.omega(["test"]).exits(0);
    assert_eq!(trail(), before);
}
