//! omega.toml as a JSON Schema: one row per key, held against the reader by the tests below.

use serde_json::{Map, Value as Json, json};

use super::{AnchorRule, Better, Requirement};
use crate::audit::Op;
use crate::gates::{CorrelationRole, HoldoutMode};
use crate::pipeline::{ConstraintPolicy, Profile};

/// What a key may hold.
#[derive(Debug, Clone)]
enum Kind {
    Number,
    NumberOrOff,
    Count,
    CountOrOff,
    Switch,
    Texts,
    Words(Vec<&'static str>),
    /// A table of numbers, by names of the user's.
    Numbers,
    /// A table of values of parameters.
    Values,
}

use Kind::{Count, CountOrOff, Number, NumberOrOff, Numbers, Switch, Texts, Values, Words};

/// Path, what it may hold, what it means.
type Row = (&'static str, Kind, &'static str);

/// The keys of a calibration's table, less constraints and tolerances.
fn keys() -> Vec<Row> {
    let requirement = || Words(Requirement::ALL.map(Requirement::name).to_vec());
    vec![
        ("profile", Words(Profile::ALL.map(Profile::name).to_vec()), "which gates judge"),
        ("pipeline", Words(vec!["p1", "iterative"]), "search once, or in rounds"),
        ("iterative.rounds", Count, "the most rounds"),
        ("iterative.stop_on_kc_fail", Switch, "end with the first round that fails a gate"),
        ("iterative.min_improvement", Number, "end with the first round that improves by less"),
        ("search.method", Words(vec!["grid", "zoom", "random", "tpe"]), "how candidates are proposed"),
        ("search.unlock_k", Count, "how many parameters are searched"),
        ("search.leave_out_suppressed", Switch, "never search a suppressed parameter"),
        ("search.points_per_axis", Count, "grid and zoom: values per parameter"),
        ("search.zoom_rounds", Count, "zoom: number of grids"),
        ("search.zoom_factor", Number, "zoom: fraction of the range that is kept"),
        ("search.samples", Count, "random: draws"),
        ("search.trials", Count, "tpe: trials"),
        ("search.seed", Count, "random and tpe: seed"),
        (
            "walk_forward.consultations",
            Switch,
            "strict: count the questions to the test slice, each of which spends some of `gates.transfer.alpha`",
        ),
        ("walk_forward.top_n", Count, "candidates evaluated on test"),
        ("walk_forward.trade_ratio_scale", Number, "length of test over length of train"),
        ("gates.preset", Words(vec!["pure_objective"]), "switches off what counts samples"),
        ("gates.time_box_seconds", Number, "kc1: seconds a run may take"),
        ("gates.gini_min", Number, "kc2: smallest Gini coefficient of the stresses"),
        ("gates.top_bot_ratio_min", Number, "kc2: smallest ratio of the largest to the smallest stresses"),
        ("gates.min_nonzero_stress_count", CountOrOff, "kc2: parameters with any stress"),
        ("gates.trade_count_min", CountOrOff, "kc3: smallest number of samples"),
        ("gates.pearson_min", Number, "kc4: smallest correlation of train and test"),
        ("gates.trade_ratio_min", NumberOrOff, "kc4: smallest ratio of test to train samples"),
        ("gates.seed", Count, "strict: seed of draws and permutations"),
        (
            "gates.pearson",
            Words(CorrelationRole::ALL.map(CorrelationRole::name).to_vec()),
            "strict: whether kc4's correlation decides",
        ),
        ("gates.searched.min_distinct", Count, "strict: smallest number of distinct candidates"),
        ("gates.improvement.min", Number, "strict: what the selected candidate has to gain on train, strictly"),
        ("gates.selected.max_drop", NumberOrOff, "strict: how far the selected candidate may drop from train to test"),
        ("gates.transfer.alpha", Number, "strict: largest p-value"),
        ("gates.transfer.rank_points", Count, "strict: candidates, stratified by their rank on train"),
        ("gates.transfer.lead_top", Count, "strict: the best on train"),
        ("gates.transfer.lead_draws", Count, "strict: fresh draws to hold them against"),
        ("gates.transfer.permutations", Count, "strict: permutations behind a p-value"),
        ("gates.null.runs", Count, "strict: runs on null versions"),
        ("gates.null.alpha", Number, "strict: largest p-value"),
        ("gates.deterministic.noise", Number, "strict: how far the baseline may differ from itself"),
        ("sc2.run", Switch, "compare the search with as many random draws"),
        ("sc2.seed", Count, "seed of these draws"),
        (
            "constraint_policy",
            Words(ConstraintPolicy::ALL.map(ConstraintPolicy::name).to_vec()),
            "what violating a constraint means",
        ),
        ("holdout.mode", Words(HoldoutMode::ALL.map(HoldoutMode::name).to_vec()), "whether the holdout decides"),
        ("holdout.min_fitness", NumberOrOff, "smallest fitness on the holdout"),
        ("holdout.min_trade_ratio", NumberOrOff, "smallest ratio of holdout to train samples"),
        ("holdout.looks", CountOrOff, "how often the holdout may be looked at"),
        ("stress.subset", Texts, "which parameters are perturbed"),
        ("stress.epsilons", Numbers, "by how much, in the parameter's unit"),
        ("base", Values, "the baseline; other parameters are neutral"),
        ("max_failed_evaluations", Count, "evaluations that may fail before the run ends without a verdict"),
        ("attachments", Words(vec!["keep", "drop"]), "what becomes of what a target attaches"),
        ("lock", requirement(), "whether the declaration has to be the one in omega.lock"),
        ("gold", requirement(), "whether the result has to be the one in the gold file"),
        ("anchor", Words(AnchorRule::ALL.map(AnchorRule::name).to_vec()), "what another trail than gold's means"),
    ]
}

/// Tables that belong to one calibration.
const OWN: [&str; 2] = ["base", "stress"];

/// The JSON Schema (draft 2020-12) of omega.toml.
pub fn schema() -> Json {
    let mut calibration = object(keys());
    let mut defaults = calibration.clone();
    if let Some(properties) = defaults["properties"].as_object_mut() {
        OWN.iter().for_each(|key| drop(properties.remove(*key)));
    }
    calibration["properties"]["constraint"] = json!({ "type": "array", "items": constraint() });
    calibration["properties"]["tolerance"] =
        json!({ "type": "object", "description": "by metric", "additionalProperties": tolerance() });
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "omega.toml",
        "description": "How the calibrations of a workspace are judged.",
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "gold_dir": { "type": "string", "description": "folder of the gold files, relative to the workspace" },
            "defaults": defaults,
            "calibration": {
                "type": "object",
                "propertyNames": { "pattern": "^[a-z0-9][a-z0-9_-]{0,63}$" },
                "additionalProperties": calibration,
            },
        },
    })
}

