//! Every file that somebody commits, names or leaves behind, made into what it should not be, through every subcommand that
//! reads it: no hang, no panic, and an exit code that says what it is.
//!
//! `OMEGA_MUTANTS` says how many random mutants of each file there are beside the fixed ones; without it, calls that start a
//! harness get those that once made one hang, and no others.

use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use omega_lock::internals::artifacts::{Direction, TrialState};

use crate::import::{study, trial};
use crate::support::{Project, repository};

/// What a call may take; five seconds on a machine that does nothing else.
const LONGEST: Duration = Duration::from_secs(30);
/// Of the fixed mutants, a file that is none of ours: bad input or damage, whoever reads it.
const BAD: [i32; 2] = [2, 3];
const RUN: &str = "target/omega/probe/bowl";

/// What hung or crashed once.
const SHORT: [Mutant; 5] = [Mutant::Pipe, Mutant::Large, Mutant::NotUtf8, Mutant::Conflict, Mutant::Random(1)];

/// One way in which a file is not what it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mutant {
    Pipe,
    Folder,
    Large,
    NotUtf8,
    Conflict,
    Empty,
    Cut,
    Deep,
    Random(u64),
}

const FIXED: [Mutant; 8] = [
    Mutant::Pipe,
    Mutant::Folder,
    Mutant::Large,
    Mutant::NotUtf8,
    Mutant::Conflict,
    Mutant::Empty,
    Mutant::Cut,
    Mutant::Deep,
];

impl Mutant {
    fn lay(self, path: &Path, whole: &[u8]) {
        let write = |bytes: &[u8]| fs::write(path, bytes).expect("a mutant");
        match self {
            Self::Pipe => {
                let made = std::process::Command::new("mkfifo").arg(path).status().expect("mkfifo starts");
                assert!(made.success());
            }
            Self::Folder => fs::create_dir(path).expect("a folder"),
            // A hole: it takes no room.
            Self::Large => fs::File::create(path).and_then(|file| file.set_len(300 << 20)).expect("a large file"),
            Self::NotUtf8 => write(&[&whole[..whole.len() / 2], b"\xff\xfe", &whole[whole.len() / 2..]].concat()),
            Self::Conflict => {
                let middle = whole.iter().take(whole.len() / 2).rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
                let (before, behind) = whole.split_at(middle);
                write(&[before, b"<<<<<<< HEAD\n", behind, b"=======\n", behind, b">>>>>>> theirs\n"].concat());
            }
            Self::Empty => write(b""),
            Self::Cut => write(&whole[..whole.len() / 2]),
            Self::Deep => write(&[b"{\"a\": ".as_slice(), &vec![b'['; 100_000]].concat()),
            Self::Random(seed) => write(&mutated(whole, seed)),
        }
    }

    /// Whether nobody who reads it may take it for the file.
    fn is_none_of_ours(self) -> bool {
        matches!(self, Self::Pipe | Self::Folder | Self::Large | Self::NotUtf8)
    }
}

/// A few bytes changed, removed, doubled or put in.
fn mutated(whole: &[u8], seed: u64) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut draw = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state >> 33).unwrap_or(0) % below.max(1)
    };
    let mut bytes = whole.to_vec();
    for _ in 0..=draw(3) {
        let at = draw(bytes.len());
        let end = (at + 1 + draw(40)).min(bytes.len());
        match draw(6) {
            0 => bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= 1 << draw(8)),
            1 => drop(bytes.drain(at..end)),
            2 => bytes.splice(at..at, whole[at.min(whole.len())..end.min(whole.len())].to_vec()).for_each(drop),
            3 => bytes.splice(at..at, *b"\0\xf0\x9f").for_each(drop),
            4 => bytes.splice(at..end, b"1e999".to_vec()).for_each(drop),
            _ => bytes.splice(at..at, [b"{", b"]", b"\"", b"\n"][draw(4)].to_vec()).for_each(drop),
        }
    }
    bytes
}

/// What the calls of one test came to.
#[derive(Default)]
struct Counts {
    calls: u64,
    codes: [u64; 7],
    slowest: Duration,
    what: String,
}

