//! A reason to stop, with the exit code that says so.

use std::fmt;

use omega_lock::internals::artifacts::{ExitCode, Problem};

/// Why the command could not answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) code: ExitCode,
    /// A lowercase fragment, then further lines; those that start with `help: ` say what to do.
    pub(crate) message: String,
}

impl Failure {
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self { code: ExitCode::Usage, message: message.into() }
    }

    pub(crate) fn internal(message: impl Into<String>) -> Self {
        Self { code: ExitCode::Internal, message: message.into() }
    }

    pub(crate) fn nothing_evaluated(message: impl Into<String>) -> Self {
        Self { code: ExitCode::NothingEvaluated, message: message.into() }
    }

    /// The same with one more line of help.
    pub(crate) fn help(mut self, help: impl fmt::Display) -> Self {
        self.message = format!("{}\nhelp: {help}", self.message);
        self
    }

    /// The same with a line of help if there is one to give.
    pub(crate) fn help_if(self, help: Option<impl fmt::Display>) -> Self {
        match help {
            Some(help) => self.help(help),
            None => self,
        }
    }

    /// As data, for results.json.
    pub(crate) fn to_problem(&self) -> Problem {
        Problem { exit_code: self.code.number(), message: self.message.clone() }
    }
}
