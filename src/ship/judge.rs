//! Whether the shipped file is what gold says, and the file made so.

use camino::Utf8Path;

use super::by_hand;
use super::place::{ShipError, read, write};
use super::said::Mismatch;
use super::shipment::{Shipment, heading_of};
use crate::artifacts::GoldDocument;
use crate::declaration::{Acceptance, Ship, ShipFormat};
use crate::gold::GoldStore;

/// What a shipped file is beside gold.
#[derive(Debug)]
pub enum Held {
    /// Nobody has accepted a result yet.
    NoGold,
    /// What is accepted did not pass; its verdict.
    NotPassed(String),
    /// There is no file yet.
    Missing,
    /// It says something else.
    Differs(Vec<Mismatch>),
    /// It says the same, to the bit.
    Same {
        /// Parameters that were compared.
        compared: usize,
        /// Parameters of gold that a file by hand is not asked for.
        others: Vec<String>,
    },
}

/// Holds the shipped file of a calibration against gold, in the workspace of this root.
///
/// # Errors
/// If gold or the file cannot be read, or the file cannot be where it is declared.
pub fn judge(
    calibration: &str,
    acceptance: &Acceptance,
    root: &Utf8Path,
    store: &GoldStore,
) -> Result<Held, ShipError> {
    let ship = declared(calibration, acceptance)?;
    let Some(gold) = store.gold(calibration)? else { return Ok(Held::NoGold) };
    if gold.verdict != "PASS" {
        return Ok(Held::NotPassed(gold.verdict));
    }
    let Some(text) = read(root, &ship.file)? else { return Ok(Held::Missing) };
    let (mismatches, compared) = if ship.is_by_hand() {
        (by_hand::mismatches(&gold, ship, &text), ship.keys.len())
    } else {
        let shipment = Shipment::of(&gold, ship).map_err(ShipError::Declared)?;
        (shipment.mismatches(&text, format(ship)), shipment.constants.len())
    };
    if !mismatches.is_empty() {
        return Ok(Held::Differs(mismatches));
    }
    let others = gold
        .params
        .0
        .iter()
        .map(|(name, _)| name)
        .filter(|name| ship.is_by_hand() && ship.keys.iter().all(|(known, _)| known != *name));
    Ok(Held::Same { compared, others: others.cloned().collect() })
}

/// Writes what gold accepts, where the file is not so already and people do not write it; tells whether it was written. What
/// did not pass is not shipped.
///
/// # Errors
/// As [`judge`]; and if there is another file, or it cannot be written.
pub fn ship(
    calibration: &str,
    acceptance: &Acceptance,
    root: &Utf8Path,
    store: &GoldStore,
) -> Result<(Held, bool), ShipError> {
    let declared = declared(calibration, acceptance)?;
    let held = judge(calibration, acceptance, root, store)?;
    if declared.is_by_hand() || !matches!(held, Held::Missing | Held::Differs(_)) {
        return Ok((held, false));
    }
    replaceable(calibration, declared, root)?;
    let Some(gold) = store.gold(calibration)? else { return Ok((Held::NoGold, false)) };
    write(root, &declared.file, &text(&gold, declared)?)?;
    Ok((judge(calibration, acceptance, root, store)?, true))
}

/// Whether what this gold accepts can be shipped, as far as it can be known before: asked before gold is written, so that
/// gold does not change where the file that has to follow it cannot.
///
/// # Errors
/// If the file cannot be where it is declared, there is another, or a parameter cannot be called as it would be.
pub fn shippable(acceptance: &Acceptance, root: &Utf8Path, gold: &GoldDocument) -> Result<(), ShipError> {
    if acceptance.ship.is_none() {
        return Ok(());
    }
    let declared = declared(&gold.calibration, acceptance)?;
    if declared.is_by_hand() || gold.verdict != "PASS" {
        return Ok(());
    }
    text(gold, declared)?;
    replaceable(&gold.calibration, declared, root)
}

/// Nothing is replaced but a file that was written for this very calibration.
fn replaceable(calibration: &str, declared: &Ship, root: &Utf8Path) -> Result<(), ShipError> {
    let Some(there) = read(root, &declared.file)? else { return Ok(()) };
    let what = match written_for(&there, format(declared)) {
        Some(known) if known == calibration => return Ok(()),
        Some(other) => format!("the shipped file of `{}`", other.escape_debug()),
        None => "no file that `cargo omega ship` wrote".to_owned(),
    };
    Err(ShipError::NotOurs { path: declared.file.as_str().into(), what })
}

fn text(gold: &GoldDocument, ship: &Ship) -> Result<String, ShipError> {
    Ok(Shipment::of(gold, ship).map_err(ShipError::Declared)?.text(format(ship)))
}

/// What is declared of a file, which is one that may be.
fn declared<'a>(calibration: &str, acceptance: &'a Acceptance) -> Result<&'a Ship, ShipError> {
    let ship = acceptance.ship.as_ref().ok_or_else(|| {
        let message = format!("calibration `{calibration}` declares no file to ship");
        let help = "say one in omega.toml: `ship = { file = \"src/tuned.rs\" }` below its table";
        ShipError::Declared(format!("{message}\nhelp: {help}"))
    })?;
    match ship.expected_file(&acceptance.gold_dir) {
        Some(expected) => {
            let file = ship.file.escape_debug();
            Err(ShipError::Declared(format!(
                "calibration `{calibration}`: `ship.file` is \"{file}\", expected {expected}"
            )))
        }
        None => Ok(ship),
    }
}

fn format(ship: &Ship) -> ShipFormat {
    // What was declared has one.
    ship.format().unwrap_or(ShipFormat::Json)
}

/// The calibration that a file says it was written for.
fn written_for(text: &str, format: ShipFormat) -> Option<String> {
    if format == ShipFormat::Json {
        let document: serde_json::Value = serde_json::from_str(text).ok()?;
        return heading_of(document.get("generated")?.as_str()?).map(str::to_owned);
    }
    let sign = if format == ShipFormat::Rust { "//" } else { "#" };
    heading_of(text.lines().next()?.strip_prefix(sign)?.trim()).map(str::to_owned)
}
