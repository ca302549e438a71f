//! Cargo's target directory, for a process that cargo has not told.

use std::process::{Command, Stdio};

use camino::{Utf8Path, Utf8PathBuf};

/// The target directory that `cargo omega` finds too, whatever `--target`, `build.target` or `build.build-dir` say of where
/// the test binary lies; the workspace's own if there is no other sign.
pub(super) fn target_dir(root: &Utf8Path, executable: &Utf8Path, cargo: &str) -> Utf8PathBuf {
    let usual = root.join("target");
    if marked(executable.ancestors().skip(3).take(1), ".rustc_info.json").is_some_and(|found| same(found, &usual)) {
        return usual;
    }
    let (told, build) = ask(root, cargo).unwrap_or_default();
    if told.iter().chain(&build).any(|folder| inside(executable, folder)) {
        return told.unwrap_or(usual);
    }
    // A target directory of the command line, which the configuration does not name: above `deps` and the profile, and above
    // the target if one was asked for. One that an archive was unpacked to has no mark, and goes when the run is over.
    let above = || executable.ancestors().skip(3).take(2);
    let found = marked(above(), ".rustc_info.json").or_else(|| marked(above(), "CACHEDIR.TAG"));
    found.map(Utf8Path::to_owned).or(told).unwrap_or(usual)
}

fn marked<'a>(mut folders: impl Iterator<Item = &'a Utf8Path>, mark: &str) -> Option<&'a Utf8Path> {
    folders.find(|folder| folder.join(mark).exists())
}

fn same(one: &Utf8Path, other: &Utf8Path) -> bool {
    one == other || matches!((one.canonicalize_utf8(), other.canonicalize_utf8()), (Ok(one), Ok(other)) if one == other)
}

fn inside(path: &Utf8Path, folder: &Utf8Path) -> bool {
    path.starts_with(folder) || folder.canonicalize_utf8().is_ok_and(|folder| path.starts_with(folder))
}

/// What cargo's configuration says: where its target directory is, and where it builds.
fn ask(root: &Utf8Path, cargo: &str) -> Option<(Option<Utf8PathBuf>, Option<Utf8PathBuf>)> {
    #[expect(clippy::disallowed_methods, reason = "only cargo knows its configuration")]
    let mut command = Command::new(cargo);
    command
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(root)
        .stdin(Stdio::null());
    let answer = command.output().ok().filter(|answer| answer.status.success())?;
    let answer: serde_json::Value = serde_json::from_slice(&answer.stdout).ok()?;
    let folder = |key: &str| answer.get(key)?.as_str().map(Utf8PathBuf::from);
    Some((folder("target_directory"), folder("build_directory")))
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "a test lays out files")]
mod tests {
    use super::*;

    #[test]
    fn a_target_directory_is_known_by_cargos_mark_whatever_it_builds_for() {
        let folder = tempfile::tempdir().unwrap();
        let folder = Utf8Path::from_path(folder.path()).unwrap();
        let found = |executable: &str| target_dir(&folder.join("root"), &folder.join(executable), "no such cargo");
        for (marked, executable) in [
            ("root/target", "root/target/debug/deps/e"),
            ("root/target", "root/target/aarch64-unknown-linux-gnu/debug/deps/e"),
            ("elsewhere", "elsewhere/release/deps/e"),
            ("elsewhere", "elsewhere/aarch64-unknown-linux-gnu/release/deps/e"),
        ] {
            std::fs::create_dir_all(folder.join(executable)).unwrap();
            std::fs::write(folder.join(marked).join(".rustc_info.json"), "{}").unwrap();
            // Cargo marks the folder of a target too, though not as the whole.
            std::fs::write(folder.join(executable).ancestors().nth(3).unwrap().join("CACHEDIR.TAG"), "").unwrap();
            assert_eq!(found(executable), folder.join(marked), "{executable}");
        }
        // An archive that was unpacked has no mark.
        assert_eq!(found("unpacked/target/debug/deps/e"), folder.join("root/target"));
    }
}
