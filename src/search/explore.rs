//! The one loop that drives a search.

use super::{Candidate, Search};
use crate::progress::{Event, Observer};
use crate::target::{Context, Evaluator, Halt};

/// How many proposals are asked for at once: enough that starting threads costs nothing beside them, few enough that
/// proposals never fill the memory.
const ROOM: usize = 1024;

/// Asks, has evaluated and tells until the search proposes nothing more.
///
/// # Errors
/// If the run must end.
pub fn explore(
    search: &mut dyn Search,
    evaluator: &mut dyn Evaluator,
    observer: &mut dyn Observer,
    context: Context,
    expected: Option<u64>,
) -> Result<Vec<Candidate>, Halt> {
    observer.observe(Event::PhaseStarted { context, expected });
    let mut candidates: Vec<Candidate> = Vec::new();
    loop {
        let proposals = search.ask(ROOM);
        if proposals.is_empty() {
            break;
        }
        let outcomes = evaluator.evaluate_batch(context, &proposals, &mut |_, outcome| {
            observer.observe(Event::Evaluated { context, outcome });
        })?;
        let told = candidates.len();
        for (params, outcome) in proposals.into_iter().zip(outcomes) {
            candidates.push(Candidate { index: candidates.len() as u64, params, outcome });
        }
        search.tell(&candidates[told..]);
    }
    observer.observe(Event::PhaseEnded { context });
    Ok(candidates)
}
