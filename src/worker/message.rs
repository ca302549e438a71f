//! The messages of `omega-worker/1`: one JSON object a line, each with its `type`.

use std::path::Path;

use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::{Map, Value as Json};

use super::space::Entry;
use crate::number::word_value;
use crate::objective::{Evaluation, Params, Value};

/// The version of the protocol.
pub(super) const PROTOCOL: u64 = 1;

/// A line that is longer is refused, in bytes.
pub(super) const LONGEST_LINE: usize = 16 << 20;

/// Bytes that are shown of something that is no message.
const SHOWN: usize = 120;

/// What a worker is asked.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Question<'q> {
    Hello { id: u64, protocol: u64, omega: &'q str, calibration: &'q str, roles: &'q Map<String, Json> },
    Evaluate(Asked<'q>),
    Cancel { id: u64, of: u64 },
}

/// One evaluation that is asked for.
#[derive(Debug, Serialize)]
pub(super) struct Asked<'q> {
    pub(super) id: u64,
    pub(super) role: &'q str,
    pub(super) slice: &'q Json,
    pub(super) params: Wire<'q>,
    /// With repeats, another one for each.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) seed: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) deadline_s: Option<f64>,
}

/// Parameters in the order of the space.
#[derive(Debug)]
pub(super) struct Wire<'q>(pub(super) &'q Params);

impl Serialize for Wire<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in self.0.iter() {
            match value {
                Value::Float(value) => map.serialize_entry(name, value)?,
                Value::Int(value) => map.serialize_entry(name, value)?,
                Value::Bool(value) => map.serialize_entry(name, value)?,
                Value::Choice(value) => map.serialize_entry(name, &**value)?,
            }
        }
        map.end()
    }
}

/// A message as its line, without the end of it.
pub(super) fn line(question: &impl Serialize) -> String {
    // Maps have texts as keys and numbers are finite or words, so that nothing can fail.
    serde_json::to_string(question).unwrap_or_default()
}

/// What a worker says. Fields that are not known are left alone.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Message {
    Hello {
        id: u64,
        #[serde(flatten)]
        hello: Box<Hello>,
    },
    Result {
        id: u64,
        #[serde(flatten)]
        answer: Box<Answer>,
    },
    /// An answer: these parameters cannot be evaluated.
    Error {
        id: u64,
        error: String,
    },
    /// An answer: these parameters do not go together.
    NotApplicable {
        id: u64,
        reason: String,
    },
    /// No answer, for a reason that is not in the parameters.
    Lost {
        id: u64,
        error: String,
        /// Whether somebody may have begun to evaluate.
        #[serde(default = "may_be")]
        began: bool,
    },
    Cancelled {
        id: u64,
    },
    Log {
        #[serde(default)]
        level: String,
        text: String,
    },
    Progress {},
    Heartbeat {},
    Capacity {
        concurrency: usize,
    },
}

impl Message {
    /// The question that it answers.
    pub(super) fn id(&self) -> Option<u64> {
        match self {
            Self::Hello { id, .. }
            | Self::Result { id, .. }
            | Self::Error { id, .. }
            | Self::NotApplicable { id, .. }
            | Self::Lost { id, .. }
            | Self::Cancelled { id } => Some(*id),
            Self::Log { .. } | Self::Progress {} | Self::Heartbeat {} | Self::Capacity { .. } => None,
        }
    }

    /// What it is called.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Hello { .. } => "hello",
            Self::Result { .. } => "result",
            Self::Error { .. } => "error",
            Self::NotApplicable { .. } => "not_applicable",
            Self::Lost { .. } => "lost",
            Self::Cancelled { .. } => "cancelled",
            Self::Log { .. } => "log",
            Self::Progress {} => "progress",
            Self::Heartbeat {} => "heartbeat",
            Self::Capacity { .. } => "capacity",
        }
    }
}

/// What a worker says of itself.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(super) struct Hello {
    pub(super) protocol: u64,
    /// What it can be asked at once.
    #[serde(default = "one")]
    pub(super) concurrency: usize,
    pub(super) space: Option<Vec<Entry>>,
    /// What it says of its data, by role, and of its build: compared between processes, never believed.
    #[serde(default)]
    pub(super) data: Json,
    #[serde(default)]
    pub(super) build: Json,
}

fn one() -> usize {
    1
}

fn may_be() -> bool {
    true
}

/// An evaluation, as JSON.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(super) struct Answer {
    fitness: Option<Json>,
    samples: Option<Json>,
    #[serde(default)]
    blocks: Vec<Json>,
    #[serde(default)]
    metrics: Map<String, Json>,
    #[serde(default)]
    metadata: Map<String, Json>,
    #[serde(default)]
    attachments: Vec<AttachedFile>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
struct AttachedFile {
    name: String,
    path: String,
}

impl Answer {
    /// An answer that is a number and nothing else.
    pub(super) fn number(fitness: Json) -> Self {
        let (metrics, metadata) = (Map::new(), Map::new());
        Self { fitness: Some(fitness), samples: None, blocks: Vec::new(), metrics, metadata, attachments: Vec::new() }
    }

