//! The reader of the Python package's p2 results: any bytes are read or refused, shown and judged.
#![no_main]

use libfuzzer_sys::fuzz_target;
use omega_lock::internals::interop::artifact::{Artifact, Kind, findings};
use omega_lock::internals::interop::json::{Rules, place, read};
use omega_lock::internals::report::Page;

fuzz_target!(|bytes: &[u8]| {
    let Ok(document) = read(bytes, &Rules::PYTHON) else { return };
    match Artifact::of(Kind::P2, &document.value) {
        Ok(artifact) => {
            for finding in findings(&artifact) {
                assert!(place(bytes, &finding.path).offset < bytes.len());
            }
            let _ = Page::of_peer(&artifact).expect("it is about one run").text();
        }
        Err(error) => assert!(place(bytes, &error.path).offset < bytes.len()),
    }
});
