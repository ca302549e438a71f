//! What production uses: written from gold, held against it, and nowhere but where it was declared.

use std::process::Command;

use crate::support::Project;

const TUNED: &str = "src/tuned.rs";

/// The probe with gold, and a file to ship.
fn shipping(line: &str) -> Project {
    let project = Project::copy_of("probe");
    project.change("omega.toml", "profile =", &format!("gold = \"required\"\n{line}\nprofile ="));
    project
}

#[test]
fn the_accepted_parameters_are_a_file_and_a_digit_changed_by_hand_fails_its_case() {
    let project = shipping("ship = { file = \"src/tuned.rs\" }");
    let shown = project.omega(["test", "shipped"]).exits(1);
    shown.shows("no gold: fixtures/gold/bowl.json is missing, so nothing can be shipped");
    project.omega(["ship"]).exits(1).says("cargo omega update-gold bowl");
    let shown = project.omega(["update-gold", "--reason", "first"]).exits(0);
    shown.shows("Updated fixtures/gold/bowl.json").shows("Shipped src/tuned.rs   bowl, 3 parameters");
    project.omega(["test"]).exits(0).shows("3 parameters in src/tuned.rs as gold has them, to the bit");
    project.omega(["ship", "bowl"]).exits(0).shows("Unchanged src/tuned.rs");
    project.omega(["ship", "--check"]).env("CI", "1").exits(0);

    let text = project.read(TUNED);
    for line in ["pub const CALIBRATION: &str = \"bowl\";", "pub const X: f64 = 1.0;", "pub const Y: f64 = -1.0;"] {
        assert!(text.contains(line), "{text}");
    }
    project.file(
        "src/main.rs",
        "mod tuned;\nfn main() { println!(\"{} {}\", tuned::X + tuned::Y, tuned::TRAIL.len()); }\n",
    );
    let folder = project.path("src");
    let mut rustc = Command::new("rustc");
    rustc.args(["--edition", "2021", "-D", "warnings", "main.rs"]).current_dir(&folder);
    assert!(rustc.status().expect("rustc starts").success());
    let ran = Command::new(folder.join("main")).output().expect("it runs");
    assert_eq!(String::from_utf8_lossy(&ran.stdout), "0 64\n");
    std::fs::remove_file(project.path("src/main.rs")).expect("a file");

    project.change(TUNED, "X: f64 = 1.0", "X: f64 = 1.0000000000000002");
    let shown = project.omega(["test"]).exits(1);
    shown.shows("src/tuned.rs: x is 1.0000000000000002 in line 10, gold has 1.0").shows("cargo omega ship bowl");
    shown.shows("FAIL:SHIPPED");
    let case = &project.results().suites[0];
    let shipped = case.trials.iter().find(|trial| trial.name == "bowl::shipped").expect("the case");
    assert_eq!(
        (shipped.measures[0].metric.as_str(), shipped.measures[0].measured.as_str()),
        ("x", "1.0000000000000002")
    );
    project.cargo(["test", "--test", "calibration", "shipped"]).exits(101).shows("gold has 1.0");
    project.omega(["ship", "--check"]).exits(1).says("x is 1.0000000000000002 in line 10, gold has 1.0");
    project.omega(["ship"]).env("CI", "1").exits(2).says("refusing to write what is shipped because CI is set");
    project.omega(["ship"]).exits(0).shows("Shipped src/tuned.rs");
    assert_eq!(project.read(TUNED), text);
    std::fs::remove_file(project.path(TUNED)).expect("a file");
    project
        .omega(["test", "shipped"])
        .exits(1)
        .shows("src/tuned.rs is missing")
        .shows("write it from gold: cargo omega ship bowl");
    project.omega(["update-gold", "--reason", "again"]).exits(0).shows("Unchanged").shows("Shipped src/tuned.rs");
    project.omega(["explain", "bowl::shipped"]).exits(0).shows("Does production use what was accepted?");
}

#[test]
fn what_did_not_pass_is_not_shipped_and_another_file_is_not_replaced() {
    let project = shipping("ship = { file = \"a/b/tuned.py\" }");
    project.omega(["update-gold", "--reason", "first"]).exits(0).shows("Shipped a/b/tuned.py");
    assert!(project.read("a/b/tuned.py").contains("X = 1.0\n"));
    project.change("fixtures/gold/bowl.json", "\"verdict\": \"PASS\"", "\"verdict\": \"FAIL:KC-4\"");
    project.omega(["test", "shipped"]).exits(1).shows("the accepted verdict is FAIL:KC-4");
    project.omega(["ship"]).exits(1).says("what did not pass is not shipped");
    project.change("fixtures/gold/bowl.json", "\"verdict\": \"FAIL:KC-4\"", "\"verdict\": \"PASS\"");

    let ours = project.read("a/b/tuned.py");
    project.file("a/b/tuned.py", "X = 1.0\n");
    project.omega(["ship"]).exits(2).says("no file that `cargo omega ship` wrote, and is not replaced");
    assert_eq!(project.read("a/b/tuned.py"), "X = 1.0\n");
    project.file("a/b/tuned.py", &ours.replace("bowl", "bowl2"));
    project.omega(["ship"]).exits(2).says("the shipped file of `bowl2`, and is not replaced");
    project.omega(["ship", "bow"]).exits(2).says("did you mean `bowl`?");
    project.change("omega.toml", "ship = { file = \"a/b/tuned.py\" }\n", "");
    project.omega(["ship"]).exits(2).says("no calibration declares a file to ship");
}

