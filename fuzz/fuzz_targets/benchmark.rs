//! The reader of the Python package's benchmark files: any bytes are read or refused, shown and judged.
#![no_main]

use libfuzzer_sys::fuzz_target;
use omega_lock::internals::interop::artifact::{Artifact, Kind, findings};
use omega_lock::internals::interop::json::{Rules, place, read};

fuzz_target!(|bytes: &[u8]| {
    let Ok(document) = read(bytes, &Rules::PYTHON) else { return };
    match Artifact::of(Kind::Benchmark, &document.value) {
        Ok(artifact) => {
            for finding in findings(&artifact) {
                assert!(place(bytes, &finding.path).offset < bytes.len());
            }
            if let Artifact::Benchmark(result) = &artifact {
                let _ = omega_lock::internals::report::peer_benchmark(result);
            }
        }
        Err(error) => assert!(place(bytes, &error.path).offset < bytes.len()),
    }
});
