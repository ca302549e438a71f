//! Every system call of a run failed or cut short once, by strace.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::calibration::{interrupted, run, starts, trail, uninterrupted};

/// What touches the disk.
const CALLS: [&str; 12] = [
    "openat",
    "read",
    "write",
    "lseek",
    "fdatasync",
    "fsync",
    "ftruncate",
    "rename",
    "renameat",
    "mkdir",
    "linkat",
    "flock",
];

/// What happens in its place.
const FAULTS: [&str; 4] = ["error=EIO", "error=ENOSPC", "error=EINTR", "signal=SIGKILL"];

/// Runs the child under strace, `inject` being what strace does to it.
fn traced(folder: &Path, inject: &[String]) -> Output {
    let mut strace = Command::new("strace");
    strace.args(["-f", "-qq", "-o"]).arg(folder.join("calls"));
    strace.args(["-e", &format!("trace={}", CALLS.map(|call| format!("?{call}")).join(","))]).args(inject);
    let program = std::env::current_exe().expect("a program has a path");
    strace.arg(program).env("TRAIL_CHILD", folder).stdin(Stdio::null());
    strace.output().expect("strace starts")
}

/// How often the child makes each call.
fn counted(folder: &Path) -> Vec<(&'static str, usize)> {
    let calls = std::fs::read_to_string(folder.join("calls")).expect("strace wrote them");
    let count = |call: &str| calls.lines().filter(|line| line.contains(&format!(" {call}("))).count();
    CALLS.iter().map(|call| (*call, count(call))).filter(|(_, count)| *count > 0).collect()
}

pub(crate) fn every_call() {
    let (whole, judged) = uninterrupted();
    let rows = starts(&whole);
    let torn = [&whole[..rows[40]], &whole[rows[40]..rows[40] + 100]].concat();
    let mut faults = 0;
    for (what, begun) in [("a new run", Vec::new()), ("a continued run with a torn row", torn)] {
        let folder = interrupted(&begun);
        assert!(traced(folder.path(), &[]).status.success(), "without a fault it passes");
        for (call, count) in counted(folder.path()) {
            for (fault, nth) in FAULTS.iter().flat_map(|fault| (1..=count).map(move |nth| (fault, nth))) {
                let folder = interrupted(&begun);
                let inject = ["-e".to_owned(), format!("inject=?{call}:{fault}:when={nth}")];
                let output = traced(folder.path(), &inject);
                faults += 1;
                let case = format!("{what}, {call} number {nth} with {fault}");
                let _ = std::fs::remove_file(folder.path().join("somebody runs"));
                let said = String::from_utf8_lossy(&output.stdout).into_owned();
                let acknowledged = said.lines().filter_map(|line| line.strip_prefix("acknowledged ")).next_back();
                let acknowledged: usize = acknowledged.and_then(|count| count.parse().ok()).unwrap_or(0);
                let left = if folder.path().join("trail.jsonl").exists() { trail(folder.path()) } else { Vec::new() };
                let whole_rows = starts(&left).len() - 1;
                assert!(
                    whole_rows > acknowledged || acknowledged == 0,
                    "{case}: {acknowledged} acknowledged, {whole_rows} left"
                );
                let length = left.iter().rposition(|byte| *byte == b'\n').map_or(0, |place| place + 1);
                assert!(whole.starts_with(&left[..length]), "{case}: other rows");
                let again = run(folder.path()).unwrap_or_else(|error| panic!("{case}: then {error}"));
                assert_eq!(again, judged, "{case}");
                assert!(trail(folder.path()) == whole, "{case}: the trail is another one");
            }
        }
    }
    assert!(faults > 150, "{faults}");
    println!("{faults} faults");
}

/// What a file system answers that has no locks.
pub(crate) fn no_locks() {
    for fault in ["ENOLCK", "ENOSYS", "EOPNOTSUPP"] {
        let folder = tempfile::tempdir().expect("a folder");
        let inject = ["-e".to_owned(), format!("inject=?flock:error={fault}")];
        let output = traced(folder.path(), &inject);
        assert!(output.status.success(), "{fault}: {}", String::from_utf8_lossy(&output.stderr));
        assert!(std::fs::read_to_string(folder.path().join("calls")).expect("calls").contains("flock("), "{fault}");
    }
}
