//! `cargo omega attest`: a run that was verified, as an in-toto statement.

use std::io::Write;

use camino::Utf8Path;
use omega_lock::internals::artifacts::{
    Attestable, ExitCode, Found, GoldDocument, Judged, Recheck, RunResult, Statement, Timings, TrialStatus,
    document_bytes, document_text, read_json,
};
use omega_lock::internals::declaration::{Lock, differences};
use omega_lock::internals::gates::CommittedCase;
use omega_lock::internals::gold::{GoldStore, compare, digest};
use omega_lock::internals::regular_file::{LARGEST, read_regular_file};
use omega_lock::internals::report::escaped_line;
use omega_lock::internals::ship::{self, Held};
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
    replaceable(&arguments.output)?;
    let inspection = TrailInspection::of(&trail, &Asked::default())?;
    let refused =
        |code, problem: &str| Failure { code, message: format!("nothing is attested of `{folder}`: {problem}") };
    if inspection.code == ExitCode::Damaged {
        ui.results(&inspection.text());
        return Err(refused(ExitCode::Damaged, "it is damaged"));
    }
    let read = |name: &str| read_regular_file(&folder.join(name), LARGEST).ok();
    let damaged = |name: &str, problem: &str| refused(ExitCode::Damaged, &format!("`{name}` {problem}"));
    let text = |name: &str, bytes: Vec<u8>| String::from_utf8(bytes).map_err(|_| damaged(name, "is not UTF-8"));
    let (found_text, result, recheck);
    let found = match (read("result.json"), read(Recheck::FILE)) {
        (Some(bytes), _) => {
            found_text = text("result.json", bytes)?;
            result = serde_json::from_str::<RunResult>(&found_text)
                .map_err(|error| damaged("result.json", &error.to_string()))?;
            Found::Run(&result)
        }
        (None, Some(bytes)) => {
            found_text = text(Recheck::FILE, bytes)?;
            recheck = serde_json::from_str::<Recheck>(&found_text)
                .map_err(|error| damaged(Recheck::FILE, &error.to_string()))?;
            Found::Recheck(&recheck)
        }
        (None, None) => return Err(refused(ExitCode::No, "it has no result; a run that ended with a verdict has one")),
    };
    if found.trail().is_none() || !inspection.ends_in(found.trail()) {
        return Err(damaged("its result", "is of another trail"));
    }
    let judged = beside::<Judged>(folder, Judged::FILE)?;
    let timings = beside::<Timings>(folder, "timings.json")?;
    if judged.as_ref().is_some_and(|judged| judged.schema_version != Judged::SCHEMA) {
        return Err(damaged(Judged::FILE, &format!("is no `{}`", Judged::SCHEMA)));
    }
    if let Some(problem) = judged.as_ref().and_then(|judged| contradicted(judged, found, &inspection, folder)) {
        return Err(damaged(Judged::FILE, &problem));
    }
    let found_digest = digest(&found_text);
    let trail_digest = file_digest(&trail).map_err(|error| Failure::internal(error.to_string()))?;
    let (statement, attested, warnings) = Statement::of(Attestable {
        found,
        found_digest: &found_digest,
        trail_digest: &trail_digest,
        judged: judged.as_ref(),
        timings: timings.as_ref(),
        unproven: (!inspection.proves_the_result && !inspection.agrees).then_some("`cargo omega verify` says why"),
    });
    let bytes = document_bytes(&statement).map_err(|error| Failure::internal(error.to_string()))?;
    let mut out = NewFile::create(&arguments.output)?;
    out.write_all(&bytes)
        .map_err(|error| Failure::internal(format!("`{}` could not be written: {error}", arguments.output)))?;
    out.commit()?;
    let name = escaped_line(found.calibration());
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

/// Nothing but a statement is replaced: the output is one word away from the trail it is about.
fn replaceable(output: &Utf8Path) -> Result<(), Failure> {
    let folder = output.parent().filter(|folder| !folder.as_str().is_empty());
    if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
        return Err(Failure::usage(format!("`{folder}` is no folder")).help("make it first, or name another file"));
    }
    if output.symlink_metadata().is_err() {
        return Ok(());
    }
    let found = read_regular_file(output, LARGEST).ok();
    let found: Option<serde_json::Value> = found.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    match found.as_ref().and_then(|found| found.get("predicateType")?.as_str()) {
        Some(Statement::PREDICATE) => Ok(()),
        _ => Err(Failure::usage(format!("`{output}` is there, is no statement, and is not replaced"))
            .help("name another file as `--output`")),
    }
}

/// What is wrong with a case that passed beside committed files which are still there, and say otherwise.
fn contradicted(judged: &Judged, found: Found<'_>, inspection: &TrailInspection, folder: &Utf8Path) -> Option<String> {
    let passed =
        |case: CommittedCase| judged.cases.iter().any(|known| known.case == case && known.status == TrialStatus::Pass);
    let recorded = |sha256: &str| judged.files.iter().any(|file| file.sha256 == sha256);
    let gold = inspection.gold.as_ref();
    let same_gold = gold.filter(|(gold, _)| document_text(gold).is_ok_and(|text| recorded(&digest(&text))));
    if let (Some((gold, acceptance)), Found::Run(result)) = (same_gold.filter(|_| passed(CommittedCase::Gold)), found)
        && !compare(gold, &GoldDocument::new(result, None), acceptance).holds()
    {
        return Some("says that the result is as gold has it, and it is not".to_owned());
    }
    let of = |case: CommittedCase| judged.files.iter().find(|file| file.case.is_some_and(|known| known == case));
    // The workspace in which a file is as it was judged.
    let workspace = |case| {
        let file = of(case)?;
        let as_judged = |root: &&Utf8Path| file_digest(&root.join(&file.path)).is_ok_and(|now| now == file.sha256);
        let folders = trail::beginnings(folder);
        let root = folders.iter().flat_map(|folder| folder.ancestors()).find(as_judged);
        root.map(Utf8Path::to_owned)
    };
    if let Some(root) = workspace(CommittedCase::Declaration).filter(|_| passed(CommittedCase::Declaration)) {
        let lock = Lock::load(&root).ok().flatten();
        let locked = lock.as_ref().and_then(|lock| lock.entry(found.calibration()));
        if locked.is_none_or(|locked| !differences(&locked.fields, &found.declaration().fields()).is_empty()) {
            return Some("says that the declaration is as omega.lock has it, and it is not".to_owned());
        }
    }
    let (_, acceptance) = same_gold.filter(|_| passed(CommittedCase::Shipped))?;
    let root = workspace(CommittedCase::Shipped)?;
    let store = GoldStore::new(&root, &acceptance.gold_dir, folder);
    let held = ship::judge(found.calibration(), acceptance, &root, &store);
    (!matches!(held, Ok(Held::Same { .. })))
        .then(|| "says that the shipped file is as gold has it, and it is not".to_owned())
}
