//! Programs that do not keep to the protocol: each ends the run of a suite as a failure of the target, in one sentence that
//! names the cure, within its time, with a whole trail, and leaves nothing behind.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::time::{Duration, Instant};

use omega_lock::internals::artifacts::scan;
use omega_lock::worker::Workers;
use serde_json::Value as Json;

use crate::bowl::{crooked, left, workers};
use crate::suite::{command, project, result};

/// One of them.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    /// The worker, given a path that is not there.
    worker: fn(&str) -> Workers,
    /// What is said about it.
    says: &'static [&'static str],
}

const PROTOCOL_ONLY: &str = "standard output is the protocol: print to standard error";

macro_rules! cases {
    ($($name:literal, $worker:expr => [$($says:expr),+];)+) => {
        &[$(Case { name: $name, worker: $worker, says: &[$($says),+] }),+]
    };
}

pub(crate) const TABLE: &[Case] = cases! {
    "silent", |_| crooked(&["silent"]) => ["said no hello within 10 s", "flushes its output"];
    "exits before its hello", |_| crooked(&["exits-first"]) => ["ended with exit status 1", "No module named 'numpy'"];
    "prints before its hello", |_| crooked(&["greets"]) => ["no JSON object: `Loading \\u{1b}[1mdata", PROTOCOL_ONLY];
    "says something else first", |_| crooked(&["asks-back"]) => ["unknown variant `question`, expected one of `hello`"];
    "refuses the calibration", |_| crooked(&["refuses"]) => ["refused: no calibration `bowl` here"];
    "answers hello with a result", |_| crooked(&["answers-at-once"]) => ["answered `hello` with `result`, expected `hello`"];
    "speaks another version", |_| crooked(&["other-version"]) => ["speaks version 2 of omega-worker, expected version 1"];
    "speaks no version", |_| crooked(&["no-version"]) => ["missing field `protocol`"];
    "says no space", |_| crooked(&["no-space"]) => ["says no `space`, and none is declared"];
    "an empty space", |_| crooked(&["space", "[]"]) => ["a space that makes no sense", "declare at least one parameter"];
    "an unknown kind", |_| crooked(&["space", r#"[{"name":"a","kind":"real","neutral":1}]"#])
        => ["parameter `a` has kind = \"real\", expected `float`, `int`, `bool` or `choice`"];
    "half a whole number", |_| crooked(&["space", r#"[{"name":"a","kind":"int","low":0.5,"high":2,"neutral":1}]"#])
        => ["parameter `a` has low = 0.5, expected a whole number"];
    "a baseline outside", |_| crooked(&["space", r#"[{"name":"a","kind":"float","low":0,"high":2,"neutral":3}]"#])
        => ["parameter `a` has the value 3.0, expected float in 0.0..=2.0"];
    "no room", |_| crooked(&["no-room"]) => ["says `concurrency` = 0, expected at least 1"];
    "a space that changes", |path| crooked(&["changes-space", path]).processes(2)
        => ["says another space than its first process: parameter 0 is `x` (float in -2.0..=3.0"];
    "data that changes", |path| crooked(&["changes-data", path]).processes(2)
        => ["says `data` = {\"train\":\"sha256:2\"}, and its first process said {\"train\":\"sha256:1\"}"];
    "another space than declared", |_| crooked(&[""]).space(omega_lock::prelude::ParamSpace::new().bool("x", true))
        => ["says another space than the one that is declared: parameter 0 is `x` (float in -2.0..=2.0, baseline 0.5), \
            expected `x` (bool, baseline true)"];
    "prints in the middle", |_| crooked(&["noisy"]) => ["no JSON object: `epoch 3: loss 0.25`", PROTOCOL_ONLY];
    "writes Python", |_| crooked(&["python"]) => ["no JSON object: `{'id': ", PROTOCOL_ONLY];
    "writes an array", |_| crooked(&["array"]) => ["no JSON object: `[1, 2]`", PROTOCOL_ONLY];
    "writes bytes", |_| crooked(&["bytes"]) => ["not UTF-8: `\\xff\\xfe\\x00`", PROTOCOL_ONLY];
    "a line of 17 MiB", |_| crooked(&["endless"]) => ["sent a line of more than 16 MiB", "an attachment"];
    "an id nobody asked", |_| crooked(&["wrong-id"]) => ["answered question 1002, which nobody asked"];
    "two answers", |_| crooked(&["twice"]) => ["answered question ", " twice"];
    "no id", |_| crooked(&["no-id"]) => ["missing field `id`"];
    "no type", |_| crooked(&["no-type"]) => ["missing field `type`"];
    "an unknown type", |_| crooked(&["other-type"]) => ["unknown variant `reuslt`, expected one of `hello`"];
    "no fitness", |_| crooked(&["no-fitness"]) => ["the `result` has no `fitness`, expected a number"];
    "a text as fitness", |_| crooked(&["text"]) => ["`fitness` is `\"high\"`, expected a number"];
    "negative samples", |_| crooked(&["samples"]) => ["`samples` is `-1`, expected a whole number from 0 on"];
    "a block that is nothing", |_| crooked(&["blocks"]) => ["`blocks[1]` is `null`, expected a number"];
    "hello as an answer", |_| crooked(&["hello-again"]) => ["answered `evaluate` with `hello`, expected `result`"];
    "exits in the middle", |_| crooked(&["exits"]) => ["3 times in a row", "ended with exit status 3", "MemoryError"];
    "ends well in the middle", |_| crooked(&["exits-well"]) => ["ended with exit status 0"];
    "is killed", |_| crooked(&["killed"]) => ["was killed by signal 9 (out of memory?)"];
    "crashes", |_| crooked(&["crashes"]) => ["was killed by signal 11 (segmentation fault)"];
    "leaves a child that holds its streams", |_| crooked(&["leaves-a-child"]) => ["ended with exit status 3"];
    "closes its output and goes on", |_| crooked(&["mute"]).lost_retries(0) => ["closed its standard output and went on"];
    "hangs", |_| crooked(&["hangs"]).silence_timeout(Duration::from_secs(1)).lost_retries(0)
        => ["said nothing for 1 s (`silence_timeout`)", "`heartbeat`"];
    "is always lost", |_| crooked(&["lost"]) => ["3 times in a row", "says that the evaluation was lost: node 7 is gone"];
    "is not there", |_| workers(&["no-such-worker"]) => ["`no-such-worker` could not be started", "looked for in PATH"];
    "cannot be executed", |_| workers(&["./README.md"]) => ["`./README.md` could not be started", "ermission denied"];
    "in no folder", |_| crooked(&[""]).directory("/nowhere") => ["could not be started in `/nowhere`"];
    "another number of blocks", |_| crooked(&["counts"]) => ["sent 2 blocks, and 1 before", "whatever the parameters"];
    "no number for the baseline", |_| crooked(&["bare-words"]) => ["the baseline could not be evaluated: non_finite: the fitness is NaN"];
    "is killed while it answers", |_| crooked(&["half"])
        => ["was killed by signal 9 (out of memory?) in the middle of the line `{\"id\":", "3 times in a row"];
    "a shell that tells of a kill", |_| workers(&["sh", "-c", "exit 137"])
        => ["ended with exit status 137 (128 + 9, killed: out of memory?)"];
    "is not there behind a shell", |_| workers(&["sh", "-c", "no-such-worker"])
        => ["ended with exit status 127 (command not found", "no-such-worker"];
    "is stopped", |_| crooked(&["stopped"]).silence_timeout(Duration::from_secs(1)).lost_retries(0)
        => ["said nothing for 1 s (`silence_timeout`)"];
    "hangs and listens to nothing", |_| crooked(&["immortal-hangs"]).silence_timeout(Duration::from_secs(1)).lost_retries(0)
        => ["said nothing for 1 s (`silence_timeout`)"];
    "nests deeper than can be read", |_| crooked(&["abyss"]) => ["no JSON object: `[[[[[[", PROTOCOL_ONLY];
    "metadata that nests too deep", |_| crooked(&["deep"]) => ["its metadata nests deeper than 64 levels"];
    "one parameter twice", |_| crooked(&["space", r#"[{"name":"a","kind":"bool","neutral":true},{"name":"a","kind":"bool","neutral":true}]"#])
        => ["a space that makes no sense", "`a`"];
    "room for less than nothing", |_| crooked(&["capacity"]) => ["an object that is no message of omega-worker/1"];
    "answers before it is asked", |_| crooked(&["early"]) => ["answered question 2, which nobody asked"];
    "half of a character", |_| crooked(&["latin"]) => ["not UTF-8: `", PROTOCOL_ONLY];
    "no command", |_| workers(&[]) => ["a worker needs a command, and this one is empty"];
};

impl Case {
    /// Its worker, for the suite in a folder.
    pub(crate) fn workers(&self, folder: &Path) -> Workers {
        (self.worker)(folder.join("second").to_str().expect("UTF-8")).env("MARK", folder.display().to_string())
    }

    pub(crate) fn run(&self) {
        let project = project();
        std::fs::write(project.path().join("case"), self.name).expect("a file");
        let started = Instant::now();
        let output = command(project.path(), "").env("OMEGA_LOCK_THREADS", "2").output().expect("it starts");
        assert!(started.elapsed() < Duration::from_secs(40), "{}: {:?}", self.name, started.elapsed());
        assert_eq!(left(&project.path().display().to_string()), [""; 0], "{}: processes are left", self.name);
        let shown = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        assert_eq!(output.status.code(), Some(101), "{}: as test binaries fail: {shown}", self.name);
        assert!(!shown.contains("panicked"), "{}: {shown}", self.name);

        let results: Json = serde_json::from_str(&result(project.path())).expect("JSON");
        let mut found = (Vec::new(), Vec::new());
        gather(&results, &mut found);
        let (codes, said) = (found.0, found.1.join("\n"));
        assert!(!codes.is_empty() && codes.iter().all(|code| [2, 4].contains(code)), "{}: {codes:?}", self.name);
        for what in self.says {
            assert!(said.contains(what), "{}: expected {what:?} in:\n{said}", self.name);
        }
        assert!(!said.contains('\u{1b}'), "{said:?}");
        // What was recorded until then is whole; there is no verdict.
        let trail = project.path().join("target/omega/demo/bowl/trail.jsonl");
        if let Ok(file) = File::open(&trail) {
            let length = file.metadata().expect("a file").len();
            let state = scan(BufReader::new(file)).unwrap_or_else(|error| panic!("{}: {error}", self.name));
            assert_eq!(state.length, length, "{}: no piece of a row", self.name);
        }
    }
}

/// Every exit code and every text of a results file.
fn gather(json: &Json, found: &mut (Vec<u64>, Vec<String>)) {
    match json {
        Json::Object(entries) => {
            found.0.extend(entries.get("exit_code").and_then(Json::as_u64));
            entries.values().for_each(|value| gather(value, found));
        }
        Json::Array(items) => items.iter().for_each(|item| gather(item, found)),
        Json::String(text) => found.1.push(text.clone()),
        _ => {}
    }
}
