//! Where everything lies that is written for a workspace.

use camino::{Utf8Path, Utf8PathBuf};

/// The folder for a workspace with this root in a target directory of cargo, relative to the latter: `omega`, and below that
/// one of the workspace's own wherever the target directory does not lie directly in the root.
///
/// Other workspaces may write to such a target directory, and what one of them left must not be taken for another's: not
/// shown, not reviewed, not continued. The folder is named after the root and a digest of its path.
pub fn place(root: &Utf8Path, target_dir: &Utf8Path) -> Utf8PathBuf {
    let root = resolved(root);
    let common = Utf8PathBuf::from("omega");
    if resolved(target_dir).parent() == Some(&root) {
        return common;
    }
    let digest = super::trail::measure(root.as_str().as_bytes()).map(|(digest, _)| digest).unwrap_or_default();
    let name: String = root.file_name().unwrap_or("root").chars().map(plain).collect();
    common.join(format!("{name}-{}", digest.get(..12).unwrap_or_default()))
}

/// The path without links, as far as it is there.
fn resolved(path: &Utf8Path) -> Utf8PathBuf {
    let there = path.ancestors().find_map(|above| Some((above, above.canonicalize_utf8().ok()?)));
    let Some((above, real)) = there else { return path.to_owned() };
    path.strip_prefix(above)
        .map_or_else(|_| real.clone(), |rest| if rest == "" { real.clone() } else { real.join(rest) })
}

/// What may stand in the name of a folder everywhere.
fn plain(letter: char) -> char {
    if letter.is_ascii_alphanumeric() || ['-', '_', '.'].contains(&letter) { letter } else { '-' }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_target_directory_directly_in_the_root_is_the_workspaces_own() {
        let folder = tempfile::tempdir().unwrap();
        let folder = Utf8Path::from_path(folder.path()).unwrap();
        let (one, two) = (folder.join("one"), folder.join("two"));
        assert_eq!(place(&one, &one.join("target")), "omega");
        assert_eq!(place(&one, &one.join("out")), "omega");
        let shared = [place(&one, &two.join("target")), place(&one, folder), place(&one, &one.join("sub/target"))];
        for place in &shared {
            assert!(place.as_str().starts_with("omega/one-"), "{place}");
        }
        assert_ne!(place(&one, folder), place(&two, folder));
        assert_eq!(place(&two.join("a b"), folder).file_name().unwrap().split('-').next(), Some("a"));
    }
}
