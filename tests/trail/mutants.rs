//! Trails changed at random: whatever the bytes are, reading them ends with a row, an end or a damage.

use omega_lock::Declaration;
use omega_lock::internals::artifacts::{TrailReadError, TrailReader, scan};

use crate::calibration::{chained, uninterrupted};
use crate::mutation::{Draws, mutants, mutate};

/// Reads to the end or to the first damage; how many rows were accepted.
fn read(bytes: &[u8]) -> u64 {
    let mut reader = TrailReader::new(bytes);
    loop {
        match reader.next_body() {
            Ok(Some(_)) => {}
            Ok(None) => return reader.anchor().rows,
            Err(TrailReadError::Damage(damage)) => {
                assert_eq!(damage.row, reader.anchor().rows.min(damage.row), "{damage}");
                return damage.row;
            }
            Err(error) => panic!("{error}"),
        }
    }
}

/// Header, two evaluations of which one failed, and an end row.
fn seed() -> Vec<Vec<u8>> {
    let (whole, _) = uninterrupted();
    let bodies = crate::calibration::bodies(&whole);
    let failed = bodies.iter().find(|body| body.windows(9).any(|bytes| bytes == b"\"failure\"")).expect("one failed");
    let end = b"{\"kind\":\"end\",\"rows\":3,\"verdict\":\"PASS\"}".as_slice();
    [bodies[0], bodies[1], failed, end].map(<[u8]>::to_vec).to_vec()
}

pub(crate) fn bytes() {
    let bodies = seed();
    let whole = chained(&bodies[..2]);
    assert_eq!(read(&whole), 2);
    let mut draws = Draws(1);
    for _ in 0..mutants() {
        let mut mutant = whole.clone();
        mutate(&mut mutant, &mut draws);
        let accepted = read(&mutant);
        assert!(accepted < 2 || mutant.starts_with(&whole), "a changed row is not accepted");
        // The chain alone stops at the same row at the latest.
        if let Ok(state) = scan(mutant.as_slice()) {
            assert!(state.anchor().rows >= accepted);
        }
    }
}

pub(crate) fn bodies() {
    let seed = seed();
    let mut draws = Draws(2);
    let mut accepted = 0;
    for turn in 0..mutants() {
        let mut bodies = seed.clone();
        let index = turn % bodies.len();
        mutate(&mut bodies[index], &mut draws);
        let trail = chained(&bodies[..=index]);
        if bodies[index].contains(&b'\n') {
            continue;
        }
        accepted += usize::from(read(&trail) > index as u64);
    }
    assert!(accepted > 0, "some changes, such as another digit, leave a row");
}

pub(crate) fn declarations() {
    let (whole, _) = uninterrupted();
    let mut reader = TrailReader::new(whole.as_slice());
    let Ok(Some(omega_lock::internals::artifacts::TrailBody::Header(header))) = reader.next_body() else {
        panic!("no header")
    };
    let whole = serde_json::to_vec(&header.declaration).expect("it is JSON");
    assert!(Declaration::recorded("bowl", &header.declaration.0, &header.constraints).is_ok());
    let mut draws = Draws(3);
    let mut read = 0;
    // Each is read as an omega.toml, which takes longer than a row.
    for _ in 0..mutants() / 10 {
        let mut mutant = whole.clone();
        mutate(&mut mutant, &mut draws);
        if let Ok(fields) = serde_json::from_slice::<omega_lock::internals::artifacts::Ordered<String>>(&mutant) {
            read += 1;
            // Whatever is accepted spells the same fields again, which the reader checks itself.
            let _ = Declaration::recorded("bowl", &fields.0, &header.constraints);
        }
    }
    assert!(read > 100, "{read}");
}
