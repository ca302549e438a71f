//! The table of scikit-learn's `cv_results_`: found out by its beginning, and read to its end.
#![no_main]

use std::fs;

use libfuzzer_sys::fuzz_target;

/// Where the format is found out; bytes that have it themselves go in as they are.
const BEGINNING: &[u8] = b"param_C,params,mean_test_score,split0_test_score,split1_test_score,n_resources\n";

fuzz_target!(|bytes: &[u8]| {
    let path = std::env::temp_dir().join(format!("omega-fuzz-{}", std::process::id()));
    let whole = if bytes.starts_with(&BEGINNING[..8]) { bytes.to_vec() } else { [BEGINNING, bytes].concat() };
    fs::write(&path, whole).expect("a file");
    cargo_omega::read_study(path.to_str().expect("a path that is text"));
});
