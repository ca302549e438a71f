//! The repository: its root and the files git tracks in it.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::source::Source;

/// The text of a file of the repository; what is no UTF-8 in it is replaced.
pub(crate) fn text(path: &str) -> String {
    let path = root().join(path);
    let bytes = fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Every file git tracks, by its path from the root; a scratch file that somebody has lying about is nobody's business.
pub(crate) fn files() -> Vec<String> {
    let listed =
        Command::new("git").args(["ls-files", "-z", "--cached"]).current_dir(root()).output().expect("git starts");
    assert!(listed.status.success(), "git lists no files: {}", String::from_utf8_lossy(&listed.stderr));
    let paths = String::from_utf8(listed.stdout).expect("paths are UTF-8");
    let there = |path: &&str| root().join(path).is_file();
    paths.split_terminator('\0').filter(there).map(str::to_owned).collect()
}

/// The Rust sources below these folders, with `/` at their ends.
pub(crate) fn sources(folders: &[&str]) -> Vec<Source> {
    let wanted = |path: &String| path.ends_with(".rs") && folders.iter().any(|folder| path.starts_with(folder));
    let found: Vec<Source> = files().into_iter().filter(wanted).map(|path| Source::new(&path, &text(&path))).collect();
    assert!(found.len() > folders.len(), "no sources in {folders:?}");
    found
}

pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
