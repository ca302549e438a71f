//! One program that speaks the protocol.

use std::collections::{HashMap, HashSet};
use std::io::{BufRead, BufReader, Read};
use std::process::ChildStdout;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use super::child::{Running, Tail, lock, said};
use super::desk::Desk;
use super::launch::Launch;
use super::message::{Hello, LONGEST_LINE, Message, PROTOCOL, Question, line, read, shown};
use super::timer::Timer;
use super::trouble::Trouble;

/// How long a worker may keep quiet before its hello.
const HELLO: Duration = Duration::from_secs(10);

/// How long one that was told to give an evaluation up may take to say so.
const CANCEL: Duration = Duration::from_secs(2);

/// How long an answer is waited for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patience {
    /// Without any sign of life.
    pub(super) silence: Duration,
    /// In any case.
    pub(super) answer: Option<Duration>,
    /// What is said of one that kept quiet for so long.
    said: fn(Duration) -> String,
}

impl Patience {
    pub(super) fn new(silence: Duration, answer: Option<Duration>) -> Self {
        Self { silence, answer, said: quiet }
    }

    /// With one that was just started.
    fn first(silence: Duration) -> Self {
        Self { silence, answer: None, said: no_hello }
    }
}

/// What became of a question.
#[derive(Debug)]
pub(super) enum Reply {
    Message(Message),
    /// There was no answer in time.
    Late,
}

/// A running worker.
#[derive(Debug)]
pub(super) struct Process {
    running: Running,
    shared: Arc<Shared>,
    /// What it is started by, if not by itself.
    launched: Option<String>,
}

#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
    bell: Condvar,
}

#[derive(Debug)]
struct State {
    /// The number of the next question.
    next: u64,
    /// Questions without an answer that somebody has taken.
    open: HashMap<u64, Option<Message>>,
    /// Questions whose answer nobody waits for.
    given_up: HashSet<u64>,
    concurrency: usize,
    heard: Timer,
    /// When its standard output came to an end.
    silenced: Option<Timer>,
    /// A line that it had begun by then.
    torn: Option<String>,
    broken: Option<String>,
}

impl State {
    fn take(&mut self, message: Message) -> Result<(), String> {
        self.heard = Timer::start();
        let Some(id) = message.id() else {
            if let Message::Capacity { concurrency } = message {
                self.concurrency = concurrency.max(1);
            }
            return Ok(());
        };
        match self.open.get_mut(&id) {
            Some(answer @ None) => *answer = Some(message),
            None if self.given_up.remove(&id) => {}
            None if id >= self.next || id == 0 => {
                return Err(format!(
                    "answered question {id}, which nobody asked\nhelp: an answer has the `id` of its question"
                ));
            }
            _ => {
                return Err(format!(
                    "answered question {id} twice\nhelp: each question has one answer; a terminal in between (`ssh -tt`, \
                     `docker run -t`) says the questions as well"
                ));
            }
        }
        Ok(())
    }
}

impl Process {
    /// Starts a worker.
    ///
    /// # Errors
    /// If the command cannot be started, or the machine has no room for it.
    pub(super) fn start(launch: &Launch, desk: &Arc<Desk>) -> Result<Self, Trouble> {
        let launched = launch.launcher.first().cloned();
        let (running, stdout) = Running::start(launch, str::to_owned, desk)?;
        let state = State {
            next: 1,
            open: HashMap::new(),
            given_up: HashSet::new(),
            concurrency: 1,
            heard: Timer::start(),
            silenced: None,
            torn: None,
            broken: None,
        };
        let shared = Arc::new(Shared { state: Mutex::new(state), bell: Condvar::new() });
        let (to, tail) = (Arc::clone(&shared), running.tail());
        running.attended(move || listen(stdout, &to, &tail))?;
        Ok(Self { running, shared, launched })
    }

