//! What somebody who waits for harnesses sees: a live line for each run on a terminal, a line now and then in a log.
//!
//! The runs say how far they are in files. What is drawn here ticks, however long an evaluation takes, and never stands in
//! the way of what cargo, a harness or a target prints: on a terminal that comes through here as well.

use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use camino::Utf8PathBuf;
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use omega_lock::internals::artifacts::UnderWay;
use omega_lock::internals::report::under_way_line;

use crate::under_way::asked_for_in;

/// How progress is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shown {
    /// Not at all.
    Off,
    /// A line now and then.
    Lines,
    /// Lines at the bottom of a terminal, drawn again and again.
    Live,
}

/// How often the files are read, and what is drawn is drawn again.
const LOOK: Duration = Duration::from_millis(200);
/// When a log hears for the first time how far a run is, and after how much time again: often enough that no CI service takes
/// the job for hanging.
const FIRST_LINE: Duration = Duration::from_secs(10);
const NEXT_LINE: Duration = Duration::from_secs(60);
/// What is no evaluation and takes longer is named in a log.
const LONG_STEP: Duration = Duration::from_secs(2);
/// Columns from which there is room for a bar.
const WIDE: u16 = 100;

/// The terminal, which the live lines share with whatever else is printed.
#[derive(Debug, Clone)]
pub(crate) struct Screen(MultiProgress);

impl Screen {
    pub(crate) fn new() -> Self {
        Self(MultiProgress::with_draw_target(ProgressDrawTarget::stderr()))
    }

    /// Columns of the terminal.
    pub(crate) fn width() -> u16 {
        console::Term::stderr().size_checked().map_or(80, |(_, columns)| columns)
    }

    /// Does something that prints, with the live lines out of its way.
    pub(crate) fn aside<T>(&self, printing: impl FnOnce() -> T) -> T {
        self.0.suspend(printing)
    }

    /// Passes on what comes out of a pipe until it is closed. Something is received when it is.
    pub(crate) fn pass_on(&self, mut pipe: impl Read + Send + 'static) -> Receiver<()> {
        let (closed, wait) = channel();
        let screen = self.clone();
        // Not joined: a process that was left behind holds the pipe for as long as it likes.
        std::thread::spawn(move || {
            let mut piece = [0; 8192];
            let mut line = Vec::new();
            loop {
                let length = match pipe.read(&mut piece) {
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                    Ok(length) if length > 0 => length,
                    _ => break,
                };
                line.extend_from_slice(&piece[..length]);
                // A piece of a line would end where a live line begins. Cargo's own progress is no line, and comes when there
                // are no live ones.
                let end = line.iter().rposition(|byte| matches!(byte, b'\n' | b'\r')).map_or(0, |at| at + 1);
                let end = if line.len() > 8192 { line.len() } else { end };
                screen.print(&line[..end]);
                line.drain(..end);
            }
            screen.print(&line);
            drop(closed);
        });
        wait
    }

    fn print(&self, bytes: &[u8]) {
        if !bytes.is_empty() {
            // A terminal that was closed hears nothing.
            self.aside(|| {
                let mut stderr = io::stderr();
                let _ = stderr.write_all(bytes).and_then(|()| stderr.flush());
            });
        }
    }
}

/// The runs of one sitting with a harness.
pub(crate) struct Progress {
    shown: Shown,
    screen: Option<Screen>,
    /// Where the folders of the runs are.
    package: Utf8PathBuf,
    /// Name of the folder in which their results are waited for.
    asker: String,
    looked: Option<Instant>,
    /// By calibration.
    runs: BTreeMap<String, Watched>,
}

/// A run that is watched.
struct Watched {
    bar: ProgressBar,
    since: Instant,
    step: Option<String>,
    /// When that step was first seen.
    step_since: Instant,
    step_named: bool,
    next_line: Duration,
}

impl Progress {
    /// Watches the runs of a package that are asked for from this folder.
    pub(crate) fn of(shown: Shown, package: Utf8PathBuf, asker: &str) -> Self {
        let screen = (shown == Shown::Live).then(Screen::new);
        Self { shown, screen, package, asker: asker.to_owned(), looked: None, runs: BTreeMap::new() }
    }

    /// The terminal, if there are live lines on it.
    pub(crate) fn screen(&self) -> Option<&Screen> {
        self.screen.as_ref()
    }

