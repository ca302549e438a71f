//! A stand-in for a harness: it does what the files in the `fake` folder of its package say.
//!
//! `<suite>.results.json` is what it writes as its results, `<suite>.more.json` a second file, `<suite>.stdout` and
//! `<suite>.stderr` what it prints, `<suite>.end` how it ends: a code, `abort` or `panic`. It notes how it was called in `<suite>.seen`. If there
//! is `<suite>.leaves`, it leaves a process behind that holds its stdout, and notes which in `<suite>.left`.

#![allow(unexpected_cfgs, reason = "only some of the projects have the feature")]

use std::env;
use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};

/// The results with what this process was told in the places that are left for it.
fn echoed(text: &str) -> String {
    let quoted = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    let ours = env::vars().filter(|(name, value)| name.starts_with("OMEGA_LOCK_") && !value.is_empty());
    let variables: Vec<String> = ours.map(|(name, value)| format!("{}:{}", quoted(&name), quoted(&value))).collect();
    let arguments: Vec<String> = env::args().skip(1).map(|argument| quoted(&argument)).collect();
    text.replace("\"@VARIABLES@\":\"\"", &variables.join(","))
        .replace("\"@ARGUMENTS@\"", &arguments.join(","))
        .replace("\"@ROOT@\"", &quoted(&env::var("OMEGA_LOCK_WORKSPACE_ROOT").unwrap_or_default()))
}

fn main() -> ExitCode {
    let suite = env!("CARGO_CRATE_NAME");
    let package = env::var("CARGO_MANIFEST_DIR").expect("cargo sets it");
    let fake = Path::new(&package).join("fake");
    fs::create_dir_all(&fake).expect("the folder of the fake harness");

    let mut seen: Vec<String> = env::args().skip(1).map(|argument| format!("arg {argument}")).collect();
    seen.extend(env::vars().map(|(name, value)| format!("env {name}={value}")));
    seen.push(format!("profile {}", if cfg!(debug_assertions) { "dev" } else { "release" }));
    seen.extend(cfg!(feature = "extra").then(|| "feature extra".to_owned()));
    fs::write(fake.join(format!("{suite}.seen")), seen.join("\n")).expect("the note");

    if let Ok(text) = fs::read_to_string(fake.join(format!("{suite}.stdout"))) {
        print!("{text}");
    }
    if let Ok(text) = fs::read_to_string(fake.join(format!("{suite}.stderr"))) {
        eprint!("{text}");
    }
    if fake.join(format!("{suite}.leaves")).exists() {
        let left = Command::new("sleep").arg("60").stdin(Stdio::null()).stderr(Stdio::null()).spawn();
        fs::write(fake.join(format!("{suite}.left")), left.expect("sleep starts").id().to_string()).expect("the note");
    }
    if let Ok(results) = env::var("OMEGA_LOCK_RESULTS_DIR") {
        for part in ["results", "more"] {
            let from = fake.join(format!("{suite}.{part}.json"));
            if let Ok(text) = fs::read_to_string(from) {
                fs::write(Path::new(&results).join(format!("{suite}-{part}.json")), echoed(&text)).expect("the results");
            }
        }
    }
    let end = fs::read_to_string(fake.join(format!("{suite}.end"))).unwrap_or_default();
    match end.as_str() {
        "abort" => std::process::abort(),
        "panic" => panic!("as the file says"),
        code => ExitCode::from(code.parse::<u8>().unwrap_or(0)),
    }
}
