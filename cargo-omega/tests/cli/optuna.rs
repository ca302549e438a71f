//! Optuna's files, made by the real packages: read as Optuna itself reports them, and refused by what they are.

use std::fs;

use rusqlite::Connection;
use serde_json::Value;

use crate::support::{Omega, Project, repository};

const VERSIONS: [&str; 2] = ["4.9.0", "5.0.0"];

fn fixture(version: &str, file: &str) -> Vec<u8> {
    let path = repository().join(format!("fixtures/studies/optuna-{version}/{file}"));
    fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The rows of a study of ours: its head, its trials, and its end.
fn rows(text: &str) -> (Value, Vec<Value>, Value) {
    let body = |line: &str| serde_json::from_str::<Value>(line).expect("a row")["b"].clone();
    let mut bodies: Vec<Value> = text.lines().map(body).collect();
    let end = bodies.pop().expect("an end")["end"].clone();
    let head = bodies.remove(0)["study"].clone();
    (head, bodies.into_iter().map(|body| body["trial"].clone()).collect(), end)
}

fn expected(version: &str, study: &str) -> Vec<Value> {
    let text = String::from_utf8(fixture(version, &format!("{study}.expected.jsonl"))).expect("text");
    text.lines().map(|line| serde_json::from_str(line).expect("a trial")).collect()
}

fn import(project: &Project, file: &str, study: Option<&str>) -> Omega {
    let study = study.map_or(vec![], |study| vec!["--study", study]);
    project.omega([&["import", file, "-o", "out.json"], &study[..]].concat())
}

fn bytes(project: &Project, file: &str, content: &[u8]) {
    fs::write(project.path(file), content).expect("a file");
}

#[test]
fn databases_and_journals_of_both_versions_give_what_optuna_reports() {
    let project = Project::empty();
    for version in VERSIONS {
        for file in ["study.db", "journal.log"] {
            bytes(&project, file, &fixture(version, file));
            for study in ["one", "two"] {
                import(&project, file, Some(study)).exits(0);
                let (head, trials, end) = rows(&project.read("out.json"));
                assert_eq!(trials, expected(version, study), "{version}, {file}, {study}");
                assert_eq!(head["source"]["study"], study);
                assert!(
                    head["objectives"].as_array().is_some_and(|all| all.iter().all(|one| one["direction"].is_string()))
                );
                assert_eq!(end["parameters"]["gain"].as_array().map(Vec::len), Some(2), "{end}");
                assert!(end["left_out"].to_string().contains("attributes of the study"), "{end}");
            }
        }
    }
}

#[test]
fn a_dataframe_gives_the_same_for_what_it_can_hold_and_no_direction() {
    let project = Project::empty();
    for (version, study) in VERSIONS.into_iter().flat_map(|version| [(version, "one"), (version, "two")]) {
        bytes(&project, "trials.csv", &fixture(version, &format!("{study}.csv")));
        import(&project, "trials.csv", None).exits(0).shows("nobody says which is better");
        let (head, trials, _) = rows(&project.read("out.json"));
        assert!(head["objectives"][0].get("direction").is_none(), "{head}");
        let whole = expected(version, study);
        assert_eq!(trials.len(), whole.len());
        for (found, whole) in trials.iter().zip(&whole) {
            for key in ["number", "state", "scores", "constraints"] {
                assert_eq!(found.get(key), whole.get(key), "{version}, {study}");
            }
            for (name, value) in whole["params"].as_object().expect("parameters") {
                let found = found["params"].get(name);
                // `None` leaves nothing, and a text of digits or words looks like a number.
                let is_kept = value.is_number() || value.is_boolean() || value == "l1";
                assert!(!is_kept || found == Some(value), "{version}, {study}, {name}: {found:?}, {value}");
            }
        }
    }
}

#[test]
fn which_study_and_which_direction_are_asked_and_never_guessed() {
    let project = Project::empty();
    bytes(&project, "study.db", &fixture("5.0.0", "study.db"));
    bytes(&project, "journal.log", &fixture("5.0.0", "journal.log"));
    for file in ["study.db", "journal.log"] {
        import(&project, file, None).exits(2).says("2 studies: `one`, `two`").says("--study NAME");
        import(&project, file, Some("three")).exits(2).says("no study `three`");
        import(&project, file, Some("one")).exits(0);
        let (head, ..) = rows(&project.read("out.json"));
        let known = head["objectives"][0]["direction"].as_str().expect("a direction").to_owned();
        let other = if known == "maximize" { "minimize" } else { "maximize" };
        let call = ["import", file, "--study", "one", "--direction", other, "-o", "out.json"];
        project.omega(call).exits(2).says("the command line").says("leave `--direction` out");
        let call = ["import", file, "--study", "one", "--score", "profit", "-o", "out.json"];
        project.omega(call).exits(2).says("did not optimise `profit`");
    }
}

#[test]
fn a_database_is_read_with_its_log_of_writes_and_nothing_is_written_beside_it() {
    let project = Project::empty();
    bytes(&project, "live.db", &fixture("5.0.0", "study.db"));
    let writer = Connection::open(project.path("live.db")).expect("a database");
    let edit = |state| format!("UPDATE trials SET state = '{state}' WHERE number = 0");
    writer.pragma_update(None, "journal_mode", "wal").expect("a log of writes");
    writer.pragma_update(None, "wal_autocheckpoint", 0).expect("it stays");
    writer.execute(&edit("PRUNED"), []).expect("an edit");
    let look = || -> Vec<(String, Vec<u8>)> {
        let names = ["live.db", "live.db-wal", "live.db-shm"];
        names.map(|name| (name.to_owned(), fs::read(project.path(name)).unwrap_or_default())).to_vec()
    };
    let before = look();
    import(&project, "live.db", Some("one")).exits(0).shows("with its log of writes");
    let (_, trials, _) = rows(&project.read("out.json"));
    assert_eq!(trials[0]["state"], "pruned", "the log has it");
    assert!(before == look(), "a byte was written beside the database");
    // A writer that holds the file does not stop a reader, and a reader leaves no lock behind.
    writer.pragma_update(None, "journal_mode", "delete").expect("no log of writes");
    writer.execute_batch("BEGIN EXCLUSIVE").expect("a lock");
    import(&project, "live.db", Some("one")).exits(0);
    writer.execute(&edit("RUNNING"), []).expect("an edit that is not finished");
    writer.execute_batch("COMMIT").expect("an end");
    let left: Vec<_> = fs::read_dir(project.root()).expect("a folder").flatten().map(|file| file.file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().starts_with("live.db-")), "{left:?}");
}

