//! Data that grows: a new part arrives, what is accepted meets it before the search does, and one approval takes all of it over.

use crate::recheck::{DECLARED, TARGET};
use crate::support::Project;
use crate::workers::omega;

#[test]
fn a_new_part_meets_what_is_accepted_first_and_one_approval_takes_search_lock_and_gold_over() {
    let project = Project::empty();
    project.file("target.py", TARGET).file("scale", "1.0").file("omega.toml", DECLARED);
    omega(&project, ["lock"]).exits(0);
    omega(&project, ["update-gold", "--reason", "first"]).exits(0);
    project.commit("accepted");
    // A quarter arrives: it is the new test slice, and the old one joins train.
    project.change(
        "omega.toml",
        "train = { name = \"train\", center = 1.0 }",
        "train = { name = \"until March\", center = 1.1 }",
    );
    project.change(
        "omega.toml",
        "test = { name = \"test\", center = 1.25 }",
        "test = { name = \"April\", center = 1.3 }",
    );
    std::fs::remove_file(project.path("target/asked")).expect("the search asked");
    // First: the accepted candidate on the new part, which no search has seen. Nothing but that is asked.
    let first = omega(&project, ["eval", "bowl", "--gold", "--slice", "test"]).exits(0);
    first.shows("test").shows("baseline");
    assert!(project.read("target/asked").lines().all(|slice| slice == "April"), "{}", project.read("target/asked"));
    // Then the search: it is another question than what is accepted.
    omega(&project, ["test", "--recheck"])
        .exits(1)
        .shows("it is declared otherwise than in omega.lock")
        .shows("roles.test");
    omega(&project, ["lock"]).exits(0).shows("moved");
    omega(&project, ["update-gold", "--reason", "April has come"]).exits(0).shows("Updated fixtures/gold/bowl.json");
    omega(&project, ["test", "--recheck"]).exits(0).shows("PASS (rechecked");
    project.git(["checkout", "--quiet", "-b", "april"]);
    project.commit("April");
    // One digest for the data, the lock and gold: one approval.
    let asked = omega(&project, ["test", "--against", "main"]).env("CI", "true").exits(1);
    asked.shows("moved bowl  roles.test").shows("moved bowl  roles.train").shows("GOLD bowl");
    let digest = asked.stderr.split("--accept-change ").nth(1).expect("a digest")[..64].to_owned();
    let shown = omega(&project, ["test", "--against", "main", "--accept-change", &digest]).env("CI", "true").exits(0);
    shown.shows("all of them fine or approved");
    // From then on the base knows it.
    project.git(["checkout", "--quiet", "main"]);
    project.git(["merge", "--quiet", "april"]);
    omega(&project, ["test", "--recheck", "--against", "main"]).env("CI", "true").exits(0);
}
