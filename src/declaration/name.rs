//! Names that become parts of paths and of trial names.

/// Whether `name` can be the name of a calibration or a constraint: `[a-z0-9][a-z0-9_-]{0,63}`.
///
/// # Errors
/// If not; a name is never changed to fit.
pub fn check_name(what: &'static str, name: &str) -> Result<(), NameError> {
    let first = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let rest = |c: char| first(c) || c == '_' || c == '-';
    if name.len() <= 64 && name.starts_with(first) && name.chars().all(rest) {
        return Ok(());
    }
    Err(NameError { what, name: name.to_owned() })
}

/// A name that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{what} name `{}` is not usable, expected 1 to 64 characters of `a-z`, `0-9`, `_` and `-`, the first a letter or digit",
    name.escape_debug()
)]
pub struct NameError {
    what: &'static str,
    name: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_could_leave_their_folder_or_their_line_are_refused() {
        for name in ["phantom", "sram-5", "0_a", &"a".repeat(64)] {
            assert_eq!(check_name("calibration", name), Ok(()), "{name}");
        }
        for name in ["", "..", "a/b", "A", "-a", "a b", "a\u{1b}[31m", "ä", &"a".repeat(65)] {
            assert!(check_name("calibration", name).is_err(), "{name}");
        }
    }
}
