//! The grammar of the command line: what was typed, and nothing about what it means.

mod attest;
mod committed;
mod examples;
mod gate;
mod init;
mod output;
mod schema;
mod study;
mod tried;
mod verify;
mod worker;

use std::ffi::OsString;
use std::num::NonZeroUsize;

use camino::Utf8PathBuf;
use clap::{Args, Parser, Subcommand, ValueEnum};
use omega_lock::internals::artifacts::ExitCode;
use omega_lock::internals::harness::variables;

pub(crate) use attest::AttestArgs;
pub(crate) use committed::{CargoArgs, DiffArgs, DiffFormat, LockArgs, ReviewArgs, ShipArgs, UpdateGoldArgs};
pub(crate) use gate::{GateArgs, GateFormat, GateRule};
pub(crate) use init::InitArgs;
pub(crate) use output::{OutputArgs, OutputFormat, RecheckWhat, TestCommand};
pub(crate) use schema::{SchemaArgs, SchemaOf};
pub(crate) use study::{DirectionWord, ImportArgs, StudyArgs, StudyFileArgs, StudyFormat};
pub(crate) use tried::{CheckCalibrationArgs, EvalArgs, EvalSlice};
pub(crate) use verify::VerifyArgs;
pub(crate) use worker::{CheckArgs, WorkerArgs, WorkerCommand};

/// Cargo starts `cargo-omega omega ...`; the word is the first subcommand, so that help says `cargo omega`.
#[derive(Debug, Parser)]
#[command(name = "cargo", bin_name = "cargo", styles = crate::ui::HELP_STYLES)]
pub(crate) enum Cargo {
    Omega(Omega),
}

/// Run the calibrations of a workspace as tests, and gate merges on them
#[derive(Debug, Args)]
#[command(version, display_name = "cargo-omega", after_long_help = examples::of("omega"))]
pub(crate) struct Omega {
    /// When to use colour
    #[arg(long, global = true, value_name = "WHEN", value_enum)]
    pub(crate) color: Option<ColorWhen>,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Test(Box<TestCommand>),
    Init(Box<InitArgs>),
    Check(Box<CheckCalibrationArgs>),
    Eval(Box<EvalArgs>),
    UpdateGold(Box<UpdateGoldArgs>),
    Review(ReviewArgs),
    Ship(ShipArgs),
    Lock(Box<LockArgs>),
    Diff(DiffArgs),
    Gate(GateArgs),
    Import(ImportArgs),
    Study(Box<StudyArgs>),
    Bench(BenchArgs),
    Show(Box<ShowArgs>),
    Report(ReportArgs),
    Verify(VerifyArgs),
    Audit(AuditArgs),
    Attest(AttestArgs),
    Explain(ExplainArgs),
    /// Show in a second what a gate is good for; needs no project
    #[command(after_long_help = examples::of("demo"))]
    Demo,
    Worker(WorkerArgs),
    Schema(SchemaArgs),
    Completions(CompletionsArgs),
    /// Print the version
    #[command(after_long_help = examples::of("version"))]
    Version,
}

