//! The only printer: results on stdout, status and errors on stderr, colour where it is wanted.

use std::borrow::Cow;
use std::ffi::OsString;
use std::io::{self, ErrorKind, IsTerminal, Read, Write};

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Effects, Style};

use crate::cli::ColorWhen;
use crate::environment;
use crate::failure::Failure;
use crate::progress::{Shown, Step};
use omega_lock::internals::report::{escaped, escaped_line, guarded};

/// The colours of `--help`, those of cargo.
pub(crate) const HELP_STYLES: clap::builder::Styles = clap::builder::Styles::styled()
    .header(AnsiColor::Green.on_default().effects(Effects::BOLD))
    .usage(AnsiColor::Green.on_default().effects(Effects::BOLD))
    .literal(AnsiColor::Cyan.on_default().effects(Effects::BOLD))
    .placeholder(AnsiColor::Cyan.on_default());

/// What a piece of text is for; the palette is here and nowhere else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Good,
    Bad,
    Caution,
    Note,
    Dim,
}

impl Role {
    pub(crate) const fn style(self) -> Style {
        match self {
            Self::Good => AnsiColor::Green.on_default().effects(Effects::BOLD),
            Self::Bad => AnsiColor::Red.on_default().effects(Effects::BOLD),
            Self::Caution => AnsiColor::Yellow.on_default().effects(Effects::BOLD),
            Self::Note => AnsiColor::Cyan.on_default().effects(Effects::BOLD),
            Self::Dim => Style::new().effects(Effects::DIMMED),
        }
    }

    /// `text` in this role; the stream it is written to drops the codes where no colour is wanted.
    pub(crate) fn paint(self, text: &str) -> String {
        let style = self.style();
        format!("{style}{text}{style:#}")
    }
}

/// A word before a line of status, right-aligned as cargo's are.
pub(crate) fn verb(role: Role, word: &str) -> String {
    role.paint(&format!("{word:>12}"))
}

/// Both streams of the process.
pub(crate) struct Ui {
    out: AutoStream<io::Stdout>,
    err: AutoStream<io::Stderr>,
    /// The first write that failed for another reason than a reader that has left.
    broken: Option<io::Error>,
    /// `--quiet`: no status.
    pub(crate) quiet: bool,
    /// The runner of GitHub Actions reads along, and obeys what looks like a command.
    obeyed: bool,
    /// It was started as `omega`, so that is what its commands are called.
    alone: bool,
}

impl Ui {
    pub(crate) fn new(color: Option<ColorWhen>) -> Self {
        let choice = color_choice(color, environment::variable);
        Self {
            out: AutoStream::new(io::stdout(), choice),
            err: AutoStream::new(io::stderr(), choice),
            broken: None,
            quiet: false,
            obeyed: environment::in_github_actions(),
            alone: environment::is_called("omega"),
        }
    }

    /// Whether it was started by the name that only the wheel gives it, so that the wheel's module is there, too.
    pub(crate) fn came_in_the_wheel(&self) -> bool {
        self.alone
    }

    /// Whether text on stderr is coloured; cargo and the harness write there too.
    pub(crate) fn colours_stderr(&self) -> bool {
        self.err.current_choice() != ColorChoice::Never
    }

    /// A block of results, already escaped and painted.
    pub(crate) fn results(&mut self, text: &str) {
        let text = self.harmless(text);
        self.print_results(&text);
    }

    /// A document in JSON, in which a command can only stand in a string.
    pub(crate) fn json(&mut self, text: &str) {
        self.print_results(&text.replace("##[", "#\\u0023["));
    }

    /// Commands of ours for the runner of GitHub Actions.
    pub(crate) fn commands(&mut self, text: &str) {
        self.print_results(text);
    }

    /// Lets the runner obey nothing until [`Self::obey`] is called with what this gives back. What a target prints there
    /// goes to the same stream as this, so nothing overtakes it.
    pub(crate) fn disobey(&mut self) -> Option<String> {
        self.obeyed.then(|| {
            let random = || std::hash::BuildHasher::hash_one(&std::hash::RandomState::new(), "omega");
            let token = format!("omega-{:016x}{:016x}", random(), random());
            self.print_errors(&format!("::stop-commands::{token}\n"));
            token
        })
    }

