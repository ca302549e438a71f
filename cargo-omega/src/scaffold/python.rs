//! What `init --python` makes beside what every project gets.

use super::{TABLE, with_lines, with_table};

const EXAMPLE: &str = include_str!("../../templates/calibration.py");
const WORKER: &str = include_str!("../../templates/worker.toml");

/// What a run and Python leave behind.
const IGNORED: [&str; 3] = ["/target/", "/.venv/", "__pycache__/"];

/// calibration.py; the name of the calibration stands in omega.toml alone.
pub(crate) fn example_in_python() -> String {
    EXAMPLE.to_owned()
}

/// omega.toml with tables for the example; `None` if it has one. What is there stays as it is written.
///
/// # Errors
/// If the file is no TOML, with the parser's words.
pub(crate) fn declaration_for_python(there: Option<&str>, name: &str) -> Result<Option<String>, String> {
    with_table(there, name, &format!("{TABLE}\n{WORKER}"))
}

/// .gitignore with what nobody commits; `None` if it says so already.
pub(crate) fn ignored(there: Option<&str>) -> Option<String> {
    let bare = |line: &str| line.trim().trim_matches('/').to_owned();
    let said: Vec<String> = there.unwrap_or_default().lines().map(bare).collect();
    with_lines(there, IGNORED.into_iter().filter(|line| !said.contains(&bare(line))).map(str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_ignored_already_is_not_said_twice_however_it_is_spelt() {
        assert_eq!(ignored(None).as_deref(), Some("/target/\n/.venv/\n__pycache__/\n"));
        assert_eq!(ignored(Some("target\n.venv/")).as_deref(), Some("target\n.venv/\n__pycache__/\n"));
        assert_eq!(ignored(ignored(None).as_deref()), None);
    }
}
