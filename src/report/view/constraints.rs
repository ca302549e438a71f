//! How the constraints stand: of every role, whether or not they were declared with the artifact.

use std::collections::HashMap;

use crate::report::escape::Text;

/// Every constraint that is known of.
#[derive(Debug, Clone, Default)]
pub(in crate::internals::report) struct Constraints {
    pub(in crate::internals::report) standings: Vec<Standing>,
    places: HashMap<String, usize>,
}

#[derive(Debug, Clone, Default)]
pub(in crate::internals::report) struct Standing {
    pub(in crate::internals::report) name: Text,
    pub(in crate::internals::report) description: Text,
    pub(in crate::internals::report) declared: bool,
    /// By role: how many evaluations keep it, of how many that were judged by it.
    pub(in crate::internals::report) roles: Vec<(Text, u64, u64)>,
    places: HashMap<String, usize>,
}

impl Standing {
    fn judge(&mut self, role: &str, kept: u64) {
        match self.places.get(role).and_then(|&place| self.roles.get_mut(place)) {
            Some((_, keeping, judged)) => (*keeping, *judged) = (*keeping + kept, *judged + 1),
            None => {
                self.places.insert(role.to_owned(), self.roles.len());
                self.roles.push((Text::new(role), kept, 1));
            }
        }
    }

    /// How many evaluations keep it, of how many that were judged by it.
    pub(in crate::internals::report) fn total(&self) -> (u64, u64) {
        self.roles.iter().fold((0, 0), |(kept, judged), role| (kept + role.1, judged + role.2))
    }

    /// `PASS` if every evaluation keeps it, `NONE` if none does, else `MIXED`; `n/a` if none was judged by it.
    pub(in crate::internals::report) fn status(&self) -> &'static str {
        match self.total() {
            (_, 0) => "n/a",
            (0, _) => "NONE",
            (kept, judged) if kept == judged => "PASS",
            _ => "MIXED",
        }
    }
}

impl Constraints {
    pub(super) fn declare(&mut self, name: &str, description: &str) {
        let standing = self.standing(name);
        standing.declared = true;
        standing.description = Text::new(description);
    }

    pub(super) fn judge(&mut self, role: &str, passed: &[&str], failed: &[&str]) {
        for (names, kept) in [(passed, 1), (failed, 0)] {
            for name in names {
                self.standing(name).judge(role, kept);
            }
        }
    }

    fn standing(&mut self, name: &str) -> &mut Standing {
        let next = self.standings.len();
        let place = *self.places.entry(name.to_owned()).or_insert(next);
        if place == next {
            self.standings.push(Standing { name: Text::new(name), ..Standing::default() });
        }
        &mut self.standings[place]
    }
}
