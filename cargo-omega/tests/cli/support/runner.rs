//! How the runner of GitHub Actions reads what a step prints, after `ActionCommand.cs` of actions/runner.

/// The commands that the runner knows.
const KNOWN: [&str; 19] = [
    "add-mask",
    "add-matcher",
    "add-path",
    "debug",
    "echo",
    "endgroup",
    "error",
    "group",
    "internal-set-repo-path",
    "notice",
    "remove-matcher",
    "save-state",
    "set-env",
    "set-output",
    "stop-commands",
    "warning",
    "add-mask-line",
    "telemetry",
    "annotate",
];

/// A command as the runner understood it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Command {
    pub(crate) name: String,
    pub(crate) title: String,
    pub(crate) data: String,
}

/// Every command that the runner obeys in `text`.
pub(crate) fn obeyed(text: &str) -> Vec<Command> {
    let mut stopped: Option<String> = None;
    let mut found = Vec::new();
    for line in text.split(['\n', '\r']) {
        if let Some(token) = &stopped {
            let resumed = parsed(line, &[token.as_str()]).is_some();
            if resumed {
                stopped = None;
            }
            continue;
        }
        if let Some(command) = parsed(line, &KNOWN) {
            if command.name == "stop-commands" {
                stopped = Some(command.data.clone());
            }
            found.push(command);
        }
    }
    found
}

/// The newer form at the beginning of the line, then the older one anywhere in it.
fn parsed(line: &str, known: &[&str]) -> Option<Command> {
    let newer = || {
        let rest = line.trim_start().strip_prefix("::")?;
        let (info, data) = rest.split_once("::")?;
        command(info, data, ',', known)
    };
    let older = || {
        let (info, data) = line.split_once("##[")?.1.split_once(']')?;
        command(info, data, ';', known)
    };
    newer().or_else(older)
}

fn command(info: &str, data: &str, separator: char, known: &[&str]) -> Option<Command> {
    let (name, properties) = info.split_once(' ').unwrap_or((info, ""));
    let name = known.iter().find(|known| known.eq_ignore_ascii_case(name))?;
    let title = properties.split(separator).find_map(|pair| pair.trim().strip_prefix("title=")).unwrap_or_default();
    let unescaped = |text: &str| text.replace("%0D", "\r").replace("%0A", "\n").replace("%3A", ":").replace("%2C", ",");
    let plain = |text: &str| unescaped(text).replace("%25", "%");
    Some(Command { name: (*name).to_owned(), title: plain(title), data: plain(data) })
}

#[test]
fn the_emulation_obeys_both_forms_as_the_runner_does() {
    let names = |text: &str| obeyed(text).into_iter().map(|command| command.name).collect::<Vec<_>>();
    assert_eq!(names("::error title=a::b"), ["error"]);
    assert_eq!(names(" \t\u{a0}::ADD-MASK::x"), ["add-mask"]);
    assert_eq!(names("shown ##[set-env name=A]b"), ["set-env"]);
    assert_eq!(names("a\r::debug::x\nb"), ["debug"]);
    assert_eq!(names("a ::error::b\n::nothing::b\n: :error::b"), [""; 0]);
    assert_eq!(names("::stop-commands::T\n::error::a\n::T::\n::warning::b"), ["stop-commands", "warning"]);
}
