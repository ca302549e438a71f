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

/// Asks git in a folder. A name that is not UTF-8 is none that anybody here looks for.
pub(crate) fn ask(folder: &Utf8Path, question: &[&str]) -> Result<Answer, Failure> {
    let (said, words) = said(folder, question)?;
    Ok(Answer { text: said.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()), words })
}

/// What git prints, unless it says no, and its words. Objects that stand in for others are not looked at.
fn said(folder: &Utf8Path, question: &[&str]) -> Result<(Option<Vec<u8>>, String), Failure> {
    let mut command = runner::command("git".as_ref());
    // Its words are compared and shown, in one language.
    command.arg("--no-replace-objects").args(question).current_dir(folder).env("LC_ALL", "C");
    let output =
        runner::output(&mut command).map_err(|error| Failure::internal(format!("could not start git: {error}")))?;
    let words = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    Ok((output.status.success().then_some(output.stdout), words))
}

/// One thing that lies in a folder of a commit.
pub(crate) struct Entry {
    /// Whether it is a file, and no link, folder or repository of its own.
    pub(crate) is_file: bool,
    pub(crate) is_folder: bool,
    object: String,
    /// Relative to the folder that was asked about.
    pub(crate) path: String,
}

/// What lies at these places of a commit, below the folder: a place that ends in `/` means what lies in it.
pub(crate) fn tree(folder: &Utf8Path, commit: &str, places: &[&str]) -> Result<Vec<Entry>, Failure> {
    let mut question = vec!["--literal-pathspecs", "ls-tree", "-z", commit, "--"];
    question.extend(places);
    let listed = text(folder, &question, &format!("what lies at `{}` in a commit", places.join("`, `")))?;
    let entry = |line: &str| {
        let (about, path) = line.split_once('\t')?;
        let mut about = about.split(' ');
        let (mode, object) = (about.next()?, about.nth(1)?.to_owned());
        let (is_file, is_folder) = (["100644", "100755"].contains(&mode), mode == "040000");
        Some(Entry { is_file, is_folder, object, path: path.to_owned() })
    };
    Ok(listed.split('\0').filter_map(entry).collect())
}

/// What a file of a commit holds; `None` if it is not UTF-8.
pub(crate) fn blob(folder: &Utf8Path, entry: &Entry) -> Result<Option<String>, Failure> {
    let (said, words) = said(folder, &["cat-file", "blob", &entry.object])?;
    let unread = || Failure::internal(format!("could not read `{}` of a commit: git says\n{words}", entry.path));
    Ok(String::from_utf8(said.ok_or_else(unread)?).ok())
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
