//! What a change does: the accepted files of a commit beside what a checkout declares and its gold.

use std::collections::{BTreeMap, BTreeSet};
use std::time::SystemTime;

use super::comparison::{Comparison, compare};
use super::standing::{is_ahead, newest, timed};
use super::store::digest;
use crate::artifacts::{GoldDocument, HistoryEntry, Ledger, Look, lost_lines};
use crate::declaration::{Acceptance, Better, Difference, Direction, Lock, Tolerance, differences};

/// What one state of a workspace has accepted, or declares.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Committed {
    /// omega.lock, or what the workspace declares as it would stand there; `None` if there is none.
    pub lock: Option<Lock>,
    /// The gold files, by calibration.
    pub gold: BTreeMap<String, GoldDocument>,
    /// The looks at every holdout.
    pub ledger: Ledger,
    /// The lines of the histories beside the gold, by their path.
    pub history: BTreeMap<String, Vec<String>>,
}

impl Committed {
    /// Whether a calibration may be rechecked here, so that the lines of its history say until when.
    fn rechecks(&self, calibration: &str) -> bool {
        let entry = self.lock.as_ref().and_then(|lock| lock.entry(calibration));
        entry.is_some_and(|entry| entry.value("recheck.max_age_days").is_some())
    }

    /// The newest line about a calibration, if there is one and no line is damaged.
    fn newest(&self, calibration: &str) -> Option<HistoryEntry> {
        newest(calibration, &self.history.values().flatten().cloned().collect::<Vec<_>>()).ok().flatten()
    }
}

/// What a change does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangeKind {
    /// A bar is lower.
    Looser,
    /// What a bar is measured against is another one.
    Moved,
    /// A calibration, its lock or its gold is no longer there.
    Removed,
    /// An accepted value is another one.
    Gold,
    /// A bar is lower than it is by now where this change shall go.
    Behind,
    /// The history says that somebody searched, which lets others recheck, and nothing shows that search.
    Unsearched,
    /// A bar is higher.
    Tighter,
    /// Something else is asked.
    Other,
    /// A calibration or its gold is new.
    New,
}

impl ChangeKind {
    /// Every kind, those that fail first.
    pub const ALL: [Self; 9] = [
        Self::Looser,
        Self::Moved,
        Self::Removed,
        Self::Gold,
        Self::Behind,
        Self::Unsearched,
        Self::Tighter,
        Self::Other,
        Self::New,
    ];

    /// As shown.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Looser => Direction::Looser.name(),
            Self::Moved => Direction::Moved.name(),
            Self::Removed => "REMOVED",
            Self::Gold => "GOLD",
            Self::Behind => "BEHIND",
            Self::Unsearched => "UNSEARCHED",
            Self::Tighter => Direction::Tighter.name(),
            Self::Other => Direction::Other.name(),
            Self::New => "new",
        }
    }

    /// Whether a kind of this name fails.
    pub fn fails_by_name(name: &str) -> bool {
        Self::ALL.iter().any(|kind| kind.fails() && kind.name() == name)
    }

    /// Whether the change fails: it needs an approval from outside, a merge, or a search.
    pub const fn fails(self) -> bool {
        matches!(self, Self::Looser | Self::Moved | Self::Removed | Self::Gold | Self::Behind | Self::Unsearched)
    }
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Change {
    /// What it does.
    pub kind: ChangeKind,
    /// Name of the calibration.
    pub calibration: String,
    /// What changed, on one line.
    pub text: String,
}

impl Change {
    /// A change.
    pub fn new(kind: ChangeKind, calibration: &str, text: impl Into<String>) -> Self {
        Self { kind, calibration: calibration.to_owned(), text: text.into() }
    }
}

/// What the own omega.lock of a checkout changes beside what is declared. Where `lock` is off nothing holds it against that,
/// and it is the base of whoever comes next.
pub fn relocked(base: &Committed, declared: &Lock, own: Option<&Lock>) -> Vec<Change> {
    let mut changes = Vec::new();
    // One that nothing declares is told already.
    for declared in declared.entries() {
        let name = &declared.calibration;
        let was = base.lock.as_ref().and_then(|lock| lock.entry(name));
        let Some(after) = own.and_then(|own| own.entry(name)) else {
            changes.extend(was.map(|_| Change::new(ChangeKind::Removed, name, "entry of omega.lock")));
            continue;
        };
        let before = was.unwrap_or(declared);
        let told = differences(&before.fields, &declared.fields);
        let found = differences(&before.fields, &after.fields).into_iter().filter(|found| !told.contains(found));
        changes.extend(found.map(|found| {
            let (kind, text) = field(&found);
            Change::new(kind, name, format!("{text} in omega.lock"))
        }));
    }
    changes
}