fn constraint() -> Json {
    let ops: Vec<&str> = Op::ALL.map(Op::symbol).to_vec();
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": ["name", "metric", "op", "value"],
        "properties": {
            "name": { "type": "string", "pattern": "^[a-z0-9][a-z0-9_-]{0,63}$" },
            "metric": { "type": "string", "pattern": "^(fitness|samples|params\\..+|metadata\\..+)$" },
            "op": { "enum": ops },
            "value": { "type": "number" },
            "description": { "type": "string" },
        },
    })
}

fn tolerance() -> Json {
    let better: Vec<&str> = Better::ALL.map(Better::name).to_vec();
    json!({
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "absolute": { "type": "number", "minimum": 0 },
            "relative": { "type": "number", "minimum": 0 },
            "exact": { "type": "boolean" },
            "better": { "enum": better },
        },
    })
}

/// The rows as nested objects.
fn object(rows: Vec<Row>) -> Json {
    let mut properties = Map::new();
    let mut below: Vec<(&str, Vec<Row>)> = Vec::new();
    for (path, kind, description) in rows {
        let Some((table, rest)) = path.split_once('.') else {
            let mut property = property(&kind);
            property["description"] = Json::from(description);
            properties.insert(path.to_owned(), property);
            continue;
        };
        match below.iter_mut().find(|(name, _)| *name == table) {
            Some((_, rows)) => rows.push((rest, kind, description)),
            None => below.push((table, vec![(rest, kind, description)])),
        }
    }
    properties.extend(below.into_iter().map(|(name, rows)| (name.to_owned(), object(rows))));
    json!({ "type": "object", "additionalProperties": false, "properties": properties })
}

