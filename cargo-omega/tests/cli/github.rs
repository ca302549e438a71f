//! A step of GitHub Actions: annotations, the summary of the job, the outputs of the step.

use omega_lock::internals::artifacts::TrialStatus;

use crate::support::{Omega, Project, RunnerCommand, Suite, obeyed};

const LIMIT: usize = 900 * 1024;

fn step(project: &Project, arguments: &[&'static str]) -> Omega {
    let file = |name: &str| project.path(name).into_os_string().into_string().expect("a UTF-8 path");
    let omega = project.omega(arguments.iter().copied()).env("GITHUB_ACTIONS", "true");
    omega.env("GITHUB_STEP_SUMMARY", &file("summary.md")).env("GITHUB_OUTPUT", &file("outputs"))
}

#[test]
fn nine_annotations_are_shown_errors_first_and_then_how_many_more_there_are() {
    let mut suite = Suite::new().run("phantom", Some("FAIL:KC-4"));
    for number in 1..=8 {
        suite = suite.fail(&format!("phantom::gate::number_{number}"));
    }
    let project = Project::with(&suite);
    let annotation = |name: &str, title: &str, data: &str| RunnerCommand {
        name: name.to_owned(),
        title: title.to_owned(),
        data: data.to_owned(),
    };
    let shown = step(&project, &["test", "phantom", "lost"]).exits(1);
    let commands = obeyed(&shown.stdout);
    assert_eq!(commands.len(), 9, "{shown:?}");
    assert_eq!(commands[0], annotation("error", "phantom::gate::number_1", "pearson 0.120 < 0.300"));
    assert_eq!(commands[8].name, "warning");
    assert!(commands[8].data.contains("no case matches `lost`"));

    for number in 9..=12 {
        suite = suite.fail(&format!("phantom::gate::number_{number}"));
    }
    project.says("", &suite);
    let commands = obeyed(&step(&project, &["test", "phantom", "lost"]).exits(1).stdout);
    assert_eq!(commands.len(), 10);
    assert!(commands.iter().all(|command| command.name == "error"));
    assert_eq!(commands[9].data, "and 4 more, see the job summary");

    // Nobody asked for them elsewhere, or they were declined.
    assert_eq!(obeyed(&project.omega(["test"]).exits(1).stdout), []);
    assert_eq!(obeyed(&step(&project, &["test", "--format", "text"]).exits(1).stdout), []);
    assert_eq!(obeyed(&project.omega(["test", "--format", "github"]).exits(1).stdout).len(), 10);
}

#[test]
fn the_outputs_of_a_step_are_words_numbers_and_digests() {
    let project = Project::with(&Suite::passing().fail("phantom::gate::kc4").skip("phantom::holdout"));
    step(&project, &["test"]).exits(1);
    let expected = format!(
        "verdict=fail\nexit-code=1\npartial=false\nhead={}\ncases=3\npassed=1\nfailed=1\nerrors=0\nadvisory=0\nskipped=1\nselected={{}}\n",
        "9f".repeat(32)
    );
    assert_eq!(project.read("outputs"), expected);
    let mut suite = Suite::passing();
    suite.results.runs[0].trail.as_mut().expect("a trail").head = "x\nverdict=pass".to_owned();
    project.says("", &suite);
    project.file("outputs", "mine=1\n");
    step(&project, &["test"]).exits(0);
    let outputs = project.read("outputs");
    assert!(outputs.starts_with("mine=1\nverdict=pass\nexit-code=0\npartial=false\nhead=\ncases=1\n"), "{outputs}");
    // A runner's file is a runner's business.
    project.file("outputs", "");
    let file = project.path("outputs").into_os_string().into_string().expect("a UTF-8 path");
    project.omega(["test"]).env("GITHUB_OUTPUT", &file).exits(0);
    assert_eq!(project.read("outputs"), "");
}

#[test]
fn the_summary_shows_verdicts_failures_and_every_case() {
    let suite = Suite::new()
        .run("phantom", Some("FAIL:KC-4"))
        .pass("phantom::run")
        .trial("phantom::gate::kc4", TrialStatus::Fail, "pearson 0.120 < 0.300")
        .measure("pearson", "0.120", ">= 0.300", false)
        .details("likely overfit");
    let project = Project::with(&suite);
    project.file("summary.md", "# Mine\n\n");
    step(&project, &["test"]).exits(1);
    let expected = "\
# Mine

## omega-lock: FAIL

2 cases: 1 passed, 1 failed, 0 in error, 0 advisory, 0 skipped

<table>
<tr><th>calibration</th><th>verdict</th><th>profile</th><th>rests on</th><th>without</th><th>gain on test</th>\
<th>evaluations</th><th>trail</th></tr>
<tr><td><code>phantom</code></td><td><code>FAIL:KC-4</code></td><td><code>reference</code></td><td></td><td></td><td></td>\
<td><code>394</code></td><td><code>9f9f9f9f9f9f</code></td></tr>
</table>

<table>
<tr><th>calibration</th><th>selected</th><th>fitness</th><th>candidate</th></tr>
<tr><td><code>phantom</code></td><td>none</td><td></td><td></td></tr>
</table>

<details open><summary>FAIL <code>phantom::gate::kc4</code></summary>

<p><code>pearson 0.120 &lt; 0.300</code></p>

<table>
<tr><th>metric</th><th>measured</th><th>required</th><th></th></tr>
<tr><td><code>pearson</code></td><td><code>0.120</code></td><td><code>&gt;= 0.300</code></td><td>FAIL</td></tr>
</table>

<pre>
likely overfit
</pre>

</details>

<details><summary>All cases of <code>demo::calibration</code></summary>

<table>
<tr><th></th><th>case</th><th>measured and required</th></tr>
<tr><td>PASS</td><td><code>phantom::run</code></td><td><code>holds</code></td></tr>
<tr><td>FAIL</td><td><code>phantom::gate::kc4</code></td><td><code>pearson 0.120 &lt; 0.300</code></td></tr>
</table>

</details>

";
    assert_eq!(project.read("summary.md"), expected);
}

#[test]
fn a_summary_is_cut_before_its_limit_and_says_so() {
    let mut suite = Suite::new().run("phantom", Some("FAIL:KC-4"));
    for number in 0..300 {
        suite = suite.fail(&format!("phantom::gate::number_{number}")).details(&"é<\n".repeat(2_000));
    }
    let project = Project::with(&suite);
    let there = "x".repeat(100_000);
    project.file("summary.md", &there);
    step(&project, &["test"]).exits(1);
    let summary = project.read("summary.md");
    assert!(summary.len() <= LIMIT && summary.len() > LIMIT / 2, "{} bytes", summary.len());
    assert!(summary.contains(" parts are left out here; `target/omega/results.json` has them."));
    assert!(summary.contains("## omega-lock: FAIL"));
    // A file that is full already is left as it is.
    project.file("summary.md", &"x".repeat(LIMIT));
    step(&project, &["test"]).exits(1);
    assert_eq!(project.read("summary.md").len(), LIMIT);
}
