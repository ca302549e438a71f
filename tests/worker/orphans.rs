//! A harness that is killed, and what becomes of its workers.

use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use crate::bowl::marked;
use crate::suite::{command, project, trail};

/// A run under way on this worker, with its rows on the disk.
fn under_way(folder: &Path, worker: &str) -> Child {
    let mut command = command(folder, worker);
    let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
    let begun = Instant::now();
    while trail(folder).lines().count() < 5 {
        assert!(begun.elapsed() < Duration::from_secs(60), "no row within a minute");
        std::thread::sleep(Duration::from_millis(20));
    }
    child
}

/// How long anything with this mark is there.
fn outlived(folder: &Path) -> Duration {
    let (killed, mark) = (Instant::now(), folder.display().to_string());
    while !marked(&mark).is_empty() {
        assert!(killed.elapsed() < Duration::from_secs(40), "left: {:?}", marked(&mark));
        std::thread::sleep(Duration::from_millis(50));
    }
    killed.elapsed()
}

/// Kills the harness in the middle, and waits for the end of what it started.
fn orphaned(worker: &str) -> Duration {
    let project = project();
    let mut harness = under_way(project.path(), worker);
    assert!(marked(&project.path().display().to_string()).len() > 1, "harness and worker are there");
    harness.kill().expect("it can be killed");
    harness.wait().expect("it ends");
    outlived(project.path())
}

pub(crate) fn ends_by_itself() {
    let time = orphaned("paced");
    assert!(time < Duration::from_secs(5), "nobody waits for one that ends with its input: {time:?}");
}

pub(crate) fn stubborn() {
    let time = orphaned("immortal");
    assert!(time > Duration::from_secs(9), "it has its ten seconds: {time:?}");
    assert!(time < Duration::from_secs(15), "{time:?}");
}

pub(crate) fn child_that_stays() {
    let time = orphaned("paced-with-a-child");
    assert!(time < Duration::from_secs(15), "{time:?}");
}

pub(crate) fn another_guard() {
    let project = project();
    let mut harness = under_way(project.path(), "immortal-mortal");
    let number = harness.id().to_string();
    let guard = children(&number).into_iter().find(|child| !has_mark(child, project.path())).expect("a guard");
    let kill = |number: &str| std::process::Command::new("kill").args(["-9", number]).status().expect("kill");
    assert!(kill(&guard).success());
    // The next worker, which replaces the one that dies, finds that nobody watches.
    let begun = Instant::now();
    while !children(&number).iter().any(|child| *child != guard && !has_mark(child, project.path())) {
        assert!(begun.elapsed() < Duration::from_secs(20), "no other guard");
        std::thread::sleep(Duration::from_millis(20));
    }
    // It is there a moment before it is told whom to watch.
    std::thread::sleep(Duration::from_millis(500));
    harness.kill().expect("it can be killed");
    harness.wait().expect("it ends");
    let time = outlived(project.path());
    assert!(time < Duration::from_secs(15), "{time:?}");
}

/// The processes that one has started and not buried.
fn children(of: &str) -> Vec<String> {
    let processes = std::fs::read_dir("/proc").expect("Linux").filter_map(|entry| Some(entry.ok()?.path()));
    let is_child = |folder: &std::path::PathBuf| {
        let status = std::fs::read_to_string(folder.join("stat")).unwrap_or_default();
        let mut words = status.rsplit(')').next().unwrap_or_default().split_whitespace();
        words.next() != Some("Z") && words.next() == Some(of)
    };
    let name = |folder: std::path::PathBuf| Some(folder.file_name()?.to_str()?.to_owned());
    processes.filter(is_child).filter_map(name).collect()
}

fn has_mark(process: &str, folder: &Path) -> bool {
    marked(&folder.display().to_string()).contains(&format!("/proc/{process}"))
}
