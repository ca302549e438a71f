//! What omega.toml says of a declaration.

use std::fmt::Write;

use omega_lock::Declaration;
use omega_lock::internals::declaration::{Field, keys_called};

/// What omega.toml can say of a declaration.
pub(crate) fn omega_toml(declaration: &Declaration) -> String {
    let fields = declaration.fields();
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let folder = quoted(&declaration.acceptance.gold_dir);
    let mut text = format!("gold_dir = {folder}\n[calibration.a]\n");
    for Field { key, value } in &fields {
        let row = keys_called(key).next().expect("every field has a row");
        let own = row.name() == "search.method" && value == "\"own\"";
        if row.is_said_by_the_file() && !own && !row.name().starts_with("constraint.") {
            let name = row.name().split_once('<').map_or("", |(before, rest)| {
                let (_, after) = rest.split_once('>').expect("closed");
                &key[before.len()..key.len() - after.len()]
            });
            let named = ["<name>", "<metric>", "<window>", "<variable>", "<parameter>"];
            text += &named.iter().fold(row.name().to_owned(), |row, place| row.replace(place, &quoted(name)));
            let table = row.name().starts_with("windows.").then(|| {
                let json: String = serde_json::from_str(value).expect("a text");
                let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
                format!("{{ part = {}, größe = {} }}", json["part"], json["größe"]).replace("größe", "\"größe\"")
            });
            writeln!(text, " = {}", table.as_deref().unwrap_or(value)).expect("a text");
        }
    }
    for constraint in &declaration.constraints {
        writeln!(text, "[[calibration.a.constraint]]\nname = {}", quoted(&constraint.name)).expect("a text");
        for field in ["metric", "op", "value", "test", "validation", "holdout"] {
            let key = format!("constraint.{}.{field}", constraint.name);
            if let Some(found) = fields.iter().find(|other| other.key == key) {
                writeln!(text, "{field} = {}", found.value).expect("a text");
            }
        }
    }
    text
}
