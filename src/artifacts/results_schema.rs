//! results.json as a JSON Schema, held against the types by the tests below.

use serde_json::{Value as Json, json};

use super::{ExitCode, SuiteResults, TestRun};
use crate::objective::Role;
use crate::pipeline::Profile;

/// The JSON Schema (draft 2020-12) of `target/omega/results.json`, which is also what `cargo omega test --format json`
/// prints.
pub fn results_schema() -> Json {
    let codes: Vec<u8> = ExitCode::ALL.iter().map(|code| code.number()).collect();
    let reasons: Vec<u8> = codes.iter().copied().filter(|code| *code != ExitCode::Pass.number()).collect();
    let text = |description: &str| json!({ "type": "string", "description": description });
    let texts =
        |description: &str| json!({ "type": "array", "items": { "type": "string" }, "description": description });
    let number = |description: &str| json!({ "type": ["number", "string"], "description": description });
    let value = |description: &str| json!({ "type": ["number", "string", "boolean"], "description": description });
    let list = |of: &str| json!({ "type": "array", "items": { "$ref": format!("#/$defs/{of}") } });
    let digest = json!({ "type": "string", "pattern": "^([0-9a-f]{64})?$" });
    let mut schema = object(
        json!({
            "schema_version": { "const": TestRun::SCHEMA },
            "exit_code": { "enum": codes, "description": "the exit code of the command" },
            "partial": { "type": "boolean", "description": "whether something that is declared was left out" },
            "problems": list("problem"),
            "suites": list("suite"),
            "against": { "$ref": "#/$defs/against" },
        }),
        &["against"],
    );
    schema["$schema"] = Json::from("https://json-schema.org/draft/2020-12/schema");
    schema["title"] = Json::from("what cargo omega test showed");
    schema["$defs"] = json!({
        "problem": object(json!({
            "exit_code": { "enum": reasons },
            "message": text("several lines; the last may start with `help: `"),
        }), &[]),
        "suite": object(json!({
            "schema_version": { "const": SuiteResults::SCHEMA },
            "package": text("package the harness belongs to"),
            "suite": text("name of the harness target"),
            "problem": { "anyOf": [{ "type": "null" }, { "$ref": "#/$defs/problem" }] },
            "declared": texts("every case there is, filtered or not"),
            "trials": list("trial"),
            "runs": list("run"),
            "unclaimed": texts("tables of omega.toml without a calibration here"),
            "unclaimed_locks": texts("entries of omega.lock without a calibration here"),
            "unclaimed_gold": texts("gold files without a calibration here"),
        }), &[]),
        "trial": object(json!({
            "name": text("such as `phantom::gate::kc4`"),
            "calibration": text("the calibration it belongs to"),
            "status": { "enum": ["pass", "fail", "skip", "advisory", "error"] },
            "summary": text("measured beside required, or the reason of a skip"),
            "details": text("the failure text; empty unless it failed"),
            "measures": list("measure"),
            "problem": { "anyOf": [{ "type": "null" }, { "$ref": "#/$defs/problem" }] },
            "seconds": { "type": "number", "description": "wall time" },
        }), &[]),
        "measure": object(json!({
            "metric": text("name of the figure"),
            "measured": text("its value as shown"),
            "required": text("the requirement as shown; empty if none is made"),
            "ok": { "type": "boolean" },
        }), &[]),
        "run": object(json!({
            "calibration": text("name of the calibration"),
            "profile": { "enum": Profile::ALL.map(Profile::name) },
            "verdict": { "type": ["string", "null"], "description": "`PASS`, or `FAIL:` and the failed gates in order" },
            "rests_on": texts("what a PASS rests on, such as `blocks 8`"),
            "selected": { "$ref": "#/$defs/selected" },
            "gains": list("gain"),
            "skipped": texts("gates that do not apply"),
            "declaration_digest": digest,
            "evaluations": { "type": "integer", "minimum": 0 },
            "not_applicable": { "type": "integer", "minimum": 1, "description": "evaluations whose parameters do not go together" },
            "trail": object(json!({ "rows": { "type": "integer", "minimum": 0 }, "head": digest }), &[]),
            "seeds": { "type": "object", "additionalProperties": { "type": "integer", "minimum": 0 } },
            "artifacts": { "type": ["string", "null"], "description": "folder, relative to the target directory" },
            "workers": object(json!({
                "processes": { "type": "integer", "minimum": 1 },
                "launcher": texts("what stood before their command without being declared"),
                "silence_timeout": number("seconds without a sign of life after which an evaluation was lost"),
                "utilisation": number("part of their time that they spent on evaluations, 0 to 1; of a run of two seconds or more"),
            }), &["launcher", "utilisation"]),
            "off": texts("what it is not held against: `lock`, `gold`"),
            "unnamed": texts("slices whose target does not say which data it has"),
            "continued": text("how it continued an interrupted run"),
        }), &["rests_on", "selected", "gains", "skipped", "not_applicable", "trail", "seeds", "workers", "continued"]),
        "selected": object(json!({
            "round": { "type": "integer", "minimum": 1, "description": "the round that selected it" },
            "window": { "type": "integer", "minimum": 1, "description": "the window that selected it" },
            "index": { "type": "integer", "minimum": 0, "description": "its number in the search of its pass" },
            "trial": { "type": "integer", "minimum": 0, "description": "the number that its tool gave it, where a study stood in the place of the search" },
            "of": { "type": "integer", "minimum": 0, "description": "how many candidates that search had" },
            "ships": { "type": "boolean", "description": "whether it would ship, if the verdict allowed it" },
            "params": list("param"),
            "kept": { "type": "integer", "minimum": 0, "description": "parameters that were not unlocked and are as they were" },
            "violates": texts("constraints that it violates on train"),
            "slices": list("slice"),
        }), &["round", "window", "trial", "violates"]),
        "param": object(json!({
            "name": text("name of the parameter"),
            "kind": { "enum": ["float", "int", "bool", "choice"] },
            "before": value("its value at the baseline"),
            "after": value("its value as it would ship"),
            "unlocked": { "type": "boolean", "description": "whether it was searched" },
        }), &[]),
        "slice": object(json!({
            "slice": { "enum": Role::ALL.map(Role::name) },
            "fitness": { "type": ["number", "string", "null"], "description": "of the selected candidate; null if the evaluation failed" },
            "baseline": number("the fitness of the baseline there"),
        }), &["baseline"]),
        "gain": object(json!({
            "slice": { "enum": Role::ALL.map(Role::name) },
            "whole": number("what would ship less the baseline, by the fitness of the whole slice"),
            "blocks": object(json!({
                "count": { "type": "integer", "minimum": 2 },
                "mean": number("the same, mean over the blocks"),
                "low": number("lower end of its 95 % interval"),
                "high": number("upper end"),
                "p": number("one-sided, of a mean of 0"),
                "lag": number("how much each block goes along with the next"),
            }), &["lag"]),
        }), &[]),
        "against": object(json!({
            "revision": text("the git revision as asked for"),
            "tip": text("the commit that it names, hex"),
            "merge_base": text("the commit from which the changes are listed, hex"),
            "digest": digest,
            "accepted": { "type": "boolean" },
            "changes": list("change"),
        }), &[]),
        "change": object(json!({
            "kind": { "enum": ["LOOSER", "moved", "REMOVED", "GOLD", "BEHIND", "UNSEARCHED", "tighter", "other", "new"] },
            "calibration": text("name of the calibration"),
            "text": text("what changed"),
        }), &[]),
    });
    schema
}

