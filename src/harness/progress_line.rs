//! What somebody who waits sees of the runs of this process: a live line for each on a terminal, a line every ten
//! seconds elsewhere.
//!
//! On stderr, because stdout is the list's. Nothing of it goes into an artifact. An event draws it, no thread of its own:
//! an evaluation that takes a minute shows nothing new for a minute.

use std::io::Write;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::stopwatch::Stopwatch;
use crate::number::general;
use crate::objective::{Context, Phase, Role};
use crate::progress::{Event, Observer};

/// How progress is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Progress {
    /// Not at all.
    Off,
    /// A line now and then, as a log wants it.
    Lines,
    /// Lines at the bottom of a terminal, drawn again and again.
    Live,
}

impl Progress {
    /// The time between two lines.
    const fn pause(self) -> Duration {
        match self {
            Self::Off | Self::Lines => Duration::from_secs(10),
            Self::Live => Duration::from_millis(100),
        }
    }
}

/// A line that is longer wraps on a common terminal, and what wrapped could not be taken back.
const WIDTH: usize = 79;
/// To the start of the line, and nothing from there on.
const CLEAR: &str = "\r\u{1b}[J";

/// The live lines of all runs: there is one terminal.
static BOARD: Mutex<Board> = Mutex::new(Board { lines: Vec::new(), drawn: false });

struct Board {
    /// By calibration.
    lines: Vec<(String, String)>,
    drawn: bool,
}

impl Board {
    /// The lines in place of those that were drawn before; the cursor stays at the start of the first.
    fn draw(&mut self) -> String {
        let mut text = self.clear().to_owned();
        let lines: Vec<&str> = self.lines.iter().map(|(_, line)| line.as_str()).collect();
        text.push_str(&lines.join("\n"));
        if lines.len() > 1 {
            text.extend(["\u{1b}[", &(lines.len() - 1).to_string(), "A"]);
        }
        self.drawn = !lines.is_empty();
        if self.drawn {
            text.push('\r');
        }
        text
    }

    fn clear(&mut self) -> &'static str {
        if std::mem::take(&mut self.drawn) { CLEAR } else { "" }
    }

    fn set(&mut self, calibration: &str, line: Option<String>) {
        let place = self.lines.iter().position(|(name, _)| name == calibration);
        match (place, line) {
            (Some(place), Some(line)) => self.lines[place].1 = line,
            (Some(place), None) => drop(self.lines.remove(place)),
            (None, Some(line)) => self.lines.push((calibration.to_owned(), line)),
            (None, None) => {}
        }
    }
}

/// Takes the live lines away, so that something else can be said; the next event draws them again.
pub(super) fn hide() {
    let text = BOARD.lock().unwrap_or_else(PoisonError::into_inner).clear();
    show(text);
}

/// Nobody may be listening, which is no reason to end a run.
fn show(text: &str) {
    if !text.is_empty() {
        let mut stderr = std::io::stderr();
        let _ = stderr.write_all(text.as_bytes()).and_then(|()| stderr.flush());
    }
}

/// Shows the events of one run and hands them on.
pub(super) struct ProgressLine<'r> {
    tally: Tally<'r>,
    style: Progress,
    watch: &'r Stopwatch,
    shown: Option<Duration>,
    inner: &'r mut dyn Observer,
}

impl<'r> ProgressLine<'r> {
    pub(super) fn new(
        calibration: &'r str,
        style: Progress,
        watch: &'r Stopwatch,
        inner: &'r mut dyn Observer,
    ) -> Self {
        let tally = Tally { calibration, phase: None, expected: None, began: Duration::ZERO, done: 0, best: None };
        // The first of the lines comes after a pause, too: what is over by then needs none.
        let shown = (style == Progress::Lines).then_some(Duration::ZERO);
        Self { tally, style, watch, shown, inner }
    }

    /// So many programs are starting, which may take longer than the first evaluation.
    pub(super) fn starting(&self, count: usize) {
        let line = match count {
            0 => return,
            1 => format!("{}: starting a worker", self.tally.calibration),
            count => format!("{}: starting {count} workers", self.tally.calibration),
        };
        match self.style {
            Progress::Off => {}
            Progress::Lines => show(&format!("{line}\n")),
            Progress::Live => {
                let mut board = BOARD.lock().unwrap_or_else(PoisonError::into_inner);
                board.set(self.tally.calibration, Some(line));
                show(&board.draw());
            }
        }
    }

    fn draw(&mut self, now: Duration) {
        if self.shown.is_some_and(|shown| now < shown + self.style.pause()) {
            return;
        }
        self.shown = Some(now);
        let line = self.tally.line(now);
        if self.style == Progress::Lines {
            return show(&format!("{line}\n"));
        }
        let mut board = BOARD.lock().unwrap_or_else(PoisonError::into_inner);
        board.set(self.tally.calibration, Some(line));
        show(&board.draw());
    }
}

impl Observer for ProgressLine<'_> {
    fn observe(&mut self, event: Event<'_>) {
        self.inner.observe(event);
        if self.style != Progress::Off {
            let now = self.watch.read();
            self.tally.count(event, now);
            self.draw(now);
        }
    }
}

