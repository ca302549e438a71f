//! The lines of Optuna's journal: one operation each.

use omega_lock::internals::artifacts::{Number, Ordered};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::optuna::METRIC_NAMES;
use super::python_json::strict;

/// The numbers of the operations.
pub(super) mod op {
    pub(in super::super) const CREATE_STUDY: u8 = 0;
    pub(in super::super) const DELETE_STUDY: u8 = 1;
    pub(in super::super) const SET_STUDY_USER: u8 = 2;
    pub(in super::super) const SET_STUDY_SYSTEM: u8 = 3;
    pub(in super::super) const CREATE_TRIAL: u8 = 4;
    pub(in super::super) const SET_PARAM: u8 = 5;
    pub(in super::super) const SET_STATE: u8 = 6;
    pub(in super::super) const SET_INTERMEDIATE: u8 = 7;
    pub(in super::super) const SET_USER: u8 = 8;
    pub(in super::super) const SET_SYSTEM: u8 = 9;
    /// Of Optuna's port to Rust; Optuna itself passes over it.
    pub(in super::super) const DISCARD: u8 = 10;
}

/// What a line is about.
#[derive(Debug, Deserialize)]
pub(super) struct Glance {
    pub(super) op_code: u8,
    pub(super) study_id: Option<u32>,
    pub(super) trial_id: Option<usize>,
    pub(super) state: Option<i64>,
    pub(super) study_name: Option<String>,
    pub(super) directions: Option<Vec<i64>>,
    /// The names of a study's objectives, where the line gives them.
    #[serde(skip)]
    pub(super) metric_names: Option<Value>,
}

impl Glance {
    /// Reads as much of a line as says what it is about.
    pub(super) fn read(line: &[u8]) -> Result<Self, Unread> {
        let mut glance: Self = read(line)?;
        if glance.op_code == op::SET_STUDY_SYSTEM {
            let whole: Whole = read(line)?;
            glance.metric_names = whole.system_attr.and_then(|mut own| own.remove(METRIC_NAMES));
        }
        Ok(glance)
    }
}

/// All that a line may have about a trial.
#[derive(Debug, Deserialize)]
pub(super) struct Whole {
    pub(super) op_code: u8,
    pub(super) trial_id: Option<usize>,
    pub(super) state: Option<i64>,
    pub(super) value: Option<Number>,
    pub(super) values: Option<Vec<Number>>,
    pub(super) param_name: Option<String>,
    pub(super) param_value_internal: Option<Number>,
    pub(super) distribution: Option<String>,
    pub(super) user_attr: Option<Map<String, Value>>,
    pub(super) system_attr: Option<Map<String, Value>>,
    // What a trial that somebody else made has from its beginning.
    pub(super) distributions: Option<Ordered<String>>,
    pub(super) params: Option<Ordered<Number>>,
    pub(super) user_attrs: Option<Map<String, Value>>,
    pub(super) system_attrs: Option<Map<String, Value>>,
    pub(super) intermediate_values: Option<Ordered<Number>>,
}

/// Why a line is no operation.
#[derive(Debug)]
pub(super) struct Unread {
    pub(super) what: String,
    /// Whether it ends where more must come.
    pub(super) is_cut: bool,
    /// Whether it is JSON, and says what no operation says.
    pub(super) is_whole: bool,
}

impl From<Unread> for String {
    fn from(unread: Unread) -> Self {
        unread.what
    }
}

/// Reads a line, or the part of it that is asked for.
pub(super) fn read<T: serde::de::DeserializeOwned>(line: &[u8]) -> Result<T, Unread> {
    serde_json::from_slice(&strict(line)).map_err(|error| Unread {
        what: format!("no operation of a journal: {error}"),
        is_cut: error.is_eof(),
        is_whole: error.is_data(),
    })
}

/// Whether nothing more is heard of a trial in this state, by its number.
pub(super) const fn has_ended(state: Option<i64>) -> bool {
    matches!(state, Some(1..=3))
}
