//! One line of a comparison.

use crate::artifacts::DiffRow;
use crate::declaration::Difference;

/// A field of a declaration that differs; one that needs an approval is a step back.
pub(super) fn declared_row(prefix: &str, difference: Difference) -> DiffRow {
    let Difference { key, old, new, direction } = difference;
    let regressed = direction.needs_approval();
    DiffRow { regressed, ..row("declared", &format!("{prefix}{key}"), (old, new), direction.name()) }
}

/// One thing that differs and is no step back.
pub(super) fn row(section: &str, name: &str, (before, after): (Option<String>, Option<String>), word: &str) -> DiffRow {
    let (section, name, word) = (section.to_owned(), name.to_owned(), word.to_owned());
    DiffRow { section, name, before, after, delta: None, word, regressed: false }
}
