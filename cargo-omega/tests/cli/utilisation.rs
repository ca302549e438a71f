//! How much of their time workers were at work, said at the end of a run that is long enough to tell.

use crate::recheck::{DECLARED, TARGET};
use crate::support::Project;
use crate::workers::omega;

#[test]
fn the_verdict_says_how_much_of_their_time_workers_were_at_work() {
    let project = Project::empty();
    let slow = TARGET.replace("words = ", "import time; time.sleep(float(os.environ[\"SLOW\"]))\n        words = ");
    let two = "command = [\"python3\", \"target.py\"]\nprocesses = 2\nenv = { pass = [\"SLOW\"] }";
    project.file("target.py", &slow).file("scale", "1.0");
    project.file("omega.toml", &DECLARED.replace("command = [\"python3\", \"target.py\"]", two));
    omega(&project, ["lock"]).env("SLOW", "0").exits(0);
    let shown = omega(&project, ["test"]).env("SLOW", "0.05").env("OMEGA_LOCK_THREADS", "2").run();
    let told = project.results().suites[0].runs[0].workers.clone().expect("it has workers");
    let part = told.utilisation.expect("it took more than two seconds").0;
    // Of two that are lent half of a busy machine, most of the time is spent on sleeping all the same.
    assert!(part > 0.5 && part <= 1.0, "{part}");
    shown.shows(&format!("2 processes, {:.0} % of the time at work", 100.0 * part));
    omega(&project, ["test", "--fresh"]).env("SLOW", "0").run().shows("2 processes").hides("at work");
}