#[derive(Debug, Default, Args)]
pub(crate) struct TestArgs {
    /// Run only cases whose name contains one of these
    #[arg(value_name = "FILTERS")]
    pub(crate) filters: Vec<String>,
    /// Arguments for the harness
    #[arg(value_name = "HARNESS ARGS", last = true)]
    pub(crate) harness_args: Vec<OsString>,
    /// Match whole names, not parts of them
    #[arg(long)]
    pub(crate) exact: bool,
    /// Leave out cases whose name contains this
    #[arg(long, value_name = "FILTER")]
    pub(crate) skip: Vec<String>,
    /// How many evaluations run at once, where the target allows more than one
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<NonZeroUsize>,
    /// Put this in front of the commands of workers that omega.toml declares, such as "srun -n1"
    #[arg(long, value_name = "COMMAND", value_parser = launcher)]
    pub(crate) launcher: Option<String>,
    /// A calibration, and the file of the study that stands in the place of what it searches; said by `study --calibration`.
    #[arg(skip)]
    pub(crate) study: Option<(String, Utf8PathBuf)>,
    /// Start over: set the trail of an unfinished run aside
    #[arg(long)]
    pub(crate) fresh: bool,
    /// Continue an unfinished run in CI too; without this, CI starts over
    #[arg(long, conflicts_with = "fresh")]
    pub(crate) resume: bool,
    /// Also compare the rules and results with those that this git revision has accepted; a lowered bar or a changed accepted
    /// value fails
    #[arg(long, value_name = "REF")]
    pub(crate) against: Option<String>,
    /// Approve the change with this digest, which `--against` shows; for an approval from outside the pull request
    #[arg(long, value_name = "DIGEST", requires = "against")]
    pub(crate) accept_change: Option<String>,
    /// Show the figures of every case, and cargo's details
    #[arg(short, long, conflicts_with = "quiet")]
    pub(crate) verbose: bool,
    /// Show only cases that did not pass
    #[arg(short, long)]
    pub(crate) quiet: bool,
    #[command(flatten, next_help_heading = "Package selection")]
    pub(crate) packages: PackageArgs,
    #[command(flatten, next_help_heading = "Feature selection")]
    pub(crate) features: FeatureArgs,
    #[command(flatten, next_help_heading = "Compilation")]
    pub(crate) build: BuildArgs,
    #[command(flatten, next_help_heading = "Manifest")]
    pub(crate) manifest: ManifestArgs,
}

/// Compare the search methods on targets whose answer is known
///
/// Runs every built-in method on every built-in target with five seeds, and prints a scorecard of what they found. The numbers are
/// the same every time. A run that crashes is counted, and is left out of the means.
#[derive(Debug, Args)]
#[command(after_long_help = examples::of("bench"))]
pub(crate) struct BenchArgs {
    /// Run only this method: `plain_grid`, `fractal_vise` or `tpe`
    #[arg(long, value_name = "METHOD")]
    pub(crate) method: Vec<String>,
    /// Run only on this target: `phantom` or `phantom_deep`
    #[arg(long, value_name = "KEYHOLE")]
    pub(crate) keyhole: Vec<String>,
    /// Run with this seed instead of the five
    #[arg(long, value_name = "SEED")]
    pub(crate) seed: Vec<u64>,
    /// Write rows and scorecard as JSON too
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<Utf8PathBuf>,
    /// Measure wall times, which differ from run to run
    #[arg(long)]
    pub(crate) timings: bool,
    /// Write the rows that later runs are compared with; refuses to run in CI
    #[arg(long, value_name = "FILE", conflicts_with_all = ["method", "keyhole", "seed", "timings"])]
    pub(crate) update_gold: Option<Utf8PathBuf>,
}

/// Show a run or an artifact as text, or the rules of a calibration
///
/// The name of a calibration shows its last run. A path shows what a run of this package or of omega-lock for Python left
/// behind: a result, a trail, an audit report or a benchmark. Without either it lists the last run of every calibration.
#[derive(Debug, Args)]
#[command(after_long_help = examples::of("show"))]
pub(crate) struct ShowArgs {
    /// A calibration, the folder of a run, or an artifact
    #[arg(value_name = "RUN")]
    pub(crate) path: Option<Utf8PathBuf>,
    /// Show this candidate on every slice: its number, or `2:17` for that of the second round or window
    #[arg(long, value_name = "N", requires = "path")]
    pub(crate) candidate: Option<crate::candidate::Number>,
    /// Show what this calibration is judged by, and where each value comes from; nothing is evaluated
    #[arg(long, value_name = "NAME", conflicts_with = "path")]
    pub(crate) declaration: Option<String>,
    #[command(flatten)]
    pub(crate) cargo: CargoArgs,
}

