//! The only file that knows libtest-mimic.

use std::process::ExitCode;

use libtest_mimic::{ColorSetting, Completion, Failed, FormatSetting, Trial};

use super::arguments::Arguments;

pub(super) struct Case {
    pub(super) name: String,
    /// Known before anything is run not to apply.
    pub(super) ignored: bool,
    pub(super) body: Box<dyn FnOnce() -> Ending + Send>,
}

pub(super) enum Ending {
    Passed,
    Ignored(String),
    /// With the text to show; empty if it was shown already.
    Failed(String),
}

/// Lists or runs the cases, which were selected already, and prints libtest's lines.
pub(super) fn run(arguments: &Arguments, test_threads: Option<usize>, cases: Vec<Case>) -> ExitCode {
    let trials = cases.into_iter().map(|Case { name, ignored, body }| {
        // Never `Trial::bench`: nextest refuses the whole binary for its `: bench` line.
        Trial::ignorable_test(name, move || match body() {
            Ending::Passed => Ok(Completion::Completed),
            Ending::Ignored(reason) => Ok(Completion::ignored_with(reason)),
            Ending::Failed(text) if text.is_empty() => Err(Failed::without_message()),
            Ending::Failed(text) => Err(Failed::from(text)),
        })
        .with_ignored_flag(ignored)
    });
    let mimic = libtest_mimic::Arguments {
        list: arguments.list,
        ignored: arguments.ignored,
        include_ignored: arguments.include_ignored,
        quiet: arguments.quiet,
        test_threads,
        logfile: arguments.logfile.clone(),
        format: arguments.format.as_deref().map(|format| match format {
            "terse" => FormatSetting::Terse,
            "json" => FormatSetting::Json,
            _ => FormatSetting::Pretty,
        }),
        color: arguments.color.as_deref().map(|color| match color {
            "always" => ColorSetting::Always,
            "never" => ColorSetting::Never,
            _ => ColorSetting::Auto,
        }),
        ..Default::default()
    };
    libtest_mimic::run(&mimic, trials.collect()).exit_code()
}
