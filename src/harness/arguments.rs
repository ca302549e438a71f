//! The command line of a test binary, as cargo, nextest and editors write it.
//!
//! libtest's flags are all accepted, those without a meaning here as no-ops, so that a tool which passes one does not
//! break the run; an unknown flag is refused.

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Arguments {
    /// Trials whose name contains one of these, or all.
    pub(super) filters: Vec<String>,
    /// Not those whose name contains one of these.
    pub(super) skips: Vec<String>,
    /// Names have to be equal instead of contain.
    pub(super) exact: bool,
    pub(super) list: bool,
    /// Only trials that do not apply.
    pub(super) ignored: bool,
    /// Those too.
    pub(super) include_ignored: bool,
    /// Threads that run trials.
    pub(super) test_threads: Option<usize>,
    /// A character instead of a line per trial.
    pub(super) quiet: bool,
    /// `pretty`, `terse` or `json`.
    pub(super) format: Option<String>,
    /// `auto`, `always` or `never`.
    pub(super) color: Option<String>,
    /// File for the lines instead of stdout.
    pub(super) logfile: Option<String>,
    pub(super) help: bool,
}

/// Flags that mean nothing here.
const IGNORED_FLAGS: [&str; 10] = [
    "--force-run-in-process",
    "--test",
    "--bench",
    "--nocapture",
    "--no-capture",
    "--show-output",
    "--shuffle",
    "--report-time",
    "--ensure-time",
    "--exclude-should-panic",
];

/// Flags with a value that mean nothing here.
const IGNORED_VALUES: [&str; 2] = ["--shuffle-seed", "-Z"];

/// What `--help` shows.
pub(super) const USAGE: &str = "\
Usage: <test binary> [OPTIONS] [FILTERS...]

Runs the trials whose names contain one of the filters; all of them without a filter.

Options:
      --list               list the trials and evaluate nothing
      --exact              filters are whole names
      --skip FILTER        leave out trials whose names contain FILTER; may be repeated
      --ignored            only trials that the declaration says do not apply
      --include-ignored    those too
      --test-threads N     threads that run trials (default: RUST_TEST_THREADS, else one per core)
  -q, --quiet              a character per trial
      --format FORMAT      pretty, terse or json
      --color WHEN         auto, always or never
      --logfile PATH       write the lines to a file
  -h, --help               show this

libtest's other flags are accepted and mean nothing. What is judged is declared in code and in omega.toml only.
";

impl Arguments {
    /// Reads the arguments after the program's name.
    pub(super) fn parse(arguments: impl IntoIterator<Item = String>) -> Result<Self, ArgumentError> {
        let mut parsed = Self::default();
        let mut arguments = arguments.into_iter();
        while let Some(argument) = arguments.next() {
            if argument == "--" {
                parsed.filters.extend(arguments.by_ref());
                break;
            }
            let (flag, inline) = match argument.split_once('=') {
                Some((flag, value)) if flag.starts_with("--") => (flag.to_owned(), Some(value.to_owned())),
                _ => (argument.clone(), None),
            };
            let mut value = || {
                let given = inline.clone().or_else(|| arguments.next());
                given.ok_or_else(|| ArgumentError(format!("`{flag}` needs a value")))
            };
            match flag.as_str() {
                "--list" => parsed.list = true,
                "--exact" => parsed.exact = true,
                "--ignored" => parsed.ignored = true,
                "--include-ignored" => parsed.include_ignored = true,
                "-q" | "--quiet" => parsed.quiet = true,
                "-h" | "--help" => parsed.help = true,
                "--skip" => parsed.skips.push(value()?),
                "--format" => parsed.format = Some(one_of(&flag, value()?, &["pretty", "terse", "json", "junit"])?),
                "--color" => parsed.color = Some(one_of(&flag, value()?, &["auto", "always", "never"])?),
                "--logfile" => parsed.logfile = Some(value()?),
                "--test-threads" => parsed.test_threads = Some(threads(&value()?)?),
                known if IGNORED_FLAGS.contains(&known) => {}
                known if IGNORED_VALUES.contains(&known) => {
                    value()?;
                }
                unknown if unknown.starts_with('-') && unknown.len() > 1 => {
                    return Err(ArgumentError(format!("unknown flag `{}`", unknown.escape_debug())));
                }
                _ => parsed.filters.push(argument),
            }
        }
        Ok(parsed)
    }

    /// Whether a trial of this name is asked for; whether it applies is another question.
    pub(super) fn selects(&self, name: &str) -> bool {
        let matches = |filter: &String| if self.exact { name == filter } else { name.contains(filter.as_str()) };
        (self.filters.is_empty() || self.filters.iter().any(matches)) && !self.skips.iter().any(matches)
    }
}

/// 0 would wait for ever: nobody would run anything.
fn threads(text: &str) -> Result<usize, ArgumentError> {
    let number: usize = text.parse().map_err(|_| {
        ArgumentError(format!("`--test-threads` is `{}`, expected a whole number", text.escape_debug()))
    })?;
    Ok(number.max(1))
}

fn one_of(flag: &str, value: String, words: &[&str]) -> Result<String, ArgumentError> {
    if words.contains(&value.as_str()) {
        return Ok(value);
    }
    Err(ArgumentError(format!("`{flag}` is `{}`, expected one of {}", value.escape_debug(), words.join(", "))))
}

/// A command line that is not understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(super) struct ArgumentError(String);

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Arguments, ArgumentError> {
        Arguments::parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn several_filters_and_skips_select_by_part_or_by_whole_name() {
        let parsed = parse("kc4 phantom::run --skip sram").unwrap();
        assert!(parsed.selects("phantom::gate::kc4"));
        assert!(parsed.selects("phantom::run"));
        assert!(!parsed.selects("sram::gate::kc4"));
        assert!(!parsed.selects("phantom::gate::kc2"));
        let exact = parse("--exact phantom::run").unwrap();
        assert!(exact.selects("phantom::run") && !exact.selects("phantom::run2"));
    }

    #[test]
    fn flags_that_tools_pass_are_accepted_and_unknown_ones_refused() {
        let parsed =
            parse("--nocapture --no-capture --shuffle --report-time -Z unstable-options --format=json -q").unwrap();
        assert_eq!(parsed.format.as_deref(), Some("json"));
        assert_eq!(parse("--test-threads 0").unwrap().test_threads, Some(1), "0 would hang");
        assert_eq!(parse("--tset-threads 1").unwrap_err().to_string(), "unknown flag `--tset-threads`");
        assert_eq!(parse("--skip").unwrap_err().to_string(), "`--skip` needs a value");
        assert!(parse("--color sometimes").is_err());
    }
}
