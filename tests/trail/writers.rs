//! Many processes, and a disk that is full.

use std::process::{Command, Stdio};

use crate::calibration::{interrupted, run, starts, trail, uninterrupted};
use crate::child::{command, start};

pub(crate) fn one_at_a_time() {
    let (whole, judged) = uninterrupted();
    let folder = interrupted(b"");
    // Each fails if it finds another one running.
    let children: Vec<_> = (0..8).map(|_| start(command(folder.path(), "20"))).collect();
    for child in children {
        let output = child.wait_with_output().expect("it ends");
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(said.lines().last(), Some(judged.result.verdict.to_string().as_str()));
    }
    assert_eq!(trail(folder.path()), whole);
}

/// A limit on the size of files takes the place of a disk that is full: the write that would pass it fails.
pub(crate) fn full_disk() {
    if !cfg!(unix) {
        return;
    }
    let (whole, judged) = uninterrupted();
    let folder = interrupted(b"");
    let child = command(folder.path(), "0");
    let mut limited = Command::new("sh");
    // The unit is 512 bytes; the signal that comes with the failure is ignored.
    limited.args(["-c", "trap '' XFSZ; ulimit -f 40; exec \"$0\""]).arg(child.get_program());
    limited.envs(child.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let output = limited.stdin(Stdio::null()).output().expect("a shell");
    assert_eq!(output.status.code(), Some(5), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("trail.jsonl` could not be written"), "{said}");
    let left = trail(folder.path());
    let acknowledged = String::from_utf8_lossy(&output.stdout);
    let acknowledged = acknowledged.lines().filter_map(|line| line.strip_prefix("acknowledged ")).next_back();
    let acknowledged: usize = acknowledged.and_then(|count| count.parse().ok()).unwrap_or(0);
    assert!(left.len() <= 40 * 1024 && starts(&left).len() > acknowledged, "{} bytes", left.len());
    let _ = std::fs::remove_file(folder.path().join("somebody runs"));
    // With room again, the run goes on.
    assert_eq!(run(folder.path()).expect("it resumes"), judged);
    assert_eq!(trail(folder.path()), whole);
}
