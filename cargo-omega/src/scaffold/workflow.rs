//! The workflow that gates merges.

use super::Dependency;

const WORKFLOW: &str = include_str!("../../templates/workflow.yml");

/// .github/workflows/omega.yml of a project that takes the library from there.
pub(crate) fn workflow(dependency: &Dependency) -> String {
    let source = match dependency {
        Dependency::Version(version) => format!("cargo-omega --version {version}"),
        Dependency::Path(path) => format!("--path {path}/cargo-omega"),
    };
    written(
        &format!("cargo install --locked {source}"),
        &[
            "# By its own name: for `cargo omega` an alias in `.cargo/config.toml` would go before it.",
            "cargo-omega test --workspace",
        ],
    )
}

/// The same of a project without cargo, which takes the program from the wheel of this version.
pub(crate) fn workflow_for_python(version: &str) -> String {
    written(
        &format!("python3 -m venv .venv && .venv/bin/pip install cargo-omega=={version}"),
        &[
            "# Not pytest, which shows the same cases: there, a conftest.py could rewrite what comes out.",
            "PATH=\"$PWD/.venv/bin:$PATH\" omega test",
        ],
    )
}

fn written(install: &str, test: &[&str]) -> String {
    WORKFLOW.replace("@INSTALL@", install).replace("@TEST@", &test.join("\n          "))
}
