//! Accepted parameters in the file that production uses: read back by the languages themselves, and by the reader that finds a
//! changed digit.
#![expect(clippy::disallowed_methods, reason = "a test writes programs and runs them")]
#![expect(clippy::unwrap_used, reason = "a test ends where something is not there")]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use omega_lock::internals::artifacts::{GoldDocument, Number, Ordered, ParamValue};
use omega_lock::internals::declaration::{Ship, ShipFormat};
use omega_lock::internals::ship::Shipment;

const GOLD: &str = r#"{
    "schema_version": "omega-lock.gold.v1", "calibration": "amp", "verdict": "PASS", "gates": {}, "params": {},
    "metrics": {}, "anchor": { "rows": 9, "head": "abcd" }, "declaration_digest": "1234",
    "recorded": { "omega_lock_version": "0.1.0", "rustc": null, "platform": "linux", "commit": null }
}"#;

/// Texts that look like something else, or like the end of what they stand in.
const HOSTILE: [&str; 16] = [
    "",
    "\"",
    "\\",
    "\\u{41}\\x41",
    "a\nb\r\nc\td",
    "'; import os #",
    "\"; } fn main() { panic!() } //",
    "*/ // # /*",
    "{x} %s ${HOME} `ls`",
    "größe 東京 🦀",
    "\u{202e}txt.exe\u{2066}",
    "\0\u{1}\u{7f}\u{85}\u{2028}\u{feff}",
    "e\u{301}",
    "inf",
    "nan",
    "\u{10ffff}",
];

fn file(format: ShipFormat) -> String {
    let end = match format {
        ShipFormat::Rust => "rs",
        ShipFormat::Python => "py",
        ShipFormat::Json => "json",
        ShipFormat::Toml => "toml",
    };
    format!("tuned.{end}")
}

fn shipment(params: &[(&str, ParamValue)], format: ShipFormat) -> Shipment {
    let mut gold = GoldDocument::parse(GOLD).unwrap();
    gold.params = Ordered(params.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect());
    Shipment::of(&gold, &Ship { file: file(format), ..Ship::default() }).unwrap()
}

/// What a mismatch says, for a file with one text in place of another.
fn changed(format: ShipFormat, from: &str, to: &str) -> Vec<String> {
    let shipment = shipment(
        &[
            ("gain", ParamValue::Float(Number(3.0))),
            ("fins", ParamValue::Int(4)),
            ("boost", ParamValue::Bool(true)),
            ("mode", ParamValue::Choice("fast".to_owned())),
        ],
        format,
    );
    let text = shipment.text(format);
    assert!(text.contains(from), "{text}");
    shipment.mismatches(&text.replacen(from, to, 1), format).iter().map(ToString::to_string).collect()
}

/// 10^5 doubles of any bits, those at the edges, whole numbers of 64 bits, and texts.
fn values() -> Vec<ParamValue> {
    let mut state = 15_u64;
    let mut random = || {
        // SplitMix64.
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    };
    let edges = [
        0.0,
        -0.0,
        5e-324,
        -5e-324,
        f64::MIN_POSITIVE,
        f64::from_bits(0x000f_ffff_ffff_ffff),
        f64::MAX,
        f64::MIN,
        0.1 + 0.2,
        1e22,
        1e23,
        9_007_199_254_740_993.0,
        1e16,
        1e15,
        1e-4,
        1e-5,
        std::f64::consts::PI,
        2f64.powi(-25),
    ];
    let random = std::iter::from_fn(|| Some(f64::from_bits(random()))).filter(|number| number.is_finite());
    let doubles = edges.into_iter().chain(random.take(100_000)).map(|number| ParamValue::Float(Number(number)));
    let whole = [0, -1, i64::MAX, i64::MIN, 1 << 53, (1 << 53) + 1, -(1 << 62) - 1].map(ParamValue::Int);
    let texts = HOSTILE.map(|text| ParamValue::Choice(text.to_owned()));
    doubles.chain(whole).chain([true, false].map(ParamValue::Bool)).chain(texts).collect()
}

/// A value as the programs of these tests print it: its bits.
fn bits(value: &ParamValue) -> String {
    match value {
        ParamValue::Float(Number(number)) => format!("f{:016x}", number.to_bits()),
        ParamValue::Int(whole) => format!("i{whole}"),
        ParamValue::Bool(switch) => format!("b{}", u8::from(*switch)),
        ParamValue::Choice(text) => format!("s{}", text.bytes().map(|byte| format!("{byte:02x}")).collect::<String>()),
    }
}

