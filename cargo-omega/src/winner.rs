//! What would ship, or whose verdict it was, as lines for a terminal.

use camino::Utf8Path;
use omega_lock::internals::artifacts::{GainEntry, GoldDocument, RunResult, SelectedEntry, read_json};
use omega_lock::internals::report::{
    escaped_line, gain_line, selected_changes, selected_levels, selected_place, wrapped,
};

use crate::runs;

/// Columns that a terminal has at least.
const WIDTH: usize = 80;
/// Parameters of a candidate of which nothing but its parameters is known; what is left out is counted.
const MOST: usize = 8;

/// A word, and what is to be said behind it, which is broken into lines behind an indent of so many columns.
pub(crate) type Told = (&'static str, String);

/// The selected candidate and what it gains.
pub(crate) fn told(selected: Option<&SelectedEntry>, gains: &[GainEntry], indent: usize) -> Vec<Told> {
    let lines = match selected {
        Some(selected) => {
            vec![format!("{} ({})", selected_changes(selected), selected_place(selected)), selected_levels(selected)]
        }
        None => vec!["none".to_owned()],
    };
    let broken: Vec<String> =
        lines.iter().filter(|line| !line.is_empty()).map(|line| wrapped(line, indent, WIDTH)).collect();
    let mut told = vec![("Selected", broken.join(&format!("\n{}", " ".repeat(indent))))];
    told.extend(gains.iter().map(|gain| {
        let line = format!("{} {}", gain.slice, gain_line(gain));
        ("Gain", wrapped(&line, indent, WIDTH))
    }));
    told
}

/// The same of a result that waits to be accepted: of its run, if that is still there, else its parameters alone.
pub(crate) fn of_pending(new: &GoldDocument, omega: &Utf8Path, indent: usize) -> Vec<Told> {
    let same = |result: &RunResult| result.trail.is_some() && result.trail == new.anchor;
    let folders = runs::below(omega).unwrap_or_default().into_iter().filter(|run| run.calibration == new.calibration);
    let result = folders.filter_map(|run| read_json::<RunResult>(&run.folder.join("result.json")).ok()).find(same);
    if let Some(result) = result {
        let mut lines = told(result.selection().as_ref(), &result.gains, indent);
        let rests_on = result.rests_on();
        if !rests_on.is_empty() {
            lines.push(("Rests on", rests_on.join(", ")));
        }
        return lines;
    }
    let params = &new.params.0;
    let mut shown: Vec<String> =
        params.iter().take(MOST).map(|(name, value)| escaped_line(&format!("{name}={value}"))).collect();
    let more = params.len().saturating_sub(MOST);
    shown.extend((more > 0).then(|| format!("and {more} more")));
    let line = if params.is_empty() { "none".to_owned() } else { shown.join(", ") };
    vec![("Selected", wrapped(&line, indent, WIDTH))]
}
