//! Whether one trail is a later state of another.

use camino::Utf8Path;

use super::VerifyError;
use crate::artifacts::{Anchor, DamageKind, TrailReadError, TrailReader};
use crate::regular_file::open_regular_file;

/// How a trail stands to an earlier state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Extension {
    /// They are equal.
    Same,
    /// It begins with every row of the earlier one and has this many more.
    Appended(u64),
    /// It has fewer rows; as far as they go they are those of the earlier one.
    Cut(u64),
    /// From this row on, counted from 0, they are different.
    Fork(u64),
}

/// How the trail at `path` stands to the one at `earlier`.
///
/// Two trails with equal digests in one row are equal up to it, so that the first difference is found by digests alone.
///
/// # Errors
/// If one of them cannot be read or is damaged.
pub fn extension(path: &Utf8Path, earlier: &Utf8Path) -> Result<Extension, VerifyError> {
    let mut new = TrailReader::new(open_regular_file(path)?);
    let mut old = TrailReader::new(open_regular_file(earlier)?);
    let mut row = 0;
    let mut fork = None;
    let (mut new_rows, mut old_rows) = (0, 0);
    // Both are read to their ends: what is said of a damaged trail is worth nothing.
    loop {
        let new_row = next(&mut new, path)?;
        let old_row = next(&mut old, earlier)?;
        new_rows += u64::from(new_row.is_some());
        old_rows += u64::from(old_row.is_some());
        match (new_row, old_row) {
            (None, None) => break,
            (Some(new), Some(old)) if new != old => fork = fork.or(Some(row)),
            _ => {}
        }
        row += 1;
    }
    Ok(match fork {
        Some(row) => Extension::Fork(row),
        None if new_rows == old_rows => Extension::Same,
        None if new_rows > old_rows => Extension::Appended(new_rows - old_rows),
        None => Extension::Cut(old_rows - new_rows),
    })
}

/// The anchor behind the next row; none at the end, or where a piece of a row is left.
fn next<R: std::io::BufRead>(reader: &mut TrailReader<R>, path: &Utf8Path) -> Result<Option<Anchor>, VerifyError> {
    match reader.next_body() {
        Ok(Some(_)) => Ok(Some(reader.anchor())),
        Ok(None) => Ok(None),
        Err(TrailReadError::Damage(damage)) if damage.kind == DamageKind::Torn && damage.row > 0 => Ok(None),
        Err(error) => Err(VerifyError::of(path, error)),
    }
}
