//! Throw-away projects for the tests of the built `cargo omega`.
//!
//! Most projects have a *fake harness*: a program without dependencies that writes the results file it is given, so
//! that every ending can be produced in a fraction of a second. They are temporary and have target directories of
//! their own.
//!
//! A project with the real library starts from a folder in `fixtures/projects` with [`Project::copy_of`]: manifests
//! there are called `Cargo.toml.disarmed`, so that no workspace picks them up, hold an empty `[workspace]`, call the
//! package like the folder, and name the library by `path = "@ROOT@"`. They get our Cargo.lock and share one build
//! directory, so that the library is compiled once. Cargo identifies a package there by its path below its workspace,
//! hence the different names, and one copy of each fixture that only one test at a time can have.

mod runner;
mod suite;

use std::fs;
use std::path::{Component, Path, PathBuf};
use std::process::{Command, Output};

use omega_lock::internals::artifacts::TestRun;

pub(crate) use runner::{Command as RunnerCommand, obeyed};
pub(crate) use suite::Suite;

/// The source of the fake harness.
const FAKE_HARNESS: &str = include_str!("fake_harness.rs");

/// A cargo project of one test.
pub(crate) struct Project {
    root: PathBuf,
    /// Removes the project when it is dropped.
    #[expect(dead_code, reason = "lives as long as the project")]
    temporary: Option<tempfile::TempDir>,
    /// Keeps other tests from the copy of a fixture.
    lock: Option<fs::File>,
}

impl Project {
    /// An empty directory.
    pub(crate) fn empty() -> Self {
        let temporary = tempfile::tempdir().expect("a temporary directory");
        Self { root: temporary.path().to_owned(), temporary: Some(temporary), lock: None }
    }

    /// A single package `demo` whose harness `calibration` writes `suite`.
    pub(crate) fn with(suite: &Suite) -> Self {
        let project = Self::empty();
        project.harness_package("", "demo", "[workspace]");
        project.says("", suite);
        project
    }

    /// The copy of `fixtures/projects/<name>`, fresh, with the library of this repository.
    pub(crate) fn copy_of(name: &str) -> Self {
        let copies = Path::new(env!("CARGO_TARGET_TMPDIR")).join("projects");
        fs::create_dir_all(&copies).expect("a folder");
        let lock = fs::File::create(copies.join(format!("{name}.lock"))).expect("a lock file");
        lock.lock().expect("the lock");
        let root = copies.join(name);
        if root.exists() {
            fs::remove_dir_all(&root).expect("an earlier copy can be removed");
        }
        let repository = repository();
        copy(&repository.join("fixtures/projects").join(name), &root, &repository);
        fs::copy(repository.join("Cargo.lock"), root.join("Cargo.lock")).expect("the lock file");
        Self { root, temporary: None, lock: Some(lock) }
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Writes a file, with the folders above it.
    pub(crate) fn file(&self, path: &str, text: &str) -> &Self {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("a file has a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
        self
    }

    /// A path in the project. The root is the folder with the empty name, and nothing is ever written outside of it:
    /// joined to an absolute path, a file would land there.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        let path = Path::new(path.trim_start_matches('/'));
        assert!(path.components().all(|part| matches!(part, Component::Normal(_))), "{} leaves", path.display());
        self.root().join(path)
    }

    /// The text of a file.
    pub(crate) fn read(&self, path: &str) -> String {
        let path = self.path(path);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// A package in `folder` that declares the fake harness `calibration`; `more` is appended to its manifest.
    pub(crate) fn harness_package(&self, folder: &str, name: &str, more: &str) -> &Self {
        self.file(
            &format!("{folder}/Cargo.toml"),
            &format!(
                "[package]\nname = \"{name}\"\nversion = \"1.2.3\"\nedition = \"2024\"\n\
                 [package.metadata.omega]\ntests = [\"calibration\"]\n\
                 [[test]]\nname = \"calibration\"\nharness = false\n{more}\n"
            ),
        );
        self.fake(folder, "calibration")
    }

    /// A package in `folder` without any harness; `more` is appended to its manifest.
    pub(crate) fn plain_package(&self, folder: &str, name: &str, more: &str) -> &Self {
        self.file(
            &format!("{folder}/Cargo.toml"),
            &format!("[package]\nname = \"{name}\"\nversion = \"1.2.3\"\nedition = \"2024\"\n{more}\n"),
        );
        self.file(&format!("{folder}/src/lib.rs"), "")
    }

    /// The source of a fake harness `tests/<test>.rs` in `folder`.
    pub(crate) fn fake(&self, folder: &str, test: &str) -> &Self {
        self.file(&format!("{folder}/tests/{test}.rs"), FAKE_HARNESS)
    }

    /// Lets the fake harness in `folder` write these results, and end as a real one would with them.
    pub(crate) fn says(&self, folder: &str, suite: &Suite) -> &Self {
        let name = &suite.results.suite;
        let text = serde_json::to_string(&suite.results).expect("results are JSON");
        self.file(&format!("{folder}/fake/{name}.results.json"), &text);
        self.file(&format!("{folder}/fake/{name}.end"), suite.end())
    }

    /// `cargo omega` with these arguments, ready to run in the root of the project.
    pub(crate) fn omega<'a>(&self, arguments: impl IntoIterator<Item = &'a str>) -> Omega {
        self.omega_in("", arguments)
    }

    /// The same in a folder of the project.
    pub(crate) fn omega_in<'a>(&self, folder: &str, arguments: impl IntoIterator<Item = &'a str>) -> Omega {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-omega"));
        command.args(arguments);
        self.prepared(command, folder)
    }

