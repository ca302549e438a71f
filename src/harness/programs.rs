//! The programs behind the targets of a run, and the file that keeps what they say on standard error.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use camino::{Utf8Path, Utf8PathBuf};

use crate::artifacts::WorkerTimings;
use crate::audit::Subject;
use crate::objective::{ProgramTally, Programs, Role};

/// Bytes of the file; what stood before goes to the one with `.1` behind its name, so that there are never more than twice as
/// many.
const LARGEST_LOG: u64 = 16 << 20;

/// Each of them once.
#[derive(Clone, Default)]
pub(super) struct RunningPrograms(Vec<Arc<dyn Programs>>);

impl RunningPrograms {
    /// Those behind these targets.
    pub(super) fn of(subjects: &[(Role, Subject<'_>)]) -> Self {
        let mut all: Vec<Arc<dyn Programs>> = Vec::new();
        for programs in subjects.iter().flat_map(|(_, subject)| subject.target().programs()) {
            if !all.iter().any(|known| Arc::as_ptr(known).addr() == Arc::as_ptr(&programs).addr()) {
                all.push(programs);
            }
        }
        Self(all)
    }

    /// Each of them.
    pub(super) fn each(&self) -> impl Iterator<Item = &Arc<dyn Programs>> {
        self.0.iter()
    }

    /// The files that decide what they answer, with their digests.
    pub(super) fn inputs(&self) -> Result<BTreeMap<String, String>, String> {
        let mut inputs = BTreeMap::new();
        for (number, programs) in self.0.iter().enumerate() {
            for (path, digest) in programs.inputs().map_err(|error| error.reason())? {
                // Those that start elsewhere may have another file at the same path.
                let other = inputs.get(&path).is_some_and(|known| *known != digest);
                inputs.insert(if other { format!("{path} of program {}", number + 1) } else { path }, digest);
            }
        }
        Ok(inputs)
    }

    /// Looks whether these files, and those of the data, are what they were when the run began.
    pub(super) fn check(&self) -> Result<(), String> {
        self.0.iter().try_for_each(|programs| programs.check()).map_err(|error| error.reason())
    }

    /// Keeps what they say on standard error in `workers.log`, behind what is there if the run is continued.
    pub(super) fn keep_what_they_say(&self, folder: &Utf8Path, anew: bool) -> io::Result<()> {
        if self.0.is_empty() {
            return Ok(());
        }
        let log = Arc::new(Mutex::new(Log::open(folder.join("workers.log"), anew)?));
        for programs in &self.0 {
            let log = Arc::clone(&log);
            programs.listen(Box::new(move |line| log.lock().unwrap_or_else(PoisonError::into_inner).write(line)));
        }
        Ok(())
    }

    /// Begins to start what so many threads will ask; how many processes.
    pub(super) fn warm_up(&self, threads: usize) -> usize {
        self.0.iter().map(|programs| programs.warm_up(threads)).sum()
    }

    /// What has become of them; absent if there are none.
    pub(super) fn tally(&self) -> Option<WorkerTimings> {
        let sum = |sum: ProgramTally, one: ProgramTally| {
            let counts = ProgramTally::new(sum.started + one.started, sum.lost + one.lost, sum.retries + one.retries);
            counts.busy(sum.busy.saturating_add(one.busy))
        };
        self.0.iter().map(|programs| programs.tally()).reduce(sum).map(WorkerTimings::from)
    }
}

/// A file that does not grow without end.
struct Log {
    path: Utf8PathBuf,
    file: File,
    length: u64,
}

impl Log {
    fn open(path: Utf8PathBuf, anew: bool) -> io::Result<Self> {
        let named = |error: io::Error| io::Error::new(error.kind(), format!("`{path}`: {error}"));
        // Behind a link or a pipe may be something that never ends.
        match std::fs::symlink_metadata(&path) {
            Ok(metadata) if !metadata.is_file() => {
                return Err(named(io::Error::other("is no regular file, and what workers say is kept there")));
            }
            _ => {}
        }
        // Appended to, so that two processes that write to it do not write over each other.
        let file = OpenOptions::new().create(true).append(true).open(&path).map_err(named)?;
        if anew {
            file.set_len(0).map_err(named)?;
        }
        let length = file.metadata().map_err(named)?.len();
        Ok(Self { path, file, length })
    }

    /// A line that cannot be kept is no reason to end a run: it decides nothing.
    fn write(&mut self, line: &str) {
        if self.length > LARGEST_LOG {
            #[expect(clippy::disallowed_methods, reason = "a log is moved aside, and read by nobody but people")]
            let moved = std::fs::rename(&self.path, self.path.with_extension("log.1"));
            let Some(next) = moved.and_then(|()| Self::open(self.path.clone(), true)).ok() else { return };
            *self = next;
        }
        if self.file.write_all(format!("{line}\n").as_bytes()).is_ok() {
            self.length += line.len() as u64 + 1;
        }
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "a test looks at what is there")]
mod tests {
    use super::*;

    #[test]
    fn a_log_is_moved_aside_once_it_is_large_and_never_grows_beyond_that() {
        let folder = tempfile::tempdir().unwrap();
        let path = Utf8Path::from_path(folder.path()).unwrap().join("workers.log");
        let mut log = Log::open(path.clone(), true).unwrap();
        let line = "x".repeat(1 << 20);
        for number in 0..40 {
            log.write(&format!("{number}{line}"));
        }
        log.write("the last");
        let names = |folder: &std::path::Path| {
            let mut names: Vec<String> = std::fs::read_dir(folder)
                .unwrap()
                .map(|entry| entry.unwrap().file_name().into_string().unwrap())
                .collect();
            names.sort();
            names
        };
        assert_eq!(names(folder.path()), ["workers.log", "workers.log.1"]);
        for name in names(folder.path()) {
            assert!(std::fs::metadata(folder.path().join(name)).unwrap().len() < LARGEST_LOG + (2 << 20));
        }
        assert!(std::fs::read_to_string(&path).unwrap().ends_with("\nthe last\n"), "the newest lines are kept");
        Log::open(path.clone(), true).unwrap();
        assert_eq!(path.metadata().unwrap().len(), 0, "a run that begins has its own");
    }

    #[test]
    #[cfg(unix)]
    fn a_link_in_the_place_of_the_log_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = Utf8Path::from_path(folder.path()).unwrap().join("workers.log");
        std::os::unix::fs::symlink("/dev/zero", &path).unwrap();
        let said = Log::open(path, true).err().unwrap().to_string();
        assert!(said.contains("is no regular file"), "{said}");
    }
}
