//! JSON as Python writes it: numbers that are not finite stand there bare.

use std::borrow::Cow;

/// The bare tokens, the longest first, and what stands for each.
type Tokens = [(&'static [u8], &'static [u8]); 3];

const WORDS: Tokens = [(b"-Infinity", b"\"-inf\""), (b"Infinity", b"\"inf\""), (b"NaN", b"\"nan\"")];
const OBJECTS: Tokens = [
    (b"-Infinity", b"{\"number\":\"-inf\"}"),
    (b"Infinity", b"{\"number\":\"inf\"}"),
    (b"NaN", b"{\"number\":\"nan\"}"),
];

/// The same text as strict JSON: the bare tokens become the words by which numbers that are not finite are spelled here.
pub(crate) fn strict(text: &[u8]) -> Cow<'_, [u8]> {
    replaced(text, &WORDS)
}

/// The same where a text may be such a word: the bare tokens become `{"number":"inf"}`, as values of parameters have it.
/// A whole number beyond 64 bits, of which JSON's readers would lose digits, becomes the same with its digits.
pub(crate) fn strict_values(text: &[u8]) -> Vec<u8> {
    let text = replaced(text, &OBJECTS);
    let mut strict = Vec::with_capacity(text.len());
    let (mut rest, mut in_string) = (&*text, false);
    while let Some(first) = rest.first() {
        let is_number = |byte: &u8| byte.is_ascii_digit() || matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E');
        let length = match first {
            b'\\' if in_string => 2.min(rest.len()),
            b'0'..=b'9' | b'-' if !in_string => rest.iter().take_while(|byte| is_number(byte)).count(),
            _ => 1,
        };
        in_string ^= *first == b'"';
        let (piece, after) = rest.split_at(length);
        if is_wide(piece) {
            strict.extend([&b"{\"number\":\""[..], piece, &b"\"}"[..]].concat());
        } else {
            strict.extend_from_slice(piece);
        }
        rest = after;
    }
    strict
}

/// Whether this is a whole number that 64 bits with a sign do not hold.
fn is_wide(piece: &[u8]) -> bool {
    let digits = piece.strip_prefix(b"-").unwrap_or(piece);
    let is_whole = digits.len() > 18 && digits[0] != b'0' && digits.iter().all(u8::is_ascii_digit);
    is_whole && std::str::from_utf8(piece).is_ok_and(|piece| piece.parse::<i64>().is_err())
}

fn replaced<'t>(text: &'t [u8], tokens: &Tokens) -> Cow<'t, [u8]> {
    // Most lines have none, and the standard library looks for texts faster than for bytes.
    let may_have = std::str::from_utf8(text).map_or(true, |text| text.contains("NaN") || text.contains("Infinity"));
    if !may_have {
        return Cow::Borrowed(text);
    }
    let mut strict = Vec::with_capacity(text.len() + 16);
    let (mut at, mut in_string) = (0, false);
    while at < text.len() {
        let token = tokens.iter().find(|(token, _)| !in_string && text[at..].starts_with(token));
        match (token, text[at]) {
            (Some((token, word)), _) => {
                strict.extend_from_slice(word);
                at += token.len();
                continue;
            }
            (None, b'\\') if in_string => {
                strict.push(b'\\');
                at += 1;
            }
            (None, b'"') => in_string = !in_string,
            _ => {}
        }
        strict.extend(text.get(at));
        at += 1;
    }
    Cow::Owned(strict)
}

#[cfg(test)]
mod tests {
    use super::{strict, strict_values};

    #[test]
    fn whole_numbers_beyond_64_bits_keep_their_digits() {
        for (text, expected) in [
            ("[9223372036854775807,-9223372036854775808]", "[9223372036854775807,-9223372036854775808]"),
            ("[9223372036854775808, 1]", "[{\"number\":\"9223372036854775808\"}, 1]"),
            ("-1180591620717411303424", "{\"number\":\"-1180591620717411303424\"}"),
            ("[1e99,99999999999999999999.5,NaN]", "[1e99,99999999999999999999.5,{\"number\":\"nan\"}]"),
            (
                "[\"99999999999999999999\",\"\\\"99999999999999999999\"]",
                "[\"99999999999999999999\",\"\\\"99999999999999999999\"]",
            ),
            ("\"\\", "\"\\"),
        ] {
            assert_eq!(String::from_utf8_lossy(&strict_values(text.as_bytes())), expected);
        }
    }

    #[test]
    fn only_what_stands_bare_becomes_a_word() {
        for (text, expected) in [
            (r#"{"a":NaN,"b":[Infinity,-Infinity,1]}"#, r#"{"a":"nan","b":["inf","-inf",1]}"#),
            (r#"{"NaN":"-Infinity \" NaN","b":NaN}"#, r#"{"NaN":"-Infinity \" NaN","b":"nan"}"#),
            (r#"{"a":"\\","b":NaN,"c":"NaN"#, r#"{"a":"\\","b":"nan","c":"NaN"#),
            ("\"\\", "\"\\"),
        ] {
            assert_eq!(String::from_utf8_lossy(&strict(text.as_bytes())), expected);
        }
    }
}
