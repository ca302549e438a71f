//! The one loop that drives a search.

use super::{Candidate, Search};
use crate::objective::{Context, Evaluator, Halt, Params};
use crate::progress::{Event, Observer};

/// How many proposals a search is asked for at once, whoever evaluates them: it may propose others for another number.
const ROOM: usize = 1024;

/// What a search proposes next, and with it whatever comes behind that waits for no answer to it.
pub fn next_proposals(search: &mut dyn Search, evaluator: &dyn Evaluator) -> Vec<Params> {
    let mut proposals = search.ask(ROOM);
    while !proposals.is_empty() && proposals.len() < evaluator.room() {
        let more = search.ask_on(ROOM);
        if more.is_empty() {
            break;
        }
        proposals.extend(more);
    }
    proposals
}

/// Asks, has evaluated and tells until the search proposes nothing more.
///
/// What is kept of the candidates is up to the caller: all of them in a `Vec`, or the figures of each in
/// [`Candidates`](super::Candidates).
///
/// # Errors
/// If the run must end.
pub fn explore<C: Default + Extend<Candidate>>(
    search: &mut dyn Search,
    evaluator: &mut dyn Evaluator,
    observer: &mut dyn Observer,
    context: Context,
    expected: Option<u64>,
) -> Result<C, Halt> {
    observer.observe(Event::PhaseStarted { context, expected });
    let mut kept = C::default();
    let mut index = 0;
    loop {
        let proposals = next_proposals(search, evaluator);
        if proposals.is_empty() {
            break;
        }
        let outcomes = evaluator.evaluate_batch(context, &proposals, &mut |_, outcome| {
            observer.observe(Event::Evaluated { context, outcome });
            Ok(())
        })?;
        let answered = (index..).zip(proposals.into_iter().zip(outcomes));
        let candidates: Vec<Candidate> =
            answered.map(|(index, (params, outcome))| Candidate { index, params, outcome }).collect();
        index += candidates.len() as u64;
        search.tell(&candidates);
        kept.extend(candidates);
    }
    observer.observe(Event::PhaseEnded { context });
    Ok(kept)
}
