//! Files by patterns, as omega.toml and code name them.

use std::path::{Component, Path, PathBuf};

/// Where Python keeps what it compiled: written by a run, so that nothing could ever be continued.
const COMPILED: &str = "__pycache__";

/// As shells do: `*` is no folder's border, and what is hidden is named.
pub(super) const OPTIONS: glob::MatchOptions =
    glob::MatchOptions { case_sensitive: true, require_literal_separator: true, require_literal_leading_dot: true };

/// The files that a pattern finds from a folder on, in the order of their paths: those in the folder by their paths in it, with
/// `/`.
///
/// # Errors
/// If it is no pattern, a folder cannot be looked into, or a name is not UTF-8.
pub(crate) fn found(folder: &Path, pattern: &str) -> Result<Vec<(String, PathBuf)>, String> {
    let start = match folder.to_str() {
        Some("") => String::new(),
        Some(_) if Path::new(pattern).is_absolute() => String::new(),
        Some(folder) => glob::Pattern::escape(folder) + "/",
        None => return Err("and its folder is not UTF-8".to_owned()),
    };
    let paths = glob::glob_with(&format!("{start}{pattern}"), OPTIONS)
        .map_err(|error| format!("which is no pattern: {}", error.msg))?;
    let mut files = Vec::new();
    for path in paths {
        let path = path.map_err(|error| error.to_string())?;
        let shown = path.strip_prefix(folder).unwrap_or(&path);
        if shown.components().any(|part| part == Component::Normal(COMPILED.as_ref())) || path.is_dir() {
            continue;
        }
        let shown = shown.to_str().ok_or("which matches a file whose name is not UTF-8")?.replace('\\', "/");
        files.push((shown, path));
    }
    files.sort();
    Ok(files)
}