#[test]
fn other_tables_than_those_of_the_one_schema_are_refused_by_name() {
    let project = Project::empty();
    let edits = [
        ("UPDATE version_info SET schema_version = 11", "schema `11`"),
        ("UPDATE version_info SET schema_version = 13", "schema `13`"),
        ("UPDATE alembic_version SET version_num = 'v3.0.0.d'", "revision `v3.0.0.d`"),
        ("DROP TABLE alembic_version", "without a version"),
        ("DROP TABLE trial_values", "no table `trial_values`"),
        ("DROP TABLE trials", "neither Optuna's tables"),
        ("DELETE FROM study_directions", "no direction"),
        ("UPDATE study_directions SET direction = 'UP'", "`UP`"),
        ("UPDATE trials SET state = 'DONE' WHERE number = 3", "`DONE`"),
        ("UPDATE trials SET number = 0", "does not follow"),
        ("UPDATE trials SET number = -1", "has the number -1"),
        ("UPDATE trial_params SET param_value = 99 WHERE param_name = 'mode'", "choice 99.0 of 10"),
        ("UPDATE trial_params SET param_value = NULL", "has no value"),
        ("UPDATE trial_params SET param_value = 'x'", "trial 0: `param_value` is text"),
        ("UPDATE trials SET number = NULL WHERE number = 3", "`number` is null"),
        (
            "UPDATE trial_values SET value = NULL, value_type = 'FINITE'",
            "trial 0: a value of the kind `FINITE` is empty",
        ),
        ("UPDATE trial_params SET distribution_json = NULL", "has no distribution"),
        ("UPDATE trial_params SET distribution_json = '{}'", "none of Optuna's"),
        ("UPDATE trial_params SET distribution_json = '{\"name\":\"New\",\"attributes\":{}}'", "`New`"),
        ("UPDATE trial_values SET value_type = 'HUGE'", "`HUGE`"),
        ("UPDATE trial_values SET objective = objective + 5", "objective 5 of 1"),
        ("UPDATE trial_user_attributes SET value_json = '{'", "no JSON"),
        ("DELETE FROM studies", "has no study"),
    ];
    for (edit, word) in edits {
        bytes(&project, "study.db", &fixture("4.9.0", "study.db"));
        let database = Connection::open(project.path("study.db")).expect("a database");
        database.execute_batch(&format!("PRAGMA foreign_keys = OFF; {edit}")).expect(edit);
        drop(database);
        import(&project, "study.db", Some("one")).exits(2).says(word);
    }
    // A view runs what the file says.
    bytes(&project, "study.db", &fixture("4.9.0", "study.db"));
    let database = Connection::open(project.path("study.db")).expect("a database");
    let endless =
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS trial_id, i AS step FROM n";
    let edit = format!("DROP TABLE trial_intermediate_values; CREATE VIEW trial_intermediate_values AS {endless}");
    database.execute_batch(&edit).expect("a view");
    drop(database);
    import(&project, "study.db", Some("one")).exits(2).says("no table `trial_intermediate_values`");
}

