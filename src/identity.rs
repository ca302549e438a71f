//! A name for data that lies in files.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::objective::TargetError;

/// So many names are written out; every one is in the digest.
const NAMED: usize = 3;

/// The identity of a part of some files, for [`Target::identity`](crate::Target::identity): their names, the part, and a
/// digest of what is in them.
///
/// ```
/// use omega_lock::prelude::*;
///
/// # fn main() -> Result<(), TargetError> {
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("2019.csv");
/// # std::fs::write(&path, "day,close\n")?;
/// let identity = identity_of_files([&path], "rows 0..10_000")?;
/// assert!(identity.starts_with("2019.csv: rows 0..10_000, sha256 "));
/// # Ok(())
/// # }
/// ```
///
/// Call it where the data is loaded, in the factory of the slice, and keep the text: a target is asked for its identity
/// more than once. Contents, names and order of the files count, and so does the part; the folders that they lie in do
/// not, so that every machine comes to the same text. Files are read piece by piece, and links are followed. Relative paths
/// start where a test starts, in the folder of its package.
///
/// # Errors
/// If there is no file, or one is not there, is no regular file, has no name, or cannot be read; the text names it.
pub fn identity_of_files<P: AsRef<Path>>(
    files: impl IntoIterator<Item = P>,
    part: &str,
) -> Result<String, TargetError> {
    let mut named = Vec::new();
    for file in files {
        let path = file.as_ref();
        let refused = |problem: &str| TargetError::new(format!("`{}` {problem}", path.display()));
        let name = path.file_name().and_then(|name| name.to_str());
        let name = name.ok_or_else(|| refused("has no name that is UTF-8, expected a file"))?;
        let digest = file_digest(path).map_err(|error| refused(&format!("could not be read: {error}")))?;
        named.push((name.to_owned(), digest));
    }
    if named.is_empty() {
        return Err(TargetError::new("no file is named, so there is no data to identify"));
    }
    Ok(identity_of_digests(&named, part))
}

/// The identity of a part of files whose names and digests are known.
pub(crate) fn identity_of_digests(named: &[(String, [u8; 32])], part: &str) -> String {
    let mut all = Sha256::new();
    for (name, digest) in named {
        // With its length before it no name runs into what follows.
        all.update((name.len() as u64).to_le_bytes());
        all.update(name);
        all.update(digest);
    }
    let digest: String = all.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    let others = named.len().saturating_sub(NAMED);
    let names: Vec<&str> = named.iter().take(NAMED).map(|(name, _)| &**name).collect();
    let others = if others > 0 { format!(" and {others} more") } else { String::new() };
    let part = if part.is_empty() { "all of it" } else { part };
    format!("{}{others}: {part}, sha256 {digest}", names.join(", "))
}

/// SHA-256 of what is in a file.
pub(crate) fn file_digest(path: &Path) -> std::io::Result<[u8; 32]> {
    // A pipe is not even opened: it may have no other end.
    if !path.metadata()?.is_file() {
        return Err(std::io::Error::other("it is no regular file"));
    }
    let (mut file, mut hasher) = (File::open(path)?, Sha256::new());
    let mut piece = vec![0; 1 << 16];
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(hasher.finalize().into()),
            length => hasher.update(&piece[..length]),
        }
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "a test lays out files")]
mod tests {
    use super::*;

    #[test]
    fn content_names_order_and_part_count_and_the_folder_does_not() {
        let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let file = |folder: &tempfile::TempDir, name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            path
        };
        let (a, b, big) = (file(&here, "a.csv", "1"), file(&here, "b.csv", "2"), "x".repeat(200_000));
        let of = |files: &[&std::path::PathBuf], part| identity_of_files(files, part).unwrap();
        let first = of(&[&a, &b], "rows 0..9");
        // Pinned: an identity is committed in omega.lock and has to be the same everywhere.
        let digest = "f0125c3971f4917a9ad04d4c0764a6f1970ab1e761258b6d44436e0b62063957";
        assert_eq!(first, format!("a.csv, b.csv: rows 0..9, sha256 {digest}"));
        assert_eq!(of(&[&file(&there, "a.csv", "1"), &file(&there, "b.csv", "2")], "rows 0..9"), first);
        let tail = |text: String| text.rsplit(' ').next().unwrap().to_owned();
        let others = [
            of(&[&b, &a], "rows 0..9"),
            of(&[&a], "rows 0..9"),
            of(&[&file(&there, "a.csv", &big), &b], "rows 0..9"),
            of(&[&file(&there, "c.csv", "1"), &b], "rows 0..9"),
        ];
        let mut digests: Vec<String> = others.into_iter().chain([first]).map(tail).collect();
        digests.sort();
        digests.dedup();
        assert_eq!(digests.len(), 5);
        assert!(of(&[&a, &a, &a, &b, &b], "").starts_with("a.csv, a.csv, a.csv and 2 more: all of it, sha256 "));
    }

    #[test]
    fn a_file_that_cannot_be_read_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let refused = |path: &Path| identity_of_files([path], "").unwrap_err().reason();
        let missing = folder.path().join("prices.csv");
        assert!(refused(&missing).starts_with(&format!("`{}` could not be read: ", missing.display())));
        assert!(refused(folder.path()).ends_with("it is no regular file"), "{}", refused(folder.path()));
        assert!(identity_of_files::<&str>([], "").unwrap_err().reason().starts_with("no file is named"));
    }
}
