//! The harness itself can fail: a comparison that accepts anything would pass every case.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use libtest_mimic::{Failed, Trial};
use tempfile::TempDir;

use crate::{DIRECTORY, fixtures};

type Runner = fn() -> Result<(), Failed>;

/// Two cases that every trial below starts from.
const EVALUATE: &str = "evaluate-phantom-42.json";
const RNG: &str = "rng-7.json";
/// A whole run with its record.
const P1: &str = "p1-phantom-audited-7.json";

/// Each starts this very program on a directory of its own.
pub(crate) fn trials() -> Vec<Trial> {
    let trials: [(&str, Runner); 8] = [
        ("copied_cases_pass_under_their_names", copied_cases_pass_under_their_names),
        ("one_changed_digit_fails_that_case_alone", one_changed_digit_fails_that_case_alone),
        ("one_changed_status_in_a_record_fails_that_case", one_changed_status_in_a_record_fails_that_case),
        ("an_empty_folder_fails", an_empty_folder_fails),
        ("a_folder_that_is_not_there_fails", a_folder_that_is_not_there_fails),
        ("an_unknown_kind_fails", an_unknown_kind_fails),
        ("a_file_that_is_no_json_fails", a_file_that_is_no_json_fails),
        ("a_list_is_nothing_but_the_list", a_list_is_nothing_but_the_list),
    ];
    trials.into_iter().map(|(name, run)| Trial::test(format!("harness::{name}"), run)).collect()
}

fn copied_cases_pass_under_their_names() -> Result<(), Failed> {
    let folder = Folder::with(&[EVALUATE, RNG])?;
    let run = folder.run(&[])?;
    run.says(&["test evaluate::evaluate-phantom-42 ... ok", "test rng::rng-7 ", "2 passed"])?;
    run.ends_with(0)
}

fn one_changed_digit_fails_that_case_alone() -> Result<(), Failed> {
    let folder = Folder::with(&[EVALUATE, RNG])?;
    folder.change(EVALUATE, |text| {
        let expected = text.find("\"expected\"")?;
        let fitness = expected + text[expected..].find("\"fitness\":")?;
        let digit = fitness + text[fitness..].find(['.'])? + 1;
        let other = if text[digit..].starts_with('9') { "8" } else { "9" };
        Some(format!("{}{other}{}", &text[..digit], &text[digit + 1..]))
    })?;
    let run = folder.run(&[])?;
    run.says(&["test evaluate::evaluate-phantom-42 ... FAILED", "1 passed; 1 failed"])?;
    run.says(&[EVALUATE, "expected.rows[0].fitness: found "])?;
    run.ends_with(101)
}

fn one_changed_status_in_a_record_fails_that_case() -> Result<(), Failed> {
    let folder = Folder::with(&[P1])?;
    folder.change(P1, |text| {
        let runs = text.find("\"runs\"")?;
        let passed = runs + text[runs..].find("\"constraints_passed\":[\"")?;
        let (before, after) = text.split_at(passed);
        Some(format!("{before}{}", after.replacen("[\"", "[\"un", 1)))
    })?;
    let run = folder.run(&[])?;
    run.says(&["audit_report.runs[", ".constraints_passed[0]: found ", "0 passed; 1 failed"])?;
    run.ends_with(101)
}

fn an_empty_folder_fails() -> Result<(), Failed> {
    let run = Folder::with(&[])?.run(&[])?;
    run.says(&["the folder holds no case", "0 passed; 1 failed"])?;
    run.ends_with(101)
}

fn a_folder_that_is_not_there_fails() -> Result<(), Failed> {
    let folder = Folder::with(&[])?;
    let run = start(&folder.0.path().join("missing"), &[])?;
    run.says(&["missing", "0 passed; 1 failed"])?;
    run.ends_with(101)
}

fn an_unknown_kind_fails() -> Result<(), Failed> {
    let folder = Folder::with(&[EVALUATE, RNG])?;
    folder.change(RNG, |text| Some(text.replacen("\"rng\"", "\"dice\"", 1)))?;
    let run = folder.run(&[])?;
    run.says(&["test dice::rng-7 ", "unknown kind `dice`, expected one of rng, ", "1 failed"])?;
    run.ends_with(101)
}

fn a_file_that_is_no_json_fails() -> Result<(), Failed> {
    let folder = Folder::with(&[EVALUATE])?;
    std::fs::write(folder.file("notes.txt"), "to do")?;
    let run = folder.run(&[])?;
    run.says(&["test unreadable::notes.txt ", "1 passed; 1 failed"])?;
    run.ends_with(101)
}

fn a_list_is_nothing_but_the_list() -> Result<(), Failed> {
    let run = Folder::with(&[EVALUATE, RNG])?.run(&["--list", "--format", "terse"])?;
    let listed = "evaluate::evaluate-phantom-42: test\nrng::rng-7: test\n";
    if run.output.stdout == listed.as_bytes() && run.output.stderr.is_empty() {
        run.ends_with(0)
    } else {
        Err(run.text().into())
    }
}

/// A directory of cases that goes away with it.
struct Folder(TempDir);

impl Folder {
    fn with(files: &[&str]) -> Result<Self, Failed> {
        let folder = Self(TempDir::new()?);
        for file in files {
            std::fs::copy(fixtures().join(file), folder.file(file))?;
        }
        Ok(folder)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn change(&self, name: &str, edit: fn(&str) -> Option<String>) -> Result<(), Failed> {
        let text = std::fs::read_to_string(self.file(name))?;
        let changed = edit(&text).filter(|changed| *changed != text).ok_or("nothing to change")?;
        Ok(std::fs::write(self.file(name), changed)?)
    }

    fn run(&self, arguments: &[&str]) -> Result<Run, Failed> {
        start(self.0.path(), arguments)
    }
}

fn start(directory: &Path, arguments: &[&str]) -> Result<Run, Failed> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["--color", "never", "--test-threads", "1"]).args(arguments);
    Ok(Run { output: command.env(DIRECTORY, directory).output()? })
}

/// A finished run of this program.
struct Run {
    output: Output,
}

impl Run {
    fn text(&self) -> String {
        let part = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        format!("{}{}", part(&self.output.stdout), part(&self.output.stderr))
    }

    fn says(&self, parts: &[&str]) -> Result<(), Failed> {
        let text = self.text();
        match parts.iter().find(|part| !text.contains(**part)) {
            Some(part) => Err(format!("no `{part}` in\n{text}").into()),
            None => Ok(()),
        }
    }

    fn ends_with(&self, code: i32) -> Result<(), Failed> {
        if self.output.status.code() == Some(code) {
            Ok(())
        } else {
            Err(format!("ended with {}, not {code}\n{}", self.output.status, self.text()).into())
        }
    }
}
