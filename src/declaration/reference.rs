//! The table of keys as a page of Markdown.

use std::fmt::Write as _;

use super::{Key, keys};

/// Every key of a declaration, as the text of docs/omega-toml-keys.md.
pub fn reference() -> String {
    let mut text = "# Keys of omega.toml\n\n\
        `cargo omega explain keys` prints this page, `cargo omega explain KEY` the same of one key.\n\n\
        Each key stands below `[calibration.NAME]`, most of them below `[defaults]`, too. What another value means for the \
        bar:\n\n\
        - `LOOSER`: something passes that did not. `diff` and `--against` exit 1.\n\
        - `moved`: what a bar is measured against is another one, and nobody can tell by the value who passes now. It needs \
        an approval like `LOOSER`.\n\
        - `tighter`: something fails that did not.\n\
        - `other`: no bar is lower for it.\n\n\
        `[[calibration.NAME.constraint]]` is an array of tables. `[calibration.NAME.roles]` has what a worker is told of each slice, \
        under any names, and the `files` that hold its data.\n\n"
        .to_owned();
    rows(&mut text, keys().iter().filter(|key| key.is_said_by_the_file()));
    text.push_str(
        "\n## Fields that code and target say\n\nThey are locked like the keys, but omega.toml cannot change them.\n\n",
    );
    rows(&mut text, keys().iter().filter(|key| !key.is_said_by_the_file()));
    text
}

fn rows<'k>(text: &mut String, keys: impl Iterator<Item = &'k Key>) {
    text.push_str(
        "| key | takes | default | applies to | what it means | another value |\n|---|---|---|---|---|---|\n",
    );
    for key in keys {
        let code = |text: Option<String>| text.map(|text| format!("`{text}`")).unwrap_or_default();
        let default = key.default().unwrap_or_default();
        let default = if default.contains('`') || default.is_empty() { default } else { format!("`{default}`") };
        let cells = [
            format!("`{}`", key.name()),
            key.takes(),
            default,
            code(key.applies_to()),
            key.about().to_owned(),
            key.means(),
        ];
        // Writing into a text cannot fail.
        let _ = writeln!(text, "| {} |", cells.map(|cell| cell.replace('|', "\\|")).join(" | "));
    }
}
