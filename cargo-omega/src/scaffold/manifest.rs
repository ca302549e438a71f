//! The edits of manifests: what a harness needs, added where it is missing, and nothing else changed.

use toml_edit::{Array, ArrayOfTables, DocumentMut, InlineTable, Item, Table, value};

use super::{TARGET, table};
use crate::harness_target::LIBRARY;

/// What a run spends its time on beside the target, optimised: else it costs ten times as much. Without debug information, whose
/// making is a third of a first build; a backtrace through these names functions, but no lines.
const PROFILE: [(&str, Option<i64>); 9] = [
    ("omega-lock", None),
    ("clap_builder", None),
    ("libm", Some(3)),
    ("rand_mt", Some(3)),
    ("rand_pcg", Some(3)),
    ("serde_json", Some(3)),
    ("sha2", Some(3)),
    ("similar", None),
    ("toml", None),
];

/// Where the library comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Dependency {
    /// The published one of this version.
    Version(String),
    /// The one in this folder, seen from the package.
    Path(String),
}

/// Where cargo looks for what a test needs.
const DEPENDENCIES: [&str; 2] = ["dependencies", "dev-dependencies"];

/// Where a manifest takes the library from, if it says so as `init` does: by a version or by a folder.
pub(crate) fn library(there: &str) -> Option<Dependency> {
    let document = parsed(there).ok()?;
    let library = DEPENDENCIES.into_iter().find_map(|table| document.get(table)?.get(LIBRARY))?;
    let text = |item: &Item| item.as_str().map(str::to_owned);
    let folder = || library.get("path").and_then(text).map(Dependency::Path);
    text(library).map(Dependency::Version).or_else(folder)
}

/// The manifest of a package with the test target, its mark and, unless it has one of any kind, the dependency; `None` if
/// nothing is missing. A folder takes the place of whatever else the dependency comes from.
///
/// # Errors
/// If the file is no TOML, or something else stands where a table has to be.
pub(crate) fn package_manifest(
    there: &str,
    dependency: &Dependency,
    has_library: bool,
) -> Result<Option<String>, String> {
    let mut document = parsed(there)?;
    if !has_library {
        let dependencies = table(&mut document, &["dev-dependencies"]).ok_or_else(|| no_table("dev-dependencies"))?;
        dependencies.insert(LIBRARY, dependency_item(dependency));
    } else if let Dependency::Path(path) = dependency {
        for dependencies in DEPENDENCIES {
            let dependencies = document.get_mut(dependencies).and_then(Item::as_table_like_mut);
            if let Some(library) = dependencies.and_then(|dependencies| dependencies.get_mut(LIBRARY)) {
                take_from(library, path);
            }
        }
    }
    let tests = document.entry("test").or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
    let tests = tests.as_array_of_tables_mut().ok_or("`test` is no list of `[[test]]` tables")?;
    if !tests.iter().any(|test| test.get("name").and_then(Item::as_str) == Some(TARGET)) {
        let mut test = Table::new();
        test.insert("name", value(TARGET));
        test.insert("harness", value(false));
        tests.push(test);
    }
    let omega = ["package", "metadata", "omega"];
    let omega = table(&mut document, &omega).ok_or_else(|| no_table("package.metadata.omega"))?;
    if omega.get("tests").is_none() {
        let mut names = Array::new();
        names.push(TARGET);
        omega.insert("tests", value(names));
    }
    Ok(changed(there, &document))
}

/// The manifest of the workspace with the dev profile of what the library brings; `None` if nothing is missing.
///
/// # Errors
/// If the file is no TOML, or something else stands where a table has to be.
pub(crate) fn workspace_manifest(there: &str) -> Result<Option<String>, String> {
    let mut document = parsed(there)?;
    let packages = ["profile", "dev", "package"];
    let packages = table(&mut document, &packages).ok_or_else(|| no_table("profile.dev.package"))?;
    for (name, level) in PROFILE {
        if packages.get(name).is_some() {
            continue;
        }
        let mut profile = Table::new();
        profile.set_dotted(true);
        if let Some(level) = level {
            profile.insert("opt-level", value(level));
        }
        profile.insert("debug", value(false));
        packages.insert(name, Item::Table(profile));
    }
    Ok(changed(there, &document))
}

fn parsed(text: &str) -> Result<DocumentMut, String> {
    text.parse().map_err(|error: toml_edit::TomlError| error.to_string())
}

fn no_table(path: &str) -> String {
    format!("`{path}` is no table")
}

fn changed(there: &str, document: &DocumentMut) -> Option<String> {
    let text = document.to_string();
    (text != there).then_some(text)
}

