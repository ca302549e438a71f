//! A bar that is another one on a shorter slice: constraints and KC-3 by slice.

use omega_lock::internals::declaration::DeclarationFile;
use omega_lock::internals::gates::{GateId, GateStatus};
use omega_lock::internals::pipeline::RunOutcome;
use omega_lock::prelude::*;
use omega_lock::{Declaration, Run};

/// Two slopes over so many days, with a trade a day.
fn slopes(days: u64) -> FnTarget {
    FnTarget::new(ParamSpace::new().float("x", 0.0..=1.0, 0.5).float("y", 0.0..=1.0, 0.5), move |params| {
        let fitness = params.float("x")? + 3.0 * params.float("y")? + 0.001 * days as f64;
        Ok(Evaluation::new(fitness).samples(days).blocks(vec![fitness; 5]))
    })
}

/// What a run over 120, 40 and 20 days is judged, under a table of omega.toml.
fn judged(table: &str) -> RunOutcome {
    let [train, test, holdout] = [120, 40, 20].map(slopes);
    let text = format!(
        "[calibration.days]\nblocks = 5\nsearch = {{ method = \"random\", samples = 40 }}\nwalk_forward.trade_ratio_scale = 0.33\n\
         gates = {{ gini_min = 0.0, top_bot_ratio_min = 0.0, trade_count_min = 100, trade_count_min_test = 30 }}\n\
         holdout = {{ mode = \"gate\", min_fitness = 0.0 }}\n{table}"
    );
    let file = DeclarationFile::parse(&text).expect("it is read");
    let mut declaration = Declaration::of("days", &train).with(Role::Test, &test).with(Role::Holdout, &holdout);
    file.apply(&mut declaration);
    declaration.constraints = file.settings("days").expect("it has a table").constraints().to_vec();
    Run::of(&declaration).train(&train).test(&test).holdout(&holdout).run().expect("a verdict")
}

const TRADES: &str =
    "[[calibration.days.constraint]]\nname = \"trades\"\nmetric = \"samples\"\nop = \">\"\nvalue = 100\n";

#[test]
fn a_constraint_and_the_smallest_count_may_be_other_numbers_on_test_and_holdout() {
    let trades = GateId::Constraint("trades".to_owned());
    let outcome = judged(&format!("{TRADES}test = 30\nholdout = 15\n"));
    assert!(outcome.verdict.is_pass(), "{}", outcome.verdict);
    let report = outcome.report(&trades).expect("it was judged");
    let required: Vec<Option<f64>> =
        report.measures.iter().map(|measure| measure.required.as_ref().and_then(|required| required.bound)).collect();
    assert_eq!(required, [Some(100.0), Some(30.0), Some(15.0)], "each slice beside its own number");
    let kc3 = outcome.report(&GateId::Kc3).expect("it was judged");
    assert!(kc3.message.starts_with("PASS: all counts >= 100, 30 on test"), "{}", kc3.message);

    // A slice without a number of its own has that of train.
    let outcome = judged(&format!("{TRADES}test = 30\n"));
    assert_eq!(outcome.report(&trades).map(|report| report.status), Some(GateStatus::Fail));
    let outcome = judged(TRADES);
    let message = &outcome.report(&trades).expect("it was judged").message;
    assert_eq!(message, "violated by the selected candidate on test");
}

#[test]
fn a_number_of_a_slice_is_a_number_of_a_known_slice() {
    let refused = |line: &str| {
        let text = format!("{TRADES}{line}\n");
        DeclarationFile::parse(&text).map_or_else(|error| error.to_string(), |_| "accepted".to_owned())
    };
    assert_eq!(
        refused("test = \"many\""),
        "`omega.toml` line 6: `calibration.days.constraint[0].test` is \"many\", expected a finite number"
    );
    assert_eq!(
        refused("tets = 3"),
        "`omega.toml` line 6: unknown key `calibration.days.constraint[0].tets`\nhelp: the nearest key is `test`"
    );
    assert!(refused("train = 3").contains("unknown key"), "train has `value`");
}
