//! What a target says is shown in four places that obey some texts: none of them obeys a target.

use omega_lock::GateId;
use omega_lock::internals::artifacts::TrialStatus;
use pulldown_cmark::{Event, Parser, Tag};

use crate::support::{Project, Suite, obeyed};

/// Text that a terminal, Markdown, XML or a runner would obey.
const CORPUS: [&str; 22] = [
    "::error title=forged::all is well",
    "  \t::set-output name=verdict::pass",
    "\u{a0}\u{2003}::add-mask::omega",
    "ok\r::stop-commands::forged",
    "ok\n::warning::forged\n",
    "ok\r\n\r\n::GROUP::forged",
    "shown ##[error]forged",
    "####[set-env name=PATH]forged##[add-path]forged",
    "%0A::error::forged%0D%0A##[error]x",
    "a,title=forged:: b",
    "\u{1b}[2K\u{1b}[1A\u{1b}[31m::error::forged",
    "\u{9b}31m\u{7}\u{8}\u{0}\u{202e}ssap",
    "\u{fffe}\u{ffff}\u{b}\u{c}\u{7f}",
    "<script>alert(1)</script><img src=x onerror=y>",
    "</code></td></tr></table>\n\n# forged\n\n",
    "</pre>\n\n## forged\n\n<pre>",
    "&lt;b&gt; &#60;b&#62; & ]]> <![CDATA[ <!-- -->",
    "`forged` ``x`` | a \\| b | **c** _d_ ~~e~~",
    "[forged](https://example.com) ![x](y) @octocat #1 https://example.com www.example.com",
    "\"/><testcase name=\"forged\"/>",
    "--><failure>forged</failure>",
    "\n\n    code\n\n> quote\n\n- list\n\n---\n",
];

/// A suite that says this wherever it can say anything.
fn suite(evil: &str) -> Suite {
    let mut suite = Suite::new()
        .run(evil, Some("FAIL:KC-4"))
        .trial(evil, TrialStatus::Pass, evil)
        .measure(evil, evil, evil, true)
        .trial(&format!("{evil}::gate"), TrialStatus::Fail, evil)
        .details(&format!("{evil}\n\n{evil}"))
        .measure(evil, evil, evil, false)
        .error(&format!("a::{evil}"), 4, evil)
        .trial(&format!("b::{evil}"), TrialStatus::Skip, evil)
        .problem(3, evil);
    for trial in &mut suite.results.trials {
        trial.calibration = evil.to_owned();
    }
    suite.results.unclaimed.push(evil.to_owned());
    suite.results.runs[0].skipped.push(GateId::Constraint(evil.to_owned()).into());
    suite.results.runs[0].off.push(evil.to_owned());
    suite
}

#[test]
fn the_runner_obeys_no_text_of_a_target_and_no_output_of_it() {
    let project = Project::with(&Suite::passing());
    project.file("fake/calibration.stdout", &(CORPUS.join("\n") + &"x".repeat(65_534) + "##[error]over a buffer\n"));
    project.file("fake/calibration.stderr", &CORPUS.join("\n"));
    for (index, evil) in CORPUS.iter().enumerate() {
        project.says("", &suite(evil));
        let color = if index % 2 == 0 { "always" } else { "never" };
        for arguments in [&["test", "-v"][..], &["test", "--format", "text"], &["test", "--", "--nocapture"]] {
            let shown = project
                .omega(arguments.iter().copied())
                .env("GITHUB_ACTIONS", "true")
                .env("CARGO_TERM_COLOR", color)
                .exits(4);
            let commands = obeyed(&shown.stdout);
            let text = arguments.contains(&"text");
            // The suite's problem and two cases; each once, and ours.
            let expected: &[&str] = if text { &[] } else { &["error", "error", "error"] };
            let names: Vec<_> = commands.iter().map(|command| command.name.as_str()).collect();
            assert_eq!(names, expected, "{evil:?}\n{shown:?}");
            assert!(commands.iter().all(|command| !command.title.starts_with("forged")), "{commands:?}");
            let names: Vec<_> = obeyed(&shown.stderr).into_iter().map(|command| command.name).collect();
            assert_eq!(names, ["stop-commands"], "{evil:?}\n{shown:?}");
        }
    }
    // JSON stays JSON, and is what the file holds.
    let shown = project.omega(["test", "--format", "json"]).env("GITHUB_ACTIONS", "true").exits(4);
    assert_eq!(obeyed(&shown.stdout), []);
    assert_eq!(
        serde_json::from_str::<omega_lock::internals::artifacts::TestRun>(&shown.stdout).expect("JSON"),
        project.results()
    );
}

