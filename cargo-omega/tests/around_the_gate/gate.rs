//! A repository with an accepted base, and a pull request on a branch of it.

use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use crate::support::{Omega, Project, Shown, repository};

/// A workspace of two packages with a calibration each (`bitcell` in `a`, `other` in `b`) and one without, everything
/// committed on `main`, and the branch `change` checked out.
pub(crate) struct Gate {
    pub(crate) project: Project,
}

/// What the base has accepted, made once.
static ACCEPTED: OnceLock<Vec<(String, String)>> = OnceLock::new();

const ACCEPTED_FILES: [&str; 5] = [
    "Cargo.lock",
    "omega.lock",
    "fixtures/gold/bitcell.json",
    "fixtures/gold/other.json",
    "fixtures/gold/HISTORY.jsonl",
];

impl Gate {
    pub(crate) fn new() -> Self {
        let project = Project::copy_of("gated");
        keep_times(&repository().join("fixtures/projects/gated"), project.root());
        let accepted = ACCEPTED.get_or_init(|| {
            project.omega(["lock"]).exits(0);
            project.omega(["update-gold", "--workspace", "--reason", "first"]).exits(0);
            ACCEPTED_FILES.iter().map(|path| ((*path).to_owned(), project.read(path))).collect()
        });
        for (path, text) in accepted {
            project.file(path, text);
        }
        project.commit("the base");
        project.git(["checkout", "--quiet", "-b", "change"]);
        Self { project }
    }

    /// Writes omega.lock anew, as a pull request that wants to look honest does, and commits everything.
    pub(crate) fn locked(&self) -> &Self {
        self.project.omega(["lock"]).exits(0);
        self.committed()
    }

    pub(crate) fn committed(&self) -> &Self {
        self.project.commit("the change");
        self
    }

    /// What the workflow runs.
    pub(crate) fn judged(&self) -> Omega {
        self.judged_with(&[])
    }

    /// The same with more arguments.
    pub(crate) fn judged_with(&self, more: &[&str]) -> Omega {
        let arguments = ["test", "--workspace", "--against", "main"];
        self.project.omega(arguments.into_iter().chain(more.iter().copied())).env("CI", "true")
    }
}

impl Shown {
    /// The digest that has to be approved.
    #[track_caller]
    pub(crate) fn asked(&self) -> String {
        let (_, rest) = self.stderr.split_once("--accept-change ").expect("a digest");
        rest.chars().take_while(char::is_ascii_hexdigit).collect()
    }
}

/// Gives the sources of a copy the times of their originals, so that cargo compiles them once for all tests: none changes
/// them. What differs from test to test is in other files.
fn keep_times(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if target.is_dir() {
            keep_times(&entry.path(), &target);
        } else if target.extension().is_some_and(|extension| extension == "rs") {
            let time = entry.metadata().and_then(|metadata| metadata.modified()).expect("a time");
            let file = fs::OpenOptions::new().append(true).open(target).expect("a source");
            file.set_modified(time).expect("the time can be set");
        }
    }
}
