//! The reader of the Python package's p1 results: any bytes are read or refused, shown and judged.
#![no_main]

use libfuzzer_sys::fuzz_target;
use omega_lock::interop::artifact::{Artifact, Kind, findings};
use omega_lock::interop::json::{Rules, place, read};

fuzz_target!(|bytes: &[u8]| {
    let Ok(document) = read(bytes, &Rules::PYTHON) else { return };
    match Artifact::of(Kind::P1, &document.value) {
        Ok(artifact) => {
            for finding in findings(&artifact) {
                assert!(place(bytes, &finding.path).offset < bytes.len());
            }
            if let Artifact::P1(result) = &artifact {
                let _ = omega_lock::report::Scorecard::from(result).page();
            }
        }
        Err(error) => assert!(place(bytes, &error.path).offset < bytes.len()),
    }
});
