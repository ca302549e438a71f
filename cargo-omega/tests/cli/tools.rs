//! Studies of scikit-learn, MLflow and freqtrade as their own programs wrote them: what of each may be believed, and what is
//! left out and said.

use std::fs;

use camino::Utf8Path;
use omega_lock::internals::artifacts::{StudyEnd, StudyHead, StudyReader, StudyTrial, StudyValue, TrialState};

use crate::support::{Project, repository};

/// A study as `import` wrote it.
pub(crate) struct Study {
    pub(crate) head: StudyHead,
    pub(crate) trials: Vec<StudyTrial>,
    pub(crate) end: StudyEnd,
}

impl Study {
    /// What `import` makes of a file, and what of it comes back.
    pub(crate) fn of(project: &Project, file: &str, more: &[&str]) -> Self {
        project.omega(["import", file, "-o", "out.json"].iter().chain(more).copied()).exits(0);
        let path = project.path("out.json");
        let mut reader = StudyReader::open(Utf8Path::from_path(&path).expect("UTF-8")).expect("a study");
        let mut trials = Vec::new();
        while let Some(trial) = reader.next_trial().expect("a trial") {
            trials.push(trial);
        }
        Self { head: reader.head().clone(), trials, end: reader.end().expect("an end").clone() }
    }

    pub(crate) fn states(&self) -> Vec<TrialState> {
        self.trials.iter().map(|trial| *trial.state).collect()
    }

    /// A score of every trial, where it has one.
    pub(crate) fn scores(&self, name: &str) -> Vec<Option<f64>> {
        let of = |trial: &StudyTrial| trial.scores.0.iter().find(|(found, _)| found == name).map(|(_, score)| score.0);
        self.trials.iter().map(of).collect()
    }

    pub(crate) fn left_out(&self, what: &str) -> u64 {
        self.end.left_out.iter().filter(|left| left.what == what).map(|left| left.count).sum()
    }
}

/// The value of a parameter, as text; a hole if it is absent.
pub(crate) fn param(trial: &StudyTrial, name: &str) -> String {
    let value = trial.params.0.iter().find(|(found, _)| found == name).map(|(_, value)| value);
    match value {
        None => "-".to_owned(),
        Some(StudyValue::Nothing) => "None".to_owned(),
        Some(StudyValue::Bool(value)) => value.to_string(),
        Some(StudyValue::Int(value)) => value.to_string(),
        Some(StudyValue::Float(value)) => format!("{:?}", value.0),
        Some(StudyValue::Text(text)) => format!("'{text}'"),
    }
}

/// Lays a file of another tool into a project.
fn lay(project: &Project, fixture: &str) -> String {
    let name = fixture.rsplit('/').next().expect("a name").to_owned();
    let bytes = fs::read(repository().join("fixtures/studies").join(fixture)).expect("a fixture");
    fs::write(project.path(&name), bytes).expect("a file");
    name
}

const GRIDS: &str = "scikit-learn/grids.csv";
const HYPEROPT: &str = "freqtrade/strategy_Amp_2026-11-27_09-52-00.fthypt";

#[test]
fn one_search_of_scikit_learn_is_one_study_in_every_spelling() {
    let project = Project::empty();
    let study = |fixture: &str| Study::of(&project, &lay(&project, fixture), &["--score", "acc"]);
    let expected = study(GRIDS);
    let params = |trial: &StudyTrial| ["C", "kernel", "gamma", "class_weight"].map(|name| param(trial, name));
    for (spelling, close) in [
        ("grids.index.csv", 0.0),
        ("grids.lists.json", 0.0),
        // pandas writes ten decimals, and numpy prints eight digits.
        ("grids.records.json", 1e-10),
        ("grids.columns.json", 1e-10),
        ("grids.texts.json", 1e-8),
    ] {
        let found = study(&format!("scikit-learn/{spelling}"));
        assert_eq!(found.head.objectives, expected.head.objectives);
        assert_eq!(found.states(), expected.states(), "{spelling}");
        for (found, expected) in found.trials.iter().zip(&expected.trials) {
            assert_eq!(params(found), params(expected), "{spelling}, trial {}", found.number);
            let numbers = |trial: &StudyTrial| -> Vec<(String, f64)> {
                let parts = trial.parts.0.iter().flat_map(|(name, parts)| parts.iter().map(move |part| (name, part)));
                let scores = trial.scores.0.iter().map(|(name, score)| (name, score));
                scores.chain(parts).map(|(name, score)| (name.clone(), score.0)).collect()
            };
            let (found, expected) = (numbers(found), numbers(expected));
            let same =
                |((one, a), (other, b)): (&(String, f64), &(String, f64))| one == other && (a - b).abs() <= close;
            assert!(found.len() == expected.len() && found.iter().zip(&expected).all(same), "{found:?}\n{expected:?}");
        }
    }
}

