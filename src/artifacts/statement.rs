//! A run as an in-toto Statement with the predicate `test-result`: what a policy engine reads, and what a signature is about.
//!
//! It is made from the folder of a run, or of a recheck, alone, so that the same run gives the same bytes wherever it is made. It has no
//! signature: whoever made the run signs it, with keys of their own.

use serde::Serialize;
use serde_json::{Map, Value as Json, json};

use super::{Anchor, Judged, Ordered, Recheck, RunResult, Timings, TrialStatus};
use crate::gates::{CommittedCase, GateStatus, Verdict};
use crate::pipeline::Profile;

words! {
    /// What a statement says of a run.
    pub enum Attested {
        /// Every case passed, and nothing speaks against believing it.
        Passed = "PASSED",
        /// Every case passed, but there is something to know.
        Warned = "WARNED",
        /// A gate, or a case beside the run, failed.
        Failed = "FAILED",
    }
}

/// The statement about one run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Statement {
    #[serde(rename = "_type")]
    kind: &'static str,
    subject: Vec<Descriptor>,
    #[serde(rename = "predicateType")]
    predicate_type: &'static str,
    predicate: Predicate,
}

/// A file or another thing with a digest.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Descriptor {
    name: String,
    digest: Map<String, Json>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    annotations: Map<String, Json>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Predicate {
    result: &'static str,
    configuration: Vec<Descriptor>,
    passed_tests: Vec<String>,
    warned_tests: Vec<String>,
    failed_tests: Vec<String>,
}

/// The folder of a run, read.
#[derive(Debug, Clone, Copy)]
pub struct Attestable<'a> {
    /// What it came to.
    pub found: Found<'a>,
    /// SHA-256 of that file, hex.
    pub found_digest: &'a str,
    /// SHA-256 of `trail.jsonl`, hex.
    pub trail_digest: &'a str,
    /// What the cases beside the run found; absent if they were not asked.
    pub judged: Option<&'a Judged>,
    /// Where the run was made; absent if nobody wrote that down.
    pub timings: Option<&'a Timings>,
    /// Why the result cannot be made again from its trail, if it cannot.
    pub unproven: Option<&'a str>,
}

/// What a folder says that was found.
#[derive(Debug, Clone, Copy)]
pub enum Found<'a> {
    /// `result.json`, of a search.
    Run(&'a RunResult),
    /// `recheck.json`, of what was accepted, evaluated again.
    Recheck(&'a Recheck),
}

impl Found<'_> {
    /// Name of the calibration.
    pub fn calibration(&self) -> &str {
        match self {
            Self::Run(result) => &result.calibration,
            Self::Recheck(recheck) => &recheck.calibration,
        }
    }

    /// The trail behind it.
    pub fn trail(&self) -> Option<&Anchor> {
        match self {
            Self::Run(result) => result.trail.as_ref(),
            Self::Recheck(recheck) => recheck.trail.as_ref(),
        }
    }

    /// Every field of the declaration.
    pub fn declaration(&self) -> &Ordered<String> {
        match self {
            Self::Run(result) => &result.declaration,
            Self::Recheck(recheck) => &recheck.declaration,
        }
    }

    fn declared_text(&self, key: &str) -> Option<String> {
        serde_json::from_str(self.declaration().field(key)?).ok()
    }

    const fn file(&self) -> &'static str {
        match self {
            Self::Run(_) => "result.json",
            Self::Recheck(_) => Recheck::FILE,
        }
    }

    fn verdict(&self) -> &Verdict {
        match self {
            Self::Run(result) => &result.verdict,
            Self::Recheck(recheck) => &recheck.verdict,
        }
    }

    fn rests_on(&self) -> Vec<String> {
        match self {
            Self::Run(result) => result.rests_on(),
            Self::Recheck(_) => Vec::new(),
        }
    }

    fn digest(&self) -> &str {
        match self {
            Self::Run(result) => &result.declaration_digest,
            Self::Recheck(recheck) => &recheck.declaration_digest,
        }
    }

    /// Its own cases.
    fn cases(&self) -> Vec<(String, TrialStatus)> {
        let status = |status: GateStatus| match status {
            GateStatus::Pass => TrialStatus::Pass,
            GateStatus::Advisory => TrialStatus::Advisory,
            GateStatus::Fail => TrialStatus::Fail,
            GateStatus::Skip => TrialStatus::Skip,
        };
        match self {
            Self::Run(result) => {
                let run = std::iter::once(("run".to_owned(), TrialStatus::Pass));
                run.chain(result.gates.iter().map(|entry| (entry.gate.case(), status(entry.status.0)))).collect()
            }
            Self::Recheck(recheck) => recheck.cases.iter().map(|case| (case.case.clone(), case.status)).collect(),
        }
    }
}

