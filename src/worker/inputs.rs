//! The declared files that decide what a worker answers, and whether they are still what they were.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock};
use std::time::{Duration, SystemTime};

use super::child::lock;
use super::patterns::{OPTIONS, found};
use super::timer::Timer;
use crate::identity::file_digest;

/// A look for them takes at most this part of the time: one over it.
const RARELY: u32 = 20;

/// Files by patterns, with what was found in them.
#[derive(Debug)]
pub(super) struct Inputs {
    patterns: Vec<String>,
    folder: PathBuf,
    /// Digests by path, taken again only if a file looks changed.
    known: Mutex<BTreeMap<String, (Stamp, String)>>,
    /// What they were when they were first looked at.
    first: OnceLock<BTreeMap<String, String>>,
    /// When they were last looked for, and how long that took.
    looked: Mutex<Option<(Timer, Duration)>>,
}

/// Tells a file that was written to from what it was, without reading it.
type Stamp = (u64, Option<SystemTime>);

impl Inputs {
    pub(super) fn new(patterns: Vec<String>, folder: PathBuf) -> Self {
        Self { patterns, folder, known: Mutex::default(), first: OnceLock::new(), looked: Mutex::default() }
    }

    /// SHA-256 of each file, by its path from the folder on.
    ///
    /// # Errors
    /// If a pattern is none or matches no file, or one cannot be read.
    pub(super) fn digests(&self) -> Result<BTreeMap<String, String>, String> {
        let mut digests = BTreeMap::new();
        for pattern in &self.patterns {
            let before = digests.len();
            self.add(pattern, &mut digests)
                .map_err(|why| format!("`inputs` has `{}`, {why}", pattern.escape_debug()))?;
            if digests.len() == before && !self.matches_known(pattern, &digests) {
                let folder = std::path::absolute(&self.folder).unwrap_or_else(|_| self.folder.clone());
                return Err(format!(
                    "`inputs` has `{}`, which matches no file in `{}`\nhelp: patterns start in the folder that the command is \
                     started in; `**` stands for any folders",
                    pattern.escape_debug(),
                    folder.display()
                ));
            }
        }
        let _ = self.first.set(digests.clone());
        Ok(digests)
    }

    /// Refuses what changed since they were first looked at: a part of the run was answered by other code.
    pub(super) fn check(&self) -> Result<(), String> {
        let now = self.digests()?;
        match self.first.get().and_then(|first| difference(first, &now)) {
            Some(changed) => Err(format!(
                "would run with other code than before: its input `{}` was changed while the run went on\nhelp: leave it alone \
                 until the run is over; the next run starts over with what it is now",
                changed.escape_debug()
            )),
            None => Ok(()),
        }
    }

    /// The same for those who ask with every evaluation: a folder with many files is looked through from time to time.
    pub(super) fn check_often(&self) -> Result<(), String> {
        let mut looked = lock(&self.looked);
        if looked.is_some_and(|(begun, took)| begun.elapsed() < took * RARELY) {
            return Ok(());
        }
        let begun = Timer::start();
        let checked = self.check();
        *looked = checked.is_ok().then(|| (begun, begun.elapsed()));
        checked
    }

    fn matches_known(&self, pattern: &str, digests: &BTreeMap<String, String>) -> bool {
        glob::Pattern::new(pattern).is_ok_and(|pattern| digests.keys().any(|path| pattern.matches_with(path, OPTIONS)))
    }

    fn add(&self, pattern: &str, digests: &mut BTreeMap<String, String>) -> Result<(), String> {
        for (shown, path) in found(&self.folder, pattern)? {
            let digest = self.digest(&shown, &path);
            let digest =
                digest.map_err(|error| format!("and `{}` could not be read: {error}", shown.escape_debug()))?;
            digests.insert(shown, digest);
        }
        Ok(())
    }

    fn digest(&self, shown: &str, path: &Path) -> io::Result<String> {
        let metadata = path.metadata()?;
        let stamp = (metadata.len(), metadata.modified().ok());
        if let Some((_, digest)) = lock(&self.known).get(shown).filter(|(seen, _)| *seen == stamp) {
            return Ok(digest.clone());
        }
        let digest: String = file_digest(path)?.iter().map(|byte| format!("{byte:02x}")).collect();
        lock(&self.known).insert(shown.to_owned(), (stamp, digest.clone()));
        Ok(digest)
    }
}

/// The first path that is not in both, or differs.
fn difference<'d>(before: &'d BTreeMap<String, String>, now: &'d BTreeMap<String, String>) -> Option<&'d str> {
    let changed = before.iter().find(|(path, digest)| now.get(*path) != Some(digest));
    let added = || now.iter().find(|(path, _)| !before.contains_key(*path));
    changed.or_else(added).map(|(path, _)| &**path)
}
