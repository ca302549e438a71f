//! Python's JSON made strict: its bare `NaN`, `Infinity` and `-Infinity` as the texts our own files use.

use std::borrow::Cow;

/// The tokens that Python's `json` writes although JSON has none of them, longest first.
const TOKENS: [(&str, &str); 3] = [("-Infinity", "\"-inf\""), ("Infinity", "\"inf\""), ("NaN", "\"nan\"")];

/// The same document with every bare token outside of strings replaced; anything else is left as it is.
pub fn strict(text: &str) -> Cow<'_, str> {
    if TOKENS.iter().all(|(token, _)| !text.contains(token)) {
        return Cow::Borrowed(text);
    }
    let mut replaced = String::with_capacity(text.len());
    let (mut rest, mut in_string) = (text, false);
    while let Some(character) = rest.chars().next() {
        let token = TOKENS.iter().find(|(token, _)| !in_string && rest.starts_with(token));
        let taken = match (token, character) {
            (Some((token, quoted)), _) => {
                replaced.push_str(quoted);
                token.len()
            }
            // What follows a backslash in a string is not the end of it.
            (None, '\\') if in_string => {
                let escaped = rest.chars().nth(1).map_or(0, char::len_utf8);
                replaced.push_str(&rest[..1 + escaped]);
                1 + escaped
            }
            (None, character) => {
                in_string ^= character == '"';
                replaced.push(character);
                character.len_utf8()
            }
        };
        rest = &rest[taken..];
    }
    Cow::Owned(replaced)
}

#[cfg(test)]
mod tests {
    use super::strict;

    #[test]
    fn bare_tokens_become_texts_and_strings_stay_as_they_are() {
        let python = r#"{"NaN \" NaN": [NaN, -Infinity, Infinity, "Infinity\\"], "ü": NaN}"#;
        assert_eq!(strict(python), r#"{"NaN \" NaN": ["nan", "-inf", "inf", "Infinity\\"], "ü": "nan"}"#);
        assert!(matches!(strict("[1, 2]"), std::borrow::Cow::Borrowed(_)));
    }
}
