//! omega.toml: the declaration that is reviewed like code.

use camino::{Utf8Path, Utf8PathBuf};
use toml::de::DeTable;

use super::error::{FILE_NAME, line_of};
use super::keys::Keys;
use super::{Acceptance, DeclarationError, Settings};
use crate::pipeline::Profile;

/// omega.toml as written: what each calibration's table says.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DeclarationFile {
    path: Option<Utf8PathBuf>,
    gold_dir: Option<String>,
    defaults: Option<Settings>,
    calibrations: Vec<(String, Settings)>,
}

impl DeclarationFile {
    /// Reads omega.toml at `root`; without the file nothing is declared in it.
    ///
    /// # Errors
    /// If the file cannot be read or is wrong.
    pub fn load(root: &Utf8Path) -> Result<Self, DeclarationError> {
        let path = root.join(FILE_NAME);
        match read(&path)? {
            Some(text) => Self::parse(&text)
                .map(|file| Self { path: Some(path.clone()), ..file })
                .map_err(|error| error.in_file(&path)),
            None => Ok(Self::default()),
        }
    }

    /// Reads the text of an omega.toml.
    ///
    /// # Errors
    /// If it is no TOML, a key is unknown, or a value is of the wrong type or out of its domain.
    pub fn parse(text: &str) -> Result<Self, DeclarationError> {
        let document = DeTable::parse(text).map_err(|error| {
            let line = error.span().map(|span| line_of(text, span.start));
            DeclarationError::new(line, error.message().to_owned(), None)
        })?;
        let mut top = Keys::new(text, String::new(), document.get_ref());
        let gold_dir = top.text("gold_dir")?;
        if let Some(folder) = gold_dir.as_ref().filter(|folder| !is_inside(folder)) {
            let problem = format!("is \"{}\", expected a folder of the workspace, with `/`", folder.escape_debug());
            return Err(top.error("gold_dir", problem, None));
        }
        let defaults = top.table("defaults")?.map(Settings::read_defaults).transpose()?;
        let mut calibrations = Vec::new();
        if let Some(table) = top.table("calibration")? {
            for (name, keys) in table.entries()? {
                super::check_name("calibration", &name)
                    .map_err(|error| DeclarationError::new(Some(keys.line()), error.to_string(), None))?;
                calibrations.push((name, Settings::read(keys)?));
            }
        }
        top.finish()?;
        Ok(Self { path: None, gold_dir, defaults, calibrations })
    }

    /// Where the file lies; absent if there is none.
    pub fn path(&self) -> Option<&Utf8Path> {
        self.path.as_deref()
    }

    /// The folder of gold files that the file names, relative to the root of the workspace.
    pub fn gold_dir(&self) -> Option<&str> {
        self.gold_dir.as_deref()
    }

    /// What a calibration is held against, as far as profile and file say.
    pub fn acceptance(&self, calibration: &str, profile: Profile) -> Acceptance {
        let mut acceptance = Acceptance::of_profile(profile);
        if let Some(folder) = self.gold_dir() {
            folder.clone_into(&mut acceptance.gold_dir);
        }
        for settings in [self.defaults(), self.settings(calibration)].into_iter().flatten() {
            settings.apply_acceptance(&mut acceptance);
        }
        acceptance
    }

    /// What the file says of every calibration, below what it says of each.
    pub fn defaults(&self) -> Option<&Settings> {
        self.defaults.as_ref()
    }

    /// What the file says of a calibration.
    pub fn settings(&self, calibration: &str) -> Option<&Settings> {
        self.calibrations.iter().find(|(name, _)| name == calibration).map(|(_, settings)| settings)
    }

    /// The calibrations that have a table.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.calibrations.iter().map(|(name, _)| name.as_str())
    }
}

/// The text of a file; `None` if it is not there.
pub(super) fn read(path: &Utf8Path) -> Result<Option<String>, DeclarationError> {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads omega.toml and omega.lock")]
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => {
            Err(DeclarationError::new(None, format!("the file could not be read: {error}"), None).in_file(path))
        }
    }
}

