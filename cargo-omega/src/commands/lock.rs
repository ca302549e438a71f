//! `cargo omega lock`: the declarations as accepted.

use omega_lock::internals::artifacts::{DeclarationEntry, Declarations, ExitCode, write_text};
use omega_lock::internals::declaration::{DeclarationFile, Difference, Direction, Field, Lock, LockEntry, differences};
use omega_lock::internals::report::differences_table;

use crate::cli::{LockArgs, TestArgs};
use crate::environment;
use crate::failure::Failure;
use crate::project::Project;
use crate::report::counted;
use crate::session;
use crate::tally::{self, Owner};
use crate::ui::{Role, Ui, verb};

/// Resolves every declaration, shows what differs from omega.lock, and writes it unless asked to check.
pub(crate) fn run(arguments: &LockArgs, ui: &mut Ui) -> Result<ExitCode, Failure> {
    if let Some(ci) = environment::ci().filter(|_| !arguments.check) {
        return Err(Failure::usage(format!("refusing to write {} because CI is set ({ci})", Lock::FILE)).help(
            "run it on your own machine and commit the file; here, `cargo omega lock --check` says whether it is right",
        ));
    }
    let project = Project::load(&arguments.cargo.manifest, arguments.cargo.build.target_dir.as_deref())?;
    let (declared, _) = declared(&project, &arguments.cargo.whole_workspace(), ui)?;
    let path = project.workspace_root().join(Lock::FILE);
    let there = match Lock::load(project.workspace_root()) {
        Ok(there) => there,
        // What is to be written anew may be broken; what is to be checked may not.
        Err(error) if arguments.check => return Err(Failure { code: ExitCode::Damaged, message: error.to_string() }),
        Err(error) => {
            ui.warning(&error.to_string());
            None
        }
    };
    let changes = changes(there.as_ref().unwrap_or(&Lock::default()), &declared);
    ui.results(&changes.iter().map(Entry::text).collect::<String>());
    let calibrations = counted(declared.entries().len(), "calibration");
    if there.as_ref() == Some(&declared) {
        ui.results(&format!("{} {}   {calibrations}\n", verb(Role::Good, "Unchanged"), project.shown(&path)));
        return Ok(ExitCode::Pass);
    }
    if arguments.check {
        let what = if there.is_none() { "is missing" } else { "is not what the workspace declares" };
        ui.error(&format!("{} {what}\nhelp: write it with `cargo omega lock` and commit it", Lock::FILE));
        return Ok(ExitCode::No);
    }
    write_text(&declared.text(), &path).map_err(|error| Failure::internal(error.to_string()))?;
    ui.results(&format!("{} {}   {calibrations}\n", verb(Role::Good, "Locked"), project.shown(&path)));
    let of = |direction| {
        let differences = changes.iter().flat_map(|entry| &entry.differences);
        differences.filter(|difference| difference.direction == direction).count()
    };
    if of(Direction::Looser) > 0 {
        ui.warning(&format!("{} lower than before; say in the commit why", counted(of(Direction::Looser), "bar")));
    }
    if of(Direction::Moved) > 0 {
        let what = counted(of(Direction::Moved), "field");
        ui.warning(&format!("{what} moved, which bars are measured against; say in the commit why"));
    }
    Ok(ExitCode::Pass)
}

/// What the packages of `arguments` declare now, those of the whole workspace, and which suite each calibration is of.
/// Nothing of omega.toml is left over.
pub(super) fn declared(project: &Project, arguments: &TestArgs, ui: &mut Ui) -> Result<(Lock, Vec<Owner>), Failure> {
    project.nothing_misplaced()?;
    let mut owners: Vec<Owner> = Vec::new();
    let mut entries = Vec::new();
    for Declarations { package, suite, declarations, .. } in session::declarations(project, arguments, ui)? {
        for DeclarationEntry { calibration, fields, .. } in declarations {
            let owner = Owner { calibration: calibration.clone(), package: package.clone(), suite: suite.clone() };
            if let Some(other) = owners.iter().find(|known| known.calibration == calibration) {
                return Err(tally::declared_by_two(&calibration, &other.shown(), &owner.shown()));
            }
            owners.push(owner);
            entries.push(LockEntry { calibration, fields: fields.iter().map(Field::from).collect() });
        }
    }
    let declared = Lock::new(entries);
    let usage = |error: &dyn std::fmt::Display| Failure::usage(error.to_string());
    let file = DeclarationFile::load(project.workspace_root()).map_err(|error| usage(&error))?;
    let names = || declared.entries().iter().map(|entry| entry.calibration.as_str());
    match file.names().find(|name| declared.entry(name).is_none()) {
        Some(stranger) => Err(tally::unknown_table(stranger, names())),
        None => Ok((declared, owners)),
    }
}

/// What becomes of one calibration.
struct Entry {
    calibration: String,
    what: &'static str,
    differences: Vec<Difference>,
}

impl Entry {
    fn text(&self) -> String {
        let role = if self.what == "Removed" { Role::Caution } else { Role::Good };
        let mut text = format!("{} {}\n", verb(role, self.what), self.calibration);
        if !self.differences.is_empty() {
            for line in differences_table(&self.differences, "locked", "declared") {
                text.push_str(&omega_lock::internals::report::escaped_line(&line));
                text.push('\n');
            }
        }
        text
    }
}

fn changes(old: &Lock, new: &Lock) -> Vec<Entry> {
    let entry = |calibration: &str, what, differences| Entry { calibration: calibration.to_owned(), what, differences };
    let mut changes = Vec::new();
    for locked in old.entries().iter().filter(|locked| new.entry(&locked.calibration).is_none()) {
        changes.push(entry(&locked.calibration, "Removed", Vec::new()));
    }
    for declared in new.entries() {
        match old.entry(&declared.calibration) {
            None => changes.push(entry(&declared.calibration, "Added", Vec::new())),
            Some(locked) if locked != declared => {
                let differences = differences(&locked.fields, &declared.fields);
                changes.push(entry(&declared.calibration, "Changed", differences));
            }
            Some(_) => {}
        }
    }
    changes
}
