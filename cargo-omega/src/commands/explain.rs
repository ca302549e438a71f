//! `cargo omega explain`: what a gate, a case or an exit code means, and what to do about it.
//!
//! What a gate means stands in the gate's own file, what a key of omega.toml means in the table of keys, and what an exit
//! code means beside the code.

use omega_lock::internals::artifacts::ExitCode;
use omega_lock::internals::declaration::reference;
use omega_lock::internals::gates::{Gate, GateId};
use omega_lock::internals::objective::spelling::similar;

use super::explain_key;
use crate::cli::ExplainArgs;
use crate::failure::Failure;
use crate::ui::{Role, Ui};

/// How many near names are worth reading.
const SUGGESTIONS: usize = 3;
/// A comfortable line.
const WIDTH: usize = 96;

/// What is known of a case.
struct Page {
    name: String,
    asks: &'static str,
    /// What completes "it fails when".
    fails: &'static str,
    advice: &'static str,
    /// Whether a value that is tried by hand helps.
    by_hand: bool,
    /// Its keys in a calibration's table.
    keys: &'static [&'static str],
}

/// Every gate, as its own file describes it, and the cases that are none.
fn pages() -> Vec<Page> {
    let gates = GateId::every(&["<name>"]).into_iter().map(|gate| {
        let &Gate { asks, fails, advice, keys, .. } = gate.about();
        Page { name: gate.id(), asks, fails, advice, by_hand: gate.is_tried_by_hand(), keys }
    });
    let others = CASES.iter().map(|&(name, asks, fails, advice, keys)| Page {
        name: name.to_owned(),
        asks,
        fails,
        advice,
        by_hand: false,
        keys,
    });
    gates.chain(others).collect()
}

type Case = (&'static str, &'static str, &'static str, &'static str, &'static [&'static str]);

/// Name, question, when it fails, what to do, and keys of the cases that are no gates.
const CASES: [Case; 7] = [
    (
        "run",
        "Did the calibration come to a verdict?",
        "the run has no verdict: its target failed, its record could not be kept, it was interrupted, or what is declared \
                cannot be run",
        "The case says which. A run that was interrupted or killed goes on when it is started again; \
                 `--fresh` starts over.",
        &["max_failed_evaluations"],
    ),
    (
        "declaration",
        "Is the calibration judged by what the repository has accepted?",
        "the declaration differs from the one in omega.lock, or there is no omega.lock",
        "Each field is shown with its locked and its declared value, and whether that is looser. If the change \
                 is meant, write the lock with `cargo omega lock` and commit it, for a reviewer to see.",
        &["lock"],
    ),
    (
        "gold",
        "Is the result the accepted one?",
        "a figure moved further than its tolerance, a gate or the verdict changed, or there is no gold file",
        "The case shows every figure that moved. If the new result is to be accepted, run `cargo omega review`, \
                 or `cargo omega update-gold --reason \"...\"`, and commit the file.",
        &["gold", "tolerance", "anchor"],
    ),
    (
        "shipped",
        "Does production use what was accepted?",
        "the shipped file is missing or says another value than gold, to the bit, or the accepted result did not pass",
        "The case names the parameter, what the file has and what gold has. `cargo omega ship NAME` writes the file again from \
                 gold; a file with `ship.keys` is changed by hand.",
        &["ship"],
    ),
    (
        "consultations",
        "Is the answer of the test slice clear enough for the number of times it was asked?",
        "this run asks that data for the j-th time, and a p-value is above alpha / (j (j + 1))",
        "Take test data that nobody has asked, and give it a new `identity`. Outside of CI a run writes its question to \
                 omega.ledger.jsonl: commit it.",
        &["walk_forward.consultations", "gates.transfer.alpha"],
    ),
    (
        "ledger",
        "Was the holdout looked at no more often than declared?",
        "this run looks at the holdout once more than `holdout.looks` allows",
        "Take holdout data that nobody has looked at, and give it a new `identity`. Outside of CI a run writes its look \
                 to omega.ledger.jsonl: commit it.",
        &["holdout.looks"],
    ),
    (
        "recheck",
        "Does what was accepted still do what gold says, without another search?",
        "`recheck::accepted`: what is declared or accepted is not what the base has, did not pass, or is older than declared; \
         `recheck::reproduces`: a figure moved further from gold than its tolerance; `recheck::constraints`: a constraint is \
         violated. The others are the gates of their names",
        "Run the search: `cargo omega test NAME`. What it finds is accepted as ever, and where it comes to gold again \
         `cargo omega update-gold` confirms it. `--recheck=or-search` searches in the place of a refusal.",
        &["recheck"],
    ),
];

