//! The thread that writes rows and syncs them, many at once where many wait.

use std::fs::File;
use std::io::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use super::TrailError;
use super::folder::Folder;
use super::queue::Queue;
use crate::artifacts::trail::{Chain, LONGEST, Legend, row_length, write_row};
use crate::audit::Row;
use crate::objective::Attachment;

/// Bytes that are written and synced together at most. A sync costs a disk milliseconds, however little it is.
const BATCH: usize = 4 << 20;

/// Writes on a thread of its own.
#[derive(Debug)]
pub(super) struct Writer {
    queue: Arc<Queue<Row>>,
    thread: Option<JoinHandle<(File, Chain)>>,
    state: Arc<State>,
}

/// Tells how many evaluations of a run are safe on the disk, those of an interrupted part of it among them; from any
/// thread, while the run goes on.
#[derive(Debug, Clone)]
pub struct Acknowledged(Arc<State>);

impl Acknowledged {
    /// How many evaluations are safe now.
    pub fn count(&self) -> u64 {
        self.0.acknowledged.load(Ordering::Acquire)
    }
}

#[derive(Debug)]
struct State {
    acknowledged: AtomicU64,
    /// Where in the file the row of each acknowledged evaluation begins.
    places: Mutex<Vec<u64>>,
    /// The first failure, until somebody is told of it.
    failure: Mutex<Failure>,
}

#[derive(Debug, Default)]
enum Failure {
    #[default]
    None,
    Untold(TrailError),
    Told,
}

impl Writer {
    /// Writes behind the rows of `chain`, which take `length` bytes of `file`.
    pub(super) fn start(file: File, length: u64, chain: Chain, folder: Folder, legend: Legend) -> Self {
        let queue = Arc::new(Queue::default());
        let state = Arc::new(State {
            acknowledged: AtomicU64::new(chain.rows().saturating_sub(1)),
            places: Mutex::default(),
            failure: Mutex::default(),
        });
        let (bytes, body, places, state_of_pen) = (Vec::new(), Vec::new(), Vec::new(), Arc::clone(&state));
        let mut pen = Pen { file, length, chain, folder, legend, bytes, body, places, state: state_of_pen };
        let rows = Arc::clone(&queue);
        let thread = std::thread::spawn(move || {
            pen.work(&rows);
            (pen.file, pen.chain)
        });
        Self { queue, thread: Some(thread), state }
    }

    /// Tells how many rows are safe, from now on.
    pub(super) fn acknowledged(&self) -> Acknowledged {
        Acknowledged(Arc::clone(&self.state))
    }

    /// Remembers where the row of an evaluation begins that an interrupted part of the run recorded.
    pub(super) fn remember(&self, place: u64) {
        self.state.places.lock().unwrap_or_else(PoisonError::into_inner).push(place);
    }

    /// Where the row of an evaluation begins, if it is safe.
    pub(super) fn place(&self, call_index: u64) -> Option<u64> {
        let places = self.state.places.lock().unwrap_or_else(PoisonError::into_inner);
        places.get(usize::try_from(call_index).ok()?).copied()
    }

    pub(super) fn write(&self, row: Row) -> Result<(), TrailError> {
        if self.queue.push(row) { Ok(()) } else { self.stopped() }
    }

    /// Returns once every row queued so far is safe.
    pub(super) fn settle(&self) -> Result<(), TrailError> {
        if self.queue.settle() { Ok(()) } else { self.stopped() }
    }

    /// Stops the thread and hands back file and chain, every row being safe.
    pub(super) fn finish(mut self) -> Result<(File, Chain), TrailError> {
        self.queue.close();
        let finished = self.thread.take().and_then(|thread| thread.join().ok());
        self.state.check()?;
        finished.ok_or(TrailError::Stopped)
    }

    /// Why the thread takes no more rows.
    fn stopped(&self) -> Result<(), TrailError> {
        self.state.check().and(Err(TrailError::Stopped))
    }
}