/// Write a run as one HTML page
///
/// The page needs no other file. It shows the verdict, every gate with what was measured and required, the candidates, what
/// would ship, and pictures. It says PASS only if the result can be made again from its trail. It says so if a file is damaged or
/// contradicts itself. Without a name it writes a page for every calibration. `cargo omega test` writes them too, where a trail
/// has at most 16 MiB.
#[derive(Debug, Args)]
#[command(after_long_help = examples::of("report"))]
pub(crate) struct ReportArgs {
    /// A calibration, the folder of a run, a result of this package or of omega-lock for Python, or an audit report
    #[arg(value_name = "RUN")]
    pub(crate) path: Option<Utf8PathBuf>,
    /// The file to write [default: `report.html` beside the result]
    #[arg(short, long, value_name = "FILE", requires = "path")]
    pub(crate) output: Option<Utf8PathBuf>,
    /// An accepted result, to show the new one beside it [default: the workspace's, beside the result only]
    #[arg(long, value_name = "FILE", requires = "output")]
    pub(crate) gold: Option<Utf8PathBuf>,
}

/// Write a run as an audit report that omega-lock for Python reads
///
/// A row of a trail has no time of its own. In the report it gets the time at which its phase began.
#[derive(Debug, Args)]
#[command(after_long_help = examples::of("audit"))]
pub(crate) struct AuditArgs {
    /// A calibration, the folder of a run, or its trail
    #[arg(value_name = "RUN")]
    pub(crate) run: Utf8PathBuf,
    /// The file to write
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Utf8PathBuf,
    /// Add the chain of digests that `verify_hash_chain` follows
    #[arg(long)]
    pub(crate) hash_chain: bool,
}

/// Explain a gate, a case, a verdict, an exit code or a key of omega.toml, and what to do about it
///
/// Takes a name as it stands in a case or a verdict. Without a name it lists what it knows.
#[derive(Debug, Args)]
#[command(after_long_help = examples::of("explain"))]
pub(crate) struct ExplainArgs {
    /// A gate, a case, a verdict, an exit code or a key of omega.toml
    #[arg(value_name = "NAME")]
    pub(crate) name: Option<String>,
}

/// Print a script that completes commands in a shell
///
/// In bash and fish it completes `cargo omega` and `cargo-omega`, in zsh too where cargo's own completion is set up. Elsewhere it
/// completes `cargo-omega`.
#[derive(Debug, Args)]
#[command(after_long_help = examples::of("completions"))]
pub(crate) struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL", value_enum)]
    pub(crate) shell: clap_complete::Shell,
}

#[derive(Debug, Default, Args)]
pub(crate) struct PackageArgs {
    /// Run the calibrations of this package: a name, `name@version` or a pattern
    #[arg(short, long, value_name = "SPEC")]
    pub(crate) package: Vec<String>,
    /// Run the calibrations of all packages of the workspace
    #[arg(long, alias = "all")]
    pub(crate) workspace: bool,
    /// Leave out a package
    #[arg(long, value_name = "SPEC", requires = "workspace")]
    pub(crate) exclude: Vec<String>,
    /// Run only the harness target of this name or pattern
    #[arg(long, value_name = "NAME")]
    pub(crate) test: Vec<String>,
}

impl PackageArgs {
    /// Whether members of the workspace may have been left out by what was typed.
    pub(crate) fn leaves_out(&self) -> bool {
        let Self { package, workspace: _, exclude, test } = self;
        !(package.is_empty() && exclude.is_empty() && test.is_empty())
    }
}

#[derive(Debug, Clone, Default, Args)]
pub(crate) struct FeatureArgs {
    /// Features to activate, separated by commas or spaces
    #[arg(short = 'F', long, value_name = "FEATURES")]
    pub(crate) features: Vec<String>,
    /// Activate all features
    #[arg(long)]
    pub(crate) all_features: bool,
    /// Do not activate the `default` feature
    #[arg(long)]
    pub(crate) no_default_features: bool,
}