#[cfg(unix)]
#[test]
fn a_hostile_file_is_refused_before_anything_is_written() {
    let project = shipping("ship = { file = \"src/tuned.rs\" }");
    project.omega(["update-gold", "--reason", "first"]).exits(0);
    let outside = tempfile::tempdir().expect("a folder");
    for file in
        ["../tuned.rs", "/etc/tuned.rs", ".git/tuned.rs", "target/tuned.rs", "omega.toml", "fixtures/gold/bowl.json"]
    {
        let declared = project.read("omega.toml");
        project.change("omega.toml", "\"src/tuned.rs\"", &format!("\"{file}\""));
        project.omega(["test"]).exits(2).says("`ship.file` is").says("expected a file");
        project.omega(["ship"]).exits(2).says("`ship.file` is").says("expected a file");
        project.file("omega.toml", &declared);
    }
    std::fs::remove_file(project.path("src/tuned.rs")).expect("a file");
    std::fs::remove_dir(project.path("src")).ok();
    let src = project.path("src");
    let moved = src.exists().then(|| std::fs::rename(&src, project.path("kept")));
    assert!(moved.is_none_or(|moved| moved.is_ok()));
    std::os::unix::fs::symlink(outside.path(), &src).expect("a link");
    project.omega(["ship"]).exits(2).says("`src` is a symbolic link");
    project.omega(["test", "shipped"]).exits(2).shows("`src` is a symbolic link");
    assert_eq!(std::fs::read_dir(outside.path()).expect("a folder").count(), 0, "nothing went through the link");
    std::fs::remove_file(&src).expect("the link");
    std::fs::create_dir(&src).expect("a folder");
    std::os::unix::fs::symlink(outside.path().join("tuned.rs"), project.path("src/tuned.rs")).expect("a link");
    project.omega(["ship"]).exits(2).says("`src/tuned.rs` is a symbolic link");
    assert_eq!(std::fs::read_dir(outside.path()).expect("a folder").count(), 0);
}

