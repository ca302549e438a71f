//! omega.ledger.jsonl: the looks at every holdout, and the questions to every test slice, one line each.
//!
//! A holdout tells the truth once; whoever tries again until it likes a candidate learns nothing from it. A test slice is
//! asked more often, and each question is one more chance to be told yes. The same question asked again is the same look,
//! whatever the calibration is called, and whichever machine asks it.

use camino::Utf8Path;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

#[cfg(feature = "harness")]
use super::result::entries;
use super::{ArtifactError, Number, ParamValue, PassEntry, RunResult, append_line, read_text};
#[cfg(feature = "harness")]
use super::{remove, write_text};
#[cfg(feature = "harness")]
use crate::declaration::Declaration;
use crate::declaration::{asks, conflict};
use crate::number::general;
use crate::objective::Role;
#[cfg(feature = "harness")]
use crate::objective::{Outcome, Params, of_all_windows};
#[cfg(feature = "harness")]
use crate::pipeline::{Pass, Rechecked};

/// One look at data that was set aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Look {
    /// The slice, `test` or `holdout`.
    pub role: String,
    /// Which data: what its target says that it is.
    pub data: String,
    /// SHA-256, hex, over what was asked: the fields that decide what is searched and selected, the selected parameters,
    /// and the fitness of winner and baseline on train and test. Numbers that were measured count to six digits, so that
    /// another processor's last bit is no other question.
    pub question: String,
    /// Name of the calibration that looked; another name is no other look.
    pub calibration: String,
}

impl Look {
    /// The look of a run at its test or holdout slice.
    pub fn of(result: &RunResult, role: Role) -> Self {
        let fields = result.declaration.0.iter().map(|(key, value)| (key.as_str(), value.as_str()));
        let data = result.identity(role).unwrap_or_default();
        Self::at(role, data, fields, &result.passes, &result.calibration)
    }

    /// The look that a run is about to take at its holdout: that of its result, if it comes to one.
    #[cfg(feature = "harness")]
    pub(crate) fn ahead(declaration: &Declaration, passes: &[Pass]) -> Self {
        let (role, fields) = (Role::Holdout, declaration.fields());
        let fields = fields.iter().map(|field| (field.key.as_str(), field.value.as_str()));
        let data = declaration.roles.iter().find(|(served, _)| *served == role).map(|(_, data)| data.clone());
        let passes = entries(declaration, passes);
        Self::at(role, data.unwrap_or_default(), fields, &passes, &declaration.name)
    }

    fn at<'f>(
        role: Role,
        data: String,
        fields: impl Iterator<Item = (&'f str, &'f str)>,
        passes: &[PassEntry],
        calibration: &str,
    ) -> Self {
        let fields = fields.filter(|(key, _)| asks(key, role));
        let mut asked: String = fields.map(|(key, value)| format!("{key} = {value}\n")).collect();
        for pass in passes {
            let found = pass.selected.as_ref();
            let params = found.iter().flat_map(|found| &found.params.0);
            asked.extend(params.map(|(name, value)| said(name, value)));
            let train = [found.and_then(|found| found.fitness), pass.baseline.fitness];
            asked += &train.into_iter().chain(on_test(pass)).map(six).collect::<Vec<_>>().join(" ");
            asked.push('\n');
        }
        Self { role: role.name().to_owned(), data, question: digest(&asked), calibration: calibration.to_owned() }
    }

    /// The question of a recheck to the test slice. That of one pass is the question of the run that selects the same with the same
    /// figures, and counts once with it.
    #[cfg(feature = "harness")]
    pub(crate) fn rechecked(declaration: &Declaration, params: &Params, found: &Rechecked) -> Self {
        let fields = declaration.fields();
        let fields = fields.iter().filter(|field| asks(&field.key, Role::Test));
        let mut asked: String = fields.map(|field| format!("{} = {}\n", field.key, field.value)).collect();
        if declaration.config.pipeline() != "p1" {
            asked += "rechecked\n";
        }
        asked.extend(params.iter().map(|(name, value)| said(name, &ParamValue::from(value))));
        let fitness = |outcome: Option<&Outcome>| outcome?.evaluation().map(|seen| Number(seen.fitness));
        let test = [found.accepted_on_test.as_ref(), found.baseline_on_test.as_ref()];
        let all = [Some(&found.accepted), Some(&found.baseline)].into_iter().chain(test);
        asked += &all.map(|outcome| six(fitness(outcome))).collect::<Vec<_>>().join(" ");
        asked.push('\n');
        let windows = declaration.windows.iter().map(|window| window.test.as_str());
        let data = match declaration.config.windows {
            Some(_) => of_all_windows(windows),
            None => declaration
                .roles
                .iter()
                .find(|(role, _)| *role == Role::Test)
                .map(|(_, data)| data.clone())
                .unwrap_or_default(),
        };
        let (role, calibration) = (Role::Test.name().to_owned(), declaration.name.clone());
        Self { role, data, question: digest(&asked), calibration }
    }

    /// The look of parameters that somebody tries by hand.
    #[cfg(feature = "harness")]
    pub(crate) fn by_hand(declaration: &Declaration, params: &Params, role: Role) -> Self {
        let fields = declaration.fields();
        let fields = fields.iter().filter(|field| asks(&field.key, role));
        let mut asked: String = fields.map(|field| format!("{} = {}\n", field.key, field.value)).collect();
        asked += "by hand\n";
        asked.extend(params.iter().map(|(name, value)| format!("{name:?} {}\n", ParamValue::from(value))));
        let question = digest(&asked);
        let data = declaration.roles.iter().find(|(served, _)| *served == role).map(|(_, data)| data.clone());
        let (role, calibration) = (role.name().to_owned(), declaration.name.clone());
        Self { role, data: data.unwrap_or_default(), question, calibration }
    }

    /// As a change of the ledger names it.
    pub fn named(&self) -> String {
        let question = self.question.get(..12).unwrap_or(&self.question);
        match self.role.as_str() {
            "test" => format!("a question to the test slice, {question}"),
            role => format!("a look at the {role}, {question}"),
        }
    }
}

