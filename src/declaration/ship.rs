//! Where the accepted parameters of a calibration go: a file that production uses.

use std::collections::HashMap;

use crate::objective::{ParamSpace, spelling};

words! {
    /// The language of a file that has accepted parameters.
    pub enum ShipFormat {
        /// A module of constants.
        Rust = "rust",
        /// A module of names.
        Python = "python",
        /// An object with `params`.
        Json = "json",
        /// A document with a table `params`.
        Toml = "toml",
    }
}

/// What omega.toml says of it, as `ship = { file = "src/tuned.rs" }`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ship {
    /// The file, relative to the root of the workspace, with `/`.
    pub file: String,
    /// Its language, where the end of its name does not say it.
    pub format: Option<ShipFormat>,
    /// Parameters that are called otherwise in the file, with that name.
    pub names: Vec<(String, String)>,
    /// Parameters and where their values stand in a file that people write, as `amp.gain`; such a file is never written.
    pub keys: Vec<(String, String)>,
}

/// What a written file says of its review under these names.
pub const REVIEW: [&str; 3] = ["CALIBRATION", "DECLARATION", "TRAIL"];

/// Files of this name decide how a project is built, so none is made.
const BUILD_FILES: [&str; 23] = [
    "__main__.py",
    "build.rs",
    "cargo.lock",
    "cargo.toml",
    "clippy.toml",
    "composer.json",
    "conftest.py",
    "cross.toml",
    "deny.toml",
    "lib.rs",
    "main.rs",
    "netlify.toml",
    "package-lock.json",
    "package.json",
    "pyproject.toml",
    "ruff.toml",
    "rust-toolchain.toml",
    "rustfmt.toml",
    "setup.py",
    "sitecustomize.py",
    "tsconfig.json",
    "usercustomize.py",
    "uv.toml",
];

const RUST: [&str; 53] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn", "else",
    "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod",
    "move", "mut", "override", "priv", "pub", "ref", "return", "self", "Self", "static", "struct", "super", "trait",
    "true", "try", "type", "typeof", "union", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

const PYTHON: [&str; 39] = [
    "False",
    "None",
    "True",
    "__debug__",
    "and",
    "as",
    "assert",
    "async",
    "await",
    "break",
    "case",
    "class",
    "continue",
    "def",
    "del",
    "elif",
    "else",
    "except",
    "finally",
    "for",
    "from",
    "global",
    "if",
    "import",
    "in",
    "is",
    "lambda",
    "match",
    "nonlocal",
    "not",
    "or",
    "pass",
    "raise",
    "return",
    "try",
    "type",
    "while",
    "with",
    "yield",
];

impl Ship {
    /// The language: what is said, or what the end of the name says.
    pub fn format(&self) -> Option<ShipFormat> {
        self.format.or(self.format_by_name())
    }

    fn format_by_name(&self) -> Option<ShipFormat> {
        match self.file.rsplit_once('.').map(|(_, end)| end) {
            Some("rs") => Some(ShipFormat::Rust),
            Some("py") => Some(ShipFormat::Python),
            Some("json") => Some(ShipFormat::Json),
            Some("toml") => Some(ShipFormat::Toml),
            _ => None,
        }
    }

    /// Whether people write the file, and only values are compared.
    pub fn is_by_hand(&self) -> bool {
        !self.keys.is_empty()
    }