#[test]
fn values_in_a_file_of_the_users_own_are_compared_by_their_keys_and_never_written() {
    let project = shipping("ship = { file = \"config.toml\", keys = { x = \"amp.gain\", \"y\" = \"amp.bias.dc\" } }");
    project.omega(["update-gold", "--reason", "first"]).exits(0).says("config.toml is missing");
    project.file("config.toml", "# ours\n[amp]\ngain = 1\nbias = { dc = -1.0 }\n");
    let shown = project.omega(["test"]).exits(0);
    shown.shows("2 parameters in config.toml as gold has them, to the bit; not compared: z");
    project.change("config.toml", "-1.0", "-1.1");
    project.omega(["test", "shipped"]).exits(1).shows("y (`amp.bias.dc`) is -1.1, gold has -1.0").shows("by hand");
    let text = project.read("config.toml");
    project.omega(["ship"]).exits(1).says("config.toml is written by hand");
    assert_eq!(project.read("config.toml"), text);
    project.change("omega.toml", "config.toml", "config.json");
    for (json, code) in [
        (r#"{"amp": {"gain": 1.0, "bias": {"dc": -1.0}}, "list": [null, {"a": 1}]}"#, 0),
        (r#"{"amp": {"gain": 2.0, "gain": 1.0, "bias": {"dc": -1.0}}}"#, 1),
        (r#"{"amp": {"gain": "1.0", "bias": {"dc": -1.0}}}"#, 1),
        (r#"{"amp": 3}"#, 1),
        ("{", 1),
    ] {
        project.file("config.json", json);
        project.omega(["ship", "--check"]).exits(code);
    }
}

#[test]
fn a_file_that_is_no_longer_shipped_lowers_a_bar_and_a_name_that_is_none_is_refused() {
    let project = shipping("ship = { file = \"src/tuned.rs\" }");
    project.omega(["update-gold", "--reason", "first"]).exits(0);
    project.omega(["lock"]).exits(0);
    project.commit("base");
    project.change("omega.toml", "ship = { file = \"src/tuned.rs\" }", "ship = { file = \"src/other.rs\" }");
    project.omega(["lock"]).exits(0).shows("ship.file").shows("moved");
    project.change("omega.toml", "ship = { file = \"src/other.rs\" }\n", "");
    project.omega(["lock"]).exits(0).shows("ship.file").shows("LOOSER");
    project.omega(["test", "--against", "HEAD"]).exits(1).shows("ship.file").shows("LOOSER");
    project.change("omega.toml", "profile =", "ship = { file = \"src/tuned.rs\", names = { x = \"fn\" } }\nprofile =");
    project.omega(["lock"]).exits(2).says("parameter `x` would be called `fn`, which names no constant of rust");
    project.change("omega.toml", "names = { x = \"fn\" }", "names = { xx = \"GAIN\" }");
    project.omega(["lock"]).exits(2).says("`ship.names` names `xx`, which is no parameter");
    project.change("omega.toml", "names = { xx = \"GAIN\" }", "names = { x = \"GAIN\" }");
    project.omega(["ship"]).exits(0);
    assert!(project.read(TUNED).contains("pub const GAIN: f64 = 1.0;"));
}

#[test]
fn gold_is_not_written_where_the_file_that_follows_it_cannot_be() {
    let project = shipping("ship = { file = \"src/tuned.rs\" }");
    project.file(TUNED, "pub const X: f64 = 1.0;\n");
    let untouched = |project: &Project| {
        assert!(!project.path("fixtures/gold/bowl.json").exists());
        assert!(!project.path("fixtures/gold/HISTORY.jsonl").exists());
        assert_eq!(project.read(TUNED), "pub const X: f64 = 1.0;\n");
    };
    let shown = project.omega(["update-gold", "--reason", "first"]).exits(2);
    shown.says("fixtures/gold/bowl.json was not written: `src/tuned.rs` is no file that `cargo omega ship` wrote");
    untouched(&project);
    let accept = project.cargo(["test", "--test", "calibration"]);
    let shown = accept.env("OMEGA_LOCK_UPDATE_GOLD", "1").env("OMEGA_LOCK_REASON", "first").exits(101);
    shown.shows("fixtures/gold/bowl.json was not written: `src/tuned.rs` is no file");
    untouched(&project);
    std::fs::remove_file(project.path(TUNED)).expect("a file");
    project.omega(["update-gold", "--reason", "first"]).exits(0).shows("Shipped src/tuned.rs");
}

#[test]
fn a_file_that_cannot_be_read_fails_its_case_and_no_other() {
    let project = shipping("ship = { file = \"src/tuned.rs\" }");
    project.omega(["update-gold", "--reason", "first"]).exits(0);
    std::fs::remove_file(project.path(TUNED)).expect("a file");
    std::fs::create_dir(project.path(TUNED)).expect("a folder");
    project.omega(["test"]).exits(2).shows("bowl::shipped").shows("bowl::gold").shows("no regular file");
    std::fs::remove_dir(project.path(TUNED)).expect("a folder");
    std::fs::write(project.path(TUNED), b"// \xff").expect("written");
    project.omega(["test"]).exits(2).shows("bowl::shipped").shows("bowl::gold").shows("is not UTF-8");
}

#[test]
fn a_run_that_failed_beside_its_gates_is_accepted_and_not_shipped() {
    let project = shipping("lock = \"required\"\nship = { file = \"src/tuned.rs\" }");
    project.omega(["lock"]).exits(0);
    project.change("omega.toml", "min_fitness = -10.0", "min_fitness = -20.0");
    let shown = project.omega(["update-gold", "--accept-failing", "--reason", "first"]).exits(0);
    shown.shows("Updated fixtures/gold/bowl.json").hides("Shipped").says("bowl::declaration failed");
    shown.says("src/tuned.rs was not written: what failed is not shipped");
    assert!(!project.path(TUNED).exists());
}

#[test]
fn two_calibrations_do_not_ship_to_one_file_and_the_heading_is_part_of_it() {
    let project = shipping("ship = { file = \"src/tuned.rs\" }");
    project.omega(["update-gold", "--reason", "first"]).exits(0);
    let text = project.read(TUNED);
    let (_, headless) = text.split_once('\n').expect("lines");
    project.file(TUNED, headless);
    let shown = project.omega(["ship", "--check"]).exits(1);
    shown.says("line 1 is not the heading that `cargo omega ship` writes; delete the file and write it again");
    project.file(TUNED, &text);
    let declared = project.read("omega.toml");
    project.file("omega.toml", &format!("{declared}\n[calibration.cup]\nship = {{ file = \"src/Tuned.rs\" }}\n"));
    project.omega(["lock"]).exits(2).says("calibrations `bowl` and `cup` both ship to \"src/Tuned.rs\"");
}

#[test]
fn one_value_named_of_a_file_that_was_held_whole_lowers_a_bar() {
    let project = shipping("ship = { file = \"tuned.json\" }");
    project.omega(["update-gold", "--reason", "first"]).exits(0);
    project.omega(["lock"]).exits(0);
    project.commit("base");
    project.change("omega.toml", "\"tuned.json\" }", "\"tuned.json\", keys = { x = \"params.x\" } }");
    project.change("tuned.json", "\"y\": -1.0", "\"y\": -1.5");
    project.omega(["lock"]).exits(0).shows("ship.keys.x").shows("LOOSER");
    project.omega(["test", "--against", "HEAD"]).exits(1).shows("LOOSER bowl  ship.keys.x (none) -> \"params.x\"");
    project.change("omega.toml", "params.x", "params..x");
    project.omega(["lock"]).exits(2).says("`ship.keys` with names between their points");
}

/// The story of docs/shipping.md.
#[test]
fn a_new_crate_ships_its_winner_in_five_minutes_and_hears_of_a_digit_that_somebody_changed() {
    let project = Project::copy_of("bare");
    let root = crate::support::repository().into_os_string().into_string().expect("a UTF-8 path");
    project.omega(["init", "--path", &root]).exits(0);
    project.omega(["test"]).exits(0).shows("bare  PASS");
    project.omega(["show", "bare"]).exits(0).shows("batch");
    let declared = "gold = \"required\"\nship = { file = \"src/tuned.rs\" }";
    project.change("omega.toml", "gold = \"off\"", declared);
    project.omega(["lock"]).exits(0).shows("ship.file");
    project.omega(["update-gold", "--reason", "first run"]).exits(0).shows("Shipped src/tuned.rs   bare, ");
    project.omega(["test"]).exits(0).shows("bare::shipped").hides("gold off");
    project.omega(["ship", "--check"]).exits(0).shows("Unchanged src/tuned.rs   bare, ");

    let program = "mod tuned;\n\nfn main() {\n    println!(\"batch {:?}, reviewed under {}\", tuned::BATCH, &tuned::DECLARATION[..12]);\n}\n";
    assert!(crate::support::repository().join("docs/shipping.md").exists());
    let page = std::fs::read_to_string(crate::support::repository().join("docs/shipping.md")).expect("the page");
    assert!(page.contains(program), "the page has the program that is run here");
    project.file("src/main.rs", program);
    let shown = project.cargo(["run", "--quiet", "--bin", "bare"]).exits(0);
    let gold: serde_json::Value = serde_json::from_str(&project.read("fixtures/gold/bare.json")).expect("gold");
    let batch = gold["params"]["batch"].as_f64().expect("a number");
    let digest = gold["declaration_digest"].as_str().expect("a digest");
    shown.shows(&format!("batch {batch:?}, reviewed under {}\n", &digest[..12]));

    project.change("src/tuned.rs", &format!("BATCH: f64 = {batch:?}"), &format!("BATCH: f64 = {:?}", batch.next_up()));
    let shown = project.omega(["test"]).exits(1);
    shown.shows(&format!("src/tuned.rs: batch is {:?}", batch.next_up())).shows(&format!("gold has {batch:?}"));
    shown.shows("bare::shipped").shows("cargo omega ship bare");
}

#[cfg(unix)]
#[test]
fn what_a_program_evaluated_is_shipped_without_cargo_and_gold_that_plain_cargo_accepts_is_too() {
    let project = crate::workers::project();
    let declared = "[calibration.bowl]\nship = { file = \"tuned.py\" }\n";
    project.change("omega.toml", "[calibration.bowl]\n", declared);
    let omega = |arguments: &[&str]| crate::workers::omega(&project, arguments.iter().copied());
    omega(&["lock"]).exits(0);
    omega(&["update-gold", "--reason", "first"]).exits(0).shows("Shipped tuned.py   bowl, 2 parameters");
    omega(&["test"]).exits(0).shows("2 parameters in tuned.py as gold has them, to the bit");
    project.change("tuned.py", "X = ", "X = 1");
    omega(&["test", "bowl::shipped"]).exits(1).shows("tuned.py: x is ").shows("cargo omega ship bowl");
    omega(&["ship"]).exits(0).shows("Shipped tuned.py");
    omega(&["test", "bowl::shipped"]).exits(0);

    let project = shipping("ship = { file = \"src/tuned.rs\" }");
    let test = ["test", "--test", "calibration"];
    let accept = project.cargo(test).env("OMEGA_LOCK_UPDATE_GOLD", "1").env("OMEGA_LOCK_REASON", "first");
    accept.exits(101).shows("wrote src/tuned.rs");
    project.cargo(test).exits(0);
    assert!(project.read(TUNED).contains("pub const X: f64 = 1.0;"));
}
