//! `cargo omega audit`: a run as an audit report that the Python package reads.

use std::io::ErrorKind;

use omega_lock::internals::artifacts::{ExitCode, RunResult, Timings, TrailReadError, export_audit, read_json};
use omega_lock::internals::regular_file::open_regular_file;

use crate::artifact::damaged;
use crate::cli::AuditArgs;
use crate::disk::NewFile;
use crate::failure::Failure;
use crate::runs;
use crate::trail;
use crate::ui::Ui;

/// Writes the report whole or not at all.
pub(crate) fn run(arguments: &AuditArgs, ui: &mut Ui) -> Result<ExitCode, Failure> {
    let path = trail::meant(&runs::meant(&arguments.run)?).ok_or_else(|| {
        Failure::usage(format!("`{}` is no run: there is no trail in it, nor beside it", arguments.run))
            .help("name the folder of a run, such as target/omega/PACKAGE/CALIBRATION")
    })?;
    let file = open_regular_file(&path).map_err(|error| Failure::usage(error.to_string()))?;
    let folder = path.parent().unwrap_or(camino::Utf8Path::new(""));
    // A run that is not over has no result, and one that was copied without them has neither.
    let timings: Option<Timings> = read_json(&folder.join("timings.json")).ok();
    let result: Option<RunResult> = read_json(&folder.join("result.json")).ok();
    let out = NewFile::create(&arguments.output)?;
    let written = export_audit(file, timings.as_ref(), result.as_ref(), arguments.hash_chain, out);
    match written {
        Ok(out) => out.commit()?,
        Err(TrailReadError::Damage(damage)) => return Err(damaged(format!("`{path}`: {damage}"))),
        Err(TrailReadError::Io(error)) if error.kind() == ErrorKind::Unsupported => {
            let failure = Failure::usage(format!("`{path}` is no audit report: {error}"));
            return Err(failure.help("`cargo omega report` and `cargo omega show` know windows"));
        }
        Err(TrailReadError::Io(error)) => {
            return Err(Failure::internal(format!("`{}` could not be written: {error}", arguments.output)));
        }
    }
    ui.status("Wrote", arguments.output.as_str());
    Ok(ExitCode::Pass)
}
