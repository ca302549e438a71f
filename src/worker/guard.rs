//! The guard: a process that sees to it that no worker outlives the one that started it.
//!
//! It is this program, started again, where `main` is known to ask for that first: [`guarded`]. Where it is not, as in the test
//! binary of a user, to start it again would run whatever stands in that `main`, so that there the guard is a script for sh.
//! However the process that started it ends, the kernel closes its end of the guard's standard input. The guard then ends the groups of
//! workers that it was told of and that are still there: it waits, asks, and forces. It is in a group of its own, so that
//! neither Ctrl-C nor whoever kills the group of the harness reaches it, and it holds none of the harness's streams.

use std::collections::BTreeSet;
use std::io::{BufRead, Write};
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::{Mutex, OnceLock};
use std::thread;
use std::time::Duration;

use super::child::{Signal, is_there, lock, send};
use super::timer::Timer;

/// How long a worker may go on without anybody, and then once it was asked to end: less than fifteen seconds together.
const GRACE: [Duration; 2] = [Duration::from_secs(10), Duration::from_secs(3)];

/// The same as [`Guard::watch`], for sh. The form `kill -s NAME -- -GROUP` is the one that all shells read alike.
const SCRIPT: &str = r#"
groups=' '
while read -r sign group; do
    case $sign in
    +) groups="$groups$group " ;;
    -) groups="${groups%% "$group" *} ${groups#* "$group" }" ;;
    esac
done
wait_for() {
    left=$1
    while :; do
        there=' '
        for group in $groups; do
            if kill -s 0 -- "-$group"; then there="$there$group "; fi
        done
        groups=$there
        if [ "$groups" = ' ' ] || [ "$left" -eq 0 ]; then return; fi
        left=$((left - 1))
        sleep 1
    done
}
wait_for 10
for group in $groups; do kill -s TERM -- "-$group"; done
wait_for 3
for group in $groups; do kill -s KILL -- "-$group"; done
"#;

/// What may be needed to find and load the guard.
const LOADED_WITH: [&str; 4] = ["PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH"];

/// The variable by which this program is started again as guard, if its `main` looks for it.
static VARIABLE: OnceLock<&str> = OnceLock::new();

/// The guard of this process, from its first worker on.
static WATCH: Mutex<Option<Watch>> = Mutex::new(None);

struct Watch {
    guard: Child,
    groups: BTreeSet<u32>,
}

/// This process is the guard of another one.
#[derive(Debug)]
#[must_use = "a guard does nothing before `watch`"]
pub struct Guard(());

/// Makes this program the guard of its own workers: with the first of them it is started again with this variable set, and that
/// process ends the workers once this one is gone, however it ended. To be called first in `main`; if there is a [`Guard`],
/// return what its [`watch`](Guard::watch) returns, and do nothing else.
///
/// Without this call the guard is a script for `sh`, and where there is no `sh` there is none: a worker that does not end with
/// its standard input then outlives a process that is killed.
///
/// ```no_run
/// fn main() -> std::process::ExitCode {
///     if let Some(guard) = omega_lock::worker::guarded("TUNER_GUARD") {
///         return guard.watch();
///     }
///     // Start workers.
///     std::process::ExitCode::SUCCESS
/// }
/// ```
pub fn guarded(variable: &'static str) -> Option<Guard> {
    #[expect(clippy::disallowed_methods, reason = "whether this process is a guard is told by a variable")]
    let told = std::env::var_os(variable).is_some();
    if told {
        return Some(Guard(()));
    }
    let _ = VARIABLE.set(variable);
    None
}

impl Guard {
    /// Waits for the end of the process that started this one, and ends its workers. The exit code is that of a wrong
    /// command line: whoever set the variable by hand has run nothing.
    pub fn watch(self) -> ExitCode {
        let mut groups = BTreeSet::new();
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            let Some((sign, number)) = line.split_once(' ') else { continue };
            match (sign, number.parse()) {
                ("+", Ok(group)) => _ = groups.insert(group),
                ("-", Ok(group)) => _ = groups.remove(&group),
                _ => {}
            }
        }
        for (signal, grace) in [(None, GRACE[0]), (Some(Signal::Term), GRACE[1]), (Some(Signal::Kill), Duration::ZERO)]
        {
            if let Some(signal) = signal {
                groups.iter().for_each(|&group| send(group, signal));
            }
            let timer = Timer::start();
            groups.retain(|&group| is_there(group));
            while !groups.is_empty() && timer.elapsed() < grace {
                thread::sleep(Duration::from_millis(20));
                groups.retain(|&group| is_there(group));
            }
        }
        ExitCode::from(2)
    }
}

/// A worker has started, and everything that it starts is in this group.
pub(super) fn began(group: u32) {
    let mut watch = lock(&WATCH);
    match &mut *watch {
        Some(watch) => _ = watch.groups.insert(group),
        None => *watch = start().map(|guard| Watch { guard, groups: BTreeSet::from([group]) }),
    }
    let Some(told) = &mut *watch else { return };
    if told.tell(&format!("+ {group}\n")).is_ok() {
        return;
    }
    // It was ended by somebody. Another one takes over, and is told everything.
    drop(told.guard.wait());
    if let Some(guard) = start() {
        told.guard = guard;
        let all: String = told.groups.iter().map(|group| format!("+ {group}\n")).collect();
        drop(told.tell(&all));
    }
}

/// Nothing of this group is left.
pub(super) fn ended(group: u32) {
    if let Some(watch) = &mut *lock(&WATCH)
        && watch.groups.remove(&group)
    {
        // A guard that is gone watches nothing, and is started again with the next worker.
        drop(watch.tell(&format!("- {group}\n")));
    }
}

impl Watch {
    fn tell(&mut self, lines: &str) -> std::io::Result<()> {
        match &mut self.guard.stdin {
            Some(stdin) => stdin.write_all(lines.as_bytes()),
            None => Err(std::io::ErrorKind::BrokenPipe.into()),
        }
    }
}

/// A guard; a machine on which none starts has to do without.
#[expect(clippy::disallowed_methods, reason = "a process with nothing of the environment but what it is loaded with")]
fn start() -> Option<Child> {
    if !cfg!(unix) {
        return None;
    }
    let mut command = match VARIABLE.get() {
        Some(variable) => {
            // The very file that runs, even if another one has its name by now.
            let file =
                if cfg!(target_os = "linux") { "/proc/self/exe".into() } else { std::env::current_exe().ok()? };
            let mut command = Command::new(file);
            command.env_clear().env(variable, "1");
            command
        }
        None => {
            let mut command = Command::new("sh");
            command.env_clear().args(["-c", SCRIPT, "omega-lock-guard"]);
            command
        }
    };
    for name in LOADED_WITH {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    command.current_dir("/");
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().ok()
}