    /// Says hello, and waits for the answer; behind a launcher so long, because it may stand in a queue, or fetch an image.
    pub(super) fn greet(&self, silence: Duration, greeting: impl FnOnce(u64) -> String) -> Result<Hello, Trouble> {
        let patience = if self.launched.is_some() { silence.max(HELLO) } else { HELLO };
        self.hello(Patience::first(patience), greeting).map_err(|trouble| match (trouble, &self.launched) {
            (Trouble::Lost(why), Some(by)) => Trouble::Lost(why + &of_launcher(by)),
            (Trouble::Broken(why), Some(by)) => Trouble::Broken(why + &of_launcher(by)),
            (trouble, _) => trouble,
        })
    }

    fn hello(&self, patience: Patience, greeting: impl FnOnce(u64) -> String) -> Result<Hello, Trouble> {
        let id = self.send(greeting);
        let hello = match self.wait(id, patience)? {
            Reply::Message(Message::Hello { hello, .. }) => *hello,
            Reply::Message(Message::Error { error, .. }) => return Err(Trouble::Broken(format!("refused: {error}"))),
            Reply::Message(other) => {
                return Err(Trouble::Broken(format!("answered `hello` with `{}`, expected `hello`", other.kind())));
            }
            Reply::Late => return Err(Trouble::Lost("said no hello in time".to_owned())),
        };
        if hello.protocol != PROTOCOL {
            return Err(Trouble::Broken(format!(
                "speaks version {} of omega-worker, expected version {PROTOCOL}\nhelp: install a worker's library and a \
                 cargo-omega that belong together",
                hello.protocol
            )));
        }
        if hello.concurrency == 0 {
            return Err(Trouble::Broken("says `concurrency` = 0, expected at least 1".to_owned()));
        }
        lock(&self.shared.state).concurrency = hello.concurrency;
        Ok(hello)
    }

    /// Asks a question, whose line `build` makes for its number; the number.
    pub(super) fn send(&self, build: impl FnOnce(u64) -> String) -> u64 {
        self.ask(build).0
    }

    /// The same, and which piece of its input the question is.
    pub(super) fn ask(&self, build: impl FnOnce(u64) -> String) -> (u64, u64) {
        let id = self.reserve();
        (id, self.write(build(id)))
    }

    /// The number of a question that is about to be asked.
    pub(super) fn reserve(&self) -> u64 {
        let mut state = lock(&self.shared.state);
        let id = state.next;
        state.next += 1;
        state.open.insert(id, None);
        id
    }

    /// Waits for an answer no longer.
    pub(super) fn give_up(&self, id: u64) {
        lock(&self.shared.state).open.remove(&id);
    }

    /// Lets the next question have this number.
    pub(super) fn count_from(&self, id: u64) {
        lock(&self.shared.state).next = id;
    }

    /// Writes a line that has no answer; which piece of its input it is.
    pub(super) fn write(&self, mut line: String) -> u64 {
        line.push('\n');
        self.running.write(line.into_bytes())
    }

