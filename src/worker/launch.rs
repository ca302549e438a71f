//! How a worker is started.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use super::message::shown;
use super::trouble::Trouble;

/// What a worker sees of the environment without being named; the last is for Windows, where nothing starts without it.
const PASSED: [&str; 5] = ["PATH", "HOME", "LANG", "TMPDIR", "SystemRoot"];

/// What launchers find their cluster by: handed on as well where there is one. A batch job or an allocation of Slurm is known
/// by its variables alone, and srun hands them to what it starts in any case.
const LAUNCHED_WITH: [&str; 16] = [
    "DOCKER_CERT_PATH",
    "DOCKER_CONFIG",
    "DOCKER_CONTEXT",
    "DOCKER_HOST",
    "DOCKER_TLS_VERIFY",
    "CONTAINER_HOST",
    "KRB5CCNAME",
    "KUBECONFIG",
    "RAY_ADDRESS",
    "RAY_AUTH_MODE",
    "RAY_AUTH_TOKEN",
    "RAY_AUTH_TOKEN_PATH",
    "SSH_AUTH_SOCK",
    "USER",
    "LOGNAME",
    "XDG_RUNTIME_DIR",
];
const OF_SLURM: &str = "SLURM_";

/// The words of a launcher as somebody types them: a program and its arguments, with quotes as in a shell, which expands
/// nothing here. No words are no launcher.
///
/// # Errors
/// Says that a quote is not closed.
pub fn launcher_words(text: &str) -> Result<Vec<String>, String> {
    shlex::split(text).ok_or_else(|| {
        format!(
            "{} has a quote that is not closed, or ends in a backslash\nhelp: a launcher is a program and its arguments, such as \
             `srun -n1`; an argument with spaces in it stands in quotes",
            shown(text.as_bytes())
        )
    })
}

/// A command with what it finds around it.
#[derive(Debug, Clone)]
pub(super) struct Launch {
    /// What the command is started by: a program and its arguments; empty if it is started itself.
    pub(super) launcher: Vec<String>,
    /// The program and its arguments; no shell reads them.
    pub(super) command: Vec<String>,
    pub(super) directory: Option<PathBuf>,
    /// Variables that are set.
    pub(super) set: Vec<(String, String)>,
    /// Variables that are handed on as they are.
    pub(super) passed: Vec<String>,
}

impl Launch {
    pub(super) fn new(command: Vec<String>) -> Self {
        Self { launcher: Vec::new(), command, directory: None, set: Vec::new(), passed: Vec::new() }
    }

    /// Launcher and command as somebody would type them.
    pub(super) fn words(&self) -> String {
        [&self.launcher[..], &self.command].concat().join(" ")
    }

    /// Starts the command, each argument as `argument` makes it, in a group of processes of its own: Ctrl-C of a terminal
    /// reaches the run first, and nothing that the command starts is left behind.
    ///
    /// # Errors
    /// Says why it could not be started.
    #[expect(clippy::disallowed_methods, reason = "workers are started here, with the variables that are handed on")]
    pub(super) fn start(&self, argument: impl Fn(&str) -> String) -> Result<Child, Trouble> {
        if self.command.is_empty() {
            return Err(Trouble::Unusable("a worker needs a command, and this one is empty".to_owned()));
        }
        let mut words = self.launcher.iter().cloned().chain(self.command.iter().map(|text| argument(text)));
        let program = words.next().unwrap_or_default();
        let mut command = Command::new(&program);
        command.args(words).env_clear();
        for name in PASSED.iter().copied().chain(self.passed.iter().map(|name| &**name)) {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        if !self.launcher.is_empty() {
            let needed = |name: &str| LAUNCHED_WITH.contains(&name) || name.starts_with(OF_SLURM);
            command.envs(std::env::vars_os().filter(|(name, _)| name.to_str().is_some_and(needed)));
        }
        command.envs(self.set.iter().map(|(name, value)| (name, value)));
        if let Some(directory) = &self.directory {
            command.current_dir(directory);
        }
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().map_err(|error| {
            let place = match &self.directory {
                Some(directory) => format!(" in `{}`", directory.display()),
                None => String::new(),
            };
            let what = if self.launcher.is_empty() { "" } else { "the launcher " };
            Trouble::not_started(&format!("{what}`{}`", program.escape_debug()), &place, &error)
        })
    }
}
