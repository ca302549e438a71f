//! `cargo omega attest`: a run that was verified, as an in-toto statement.

use std::io::Write;

use camino::Utf8Path;
use omega_lock::internals::artifacts::{
    Attestable, ExitCode, GoldDocument, Judged, RunResult, Statement, Timings, document_bytes, document_text, read_json,
};
use omega_lock::internals::gates::CommittedCase;
use omega_lock::internals::gold::{compare, digest};
use omega_lock::internals::regular_file::{LARGEST, read_regular_file};
use omega_lock::internals::report::escaped_line;
use omega_lock::internals::verify::file_digest;

use crate::cli::AttestArgs;
use crate::disk::NewFile;
use crate::failure::Failure;
use crate::runs;
use crate::trail::{self, Asked, TrailInspection};
use crate::ui::{Role, Ui, verb};

/// Verifies a run and writes its statement, whole or not at all.
pub(crate) fn run(arguments: &AttestArgs, ui: &mut Ui) -> Result<ExitCode, Failure> {
    let trail = trail::meant(&runs::meant(&arguments.run)?).ok_or_else(|| {
        Failure::usage(format!("`{}` is no run: there is no trail in it, nor beside it", arguments.run))
            .help("name the folder of a run, such as target/omega/PACKAGE/CALIBRATION")
    })?;
    let folder = trail.parent().unwrap_or(Utf8Path::new(""));
    let inspection = TrailInspection::of(&trail, &Asked::default())?;
    let refused =
        |code, problem: &str| Failure { code, message: format!("nothing is attested of `{folder}`: {problem}") };
    if inspection.code == ExitCode::Damaged {
        ui.results(&inspection.text());
        return Err(refused(ExitCode::Damaged, "it is damaged"));
    }
    let read = |name: &str| read_regular_file(&folder.join(name), LARGEST).ok();
    let Some(bytes) = read("result.json") else {
        return Err(refused(ExitCode::No, "it has no result; a run that ended with a verdict has one"));
    };
    let damaged = |name: &str, problem: &str| refused(ExitCode::Damaged, &format!("`{name}` {problem}"));
    let text = |name: &str, bytes: Vec<u8>| String::from_utf8(bytes).map_err(|_| damaged(name, "is not UTF-8"));
    let result_text = text("result.json", bytes)?;
    let result: RunResult =
        serde_json::from_str(&result_text).map_err(|error| damaged("result.json", &error.to_string()))?;
    if result.trail.is_none() || !inspection.ends_in(result.trail.as_ref()) {
        return Err(damaged("result.json", "is of another trail"));
    }
    let judged = beside::<Judged>(folder, Judged::FILE)?;
    let timings = beside::<Timings>(folder, "timings.json")?;
    if let Some(problem) = judged.as_ref().and_then(|judged| contradicted(judged, &result, &inspection)) {
        return Err(damaged(Judged::FILE, &problem));
    }
    let result_digest = digest(&result_text);
    let trail_digest = file_digest(&trail).map_err(|error| Failure::internal(error.to_string()))?;
    let (statement, attested, warnings) = Statement::of(Attestable {
        result: &result,
        result_digest: &result_digest,
        trail_digest: &trail_digest,
        judged: judged.as_ref(),
        timings: timings.as_ref(),
        unproven: (!inspection.proves_the_result).then_some("`cargo omega verify` says why"),
    });
    let bytes = document_bytes(&statement).map_err(|error| Failure::internal(error.to_string()))?;
    let mut out = NewFile::create(&arguments.output)?;
    out.write_all(&bytes)
        .map_err(|error| Failure::internal(format!("`{}` could not be written: {error}", arguments.output)))?;
    out.commit()?;
    let name = escaped_line(&result.calibration);
    let mut shown = format!("{} {}   {name} {attested}\n", verb(Role::Good, "Attested"), arguments.output);
    for warning in warnings {
        shown.extend(["  ", &escaped_line(&warning), "\n"]);
    }
    ui.results(&shown);
    Ok(ExitCode::Pass)
}

/// A document beside the trail; `None` if it is not there.
fn beside<T: serde::de::DeserializeOwned>(folder: &Utf8Path, name: &str) -> Result<Option<T>, Failure> {
    let path = folder.join(name);
    match path.symlink_metadata() {
        Err(_) => Ok(None),
        Ok(_) => {
            read_json(&path).map(Some).map_err(|error| Failure { code: error.exit_code(), message: error.to_string() })
        }
    }
}

/// What is wrong with a case that passed beside gold which is still there, and says otherwise.
fn contradicted(judged: &Judged, result: &RunResult, inspection: &TrailInspection) -> Option<String> {
    let passed = judged.cases.iter().any(|case| case.case == CommittedCase::Gold && !case.refuses());
    let (gold, acceptance) = inspection.gold.as_ref().filter(|_| passed)?;
    let text = document_text(gold).ok()?;
    let same = judged.files.iter().any(|file| file.is_subject() && file.sha256 == digest(&text));
    let holds = compare(gold, &GoldDocument::new(result, None), acceptance).holds();
    (same && !holds).then(|| "says that the result is as gold has it, and it is not".to_owned())
}
