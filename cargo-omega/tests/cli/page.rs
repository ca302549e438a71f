//! `cargo omega report`, and the page beside every result: what it says, and that nothing in it is markup but ours.

use html5gum::{Token, Tokenizer};

use crate::show::own_results;
use crate::support::{Project, Suite, repository};

fn fixture(path: &str) -> String {
    let path = repository().join("fixtures").join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A page as a browser reads it.
pub(crate) struct Parsed {
    /// Every element with the names of its attributes, in order.
    elements: Vec<String>,
    /// The text of each element that has one, with its name and class.
    texts: Vec<(String, String)>,
}

impl Parsed {
    pub(crate) fn of(html: &str) -> Self {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("UTF-8");
        let mut page = Self { elements: Vec::new(), texts: Vec::new() };
        let mut open = String::new();
        for Ok(token) in Tokenizer::new(html) {
            match token {
                Token::StartTag(tag) => {
                    let attributes: Vec<String> = tag.attributes.keys().map(|name| text(name)).collect();
                    let class = tag.attributes.get(&b"class"[..]).map(|class| text(class)).unwrap_or_default();
                    open = format!("{}.{class}", text(&tag.name));
                    page.elements.push(format!("{} {}", text(&tag.name), attributes.join(" ")));
                }
                Token::String(found) => page.texts.push((open.clone(), text(&found))),
                Token::Error(error) => panic!("{error:?}"),
                Token::Comment(_) => panic!("a comment"),
                Token::EndTag(_) | Token::Doctype(_) => {}
            }
        }
        page
    }

    /// The large word at the top.
    pub(crate) fn verdict(&self) -> &str {
        let found = self.texts.iter().find(|(element, _)| element == "p.verdict");
        &found.expect("a verdict").1
    }

    pub(crate) fn says(&self, text: &str) -> bool {
        self.texts.iter().map(|(_, text)| text.as_str()).collect::<String>().contains(text)
    }
}

/// The page of a text, with its exit code.
fn page_of(text: &str) -> (i32, Parsed) {
    let project = Project::empty();
    project.file("a.json", text);
    let shown = project.omega(["report", "a.json", "-o", "a.html"]).run();
    (shown.code.expect("an exit code"), Parsed::of(&project.read("a.html")))
}

#[test]
fn a_run_that_fails_a_gate_leaves_a_page_that_says_why_and_a_forged_pass_is_not_shown_as_one() {
    let project = Project::copy_of("overfit");
    project.omega(["test"]).exits(1);
    let folder = "target/omega/overfit/overfit";
    let html = project.read(&format!("{folder}/report.html"));
    let page = Parsed::of(&html);
    assert_eq!(page.verdict(), "FAIL");
    let result: serde_json::Value =
        serde_json::from_str(&project.read(&format!("{folder}/result.json"))).expect("JSON");
    let gates = result["gates"].as_array().expect("gates");
    let kc4 = gates.iter().find(|gate| gate["gate"] == "kc4").expect("kc4");
    let pearson = &kc4["measures"][0];
    let number = |value: &serde_json::Value| format!("{:.3}", value.as_f64().expect("a number"));
    let (measured, required) = (number(&pearson["measured"]), number(&pearson["required"]["value"]));
    let note = pearson["note"].as_str().expect("what stands behind it");
    assert!(
        page.says(&format!(
            "kc4: pearson {measured} ({note}), required >= {required}. The candidates rank differently"
        )),
        "{html}"
    );
    assert!(page.says("Must not ship") && page.says("result.json regenerated: the same, byte for byte"));
    project.omega(["report", folder, "-o", "again.html"]).exits(0);
    assert_eq!(project.read("again.html"), html, "the same input gives the same bytes");

    // The verdict forged, then the gate too; beside its trail and alone.
    let result = format!("{folder}/result.json");
    project.change(&result, "\"verdict\": \"FAIL:KC-4\"", "\"verdict\": \"PASS\"");
    let shown = project.omega(["report", folder, "-o", "forged.html"]).exits(3);
    shown.says("is damaged");
    assert_eq!(Parsed::of(&project.read("forged.html")).verdict(), "DAMAGED");
    let half = project.read(&result);
    assert_eq!((page_of(&half).0, page_of(&half).1.verdict()), (3, "DAMAGED"));
    let whole = half.replace("\"status\": \"FAIL\"", "\"status\": \"PASS\"");
    project.file(&result, &whole);
    project.omega(["report", folder, "-o", "forged.html"]).exits(3);
    assert_eq!(Parsed::of(&project.read("forged.html")).verdict(), "DAMAGED");
    let (code, page) = page_of(&whole);
    assert_eq!((code, page.verdict()), (0, "UNPROVEN"));
    assert!(page.says("Nothing but the file speaks for it"));
}

#[test]
fn artifacts_of_the_python_package_have_pages_that_claim_no_more_than_their_files() {
    for version in ["0.1.7", "0.3.8"] {
        for (file, verdict) in [
            ("p1", "UNPROVEN"),
            ("p1-kc2-fail", "FAIL"),
            ("iterative-kc2-fail", "FAIL"),
            ("iterative", "FAIL"),
            ("p2", "UNPROVEN"),
            ("audit", "RECORD"),
        ] {
            let path = format!("peer/{version}/{file}.json");
            let (code, page) = page_of(&fixture(&path));
            assert_eq!((code, page.verdict()), (0, verdict), "{path}");
        }
    }
    let (code, page) = page_of(&fixture("hash-chain/tampered/t01_fitness_edited.json"));
    assert_eq!((code, page.verdict()), (3, "DAMAGED"));
    assert!(page.says("damage [run-hash] byte 2275: row 3"));
    // D47: a schema that nobody knows.
    let project = Project::empty();
    project.file("a.json", "{\"schema_version\": \"omega-lock.p1-result.v999\", \"status\": \"PASS\"}");
    project.omega(["report", "a.json", "-o", "a.html"]).exits(2);
    assert!(!project.path("a.html").exists());
}

#[test]
fn values_that_are_not_finite_have_no_place_in_a_picture() {
    for version in ["0.1.7", "0.3.8"] {
        let project = Project::empty();
        project.file("a.json", &fixture(&format!("peer/{version}/p1-nan.json")));
        project.omega(["report", "a.json", "-o", "a.html"]).run();
        let html = project.read("a.html");
        for attribute in ["d", "x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "width", "height"] {
            let start = format!(" {attribute}=\"");
            let values = html.split(&start).skip(1).filter_map(|rest| rest.split('"').next());
            for value in values {
                assert!(!value.contains("nan") && !value.contains("inf"), "{attribute}={value}");
            }
        }
    }
}

/// Markup, quotes, entities, control characters, marks that reorder, and ends of whatever could be open.
const HOSTILE: [&str; 12] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' onmouseover='alert(1)",
    "</style><script>alert(1)</script>",
    "</title></svg><iframe src=javascript:alert(1)>",
    "&lt;b&gt; &#60;script&#62; &amp;",
    "<!-- --!> ]]> <![CDATA[ <?php ?>",
    "\u{1b}[2J\u{0}\u{7}\u{9b}0m\r\nPASS",
    "\u{202e}SSAP\u{2066} \u{200f}\u{2028}",
    "{{7*7}} ${x} `x` \\",
    "javascript:alert(1)",
    "<p class=verdict>PASS</p>",
];

