//! How the constraints stand: of every role, whether or not they were declared with the artifact.

use std::collections::HashMap;

/// Every constraint that is known of, and how many evaluations were feasible.
#[derive(Debug, Clone, Default)]
pub(super) struct Constraints {
    pub(super) standings: Vec<Standing>,
    places: HashMap<String, usize>,
    pub(super) judged: u64,
    pub(super) feasible: u64,
}

/// How one constraint stands.
#[derive(Debug, Clone)]
pub(super) struct Standing {
    pub(super) name: String,
    pub(super) description: String,
    pub(super) declared: bool,
    /// By role: how many evaluations keep it, of how many that were judged by it.
    pub(super) roles: Vec<(String, u64, u64)>,
    places: HashMap<String, usize>,
}

impl Standing {
    fn judge(&mut self, role: &str, kept: u64) {
        match self.places.get(role).and_then(|&place| self.roles.get_mut(place)) {
            Some((_, keeping, judged)) => (*keeping, *judged) = (*keeping + kept, *judged + 1),
            None => {
                self.places.insert(role.to_owned(), self.roles.len());
                self.roles.push((role.to_owned(), kept, 1));
            }
        }
    }

    /// How many evaluations keep it, of how many that were judged by it.
    pub(super) fn total(&self) -> (u64, u64) {
        self.roles.iter().fold((0, 0), |(kept, judged), role| (kept + role.1, judged + role.2))
    }

    /// `PASS` if every evaluation keeps it, `NONE` if none does, else `MIXED`; `n/a` if none was judged by it.
    pub(super) fn status(&self) -> &'static str {
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
        description.clone_into(&mut standing.description);
    }

    pub(super) fn judge(&mut self, role: &str, passed: &[&str], failed: &[&str]) {
        self.judged += 1;
        self.feasible += u64::from(failed.is_empty());
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
            let (name, description) = (name.to_owned(), String::new());
            let (roles, places) = (Vec::new(), HashMap::new());
            self.standings.push(Standing { name, description, declared: false, roles, places });
        }
        &mut self.standings[place]
    }
}
