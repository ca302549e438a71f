//! What stands in the place of a committed file, and gold that lies elsewhere.

#[cfg(unix)]
use std::fs;

use crate::gate::Gate;

/// A change on the base itself, from which the pull request begins anew.
fn on_the_base(change: impl FnOnce(&Gate)) -> Gate {
    let gate = Gate::new();
    gate.project.git(["checkout", "--quiet", "main"]);
    change(&gate);
    gate.committed();
    gate.project.git(["checkout", "--quiet", "-B", "change"]);
    gate
}

/// Lets a link lead to where a file or folder now is.
#[cfg(unix)]
fn link(gate: &Gate, path: &str, to: &str) {
    fs::rename(gate.project.path(path), gate.project.path(to)).expect("it moves");
    let up = "../".repeat(path.matches('/').count());
    std::os::unix::fs::symlink(format!("{up}{to}"), gate.project.path(path)).expect("a link");
}

#[cfg(unix)]
#[test]
pub(crate) fn a_link_in_the_place_of_what_is_accepted_is_refused() {
    let gate = Gate::new();
    // As the text of a file this name is a lock without entries.
    let links = [
        ("omega.lock", "version = 1"),
        ("fixtures/gold", "accepted"),
        ("fixtures", "elsewhere"),
        ("fixtures/gold/other.json", "other.json"),
    ];
    for (path, to) in links {
        link(&gate, path, to);
        gate.committed();
        let shown = gate.judged().exits(2);
        shown.says(&format!("{path}` is a symbolic link, expected a file or folder of this repository"));
        gate.project.git(["reset", "--quiet", "--hard", "main"]);
    }
    gate.project.git(["init", "--quiet", "fixtures/gold"]);
    gate.judged().exits(2).says("fixtures/gold` is a repository of its own");
}

#[cfg(unix)]
#[test]
pub(crate) fn a_base_with_a_link_holds_nothing_and_needs_an_approval() {
    let gate = on_the_base(|gate| {
        link(gate, "omega.lock", "version = 1");
        gate.project.git(["rm", "--quiet", "-r", "--cached", "fixtures/gold"]);
        fs::rename(gate.project.path("fixtures/gold"), gate.project.path(".git/gold")).expect("it moves");
        let commit = gate.project.git(["rev-parse", "HEAD"]);
        gate.project.git(["update-index", "--add", "--cacheinfo", &format!("160000,{},fixtures/gold", commit.trim())]);
        fs::create_dir_all(gate.project.path("fixtures/gold")).expect("a folder");
    });
    gate.project.git(["rm", "--quiet", "-r", "--cached", "fixtures/gold"]);
    fs::remove_dir(gate.project.path("fixtures/gold")).expect("an empty folder");
    fs::rename(gate.project.path(".git/gold"), gate.project.path("fixtures/gold")).expect("it moves");
    fs::remove_file(gate.project.path("omega.lock")).expect("the link");
    fs::rename(gate.project.path("version = 1"), gate.project.path("omega.lock")).expect("it moves");
    gate.committed();
    let shown = gate.judged().exits(1);
    shown.shows("REMOVED omega.lock     `omega.lock` of the base is no file");
    shown.shows("REMOVED fixtures/gold  `fixtures/gold` of the base is no file");
    let digest = shown.asked();
    gate.judged_with(&["--accept-change", &digest]).exits(0);
}

#[test]
pub(crate) fn gold_that_the_base_requires_and_does_not_have_needs_an_approval() {
    let gate = on_the_base(|gate| drop(gate.project.git(["rm", "--quiet", "fixtures/gold/other.json"])));
    gate.project.git(["checkout", "--quiet", "HEAD~1", "--", "fixtures/gold/other.json"]);
    gate.committed();
    gate.judged().exits(1).shows("GOLD other  (none) -> accepted (the base requires gold and has none)");
}

#[test]
pub(crate) fn gold_that_moves_is_held_against_where_it_was() {
    let worse = |text: &str| text.replace("\"train_fitness\": 0.973", "\"train_fitness\": 0.5");
    let gate = on_the_base(|gate| {
        let text = gate.project.read("fixtures/gold/other.json");
        gate.project.file("golden/other.json", &worse(&text));
    });
    let text = gate.project.read("omega.toml");
    gate.project.file("omega.toml", &format!("gold_dir = \"golden\"\n{text}"));
    gate.project.git(["mv", "fixtures/gold/bitcell.json", "golden/bitcell.json"]);
    gate.project.git(["mv", "fixtures/gold/HISTORY.jsonl", "golden/HISTORY.jsonl"]);
    let good = gate.project.read("fixtures/gold/other.json");
    gate.project.git(["rm", "--quiet", "fixtures/gold/other.json"]);
    gate.locked();
    let shown = gate.judged().exits(1);
    shown.shows("moved other    gold_dir").shows("GOLD other    train_fitness 0.973 -> 0.5").hides("GOLD bitcell");
    gate.project.file("golden/other.json", &good);
    gate.committed();
    let shown = gate.judged().exits(1).hides("GOLD").asked();
    gate.judged_with(&["--accept-change", &shown]).exits(0);
}

#[cfg(unix)]
#[test]
pub(crate) fn what_else_lies_in_the_base_passes() {
    use std::os::unix::ffi::OsStrExt;
    let gate = on_the_base(|gate| {
        let text = gate.project.read("omega.toml");
        gate.project.file("omega.toml", &format!("gold_dir = \"golden\"\n{text}"));
        gate.project.git(["mv", "fixtures/gold", "golden"]);
        // None of these is gold.
        gate.project.file("fixtures/gold/prices.json", "{}").file("golden/Notes.json", "notes");
        gate.project.file("golden/folder.json/file", "");
        let bytes = std::ffi::OsStr::from_bytes(b"latin-\xe9.txt");
        fs::write(gate.project.root().join(bytes), "").expect("a file");
        gate.project.omega(["lock"]).exits(0);
    });
    fs::remove_dir_all(gate.project.path("golden/folder.json")).expect("a folder");
    gate.committed();
    gate.judged().exits(0).shows("omega.lock and gold are those of main");
}
