//! Workers that run elsewhere: behind a launcher, lost, killed, given up; and a holdout that is asked there.

use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use omega_lock::internals::artifacts::Ledger;

use crate::support::{Project, Shown};
use crate::workers::{in_folder, omega};

/// Evaluates a bowl, and does on the holdout what the file `how` says; notes beside it how often that was asked.
const TARGET: &str = r#"import json, os, sys, time
for line in sys.stdin:
    asked = json.loads(line)
    answer = {"id": asked["id"]}
    how = open("how").read().strip() if os.path.exists("how") else ""
    if asked["type"] == "hello":
        answer.update(type="hello", protocol=1)
    else:
        x, y = asked["params"]["x"], asked["params"]["y"]
        answer.update(type="result", samples=100, fitness=-(x - asked["slice"]["center"]) ** 2 - 2 * (y + 0.5) ** 2)
        if how == "slow":
            time.sleep(0.05)
        if how == "for ever":
            open("begun", "w").close()
            time.sleep(1000)
        if asked["role"] == "holdout":
            open("asked", "a").write("once\n")
            if how == "dies":
                os._exit(3)
            if how == "hangs":
                time.sleep(1000)
            if how == "error":
                answer = {"id": asked["id"], "type": "error", "error": "secret: 1"}
            if how == "lies":
                answer["fitness"] = "high"
            if how in ("lost", "never began"):
                answer = {"id": asked["id"], "type": "lost", "error": "node 7 is gone"}
            if how == "never began":
                answer["began"] = False
    print(json.dumps(answer), flush=True)
"#;

const DECLARED: &str = r#"[calibration.bowl]
search = { method = "grid", unlock_k = 2, points_per_axis = 9 }
gates = { gini_min = -1.0, top_bot_ratio_min = 0.0 }
holdout = { min_fitness = -1.0, looks = 1 }
lock = "off"
gold = "off"

[calibration.bowl.worker]
command = ["python3", "target.py"]

[calibration.bowl.roles]
train = { center = 1.0 }
test = { center = 1.25 }
holdout = { center = 1.125 }

[calibration.bowl.space]
x = { kind = "float", low = -2, high = 2, neutral = 0 }
y = { kind = "float", low = -2, high = 2, neutral = 0 }
"#;

pub(crate) fn project() -> Project {
    let project = Project::empty();
    project.file("target.py", TARGET).file("omega.toml", DECLARED);
    project
}

/// A run whose holdout goes like this.
pub(crate) fn holdout(project: &Project, how: &str) -> Shown {
    project.file("how", how);
    omega(project, ["test"]).run()
}

pub(crate) fn asked(project: &Project) -> usize {
    let path = project.path("asked");
    if path.exists() { project.read("asked").lines().count() } else { 0 }
}

pub(crate) fn looks(project: &Project) -> usize {
    let path = project.path(Ledger::FILE);
    if path.exists() { Ledger::parse(&project.read(Ledger::FILE)).expect("a ledger").looks().len() } else { 0 }
}

#[test]
fn a_lost_holdout_is_asked_once_and_counts_as_a_look() {
    for how in ["dies", "lost", "lies"] {
        let project = project();
        let shown = holdout(&project, how);
        assert_eq!(shown.code, Some(4), "{how}: {shown:?}");
        shown
            .shows("(holdout, holdout)")
            .shows("it counts as look 1 of 1 at the holdout, new in omega.ledger.jsonl: commit it");
        assert_eq!((asked(&project), looks(&project)), (1, 1), "{how}");
        // Whoever asks the same again has looked no further.
        holdout(&project, how).shows("it counts as look 1 of 1 at the holdout\n");
        let shown = holdout(&project, "");
        assert_eq!(shown.code, Some(0), "{how}: {shown:?}");
        shown.shows("look 1 of 1\n").shows("continued behind evaluation");
        assert_eq!((asked(&project), looks(&project)), (3, 1), "{how}");
        // Another question is one too many.
        project.change("omega.toml", "points_per_axis = 9", "points_per_axis = 11");
        let shown = holdout(&project, how);
        assert_eq!(shown.code, Some(4), "{how}: {shown:?}");
        shown.shows("it counts as look 2 of 1 at the holdout, new");
        assert_eq!(holdout(&project, "").shows("look 2 of 1").code, Some(1));
    }
}