/// A field that differs, as a change.
fn field(difference: &Difference) -> (ChangeKind, String) {
    let kind = match difference.direction {
        Direction::Looser => ChangeKind::Looser,
        Direction::Moved => ChangeKind::Moved,
        Direction::Tighter => ChangeKind::Tighter,
        Direction::Other => ChangeKind::Other,
    };
    let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "(none)".to_owned());
    (kind, format!("{} {} -> {}", difference.key, shown(&difference.old), shown(&difference.new)))
}

/// What a checkout has accepted and nothing in it declares: an entry of its omega.lock, or a gold file. What `base` has
/// accepted is left to [`changes`].
pub fn undeclared(declared: &Lock, base: &Committed, own: Option<&Lock>, gold: &[String]) -> Vec<Change> {
    let nobody = |name: &&str| declared.entry(name).is_none();
    let removed = |name: &str, what: &str| {
        Change::new(ChangeKind::Removed, name, format!("{what} (nothing in the workspace declares it)"))
    };
    let known = |name: &&str| base.lock.as_ref().is_some_and(|lock| lock.entry(name).is_some());
    let locked = own.map_or(&[][..], Lock::entries).iter().map(|entry| entry.calibration.as_str());
    let mut changes: Vec<Change> =
        locked.filter(nobody).filter(|name| !known(name)).map(|name| removed(name, "entry of omega.lock")).collect();
    let gold = gold.iter().map(String::as_str).filter(|name| !base.gold.contains_key(*name));
    changes.extend(gold.filter(nobody).map(|name| removed(name, "gold")));
    changes
}

/// Every bar that is lower in `declared` than at `tip`, where it was raised since `merge_base`.
pub fn behind(merge_base: &Committed, tip: &Committed, declared: &Lock) -> Vec<(String, Difference)> {
    let mut all = Vec::new();
    for before in tip.lock.as_ref().map_or(&[][..], Lock::entries) {
        let Some(after) = declared.entry(&before.calibration) else { continue };
        let was = merge_base.lock.as_ref().and_then(|lock| lock.entry(&before.calibration));
        let raised = |key: &str| was.and_then(|entry| entry.value(key)) != before.value(key);
        let lower = differences(&before.fields, &after.fields).into_iter();
        let lower = lower.filter(|found| found.direction == Direction::Looser && raised(&found.key));
        all.extend(lower.map(|difference| (before.calibration.clone(), difference)));
    }
    all
}

/// Every change from what `base` has accepted to what `head` declares and has accepted, those that fail first.
pub fn changes(base: &Committed, head: &Committed) -> Vec<Change> {
    let mut changes = Vec::new();
    let empty = Lock::default();
    let (old, new) = (base.lock.as_ref().unwrap_or(&empty), head.lock.as_ref().unwrap_or(&empty));
    let names = |lock: &Lock| lock.entries().iter().map(|entry| entry.calibration.clone()).collect::<Vec<_>>();
    let mut all =
        [names(old), names(new), base.gold.keys().cloned().collect(), head.gold.keys().cloned().collect()].concat();
    all.sort();
    all.dedup();
    for name in all {
        let mut push = |kind, text: String| changes.push(Change { kind, calibration: name.clone(), text });
        match (old.entry(&name), new.entry(&name)) {
            (None, None) => {}
            (None, Some(_)) if base.lock.is_none() => push(
                ChangeKind::New,
                "calibration (the base has no omega.lock; `cargo omega lock` writes one)".to_owned(),
            ),
            (None, Some(_)) => push(ChangeKind::New, "calibration".to_owned()),
            (Some(_), None) => {
                push(ChangeKind::Removed, "calibration (nothing in the workspace declares it)".to_owned())
            }
            (Some(before), Some(after)) => {
                for difference in differences(&before.fields, &after.fields) {
                    let (kind, mut text) = field(&difference);
                    if kind.fails() && before.text("lock").as_deref() == Some("off") {
                        text.push_str(" (lock is off in the base; `cargo omega lock` brings its entry up to date)");
                    }
                    push(kind, text);
                }
            }
        }
        match (base.gold.get(&name), head.gold.get(&name)) {
            (None, None) => {}
            // A base that requires gold and has none was not green: what it had is gone, or nobody ever accepted it.
            (None, Some(_)) if old.entry(&name).and_then(|entry| entry.text("gold")).as_deref() == Some("required") => {
                push(ChangeKind::Gold, "(none) -> accepted (the base requires gold and has none)".to_owned())
            }
            (None, Some(_)) => push(ChangeKind::New, "gold".to_owned()),
            (Some(_), None) => push(ChangeKind::Removed, "gold".to_owned()),
            (Some(before), Some(after)) => {
                for row in strictly(before, after).rows.iter().filter(|row| !row.outcome.is_quiet()) {
                    let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "(none)".to_owned());
                    push(ChangeKind::Gold, format!("{} {} -> {}", row.name, shown(&row.gold), shown(&row.new)));
                }
            }
        }
    }
    let told = |kind, look: &Look| Change { kind, calibration: look.calibration.clone(), text: look.named() };
    changes.extend(base.ledger.lost_in(&head.ledger).into_iter().map(|look| told(ChangeKind::Removed, look)));
    changes.extend(head.ledger.new_since(&base.ledger).map(|look| told(ChangeKind::New, look)));
    changes.extend(rewritten(base, head));
    changes.sort_by_key(|change| !change.kind.fails());
    changes
}

