//! Why there is no evaluation, and what a machine that is short of something says of it.

use std::io::{Error, ErrorKind};
use std::thread::{Builder, JoinHandle};

use crate::objective::TargetError;

/// Why there is no evaluation.
#[derive(Debug)]
pub(super) enum Trouble {
    /// There is an answer: these parameters have none.
    Answer(TargetError),
    /// Nothing that the parameters are to blame for, as far as one can tell; asking again may help.
    Lost(String),
    /// One of these, and the question provably never reached anybody who could have begun to answer it.
    NeverBegan(Box<Trouble>),
    /// The worker does not keep to the protocol; asking again would not help.
    Broken(String),
    /// It cannot be started as it is said to be.
    Unusable(String),
}

/// A system of the kind of Unix says so of a file that is no program.
const NO_PROGRAM: i32 = 8;

impl Trouble {
    /// The same of a question that was never asked.
    pub(super) fn before_it_was_asked(self) -> Self {
        match self {
            Self::Lost(_) | Self::Broken(_) => Self::NeverBegan(Box::new(self)),
            other => other,
        }
    }

    /// What was needed was not there: a reason of the surroundings, or of a worker that does not keep to the protocol.
    pub(super) fn of_the_process(&self) -> Option<&str> {
        match self {
            Self::Lost(why) | Self::Broken(why) => Some(why),
            Self::NeverBegan(trouble) => trouble.of_the_process(),
            Self::Answer(_) | Self::Unusable(_) => None,
        }
    }

    /// A command that was not started: by what it says, or because the machine has no room for it just now.
    pub(super) fn not_started(program: &str, place: &str, error: &Error) -> Self {
        let by_what_it_says = matches!(
            error.kind(),
            ErrorKind::NotFound
                | ErrorKind::PermissionDenied
                | ErrorKind::InvalidInput
                | ErrorKind::InvalidFilename
                | ErrorKind::NotADirectory
                | ErrorKind::IsADirectory
                | ErrorKind::ArgumentListTooLong
        ) || cfg!(unix) && error.raw_os_error() == Some(NO_PROGRAM);
        if by_what_it_says {
            return Self::Unusable(format!(
                "{program} could not be started{place}: {error}\nhelp: a command is a program and its arguments, and no shell reads \
                 them; the program is looked for in PATH, or named with its folder"
            ));
        }
        Self::Lost(format!(
            "could not be started{place}: {error}\nhelp: the machine has no room for it at the moment; fewer `processes` need less, \
             and `ulimit -a` shows the limits"
        ))
    }
}

/// Starts a thread.
///
/// # Errors
/// If the machine has no room for one.
pub(super) fn thread<T: Send + 'static>(body: impl FnOnce() -> T + Send + 'static) -> Result<JoinHandle<T>, Trouble> {
    Builder::new().spawn(body).map_err(|error| {
        Trouble::Lost(format!(
            "could not be listened to, because no thread was started: {error}\nhelp: the machine has no room for one at the \
             moment; fewer `processes` need less, and `ulimit -u` shows the limit"
        ))
    })
}
