//! The last row alone.

use std::io::{self, Read, Seek, SeekFrom};

/// More than an end row takes.
const TAIL: u64 = 64 * 1024;

/// Whether the last line of a trail is an end row. Nothing is verified: a finished run is asked whether it has finished,
/// before the next one takes its place.
pub(in crate::internals::artifacts) fn ended(file: &mut (impl Read + Seek)) -> io::Result<bool> {
    let length = file.seek(SeekFrom::End(0))?;
    file.seek(SeekFrom::Start(length.saturating_sub(TAIL)))?;
    let mut tail = Vec::new();
    file.take(TAIL).read_to_end(&mut tail)?;
    let Some(lines) = tail.strip_suffix(b"\n") else { return Ok(false) };
    let last = lines.rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
    let marker = b"\",\"b\":{\"kind\":\"end\",";
    Ok(last.windows(marker.len()).position(|window| window == marker) == Some("{\"h\":\"".len() + 64))
}