impl Drop for ProgressLine<'_> {
    fn drop(&mut self) {
        if self.style == Progress::Live {
            let mut board = BOARD.lock().unwrap_or_else(PoisonError::into_inner);
            board.set(self.tally.calibration, None);
            show(&board.draw());
        }
    }
}

/// What is known of a run under way.
struct Tally<'r> {
    calibration: &'r str,
    phase: Option<Context>,
    expected: Option<u64>,
    /// When the phase began.
    began: Duration,
    /// Evaluations of the phase.
    done: u64,
    /// The largest fitness of a feasible candidate on train so far.
    best: Option<f64>,
}

impl Tally<'_> {
    fn count(&mut self, event: Event<'_>, now: Duration) {
        match event {
            Event::PhaseStarted { context, expected } => {
                (self.phase, self.expected, self.began, self.done) = (Some(context), expected, now, 0);
            }
            Event::Evaluated { context, outcome } => {
                self.done += 1;
                let counts = context.role == Role::Train && context.phase != Phase::Null && outcome.is_feasible();
                let fitness = outcome.evaluation().map(|evaluation| evaluation.fitness);
                if let Some(fitness) = fitness.filter(|fitness| counts && fitness.is_finite()) {
                    self.best = Some(self.best.map_or(fitness, |best| best.max(fitness)));
                }
            }
            Event::PhaseEnded { .. } => {}
        }
    }

    /// `bitcell: train search, 120 of 500, 24/s, best 0.932, 16 s left`
    fn line(&self, now: Duration) -> String {
        let seconds = now.saturating_sub(self.began).as_secs_f64();
        let rate = if seconds > 0.0 { self.done as f64 / seconds } else { 0.0 };
        let moving = rate > 0.0;
        let left = self.expected.and_then(|expected| expected.checked_sub(self.done)).filter(|_| moving);
        let parts = [
            Some(self.phase.map_or_else(String::new, |phase| phase.to_string())),
            Some(match self.expected {
                Some(expected) if self.done <= expected => format!("{} of {expected}", self.done),
                // Parameters that do not go together are done, too, and others take their place.
                _ => format!("{} done", self.done),
            }),
            moving.then(|| per_time(rate)),
            self.best.map(|best| format!("best {}", general(best, 6))),
            left.map(|left| format!("{} left", rough(left as f64 / rate))),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        format!("{}: {}", self.calibration, parts.join(", ")).chars().take(WIDTH).collect()
    }
}

fn per_time(rate: f64) -> String {
    match rate {
        rate if rate >= 10.0 => format!("{rate:.0}/s"),
        rate if rate >= 0.1 => format!("{rate:.1}/s"),
        rate => format!("{:.1}/min", 60.0 * rate),
    }
}

fn rough(seconds: f64) -> String {
    match seconds {
        seconds if seconds < 120.0 => format!("{seconds:.0} s"),
        seconds if seconds < 7_200.0 => format!("{:.0} min", seconds / 60.0),
        seconds => format!("{:.1} h", seconds / 3_600.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    use crate::objective::{Evaluation, Feasibility, Outcome};

    fn outcome(fitness: f64) -> Outcome {
        Outcome { call_index: 0, result: Ok(Arc::new(Evaluation::new(fitness))), feasibility: Feasibility::new(vec![]) }
    }

    #[test]
    fn a_line_has_phase_count_rate_best_and_what_is_left() {
        let mut tally =
            Tally { calibration: "bitcell", phase: None, expected: None, began: Duration::ZERO, done: 0, best: None };
        let context = Context::new(Role::Train, Phase::Search);
        let begun = Duration::from_secs(100);
        tally.count(Event::PhaseStarted { context, expected: Some(500) }, begun);
        assert_eq!(tally.line(begun), "bitcell: train search, 0 of 500");
        for fitness in [0.5, f64::INFINITY, 0.932, f64::NAN] {
            tally.count(Event::Evaluated { context, outcome: &outcome(fitness) }, begun);
        }
        // 4 in 2 s: 2 a second, and 496 more take 248 s.
        let line = tally.line(begun + Duration::from_secs(2));
        assert_eq!(line, "bitcell: train search, 4 of 500, 2.0/s, best 0.932, 4 min left");
        let test = Context::new(Role::Test, Phase::WalkForward);
        tally.count(Event::PhaseStarted { context: test, expected: None }, begun);
        tally.count(Event::Evaluated { context: test, outcome: &outcome(7.0) }, begun);
        let line = tally.line(begun + Duration::from_secs(60));
        assert_eq!(line, "bitcell: test walk_forward, 1 done, 1.0/min, best 0.932");
    }

    #[test]
    fn the_board_takes_back_what_it_drew_and_leaves_the_cursor_where_it_was() {
        let mut board = Board { lines: Vec::new(), drawn: false };
        board.set("a", Some("a: 1".to_owned()));
        assert_eq!(board.draw(), "a: 1\r");
        board.set("b", Some("b: 1".to_owned()));
        assert_eq!(board.draw(), "\r\u{1b}[Ja: 1\nb: 1\u{1b}[1A\r");
        assert_eq!(board.clear(), "\r\u{1b}[J");
        assert_eq!(board.clear(), "");
        board.set("a", None);
        assert_eq!(board.draw(), "b: 1\r");
        board.set("b", None);
        assert_eq!(board.draw(), "\r\u{1b}[J");
        assert_eq!(board.draw(), "");
    }
}
