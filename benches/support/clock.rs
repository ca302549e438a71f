//! What a thread was at work.

use std::time::Instant;

/// Processor seconds of what is done again and again for half a second, each time; the wall's seconds where the system tells
/// no others.
pub(crate) fn seconds_of(
    mut work: impl FnMut() -> Result<(), Box<dyn std::error::Error>>,
) -> Result<f64, Box<dyn std::error::Error>> {
    // Linux counts a running thread's time in ticks of some milliseconds, so that one time is not enough.
    let (start, before, mut times) = (Instant::now(), thread_time(), 0.0);
    while times < 1.0 || start.elapsed().as_secs_f64() < 0.5 {
        work()?;
        times += 1.0;
    }
    let wall = start.elapsed().as_secs_f64();
    Ok(before.zip(thread_time()).map_or(wall, |(before, after)| after - before) / times)
}

/// The seconds that this thread was on a processor, as Linux tells them.
pub(crate) fn thread_time() -> Option<f64> {
    let figures = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    figures.split(' ').next()?.parse::<f64>().ok().map(|nanoseconds| nanoseconds / 1e9)
}