#[test]
fn a_journal_is_done_again_as_optuna_does_it() {
    let project = Project::empty();
    let text = String::from_utf8(fixture("5.0.0", "journal.log")).expect("text");
    // Whoever comes too late is not heard: a trial that has ended, one that is not there, a study made twice.
    let late = "{\"op_code\":6,\"worker_id\":\"w\",\"trial_id\":2,\"state\":1,\"values\":[99.0]}\n\
                {\"op_code\":8,\"worker_id\":\"w\",\"trial_id\":2,\"user_attr\":{\"late\":1}}\n\
                {\"op_code\":8,\"worker_id\":\"w\",\"trial_id\":99999,\"user_attr\":{\"late\":1}}\n\
                {\"op_code\":0,\"worker_id\":\"w\",\"study_name\":\"one\",\"directions\":[1]}\n\
                {\"op_code\":10,\"worker_id\":\"w\"}\n";
    project.file("journal.log", &format!("{text}{late}"));
    import(&project, "journal.log", Some("one")).exits(0).shows("operations (2): the trial had ended");
    assert_eq!(rows(&project.read("out.json")).1, expected("5.0.0", "one"));
    // A last line that was cut, whether it has an end or not.
    for cut in ["{\"op_code\":4,\"study_id\":0", "{\"op_code\":4,\n", "{\"op_code\":1,\"study_id\":0}"] {
        project.file("journal.log", &format!("{text}{cut}"));
        import(&project, "journal.log", Some("one")).exits(0).shows("lines (1): the last one is cut");
        assert_eq!(rows(&project.read("out.json")).1, expected("5.0.0", "one"));
    }
    // In the middle it is damage.
    project.file("journal.log", &text.replacen("\n{\"op_code\":5", "\n{\"op_co", 1));
    import(&project, "journal.log", Some("one")).exits(2).says("line ").says("only the last line of a journal");
    // A study that was deleted is gone, and one of its name has trials of its own.
    let gone = "{\"op_code\":1,\"study_id\":0}\n{\"op_code\":0,\"study_name\":\"one\",\"directions\":[2]}\n\
                {\"op_code\":4,\"study_id\":0}\n{\"op_code\":4,\"study_id\":2,\"state\":4}\n";
    project.file("journal.log", &format!("{text}{gone}"));
    import(&project, "journal.log", Some("one")).exits(0).shows("1 (1 waiting)");
    for (line, word) in [
        ("{\"op_code\":11}", "operation 11"),
        ("{\"op_code\":0,\"study_name\":\"x\",\"directions\":[3]}", "direction 3"),
        ("{\"op_code\":4,\"study_id\":0,\"state\":9}", "state 9"),
        ("{\"op_code\":4,\"study_id\":0,\"value\":1,\"params\":{\"a\":1}}", "has no distribution"),
        ("{\"op_code\":4,\"study_id\":0,\"values\":[1,2,3]}", "3 values"),
        ("{\"op_code\":5,\"trial_id\":true}", "invalid type"),
        ("[]", "operation of a journal"),
        ("{\"op_code\":6,\"op_code\":6,\"trial_id\":0,\"state\":3}", "duplicate field"),
    ] {
        project.file("journal.log", &format!("{text}{line}\n{text}"));
        import(&project, "journal.log", Some("one")).exits(2).says(word);
    }
}

#[test]
fn a_whole_line_that_is_refused_is_never_called_cut() {
    let project = Project::empty();
    let text = String::from_utf8(fixture("5.0.0", "journal.log")).expect("text");
    for (line, word) in [
        ("{\"op_code\":6,\"op_code\":6,\"trial_id\":0,\"state\":3}\n", "duplicate field"),
        ("{\"op_code\":4,\"study_id\":0,\"values\":[1,2,3]}\n", "3 values"),
        ("{\"op_code\":4,\"study_id\":true}\n", "invalid type"),
    ] {
        project.file("journal.log", &format!("{text}{line}"));
        import(&project, "journal.log", Some("one")).exits(2).says(word).says("trials_dataframe");
    }
}

