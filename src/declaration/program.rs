//! The command that evaluates a calibration which omega.toml declares without any code.

/// How long, in seconds, a command may give no sign of life, unless said otherwise.
const SILENCE: f64 = 600.0;

/// How often an evaluation that was lost is asked again, unless said otherwise.
const RETRIES: u64 = 2;

words! {
    /// How a command is spoken to.
    #[derive(Default)]
    pub enum Protocol {
        /// It stays, and answers questions of `omega-worker/1`.
        #[default]
        Worker = "worker",
        /// It is started for each evaluation: parameters in, the last line out.
        Once = "once",
    }
}

/// The command that evaluates, as omega.toml has it below `[calibration.NAME.worker]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Program {
    /// The program and its arguments; no shell reads them.
    pub command: Option<Vec<String>>,
    /// How it is spoken to.
    pub protocol: Protocol,
    /// What stands before the command: `srun -n1`.
    pub launcher: Option<Vec<String>>,
    /// Patterns of the files that the command is made of.
    pub inputs: Option<Vec<String>>,
    /// Variables of the environment that are handed on.
    pub pass: Option<Vec<String>>,
    /// Variables that are set, by name.
    pub set: Vec<(String, String)>,
    /// Seconds after which an evaluation has failed.
    pub evaluation_timeout: Option<f64>,
    /// Evaluations that one is the mean of.
    pub repeats: u64,
    /// What the null version is told over the other slices, as JSON; absent without one.
    pub null: Option<String>,
    /// Processes at once. Like what follows an execution setting, which no digest knows.
    pub processes: u64,
    /// Seconds without a sign of life after which an evaluation is lost.
    pub silence_timeout: f64,
    /// How often a lost evaluation is asked again.
    pub lost_retries: u64,
}

impl Default for Program {
    fn default() -> Self {
        Self {
            command: None,
            protocol: Protocol::default(),
            launcher: None,
            inputs: None,
            pass: None,
            set: Vec::new(),
            evaluation_timeout: None,
            repeats: 1,
            null: None,
            processes: 1,
            silence_timeout: SILENCE,
            lost_retries: RETRIES,
        }
    }
}
