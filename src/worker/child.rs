//! A started program, what it says on standard error, and its end, with everything that it started.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdout, ExitStatus};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use super::desk::Desk;
use super::guard;
use super::launch::Launch;
use super::timer::Timer;
use super::trouble::{self, Trouble};

/// How long a program may go on once its standard input is closed, and then once it was asked to end.
const GRACE: [Duration; 2] = [Duration::from_secs(10), Duration::from_secs(5)];

/// Signals that a program gives itself by its own fault; any other one came from outside.
const OWN_FAULTS: [i32; 6] = [4, 5, 6, 7, 8, 11];

/// What docker, env, srun and ssh end with if they could not start or reach the program.
const OF_LAUNCHERS: [i32; 4] = [125, 126, 127, 255];

/// Lines of standard error that are kept, and bytes of each.
const KEPT: usize = 20;
const KEPT_BYTES: usize = 2000;

/// A program that runs until it ends by itself or is ended; dropped, it has ended.
#[derive(Debug)]
pub(super) struct Running {
    child: Mutex<Child>,
    /// Its standard input, behind a thread: one that does not read keeps nobody waiting.
    input: Mutex<Option<Sender<Vec<u8>>>>,
    /// How many pieces were handed to its input, and what became of them.
    handed: AtomicU64,
    sent: Arc<Sent>,
    tail: Arc<Mutex<Tail>>,
    desk: Arc<Desk>,
    number: u64,
    /// Whether what it leaves behind is given time, once: a launcher has started it.
    patient: AtomicBool,
    /// When it was first seen to have ended.
    gone: Mutex<Option<Timer>>,
}

/// What went out to standard input.
#[derive(Debug, Default)]
struct Sent {
    pieces: AtomicU64,
    /// Nothing further will.
    over: AtomicBool,
}

/// The last lines of standard error, and when anything was heard last.
#[derive(Debug)]
pub(super) struct Tail {
    lines: VecDeque<String>,
    ended: bool,
    heard: Timer,
    /// Where every line goes, with the number of the process.
    desk: Arc<Desk>,
    number: u64,
}

impl Tail {
    /// Keeps one more line.
    pub(super) fn note(&mut self, line: &str) {
        if self.lines.len() == KEPT {
            self.lines.pop_front();
        }
        self.desk.note(self.number, line);
        let end = line.char_indices().map(|(at, _)| at).find(|at| *at >= KEPT_BYTES).unwrap_or(line.len());
        self.lines.push_back(line[..end].to_owned());
        self.hear();
    }

    /// It is alive.
    pub(super) fn hear(&mut self) {
        self.heard = Timer::start();
    }
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Running {
    /// Starts a program; its standard output is the caller's.
    pub(super) fn start(
        launch: &Launch,
        argument: impl Fn(&str) -> String,
        desk: &Arc<Desk>,
    ) -> Result<(Self, ChildStdout), Trouble> {
        let mut child = launch.start(argument)?;
        guard::began(child.id());
        let (desk, number) = (Arc::clone(desk), desk.number());
        let (Some(mut stdin), Some(stdout), Some(stderr)) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take())
        else {
            return Err(Trouble::Broken("was started without its three streams".to_owned()));
        };
        let (input, lines) = channel::<Vec<u8>>();
        let tail =
            Tail { lines: VecDeque::new(), ended: false, heard: Timer::start(), desk: Arc::clone(&desk), number };
        let tail = Arc::new(Mutex::new(tail));
        let kept = Arc::clone(&tail);
        let (child, input, gone) = (Mutex::new(child), Mutex::new(Some(input)), Mutex::new(None));
        // From here on it ends with this, whatever goes wrong.
        let sent = Arc::<Sent>::default();
        let went_out = Arc::clone(&sent);
        let (handed, patient) = (AtomicU64::new(0), AtomicBool::new(!launch.launcher.is_empty()));
        let running = Self { child, input, handed, sent, tail, desk, number, patient, gone };
        running.attended(move || {
            while let Ok(line) = lines.recv() {
                // One that reads no more is about to end, and how it ended says more.
                if stdin.write_all(&line).and_then(|()| stdin.flush()).is_err() {
                    break;
                }
                went_out.pieces.fetch_add(1, Ordering::SeqCst);
            }
            went_out.over.store(true, Ordering::SeqCst);
        })?;
        running.attended(move || {
            let mut stderr = BufReader::new(stderr);
            let mut line = Vec::new();
            while matches!(stderr.by_ref().take(1 << 20).read_until(b'\n', &mut line), Ok(1..)) {
                lock(&kept).note(String::from_utf8_lossy(&line).trim_end());
                line.clear();
            }
            lock(&kept).ended = true;
        })?;
        Ok((running, stdout))
    }

