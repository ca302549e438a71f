//! The file of a study, read to its end.
#![no_main]

use libfuzzer_sys::fuzz_target;
use omega_lock::internals::artifacts::StudyReader;

fuzz_target!(|bytes: &[u8]| {
    let Ok(mut reader) = StudyReader::new(bytes) else { return };
    while let Ok(Some(_)) = reader.next_trial() {}
});