/// What to do, by exit code.
const fn advice(code: ExitCode) -> &'static str {
    match code {
        ExitCode::Pass => "Nothing. What was skipped stands beside the verdict.",
        ExitCode::No => {
            "Read the failed cases: each shows what was measured and what is required, and `cargo omega explain` knows \
             each by name. `diff` and `lock --check` use this code for a regression or a difference."
        }
        ExitCode::Usage => "Mend what the message names: a flag, a manifest, a key of omega.toml. Nothing was judged.",
        ExitCode::Damaged => {
            "`cargo omega verify PATH` says which byte or row. Nothing is repaired by itself; `cargo omega test --fresh` \
             sets a damaged trail aside and starts over."
        }
        ExitCode::TargetFailed => {
            "An evaluation returned an error, panicked, or gave a number that is not finite. The case names the parameters. \
             Evaluations that may fail are declared: `max_failed_evaluations`."
        }
        ExitCode::Internal => {
            "No question was answered: a build failed, a file could not be written, a harness crashed, or the run was \
             interrupted. Started again, an interrupted run continues."
        }
        ExitCode::NothingEvaluated => {
            "Filters matched no case, all matching cases are skipped, or no calibration is declared. `cargo omega test \
             -- --list` shows what there is."
        }
    }
}

/// Shows one page, or which there are.
pub(crate) fn run(arguments: &ExplainArgs, ui: &mut Ui) -> Result<ExitCode, Failure> {
    let Some(name) = &arguments.name else {
        ui.results(&list());
        return Ok(ExitCode::Pass);
    };
    if let Some(text) = verdict_text(name) {
        ui.results(&text);
        return Ok(ExitCode::Pass);
    }
    if let Some(text) = study_text(name) {
        ui.results(&text);
        return Ok(ExitCode::Pass);
    }
    let gate = key_of(name);
    if let Some(page) = pages().iter().find(|page| page.name == gate) {
        ui.results(&page_text(page, calibration_of(name)));
    } else if let Some(code) = ExitCode::ALL.into_iter().find(|code| code.number().to_string() == gate) {
        ui.results(&code_text(code));
    } else if gate == "keys" {
        ui.results(&reference());
    } else if let Some(pages) = explain_key::pages(name) {
        ui.results(&pages);
    } else {
        return Err(unknown(name));
    }
    Ok(ExitCode::Pass)
}

/// The page that a name is about, as it stands in a case, a verdict or a script: `bitcell::gate::kc4`, `KC-4`,
/// `constraint::margin`, `exit 3`.
fn key_of(name: &str) -> String {
    let lower = name.trim().to_lowercase();
    let parts: Vec<&str> = lower.split("::").collect();
    match parts.as_slice() {
        [.., "constraint", _] | ["constraint"] => "constraint::<name>".to_owned(),
        [.., "recheck", "accepted" | "reproduces" | "constraints"] => "recheck".to_owned(),
        [.., last] => {
            let last = last.trim_start_matches("exit").trim();
            let last = last.strip_prefix("gate.").or_else(|| last.strip_prefix("gates.")).unwrap_or(last);
            last.strip_prefix("kc-").map(|number| format!("kc{number}")).unwrap_or_else(|| last.replace("sc-2", "sc2"))
        }
        [] => lower,
    }
}

