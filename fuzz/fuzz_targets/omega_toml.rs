//! omega.toml.
#![no_main]

use libfuzzer_sys::fuzz_target;
use omega_lock::internals::declaration::DeclarationFile;

fuzz_target!(|text: &str| {
    let _ = DeclarationFile::parse(text);
});