/// Fitness of winner and baseline on test.
fn on_test(pass: &PassEntry) -> [Option<Number>; 2] {
    let walked = pass.walk_forward.as_ref().and_then(|walked| walked.candidates.first());
    match &pass.on_test {
        Some(seen) => [seen.fitness, seen.baseline_fitness],
        None => [walked.and_then(|winner| winner.test_fitness), None],
    }
}

/// A parameter as a question has it.
fn said(name: &str, value: &ParamValue) -> String {
    match value {
        ParamValue::Float(number) => format!("{name:?} {}\n", six(Some(*number))),
        other => format!("{name:?} {other}\n"),
    }
}

fn digest(asked: &str) -> String {
    Sha256::digest(asked.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn six(number: Option<Number>) -> String {
    number.map_or_else(|| "none".to_owned(), |Number(value)| general(value, 6))
}

/// Every look that was written down, in order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ledger {
    looks: Vec<Look>,
    /// The lines they were read from: what was committed stays as it is, byte for byte.
    lines: Vec<String>,
}

impl Ledger {
    /// The file's name; it lies at the root of the workspace.
    pub const FILE: &str = "omega.ledger.jsonl";

    /// Reads the text of a ledger.
    ///
    /// # Errors
    /// If a line is no look, or the marker of an unfinished merge; the text names it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let look = |(index, line): (usize, &str)| {
            serde_json::from_str(line).map_err(|error| match conflict(text) {
                Some((line, problem)) => format!("line {line}: {problem}; of a ledger that is every line of both"),
                None => format!("line {}: {error}", index + 1),
            })
        };
        let looks = text.lines().enumerate().map(look).collect::<Result<_, _>>()?;
        Ok(Self { looks, lines: text.lines().map(str::to_owned).collect() })
    }

    /// Every look.
    pub fn looks(&self) -> &[Look] {
        &self.looks
    }

    /// Which look at its data this one is, from 1, and whether it was written down already. The same question counts once,
    /// however often it stands there.
    pub fn place(&self, look: &Look) -> (u64, bool) {
        let mut questions: Vec<&str> = Vec::new();
        for other in self.looks.iter().filter(|other| (&other.role, &other.data) == (&look.role, &look.data)) {
            if !questions.contains(&other.question.as_str()) {
                questions.push(&other.question);
            }
        }
        match questions.iter().position(|question| *question == look.question) {
            Some(place) => (place as u64 + 1, true),
            None => (questions.len() as u64 + 1, false),
        }
    }

    /// The looks of a branch that others were accepted beside: theirs come first, wherever a merge has put the lines.
    #[must_use]
    pub fn after(mut self, accepted: &Self) -> Self {
        self.looks.splice(0..0, accepted.looks.iter().cloned());
        self.lines.splice(0..0, accepted.lines.iter().cloned());
        self
    }

    /// The looks that another ledger does not have.
    pub fn new_since<'l>(&'l self, other: &'l Self) -> impl Iterator<Item = &'l Look> {
        self.looks.iter().filter(|look| !other.looks.contains(look))
    }

    /// The looks of this ledger that another has not, or not in their order, or not byte for byte; lines may stand between
    /// them.
    pub fn lost_in(&self, other: &Self) -> Vec<&Look> {
        lost_lines(&self.lines, &other.lines).into_iter().filter_map(|index| self.looks.get(index)).collect()
    }

    /// The file's text.
    pub fn text(&self) -> String {
        self.lines.iter().map(|line| format!("{line}\n")).collect()
    }
}

