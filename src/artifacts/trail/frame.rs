//! The frame of a row: digest and body, and how digests follow each other.

use sha2::{Digest, Sha256};

use super::{Anchor, DamageKind};

const OPENING: &[u8] = b"{\"h\":\"";
const MIDDLE: &[u8] = b"\",\"b\":";
const CLOSING: &[u8] = b"}";
const DIGITS: usize = 64;

/// The rows so far, as the next one needs them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(in crate::internals::artifacts) struct Chain {
    rows: u64,
    /// Digest of the last row, hex; nothing before the first.
    head: Option<[u8; DIGITS]>,
}

impl Chain {
    /// Number of rows.
    pub(in crate::internals::artifacts) fn rows(&self) -> u64 {
        self.rows
    }

    /// The rows so far in two values.
    pub(in crate::internals::artifacts) fn anchor(&self) -> Anchor {
        Anchor { rows: self.rows, head: String::from_utf8_lossy(self.head()).into_owned() }
    }

    /// Appends the row with this body to `bytes`, newline included.
    pub(in crate::internals::artifacts) fn append(&mut self, body: &[u8], bytes: &mut Vec<u8>) {
        self.head = Some(self.digest(body));
        self.rows += 1;
        bytes.reserve(OPENING.len() + DIGITS + MIDDLE.len() + body.len() + CLOSING.len() + 1);
        for piece in [OPENING, self.head(), MIDDLE, body, CLOSING, b"\n"] {
            bytes.extend_from_slice(piece);
        }
    }

    /// The body of a line without its newline, if frame and digest are right; the chain goes on behind it then.
    pub(in crate::internals::artifacts) fn follow<'l>(&mut self, line: &'l [u8]) -> Result<&'l [u8], DamageKind> {
        let (digest, body) = unframed(line).ok_or(DamageKind::Frame)?;
        let expected = self.digest(body);
        if digest != expected {
            return Err(DamageKind::Digest);
        }
        self.head = Some(expected);
        self.rows += 1;
        Ok(body)
    }

    fn head(&self) -> &[u8] {
        self.head.as_ref().map_or(&[], |head| head)
    }

    fn digest(&self, body: &[u8]) -> [u8; DIGITS] {
        let mut hasher = Sha256::new();
        hasher.update(self.head());
        hasher.update(b"\n");
        hasher.update(body);
        hex(&hasher.finalize())
    }
}

/// Length of the row with this body, without its newline.
pub(in crate::internals::artifacts) fn row_length(body: &[u8]) -> u64 {
    (OPENING.len() + DIGITS + MIDDLE.len() + body.len() + CLOSING.len()) as u64
}

/// Digest and body of a line. Of the frame every byte is fixed, so that there is one spelling of a row.
pub(super) fn unframed(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let (digest, rest) = line.strip_prefix(OPENING)?.split_at_checked(DIGITS)?;
    let body = rest.strip_prefix(MIDDLE)?.strip_suffix(CLOSING)?;
    Some((digest, body))
}

fn hex(bytes: &[u8]) -> [u8; DIGITS] {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let mut digits = [b'0'; DIGITS];
    for (pair, byte) in digits.chunks_exact_mut(2).zip(bytes) {
        pair[0] = HEX[usize::from(byte >> 4)];
        pair[1] = HEX[usize::from(byte & 15)];
    }
    digits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_its_body_behind_the_digest_of_all_before_it() {
        // printf '\n1' | sha256sum; printf '%s\n{"a":2}' THAT | sha256sum
        let first = "efdd30d1dda5a1a329ee9d0bf61387ee7e254ec69477e17ce1c4370d28e2b2db";
        let second = "66a4c26b69f4870c681ca932f09778f02b7b2977918a6536e79aa79ac133627b";
        let mut written = Chain::default();
        let mut bytes = Vec::new();
        written.append(b"1", &mut bytes);
        written.append(b"{\"a\":2}", &mut bytes);
        let text = String::from_utf8(bytes).unwrap();
        let expected = format!("{{\"h\":\"{first}\",\"b\":1}}\n{{\"h\":\"{second}\",\"b\":{{\"a\":2}}}}\n");
        assert_eq!(text, expected);
        assert_eq!(written.anchor(), Anchor { rows: 2, head: second.to_owned() });
        let lines: Vec<&[u8]> = text.lines().map(str::as_bytes).collect();
        let mut read = Chain::default();
        assert_eq!(read.follow(lines[0]), Ok(&b"1"[..]));
        assert_eq!(read.clone().follow(lines[0]), Err(DamageKind::Digest), "the same row twice");
        assert_eq!(read.follow(lines[1]), Ok(&b"{\"a\":2}"[..]));
        assert_eq!(read, written);
        assert_eq!(read.follow(b"{\"h\": \"\",\"b\":1}"), Err(DamageKind::Frame));
    }
}
