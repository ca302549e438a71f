//! `cargo omega demo`: the same page every time, anywhere.

use crate::support::Project;

#[test]
fn the_demonstration_needs_no_project_and_is_the_same_every_time() {
    let project = Project::empty();
    let first = project.omega(["demo"]).exits(0);
    // The figures of `omega-lock demo` 0.3.8.
    first
        .shows("A WINNER THAT WAS LUCK")
        .shows("5.967    1.486    1.527   -74.4%")
        .shows("FAIL: the correlation is 0.179, required 0.3");
    first
        .shows("A WINNER THAT WAS NOT")
        .shows("5.233    5.082    5.276    +0.8%")
        .shows("PASS: the correlation is 0.909");
    first.shows("A BAR THAT SOMEBODY LOWERED").shows("the verdict   PASS");
    first.shows("gates.pearson_min     0.3       0.1  LOOSER");
    assert_eq!(first.stdout, project.omega(["demo"]).exits(0).stdout);
}
