//! The variables through which `cargo omega` and the harness speak: the one table of them.
//!
//! The command line never parses what a test binary prints. It sets these variables, cargo passes them on, and the
//! harness answers with one file per process in [`RESULTS_DIR`]. All of them but [`STUDY`] are execution settings; none changes how a
//! result is judged, which the code and the omega.toml below [`WORKSPACE_ROOT`] say. A harness run by plain `cargo test` or `cargo nextest run` finds none of them set and works the same.

/// What the harness shall do: a [`Mode`] by its name; unset means [`Mode::Run`].
pub const MODE: &str = "OMEGA_LOCK_MODE";
/// Existing directory into which each harness process writes one file of
/// [`SuiteResults`](crate::artifacts::SuiteResults), by atomic rename; unset writes none.
pub const RESULTS_DIR: &str = "OMEGA_LOCK_RESULTS_DIR";
/// Root of the workspace, where omega.toml lies; unset: found from `CARGO_MANIFEST_DIR` upwards.
pub const WORKSPACE_ROOT: &str = "OMEGA_LOCK_WORKSPACE_ROOT";
/// Cargo's target directory, below which `omega/` is written; unset: cargo is asked if it is not the usual one.
pub const TARGET_DIR: &str = "OMEGA_LOCK_TARGET_DIR";
/// A word that nobody can know before this run; the harness says it again in its results.
pub const NONCE: &str = "OMEGA_LOCK_NONCE";
/// Version of the schema of results that the command line reads; a harness that writes a newer one refuses to run.
pub const RESULTS_SCHEMA: &str = "OMEGA_LOCK_RESULTS_SCHEMA";
/// Version of the `cargo omega` that runs the harness, for messages.
pub const CLI_VERSION: &str = "OMEGA_LOCK_CLI_VERSION";
/// `always` or `never`: colour of the failure texts; unset: colour if stdout is a terminal, where they go.
pub const COLOR: &str = "OMEGA_LOCK_COLOR";
/// `auto`, `never` or `asker`: whether progress is shown on stderr, or is only written beside the trail for the `cargo omega` that
/// waits; unset means `auto`.
pub const PROGRESS: &str = "OMEGA_LOCK_PROGRESS";
/// Number of evaluation threads of a target that allows more than one; unset: as many as there are cores.
pub const THREADS: &str = "OMEGA_LOCK_THREADS";
/// What stands before the commands of workers that omega.toml declares, in words with spaces between them: `srun -n1`. It changes
/// no answer; what the verdict says of the workers names it.
pub const LAUNCHER: &str = "OMEGA_LOCK_LAUNCHER";
/// `1`: set the trail of an unfinished run aside instead of continuing it; `0`: continue it. Unset: set aside where CI is
/// set, continued elsewhere.
pub const FRESH: &str = "OMEGA_LOCK_FRESH";
/// `1` or `0`: whether this is no place to write committed files; unset: what [`ci`] says.
pub const IN_CI: &str = "OMEGA_LOCK_CI";
/// File with the looks that the other side of a comparison has accepted; they are counted before those of the workspace.
/// Unset: the workspace's own count alone.
pub const LEDGER: &str = "OMEGA_LOCK_LEDGER";
/// File with the question of the mode `try`.
pub const QUESTION: &str = "OMEGA_LOCK_QUESTION";
/// File with what the base of a comparison has accepted, for the modes that recheck. Unset: a recheck is held against the workspace's
/// own files alone, which is refused where CI is set.
pub const BASE: &str = "OMEGA_LOCK_BASE";
/// `NAME=FILE`: the study in FILE stands in the place of what the calibration NAME searches. Only below `cargo omega`, which
/// holds what a harness heard against what it was told; then nothing is held against omega.lock or gold.
pub const STUDY: &str = "OMEGA_LOCK_STUDY";
/// Set by `cargo omega` for a process of its own that ends workers whose harness was killed; one that finds it set runs
/// nothing and exits with 2. No test binary reads it.
pub const GUARD: &str = "OMEGA_LOCK_GUARD";
/// `1` or `true`: results become gold, and the run that writes them fails.
pub const UPDATE_GOLD: &str = "OMEGA_LOCK_UPDATE_GOLD";
/// Why gold changes; kept in the history beside it.
pub const REASON: &str = "OMEGA_LOCK_REASON";

/// A file in the results directory whose lock `cargo omega` holds as long as it waits for an answer. The kernel releases the
/// lock however that process ends; a harness that finds it free brings its runs to an end.
pub const ASKER: &str = "asker.lock";
/// How the name of a file there ends whose lock a harness process holds as long as it works.
pub const AT_WORK: &str = "at-work";

/// What CI services set. `CI` is what most of them agree on.
pub const CI_SERVICES: [&str; 20] = [
    "CI",
    "CONTINUOUS_INTEGRATION",
    "APPVEYOR",
    "BAMBOO_BUILDKEY",
    "bamboo_buildKey",
    "BITBUCKET_BUILD_NUMBER",
    "BUILDKITE",
    "CIRCLECI",
    "CIRRUS_CI",
    "CODEBUILD_BUILD_ID",
    "DRONE",
    "GITHUB_ACTIONS",
    "GITLAB_CI",
    "GO_PIPELINE_NAME",
    "JENKINS_URL",
    "PROW_JOB_ID",
    "SEMAPHORE",
    "TEAMCITY_VERSION",
    "TF_BUILD",
    "TRAVIS",
];

