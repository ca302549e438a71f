//! What is to be said of a record, in sentences.

use omega_lock::internals::artifacts::{Finding, FindingKind, SetCounts, Spelled, StudyEnd, TrialCounts, WinnerEntry};
use omega_lock::internals::number::general;

use super::winner::Contest;

pub(super) fn of(
    counts: &TrialCounts,
    sets: &SetCounts,
    winner: Option<&WinnerEntry>,
    contest: &Contest,
    edges: Option<&[(String, String)]>,
    end: &StudyEnd,
) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut say = |kind, text: String| found.push(Finding { kind: Spelled(kind), text });
    if let Some(pretender) = contest.pretender() {
        let score = general(pretender.score, 6);
        let why = match &pretender.violated {
            Some(violated) => violated.clone(),
            None => "no number is better than that, and nothing that was measured gives it".to_owned(),
        };
        say(
            FindingKind::Against,
            format!(
                "Trial {} has the best score of all, {score}, and is not taken for the winner: {why}. Tools that look at the \
             score alone report this trial.",
                pretender.number
            ),
        );
    }
    if winner.is_none() {
        say(
            FindingKind::Against,
            "No complete trial has a finite score and violates nothing: there is no winner.".into(),
        );
    }
    not_finite(counts, contest, &mut say);
    for (_, edge) in edges.unwrap_or_default() {
        say(FindingKind::Against, format!("The winner's {edge}. What is better may lie beyond."));
    }
    tries(counts, sets, &mut say);
    if let Some(winner) = winner {
        as_good(winner, sets, &mut say);
    }
    for (name, distributions) in &end.parameters.0 {
        if distributions.len() > 1 {
            let name = name.escape_debug();
            say(FindingKind::Note, format!("`{name}` was drawn from {} different ranges.", distributions.len()));
        }
    }
    found
}

/// So many complete trials.
fn complete(count: u64) -> String {
    format!("{count} complete {}", if count == 1 { "trial" } else { "trials" })
}

/// `1 trial has` or `3 trials have`: the number with the words for one, or for another number.
fn counted(count: u64, one: &str, more: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { more })
}

type Say<'s> = &'s mut dyn FnMut(FindingKind, String);

fn not_finite(counts: &TrialCounts, contest: &Contest, say: Say<'_>) {
    if counts.not_finite > 0 {
        let infinite = match contest.infinite {
            0 => "",
            _ => " Sorted by the score alone an infinite one wins: nothing is better.",
        };
        say(
            FindingKind::Against,
            format!("{} with a score that is not finite.{infinite}", complete(counts.not_finite)),
        );
    }
    if counts.without_score > 0 {
        say(FindingKind::Note, format!("{} without such a score.", complete(counts.without_score)));
    }
    if counts.infeasible > 0 {
        let text = format!("{} with a violated constraint, or said to be infeasible.", complete(counts.infeasible));
        say(FindingKind::Note, text);
    }
}

fn tries(counts: &TrialCounts, sets: &SetCounts, say: Say<'_>) {
    let states = |name: &str| counts.states.0.iter().find(|(state, _)| state == name).map_or(0, |(_, count)| *count);
    let others = counts.tries - states("complete");
    if others > 0 {
        say(
            FindingKind::Note,
            format!(
                "The winner was chosen out of {} tries, not out of {} complete: {} pruned or cut off, or failed, and each was a \
                 chance.",
                counts.tries,
                counts.tries - others,
                counted(others, "was", "were")
            ),
        );
    }
    if sets.repeats > 0 {
        let text = format!(
            "{} the parameters of an earlier one: there {}.",
            counted(sets.repeats, "trial has", "trials have"),
            if sets.distinct == 1 { "is 1 set".to_owned() } else { format!("are {} different sets", sets.distinct) }
        );
        say(FindingKind::Note, text);
    }
}

fn as_good(winner: &WinnerEntry, sets: &SetCounts, say: Say<'_>) {
    if winner.equal > 0 {
        say(
            FindingKind::Against,
            format!(
                "{} the very score of the winner; it came first.",
                counted(winner.equal, "other set of parameters has", "other sets of parameters have")
            ),
        );
    }
    match (winner.as_good, sets.noise) {
        (Some(as_good), Some(noise)) if noise.0 > 0.0 => {
            let kind = if as_good > 0 { FindingKind::Against } else { FindingKind::Note };
            say(
                kind,
                format!(
                    "Scores of the same parameters lie {} apart (standard deviation, from {} repeats): {} cannot \
                     be told from the winner.",
                    general(noise.0, 4),
                    sets.noise_from,
                    counted(as_good, "other set", "other sets")
                ),
            );
        }
        (Some(_), Some(_)) => say(
            FindingKind::Note,
            format!(
                "{} That shows no noise of the evaluation, and nothing about other data.",
                counted(
                    sets.noise_from,
                    "repeat gave the very score of the trial it repeats.",
                    "repeats gave the very scores of the trials they repeat."
                )
            ),
        ),
        _ => {
            let why = match sets.noise_from {
                0 => "no parameters were evaluated twice".to_owned(),
                count => format!("only {} another one", counted(count, "evaluation repeats", "evaluations repeat")),
            };
            say(FindingKind::Note, format!("How many trials are as good as the winner is not known: {why}."));
        }
    }
}