/// A journal of one study with one parameter.
fn journal(distribution: &str, internal: f64) -> String {
    let distribution = Value::from(distribution).to_string();
    format!(
        "{{\"op_code\":0,\"study_name\":\"one\",\"directions\":[1]}}\n{{\"op_code\":4,\"study_id\":0}}\n\
         {{\"op_code\":5,\"trial_id\":0,\"param_name\":\"a\",\"param_value_internal\":{internal},\"distribution\":{distribution}}}\n\
         {{\"op_code\":6,\"trial_id\":0,\"state\":1,\"values\":[1.0]}}\n"
    )
}

#[test]
fn whole_numbers_beyond_64_bits_are_named_or_kept_digit_by_digit() {
    let project = Project::empty();
    let bounds =
        r#"{"name":"IntDistribution","attributes":{"log":false,"step":1,"low":0,"high":18446744073709551616}}"#;
    project.file("journal.log", &journal(bounds, 3.0));
    let refused = import(&project, "journal.log", None).exits(2);
    refused.says("parameter `a`: the bound 18446744073709551616 is beyond 64 bits").says("trials_dataframe");
    let choices = r#"{"name":"CategoricalDistribution","attributes":{"choices":[9223372036854775808,7,-1180591620717411303424]}}"#;
    for (at, expected) in [(0.0, "\"9223372036854775808\""), (1.0, "7"), (2.0, "\"-1180591620717411303424\"")] {
        project.file("journal.log", &journal(choices, at));
        let read = import(&project, "journal.log", None).exits(0);
        assert_eq!(rows(&project.read("out.json")).1[0]["params"]["a"].to_string(), expected);
        if at != 1.0 {
            read.shows("whole numbers beyond 64 bits");
        }
    }
}

#[test]
fn a_trial_that_ends_last_holds_back_any_number_of_others() {
    const COUNT: usize = 25_000;
    let project = Project::empty();
    let mut text =
        "{\"op_code\":0,\"study_name\":\"one\",\"directions\":[1]}\n{\"op_code\":4,\"study_id\":0}\n".to_owned();
    for trial in 1..COUNT {
        let line = format!("{{\"op_code\":4,\"study_id\":0,\"state\":1,\"value\":{trial}.5}}\n");
        text.push_str(&line);
    }
    text.push_str("{\"op_code\":8,\"trial_id\":7,\"user_attr\":{\"late\":1}}\n");
    text.push_str("{\"op_code\":6,\"trial_id\":0,\"state\":3}\n");
    project.file("journal.log", &text);
    import(&project, "journal.log", None).exits(0).shows("operations (1): the trial had ended");
    let (_, trials, _) = rows(&project.read("out.json"));
    assert_eq!(trials.len(), COUNT);
    assert_eq!(trials[0]["state"], "failed");
    for (number, trial) in trials.iter().enumerate().skip(1) {
        assert_eq!((&trial["number"], &trial["scores"]["value"]), (&number.into(), &(number as f64 + 0.5).into()));
    }
}

#[test]
fn what_the_command_line_says_and_no_file_can_mean_is_refused() {
    let project = Project::empty();
    for file in ["study.db", "journal.log"] {
        bytes(&project, file, &fixture("5.0.0", file));
        let call = ["import", file, "--study", "one", "--params", "x*", "-o", "out.json"];
        project.omega(call).exits(2).says("--params `x*`");
        let call = ["import", file, "--study", "two", "--direction", "minimize", "-o", "out.json"];
        project.omega(call).exits(2).says("several scores").says("--score NAME");
    }
    bytes(&project, "trials.csv", &fixture("5.0.0", "one.csv"));
    let call = ["import", "trials.csv", "--study", "nosuch", "-o", "out.json"];
    project.omega(call).exits(2).says("--study `nosuch`");
    project.omega(["import", "trials.csv", "--params", "q", "-o", "out.json"]).exits(2).says("--params `q`");
}

#[cfg(unix)]
#[test]
fn a_link_to_a_database_leads_to_its_log_of_writes_too() {
    let project = Project::empty();
    fs::create_dir(project.path("live")).expect("a folder");
    bytes(&project, "live/study.db", &fixture("5.0.0", "study.db"));
    let writer = Connection::open(project.path("live/study.db")).expect("a database");
    writer.pragma_update(None, "journal_mode", "wal").expect("a log of writes");
    writer.pragma_update(None, "wal_autocheckpoint", 0).expect("it stays");
    writer.execute("UPDATE trials SET state = 'PRUNED' WHERE number = 0", []).expect("an edit");
    std::os::unix::fs::symlink("live/study.db", project.path("link.db")).expect("a link");
    import(&project, "link.db", Some("one")).exits(0).shows("with its log of writes");
    assert_eq!(rows(&project.read("out.json")).1[0]["state"], "pruned");
}

