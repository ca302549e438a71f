//! Whose sources the test binary was built from.
//!
//! Cargo tells packages apart by their paths below their workspaces. Where two checkouts of one repository share a target
//! directory, it takes the binary of one for that of the other as long as no source is younger, and runs it there. The
//! binary itself does not know where it was built. So the first run of a build leaves the root of its workspace beside the
//! binary: the checkout that built it runs it at once. A run of the same build elsewhere finds that and judges nothing.
//!
//! What this does not show: a binary that was built without being run is taken to be of whoever runs it first.

use std::time::SystemTime;

use camino::Utf8Path;

use crate::artifacts::{read_text, write_text};

/// Says that this build is of the workspace at `root`, unless it is of another one that is still there: that one.
pub(super) fn claim(executable: &Utf8Path, root: &Utf8Path) -> Result<(), String> {
    let Some(build) = build(executable) else { return Ok(()) };
    let note = executable.with_extension("workspace");
    if let Ok(Some(text)) = read_text(&note)
        && let Some((of, owner)) = text.trim_end().split_once('\n')
        && of == build
    {
        let elsewhere = Utf8Path::new(owner);
        // A workspace that was moved, or is seen under another name in a container, is no other one.
        let there = folder(elsewhere).is_some() && elsewhere.join("Cargo.toml").is_file();
        if there && folder(elsewhere) != folder(root) {
            return Err(owner.to_owned());
        }
        if owner == root {
            return Ok(());
        }
    }
    // A folder that cannot be written to is not shared by builds.
    let _ = write_text(&format!("{build}\n{root}\n"), &note);
    Ok(())
}

/// Tells this file from every other build and every copy.
fn build(executable: &Utf8Path) -> Option<String> {
    let metadata = executable.metadata().ok()?;
    let changed = metadata.modified().ok()?.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Some(format!("{} {} {}", metadata.len(), changed.as_nanos(), inode(&metadata)))
}

/// Tells a folder from every other one, by whatever path it is reached.
#[cfg(unix)]
fn folder(path: &Utf8Path) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    path.metadata().ok().map(|metadata| (metadata.dev(), metadata.ino()))
}

#[cfg(not(unix))]
fn folder(path: &Utf8Path) -> Option<camino::Utf8PathBuf> {
    path.canonicalize_utf8().ok()
}

#[cfg(unix)]
fn inode(metadata: &std::fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(metadata)
}

#[cfg(not(unix))]
fn inode(_: &std::fs::Metadata) -> u64 {
    0
}
