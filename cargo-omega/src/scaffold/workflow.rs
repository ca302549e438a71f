//! The workflow that gates merges.

use camino::{Utf8Component, Utf8Path};

use super::Dependency;

const WORKFLOW: &str = include_str!("../../templates/workflow.yml");

/// Where releases are downloaded from.
const REPOSITORY: &str = env!("CARGO_PKG_REPOSITORY");

/// Stands in the address until there is one.
const NOBODY: &str = "https://github.com/OWNER/";

const CACHE: &str = "actions/cache@27d5ce7f107fe9357f9df03efb73ab90386fccae # v5.0.5";

/// .github/workflows/omega.yml of a project that takes the library from there; `from_root` is a path as the root of the
/// workspace sees it.
pub(crate) fn workflow(dependency: &Dependency, from_root: Option<&Utf8Path>) -> String {
    let install = match (dependency, from_root) {
        (Dependency::Version(version), _) => of_release(version, REPOSITORY),
        (Dependency::Path(_), Some(folder)) if lies_inside(folder) => from_sources(
            &format!("cargo-omega-${{{{ runner.os }}}}-${{{{ runner.arch }}}}-${{{{ hashFiles('{folder}/**') }}}}"),
            &format!("--path {folder}/cargo-omega"),
            &[],
        ),
        (Dependency::Path(path), _) => not_here(path),
    };
    let test = [
        "# By its own name: for `cargo omega` an alias in `.cargo/config.toml` would go before it.",
        "cargo-omega test --workspace",
    ];
    written(&install, &test)
}

/// The same of a project without cargo, which takes the program from the wheel of this version.
pub(crate) fn workflow_for_python(version: &str) -> String {
    let mut install = Vec::new();
    if REPOSITORY.starts_with(NOBODY) {
        install.push("# Nothing is published yet: until then, commit a wheel and install that file.".to_owned());
    }
    install.push("- name: Install cargo-omega".to_owned());
    install.push(format!("  run: python3 -m venv .venv && .venv/bin/pip install cargo-omega=={version}"));
    let test = [
        "# Not pytest, which shows the same cases: there, a conftest.py could rewrite what comes out.",
        "PATH=\"$PWD/.venv/bin:$PATH\" omega test",
    ];
    written(&install, &test)
}

/// Downloads a release of that repository and asks the platform who made it. Before there is one: built from the registry, once.
fn of_release(version: &str, repository: &str) -> Vec<String> {
    if repository.starts_with(NOBODY) {
        let say = [
            "# Nothing is published yet, so this step fails until then: `cargo omega init --path` takes the library from a folder of",
            "# this repository.",
        ];
        let key = format!("cargo-omega-${{{{ runner.os }}}}-${{{{ runner.arch }}}}-{version}");
        return from_sources(&key, &format!("cargo-omega --version {version}"), &say);
    }
    let repository = repository.trim_start_matches("https://github.com/");
    let name = "cargo-omega-x86_64-unknown-linux-gnu";
    lines(&[
        "- name: Install cargo-omega",
        "  env:",
        "    GH_TOKEN: ${{ github.token }}",
        "  run: |",
        &format!(
            "    gh release download v{version} --repo {repository} --pattern {name}.tar.gz --dir \"$RUNNER_TEMP\""
        ),
        "    # Made by the workflow of that repository, or not run.",
        &format!("    gh attestation verify \"$RUNNER_TEMP/{name}.tar.gz\" --repo {repository}"),
        &format!("    tar -xzf \"$RUNNER_TEMP/{name}.tar.gz\" -C ~/.cargo/bin --strip-components 1 {name}/cargo-omega"),
    ])
}

