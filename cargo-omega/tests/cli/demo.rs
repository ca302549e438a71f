//! `cargo omega demo`: the same page every time, anywhere.

use crate::support::Project;

#[test]
fn the_demonstration_needs_no_project_and_is_the_same_every_time() {
    let project = Project::empty();
    let first = project.omega(["demo"]).exits(0);
    // The figures of `omega-lock demo` 0.3.8, and of the reference run on the phantom keyhole.
    first.shows("5.967    1.486    1.527   -74.4%").shows("5.233    5.082    5.276    +0.8%");
    first.shows("FAIL: pearson=0.179<0.3").shows("PASS: pearson=0.909").shows("the 273 candidates");
    first.shows("{alpha: 0.5, long_mode: true, window: 3}   fitness 12.003").shows("verdict   PASS");
    assert_eq!(first.stdout, project.omega(["demo"]).exits(0).stdout);
}
