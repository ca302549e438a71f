//! `cargo omega explain`: what a gate, a case or an exit code means, and what to do about it.
//!
//! What a key of omega.toml means is the table of keys' to say, and what an exit code means is the code's.

use omega_lock::artifacts::ExitCode;
use omega_lock::declaration::reference;
use omega_lock::objective::spelling::similar;

use super::explain_key;
use crate::cli::ExplainArgs;
use crate::failure::Failure;
use crate::ui::{Role, Ui};

/// How many near names are worth reading.
const SUGGESTIONS: usize = 3;
/// A comfortable line.
const WIDTH: usize = 96;

/// What is known of a gate or another case.
struct Page {
    name: &'static str,
    asks: &'static str,
    /// The sentence "it fails when", as the README has it too.
    fails: &'static str,
    advice: &'static str,
    /// Its keys in a calibration's table.
    keys: &'static [&'static str],
}

const PAGES: &[Page] = &[
    Page {
        name: "kc1",
        asks: "Did the run keep to the time it was given?",
        fails: "the run took longer than its time box, which ends it under `strict`, rounds, null runs and holdout included; \
                under `reference` it is a round's, looked at when everything is evaluated",
        advice: "Search less (fewer points, trials or parameters), make the target faster, or declare a longer box. The \
                 seconds are in timings.json, phase by phase.",
        keys: &["gates.time_box_seconds"],
    },
    Page {
        name: "kc2",
        asks: "Do a few parameters matter much more than the others?",
        fails: "the parameters matter too evenly for tuning a few of them to mean anything",
        advice: "Look at the stress ranking of the scorecard. If all stresses are near zero, the steps are too small or \
                 the target does not use its parameters; if all are alike, tune all of them, or none. Nothing is \
                 searched when this gate fails.",
        keys: &["gates.gini_min", "gates.top_bot_ratio_min", "gates.min_nonzero_stress_count", "stress.epsilons"],
    },
    Page {
        name: "kc3",
        asks: "Do enough samples stand behind the numbers?",
        fails: "too few samples stand behind a number the verdict rests on",
        advice: "Give the target more data, or report samples with `Evaluation::samples`: without it there are none. A \
                 target that counts nothing declares `gates.preset = \"pure_objective\"`.",
        keys: &["gates.trade_count_min", "gates.preset"],
    },
    Page {
        name: "kc4",
        asks: "Does what ranks high on train rank high on test, and does it act about as often there?",
        fails: "what ranks high on train does not rank high on test (shown only, under `strict`), or acts far less often \
                there",
        advice: "The search has fitted the train slice. Take more or other train data, fewer parameters, a coarser \
                 search. Lowering the threshold after having seen the result is what this tool exists to show.",
        keys: &["gates.pearson_min", "gates.trade_ratio_min", "gates.pearson", "walk_forward"],
    },
    Page {
        name: "finite",
        asks: "Is every number that the verdict rests on a number?",
        fails: "a number that the verdict rests on is NaN, infinite or missing",
        advice: "The message names the number. Mend the target there; let it return an error where it has no answer.",
        keys: &[],
    },
    Page {
        name: "searched",
        asks: "Was there something to search, and was it searched?",
        fails: "no parameter was unlocked, or there are too few distinct eligible candidates",
        advice: "Unlock more parameters or take more points. If most candidates violate a constraint, few are eligible: \
                 see the table of constraints in the scorecard.",
        keys: &["gates.searched.min_distinct", "search.unlock_k", "search.points_per_axis", "constraint_policy"],
    },
    Page {
        name: "improvement",
        asks: "Does the winner beat what is there already, on the data it was searched on?",
        fails: "the selected candidate does not beat the baseline on train",
        advice: "Keep the baseline. If something better is known to exist, the search does not reach it: unlock other \
                 parameters or take a finer one.",
        keys: &["gates.improvement.min", "base"],
    },
    Page {
        name: "selected",
        asks: "Does the very candidate that would ship hold up on test?",
        fails: "the selected candidate itself, on test: violates a constraint, is below the baseline, or drops too far",
        advice: "A winner that loses to the baseline on unseen data is not one. Search less finely, or on more data.",
        keys: &["gates.selected.max_drop"],
    },
    Page {
        name: "transfer",
        asks: "Is what is good on train good on test, beyond chance? Two permutation tests, rank and lead, both have to \
               say so. They take candidates for independent: where neighbours are alike, noise passes in 4 to 35 % of \
               searches unless a null version is declared. They are about the landscape, not about the winner.",
        fails: "rank on train says nothing of rank on test, or the best on train are no better on test than fresh uniform \
                draws",
        advice: "Read which half failed and its p-value. If the message says that significance was out of reach, there \
                 were too few candidates: search more. Else the search found noise.",
        keys: &["gates.transfer", "gates.seed"],
    },
    Page {
        name: "null",
        asks: "Is the winner better on test than winners of the same calibration where there is nothing to find?",
        fails: "the same calibration of null versions gives winners as good on test, where a null version is declared",
        advice: "The search finds as much in permuted data as in yours, so what it found is its own skill at fitting. Declare a null \
                 version with `Calibration::null`; without one the gate is skipped.",
        keys: &["gates.null"],
    },
    Page {
        name: "deterministic",
        asks: "Does the target say the same twice?",
        fails: "the baseline, evaluated again at the end, says something else",
        advice: "Seed every draw in the target, and keep no state between evaluations. A target that measures something \
                 declares how far it may differ.",
        keys: &["gates.deterministic.noise"],
    },
    Page {
        name: "constraint::<name>",
        asks: "Does the selected candidate keep this constraint?",
        fails: "the selected candidate violates the constraint on any slice it was evaluated on; under policy `record` it \
                is shown; under `reference` train counts, and only `hard_fail` decides",
        advice: "The case shows the slice, the value and the bound. `constraint_policy = \"prefer_feasible\"` selects \
                 around violations on train; a violation on test or holdout only is a finding.",
        keys: &["constraint_policy"],
    },
    Page {
        name: "constraints",
        asks: "Is there any candidate that keeps every constraint?",
        fails: "no candidate keeps every constraint, under the policy `hard_fail`",
        advice: "The scorecard counts violations by constraint. Widen the space, start from a feasible baseline, or \
                 state the constraint that was meant.",
        keys: &["constraint_policy"],
    },
    Page {
        name: "holdout",
        asks: "Does the selected candidate hold up on data that nothing in the run has seen?",
        fails: "the selected candidate stays below its thresholds on data seen once, in mode `gate`; else it is shown; \
                under `strict` also without a threshold, a target or a finite value",
        advice: "Do not tune until it passes: each look makes the data less unseen. Take fresh data for the next try, and \
                 declare `holdout.looks` so that the looks are counted.",
        keys: &["holdout"],
    },
    Page {
        name: "sc2",
        asks: "Is the search better than as many random draws?",
        fails: "never: it shows how the search compares with random draws",
        advice: "If random draws do as well, use them: they are simpler to judge.",
        keys: &["sc2"],
    },
    Page {
        name: "run",
        asks: "Did the calibration come to a verdict?",
        fails: "the run has no verdict: its target failed, its record could not be kept, it was interrupted, or what is declared \
                cannot be run",
        advice: "The case says which. A run that was interrupted or killed goes on when it is started again; \
                 `--fresh` starts over.",
        keys: &["max_failed_evaluations"],
    },
    Page {
        name: "declaration",
        asks: "Is the calibration judged by what the repository has accepted?",
        fails: "the declaration differs from the one in omega.lock, or there is no omega.lock",
        advice: "Each field is shown with its locked and its declared value, and whether that is looser. If the change \
                 is meant, write the lock with `cargo omega lock` and commit it, for a reviewer to see.",
        keys: &["lock"],
    },
    Page {
        name: "gold",
        asks: "Is the result the accepted one?",
        fails: "a figure moved further than its tolerance, a gate or the verdict changed, or there is no gold file",
        advice: "The case shows every figure that moved. If the new result is to be accepted, run `cargo omega review`, \
                 or `cargo omega update-gold --reason \"...\"`, and commit the file.",
        keys: &["gold", "tolerance", "anchor"],
    },
    Page {
        name: "consultations",
        asks: "Is the answer of the test slice clear enough for the number of times it was asked?",
        fails: "a p-value of `transfer` is above alpha / (j (j + 1)), this run being the j-th question to that data",
        advice: "Take test data that was not asked, under a new `identity` of the target. Outside of CI a new question is \
                 written to omega.ledger.jsonl: commit it.",
        keys: &["walk_forward.consultations", "gates.transfer.alpha"],
    },
    Page {
        name: "ledger",
        asks: "Was the holdout looked at no more often than declared?",
        fails: "this run is a look at the holdout behind the last one that is allowed",
        advice: "Take holdout data that was not looked at, under a new `identity` of the target. Outside of CI a new look is \
                 written to omega.ledger.jsonl: commit it.",
        keys: &["holdout.looks"],
    },
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
            "An evaluation returned an error, panicked, or gave a number that is none. The case names the parameters. \
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
    let gate = key_of(name);
    if let Some(page) = PAGES.iter().find(|page| page.name == gate) {
        ui.results(&page_text(page));
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
        [.., last] => {
            let last = last.trim_start_matches("exit").trim();
            last.strip_prefix("kc-").map(|number| format!("kc{number}")).unwrap_or_else(|| last.replace("sc-2", "sc2"))
        }
        [] => lower,
    }
}