#[test]
fn no_text_of_an_artifact_becomes_an_element_an_attribute_or_a_script() {
    let project = Project::empty();
    own_results(&project);
    let peer = |file: &str| fixture(&format!("peer/0.3.8/{file}.json"));
    let documents = [
        project.read("p1.json"),
        project.read("iterative.json"),
        peer("p1"),
        peer("iterative"),
        peer("p2"),
        peer("audit"),
    ];
    for document in documents {
        let tame = page_of(&replaced(&document, "name")).1;
        for hostile in HOSTILE {
            let (_, page) = page_of(&replaced(&document, hostile));
            assert_eq!(page.elements, tame.elements, "{hostile:?}");
            let shown: String = page.texts.iter().map(|(_, text)| text.as_str()).collect();
            let unsafe_mark = |c: char| (c.is_control() && c != '\n') || ('\u{2028}'..='\u{202e}').contains(&c);
            assert!(!shown.contains(unsafe_mark) && !shown.contains('\u{2066}'), "{hostile:?}");
        }
    }
}

/// The document with the foreign text in the place of every name, message and warning, each once told apart by a number.
fn replaced(document: &str, foreign: &str) -> String {
    let mut value: serde_json::Value = serde_json::from_str(document).expect("JSON");
    replace(&mut value, foreign);
    serde_json::to_string_pretty(&value).expect("JSON")
}

/// Keys whose values are ours to read, and objects whose keys are a user's.
const OURS: [&str; 24] = [
    "schema_version",
    "status",
    "final_status",
    "verdict",
    "stop_reason",
    "kind",
    "declaration_digest",
    "profile",
    "dtype",
    "role",
    "scale",
    "gate",
    "blocked_by",
    "digits",
    "op",
    "head",
    "omega_lock_version",
    "run_hash",
    "previous_hash",
    "started_iso",
    "ended_iso",
    "timestamp_iso",
    "phase",
    "target_role",
];
const NAMED: [&str; 8] = [
    "params",
    "unlocked",
    "base_params",
    "metadata",
    "final_baseline",
    "params_unlocked",
    "test_best_params",
    "detail",
];