/// Whether a folder lies below the one it is relative to, and is spelt the same on every platform.
fn is_inside(folder: &str) -> bool {
    let usable = |part: &str| !part.is_empty() && part != "." && part != ".." && !part.contains(['\\', ':']);
    folder.split('/').all(usable) && !folder.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gates::{CorrelationRole, NullRule, StrictRules, TransferRule};
    use crate::pipeline::{RunConfig, SearchMethod};

    fn refused(text: &str) -> String {
        DeclarationFile::parse(text).map_or_else(|error| error.to_string(), |_| "accepted".to_owned())
    }

    #[test]
    fn a_misspelt_key_is_refused_with_its_line_and_the_nearest_right_key() {
        assert_eq!(
            refused("[calibration.sram]\nprofile = \"reference\"\n[calibration.sram.gates]\npearson_mim = 0.3\n"),
            "`omega.toml` line 4: unknown key `calibration.sram.gates.pearson_mim`\nhelp: the nearest key is `pearson_min`"
        );
        assert_eq!(
            refused("[calibraton.sram]\n"),
            "`omega.toml` line 1: unknown key `calibraton`\nhelp: the nearest key is `calibration`"
        );
    }

    #[test]
    fn non_finite_thresholds_wrong_types_and_wrong_words_are_refused() {
        let with = |line: &str| refused(&format!("[calibration.a]\n{line}\n"));
        assert_eq!(
            with("gates = { pearson_min = nan }"),
            "`omega.toml` line 2: `calibration.a.gates.pearson_min` is nan, expected a finite number"
        );
        assert_eq!(
            with("gates = { trade_ratio_min = inf }"),
            "`omega.toml` line 2: `calibration.a.gates.trade_ratio_min` is inf, expected a finite number or \"off\""
        );
        assert_eq!(
            with("search = { unlock_k = 2.5 }"),
            "`omega.toml` line 2: `calibration.a.search.unlock_k` is a float, expected a whole number that is not negative"
        );
        assert_eq!(
            with("constraint_policy = \"hardfail\""),
            "`omega.toml` line 2: `calibration.a.constraint_policy` is \"hardfail\", expected one of \"record\", \
             \"prefer_feasible\", \"hard_fail\"\nhelp: the nearest is \"hard_fail\""
        );
        assert!(with("profile = ").starts_with("`omega.toml` line 2: "), "{}", with("profile = "));
    }

    #[test]
    fn a_tpe_search_is_declared_with_its_trials_and_its_seed() {
        let declared = |line: &str| {
            let file = DeclarationFile::parse(&format!("[calibration.a]\n{line}\n")).unwrap();
            let mut config = RunConfig::default();
            file.settings("a").unwrap().apply(&mut config);
            config.search
        };
        let tpe = |trials, seed| SearchMethod::Tpe { trials, seed };
        assert_eq!(declared("search = { method = \"tpe\" }"), tpe(125, 42));
        assert_eq!(declared("search = { method = \"tpe\", trials = 60, seed = 7 }"), tpe(60, 7));
    }

    #[test]
    fn every_key_of_the_strict_gates_goes_over_its_default() {
        let text = "[calibration.a.gates]\nseed = 7\npearson = \"required\"\nsearched = { min_distinct = 4 }\n\
                    improvement = { min = 0.5 }\nselected = { max_drop = 2 }\nnull = { runs = 99, alpha = 0.01 }\n\
                    transfer = { alpha = 0.01, rank_points = 40, lead_top = 12, lead_draws = 25, permutations = 999 }\n\
                    deterministic = { noise = 1e-9 }\n";
        let file = DeclarationFile::parse(text).unwrap();
        let settings = file.settings("a").unwrap();
        let mut config = RunConfig::default();
        assert_eq!(config.strict, StrictRules::default());
        settings.apply(&mut config);
        let expected = StrictRules {
            seed: 7,
            correlation: CorrelationRole::Required,
            min_distinct: 4,
            min_improvement: 0.5,
            max_drop: Some(2.0),
            transfer: TransferRule { alpha: 0.01, rank_points: 40, lead_top: 12, lead_draws: 25, permutations: 999 },
            null: NullRule { runs: 99, alpha: 0.01 },
            noise: 1e-9,
        };
        assert_eq!(config.strict, expected);
        assert_eq!(settings.strict_only(), Some("seed"));
        let plain = DeclarationFile::parse("[calibration.a]\ngates = { pearson_min = 0.2 }\n").unwrap();
        assert_eq!(plain.settings("a").unwrap().strict_only(), None);
    }

    #[test]
    fn defaults_hold_for_every_calibration_and_its_own_table_goes_over_them() {
        let text = "gold_dir = \"accepted\"\n[defaults]\ngates = { pearson_min = 0.5, gini_min = 0.1 }\n\
                    [calibration.a.gates]\ngini_min = 0.4\n";
        let file = DeclarationFile::parse(text).unwrap();
        let mut config = RunConfig::default();
        for settings in [file.defaults(), file.settings("a")].into_iter().flatten() {
            settings.apply(&mut config);
        }
        assert_eq!((config.thresholds.pearson_min, config.thresholds.gini_min), (0.5, 0.4));
        assert_eq!(file.gold_dir(), Some("accepted"));
        assert_eq!(
            refused("[defaults]\nbase = { x = 1 }\n"),
            "`omega.toml` line 2: `defaults.base` names parameters or metrics of one calibration; declare it there"
        );
        for folder in ["..", "/gold", "a//b", "c:/gold", "a\\\\b", ""] {
            let shown = refused(&format!("gold_dir = \"{folder}\"\n"));
            assert!(shown.contains("expected a folder of the workspace"), "{folder}: {shown}");
        }
    }

    #[test]
    fn a_tolerance_says_how_far_a_metric_may_move_and_nothing_that_contradicts_itself() {
        let with = |lines: &str| refused(&format!("[calibration.a.tolerance.\"metadata.b\"]\n{lines}\n"));
        assert_eq!(with("relative = 1e-3\nbetter = \"lower\""), "accepted");
        assert_eq!(
            with("absolute = -1"),
            "`omega.toml` line 2: `calibration.a.tolerance.metadata.b.absolute` is -1, expected a number from 0"
        );
        assert_eq!(
            with("exact = true\nabsolute = 1"),
            "`omega.toml` line 3: `calibration.a.tolerance.metadata.b.absolute` means nothing beside `exact = true`"
        );
        assert!(with("abolute = 1").ends_with("help: the nearest key is `absolute`"));
    }

    #[test]
    fn a_search_method_refuses_the_keys_of_another() {
        assert_eq!(
            refused("[calibration.a]\nsearch = { method = \"grid\", samples = 10 }\n"),
            "`omega.toml` line 2: `calibration.a.search.samples` does not apply to method \"grid\""
        );
        assert_eq!(
            refused("[calibration.a]\nsearch = { method = \"tpe\", samples = 10 }\n"),
            "`omega.toml` line 2: `calibration.a.search.samples` does not apply to method \"tpe\""
        );
    }
}