fn property(kind: &Kind) -> Json {
    let off = |other: Json| json!({ "anyOf": [other, { "const": "off" }] });
    let count = || json!({ "type": "integer", "minimum": 0 });
    match kind {
        Number => json!({ "type": "number" }),
        NumberOrOff => off(json!({ "type": "number" })),
        Count => count(),
        CountOrOff => off(count()),
        Switch => json!({ "type": "boolean" }),
        Texts => json!({ "type": "array", "items": { "type": "string" } }),
        Words(words) => json!({ "enum": words }),
        Numbers => json!({ "type": "object", "additionalProperties": { "type": "number" } }),
        Values => json!({ "type": "object", "additionalProperties": { "type": ["number", "boolean", "string"] } }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::declaration::{Acceptance, Declaration, DeclarationFile, Tolerance};
    use crate::objective::ParamSpace;
    use crate::pipeline::{Rounds, RunConfig, SearchMethod};

    fn sample(kind: &Kind) -> String {
        match kind {
            Number | NumberOrOff => "0.5".to_owned(),
            Count | CountOrOff => "3".to_owned(),
            Switch => "true".to_owned(),
            Texts => "[\"x\"]".to_owned(),
            Words(words) => format!("\"{}\"", words[0]),
            Numbers | Values => "{ x = 1.5 }".to_owned(),
        }
    }

    fn read(text: &str) -> Result<DeclarationFile, String> {
        DeclarationFile::parse(text).map_err(|error| error.to_string())
    }

    #[test]
    fn the_reader_knows_every_key_of_the_schema_and_refuses_what_the_schema_refuses() {
        for (path, kind, _) in keys() {
            let line = |value: &str| format!("[calibration.a]\n{path} = {value}\n");
            assert!(read(&line(&sample(&kind))).is_ok(), "{path}: {:?}", read(&line(&sample(&kind))));
            // No key holds a date, and what may be off is told apart from what may not.
            assert!(read(&line("1979-05-27")).is_err(), "{path}");
            let off =
                matches!(kind, NumberOrOff | CountOrOff) || matches!(&kind, Words(words) if words.contains(&"off"));
            assert_eq!(read(&line("\"off\"")).is_ok(), off, "{path}");
            if let Words(words) = &kind {
                assert!(words.iter().all(|word| read(&line(&format!("\"{word}\""))).is_ok()), "{path}");
            }
        }
    }

    #[test]
    fn every_field_of_a_declaration_that_omega_toml_can_say_is_in_the_schema() {
        let known: Vec<&str> = keys().into_iter().map(|(path, ..)| path).collect();
        let space = ParamSpace::new().float("x", 0.0..=1.0, 0.5);
        let searches = [
            SearchMethod::Grid { points_per_axis: 3 },
            SearchMethod::Zoom { points_per_axis: 3, rounds: 2, factor: 0.5 },
            SearchMethod::Random { samples: 9, seed: 1 },
            SearchMethod::Tpe { trials: 9, seed: 1 },
        ];
        for search in searches {
            let mut config = RunConfig { search, base_params: Some(space.neutral()), ..RunConfig::default() };
            config.rounds = Some(Rounds::default());
            config.stress.subset = Some(vec!["x".to_owned()]);
            config.stress.epsilons.insert("x".to_owned(), 0.1);
            let declaration = Declaration {
                name: "a".to_owned(),
                config,
                space: space.clone(),
                constraints: Vec::new(),
                roles: Vec::new(),
                acceptance: Acceptance {
                    tolerances: vec![("a".to_owned(), Tolerance::of_metric("a"))],
                    ..Acceptance::default()
                },
            };
            let of_code = ["space.", "roles.", "null.declared", "search.sampler", "gold_dir", "tolerance.a."];
            for field in declaration.fields() {
                let table = field.key.rsplit_once('.').map_or("", |(table, _)| table);
                let said = known.contains(&field.key.as_str()) || known.contains(&table);
                assert!(said || of_code.iter().any(|start| field.key.starts_with(start)), "{}", field.key);
            }
        }
    }

    #[test]
    fn constraints_and_tolerances_have_the_keys_that_the_reader_knows() {
        let keys =
            |schema: &Json| -> Vec<String> { schema["properties"].as_object().unwrap().keys().cloned().collect() };
        let mut constraint = keys(&constraint());
        constraint.sort();
        assert_eq!(constraint, ["description", "metric", "name", "op", "value"]);
        for key in keys(&tolerance()) {
            let value = if key == "exact" {
                "false"
            } else if key == "better" {
                "\"lower\""
            } else {
                "0.5"
            };
            assert!(read(&format!("[calibration.a.tolerance.b]\n{key} = {value}\n")).is_ok(), "{key}");
        }
    }
}
