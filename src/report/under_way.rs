//! A run that goes on: one line for whoever waits, or all that it says of itself.

use super::escape::escaped_line;
use crate::artifacts::{PhaseUnderWay, UnderWay, WorkerTimings};
use crate::number::general;

/// Digits of a fitness.
const DIGITS: usize = 6;

/// `bitcell: train search, 120 of 500, 24/s, best 0.932, 16 s left, 2 min to the end`; what is not known is left out.
pub fn under_way_line(run: &UnderWay) -> String {
    let name = escaped_line(&run.calibration);
    if let Some(step) = &run.step {
        return format!("{name}: {}", escaped_line(step));
    }
    let mut parts = Vec::new();
    let mut left = None;
    if let Some(phase) = run.phases.last() {
        let others = match run.phases.len() - 1 {
            0 => String::new(),
            others => format!(" and {others} more"),
        };
        parts.push(escaped_line(&phase.name) + &others);
        parts.extend(counted(phase));
        left = remaining(phase.expected, phase.done, rate(phase.made, phase.making.0));
    } else if run.done > 0 {
        parts.push(format!("{} evaluations done", run.done));
    }
    parts.extend(best(run));
    let rest = remaining(run.planned, run.done, rate(run.made, run.making.0));
    parts.extend(left.map(|left| format!("{} left", span(left))));
    let longer = rest.filter(|rest| span(*rest) != span(left.unwrap_or_default()) && *rest > left.unwrap_or_default());
    parts.extend(longer.map(|rest| format!("{} to the end", span(rest))));
    if parts.is_empty() { format!("{name}: it has begun") } else { format!("{name}: {}", parts.join(", ")) }
}

/// All of it, a line each, below a heading of the caller's.
pub fn under_way_text(run: &UnderWay) -> String {
    let mut rows: Vec<(String, String)> = Vec::new();
    rows.extend(run.step.iter().map(|step| ("now".to_owned(), escaped_line(step))));
    for phase in &run.phases {
        let left = remaining(phase.expected, phase.done, rate(phase.made, phase.making.0));
        let left = left.map(|left| format!("{} left", span(left)));
        rows.push((escaped_line(&phase.name), counted(phase).into_iter().chain(left).collect::<Vec<_>>().join(", ")));
    }
    let rate = rate(run.made, run.making.0);
    let whole = [
        Some(match run.planned.filter(|planned| run.done <= *planned) {
            Some(planned) => format!("{} of about {planned}", run.done),
            None => format!("{} done", run.done),
        }),
        run.done
            .checked_sub(run.made)
            .filter(|found| *found > 0)
            .map(|found| format!("{found} before an interruption")),
        rate.map(per_time),
        remaining(run.planned, run.done, rate).map(|left| format!("{} left", span(left))),
    ];
    rows.push(("in all".to_owned(), whole.into_iter().flatten().collect::<Vec<_>>().join(", ")));
    rows.extend(run.best.map(|best| ("best on train".to_owned(), general(best.0, DIGITS))));
    rows.extend(run.workers.map(|workers| ("workers".to_owned(), of_workers(workers))));
    let width = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or_default();
    rows.iter().map(|(name, text)| format!("  {name:<width$}  {text}\n")).collect()
}

fn of_workers(workers: WorkerTimings) -> String {
    let WorkerTimings { started, lost, retries, .. } = workers;
    let lost = if lost > 0 { format!(", {lost} lost") } else { String::new() };
    let again = match retries {
        0 => String::new(),
        1 => ", 1 evaluation asked again".to_owned(),
        retries => format!(", {retries} evaluations asked again"),
    };
    format!("{started} started{lost}{again}")
}

/// How many are done, and how fast.
fn counted(phase: &PhaseUnderWay) -> Vec<String> {
    let count = match phase.expected {
        Some(expected) if phase.done <= expected => format!("{} of {expected}", phase.done),
        // Parameters that do not go together are done, too, and others take their place.
        _ => format!("{} done", phase.done),
    };
    [Some(count), rate(phase.made, phase.making.0).map(per_time)].into_iter().flatten().collect()
}

fn best(run: &UnderWay) -> Option<String> {
    run.best.map(|best| format!("best {}", general(best.0, DIGITS)))
}

