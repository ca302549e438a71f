//! What `cargo omega test` starts: as little as there can be.

use std::os::unix::fs::PermissionsExt;

use crate::support::{Project, Suite};

#[test]
fn one_metadata_without_dependencies_and_one_test_are_all_that_is_started() {
    let project = Project::with(&Suite::passing());
    let log = project.path("cargo.log");
    let script = format!("#!/bin/sh\necho \"$@\" >> '{}'\nexec '{}' \"$@\"\n", log.display(), env!("CARGO"));
    project.file("cargo", &script);
    let cargo = project.path("cargo");
    std::fs::set_permissions(&cargo, std::fs::Permissions::from_mode(0o755)).expect("it may be started");
    project.omega(["test"]).env("CARGO", cargo.to_str().expect("a UTF-8 path")).exits(0);
    let log = project.read("cargo.log");
    let calls: Vec<&str> = log.lines().collect();
    assert_eq!(calls.len(), 2, "{calls:?}");
    assert!(calls[0].starts_with("metadata --no-deps "), "{calls:?}");
    assert!(calls[1].starts_with("test ") && calls[1].contains("--test calibration"), "{calls:?}");
}