/// An object with these properties, of which the optional ones may be absent, and no others.
fn object(properties: Json, optional: &[&str]) -> Json {
    let names = properties.as_object().into_iter().flat_map(|properties| properties.keys());
    let required: Vec<&String> = names.filter(|name| !optional.contains(&name.as_str())).collect();
    json!({ "type": "object", "additionalProperties": false, "required": required, "properties": properties })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::artifacts::{
        AgainstEntry, Anchor, ChangeEntry, GainEntry, MeasureResult, Number, Problem, RunSummary, SelectedEntry,
        TrialResult, TrialStatus, WorkersEntry,
    };
    use crate::gates::{GateId, Verdict};

    fn gain() -> GainEntry {
        let blocks = json!({ "count": 8, "mean": 0.5, "low": 0.1, "high": 0.9, "p": 0.01, "lag": 0.25 });
        serde_json::from_value(json!({ "slice": "test", "whole": 0.5, "blocks": blocks })).unwrap()
    }

    fn selected() -> SelectedEntry {
        let param = json!({ "name": "x", "kind": "float", "before": 0.5, "after": "inf", "unlocked": true });
        let slice = json!({ "slice": "train", "fitness": 0.5, "baseline": 0.25 });
        let selected = json!({ "round": 1, "window": 1, "index": 3, "of": 9, "trial": 17, "ships": true, "params": [param], "kept": 2,
            "violates": ["a"], "slices": [slice] });
        serde_json::from_value(selected).unwrap()
    }

    /// A document in which nothing is absent.
    fn full() -> Json {
        let problem = Problem::new(ExitCode::TargetFailed, "x");
        let measure =
            MeasureResult { metric: "a".to_owned(), measured: "1".to_owned(), required: "> 0".to_owned(), ok: true };
        let trial = TrialResult {
            name: "a::run".to_owned(),
            calibration: "a".to_owned(),
            status: TrialStatus::Error,
            summary: String::new(),
            details: String::new(),
            measures: vec![measure],
            problem: Some(problem.clone()),
            seconds: 0.5,
        };
        let run = RunSummary {
            calibration: "a".to_owned(),
            profile: Profile::Strict.into(),
            verdict: Some(Verdict::default().into()),
            rests_on: vec!["blocks 8".to_owned()],
            selected: Some(selected()),
            gains: vec![gain()],
            skipped: vec![GateId::Null.into()],
            declaration_digest: "0".repeat(64),
            fields: Vec::new(),
            evaluations: 3,
            not_applicable: 1,
            trail: Some(Anchor { rows: 3, head: "1".repeat(64) }),
            seeds: [("search".to_owned(), 42)].into(),
            artifacts: Some("omega/a/a".to_owned()),
            workers: Some(WorkersEntry {
                processes: 2,
                launcher: vec!["srun".to_owned()],
                silence_timeout: Number(600.0),
                utilisation: Some(Number(0.93)),
            }),
            off: vec!["gold".to_owned()],
            unnamed: vec!["train".to_owned()],
            continued: Some("continued behind evaluation 0".to_owned()),
        };
        let suite = SuiteResults {
            schema_version: SuiteResults::SCHEMA.to_owned(),
            package: "a".to_owned(),
            suite: "calibration".to_owned(),
            echo: None,
            problem: Some(problem.clone()),
            declared: vec!["a::run".to_owned()],
            trials: vec![trial],
            runs: vec![run],
            unclaimed: vec![],
            unclaimed_locks: vec![],
            unclaimed_gold: vec![],
        };
        let change = ChangeEntry { kind: "new".to_owned(), calibration: "a".to_owned(), text: "b".to_owned() };
        let against = AgainstEntry {
            revision: "main".to_owned(),
            tip: "3".repeat(40),
            merge_base: "4".repeat(40),
            digest: "2".repeat(64),
            accepted: true,
            changes: vec![change],
        };
        let run = TestRun {
            schema_version: TestRun::SCHEMA.to_owned(),
            exit_code: 4,
            partial: false,
            problems: vec![problem],
            suites: vec![suite],
            against: Some(against),
        };
        serde_json::to_value(run).unwrap()
    }

    /// Follows `value` through `schema`: every object has exactly the properties that the schema names.
    fn compare(schema: &Json, root: &Json, value: &Json, path: &str) {
        let reference = |schema: &Json| schema["$ref"].as_str().map(|name| root["$defs"][&name[8..]].clone());
        let alternative = schema["anyOf"].as_array().and_then(|list| list.iter().find_map(reference));
        let schema = reference(schema).or(alternative).unwrap_or_else(|| schema.clone());
        match value {
            Json::Object(fields) if schema["properties"].is_object() => {
                let known = schema["properties"].as_object().unwrap();
                let names = |map: &serde_json::Map<String, Json>| map.keys().cloned().collect::<Vec<_>>();
                let (mut here, mut there) = (names(fields), names(known));
                here.sort();
                there.sort();
                assert_eq!(here, there, "{path}");
                fields.iter().for_each(|(name, value)| compare(&known[name], root, value, &format!("{path}.{name}")));
            }
            Json::Array(items) => items.iter().for_each(|item| compare(&schema["items"], root, item, path)),
            _ => {}
        }
    }

    #[test]
    fn the_schema_names_every_field_of_the_document_and_no_other() {
        let schema = results_schema();
        compare(&schema, &schema, &full(), "");
    }

    #[test]
    fn a_field_is_required_exactly_if_a_document_is_never_written_without_it() {
        let schema = results_schema();
        let mut bare: TestRun = serde_json::from_value(full()).unwrap();
        bare.against = None;
        let run = &mut bare.suites[0].runs[0];
        (run.verdict, run.trail, run.artifacts, run.continued) = (None, None, None, None);
        run.skipped.clear();
        run.selected = None;
        run.rests_on.clear();
        run.gains.clear();
        run.seeds.clear();
        run.not_applicable = 0;
        run.workers = None;
        let bare = serde_json::to_value(bare).unwrap();
        for (schema, value) in [(&schema, &bare), (&schema["$defs"]["run"], &bare["suites"][0]["runs"][0])] {
            let mut required: Vec<&str> =
                schema["required"].as_array().unwrap().iter().filter_map(Json::as_str).collect();
            let mut written: Vec<&str> = value.as_object().unwrap().keys().map(String::as_str).collect();
            required.sort_unstable();
            written.sort_unstable();
            assert_eq!(written, required);
        }
    }
}