/// Lays mutants in the place of `file` and gives each to every call.
fn hold(project: &Project, file: &str, calls: &[&[&str]], counts: &mut Counts) {
    let path = project.path(file);
    let whole = fs::read(&path).unwrap_or_else(|error| panic!("{file}: {error}"));
    let random: Option<u64> = std::env::var("OMEGA_MUTANTS").ok().and_then(|count| count.parse().ok());
    let starts_a_harness = |call: &[&str]| matches!(call[0], "test" | "lock" | "update-gold");
    let all: Vec<Mutant> = FIXED.into_iter().chain((1..=random.unwrap_or(1)).map(Mutant::Random)).collect();
    for call in calls {
        let few = random.is_none() && starts_a_harness(call);
        for &mutant in if few { &SHORT[..] } else { &all[..] } {
            remove(&path);
            mutant.lay(&path, &whole);
            counts.call(project, &format!("{file} as {mutant:?}"), call, |code| {
                !mutant.is_none_of_ours() || BAD.contains(&code)
            });
        }
    }
    remove(&path);
    fs::write(&path, whole).expect("the file again");
}

impl Counts {
    /// Calls and counts; the exit code has to be one of the table, and one that is `allowed`.
    fn call(&mut self, project: &Project, mutant: &str, call: &[&str], allowed: impl Fn(i32) -> bool) {
        let (code, stderr, took) = called(project, call);
        let place = format!("{mutant}, {}", call.join(" "));
        assert!((0..=6).contains(&code) && allowed(code), "{place}: exit {code}\n{stderr}");
        assert!(!stderr.contains("panicked at"), "{place}\n{stderr}");
        self.calls += 1;
        self.codes[usize::try_from(code).expect("a code")] += 1;
        if took > self.slowest {
            (self.slowest, self.what) = (took, place);
        }
    }
}

fn remove(path: &Path) {
    if path.is_dir() {
        fs::remove_dir_all(path).expect("it goes");
    } else if path.symlink_metadata().is_ok() {
        fs::remove_file(path).expect("it goes");
    }
}

