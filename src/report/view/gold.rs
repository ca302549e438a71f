//! A result beside gold, on its page.

use super::model::{GoldRow, Page};
use crate::gold::{Comparison, Outcome};
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
        self
    }
}
