//! A trail: read row by row, and its declaration read back.
#![no_main]

use libfuzzer_sys::fuzz_target;
use omega_lock::internals::artifacts::{TrailBody, TrailReader, scan};
use omega_lock::Declaration;

fuzz_target!(|bytes: &[u8]| {
    let _ = scan(bytes);
    let mut reader = TrailReader::new(bytes);
    while let Ok(Some(body)) = reader.next_body() {
        if let TrailBody::Header(header) = body {
            let _ = Declaration::recorded(&header.calibration, &header.declaration.0, &header.constraints);
        }
    }
});
