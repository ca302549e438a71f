//! omega.toml: the declaration that is reviewed like code.

use camino::Utf8Path;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::{FILE_NAME, line_of};
use super::reader::{Reader, name_of};
use super::{Acceptance, Declaration, DeclarationError, Settings, check_name, conflict};
use crate::objective::ParamSpace;
use crate::pipeline::{Profile, RunConfig};
use crate::regular_file::{LARGEST_COMMITTED, read_named_text};

/// omega.toml as written: what each calibration's table says.
#[derive(Debug, Clone, Default)]
pub struct DeclarationFile {
    gold_dir: Option<String>,
    defaults: Option<Settings>,
    calibrations: Vec<(String, Settings)>,
}

impl DeclarationFile {
    /// The name of the file.
    pub const NAME: &str = FILE_NAME;

    /// Reads omega.toml at `root`; without the file nothing is declared in it.
    ///
    /// # Errors
    /// If the file cannot be read or is wrong.
    pub fn load(root: &Utf8Path) -> Result<Self, DeclarationError> {
        let path = root.join(FILE_NAME);
        match read(&path)? {
            Some(text) => Self::parse(&text).map_err(|error| error.in_file(&path)),
            None => Ok(Self::default()),
        }
    }

    /// Looks for a file that somebody takes for the omega.toml of the workspace at `root` and nobody reads: one that is
    /// spelt otherwise, or lies in the folder of a member or between it and the root.
    ///
    /// # Errors
    /// If there is one.
    pub fn nothing_misplaced(root: &Utf8Path, member: &Utf8Path) -> Result<(), DeclarationError> {
        let between = member.ancestors().take_while(|folder| folder.starts_with(root));
        let folders = between.chain(Some(member).filter(|member| !member.starts_with(root)));
        for folder in folders {
            // What cannot be read has no file that anybody could take for ours.
            let names = folder.read_dir_utf8().into_iter().flatten().flatten();
            let mut names = names.map(|entry| entry.file_name().to_owned());
            let read = |name: &str| name == FILE_NAME && folder == root;
            if let Some(name) = names.find(|name| name.eq_ignore_ascii_case(FILE_NAME) && !read(name)) {
                let message = format!("nobody reads this file: the declaration is `{}`", root.join(FILE_NAME));
                let help = Some(format!("move what it says there, below `[calibration.NAME]`, and delete `{name}`"));
                return Err(DeclarationError::new(None, message, help).in_file(&folder.join(&name)));
            }
        }
        Ok(())
    }

    /// Reads the text of an omega.toml.
    ///
    /// # Errors
    /// If it is no TOML, a key is unknown, or a value is of the wrong type or out of its domain.
    pub fn parse(text: &str) -> Result<Self, DeclarationError> {
        let document = DeTable::parse(text).map_err(|error| match conflict(text) {
            Some((line, problem)) => DeclarationError::new(Some(line), problem, None),
            None => {
                let line = error.span().map(|span| line_of(text, span.start));
                DeclarationError::new(line, error.message().to_owned(), None)
            }
        })?;
        let (reader, mut file) = (Reader::new(text), Self::default());
        for (key, value) in document.get_ref() {
            let path = name_of(key);
            let table = || match value.get_ref() {
                DeValue::Table(table) => Ok(table),
                _ => Err(reader.wrong(value, path, "a table")),
            };
            match path {
                "gold_dir" => file.gold_dir = Some(folder(reader, path, value)?),
                "defaults" => file.defaults = Some(reader.defaults(path, table()?)?),
                "calibration" => {
                    for (name, value) in table()? {
                        let (name, line) = (name_of(name), line_of(text, name.span().start));
                        let path = format!("{path}.{name}");
                        let DeValue::Table(table) = value.get_ref() else {
                            return Err(reader.wrong(value, &path, "a table"));
                        };
                        check_name("calibration", name)
                            .map_err(|error| DeclarationError::new(Some(line), error.to_string(), None))?;
                        file.calibrations.push((name.to_owned(), reader.calibration(&path, table)?));
                    }
                }
                _ => return Err(reader.unknown(key, path, ["gold_dir", "defaults", "calibration"].into_iter())),
            }
        }
        file.ships_apart()?;
        Ok(file)
    }

    /// One file has the parameters of one calibration: the next would always be refused as another's.
    fn ships_apart(&self) -> Result<(), DeclarationError> {
        let written = self.calibrations.iter().filter_map(|(name, _)| {
            let ship = self.acceptance(name, Profile::Reference).ship.filter(|ship| !ship.is_by_hand())?;
            // One file on a disk that knows no capitals.
            Some((ship.file.to_lowercase(), name, ship.file))
        });
        let mut taken = std::collections::HashMap::new();
        for (key, name, file) in written {
            if let Some(other) = taken.insert(key, name) {
                let message = format!("calibrations `{other}` and `{name}` both ship to \"{}\"", file.escape_debug());
                let help = Some("name a file for each as `ship.file`".to_owned());
                return Err(DeclarationError::new(None, message, help));
            }
        }
        Ok(())
    }

    /// The folder of gold files that the file names, relative to the root of the workspace.
    pub fn gold_dir(&self) -> Option<&str> {
        self.gold_dir.as_deref()
    }

    /// What a calibration is held against, as far as profile and file say.
    pub fn acceptance(&self, calibration: &str, profile: Profile) -> Acceptance {
        let mut declaration = Declaration::new(calibration, RunConfig::of(profile), ParamSpace::new());
        self.apply(&mut declaration);
        declaration.acceptance
    }