/// The pages of all that a verdict blames, as it stands in a verdict, with blanks or without: `FAIL: KC-4, margin`; `None` if
/// it is none.
fn verdict_text(typed: &str) -> Option<String> {
    let lower = typed.trim().trim_matches('`').to_lowercase();
    if let Some((verdict, _)) = lower.split_once(" (rechecked") {
        let recheck = pages().into_iter().find(|page| page.name == "recheck").map(|page| page_text(&page, None));
        return Some([verdict_text(verdict)?, recheck.unwrap_or_default()].join("\n"));
    }
    if lower == "pass" {
        return Some(about(&PASS));
    }
    let failed = lower.strip_prefix("fail")?.trim_start_matches([':', ' ']);
    if failed.is_empty() {
        return Some(about(&FAIL));
    }
    let pages = pages();
    let page = |name: &str| {
        let name = key_of(name.trim());
        let of_a_round = name.strip_prefix("round").is_some_and(|number| number.parse::<u32>().is_ok());
        match name.as_str() {
            "no_rounds" => Some(about(&NO_ROUNDS)),
            _ if of_a_round => Some(about(&ROUND)),
            name => pages.iter().find(|page| page.name == name).map(|page| page_text(page, None)),
        }
    };
    failed.split(',').map(page).collect::<Option<Vec<_>>>().map(|pages| pages.join("\n"))
}

