//! A Rust source as text, and as code: what is left when comments, literals and inline tests are blanked.

use std::ops::Range;

/// One file.
#[derive(Debug)]
pub(crate) struct Source {
    /// From the root of the repository, with `/`.
    pub(crate) path: String,
    /// As written.
    pub(crate) text: String,
    /// The same bytes with blanks for everything that is no code, and for everything below `#[cfg(test)]`.
    pub(crate) code: String,
    /// Lines below `#[cfg(test)]`.
    pub(crate) test_lines: usize,
}

impl Source {
    pub(crate) fn new(path: &str, text: &str) -> Self {
        let mut code = text.as_bytes().to_vec();
        for range in no_code(text) {
            blank(&mut code, range);
        }
        let mut test_lines = 0;
        while let Some(range) = test_item(&code) {
            test_lines += code[range.clone()].iter().filter(|byte| **byte == b'\n').count() + 1;
            blank(&mut code, range);
        }
        let code = String::from_utf8(code).expect("whole characters are blanked");
        Self { path: path.to_owned(), text: text.to_owned(), code, test_lines }
    }

    /// Lines without the inline tests.
    pub(crate) fn own_lines(&self) -> usize {
        self.text.lines().count() - self.test_lines
    }

    /// `src/lib.rs:12`, for an offset into the text or the code.
    pub(crate) fn place(&self, offset: usize) -> String {
        let line = self.text.as_bytes()[..offset].iter().filter(|byte| **byte == b'\n').count() + 1;
        format!("{}:{line}", self.path)
    }

    /// The offsets at which `word` stands in the code, not as a part of a longer name.
    pub(crate) fn find<'a>(&'a self, word: &'a str) -> impl Iterator<Item = usize> + 'a {
        let is_name = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
        let bytes = self.code.as_bytes();
        self.code.match_indices(word).map(|(at, _)| at).filter(move |at| {
            let starts_name = is_name(word.as_bytes().first());
            let ends_name = is_name(word.as_bytes().last());
            let continues = starts_name && *at > 0 && is_name(bytes.get(at - 1));
            let goes_on = ends_name && is_name(bytes.get(at + word.len()));
            !continues && !goes_on
        })
    }

    /// The name of the file without its ending.
    pub(crate) fn stem(&self) -> &str {
        let name = self.path.rsplit('/').next().unwrap_or(&self.path);
        name.strip_suffix(".rs").unwrap_or(name)
    }
}

fn blank(code: &mut [u8], range: Range<usize>) {
    for byte in &mut code[range] {
        if *byte != b'\n' {
            *byte = b' ';
        }
    }
}

/// Every comment and the inside of every string or character literal.
fn no_code(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &text[at..];
        let in_name = at > 0 && (bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] == b'_');
        let end = if rest.starts_with("//") {
            at + rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            at + block_comment(rest)
        } else if let Some(length) = raw_string(rest).filter(|_| !in_name) {
            at + length
        } else if let Some(inside) = rest.strip_prefix('"') {
            at + 1 + until_unescaped(inside, '"')
        } else if let Some(length) = character(rest) {
            at + length
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
            continue;
        };
        found.push(at..end);
        at = end;
    }
    found
}

/// The length of a block comment, which may hold others.
fn block_comment(text: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    let bytes = text.as_bytes();
    while at < bytes.len() {
        match &bytes[at..bytes.len().min(at + 2)] {
            b"/*" => (depth, at) = (depth + 1, at + 2),
            b"*/" => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            break;
        }
    }
    at
}

/// The length of a raw string, if one starts here.
fn raw_string(text: &str) -> Option<usize> {
    let start = ["r", "br", "cr"].into_iter().find(|start| text.starts_with(start))?.len();
    let hashes = text[start..].bytes().take_while(|byte| *byte == b'#').count();
    let body = text[start + hashes..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    Some(start + hashes + 1 + body.find(&end).map_or(body.len(), |at| at + end.len()))
}

/// The length up to and including the first `end` that no backslash is before.
fn until_unescaped(text: &str, end: char) -> usize {
    let mut escaped = false;
    for (at, character) in text.char_indices() {
        if !escaped && character == end {
            return at + 1;
        }
        escaped = !escaped && character == '\\';
    }
    text.len()
}

/// The length of a character literal, if one starts here; a lifetime is none.
fn character(text: &str) -> Option<usize> {
    let inside = text.strip_prefix('\'')?;
    if inside.starts_with('\\') {
        return Some(1 + until_unescaped(inside, '\''));
    }
    let first = inside.chars().next()?;
    inside[first.len_utf8()..].starts_with('\'').then(|| first.len_utf8() + 2)
}

/// The first item below `#[cfg(test)]`, that line included: up to its closing brace, or its semicolon.
fn test_item(code: &[u8]) -> Option<Range<usize>> {
    let mark = b"#[cfg(test)]";
    let start = code.windows(mark.len()).position(|window| window == mark)?;
    let mut depth = 0;
    for (at, byte) in code.iter().enumerate().skip(start + mark.len()) {
        match byte {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            b';' if depth == 0 => return Some(start..at + 1),
            _ => continue,
        }
        if *byte == b'}' && depth == 0 {
            return Some(start..at + 1);
        }
    }
    Some(start..code.len())
}

#[cfg(test)]
mod tests {
    use super::Source;

    fn code(text: &str) -> String {
        Source::new("src/a.rs", text).code
    }

    #[test]
    fn comments_literals_and_inline_tests_are_blanked_and_nothing_else() {
        let kept = |text: &str| code(text).split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(kept("a(); // b\n/* c /* d */ e */ f(\"g\\\"h\")"), "a(); f( )");
        assert_eq!(kept("a(r#\"b\"c\"#, '\"', '\\'', 'x: loop {}, br\"d\\\", e)"), "a( , , , 'x: loop {}, , e)");
        assert_eq!(kept("let for_r = 1; ident_r\"s\""), "let for_r = 1; ident_r");
        assert_eq!(kept("a {}\n#[cfg(test)]\nmod tests { fn b() { { } } }\nc {}"), "a {} c {}");
        assert_eq!(kept("#[cfg(test)]\nuse a::b;\nc;"), "c;");
        assert_eq!(kept("let s = \"#[cfg(test)] mod tests {\"; a"), "let s = ; a");
    }

    #[test]
    fn places_survive_the_blanking() {
        let source = Source::new("src/a.rs", "// ä\n\"\n\"\nfind me");
        assert_eq!(source.find("find").map(|at| source.place(at)).collect::<Vec<_>>(), ["src/a.rs:4"]);
        assert_eq!(source.code.len(), source.text.len());
    }

    #[test]
    fn a_word_is_no_part_of_a_longer_name() {
        let source = Source::new("src/a.rs", "println!() eprintln!() my_println!()");
        assert_eq!(source.find("println!").count(), 1);
    }
}
