//! What production takes of gold: the file of a calibration, written and told.

use omega_lock::Profile;
use omega_lock::internals::artifacts::{ExitCode, GoldDocument};
use omega_lock::internals::report::escaped_line;
use omega_lock::internals::ship::{Held, ShipError, judge, ship, shippable};

use crate::failure::Failure;
use crate::gold::Gold;
use crate::report::counted;
use crate::ui::{Role, Ui, verb};

/// Refuses a result that could not be shipped, before it becomes gold.
pub(crate) fn possible(gold: &Gold, new: &GoldDocument) -> Result<(), Failure> {
    let name = &new.calibration;
    shippable(&gold.file.acceptance(name, Profile::Reference), &gold.root, new).map_err(|error| {
        let failure = failure(error);
        Failure { message: format!("{} was not written: {}", gold.store.shown(name), failure.message), ..failure }
    })
}

/// Says of a file that it stays as it is, because what was accepted failed.
pub(crate) fn not_followed(gold: &Gold, name: &str, ui: &mut Ui) {
    let Some(ship) = gold.file.acceptance(name, Profile::Reference).ship else { return };
    if !ship.is_by_hand() {
        let file = ship.file;
        ui.warning(&format!("{file} was not written: what failed is not shipped, and it stays as it is"));
    }
}

/// Brings the shipped file of a calibration to what gold accepts now, if it declares one.
pub(crate) fn follow(gold: &Gold, name: &str, ui: &mut Ui) -> Result<(), Failure> {
    if gold.file.acceptance(name, Profile::Reference).ship.is_some() {
        bring(gold, name, false, ui)?;
    }
    Ok(())
}

/// Writes the file of a calibration, or only says whether it is what gold says.
pub(crate) fn bring(gold: &Gold, name: &str, check: bool, ui: &mut Ui) -> Result<ExitCode, Failure> {
    let acceptance = gold.file.acceptance(name, Profile::Reference);
    let (held, written) = match check {
        true => (judge(name, &acceptance, &gold.root, &gold.store).map_err(failure)?, false),
        false => ship(name, &acceptance, &gold.root, &gold.store).map_err(failure)?,
    };
    let declared = acceptance.ship.unwrap_or_default();
    let file = declared.file.as_str();
    let problem = match held {
        Held::Same { compared, others } => {
            let done = if written { "Shipped" } else { "Unchanged" };
            let others = match others.as_slice() {
                [] => String::new(),
                others => format!("; not compared: {}", escaped_line(&others.join(", "))),
            };
            let count = counted(compared, "parameter");
            ui.results(&format!(
                "{} {file}   {name}, {count} as gold has them, to the bit{others}\n",
                verb(Role::Good, done)
            ));
            return Ok(ExitCode::Pass);
        }
        Held::NoGold => format!(
            "nothing is accepted yet, so nothing can be shipped\nhelp: cargo omega update-gold {name} --reason \"...\""
        ),
        Held::NotPassed(verdict) => {
            format!(
                "the accepted verdict is {verdict}, and what did not pass is not shipped: {file}, where it is there, has the \
                 constants of an earlier gold"
            )
        }
        Held::Missing => format!("{file} is missing\nhelp: cargo omega ship {name}"),
        Held::Differs(mismatches) => {
            let lines: Vec<String> =
                mismatches.iter().map(|mismatch| format!("{file}: {}", escaped_line(&mismatch.to_string()))).collect();
            let next = match declared.is_by_hand() {
                true => format!("{file} is written by hand: change it there"),
                false => format!("cargo omega ship {name}"),
            };
            format!("{}\nhelp: {next}", lines.join("\n"))
        }
    };
    ui.error(&format!("`{name}`: {problem}"));
    Ok(ExitCode::No)
}

fn failure(error: ShipError) -> Failure {
    Failure { code: error.exit_code(), message: error.to_string() }
}
