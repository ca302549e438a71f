//! Tokens of a JSON text: white space, strings, numbers, names.

use super::error::{JsonError, JsonErrorKind};
use super::integer::Integer;
use super::position::Positions;
use super::rules::Rules;
use super::text::{Text, push_code_point};
use super::value::Value;

/// A place in a text, moving forwards.
pub(super) struct Scanner<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scanner<'a> {
    /// Refuses a text that is too long or no UTF-8.
    pub(super) fn new(bytes: &'a [u8], rules: &Rules) -> Result<Self, JsonError> {
        if bytes.len() > rules.bytes {
            return Err(JsonError {
                at: Positions::new(bytes).at(0),
                kind: JsonErrorKind::Limit,
                found: format!("{} bytes", bytes.len()),
                expected: format!("at most {}", rules.bytes),
            });
        }
        let text = std::str::from_utf8(bytes).map_err(|error| {
            let offset = error.valid_up_to();
            JsonError {
                at: Positions::new(bytes).at(offset),
                kind: JsonErrorKind::Encoding,
                found: bytes.get(offset).map(|byte| format!("byte 0x{byte:02x}")).unwrap_or_default(),
                expected: "UTF-8".to_owned(),
            }
        })?;
        Ok(Self { text, at: 0 })
    }

    /// The offset of the next byte.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    pub(super) fn positions(&self) -> Positions<'a> {
        Positions::new(self.text.as_bytes())
    }

    /// The next byte, past white space.
    pub(super) fn peek(&mut self) -> Option<u8> {
        let blank = self.rest().iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r')).count();
        self.at += blank;
        self.byte()
    }

    /// Whether the next byte is `byte`, which is then passed.
    pub(super) fn take(&mut self, byte: u8) -> bool {
        let next = self.byte() == Some(byte);
        self.at += usize::from(next);
        next
    }

    /// What stands here cannot.
    pub(super) fn unexpected(&self, expected: &str) -> JsonError {
        let found = match self.text.get(self.at..).and_then(|rest| rest.chars().next()) {
            None if self.at < self.text.len() => "the middle of a character".to_owned(),
            None => "the end of the text".to_owned(),
            Some('\u{feff}') => "a byte order mark".to_owned(),
            Some(character @ ('"' | '\'')) => format!("`{character}`"),
            Some(character) => format!("`{}`", character.escape_debug()),
        };
        self.error(self.at, JsonErrorKind::Syntax, found, expected)
    }

    pub(super) fn error(
        &self,
        offset: usize,
        kind: JsonErrorKind,
        found: impl Into<String>,
        expected: impl Into<String>,
    ) -> JsonError {
        JsonError { at: self.positions().at(offset), kind, found: found.into(), expected: expected.into() }
    }

    /// A value that is neither container nor string.
    pub(super) fn scalar(&mut self, rules: &Rules) -> Result<Value, JsonError> {
        let names: [(&[u8], Value); 6] = [
            (b"null", Value::Null),
            (b"true", Value::Bool(true)),
            (b"false", Value::Bool(false)),
            (b"NaN", Value::Float(f64::NAN)),
            (b"Infinity", Value::Float(f64::INFINITY)),
            (b"-Infinity", Value::Float(f64::NEG_INFINITY)),
        ];
        match names.into_iter().find(|(name, _)| self.rest().starts_with(name)) {
            Some((name, value)) => {
                self.at += name.len();
                Ok(value)
            }
            None if matches!(self.byte(), Some(b'-' | b'0'..=b'9')) => self.number(rules),
            None => Err(self.unexpected("a value")),
        }
    }

    fn number(&mut self, rules: &Rules) -> Result<Value, JsonError> {
        let start = self.at;
        self.take(b'-');
        let first = self.at;
        if !self.take(b'0') {
            self.digits()?;
        }
        let digits = self.at - first;
        let mut float = false;
        if self.take(b'.') {
            self.digits()?;
            float = true;
        }
        if matches!(self.byte(), Some(b'e' | b'E')) {
            self.at += 1;
            if !self.take(b'+') {
                self.take(b'-');
            }
            self.digits()?;
            float = true;
        }
        let token = &self.text[start..self.at];
        if float {
            // The grammar above is a part of what `parse` reads, which rounds as Python does and overflows to infinity.
            return token.parse().map(Value::Float).map_err(|_| self.unexpected("a number"));
        }
        if digits > rules.digits {
            let found = format!("an integer of {digits} digits");
            return Err(self.error(start, JsonErrorKind::Limit, found, format!("at most {}", rules.digits)));
        }
        Ok(Value::Integer(Integer::from_token(token)))
    }

    /// One digit or more.
    fn digits(&mut self) -> Result<(), JsonError> {
        let count = self.rest().iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.at += count;
        if count == 0 { Err(self.unexpected("a digit")) } else { Ok(()) }
    }

    /// A string, from its opening quote on.
    pub(super) fn string(&mut self) -> Result<Text, JsonError> {
        self.at += 1;
        let mut bytes = Vec::new();
        loop {
            let plain = self.rest().iter().take_while(|byte| !matches!(byte, b'"' | b'\\' | 0..0x20)).count();
            bytes.extend_from_slice(&self.rest()[..plain]);
            self.at += plain;
            match self.byte() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(Text::from_wtf8(bytes));
                }
                Some(b'\\') => self.escape(&mut bytes)?,
                _ => return Err(self.unexpected("the end of the string or an escape")),
            }
        }
    }

    fn escape(&mut self, bytes: &mut Vec<u8>) -> Result<(), JsonError> {
        self.at += 1;
        let character = match self.byte() {
            Some(letter @ (b'"' | b'\\' | b'/')) => letter,
            Some(b'b') => 0x08,
            Some(b'f') => 0x0c,
            Some(b'n') => b'\n',
            Some(b'r') => b'\r',
            Some(b't') => b'\t',
            Some(b'u') => {
                self.at += 1;
                let point = self.code_point()?;
                push_code_point(bytes, point);
                return Ok(());
            }
            _ => return Err(self.unexpected("one of `\"\\/bfnrtu`")),
        };
        self.at += 1;
        bytes.push(character);
        Ok(())
    }

    /// The digits behind `\u`, and those of a low surrogate behind a high one.
    fn code_point(&mut self) -> Result<u32, JsonError> {
        let high = self.unit()?;
        if !(0xd800..0xdc00).contains(&high) || !self.rest().starts_with(b"\\u") {
            return Ok(high);
        }
        let after_high = self.at;
        self.at += 2;
        let low = self.unit()?;
        if (0xdc00..0xe000).contains(&low) {
            return Ok(0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00));
        }
        self.at = after_high;
        Ok(high)
    }

    fn unit(&mut self) -> Result<u32, JsonError> {
        (0..4).try_fold(0, |unit, _| {
            let digit = self.byte().and_then(|byte| char::from(byte).to_digit(16));
            let digit = digit.ok_or_else(|| self.unexpected("a hexadecimal digit"))?;
            self.at += 1;
            Ok(unit << 4 | digit)
        })
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn rest(&self) -> &'a [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }
}
