//! What a reader leaves out, counted.

use omega_lock::internals::artifacts::LeftOut;

/// What a file lacks that has nothing but texts, and what is done about it.
pub(crate) const TYPES: (&str, &str) =
    ("types of parameters", "the file has their texts only: a value is of the type that its text spells");

/// Counts by what was left out and why, in the order in which each was first met.
#[derive(Debug, Default)]
pub(crate) struct Tally(Vec<LeftOut>);

impl Tally {
    /// Counts some more; nothing is said about none.
    pub(crate) fn add(&mut self, what: &str, count: u64, why: &str) {
        if count == 0 {
            return;
        }
        match self.0.iter_mut().find(|found| found.what == what && found.why == why) {
            Some(found) => found.count += count,
            None => self.0.push(LeftOut { what: what.to_owned(), count, why: why.to_owned() }),
        }
    }

    /// Counts parameters of which the file has nothing but texts.
    pub(crate) fn add_types(&mut self, count: usize) {
        let (what, why) = TYPES;
        self.add(what, count as u64, why);
    }

    /// Everything that was counted.
    pub(crate) fn into_left_out(self) -> Vec<LeftOut> {
        self.0
    }
}