#[derive(Debug, Clone, Default, Args)]
pub(crate) struct BuildArgs {
    /// Build in release mode
    #[arg(short, long, conflicts_with = "cargo_profile")]
    pub(crate) release: bool,
    /// Build with this cargo profile
    #[arg(long, value_name = "PROFILE")]
    pub(crate) cargo_profile: Option<String>,
    /// Build for this target triple
    #[arg(long, value_name = "TRIPLE")]
    pub(crate) target: Option<String>,
    /// The directory for everything that is built and written
    #[arg(long, value_name = "DIRECTORY")]
    pub(crate) target_dir: Option<Utf8PathBuf>,
    /// Number of build jobs
    #[arg(short = 'j', long, value_name = "N", allow_hyphen_values = true)]
    pub(crate) build_jobs: Option<String>,
    /// Pass this argument to `cargo test`
    #[arg(long, value_name = "ARG", allow_hyphen_values = true)]
    pub(crate) cargo_arg: Vec<OsString>,
}

#[derive(Debug, Clone, Default, Args)]
pub(crate) struct ManifestArgs {
    /// Path to Cargo.toml
    #[arg(long, value_name = "PATH")]
    pub(crate) manifest_path: Option<Utf8PathBuf>,
    /// Require that Cargo.lock stays as it is
    #[arg(long)]
    pub(crate) locked: bool,
    /// Run without the network
    #[arg(long)]
    pub(crate) offline: bool,
    /// Both `--locked` and `--offline`
    #[arg(long)]
    pub(crate) frozen: bool,
    /// Override a value of cargo's configuration
    #[arg(long, value_name = "KEY=VALUE")]
    pub(crate) config: Vec<String>,
    /// Unstable flag of cargo
    #[arg(short = 'Z', value_name = "FLAG")]
    pub(crate) unstable: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorWhen {
    Auto,
    Always,
    Never,
}

impl ColorWhen {
    /// The spelling that cargo understands too.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Always => "always",
            Self::Never => "never",
        }
    }
}

/// The arguments with the word `omega` where cargo would put it, so that `cargo-omega test` works like
/// `cargo omega test`.
pub(crate) fn with_omega(arguments: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let mut arguments: Vec<_> = arguments.into_iter().collect();
    if arguments.get(1).is_none_or(|word| word != "omega") {
        arguments.insert(arguments.len().min(1), OsString::from("omega"));
    }
    arguments
}

/// A launcher whose words can be told apart.
fn launcher(text: &str) -> Result<String, String> {
    omega_lock::worker::launcher_words(text).map(|_| text.to_owned())
}

fn exit_codes() -> String {
    let lines = ExitCode::ALL.map(|code| format!("  {}  {}", code.number(), code.meaning()));
    format!("Exit codes:\n{}", lines.join("\n"))
}

fn variables() -> String {
    let width = variables::TABLE.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    let lines = variables::TABLE.map(|(name, meaning)| format!("  {name:width$}  {meaning}"));
    format!("Environment variables of the harness:\n{}", lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use clap::CommandFactory;

    use super::{Cargo, with_omega};

    #[test]
    fn the_grammar_is_consistent() {
        Cargo::command().debug_assert();
    }

    #[test]
    fn the_word_omega_is_there_once_however_the_program_was_started() {
        let typed = |words: &[&str]| with_omega(words.iter().map(OsString::from));
        assert_eq!(typed(&["cargo-omega", "omega", "test"]), ["cargo-omega", "omega", "test"]);
        assert_eq!(typed(&["cargo-omega", "test", "omega"]), ["cargo-omega", "omega", "test", "omega"]);
        assert_eq!(typed(&["cargo-omega"]), ["cargo-omega", "omega"]);
        assert_eq!(typed(&[]), ["omega"]);
    }
}