impl Statement {
    /// The type of the predicate.
    pub const PREDICATE: &str = "https://in-toto.io/attestation/test-result/v0.1";

    /// The statement about a run, what it says, and why it warns.
    pub fn of(run: Attestable<'_>) -> (Self, Attested, Vec<String>) {
        let judged = run.judged.filter(|judged| run.found.trail() == Some(&judged.trail));
        let mut predicate = Predicate {
            result: "",
            configuration: configuration(run, judged),
            passed_tests: Vec::new(),
            warned_tests: Vec::new(),
            failed_tests: Vec::new(),
        };
        let beside = judged.into_iter().flat_map(|judged| &judged.cases);
        let beside = beside.map(|case| (case.case.to_string(), case.status));
        for (case, status) in run.found.cases().into_iter().chain(beside) {
            let name = format!("{}::{case}", run.found.calibration());
            match status {
                TrialStatus::Pass => predicate.passed_tests.push(name),
                TrialStatus::Advisory => predicate.warned_tests.push(name),
                TrialStatus::Fail | TrialStatus::Error => predicate.failed_tests.push(name),
                TrialStatus::Skip => {}
            }
        }
        let warnings = warnings(run, judged);
        let attested = match (run.found.verdict().is_pass() && predicate.failed_tests.is_empty(), warnings.is_empty()) {
            (false, _) => Attested::Failed,
            (true, false) => Attested::Warned,
            (true, true) => Attested::Passed,
        };
        predicate.result = attested.name();
        let statement = Self {
            kind: "https://in-toto.io/Statement/v1",
            subject: subjects(run, judged, &warnings),
            predicate_type: Self::PREDICATE,
            predicate,
        };
        (statement, attested, warnings)
    }
}

/// Why such a run passes with a warning at most.
fn warnings(run: Attestable<'_>, judged: Option<&Judged>) -> Vec<String> {
    let Attestable { found, timings, unproven, .. } = run;
    let mut warnings: Vec<String> = Vec::new();
    let mut warn = |applies: bool, text: &str| warnings.extend(applies.then(|| text.to_owned()));
    let off = |key: &str| found.declared_text(key).as_deref() == Some("off");
    if let Found::Recheck(recheck) = found {
        let day = recheck.searched.get(..10).unwrap_or(&recheck.searched);
        warn(true, &format!("it is a recheck: nothing was searched since {day}, and the holdout stayed closed"));
        warn(recheck.base.is_none(), "it was held against the files of its checkout alone, and no base");
    }
    warn(
        found.declared_text("profile").as_deref() != Some(Profile::Strict.name()),
        "it is not judged by the profile `strict`",
    );
    warn(found.rests_on().iter().any(|rest| rest == "approximate"), "it rests on an approximation");
    warn(off("lock"), "its declaration is compared with no omega.lock");
    warn(off("gold"), "its result is compared with no gold");
    match timings {
        None => warn(true, "nobody wrote down where it was made"),
        Some(timings) => {
            warn(!timings.resumptions.is_empty(), "it continued an interrupted run");
            warn(!timings.launcher.is_empty(), "a launcher from the command line started its programs");
            warn(timings.commit.is_none(), "no commit was known where it was made");
            let unclean = timings.commit.is_some() && timings.clean != Some(true);
            warn(unclean, "the working tree was not clean where it was made");
        }
    }
    // A recheck asks of lock and gold before it evaluates anything, and looks at no holdout.
    let searched = matches!(found, Found::Run(_));
    let declared = |key: &str| found.declaration().field(key);
    let asks = |case| match case {
        CommittedCase::Declaration => searched && !off("lock"),
        CommittedCase::Gold => searched && !off("gold"),
        CommittedCase::Ledger => searched && declared("holdout.looks").is_some_and(|looks| looks != "\"off\""),
        CommittedCase::Consultations => declared("walk_forward.consultations") == Some("true"),
        CommittedCase::Shipped => declared("ship.file").is_some(),
    };
    for case in CommittedCase::ALL.into_iter().filter(|case| asks(*case)) {
        let asked = judged.is_some_and(|judged| judged.cases.iter().any(|judged| judged.case == case));
        warn(!asked, &format!("partial: the case `{case}` was not asked of it"));
    }
    warnings.extend(unproven.map(|why| format!("its result cannot be made again from its trail: {why}")));
    warnings
}