fn unknown(name: &str) -> Failure {
    let near = similar(name, PAGES.iter().map(|page| page.name).chain(explain_key::names()), SUGGESTIONS);
    let help = match near.as_slice() {
        [] => "`cargo omega explain` lists the names".to_owned(),
        near => format!("similar: {}", near.join(", ")),
    };
    Failure::usage(format!("nothing is called `{name}`, expected a gate, a case, an exit code or a key of omega.toml"))
        .help(help)
}

fn list() -> String {
    let width = PAGES.iter().map(|page| page.name.len()).max().unwrap_or(0);
    let indent = width + 4;
    let mut text = format!("{}\n", Role::Note.paint("Gates and cases"));
    for page in PAGES {
        text.extend(["  ", &format!("{:width$}", page.name), "  ", &wrapped(page.asks, indent), "\n"]);
    }
    text.extend(["\n", &Role::Note.paint("Exit codes"), "\n"]);
    for code in ExitCode::ALL {
        text.extend(["  ", &format!("{:<width$}", code.number()), "  ", code.meaning(), "\n"]);
    }
    text.extend(["\n", &Role::Note.paint("Keys of omega.toml"), "\n  each by its name; `keys` shows them all\n"]);
    text
}

fn page_text(page: &Page) -> String {
    let mut text = format!("{}\n", Role::Note.paint(page.name));
    for (label, content) in [("asks", page.asks), ("fails when", page.fails), ("what to do", page.advice)] {
        text.extend(["  ", &format!("{label:<12}"), &wrapped(content, 14), "\n"]);
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

/// Broken at spaces into lines of a comfortable width, those behind the first indented.
pub(super) fn wrapped(text: &str, indent: usize) -> String {
    let mut lines = String::new();
    let mut column = indent;
    for word in text.split_whitespace() {
        if column > indent && column + 1 + word.chars().count() > WIDTH {
            lines.extend(["\n", &" ".repeat(indent)]);
            column = indent;
        } else if column > indent {
            lines.push(' ');
            column += 1;
        }
        lines.push_str(word);
        column += word.chars().count();
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_that_a_page_names_is_one_of_omega_toml() {
        for page in PAGES {
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
        ] {
            assert_eq!(key_of(typed), page, "{typed}");
        }
    }

    #[test]
    fn a_text_is_broken_at_spaces_only() {
        let text = wrapped(&"twelve chars ".repeat(20), 14);
        assert!(text.lines().count() > 2 && text.lines().all(|line| line.chars().count() <= WIDTH));
        assert_eq!(text.split_whitespace().count(), 40);
    }
}
