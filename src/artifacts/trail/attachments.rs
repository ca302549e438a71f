//! Attachments beside the trail: each a file named by its digest.

use std::io::{self, Read, Write};

use camino::{Utf8Path, Utf8PathBuf};
use sha2::{Digest, Sha256};

/// Where an attachment of a trail lies, given the folder of the trail.
pub fn attachment_path(folder: &Utf8Path, sha256: &str) -> Utf8PathBuf {
    folder.join("attachments").join(sha256)
}

/// Digest and number of bytes of a stream.
pub(crate) fn measure(mut source: impl Read) -> io::Result<(String, u64)> {
    let mut hasher = Hashing { hasher: Sha256::new(), size: 0 };
    io::copy(&mut source, &mut hasher)?;
    let digits = hasher.hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok((digits, hasher.size))
}

struct Hashing {
    hasher: Sha256,
    size: u64,
}

impl Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.hasher.update(bytes);
        self.size += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
