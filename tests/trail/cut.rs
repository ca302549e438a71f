//! Trails that end too early.

use crate::calibration::{interrupted, run, starts, trail, uninterrupted};

/// Continues a run that left `bytes`, and holds what comes of it against the uninterrupted one.
fn resumes(bytes: &[u8], whole: &[u8], expected: &crate::calibration::Judged, what: &str) -> tempfile::TempDir {
    let folder = interrupted(bytes);
    let judged = run(folder.path()).unwrap_or_else(|error| panic!("{what}: {error}"));
    assert!(trail(folder.path()) == whole, "{what}: the trail is another one");
    assert_eq!(&judged, expected, "{what}");
    folder
}

pub(crate) fn every_byte() {
    let (whole, judged) = uninterrupted();
    let rows = starts(&whole);
    // The last row of a run that was interrupted in its search.
    let (begin, end) = (rows[40], rows[41]);
    for length in begin..=end {
        let folder = resumes(&whole[..length], &whole, &judged, &format!("cut at byte {length}"));
        let torn = std::fs::read(folder.path().join("trail.jsonl.torn")).unwrap_or_default();
        let piece = if length == end { &[] } else { &whole[begin..length] };
        assert_eq!(torn.strip_suffix(b"\n").unwrap_or_default(), piece, "the piece is kept");
    }
    // A cut within the header leaves nothing to continue.
    for length in (0..rows[1]).step_by(97) {
        resumes(&whole[..length], &whole, &judged, &format!("cut at byte {length}"));
    }
}

pub(crate) fn every_row() {
    let (whole, judged) = uninterrupted();
    let rows = starts(&whole);
    for (row, length) in rows[..rows.len() - 1].iter().enumerate() {
        let folder = resumes(&whole[..*length], &whole, &judged, &format!("stopped behind {row} rows"));
        let timings = std::fs::read_to_string(folder.path().join("timings.json")).expect("timings");
        let said = row.checked_sub(1).map(|evaluations| format!("continued behind evaluation {evaluations}"));
        assert_eq!(timings.contains("continued behind"), row > 0, "{timings}");
        assert!(said.is_none_or(|said| timings.contains(&said)), "{timings}");
    }
}

pub(crate) fn zeros() {
    let (whole, judged) = uninterrupted();
    let rows = starts(&whole);
    for zeros in [1, 100, 5_000] {
        let mut bytes = whole[..rows[40] + 20].to_vec();
        bytes.extend(vec![0; zeros]);
        resumes(&bytes, &whole, &judged, &format!("{zeros} zero bytes"));
        bytes.push(b'\n');
        resumes(&bytes, &whole, &judged, &format!("{zeros} zero bytes and a newline"));
    }
}
