//! What `--against` names: one commit, and the last one that it has in common with this checkout.

use camino::Utf8Path;

use crate::failure::Failure;
use crate::git;
use crate::project::Project;

/// How many digits of a commit are shown.
const SHORT: usize = 12;

/// A revision that names one commit.
#[derive(Debug)]
pub(crate) struct Revision {
    /// As typed.
    pub(crate) name: String,
    /// The commit that it names.
    pub(crate) tip: String,
    /// The last commit that it and this checkout have in common; what a change does is listed from here.
    pub(crate) merge_base: String,
}

impl Revision {
    pub(crate) fn find(project: &Project, name: &str) -> Result<Self, Failure> {
        let root = project.workspace_root();
        if name.trim().is_empty() {
            return Err(Failure::usage("`--against` names no revision: its value is empty")
                .help("in a workflow, the variable behind it is not set for this event; leave the flag out there"));
        }
        same_repository(project)?;
        let tip = commit(root, name)?;
        let answer = git::ask(root, &["merge-base", "HEAD", &tip])?;
        let Some(merge_base) = answer.text.map(|text| text.trim().to_owned()) else {
            let said = if answer.words.is_empty() { String::new() } else { format!("; git says\n{}", answer.words) };
            let message = format!("this checkout and `{name}` have no commit in common, as far as git has them{said}");
            return Err(Failure::usage(message).help(
                "a shallow clone lacks the history: fetch it (`fetch-depth: 0` of actions/checkout, `git fetch --unshallow`)",
            ));
        };
        Ok(Self { name: name.to_owned(), tip, merge_base })
    }
}

/// A commit, as people read it.
pub(crate) fn short(commit: &str) -> &str {
    commit.get(..SHORT).unwrap_or(commit)
}

/// A workspace whose root lies in another repository than the folder where this was started would be compared with
/// whatever that one calls by the same name.
fn same_repository(project: &Project) -> Result<(), Failure> {
    let top = |folder: &Utf8Path| git::line(folder, &["rev-parse", "--show-toplevel"]);
    let (here, there) = (top(project.current_directory()), top(project.workspace_root()));
    match (here, there) {
        (Some(here), Some(there)) if here != there => {
            let message = format!(
                "the workspace lies in the repository `{there}`, and this was started in the repository `{here}`"
            );
            Err(Failure::usage(message).help("start it in the repository of the workspace"))
        }
        _ => Ok(()),
    }
}

/// The one commit that a revision names.
fn commit(root: &Utf8Path, name: &str) -> Result<String, Failure> {
    let question = [
        "-c",
        "core.warnAmbiguousRefs=true",
        "rev-parse",
        "--verify",
        "--end-of-options",
        &format!("{name}^{{commit}}"),
    ];
    let git::Answer { text, words } = git::ask(root, &question)?;
    let Some(text) = text else {
        let unknown = words.contains("Needed a single revision") || words.contains("unknown revision");
        let failure = Failure::usage(format!("`{name}` is no commit of this repository; git says\n{words}"));
        return Err(match unknown {
            true => failure.help("in CI, fetch it first: a shallow clone has no other commits than its own"),
            false => failure,
        });
    };
    let commit = text.trim().to_owned();
    // Git takes a whole commit id for what it says, whatever else has that name.
    let whole = commit == name;
    if words.contains("is ambiguous") && !whole {
        let meanings = meanings(root, name);
        let told = if meanings.is_empty() { words } else { meanings.join("\n") };
        return Err(Failure::usage(format!("`{name}` is ambiguous: it can mean\n{told}"))
            .help("name the commit by its id, or a ref by its whole name, such as `refs/remotes/origin/main`"));
    }
    Ok(commit)
}

/// What a name can mean to git, a line each.
fn meanings(root: &Utf8Path, revision: &str) -> Vec<String> {
    let name = revision.split(['~', '^', ':']).next().unwrap_or_default().split("@{").next().unwrap_or_default();
    let refs = ["refs", "refs/tags", "refs/heads", "refs/remotes"].map(|place| format!("{place}/{name}"));
    let remote = format!("refs/remotes/{name}/HEAD");
    let mut question = vec!["for-each-ref", "--format=%(objectname) %(refname)"];
    question.extend(refs.iter().map(String::as_str));
    question.push(&remote);
    let listed = git::line(root, &question).unwrap_or_default();
    let exact =
        |line: &&str| line.split_once(' ').is_some_and(|(_, full)| full == remote || refs.iter().any(|r| r == full));
    let mut meanings: Vec<String> = listed.lines().filter(exact).map(|line| format!("  {line}")).collect();
    let digits = name.rsplit("-g").next().unwrap_or(name);
    if digits.len() >= 4 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        let objects = git::line(root, &["rev-parse", &format!("--disambiguate={digits}")]).unwrap_or_default();
        meanings.extend(objects.lines().map(|id| format!("  {id} by the beginning of its id")));
    } else if meanings.len() < 2
        && let Some(id) = git::line(root, &["rev-parse", "--verify", "--quiet", name])
    {
        meanings.push(format!("  {id} {name} in the folder of git"));
    }
    meanings
}
