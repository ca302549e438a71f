//! The words of a module of constants: as many of a language as such a module has.

use super::said::Unread;
use crate::declaration::ShipFormat;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// A name, a keyword, or a number without its sign.
    Word(String),
    /// What stands between quotes, its escapes read.
    Text(String),
    Sign(char),
    /// What stands behind the sign of a comment.
    Comment(String),
    /// The end of a line.
    End,
}

/// Every word with its line. What no such module has is refused, so that nothing is read otherwise than the language reads it.
pub(super) fn tokens(text: &str, format: ShipFormat) -> Result<Vec<(usize, Token)>, Unread> {
    let mut scanner = Scanner { rest: text.chars().peekable(), line: 1, python: format == ShipFormat::Python };
    let mut tokens = Vec::new();
    while let Some(first) = scanner.rest.next() {
        let line = scanner.line;
        if let Some(token) = scanner.token(first)? {
            tokens.push((line, token));
        }
        if first == '\n' {
            scanner.line += 1;
        }
    }
    Ok(tokens)
}

struct Scanner<'t> {
    rest: std::iter::Peekable<std::str::Chars<'t>>,
    line: usize,
    python: bool,
}

impl Scanner<'_> {
    fn token(&mut self, first: char) -> Result<Option<Token>, Unread> {
        Ok(Some(match first {
            ' ' | '\t' => return Ok(None),
            '\r' if self.rest.peek() == Some(&'\n') => return Ok(None),
            '\n' => Token::End,
            '"' => Token::Text(self.text('"')?),
            '\'' if self.python => Token::Text(self.text('\'')?),
            '#' if self.python => Token::Comment(self.comment()?),
            '/' if !self.python && self.rest.next_if_eq(&'/').is_some() => Token::Comment(self.comment()?),
            c if c.is_ascii_alphanumeric() || c == '_' || c == '.' => Token::Word(self.word(c)),
            c if c.is_ascii_punctuation() => Token::Sign(c),
            c => return Err(self.unread(c)),
        }))
    }

    fn unread(&self, found: char) -> Unread {
        Unread::at(self.line, format!("`{}`, which no file of constants has", found.escape_debug()))
    }

    /// Names and numbers; the sign of an exponent belongs to its number.
    fn word(&mut self, first: char) -> String {
        let mut word = String::from(first);
        while let Some(&next) = self.rest.peek() {
            let number = word.starts_with(|c: char| c.is_ascii_digit() || c == '.');
            let exponent = number && word.ends_with(['e', 'E']) && matches!(next, '+' | '-');
            if !(next.is_ascii_alphanumeric() || matches!(next, '_' | '.') || exponent) {
                break;
            }
            word.push(next);
            self.rest.next();
        }
        word
    }

    fn comment(&mut self) -> Result<String, Unread> {
        let mut comment = String::new();
        while let Some(next) = self.rest.next_if(|next| *next != '\n') {
            match next {
                '\r' if self.rest.peek() == Some(&'\n') => {}
                // Some end a line in one language and none in another.
                c if c.is_control() && c != '\t' => return Err(self.unread(c)),
                c => comment.push(c),
            }
        }
        Ok(comment.trim().to_owned())
    }

    fn text(&mut self, quote: char) -> Result<String, Unread> {
        let mut text = String::new();
        loop {
            match self.rest.next() {
                Some(c) if c == quote => return Ok(text),
                Some('\\') => text.push(self.escaped()?),
                Some(c) if c.is_control() => return Err(self.unread(c)),
                Some(c) => text.push(c),
                None => return Err(Unread::at(self.line, "a text without its end".to_owned())),
            }
        }
    }

    fn escaped(&mut self) -> Result<char, Unread> {
        let line = self.line;
        let wrong = move || Unread::at(line, "an escape that is not written like this here".to_owned());
        let digits = match self.rest.next() {
            Some('n') => return Ok('\n'),
            Some('r') => return Ok('\r'),
            Some('t') => return Ok('\t'),
            Some(c @ ('\\' | '"' | '\'')) => return Ok(c),
            Some('x') => self.digits(2),
            Some('u') if self.python => self.digits(4),
            Some('U') if self.python => self.digits(8),
            Some('u') if self.rest.next_if_eq(&'{').is_some() => {
                let digits: String = std::iter::from_fn(|| self.rest.next_if(char::is_ascii_hexdigit)).collect();
                // Rust reads six at most.
                if digits.len() > 6 {
                    return Err(wrong());
                }
                self.rest.next_if_eq(&'}').ok_or_else(wrong)?;
                digits
            }
            _ => return Err(wrong()),
        };
        u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32).ok_or_else(wrong)
    }

    fn digits(&mut self, count: usize) -> String {
        (0..count).map_while(|_| self.rest.next_if(char::is_ascii_hexdigit)).collect()
    }
}
