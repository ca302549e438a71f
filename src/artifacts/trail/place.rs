//! Rows read back one by one, by where they begin.

use std::io::{BufRead, Seek, SeekFrom};

use super::frame::unframed;
use super::lines::{Line, next_line};
use super::{DamageKind, Legend, TrailBody, TrailDamage, TrailReadError};
use crate::audit::Row;

/// Reads the row of an evaluation that begins at byte `offset`. Frame and spelling are checked; the digest would need the
/// row before.
pub(crate) fn read_row(
    source: &mut (impl BufRead + Seek),
    offset: u64,
    call_index: u64,
    legend: &Legend,
) -> Result<Row, TrailReadError> {
    // The header is row 0.
    let damaged = |kind| TrailReadError::Damage(TrailDamage { row: call_index + 1, offset, kind });
    source.seek(SeekFrom::Start(offset))?;
    let mut line = Vec::new();
    match next_line(source, &mut line)? {
        Line::Whole => {}
        Line::TooLong => return Err(damaged(DamageKind::TooLong)),
        Line::Torn | Line::None => return Err(damaged(DamageKind::Torn)),
    }
    let (_, body) = unframed(&line).ok_or(DamageKind::Frame).map_err(damaged)?;
    match TrailBody::read(body, legend, &mut Vec::new()).map_err(damaged)? {
        TrailBody::Evaluation(row) if row.outcome.call_index == call_index => Ok(row),
        TrailBody::Evaluation(row) => {
            Err(damaged(DamageKind::CallIndex { said: row.outcome.call_index, expected: call_index }))
        }
        TrailBody::Header(_) | TrailBody::End(_) => Err(damaged(DamageKind::Order("an evaluation"))),
    }
}
