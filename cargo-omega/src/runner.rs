//! Starts processes, runs one `cargo test` to its end and keeps the little of its output that may be needed.
//!
//! The child's stderr is ours, so cargo's progress and the harness' messages appear at once. Its stdout is read all
//! the time, or the child would block on a full pipe.

use std::collections::VecDeque;
use std::ffi::OsStr;
use std::io::{self, BufRead, BufReader, Read};
use std::process::{Command, ExitStatus, Output, Stdio};
use std::time::{Duration, Instant};

/// Longer lines are handled in pieces, so that memory stays bounded whatever a target prints.
const LINE_LIMIT: u64 = 64 * 1024;
/// Lines kept for the case that the harness leaves no results.
const TAIL_LINES: usize = 20;
/// Bytes kept of each of them.
const TAIL_WIDTH: usize = 400;

/// A process that is not started yet.
#[expect(clippy::disallowed_methods, reason = "the one place of the subcommand that starts processes")]
pub(crate) fn command(program: &OsStr) -> Command {
    Command::new(program)
}

/// Runs `command`, which is not told anything, and keeps all that it says.
pub(crate) fn output(command: &mut Command) -> io::Result<Output> {
    command.stdin(Stdio::null()).output()
}

/// How one `cargo test` ended.
#[derive(Debug)]
pub(crate) struct Finished {
    pub(crate) status: ExitStatus,
    /// Whether the harness was built and so had its chance.
    pub(crate) built: bool,
    /// From the end of the build to the end.
    pub(crate) seconds: f64,
    /// The last lines of the harness' stdout.
    pub(crate) tail: Vec<String>,
}

/// Runs `command` and gives each piece of the harness' own stdout to `output`.
pub(crate) fn run(command: &mut Command, mut output: impl FnMut(&[u8])) -> io::Result<Finished> {
    let mut started = now();
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
    let mut built = false;
    let mut tail = VecDeque::new();
    if let Some(stdout) = child.stdout.take() {
        let mut stdout = BufReader::new(stdout);
        let mut line = Vec::new();
        loop {
            line.clear();
            if stdout.by_ref().take(LINE_LIMIT).read_until(b'\n', &mut line)? == 0 {
                break;
            }
            if built {
                output(&line);
            } else if let Some(success) = build_finished(&line) {
                built = success;
                started = now();
                continue;
            } else if line.starts_with(b"{\"reason\":") {
                continue;
            }
            if tail.len() == TAIL_LINES {
                tail.pop_front();
            }
            let kept = &line[..line.len().min(TAIL_WIDTH)];
            tail.push_back(String::from_utf8_lossy(kept).trim_end().to_owned());
        }
    }
    let status = child.wait()?;
    let seconds = if built { started.elapsed() } else { Duration::ZERO }.as_secs_f64();
    Ok(Finished { status, built, seconds, tail: tail.into() })
}

#[expect(clippy::disallowed_methods, reason = "how long the tests took is shown and never judged")]
fn now() -> Instant {
    Instant::now()
}

/// Whether this is cargo's message that the build is over, and how it went.
fn build_finished(line: &[u8]) -> Option<bool> {
    let message: serde_json::Value = serde_json::from_slice(line).ok()?;
    (message.get("reason")?.as_str()? == "build-finished").then(|| message.get("success")?.as_bool())?
}

#[cfg(test)]
mod tests {
    use super::build_finished;

    #[test]
    fn only_cargos_last_word_on_a_build_ends_it() {
        assert_eq!(build_finished(b"{\"reason\":\"build-finished\",\"success\":true}\n"), Some(true));
        assert_eq!(build_finished(b"{\"reason\":\"build-finished\",\"success\":false}\n"), Some(false));
        assert_eq!(build_finished(b"{\"reason\":\"compiler-artifact\",\"success\":true}\n"), None);
        assert_eq!(build_finished(b"running 1 test\n"), None);
    }
}
