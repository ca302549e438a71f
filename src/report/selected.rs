//! The selected candidate, in words of one line.

use super::escaped_line;
use crate::artifacts::{ParamValue, SelectedEntry, SelectedParam, SelectedSlice};
use crate::number::general;

/// Parameters that a line has; what is left out is counted.
const MOST: usize = 8;
/// Characters of a name or a value; what is longer is cut.
const LONGEST: usize = 40;
/// Digits of a fitness.
const DIGITS: usize = 6;

/// What it changes, the unlocked parameters named: `fast 5 -> 8, slow 20 -> 31, stop stays 0.02; 4 others were not unlocked`.
pub fn selected_changes(selected: &SelectedEntry) -> String {
    let shown = selected.params.iter().take(MOST);
    let mut parts: Vec<String> = shown.map(change).collect();
    let more = selected.params.len().saturating_sub(MOST);
    parts.extend((more > 0).then(|| format!("and {more} more")));
    let kept = match (selected.kept, parts.is_empty()) {
        (0, true) => "no parameter".to_owned(),
        (0, false) => String::new(),
        (1, true) => "1 parameter, which was not unlocked".to_owned(),
        (kept, true) => format!("{kept} parameters, none of them unlocked"),
        (1, false) => "; 1 other was not unlocked".to_owned(),
        (kept, false) => format!("; {kept} others were not unlocked"),
    };
    parts.join(", ") + &kept
}

/// Which one it was: `#17 of 200`, `round 2 #3 of 5, not locked in`, `#0 of 47, trial 17 of the study`.
pub fn selected_place(selected: &SelectedEntry) -> String {
    let pass = match (selected.round, selected.window) {
        (Some(round), _) => format!("round {round} "),
        (None, Some(window)) => format!("window {window} "),
        (None, None) => String::new(),
    };
    let stopped = match (selected.ships, selected.window) {
        (true, _) => "",
        (false, None) => ", not locked in",
        (false, Some(_)) => ", which is not the last one",
    };
    let trial = selected.trial.map_or_else(String::new, |trial| format!(", trial {trial} of the study"));
    format!("{pass}#{} of {}{trial}{stopped}", selected.index, selected.of)
}

/// How far it got: `train 0.93 (baseline 0.41), test 0.88 (baseline 0.4), holdout 0.85`.
pub fn selected_levels(selected: &SelectedEntry) -> String {
    let parts: Vec<String> = selected
        .slices
        .iter()
        .map(|level| {
            let SelectedSlice { slice, baseline, .. } = level;
            let beside = baseline.map_or_else(String::new, |base| format!(" (baseline {})", general(base.0, DIGITS)));
            format!("{slice} {}{beside}", fitness(level))
        })
        .collect();
    parts.join(", ")
}

/// A fitness, or that there is none.
pub(super) fn fitness(level: &SelectedSlice) -> String {
    level.fitness.map_or_else(|| "failed".to_owned(), |fitness| general(fitness.0, DIGITS))
}

/// All of it.
pub fn selected_line(selected: &SelectedEntry) -> String {
    let [changes, levels, place] = [selected_changes(selected), selected_levels(selected), selected_place(selected)];
    format!("{changes}; {levels} ({place})")
}

/// A parameter from the baseline to the candidate, on one line and of bounded length.
pub(super) fn change(param: &SelectedParam) -> String {
    let name = cut(&param.name);
    match (param.before == param.after, param.unlocked) {
        (true, _) => format!("{name} stays {}", value(&param.after)),
        (false, true) => format!("{name} {} -> {}", value(&param.before), value(&param.after)),
        (false, false) => format!("{name} {} -> {} (not unlocked)", value(&param.before), value(&param.after)),
    }
}

fn value(value: &ParamValue) -> String {
    match value {
        // The signs around it are ours.
        ParamValue::Choice(text) => format!("\"{}\"", cut(text).replace('"', "\\\"")),
        number => number.to_string(),
    }
}

fn cut(text: &str) -> String {
    if text.chars().count() <= LONGEST {
        return escaped_line(text);
    }
    let start: String = text.chars().take(LONGEST - 3).collect();
    escaped_line(&start) + "..."
}