fn subjects(run: Attestable<'_>, judged: Option<&Judged>, warnings: &[String]) -> Vec<Descriptor> {
    let Attestable { found, timings, .. } = run;
    let name = |file: &str| format!("{}/{file}", found.calibration());
    let mut verdict = json!({
        "calibration": found.calibration(),
        "verdict": found.verdict().to_string(),
        "restsOn": found.rests_on(),
        "declaration": found.digest(),
        "warnings": warnings,
    });
    if let (Found::Recheck(recheck), Some(verdict)) = (found, verdict.as_object_mut()) {
        verdict.insert("searched".to_owned(), json!(recheck.searched));
        verdict.insert("base".to_owned(), json!(recheck.base));
    }
    let mut trail = Descriptor::sha256(name("trail.jsonl"), run.trail_digest);
    if let Some(anchor) = found.trail() {
        // The last link of its chain, as gold and `cargo omega verify` have it.
        trail.digest.insert("omegaLockTrail".to_owned(), json!(anchor.head));
        trail = trail.with(json!({ "rows": anchor.rows }));
    }
    let mut subjects = vec![Descriptor::sha256(name(found.file()), run.found_digest).with(verdict), trail];
    if let Found::Recheck(recheck) = found {
        subjects.push(Descriptor::sha256(recheck.gold_file.clone(), &recheck.gold_sha256));
    }
    let gold = matches!(found, Found::Recheck(_)).then_some(CommittedCase::Gold);
    let committed = judged.into_iter().flat_map(|judged| &judged.files).filter(|file| {
        // A recheck has said itself which gold it evaluated again.
        file.is_subject() && (gold.is_none() || file.case.map(|case| case.0) != gold)
    });
    subjects.extend(committed.map(|file| Descriptor::sha256(file.path.clone(), &file.sha256)));
    if let Some(commit) = timings.and_then(|timings| timings.commit.as_deref()) {
        let digest = [("gitCommit".to_owned(), json!(commit))].into_iter().collect();
        let clean = timings.and_then(|timings| timings.clean);
        let commit = Descriptor { name: "commit".to_owned(), digest, annotations: Map::new() };
        subjects.push(commit.with(json!({ "clean": clean })));
    }
    subjects
}

/// What decided how the run was judged, and what evaluated.
fn configuration(run: Attestable<'_>, judged: Option<&Judged>) -> Vec<Descriptor> {
    let committed = judged.into_iter().flat_map(|judged| &judged.files).filter(|file| !file.is_subject());
    let mut all: Vec<Descriptor> = committed.map(|file| Descriptor::sha256(file.path.clone(), &file.sha256)).collect();
    all.push(Descriptor::sha256("declaration".to_owned(), run.found.digest()));
    if let Some(timings) = run.timings {
        // A program that is known by another word has none.
        let hex = |text: &str| text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let program = timings.binary.as_deref().map(|digest| ("program", digest));
        let inputs = timings.inputs.iter().map(|(path, digest)| (path.as_str(), digest.as_str()));
        let named = program.into_iter().chain(inputs);
        let named = named.map(|(name, digest)| (name, digest.strip_prefix("sha256:").unwrap_or(digest)));
        all.extend(
            named.filter(|(_, digest)| hex(digest)).map(|(name, digest)| Descriptor::sha256(name.to_owned(), digest)),
        );
    }
    all
}

impl Descriptor {
    fn sha256(name: String, digest: &str) -> Self {
        let digest = [("sha256".to_owned(), json!(digest))].into_iter().collect();
        Self { name, digest, annotations: Map::new() }
    }

    fn with(self, annotations: Json) -> Self {
        let Json::Object(annotations) = annotations else { return self };
        Self { annotations, ..self }
    }
}
