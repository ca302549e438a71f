//! Programs that do not keep to the protocol: each ends the run as a failure of the target, in one sentence that names the
//! cure, within its time, and leaves nothing behind.

use std::path::Path;
use std::time::{Duration, Instant};

use omega_lock::worker::Workers;

use crate::bowl::{crooked, left, run, targets, workers};

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
    "no command", |_| workers(&[]) => ["a worker needs a command, and this one is empty"];
};

impl Case {
    pub(crate) fn run(&self) {
        let folder = tempfile::tempdir().expect("a folder");
        let started = Instant::now();
        let path = folder.path().join("second");
        let said = self.said(path.to_str().expect("UTF-8"), folder.path());
        assert!(started.elapsed() < Duration::from_secs(40), "{}: {:?}", self.name, started.elapsed());
        for what in self.says {
            assert!(said.contains(what), "{}: expected {what:?} in:\n{said}", self.name);
        }
        assert!(!said.contains('\u{1b}'), "{said:?}");
        assert_eq!(left(&mark(folder.path())), [""; 0], "{}: processes are left", self.name);
    }

    /// What is said about the worker, in a run with as many threads as it has processes.
    fn said(&self, path: &str, folder: &Path) -> String {
        let workers = (self.worker)(path).env("MARK", mark(folder));
        let (train, test) = match targets(&workers) {
            Ok(targets) => targets,
            Err(said) => return said,
        };
        let (trail, outcome) = run(&train, &test, 2);
        let error = outcome.err().unwrap_or_else(|| panic!("{}: the run came to an end", self.name));
        assert!(error.is_target_failure() && error.leaves_record_unfinished(), "{}: {error}", self.name);
        for row in trail.rows() {
            let reason = row.outcome.result.as_ref().err().map(|failure| &*failure.reason);
            assert!(reason.is_none_or(|reason| reason == "ValueError: off the table"), "{}: {row:?}", self.name);
        }
        error.to_string()
    }
}

fn mark(folder: &Path) -> String {
    folder.display().to_string()
}
