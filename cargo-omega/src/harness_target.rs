//! Which test targets of a package are harnesses of omega-lock.
//!
//! Cargo does not say which targets have `harness = false`, and a foreign one may run anything, so none is ever
//! started to find out: the package declares its harnesses, or its manifest leaves exactly one possibility.

use cargo_metadata::{Package, TargetKind};
use omega_lock::internals::objective::spelling::nearest;
use serde_json::{Map, Value};

use crate::disk;
use crate::failure::Failure;
use crate::itself;
use crate::project;

/// The library whose harness this command runs.
pub(crate) const LIBRARY: &str = "omega-lock";

/// A package with the names of its harness targets.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct HarnessPackage<'a> {
    pub(crate) name: String,
    /// Absent where this program is the harness.
    pub(crate) package: Option<&'a Package>,
    pub(crate) tests: Vec<String>,
}

impl<'a> HarnessPackage<'a> {
    fn new(package: &'a Package, tests: Vec<String>) -> Self {
        Self { name: package.name.to_string(), package: Some(package), tests }
    }

    /// This program as the harness of what no package has.
    pub(crate) fn itself() -> Self {
        Self { name: itself::PACKAGE.to_owned(), package: None, tests: vec![itself::SUITE.to_owned()] }
    }

    /// The name and the version, as cargo shows them.
    pub(crate) fn shown(&self) -> String {
        match self.package {
            Some(package) => format!("{} v{} ({})", package.name, package.version, self.tests.join(", ")),
            None => format!("{} (omega.toml)", self.name),
        }
    }

    /// What is started to run it.
    pub(crate) fn started_by(&self) -> &'static str {
        if self.package.is_some() { "its `cargo test`" } else { "the process" }
    }

    /// The target that a document of this package and suite is of. A test binary knows the name of its crate, in which cargo
    /// writes `-` as `_`.
    pub(crate) fn test_of(&self, package: &str, suite: &str) -> Option<&str> {
        let same = |test: &&String| test.replace('-', "_") == suite.replace('-', "_");
        let test = self.tests.iter().find(same).filter(|_| package == self.name);
        test.map(String::as_str)
    }
}

/// The harness targets of these packages, narrowed to those that `--test` names.
pub(crate) fn find<'a>(packages: &[&'a Package], typed: &[String]) -> Result<Vec<HarnessPackage<'a>>, Failure> {
    let mut wanted = Vec::new();
    for name in typed {
        wanted.push((name.as_str(), project::pattern(name)?));
    }
    let matching = |(name, pattern): &(&str, Option<glob::Pattern>), test: &str| match pattern {
        Some(pattern) => pattern.matches(test),
        None => *name == test,
    };
    let mut all = Vec::new();
    let mut found = Vec::new();
    for package in packages {
        let (mut tests, declared) = match declared(package)? {
            Some(tests) => (tests, true),
            None => (candidates(package)?, false),
        };
        all.extend(tests.iter().cloned());
        tests.retain(|test| wanted.is_empty() || wanted.iter().any(|name| matching(name, test)));
        if !declared && tests.len() > typed.len().max(1) {
            return Err(ambiguous(package, &tests));
        }
        if !tests.is_empty() {
            found.push(HarnessPackage::new(package, tests));
        }
    }
    if let Some((stranger, _)) = wanted.iter().find(|name| !all.iter().any(|test| matching(name, test)))
        && !all.is_empty()
    {
        let near = nearest(stranger, all.iter().map(String::as_str));
        let message = format!("no harness target matches `--test {stranger}`, there is {}", list(&all));
        return Err(Failure::usage(message).help_if(near.map(|name| format!("did you mean `{name}`?"))));
    }
    Ok(found)
}