    /// Ends what [`Self::disobey`] began.
    pub(crate) fn obey(&mut self, token: Option<String>) {
        if let Some(token) = token {
            self.print_errors(&format!("::{token}::\n"));
        }
    }

    /// Whether somebody can be asked: both ends are a terminal.
    pub(crate) fn can_ask(&self) -> bool {
        io::stdin().is_terminal() && io::stdout().is_terminal()
    }

    /// All of standard input, of at most `limit` bytes.
    pub(crate) fn input(&mut self, limit: u64) -> Result<String, Failure> {
        let mut bytes = Vec::new();
        let read = io::stdin().lock().take(limit + 1).read_to_end(&mut bytes);
        read.map_err(|error| Failure::internal(format!("could not read standard input: {error}")))?;
        if bytes.len() as u64 > limit {
            return Err(Failure::usage(format!("standard input is larger than {limit} bytes, the most that is read")));
        }
        String::from_utf8(bytes).map_err(|error| {
            let place = error.utf8_error().valid_up_to();
            Failure::usage(format!("standard input is not UTF-8, from byte {place} on"))
        })
    }

    /// Asks, and reads one line; `None` at the end of the input.
    pub(crate) fn ask(&mut self, question: &str) -> Result<Option<String>, Failure> {
        self.results(question);
        let mut line = String::new();
        match io::stdin().read_line(&mut line) {
            Ok(0) => Ok(None),
            Ok(_) => Ok(Some(line.trim().to_owned())),
            Err(error) => Err(Failure::internal(format!("could not read the answer: {error}"))),
        }
    }

    /// What a test binary printed, untouched because the user asked for it, unless somebody else would obey it.
    pub(crate) fn passed_through(&mut self, bytes: &[u8]) {
        if self.obeyed {
            // A piece of a line becomes a line, so that no command is put together from two.
            let text = guarded(&String::from_utf8_lossy(bytes));
            let end = if text.ends_with('\n') { "" } else { "\n" };
            return self.print_results(&(text + end));
        }
        let mut out = io::stdout();
        let written = out.write_all(bytes).and_then(|()| out.flush());
        self.note_failure(written);
    }

    pub(crate) fn status(&mut self, word: &str, text: &str) {
        if !self.quiet {
            self.print_status(&format!("{} {}\n", verb(Role::Good, word), escaped_line(text)));
        }
    }

    /// A line of a log by itself.
    pub(crate) fn note(&mut self, line: &str) {
        if !self.quiet {
            self.print_status(&format!("{}\n", escaped_line(line)));
        }
    }

    /// Says what is done if that takes longer than two seconds, until what comes back is dropped. Nothing else may be printed
    /// meanwhile.
    pub(crate) fn step(&self, what: &str) -> Step {
        let line = escaped_line(what);
        Step::begin(self.progress(), self.harmless(&line).into_owned())
    }

    /// How it is shown that something goes on: live where somebody looks at a terminal that can draw it.
    pub(crate) fn progress(&self) -> Shown {
        let draws = io::stderr().is_terminal()
            && environment::variable("TERM").is_none_or(|term| term != "dumb")
            && environment::variable("NO_COLOR").is_none_or(|no| no.is_empty())
            && environment::ci().is_none();
        match draws {
            _ if self.quiet => Shown::Off,
            true => Shown::Live,
            false => Shown::Lines,
        }
    }

    pub(crate) fn warning(&mut self, message: &str) {
        self.print_status(&message_lines(&Role::Caution.paint("warning"), message));
    }

    pub(crate) fn error(&mut self, message: &str) {
        self.print_status(&message_lines(&Role::Bad.paint("error"), message));
    }

    /// Help, the version or a usage error, as clap puts it.
    pub(crate) fn grammar(&mut self, message: &clap::Error) {
        let text = message.render().ansi().to_string();
        if message.use_stderr() { self.print_status(&text) } else { self.results(&text) }
    }

    /// Whether everything could be shown.
    pub(crate) fn finish(self) -> Result<(), Failure> {
        match self.broken {
            Some(error) => Err(Failure::internal(format!("could not print the results: {error}"))),
            None => Ok(()),
        }
    }

    fn print_status(&mut self, text: &str) {
        let text = self.harmless(text);
        self.print_errors(&text);
    }