#[test]
fn a_terminal_is_sent_nothing_but_text_and_colours_of_ours() {
    let project = Project::with(&Suite::passing());
    for evil in CORPUS {
        project.says("", &suite(evil));
        let shown = project.omega(["test", "-v", "--color", "always"]).exits(4);
        let bare = anstream::adapter::strip_str(&shown.stdout).to_string();
        assert!(bare.chars().all(|character| character == '\n' || !character.is_control()), "{bare:?}");
        assert!(!bare.contains('\u{202e}'), "{bare:?}");
    }
}

#[test]
fn the_job_summary_has_no_element_but_ours() {
    let project = Project::with(&Suite::passing());
    let summary = project.path("summary.md").into_os_string().into_string().expect("a UTF-8 path");
    for evil in CORPUS {
        project.says("", &suite(evil));
        project.file("summary.md", "");
        project.omega(["test"]).env("GITHUB_STEP_SUMMARY", &summary).exits(4);
        let text = project.read("summary.md");
        let mut headings = 0;
        let mut html = String::new();
        for event in Parser::new_ext(&text, pulldown_cmark::Options::all()) {
            match event {
                Event::Html(part) | Event::InlineHtml(part) => html.push_str(&part),
                Event::Start(Tag::Heading { .. }) => headings += 1,
                Event::Start(Tag::Paragraph | Tag::HtmlBlock) | Event::End(_) | Event::SoftBreak => {}
                Event::Text(text) => assert!(!text.contains("forged"), "{evil:?}: {text}"),
                other => panic!("{evil:?} became {other:?}\n{text}"),
            }
        }
        assert_eq!(headings, 1, "{evil:?}\n{text}");
        let ours = ["code", "details", "details open", "p", "pre", "summary", "table", "td", "th", "tr"];
        for tag in html.split('<').skip(1).map(|rest| rest.split('>').next().unwrap_or(rest)) {
            assert!(ours.contains(&tag.trim_start_matches('/')), "{evil:?} became <{tag}>\n{text}");
        }
        assert!(text.chars().all(|character| character == '\n' || !character.is_control()), "{text:?}");
    }
}

#[test]
fn a_junit_file_has_no_element_but_ours_and_two_parsers_read_it() {
    let project = Project::with(&Suite::passing());
    for evil in CORPUS {
        project.says("", &suite(evil));
        project.omega(["test", "--junit", "junit.xml"]).exits(4);
        let text = project.read("junit.xml");
        let ours = ["testsuites", "testsuite", "testcase", "properties", "property", "failure", "error", "skipped"];
        let document = roxmltree::Document::parse(&text).unwrap_or_else(|error| panic!("{evil:?}: {error}\n{text}"));
        let elements: Vec<_> = document.descendants().filter(roxmltree::Node::is_element).collect();
        assert!(elements.iter().all(|element| ours.contains(&element.tag_name().name())), "{evil:?}\n{text}");
        let count = |name: &str| elements.iter().filter(|element| element.has_tag_name(name)).count();
        assert_eq!((count("testsuite"), count("testcase"), count("failure"), count("error")), (1, 5, 1, 2), "{text}");

        let mut seen = 0;
        for event in xml::EventReader::from_str(&text) {
            let event = event.unwrap_or_else(|error| panic!("{evil:?}: {error}\n{text}"));
            seen += usize::from(matches!(event, xml::reader::XmlEvent::StartElement { .. }));
        }
        assert_eq!(seen, elements.len(), "{evil:?}");
    }
}

#[test]
fn characters_that_nobody_sees_are_spelt_out_wherever_results_go() {
    const HIDDEN: [char; 6] = ['\u{feff}', '\u{202e}', '\u{9b}', '\u{200b}', '\u{2066}', '\u{e0041}'];
    let hidden: String = HIDDEN.iter().collect();
    let suite = Suite::new().run("phantom", Some("FAIL:KC-4")).fail("phantom::run").details(&format!("  a{hidden}b\n"));
    let project = Project::with(&suite.problem(5, &format!("because{hidden}")));
    let summary = project.path("summary.md");
    let shown = project
        .omega(["test", "--format", "json", "--junit", "junit.xml"])
        .env("GITHUB_STEP_SUMMARY", summary.to_str().expect("UTF-8"))
        .exits(5);
    let text = project.omega(["test"]).exits(5);
    let sinks = [&shown.stdout, &shown.stderr, &text.stdout, &text.stderr];
    let files = ["target/omega/results.json", "junit.xml", "summary.md"].map(|path| project.read(path));
    for sink in sinks.into_iter().chain(&files) {
        assert!(!sink.contains(HIDDEN), "{}", sink.escape_unicode());
    }
    // Spelt out, and still what was said.
    assert_eq!(project.results().suites[0].trials[0].details, format!("  a{hidden}b\n"));
}