#[test]
fn of_scikit_learn_a_hole_is_no_none_a_failed_fit_has_no_score_and_larger_is_better() {
    let project = Project::empty();
    let study = Study::of(&project, &lay(&project, GRIDS), &["--score", "mean_test_auc"]);
    let objective = &study.head.objectives[0];
    assert_eq!(
        (objective.name.as_str(), objective.direction.expect("it is known").to_string().as_str()),
        ("mean_test_auc", "maximize")
    );
    assert_eq!(["gamma", "class_weight"].map(|name| param(&study.trials[0], name)), ["-", "-"]);
    assert_eq!(["gamma", "class_weight"].map(|name| param(&study.trials[4], name)), ["0.1", "None"]);
    let failed: Vec<u64> =
        study.trials.iter().filter(|trial| trial.state == TrialState::Failed).map(|trial| trial.number).collect();
    assert_eq!(failed, [11, 12, 13, 14]);
    assert!(study.trials[11].scores.0.is_empty() && study.trials[11].parts.0.is_empty(), "{:?}", study.trials[11]);
    let parts: Vec<f64> = study.trials[0].parts.0[0].1.iter().map(|part| part.0).collect();
    assert_eq!((study.trials[0].parts.0[0].0.as_str(), parts), ("mean_test_acc", vec![0.94, 0.94, 0.92, 0.92]));
    assert!(study.left_out("scores of splits on what they were fitted to") > 0);
}

#[test]
fn of_scikit_learn_the_metric_is_asked_for_and_no_other_direction_is_taken() {
    let project = Project::empty();
    let file = lay(&project, GRIDS);
    let refused =
        |more: &[&str]| project.omega(["import", &file, "-o", "out.json"].iter().chain(more).copied()).exits(2);
    refused(&[]).says("several metrics").says("`acc`, `auc`");
    refused(&["--score", "acd"]).says("no metric `acd`").says("did you mean `acc`?");
    refused(&["--score", "acc", "--direction", "minimize"]).says("larger where they are better");
    refused(&["--score", "acc", "--study", "a"]).says("holds one study");
    refused(&["--score", "acc", "--params", "kernle"]).says("--params `kernle`").says("did you mean `kernel`?");
    let few = Study::of(&project, &file, &["--score", "acc", "--direction", "maximize", "--params", "C,gam*"]);
    assert_eq!(["C", "gamma", "kernel"].map(|name| param(&few.trials[4], name)), ["0.1", "0.1", "-"]);
    assert_eq!(few.trials[4].attributes["param_kernel"], "rbf");
}

#[test]
fn of_successive_halving_only_those_with_all_resources_are_complete() {
    let project = Project::empty();
    let study = Study::of(&project, &lay(&project, "scikit-learn/halving.csv"), &[]);
    let complete: Vec<&StudyTrial> = study.trials.iter().filter(|trial| trial.state == TrialState::Complete).collect();
    assert!(study.states().contains(&TrialState::Pruned));
    let most = study.trials.iter().filter_map(|trial| trial.attributes["n_resources"].as_u64()).max();
    assert!(!complete.is_empty() && complete.iter().all(|trial| trial.attributes["n_resources"].as_u64() == most));
    // Parameters stand in the order of the columns, `None` among them: the same set twice is the same.
    let names = |trial: &StudyTrial| -> Vec<String> { trial.params.0.iter().map(|(name, _)| name.clone()).collect() };
    assert!(study.trials.iter().all(|trial| names(trial) == names(&study.trials[0])));
}

