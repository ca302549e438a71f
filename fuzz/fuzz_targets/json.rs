//! The reader of Python's JSON: what is read has one canonical text, which reads as the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use omega_lock::internals::interop::canonical;
use omega_lock::internals::interop::json::{Rules, read};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(document) = read(bytes, &Rules::PYTHON) {
        let text = canonical(&document.value);
        let again = read(text.as_bytes(), &Rules::STRICT).expect("canonical text is JSON without repeated keys");
        assert_eq!(canonical(&again.value), text);
    }
});