    /// Waits for the answer to a question.
    ///
    /// # Errors
    /// If there will be none: the worker is gone, keeps quiet or does not keep to the protocol.
    pub(super) fn wait(&self, id: u64, patience: Patience) -> Result<Reply, Trouble> {
        let asked = Timer::start();
        let mut state = lock(&self.shared.state);
        loop {
            if let Some(message) = state.open.get_mut(&id).and_then(Option::take) {
                state.open.remove(&id);
                return Ok(Reply::Message(message));
            }
            if let Some(why) = &state.broken {
                return Err(Trouble::Broken(self.running.with_tail(why)));
            }
            if patience.answer.is_some_and(|time| asked.elapsed() >= time) {
                state.open.remove(&id);
                state.given_up.insert(id);
                return Ok(Reply::Late);
            }
            if self.running.given_up() {
                return Err(Trouble::Lost("was interrupted".to_owned()));
            }
            if let Some(status) = self.running.ended(state.silenced.is_some()) {
                let torn = state.torn.as_ref().map(|begun| format!(" in the middle of the line {begun}"));
                return Err(Trouble::Lost(self.running.with_tail(&(said(status) + &torn.unwrap_or_default()))));
            }
            if state.silenced.is_some_and(|since| since.elapsed() > Duration::from_secs(1)) {
                let sentence = "closed its standard output and went on";
                return Err(Trouble::Lost(self.running.with_tail(sentence)));
            }
            if state.heard.max(asked).elapsed() >= patience.silence {
                return Err(Trouble::Lost(self.running.with_tail(&(patience.said)(patience.silence))));
            }
            let rest =
                patience.answer.unwrap_or(patience.silence).min(patience.silence).saturating_sub(asked.elapsed());
            let most = if state.silenced.is_some() { 5 } else { 100 };
            let nap = rest.clamp(Duration::from_millis(1), Duration::from_millis(most));
            state = self.shared.bell.wait_timeout(state, nap).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Tells it to give a question up; whether it can be asked others at once.
    pub(super) fn cancel(&self, of: u64) -> bool {
        let id = self.reserve();
        self.give_up(id);
        self.write(line(&Question::Cancel { id, of }));
        let waited = Timer::start();
        let mut state = lock(&self.shared.state);
        while state.given_up.contains(&of) && state.silenced.is_none() && waited.elapsed() < CANCEL {
            let nap = Duration::from_millis(20);
            state = self.shared.bell.wait_timeout(state, nap).unwrap_or_else(PoisonError::into_inner).0;
        }
        !state.given_up.contains(&of)
    }

    /// How many questions it can be asked at once.
    pub(super) fn concurrency(&self) -> usize {
        lock(&self.shared.state).concurrency
    }

    /// The program itself.
    pub(super) fn running(&self) -> &Running {
        &self.running
    }
}

/// What a launcher has to do with a worker that says no hello.
fn of_launcher(program: &str) -> String {
    format!(
        "\nhelp: it is started by `{}`, which has to hand standard input on (`docker run -i`, `kubectl exec -i`), to make no \
         terminal (no `-t`, no `ssh -tt`) and to say nothing itself on standard output, as a login does that greets; \
         `silence_timeout` says how long a hello may take behind it",
        program.escape_debug()
    )
}

fn no_hello(silence: Duration) -> String {
    format!(
        "said no hello within {} s\nhelp: a worker reads a line, answers it and flushes its output; one that takes long to \
         start says so by `progress`",
        silence.as_secs()
    )
}

fn quiet(silence: Duration) -> String {
    format!(
        "said nothing for {} s (`silence_timeout`)\nhelp: one whose evaluations take longer says by `heartbeat` or `progress` \
         that it is alive",
        silence.as_secs_f64()
    )
}

/// Reads what a worker says until it says no more.
fn listen(stdout: ChildStdout, shared: &Shared, tail: &Mutex<Tail>) {
    let mut stdout = BufReader::with_capacity(1 << 16, stdout);
    let (mut text, mut torn) = (Vec::new(), None);
    let broken = loop {
        text.clear();
        match stdout.by_ref().take(LONGEST_LINE as u64 + 1).read_until(b'\n', &mut text) {
            Ok(0) | Err(_) => break None,
            Ok(_) if text.len() > LONGEST_LINE => {
                break Some(
                    "sent a line of more than 16 MiB\nhelp: what is large is an attachment: a file, and its path"
                        .to_owned(),
                );
            }
            Ok(_) => {}
        }
        let bytes = text.trim_ascii();
        if bytes.is_empty() {
            continue;
        }
        let taken = match read(bytes) {
            Ok(Message::Log { level, text }) => {
                lock(tail).note(format!("{level} {text}").trim());
                lock(&shared.state).heard = Timer::start();
                Ok(())
            }
            Ok(message) => lock(&shared.state).take(message),
            // One that is killed while it writes has not spoken against the protocol.
            Err(_) if !text.ends_with(b"\n") => {
                torn = Some(shown(bytes));
                break None;
            }
            Err(why) => Err(format!("sent {why}")),
        };
        if let Err(why) = taken {
            break Some(why);
        }
        shared.bell.notify_all();
    };
    let mut state = lock(&shared.state);
    state.silenced = Some(Timer::start());
    state.torn = torn;
    state.broken = broken;
    shared.bell.notify_all();
}