/// Evaluations a second, if there is one to go by.
fn rate(made: u64, seconds: f64) -> Option<f64> {
    (made > 0 && seconds > 0.0 && seconds.is_finite()).then(|| made as f64 / seconds)
}

/// Seconds until so many are done.
fn remaining(expected: Option<u64>, done: u64, rate: Option<f64>) -> Option<f64> {
    Some(expected?.checked_sub(done)? as f64 / rate?)
}

fn per_time(rate: f64) -> String {
    match rate {
        rate if rate >= 10.0 => format!("{rate:.0}/s"),
        rate if rate >= 0.1 => format!("{rate:.1}/s"),
        rate if rate * 60.0 >= 0.1 => format!("{:.1}/min", 60.0 * rate),
        rate => format!("{:.1}/h", 3_600.0 * rate),
    }
}

/// A time as somebody who waits says it.
pub fn span(seconds: f64) -> String {
    match seconds {
        seconds if seconds < 120.0 => format!("{seconds:.0} s"),
        seconds if seconds < 7_200.0 => format!("{:.0} min", seconds / 60.0),
        seconds if seconds < 172_800.0 => format!("{:.1} h", seconds / 3_600.0),
        seconds => format!("{:.1} days", seconds / 86_400.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::artifacts::Number;

    fn phase(name: &str, expected: Option<u64>, done: u64, seconds: f64) -> PhaseUnderWay {
        PhaseUnderWay { name: name.to_owned(), expected, done, made: done, making: Number(seconds) }
    }

    fn run() -> UnderWay {
        UnderWay { calibration: "bitcell".to_owned(), ..UnderWay::default() }
    }

    #[test]
    fn a_line_has_phase_count_rate_best_and_what_is_left_of_the_phase_and_of_all() {
        assert_eq!(under_way_line(&run()), "bitcell: it has begun");
        let phases = vec![phase("train search", Some(500), 4, 2.0)];
        let some = UnderWay { phases, best: Some(Number(0.932)), ..run() };
        let line = "bitcell: train search, 4 of 500, 2.0/s, best 0.932, 4 min left";
        assert_eq!(under_way_line(&some), line);
        let some = UnderWay { planned: Some(960), done: 10, made: 10, making: Number(5.0), ..some };
        assert_eq!(under_way_line(&some), format!("{line}, 8 min to the end"));
        let some = UnderWay { phases: vec![phase("test walk_forward", None, 1, 60.0)], ..run() };
        assert_eq!(under_way_line(&some), "bitcell: test walk_forward, 1 done, 1.0/min");
        let step = UnderWay { step: Some("starting 8 workers\u{1b}[2J".to_owned()), ..some };
        assert_eq!(under_way_line(&step), "bitcell: starting 8 workers\\u{1b}[2J");
    }

    #[test]
    fn what_no_clock_says_gives_no_rate_and_no_time() {
        for seconds in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            let odd = UnderWay {
                phases: vec![phase("train search", Some(3), 7, seconds)],
                planned: Some(5),
                done: u64::MAX,
                made: 9,
                making: Number(seconds),
                ..run()
            };
            assert_eq!(under_way_line(&odd), "bitcell: train search, 7 done");
        }
        assert_eq!(per_time(1.0 / 7_200.0), "0.5/h");
        assert_eq!(span(200_000.0), "2.3 days");
    }

    #[test]
    fn all_of_it_is_a_table() {
        let workers = Some(WorkerTimings { started: 9, lost: 1, retries: 2, busy_seconds: None });
        let phases = vec![phase("train null run 3", Some(25), 20, 2.0), phase("test ranks", Some(10), 1, 4.0)];
        let all = UnderWay {
            phases,
            planned: Some(960),
            done: 140,
            made: 40,
            making: Number(4.0),
            best: Some(Number(0.5)),
            workers,
            ..run()
        };
        let text = "  train null run 3  20 of 25, 10/s, 0 s left\n  test ranks        1 of 10, 0.2/s, 36 s left\n  in all            140 of about 960, 100 before an interruption, 10/s, 82 s left\n  best on train     0.5\n  workers           9 started, 1 lost, 2 evaluations asked again\n";
        assert_eq!(under_way_text(&all), text);
        assert_eq!(
            under_way_line(&all),
            "bitcell: test ranks and 1 more, 1 of 10, 0.2/s, best 0.5, 36 s left, 82 s to the end"
        );
    }
}
