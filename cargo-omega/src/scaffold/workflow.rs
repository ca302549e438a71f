//! The workflow that gates merges.

use super::Dependency;

const WORKFLOW: &str = include_str!("../../templates/workflow.yml");

/// .github/workflows/omega.yml of a project that takes the library from there.
pub(crate) fn workflow(dependency: &Dependency) -> String {
    let source = match dependency {
        Dependency::Version(version) => format!("cargo-omega --version {version}"),
        Dependency::Path(path) => format!("--path {path}/cargo-omega"),
    };
    WORKFLOW.replace("@SOURCE@", &source)
}
