//! Numbers that move in steps, wherever a run proposes something.

use omega_lock::internals::artifacts::RunResult;
use omega_lock::internals::audit::Trail;
use omega_lock::internals::declaration::{DeclarationFile, differences};
use omega_lock::prelude::*;
use omega_lock::{Declaration, Run};

fn slopes() -> FnTarget {
    let space = ParamSpace::new()
        .float("level", 0.0..=1.0, 0.5)
        .step(0.05)
        .int("slow", 5..=100, 45)
        .step(10)
        .float("tilt", -1.0..=1.0, -0.4)
        .step(0.3)
        .float("rate", 0.0..=1.0, 0.5);
    FnTarget::new(space, |params| {
        let (level, slow, tilt) = (params.float("level")?, params.int("slow")? as f64, params.float("tilt")?);
        Ok(Evaluation::new(level + slow / 50.0 - (tilt - 0.2).abs() + 0.01 * params.float("rate")?).samples(100))
    })
}

#[test]
fn every_search_draw_and_perturbation_keeps_to_the_steps() {
    let target = slopes();
    let searches = [
        SearchMethod::Grid { points_per_axis: 4 },
        SearchMethod::Zoom { points_per_axis: 3, rounds: 4, factor: 0.5 },
        SearchMethod::Random { samples: 60, seed: 1 },
        SearchMethod::tpe(60, 1),
    ];
    for search in searches {
        let thresholds = Thresholds { gini_min: 0.0, top_bot_ratio_min: 0.0, ..Thresholds::pure_objective() };
        let config = RunConfig { search, thresholds, sc2: true, ..RunConfig::default() };
        let declaration = Declaration { config, ..Declaration::of("steps", &target).with(Role::Test, &target) };
        let mut trail = Trail::new();
        let outcome = Run::of(&declaration).train(&target).test(&target).record(&mut trail).run().expect("a verdict");
        assert!(trail.rows().len() > 100);
        for row in trail.rows() {
            // As somebody would write them: 0.15 and no 0.15000000000000002.
            let level = row.params.float("level").unwrap();
            let place = (level / 0.05).round();
            assert!(place <= 20.0 && level == format!("{:.2}", place * 0.05).parse::<f64>().unwrap(), "{}", row.params);
            let slow = row.params.int("slow").unwrap();
            assert!((5..=95).contains(&slow) && slow % 10 == 5, "{}", row.params);
            assert!(
                [-1.0, -0.7, -0.4, -0.1, 0.2, 0.5, 0.8].contains(&row.params.float("tilt").unwrap()),
                "{}",
                row.params
            );
        }
        let last = trail.rows().iter().any(|row| row.params.int("slow").ok() == Some(95));
        assert!(last, "the last step within the range is reached");
        let space = RunResult::new(&declaration, &outcome).space;
        let steps: Vec<bool> = space.iter().map(|entry| entry.step.is_some()).collect();
        assert_eq!(steps, [true, true, true, false]);
    }
}

#[test]
fn another_step_is_another_space_that_needs_an_approval() {
    let fields = |space: ParamSpace| Declaration::of("a", &FnTarget::new(space, |_| Ok(Evaluation::new(0.0)))).fields();
    let int = || ParamSpace::new().int("slow", 0..=100, 50);
    let differences = differences(&fields(int().step(10)), &fields(int().step(5)));
    let shown: Vec<String> = differences.iter().map(ToString::to_string).collect();
    assert_eq!(shown, ["space.slow.step 10 -> 5 moved"]);
    assert!(differences.iter().all(|difference| difference.direction.needs_approval()));
}

#[test]
fn a_baseline_between_two_steps_is_refused_by_name() {
    let target = slopes();
    let base = target.space().neutral().with("level", 0.52).unwrap();
    let config = RunConfig { base_params: Some(base), ..RunConfig::default() };
    let declaration = Declaration { config, ..Declaration::of("steps", &target) };
    let error = Run::of(&declaration).train(&target).run().expect_err("it is between two");
    assert_eq!(error.to_string(), "parameter `level` has the value 0.52, expected float in 0.0..=1.0 by 0.05");
}

#[test]
fn omega_toml_says_steps_of_parameters_that_it_declares() {
    let space = |parameter: &str| {
        let worker = "[calibration.a.worker]\ncommand = [\"target\"]\n[calibration.a.roles]\ntrain = {}\n";
        let text = format!("{worker}[calibration.a.space]\nx = {{ {parameter} }}\n");
        let declared = DeclarationFile::parse(&text).and_then(|file| file.without_code());
        declared.map(|found| found[0].space.clone().expect("it has one")).map_err(|error| error.to_string())
    };
    let float = "kind = \"float\", low = 0.0, high = 10.0, neutral = 5.0, step = ";
    assert_eq!(space(&format!("{float}1")), Ok(ParamSpace::new().float("x", 0.0..=10.0, 5.0).step(1.0)));
    let int = "kind = \"int\", low = 5, high = 100, neutral = 45, step = 10";
    assert_eq!(space(int), Ok(ParamSpace::new().int("x", 5..=100, 45).step(10)));
    let refused = |parameter: &str| space(parameter).expect_err("refused");
    assert!(refused(&format!("{float}0")).contains("parameter `x` has the step 0.0, expected a number above 0"));
    assert!(refused(&format!("{float}\"big\"")).contains("`space.x.step` is \"big\", expected a number above 0"));
    let switch = refused("kind = \"bool\", neutral = true, step = 1");
    assert!(switch.contains("`space.x.step` does not apply to kind \"bool\""), "{switch}");
}
