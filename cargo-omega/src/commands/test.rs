//! `cargo omega test`: runs the harnesses and shows every case.

use camino::Utf8Path;
use omega_lock::internals::artifacts::{AgainstEntry, ExitCode, SuiteResults, TestRun, write_json};
use omega_lock::internals::declaration::Lock;
use omega_lock::internals::gold::ChangeKind;
use omega_lock::internals::harness::variables::{self, Mode};
use omega_lock::internals::objective::spelling::similar;

use super::lock;
use super::report::{Pages, after_a_test};
use crate::against;
use crate::cli::{CargoArgs, ColorWhen, RecheckWhat, TestArgs, TestCommand};
use crate::disk;
use crate::environment;
use crate::failure::Failure;
use crate::outlets::Outlets;
use crate::project::Project;
use crate::report::{self, counted};
use crate::results::Collected;
use crate::revision::Revision;
use crate::session::{self, Base};
use crate::tally::{self, Owner, Tally};
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
    let ci = environment::ci().filter(|_| command.recheck.is_some() && arguments.against.is_none());
    if let Some(ci) = ci.filter(|_| !asks_the_harness(arguments)) {
        return Err(Failure::usage(format!("`--recheck` needs `--against` because CI is set ({ci})")).help(
            "the files of a checkout may say anything of themselves; name the base, such as `--against HEAD^1`",
        ));
    }
    let mode = match command.recheck {
        None => Mode::Run,
        Some(RecheckWhat::Accepted) => Mode::Recheck,
        Some(RecheckWhat::OrSearch) => Mode::RecheckOrSearch,
    };
    let outlets = Outlets::of(command)?;
    let step = ui.step("asking cargo for the packages");
    let project = Project::load(&arguments.manifest, arguments.build.target_dir.as_deref())?;
    drop(step);
    let path = project.omega_directory().join("results.json");
    if asks_the_harness(arguments) {
        return session::ask(&project, arguments, (color, mode), ui);
    }
    // A killed run must not be mistaken for an earlier one.
    disk::remove(&path)?;
    let mut collected = Collected::default();
    // Whatever is wrong, the results say so; then nothing is evaluated.
    let misplaced = arguments.asks_for_everything().then(|| project.nothing_misplaced()).and_then(Result::err);
    let against = arguments.against.as_deref().filter(|_| misplaced.is_none());
    let against = against.map(|name| against_base(&project, name, arguments, ui)).transpose();
    let (against, stopped) = match against {
        Ok(against) => (against, misplaced),
        Err(failure) => (None, Some(failure)),
    };
    let shown = |suite: &SuiteResults| match outlets.show_lines() {
        true => report::trials(suite, arguments.quiet, arguments.verbose),
        false => String::new(),
    };
    let token = ui.disobey();
    let accepted = against.as_ref().map(|(.., base)| base);
    let how = (color, mode);
    let stopped =
        stopped.or_else(|| session::evaluate(&project, arguments, how, accepted, ui, shown, &mut collected).err());
    ui.obey(token);
    collected.failures.extend(stopped);

    let (mut suites, seconds) = (collected.suites, collected.seconds);
    let mut against = against;
    if let Some((entry, ..)) = against.as_mut() {
        against::searched(entry, &suites);
    }
    if let Some((_, declared, owners, _)) = &against {
        collected.failures.extend(tally::judged_otherwise(&suites, declared));
        collected.failures.extend(tally::declared_only(&suites, owners, collected.filtered));
    }
    let step = ui.step("making the pages of the runs");
    let Pages { failures, on_demand } = after_a_test(&project, &suites);
    drop(step);
    collected.failures.extend(failures);
    if outlets.show_lines() {
        show(&project, arguments, ui, &suites, collected.partial, seconds, &path);
        let judged =
            |suite: &SuiteResults| suite.problem.is_none() && suite.runs.iter().all(|run| run.verdict.is_some());
        let whole = !collected.partial && collected.failures.is_empty() && suites.iter().all(judged);
        ui.results(&report::on_demand(&on_demand));
        ui.results(&against.as_ref().map(|(entry, ..)| report::against(entry, whole)).unwrap_or_default());
    }
    if against.is_some() {
        // What a run leaves out is for who starts it to say, not for the files that it judges.
        if arguments.asks_for_everything() && project.starts_at_its_root() {
            collected.failures.extend(collected.left_out.iter().map(|name| {
                let message =
                    format!("`{name}` was not judged: nobody left it out, and Cargo.toml alone chooses the others");
                Failure { code: ExitCode::No, message }.help("judge the whole workspace: add `--workspace`")
            }));
        }
    }
    let against = against.map(|(entry, ..)| entry);
    // With a base, what nothing declares is among the changes.
    let whole = !collected.partial;
    let (failures, warnings) = closing(arguments, &suites, collected.failures, (whole, against.is_some()), ui);
    against.iter().filter(|against| !against.accepted).for_each(|against| disapproved(against, ui));

    suites.sort_by(|left, right| (&left.package, &left.suite).cmp(&(&right.package, &right.suite)));
    let problems = failures.iter().map(Failure::to_problem).collect();
    suites.iter_mut().flat_map(|suite| &mut suite.runs).for_each(|run| run.fields.clear());
    let (schema_version, partial) = (TestRun::SCHEMA.to_owned(), collected.partial);
    let mut run = TestRun { schema_version, exit_code: 0, partial, problems, suites, against };
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