    /// The text, with nothing in it that the runner would obey if it reads along.
    fn harmless<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if self.obeyed { Cow::Owned(guarded(text)) } else { Cow::Borrowed(text) }
    }

    /// The text with every command as it can be typed here.
    fn typed<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if self.alone { Cow::Owned(text.replace("cargo omega", "omega")) } else { Cow::Borrowed(text) }
    }

    fn print_results(&mut self, text: &str) {
        let text = self.typed(text);
        let written = self.out.write_all(text.as_bytes()).and_then(|()| self.out.flush());
        self.note_failure(written);
    }

    fn print_errors(&mut self, text: &str) {
        let text = self.typed(text);
        let written = self.err.write_all(text.as_bytes()).and_then(|()| self.err.flush());
        self.note_failure(written);
    }

    fn note_failure(&mut self, written: io::Result<()>) {
        if let Err(error) = written {
            // `cargo omega test | head` is no failure of the run.
            if error.kind() != ErrorKind::BrokenPipe {
                self.broken.get_or_insert(error);
            }
        }
    }
}

/// The `--color` of arguments that may not parse, so that even `--help` obeys it.
pub(crate) fn typed_color(arguments: &[OsString]) -> Option<ColorWhen> {
    let words: Vec<_> = arguments.iter().map_while(|word| word.to_str()).take_while(|word| *word != "--").collect();
    let value = words.iter().enumerate().find_map(|(index, word)| match word.strip_prefix("--color") {
        Some("") => words.get(index + 1).copied(),
        Some(value) => value.strip_prefix('='),
        None => None,
    });
    value.and_then(color_when)
}

/// The flag wins, then cargo's own variable, then the terminal and the conventions (`NO_COLOR`, `CLICOLOR_FORCE`),
/// which the stream looks at itself.
fn color_choice(typed: Option<ColorWhen>, variable: impl Fn(&str) -> Option<String>) -> ColorChoice {
    let cargo = || variable("CARGO_TERM_COLOR").as_deref().and_then(color_when);
    match typed.or_else(cargo) {
        Some(ColorWhen::Always) => ColorChoice::Always,
        Some(ColorWhen::Never) => ColorChoice::Never,
        Some(ColorWhen::Auto) | None => ColorChoice::Auto,
    }
}

fn color_when(word: &str) -> Option<ColorWhen> {
    [ColorWhen::Auto, ColorWhen::Always, ColorWhen::Never].into_iter().find(|when| when.name() == word)
}

/// `label: message` as cargo and rustc write it: help lines are set off below.
fn message_lines(label: &str, message: &str) -> String {
    let mut text = format!("{label}: ");
    for (index, line) in escaped(message).lines().enumerate() {
        match line.strip_prefix("help: ") {
            Some(help) => text.push_str(&["  = ", &Role::Note.paint("help"), ": ", help].concat()),
            None if index == 0 => text.push_str(line),
            None => text.push_str(&["  ", line].concat()),
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_flag_wins_over_cargos_variable_and_that_over_the_terminal() {
        let always = |name: &str| (name == "CARGO_TERM_COLOR").then(|| "always".to_owned());
        assert_eq!(color_choice(Some(ColorWhen::Never), always), ColorChoice::Never);
        assert_eq!(color_choice(None, always), ColorChoice::Always);
        assert_eq!(color_choice(None, |_| None), ColorChoice::Auto);
    }

    #[test]
    fn the_colour_is_found_in_arguments_that_do_not_parse() {
        let typed = |words: &[&str]| typed_color(&words.iter().map(OsString::from).collect::<Vec<_>>());
        assert_eq!(typed(&["omega", "--color", "never", "--bogus"]), Some(ColorWhen::Never));
        assert_eq!(typed(&["omega", "--color=always"]), Some(ColorWhen::Always));
        assert_eq!(typed(&["omega", "--color"]), None);
        assert_eq!(typed(&["omega", "--", "--color=always"]), None);
    }

    #[test]
    fn help_lines_of_a_message_are_set_off_and_control_characters_spelt_out() {
        let text = anstream::adapter::strip_str(&message_lines("error", "a\u{1b}b\nmore\nhelp: do c")).to_string();
        assert_eq!(text, "error: a\\u{1b}b\n  more\n  = help: do c\n");
    }
}
