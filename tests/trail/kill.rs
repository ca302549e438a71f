//! Runs that are killed with signal 9.

use std::io::{BufRead, BufReader};

use omega_lock::Generator;

use crate::calibration::{interrupted, trail, uninterrupted};
use crate::child::{command, start};

/// Kills that are counted: those after the run's first acknowledgement.
fn kills() -> usize {
    if std::env::var_os("TRAIL_THOROUGH").is_some() { 1_000 } else { 200 }
}

pub(crate) fn acknowledged_rows() {
    let (whole, judged) = uninterrupted();
    let mut draws = Generator::new(42);
    let mut counted = 0;
    let mut finished = 0;
    while counted < kills() {
        // One run, killed until it has finished; a kill lets it go on some rows further.
        let folder = interrupted(b"");
        loop {
            let mut child = start(command(folder.path(), "200"));
            let mut lines = BufReader::new(child.stdout.take().expect("it was piped")).lines();
            let patience = draws.integers(1, 6);
            let mut acknowledged = 0;
            let mut over = false;
            for _ in 0..patience {
                match lines.next().map(|line| line.expect("text")) {
                    Some(line) => match line.strip_prefix("acknowledged ") {
                        Some(count) => acknowledged = count.parse().expect("a number"),
                        None => over = true,
                    },
                    None => break,
                }
            }
            child.kill().expect("it can be killed");
            child.wait().expect("it ends");
            // What it said before the signal reached it counts too.
            for line in lines.map_while(Result::ok) {
                match line.strip_prefix("acknowledged ").map(str::parse) {
                    Some(Ok(count)) => acknowledged = count,
                    _ => over |= line == judged.result.verdict.to_string(),
                }
            }
            let _ = std::fs::remove_file(folder.path().join("somebody runs"));
            let left = trail(folder.path());
            let rows = left.iter().filter(|byte| **byte == b'\n').count() as u64;
            assert!(rows > acknowledged, "{acknowledged} evaluations were acknowledged, {rows} rows are left");
            let length = left.iter().rposition(|byte| *byte == b'\n').map_or(0, |place| place + 1);
            assert_eq!(left[..length], whole[..length], "the rows are those of an uninterrupted run");
            if over {
                finished += 1;
                assert_eq!(left, whole);
                break;
            }
            counted += usize::from(acknowledged > 0);
        }
    }
    assert!(finished > 0, "a run is killed until it has finished");
}
