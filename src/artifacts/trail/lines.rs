//! A file line by line, in bounded memory.

use std::io::{self, BufRead, Read};

/// The longest row, in bytes. No evaluation has more to say; what claims to is no trail.
pub(in crate::internals::artifacts) const LONGEST: u64 = 16 << 20;

/// One line of the file.
pub(in crate::internals::artifacts) enum Line {
    /// A whole line, without its newline, is in the buffer.
    Whole,
    /// The file ends without a newline; what it ends with is in the buffer.
    Torn,
    /// More than [`LONGEST`] bytes without a newline.
    TooLong,
    /// There is no further line.
    None,
}

/// Reads the next line into `buffer`.
pub(in crate::internals::artifacts) fn next_line(source: &mut impl BufRead, buffer: &mut Vec<u8>) -> io::Result<Line> {
    buffer.clear();
    let length = source.take(LONGEST + 1).read_until(b'\n', buffer)?;
    Ok(match buffer.pop() {
        None => Line::None,
        Some(b'\n') => Line::Whole,
        Some(last) => {
            buffer.push(last);
            if length as u64 > LONGEST { Line::TooLong } else { Line::Torn }
        }
    })
}