    /// Puts what the file says over a declaration of the code: its defaults, then what it says of that calibration. What
    /// it is held against begins with what the profile asks for; the baseline needs the space and is left out.
    pub fn apply(&self, declaration: &mut Declaration) {
        declaration.acceptance = Acceptance::of_profile(declaration.config.profile);
        if let Some(folder) = self.gold_dir() {
            folder.clone_into(&mut declaration.acceptance.gold_dir);
        }
        let layers: Vec<&Settings> = self.defaults().into_iter().chain(self.settings(&declaration.name)).collect();
        for deciding in [true, false] {
            layers.iter().for_each(|settings| settings.put(declaration, deciding));
        }
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
    let wrong = |kind| DeclarationError::new(None, format!("the file {kind}"), None).in_file(path);
    read_named_text(path, LARGEST_COMMITTED).map_err(wrong)
}

fn folder(reader: Reader<'_>, path: &str, value: &Spanned<DeValue<'_>>) -> Result<String, DeclarationError> {
    let folder = value.get_ref().as_str().ok_or_else(|| reader.wrong(value, path, "a text"))?;
    if is_inside(folder) {
        return Ok(folder.to_owned());
    }
    let problem = format!("is \"{}\", expected a folder of the workspace, with `/`", folder.escape_debug());
    Err(reader.error(value, path, &problem, None))
}

/// Whether a folder lies below the one it is relative to, and is spelt the same on every platform.
fn is_inside(folder: &str) -> bool {
    let usable = |part: &str| !part.is_empty() && part != "." && part != ".." && !part.contains(['\\', ':']);
    folder.split('/').all(usable) && !folder.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gates::Decides;
    use crate::pipeline::{RunConfig, SearchMethod};

    fn refused(text: &str) -> String {
        DeclarationFile::parse(text).map_or_else(|error| error.to_string(), |_| "accepted".to_owned())
    }

    fn resolved(file: &DeclarationFile, config: RunConfig) -> RunConfig {
        let mut declaration = Declaration::new("a", config, ParamSpace::new());
        file.apply(&mut declaration);
        declaration.config
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
            resolved(&file, RunConfig::default()).search
        };
        let tpe = |trials, seed| SearchMethod::tpe(trials, seed);
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
        let mut expected = RunConfig::default();
        expected.strict.seed = 7;
        expected.strict.correlation = Decides::Required;
        expected.strict.min_distinct = 4;
        expected.strict.min_improvement = 0.5;
        expected.strict.max_drop = Some(2.0);
        let transfer = &mut expected.strict.transfer;
        (transfer.alpha, transfer.rank_points, transfer.lead_top) = (0.01, 40, 12);
        (transfer.lead_draws, transfer.permutations) = (25, 999);
        (expected.strict.null.runs, expected.strict.null.alpha) = (99, 0.01);
        expected.strict.noise = 1e-9;
        assert_eq!(resolved(&file, RunConfig::default()), expected);
    }

    #[test]
    fn defaults_hold_for_every_calibration_and_its_own_table_goes_over_them() {
        let text = "gold_dir = \"accepted\"\n[defaults]\ngates = { pearson_min = 0.5, gini_min = 0.1 }\n\
                    [calibration.a.gates]\ngini_min = 0.4\n";
        let file = DeclarationFile::parse(text).unwrap();
        let config = resolved(&file, RunConfig::default());
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
            "`omega.toml` line 3: `calibration.a.tolerance.metadata.b.absolute` does not apply to exact true"
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

    #[test]
    fn a_key_that_does_not_apply_to_what_is_declared_is_named_with_what_it_does_not_apply_to() {
        let foreign = |line: &str, config: RunConfig| {
            let file = DeclarationFile::parse(&format!("[calibration.a]\n{line}\n")).unwrap();
            let mut declaration = Declaration::new("a", config, ParamSpace::new());
            file.apply(&mut declaration);
            let found = file.settings("a").unwrap().inapplicable(&declaration);
            found.map_or_else(|| "accepted".to_owned(), |(field, what, _)| format!("{field}: {what}"))
        };
        let own = || RunConfig { search: SearchMethod::Own { name: "swarm".to_owned() }, ..RunConfig::default() };
        assert_eq!(foreign("gates.seed = 7", RunConfig::default()), "accepted");
        assert_eq!(foreign("gates.seed = 7", RunConfig::reference()), "gates.seed: profile \"reference\"");
        assert_eq!(foreign("iterative.rounds = 2", RunConfig::default()), "iterative.rounds: pipeline \"p1\"");
        assert_eq!(
            foreign("search.zoom_rounds = 2", RunConfig::default()),
            "search.zoom_rounds: method \"grid\"",
            "the code searches a grid"
        );
        assert_eq!(foreign("search.samples = 2", own()), "search.samples: the optimizer that the code brings along");
        assert_eq!(foreign("search = { method = \"random\", samples = 2 }", own()), "accepted");
    }

    #[test]
    fn a_default_holds_where_it_applies_and_never_over_what_a_calibration_says() {
        let text = "[defaults]\nprofile = \"reference\"\nsearch.samples = 9\ngates = { seed = 7, trade_count_min = 5 }\n\
                    [calibration.a]\nprofile = \"strict\"\nsearch.method = \"random\"\n\
                    gates.preset = \"pure_objective\"\n";
        let config = resolved(&DeclarationFile::parse(text).unwrap(), RunConfig::default());
        assert_eq!(config.search, SearchMethod::Random { samples: 9, seed: 42 });
        assert_eq!((config.strict.seed, config.thresholds.samples_min), (7, None));
        let other = text.replace("\"random\"", "\"grid\"");
        assert_eq!(
            resolved(&DeclarationFile::parse(&other).unwrap(), RunConfig::default()).search,
            SearchMethod::Grid { points_per_axis: 5 }
        );
    }
}
