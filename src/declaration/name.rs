//! Names that become parts of paths and of trial names.

/// What Windows takes for devices, whatever follows a point behind them; the last two with a digit.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "com", "lpt"];

/// Whether `name` can be the name of a calibration or a constraint: `[a-z0-9][a-z0-9_-]{0,63}`. A calibration has a folder and a
/// file of that name, so on every platform it has none that is a device on Windows.
///
/// # Errors
/// If not; a name is never changed to fit.
pub fn check_name(what: &'static str, name: &str) -> Result<(), NameError> {
    let first = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let rest = |c: char| first(c) || c == '_' || c == '-';
    let error = |expected| Err(NameError { what, name: name.to_owned(), expected });
    if name.len() > 64 || !name.starts_with(first) || !name.chars().all(rest) {
        return error("1 to 64 characters of `a-z`, `0-9`, `_` and `-`, the first a letter or digit");
    }
    if what == "calibration" && is_device(name) {
        return error("one that is no device on Windows, where no file can have it");
    }
    Ok(())
}

/// Whether a name in small letters, up to its first point, is a device on Windows.
pub(super) fn is_device(stem: &str) -> bool {
    let bare = stem.strip_suffix(|c: char| c.is_ascii_digit()).unwrap_or(stem);
    DEVICES.contains(&bare) && (bare == stem) != matches!(bare, "com" | "lpt")
}

/// A name that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what} name `{}` is not usable, expected {expected}", name.escape_debug())]
pub struct NameError {
    what: &'static str,
    name: String,
    expected: &'static str,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_could_leave_their_folder_or_their_line_are_refused() {
        for name in ["phantom", "sram-5", "0_a", "com", "con1", "conrad", &"a".repeat(64)] {
            assert_eq!(check_name("calibration", name), Ok(()), "{name}");
        }
        for name in ["", "..", "a/b", "A", "-a", "a b", "a\u{1b}[31m", "ä", &"a".repeat(65)] {
            assert!(check_name("calibration", name).is_err(), "{name}");
        }
        for name in ["con", "nul", "com1", "lpt9"] {
            let refused = check_name("calibration", name).map_err(|error| error.to_string());
            assert!(refused.is_err_and(|said| said.ends_with("where no file can have it")), "{name}");
            assert_eq!(check_name("constraint", name), Ok(()), "{name}");
        }
    }
}
