//! A shipment as a module of Rust or Python: constants, and nothing that runs.

use super::said::{Said, Unread};
use super::shipment::{Shipment, heading};
use super::token::{Token, tokens};
use crate::artifacts::{Number, ParamValue};
use crate::declaration::{REVIEW, ShipFormat};
use crate::number::repr;

/// Who uses some of the constants is not told of the others, nor that a value is near one of mathematics.
const ALLOWED: [&str; 2] = [
    "#![allow(dead_code, missing_docs, non_upper_case_globals)]",
    "#![allow(clippy::approx_constant, clippy::unreadable_literal)]",
];

/// The whole module.
pub(super) fn text(shipment: &Shipment, format: ShipFormat) -> String {
    let python = format == ShipFormat::Python;
    let sign = if python { "#" } else { "//" };
    let mut lines: Vec<String> = heading(&shipment.calibration).iter().map(|line| format!("{sign} {line}")).collect();
    if !python {
        lines.extend(ALLOWED.map(str::to_owned));
    }
    lines.push(String::new());
    let constant = |name: &str, value: &ParamValue| {
        let (kind, value) = spelled(value, python);
        if python { format!("{name} = {value}") } else { format!("pub const {name}: {kind} = {value};") }
    };
    for (name, text) in shipment.review() {
        lines.push(constant(name, &ParamValue::Choice(text.to_owned())));
    }
    lines.push(String::new());
    lines.extend(shipment.constants.iter().map(|(_, name, value)| constant(name, value)));
    lines.join("\n").trim_end().to_owned() + "\n"
}

/// The type in Rust, and the value so that it reads back to the same bits.
fn spelled(value: &ParamValue, python: bool) -> (&'static str, String) {
    match value {
        ParamValue::Bool(value) if python => ("", if *value { "True" } else { "False" }.to_owned()),
        ParamValue::Bool(value) => ("bool", value.to_string()),
        ParamValue::Int(value) => ("i64", value.to_string()),
        ParamValue::Float(Number(value)) => ("f64", repr(*value)),
        ParamValue::Choice(text) => ("&str", quoted(text, python)),
    }
}

/// Letters and what ASCII prints stand as they are; everything else is escaped, so that the text looks like what it is.
fn quoted(text: &str, python: bool) -> String {
    let spelled = |c: char| match c {
        '"' | '\\' => format!("\\{c}"),
        c if c == ' ' || c.is_ascii_graphic() || c.is_alphanumeric() => c.to_string(),
        c if !python => format!("\\u{{{:x}}}", u32::from(c)),
        c if u32::from(c) > 0xffff => format!("\\U{:08x}", u32::from(c)),
        c => format!("\\u{:04x}", u32::from(c)),
    };
    format!("\"{}\"", text.chars().map(spelled).collect::<String>())
}

/// Every constant of such a module.
pub(super) fn read(text: &str, calibration: &str, format: ShipFormat) -> Result<Vec<Said>, Unread> {
    let python = format == ShipFormat::Python;
    let tokens = tokens(text, format)?;
    let heading = heading(calibration);
    headed(text, if python { "# " } else { "// " }, &heading)?;
    let mut items: Vec<Vec<&(usize, Token)>> = vec![Vec::new()];
    for token in &tokens {
        match &token.1 {
            // An encoding that a comment declares would be another text, so only ours is let be.
            Token::Comment(comment) if heading.contains(comment) => {}
            Token::Comment(comment) => {
                let problem = format!("a comment of somebody else's, `{}`", comment.escape_debug());
                return Err(Unread::at(token.0, problem));
            }
            Token::End if python => items.push(Vec::new()),
            Token::End => {}
            _ => {
                let item = items.last_mut().into_iter();
                item.for_each(|item| item.push(token));
                let ends = matches!(&token.1, Token::Sign(';'))
                    || items.last().is_some_and(|item| is_attribute(item) && token.1 == Token::Sign(']'));
                if ends && !python {
                    items.push(Vec::new());
                }
            }
        }
    }
    let mut said = Vec::new();
    for item in items.iter().filter(|item| !item.is_empty()) {
        if !python && is_attribute(item) {
            if ALLOWED.iter().all(|allowed| shown(item) != allowed.replace(' ', "")) {
                return Err(Unread::at(item[0].0, format!("`{}`, an attribute of somebody else's", shown(item))));
            }
            continue;
        }
        let words: Vec<&Token> = item.iter().map(|(_, token)| token).collect();
        let read = if python { of_python(&words) } else { of_rust(&words) };
        let (name, value) = read.ok_or_else(|| {
            let problem = format!("`{}`, expected a constant as `cargo omega ship` writes it", shown(item));
            Unread::at(item[0].0, problem)
        })?;
        said.push(Said { line: Some(item[0].0), is_param: !REVIEW.contains(&name.as_str()), name, value });
    }
    Ok(said)
}

