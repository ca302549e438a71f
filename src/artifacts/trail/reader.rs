//! Reading a trail: row by row with all that is in it, or the chain alone.

use std::io::{self, BufRead};

use super::lines::{Line, next_line};
use super::{Anchor, Chain, DamageKind, Legend, TrailBody, TrailDamage, TrailHeader};

/// Reads a trail row by row. Every row is checked: frame, digest, spelling, kind and order.
pub struct TrailReader<R> {
    source: R,
    chain: Chain,
    /// Where the next row begins.
    offset: u64,
    line: Vec<u8>,
    /// The row as it has to be spelled.
    expected: Vec<u8>,
    legend: Legend,
    next_call: u64,
    ended: bool,
}

impl<R: BufRead> TrailReader<R> {
    /// A reader from the first row on.
    pub fn new(source: R) -> Self {
        Self {
            source,
            chain: Chain::default(),
            offset: 0,
            line: Vec::new(),
            expected: Vec::new(),
            legend: Legend::default(),
            next_call: 0,
            ended: false,
        }
    }

    /// The next row; none at the end of the file.
    ///
    /// # Errors
    /// If the file cannot be read, or the row is damaged: [`TrailReadError::Damage`] says where and how.
    pub fn next_body(&mut self) -> Result<Option<TrailBody>, TrailReadError> {
        let (row, offset) = (self.chain.rows(), self.offset);
        let damaged = |kind| TrailReadError::Damage(TrailDamage { row, offset, kind });
        match next_line(&mut self.source, &mut self.line)? {
            Line::None if row == 0 => return Err(damaged(DamageKind::Empty)),
            Line::None => return Ok(None),
            Line::TooLong => return Err(damaged(DamageKind::TooLong)),
            Line::Torn if self.ended => return Err(damaged(DamageKind::Order("nothing behind the end row"))),
            Line::Torn => return Err(damaged(DamageKind::Torn)),
            Line::Whole => {}
        }
        let body = self.chain.follow(&self.line).map_err(damaged)?;
        let body = TrailBody::read(body, &self.legend, &mut self.expected).map_err(damaged)?;
        self.offset += self.line.len() as u64 + 1;
        self.expect(&body).map_err(damaged)?;
        self.legend.read(&body);
        self.next_call += u64::from(matches!(body, TrailBody::Evaluation(_)));
        self.ended = matches!(body, TrailBody::End(_));
        Ok(Some(body))
    }

    /// How many rows were read so far.
    pub fn rows(&self) -> u64 {
        self.chain.rows()
    }

    /// The rows read so far in two values.
    pub fn anchor(&self) -> Anchor {
        self.chain.anchor()
    }

    /// What it takes to read any of the rows read so far by itself.
    #[cfg(feature = "subcommand")]
    pub(crate) fn legend(&self) -> &Legend {
        &self.legend
    }

    /// The byte of the file that the next row begins at.
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// Whether the row just followed belongs where it is.
    fn expect(&self, body: &TrailBody) -> Result<(), DamageKind> {
        let first = self.chain.rows() == 1;
        match body {
            _ if self.ended => Err(DamageKind::Order("nothing behind the end row")),
            TrailBody::Header(_) if !first => Err(DamageKind::Order("one header, in the first row")),
            TrailBody::Evaluation(_) | TrailBody::End(_) if first => Err(DamageKind::Order("the header first")),
            TrailBody::Evaluation(row) if row.outcome.call_index != self.next_call => {
                Err(DamageKind::CallIndex { said: row.outcome.call_index, expected: self.next_call })
            }
            TrailBody::End(end) if end.rows != self.chain.rows() => {
                Err(DamageKind::Count { said: end.rows, found: self.chain.rows() })
            }
            _ => Ok(()),
        }
    }
}

/// Why a row could not be read.
#[derive(Debug, thiserror::Error)]
pub enum TrailReadError {
    /// The file could not be read.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The file is no trail, or a damaged one.
    #[error(transparent)]
    Damage(#[from] TrailDamage),
}

/// What the chain alone says of a trail.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct TrailState {
    /// The rows whose digests follow from each other.
    pub(in crate::internals::artifacts) chain: Chain,
    /// What it takes to write the next evaluation.
    pub(in crate::internals::artifacts) legend: Legend,
    /// The header, if there is a first row.
    pub header: Option<TrailHeader>,
    /// Whether the last row is an end row.
    pub ended: bool,
    /// The bytes that these rows take.
    pub length: u64,
    /// Whether the file ends with a piece of a row, as a write that was cut short leaves it.
    pub torn: bool,
}

impl TrailState {
    /// The rows in two values.
    pub fn anchor(&self) -> Anchor {
        self.chain.anchor()
    }
}

/// Follows the chain from the first row to the last; of the bodies only the header and the first evaluation are read.
///
/// A last line without its newline, or with zero bytes in it, is the piece of a row that a crash leaves, and no damage.
///
/// # Errors
/// If the file cannot be read, or a row before the last is damaged.
pub fn scan(mut source: impl BufRead) -> Result<TrailState, TrailReadError> {
    let mut state = TrailState::default();
    let mut line = Vec::new();
    loop {
        let (row, offset) = (state.chain.rows(), state.length);
        let damaged = |kind| TrailReadError::Damage(TrailDamage { row, offset, kind });
        match next_line(&mut source, &mut line)? {
            Line::None => return Ok(state),
            Line::TooLong => return Err(damaged(DamageKind::TooLong)),
            Line::Torn => return Ok(TrailState { torn: true, ..state }),
            Line::Whole if state.ended => return Err(damaged(DamageKind::Order("nothing behind the end row"))),
            Line::Whole => {}
        }
        match state.chain.follow(&line) {
            Ok(body) => {
                state.ended = body.starts_with(b"{\"kind\":\"end\"");
                if row < 2 {
                    let body = TrailBody::read(body, &state.legend, &mut Vec::new()).map_err(damaged)?;
                    state.legend.read(&body);
                    match (row, body) {
                        (0, TrailBody::Header(header)) => state.header = Some(header),
                        (0, _) => return Err(damaged(DamageKind::Order("the header first"))),
                        (_, TrailBody::Header(_)) => {
                            return Err(damaged(DamageKind::Order("one header, in the first row")));
                        }
                        (_, TrailBody::Evaluation(_) | TrailBody::End(_)) => {}
                    }
                }
            }
            Err(_) if line.contains(&0) && source.fill_buf()?.is_empty() => {
                return Ok(TrailState { torn: true, ..state });
            }
            Err(kind) => return Err(damaged(kind)),
        }
        state.length += line.len() as u64 + 1;
    }
}
