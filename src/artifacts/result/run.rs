//! The whole of a run: what was declared, what came of it, pass by pass, and how it ended.

use serde::{Deserialize, Serialize};

use super::{EndingEntry, Evaluations, GainEntry, ParamEntry, PassEntry};
use crate::artifacts::{Anchor, GateEntry, Ordered, ParamMap, Spelled};
use crate::gates::{GateId, GateStatus, Verdict};
use crate::objective::{Role, of_all_windows};
use crate::pipeline::{Profile, StopReason};

/// A finished run. A p1 run has one pass, an iterative run has one per round, a run over windows one per window.
///
/// What decided the numbers is in `declaration`, every key once and as the trail's header has it; nothing else repeats it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct RunResult {
    /// [`RunResult::SCHEMA`]; a reader refuses another.
    pub schema_version: String,
    /// Version of the library that wrote it.
    pub omega_lock_version: String,
    /// Name of the calibration.
    pub calibration: String,
    /// What all gates together say.
    pub verdict: Spelled<Verdict>,
    /// Why there was no further pass; absent where one is declared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stop_reason: Option<Spelled<StopReason>>,
    /// Digest of the declaration, hex.
    pub declaration_digest: String,
    /// Every field of the resolved declaration, sorted by key, its value in TOML's spelling.
    pub declaration: Ordered<String>,
    /// The trail it was made from; absent if that was kept in memory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trail: Option<Anchor>,
    /// Every declared gate, in the order shown. Of several passes each gate shows the one that decided it.
    pub gates: Vec<GateEntry>,
    /// Every parameter as it would ship; absent if nothing was selected.
    pub params: Option<ParamMap>,
    /// Evaluations made.
    pub evaluations: Evaluations,
    /// What a reader of the verdict should know beside it.
    pub warnings: Vec<String>,
    /// The parameter space.
    pub space: Vec<ParamEntry>,
    /// What would ship beside the baseline of the first pass, slice by slice; absent where evaluations have no blocks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gains: Vec<GainEntry>,
    /// What came after the passes.
    pub ending: EndingEntry,
    /// The passes, in order.
    pub passes: Vec<PassEntry>,
}

impl RunResult {
    /// The `schema_version` this version writes and reads.
    pub const SCHEMA: &str = "omega-lock.result.v1";

    /// The value of a declared field in TOML's spelling; absent if the declaration has no such field.
    pub fn declared(&self, key: &str) -> Option<&str> {
        self.declaration.field(key)
    }

    /// A declared field that is a text, such as `profile`, without its quotes.
    pub fn declared_text(&self, key: &str) -> Option<String> {
        serde_json::from_str(self.declared(key)?).ok()
    }

    /// A declared field that is a number; absent if it is off.
    pub fn declared_number(&self, key: &str) -> Option<f64> {
        self.declared(key)?.parse().ok()
    }

    /// Which rules judged it; absent if the declaration does not say.
    pub fn profile(&self) -> Option<Profile> {
        self.declared_text("profile")?.parse().ok()
    }

    /// `p1`, `iterative` or `windows`.
    pub fn pipeline(&self) -> String {
        self.declared_text("pipeline").unwrap_or_default()
    }

    /// What the target of a slice says of its data; of windows all of them together. Absent if the slice has none.
    pub fn identity(&self, role: Role) -> Option<String> {
        let windows = || (1..).map_while(|window: u64| self.declared_text(&format!("windows.{window}.{role}")));
        let windows: Vec<String> = windows().collect();
        match windows.as_slice() {
            [] => self.declared_text(&format!("roles.{role}")),
            windows => Some(of_all_windows(windows.iter().map(String::as_str))),
        }
    }

    /// The slices whose target did not say which data it has.
    pub fn unnamed(&self) -> Vec<Role> {
        Role::ALL.into_iter().filter(|role| self.identity(*role).is_some_and(|data| data.is_empty())).collect()
    }

    /// What a pass is called, where there are several: `round` or `window`.
    pub fn pass_word(&self) -> &'static str {
        if self.pipeline() == "windows" { "window" } else { "round" }
    }

    /// How many constraints could be locked by name only.
    pub fn opaque_constraints(&self) -> usize {
        let opaque = |key: &str| key.starts_with("constraint.") && key.ends_with(".opaque");
        self.declaration.0.iter().filter(|(key, _)| opaque(key)).count()
    }

    /// The entry of a gate.
    pub fn gate(&self, id: &str) -> Option<&GateEntry> {
        self.gates.iter().find(|entry| entry.gate.id() == id)
    }

    /// What a PASS of it rests on, as far as it looks at new data: `blocks 8`, `null 19`, or `approximate` where there is
    /// neither.
    pub fn rests_on(&self) -> Vec<String> {
        let judged = |id: &str| self.gate(id).is_some_and(|entry| entry.status != GateStatus::Skip);
        let of = |id, what, key| Some(format!("{what} {}", self.declared(key).filter(|_| judged(id))?));
        let blocks = of("margin", "blocks", "blocks").or_else(|| of("windows", "blocks", "blocks"));
        let rests = [of("windows", "windows", "windows.count"), blocks, of("null", "null", "gates.null.runs")];
        let asked = |pass: &PassEntry| pass.transfer.as_ref().is_some_and(|found| found.approximation.is_some());
        let approximate = self.passes.iter().any(asked).then(|| "approximate".to_owned());
        rests.into_iter().flatten().chain(approximate).collect()
    }

    /// The gates that do not apply, in the order shown.
    pub fn skipped(&self) -> Vec<Spelled<GateId>> {
        let skipped = self.gates.iter().filter(|entry| entry.status == GateStatus::Skip);
        skipped.map(|entry| entry.gate.clone()).collect()
    }
}
