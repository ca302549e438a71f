//! What one evaluation says.

use std::path::PathBuf;
use std::sync::Arc;

use serde_json::Value as Json;

use super::{Attachment, Content, Failure, FailureKind};
use crate::number::strict_json;

/// Free facts about an evaluation, by name, as JSON values.
pub type Metadata = serde_json::Map<String, Json>;

/// The answer of a target to one parameter set.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Evaluation {
    /// The number to maximise, in the target's own unit.
    pub fitness: f64,
    /// How many samples (trades, requests, Monte Carlo draws) stand behind the fitness; the peer's `n_trials`.
    pub samples: u64,
    /// The fitness of disjoint parts of the slice, in their order: months, corners, prompts. Empty if it has none.
    pub blocks: Vec<f64>,
    /// Everything else worth recording; constraints read it.
    pub metadata: Metadata,
    /// Logs, waveforms and the like; kept beside the record if the declaration says so, else dropped.
    pub attachments: Vec<Attachment>,
}

impl Evaluation {
    /// An evaluation with this fitness and nothing else.
    pub fn new(fitness: f64) -> Self {
        Self { fitness, samples: 0, blocks: Vec::new(), metadata: Metadata::new(), attachments: Vec::new() }
    }

    /// Sets the number of samples behind the fitness.
    #[must_use]
    pub fn samples(mut self, count: u64) -> Self {
        self.samples = count;
        self
    }

    /// Sets the fitness of each of the disjoint parts that the slice consists of, judged with the same parameters; always as
    /// many, in the same order. [`in_blocks`](super::in_blocks) cuts a series.
    ///
    /// Where the declaration says `blocks = 8`, an evaluation with another number of them, or with one that is not finite,
    /// has failed, and the gate `margin` judges the selected candidate by them. Without that they are recorded and shown.
    /// A block in which nothing happened has the fitness of doing nothing, such as 0.
    ///
    /// Blocks are parts of unseen data for one fitted object. Folds that were fitted anew are none.
    #[must_use]
    pub fn blocks(mut self, fitness: Vec<f64>) -> Self {
        self.blocks = fitness;
        self
    }

    /// Adds a number that constraints can judge.
    ///
    /// JSON has no non-finite numbers: one is kept as the text `"nan"`, `"inf"` or `"-inf"`, and a constraint on it fails.
    #[must_use]
    pub fn with_metric(self, name: impl Into<String>, value: f64) -> Self {
        self.with_metadata(name, strict_json(value))
    }

    /// Adds a fact of any JSON type.
    #[must_use]
    pub fn with_metadata(mut self, name: impl Into<String>, value: impl Into<Json>) -> Self {
        self.metadata.insert(name.into(), value.into());
        self
    }

    /// Attaches bytes under a name.
    #[must_use]
    pub fn attach(self, name: impl Into<String>, bytes: impl Into<Arc<[u8]>>) -> Self {
        self.with_attachment(name, Content::Bytes(bytes.into()))
    }

    /// Attaches a file under a name. It is read when the evaluation is recorded; until then it has to stay as it
    /// is. On one thread that is before the next evaluation begins; on several it may be after, so that each evaluation
    /// needs a file of its own.
    #[must_use]
    pub fn attach_file(self, name: impl Into<String>, path: impl Into<PathBuf>) -> Self {
        self.with_attachment(name, Content::File(path.into()))
    }

    /// Itself, unless its metadata nests deeper than a record can be read. That is taken apart level by level: dropped whole,
    /// or compared, it takes stack for each of them.
    pub(crate) fn shallow(mut self) -> Result<Self, Failure> {
        if self.metadata.values().all(|value| is_shallow(value, DEEPEST_METADATA)) {
            return Ok(self);
        }
        let mut left: Vec<Json> = std::mem::take(&mut self.metadata).into_iter().map(|(_, value)| value).collect();
        while let Some(value) = left.pop() {
            match value {
                Json::Array(items) => left.extend(items),
                Json::Object(entries) => left.extend(entries.into_iter().map(|(_, value)| value)),
                _ => {}
            }
        }
        let reason = format!("its metadata nests deeper than {DEEPEST_METADATA} levels");
        Err(Failure { kind: FailureKind::Error, reason })
    }

    fn with_attachment(mut self, name: impl Into<String>, content: Content) -> Self {
        self.attachments.push(Attachment { name: name.into(), content });
        self
    }
}

/// How deeply the values of metadata may nest: readers of a record stop somewhere, and a row that nobody can read is lost.
const DEEPEST_METADATA: usize = 64;

/// Whether a value nests no deeper than `levels`.
fn is_shallow(value: &Json, levels: usize) -> bool {
    match value {
        Json::Array(items) => levels > 0 && items.iter().all(|item| is_shallow(item, levels - 1)),
        Json::Object(entries) => levels > 0 && entries.values().all(|entry| is_shallow(entry, levels - 1)),
        _ => true,
    }
}
