//! The keyhole a case names, and the clock of its run.

use std::cell::Cell;
use std::time::Duration;

use omega_lock::Clock;
use omega_lock::internals::audit::{AuditedEvaluator, Subject, Trail};
use omega_lock::internals::objective::{Evaluator, Target};
use omega_lock::keyholes::{Corner, PhantomKeyhole, PhantomKeyholeDeep, Rosenbrock, SramBitcell};
use serde_json::{Value as Json, json};

use crate::document::{float, names, size, text};

/// `{"keyhole": name, ...constructor arguments}`; an argument that the keyhole does not have is refused.
pub(crate) fn target(document: &Json) -> Result<Box<dyn Target + Sync>, String> {
    let arguments = document.as_object().ok_or_else(|| format!("{document} is no target"))?;
    let seed = || match document.get("seed") {
        None => Ok(42),
        Some(seed) => seed.as_u64().ok_or_else(|| format!("{seed} is no seed")),
    };
    let allow = |known: &[&str]| match arguments.keys().find(|key| *key != "keyhole" && !known.contains(&key.as_str()))
    {
        Some(key) => Err(format!("unknown argument `{key}` in {document}")),
        None => Ok(()),
    };
    match text(document, "keyhole")? {
        "phantom" => {
            allow(&["seed", "n_events", "noise"])?;
            let mut keyhole = PhantomKeyhole::new(seed()?);
            if arguments.contains_key("n_events") {
                keyhole = keyhole.n_events(size(document, "n_events")?);
            }
            if let Some(noise) = arguments.get("noise") {
                keyhole = keyhole.noise(float(noise)?);
            }
            Ok(Box::new(keyhole))
        }
        "phantom_deep" => {
            allow(&["seed", "n_events", "noise_a", "noise_b"])?;
            let mut keyhole = PhantomKeyholeDeep::new(seed()?);
            if arguments.contains_key("n_events") {
                keyhole = keyhole.n_events(size(document, "n_events")?);
            }
            if let Some(noise) = arguments.get("noise_a") {
                keyhole = keyhole.noise_a(float(noise)?);
            }
            if let Some(noise) = arguments.get("noise_b") {
                keyhole = keyhole.noise_b(float(noise)?);
            }
            Ok(Box::new(keyhole))
        }
        "sram" => {
            allow(&["corners"])?;
            if !arguments.contains_key("corners") {
                return Ok(Box::new(SramBitcell::new()));
            }
            let corners: Result<Vec<Corner>, _> = names(document, "corners")?.iter().map(|name| name.parse()).collect();
            Ok(Box::new(SramBitcell::with_corners(&corners.map_err(|error| error.to_string())?)))
        }
        "rosenbrock" => {
            allow(&[])?;
            Ok(Box::new(Rosenbrock::new()))
        }
        other => Err(format!("unknown keyhole `{other}`")),
    }
}

/// Runs `body` with an evaluator of the target's train slice, recorded and on several threads, as users run one.
pub(crate) fn audited<R>(
    target: &(dyn Target + Sync),
    body: impl FnOnce(&mut dyn Evaluator) -> Result<R, String>,
) -> Result<R, String> {
    let mut trail = Trail::new();
    let mut evaluator = AuditedEvaluator::new(Subject::Parallel(target), &[], &mut trail)
        .map_err(|error| error.to_string())?
        .threads(3);
    let answer = body(&mut evaluator)?;
    let evaluations = evaluator.evaluations();
    if trail.rows().len() as u64 == evaluations {
        Ok(answer)
    } else {
        Err(format!("{} rows of {evaluations} evaluations", trail.rows().len()))
    }
}

/// A clock that goes on by a millisecond with every look at it: a run takes some time, and always the same.
#[derive(Default)]
pub(crate) struct Ticking(Cell<u64>);

impl Clock for Ticking {
    fn elapsed(&self) -> Duration {
        self.0.set(self.0.get() + 1);
        Duration::from_millis(self.0.get())
    }
}

/// `{fitness, n_trials, metadata}`.
pub(crate) fn evaluation_json(evaluation: &omega_lock::Evaluation) -> Json {
    json!({
        "fitness": crate::document::number(evaluation.fitness),
        "n_trials": evaluation.samples,
        "metadata": evaluation.metadata,
    })
}
