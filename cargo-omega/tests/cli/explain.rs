//! `cargo omega explain`: a page for everything that can fail, and no second opinion.

use omega_lock::internals::artifacts::ExitCode;

use crate::support::{Project, repository};

/// Gate and "fails when" of the documents' table, which is held against the gates of the library.
fn gates() -> Vec<(String, String)> {
    let page = std::fs::read_to_string(repository().join("docs/gates.md")).expect("the page of the gates");
    let below = page.lines().skip_while(|line| *line != "## Gates");
    let rows = below.skip_while(|line| !line.starts_with('|')).take_while(|line| line.starts_with('|')).skip(2);
    let cells = |row: &str| {
        let mut cells = row.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned());
        (cells.next().expect("a gate").replace('`', ""), cells.next().expect("when it fails"))
    };
    rows.map(cells).collect()
}

/// On one line, however it was broken.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn every_gate_has_a_page_that_says_what_the_documents_say() {
    let project = Project::empty();
    let gates = gates();
    assert_eq!(gates.len(), 19, "{gates:?}");
    for (gate, fails) in gates {
        let page = flat(&project.omega(["explain", &gate]).exits(0).stdout);
        assert!(page.starts_with(&gate), "{page}");
        assert!(page.contains(&format!("fails when {fails}")), "{gate}: docs/gates.md says `{fails}`\n{page}");
        assert!(page.contains("asks ") && page.contains("what to do "), "{page}");
    }
}

#[test]
fn every_case_that_is_no_gate_has_a_page() {
    let project = Project::empty();
    for case in ["run", "declaration", "gold", "ledger"] {
        project.omega(["explain", case]).exits(0).shows("what to do");
        project.omega(["explain", &format!("bitcell::{case}")]).exits(0).shows("what to do");
    }
}

#[test]
fn every_exit_code_has_a_page() {
    let project = Project::empty();
    for code in ExitCode::ALL {
        let shown = project.omega(["explain", &code.number().to_string()]).exits(0);
        shown.shows(&format!("exit code {}\n", code.number())).shows(code.meaning()).shows("what to do");
    }
}

#[test]
fn a_page_names_the_keys_and_what_they_mean() {
    let project = Project::empty();
    let shown = project.omega(["explain", "KC-4"]).exits(0);
    shown.shows("gates.pearson_min").shows("smallest correlation of train and test").shows("walk_forward.top_n");
    project.omega(["explain", "bitcell::constraint::margin"]).exits(0).shows("constraint_policy");
}

#[test]
fn an_unknown_name_exits_2_and_names_the_nearest() {
    let project = Project::empty();
    project.omega(["explain", "transfr"]).exits(2).says("nothing is called `transfr`").says("similar: transfer");
    project.omega(["explain", "7"]).exits(2);
    project.omega(["explain", "\u{1b}[2J"]).exits(2).hides("\u{1b}[2J");
    let shown = project.omega(["explain"]).exits(0);
    shown.shows("transfer").shows("6  ").shows("nothing was evaluated").shows("RECORD, UNPROVEN, study");
}

#[test]
fn a_key_is_explained_by_its_whole_name_or_the_end_of_it() {
    let project = Project::empty();
    let shown = project.omega(["explain", "trade_ratio_scale"]).exits(0);
    shown.shows("walk_forward.trade_ratio_scale\n").shows("a number above 0").shows("smaller is LOOSER");
    let shown = project.omega(["explain", "gates.pearson_min"]).exits(0);
    shown.shows("kc4: smallest correlation").shows("a correlation from -1 to 1").shows("default     0.3\n");
    let shown = project.omega(["explain", "search.zoom_factor"]).exits(0);
    shown.shows("default     0.5\n").shows("search.method = \"zoom\"");
    let shown = project.omega(["explain", "lock"]).exits(0);
    shown.shows("\"required\" under `strict`, \"off\" under `reference`");
    // Two gates have one.
    project.omega(["explain", "alpha"]).exits(0).shows("gates.transfer.alpha\n").shows("gates.null.alpha\n");
    project.omega(["explain", "space.x.low"]).exits(0).shows("space.<name>.low\n").shows("worker.command = [..]");
    project.omega(["explain", "space.x.place"]).exits(0).shows("by the code and its targets");
    project.omega(["explain", "gates.pearson_mni"]).exits(2).says("similar: gates.pearson_min");
    project.omega(["explain", "zoom_facter"]).exits(2).says("similar: zoom_factor");
}

#[test]
fn the_committed_reference_of_keys_is_the_one_that_is_printed() {
    let shown = Project::empty().omega(["explain", "keys"]).exits(0);
    let committed = std::fs::read_to_string(repository().join("docs/omega-toml-keys.md")).expect("it is committed");
    assert_eq!(shown.stdout, committed, "write it anew: cargo omega explain keys > docs/omega-toml-keys.md");
}

#[test]
fn a_verdict_is_explained_as_it_is_written() {
    let project = Project::empty();
    let explained = |typed: &str| project.omega(["explain", typed]).exits(0);
    explained("FAIL: KC-4, margin").shows("kc4\n").shows("\nmargin\n");
    explained("FAIL:KC-4,MARGIN").shows("kc4\n").shows("\nmargin\n");
    explained("FAIL:round2,HOLDOUT").shows("round N\n").shows("\nholdout\n");
    explained("FAIL:GOLD").shows("gold\n");
    explained("FAIL:no_rounds").shows("no parameter was left to unlock");
    explained("FAIL:constraint::steepness").shows("constraint::<name>\n");
    explained("PASS").shows("what it rests on");
    explained("FAIL").shows("the whole verdict in quotes");
    explained("RECORD").shows("RECORD\n").shows("Nothing was evaluated, so");
    explained("UNPROVEN").shows("UNPROVEN\n").shows("--allow-unproven");
    explained("UNPROVEN (paired): the recorded ranks agree, and nothing was evaluated.").shows("UNPROVEN\n");
    explained("RECORD: this is no judgement, since nothing was evaluated.").shows("RECORD\n");
    explained("study").shows("reproduces");
    explained("gate.reproduces").shows("reproduces\n").shows("gates.reproduces.tolerance");
    explained("reproduces").shows("reproduces\n");
    explained("bowl::gate::kc4").shows("kc4\n");
    for typed in ["FAIL:KC-99", "FAIL:KC-4,", "FAIL:round", "FAIL:\u{1b}[2J"] {
        let shown = project.omega(["explain", typed]).exits(2);
        shown.says("expected a gate, a case, a verdict");
    }
}

#[test]
fn a_gate_of_the_winner_names_the_command_that_tries_another_value() {
    let project = Project::empty();
    for gate in ["kc4", "margin", "transfer", "improvement", "constraint::steepness"] {
        let shown = project.omega(["explain", &format!("bowl::gate::{gate}")]).exits(0);
        shown.shows("by hand     cargo omega eval bowl KEY=VALUE, for another value on train");
        project.omega(["explain", gate]).exits(0).shows("cargo omega eval NAME KEY=VALUE");
    }
    project.omega(["explain", "bowl::gate::kc1"]).exits(0).hides("cargo omega eval");
}