    /// What is expected of the file where this one cannot be it; `gold_dir` is the folder of gold.
    pub fn expected_file(&self, gold_dir: &str) -> Option<String> {
        let lower = self.file.to_lowercase();
        let parts: Vec<&str> = lower.split('/').collect();
        let usable = |part: &&str| {
            !part.is_empty() && !part.starts_with('.') && !part.ends_with(['.', ' ']) && !part.contains(['\\', ':'])
        };
        if !parts.iter().all(usable) || self.file.chars().any(char::is_control) {
            return Some("a file of the workspace, relative to its root, with `/` and no hidden folder".to_owned());
        }
        let (first, last) = (parts.first().copied().unwrap_or_default(), parts.last().copied().unwrap_or_default());
        let in_gold = lower.starts_with(&format!("{}/", gold_dir.to_lowercase()));
        if parts.iter().any(|part| super::name::is_device(part.split('.').next().unwrap_or_default())) {
            return Some("a file without a name that is a device on Windows".to_owned());
        }
        if first == "target" || first.starts_with("omega.") || last.starts_with("omega.") || in_gold {
            return Some("a file outside of `target`, of the folder of gold and of what omega-lock keeps".to_owned());
        }
        if !self.is_by_hand() && BUILD_FILES.contains(&last) {
            return Some("a file of its own, not one that decides how the project is built".to_owned());
        }
        match (self.format_by_name(), self.format) {
            (None, _) => Some("a name that ends in .rs, .py, .json or .toml".to_owned()),
            (Some(named), Some(said)) if named != said => {
                Some(format!("a name that ends as a file of {} does", said.name()))
            }
            (Some(ShipFormat::Rust | ShipFormat::Python), _) if self.is_by_hand() => {
                Some("a file in JSON or TOML, for `ship.keys` are looked up in no other".to_owned())
            }
            _ if self.is_by_hand() && !self.names.is_empty() => {
                Some("`ship.names` or `ship.keys`, not both: keys say where each value is".to_owned())
            }
            // What is looked up between two points has a name.
            _ if self.keys.iter().any(|(_, key)| key.split('.').any(str::is_empty)) => {
                Some("`ship.keys` with names between their points, as `amp.gain`".to_owned())
            }
            _ => None,
        }
    }

    /// What each of these parameters is called in the file, in their order.
    ///
    /// # Errors
    /// If a name is none in the language, is taken, or is said of no parameter; the text names it and what to say instead.
    pub fn names_of<'p>(&self, params: impl IntoIterator<Item = &'p str>) -> Result<Vec<String>, String> {
        let params: Vec<&str> = params.into_iter().collect();
        let (upper, keywords): (bool, &[&str]) = match self.format() {
            Some(ShipFormat::Rust) => (true, &RUST),
            Some(ShipFormat::Python) => (true, &PYTHON),
            _ => (false, &[]),
        };
        let said: HashMap<&str, &str> =
            self.names.iter().map(|(param, name)| (param.as_str(), name.as_str())).collect();
        let mut taken: HashMap<String, &str> = HashMap::new();
        let mut names: Vec<String> = Vec::new();
        for param in &params {
            let own = || if upper { param.to_ascii_uppercase() } else { (*param).to_owned() };
            let name = said.get(param).map_or_else(own, |name| (*name).to_owned());
            let shown = name.escape_debug();
            let shown_param = param.escape_debug();
            let say = format!("say another: `ship.names = {{ \"{shown_param}\" = \"..\" }}`");
            if upper && (!is_identifier(&name) || keywords.contains(&name.as_str())) {
                let language = self.format().map_or("", ShipFormat::name);
                return Err(format!(
                    "parameter `{shown_param}` would be called `{shown}`, which names no constant of {language}; {say}"
                ));
            }
            if upper && REVIEW.contains(&name.as_str()) {
                return Err(format!(
                    "parameter `{shown_param}` would be called `{shown}`, which says something of the review; {say}"
                ));
            }
            if let Some(other) = taken.insert(name.clone(), param) {
                let other = other.escape_debug();
                return Err(format!("parameters `{other}` and `{shown_param}` would both be called `{shown}`; {say}"));
            }
            names.push(name);
        }
        Ok(names)
    }

    /// Whether the parameters of a space can be shipped like this.
    ///
    /// # Errors
    /// If something is said of no parameter, or one cannot be called as it would be.
    pub(super) fn check(&self, space: &ParamSpace) -> Result<(), String> {
        let known = || space.specs().iter().map(|spec| spec.name.as_str());
        for (what, list) in [("names", &self.names), ("keys", &self.keys)] {
            for (param, _) in list {
                if known().any(|name| name == *param) {
                    continue;
                }
                let near = spelling::nearest(param, known());
                let help = near.map_or_else(String::new, |near| format!("; the nearest is `{}`", near.escape_debug()));
                return Err(format!("`ship.{what}` names `{}`, which is no parameter{help}", param.escape_debug()));
            }
        }
        if self.is_by_hand() { Ok(()) } else { self.names_of(known()).map(drop) }
    }
}