/// What nextest sets for a process that it starts; below `cargo omega` none of them is.
pub const NEXTEST: [&str; 4] = ["NEXTEST", "NEXTEST_RUN_ID", "NEXTEST_EXECUTION_MODE", "NEXTEST_WORKSPACE_ROOT"];

/// The one decision whether this is no place to write committed files: a CI service says so by a variable that is set, and
/// not empty, `0` or `false` in any case of letters. Which one, as `NAME=value`.
pub fn ci(get: impl Fn(&str) -> Option<String>) -> Option<String> {
    let says_so = |value: &String| !["", "0", "false"].contains(&value.trim().to_lowercase().as_str());
    let said = |name: &&str| Some(format!("{name}={}", get(name).filter(says_so)?.escape_debug()));
    CI_SERVICES.iter().find_map(said)
}

/// Every variable with its meaning, for `--help`, docs/variables.md and the tests that hold them together.
pub const TABLE: [(&str, &str); 20] = [
    (
        MODE,
        "`run` (default); `update-gold`: the same, and gold that differs is no failure; `declare`: emit the resolved \
         declarations, evaluate nothing; `try`: answer one question about parameters, in no trail; `recheck`: evaluate again \
         what is accepted, search nothing; or `recheck-or-search`: the same, and search where that will not do",
    ),
    (RESULTS_DIR, "directory for one results file per harness process"),
    (WORKSPACE_ROOT, "root of the workspace, where omega.toml lies"),
    (TARGET_DIR, "cargo's target directory; artifacts go to its `omega` folder"),
    (NONCE, "a word of this run; the harness repeats it in its results"),
    (RESULTS_SCHEMA, "newest results schema the command line reads"),
    (CLI_VERSION, "version of the command line, for messages"),
    (COLOR, "`always` or `never`: colour of failure texts"),
    (
        PROGRESS,
        "`auto` (default): a line per calibration on stderr after ten seconds, then every minute; `never`: none; `asker`: none, \
         because `cargo omega` shows it",
    ),
    (THREADS, "evaluation threads of a target that allows more than one"),
    (
        LAUNCHER,
        "what stands before the commands of workers that omega.toml declares, such as `srun -n1`; quotes keep words together as in a shell",
    ),
    (
        FRESH,
        "`1`: set the trail of an unfinished run aside instead of continuing it; `0`: continue it also where CI is set",
    ),
    (IN_CI, "`1` or `0`: whether this is no place to write committed files; unset: what the CI service says"),
    (LEDGER, "file with the looks that the base of `--against` has; they count before those of the workspace"),
    (BASE, "file with what the base of `--against` has accepted, for the modes that recheck"),
    (QUESTION, "file with the question of the mode `try`"),
    (
        STUDY,
        "`NAME=FILE`, set by `cargo omega study --calibration`: the study in FILE stands in the place of what the calibration NAME \
         searches; the declaration says so, and nothing is held against omega.lock or gold",
    ),
    (
        GUARD,
        "set by `cargo omega` for the process that ends its workers if it is killed; where it is set, `cargo omega` runs nothing",
    ),
    (UPDATE_GOLD, "for plain `cargo test`: `1` makes the results gold; the run that writes them still fails"),
    (REASON, "why gold changes; kept in the history beside it"),
];

words! {
    /// What a harness process is asked to do.
    #[derive(Default)]
    pub enum Mode {
        /// Run the calibrations and judge them.
        #[default]
        Run = "run",
        /// The same for somebody who accepts results: gold that differs is what was asked for, and no failure of the process.
        UpdateGold = "update-gold",
        /// Emit the resolved declarations and evaluate nothing.
        Declare = "declare",
        /// Answer one question about parameters by hand, in no trail.
        Try = "try",
        /// Evaluate again what is accepted, search nothing.
        Recheck = "recheck",
        /// Evaluate again what is accepted, and search where that will not do.
        RecheckOrSearch = "recheck-or-search",
    }
}

impl Mode {
    /// Whether it evaluates again what is accepted, wherever it can.
    pub const fn rechecks(self) -> bool {
        matches!(self, Self::Recheck | Self::RecheckOrSearch)
    }
}

#[cfg(test)]
mod tests {
    use super::ci;

    #[test]
    fn ci_is_any_value_but_empty_zero_and_false() {
        for (value, expected) in [
            (None, false),
            (Some(""), false),
            (Some("0"), false),
            (Some("false"), false),
            (Some("False"), false),
            (Some("true"), true),
            (Some("woodpecker"), true),
        ] {
            let get = |name: &str| value.filter(|_| name == "CI").map(str::to_owned);
            assert_eq!(ci(get).is_some(), expected, "{value:?}");
        }
    }

    #[test]
    fn a_service_that_does_not_set_ci_counts_too_whatever_ci_says() {
        let get = |name: &str| match name {
            "CI" => Some("false".to_owned()),
            "TF_BUILD" => Some("True".to_owned()),
            _ => None,
        };
        assert_eq!(ci(get).as_deref(), Some("TF_BUILD=True"));
    }
}
