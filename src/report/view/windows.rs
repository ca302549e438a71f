//! The windows of a run, one beside the other: what each found, what that gained, and whether the winners' parameters wander.

use super::model::Page;
use crate::artifacts::{PassEntry, RunResult, WindowGainEntry};
use crate::number::general;
use crate::report::escape::Text;

/// Digits of a gain, which is an estimate.
const DIGITS: usize = 4;

/// One window.
#[derive(Debug, Clone)]
pub(in crate::internals::report) struct WindowRow {
    /// Its number, from 1.
    pub(in crate::internals::report) number: u64,
    /// The candidate that it selected, and of how many.
    pub(in crate::internals::report) winner: Text,
    /// The gain that counts; `none` where it could not be computed.
    pub(in crate::internals::report) gain: Text,
    /// What that is the smaller of.
    pub(in crate::internals::report) of: Text,
}

/// A parameter over all windows.
#[derive(Debug, Clone)]
pub(in crate::internals::report) struct Wander {
    /// The parameter.
    pub(in crate::internals::report) name: Text,
    /// Its value in each window's winner, in order; empty where there is none.
    pub(in crate::internals::report) values: Vec<Text>,
    /// How many different values that are.
    pub(in crate::internals::report) distinct: usize,
}

impl Page {
    pub(super) fn take_windows(&mut self, result: &RunResult) {
        if result.pipeline() != "windows" {
            return;
        }
        let gains = result.ending.windows.as_ref().map(|windows| windows.gains.as_slice()).unwrap_or_default();
        let row = |(place, pass): (usize, &PassEntry)| {
            let gain = gains.get(place).copied().flatten();
            let selected = pass.selected.as_ref();
            WindowRow {
                number: place as u64 + 1,
                winner: Text::new(
                    selected
                        .map_or_else(|| "none".to_owned(), |best| format!("#{} of {}", best.index, pass.searched())),
                ),
                gain: Text::new(gain.map_or_else(|| "none".to_owned(), |gain| general(gain.counts(), DIGITS))),
                of: Text::new(gain.map(of).unwrap_or_default()),
            }
        };
        self.windows = result.passes.iter().enumerate().map(row).collect();
        let unlocked = |name: &String| result.passes.iter().any(|pass| pass.unlocked.contains(name));
        let wander = |name: &String| {
            let value = |pass: &PassEntry| {
                let found = pass.selected.iter().flat_map(|best| &best.params.0).find(|(known, _)| known == name);
                Text::new(found.map(|(_, value)| value.to_string()).unwrap_or_default())
            };
            let values: Vec<Text> = result.passes.iter().map(value).collect();
            let mut distinct: Vec<&str> = values.iter().map(Text::as_str).filter(|value| !value.is_empty()).collect();
            distinct.sort_unstable();
            distinct.dedup();
            Wander { name: Text::new(name), distinct: distinct.len(), values }
        };
        let names = result.space.iter().map(|entry| &entry.name);
        self.wander = names.filter(|name| unlocked(name)).map(wander).collect();
    }
}

fn of(gain: WindowGainEntry) -> String {
    let [baseline, draws] = [gain.over_baseline, gain.over_draws].map(|gain| general(gain.0, DIGITS));
    format!("{baseline} over its baseline, {draws} over {} fresh draws", gain.draws)
}
