//! The commands of the documents: each one is run, here, by another test, or by `.ci/run`.

use std::fs;

use crate::support::{Project, repository};

/// A command of a `console` block, and what it is said to print.
struct Shown {
    command: String,
    output: String,
}

/// Every command that a `console` block types.
fn commands(text: &str) -> Vec<Shown> {
    let mut found: Vec<Shown> = Vec::new();
    let mut console = false;
    for line in text.lines() {
        match line.strip_prefix("```") {
            Some(language) => console = language == "console",
            None if !console => {}
            None => match (line.strip_prefix("$ "), found.last_mut()) {
                (Some(command), _) => found.push(Shown { command: command.to_owned(), output: String::new() }),
                (None, Some(shown)) => shown.output.extend([line, "\n"]),
                (None, None) => panic!("a console block begins without a command: {line}"),
            },
        }
    }
    found
}

/// Those that `.ci/run` runs, as a step of it says.
const STEPS: [(&str, &str); 8] = [
    ("cargo install cargo-omega --locked", "aside installs installs"),
    ("cargo install --path cargo-omega --locked", "aside installs installs"),
    ("cargo omega test", "step calibrations cargo --locked omega test"),
    ("cargo test", "step tests cargo test"),
    ("omega init --python", "step wheel bash .ci/python"),
    ("omega test", "step wheel bash .ci/python"),
    ("pytest", "step wheel bash .ci/python"),
    (
        "cargo omega verify target/omega/omega-lock/sram",
        "step trail cargo --locked omega verify target/omega/omega-lock/sram",
    ),
];

/// The documents that people read, by their paths.
fn documents() -> Vec<String> {
    let pages = fs::read_dir(repository().join("docs")).expect("the folder of the documents");
    let names = pages.map(|page| page.expect("a page").file_name().into_string().expect("UTF-8"));
    let pages = names.filter(|name| name.ends_with(".md")).map(|name| format!("docs/{name}"));
    let top = ["README.md", "SECURITY.md", "CHANGELOG.md", "cargo-omega/README.md"];
    pages.chain(top.map(str::to_owned)).collect()
}

fn read(path: &str) -> String {
    fs::read_to_string(repository().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Those that another test runs, as its file says.
const TESTS: [(&str, &str, &str); 6] = [
    (
        "cargo omega ship --check",
        "ship.rs",
        "a_new_crate_ships_its_winner_in_five_minutes_and_hears_of_a_digit_that_somebody_changed",
    ),
    (
        "cargo omega init --path ../omega-lock",
        "init.rs",
        "a_new_crate_is_set_up_passes_at_once_and_is_left_alone_by_a_second_run",
    ),
    (
        "cargo omega worker check -- python3 examples/workers/bowl.py",
        "worker.rs",
        "the_example_workers_keep_to_the_protocol_in_thirty_exchanges",
    ),
    (
        "cargo omega worker check -- python3 strategies/averages.py",
        "worker.rs",
        "the_example_workers_keep_to_the_protocol_in_thirty_exchanges",
    ),
    ("cargo omega lock", "workers.rs", "a_folder_without_cargo_is_locked_judged_accepted_and_passes_twice"),
    (
        "cargo omega update-gold --reason \"first run\"",
        "workers.rs",
        "a_folder_without_cargo_is_locked_judged_accepted_and_passes_twice",
    ),
];

#[test]
fn every_command_of_the_documents_is_run_and_prints_what_it_says() {
    let steps = read(".ci/run");
    let project = Project::empty();
    project.file("good.json", &read("fixtures/hash-chain/reports/02_real_auditing_target.json"));
    project.file("edited.json", &read("fixtures/hash-chain/tampered/t01_fitness_edited.json"));
    let commands: Vec<Shown> = documents().iter().flat_map(|path| commands(&read(path))).collect();
    assert!(commands.len() > 4);
    for Shown { command, output } in commands {
        if let Some((_, step)) = STEPS.iter().find(|(known, _)| *known == command) {
            assert!(steps.lines().any(|line| line.starts_with(step)), "no line of .ci/run starts with `{step}`");
            for head in output.lines().filter_map(|line| line.trim().strip_prefix("head ")) {
                assert!(
                    read("fixtures/gold/sram.json").contains(head),
                    "`{command}` prints {head} in a document and the anchor of gold is another one: run it, and write what it prints"
                );
            }
            continue;
        }
        if let Some((_, file, test)) = TESTS.iter().find(|(known, ..)| *known == command) {
            let source = read(&format!("cargo-omega/tests/cli/{file}"));
            assert!(source.contains(&format!("fn {test}()")), "no test of {file} is called {test}");
            continue;
        }
        assert!(!output.is_empty(), "nobody looks at what `{command}` prints");
        let arguments = command.strip_prefix("cargo omega ");
        let arguments = arguments.unwrap_or_else(|| panic!("nobody runs `{command}`"));
        let printed = project.omega(arguments.split(' ')).run().stdout;
        assert!(printed.starts_with(&output), "`{command}` prints\n{printed}\nand not\n{output}");
    }
}

/// `cargo omega WORD` wherever it stands in the text: a word that exists.
#[test]
fn every_subcommand_that_a_document_names_exists() {
    let project = Project::empty();
    let known = project.omega(["--help"]).exits(0).stdout;
    for path in documents() {
        let text = read(&path);
        for rest in text.split("`cargo omega ").skip(1) {
            let word: String = rest.chars().take_while(|c| c.is_ascii_lowercase() || *c == '-').collect();
            assert!(known.contains(&format!("\n  {word} ")), "{path}: `cargo omega {word}`");
        }
    }
}

#[test]
fn the_page_of_commands_has_every_command_and_no_other() {
    let help = Project::empty().omega(["--help"]).exits(0).stdout;
    let listed = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let names = listed.filter_map(|line| line.strip_prefix("  ")?.split_whitespace().next().map(str::to_owned));
    let expected: std::collections::BTreeSet<String> = names.filter(|name| name != "help").collect();
    let page = read("docs/commands.md");
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `cargo omega ")?.split_once('`'));
    let found: std::collections::BTreeSet<String> = rows.map(|(name, _)| name.to_owned()).collect();
    assert_eq!(found, expected, "docs/commands.md has a row for every command");
}

#[test]
fn a_command_is_found_in_console_blocks_only() {
    let text = "```toml\n$ no\n```\n```console\n$ a b\nout\n$ c\n```\n$ no\n";
    let found: Vec<_> = commands(text).into_iter().map(|shown| (shown.command, shown.output)).collect();
    assert_eq!(found, [("a b".to_owned(), "out\n".to_owned()), ("c".to_owned(), String::new())]);
}
