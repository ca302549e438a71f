//! A trail on disk as the recorder of a run.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, Write};

use camino::Utf8Path;

use super::ending::Ending;
use super::folder::Folder;
use super::resumption::Beginning;
use super::writer::{Acknowledged, Writer, keep};
use super::{Binary, RunLock, TrailError};
use crate::artifacts::trail::{Chain, Legend, read_row};
use crate::artifacts::{Anchor, Timings, TrailBody, TrailHeader, TrailReadError, TrailReader, write_json};
use crate::audit::{RecordError, Recorder, Row};
use crate::declaration::Declaration;
use crate::gates::Verdict;
use crate::objective::Content;

/// What a run that begins has to say of itself.
#[derive(Debug, Clone, Copy)]
pub struct Start<'s> {
    /// What is declared.
    pub declaration: &'s Declaration,
    /// The program that evaluates; an unfinished run is continued by the same one only.
    pub binary: &'s Binary,
    /// Why to begin anew, whatever an unfinished run left; absent to continue one.
    pub fresh: Option<&'s str>,
}

/// The trail of one run in a folder that is locked for it.
pub struct TrailFile {
    folder: Folder,
    writer: Writer,
    /// Rows of the unfinished run that have not been asked for.
    earlier: Option<TrailReader<BufReader<File>>>,
    /// How many evaluations it recorded.
    recorded: u64,
    legend: Legend,
    /// The trail, opened to read rows back, once one was asked for.
    read_back: Option<BufReader<File>>,
    /// Whether every row queued is safe.
    settled: bool,
    resumptions: Vec<String>,
    notice: Option<String>,
}

impl TrailFile {
    /// Begins a trail, or continues the unfinished one that lies there.
    ///
    /// An unfinished trail is continued if declaration and binary agree, the digest of which [`keep_binary`] left beside it; a piece of a row at its end goes to
    /// `trail.jsonl.torn`. Otherwise it is renamed, and [`notice`](Self::notice) says what differs. A finished one is
    /// replaced. `timings.json` is written too, so that a run that is killed can be continued.
    ///
    /// # Errors
    /// If something cannot be read or written, or the unfinished trail is damaged before its last row.
    pub fn open(lock: &RunLock, start: Start<'_>) -> Result<Self, TrailError> {
        Self::open_made_of(lock, start, &BTreeMap::new())
    }

    /// The same for a run whose answers are made of these files, SHA-256 of each by its path: an unfinished trail is continued
    /// only if they are what they were. They are kept in `inputs.sha256` beside the trail.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn open_made_of(
        lock: &RunLock,
        start: Start<'_>,
        inputs: &BTreeMap<String, String>,
    ) -> Result<Self, TrailError> {
        let folder = Folder(lock.folder().to_owned());
        let header = TrailHeader::new(start.declaration);
        let beginning = Beginning::of(&folder, &header, start, inputs)?;
        let mut opened = Self::enter(folder, beginning, &header)?;
        let timings = Timings {
            resumptions: std::mem::take(&mut opened.resumptions),
            ..Timings::unmeasured(&start.declaration.name)
        };
        let path = opened.folder.0.join("timings.json");
        write_json(&timings, &path).map_err(|error| TrailError::io("written", &path, std::io::Error::other(error)))?;
        opened.resumptions = timings.resumptions;
        opened.folder.keep_inputs(inputs)?;
        if let Some(digest) = start.binary.known() {
            opened.folder.keep_binary(digest)?;
        }
        Ok(opened)
    }

    fn enter(folder: Folder, beginning: Beginning, header: &TrailHeader) -> Result<Self, TrailError> {
        let path = folder.trail();
        let mut notice = match &beginning {
            Beginning::Aside(reason) => Some(format!(
                "the unfinished trail in `{}` is set aside as `{}` and the run starts over: {reason}",
                folder.0,
                folder.next_aside()
            )),
            Beginning::New | Beginning::Behind(..) => None,
        };
        let (mut file, torn) = beginning.enter(&folder)?;
        let (mut chain, mut length, legend, mut resumptions) = match beginning {
            Beginning::Behind(state, resumptions) => (state.chain, state.length, state.legend, resumptions),
            Beginning::New | Beginning::Aside(_) => {
                (Chain::default(), 0, Legend::new(header.constraints.clone()), Vec::new())
            }
        };
        let recorded = chain.rows().saturating_sub(1);
        let mut earlier = None;
        if chain.rows() > 0 {
            earlier = folder.earlier()?.map(|file| TrailReader::new(BufReader::new(file)));
            let piece = if torn > 0 { format!(", {torn} bytes of a torn row set aside") } else { String::new() };
            let resumption = format!("continued behind evaluation {recorded}{piece}");
            notice = Some(format!("the run in `{}` is {resumption}", folder.0));
            resumptions.push(resumption);
        } else {
            let mut bytes = Vec::new();
            let body = serde_json::to_vec(header).map_err(|source| TrailError::Row { call_index: 0, source })?;
            chain.append(&body, &mut bytes);
            // Before the first evaluation, so that a run which dies in it is known for what it is.
            file.write_all(&bytes).map_err(|error| TrailError::io("written", &path, error))?;
            file.sync_data().map_err(|error| TrailError::io("synced", &path, error))?;
            length = bytes.len() as u64;
        }
        let writer = Writer::start(file, length, chain, folder.clone(), legend.clone());
        let (read_back, settled) = (None, true);
        Ok(Self { folder, writer, earlier, recorded, legend, read_back, settled, resumptions, notice })
    }

    /// How often the run was interrupted and continued, in words.
    pub fn resumptions(&self) -> &[String] {
        &self.resumptions
    }

    /// What whoever watches should know: that the run is continued, or that an unfinished trail was set aside and why.
    pub fn notice(&self) -> Option<&str> {
        self.notice.as_deref()
    }

    /// Tells how many evaluations are safe, while the run goes on.
    pub fn acknowledged(&self) -> Acknowledged {
        self.writer.acknowledged()
    }

    /// Writes the end row: the verdict, or why there is none. The run is finished then, and the next one replaces it.
    ///
    /// # Errors
    /// As [`ending`](Self::ending), or if the end row could not be written; the trail stays unfinished.
    pub fn end(self, ending: Result<&Verdict, &str>) -> Result<Anchor, TrailError> {
        let ending = self.ending(ending)?;
        let anchor = ending.anchor().clone();
        ending.write()?;
        Ok(anchor)
    }

    /// The end row, not written yet, every other row being safe. What else a run leaves can be written before it, so that
    /// a run which dies in between is continued and loses nothing.
    ///
    /// # Errors
    /// If a row could not be written, or an interrupted part of the run recorded evaluations that this one did not ask
    /// for; the trail stays unfinished.
    pub fn ending(mut self, ending: Result<&Verdict, &str>) -> Result<Ending, TrailError> {
        if ending.is_ok() {
            self.left_over()?;
        }
        let Self { folder, writer, .. } = self;
        let (file, chain) = writer.finish()?;
        Ending::new(folder, file, chain, ending)
    }

    /// Refuses a verdict that some of the rows before it had no part in.
    fn left_over(&mut self) -> Result<(), TrailError> {
        let Some(reader) = &mut self.earlier else { return Ok(()) };
        while let Some(body) = reader.next_body().map_err(|error| unread(&self.folder, error))? {
            if let TrailBody::Evaluation(row) = body {
                return Err(TrailError::LeftOver { path: self.folder.trail(), call_index: row.outcome.call_index });
            }
        }
        Ok(())
    }
}

