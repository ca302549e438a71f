//! A row read in one go: what nearly every row is spelled like, without a detour through a document.
//!
//! Nothing here says that a row is right. A reader spells what was read once more and compares, and what is not understood here,
//! such as a text with an escape, is read as a document.

use std::sync::Arc;

use serde_json::{Deserializer, Map, Value as Json};

use super::Legend;
use crate::audit::Row;
use crate::number::word_value;
use crate::objective::{
    ConstraintStatus, Context, Evaluation, Failure, FailureKind, Feasibility, Outcome, Params, Value,
};
use crate::words::Word;

/// What is left of a body.
struct Rest<'b>(&'b [u8]);

/// Reads the body of an evaluation; none if it is spelled as few rows are, or wrong.
pub(super) fn read(body: &[u8], legend: &Legend) -> Option<Row> {
    let mut rest = Rest(body);
    rest.skip("{\"kind\":\"eval\",\"call\":")?;
    let call_index = rest.whole()?;
    rest.skip(",\"role\":")?;
    let role = Word::of_word(rest.text()?)?;
    rest.skip(",\"phase\":")?;
    let phase = Word::of_word(rest.text()?)?;
    let round = if rest.skips(",\"round\":") { rest.whole()?.try_into().ok()? } else { 0 };
    let params = rest.params(legend.before(call_index))?;
    let (mut result, mut statuses) = (None, Vec::new());
    if rest.skips(",\"fitness\":") {
        let mut evaluation = Evaluation::new(rest.double()?);
        rest.skip(",\"samples\":")?;
        evaluation.samples = rest.whole()?;
        if rest.skips(",\"blocks\":[") {
            evaluation.blocks.push(rest.double()?);
            while rest.skips(",") {
                evaluation.blocks.push(rest.double()?);
            }
            rest.skip("]")?;
        }
        if rest.skips(",\"metadata\":") {
            evaluation.metadata = rest.object()?;
        }
        result = Some(Ok(Arc::new(evaluation)));
    }
    if rest.skips(",\"constraints\":{") {
        statuses.reserve_exact(legend.constraints.len());
        for (place, name) in legend.constraints.iter().enumerate() {
            rest.skip(if place == 0 { "\"" } else { ",\"" })?;
            rest.skip(name)?;
            rest.skip("\":")?;
            statuses.push(rest.status()?);
        }
        rest.skip("}")?;
    }
    if rest.skips(",\"failure\":{\"kind\":") {
        let kind: FailureKind = Word::of_word(rest.text()?)?;
        rest.skip(",\"reason\":")?;
        let reason = rest.text()?.to_owned();
        rest.skip("}")?;
        result = result.xor(Some(Err(Failure { kind, reason })));
    }
    rest.skip("}")?;
    let outcome = Outcome { call_index, result: result?, feasibility: Feasibility::new(statuses) };
    let row = Row { context: Context { role, phase, round }, params, outcome, attachments: Vec::new() };
    rest.0.is_empty().then_some(row)
}

impl<'b> Rest<'b> {
    fn skips(&mut self, text: &str) -> bool {
        self.skip(text).is_some()
    }

    fn skip(&mut self, text: &str) -> Option<()> {
        self.0 = self.0.strip_prefix(text.as_bytes())?;
        Some(())
    }

