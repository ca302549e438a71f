//! `cargo omega verify`: what a file shows of itself being damaged.

use camino::Utf8Path;
use omega_lock::internals::artifacts::{ExitCode, StudyReadError, StudyReader};
use omega_lock::internals::gold::compare;
use omega_lock::internals::regular_file::{LARGEST, read_regular_file};
use omega_lock::internals::report::escaped_line;

use crate::artifact::Artifact;
use crate::cli::VerifyArgs;
use crate::failure::Failure;
use crate::inspection::Inspection;
use crate::page::render;
use crate::runs;
use crate::study::unread;
use crate::trail::{self, Asked, TrailInspection};
use crate::ui::Ui;

/// Looks at each file and says what holds and what does not; the strongest exit code of all of them counts.
pub(crate) fn run(arguments: &VerifyArgs, ui: &mut Ui) -> Result<ExitCode, Failure> {
    let about_a_trail = arguments.anchor.is_some() || arguments.extends.is_some() || arguments.gold.is_some();
    if about_a_trail && arguments.paths.len() > 1 {
        let message = "`--anchor`, `--extends` and `--gold` are about one trail; name only that one";
        return Err(Failure::usage(message.to_owned()));
    }
    if let Some(gold) = &arguments.gold {
        trail::gold_in(gold).map_err(Failure::usage)?;
    }
    let asked = Asked {
        anchor: arguments.anchor.clone(),
        earlier: arguments.extends.as_deref(),
        gold: arguments.gold.as_deref(),
        chain_only: arguments.chain_only,
    };
    let mut codes = Vec::new();
    for path in &arguments.paths {
        let step = ui.step(&format!("reading and verifying `{path}`"));
        let inspected =
            runs::meant(path).and_then(|path| inspect(&path, &asked, about_a_trail || arguments.chain_only));
        drop(step);
        match inspected {
            Ok((text, code)) => {
                ui.results(&text);
                codes.push(code);
            }
            Err(failure) => {
                ui.error(&failure.message);
                codes.push(failure.code);
            }
        }
    }
    Ok(ExitCode::strongest(codes))
}

/// What is to be said of a path, and the exit code it comes to.
fn inspect(path: &Utf8Path, asked: &Asked<'_>, trail_only: bool) -> Result<(String, ExitCode), Failure> {
    if trail::is_a_study(path) {
        return inspect_study(path, asked, trail_only);
    }
    if let Some(trail) = trail::meant(path) {
        let mut inspection = TrailInspection::of(&trail, asked)?;
        if inspection.proves_the_result {
            hold_page(&trail, &mut inspection)?;
        }
        return Ok((inspection.text(), inspection.code));
    }
    let artifact = Artifact::open(path)?;
    if trail_only {
        return Err(Failure::usage(format!("`{path}` is no trail, and only a trail has what is asked for")));
    }
    let inspection = Inspection::of(&artifact)?;
    let code = if inspection.damage.is_empty() { ExitCode::Pass } else { ExitCode::Damaged };
    Ok((inspection.text(path), code))
}

/// The same of a study that was imported.
fn inspect_study(path: &Utf8Path, asked: &Asked<'_>, trail_only: bool) -> Result<(String, ExitCode), Failure> {
    if trail_only && asked.anchor.is_none() {
        return Err(Failure::usage(format!("`{path}` is a study, and only a trail has what is asked for")));
    }
    let mut lines = vec![format!("{path}: study")];
    let read = || -> Result<_, StudyReadError> {
        let mut reader = StudyReader::open(path)?;
        while reader.next_trial()?.is_some() {}
        Ok(reader)
    };
    let code = match read() {
        Ok(reader) => {
            let (source, anchor) = (&reader.head().source, reader.anchor());
            lines[0] = format!("{path}: study of {} ({}), from `{}`", source.tool, source.format, source.file);
            let trials = reader.end().map_or(0, |end| end.trials);
            lines.push(format!("  rows {} ({trials} trials)", anchor.rows));
            lines.push("  chain ok".to_owned());
            lines.push(format!("  head {}", anchor.head));
            let (line, code) = match &asked.anchor {
                None => ("  anchor none".to_owned(), ExitCode::Pass),
                Some(asked) if *asked == anchor => ("  anchor ok".to_owned(), ExitCode::Pass),
                Some(asked) => {
                    let text = format!("  damage [anchor] the study should have {asked}; it has {anchor}");
                    (text, ExitCode::Damaged)
                }
            };
            lines.push(line);
            code
        }
        Err(StudyReadError::Damage(damage)) => {
            let place = format!("byte {}: row {}: {}", damage.offset, damage.row, damage.kind);
            lines.push(format!("  damage [{}] {place}", damage.kind.name()));
            ExitCode::Damaged
        }
        Err(error) => return Err(unread(path.as_str(), &error)),
    };
    let lines: Vec<String> = lines.iter().map(|line| escaped_line(line)).collect();
    Ok((lines.join("\n") + "\n", code))
}

/// Makes the page beside a proven result once more. A run under plain `cargo test` leaves none.
fn hold_page(trail: &Utf8Path, inspection: &mut TrailInspection) -> Result<(), Failure> {
    let folder = trail.parent().unwrap_or(Utf8Path::new(""));
    let Ok(found) = read_regular_file(&folder.join("report.html"), LARGEST) else { return Ok(()) };
    let gold = inspection.gold.take();
    let beside_gold = gold.is_some();
    let made = render(trail, inspection.followed.take(), |new| {
        Ok(gold.map(|(gold, acceptance)| compare(&gold, new, &acceptance)))
    })?;
    inspection.page(&found, &made.html, beside_gold);
    Ok(())
}
