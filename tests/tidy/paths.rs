//! No file of the repository knows the machine it was written on.

use crate::repository;

/// Where home directories, scratch folders and checkouts lie on somebody's machine.
const MACHINES: [&str; 6] = ["work/", "root/", "tmp/", "home/", "Users/", "farm/"];

fn findings(path: &str, text: &str) -> Vec<String> {
    let mut findings = Vec::new();
    for (index, line) in text.lines().enumerate() {
        for folder in MACHINES {
            let machine = format!("/{folder}");
            let absolute = |(at, _): &(usize, &str)| {
                let before = line[..*at].chars().next_back();
                let after = &line[at + machine.len()..];
                let after = after.strip_prefix('.').unwrap_or(after);
                // `src/work/` and `$HOME/work/` are relative to something, and `/tmp/` alone names no file.
                !before.is_some_and(|c| c.is_alphanumeric() || "_-.}])/".contains(c))
                    && after.starts_with(char::is_alphanumeric)
            };
            if line.match_indices(&machine).any(|found| absolute(&found)) {
                findings.push(format!("{path}:{}: a path of somebody's machine: `{machine}...`", index + 1));
            }
        }
    }
    findings
}

#[test]
fn no_tracked_file_holds_a_path_of_somebodys_machine() {
    let mut all = Vec::new();
    for path in repository::files().iter().filter(|path| !path.ends_with("Cargo.lock")) {
        all.extend(findings(path, &repository::text(path)));
    }
    crate::none(&all);
}

#[test]
fn a_planted_path_of_a_machine_is_found() {
    // Put together here, so that this file holds none.
    let planted = |folder: &str| findings("a.md", &format!("see\n`/{folder}`"));
    for folder in ["work/main", "root/.x/y", "tmp/a", "home/me/x", "Users/me"] {
        assert_eq!(planted(folder).len(), 1, "{folder}");
    }
    assert_eq!(planted("work/main"), ["a.md:2: a path of somebody's machine: `/work/...`"]);
    assert_eq!(findings("a.md", "target/tmp/x, https://host/home/x, ./work/a, /work/..."), [""; 0]);
}
