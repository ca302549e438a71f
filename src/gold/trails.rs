//! Two trails beside each other, row by row, whatever their size.

use std::io::BufRead;

use super::diff_row::{declared_row, row};
use super::problem::ArtifactProblem;
use crate::artifacts::{DiffDocument, DiffRow, TrailBody, TrailEnd, TrailHeader, TrailReadError, TrailReader};
use crate::declaration::differences;

/// What differs from one trail to the other: the declarations, where they part, how they end.
///
/// # Errors
/// If one of them cannot be read or is damaged, or they are of different calibrations.
pub fn diff_trails(before: impl BufRead, after: impl BufRead) -> Result<DiffDocument, ArtifactProblem> {
    let (mut old, mut new) = (Side::new("the first", before), Side::new("the second", after));
    let (mut parted, mut other) = (None, None);
    let mut place = 0_u64;
    loop {
        let (left, right) = (old.next()?, new.next()?);
        if left.is_none() && right.is_none() {
            break;
        }
        if let (Some(left), Some(right)) = (left, right)
            && old.reader.anchor() != new.reader.anchor()
        {
            parted.get_or_insert(place);
            let evaluations = matches!((&left, &right), (TrailBody::Evaluation(_), TrailBody::Evaluation(_)));
            if evaluations && left != right {
                other.get_or_insert(place);
            }
        }
        place += 1;
    }
    let (Some(before), Some(after)) = (&old.header, &new.header) else {
        return Err(ArtifactProblem::Damaged("a trail has no header".to_owned()));
    };
    if before.calibration != after.calibration {
        let (before, after) = (before.calibration.escape_debug(), after.calibration.escape_debug());
        return Err(ArtifactProblem::Incomparable(format!("one is of `{before}`, the other of `{after}`")));
    }
    let calibration = Some(before.calibration.clone());
    let mut rows = verdicts(old.end.as_ref(), new.end.as_ref());
    let fields = (before.declaration.fields(), after.declaration.fields());
    rows.extend(differences(&fields.0, &fields.1).into_iter().map(|difference| declared_row("", difference)));
    let anchors = (old.reader.anchor(), new.reader.anchor());
    if anchors.0 != anchors.1 {
        let (word, regressed) = match parted {
            Some(place) => (format!("forked at row {place}"), false),
            None if anchors.1.rows > anchors.0.rows => ("extended".to_owned(), false),
            None => ("cut".to_owned(), true),
        };
        let shown = (Some(anchors.0.to_string()), Some(anchors.1.to_string()));
        rows.push(DiffRow { regressed, ..row("trail", "rows", shown, &word) });
    }
    if let Some(place) = other {
        rows.push(row("trail", &format!("first other evaluation is row {place}"), (None, None), "changed"));
    }
    let regressed = rows.iter().filter(|row| row.regressed).count();
    let (schema_version, kind) = (DiffDocument::SCHEMA.to_owned(), "trail".to_owned());
    Ok(DiffDocument { schema_version, kind, calibration, regressed, rows })
}

fn verdicts(before: Option<&TrailEnd>, after: Option<&TrailEnd>) -> Vec<DiffRow> {
    let verdict = |end: Option<&TrailEnd>| match end {
        Some(end) => end.verdict.as_ref().map_or_else(|| "none".to_owned(), ToString::to_string),
        None => "not ended".to_owned(),
    };
    let (old, new) = (verdict(before), verdict(after));
    if old == new {
        return Vec::new();
    }
    let passed =
        |end: Option<&TrailEnd>| end.and_then(|end| end.verdict.as_ref()).is_some_and(|verdict| verdict.is_pass());
    let regressed = passed(before);
    let word = match (regressed, passed(after)) {
        (true, _) => "worse",
        (false, true) => "better",
        (false, false) => "changed",
    };
    vec![DiffRow { regressed, ..row("verdict", "verdict", (Some(old), Some(new)), word) }]
}

/// One of both.
struct Side<R> {
    name: &'static str,
    reader: TrailReader<R>,
    header: Option<TrailHeader>,
    end: Option<TrailEnd>,
    over: bool,
}

impl<R: BufRead> Side<R> {
    fn new(name: &'static str, source: R) -> Self {
        Self { name, reader: TrailReader::new(source), header: None, end: None, over: false }
    }

    fn next(&mut self) -> Result<Option<TrailBody>, ArtifactProblem> {
        if self.over {
            return Ok(None);
        }
        let body = self.reader.next_body().map_err(|error| match error {
            TrailReadError::Damage(damage) => ArtifactProblem::Damaged(format!("{}: {damage}", self.name)),
            TrailReadError::Io(error) => ArtifactProblem::Unreadable(format!("{}: {error}", self.name)),
        })?;
        match &body {
            Some(TrailBody::Header(header)) => self.header = Some(header.clone()),
            Some(TrailBody::End(end)) => self.end = Some(end.clone()),
            Some(TrailBody::Evaluation(_)) => {}
            None => self.over = true,
        }
        Ok(body)
    }
}