    /// Starts a thread that reads or writes one of its streams; without it the program is of no use, and is ended.
    pub(super) fn attended(&self, body: impl FnOnce() + Send + 'static) -> Result<(), Trouble> {
        trouble::thread(body).map(drop).inspect_err(|trouble| {
            if let Some(why) = trouble.of_the_process() {
                self.lost(why);
            }
            self.kill();
        })
    }

    /// Hands bytes to its standard input; which piece they are, from 1 on.
    pub(super) fn write(&self, bytes: Vec<u8>) -> u64 {
        let input = lock(&self.input);
        let piece = self.handed.fetch_add(1, Ordering::SeqCst) + 1;
        if let Some(input) = &*input {
            // The thread behind it is gone if the program reads no more; its end is noticed elsewhere.
            drop(input.send(bytes));
        }
        piece
    }

    /// Whether this piece never reached it, and never will.
    pub(super) fn kept_back(&self, piece: u64) -> bool {
        self.sent.over.load(Ordering::SeqCst) && self.sent.pieces.load(Ordering::SeqCst) < piece
    }

    /// Closes its standard input, once everything is written.
    pub(super) fn close(&self) {
        *lock(&self.input) = None;
    }

    /// Whether what it is asked is given up.
    pub(super) fn given_up(&self) -> bool {
        self.desk.gave_up()
    }

    /// It was needed, and is no more.
    pub(super) fn lost(&self, why: &str) {
        self.desk.lost(self.number, why);
    }

    /// Where the last lines of standard error are kept, for those who have more to put there.
    pub(super) fn tail(&self) -> Arc<Mutex<Tail>> {
        Arc::clone(&self.tail)
    }

    /// For how long nothing was heard.
    pub(super) fn silent(&self) -> Duration {
        lock(&self.tail).heard.elapsed()
    }

    /// How it ended, if it did.
    pub(super) fn status(&self) -> Option<ExitStatus> {
        lock(&self.child).try_wait().ok().flatten()
    }

    /// Whether it was ended from outside.
    pub(super) fn killed(&self) -> bool {
        self.status().is_some_and(|status| from_outside(status, false))
    }

    /// How it ended, once what it said had the time to arrive: its last lines, and its output, of which `all_read` tells.
    /// Something that it left behind may hold both open.
    pub(super) fn ended(&self, all_read: bool) -> Option<ExitStatus> {
        let status = self.status()?;
        let gone = *lock(&self.gone).get_or_insert_with(Timer::start);
        (all_read && lock(&self.tail).ended || gone.elapsed() > Duration::from_millis(300)).then_some(status)
    }

    /// A sentence, the last lines on standard error, and below them what helps.
    pub(super) fn with_tail(&self, said: &str) -> String {
        let (sentence, help) = said.split_at(said.find("\nhelp: ").unwrap_or(said.len()));
        let lines: Vec<String> = lock(&self.tail).lines.iter().map(|line| format!("\n  {line}")).collect();
        match lines.len() {
            0 => said.to_owned(),
            _ => format!("{sentence}; its last lines on standard error:{}{help}", lines.concat()),
        }
    }

    /// The last line on standard error.
    pub(super) fn last_line(&self) -> Option<String> {
        lock(&self.tail).lines.back().cloned()
    }

    /// Lets it end: closes its input, then asks, then forces it, and whatever it has left behind.
    pub(super) fn end(&self) {
        self.close();
        if self.lasts(GRACE[0]) {
            self.force();
        } else {
            self.bury();
        }
    }

    /// Ends what one that is gone has left behind.
    fn bury(&self) {
        if self.killed() && self.patient.load(Ordering::SeqCst) {
            self.force();
        } else {
            self.signal(Signal::Kill);
        }
    }

    /// Ends what nobody waits for any more: asks, then forces. A launcher may be gone and have left somebody who ends what it has
    /// started elsewhere, as srun does: so the whole group has the time.
    pub(super) fn force(&self) {
        self.close();
        self.signal(Signal::Term);
        let asked = Timer::start();
        if !self.lasts(GRACE[1]) && self.patient.swap(false, Ordering::SeqCst) {
            while self.leaves() && asked.elapsed() < GRACE[1] {
                thread::sleep(Duration::from_millis(5));
            }
        }
        self.kill();
    }