/// A file without our heading is not ours to write again, so its loss is told before anything else.
pub(super) fn headed(text: &str, sign: &str, heading: &[String; 2]) -> Result<(), Unread> {
    let mut lines = text.lines();
    for (place, expected) in (1..).zip(heading) {
        if lines.next().and_then(|line| line.trim_end().strip_prefix(sign)) != Some(expected) {
            let problem = "not the heading that `cargo omega ship` writes; delete the file and write it again";
            return Err(Unread::at(place, problem.to_owned()));
        }
    }
    Ok(())
}

fn is_attribute(item: &[&(usize, Token)]) -> bool {
    matches!(item, [(_, Token::Sign('#')), ..])
}

fn shown(item: &[&(usize, Token)]) -> String {
    let shown = |token: &Token| match token {
        Token::Word(word) => word.clone(),
        Token::Text(text) => format!("{text:?}"),
        Token::Sign(sign) => sign.to_string(),
        Token::Comment(_) | Token::End => String::new(),
    };
    let mut text = String::new();
    for (_, token) in item {
        if text.ends_with(|c: char| c.is_ascii_alphanumeric()) && matches!(token, Token::Word(_)) {
            text.push(' ');
        }
        text.push_str(&shown(token));
    }
    if text.chars().count() > 200 { text.chars().take(200).chain("..".chars()).collect() } else { text }
}

/// `pub const GAIN: f64 = 3.0;`
fn of_rust(words: &[&Token]) -> Option<(String, ParamValue)> {
    let [Token::Word(public), Token::Word(constant), Token::Word(name), Token::Sign(':'), rest @ ..] = words else {
        return None;
    };
    let (kind, value) = match rest {
        [Token::Sign('&'), Token::Word(kind), Token::Sign('='), value @ .., Token::Sign(';')] if kind == "str" => {
            (kind, value)
        }
        [Token::Word(kind), Token::Sign('='), value @ .., Token::Sign(';')] => (kind, value),
        _ => return None,
    };
    let (negative, literal) = signed(value)?;
    let value = match (kind.as_str(), literal) {
        ("str", Token::Text(text)) if !negative => ParamValue::Choice(text.clone()),
        ("bool", Token::Word(word)) if !negative => ParamValue::Bool(word.parse().ok()?),
        ("i64", Token::Word(word)) => whole(word.strip_suffix("i64").unwrap_or(word), negative)?,
        ("f64", Token::Word(word)) => {
            let bare = word.strip_suffix("f64").unwrap_or(word);
            // `3` alone is no f64 to rustc.
            real(bare, negative).filter(|_| bare != word || bare.contains(['.', 'e', 'E']))?
        }
        _ => return None,
    };
    (public == "pub" && constant == "const").then(|| (name.clone(), value))
}

/// `GAIN = 3.0`
fn of_python(words: &[&Token]) -> Option<(String, ParamValue)> {
    let [Token::Word(name), Token::Sign('='), value @ ..] = words else { return None };
    let (negative, literal) = signed(value)?;
    let value = match literal {
        Token::Text(text) if !negative => ParamValue::Choice(text.clone()),
        Token::Word(word) if word == "True" && !negative => ParamValue::Bool(true),
        Token::Word(word) if word == "False" && !negative => ParamValue::Bool(false),
        Token::Word(word) if word.contains(['.', 'e', 'E']) => real(word, negative)?,
        // To Python `03` is no number.
        Token::Word(word) if word.starts_with('0') && word.bytes().any(|byte| byte != b'0') => return None,
        Token::Word(word) => whole(word, negative)?,
        _ => return None,
    };
    Some((name.clone(), value))
}

fn signed<'t>(value: &[&'t Token]) -> Option<(bool, &'t Token)> {
    match value {
        [Token::Sign('-'), literal] => Some((true, literal)),
        [literal] => Some((false, literal)),
        _ => None,
    }
}

/// A number without the signs that part its digits. A digit stands on both sides of its point and begins its exponent: more
/// than one language refuses what has none there.
fn digits(word: &str) -> Option<String> {
    let (number, exponent) = word.split_once(['e', 'E']).map_or((word, None), |(number, end)| (number, Some(end)));
    let exponent = exponent.map(|exponent| exponent.strip_prefix(['+', '-']).unwrap_or(exponent));
    let begins =
        |part: &str| part.starts_with(|c: char| c.is_ascii_digit()) && !part.ends_with('_') && !part.contains("__");
    number.split('.').chain(exponent).all(begins).then(|| word.replace('_', ""))
}

fn whole(word: &str, negative: bool) -> Option<ParamValue> {
    let digits = digits(word).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
    let sign = if negative { "-" } else { "" };
    format!("{sign}{digits}").parse().ok().map(ParamValue::Int)
}

fn real(word: &str, negative: bool) -> Option<ParamValue> {
    let number: f64 = digits(word)?.parse().ok()?;
    number.is_finite().then_some(ParamValue::Float(Number(if negative { -number } else { number })))
}
