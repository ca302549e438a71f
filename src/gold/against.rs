//! What a change does to the committed files: lock and gold of a commit beside those of another.

use std::collections::BTreeMap;

use super::comparison::{Comparison, compare};
use super::store::digest;
use crate::artifacts::{GoldDocument, Ledger};
use crate::declaration::{Acceptance, Better, Direction, Lock, Tolerance, differences};

/// The committed files of one state of a workspace.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Committed {
    /// omega.lock; `None` if there is none.
    pub lock: Option<Lock>,
    /// The gold files, by calibration.
    pub gold: BTreeMap<String, GoldDocument>,
    /// The looks at every holdout.
    pub ledger: Ledger,
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
    /// A bar is higher.
    Tighter,
    /// Something else is asked.
    Other,
    /// A calibration or its gold is new.
    New,
}

impl ChangeKind {
    /// As shown.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Looser => Direction::Looser.name(),
            Self::Moved => Direction::Moved.name(),
            Self::Removed => "REMOVED",
            Self::Gold => "GOLD",
            Self::Tighter => Direction::Tighter.name(),
            Self::Other => Direction::Other.name(),
            Self::New => "new",
        }
    }

    /// Whether a kind of this name needs an approval from outside.
    pub fn fails_by_name(name: &str) -> bool {
        [Self::Looser, Self::Moved, Self::Removed, Self::Gold].iter().any(|kind| kind.name() == name)
    }

    /// Whether the change needs an approval from outside.
    pub const fn fails(self) -> bool {
        matches!(self, Self::Looser | Self::Moved | Self::Removed | Self::Gold)
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

/// Every change from `base` to `head`, those that need an approval first.
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
            (None, Some(_)) => push(ChangeKind::New, "calibration".to_owned()),
            (Some(_), None) => push(ChangeKind::Removed, "calibration (no longer in omega.lock)".to_owned()),
            (Some(before), Some(after)) => {
                for difference in differences(&before.fields, &after.fields) {
                    let kind = match difference.direction {
                        Direction::Looser => ChangeKind::Looser,
                        Direction::Moved => ChangeKind::Moved,
                        Direction::Tighter => ChangeKind::Tighter,
                        Direction::Other => ChangeKind::Other,
                    };
                    let shown = |value: Option<String>| value.unwrap_or_else(|| "(none)".to_owned());
                    push(kind, format!("{} {} -> {}", difference.key, shown(difference.old), shown(difference.new)));
                }
            }
        }
        match (base.gold.get(&name), head.gold.get(&name)) {
            (None, None) => {}
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
    let gone = base.ledger.looks().iter().filter(|look| !head.ledger.looks().contains(look));
    changes.extend(gone.map(|look| Change {
        kind: ChangeKind::Removed,
        calibration: look.calibration.clone(),
        text: format!("a look at the holdout, head {}", look.head.get(..12).unwrap_or(&look.head)),
    }));
    changes.sort_by_key(|change| !change.kind.fails());
    changes
}

/// The comparison without any tolerance: an accepted value is the same or it is not.
fn strictly(before: &GoldDocument, after: &GoldDocument) -> Comparison {
    let exact = Tolerance { absolute: 0.0, relative: 0.0, exact: true, better: Better::Neither };
    let params = before.params.0.iter().map(|(name, _)| format!("params.{name}"));
    let names = before.metrics.keys().cloned().chain(params);
    let tolerances = names.map(|name| (name, exact)).collect();
    compare(before, after, &Acceptance { tolerances, ..Acceptance::default() })
}

/// What stands for these changes when they are approved: SHA-256, hex, over those that need it, whatever their order.
/// Another value, or one change more, is another digest.
pub fn changes_digest(changes: &[Change]) -> String {
    let failing = changes.iter().filter(|change| change.kind.fails());
    let mut lines: Vec<String> =
        failing.map(|change| format!("{} {} {}\n", change.kind.name(), change.calibration, change.text)).collect();
    lines.sort();
    digest(&lines.concat())
}
