//! `cargo omega bench`: what the methods find where the answer is known.

use omega_lock::Clock;
use omega_lock::internals::artifacts::{BenchmarkReport, ExitCode, write_json};
use omega_lock::internals::benchmark::{BenchmarkError, BenchmarkEvent, battery};
use omega_lock::internals::report;

use crate::cli::BenchArgs;
use crate::environment;
use crate::failure::Failure;
use crate::stopwatch::Stopwatch;
use crate::ui::Ui;

/// Runs the battery, or a part of it, and shows the scorecard.
pub(crate) fn run(arguments: &BenchArgs, ui: &mut Ui) -> Result<ExitCode, Failure> {
    if arguments.update_gold.is_some() && environment::ci().is_some() {
        let message = "`--update-gold` is refused where `CI` is set: a committed file is only ever written by hand";
        return Err(Failure::usage(message).help("run it on your own machine and commit the file"));
    }
    let unknown = |error: BenchmarkError| Failure::usage(error.to_string());
    let battery = battery()
        .only_methods(&arguments.method)
        .and_then(|battery| battery.only_keyholes(&arguments.keyhole))
        .map_err(unknown)?
        .with_seeds(&arguments.seed);

    let stopwatch = Stopwatch::start();
    let clock = arguments.timings.then_some(&stopwatch as &dyn Clock);
    let rows = battery.run(clock, &mut |event| {
        if let BenchmarkEvent::Started { name, place, of } = event {
            ui.status("Running", &format!("[{place:>2}/{of}] {name}"));
        }
    });
    let rows = rows.map_err(unknown)?;

    let document = BenchmarkReport::new(&rows);
    ui.results(&report::benchmark(&document));
    for (path, what) in [(&arguments.json, "Wrote"), (&arguments.update_gold, "Updated")] {
        if let Some(path) = path {
            write_json(&document, path).map_err(|error| Failure::internal(error.to_string()))?;
            ui.status(what, path.as_str());
        }
    }
    let crashed = rows.iter().any(|row| row.measured.is_err());
    Ok(if crashed { ExitCode::TargetFailed } else { ExitCode::Pass })
}