fn replace(value: &mut serde_json::Value, foreign: &str) {
    use serde_json::Value;
    match value {
        Value::String(text) => *text = format!("{text}{foreign}"),
        Value::Array(items) => items.iter_mut().for_each(|item| replace(item, foreign)),
        Value::Object(fields) => {
            for (key, value) in fields.iter_mut() {
                if !OURS.contains(&key.as_str()) {
                    replace(value, foreign);
                }
                if let (true, Value::Object(named)) = (NAMED.contains(&key.as_str()), value) {
                    *named = std::mem::take(named).into_iter().map(|(name, value)| (name + foreign, value)).collect();
                }
            }
        }
        _ => {}
    }
}

#[test]
fn a_page_has_no_script_loads_nothing_and_says_so_to_the_browser() {
    let project = Project::empty();
    own_results(&project);
    project.omega(["report", "p1.json", "-o", "p1.html"]).exits(0);
    let html = project.read("p1.html");
    assert!(
        html.contains("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-")
    );
    for element in Parsed::of(&html).elements {
        let mut words = element.split(' ');
        let name = words.next().unwrap_or_default();
        assert!(
            !["script", "link", "img", "iframe", "object", "base", "form", "use", "a"].contains(&name),
            "{element}"
        );
        assert!(words.all(|attribute| !attribute.starts_with("on") && !["src", "href", "style"].contains(&attribute)));
    }
}

#[test]
#[ignore = "needs chromium"]
fn the_pages_of_this_repositorys_calibrations_are_drawn_by_a_browser() {
    let overfit = Project::copy_of("overfit");
    overfit.omega(["test"]).exits(1);
    let target = repository().join("target/omega/omega-lock");
    let omega = std::process::Command::new(env!("CARGO_BIN_EXE_cargo-omega"))
        .args(["test", "--locked", "phantom::", "sram::"])
        .current_dir(repository())
        .output()
        .expect("cargo-omega starts");
    assert!(omega.status.success(), "{}", String::from_utf8_lossy(&omega.stderr));
    let pages = [
        ("PASS", target.join("phantom/report.html")),
        ("PASS", target.join("sram/report.html")),
        ("FAIL", overfit.path("target/omega/overfit/overfit/report.html")),
    ];
    for (verdict, path) in pages {
        let page = Parsed::of(&std::fs::read_to_string(&path).expect("a page"));
        assert_eq!(page.verdict(), verdict, "{}", path.display());
        for width in [1100, 390] {
            let folder = tempfile::tempdir().expect("a folder");
            let shot = folder.path().join("shot.png");
            let drawn = std::process::Command::new(browser())
                .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
                .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
                .arg(format!("--user-data-dir={}", folder.path().join("profile").display()))
                .arg(format!("--window-size={width},1600"))
                .arg(format!("--screenshot={}", shot.display()))
                .arg(&path)
                .output()
                .expect("chromium starts");
            let log = String::from_utf8_lossy(&drawn.stderr);
            assert!(!log.contains("Content Security Policy"), "{log}");
            let bytes = std::fs::read(&shot).unwrap_or_else(|error| panic!("{error}: {log}"));
            // A blank page of this size is a few thousand bytes.
            assert!(bytes.starts_with(b"\x89PNG") && bytes.len() > 20_000, "{} bytes\n{log}", bytes.len());
        }
    }
}

/// Debian's Chromium, or the browser that GitHub's machines have.
fn browser() -> &'static str {
    let there = |name: &&str| std::process::Command::new(name).arg("--version").output().is_ok();
    ["chromium", "google-chrome"].into_iter().find(there).expect("a browser")
}

#[test]
fn the_page_of_a_long_trail_is_made_when_somebody_asks_for_it() {
    let project = Project::with(&Suite::passing());
    let folder = "target/omega/demo/phantom";
    // What nobody reads need not be whole.
    project.file(&format!("{folder}/result.json"), "{}").file(&format!("{folder}/trail.jsonl"), "");
    let trail = std::fs::File::options().write(true).open(project.path(&format!("{folder}/trail.jsonl")));
    trail.and_then(|file| file.set_len((16 << 20) + 1)).expect("a long file");
    let shown = project.omega(["test"]).exits(0);
    shown.shows("Page of `phantom` takes a while and is not made yet: cargo omega report phantom");
    assert!(!project.path(&format!("{folder}/report.html")).exists());
}