    /// Plain `cargo` with these arguments, ready to run in the root of the project.
    pub(crate) fn cargo<'a>(&self, arguments: impl IntoIterator<Item = &'a str>) -> Omega {
        let mut command = Command::new(env!("CARGO"));
        command.args(arguments);
        self.prepared(command, "")
    }

    fn prepared(&self, mut command: Command, folder: &str) -> Omega {
        command.current_dir(self.path(folder));
        for name in [
            "CI",
            "GITHUB_ACTIONS",
            "GITHUB_STEP_SUMMARY",
            "GITHUB_OUTPUT",
            "CARGO_TERM_COLOR",
            "NO_COLOR",
            "CLICOLOR_FORCE",
            "CLICOLOR",
            "CARGO_TARGET_DIR",
            "RUSTFLAGS",
        ] {
            command.env_remove(name);
        }
        command
            .env("CARGO_NET_OFFLINE", "true")
            // Most of the time and space that such small programs take.
            .env("CARGO_PROFILE_DEV_DEBUG", "0")
            .env("CARGO_INCREMENTAL", "0");
        if self.lock.is_some() {
            command.env("CARGO_BUILD_BUILD_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join("build"));
        }
        Omega { command }
    }

    /// A program that needs a terminal, with the environment that `cargo omega` gets.
    pub(crate) fn omega_command<'a>(&self, arguments: impl IntoIterator<Item = &'a str>) -> Command {
        self.omega(arguments).into_command()
    }

    /// Runs git in the root of the project, as a user whom it knows.
    #[track_caller]
    pub(crate) fn git<'a>(&self, arguments: impl IntoIterator<Item = &'a str>) -> String {
        let mut command = Command::new("git");
        command.args(["-c", "user.name=Someone", "-c", "user.email=someone@example.com", "-c", "commit.gpgsign=false"]);
        let output = command.args(arguments).current_dir(self.root()).output().expect("git starts");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Commits everything, in a repository of the project's own.
    pub(crate) fn commit(&self, message: &str) -> &Self {
        if !self.path(".git").exists() {
            self.git(["init", "--quiet", "--initial-branch=main"]);
            self.file(".gitignore", "target\n");
        }
        self.git(["add", "--all"]);
        self.git(["commit", "--quiet", "--allow-empty", "-m", message]);
        self
    }

    /// Changes the text of a file.
    #[track_caller]
    pub(crate) fn change(&self, path: &str, from: &str, to: &str) -> &Self {
        let text = self.read(path);
        assert!(text.contains(from), "{path} lacks {from:?}\n{text}");
        self.file(path, &text.replacen(from, to, 1))
    }

    /// What `target/omega/results.json` says.
    pub(crate) fn results(&self) -> TestRun {
        serde_json::from_str(&self.read("target/omega/results.json")).expect("results.json has its schema")
    }

    /// Whether the fake harness in `folder` noted this line when it was called: `arg X`, `env X=Y`, ...
    pub(crate) fn saw(&self, folder: &str, line: &str) -> bool {
        self.read(&format!("{folder}/fake/calibration.seen")).lines().any(|seen| seen == line)
    }

    /// Whether the fake harness in `folder` was called at all.
    pub(crate) fn was_called(&self, folder: &str) -> bool {
        self.path(folder).join("fake/calibration.seen").exists()
    }
}

/// A call of `cargo omega`.
pub(crate) struct Omega {
    command: Command,
}

impl Omega {
    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    /// The process, for a test that starts it itself.
    pub(crate) fn into_command(self) -> Command {
        self.command
    }

    pub(crate) fn run(mut self) -> Shown {
        let output = self.command.output().expect("cargo-omega starts");
        Shown::of(&output)
    }

    /// Runs and expects this exit code.
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Shown {
        let shown = self.run();
        assert_eq!(shown.code, Some(code), "{shown:?}");
        shown
    }
}

/// What a call showed.
#[derive(Clone)]
pub(crate) struct Shown {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Shown {
    pub(crate) fn of(output: &Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Expects `text` on stdout.
    #[track_caller]
    pub(crate) fn shows(&self, text: &str) -> &Self {
        assert!(self.stdout.contains(text), "stdout lacks {text:?}\n{self:?}");
        self
    }

    /// Expects `text` on stderr.
    #[track_caller]
    pub(crate) fn says(&self, text: &str) -> &Self {
        assert!(self.stderr.contains(text), "stderr lacks {text:?}\n{self:?}");
        self
    }

    /// Expects `text` nowhere.
    #[track_caller]
    pub(crate) fn hides(&self, text: &str) -> &Self {
        assert!(!self.stdout.contains(text) && !self.stderr.contains(text), "{text:?} is there\n{self:?}");
        self
    }
}

impl std::fmt::Debug for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { code, stdout, stderr } = self;
        write!(f, "exit {code:?}\n--- stdout\n{stdout}\n--- stderr\n{stderr}")
    }
}

/// The root of this repository.
pub(crate) fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the root package is above").to_owned()
}

/// Copies a disarmed project and arms it.
fn copy(from: &Path, to: &Path, repository: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).unwrap_or_else(|error| panic!("{}: {error}", from.display())) {
        let entry = entry.expect("an entry");
        let name = entry.file_name().into_string().expect("a UTF-8 name");
        let target = to.join(name.trim_end_matches(".disarmed"));
        if entry.file_type().expect("a file type").is_dir() {
            copy(&entry.path(), &target, repository);
        } else if name.ends_with(".disarmed") {
            let root = repository.to_str().expect("a UTF-8 path").replace('\\', "/");
            let text = fs::read_to_string(entry.path()).expect("a manifest");
            fs::write(target, text.replace("@ROOT@", &root)).expect("a manifest");
        } else {
            fs::copy(entry.path(), target).expect("a file");
        }
    }
}