    /// Looks how far they are, if it is time for that, and draws it; or gives lines for a log.
    pub(crate) fn look(&mut self, now: Instant) -> Vec<String> {
        if self.shown == Shown::Off || self.looked.is_some_and(|looked| now < looked + LOOK) {
            return Vec::new();
        }
        self.looked = Some(now);
        let runs = asked_for_in(&self.package, &self.asker);
        self.runs.retain(|name, watched| {
            let goes_on = runs.iter().any(|run| run.calibration == *name);
            if !goes_on {
                watched.bar.finish_and_clear();
            }
            goes_on
        });
        runs.iter().filter_map(|run| self.watch(run, now)).collect()
    }

    fn watch(&mut self, run: &UnderWay, now: Instant) -> Option<String> {
        let watched = self.runs.entry(run.calibration.clone()).or_insert_with(|| {
            let bar = match &self.screen {
                // With its text, or the first that is seen is an empty line.
                Some(screen) => {
                    let bar = ProgressBar::no_length().with_style(style(false));
                    screen.0.add(bar.with_message(under_way_line(run)))
                }
                None => ProgressBar::hidden(),
            };
            Watched::new(bar, now)
        });
        if self.screen.is_some() {
            watched.draw(run);
            return None;
        }
        watched.line(run, now)
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.runs.values().for_each(|watched| watched.bar.finish_and_clear());
    }
}

impl Watched {
    fn new(bar: ProgressBar, since: Instant) -> Self {
        Self { bar, since, step: None, step_since: since, step_named: false, next_line: FIRST_LINE }
    }

    fn draw(&self, run: &UnderWay) {
        let length = run.planned.filter(|planned| run.done <= *planned && run.step.is_none());
        self.bar.set_style(style(length.is_some() && Screen::width() >= WIDE));
        match length {
            Some(length) => self.bar.set_length(length),
            None => self.bar.unset_length(),
        }
        self.bar.set_position(run.done);
        self.bar.set_message(under_way_line(run));
        self.bar.tick();
    }

    fn line(&mut self, run: &UnderWay, now: Instant) -> Option<String> {
        if self.step != run.step {
            (self.step, self.step_since, self.step_named) = (run.step.clone(), now, false);
        }
        let long = self.step.is_some() && !self.step_named && now >= self.step_since + LONG_STEP;
        self.step_named |= long;
        let taken = now.saturating_duration_since(self.since);
        let due = taken >= self.next_line;
        if due {
            self.next_line = taken + NEXT_LINE;
        }
        (long || due).then(|| under_way_line(run))
    }
}

/// Something that this program does while nobody hears from it: named once it takes longer than two seconds, and taken away
/// again from a terminal. Nothing else may print as long as this is there.
#[must_use = "dropping it says that it is done"]
pub(crate) struct Step {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Step {
    pub(crate) fn begin(shown: Shown, line: String) -> Self {
        let (stop, stopped) = channel();
        let thread = (shown != Shown::Off).then(|| {
            std::thread::spawn(move || {
                if stopped.recv_timeout(LONG_STEP) != Err(RecvTimeoutError::Timeout) {
                    return;
                }
                if shown == Shown::Lines {
                    // Nobody may be listening.
                    let _ = writeln!(io::stderr(), "{line}");
                    return;
                }
                let bar = ProgressBar::no_length().with_style(style(false)).with_message(line).with_elapsed(LONG_STEP);
                while stopped.recv_timeout(LOOK) == Err(RecvTimeoutError::Timeout) {
                    bar.tick();
                }
                bar.finish_and_clear();
            })
        });
        Self { stop: Some(stop), thread }
    }
}

impl Drop for Step {
    fn drop(&mut self) {
        self.stop = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// How a live line looks: it ticks, tells how long the run has been watched, and is cut where the terminal ends.
fn style(bar: bool) -> ProgressStyle {
    let template = match bar {
        true => "{spinner} {elapsed_precise} [{bar:24}] {wide_msg}",
        false => "{spinner} {elapsed_precise} {wide_msg}",
    };
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_spinner());
    style.tick_chars("|/-\\ ").progress_chars("=> ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::disallowed_methods, reason = "a point in time from which the others are counted")]
    fn a_log_hears_of_a_step_that_takes_long_then_after_ten_seconds_and_then_every_minute() {
        let began = Instant::now();
        let mut watched = Watched::new(ProgressBar::hidden(), began);
        let mut run = UnderWay {
            calibration: "bowl".to_owned(),
            step: Some("making the targets".to_owned()),
            ..UnderWay::default()
        };
        let mut at = |run: &UnderWay, second| watched.line(run, began + Duration::from_secs(second));
        assert_eq!(at(&run, 1), None);
        assert_eq!(at(&run, 3).as_deref(), Some("bowl: making the targets"));
        run.step = None;
        let lines: Vec<u64> = (4..140).filter(|second| at(&run, *second).is_some()).collect();
        assert_eq!(lines, [10, 70, 130]);
    }
}
