//! Tells the library which compiler built it, for the provenance in `timings.json`.

use std::process::Command;

#[expect(
    clippy::disallowed_methods,
    reason = "cargo names the compiler in the environment, and only it knows its version"
)]
fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let Some(rustc) = std::env::var_os("RUSTC") else { return };
    let version =
        Command::new(rustc).arg("--version").output().ok().and_then(|output| String::from_utf8(output.stdout).ok());
    if let Some(version) = version {
        println!("cargo::rustc-env=OMEGA_LOCK_RUSTC={}", version.trim());
    }
}
