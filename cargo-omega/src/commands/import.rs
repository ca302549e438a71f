//! `cargo omega import`: somebody else's study as a file of ours.

use std::collections::HashSet;
use std::fmt::Write;
use std::io::{self, ErrorKind};

use camino::Utf8Path;
use omega_lock::internals::artifacts::{
    Anchor, ExitCode, StudyEnd, StudyHead, StudyReadError, StudyReader, StudyWriter, TrialState,
};
use omega_lock::internals::report::escaped_line;

use crate::cli::{ImportArgs, StudyFileArgs};
use crate::disk::{self, NewFile};
use crate::failure::Failure;
use crate::study;
use crate::ui::Ui;

/// Writes the study whole or not at all.
pub(crate) fn run(arguments: &ImportArgs, ui: &mut Ui) -> Result<ExitCode, Failure> {
    free(arguments)?;
    let output = &arguments.output;
    let summary = write(&arguments.from, output)?;
    ui.status("Wrote", output.as_str());
    let next = escaped_line(&format!("next: `cargo omega study {output}` says what it can show"));
    ui.results(&format!("{summary}{next}\n"));
    Ok(ExitCode::Pass)
}

/// Writes the study whole or not at all, over what is there; what it has.
pub(super) fn write(from: &StudyFileArgs, output: &Utf8Path) -> Result<String, Failure> {
    let told = from.told();
    let reader = study::open(&told)?;
    let head = reader.head().clone();
    let said = study::said(&told, &reader.told())?;
    study::agreed(&head, &told, &said)?;
    let unwritten = |error: io::Error| match error.kind() {
        ErrorKind::InvalidData => Failure::usage(format!("`{}` cannot be a study: {error}", told.file)),
        _ => Failure::internal(format!("`{output}` could not be written: {error}")),
    };
    let mut writer = StudyWriter::new(NewFile::create(output)?, &head, &said).map_err(unwritten)?;
    let mut states = [0; TrialState::ALL.len()];
    let mut params = HashSet::new();
    let end = reader.trials(&mut |trial| {
        let state = TrialState::ALL.iter().zip(&mut states).find(|(state, _)| trial.state == **state);
        if let Some((_, count)) = state {
            *count += 1;
        }
        for (name, _) in &trial.params.0 {
            if !params.contains(name) {
                params.insert(name.clone());
            }
        }
        writer.trial(trial).map_err(unwritten)
    })?;
    if end.trials == 0 {
        return Err(Failure::usage(format!("`{}` has no trials, so there is nothing to import", told.file))
            .help("import it once its search has begun"));
    }
    let (file, anchor) = writer.finish(&end).map_err(unwritten)?;
    file.commit()?;
    Ok(summary(&head, &states, params.len(), &end, &anchor))
}

/// Refuses to write over anything but a study.
fn free(arguments: &ImportArgs) -> Result<(), Failure> {
    let output = &arguments.output;
    if output == "-" {
        return Err(Failure::usage("a study is written to a file, which appears whole or not at all")
            .help("name one: `-o study.json`"));
    }
    disk::nameable(output)?;
    match StudyReader::open(output) {
        Ok(_) => Ok(()),
        Err(StudyReadError::File(error)) if error.kind.is_absence() => Ok(()),
        Err(StudyReadError::Version(_)) => Ok(()),
        Err(_) => Err(Failure::usage(format!("`{output}` is there and is no study, and is not written over"))
            .help("name another file, or remove it first")),
    }
}

fn summary(
    head: &StudyHead,
    states: &[u64; TrialState::ALL.len()],
    params: usize,
    end: &StudyEnd,
    anchor: &Anchor,
) -> String {
    let source = &head.source;
    let study = source.study.as_ref().map_or_else(String::new, |name| format!(", study `{name}`"));
    let mut lines = vec![format!("{}: {}, {}{study}", source.file, source.tool, source.format)];
    let counted = TrialState::ALL.iter().zip(states).filter(|(_, count)| **count > 0);
    let counted: Vec<String> = counted.map(|(state, count)| format!("{count} {state}")).collect();
    lines.push(format!("  trials      {} ({})", end.trials, counted.join(", ")));
    for objective in &head.objectives {
        let better = objective.direction.map_or("nobody says which is better".to_owned(), |word| word.to_string());
        lines.push(format!("  score       `{}`, {better}", objective.name));
    }
    if head.objectives.is_empty() {
        lines.push("  score       the file does not say which one was optimised".to_owned());
    }
    // A parameter whose range is known may have been in no trial that is given.
    lines.push(match (params.max(end.parameters.0.len()), end.parameters.0.len()) {
        (0, _) => "  parameters  none".to_owned(),
        (count, 0) => format!("  parameters  {count}; their ranges are not in the file"),
        (count, known) if known < count => format!("  parameters  {count}, of which {known} with their ranges"),
        (count, _) => format!("  parameters  {count}, with their ranges"),
    });
    for left in &end.left_out {
        lines.push(format!("  left out    {left}"));
    }
    lines.push(format!("  digest      {}", anchor.head));
    let mut text = String::new();
    for line in lines {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{}", escaped_line(&line));
    }
    text
}
