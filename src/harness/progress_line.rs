//! What somebody who waits learns of a run of this process: a file beside its trail, and lines in a log.
//!
//! A thread looks at the run once a second. The run itself only counts: no event reads a clock, writes or waits for a
//! terminal. Nothing of it goes into an artifact. `cargo omega` reads the file and draws the lines of a terminal.

use std::io::Write;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use camino::{Utf8Path, Utf8PathBuf};

use super::programs::RunningPrograms;
use super::stopwatch::Stopwatch;
use super::tally::Tally;
use crate::artifacts::{UnderWay, WorkerTimings, remove, write_json};
use crate::progress::{Event, Observer};
use crate::report::under_way_line;

/// Who shows progress.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Progress {
    /// Nobody.
    Off,
    /// This process, with a line now and then, as a log wants it.
    Lines,
    /// The `cargo omega` that waits for the results, from the file.
    Asker,
}

/// When the thread looks for the first time, and how long it waits before it looks again.
const FIRST_LOOK: Duration = Duration::from_millis(250);
const PAUSE: Duration = Duration::from_secs(1);
/// A step that takes longer is named in a log.
const LONG_STEP: Duration = Duration::from_secs(2);
/// When a run says for the first time how far it is, and after how much time it says so again: often enough that no CI
/// service takes it for hanging.
const FIRST_LINE: Duration = Duration::from_secs(10);
const NEXT_LINE: Duration = Duration::from_secs(60);

/// A run that is looked at as long as this is there.
pub(super) struct ProgressLine {
    shared: Arc<Shared>,
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    watch: Stopwatch,
    tally: Mutex<Tally>,
    programs: Mutex<RunningPrograms>,
}

impl Shared {
    fn tally(&self) -> MutexGuard<'_, Tally> {
        self.tally.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn workers(&self) -> Option<WorkerTimings> {
        self.programs.lock().unwrap_or_else(PoisonError::into_inner).tally()
    }
}

impl ProgressLine {
    /// Begins to look at a run in this folder.
    pub(super) fn begin(run: UnderWay, folder: &Utf8Path, progress: Progress) -> Self {
        let tally = Mutex::new(Tally::new(run));
        let shared = Arc::new(Shared { watch: Stopwatch::start(), tally, programs: Mutex::default() });
        let (stop, stopped) = channel();
        let mut look = Look {
            shared: Arc::clone(&shared),
            file: folder.join(UnderWay::FILE),
            lines: progress == Progress::Lines,
            written: None,
            named: None,
            next_line: FIRST_LINE,
        };
        let thread = std::thread::spawn(move || look.work(&stopped));
        Self { shared, stop: Some(stop), thread: Some(thread) }
    }

    /// From now on the run does this, until an evaluation has ended.
    pub(super) fn step(&self, step: impl Into<String>) {
        let now = self.shared.watch.read();
        self.shared.tally().step(step.into(), now);
    }

    /// How many evaluations are planned, and how many of them an interrupted part of the run has left.
    pub(super) fn plan(&self, planned: Option<u64>, found: u64) {
        self.shared.tally().plan(planned, found);
    }

    /// These programs answer.
    pub(super) fn programs(&self, programs: RunningPrograms) {
        *self.shared.programs.lock().unwrap_or_else(PoisonError::into_inner) = programs;
    }

    /// Counts the events of the run and hands them on.
    pub(super) fn counting<'r>(&'r self, inner: &'r mut dyn Observer) -> Counting<'r> {
        Counting { shared: &self.shared, inner }
    }
}

/// The file is gone when the run has ended.
impl Drop for ProgressLine {
    fn drop(&mut self) {
        self.stop = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Counts the events of a run and hands them on.
pub(super) struct Counting<'r> {
    shared: &'r Shared,
    inner: &'r mut dyn Observer,
}

impl Observer for Counting<'_> {
    fn observe(&mut self, event: Event<'_>) {
        self.inner.observe(event);
        self.shared.tally().count(event, &self.shared.watch);
    }
}

/// What the thread holds.
struct Look {
    shared: Arc<Shared>,
    file: Utf8PathBuf,
    lines: bool,
    /// What was written last, as far as it tells whether there is anything new.
    written: Option<(u64, Option<WorkerTimings>)>,
    /// When the step began that was named last.
    named: Option<Duration>,
    next_line: Duration,
}

impl Look {
    fn work(&mut self, stopped: &Receiver<()>) {
        let mut pause = FIRST_LOOK;
        while let Err(RecvTimeoutError::Timeout) = stopped.recv_timeout(pause) {
            pause = PAUSE;
            let line = self.look(self.shared.watch.read());
            if let Some(line) = line.filter(|_| self.lines) {
                // Nobody may be listening, which is no reason to end a run.
                let _ = writeln!(std::io::stderr(), "{line}");
            }
        }
        // Neither what cannot be written nor what cannot be removed is a reason to end a run: it decides nothing.
        let _ = remove(&self.file);
    }

    /// Writes the file if there is anything new, and gives a line if it is time for one.
    fn look(&mut self, now: Duration) -> Option<String> {
        let workers = self.shared.workers();
        let tally = self.shared.tally();
        let (version, step) = (tally.version(), tally.doing().map(|(_, since)| since));
        let run = UnderWay { workers, ..tally.taken(now) };
        drop(tally);
        if self.written != Some((version, workers)) && write_json(&run, &self.file).is_ok() {
            self.written = Some((version, workers));
        }
        let long = step.filter(|since| now > *since + LONG_STEP && self.named != Some(*since));
        self.named = long.or(self.named);
        let due = now >= self.next_line;
        if due {
            self.next_line = now + NEXT_LINE;
        }
        (due || long.is_some()).then(|| under_way_line(&run))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::artifacts::read_json;
    use crate::objective::{Context, Phase, Role};

    #[test]
    fn a_log_hears_of_a_step_that_takes_long_then_after_ten_seconds_and_then_every_minute_and_the_file_goes() {
        let folder = tempfile::tempdir().unwrap();
        let folder = Utf8Path::from_path(folder.path()).unwrap();
        let line = ProgressLine::begin(UnderWay::of("bowl", 7, String::new()), folder, Progress::Off);
        let shared = Arc::clone(&line.shared);
        let file = folder.join(UnderWay::FILE);
        let (written, named, next_line) = (None, None, FIRST_LINE);
        let mut look = Look { shared, file: file.clone(), lines: true, written, named, next_line };
        let mut at = |seconds| look.look(Duration::from_secs(seconds));
        line.step("making the targets");
        assert_eq!(at(1), None);
        assert_eq!(at(3).as_deref(), Some("bowl: making the targets"));
        assert_eq!(at(4), None);
        let context = Context::new(Role::Train, Phase::Search);
        line.shared.tally().count(Event::PhaseStarted { context, expected: Some(9) }, &line.shared.watch);
        let lines: Vec<u64> = (5..140).filter(|second| at(*second).is_some()).collect();
        assert_eq!(lines, [10, 70, 130]);
        let written: UnderWay = read_json(&file).unwrap();
        assert_eq!((written.calibration.as_str(), written.process, written.phases.len()), ("bowl", 7, 1));
        drop(line);
        assert!(!file.is_file());
    }
}
