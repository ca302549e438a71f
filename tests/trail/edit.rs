//! Trails that somebody changed.

use omega_lock::Generator;
use omega_lock::internals::artifacts::{DamageKind, TrailDamage, TrailReadError, TrailReader};

use crate::calibration::{interrupted, run, starts, uninterrupted};

/// Reads every row; the first damage.
pub(crate) fn damage(bytes: &[u8]) -> Option<TrailDamage> {
    let mut reader = TrailReader::new(bytes);
    loop {
        match reader.next_body() {
            Ok(Some(_)) => {}
            Ok(None) => return None,
            Err(TrailReadError::Damage(damage)) => return Some(damage),
            Err(error) => panic!("{error}"),
        }
    }
}

/// Header, some rows and the end row: short enough to change every byte of it.
fn small() -> Vec<u8> {
    let (whole, _) = uninterrupted();
    let rows = starts(&whole);
    whole[..rows[6]].to_vec()
}

pub(crate) fn every_byte() {
    let trail = small();
    let rows = starts(&trail);
    assert_eq!(damage(&trail), None);
    let mut draws = Generator::new(7);
    for place in 0..trail.len() {
        let row = rows.iter().rposition(|start| *start <= place).expect("the first row begins at 0");
        let all = std::env::var_os("TRAIL_THOROUGH").is_some();
        let drawn = u8::try_from(draws.integers(0, 255)).expect("a byte");
        let candidates = if all { 0..=u8::MAX } else { drawn..=drawn };
        for byte in candidates.filter(|byte| *byte != trail[place]) {
            let mut edited = trail.clone();
            edited[place] = byte;
            let found = damage(&edited).unwrap_or_else(|| panic!("byte {place} changed to {byte} goes unnoticed"));
            assert_eq!((found.row, found.offset), (row as u64, rows[row] as u64), "byte {place} as {byte}: {found}");
        }
    }
}

pub(crate) fn rows() {
    let (whole, _) = uninterrupted();
    let rows = starts(&whole);
    let row = |index: usize| &whole[rows[index]..rows[index + 1]];
    let last = rows.len() - 2;
    let joined = |order: &[usize]| order.iter().flat_map(|index| row(*index).to_vec()).collect::<Vec<u8>>();
    let all: Vec<usize> = (0..=last).collect();
    assert_eq!(damage(&joined(&all)), None);
    let kind = |order: &[usize]| damage(&joined(order)).expect("it is found").kind;
    assert_eq!(kind(&[0, 1, 3, 2]), DamageKind::Digest, "swapped");
    assert_eq!(kind(&[0, 2]), DamageKind::Digest, "removed");
    assert_eq!(kind(&[0, 1, 1]), DamageKind::Digest, "repeated");
    assert_eq!(kind(&[1]), DamageKind::Digest, "without its header");
    assert_eq!(kind(&[]), DamageKind::Empty);
    assert_eq!(damage(&whole[..whole.len() - 1]).expect("it is found").kind, DamageKind::Torn);
}

pub(crate) fn unfinished() {
    let (whole, _) = uninterrupted();
    let rows = starts(&whole);
    let mut bytes = whole[..rows[40]].to_vec();
    bytes[rows[20] + 100] ^= 1;
    let folder = interrupted(&bytes);
    let refused = run(folder.path()).expect_err("it is damaged");
    assert!(refused.contains(&format!("row 20 (byte {})", rows[20])), "{refused}");
    assert!(refused.contains("`--fresh`"), "{refused}");
    assert_eq!(crate::calibration::trail(folder.path()), bytes, "and nothing was changed");
}
