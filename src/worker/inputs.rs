//! The declared files that decide what a worker answers, its code and its data, and whether they are still what they were.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock};
use std::time::{Duration, SystemTime};

use super::child::lock;
use super::patterns::{OPTIONS, found};
use super::timer::Timer;
use super::trouble::Trouble;
use crate::identity::{file_digest, identity_of_digests};

/// A look for them takes at most this part of the time: one over it.
const RARELY: u32 = 20;

/// Files by patterns, with what was found in them.
#[derive(Debug)]
pub(super) struct Inputs {
    patterns: Vec<String>,
    folder: PathBuf,
    /// Digests by path, taken again only if a file looks changed.
    known: Mutex<BTreeMap<String, (Stamp, Digest)>>,
    /// What they were when they were first looked at.
    first: OnceLock<BTreeMap<String, String>>,
    /// When they were last looked for, and how long that took.
    looked: Mutex<Option<(Timer, Duration)>>,
    /// The files of the slices, as they were when they were first looked at.
    data: Mutex<BTreeMap<String, Digest>>,
}

type Digest = [u8; 32];

/// Tells a file that was written to, or put in the place of another one, from what it was, without reading it.
type Stamp = (u64, Option<SystemTime>, Option<(u64, i64, i64)>);

impl Inputs {
    pub(super) fn new(patterns: Vec<String>, folder: PathBuf) -> Self {
        Self {
            patterns,
            folder,
            known: Mutex::default(),
            first: OnceLock::new(),
            looked: Mutex::default(),
            data: Mutex::default(),
        }
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

    /// The identity of the files of a slice, by their paths from the folder on: the same on every machine, and another one where
    /// a file has moved, since what it is called can say what is in it. Of a file that lies elsewhere the name counts.
    ///
    /// # Errors
    /// If one cannot be read; the text names it.
    pub(super) fn identity(&self, files: &[PathBuf], part: &str) -> Result<String, String> {
        let mut named = Vec::new();
        for file in files {
            let path = self.folder.join(file);
            let refused = |problem: String| format!("`{}` {problem}", path.display());
            let known_as = match path.strip_prefix(&self.folder) {
                Ok(below) if !below.is_absolute() => Some(below),
                _ => path.file_name().map(Path::new),
            };
            let name = known_as.and_then(Path::to_str).filter(|name| !name.is_empty());
            let name = name.ok_or_else(|| refused("has no name that is UTF-8, expected a file".to_owned()))?;
            let shown = file.to_string_lossy();
            let digest = self.digest(&shown, &path).map_err(|error| refused(format!("could not be read: {error}")))?;
            lock(&self.data).entry(shown.into_owned()).or_insert(digest);
            named.push((name.replace('\\', "/"), digest));
        }
        if named.is_empty() {
            return Err("no file of a slice is named, so there is no data to identify".to_owned());
        }
        Ok(identity_of_digests(&named, part))
    }

    /// Refuses what changed since it was first looked at: a part of the run was answered by other code, or of other data.
    pub(super) fn check(&self) -> Result<(), Trouble> {
        let changed = |what: &str, file: String| {
            Trouble::Broken(format!(
                "would run with other {what} than before: {file} while the run went on\nhelp: leave it alone until the run is \
                 over; the next run starts over with what it is now"
            ))
        };
        let before = self.first.get();
        let now = match (self.digests(), before) {
            (Ok(now), _) => now,
            (Err(why), None) => return Err(Trouble::Unusable(why)),
            (Err(why), Some(_)) => {
                let why = why.split('\n').next().unwrap_or_default();
                return Err(changed("code", format!("its inputs were changed ({why})")));
            }
        };
        if let Some(path) = before.and_then(|before| difference(before, &now)) {
            return Err(changed("code", format!("its input `{}` was changed", path.escape_debug())));
        }
        let data = lock(&self.data).clone();
        let differs = |(file, digest): &(String, Digest)| {
            self.digest(file, &self.folder.join(file)).ok().as_ref() != Some(digest)
        };
        match data.into_iter().find(differs) {
            Some((file, _)) => Err(changed("data", format!("`{}` was changed", file.escape_debug()))),
            None => Ok(()),
        }
    }

    /// The same for those who ask with every evaluation: a folder with many files is looked through from time to time.
    pub(super) fn check_often(&self) -> Result<(), Trouble> {
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
            digests.insert(shown, digest.iter().map(|byte| format!("{byte:02x}")).collect());
        }
        Ok(())
    }

    fn digest(&self, shown: &str, path: &Path) -> io::Result<Digest> {
        let metadata = path.metadata()?;
        let stamp = (metadata.len(), metadata.modified().ok(), place(&metadata));
        if let Some((_, digest)) = lock(&self.known).get(shown).filter(|(seen, _)| *seen == stamp) {
            return Ok(*digest);
        }
        let digest = file_digest(path)?;
        lock(&self.known).insert(shown.to_owned(), (stamp, digest));
        Ok(digest)
    }
}

/// Which file it is on its disk, and when that was last touched in any way: what sets a file's time back cannot set this.
#[cfg(unix)]
fn place(metadata: &std::fs::Metadata) -> Option<(u64, i64, i64)> {
    use std::os::unix::fs::MetadataExt;
    Some((metadata.ino(), metadata.ctime(), metadata.ctime_nsec()))
}

#[cfg(not(unix))]
fn place(_: &std::fs::Metadata) -> Option<(u64, i64, i64)> {
    None
}

/// The first path that is not in both, or differs.
fn difference<'d>(before: &'d BTreeMap<String, String>, now: &'d BTreeMap<String, String>) -> Option<&'d str> {
    let changed = before.iter().find(|(path, digest)| now.get(*path) != Some(digest));
    let added = || now.iter().find(|(path, _)| !before.contains_key(*path));
    changed.or_else(added).map(|(path, _)| &**path)
}
