//! The end of every help text: examples, and what the exit codes mean.

use super::exit_codes;

/// By subcommand: a command line, and what it is for. `omega` is the program itself.
const EXAMPLES: &[(&str, &[(&str, &str)])] = &[
    (
        "omega",
        &[
            ("cargo omega init", "set a package up"),
            ("cargo omega test", "run every calibration of the workspace"),
            ("cargo omega explain transfer", "what a gate asks, and what to do when it fails"),
            ("cargo omega demo", "what a gate is good for; needs no project"),
        ],
    ),
    (
        "test",
        &[
            ("cargo omega test bitcell", "the cases with `bitcell` in their name"),
            ("cargo omega test -p demo --release", "one package, in release mode"),
            ("cargo omega test --against origin/main", "what a pull request changes of what was accepted"),
            ("cargo omega test --recheck", "evaluate again what is accepted, and search nothing"),
            (
                "cargo omega test --recheck=or-search --against HEAD^1",
                "the same in CI, and search where that will not do",
            ),
            ("cargo omega test -- --list", "list the cases and evaluate nothing"),
        ],
    ),
    (
        "update-gold",
        &[("cargo omega update-gold bitcell --reason \"new corners\"", "accept the result of one calibration")],
    ),
    ("review", &[("cargo omega review", "walk through target/omega/pending")]),
    (
        "attest",
        &[(
            "cargo omega attest bitcell -o statement.json",
            "the outcome of its last run, for others to sign and check",
        )],
    ),
    (
        "ship",
        &[
            ("cargo omega ship bitcell", "write the file that bitcell declares"),
            ("cargo omega ship --check", "only say whether every such file is what gold says"),
        ],
    ),
    (
        "lock",
        &[("cargo omega lock", "write omega.lock"), ("cargo omega lock --check", "only say whether it would change")],
    ),
    (
        "diff",
        &[
            ("cargo omega diff bitcell", "what its last run changed of gold"),
            ("cargo omega diff old/result.json target/omega/demo/bitcell/result.json", "what changed between two runs"),
        ],
    ),
    ("check", &[("cargo omega check bitcell", "is it ready for a long run, and what could the run show?")]),
    (
        "eval",
        &[
            ("cargo omega eval bitcell vdd=0.9 vth=0.31", "the baseline with two other values"),
            ("cargo omega eval bitcell --gold vdd=0.9", "what gold accepts, with another value"),
            ("cargo omega eval bitcell --candidate 17", "a candidate of the last run"),
        ],
    ),
    (
        "gate",
        &[
            ("cargo omega gate --train train.json --holdout holdout.json", "two arrays"),
            (
                "cargo omega gate --train scores.csv:train --holdout 'scores.csv:block_*'",
                "a column, and a block in each of several",
            ),
            (
                "cargo omega gate --train verdict.json --rule kc4",
                "a gate verdict of the Python package, by its numbers",
            ),
        ],
    ),
    (
        "import",
        &[
            ("cargo omega import optuna.db --study amp -o omega/amp.study.json", "one study of Optuna's database"),
            (
                "cargo omega import trials.csv --score loss --direction minimize --params p_* -o trials.study.json",
                "any table",
            ),
        ],
    ),
    (
        "study",
        &[
            ("cargo omega study optuna.db --study amp", "what the record shows"),
            ("cargo omega study optuna.db --other attributes.val", "do the ranks hold by a score on other data?"),
            ("cargo omega study amp.study.json --report amp.html", "the same as a page"),
            ("cargo omega study optuna.db --calibration amp", "its trials evaluated again, and judged"),
        ],
    ),
    (
        "bench",
        &[
            ("cargo omega bench", "every method on every keyhole"),
            ("cargo omega bench --method tpe --keyhole phantom --seed 7", "one of them"),
        ],
    ),
    (
        "show",
        &[
            ("cargo omega show", "the last run of every calibration"),
            ("cargo omega show bitcell", "the scorecard of one"),
            ("cargo omega show bitcell --candidate 17", "one candidate on every slice"),
            ("cargo omega show other/result.json", "the scorecard of any artifact"),
            ("cargo omega show --declaration bitcell", "its rules, and where each value comes from"),
        ],
    ),
    ("report", &[("cargo omega report bitcell -o report.html", "its last run as one HTML page")]),
    (
        "init",
        &[
            ("cargo omega init", "set up the package of this directory"),
            ("cargo omega init --python", "set this directory up for a target in Python"),
            ("cargo omega init --check", "only say what is missing"),
        ],
    ),
    (
        "verify",
        &[
            ("cargo omega verify bitcell", "follow the chain and make result and scorecard again"),
            ("cargo omega verify trail.jsonl --extends older.jsonl", "is it a later state of the same trail?"),
        ],
    ),
    (
        "audit",
        &[(
            "cargo omega audit target/omega/demo/bitcell -o audit.json --hash-chain",
            "so that omega-lock for Python can verify it",
        )],
    ),
    (
        "explain",
        &[
            ("cargo omega explain kc4", "a gate"),
            ("cargo omega explain gold", "a case"),
            ("cargo omega explain FAIL:KC-4,HOLDOUT", "a verdict"),
            ("cargo omega explain 6", "an exit code"),
            ("cargo omega explain gates.pearson_min", "a key of omega.toml"),
            ("cargo omega explain keys", "all of them, as Markdown"),
        ],
    ),
    (
        "worker",
        &[
            ("cargo omega worker check -- python3 strategies/amplifier.py", "does this program keep to the protocol?"),
            (
                "cargo omega worker check --slice '{\"year\":2019}' -- sh worker.sh",
                "the same for one slice of the data",
            ),
        ],
    ),
    ("demo", &[("cargo omega demo", "needs no project")]),
    ("schema", &[("cargo omega schema > omega.schema.json", "for an editor")]),
    (
        "completions",
        &[
            ("cargo omega completions bash > ~/.omega-completion.bash", "source that file in ~/.bashrc"),
            ("cargo omega completions fish > ~/.config/fish/conf.d/cargo-omega.fish", "for every fish from now on"),
            ("cargo omega completions zsh > ~/.zfunc/_cargo-omega", "in a directory of fpath"),
        ],
    ),
    ("version", &[("cargo omega version", "the same as `cargo omega --version`")]),
];

/// What stands below the options of a subcommand's help.
pub(super) fn of(command: &str) -> String {
    let known = EXAMPLES.iter().find(|(name, _)| *name == command);
    let lines = known.into_iter().flat_map(|(_, examples)| *examples);
    let lines: Vec<String> = lines.map(|(line, meaning)| format!("  {line}\n      {meaning}")).collect();
    format!("Examples:\n{}\n\n{}", lines.join("\n"), exit_codes())
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, Parser};

    use super::EXAMPLES;
    use crate::cli::Cargo;

    #[test]
    fn every_subcommand_has_examples_and_every_example_is_understood() {
        let grammar = Cargo::command();
        let omega = grammar.get_subcommands().next().expect("omega");
        for name in omega.get_subcommands().map(clap::Command::get_name).chain(["omega"]) {
            assert!(EXAMPLES.iter().any(|(known, _)| *known == name), "`{name}` has no example");
        }
        for (line, _) in EXAMPLES.iter().flat_map(|(_, examples)| *examples) {
            let words = line.split(['|', '>']).next().unwrap_or_default().replace("\"new corners\"", "new");
            Cargo::try_parse_from(words.split_whitespace()).unwrap_or_else(|error| panic!("{line}: {error}"));
        }
    }
}
