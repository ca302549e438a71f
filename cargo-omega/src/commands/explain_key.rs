//! `cargo omega explain KEY`: what the table of keys knows of a key of omega.toml.

use omega_lock::internals::declaration::{Key, keys, keys_called};

use super::explain::wrapped;
use crate::ui::Role;

/// The pages of every key that is called so, by its whole dotted name or the end of it; `None` if none is.
pub(super) fn pages(name: &str) -> Option<String> {
    let pages: Vec<String> = keys_called(name.trim().trim_matches('`')).map(page).collect();
    (!pages.is_empty()).then(|| pages.join("\n"))
}

/// What a user may call a key: its dotted name, and the last part of it.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    keys().iter().flat_map(|key| [Some(key.name()), key.name().rsplit('.').next()]).flatten()
}

/// A key with its meaning, or those of a table.
pub(super) fn described(name: &str) -> Vec<(&'static str, &'static str)> {
    let below = |key: &&Key| key.name().strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    keys().iter().filter(below).map(|key| (key.name(), key.about())).collect()
}

fn page(key: &Key) -> String {
    let mut text = format!("{}\n", Role::Note.paint(key.name()));
    let said = if key.is_said_by_the_file() {
        "in omega.toml, below `[calibration.NAME]`"
    } else {
        "by the code and its targets; omega.toml cannot change it there"
    };
    let lines = [
        ("means", key.about().to_owned()),
        ("takes", key.takes()),
        ("default", key.default().unwrap_or_else(|| "none".to_owned())),
        ("applies to", key.applies_to().unwrap_or_else(|| "every calibration".to_owned())),
        ("said", said.to_owned()),
        ("changed", key.means()),
    ];
    for (label, content) in lines {
        text.extend(["  ", &format!("{label:<12}"), &wrapped(&content, 14), "\n"]);
    }
    text.push_str("  its value now: cargo omega show --declaration NAME\n");
    text
}