#[test]
fn a_holdout_that_never_began_is_asked_again_and_is_no_look() {
    let project = project();
    let shown = holdout(&project, "never began");
    assert_eq!(shown.code, Some(4), "{shown:?}");
    shown.shows("3 times in a row").hides("counts as look");
    assert_eq!((asked(&project), looks(&project)), (3, 0));
    holdout(&project, "").shows("look 1 of 1, new");
}

#[test]
fn where_ci_is_set_a_lost_holdout_is_no_line_and_where_no_looks_are_counted_none_either() {
    let project = project();
    project.file("how", "dies");
    let shown = omega(&project, ["test"]).env("CI", "true").exits(4);
    shown.shows("it counts as look 1 of 1 at the holdout, not in omega.ledger.jsonl");
    project.change("omega.toml", ", looks = 1", "");
    let shown = omega(&project, ["test"]).exits(4);
    shown.shows("nobody asks a holdout again by itself").hides("counts as look");
    assert_eq!((asked(&project), looks(&project)), (2, 0));
}

#[test]
fn twenty_random_kills_during_the_search_leave_the_bytes_of_a_run_without_one() {
    let trail = |project: &Project| project.read("target/omega/workers/bowl/trail.jsonl");
    let project = project();
    assert_eq!(holdout(&project, "").code, Some(0));
    let expected = trail(&project);
    let (worker, settings) = ("[calibration.bowl.worker]\n", "processes = 4\nlost_retries = 40\n");
    project.file("omega.toml", &DECLARED.replace(worker, &format!("{worker}{settings}")));
    project.file("how", "slow");
    let command = omega(&project, ["test", "--fresh"]).into_command();
    let mut running = { command }.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
    let rows = || {
        let path = project.path("target/omega/workers/bowl/trail.jsonl");
        std::fs::read_to_string(path).map_or(0, |text| if text == expected { 0 } else { text.lines().count() })
    };
    let (begun, mut killed, mut draw) = (Instant::now(), 0, 1u64);
    while killed < 20 {
        assert!(begun.elapsed() < Duration::from_secs(120), "{killed} kills, {} rows", rows());
        assert!(rows() < 150, "the search ended behind {killed} kills");
        // A sequence that looks like chance, and is the same each time.
        draw = draw.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        std::thread::sleep(Duration::from_millis(20 + draw % 60));
        let workers = in_folder(project.root()).into_iter().filter(|(_, line)| line.contains("python3 target.py"));
        let workers: Vec<_> = workers.collect();
        if let (1.., Some((number, _))) = (rows(), workers.get(draw as usize / 64 % workers.len().max(1))) {
            killed += usize::from(Command::new("kill").args(["-9", number]).status().expect("kill").success());
        }
    }
    assert_eq!(running.wait().expect("it ends").code(), Some(0));
    assert_eq!(trail(&project), expected);
    let timings = project.read("target/omega/workers/bowl/timings.json");
    let timings: serde_json::Value = serde_json::from_str(&timings).expect("JSON");
    assert!(timings["workers"]["started"].as_u64() >= Some(20), "{timings}");
    assert!(timings["workers"]["retries"].as_u64() >= Some(5), "{timings}");
    for file in ["result.json", "scorecard.txt"] {
        assert!(!project.read(&format!("target/omega/workers/bowl/{file}")).contains("retr"), "{file}");
    }
}

#[test]
fn ctrl_c_gives_up_after_ten_seconds_what_takes_for_ever() {
    let project = project();
    project.file("how", "for ever");
    let mut command = omega(&project, ["test"]).into_command();
    let child = command.process_group(0).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    let begun = Instant::now();
    while !project.path("begun").exists() {
        assert!(begun.elapsed() < Duration::from_secs(60), "nothing was asked");
        std::thread::sleep(Duration::from_millis(20));
    }
    let pressed = Instant::now();
    let kill = format!("kill -INT -{}", child.id());
    assert!(Command::new("sh").args(["-c", &kill]).status().expect("a shell").success());
    let shown = Shown::of(&child.wait_with_output().expect("it ends"));
    assert_eq!(shown.code, Some(5), "{shown:?}");
    shown.says("what workers have not answered in 10 s is given up; Ctrl-C again ends at once");
    shown.says("error: interrupted; nothing counts as passed").hides("was lost");
    assert!(in_folder(project.root()).is_empty(), "{:?}", in_folder(project.root()));
    assert!(pressed.elapsed() > Duration::from_secs(9), "it has its ten seconds: {:?}", pressed.elapsed());
    assert!(pressed.elapsed() < Duration::from_secs(28), "{:?}", pressed.elapsed());
    assert_eq!(holdout(&project, "").code, Some(0));
}