/// What changed since a revision, whether that was approved, and what the whole workspace declares, whatever is asked to
/// be evaluated, by whom, and what the revision has accepted that harnesses ask for.
fn against_base(
    project: &Project,
    revision: &str,
    arguments: &TestArgs,
    ui: &mut Ui,
) -> Result<(AgainstEntry, Lock, Vec<Owner>, Base), Failure> {
    let revision = Revision::find(project, revision)?;
    let TestArgs { features, build, manifest, .. } = arguments;
    let cargo = CargoArgs { features: features.clone(), build: build.clone(), manifest: manifest.clone() };
    let (declared, owners) = lock::declared(project, &cargo.whole_workspace(), ui)?;
    let (entry, base) = against::compare(project, &revision, &declared, arguments.accept_change.as_deref())?;
    Ok((entry, declared, owners, base))
}

/// What has to happen before these changes pass.
fn disapproved(against: &AgainstEntry, ui: &mut Ui) {
    let AgainstEntry { revision, digest, changes, .. } = against;
    let late = changes.iter().filter(|change| change.kind == ChangeKind::Behind.name()).count();
    let unsearched = changes.iter().filter(|change| change.kind == ChangeKind::Unsearched.name()).count();
    let bad = changes.iter().filter(|change| ChangeKind::fails_by_name(&change.kind)).count() - late - unsearched;
    if unsearched > 0 {
        ui.error(&format!(
            "{} of HISTORY.jsonl since {revision} {} that somebody searched, and this run has not come to gold by a search\nhelp: \
             run `cargo omega test --against {revision}`, without `--recheck` and without a filter",
            counted(unsearched, "new line"),
            if unsearched == 1 { "says" } else { "say" },
        ));
    }
    if late > 0 {
        ui.error(&format!(
            "{} here than in {revision} by now\nhelp: merge {revision}; nothing has to be approved for that",
            if late == 1 { "1 bar is lower".to_owned() } else { format!("{late} bars are lower") },
        ));
    }
    if bad > 0 {
        ui.error(&format!(
            "{} since {revision} {} an approval from outside of these files\nhelp: where that is given, pass \
             `--accept-change {digest}`",
            counted(bad, "change"),
            if bad == 1 { "needs" } else { "need" }
        ));
    }
}

/// The failures in full, the verdicts, the counts and where to look.
fn show(
    project: &Project,
    arguments: &TestArgs,
    ui: &mut Ui,
    suites: &[SuiteResults],
    partial: bool,
    seconds: f64,
    results: &Utf8Path,
) {
    let tally = Tally::of(suites);
    if tally.cases == 0 {
        return;
    }
    let mut text = report::failures(suites) + &report::verdicts(suites) + &report::summary(&tally, partial, seconds);
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
/// without any other reason, that; then what was warned of. Of a `whole` workspace nothing may be left over in its files,
/// unless they were `compared` already.
fn closing(
    arguments: &TestArgs,
    suites: &[SuiteResults],
    mut failures: Vec<Failure>,
    (whole, compared): (bool, bool),
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
    for (calibration, verdict) in tally::hidden_verdicts(suites) {
        warnings.push(format!("the verdict of `{calibration}` is `{verdict}`, and none of the cases shown says so"));
    }
    failures.extend(tally::declared_twice(suites));
    if whole && failures.is_empty() && suites.iter().all(|suite| suite.problem.is_none()) {
        failures.extend(tally::left_over(suites, compared));
    }
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
