//! The gold of this workspace: where it lies, who accepts it, what it looks like beside a new result.

use camino::Utf8PathBuf;
use omega_lock::Profile;
use omega_lock::internals::artifacts::{ExitCode, GoldDocument};
use omega_lock::internals::declaration::DeclarationFile;
use omega_lock::internals::gold::{Comparison, GoldError, GoldStore, Signature, compare};
use omega_lock::internals::report::{escaped_line, gold_table};

use crate::failure::Failure;
use crate::git;
use crate::project::Project;
use crate::shipping;
use crate::stopwatch;
use crate::ui::{Role, Ui, verb};
use crate::winner;

/// Gold and pending results, with the tolerances that omega.toml declares.
pub(crate) struct Gold {
    pub(crate) file: DeclarationFile,
    pub(crate) store: GoldStore,
    /// Where the runs are of which results wait.
    omega: Utf8PathBuf,
    signature: Signature,
    pub(crate) root: Utf8PathBuf,
}

impl Gold {
    pub(crate) fn of(project: &Project) -> Result<Self, Failure> {
        let root = project.workspace_root();
        let file = DeclarationFile::load(root).map_err(|error| Failure::usage(error.to_string()))?;
        // Folder and tolerances are the file's alone, whatever the profile.
        let folder = file.acceptance("", Profile::Reference).gold_dir;
        let store = GoldStore::new(root, &folder, &project.omega_directory());
        let (who, commit) =
            (git::line(root, &["config", "user.name"]), git::line(root, &["rev-parse", "--verify", "HEAD"]));
        let omega = project.omega_directory();
        let signature = Signature::new(stopwatch::now(), who, commit);
        Ok(Self { file, store, omega, signature, root: root.to_owned() })
    }

    /// A result beside gold; `None` if there is no gold.
    pub(crate) fn compared(&self, new: &GoldDocument) -> Result<Option<(GoldDocument, Comparison)>, Failure> {
        let name = &new.calibration;
        let Some(gold) = self.store.gold(name).map_err(failure)? else { return Ok(None) };
        let comparison = compare(&gold, new, &self.file.acceptance(name, Profile::Reference));
        Ok(Some((gold, comparison)))
    }

    /// What a result changes, as lines.
    pub(crate) fn changes(&self, new: &GoldDocument) -> Result<String, Failure> {
        let lines = match self.compared(new)? {
            Some((_, comparison)) => gold_table(&comparison),
            None => vec![format!("  first gold: {} metrics, verdict {}", new.metrics.len(), new.verdict)],
        };
        let told = winner::of_pending(new, &self.omega, 12).into_iter();
        let selected = told.map(|(word, line)| format!("  {:<9} {line}\n", word.to_lowercase()));
        Ok(selected.chain(lines.iter().map(|line| escaped_line(line) + "\n")).collect())
    }

    /// Makes a result the accepted one, and says so; what is shipped of it follows, if that `ships`.
    pub(crate) fn accept(&self, new: &GoldDocument, reason: &str, ships: bool, ui: &mut Ui) -> Result<(), Failure> {
        if ships {
            shipping::possible(self, new)?;
        }
        self.store.accept(new, reason, &self.signature).map_err(failure)?;
        let path = self.store.shown(&new.calibration);
        let history = path.replace(&format!("{}.json", new.calibration), "HISTORY.jsonl");
        ui.results(&format!("{} {path}\n{} {history}\n", verb(Role::Good, "Updated"), verb(Role::Good, "Recorded")));
        if ships { shipping::follow(self, &new.calibration, ui) } else { Ok(()) }
    }

    /// Whether a recheck may stand for a search, so that the age of the search counts.
    pub(crate) fn is_rechecked(&self, name: &str) -> bool {
        self.file.acceptance(name, Profile::Reference).recheck_max_age_days.is_some()
    }

    /// Writes down that a search came to what is accepted, where its age counts, and says so.
    pub(crate) fn confirm(&self, name: &str, reason: &str, ui: &mut Ui) -> Result<(), Failure> {
        if !self.is_rechecked(name) {
            return Ok(());
        }
        let path = self.store.shown(name);
        match self.store.confirm(name, reason, &self.signature).map_err(failure)? {
            Ok(()) => {
                let history = path.replace(&format!("{name}.json"), "HISTORY.jsonl");
                ui.results(&format!(
                    "{} {path}\n{} {history}\n",
                    verb(Role::Good, "Confirmed"),
                    verb(Role::Good, "Recorded")
                ));
                Ok(())
            }
            Err(problem) => {
                let message = format!("`{path}` was not confirmed: {problem}");
                let failure = Failure { code: ExitCode::No, message };
                Err(failure.help("take the file from git; to accept what the search found, delete it and run `cargo omega update-gold` again"))
            }
        }
    }
}

/// What the store could not do, with its exit code.
pub(crate) fn failure(error: GoldError) -> Failure {
    Failure { code: error.exit_code(), message: error.to_string() }
}