/// Lets a dependency come from this folder. What the workspace says of it stays there.
fn take_from(library: &mut Item, path: &str) {
    if library.is_str() {
        *library = dependency_item(&Dependency::Path(path.to_owned()));
    } else if let Some(table) = library.as_table_like_mut().filter(|table| !table.contains_key("workspace")) {
        if table.get("path").and_then(Item::as_str) == Some(path) {
            return;
        }
        for elsewhere in ["version", "git", "branch", "tag", "rev", "registry"] {
            table.remove(elsewhere);
        }
        table.insert("path", value(path));
    }
}

fn dependency_item(dependency: &Dependency) -> Item {
    match dependency {
        Dependency::Version(version) => value(version),
        Dependency::Path(path) => {
            let mut table = InlineTable::new();
            table.insert("path", path.as_str().into());
            value(table)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ODD: &str =
        "# mine\n[package]\nname='demo'   # odd\n\nedition  = \"2024\"\n\n[dependencies]\n\n[lib]\npath = 'a.rs' \n";

    fn version() -> Dependency {
        Dependency::Version("0.1.0".to_owned())
    }

    #[test]
    fn a_folder_takes_the_place_of_a_version_and_keeps_what_stands_beside_it() {
        let path = Dependency::Path("../omega".to_owned());
        let text = package_manifest(ODD, &version(), false).unwrap().unwrap();
        assert_eq!(library(&text), Some(version()));
        let text = package_manifest(&text, &path, true).unwrap().unwrap();
        assert_eq!(library(&text), Some(path.clone()));
        assert_eq!(package_manifest(&text, &version(), true), Ok(None), "a version is not asked for by its number");
        let own = text.replace("{ path = \"../omega\" }", "{ git = \"https://x\", features = [\"worker\"] }");
        let text = package_manifest(&own, &path, true).unwrap().unwrap();
        let read: toml::Table = toml::from_str(&text).unwrap();
        let expected: toml::Table = toml::from_str("features = [\"worker\"]\npath = \"../omega\"").unwrap();
        assert_eq!(read["dev-dependencies"]["omega-lock"].as_table(), Some(&expected));
        let inherited = own.replace("git = \"https://x\", ", "workspace = true, ");
        assert_eq!(package_manifest(&inherited, &path, true), Ok(None));
    }

    #[test]
    fn every_line_of_a_manifest_stays_where_it_was() {
        let text = package_manifest(ODD, &version(), false).unwrap().unwrap();
        let text = workspace_manifest(&text).unwrap().unwrap();
        let mut rest = text.lines();
        for line in ODD.lines().filter(|line| !line.is_empty()) {
            assert!(rest.any(|other| other == line), "{line} is gone or moved\n{text}");
        }
        let read: toml::Table = toml::from_str(&text).unwrap();
        assert_eq!(read["dev-dependencies"]["omega-lock"].as_str(), Some("0.1.0"));
        assert_eq!(read["test"][0]["harness"].as_bool(), Some(false));
        assert_eq!(read["package"]["metadata"]["omega"]["tests"][0].as_str(), Some("calibration"));
        assert_eq!(read["profile"]["dev"]["package"]["sha2"]["opt-level"].as_integer(), Some(3));
        assert_eq!(read["profile"]["dev"]["package"]["omega-lock"]["debug"].as_bool(), Some(false));
    }

    #[test]
    fn a_manifest_that_has_everything_is_not_touched() {
        let path = Dependency::Path("../omega".to_owned());
        let text = package_manifest(ODD, &path, false).unwrap().unwrap();
        assert!(text.contains("omega-lock = { path = \"../omega\" }"), "{text}");
        assert_eq!(package_manifest(&text, &path, true), Ok(None));
        let text = workspace_manifest(ODD).unwrap().unwrap();
        assert_eq!(workspace_manifest(&text), Ok(None));
        let own = "[profile.dev.package.sha2]\nopt-level = 1\n";
        let text = workspace_manifest(own).unwrap().unwrap();
        let read: toml::Table = toml::from_str(&text).unwrap();
        let level = |name: &str| read["profile"]["dev"]["package"][name]["opt-level"].as_integer();
        assert_eq!((level("sha2"), level("libm")), (Some(1), Some(3)));
    }

    #[test]
    fn something_else_in_the_place_of_a_table_is_named() {
        assert_eq!(
            package_manifest("test = 1", &version(), true),
            Err("`test` is no list of `[[test]]` tables".to_owned())
        );
        assert_eq!(workspace_manifest("profile.dev = 1"), Err("`profile.dev.package` is no table".to_owned()));
        assert!(package_manifest("[package", &version(), true).is_err());
    }
}
