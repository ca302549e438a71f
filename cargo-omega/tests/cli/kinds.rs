//! Choices and log scales under `cargo omega test`: in omega.toml, through every search, in the artifacts.

use omega_lock::RunResult;
use serde_json::{Value as Json, json};

use crate::support::Project;

fn result(project: &Project, calibration: &str) -> Json {
    let text = project.read(&format!("target/omega/kinds/{calibration}/result.json"));
    serde_json::from_str(&text).expect("JSON")
}

#[test]
fn every_kind_goes_through_every_search_into_the_artifacts_and_back() {
    let project = Project::copy_of("kinds");
    let shown = project.omega(["test"]).exits(0);
    for name in ["grid", "zoom", "random", "tpe", "rounds"] {
        shown
            .shows(&format!("{name}::gate::kc4"))
            .shows(&format!("{name:<6}  PASS (profile reference, lock off, gold off)"));
    }

    let grid = result(&project, "grid");
    let base = json!({ "rate": 0.01, "width": 8, "loss": "l1", "warm": false, "dropout": 0.0, "depth": 6 });
    assert_eq!(grid["passes"][0]["baseline"]["params"], base);
    let space = |name: &str| {
        let entries = grid["space"].as_array().expect("a list");
        entries.iter().find(|entry| entry["name"] == name).expect("a parameter").clone()
    };
    assert_eq!((&space("rate")["scale"], &space("width")["scale"]), (&Json::from("log"), &Json::from("log")));
    assert_eq!(
        (space("loss")["kind"].as_str(), space("loss")["choices"].as_array().map(Vec::len)),
        (Some("choice"), Some(3))
    );
    let stress = |name: &str| {
        let entries = grid["passes"][0]["stresses"].as_array().expect("a list");
        entries.iter().find(|entry| entry["name"] == name).expect("a row").clone()
    };
    // From "l1" the largest change is that to "huber"; one step of rate is half a unit of its logarithm.
    assert_eq!(stress("loss")["stress"], 5.0);
    assert_eq!(stress("rate")["epsilon"], 0.5);
    // The middles of both geometric axes are the optimum: 10^-2.5 of [1e-5, 1], and 64 of [4, 1024].
    let best = &grid["passes"][0]["selected"]["params"];
    assert_eq!((&best["loss"], &best["width"]), (&Json::from("huber"), &Json::from(64)));
    let rate = best["rate"].as_f64().expect("a number");
    assert!((rate.log10() + 2.5).abs() < 1e-12, "{rate}");

    for name in ["grid", "zoom", "random", "tpe", "rounds"] {
        let text = project.read(&format!("target/omega/kinds/{name}/result.json"));
        let read: RunResult = serde_json::from_str(&text).expect("a result");
        assert_eq!(serde_json::to_string_pretty(&read).expect("JSON") + "\n", text, "{name}");
        let trail = project.read(&format!("target/omega/kinds/{name}/trail.jsonl"));
        let header: Json = serde_json::from_str(trail.lines().next().expect("a header")).expect("JSON");
        assert_eq!(result(&project, name)["declaration"], header["b"]["declaration"], "{name}: declared once");
    }
    assert_eq!(result(&project, "tpe")["declaration"]["search.sampler"], "\"optuna-4.9\"");
    assert_eq!(result(&project, "random")["passes"][0]["baseline"]["params"]["loss"], "huber");
}

#[test]
fn a_baseline_or_a_constraint_of_the_wrong_kind_exits_2_by_name() {
    let project = Project::copy_of("kinds");
    let declared = project.read("omega.toml");
    for (line, said) in [
        ("base.loss = \"l3\"", "parameter `loss` has the value \"l3\", expected one of [\"l1\", \"l2\", \"huber\"]"),
        ("base.loss = 1", "parameter `loss` has the value 1, expected one of"),
        ("base.rate = \"l1\"", "parameter `rate` has the value \"l1\", expected log float in 1e-5..=1.0"),
        ("base.width = 2000", "parameter `width` has the value 2000, expected log int in 4..=1024"),
        ("base.los = \"l1\"", "no parameter `los`; the nearest is `loss`"),
        (
            "constraint = [{ name = \"robust\", metric = \"params.loss\", op = \">\", value = 1 }]",
            "parameter `loss` is of kind choice, not a number that constraint `robust` could compare",
        ),
    ] {
        project.file("omega.toml", &declared.replace("base.loss = \"huber\"", line));
        project.omega(["test", "random::run"]).exits(2).shows(said);
    }
}
