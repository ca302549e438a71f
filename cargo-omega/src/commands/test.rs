//! `cargo omega test`: runs the harnesses and shows every case.

use camino::Utf8Path;
use omega_lock::internals::artifacts::{AgainstEntry, ChangeEntry, ExitCode, SuiteResults, TestRun, write_json};
use omega_lock::internals::gold;
use omega_lock::internals::harness::variables::{self, Mode};
use omega_lock::internals::objective::spelling::similar;

use super::report::{Pages, after_a_test};
use crate::against;
use crate::cli::{ColorWhen, TestArgs, TestCommand};
use crate::disk;
use crate::environment;
use crate::failure::Failure;
use crate::outlets::Outlets;
use crate::project::Project;
use crate::report::{self, counted};
use crate::results::Collected;
use crate::session;
use crate::tally::{self, Tally};
use crate::ui::Ui;

/// How many near names are worth reading.
const SUGGESTIONS: usize = 3;

/// Runs, shows, and keeps the results as data whatever came of it.
pub(crate) fn run(command: &TestCommand, color: Option<ColorWhen>, ui: &mut Ui) -> Result<ExitCode, Failure> {
    let arguments = &command.test;
    ui.quiet = arguments.quiet;
    if environment::variable(variables::UPDATE_GOLD).is_some_and(|value| !["", "0", "false"].contains(&value.as_str()))
    {
        return Err(Failure::usage(format!("{} is for plain `cargo test`", variables::UPDATE_GOLD))
            .help("write gold with `cargo omega update-gold --reason \"...\"`"));
    }
    let outlets = Outlets::of(command)?;
    let project = Project::load(&arguments.manifest, arguments.build.target_dir.as_deref())?;
    let path = project.omega_directory().join("results.json");
    if asks_the_harness(arguments) {
        return session::ask(&project, arguments, color, ui);
    }
    let against = arguments.against.as_deref().map(|revision| against(&project, revision, arguments)).transpose()?;
    // A killed run must not be mistaken for an earlier one.
    disk::remove(&path)?;
    let mut collected = Collected::default();
    let shown = |suite: &SuiteResults| match outlets.show_lines() {
        true => report::trials(suite, arguments.quiet, arguments.verbose),
        false => String::new(),
    };
    let token = ui.disobey();
    let stopped = session::evaluate(&project, arguments, (color, Mode::Run), ui, shown, &mut collected).err();
    ui.obey(token);
    collected.failures.extend(stopped);

    let (mut suites, seconds) = (collected.suites, collected.seconds);
    let Pages { failures, on_demand } = after_a_test(&project, &suites);
    collected.failures.extend(failures);
    if outlets.show_lines() {
        show(&project, arguments, ui, &suites, seconds, &path);
        ui.results(&report::on_demand(&on_demand));
        ui.results(&against.as_ref().map(report::against).unwrap_or_default());
    }
    let (failures, warnings) = closing(arguments, &suites, collected.failures, ui);
    if let Some(AgainstEntry { revision, digest, changes, .. }) = against.as_ref().filter(|against| !against.accepted) {
        let bad = changes.iter().filter(|change| gold::ChangeKind::fails_by_name(&change.kind)).count();
        ui.error(&format!(
            "{} since {revision} {} an approval from outside of these files\nhelp: where that is given, pass \
             `--accept-change {digest}`",
            counted(bad, "change"),
            if bad == 1 { "needs" } else { "need" }
        ));
    }

    suites.sort_by(|left, right| (&left.package, &left.suite).cmp(&(&right.package, &right.suite)));
    let problems = failures.iter().map(Failure::to_problem).collect();
    let mut run = TestRun { schema_version: TestRun::SCHEMA.to_owned(), exit_code: 0, problems, suites, against };
    let code = tally::exit_code(&run);
    run.exit_code = code.number();
    let kept = write_json(&run, &path).map_err(|error| Failure::internal(error.to_string()));
    let mut codes = vec![code];
    for failure in [kept, outlets.write(&run, &warnings, ui)].into_iter().filter_map(Result::err) {
        ui.error(&failure.message);
        codes.push(failure.code);
    }
    Ok(ExitCode::strongest(codes))
}

/// Whether the harness is asked for its list or its help, and evaluates nothing.
fn asks_the_harness(arguments: &TestArgs) -> bool {
    let question = |word: &std::ffi::OsString| ["--list", "--help", "-h"].iter().any(|known| word == known);
    arguments.harness_args.iter().any(question)
}

/// What the committed files changed since a revision, and whether that was approved.
fn against(project: &Project, revision: &str, arguments: &TestArgs) -> Result<AgainstEntry, Failure> {
    let changes = against::changes_since(project, revision)?;
    let digest = gold::changes_digest(&changes);
    let needed = changes.iter().any(|change| change.kind.fails());
    let entry = |change: gold::Change| ChangeEntry {
        kind: change.kind.name().to_owned(),
        calibration: change.calibration,
        text: change.text,
    };
    Ok(AgainstEntry {
        revision: revision.to_owned(),
        accepted: !needed || arguments.accept_change.as_ref() == Some(&digest),
        digest,
        changes: changes.into_iter().map(entry).collect(),
    })
}

