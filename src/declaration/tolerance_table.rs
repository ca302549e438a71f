//! One table below `tolerance` in omega.toml.

use super::keys::Keys;
use super::settings::set;
use super::{Better, DeclarationError, Tolerance};

/// Reads how far a metric may move.
pub(super) fn tolerance(metric: &str, mut keys: Keys<'_>) -> Result<Tolerance, DeclarationError> {
    let mut tolerance = Tolerance::of_metric(metric);
    let exact = keys.switch("exact")?;
    for (key, place) in [("absolute", &mut tolerance.absolute), ("relative", &mut tolerance.relative)] {
        let Some(found) = keys.number(key)? else { continue };
        if found < 0.0 {
            return Err(keys.error(key, format!("is {found}, expected a number from 0"), None));
        }
        if exact == Some(true) {
            return Err(keys.error(key, "means nothing beside `exact = true`".to_owned(), None));
        }
        *place = found;
        tolerance.exact = false;
    }
    set(&mut tolerance.exact, exact);
    set(&mut tolerance.better, keys.word("better", &Better::ALL.map(|better| (better.name(), better)))?);
    keys.finish()?;
    Ok(tolerance)
}
