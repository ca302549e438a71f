//! Starts processes, runs one `cargo test` to its end and keeps the little of its output that may be needed.
//!
//! The child's stderr is ours, or passed on at once, so cargo's progress and the harness' messages appear when they are said. Its stdout is read all
//! the time, or the child would block on a full pipe.

use std::collections::VecDeque;
use std::ffi::OsStr;
use std::io::{self, BufRead, BufReader, Read};
use std::process::{Child, ChildStdout, Command, ExitStatus, Output, Stdio};
use std::sync::mpsc::{RecvTimeoutError, SyncSender, sync_channel};
use std::time::{Duration, Instant};

use crate::disk::FreshFolder;
use crate::interrupt;
use crate::progress::Screen;

/// Longer lines are handled in pieces, so that memory stays bounded whatever a target prints.
const LINE_LIMIT: u64 = 64 * 1024;
/// Lines kept for the case that the harness leaves no results.
const TAIL_LINES: usize = 20;
/// Bytes kept of each of them.
const TAIL_WIDTH: usize = 400;
/// Pieces that wait to be handled before the child has to.
const PIECES: usize = 64;
/// How often it is looked whether the child has ended.
const TICK: Duration = Duration::from_millis(50);
/// How long the pipe of a child that has ended is read on.
const GRACE: Duration = Duration::from_secs(1);

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
    /// Whether some process still holds its stdout.
    pub(crate) left_behind: bool,
}

/// Something that whoever runs a harness may want to show.
pub(crate) enum Seen<'p> {
    /// A piece of the harness' own stdout.
    Output(&'p [u8]),
    /// Time goes by.
    Tick(Instant),
}

/// Runs `command`, whose harnesses answer in `folder`, and tells `seen` what goes on. One that nobody has to build is
/// `built`. Where there is a `screen`, the child's stderr comes through it.
///
/// The end of the process is the end, not that of its pipe: a server or a simulator that the target started and left
/// behind holds the pipe for as long as it likes.
pub(crate) fn run(
    command: &mut Command,
    folder: &FreshFolder,
    mut built: bool,
    screen: Option<&Screen>,
    mut seen: impl FnMut(Seen<'_>),
) -> io::Result<Finished> {
    let mut started = now();
    command.stderr(if screen.is_some() { Stdio::piped() } else { Stdio::inherit() });
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
    let said = screen.zip(child.stderr.take()).map(|(screen, stderr)| screen.pass_on(stderr));
    let (sender, pieces) = sync_channel(PIECES);
    if let Some(stdout) = child.stdout.take() {
        // Not joined: it ends with the pipe, or with this program.
        std::thread::spawn(move || pass_on(stdout, &sender));
    }
    let mut tail = VecDeque::new();
    let mut end = End { looked: started, seen: None, told: false };
    let left_behind = loop {
        let line: Vec<u8> = match pieces.recv_timeout(TICK) {
            Err(RecvTimeoutError::Disconnected) => break false,
            Err(RecvTimeoutError::Timeout) => Vec::new(),
            Ok(piece) => piece?,
        };
        if end.is_over(&mut child, folder, built)? {
            break true;
        }
        seen(Seen::Tick(now()));
        if line.is_empty() {
            continue;
        }
        if built {
            seen(Seen::Output(&line));
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
    };
    let status = child.wait()?;
    // What the child said last is shown before what is made of it.
    let _ = said.map(|said| said.recv_timeout(GRACE));
    let seconds = if built { started.elapsed() } else { Duration::ZERO }.as_secs_f64();
    Ok(Finished { status, built, seconds, tail: tail.into(), left_behind })
}

/// Sends what comes out of a pipe, line by line, until it is closed or nobody listens.
fn pass_on(stdout: ChildStdout, sender: &SyncSender<io::Result<Vec<u8>>>) {
    let mut stdout = BufReader::new(stdout);
    loop {
        let mut line = Vec::new();
        let piece = match stdout.by_ref().take(LINE_LIMIT).read_until(b'\n', &mut line) {
            Ok(0) => return,
            read => read.map(|_| line),
        };
        let failed = piece.is_err();
        if sender.send(piece).is_err() || failed {
            return;
        }
    }
}

/// What is known of the end of a child whose pipe is still open.
struct End {
    /// When it was looked last.
    looked: Instant,
    /// When it was seen to have ended.
    seen: Option<Instant>,
    /// Whether it was told to end.
    told: bool,
}

impl End {
    /// Whether the child has ended and nothing of its harness is to be waited for.
    fn is_over(&mut self, child: &mut Child, folder: &FreshFolder, built: bool) -> io::Result<bool> {
        if self.looked.elapsed() < TICK {
            return Ok(false);
        }
        self.looked = now();
        if interrupt::asked() && !built && !self.told {
            // Harnesses stop by themselves; a build is cargo's.
            terminate(child);
            self.told = true;
        }
        let Some(status) = child.try_wait()? else { return Ok(false) };
        // Cargo waits for its harness, unless a signal has ended it.
        if status.code().is_none() && folder.at_work() {
            return Ok(false);
        }
        Ok(self.seen.get_or_insert_with(now).elapsed() > GRACE)
    }
}

#[cfg(unix)]
fn terminate(child: &mut Child) {
    let pid = i32::try_from(child.id()).ok().and_then(rustix::process::Pid::from_raw);
    // One that has ended meanwhile is none the worse.
    let _ = pid.map(|pid| rustix::process::kill_process(pid, rustix::process::Signal::TERM));
}

#[cfg(not(unix))]
fn terminate(child: &mut Child) {
    let _ = child.kill();
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
