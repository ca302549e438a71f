//! Which commit is compared with.

use std::fs;

use crate::gate::Gate;
use crate::support::repository;

/// A branch whose base is tightened after it began.
fn older_than_a_tightening() -> Gate {
    let gate = Gate::new();
    gate.project.file("notes.txt", "nothing that is declared\n");
    gate.committed();
    gate.project.git(["checkout", "--quiet", "main"]);
    gate.project.change("omega.toml", "pearson_min = 0.3", "pearson_min = 0.4");
    gate.locked();
    gate.project.git(["checkout", "--quiet", "change"]);
    gate
}

#[test]
pub(crate) fn a_branch_older_than_a_tightening_is_told_to_merge_it_and_passes_then() {
    let gate = older_than_a_tightening();
    let commit = gate.project.git(["rev-parse", "main"]);
    let shown = gate.judged().exits(1);
    shown.shows("BEHIND bitcell  gates.pearson_min is 0.3 here, main has tightened it to 0.4 in ");
    shown.shows(&commit[..12]).shows("merge it").says("help: merge main").hides("LOOSER");
    assert!(!shown.stderr.contains("--accept-change"), "{shown:?}");
    gate.project.git(["merge", "--quiet", "--no-edit", "main"]);
    gate.judged().exits(0).shows("omega.lock and gold are those of main");
}

#[test]
pub(crate) fn what_is_tightened_by_less_than_the_base_is_no_tightening() {
    let gate = older_than_a_tightening();
    gate.project.change("omega.toml", "pearson_min = 0.3", "pearson_min = 0.35");
    gate.locked();
    let shown = gate.judged().exits(1);
    shown.shows("tighter bitcell  gates.pearson_min 0.3 -> 0.35").shows("BEHIND bitcell");
}

#[test]
pub(crate) fn a_merge_that_keeps_the_old_bar_is_looser() {
    let gate = older_than_a_tightening();
    gate.project.git(["merge", "--quiet", "--no-edit", "--strategy=ours", "main"]);
    gate.judged().exits(1).shows("LOOSER bitcell  gates.pearson_min 0.4 -> 0.3");
}

#[test]
pub(crate) fn a_tag_with_the_name_of_the_base_branch_is_refused_with_both_meanings() {
    let gate = Gate::new();
    gate.project.git(["update-ref", "refs/remotes/origin/main", "main"]);
    let against = |name: &str| gate.project.omega(["test", "--workspace", "--against", name]).env("CI", "true");
    against("origin/main").exits(0);
    gate.project.change("omega.toml", "pearson_min = 0.3", "pearson_min = 0.0");
    gate.locked();
    gate.project.git(["tag", "origin/main"]);
    let shown = against("origin/main").exits(2);
    shown.says("`origin/main` is ambiguous").says("refs/tags/origin/main").says("refs/remotes/origin/main");
    against("refs/remotes/origin/main").exits(1).shows("LOOSER bitcell");
    against(gate.project.git(["rev-parse", "main"]).trim()).exits(1).shows("LOOSER bitcell");
}

#[test]
pub(crate) fn a_tag_that_looks_like_the_beginning_of_a_commit_id_is_refused() {
    let gate = Gate::new();
    let base = gate.project.git(["rev-parse", "main"]);
    gate.project.change("omega.toml", "pearson_min = 0.3", "pearson_min = 0.0");
    gate.locked();
    gate.project.git(["tag", &base[..10]]);
    gate.project.git(["tag", "main"]);
    for name in [&base[..10], "main", "main~0"] {
        let shown = gate.project.omega(["test", "--against", name]).exits(2);
        shown.says("is ambiguous").says("refs/tags/");
    }
    // A whole id means the commit, whatever has its name.
    gate.project.git(["tag", base.trim()]);
    gate.project.omega(["test", "--workspace", "--against", base.trim()]).exits(1).shows("LOOSER bitcell");
}

#[test]
pub(crate) fn a_root_that_has_moved_takes_its_lock_with_it_or_fails() {
    let gate = Gate::new();
    for name in ["Cargo.toml", "Cargo.lock", "omega.toml", "omega.lock", "fixtures", "a", "b", "plain"] {
        fs::create_dir_all(gate.project.path("moved")).expect("a folder");
        gate.project.git(["mv", name, "moved"]);
    }
    gate.committed();
    let arguments = ["test", "--workspace", "--manifest-path", "moved/Cargo.toml", "--against", "main"];
    let judged = || gate.project.omega(arguments).env("CI", "true").exits(1);
    let digest = judged().shows("the root has moved").shows("`moved/omega.lock`").asked();
    // The approval holds whatever else happens on the base.
    gate.project.git(["checkout", "--quiet", "main"]);
    gate.project.file("notes.txt", "nothing that is declared\n");
    gate.committed();
    gate.project.git(["checkout", "--quiet", "change"]);
    gate.project.git(["merge", "--quiet", "--no-edit", "main"]);
    assert_eq!(judged().asked(), digest);
}

