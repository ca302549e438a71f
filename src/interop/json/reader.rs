//! The grammar around the tokens, without recursion.

use super::dict::Dict;
use super::error::{JsonError, JsonErrorKind};
use super::position::Position;
use super::rules::{RepeatedKeys, Rules};
use super::scanner::Scanner;
use super::text::Text;
use super::value::Value;

/// A text that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// Its one value.
    pub value: Value,
    /// Every key that stood before in the same object, by place.
    pub repeated_keys: Vec<RepeatedKey>,
}

/// A key that stood before in the same object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepeatedKey {
    /// The key.
    pub key: Text,
    /// Where it stands again.
    pub at: Position,
}

/// Reads what `json.loads` reads from a text, within the rules.
///
/// Python's own additions are read: bare `NaN`, `Infinity` and `-Infinity`, lone surrogates as escapes, integers of any
/// size, floats that overflow. A byte order mark and bytes that are not UTF-8 are refused, as by Python.
pub fn read(bytes: &[u8], rules: &Rules) -> Result<Document, JsonError> {
    let mut reader = Reader { scanner: Scanner::new(bytes, rules)?, rules, open: Vec::new(), repeated: Vec::new() };
    let value = reader.value()?;
    if reader.scanner.peek().is_some() {
        return Err(reader.scanner.unexpected("the end of the text"));
    }
    let (mut repeated, mut positions) = (reader.repeated, reader.scanner.positions());
    repeated.sort_by_key(|(offset, _)| *offset);
    let repeated_keys =
        repeated.into_iter().map(|(offset, key)| RepeatedKey { key, at: positions.at(offset) }).collect();
    Ok(Document { value, repeated_keys })
}

struct Reader<'a> {
    scanner: Scanner<'a>,
    rules: &'a Rules,
    open: Vec<Open>,
    repeated: Vec<(usize, Text)>,
}

/// A container that has not ended.
enum Open {
    List(Vec<Value>),
    Dict { entries: Dict, offsets: Vec<usize>, key: Text },
}

impl Reader<'_> {
    fn value(&mut self) -> Result<Value, JsonError> {
        loop {
            let Some(mut value) = self.start()? else { continue };
            // One value may end any number of containers.
            loop {
                match self.close(value)? {
                    Closed::Document(value) => return Ok(value),
                    Closed::Container(container) => value = container,
                    Closed::Nothing => break,
                }
            }
        }
    }

    /// A whole value, or none where a container opens that has something in it.
    fn start(&mut self) -> Result<Option<Value>, JsonError> {
        match self.scanner.peek() {
            Some(b'[') => {
                self.enter()?;
                if self.scanner.peek() == Some(b']') {
                    self.scanner.take(b']');
                    return Ok(Some(Value::List(Vec::new())));
                }
                self.open.push(Open::List(Vec::new()));
                Ok(None)
            }
            Some(b'{') => {
                self.enter()?;
                if self.scanner.peek() == Some(b'}') {
                    self.scanner.take(b'}');
                    return Ok(Some(Value::Dict(Dict::default())));
                }
                let (offset, key) = self.key("a key or `}`")?;
                self.open.push(Open::Dict { entries: Dict::default(), offsets: vec![offset], key });
                Ok(None)
            }
            Some(b'"') => self.scanner.string().map(|text| Some(Value::Text(text))),
            _ => self.scanner.scalar(self.rules).map(Some),
        }
    }

    /// Passes the opening bracket.
    fn enter(&mut self) -> Result<(), JsonError> {
        let depth = self.rules.depth.min(Rules::DEEPEST);
        if self.open.len() >= depth {
            let (found, expected) = (format!("level {} of nesting", depth + 1), format!("at most {depth}"));
            return Err(self.scanner.error(self.scanner.at(), JsonErrorKind::Limit, found, expected));
        }
        let bracket = self.scanner.peek().unwrap_or_default();
        self.scanner.take(bracket);
        Ok(())
    }

    fn key(&mut self, expected: &str) -> Result<(usize, Text), JsonError> {
        if self.scanner.peek() != Some(b'"') {
            return Err(self.scanner.unexpected(expected));
        }
        let offset = self.scanner.at();
        let key = self.scanner.string()?;
        if self.scanner.peek() != Some(b':') {
            return Err(self.scanner.unexpected("`:`"));
        }
        self.scanner.take(b':');
        Ok((offset, key))
    }

    /// Puts a whole value into the innermost container, and ends that one where it ends.
    fn close(&mut self, value: Value) -> Result<Closed, JsonError> {
        match self.open.pop() {
            None => Ok(Closed::Document(value)),
            Some(Open::List(mut items)) => {
                items.push(value);
                if self.more(b']', "`,` or `]`")? {
                    self.open.push(Open::List(items));
                    return Ok(Closed::Nothing);
                }
                Ok(Closed::Container(Value::List(items)))
            }
            Some(Open::Dict { mut entries, mut offsets, key }) => {
                entries.push(key, value);
                if self.more(b'}', "`,` or `}`")? {
                    let (offset, key) = self.key("a key")?;
                    offsets.push(offset);
                    self.open.push(Open::Dict { entries, offsets, key });
                    return Ok(Closed::Nothing);
                }
                self.report_repeated(&entries, &offsets)?;
                Ok(Closed::Container(Value::Dict(entries)))
            }
        }
    }

    /// Whether a comma follows; else the closing bracket must.
    fn more(&mut self, closing: u8, expected: &str) -> Result<bool, JsonError> {
        self.scanner.peek();
        if self.scanner.take(b',') {
            Ok(true)
        } else if self.scanner.take(closing) {
            Ok(false)
        } else {
            Err(self.scanner.unexpected(expected))
        }
    }

    fn report_repeated(&mut self, entries: &Dict, offsets: &[usize]) -> Result<(), JsonError> {
        for index in entries.repeated() {
            let (Some((key, _)), Some(&offset)) = (entries.iter().nth(index), offsets.get(index)) else { continue };
            if self.rules.repeated_keys == RepeatedKeys::Refused {
                let found = format!("the key `{key}` again");
                return Err(self.scanner.error(offset, JsonErrorKind::RepeatedKey, found, "each key once"));
            }
            self.repeated.push((offset, key.clone()));
        }
        Ok(())
    }
}