/// In every language that has constants; names with two underscores in front mean something of their own in one of them.
fn is_identifier(name: &str) -> bool {
    let mut characters = name.chars();
    characters.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && characters.all(|c| c.is_ascii_alphanumeric() || c == '_')
        && name != "_"
        && !name.starts_with("__")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn to(file: &str) -> Ship {
        Ship { file: file.to_owned(), ..Ship::default() }
    }

    #[test]
    fn a_file_outside_of_the_workspace_or_of_what_people_write_is_refused() {
        for file in ["src/tuned.rs", "a b/größe.py", "config.toml", "x/y/z.json"] {
            assert_eq!(to(file).expected_file("fixtures/gold"), None, "{file}");
        }
        for file in [
            "",
            "/etc/tuned.rs",
            "../tuned.rs",
            "src/../../tuned.rs",
            "./tuned.rs",
            "src//tuned.rs",
            "c:/tuned.rs",
            "src\\tuned.rs",
            ".git/hooks/x.py",
            "a/.git/x.json",
            ".cargo/config.toml",
            ".GIT/x.rs",
            "target/x.rs",
            "TARGET/x.rs",
            "omega.toml",
            "Omega.Lock.json",
            "omega.ledger.json",
            "fixtures/gold/amp.json",
            "Fixtures/Gold/amp.json",
            "Cargo.toml",
            "sub/build.rs",
            "pyproject.toml",
            "rust-toolchain.toml",
            "a/setup.py",
            "crates/a/omega.toml",
            "con/tuned.rs",
            "com1.rs",
            "src/tuned.rs ",
            "src/tuned.",
            "a\nb.rs",
            "tuned",
            "tuned.c",
            "src/",
        ] {
            assert!(to(file).expected_file("fixtures/gold").is_some(), "{file}");
        }
        for format in ShipFormat::ALL {
            let said = |file: &str| Ship { format: Some(format), ..to(file) }.expected_file("gold");
            assert!(said("Makefile").is_some() && said("tuned.c").is_some(), "{format}");
            assert_eq!(said("tuned.rs").is_none(), format == ShipFormat::Rust, "{format}");
        }
        let keys = vec![("gain".to_owned(), "amp.gain".to_owned())];
        assert_eq!(Ship { keys: keys.clone(), ..to("Cargo.toml") }.expected_file("gold"), None, "only read");
        assert!(Ship { keys, ..to("src/tuned.rs") }.expected_file("gold").is_some());
    }

    #[test]
    fn a_name_that_is_none_or_is_taken_is_refused_and_can_be_said() {
        let refused = |ship: &Ship, params: &[&str]| ship.names_of(params.iter().copied()).unwrap_err();
        let rust = to("tuned.rs");
        assert_eq!(rust.names_of(["gain", "lr_max"]).unwrap(), ["GAIN", "LR_MAX"]);
        assert_eq!(
            refused(&rust, &["lr-max"]),
            "parameter `lr-max` would be called `LR-MAX`, which names no constant of rust; say another: \
             `ship.names = { \"lr-max\" = \"..\" }`"
        );
        assert!(
            refused(&rust, &["gain", "Gain"]).starts_with("parameters `gain` and `Gain` would both be called `GAIN`")
        );
        for param in ["trail", "größe", "", "2x", "__all__", "a b", "_"] {
            assert!(refused(&rust, &[param]).contains("ship.names"), "{param}");
        }
        let said = |file: &str, name: &str| Ship { names: vec![("x".to_owned(), name.to_owned())], ..to(file) };
        assert_eq!(said("a.rs", "LR_MAX").names_of(["x"]).unwrap(), ["LR_MAX"]);
        assert!(refused(&said("a.rs", "fn"), &["x"]).contains("`fn`"));
        assert!(refused(&said("a.py", "lambda"), &["x"]).contains("`lambda`"));
        assert!(refused(&said("a.py", "GAIN"), &["gain", "x"]).contains("both"));
        assert_eq!(to("a.json").names_of(["lr-max", "", "größe"]).unwrap(), ["lr-max", "", "größe"]);
        let space = ParamSpace::new().float("gain", 0.0..=1.0, 0.5);
        let unknown = Ship { names: vec![("gian".to_owned(), "G".to_owned())], ..to("a.rs") };
        assert_eq!(
            unknown.check(&space).unwrap_err(),
            "`ship.names` names `gian`, which is no parameter; the nearest is `gain`"
        );
    }
}
