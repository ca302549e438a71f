//! The same situations, walked over in windows.

use omega_lock::internals::audit::Lend;
use omega_lock::internals::pipeline::RunOutcome;
use omega_lock::prelude::*;
use omega_lock::{Declaration, Run, RunError, Subject};

use super::judge::{Data, Situation, Slice};

/// Windows of a calibration.
const WINDOWS: u32 = 4;

/// One calibration over four windows, each with a train and a test slice of its own. What windows share is what slices share:
/// real ones search growing parts of one series, and are alike on train.
///
/// # Errors
/// If an evaluation failed, which none does.
pub(crate) fn walked(situation: &dyn Situation, seed: u64, config: RunConfig) -> Result<RunOutcome, RunError> {
    let parts = |data: Data| -> Vec<(Slice, Slice)> {
        let part =
            |window: u32| (situation.slice(seed, 2 * window + 1, data), situation.slice(seed, 2 * window + 2, data));
        (0..WINDOWS).map(part).collect()
    };
    let windows = parts(Data::Asked);
    let null_declared = config.null_declared;
    let declaration = Declaration { config, ..Declaration::of("study", &windows[0].0) };
    let declared = |declaration: Declaration, (train, test): &(Slice, Slice)| declaration.with_window(train, test);
    let declaration = windows.iter().fold(declaration, declared);
    let null = |null: u64, lend: &mut Lend<'_>| {
        let made = parts(Data::Kept(null));
        let both = made.iter().flat_map(|(train, test)| {
            [(Role::Train, Subject::Parallel(&**train)), (Role::Test, Subject::Parallel(&**test))]
        });
        lend(&both.collect::<Vec<_>>());
        Ok(())
    };
    let run = windows.iter().fold(Run::of(&declaration), |run, (train, test)| run.window(train, test));
    if null_declared { run.null(&null).run() } else { run.run() }
}