/// What a value ended.
enum Closed {
    Document(Value),
    Container(Value),
    Nothing,
}

#[cfg(test)]
mod tests {
    use super::super::integer::Integer;
    use super::*;

    fn python(text: &str) -> Value {
        read(text.as_bytes(), &Rules::PYTHON).unwrap().value
    }

    fn refused(text: &str) -> String {
        read(text.as_bytes(), &Rules::STRICT).unwrap_err().to_string()
    }

    #[test]
    fn pythons_additions_are_read() {
        assert_eq!(python("1e999"), Value::Float(f64::INFINITY));
        assert_eq!(python("[-Infinity, Infinity]"), python("[-1e999, 1e999]"));
        assert!(matches!(python(" NaN "), Value::Float(nan) if nan.is_nan()));
        assert_eq!(python("-0"), Value::Integer(Integer::from(0_u64)));
        assert_eq!(python("-0.0"), Value::Float(-0.0));
        let Value::Integer(large) = python(&"9".repeat(4_300)) else { panic!("an integer") };
        assert_eq!(large.as_str().len(), 4_300);
    }

    #[test]
    fn surrogates_pair_as_escapes_and_stay_alone_otherwise() {
        let points = |text: &str| match python(text) {
            Value::Text(text) => text.code_points().collect::<Vec<_>>(),
            other => panic!("{other:?}"),
        };
        assert_eq!(points(r#""\ud83d\uDE00""#), [0x1_f600]);
        assert_eq!(points(r#""\ud83d\ud83d\ude00\ude00""#), [0xd83d, 0x1_f600, 0xde00]);
        assert_eq!(points(r#""\ud83d\n\/""#), [0xd83d, 0x0a, 0x2f]);
        assert_eq!(points("\"\u{7f}é\""), [0x7f, 0xe9]);
    }

    #[test]
    fn faults_say_where_what_and_what_instead() {
        for (text, message) in [
            ("", "line 1, column 1 (byte 0): found the end of the text, expected a value"),
            ("[1,\n  é]", "line 2, column 3 (byte 6): found `é`, expected a value"),
            ("[\"é\" 1]", "line 1, column 6 (byte 6): found `1`, expected `,` or `]`"),
            ("[1,]", "line 1, column 4 (byte 3): found `]`, expected a value"),
            ("[1", "line 1, column 3 (byte 2): found the end of the text, expected `,` or `]`"),
            ("{1: 2}", "line 1, column 2 (byte 1): found `1`, expected a key or `}`"),
            ("{\"a\": 1,}", "line 1, column 9 (byte 8): found `}`, expected a key"),
            ("{\"a\" 1}", "line 1, column 6 (byte 5): found `1`, expected `:`"),
            ("01", "line 1, column 2 (byte 1): found `1`, expected the end of the text"),
            ("-a", "line 1, column 2 (byte 1): found `a`, expected a digit"),
            ("1.e3", "line 1, column 3 (byte 2): found `e`, expected a digit"),
            ("1e+", "line 1, column 4 (byte 3): found the end of the text, expected a digit"),
            ("\"\t\"", "line 1, column 2 (byte 1): found `\\t`, expected the end of the string or an escape"),
            (r#""\x""#, "line 1, column 3 (byte 2): found `x`, expected one of `\"\\/bfnrtu`"),
            (r#""\ud800\u00g0""#, "line 1, column 12 (byte 11): found `g`, expected a hexadecimal digit"),
            ("\u{feff}1", "line 1, column 1 (byte 0): found a byte order mark, expected a value"),
            ("{\"a\": 1,\n \"a\": 2}", "line 2, column 2 (byte 10): found the key `a` again, expected each key once"),
        ] {
            assert_eq!(refused(text), message, "{text}");
        }
        let error = read(b"[\"\xed\xa0\x80\"]", &Rules::PYTHON).unwrap_err();
        assert_eq!(error.to_string(), "line 1, column 3 (byte 2): found byte 0xed, expected UTF-8");
        assert_eq!(error.kind, JsonErrorKind::Encoding);
    }

    #[test]
    fn limits_are_refused_by_name() {
        let rules = Rules { bytes: 40, depth: 3, digits: 5, ..Rules::PYTHON };
        let refused = |text: &str| read(text.as_bytes(), &rules).unwrap_err();
        assert!(read(b"[[[-12345]]]", &rules).is_ok());
        assert!(refused("[[[[]]]]").to_string().ends_with("found level 4 of nesting, expected at most 3"));
        assert!(refused("123456").to_string().ends_with("found an integer of 6 digits, expected at most 5"));
        assert!(refused(&" ".repeat(41)).to_string().ends_with("found 41 bytes, expected at most 40"));
        assert_eq!(refused("[[[[]]]]").kind, JsonErrorKind::Limit);
    }

    #[test]
    fn the_deepest_text_is_read_and_a_bottomless_one_is_refused() {
        let rules = Rules { depth: usize::MAX, ..Rules::PYTHON };
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(read(nested(Rules::DEEPEST).as_bytes(), &rules).is_ok());
        assert!(read(nested(Rules::DEEPEST + 1).as_bytes(), &rules).is_err());
        assert!(read("[".repeat(1_000_000).as_bytes(), &rules).is_err());
        assert!(read("{\"a\":".repeat(1_000_000).as_bytes(), &rules).is_err());
    }

    #[test]
    fn repeated_keys_are_listed_by_place_and_the_last_one_counts() {
        let document = read(b"{\"a\": 1, \"b\": {\"c\": 1, \"c\": 2},\n\"a\": 3, \"a\": 4}", &Rules::PYTHON).unwrap();
        let found: Vec<_> =
            document.repeated_keys.iter().map(|repeated| (repeated.key.to_string(), repeated.at.offset)).collect();
        assert_eq!(found, [("c".to_owned(), 23), ("a".to_owned(), 32), ("a".to_owned(), 40)]);
        assert_eq!(document.repeated_keys[1].at.line, 2);
        let Value::Dict(dict) = document.value else { panic!("an object") };
        assert_eq!(dict.get("a"), Some(&Value::Integer(Integer::from(4_u64))));
        assert_eq!(dict.iter().len(), 4);
        assert_eq!(dict.sorted().len(), 2);
        assert_eq!(dict.sorted()[0].1, &Value::Integer(Integer::from(4_u64)));
    }
}