/// Nothing was found to run; `elsewhere` are packages of the workspace that were not selected but have a harness.
pub(crate) fn none_found(packages: &[&Package], elsewhere: &[HarnessPackage<'_>]) -> Failure {
    let names: Vec<_> = packages.iter().map(|package| package.name.to_string()).collect();
    let message = match names.as_slice() {
        [] => "no package is selected, so nothing can be evaluated".to_owned(),
        [name] => format!("package `{name}` has no harness target, so nothing was evaluated"),
        names => format!("none of the packages {} has a harness target, so nothing was evaluated", list(names)),
    };
    let failure = Failure::nothing_evaluated(message);
    if let Some(first) = elsewhere.first() {
        let name = &first.name;
        return failure.help(format!("package `{name}` has one: run with `-p {name}` or `--workspace`"));
    }
    let tests = ["calibration".to_owned()];
    failure.help(format!(
        "add `{LIBRARY}` to [dev-dependencies], write tests/calibration.rs and declare it in Cargo.toml:{}{}",
        section(&tests[0]),
        declaration(&tests)
    ))
}

/// The harnesses that `[package.metadata.omega]` names; none if it does not say.
fn declared(package: &Package) -> Result<Option<Vec<String>>, Failure> {
    let wrong =
        |what: String| Failure::usage(format!("[package.metadata.omega] in `{}`: {what}", package.manifest_path));
    let Some(omega) = package.metadata.get("omega") else { return Ok(None) };
    let Value::Object(table) = omega else {
        return Err(wrong(format!("expected a table, found {}", kind(omega))));
    };
    if let Some(key) = table.keys().find(|key| *key != "tests") {
        let near = nearest(key, ["tests"]);
        return Err(wrong(format!("unknown key `{key}`")).help(match near {
            Some(known) => format!("did you mean `{known}`?"),
            None => "the only key is `tests`, a list of test targets".to_owned(),
        }));
    }
    let Some(tests) = names(table).map_err(wrong)? else { return Ok(None) };
    let targets = test_targets(package);
    let ours = without_standard_harness(package)?;
    for (index, test) in tests.iter().enumerate() {
        if tests[..index].contains(test) {
            return Err(wrong(format!("`tests` names `{test}` twice")));
        }
        if !targets.contains(test) {
            let near = nearest(test, targets.iter().map(String::as_str));
            let failure = wrong(format!("`tests` names `{test}`, which is no test target of the package"));
            return Err(failure.help_if(near.map(|name| format!("did you mean `{name}`?"))));
        }
        if !ours.contains(test) {
            return Err(wrong(format!("test target `{test}` runs under the standard test harness"))
                .help(format!("give it a `main` of its own:{}", section(test))));
        }
    }
    Ok(Some(tests))
}

/// `tests` as a list of names, or what is wrong with it.
fn names(table: &Map<String, Value>) -> Result<Option<Vec<String>>, String> {
    let Some(tests) = table.get("tests") else { return Ok(None) };
    let Value::Array(tests) = tests else {
        return Err(format!("`tests` must be a list of names, found {}", kind(tests)));
    };
    let name = |test: &Value| match test {
        Value::String(name) => Ok(name.clone()),
        other => Err(format!("`tests` must hold names, found {}", kind(other))),
    };
    tests.iter().map(name).collect::<Result<_, _>>().map(Some)
}

/// The targets that may be harnesses of a package that declares none.
fn candidates(package: &Package) -> Result<Vec<String>, Failure> {
    if !package.dependencies.iter().any(|dependency| dependency.name == LIBRARY) {
        return Ok(Vec::new());
    }
    let mut tests = without_standard_harness(package)?;
    let targets = test_targets(package);
    tests.retain(|test| targets.contains(test));
    Ok(tests)
}

fn ambiguous(package: &Package, tests: &[String]) -> Failure {
    let message = format!(
        "package `{}` has {} test targets with `harness = false` ({}) and does not say which are harnesses of {LIBRARY}",
        package.name,
        tests.len(),
        list(tests)
    );
    let path = &package.manifest_path;
    Failure::usage(message).help(format!("declare them in `{path}`, leaving out the others:{}", declaration(tests)))
}

/// The lines for the manifest that name the harnesses.
fn declaration(tests: &[String]) -> String {
    let quoted: Vec<_> = tests.iter().map(|test| format!("\"{test}\"")).collect();
    format!("\n    [package.metadata.omega]\n    tests = [{}]", quoted.join(", "))
}

/// The lines for the manifest that give a test target its own `main`.
fn section(test: &str) -> String {
    format!("\n    [[test]]\n    name = \"{test}\"\n    harness = false")
}

fn test_targets(package: &Package) -> Vec<String> {
    let tests = package.targets.iter().filter(|target| target.kind.contains(&TargetKind::Test));
    tests.map(|target| target.name.clone()).collect()
}

/// The names of all `[[test]]` sections with `harness = false`.
fn without_standard_harness(package: &Package) -> Result<Vec<String>, Failure> {
    let path = &package.manifest_path;
    let text = disk::text(path)?;
    let manifest: toml::Table =
        toml::from_str(&text).map_err(|error| Failure::usage(format!("could not read `{path}`: {error}")))?;
    let sections = manifest.get("test").and_then(toml::Value::as_array).map_or(&[][..], Vec::as_slice);
    let ours = sections.iter().filter(|section| section.get("harness").and_then(toml::Value::as_bool) == Some(false));
    Ok(ours.filter_map(|section| section.get("name")?.as_str().map(str::to_owned)).collect())
}

fn list(names: &[String]) -> String {
    let quoted: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "a table",
    }
}
