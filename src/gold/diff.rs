//! Two artifacts of one kind beside each other: what is better, worse, looser, tighter or gone.

use super::artifact::Artifact;
use super::comparison::{Part, Row, compare};
use super::diff_row::{declared_row, row};
use super::figure::Outcome;
#[cfg(feature = "python")]
use super::peer::PeerArtifact;
use super::problem::ArtifactProblem;
use crate::artifacts::{CandidateEntry, DiffDocument, DiffRow, GoldDocument, Number, PassEntry, RunResult};
use crate::declaration::{Acceptance, Lock, differences};

/// What differs from `before` to `after`.
///
/// # Errors
/// If they are of different kinds, or of different calibrations.
pub fn diff(before: &Artifact, after: &Artifact) -> Result<DiffDocument, ArtifactProblem> {
    let (calibration, rows) = match (before, after) {
        (Artifact::Lock(before), Artifact::Lock(after)) => (None, locks(before, after)),
        (Artifact::Gold(before), Artifact::Gold(after)) => (Some(same(before, after)?), summaries(before, after)),
        (Artifact::Result(before), Artifact::Result(after)) => results(before, after)?,
        #[cfg(feature = "python")]
        (Artifact::Peer(before), Artifact::Peer(after)) if before.kind == after.kind => (None, peers(before, after)),
        // A result that waits is compared with gold, and a result may be too.
        (Artifact::Gold(before), Artifact::Result(after)) => {
            let after = GoldDocument::new(after, None);
            (Some(same(before, &after)?), summaries(before, &after))
        }
        _ => {
            let (before, after) = (before.kind(), after.kind());
            return Err(ArtifactProblem::Incomparable(format!("a {before} cannot be compared with a {after}")));
        }
    };
    let regressed = rows.iter().filter(|row| row.regressed).count();
    let (schema_version, kind) = (DiffDocument::SCHEMA.to_owned(), before.kind().to_owned());
    Ok(DiffDocument { schema_version, kind, calibration, regressed, rows })
}

fn same(before: &GoldDocument, after: &GoldDocument) -> Result<String, ArtifactProblem> {
    if before.calibration == after.calibration {
        return Ok(before.calibration.clone());
    }
    let (before, after) = (before.calibration.escape_debug(), after.calibration.escape_debug());
    Err(ArtifactProblem::Incomparable(format!("one is of `{before}`, the other of `{after}`")))
}

/// What two artifacts of the Python package say.
#[cfg(feature = "python")]
fn peers(before: &PeerArtifact, after: &PeerArtifact) -> Vec<DiffRow> {
    let mut rows = summaries(&before.summary, &after.summary);
    let differences = differences(&before.thresholds, &after.thresholds);
    rows.extend(differences.into_iter().map(|difference| declared_row("", difference)));
    rows.extend(before.forked(after));
    rows
}

/// What both say in short.
fn summaries(before: &GoldDocument, after: &GoldDocument) -> Vec<DiffRow> {
    let comparison = compare(before, after, &Acceptance::default());
    let mut rows: Vec<&Row> = comparison.rows.iter().filter(|row| !row.outcome.is_quiet()).collect();
    rows.sort_by_key(|row| row.part);
    let mut rows: Vec<DiffRow> = rows.into_iter().map(summary_row).collect();
    if before.anchor != after.anchor {
        let shown = |document: &GoldDocument| {
            document.anchor.as_ref().map(|anchor| format!("{} rows, head {}", anchor.rows, anchor.head))
        };
        rows.push(row("trail", "anchor", (shown(before), shown(after)), "changed"));
    }
    if before.declaration_digest != after.declaration_digest {
        let digests = (Some(before.declaration_digest.clone()), Some(after.declaration_digest.clone()));
        rows.push(row("declared", "digest", digests, "changed"));
    }
    rows
}

fn summary_row(row: &Row) -> DiffRow {
    let section = match row.part {
        Part::Verdict => "verdict",
        Part::Gate => "gates",
        Part::Param => "candidate",
        Part::Metric => "metrics",
        Part::Trail => "trail",
    };
    let (word, regressed) = match row.outcome {
        Outcome::Better => ("better", false),
        Outcome::Added => ("added", false),
        Outcome::Worse => ("worse", true),
        Outcome::NotANumber => ("not a number", true),
        Outcome::Removed => ("removed", true),
        // A parameter or a figure without a direction is another one, neither better nor worse.
        Outcome::Moved => ("changed", false),
        Outcome::Same | Outcome::Within { .. } | Outcome::Unknown => ("same", false),
    };
    DiffRow {
        section: section.to_owned(),
        name: row.name.clone(),
        before: row.gold.clone(),
        after: row.new.clone(),
        delta: row.delta.map(Number),
        word: word.to_owned(),
        regressed,
    }
}

/// Two runs, whatever their pipelines: what they came to, what was declared, and the candidates of each pass.
fn results(before: &RunResult, after: &RunResult) -> Result<(Option<String>, Vec<DiffRow>), ArtifactProblem> {
    let (old, new) = (GoldDocument::new(before, None), GoldDocument::new(after, None));
    let calibration = same(&old, &new)?;
    let mut rows = summaries(&old, &new);
    let declared = differences(&before.declaration.fields(), &after.declaration.fields());
    if !declared.is_empty() {
        // The fields say in which way the digest is another one.
        rows.retain(|row| row.section != "declared");
    }
    rows.extend(declared.into_iter().map(|difference| declared_row("", difference)));
    let word = after.pass_word();
    for (before, after) in before.passes.iter().zip(&after.passes) {
        let round = before.round.or(after.round).map_or_else(String::new, |round| format!("{word} {round} "));
        rows.extend(candidates(&round, before, after));
    }
    Ok((Some(calibration), rows))
}

/// How many candidates keep every constraint, and the first one that is not the same.
fn candidates(round: &str, before: &PassEntry, after: &PassEntry) -> Vec<DiffRow> {
    let mut rows = Vec::new();
    let mut compare = |what: &str, shown: &dyn Fn(&PassEntry) -> Option<String>| {
        let (old, new) = (shown(before), shown(after));
        if old != new {
            rows.push(row("feasible", &format!("{round}{what}"), (old, new), "changed"));
        }
    };
    compare("candidates", &|pass| Some(format!("{} of {}", pass.feasible(), pass.searched())));
    compare("violated by the selected", &|pass| Some(pass.selected.as_ref()?.constraints_failed.join(", ")));
    let mut pairs = before.candidates.iter().zip(&after.candidates);
    if let Some((old, new)) = pairs.find(|(old, new)| old != new) {
        let fitness = |candidate: &CandidateEntry| candidate.fitness.map(|value| crate::number::repr(value.0));
        let name = format!("{round}first other candidate is number {}", old.index);
        rows.push(row("candidate", &name, (fitness(old), fitness(new)), "changed"));
    }
    rows
}

fn locks(before: &Lock, after: &Lock) -> Vec<DiffRow> {
    let mut names: Vec<&str> =
        before.entries().iter().chain(after.entries()).map(|entry| entry.calibration.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let mut rows = Vec::new();
    for name in names {
        match (before.entry(name), after.entry(name)) {
            (Some(old), Some(new)) => {
                let differences = differences(&old.fields, &new.fields);
                rows.extend(differences.into_iter().map(|difference| declared_row(&format!("{name}."), difference)));
            }
            (Some(_), None) => {
                let gone = row("declared", name, (Some("declared".to_owned()), None), "removed");
                rows.push(DiffRow { regressed: true, ..gone });
            }
            _ => rows.push(row("declared", name, (None, Some("declared".to_owned())), "added")),
        }
    }
    rows
}
