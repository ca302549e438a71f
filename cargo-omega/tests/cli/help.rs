//! What `--help` shows, word by word, and the completion scripts.
//!
//! The texts are files in `help/`. `OMEGA_UPDATE_HELP=1 cargo test -p cargo-omega --test cli help` writes them anew; read the
//! difference before committing it.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::Project;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/help")
}

/// The subcommands, as the help itself lists them.
fn subcommands(project: &Project) -> Vec<String> {
    let shown = project.omega(["--help"]).exits(0).stdout;
    let list = shown.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    // A name has two spaces before it; further lines of a description have more.
    let name =
        |line: &str| line.strip_prefix("  ")?.split(' ').next().filter(|name| !name.is_empty()).map(str::to_owned);
    list.filter_map(name).filter(|name| name != "help").collect()
}

#[test]
fn every_help_text_is_the_one_on_file() {
    let project = Project::empty();
    let names = subcommands(&project);
    assert!(names.len() > 10, "{names:?}");
    let mut expected = vec!["omega.txt".to_owned()];
    let mut differing = Vec::new();
    let update = std::env::var("OMEGA_UPDATE_HELP").is_ok_and(|value| value == "1");
    let mut compare = |file: &str, text: &str| {
        let path = folder().join(file);
        if update {
            fs::create_dir_all(folder()).expect("a folder");
            fs::write(&path, text).expect("a file");
        } else if fs::read_to_string(&path).ok().as_deref() != Some(text) {
            differing.push(format!("--- {file} should be\n{text}"));
        }
    };
    compare("omega.txt", &project.omega(["--help"]).exits(0).stdout);
    for name in &names {
        let shown = project.omega([name, "--help"]).exits(0);
        shown.shows("Examples:\n  cargo omega").shows("\nExit codes:\n  0  ");
        compare(&format!("{name}.txt"), &shown.stdout);
        expected.push(format!("{name}.txt"));
    }
    assert!(
        differing.is_empty(),
        "{}\nhelp texts differ; `OMEGA_UPDATE_HELP=1 cargo test -p cargo-omega --test cli help` writes them anew",
        differing.join("\n")
    );
    let mut found: Vec<String> = fs::read_dir(folder())
        .expect("the folder")
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8"))
        .collect();
    found.sort();
    expected.sort();
    assert_eq!(found, expected, "a text of a subcommand that is gone");
}

#[test]
fn each_shell_gets_a_script_with_every_subcommand() {
    let project = Project::empty();
    let names = subcommands(&project);
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = project.omega(["completions", shell]).exits(0);
        for name in &names {
            script.shows(name);
        }
        script.shows("cargo-omega").hides("\u{1b}");
    }
    project.omega(["completions", "tcsh"]).exits(2).says("possible values");
}

/// What the script lets bash offer for a line, beside what cargo's own completion offers.
#[cfg(unix)]
#[test]
fn bash_completes_both_spellings_of_a_command_and_leaves_the_rest_to_cargo() {
    let project = Project::empty();
    project.file("script", &project.omega(["completions", "bash"]).exits(0).stdout);
    project.file(
        "ask",
        r#"_before() { COMPREPLY=(of-cargo); }
complete -F _before cargo
source ./script
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=()
function=$(complete -p "$1" | sed 's/.*-F \([^ ]*\).*/\1/')
"$function" "$1" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
echo "${COMPREPLY[*]}"
"#,
    );
    let offered = |line: &str| {
        let mut asked = std::process::Command::new("bash");
        let output = asked.arg("ask").args(line.split(' ')).current_dir(project.path("")).output().expect("bash");
        assert!(output.stderr.is_empty(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("UTF-8").trim().to_owned()
    };
    for (line, words) in [
        ("cargo omega te", "test"),
        ("cargo-omega te", "test"),
        ("cargo omega test --exa", "--exact"),
        ("cargo-omega test --exa", "--exact"),
        ("cargo omega worker che", "check"),
        ("cargo om", "of-cargo omega"),
        ("cargo build --rel", "of-cargo"),
    ] {
        assert_eq!(offered(line), words, "{line}");
    }
}
