//! Files by patterns, as omega.toml and code name them.

use std::fs;
use std::path::{Component, Path, PathBuf};

/// Where Python keeps what it compiled: written by a run, so that nothing could ever be continued.
const COMPILED: &str = "__pycache__";

/// Marks a folder of what can be made again: cargo's target directory, in which a run writes.
const CACHE: &str = "CACHEDIR.TAG";

/// What stands for any folders.
const ANY: &str = "**";

/// As shells do: `*` is no folder's border, and what is hidden is named.
pub(super) const OPTIONS: glob::MatchOptions =
    glob::MatchOptions { case_sensitive: true, require_literal_separator: true, require_literal_leading_dot: true };

/// The files that a pattern finds from a folder on, in the order of their paths: those in the folder by their paths in it, with
/// `/`. `**` leads into no link, which may lead back up, and into no folder of what can be made again.
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
    let no_pattern = |error: glob::PatternError| format!("which is no pattern: {}", error.msg);
    glob::Pattern::new(pattern).map_err(no_pattern)?;
    let parts: Vec<&str> = pattern.split('/').collect();
    let (head, below) = parts.split_at(parts.iter().position(|part| *part == ANY).unwrap_or(parts.len()));
    let paths = match (head, below) {
        ([] | [""], [_, ..]) => vec![if head.is_empty() { folder.to_owned() } else { PathBuf::from("/") }],
        _ => glob::glob_with(&format!("{start}{}", head.join("/")), OPTIONS)
            .map_err(no_pattern)?
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| format!("and {error}"))?,
    };
    let mut all = paths;
    if !below.is_empty() {
        let wanted = glob::Pattern::new(&below.join("/")).map_err(no_pattern)?;
        let hidden = below.iter().any(|part| part.starts_with('.'));
        let mut inside = Vec::new();
        for root in all.iter().filter(|root| root.as_os_str().is_empty() || root.is_dir()) {
            walk(root, &wanted, hidden, &mut inside)?;
        }
        all = inside;
    }
    let mut files = Vec::new();
    for path in all {
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

/// Adds the files below a folder whose paths from there on are wanted. A link to a file is one; a link to a folder is not looked
/// into.
fn walk(root: &Path, wanted: &glob::Pattern, hidden: bool, files: &mut Vec<PathBuf>) -> Result<(), String> {
    let mut folders = vec![PathBuf::new()];
    while let Some(below) = folders.pop() {
        let folder = root.join(&below);
        let shown = if folder.as_os_str().is_empty() { Path::new(".") } else { &folder };
        let unread = |error: std::io::Error| format!("and `{}` could not be looked into: {error}", shown.display());
        for entry in fs::read_dir(shown).map_err(unread)? {
            let entry = entry.map_err(unread)?;
            let (name, kind) = (entry.file_name(), entry.file_type().map_err(unread)?);
            let path = below.join(&name);
            if name.to_str().is_some_and(|name| name.starts_with('.') && !hidden) {
                continue;
            }
            if kind.is_dir() {
                if name != COMPILED && !entry.path().join(CACHE).is_file() {
                    folders.push(path);
                }
            } else if wanted.matches_path_with(&path, OPTIONS) {
                files.push(root.join(path));
            }
        }
    }
    Ok(())
}