#[test]
pub(crate) fn one_of_two_workspaces_in_a_repository_is_held_against_its_own_lock() {
    let gate = Gate::new();
    gate.project.git(["checkout", "--quiet", "main"]);
    fs::create_dir_all(gate.project.path("sub")).expect("a folder");
    for name in ["Cargo.toml", "Cargo.lock", "omega.toml", "omega.lock", "fixtures", "a", "b", "plain"] {
        gate.project.git(["mv", name, "sub"]);
    }
    gate.project.file("omega.lock", "version = 1\n");
    gate.committed();
    gate.project.git(["checkout", "--quiet", "-B", "change"]);
    let arguments = ["test", "--workspace", "--manifest-path", "sub/Cargo.toml", "--against", "main"];
    gate.project.omega(arguments).env("CI", "true").exits(0).shows("omega.lock and gold are those of main");
}

#[test]
pub(crate) fn a_base_that_has_moved_on_is_not_said_to_be_the_same() {
    let gate = Gate::new();
    let commit = gate.project.git(["rev-parse", "main"]);
    gate.project.git(["checkout", "--quiet", "main"]);
    gate.project.file("notes.txt", "nothing that is declared\n");
    gate.committed();
    gate.project.git(["checkout", "--quiet", "change"]);
    let shown = gate.judged().exits(0);
    shown.shows(&format!("omega.lock and gold are those of {}, the last commit in common with main", &commit[..12]));
}

/// A service tests the merge of a pull request into a base that may be newer than the one that it names.
#[test]
pub(crate) fn the_first_parent_of_the_merge_is_the_base() {
    let gate = older_than_a_tightening();
    gate.project.git(["checkout", "--quiet", "-B", "change", "main"]);
    gate.project.change("omega.toml", "pearson_min = 0.4", "pearson_min = 0.3");
    gate.locked();
    gate.project.git(["checkout", "--quiet", "--detach", "main"]);
    gate.project.git(["merge", "--quiet", "--no-ff", "--no-edit", "change"]);
    let against = ["test", "--workspace", "--against", "HEAD^1"];
    gate.project.omega(against).env("CI", "true").exits(1).shows("LOOSER bitcell  gates.pearson_min 0.4 -> 0.3");
}

#[test]
fn the_workflows_compare_with_that_and_start_the_program_by_its_own_name() {
    let workflows = [".github/workflows/omega.yml", "action.yml", "cargo-omega/templates/workflow.yml"];
    for path in workflows.into_iter().chain(["README.md", "docs/pull-request.md"]) {
        let text = fs::read_to_string(repository().join(path)).expect("a file");
        assert!(!text.contains("pull_request.base.sha }}"), "{path}: the event names a base that may be older");
        // An alias in .cargo/config.toml goes before a subcommand that is no part of cargo.
        let aliased =
            |line: &&str| line.contains("cargo omega test") && (line.contains("--against") || line.contains("${"));
        assert_eq!(text.lines().find(aliased), None, "{path}");
    }
    assert!(
        workflows[..1]
            .iter()
            .all(|path| { fs::read_to_string(repository().join(path)).expect("a file").contains("HEAD^1") })
    );
}

#[test]
pub(crate) fn what_git_says_is_shown() {
    let gate = Gate::new();
    let against = |name: &str| gate.project.omega(["test", "--against", name]);
    against("").exits(2).says("its value is empty");
    against("no-such").exits(2).says("fatal: Needed a single revision");
    against("main").env("GIT_DIR", "elsewhere/.git").exits(2).says("not a git repository");
    gate.project.git(["checkout", "--quiet", "--orphan", "apart"]);
    gate.project.commit("nothing in common");
    against("main").exits(2).says("no commit in common").says("fetch-depth: 0");
    fs::rename(gate.project.path(".git"), gate.project.path("git-away")).expect("it moves");
    // A folder above may be a repository: the temporary projects lie in ours.
    against("main")
        .env("GIT_CEILING_DIRECTORIES", gate.project.root().parent().and_then(|above| above.to_str()).expect("UTF-8"))
        .exits(2)
        .says("git says");
}
