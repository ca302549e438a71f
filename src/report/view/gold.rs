//! A result beside gold, on its page.

use std::collections::HashMap;

use super::model::{GoldRow, Page};
use crate::gold::{Comparison, Outcome, Part};
use crate::report::escape::Text;

impl Page {
    /// Shows the result beside the accepted one.
    #[must_use]
    pub fn beside_gold(mut self, comparison: &Comparison) -> Self {
        let cell = |value: &Option<String>| Text::new(value.as_deref().unwrap_or("none"));
        let row = |row: &crate::gold::Row| GoldRow {
            name: Text::new(&row.name),
            gold: cell(&row.gold),
            new: cell(&row.new),
            delta: row.delta.map(Text::number).unwrap_or_default(),
            word: Text::new(match row.outcome {
                Outcome::Same => "same",
                Outcome::Within { .. } => "within tolerance",
                Outcome::Better => "better",
                Outcome::Added => "added",
                Outcome::Moved => "moved",
                Outcome::Worse => "worse",
                Outcome::NotANumber => "not a number",
                Outcome::Removed => "removed",
                Outcome::Unknown => "nobody has it",
            }),
            holds: !row.outcome.fails(),
            same: row.outcome == Outcome::Same,
        };
        self.gold = comparison.rows.iter().map(row).collect();
        let accepted = comparison.rows.iter().filter(|row| row.part == Part::Param);
        let accepted: HashMap<Text, Option<Text>> =
            accepted.map(|row| (Text::new(&row.name), row.gold.as_ref().map(Text::new))).collect();
        for param in self.selected.iter_mut().flat_map(|selected| &mut selected.params) {
            param.accepted = accepted.get(&param.name).cloned().flatten();
        }
        self
    }
}