/// The failures in full, the verdicts, the counts and where to look.
fn show(
    project: &Project,
    arguments: &TestArgs,
    ui: &mut Ui,
    suites: &[SuiteResults],
    seconds: f64,
    results: &Utf8Path,
) {
    let tally = Tally::of(suites);
    if tally.cases == 0 {
        return;
    }
    let mut text = report::failures(suites) + &report::verdicts(suites) + &report::summary(&tally, seconds);
    text += &report::pending(suites, &project.shown(&project.omega_directory().join("pending")));
    if !arguments.quiet {
        let folders = suites.iter().flat_map(|suite| &suite.runs).filter_map(|run| run.artifacts.as_deref());
        let folders = folders.map(|folder| project.target_directory().join(folder));
        let paths: Vec<_> = folders.chain([results.to_owned()]).map(|path| project.shown(&path)).collect();
        text += &report::artifacts(&paths);
    }
    ui.results(&text);
}

/// Says what kept the run from passing, and gives it back as data: what was known and, if nothing was evaluated
/// without any other reason, that; then what was warned of.
fn closing(
    arguments: &TestArgs,
    suites: &[SuiteResults],
    mut failures: Vec<Failure>,
    ui: &mut Ui,
) -> (Vec<Failure>, Vec<String>) {
    let tally = Tally::of(suites);
    let mut warnings = Vec::new();
    for suite in suites {
        let name = format!("{}::{}", suite.package, suite.suite);
        match &suite.problem {
            Some(problem) => ui.error(&format!("`{name}`: {}", problem.message)),
            None if suite.declared.is_empty() => warnings.push(format!("`{name}` declares no case")),
            None => {}
        }
    }
    let unclaimed = [
        ("omega.toml has a table for", tally::unclaimed(suites, |suite| &suite.unclaimed)),
        ("omega.lock has an entry for", tally::unclaimed(suites, |suite| &suite.unclaimed_locks)),
        ("there is gold of", tally::unclaimed(suites, |suite| &suite.unclaimed_gold)),
    ];
    // Who asked for a few members does not ask what belongs to the others.
    for (what, names) in unclaimed.into_iter().filter(|_| !arguments.packages.leaves_out()) {
        warnings.extend(names.iter().map(|name| format!("{what} `{name}`, which no suite that ran declares")));
    }
    for (calibration, verdict) in tally::hidden_verdicts(suites) {
        warnings.push(format!("the verdict of `{calibration}` is `{verdict}`, and none of the cases shown says so"));
    }
    failures.extend(tally::declared_twice(suites));
    let stopped = !failures.is_empty() || suites.iter().any(|suite| suite.problem.is_some());
    let names = || suites.iter().flat_map(|suite| &suite.declared).map(String::as_str);
    let matches = |filter: &str, name: &str| {
        if arguments.exact { name == filter } else { name.contains(filter) }
    };
    let missed = arguments.filters.iter().filter(|filter| !names().any(|name| matches(filter, name)));
    if !stopped && tally.evaluated() == 0 {
        failures.push(nothing(arguments, &tally, names().collect()));
    } else if !stopped {
        for filter in missed {
            warnings.push(format!("no case matches `{filter}`"));
        }
    }
    for warning in &warnings {
        ui.warning(warning);
    }
    for failure in &failures {
        ui.error(&failure.message);
    }
    let bad = tally.failed + tally.errors;
    if bad > 0 {
        ui.error(&format!("{bad} of {} failed", counted(tally.cases, "case")));
    }
    (failures, warnings)
}

/// Why nothing was evaluated, and what could have been.
fn nothing(arguments: &TestArgs, tally: &Tally, names: Vec<&str>) -> Failure {
    let there = format!("({}, {} declared)", counted(tally.declared_runs, "run"), counted(tally.declared, "case"));
    if tally.declared == 0 {
        return Failure::nothing_evaluated("nothing was evaluated: no case is declared")
            .help("add a calibration to the suite: `Suite::new().add(Calibration::new(..))`");
    }
    if tally.cases > 0 {
        let skipped = counted(tally.skipped, "matching case");
        return Failure::nothing_evaluated(format!("nothing was evaluated: {skipped} skipped {there}"));
    }
    let typed: Vec<_> = arguments.filters.iter().map(|filter| format!("`{filter}`")).collect();
    let message = match typed.as_slice() {
        [] => format!("no case is left to evaluate {there}"),
        typed => format!("no case matches {} {there}", typed.join(" or ")),
    };
    let near: Vec<_> =
        arguments.filters.iter().flat_map(|filter| similar(filter, names.iter().copied(), SUGGESTIONS)).collect();
    let help = (!near.is_empty()).then(|| format!("similar: {}", near.join(", ")));
    Failure::nothing_evaluated(message).help_if(help)
}