impl Recorder for TrailFile {
    fn recorded(&mut self, call_index: u64) -> Result<Option<Row>, RecordError> {
        if call_index >= self.recorded {
            // From here on the file grows, and what was read ahead of it is stale.
            self.earlier = None;
            return Ok(None);
        }
        let Some(reader) = &mut self.earlier else { return Ok(None) };
        loop {
            let place = reader.offset();
            match reader.next_body().map_err(|error| unread(&self.folder, error))? {
                Some(TrailBody::Evaluation(row)) => {
                    self.writer.remember(place);
                    self.legend.learn(&row.params);
                    return Ok(Some(row));
                }
                Some(TrailBody::Header(_)) => {}
                Some(TrailBody::End(_)) | None => return Ok(None),
            }
        }
    }

    fn record(&mut self, mut row: Row) -> Result<(), RecordError> {
        self.settled = false;
        // The next evaluation may write to the same file.
        let files = row.attachments.iter_mut().filter(|attachment| matches!(attachment.content, Content::File(_)));
        for attachment in files {
            keep(&self.folder, row.outcome.call_index, attachment)?;
        }
        self.legend.learn(&row.params);
        Ok(self.writer.write(row)?)
    }

    fn recall(&mut self, call_index: u64) -> Result<Row, RecordError> {
        // The row may still be in the queue. Asked for many rows in a row, it waits for the disk once.
        if !self.settled {
            self.settle()?;
        }
        let place = self.writer.place(call_index);
        let place = place.ok_or_else(|| format!("evaluation {call_index} is not on record"))?;
        let file = match self.read_back.take() {
            Some(file) => file,
            None => {
                let path = self.folder.trail();
                BufReader::new(File::open(&path).map_err(|error| TrailError::io("opened", &path, error))?)
            }
        };
        let row = read_row(self.read_back.insert(file), place, call_index, &self.legend);
        Ok(row.map_err(|error| unread(&self.folder, error))?)
    }

    fn settle(&mut self) -> Result<(), RecordError> {
        self.writer.settle()?;
        self.settled = true;
        Ok(())
    }
}

/// Leaves the digest of the program beside the trail that it writes into this folder. It cannot be in the trail, whose bytes
/// are those of every build that evaluates alike.
///
/// # Errors
/// If it could not be written.
pub fn keep_binary(folder: &Utf8Path, digest: &str) -> Result<(), TrailError> {
    Folder(folder.to_owned()).keep_binary(digest)
}

fn unread(folder: &Folder, error: TrailReadError) -> TrailError {
    match error {
        TrailReadError::Damage(damage) => TrailError::Damaged { path: folder.trail(), damage },
        TrailReadError::Io(error) => TrailError::io("read", &folder.trail(), error),
    }
}