/// What of the histories is lost, and what is new. One that moved with its gold is held against all that is there.
fn rewritten(base: &Committed, head: &Committed) -> Vec<Change> {
    let everything = |state: &Committed| state.history.values().flatten().cloned().collect::<Vec<_>>();
    let (before, after) = (everything(base), everything(head));
    let told = |kind, path: &str, line: &str| {
        let (digest, entry) = (digest(line), serde_json::from_str::<HistoryEntry>(line).ok());
        let reason = entry.as_ref().map_or_else(String::new, |entry| format!(": {:?}", entry.reason));
        let calibration = entry.as_ref().map_or(path, |entry| &entry.calibration).escape_debug().to_string();
        let text = format!("a line of `{path}`, {}{reason}", digest.get(..12).unwrap_or(&digest));
        Change { kind, calibration, text }
    };
    let mut changes = Vec::new();
    for (path, lines) in &base.history {
        let lost = lost_lines(lines, head.history.get(path).unwrap_or(&after));
        changes.extend(lost.iter().filter_map(|at| lines.get(*at)).map(|line| told(ChangeKind::Removed, path, line)));
    }
    for (path, lines) in &head.history {
        let new = lines.iter().filter(|line| !before.contains(line) && !line.trim().is_empty());
        changes.extend(new.map(|line| {
            let change = told(ChangeKind::New, path, line);
            // A recheck rests on such lines, so that it cannot vouch for one.
            let kind = if base.rechecks(&change.calibration) { ChangeKind::Unsearched } else { ChangeKind::New };
            Change { kind, ..change }
        }));
    }
    changes
}

/// Whether the lines that `head` brings to the histories may stand there: none lies in the future of `now`, and what the base
/// rechecks has the gold file that its newest line is about. `digests` are those of the gold files of `head`. The inner error
/// says which line may not.
///
/// # Errors
/// If a new line is damaged; the text names it.
pub fn brought(
    base: &Committed,
    head: &Committed,
    digests: &BTreeMap<String, String>,
    now: SystemTime,
) -> Result<Result<(), String>, String> {
    let before: BTreeSet<&String> = base.history.values().flatten().collect();
    for (path, lines) in &head.history {
        let new = lines.iter().zip(1..).filter(|(line, _)| !before.contains(line) && !line.trim().is_empty());
        for (line, number) in new {
            let damaged = |problem| format!("`{path}` line {number} is damaged: {problem}");
            let entry: HistoryEntry = serde_json::from_str(line).map_err(|error| damaged(error.to_string()))?;
            if is_ahead(timed(&entry).map_err(damaged)?, now) {
                let (name, when) = (entry.calibration.escape_debug(), &entry.when);
                return Ok(Err(format!(
                    "`{path}` line {number} says that `{name}` was accepted at {when}, which is in the future\nhelp: take that \
                     line out, and nothing else; if the clock of this machine is wrong, set it"
                )));
            }
        }
    }
    for (name, digest) in digests.iter().filter(|(name, _)| base.rechecks(name)) {
        let newest = head.newest(name);
        if let Some(newest) =
            newest.filter(|newest| newest.new != *digest && base.newest(name).as_ref() != Some(newest))
        {
            let day = newest.when.get(..10).unwrap_or_default();
            return Ok(Err(format!(
                "the gold file of `{name}` is not the one that a new line of its history says was accepted on {day}\nhelp: take \
                 the line out; if the gold file is right, delete it and run `cargo omega update-gold {name}`"
            )));
        }
    }
    Ok(Ok(()))
}

/// The comparison without any tolerance: an accepted value is the same or it is not.
fn strictly(before: &GoldDocument, after: &GoldDocument) -> Comparison {
    let exact = Tolerance { absolute: 0.0, relative: 0.0, exact: true, better: Better::Neither };
    let params = before.params.0.iter().map(|(name, _)| format!("params.{name}"));
    let names = before.metrics.keys().cloned().chain(params);
    let tolerances = names.map(|name| (name, exact)).collect();
    compare(before, after, &Acceptance { tolerances, ..Acceptance::default() })
}

/// What stands for these changes when they are approved: SHA-256, hex, over all that is listed, whatever its order.
/// Another value, or one change more, is another digest, also where that one would need no approval by itself.
pub fn changes_digest(changes: &[Change]) -> String {
    let mut lines: Vec<String> = changes
        .iter()
        .map(|change| format!("{} {} {}\n", change.kind.name(), change.calibration, change.text))
        .collect();
    lines.sort();
    digest(&lines.concat())
}
