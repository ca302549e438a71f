//! `json.dumps(value, indent=2)`, byte for byte: keys as they stand.

use super::canonical::{push_text, push_value};
use super::json::Value;

/// Appends the text of a value whose first line stands `level` steps in.
///
/// Calls itself for each level of nesting; what [`read`](super::json::read) returns is shallow enough for that.
pub(super) fn push_indented(value: &Value, level: usize, out: &mut String) {
    match value {
        Value::List(items) if !items.is_empty() => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                push_line(index, level + 1, out);
                push_indented(item, level + 1, out);
            }
            push_end(level, ']', out);
        }
        Value::Dict(dict) if !dict.is_empty() => {
            out.push('{');
            for (index, (key, value)) in dict.iter().enumerate() {
                push_line(index, level + 1, out);
                push_text(key, out);
                out.push_str(": ");
                push_indented(value, level + 1, out);
            }
            push_end(level, '}', out);
        }
        // On one line, sorted and unsorted texts are the same.
        other => push_value(other, out),
    }
}

/// Begins the line of an item.
pub(super) fn push_line(index: usize, level: usize, out: &mut String) {
    out.push_str(if index == 0 { "\n" } else { ",\n" });
    push_steps(level, out);
}

fn push_end(level: usize, bracket: char, out: &mut String) {
    out.push('\n');
    push_steps(level, out);
    out.push(bracket);
}

fn push_steps(level: usize, out: &mut String) {
    out.extend(std::iter::repeat_n("  ", level));
}
