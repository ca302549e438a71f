//! `cargo omega verify`: what a file shows of itself being damaged.

use camino::Utf8Path;
use omega_lock::internals::artifacts::ExitCode;
use omega_lock::internals::gold::compare;
use omega_lock::internals::regular_file::{LARGEST, read_regular_file};

use crate::artifact::Artifact;
use crate::cli::VerifyArgs;
use crate::failure::Failure;
use crate::inspection::Inspection;
use crate::page::render;
use crate::runs;
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
        match runs::meant(path).and_then(|path| inspect(&path, &asked, about_a_trail || arguments.chain_only)) {
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

/// Makes the page beside a proven result once more. A run under plain `cargo test` leaves none.
fn hold_page(trail: &Utf8Path, inspection: &mut TrailInspection) -> Result<(), Failure> {
    let folder = trail.parent().unwrap_or(Utf8Path::new(""));
    let Ok(found) = read_regular_file(&folder.join("report.html"), LARGEST) else { return Ok(()) };
    let gold = inspection.gold.take();
    let beside_gold = gold.is_some();
    let made = render(trail, |new| Ok(gold.map(|(gold, acceptance)| compare(&gold, new, &acceptance))))?;
    inspection.page(&found, &made.html, beside_gold);
    Ok(())
}
