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
        ("UPDATE trial_params SET param_value = 'x'", "param_value"),
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
    import(&project, "journal.log", Some("one")).exits(0).shows("2 operations: the trial had ended");
    assert_eq!(rows(&project.read("out.json")).1, expected("5.0.0", "one"));
    // A last line that was cut, whether it has an end or not.
    for cut in ["{\"op_code\":4,\"study_id\":0", "{\"op_code\":4,\n", "{\"op_code\":1,\"study_id\":0}"] {
        project.file("journal.log", &format!("{text}{cut}"));
        import(&project, "journal.log", Some("one")).exits(0).shows("1 lines: the last one is cut");
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
    ] {
        project.file("journal.log", &format!("{text}{line}\n{text}"));
        import(&project, "journal.log", Some("one")).exits(2).says(word);
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
    read(saved).exits(0).shows("1 fields of other columns");
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