fn printed(program: &str, arguments: &[&str], folder: &Path) -> String {
    let output = Command::new(program).args(arguments).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn every_value_comes_back_to_the_bit_from_the_language_itself() {
    let values = values();
    let names: Vec<String> = (0..values.len()).map(|place| format!("p{place}")).collect();
    let params: Vec<(&str, ParamValue)> = names.iter().map(String::as_str).zip(values.iter().cloned()).collect();
    let expected: Vec<String> = values.iter().map(bits).collect();
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    for format in ShipFormat::ALL {
        let shipment = shipment(&params, format);
        let text = shipment.text(format);
        assert_eq!(shipment.mismatches(&text, format), [], "{format}");
        fs::write(folder.join(file(format)), text).unwrap();
    }

    let doubles = values.iter().take_while(|value| matches!(value, ParamValue::Float(_))).count();
    let list = |places: std::ops::Range<usize>, part: &str| {
        places.fold(String::new(), |mut list, place| {
            let _ = writeln!(list, "tuned::P{place}{part},");
            list
        })
    };
    let rest = values[doubles..].iter().zip(doubles..).fold(String::new(), |mut lines, (value, place)| {
        let _ = match value {
            ParamValue::Int(_) => writeln!(lines, "println!(\"i{{}}\", tuned::P{place});"),
            ParamValue::Bool(_) => writeln!(lines, "println!(\"b{{}}\", u8::from(tuned::P{place}));"),
            _ => writeln!(
                lines,
                "println!(\"s{{}}\", tuned::P{place}.bytes().map(|b| format!(\"{{b:02x}}\")).collect::<String>());"
            ),
        };
        lines
    });
    let main = format!(
        "mod tuned;\nstatic ALL: [u64; {doubles}] = [{}];\nfn main() {{\n    for bits in ALL {{ println!(\"f{{bits:016x}}\"); }}\n{rest}}}\n",
        list(0..doubles, ".to_bits()")
    );
    fs::write(folder.join("main.rs"), main).unwrap();
    // Neither a warning nor a bidirectional text is in what is shipped.
    printed("rustc", &["--edition", "2021", "-D", "warnings", "main.rs"], folder);
    let shown = printed("./main", &[], folder);
    assert!(shown.lines().eq(expected.iter()), "rust");

    let python = r#"
import json, struct, sys, tomllib
import tuned
def bits(v):
    if isinstance(v, bool): return f"b{int(v)}"
    if isinstance(v, int): return f"i{v}"
    if isinstance(v, float): return "f" + struct.pack(">d", v).hex()
    return "s" + v.encode().hex()
of = {"py": lambda k: getattr(tuned, k.upper())}
of["json"] = json.load(open("tuned.json", encoding="utf-8"))["params"].__getitem__
of["toml"] = tomllib.load(open("tuned.toml", "rb"))["params"].__getitem__
get = of[sys.argv[1]]
for i in range(int(sys.argv[2])): print(bits(get(f"p{i}")))
"#;
    fs::write(folder.join("read.py"), python).unwrap();
    let count = expected.len().to_string();
    for language in ["py", "json", "toml"] {
        let shown = printed("python3", &["read.py", language, &count], folder);
        assert!(shown.lines().eq(expected.iter()), "{language}");
    }
}

#[test]
fn a_changed_digit_is_found_in_every_language_with_its_parameter() {
    for format in ShipFormat::ALL {
        let found = changed(format, "3.0", "3.0000000000000004");
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with("gain is 3.0000000000000004 in line "), "{found:?}");
        assert!(found[0].ends_with(", gold has 3.0"), "{found:?}");
        assert!(changed(format, " 4", " 5")[0].starts_with("fins is 5"), "{format}");
        assert!(changed(format, "fast", "slow")[0].starts_with("mode is \"slow\""), "{format}");
        assert!(changed(format, "1234", "1235")[0].starts_with("DECLARATION is \"1235\""), "{format}");
        assert!(changed(format, "abcd", "abce")[0].starts_with("TRAIL is \"abce\""), "{format}");
        assert_eq!(changed(format, "3.0", "3.00"), [""; 0], "the same number");
        assert_eq!(changed(format, "\n", "\r\n"), [""; 0], "the same line");
    }
}

