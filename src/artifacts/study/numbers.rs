//! Numbers of trials: a tool gives each once.

use std::collections::BTreeMap;

/// The numbers that were met, as runs of neighbours: trials mostly come in order, and there may be millions.
#[derive(Debug, Clone, Default)]
pub struct TrialNumbers {
    /// The last number of each run, by its first.
    runs: BTreeMap<u64, u64>,
}

impl TrialNumbers {
    /// Takes a number.
    ///
    /// # Errors
    /// If it was met before: what is wrong, in words.
    pub fn take(&mut self, number: u64) -> Result<(), String> {
        let before = self.runs.range(..=number).next_back().map(|(first, last)| (*first, *last));
        if before.is_some_and(|(_, last)| last >= number) {
            return Err(format!("two trials have the number {number}"));
        }
        let first = before.filter(|(_, last)| last.checked_add(1) == Some(number)).map_or(number, |(first, _)| first);
        let behind = number.checked_add(1).and_then(|next| self.runs.remove(&next));
        self.runs.insert(first, behind.unwrap_or(number));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_taken_once_in_any_order() {
        for step in [1, 7, 37, 99] {
            let mut numbers = TrialNumbers::default();
            let order: Vec<u64> = (0..100).map(|place| place * step % 100).collect();
            assert!(order.iter().all(|number| numbers.take(*number).is_ok()), "{order:?}");
            assert_eq!(numbers.runs, BTreeMap::from([(0, 99)]), "neighbours are one run");
            assert!(order.iter().all(|number| numbers.take(*number).is_err()));
        }
        let mut numbers = TrialNumbers::default();
        assert!([u64::MAX, 0, u64::MAX - 1].into_iter().all(|number| numbers.take(number).is_ok()));
        assert_eq!(numbers.take(u64::MAX), Err("two trials have the number 18446744073709551615".to_owned()));
    }
}
