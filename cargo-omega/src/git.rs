//! Questions to git about the repository of the workspace, and what it says.

use camino::Utf8Path;

use crate::failure::Failure;
use crate::runner;

/// What git says to one question.
pub(crate) struct Answer {
    /// What it prints; `None` if it says no.
    pub(crate) text: Option<String>,
    /// What it says on stderr: why not, or what to look out for.
    pub(crate) words: String,
}

/// Asks git in a folder. Objects that stand in for others are not looked at.
pub(crate) fn ask(folder: &Utf8Path, question: &[&str]) -> Result<Answer, Failure> {
    let mut command = runner::command("git".as_ref());
    // Its words are compared and shown, in one language.
    command.arg("--no-replace-objects").args(question).current_dir(folder).env("LC_ALL", "C");
    let output =
        runner::output(&mut command).map_err(|error| Failure::internal(format!("could not start git: {error}")))?;
    let words = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    if !output.status.success() {
        return Ok(Answer { text: None, words });
    }
    let text =
        String::from_utf8(output.stdout).map_err(|_| Failure::internal("git answered something that is not UTF-8"))?;
    Ok(Answer { text: Some(text), words })
}

/// The text of an answer that has to be yes; `what` was to be found out.
pub(crate) fn text(folder: &Utf8Path, question: &[&str], what: &str) -> Result<String, Failure> {
    let Answer { text, words } = ask(folder, question)?;
    text.ok_or_else(|| Failure::internal(format!("could not find out {what}: git says\n{words}")))
}

/// One line that git knows, if it knows it.
pub(crate) fn line(folder: &Utf8Path, question: &[&str]) -> Option<String> {
    let answer = ask(folder, question).ok()?.text?.trim().to_owned();
    Some(answer).filter(|answer| !answer.is_empty())
}
