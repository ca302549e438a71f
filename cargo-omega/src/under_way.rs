//! A run that has not come to its end, as somebody else sees it: it goes on in another process, or was killed.

use std::time::Duration;

use camino::{Utf8Path, Utf8PathBuf};
use omega_lock::internals::artifacts::{UnderWay, read_json};
use omega_lock::internals::report::{escaped_line, span, under_way_line, under_way_text};

use crate::disk;

/// Nothing was written for longer than a run that evaluates fast stays silent.
const SILENT: Duration = Duration::from_secs(60);

/// Such a run.
pub(crate) struct Found {
    /// What it said of itself; a run says nothing in its first moments.
    pub(crate) said: Option<UnderWay>,
    /// How long ago it said so.
    ago: Option<Duration>,
    /// Whether a process has it; `None` where files cannot be locked.
    goes_on: Option<bool>,
}

impl Found {
    /// The run in this folder, unless it has ended.
    pub(crate) fn in_folder(folder: &Utf8Path) -> Option<Self> {
        let file = folder.join(UnderWay::FILE);
        let said = said(&file);
        if said.is_none() && folder.join("result.json").is_file() {
            return None;
        }
        let goes_on = disk::held(&folder.join("trail.lock"));
        let ago = disk::age(&file);
        // It may have ended while this was looked at, and takes the file away first.
        let there = said.is_some() && file.is_file();
        (goes_on == Some(true) || there).then_some(Self { said, ago, goes_on })
    }

    /// Whether it was killed.
    pub(crate) fn was_killed(&self) -> bool {
        self.goes_on == Some(false)
    }

    /// In two words, for a column.
    pub(crate) fn word(&self) -> &'static str {
        if self.was_killed() { "none: killed" } else { "none: under way" }
    }

    /// In a line; empty while it has said nothing.
    pub(crate) fn line(&self) -> String {
        self.said.as_ref().map(under_way_line).unwrap_or_default()
    }

    /// What is known of it, before what its trail says.
    pub(crate) fn text(&self, folder: &Utf8Path) -> String {
        let Some(said) = &self.said else {
            return format!("A run in {} has just begun.\n", escaped_line(folder.as_str()));
        };
        let (name, process) = (escaped_line(&said.calibration), said.process);
        let since = escaped_line(&said.started);
        let since = since.get(..19).unwrap_or(&since).replace('T', " ");
        let ago = self.ago.map(|ago| ago.as_secs_f64());
        let heading = match (self.goes_on, ago) {
            (Some(false), ago) => {
                let ago = ago.map(|ago| format!(" {} ago", span(ago))).unwrap_or_default();
                format!(
                    "`{name}` did not come to its end: process {process}, which began at {since} UTC, was killed. It was last \
                     heard of{ago}:"
                )
            }
            (None, _) => format!(
                "`{name}` goes on in process {process} since {since} UTC, or was killed: this file system has no locks to tell."
            ),
            (Some(true), ago) => {
                let taken = Some(said.seconds.0 + ago.unwrap_or_default()).filter(|seconds| *seconds >= 0.0);
                let taken = taken.map(|seconds| format!(" ({})", span(seconds))).unwrap_or_default();
                format!("`{name}` is under way: process {process}, since {since} UTC{taken}.")
            }
        };
        let mut text = format!("{heading}\n{}", under_way_text(said));
        let silent = self.ago.filter(|ago| *ago > SILENT && self.goes_on != Some(false));
        text.extend(silent.map(|ago| format!("  nothing has ended for {}\n", span(ago.as_secs_f64()))));
        if self.was_killed() {
            text.push_str("  the next `cargo omega test` continues it\n");
        }
        text
    }
}

/// What a run says of itself, if that can be read.
pub(crate) fn said(file: &Utf8Path) -> Option<UnderWay> {
    read_json::<UnderWay>(file).ok().filter(|said| said.schema_version == UnderWay::SCHEMA)
}

/// What the runs of a package say of themselves, those that somebody waits for in the folder of this name.
pub(crate) fn asked_for_in(package: &Utf8Path, asker: &str) -> Vec<UnderWay> {
    let folders = disk::folders(package).unwrap_or_default();
    let files =
        folders.into_iter().map(|folder: Utf8PathBuf| folder.join(UnderWay::FILE)).filter(|file| file.is_file());
    files.filter_map(|file| said(&file)).filter(|said| said.asker.as_deref() == Some(asker)).collect()
}
