//! Whether what was accepted still stands, so that it may be rechecked instead of searched for again.

use std::time::{Duration, SystemTime};

use serde::Deserialize as _;
use serde_json::Value;

use super::store::{HISTORY, digest};
use crate::artifacts::{GoldDocument, HistoryEntry};
use crate::declaration::{Declaration, LockEntry, differences};
use crate::number::general;

/// How far the clocks of two machines may be apart.
const CLOCKS: Duration = Duration::from_secs(300);

const DAY: f64 = 86_400.0;

/// What a checkout, or a commit, has accepted of a calibration.
#[derive(Debug, Clone, Copy)]
pub struct Standing<'s> {
    /// Whose it is, as shown: `this checkout`, `HEAD^1`.
    pub whose: &'s str,
    /// The entry of its omega.lock.
    pub locked: Option<&'s LockEntry>,
    /// Its gold.
    pub gold: Option<&'s GoldDocument>,
    /// The lines of its history.
    pub history: &'s [String],
}

/// The newest line of a history about a calibration; of several of one moment the last. `None` if there is none.
///
/// # Errors
/// If a line is none, or its moment is no time; the text names it.
pub fn newest(calibration: &str, lines: &[String]) -> Result<Option<HistoryEntry>, String> {
    let mut newest: Option<(SystemTime, HistoryEntry)> = None;
    for (line, number) in lines.iter().zip(1..).filter(|(line, _)| !line.trim().is_empty()) {
        let damaged = |problem| format!("{HISTORY} line {number} is damaged: {problem}");
        let value: Value = serde_json::from_str(line).map_err(|error| damaged(error.to_string()))?;
        // A line about another one is no reason to say nothing of this one.
        if value.get("calibration").and_then(Value::as_str).is_some_and(|other| other != calibration) {
            continue;
        }
        let entry = HistoryEntry::deserialize(value).map_err(|error| damaged(error.to_string()))?;
        let when = timed(&entry).map_err(damaged)?;
        if newest.as_ref().is_none_or(|(known, _)| when >= *known) {
            newest = Some((when, entry));
        }
    }
    Ok(newest.map(|(_, entry)| entry))
}

/// The lines of a history about a calibration.
pub fn lines_about<'l>(calibration: &str, lines: &'l [String]) -> impl Iterator<Item = &'l String> {
    lines.iter().filter(move |line| {
        let value: Option<Value> = serde_json::from_str(line).ok();
        value.and_then(|value| Some(value.get("calibration")?.as_str()? == calibration)).unwrap_or(false)
    })
}

/// Whether a line of a history lies in the future of `now`, further than clocks are apart. As the newest line it would stay that
/// until then, whatever is searched meanwhile.
pub(super) fn is_ahead(when: SystemTime, now: SystemTime) -> bool {
    when.duration_since(now).is_ok_and(|ahead| ahead > CLOCKS)
}

/// The first line about a calibration that lies in the future of `now`: its number, from 1, and its `when`.
pub(super) fn ahead(calibration: &str, lines: &[String], now: SystemTime) -> Option<(usize, String)> {
    lines.iter().zip(1..).find_map(|(line, number)| {
        let entry: HistoryEntry = serde_json::from_str(line).ok()?;
        let late = entry.calibration == calibration && is_ahead(moment(&entry)?, now);
        late.then_some((number, entry.when))
    })
}

/// The moment of a line.
///
/// # Errors
/// If it is no time; the text says what it is.
pub(super) fn timed(entry: &HistoryEntry) -> Result<SystemTime, String> {
    moment(entry).ok_or_else(|| {
        let found = entry.when.escape_debug();
        format!("`when` is `{found}`, expected such as 2026-11-20T14:05:09Z")
    })
}

fn moment(entry: &HistoryEntry) -> Option<SystemTime> {
    humantime::parse_rfc3339(&entry.when).ok()
}

impl Standing<'_> {
    /// When the search was accepted or confirmed last, whose result `text` is, the gold of the checkout. The inner error says why
    /// a recheck will not do: something differs, did not pass, or is too old at `now`.
    ///
    /// # Errors
    /// If the history is damaged; the text says where.
    pub fn of(&self, declared: &Declaration, text: &str, now: SystemTime) -> Result<Result<String, String>, String> {
        let Self { whose, locked, gold, history } = *self;
        let found = digest(text);
        let Some(newest) = newest(&declared.name, history)? else {
            return Ok(Err(format!("{HISTORY} of {whose} has no line about it")));
        };
        Ok(self.differs(declared, locked, gold, text).and_then(|()| {
            if newest.new != found {
                return Err(format!(
                    "the gold file is not the one that {HISTORY} of {whose} says was accepted on {}",
                    day(&newest.when)
                ));
            }
            let Some(age) = moment(&newest).map(|when| now.duration_since(when)) else {
                return Err(format!("{HISTORY} of {whose} has no time"));
            };
            let days = match age {
                Ok(age) => age.as_secs_f64() / DAY,
                Err(ahead) if ahead.duration() <= CLOCKS => 0.0,
                Err(_) => {
                    let when = &newest.when;
                    return Err(format!(
                        "{HISTORY} of {whose} says {when}, which is in the future: one of the clocks is wrong, or that line \
                         has to go"
                    ));
                }
            };
            let most = declared.acceptance.recheck_max_age_days.unwrap_or(0);
            if days > most as f64 {
                let days = general((days * 10.0).floor() / 10.0, 6);
                return Err(format!(
                    "the last search that {whose} knows was {days} days ago, on {}; `recheck.max_age_days` is {most}",
                    day(&newest.when)
                ));
            }
            Ok(newest.when)
        }))
    }

    /// What differs of what is declared, and of the gold file.
    fn differs(
        &self,
        declared: &Declaration,
        locked: Option<&LockEntry>,
        gold: Option<&GoldDocument>,
        text: &str,
    ) -> Result<(), String> {
        let whose = self.whose;
        let Some(locked) = locked else { return Err(format!("omega.lock of {whose} has no entry for it")) };
        let fields = declared.fields();
        if let Some(difference) = differences(&locked.fields, &fields).first() {
            return Err(format!("it is declared otherwise than in omega.lock of {whose}: {difference}"));
        }
        let Some(gold) = gold else { return Err(format!("{whose} has no gold of it")) };
        let own = GoldDocument::parse(text).map_err(|problem| format!("the gold file cannot be read: {problem}"))?;
        if *gold != own {
            return Err(format!("gold is another one than that of {whose}"));
        }
        if gold.verdict != "PASS" {
            return Err(format!("what was accepted did not pass: its verdict is {}", gold.verdict));
        }
        if gold.declaration_digest != declared.digest() {
            return Err(
                "gold was accepted under another declaration; `cargo omega update-gold` accepts it under this one"
                    .to_owned(),
            );
        }
        Ok(())
    }
}

/// The day of a moment, as `2026-11-20`.
fn day(when: &str) -> &str {
    when.get(..10).unwrap_or(when)
}