#[test]
#[cfg(feature = "sqlite")]
fn of_mlflow_the_latest_value_counts_texts_lose_nothing_and_runs_that_hold_others_are_no_trials() {
    let project = Project::empty();
    let file = lay(&project, "mlflow/runs.db");
    let told = ["--study", "amp", "--score", "val_sharpe", "--direction", "maximize"];
    let study = Study::of(&project, &file, &told);
    assert_eq!(study.head.source.study.as_deref(), Some("amp"));
    let (complete, failed, running) = (TrialState::Complete, TrialState::Failed, TrialState::Running);
    assert_eq!(study.states(), [complete, complete, complete, complete, complete, complete, failed, running, complete]);
    assert_eq!(study.scores("val_sharpe")[..2], [Some(-8.8), Some(-3.8)]);
    let train = study.scores("train_sharpe");
    assert!(train[2].is_some_and(f64::is_nan), "{train:?}");
    assert_eq!(train[3..6], [Some(3.0), Some(f64::INFINITY), Some(f64::NEG_INFINITY)]);
    let names = ["gain", "mode", "taps", "none", "flag", "version"];
    assert_eq!(names.map(|name| param(&study.trials[1], name)), ["1.1", "'l1'", "1", "None", "true", "'1.10'"]);
    assert_eq!(study.trials[1].attributes["run_name"], "t1");
    assert_eq!(study.trials[1].attributes["tags.slice"], "2023");
    let left = ["runs that hold others", "deleted runs", "earlier values of metrics"].map(|what| study.left_out(what));
    assert_eq!(left, [1, 1, 12]);
    assert_eq!((study.left_out("scores of runs that finished"), study.left_out("types of parameters")), (1, 6));
}

#[test]
#[cfg(feature = "sqlite")]
fn of_mlflow_experiment_score_and_direction_are_asked_for_and_an_unknown_revision_is_named() {
    let project = Project::empty();
    let file = lay(&project, "mlflow/runs.db");
    let refused =
        |more: &[&str]| project.omega(["import", &file, "-o", "out.json"].iter().chain(more).copied()).exits(2);
    refused(&[]).says("2 experiments").says("`amp`, `other`");
    refused(&["--study", "amb"]).says("no experiment `amb`").says("did you mean `amp`?");
    refused(&["--study", "amp"]).says("--score").says("`train_sharpe`, `val_sharpe`");
    refused(&["--study", "amp", "--score", "val_sharp"]).says("did you mean `val_sharpe`?");
    refused(&["--study", "amp", "--score", "val_sharpe"]).says("--direction minimize");
    let by_id = Study::of(&project, &file, &["--study", "2", "--score", "val_sharpe", "--direction", "maximize"]);
    assert_eq!((by_id.head.source.study.as_deref(), by_id.trials.len()), (Some("other"), 1));
    let mut bytes = fs::read(project.path(&file)).expect("the database");
    let revision = b"dc11669786a5";
    let places: Vec<usize> =
        (0..bytes.len() - revision.len()).filter(|at| bytes[*at..].starts_with(revision)).collect();
    assert!(!places.is_empty());
    places.into_iter().for_each(|at| bytes[at..at + revision.len()].copy_from_slice(b"ffffffffffff"));
    fs::write(project.path(&file), bytes).expect("the database");
    refused(&["--study", "amp"]).says("revision `ffffffffffff`").says("MLflow 3.0 to 3.17").says("search_runs");
}