/// What is said of a word of a verdict that is no gate: the word, what it means, what to do.
type Word = (&'static str, &'static str, &'static str);

const PASS: Word = (
    "PASS",
    "Every gate that decides holds. So does every case that compares the run with what the repository accepted.",
    "Look at what stands beside it: what it rests on (`blocks 8`, `null 19`, or `approximate`), what was skipped, what is off.",
);
const FAIL: Word = (
    "FAIL",
    "At least one gate or case does not hold. Their names stand behind the colon, in the order in which they were judged.",
    "Ask for each by its name, or for the whole verdict in quotes: cargo omega explain \"FAIL:KC-4,HOLDOUT\".",
);
const ROUND: Word = (
    "round N",
    "Gates of this round of an iterative run failed, so the run kept nothing of it.",
    "The failed cases say which gates, with the round before their figures. `cargo omega show NAME` has every round.",
);
const NO_ROUNDS: Word = (
    "no_rounds",
    "An iterative run had nothing to run: no parameter was left to unlock.",
    "Give the space parameters that may move, and `iterative.rounds` at least 1.",
);

/// What a study can come to, and what one is. `UNPROVEN` is also what the page of a result says that no trail
/// gives.
const STUDY: [Word; 3] = [
    (
        "RECORD",
        "The study of another tool has one score a trial, on data that the search saw. Nothing was evaluated, so nothing is \
         judged. `cargo omega study` says it, with exit code 6.",
        "Look at what speaks against the winner. A second score on data that the search did not see can be named with \
         `--other`; a verdict needs evaluations: `cargo omega explain study`.",
    ),
    (
        "UNPROVEN",
        "Nothing was evaluated. Of a study: ranks by a second score agree or do not, or parts of the score speak against the \
         record, and nobody looked at where the numbers come from; exit code 6, with `--allow-unproven` 0 if ranks agree and 1 \
         if something speaks against it. Of a result: its file says PASS, and no trail beside it gives that.",
        "Of a study: let a calibration evaluate its winner again, `cargo omega explain study`. Of a result: keep the trail \
         beside it, or run the calibration again.",
    ),
    (
        "study",
        "What another optimizer left behind: its trials, each with parameters, scores and state. `cargo omega study FILE` says \
         what they show, and `cargo omega import FILE -o amp.study.json` writes them in one form.",
        "For a verdict name the imported file in omega.toml, `search = { method = \"study\", file = \"amp.study.json\" }`: \
         `cargo omega test` evaluates its best trials again, and the gate `reproduces` holds them against their record. \
         docs/studies.md shows how.",
    ),
];

/// A word of a study, also as it stands before a bracket or a colon: `UNPROVEN (paired): the recorded ranks agree`.
fn study_text(typed: &str) -> Option<String> {
    let lower = typed.trim().trim_matches('`').to_lowercase();
    let word = lower.split([' ', ':', '(']).next()?;
    STUDY.iter().find(|(name, ..)| name.to_lowercase() == word).map(about)
}

fn about((name, means, advice): &Word) -> String {
    let head = Role::Note.paint(name);
    format!("{head}\n  {:<12}{}\n  {:<12}{}\n", "means", wrapped(means, 14), "what to do", wrapped(advice, 14))
}

fn unknown(name: &str) -> Failure {
    let pages = pages();
    let mut names: Vec<&str> = pages.iter().map(|page| page.name.as_str()).collect();
    STUDY.iter().for_each(|(word, ..)| names.push(word));
    explain_key::names().for_each(|key| names.push(key));
    let near = similar(name, names, SUGGESTIONS);
    let help = match near.as_slice() {
        [] => "`cargo omega explain` lists the names".to_owned(),
        near => format!("similar: {}", near.join(", ")),
    };
    Failure::usage(format!(
        "nothing is called `{name}`, expected a gate, a case, a verdict, an exit code or a key of omega.toml"
    ))
    .help(help)
}

fn list() -> String {
    let pages = pages();
    let width = pages.iter().map(|page| page.name.len()).max().unwrap_or(0);
    let indent = width + 4;
    let mut text = format!("{}\n", Role::Note.paint("Gates and cases"));
    for page in &pages {
        text.extend(["  ", &format!("{:width$}", page.name), "  ", &wrapped(page.asks, indent), "\n"]);
    }
    text.extend(["\n", &Role::Note.paint("Exit codes"), "\n"]);
    for code in ExitCode::ALL {
        text.extend(["  ", &format!("{:<width$}", code.number()), "  ", code.meaning(), "\n"]);
    }
    text.extend(["\n", &Role::Note.paint("Verdicts and words"), "\n  as they are written, in quotes; PASS, FAIL"]);
    STUDY.iter().for_each(|(word, ..)| text.extend([", ", word]));
    text.push('\n');
    text.extend(["\n", &Role::Note.paint("Keys of omega.toml"), "\n  each by its name; `keys` shows them all\n"]);
    text
}

/// The calibration that a case is of, as it was typed: `bowl` of `bowl::gate::kc4`.
fn calibration_of(typed: &str) -> Option<&str> {
    let (name, case) = typed.trim().split_once("::")?;
    (name != "constraint" && name != "gate" && !case.is_empty()).then_some(name)
}

fn page_text(page: &Page, calibration: Option<&str>) -> String {
    let mut text = format!("{}\n", Role::Note.paint(&page.name));
    for (label, content) in [("asks", page.asks), ("fails when", page.fails), ("what to do", page.advice)] {
        text.extend(["  ", &format!("{label:<12}"), &wrapped(content, 14), "\n"]);
    }
    if page.by_hand {
        let command = format!("cargo omega eval {} KEY=VALUE", calibration.unwrap_or("NAME"));
        text.extend(["  ", &format!("{:<12}", "by hand"), &command, ", for another value on train\n"]);
    }
    let keys: Vec<_> = page.keys.iter().flat_map(|key| explain_key::described(key)).collect();
    if !keys.is_empty() {
        let width = keys.iter().map(|(key, _)| key.len()).max().unwrap_or(0);
        text.push_str("  keys of omega.toml, below `[calibration.NAME]`\n");
        for (key, meaning) in keys {
            text.extend(["    ", &format!("{key:width$}"), "  ", meaning, "\n"]);
        }
        text.push_str("  their values: cargo omega show --declaration NAME\n");
    }
    text
}

fn code_text(code: ExitCode) -> String {
    let head = Role::Note.paint(&format!("exit code {}", code.number()));
    format!("{head}\n  {:<12}{}\n  {:<12}{}\n", "means", code.meaning(), "what to do", wrapped(advice(code), 14))
}

/// Broken into lines of a comfortable width.
pub(super) fn wrapped(text: &str, indent: usize) -> String {
    omega_lock::internals::report::wrapped(text, indent, WIDTH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_that_a_page_names_is_one_of_omega_toml() {
        for page in pages() {
            for key in page.keys {
                assert!(!explain_key::described(key).is_empty(), "{}: {key}", page.name);
            }
        }
    }

    #[test]
    fn a_name_is_understood_as_it_stands_in_a_case_or_a_verdict() {
        for (typed, page) in [
            ("kc4", "kc4"),
            ("KC-4", "kc4"),
            ("SC-2", "sc2"),
            ("bitcell::gate::kc4", "kc4"),
            ("bitcell::constraint::margin", "constraint::<name>"),
            ("constraint", "constraint::<name>"),
            ("constraints", "constraints"),
            ("exit 3", "3"),
            ("gate.reproduces", "reproduces"),
            ("gates.kc4", "kc4"),
            ("bitcell::recheck::accepted", "recheck"),
            ("bitcell::recheck::margin", "margin"),
        ] {
            assert_eq!(key_of(typed), page, "{typed}");
        }
    }
}
