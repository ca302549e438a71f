//! What a worker is started with and asked for.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;

use serde_json::{Map, Value as Json};

use super::child::lock;
use super::inputs::Inputs;
use super::launch::Launch;
use super::target::{Team, Worker};
use crate::objective::{ParamSpace, Params, Role, TargetError};

/// Programs that evaluate a calibration, in any language.
///
/// Nothing is started before a target is made, and then one process, to say its parameters, unless [`space`](Self::space)
/// declares them. Further ones start when an evaluation waits for them. All end with the last target.
///
/// ```no_run
/// use omega_lock::prelude::*;
/// use omega_lock::worker::Workers;
///
/// fn main() -> std::process::ExitCode {
///     let workers = Workers::new("amplifier", ["python3", "strategies/amplifier.py"])
///         .slice(Role::Train, [("years", [2019, 2020, 2021])])
///         .slice(Role::Test, [("years", [2022, 2023])])
///         .processes(2);
///     Suite::new()
///         .add(
///             Calibration::new("amplifier", workers.target(Role::Train))
///                 .test(workers.target(Role::Test))
///                 .null(workers.null([("permute_labels", true)]))
///                 .parallel(),
///         )
///         .run()
/// }
/// ```
#[derive(Debug, Clone)]
pub struct Workers {
    settings: Settings,
    /// The processes, as long as a target has them.
    team: Arc<Mutex<Weak<Team>>>,
}

#[derive(Debug, Clone)]
pub(super) struct Settings {
    pub(super) calibration: String,
    pub(super) launch: Launch,
    pub(super) once: bool,
    pub(super) roles: Map<String, Json>,
    /// What of it names the data, where that is not all of it.
    pub(super) named: Map<String, Json>,
    /// The files of a slice, which its identity is made of.
    pub(super) files: Vec<(Role, Vec<PathBuf>)>,
    pub(super) space: Option<ParamSpace>,
    /// Patterns of the files that decide what is answered.
    pub(super) inputs: Vec<String>,
    pub(super) repeats: usize,
    pub(super) processes: usize,
    pub(super) evaluation_timeout: Option<Duration>,
    pub(super) silence_timeout: Duration,
    pub(super) lost_retries: usize,
}

/// One evaluation that is asked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ask<'a> {
    pub(super) role: Role,
    pub(super) slice: &'a Json,
    pub(super) params: &'a Params,
    /// Which of several times it is, for one that draws.
    pub(super) seed: Option<u64>,
}

impl Workers {
    /// Workers of a calibration that are started by a command: a program and its arguments, which no shell reads.
    pub fn new(calibration: impl Into<String>, command: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let settings = Settings {
            calibration: calibration.into(),
            launch: Launch::new(command.into_iter().map(Into::into).collect()),
            once: false,
            roles: Map::new(),
            named: Map::new(),
            files: Vec::new(),
            space: None,
            inputs: Vec::new(),
            repeats: 1,
            processes: 1,
            evaluation_timeout: None,
            silence_timeout: Duration::from_secs(600),
            lost_retries: 2,
        };
        Self { settings, team: Arc::default() }
    }

    /// What the worker is told of a slice, for it to find the data: any names and JSON values.
    #[must_use]
    pub fn slice<V: Into<Json>, const N: usize>(mut self, role: Role, of: [(&str, V); N]) -> Self {
        self.settings.roles.insert(role.name().to_owned(), Json::Object(object(of)));
        self
    }

    /// What the worker is told of a slice, and what of it names the data beside the files: patterns are the same on every
    /// machine, and what they find has its digest.
    #[cfg(feature = "harness")]
    pub(crate) fn told(mut self, role: Role, told: Map<String, Json>, named: Map<String, Json>) -> Self {
        self.settings.roles.insert(role.name().to_owned(), Json::Object(told));
        self.settings.named.insert(role.name().to_owned(), Json::Object(named));
        self
    }

    /// Names the files of a slice. Its identity is then made of what is in them, so that other data is noticed: they are
    /// digested here, whatever the worker says, and a run during which one changes ends. Their paths count as well: they start in
    /// the folder that the command is started in. Of a file outside of it only the name does.
    #[must_use]
    pub fn files<P: Into<PathBuf>>(mut self, role: Role, files: impl IntoIterator<Item = P>) -> Self {
        self.settings.files.push((role, files.into_iter().map(Into::into).collect()));
        self
    }

    /// Declares the parameters, so that a list of cases or a lock starts no process; a worker that says others is refused.
    #[must_use]
    pub fn space(mut self, space: ParamSpace) -> Self {
        self.settings.space = Some(space);
        self
    }

    /// Starts the command once for each evaluation: parameters in, the last line out. For simulators; such a command says no
    /// parameters, so that [`space`](Self::space) has to.
    #[must_use]
    pub fn once(mut self) -> Self {
        self.settings.once = true;
        self
    }

    /// Starts the command by another program, which gets it as its last arguments: `["srun", "-n1"]`, `["docker", "run", "-i",
    /// "image"]`. The answers are the same, so that it is free to differ from machine to machine. What the launcher starts
    /// elsewhere ends with the standard input that it hands on, or not at all.
    #[must_use]
    pub fn launcher(mut self, words: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.settings.launch.launcher = words.into_iter().map(Into::into).collect();
        self
    }

    /// Names the files that decide what the workers answer, such as their sources and a lock file, by patterns: `*` stands for
    /// a part of a name, `**` for any folders. An unfinished run is continued only if they are as they were, and a run during
    /// which one changes ends. They are no part of what omega.lock holds. Patterns start in the folder that the command is
    /// started in; what is hidden has to be named, and folders called `__pycache__` are left out.
    #[must_use]
    pub fn inputs(mut self, patterns: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.settings.inputs = patterns.into_iter().map(Into::into).collect();
        self
    }

