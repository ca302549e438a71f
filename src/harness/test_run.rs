//! Which test run this process is part of, so that no record of another one is taken for its own.
//!
//! The runner names the run in a variable, which anybody can set and lay a record for. What nobody can know beforehand is
//! the process that started this one: its number and when it began. On Linux both are told by the system, and which boot of
//! the machine it was; elsewhere it is the number, and everywhere when the test binary was built, to the nanosecond.

use std::time::SystemTime;

use camino::Utf8Path;

/// A mark that the processes of this run have in common, and no other process; absent if the system does not tell.
pub(super) fn mark(binary: &Utf8Path) -> Option<String> {
    let metadata = binary.metadata().ok()?;
    let built = metadata.modified().ok()?.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Some(format!("{} {}-{}", runner()?, metadata.len(), built.as_nanos()))
}

/// The process of nextest above this one, whatever lies in between.
#[cfg(target_os = "linux")]
fn runner() -> Option<String> {
    let boot = read("/proc/sys/kernel/random/boot_id")?;
    let parent = std::os::unix::process::parent_id();
    let mut above = std::iter::successors(Some(parent), |pid| Some(stat(*pid)?.parent)).take_while(|pid| *pid > 1);
    let runner = above.find(|pid| stat(*pid).is_some_and(|stat| stat.name.starts_with("cargo-nextest")));
    let runner = runner.unwrap_or(parent);
    Some(format!("boot {} process {runner} since {}", boot.trim_end(), stat(runner)?.start))
}

#[cfg(all(unix, not(target_os = "linux")))]
fn runner() -> Option<String> {
    Some(format!("process {}", std::os::unix::process::parent_id()))
}

#[cfg(not(unix))]
fn runner() -> Option<String> {
    Some(String::new())
}

/// What the system tells of a process.
#[cfg(target_os = "linux")]
struct Stat {
    name: String,
    parent: u32,
    /// In ticks since the machine was started.
    start: u64,
}

#[cfg(target_os = "linux")]
fn stat(pid: u32) -> Option<Stat> {
    let text = read(&format!("/proc/{pid}/stat"))?;
    // A name may have blanks and brackets of its own.
    let (head, rest) = text.rsplit_once(')')?;
    let fields: Vec<&str> = rest.split_whitespace().collect();
    let name = head.split_once('(')?.1.to_owned();
    Some(Stat { name, parent: fields.get(1)?.parse().ok()?, start: fields.get(19)?.parse().ok()? })
}

#[cfg(target_os = "linux")]
fn read(path: &str) -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "these files are the system's answers")]
    std::fs::read_to_string(path).ok()
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_the_same_twice_and_names_a_process_that_began() {
        let program = Utf8Path::new("/proc/self/exe");
        let mark = mark(program).unwrap();
        assert_eq!(Some(&mark), super::mark(program).as_ref());
        assert!(mark.contains("process ") && !mark.contains("since 0 "), "{mark}");
    }
}