#[test]
fn fields_of_a_dataframe_are_typed_as_in_every_table() {
    let project = Project::empty();
    let param = |delimiter: char, field: &str| {
        let text = format!("number;value;params_x;state\n0;1;{field};COMPLETE\n").replace(';', &delimiter.to_string());
        project.file("trials.csv", &text);
        import(&project, "trials.csv", None).exits(0);
        rows(&project.read("out.json")).1[0]["params"]["x"].to_string()
    };
    for (field, expected) in [
        ("0,5", "0.5"),
        ("-0,25", "-0.25"),
        ("1,5", "1.5"),
        ("0,5,5", "\"0,5,5\""),
        ("TRUE", "true"),
        ("-0", "-0.0"),
        ("007", "\"007\""),
        ("99999999999999999999", "\"99999999999999999999\""),
    ] {
        assert_eq!(param(';', field), expected, "{field}");
    }
    assert_eq!(param(',', "\"0,5\""), "\"0,5\"", "between commas it is a text");
    let constraints = |field: &str| {
        project.file("trials.csv", &format!("number,value,system_attrs_constraints,state\n0,1,\"{field}\",COMPLETE\n"));
        import(&project, "trials.csv", None).exits(0);
        rows(&project.read("out.json")).1[0]["constraints"].to_string()
    };
    for (field, expected) in [
        ("None", "null"),
        ("(1.5,)", "{\"0\":1.5}"),
        ("[np.float64(2.0), -1, numpy.float32(0.5)]", "{\"0\":2.0,\"1\":-1.0,\"2\":0.5}"),
    ] {
        assert_eq!(constraints(field), expected, "{field}");
    }
}

#[test]
fn scores_that_no_dataframe_has_are_refused() {
    let project = Project::empty();
    for (header, word) in [
        ("number,value_,state", "a score without a name"),
        ("number,values_,state", "a score without a name"),
        ("number,value,values_0,state", "`value` beside other scores"),
        ("number,value_a,values_a,state", "`a` beside other scores"),
        (",number,value,,state", "two columns without a name"),
    ] {
        project.file("trials.csv", &format!("{header}\n"));
        import(&project, "trials.csv", None).exits(2).says(word);
    }
}

#[test]
fn a_dataframe_is_read_as_spreadsheets_save_it_and_refused_where_it_is_damaged() {
    let project = Project::empty();
    let read = |text: &str| {
        project.file("trials.csv", text);
        import(&project, "trials.csv", None)
    };
    let saved = "\u{feff}number;value;params_a;params_b;user_attrs_n;extra;state\r\n\
                 0;0,5;17,0;1;\"x;y\";z;COMPLETE\r\n1;;;2;;;FAIL\r\n2;inf;;;;;COMPLETE\r\n3;-Infinity;;;;;PRUNED\r\n4;NaN;;;;;FAIL\r\n";
    read(saved).exits(0).shows("fields of other columns (1)");
    let (_, trials, _) = rows(&project.read("out.json"));
    assert_eq!(trials[0]["scores"]["value"], 0.5);
    assert_eq!(trials[0]["attributes"]["n"], "x;y");
    assert_eq!(trials[2]["scores"]["value"], "inf");
    assert_eq!(trials[3]["scores"]["value"], "-inf");
    assert_eq!(trials[4]["scores"]["value"], "nan");
    assert!(trials[1].get("scores").is_none() && trials[1]["params"].get("a").is_none());
    let head = "number,value,params_a,state\n";
    for (row, word) in [
        ("0,1,2,DONE\n", "`DONE`"),
        ("0,one,2,COMPLETE\n", "`one` is no number"),
        ("-1,1,2,COMPLETE\n", "no number of a trial"),
        ("0.5,1,2,COMPLETE\n", "no number of a trial"),
        ("0,1,2,COMPLETE\n0,1,2,COMPLETE\n", "trial 0 occurs twice"),
        ("0,1,2\n", "3 fields, expected 4"),
        ("0,1,2,3,COMPLETE\n", "5 fields, expected 4"),
    ] {
        read(&format!("{head}{row}")).exits(2).says(word).says("line ");
    }
}
