//! What is known of a gate before anything is judged.

use super::{HoldoutRule, StrictRules, Thresholds};
use crate::objective::Role;

/// What is known of a gate: a constant in the gate's own file. Lists, `explain`, the texts of failures and
/// docs/gates.md are made of these.
#[derive(Debug)]
#[non_exhaustive]
pub struct Gate {
    /// Its spelling in trial names, omega.toml and messages: `kc4`.
    pub id: &'static str,
    /// Its spelling in a verdict: `KC-4`, as the Python package has it; a gate that it does not have is spelt likewise.
    pub peer_name: &'static str,
    /// Its question.
    pub asks: &'static str,
    /// What completes the sentence "it fails when".
    pub fails: &'static str,
    /// What to do when it failed.
    pub advice: &'static str,
    /// What a failure usually means, by how the name of a figure that failed begins: the first entry that fits speaks.
    /// `""` fits every figure.
    pub(super) causes: &'static [(&'static str, &'static str)],
    /// The keys of a calibration's table in omega.toml that it reads; a table stands for its keys.
    pub keys: &'static [&'static str],
    /// Whether a run of several passes judges it once, after the last of them.
    pub at_the_end: bool,
    /// Whether a declaration has it.
    pub(super) applies: fn(&Asked<'_>) -> Applies,
}

/// What a declaration asks for, as far as that decides which gates there are.
#[non_exhaustive]
pub struct Asked<'a> {
    /// Whether the profile is strict.
    pub strict: bool,
    /// What the kill criteria require.
    pub thresholds: &'a Thresholds,
    /// What the strict profile requires.
    pub rules: &'a StrictRules,
    /// What the holdout requires.
    pub holdout: &'a HoldoutRule,
    /// Whether a slice is declared.
    pub serves: &'a dyn Fn(Role) -> bool,
    /// Whether a null version is declared.
    pub null: bool,
    /// How many blocks are declared.
    pub blocks: Option<u64>,
    /// How many windows are declared.
    pub windows: Option<u64>,
    /// Whether a search without a feasible candidate fails.
    pub hard_fail: bool,
    /// Whether the search is compared with random draws.
    pub random_draws: bool,
    /// Whether a finished study stands in the place of a search.
    pub study: bool,
}

/// Whether a declaration has a gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applies {
    /// It is judged.
    Yes,
    /// It is listed and skipped, for this reason.
    Skip(&'static str),
    /// The declaration does not know it.
    No,
}

impl Applies {
    /// Skipped for this reason unless `asked`.
    pub(super) const fn unless(asked: bool, reason: &'static str) -> Self {
        if asked { Self::Yes } else { Self::Skip(reason) }
    }
}

impl Asked<'_> {
    /// For gates of the strict profile.
    pub(super) const fn strictly(&self) -> Applies {
        if self.strict { Applies::Yes } else { Applies::No }
    }

    /// For gates that ask the test slice.
    pub(super) fn tested(&self) -> Applies {
        Applies::unless((self.serves)(Role::Test), "no test target is declared")
    }

    /// For gates of the strict profile that ask the test slice.
    pub(super) fn strictly_tested(&self) -> Applies {
        if self.strict { self.tested() } else { Applies::No }
    }
}

impl Gate {
    /// What a failure of these figures usually means.
    pub fn cause<'m>(&self, failing: impl Iterator<Item = &'m str> + Clone) -> Option<&'static str> {
        let fits = |begins: &str| failing.clone().any(|name| name.starts_with(begins));
        self.causes.iter().find(|(begins, _)| fits(begins)).map(|(_, cause)| *cause)
    }
}

/// Declares [`GateId`] and everything that goes through all gates: a variant and the file that holds its constant
/// [`Gate`], in the order shown. `Variant(String)` is a gate of which a declaration may have several, by name.
macro_rules! gates {
    ($($(#[$doc:meta])* $Id:ident $(($Named:ident))? = $file:ident),+ $(,)?) => {
        /// A gate by name.
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum GateId {
            $($(#[$doc])* $Id $(($Named))?),+
        }

        impl GateId {
            /// Every gate there is, in the order shown; of those that have names, one for each of `names`.
            pub fn every(names: &[&str]) -> Vec<Self> {
                [$(gates!(@list names, $Id $($Named)?)),+].concat()
            }

            /// What is known of it.
            pub const fn about(&self) -> &'static Gate {
                match self {
                    $(Self::$Id $((gates!(@any $Named)))? => &$file::GATE),+
                }
            }

            /// Its own name, of a gate that has one.
            const fn given_name(&self) -> Option<&String> {
                match self {
                    $($(Self::$Id(name) => gates!(@some name $Named),)?)+
                    _ => None,
                }
            }
        }
    };
    (@list $names:ident, $Id:ident) => { vec![Self::$Id] };
    (@list $names:ident, $Id:ident $Named:ident) => { $names.iter().map(|name| Self::$Id((*name).to_owned())).collect() };
    (@any $Named:ident) => { _ };
    (@some $name:ident $Named:ident) => { Some($name) };
}
