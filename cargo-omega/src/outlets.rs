//! Where the results of a run go beside its lines: JSON on stdout, JUnit, and what GitHub Actions reads.

use camino::Utf8PathBuf;
use omega_lock::internals::artifacts::{TestRun, document_text, write_text};
use omega_lock::internals::report::{annotations, junit, step_outputs, step_summary};

use crate::cli::{OutputArgs, OutputFormat, TestCommand};
use crate::disk;
use crate::environment;
use crate::failure::Failure;
use crate::ui::Ui;

/// GitHub drops the summary of a step that is longer than 1 MiB.
const SUMMARY_LIMIT: usize = 900 * 1024;

#[derive(Debug)]
pub(crate) struct Outlets {
    pub(crate) format: OutputFormat,
    junit: Option<Utf8PathBuf>,
    summary: Option<Utf8PathBuf>,
    outputs: Option<Utf8PathBuf>,
}

impl Outlets {
    /// Those that were asked for, on the command line or by the surroundings.
    pub(crate) fn of(arguments: &TestCommand) -> Result<Self, Failure> {
        let OutputArgs { format, junit } = &arguments.output;
        let github = environment::in_github_actions();
        let format = format.unwrap_or(if github { OutputFormat::Github } else { OutputFormat::Text });
        let raw = arguments.test.harness_args.iter().any(|word| word == "--no-capture" || word == "--nocapture");
        if raw && format == OutputFormat::Json {
            return Err(Failure::usage("`--format json` leaves no room on stdout for what a target prints")
                .help("leave `--nocapture` out, or read target/omega/results.json instead"));
        }
        let file = |name| environment::variable(name).filter(|path| !path.is_empty()).map(Utf8PathBuf::from);
        Ok(Self {
            format,
            junit: junit.clone(),
            summary: file("GITHUB_STEP_SUMMARY"),
            outputs: file("GITHUB_OUTPUT").filter(|_| github),
        })
    }

    /// Whether the lines for a reader are shown.
    pub(crate) fn show_lines(&self) -> bool {
        self.format != OutputFormat::Json
    }

    /// Writes everything that there is an outlet for; the first that cannot be written is the answer, the others are
    /// written all the same.
    pub(crate) fn write(&self, run: &TestRun, warnings: &[String], ui: &mut Ui) -> Result<(), Failure> {
        let mut results = Vec::new();
        if let Some(path) = &self.junit {
            let written = junit(run).and_then(|text| write_text(&text, path).map_err(|error| error.to_string()));
            results.push(written.map_err(Failure::internal));
        }
        if let Some(path) = &self.summary {
            // Others may have written to the summary of this step before.
            let there = disk::length(path);
            let room = |there: u64| SUMMARY_LIMIT.saturating_sub(usize::try_from(there).unwrap_or(usize::MAX));
            results.push(there.and_then(|there| disk::append(path, &step_summary(run, room(there)))));
        }
        if let Some(path) = &self.outputs {
            results.push(disk::append(path, &step_outputs(run)));
        }
        match self.format {
            OutputFormat::Text => {}
            OutputFormat::Github => ui.commands(&annotations(run, warnings)),
            OutputFormat::Json => match document_text(run) {
                Ok(text) => ui.json(&text),
                Err(error) => results.push(Err(Failure::internal(error.to_string()))),
            },
        }
        results.into_iter().find_map(Result::err).map_or(Ok(()), Err)
    }
}