    /// Asks a noisy worker so often for each evaluation, with another `seed` each time, and takes the mean as an
    /// [`Ensemble`](crate::Ensemble) does: of fitness, blocks and metrics; samples are summed up, and other facts kept where
    /// all agree. A seed is made of slice, role, parameters and the number of the repeat, so that the run can be repeated. 0
    /// counts as 1, which asks once and sends no seed.
    #[must_use]
    pub fn repeats(mut self, repeats: usize) -> Self {
        self.settings.repeats = repeats.max(1);
        self
    }

    /// Lets this many processes run at once; 0 counts as 1, and more than 4096 as 4096: each has threads of this process. The
    /// result is the same, byte for byte.
    #[must_use]
    pub fn processes(mut self, processes: usize) -> Self {
        self.settings.processes = processes.clamp(1, 4096);
        self
    }

    /// The folder that the command is started in, instead of the one of this process.
    #[must_use]
    pub fn directory(mut self, directory: impl Into<PathBuf>) -> Self {
        self.settings.launch.directory = Some(directory.into());
        self
    }

    /// Sets a variable. Without being named here or in [`pass`](Self::pass), a worker sees of the environment no more than
    /// PATH, HOME, LANG and TMPDIR, and behind a launcher what such programs find a cluster by, such as the variables of Slurm.
    #[must_use]
    pub fn env(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.settings.launch.set.push((name.into(), value.into()));
        self
    }

    /// Hands a variable on as it is.
    #[must_use]
    pub fn pass(mut self, name: impl Into<String>) -> Self {
        self.settings.launch.passed.push(name.into());
        self
    }

    /// Makes time an answer: an evaluation that takes longer has failed, which is recorded. Off unless set.
    #[must_use]
    pub fn evaluation_timeout(mut self, limit: Duration) -> Self {
        self.settings.evaluation_timeout = Some(limit);
        self
    }

    /// How long a worker may give no sign of life while it is asked something; 600 s unless set. Then it is ended and the
    /// evaluation is lost, which is no answer.
    #[must_use]
    pub fn silence_timeout(mut self, limit: Duration) -> Self {
        self.settings.silence_timeout = limit;
        self
    }

    /// How often an evaluation that was lost is asked again before the run ends; 2 unless set.
    #[must_use]
    pub fn lost_retries(mut self, retries: usize) -> Self {
        self.settings.lost_retries = retries;
        self
    }

    /// Makes the target of a slice, for a [`Calibration`](crate::prelude::Calibration).
    pub fn target(&self, role: Role) -> impl Fn() -> Result<Worker, TargetError> + Send + Sync + 'static + use<> {
        let workers = self.clone();
        move || workers.worker(role, &Map::new())
    }

    /// Makes the null version of the train and the test target for a seed: their slices with these values over them, and with
    /// the seed as `seed`.
    pub fn null<V: Into<Json>, const N: usize>(
        &self,
        with: [(&str, V); N],
    ) -> impl Fn(u64) -> Result<(Worker, Worker), TargetError> + Send + Sync + 'static + use<V, N> {
        self.null_told(object(with))
    }

    /// The same of a table.
    pub(crate) fn null_told(
        &self,
        with: Map<String, Json>,
    ) -> impl Fn(u64) -> Result<(Worker, Worker), TargetError> + Send + Sync + 'static + use<> {
        let workers = self.clone();
        move |seed| {
            let mut with = with.clone();
            with.insert("seed".to_owned(), seed.into());
            Ok((workers.worker(Role::Train, &with)?, workers.worker(Role::Test, &with)?))
        }
    }

    fn worker(&self, role: Role, over: &Map<String, Json>) -> Result<Worker, TargetError> {
        let Some(Json::Object(slice)) = self.settings.roles.get(role.name()) else {
            let calibration = &self.settings.calibration;
            return Err(TargetError::new(format!(
                "the workers of `{calibration}` are told nothing of the {role} slice: say by `Workers::slice` which data it is"
            )));
        };
        let with = |slice: &Map<String, Json>| {
            let mut slice = slice.clone();
            slice.extend(over.clone());
            let mut slice = Json::Object(slice);
            // The order of keys must not depend on a feature that some other crate of the build switches on.
            slice.sort_all_objects();
            slice
        };
        let mut shared = lock(&self.team);
        let team = shared.upgrade().unwrap_or_else(|| Arc::new(Team::new(&self.settings)));
        *shared = Arc::downgrade(&team);
        drop(shared);
        let named = self.settings.named.get(role.name()).and_then(Json::as_object).unwrap_or(slice);
        // A null version has no files of its own, and there are many.
        let files = self.settings.files.iter().rev().find(|(of, _)| *of == role && over.is_empty());
        let identity = identity(team.inputs(), files.map(|(_, files)| &**files), &with(named))?;
        Worker::new(team, &self.settings, role, with(slice), identity)
    }
}

/// The files of a slice and what the worker is told of it; empty if there is neither.
fn identity(inputs: &Inputs, files: Option<&[PathBuf]>, slice: &Json) -> Result<String, TargetError> {
    let told = if *slice == Json::Object(Map::new()) { String::new() } else { format!("slice {slice}") };
    match files {
        Some(files) => inputs.identity(files, &told).map_err(TargetError::unusable),
        None => Ok(told),
    }
}

fn object<V: Into<Json>, const N: usize>(pairs: [(&str, V); N]) -> Map<String, Json> {
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect()
}