/// The places of the lines that others do not have, or not in their order, or not byte for byte; more may stand between
/// them.
pub fn lost_lines(lines: &[String], others: &[String]) -> Vec<usize> {
    let mut left = others.iter();
    let mut lost = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let before = left.clone();
        if !left.any(|kept| kept == line) {
            lost.push(index);
            left = before;
        }
    }
    lost
}

/// Reads a ledger; `None` if it is not there.
///
/// # Errors
/// The outer one if the file cannot be read, the inner one if it is damaged.
pub fn read_ledger(path: &Utf8Path) -> Result<Result<Option<Ledger>, String>, ArtifactError> {
    let ledger = read_text(path)?.map(|text| Ledger::parse(&text)).transpose();
    Ok(ledger.map_err(|problem| format!("`{}` is damaged: {problem}", path.file_name().unwrap_or_default())))
}

/// Writes a look down. Whoever calls keeps other writers out.
///
/// # Errors
/// If the file cannot be written.
pub fn append_look(look: &Look, path: &Utf8Path) -> Result<(), ArtifactError> {
    append_line(look, path)
}

/// Takes a look back that was written down and never taken: the last line that says it. A file that says nothing any more is
/// none. Whoever calls keeps other writers out.
///
/// # Errors
/// If the file cannot be read or written.
#[cfg(feature = "harness")]
pub(crate) fn withdraw_look(look: &Look, path: &Utf8Path) -> Result<(), ArtifactError> {
    let text = read_text(path)?.unwrap_or_default();
    let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
    let Some(place) = lines.iter().rposition(|line| serde_json::from_str(line).is_ok_and(|other: Look| other == *look))
    else {
        return Ok(());
    };
    lines.remove(place);
    if lines.is_empty() { remove(path) } else { write_text(&lines.concat(), path) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(data: &str, question: &str, calibration: &str) -> Look {
        let [data, question, calibration] = [data, question, calibration].map(str::to_owned);
        Look { role: Role::Holdout.name().to_owned(), data, question, calibration }
    }

    fn ledger(looks: &[Look]) -> Ledger {
        let lines: Vec<String> = looks.iter().map(|look| serde_json::to_string(look).unwrap() + "\n").collect();
        Ledger::parse(&lines.concat()).unwrap()
    }

    #[test]
    fn the_same_question_is_the_same_look_whoever_asks_and_every_other_one_is_the_next() {
        let twice = [look("h", "1", "a"), look("other", "1", "a"), look("h", "1", "b"), look("h", "2", "a")];
        let ledger = ledger(&twice);
        assert_eq!(ledger.place(&look("h", "1", "a")), (1, true));
        assert_eq!(ledger.place(&look("h", "1", "renamed")), (1, true));
        assert_eq!(ledger.place(&look("h", "2", "a")), (2, true));
        assert_eq!(ledger.place(&look("h", "3", "a")), (3, false));
        assert_eq!(ledger.place(&look("new", "1", "a")), (1, false));
        let test = Look { role: Role::Test.name().to_owned(), ..look("h", "1", "a") };
        assert_eq!(ledger.place(&test), (1, false), "another slice of the same name");
    }

    #[test]
    fn lines_are_counted_behind_those_that_were_accepted_and_none_of_those_is_lost() {
        let [a, b, c] = ["1", "2", "3"].map(|question| look("h", question, "a"));
        let (base, inserted) = (ledger(&[a.clone(), b.clone()]), ledger(&[c.clone(), a.clone(), b.clone()]));
        assert_eq!(inserted.place(&c), (1, true));
        assert_eq!(inserted.clone().after(&base).place(&c), (3, true));
        assert_eq!(base.lost_in(&inserted), [&a; 0]);
        assert_eq!(base.lost_in(&ledger(&[b.clone(), a.clone()])), [&b]);
        assert_eq!(base.lost_in(&ledger(&[b.clone(), c])), [&a]);
        let spelled = Ledger::parse(&format!("{}\n", serde_json::to_string(&a).unwrap().replace(':', ": "))).unwrap();
        assert_eq!(ledger(std::slice::from_ref(&a)).lost_in(&spelled), [&a], "the bytes count");
    }

    #[test]
    fn a_line_that_is_no_look_is_named() {
        assert_eq!(Ledger::parse(""), Ok(Ledger::default()));
        let text = serde_json::to_string(&look("h", "1", "a")).unwrap();
        assert_eq!(Ledger::parse(&format!("{text}\n")).unwrap().looks().len(), 1);
        assert!(Ledger::parse(&format!("{text}\n{{}}\n")).unwrap_err().starts_with("line 2: "));
        let conflict = Ledger::parse(&format!("{text}\n<<<<<<< HEAD\n{text}\n")).unwrap_err();
        assert!(conflict.starts_with("line 2: a merge left its marker `<<<<<<< HEAD` here"), "{conflict}");
    }
}