/// A writer that is given up lets its thread write what is queued.
impl Drop for Writer {
    fn drop(&mut self) {
        // The thread waits for the next row until there can be none.
        self.queue.close();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl State {
    fn check(&self) -> Result<(), TrailError> {
        let mut failure = self.failure.lock().unwrap_or_else(PoisonError::into_inner);
        match std::mem::take(&mut *failure) {
            Failure::None => Ok(()),
            Failure::Untold(error) => {
                *failure = Failure::Told;
                Err(error)
            }
            Failure::Told => {
                *failure = Failure::Told;
                Err(TrailError::Stopped)
            }
        }
    }
}

/// Keeps what an evaluation attached.
pub(super) fn keep(folder: &Folder, call_index: u64, attachment: &mut Attachment) -> Result<(), TrailError> {
    let kept = folder.keep(attachment);
    kept.map_err(|source| TrailError::Attachment { call_index, name: attachment.name.clone(), source })
}

/// What the thread holds.
struct Pen {
    file: File,
    /// How many bytes of it are safe.
    length: u64,
    chain: Chain,
    folder: Folder,
    legend: Legend,
    /// Rows written down and not yet on the disk.
    bytes: Vec<u8>,
    /// Room for one of them.
    body: Vec<u8>,
    /// Where each of them begins.
    places: Vec<u64>,
    state: Arc<State>,
}

impl Pen {
    /// Takes what has queued up, writes and syncs it at once, and takes what has queued up meanwhile. Returns when the
    /// queue is closed, or after the first failure: a sync that failed once may lie the next time.
    fn work(&mut self, queue: &Queue<Row>) {
        let mut rows = Vec::new();
        while let Some(mut taken) = queue.take(&mut rows) {
            // A batch is what came while the one before was synced and this one was written down: one row for a slow target,
            // thousands for a fast one. Nothing waits for a batch to fill up.
            let mut outcome = Ok(());
            while outcome.is_ok() {
                outcome = rows.drain(..).try_for_each(|row| self.write_down(row));
                if self.bytes.len() >= BATCH || !taken.more(&mut rows) {
                    break;
                }
            }
            // Rows before one that cannot be written down are safe all the same.
            if let Err(error) = self.commit().and(outcome) {
                *self.state.failure.lock().unwrap_or_else(PoisonError::into_inner) = Failure::Untold(error);
                return;
            }
            taken.settle();
        }
    }

    fn write_down(&mut self, mut row: Row) -> Result<(), TrailError> {
        let call_index = row.outcome.call_index;
        for attachment in &mut row.attachments {
            keep(&self.folder, call_index, attachment)?;
        }
        self.body.clear();
        write_row(&row, &self.legend, &mut self.body).map_err(|source| TrailError::Row { call_index, source })?;
        self.legend.learn(&row.params);
        let bytes = row_length(&self.body);
        if bytes > LONGEST {
            return Err(TrailError::TooLong { call_index, bytes, most: LONGEST });
        }
        self.places.push(self.length + self.bytes.len() as u64);
        self.chain.append(&self.body, &mut self.bytes);
        Ok(())
    }

    fn commit(&mut self) -> Result<(), TrailError> {
        if self.places.is_empty() {
            return Ok(());
        }
        let failed = |verb| {
            let path = self.folder.trail();
            move |error| TrailError::io(verb, &path, error)
        };
        self.file.write_all(&self.bytes).map_err(failed("written"))?;
        self.file.sync_data().map_err(failed("synced"))?;
        // In this order: whoever is told that a row is safe may ask for its place.
        let rows = self.places.len() as u64;
        self.state.places.lock().unwrap_or_else(PoisonError::into_inner).append(&mut self.places);
        self.state.acknowledged.fetch_add(rows, Ordering::Release);
        self.length += self.bytes.len() as u64;
        self.bytes.clear();
        Ok(())
    }
}