/// Compiles the program, unless an earlier run has.
fn from_sources(key: &str, source: &str, say: &[&str]) -> Vec<String> {
    let mut install = lines(say);
    install.extend(lines(&[
        "# Compiled once: later runs take the program from there. A pull request reads what its base has kept, and what it keeps",
        "# itself no other branch can read.",
        "- name: Look for cargo-omega",
        "  id: kept",
        &format!("  uses: {CACHE}"),
        "  with:",
        "    path: ~/.cargo/bin/cargo-omega",
        &format!("    key: {key}"),
        "- name: Install cargo-omega",
        "  if: steps.kept.outputs.cache-hit != 'true'",
        &format!("  run: cargo install --locked {source}"),
    ]));
    install
}

/// A folder outside of the repository is not there where the workflow runs, and neither is the library that Cargo.toml names.
fn not_here(path: &str) -> Vec<String> {
    lines(&[
        "- name: Install cargo-omega",
        "  env:",
        &format!("    FOLDER: {}", quoted(path)),
        "  run: |",
        "    echo \"::error::Cargo.toml takes omega-lock from $FOLDER, which is no part of this repository: nothing can be built from it here\"",
        "    echo \"help: bring omega-lock into the repository, remove this file, and run: cargo omega init --path <that folder>\"",
        "    exit 1",
    ])
}

/// Whether that leads nowhere out of the root, on no part of its way.
pub(crate) fn lies_inside(from_root: &Utf8Path) -> bool {
    let mut depth = 0_usize;
    for component in from_root.components() {
        match component {
            Utf8Component::Normal(_) => depth += 1,
            Utf8Component::CurDir => {}
            Utf8Component::ParentDir if depth > 0 => depth -= 1,
            _ => return false,
        }
    }
    // Else any sign could mean something to a shell or in an expression.
    from_root.as_str().bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte))
}

/// As YAML writes it between single quotes, with nothing in it that the runner of GitHub Actions computes.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''").replace("${{", "$ {{"))
}

fn lines(lines: &[&str]) -> Vec<String> {
    lines.iter().map(|&line| line.to_owned()).collect()
}

fn written(install: &[String], test: &[&str]) -> String {
    WORKFLOW.replace("@INSTALL@", &install.join("\n      ")).replace("@TEST@", &test.join("\n          "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_is_downloaded_and_verified_once_there_is_an_address_and_compiled_once_before() {
        let released = of_release("1.2.3", "https://github.com/somebody/omega-lock").join("\n");
        let verified = released.find("gh attestation verify").expect("it asks who made it");
        assert!(verified < released.find("tar -xzf").expect("it unpacks"), "{released}");
        assert!(released.contains("gh release download v1.2.3 --repo somebody/omega-lock "), "{released}");
        assert!(!released.contains("cargo install"), "{released}");
        let before = of_release("1.2.3", "https://github.com/OWNER/omega-lock").join("\n");
        assert!(before.starts_with("# Nothing is published yet"), "{before}");
        assert!(before.contains("cargo install --locked cargo-omega --version 1.2.3"), "{before}");
    }

    #[test]
    fn a_library_in_the_repository_is_built_from_there_and_one_outside_from_nowhere() {
        let path = Dependency::Path("../../vendor/omega-lock".to_owned());
        let inside = workflow(&path, Some(Utf8Path::new("vendor/omega-lock")));
        assert!(inside.contains("run: cargo install --locked --path vendor/omega-lock/cargo-omega\n"), "{inside}");
        assert!(inside.contains("hashFiles('vendor/omega-lock/**')"), "{inside}");
        for outside in ["../omega-lock", "a/../../omega-lock", "/elsewhere/omega-lock", "a b", "$(a)", "a'b"] {
            let text = workflow(&path, Some(Utf8Path::new(outside)));
            assert!(!text.contains("cargo install") && text.contains("    exit 1\n"), "{outside}: {text}");
        }
        let strange = workflow(&Dependency::Path("../it's ${{ x }}".to_owned()), None);
        assert!(strange.contains("    FOLDER: '../it''s $ {{ x }}'\n"), "{strange}");
    }
}