    /// Ends it without asking.
    pub(super) fn kill(&self) {
        self.close();
        self.signal(Signal::Kill);
        self.lasts(GRACE[1]);
    }

    /// Whether it is still there after this time.
    pub(super) fn lasts(&self, time: Duration) -> bool {
        let timer = Timer::start();
        let mut nap = Duration::from_millis(1);
        while self.status().is_none() {
            if timer.elapsed() >= time {
                return true;
            }
            thread::sleep(nap);
            nap = (nap * 2).min(Duration::from_millis(20));
        }
        false
    }

    /// The number of its process, and of the group that everything it starts belongs to.
    pub(super) fn id(&self) -> u32 {
        lock(&self.child).id()
    }

    /// To it and everything in its group.
    fn signal(&self, signal: Signal) {
        if cfg!(unix) {
            send(self.id(), signal);
        } else {
            drop(lock(&self.child).kill());
        }
    }

    /// Whether anything of its group is still there.
    pub(super) fn leaves(&self) -> bool {
        is_there(self.id())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if self.status().is_none() {
            self.end();
        } else {
            self.bury();
        }
        guard::ended(self.id());
    }
}

/// What a group of processes is told.
#[derive(Clone, Copy)]
pub(super) enum Signal {
    Term,
    Kill,
}

/// Tells every process of a group; one that is gone is no failure.
#[cfg(unix)]
pub(super) fn send(group: u32, signal: Signal) {
    use nix::sys::signal::{Signal as Unix, killpg};
    let signal = match signal {
        Signal::Term => Unix::SIGTERM,
        Signal::Kill => Unix::SIGKILL,
    };
    if let Some(group) = named(group) {
        let _ = killpg(group, signal);
    }
}

/// Whether any process of a group is there.
#[cfg(unix)]
pub(super) fn is_there(group: u32) -> bool {
    named(group).is_some_and(|group| nix::sys::signal::killpg(group, None).is_ok())
}

/// The number of a group that somebody made; 0 is one's own, and 1 would be taken for everybody.
#[cfg(unix)]
fn named(group: u32) -> Option<nix::unistd::Pid> {
    i32::try_from(group).ok().filter(|group| *group > 1).map(nix::unistd::Pid::from_raw)
}

#[cfg(not(unix))]
pub(super) fn send(_: u32, _: Signal) {}

#[cfg(not(unix))]
pub(super) fn is_there(_: u32) -> bool {
    false
}

/// How a program ended.
pub(super) fn said(status: ExitStatus) -> String {
    match signal_of(status) {
        Some(9) => "was killed by signal 9 (out of memory?)".to_owned(),
        Some(signal) => format!("was killed by signal {signal}{}", name(signal)),
        None => match status.code() {
            Some(code) => format!("ended with exit status {code}{}", hint(code)),
            None => "ended".to_owned(),
        },
    }
}

/// What shells, containers and launchers mean by an exit status that is not the program's own.
fn hint(code: i32) -> String {
    match code {
        255 => " (the other machine could not be reached, if ssh says so)".to_owned(),
        126 => " (found and not executable, if a shell or a launcher says so)".to_owned(),
        127 => " (command not found, if a shell or a launcher says so)".to_owned(),
        137 => " (128 + 9, killed: out of memory?)".to_owned(),
        129..=159 => format!(" (128 + {}: killed by that signal{})", code - 128, name(code - 128)),
        _ => String::new(),
    }
}

fn name(signal: i32) -> &'static str {
    match signal {
        4 => " (illegal instruction)",
        6 => " (abort)",
        8 => " (arithmetic error)",
        11 => " (segmentation fault)",
        15 => " (asked to end)",
        _ => "",
    }
}

/// Whether what ended it came from outside: a signal, or an exit status by which a shell, a container or a launcher tells of
/// one; behind a launcher also those by which it says that it could not start or reach the program.
pub(super) fn from_outside(status: ExitStatus, launched: bool) -> bool {
    let told = |code: i32| (129..=159).contains(&code).then_some(code - 128);
    let code = status.code();
    signal_of(status).or(code.and_then(told)).is_some_and(|signal| !OWN_FAULTS.contains(&signal))
        || launched && code.is_some_and(|code| OF_LAUNCHERS.contains(&code))
}

/// The signal that killed it.
#[cfg(unix)]
pub(super) fn signal_of(status: ExitStatus) -> Option<i32> {
    std::os::unix::process::ExitStatusExt::signal(&status)
}

#[cfg(not(unix))]
pub(super) fn signal_of(_: ExitStatus) -> Option<i32> {
    None
}
