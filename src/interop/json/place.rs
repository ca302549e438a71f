//! Where a value of a text stands.

use super::position::{Position, Positions};

/// The place of the value under a path such as `runs[3].fitness`, in a text that was read; where the path leads nowhere,
/// the place of the innermost value on it. `$` and the empty path are the document itself.
///
/// A key of the text that holds dots or brackets is found as it stands; of a repeated key the last one counts.
pub fn place(bytes: &[u8], path: &str) -> Position {
    let mut walk = Walk { bytes, at: 0 };
    walk.blank();
    let mut rest = if path == "$" { "" } else { path };
    while !rest.is_empty() {
        let here = walk.at;
        let entered = match walk.byte() {
            b'[' => index(rest).and_then(|(index, rest)| walk.enter_list(index).then_some(rest)),
            b'{' => key(rest).find_map(|(key, rest)| walk.enter_dict(key).then_some(rest)),
            _ => None,
        };
        match entered {
            Some(deeper) => rest = deeper,
            None => {
                walk.at = here;
                break;
            }
        }
    }
    Positions::new(bytes).at(walk.at.min(bytes.len()))
}

/// The pieces of a path that are tried as the beginning of a key; no key of the Python package has as many.
const LONGEST: usize = 8;

/// The index that a path begins with, and what follows.
fn index(path: &str) -> Option<(usize, &str)> {
    let (digits, rest) = path.strip_prefix('[')?.split_once(']')?;
    Some((digits.parse().ok()?, rest.strip_prefix('.').unwrap_or(rest)))
}

/// The keys that a path may begin with, each with what follows: the whole of it, or a piece up to a dot or a bracket,
/// the longest first.
fn key(path: &str) -> impl Iterator<Item = (&str, &str)> {
    let ends = path.char_indices().filter(|(_, end)| matches!(end, '.' | '[')).map(|(at, _)| at).take(LONGEST);
    let piece = |at: usize| {
        let rest = &path[at..];
        (&path[..at], rest.strip_prefix('.').unwrap_or(rest))
    };
    let ends: Vec<usize> = ends.collect();
    std::iter::once((path, "")).chain(ends.into_iter().rev().map(piece))
}

/// A place in a text whose grammar is known to be right.
struct Walk<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Walk<'_> {
    fn byte(&self) -> u8 {
        self.bytes.get(self.at).copied().unwrap_or_default()
    }

    fn blank(&mut self) {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        self.at += rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    }

    /// Goes to the value at `index`, if there is one.
    fn enter_list(&mut self, index: usize) -> bool {
        self.step();
        for _ in 0..index {
            if self.byte() == b']' || self.at >= self.bytes.len() {
                return false;
            }
            self.skip();
            self.blank();
            if self.byte() != b',' {
                return false;
            }
            self.step();
        }
        !matches!(self.byte(), b']' | 0)
    }

    /// Goes to the last value under `key`, if there is one; stays somewhere in the object otherwise.
    fn enter_dict(&mut self, key: &str) -> bool {
        let begin = self.at;
        let mut found = None;
        self.step();
        while self.byte() == b'"' {
            let start = self.at;
            self.skip();
            let is_key = serde_json::from_slice::<String>(&self.bytes[start..self.at]).is_ok_and(|text| text == key);
            self.blank();
            self.step();
            if is_key {
                found = Some(self.at);
            }
            self.skip();
            self.blank();
            if self.byte() != b',' {
                break;
            }
            self.step();
        }
        self.at = found.unwrap_or(begin);
        found.is_some()
    }

    /// Passes one byte and the white space behind it.
    fn step(&mut self) {
        self.at += 1;
        self.blank();
    }

    /// Passes a whole value.
    fn skip(&mut self) {
        let (mut depth, mut in_string) = (0_usize, false);
        while let Some(&byte) = self.bytes.get(self.at) {
            if in_string {
                match byte {
                    b'\\' => self.at += 1,
                    b'"' => in_string = false,
                    _ => {}
                }
            } else {
                match byte {
                    b'"' => in_string = true,
                    b'[' | b'{' => depth += 1,
                    b']' | b'}' | b',' | b':' if depth == 0 => return,
                    b']' | b'}' => depth -= 1,
                    byte if depth == 0 && byte.is_ascii_whitespace() => return,
                    _ => {}
                }
            }
            self.at += 1;
            if depth == 0 && !in_string && matches!(byte, b'"' | b']' | b'}') {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_found_by_its_path_and_else_the_innermost_on_it() {
        let text = "{\"a\": [1, {\"b.c\": \"]}\\\"\", \"d\": [ ]}, 22],\n \"a.x\" : {\"y\":-5}, \"k\":1, \"k\":2}";
        for (path, expected) in [
            ("", "{\"a\""),
            ("$", "{\"a\""),
            ("a", "[1,"),
            ("a[0]", "1,"),
            ("a[1]", "{\"b.c"),
            ("a[1].b.c", "\"]}"),
            ("a[1].d", "[ ]"),
            ("a[1].d[0]", "[ ]"),
            ("a[2]", "22"),
            ("a[3]", "[1,"),
            ("a[1].nothing.at.all", "{\"b.c"),
            ("a.x", "{\"y\""),
            ("a.x.y", "-5"),
            ("k", "2}"),
        ] {
            let found = place(text.as_bytes(), path);
            assert!(text[found.offset..].starts_with(expected), "{path}: {}", &text[found.offset..]);
        }
        assert_eq!(place(text.as_bytes(), "a.x.y").line, 2);
    }

    #[test]
    fn a_text_that_is_cut_or_is_none_has_places_too() {
        for text in ["", "{", "[", "[1,", "{\"a\"", "{\"a\":", "{\"a\":[", "\"", "\"\\", "]"] {
            for path in ["a", "a[0]", "[0]", "[7].a", "a.b"] {
                assert!(place(text.as_bytes(), path).offset <= text.len());
            }
        }
    }
}