    /// The bytes up to the first one that is not `within`.
    fn take(&mut self, within: impl Fn(&u8) -> bool) -> Option<&'b str> {
        let length = self.0.iter().position(|byte| !within(byte))?;
        let (taken, rest) = self.0.split_at(length);
        self.0 = rest;
        std::str::from_utf8(taken).ok()
    }

    /// A text without an escape.
    fn text(&mut self) -> Option<&'b str> {
        self.skip("\"")?;
        let text = self.take(|byte| !matches!(byte, b'"' | b'\\' | 0..=31))?;
        self.skip("\"")?;
        Some(text)
    }

    fn number(&mut self) -> Option<&'b str> {
        self.take(|byte| matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e'))
    }

    fn whole(&mut self) -> Option<u64> {
        self.number()?.parse().ok()
    }

    fn double(&mut self) -> Option<f64> {
        if self.0.first() == Some(&b'"') { word_value(self.text()?) } else { self.number()?.parse().ok() }
    }

    fn status(&mut self) -> Option<ConstraintStatus> {
        Some(match self.0.first()? {
            b't' => self.skip("true").map(|()| ConstraintStatus::Satisfied)?,
            b'f' => self.skip("false").map(|()| ConstraintStatus::Violated)?,
            _ => ConstraintStatus::Unanswered(self.text()?.into()),
        })
    }

    fn object(&mut self) -> Option<Map<String, Json>> {
        let mut documents = Deserializer::from_slice(self.0).into_iter();
        let object = documents.next()?.ok()?;
        self.0 = self.0.get(documents.byte_offset()..)?;
        Some(object)
    }

    /// The parameters, which tell their differences from those of the first evaluation.
    fn params(&mut self, first: Option<&Params>) -> Option<Params> {
        // The first evaluation tells them all, once in a trail.
        let first = first?;
        if !self.skips(",\"params\":{") {
            return Some(first.clone());
        }
        let mut moved = Vec::with_capacity(first.len().min(16));
        loop {
            let place = first.place_of(self.text()?)?;
            self.skip(":")?;
            moved.push((place, self.value(first.value_at(place))?));
            if !self.skips(",") {
                break;
            }
        }
        self.skip("}")?;
        Some(first.with_at(moved))
    }

    fn value(&mut self, before: &Value) -> Option<Value> {
        Some(match (self.0.first()?, before) {
            (b't', _) => self.skip("true").map(|()| Value::Bool(true))?,
            (b'f', _) => self.skip("false").map(|()| Value::Bool(false))?,
            (b'"', Value::Choice(_)) => Value::Choice(self.text()?.into()),
            (b'"', _) => return None,
            _ => {
                let number = self.number()?;
                match number.parse() {
                    Ok(whole) => Value::Int(whole),
                    Err(_) => Value::Float(number.parse().ok()?),
                }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::row::{EvalBody, write_row};
    use super::*;
    use crate::objective::{Phase, Role};

    fn row(
        call_index: u64,
        params: &Params,
        result: Result<Evaluation, Failure>,
        statuses: Vec<ConstraintStatus>,
    ) -> Row {
        let outcome = Outcome { call_index, result: result.map(Arc::new), feasibility: Feasibility::new(statuses) };
        let context = Context { role: Role::Train, phase: Phase::Search, round: 2 };
        Row { context, params: params.clone(), outcome, attachments: Vec::new() }
    }

    #[test]
    fn a_row_read_in_one_go_is_the_one_that_a_document_has() {
        let first = Params::new([("x", Value::from(0.5)), ("n", 3.into()), ("b", false.into()), ("loss", "l1".into())]);
        let mut legend = Legend::new(vec!["small".to_owned(), "even".to_owned()]);
        legend.learn(&first);
        let moved = first.with("x", -1e-9).unwrap().with("b", true).unwrap().with("loss", "l2").unwrap();
        let evaluation = Evaluation::new(f64::NEG_INFINITY).samples(7).blocks(vec![1.0, -0.0, 2.5e300]);
        let told =
            evaluation.clone().with_metric("m", 0.1).with_metadata("deep", serde_json::json!([{"a": null}, "é"]));
        let failure = Failure { kind: FailureKind::Panic, reason: "no data".to_owned() };
        let kept = vec![ConstraintStatus::Satisfied, ConstraintStatus::Violated];
        let unanswered = vec![ConstraintStatus::Unanswered("none".into()), ConstraintStatus::Satisfied];
        for row in [
            row(1, &first, Ok(Evaluation::new(1.5)), kept.clone()),
            row(2, &moved, Ok(evaluation), unanswered),
            row(u64::MAX, &moved, Ok(told), kept),
            row(3, &first.with("n", i64::MIN).unwrap(), Err(failure), Vec::new()),
        ] {
            let mut body = Vec::new();
            write_row(&row, &legend, &mut body).unwrap();
            let text = String::from_utf8(body.clone()).unwrap();
            let document: EvalBody<'_> = serde_json::from_slice(&body).unwrap();
            assert_eq!(read(&body, &legend), Some(document.into_row(&legend).unwrap()), "{text}");
            assert_eq!(read(&body, &legend), Some(row), "{text}");
            for cut in 0..body.len() {
                assert_eq!(read(&body[..cut], &legend), None, "{text} cut at {cut}");
            }
        }
    }
}
