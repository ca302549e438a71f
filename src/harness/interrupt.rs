//! Ctrl-C, SIGTERM and SIGHUP, and a `cargo omega` that is gone: the runs stop after the current evaluations, and their trails
//! are whole.
//!
//! Where no run is being recorded there is nothing to bring to an end, and the process ends at once; so it does when
//! Ctrl-C is pressed again. Every row on the disk is good in any case; stopping in order keeps those under way too.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::thread;
use std::time::Duration;

use super::suite::say;
use crate::artifacts::{ExitCode, Problem, TrailFile};
use crate::audit::{RecordError, Recorder, Row};
use crate::objective::{Halt, Programs, Role};
use crate::pipeline::RunError;

/// Whether somebody asked for the end.
static ASKED: AtomicBool = AtomicBool::new(false);
/// Whether nobody waits for the results any more.
static ABANDONED: AtomicBool = AtomicBool::new(false);
/// Runs that are being recorded.
static RECORDING: AtomicUsize = AtomicUsize::new(0);

/// Programs that evaluate. One that takes hours, perhaps on another machine, would go on for hours after Ctrl-C.
static EVALUATING: Mutex<Vec<Weak<dyn Programs>>> = Mutex::new(Vec::new());
/// How long what they are asked may take from then on.
const GRACE: Duration = Duration::from_secs(10);

/// What a shell expects of a program that SIGINT ended.
const ENDED_BY_SIGINT: i32 = 130;

/// Nobody waits for the results any more.
pub(super) fn abandoned() {
    ABANDONED.store(true, Ordering::SeqCst);
    // Ctrl-C came here, too, and the runs are ending: what they have to say is still to be written.
    if ASKED.load(Ordering::SeqCst) {
        return;
    }
    if RECORDING.load(Ordering::SeqCst) == 0 {
        end();
    }
    say(&format!("`cargo omega` has ended or was told to; {}", stopping()));
}

/// These evaluate from now on, as long as they live.
pub(super) fn evaluating(programs: &Arc<dyn Programs>) {
    let mut all = EVALUATING.lock().unwrap_or_else(PoisonError::into_inner);
    all.retain(|known| known.strong_count() > 0);
    all.push(Arc::downgrade(programs));
}

/// Gives programs some time, and says what happens now.
fn stopping() -> String {
    let living = || -> Vec<Arc<dyn Programs>> {
        EVALUATING.lock().unwrap_or_else(PoisonError::into_inner).iter().filter_map(Weak::upgrade).collect()
    };
    if living().is_empty() {
        return "stopping after the current evaluations".to_owned();
    }
    // Without a thread for it whoever waits too long presses Ctrl-C again.
    let waiting = thread::Builder::new().spawn(move || {
        thread::sleep(GRACE);
        living().iter().for_each(|programs| programs.give_up());
    });
    drop(waiting);
    format!(
        "stopping after the current evaluations; what workers have not answered in {} s is given up",
        GRACE.as_secs()
    )
}

/// From now on Ctrl-C stops the runs of this process in order. A handler that the test binary has installed already
/// stays.
pub(super) fn listen() {
    let installed = ctrlc::try_set_handler(|| {
        if ASKED.swap(true, Ordering::SeqCst) || RECORDING.load(Ordering::SeqCst) == 0 {
            end();
        }
        say(&format!("{}; Ctrl-C again ends at once", stopping()));
    });
    // Without a handler Ctrl-C ends the process at once, as it would have.
    drop(installed);
}

#[expect(clippy::disallowed_methods, reason = "Ctrl-C asks for the end, and what is on the disk is whole")]
fn end() {
    std::process::exit(ENDED_BY_SIGINT);
}

/// Whether somebody asked for the end.
pub(super) fn asked() -> bool {
    ASKED.load(Ordering::SeqCst) || ABANDONED.load(Ordering::SeqCst)
}

/// What becomes of a calibration, of which so many evaluations are on the disk.
pub(super) fn problem(calibration: &str, kept: u64) -> Problem {
    let message = match kept {
        0 => format!("calibration `{calibration}`: interrupted before it began"),
        kept => format!("calibration `{calibration}`: interrupted after evaluation {kept}"),
    };
    Problem::new(ExitCode::Internal, format!("{message}\nhelp: the trail is whole; the next run continues there"))
}

/// Whether a run ended because somebody asked for that. A holdout that was lost on the way is told as that.
pub(super) fn ended(error: &RunError) -> bool {
    match error {
        RunError::Halt(Halt::Record(source)) => source.is::<Interrupted>(),
        RunError::Halt(Halt::Lost { role, .. }) => asked() && *role != Role::Holdout,
        _ => false,
    }
}

/// A run was stopped in the middle.
#[derive(Debug, thiserror::Error)]
#[error("interrupted")]
pub(super) struct Interrupted;

/// Hands rows on to the trail, and ends the run behind one of them once somebody asked for that.
pub(super) struct Stoppable<'t>(&'t mut TrailFile);

impl<'t> Stoppable<'t> {
    pub(super) fn new(trail: &'t mut TrailFile) -> Self {
        RECORDING.fetch_add(1, Ordering::SeqCst);
        Self(trail)
    }

    fn go_on(&mut self) -> Result<(), RecordError> {
        if !asked() {
            return Ok(());
        }
        self.0.settle()?;
        Err(Box::new(Interrupted))
    }
}

impl Drop for Stoppable<'_> {
    fn drop(&mut self) {
        RECORDING.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Recorder for Stoppable<'_> {
    fn recorded(&mut self, call_index: u64) -> Result<Option<Row>, RecordError> {
        self.go_on()?;
        self.0.recorded(call_index)
    }

    fn record(&mut self, row: Row) -> Result<(), RecordError> {
        self.0.record(row)?;
        self.go_on()
    }

    fn recall(&mut self, call_index: u64) -> Result<Row, RecordError> {
        self.0.recall(call_index)
    }

    fn settle(&mut self) -> Result<(), RecordError> {
        self.0.settle()
    }
}