#[test]
fn what_is_no_constant_of_ours_is_refused_by_line() {
    for (from, to) in [
        ("pub const GAIN: f64 = 3.0;", "pub const GAIN: f64 = 3.0 + 0.1;"),
        ("pub const GAIN: f64 = 3.0;", "pub const GAIN: f64 = 3;"),
        ("pub const GAIN: f64 = 3.0;", "pub const GAIN: f32 = 3.0;"),
        ("pub const GAIN: f64 = 3.0;", "#[cfg(test)] pub const GAIN: f64 = 3.0;"),
        ("pub const GAIN: f64 = 3.0;", "pub const GAIN: f64 = 3.0; pub const GAIN: f64 = 9.0;"),
        ("pub const GAIN: f64 = 3.0;", "pub const GAIN: f64 = /* 9.0; */ 3.0;"),
        ("pub const GAIN: f64 = 3.0;", "// pub const GAIN: f64 = 3.0;"),
        ("pub const GAIN: f64 = 3.0;", ""),
        ("pub const GAIN: f64 = 3.0;", "pub const GAIN: f64 = 3.0; pub fn gain() -> f64 { 9.0 }"),
        ("\"fast\"", "concat!(\"fast\", \"er\")"),
        ("\"fast\"", "r\"fast\""),
        ("\"fast\"", "\"\\u{000000066}ast\""),
        ("GAIN: f64 = 3.0", "GAIN: f64 = 3.e0"),
        ("GAIN: f64 = 3.0", "GAIN: f64 = 3.f64"),
        ("GAIN: f64 = 3.0", "GAIN: f64 = 3._0"),
        ("// @generated", "// generated"),
        ("\"fast\"", "\"fast\u{0}\""),
        ("#![allow(dead_code", "#![allow(warnings"),
        ("pub const", "static"),
    ] {
        assert!(!changed(ShipFormat::Rust, from, to).is_empty(), "{to}");
    }
    for (from, to) in [
        ("GAIN = 3.0", "GAIN = 3.0 + 0.1"),
        ("GAIN = 3.0", "GAIN = 3"),
        ("GAIN = 3.0", "GAIN = 3.0; GAIN = 9.0"),
        ("GAIN = 3.0", "GAIN = 3.0\nGAIN = 9.0"),
        ("GAIN = 3.0", "GAIN = 3.0\nimport os"),
        ("GAIN = 3.0", "GAIN = float(\"3.0\")"),
        ("GAIN = 3.0", "GAIN = 3.0 # \rGAIN = 9.0"),
        ("# @generated", "# -*- coding: utf-7 -*-\n# @generated"),
        ("\"fast\"", "f\"fast\""),
        ("\"fast\"", "\"fa\" \"st\""),
        ("True", "1"),
        ("FINS = 4", "FINS = 04"),
        ("# @generated", "#@generated"),
    ] {
        assert!(!changed(ShipFormat::Python, from, to).is_empty(), "{to}");
    }
    for (from, to) in [
        ("\"gain\": 3.0", "\"gain\": 9.0, \"gain\": 3.0"),
        ("\"gain\": 3.0", "\"gain\": 3"),
        ("\"gain\": 3.0", "\"gain\": \"3.0\""),
        ("\"gain\": 3.0", "\"gain\": 3.0, \"more\": 1"),
        ("\"gain\": 3.0,", ""),
        ("}", ""),
        ("@generated", "generated"),
    ] {
        assert!(!changed(ShipFormat::Json, from, to).is_empty(), "{to}");
    }
    for (from, to) in [
        ("gain = 3.0", "gain = 3"),
        ("gain = 3.0", "gain = 3.0\ngain = 9.0"),
        ("gain = 3.0", "gain = { a = 3.0 }"),
        ("gain = 3.0", "gain = 1979-05-27"),
        ("gain = 3.0", "gain = 3.0\nmore = 1"),
        ("[params]", "[other]\n[params]"),
        ("# @generated", "\u{feff}# @generated"),
        ("# The case", "# A case"),
    ] {
        assert!(!changed(ShipFormat::Toml, from, to).is_empty(), "{to}");
    }
    let line = changed(ShipFormat::Rust, "pub const FINS: i64 = 4;", "fn fins() {}");
    assert_eq!(
        line,
        ["line 11 is `fn fins(){}pub const BOOST:bool=true;`, expected a constant as `cargo omega ship` writes it"]
    );
}