    /// Of a worker that runs in this folder, if it has one of its own: paths start there.
    ///
    /// # Errors
    /// Names the field that is missing or is not what it should be.
    pub(super) fn evaluation(self, folder: Option<&Path>) -> Result<Evaluation, String> {
        let fitness = self.fitness.ok_or("the `result` has no `fitness`, expected a number; larger is better")?;
        let mut evaluation = Evaluation::new(number("fitness", &fitness)?);
        if let Some(samples) = &self.samples {
            let count = samples.as_u64();
            let wrong =
                || format!("`samples` is {}, expected a whole number from 0 on", shown(samples.to_string().as_bytes()));
            evaluation = evaluation.samples(count.ok_or_else(wrong)?);
        }
        let block = |(place, value): (usize, &Json)| number(&format!("blocks[{place}]"), value);
        evaluation = evaluation.blocks(self.blocks.iter().enumerate().map(block).collect::<Result<_, _>>()?);
        evaluation.metadata = self.metadata;
        for (name, value) in self.metrics {
            evaluation = evaluation.with_metric(&*name, number(&format!("metrics.{name}"), &value)?);
        }
        for AttachedFile { name, path } in self.attachments {
            let file = folder.map_or_else(|| path.clone().into(), |folder| folder.join(&path));
            // To open a pipe is to wait for whoever writes to it.
            if file.metadata().is_ok_and(|found| !found.is_file()) {
                return Err(format!("`attachments` has `{}`, expected the path of a file", path.escape_debug()));
            }
            evaluation = evaluation.attach_file(name, file);
        }
        Ok(evaluation)
    }
}

fn number(field: &str, value: &Json) -> Result<f64, String> {
    // Some languages write -0 as 0, and the record is the same in all.
    let found = value.as_f64().or_else(|| word_value(value.as_str()?)).map(|found| found + 0.0);
    found.ok_or_else(|| {
        format!("`{field}` is {}, expected a number, \"nan\", \"inf\" or \"-inf\"", shown(value.to_string().as_bytes()))
    })
}

/// Reads one line.
///
/// # Errors
/// Says what is wrong with it, shows how it begins, and names the likely cure.
pub(super) fn read(line: &[u8]) -> Result<Message, String> {
    const CURE: &str = "standard output is the protocol: print to standard error";
    let Ok(text) = std::str::from_utf8(line) else {
        return Err(format!("a line that is not UTF-8: {}\nhelp: {CURE}", shown(line)));
    };
    let Some(message @ Json::Object(_)) = json(text) else {
        return Err(format!("a line that is no JSON object: {}\nhelp: {CURE}", shown(line)));
    };
    if matches!(message["type"].as_str(), Some("evaluate" | "cancel")) {
        let help =
            "a terminal in between (`ssh -tt`, `docker run -t`) says the questions as well: start it without one";
        return Err(format!("a question, as only a run asks it: {}\nhelp: {help}", shown(line)));
    }
    Message::deserialize(message).map_err(|error| {
        let help =
            "docs/worker-protocol.md has every message; a stray object on standard output belongs on standard error";
        format!("an object that is no message of omega-worker/{PROTOCOL}: {error}: {}\nhelp: {help}", shown(line))
    })
}

/// A text as JSON, in which numbers may be the words for them that some languages write and JSON does not have.
pub(super) fn json(text: &str) -> Option<Json> {
    serde_json::from_str(text).or_else(|_| serde_json::from_str(&with_quoted_words(text))).ok()
}

/// The beginning of something of unknown origin, escaped, and how much there is if that is not all.
pub(super) fn shown(bytes: &[u8]) -> String {
    let begin = &bytes[..bytes.len().min(SHOWN)];
    // A character that is cut in two is no reason to show the others as bytes.
    let text = match std::str::from_utf8(begin) {
        Ok(text) => escaped(text),
        Err(error) if error.error_len().is_none() => escaped(&String::from_utf8_lossy(&begin[..error.valid_up_to()])),
        Err(_) => begin.escape_ascii().to_string(),
    };
    if bytes.len() > SHOWN { format!("`{text}` (and so on, {} bytes)", bytes.len()) } else { format!("`{text}`") }
}

/// Without what controls a terminal; quotes, which JSON is full of, stay as they are.
fn escaped(text: &str) -> String {
    let one = |character: char| match character {
        '"' | '\'' => character.to_string(),
        character => character.escape_debug().to_string(),
    };
    text.chars().map(one).collect()
}