/// The exit code of a call, what it said, and how long it took; nothing waits for ever here.
fn called(project: &Project, call: &[&str]) -> (i32, String, Duration) {
    let began = Instant::now();
    let mut command = project.omega(call.iter().copied()).into_command();
    let mut child =
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("it starts");
    let mut stderr = child.stderr.take().expect("a pipe");
    let said = std::thread::spawn(move || {
        let mut said = Vec::new();
        drop(stderr.read_to_end(&mut said));
        String::from_utf8_lossy(&said).into_owned()
    });
    let status = loop {
        if let Some(status) = child.try_wait().expect("it can be asked") {
            break status;
        }
        if began.elapsed() > LONGEST {
            child.kill().expect("it can be killed");
            panic!("{} hangs", call.join(" "));
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    (status.code().unwrap_or(-1), said.join().expect("it was read"), began.elapsed())
}

/// The counts stand in the output of a run with `--nocapture`.
#[expect(clippy::print_stdout, reason = "the counts are for whoever asked for many mutants")]
fn tell(what: &str, counts: &Counts) {
    let Counts { calls, codes, slowest, what: place } = counts;
    println!("{what}: {calls} calls, by exit code {codes:?}, the slowest {:.1} s: {place}", slowest.as_secs_f64());
}

/// The probe with everything that can be committed, a pending result, and a run.
fn everything() -> Project {
    let project = Project::copy_of("probe");
    project.change("omega.toml", "min_fitness = -10.0", "min_fitness = -10.0, looks = 9");
    project.change("omega.toml", "profile =", "gold = \"required\"\nlock = \"required\"\nprofile =");
    project.omega(["lock"]).exits(0);
    project.omega(["update-gold", "--reason", "first"]).exits(0);
    project.commit("accepted");
    project.omega(["test"]).exits(0);
    project
}

#[test]
fn no_committed_file_makes_the_calibrations_hang_or_crash() {
    let project = everything();
    let mut counts = Counts::default();
    let test: &[&str] = &["test"];
    let against: &[&str] = &["test", "--against", "HEAD"];
    let check: &[&str] = &["lock", "--check"];
    hold(&project, "omega.toml", &[test, check], &mut counts);
    hold(&project, "omega.lock", &[check, against], &mut counts);
    hold(&project, "omega.ledger.jsonl", &[test], &mut counts);
    hold(&project, "fixtures/gold/bowl.json", &[test], &mut counts);
    // Nobody reads the history who does not write it.
    let moved = project.read("fixtures/gold/bowl.json").replace("\"PASS\"", "\"FAIL:KC-4\"");
    project.file("fixtures/gold/bowl.json", &moved);
    hold(&project, "fixtures/gold/HISTORY.jsonl", &[&["update-gold", "--reason", "again"]], &mut counts);
    tell("committed files", &counts);
}

#[test]
fn no_file_that_is_named_makes_a_command_hang_or_crash() {
    let project = everything();
    let mut counts = Counts::default();
    let gold = "fixtures/gold/bowl.json";
    hold(&project, "omega.toml", &[&["review"]], &mut counts);
    hold(&project, "omega.lock", &[&["diff", "omega.lock", "omega.lock"]], &mut counts);
    let page = ["report", RUN, "-o", "page.html", "--gold", gold];
    hold(&project, gold, &[&["diff", gold, gold], &page], &mut counts);
    project.file("target/omega/pending/bowl.json", &project.read(gold));
    hold(&project, "target/omega/pending/bowl.json", &[&["review"]], &mut counts);
    let result = format!("{RUN}/result.json");
    hold(&project, &result, &[&["diff", &result, &result]], &mut counts);
    let trail = format!("{RUN}/trail.jsonl");
    hold(&project, &trail, &[&["verify", &trail], &["verify", &trail, "--chain-only"]], &mut counts);
    let trials: Vec<_> =
        (0..9).map(|place| trial(place, TrialState::Complete, place as f64, f64::from(place as u32 * 7 % 9))).collect();
    project.file("s.json", &study(Some(Direction::Maximize), &trials));
    let calls: [&[&str]; 3] = [&["study", "s.json"], &["import", "s.json", "-o", "again.json"], &["verify", "s.json"]];
    hold(&project, "s.json", &calls, &mut counts);
    project.file("scores.json", "[0.91, 0.84, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1]\n");
    hold(&project, "scores.json", &[&["gate", "scores.json", "scores.json"]], &mut counts);
    for kind in ["p1", "p2", "iterative", "benchmark", "audit"] {
        let text =
            fs::read_to_string(repository().join(format!("fixtures/peer/0.3.8/{kind}.json"))).expect("a fixture");
        project.file("peer.json", &text);
        let mut calls: Vec<&[&str]> = vec![&["verify", "peer.json"], &["show", "peer.json"]];
        if kind != "benchmark" {
            calls.push(&["report", "peer.json", "-o", "page.html"]);
        }
        hold(&project, "peer.json", &calls, &mut counts);
    }
    tell("named files", &counts);
}

/// Beside a run there may be anything; what is said is about the run then.
#[test]
fn nothing_beside_a_run_makes_a_command_hang_or_crash() {
    let project = everything();
    let mut counts = Counts::default();
    for file in ["result.json", "trail.jsonl", "timings.json", "scorecard.txt", "report.html"] {
        let path = project.path(&format!("{RUN}/{file}"));
        let whole = fs::read(&path).expect("an artifact");
        for mutant in FIXED {
            let audit = ["audit", "bowl", "-o", "out.json"];
            for call in [&["verify", "bowl"][..], &["show", "bowl"], &audit, &["show"], &["report"]] {
                remove(&path);
                mutant.lay(&path, &whole);
                // A page cannot be written where a folder lies.
                let allowed = |code| code != 5 || file == "report.html" && mutant == Mutant::Folder;
                counts.call(&project, &format!("{file} as {mutant:?}"), call, allowed);
            }
        }
        remove(&path);
        fs::write(&path, whole).expect("the file again");
    }
    tell("files beside a run", &counts);
}

#[test]
fn a_file_behind_a_link_is_read_where_somebody_named_or_committed_it() {
    let project = everything();
    for file in ["omega.toml", "omega.lock", "fixtures/gold/bowl.json"] {
        let path = project.path(file);
        let elsewhere = project.path(&format!("elsewhere-{}", file.replace('/', "-")));
        fs::rename(&path, &elsewhere).expect("it moves");
        std::os::unix::fs::symlink(&elsewhere, &path).expect("a link");
    }
    project.omega(["test"]).exits(0);
}
