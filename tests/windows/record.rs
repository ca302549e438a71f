//! A run over windows on disk: shown, made again, continued.

use camino::Utf8Path;
use omega_lock::internals::artifacts::{
    Artifacts, Binary, GoldDocument, Look, RunLock, RunResult, Start, Timings, TrailFile, export_audit, write,
};
use omega_lock::internals::audit::{Recorder, Row};
use omega_lock::internals::report::Page;
use omega_lock::internals::verify::{Regeneration, read_trail, regenerate};
use omega_lock::prelude::*;
use omega_lock::{Declaration, Run, scorecard};

use crate::{config, declared, honest, parts};

/// What a run on disk left in a folder.
fn on_disk(folder: &Utf8Path, declaration: &Declaration, parts: &[(FnTarget, FnTarget)], threads: usize) -> RunResult {
    let lock = RunLock::take(folder, |_| ()).expect("the folder is ours");
    let mut trail = TrailFile::open(&lock, Start { declaration, binary: &Binary::known_as("this build"), fresh: None })
        .expect("a trail");
    let run = parts.iter().fold(Run::of(declaration), |run, (train, test)| run.window(train, test));
    let outcome = run.record(&mut trail).threads(threads).run().expect("a verdict");
    let mut result = RunResult::new(declaration, &outcome);
    let scorecard = scorecard(&result);
    let ending = trail.ending(Ok(&result.verdict)).expect("an end row");
    result.trail = Some(ending.anchor().clone());
    let timings = Timings::unmeasured(&declaration.name);
    write(Artifacts { result: &result, timings: &timings, scorecard: &scorecard }, folder).expect("artifacts");
    ending.write().expect("an end row");
    result
}

#[test]
fn a_run_over_windows_is_made_again_from_its_trail_and_shows_the_windows_everywhere() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = Utf8Path::from_path(folder.path()).expect("UTF-8");
    let parts = parts(4, &honest);
    let declaration = declared(&parts, config());
    let result = on_disk(folder, &declaration, &parts, 3);
    let report = read_trail(&folder.join("trail.jsonl")).expect("a trail");
    let made = regenerate(&folder.join("trail.jsonl"), &report).expect("the run, once more");
    assert!(made.iter().all(|(_, found)| *found == Regeneration::Same), "{made:?}");

    let page = Page::from(&result).text();
    for text in [
        "\nWindows:\n  1    #",
        " over 20 fresh draws)\n",
        "\nWinners' parameters, window by window:\n  a ",
        "\nWindow 4:      PASS\n",
        "rests on windows 4, blocks 8",
        "\nSelected:     window 4 #",
    ] {
        assert!(page.contains(text), "{text:?} is not in\n{page}");
    }
    assert!(!page.contains("ound 1"), "{page}");
    let gold = GoldDocument::new(&result, None);
    for metric in ["windows", "window_1_gain", "window_4_gain", "windows_gain", "windows_gain_low", "test_gain"] {
        assert!(gold.metrics.contains_key(metric), "{metric} is not in {:?}", gold.metrics);
    }
    let look = Look::of(&result, Role::Test);
    assert_eq!(look.data, r#"["slice 1", "slice 3", "slice 5", "slice 7"]"#);
    let bytes = std::io::Cursor::new(fs_err_read(folder));
    let refused = export_audit(bytes, None, Some(&result), false, Vec::new()).unwrap_err().to_string();
    assert!(refused.contains("walked over windows"), "{refused}");
}

#[expect(clippy::disallowed_methods, reason = "a test reads the trail that a run left")]
fn fs_err_read(folder: &Utf8Path) -> Vec<u8> {
    std::fs::read(folder.join("trail.jsonl")).expect("a trail")
}

/// A recorder that gives up after some rows, as a killed process does.
struct Killed<'t> {
    trail: &'t mut TrailFile,
    left: u64,
}

impl Recorder for Killed<'_> {
    fn record(&mut self, row: Row) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        self.left = self.left.checked_sub(1).ok_or("killed")?;
        self.trail.record(row)
    }

    fn recall(&mut self, call_index: u64) -> Result<Row, Box<dyn std::error::Error + Send + Sync>> {
        self.trail.recall(call_index)
    }
}

#[test]
fn a_run_that_was_killed_in_any_window_goes_on_to_the_same_bytes() {
    let parts = parts(4, &honest);
    let declaration = declared(&parts, config());
    let whole = tempfile::tempdir().expect("a folder");
    let whole = Utf8Path::from_path(whole.path()).expect("UTF-8");
    let expected = on_disk(whole, &declaration, &parts, 1);
    for left in [3, 150, 333, 500, 700] {
        let folder = tempfile::tempdir().expect("a folder");
        let folder = Utf8Path::from_path(folder.path()).expect("UTF-8");
        {
            let lock = RunLock::take(folder, |_| ()).expect("the folder is ours");
            let start = Start { declaration: &declaration, binary: &Binary::known_as("this build"), fresh: None };
            let mut trail = TrailFile::open(&lock, start).expect("a trail");
            let mut killed = Killed { trail: &mut trail, left };
            let run = parts.iter().fold(Run::of(&declaration), |run, (train, test)| run.window(train, test));
            assert!(run.record(&mut killed).run().is_err());
        }
        let result = on_disk(folder, &declaration, &parts, 2);
        assert_eq!(result, expected, "killed after {left} rows");
        assert_eq!(fs_err_read(folder), fs_err_read(whole));
    }
}