/// The text with the bare words `NaN`, `Infinity` and `-Infinity` as the texts that stand for them.
fn with_quoted_words(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let (mut rest, mut inside) = (text, false);
    while let Some(character) = rest.chars().next() {
        let word = [("NaN", "\"nan\""), ("Infinity", "\"inf\""), ("-Infinity", "\"-inf\"")]
            .into_iter()
            .find(|(bare, _)| !inside && rest.starts_with(bare));
        let taken = match (word, character) {
            (Some((bare, quoted)), _) => {
                out.push_str(quoted);
                bare.len()
            }
            (None, '\\') if inside => {
                let pair = rest.chars().take(2).map(char::len_utf8).sum();
                out.push_str(&rest[..pair]);
                pair
            }
            (None, character) => {
                inside ^= character == '"';
                out.push(character);
                character.len_utf8()
            }
        };
        rest = &rest[taken..];
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bare_words_for_numbers_are_read_and_left_alone_inside_of_texts() {
        let text = r#"{"id":2,"type":"result","fitness":-Infinity,"metrics":{"a":NaN},"metadata":{"b":"NaN \" NaN","c":[Infinity]}}"#;
        let Ok(Message::Result { id: 2, answer }) = read(text.as_bytes()) else { panic!("a result") };
        let evaluation = answer.evaluation(None).unwrap();
        assert_eq!(evaluation.fitness, f64::NEG_INFINITY);
        let metadata = serde_json::json!({"a": "nan", "b": "NaN \" NaN", "c": ["inf"]});
        assert_eq!(Json::Object(evaluation.metadata), metadata);
    }

    /// The lines of the page that begin like this.
    fn documented(begin: &str) -> Vec<String> {
        let page = include_str!("../../docs/worker-protocol.md").lines();
        page.filter(|line| line.starts_with(begin)).map(|line| line.trim_start_matches("<- ").to_owned()).collect()
    }

    #[test]
    fn the_page_of_the_protocol_has_an_example_of_every_message_and_each_is_one() {
        let mut examples = documented("<- {");
        examples.extend(documented("{\"type\"").into_iter().filter(|line| !line.contains("\"cancel\"")));
        let mut kinds: Vec<&str> = examples.iter().map(|line| read(line.as_bytes()).expect(line).kind()).collect();
        kinds.sort_unstable();
        kinds.dedup();
        let expected = [
            "cancelled",
            "capacity",
            "error",
            "heartbeat",
            "hello",
            "log",
            "lost",
            "not_applicable",
            "progress",
            "result",
        ];
        assert_eq!(kinds, expected);
    }

    #[test]
    fn the_page_of_the_protocol_shows_the_questions_as_they_are_asked() {
        let years = |years: &[i32]| serde_json::json!({ "years": years });
        let train = years(&[2019, 2020, 2021]);
        let roles = Map::from_iter([("train".to_owned(), train.clone()), ("test".to_owned(), years(&[2022, 2023]))]);
        let hello =
            Question::Hello { id: 1, protocol: PROTOCOL, omega: "0.1.0", calibration: "amplifier", roles: &roles };
        let params = Params::new([("gain", Value::Float(3.0)), ("decoy", Value::Bool(false))]);
        let (role, slice) = ("train", &train);
        let evaluate =
            Question::Evaluate(Asked { id: 2, role, slice, params: Wire(&params), seed: None, deadline_s: None });
        let lines = [documented("-> {"), documented("{\"type\":\"cancel\"")].concat();
        for question in [hello, evaluate, Question::Cancel { id: 9, of: 2 }] {
            let line = line(&question);
            assert!(lines.iter().any(|shown| shown.trim_start_matches("-> ") == line), "{line}");
        }
    }

    #[test]
    fn what_is_no_message_is_shown_in_120_bytes_with_the_likely_cure() {
        let refused = |line: &[u8]| read(line).unwrap_err();
        assert_eq!(
            refused(b"loading \x1b[1m data"),
            "a line that is no JSON object: `loading \\u{1b}[1m data`\nhelp: standard output is the protocol: print to standard \
             error"
        );
        assert!(refused(b"[1, 2]").starts_with("a line that is no JSON object: `[1, 2]`"));
        assert!(refused(b"\xff\xfe").starts_with("a line that is not UTF-8: `\\xff\\xfe`"));
        assert!(refused(br#"{"type":"reuslt"}"#).contains("unknown variant `reuslt`, expected one of `hello`"));
        assert!(refused(br#"{"id":1}"#).contains("missing field `type`"));
        let long = refused("é".repeat(100_000).as_bytes());
        assert!(long.contains(&format!("`{}` (and so on, 200000 bytes)", "é".repeat(60))), "{long}");
    }

    #[test]
    fn a_field_of_the_wrong_kind_is_named() {
        for (fields, expected) in [
            ("", "the `result` has no `fitness`, expected a number; larger is better"),
            (r#","fitness":"high""#, "`fitness` is `\"high\"`, expected a number, \"nan\", \"inf\" or \"-inf\""),
            (
                r#","fitness":1,"blocks":[1,null]"#,
                "`blocks[1]` is `null`, expected a number, \"nan\", \"inf\" or \"-inf\"",
            ),
            (r#","fitness":1,"samples":-2"#, "`samples` is `-2`, expected a whole number from 0 on"),
        ] {
            let line = format!(r#"{{"id":2,"type":"result"{fields}}}"#);
            let Ok(Message::Result { answer, .. }) = read(line.as_bytes()) else { panic!("a result: {line}") };
            assert_eq!(answer.evaluation(None).unwrap_err(), expected);
        }
    }
}