#[test]
fn the_table_of_mlflow_says_what_its_database_says_but_for_numbers_that_are_none() {
    let project = Project::empty();
    let file = lay(&project, "mlflow/runs.csv");
    let told = ["--score", "metrics.val_sharpe", "--direction", "maximize"];
    let table = Study::of(&project, &file, &told);
    let by_name = |study: &Study, name: &str| {
        let found = study.trials.iter().position(|trial| trial.attributes["run_name"] == name).expect("the run");
        let params = ["gain", "mode", "taps", "none", "flag", "version"]
            .map(|param_name| param(&study.trials[found], param_name));
        (study.states()[found], study.scores("val_sharpe")[found], params)
    };
    assert_eq!(by_name(&table, "t1").2, ["1.1", "'l1'", "1", "None", "true", "'1.10'"]);
    assert_eq!(by_name(&table, "failed").0, TrialState::Failed);
    assert_eq!(table.scores("train_sharpe").iter().filter(|score| **score == Some(f64::INFINITY)).count(), 1);
    assert_eq!(table.left_out("runs that hold others"), 1);
    #[cfg(feature = "sqlite")]
    {
        let file = lay(&project, "mlflow/runs.db");
        let more = ["--study", "amp", "--score", "val_sharpe", "--direction", "maximize"];
        let database = Study::of(&project, &file, &more);
        let known = |trial: &StudyTrial| {
            // The table has no number that is none.
            let scores = trial.scores.0.iter().filter(|(_, score)| !score.0.is_nan());
            let mut scores: Vec<(String, f64)> = scores.map(|(name, score)| (name.clone(), score.0)).collect();
            scores.sort_by(|(one, _), (other, _)| one.cmp(other));
            let mut params: Vec<(String, String)> =
                trial.params.0.iter().map(|(name, _)| (name.clone(), param(trial, name))).collect();
            params.sort();
            (trial.number, *trial.state, params, scores, trial.attributes.clone())
        };
        assert_eq!(table.trials.len(), database.trials.len());
        for (table, database) in table.trials.iter().zip(&database.trials) {
            assert_eq!(known(table), known(database));
        }
    }
    project.omega(["import", &file, "--score", "gain", "-o", "out.json"]).exits(2).says("no metric `gain`");
}

#[test]
fn of_freqtrade_a_loss_that_stands_for_too_few_trades_is_none_and_blocks_add_up_to_the_profit() {
    let project = Project::empty();
    let study = Study::of(&project, &lay(&project, HYPEROPT), &[]);
    let objective = &study.head.objectives[0];
    assert_eq!(
        (objective.name.as_str(), objective.direction.expect("it is known").to_string().as_str()),
        ("loss", "minimize")
    );
    let (complete, failed) = (TrialState::Complete, TrialState::Failed);
    assert_eq!(study.states(), [complete, complete, failed, complete, complete, failed, complete, complete]);
    let losses = study.scores("loss");
    assert_eq!((losses[2], losses[5]), (None, None));
    assert!(losses[4].is_some_and(f64::is_nan), "{losses:?}");
    assert_eq!(study.left_out("losses of 100000"), 2);
    for (trial, profit) in study.trials.iter().zip(study.scores("profit_total")) {
        let (name, blocks) = &trial.parts.0[0];
        assert_eq!((name.as_str(), blocks.len()), ("profit_total", 10), "300 days are ten times 30");
        let sum: f64 = blocks.iter().map(|block| block.0).sum();
        assert!((sum - profit.expect("it has one")).abs() < 1e-12, "{sum} and {profit:?}");
    }
    assert_eq!(study.trials[0].number, 1);
    assert_eq!(["buy_on", "trend"].map(|name| param(&study.trials[0], name)), ["true", "'down'"]);
    assert_eq!(study.trials[0].attributes["is_best"], true);
}

#[test]
fn of_freqtrade_a_cut_last_line_is_left_out_and_anything_else_that_is_wrong_is_refused() {
    let project = Project::empty();
    let file = lay(&project, HYPEROPT);
    let whole = project.read(&file);
    let refused =
        |more: &[&str]| project.omega(["import", &file, "-o", "out.json"].iter().chain(more).copied()).exits(2);
    project.file(&file, &whole[..whole.len() - 100]);
    let study = Study::of(&project, &file, &[]);
    assert_eq!((study.trials.len(), study.left_out("last line")), (7, 1));
    let lines: Vec<&str> = whole.lines().collect();
    let middle = [lines[0], &lines[1][..500], lines[2], ""].join("\n");
    project.file(&file, &middle);
    refused(&[]).says("line 2");
    project.file(&file, &whole.replace("\"fthypt_fileversion\":2", "\"fthypt_fileversion\":3"));
    refused(&[]).says("`fthypt_fileversion` is 3").says("only 2 is read");
    project.file(&file, &whole);
    refused(&["--direction", "maximize"]).says("minimises the loss");
    refused(&["--score", "sharpe"]).says("what freqtrade optimised is `loss`");
    // An epoch of another period has no blocks beside the others.
    let moved = lines[1].replace("\"backtest_end_ts\":", "\"backtest_end_ts\":9");
    project.file(&file, &[lines[0], &moved, lines[2], ""].join("\n"));
    let study = Study::of(&project, &file, &[]);
    assert_eq!((study.trials[1].parts.0.len(), study.left_out("profits by block of time")), (0, 1));
}