#[test]
fn a_launcher_is_words_with_quotes_and_one_that_is_wrong_exits_2_or_says_what_it_has_to_do() {
    let project = project();
    let launched = |by: &str| omega(&project, ["test", "--fresh", "--launcher", by, "bowl::run"]);
    project.file("a b/launch.sh", "shift\nexec \"$@\"\n");
    launched("sh 'a b/launch.sh' \"two words\"").exits(0);
    let results = project.results();
    let told = results.suites[0].runs[0].workers.as_ref().expect("workers");
    assert_eq!(told.launcher, ["sh", "a b/launch.sh", "two words"]);
    launched("").exits(0).hides(" by `");
    launched("srun 'n1").exits(2).says("`srun 'n1` has a quote that is not closed");
    let by_variable = omega(&project, ["test", "bowl::run"]).env("OMEGA_LOCK_LAUNCHER", "srun \"n1").exits(2);
    by_variable.says("OMEGA_LOCK_LAUNCHER: `srun \"n1` has a quote that is not closed");
    launched("no-such-launcher -n1").exits(2).shows("the launcher `no-such-launcher` could not be started");
    for (script, says) in [
        ("exec \"$@\" </dev/null", "ended with exit status 0"),
        ("echo Welcome to node 7; exec \"$@\"", "sent a line that is no JSON object: `Welcome to node 7`"),
        ("exit 255", "ended with exit status 255 (the other machine could not be reached, if ssh says so)"),
    ] {
        project.file("a b/launch.sh", &format!("shift\n{script}\n"));
        let shown = launched("sh 'a b/launch.sh' x").exits(4);
        shown.shows(says).shows("it is started by `sh`, which has to hand standard input on (`docker run -i`");
    }
    // A terminal in between says each question as well.
    project.file("a b/launch.sh", "shift\ntee /dev/fd/3 3>&1 | \"$@\"\n");
    launched("sh 'a b/launch.sh' x")
        .exits(4)
        .shows("a terminal in between (`ssh -tt`, `docker run -t`) says the questions as well");
}

#[test]
fn what_still_stands_in_a_queue_is_waited_for_as_long_as_it_may_be_silent_and_not_once_the_run_is_over() {
    let project = project();
    // The first one starts at once, the others wait for ever.
    project.file("queue.sh", "if ! mkdir taken 2>/dev/null; then exec sleep 1000; fi\nsleep 12\nexec \"$@\"\n");
    project.change("omega.toml", "[calibration.bowl.worker]\n", "[calibration.bowl.worker]\nprocesses = 3\n");
    let begun = Instant::now();
    omega(&project, ["test", "--launcher", "sh queue.sh"]).exits(0);
    assert!(begun.elapsed() > Duration::from_secs(12), "its hello came after twelve seconds");
    assert!(begun.elapsed() < Duration::from_secs(60), "{:?}", begun.elapsed());
    assert!(in_folder(project.root()).is_empty(), "{:?}", in_folder(project.root()));
}

#[test]
fn the_launcher_of_the_machine_stands_before_the_declared_one_and_sees_what_finds_a_cluster() {
    let project = project();
    project.file("outer.sh", "echo outer $SLURM_JOB_ID $RAY_ADDRESS $HIDDEN. >>words\nexec \"$@\"\n");
    project.file("inner.sh", "echo inner >>words\nexec \"$@\"\n");
    project.change(
        "omega.toml",
        "[calibration.bowl.worker]\n",
        "[calibration.bowl.worker]\nlauncher = [\"sh\", \"inner.sh\"]\n",
    );
    let run = omega(&project, ["test", "--launcher", "sh outer.sh", "bowl::run"]);
    run.env("SLURM_JOB_ID", "17").env("RAY_ADDRESS", "head:6379").env("HIDDEN", "yes").exits(0);
    assert_eq!(project.read("words"), "outer 17 head:6379 .\ninner\n");
    let timings = project.read("target/omega/workers/bowl/timings.json");
    let timings: serde_json::Value = serde_json::from_str(&timings).expect("JSON");
    assert_eq!(
        timings["launcher"],
        serde_json::json!(["sh", "outer.sh"]),
        "that of the machine alone: the other is declared"
    );
}
