//! `cargo omega ship`: the accepted parameters as the file that production uses.

use omega_lock::Profile;
use omega_lock::internals::artifacts::ExitCode;
use omega_lock::internals::objective::spelling::nearest;

use crate::cli::ShipArgs;
use crate::environment;
use crate::failure::Failure;
use crate::gold::Gold;
use crate::project::Project;
use crate::shipping;
use crate::ui::Ui;

/// How a file is declared.
const DECLARE: &str = "say one in omega.toml, below the calibration's table: `ship = { file = \"src/tuned.rs\" }`";

/// Writes the files of these calibrations, or of all that declare one.
pub(crate) fn run(arguments: &ShipArgs, ui: &mut Ui) -> Result<ExitCode, Failure> {
    if let Some(ci) = environment::ci().filter(|_| !arguments.check) {
        return Err(Failure::usage(format!("refusing to write what is shipped because CI is set ({ci})")).help(
            "run it on your own machine and commit the file; here, `cargo omega ship --check` says whether it is right",
        ));
    }
    let project = Project::load(&arguments.manifest, None)?;
    project.nothing_misplaced()?;
    let gold = Gold::of(&project)?;
    let ships = |name: &&str| gold.file.acceptance(name, Profile::Reference).ship.is_some();
    let declared: Vec<&str> = gold.file.names().filter(ships).collect();
    if let Some(stranger) = arguments.names.iter().find(|name| !declared.contains(&name.as_str())) {
        let help = match nearest(stranger, declared.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => DECLARE.to_owned(),
        };
        let message = format!("calibration `{}` declares no file to ship", stranger.escape_debug());
        return Err(Failure::usage(message).help(help));
    }
    if declared.is_empty() {
        return Err(Failure::usage("no calibration declares a file to ship").help(DECLARE));
    }
    let asked = |name: &&str| arguments.names.is_empty() || arguments.names.iter().any(|asked| asked == name);
    let mut codes = Vec::new();
    for name in declared.iter().copied().filter(asked) {
        match shipping::bring(&gold, name, arguments.check, ui) {
            Ok(code) => codes.push(code),
            Err(failure) => {
                ui.error(&failure.message);
                codes.push(failure.code);
            }
        }
    }
    Ok(ExitCode::strongest(codes))
}
