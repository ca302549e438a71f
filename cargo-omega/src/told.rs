//! What a harness was told, to be held against what it says it was told.
//!
//! On the way from here to the harness a variable can be forced: by `[env]` of a `.cargo/config.toml`, which comes with the
//! repository. A run under other settings than those asked for is no answer to the question.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::process::Command;

use omega_lock::internals::artifacts::Echo;
use omega_lock::internals::harness::variables;

use crate::failure::Failure;

/// Variables, arguments and root, as they were given to `cargo test`.
#[derive(Debug)]
pub(crate) struct Told {
    variables: BTreeMap<String, Option<String>>,
    arguments: Vec<String>,
}

impl Told {
    /// What this command tells the harness.
    pub(crate) fn of(command: &Command) -> Self {
        let text = |value: &OsStr| value.to_string_lossy().into_owned();
        let set: BTreeMap<String, Option<String>> =
            command.get_envs().map(|(name, value)| (text(name), value.map(text))).collect();
        // How many threads evaluate changes no byte of what is judged; the user says it where they like.
        let names = variables::TABLE.iter().map(|(name, _)| *name).filter(|name| *name != variables::THREADS);
        let names = names.chain(variables::NEXTEST);
        let variables = names.map(|name| (name.to_owned(), set.get(name).cloned().flatten())).collect();
        let arguments = command.get_args().skip_while(|word| *word != "--").skip(1).map(text).collect();
        Self { variables, arguments }
    }

    /// What the harness of this name understood otherwise.
    pub(crate) fn misunderstood(&self, harness: &str, echo: Option<&Echo>) -> Option<Failure> {
        let Some(echo) = echo else {
            let message =
                format!("`{harness}` does not say what it was told, so nobody knows under which settings it ran");
            return Some(Failure::internal(message).help("update its omega-lock to the version of cargo-omega"));
        };
        let shown = |value: Option<&String>| value.map_or_else(|| "nothing".to_owned(), |value| format!("`{value}`"));
        for (name, told) in &self.variables {
            let heard = echo.variables.get(name);
            if heard != told.as_ref() {
                let message = format!(
                    "`{harness}` found {} in {name}, and cargo omega said {}",
                    shown(heard),
                    shown(told.as_ref())
                );
                return Some(Failure::internal(message).help(
                    "something on the way forces it: look at `[env]` and `runner` in `.cargo/config.toml`; nothing counts as \
                     passed",
                ));
            }
        }
        if echo.arguments != self.arguments {
            let message = format!(
                "`{harness}` was asked with the arguments `{}`, and cargo omega said `{}`",
                echo.arguments.join(" "),
                self.arguments.join(" ")
            );
            return Some(Failure::internal(message).help("look at `runner` in `.cargo/config.toml`"));
        }
        let root = self.variables.get(variables::WORKSPACE_ROOT).and_then(Option::as_ref);
        (!echo.root.is_empty() && Some(&echo.root) != root).then(|| {
            Failure::internal(format!("`{harness}` judged by the files of `{}`, not of {}", echo.root, shown(root)))
        })
    }
}

/// A word that nobody can know beforehand.
pub(crate) fn nonce() -> String {
    let half = || RandomState::new().build_hasher().finish();
    format!("{:016x}{:016x}", half(), half())
}
