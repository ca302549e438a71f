//! Colour for failure texts: verdicts stand out, diffs are red and green, hints step back.

use owo_colors::OwoColorize;

/// The same text with the verdict at the end of a line in red or green and the lines that say what to do next dimmed.
pub fn colored(text: &str) -> String {
    text.lines().map(paint).collect::<Vec<_>>().join("\n")
}

fn paint(line: &str) -> String {
    if let Some(rest) = line.strip_suffix("FAIL") {
        return format!("{rest}{}", "FAIL".red().bold());
    }
    if let Some(rest) = line.strip_suffix("  ok") {
        return format!("{rest}  {}", "ok".green());
    }
    if let Some(rest) = line.strip_suffix("LOOSER") {
        return format!("{rest}{}", "LOOSER".red().bold());
    }
    if line.starts_with("  +") {
        return line.green().to_string();
    }
    if line.starts_with("  -") {
        return line.red().to_string();
    }
    if line.starts_with("  @@") {
        return line.cyan().to_string();
    }
    if line.starts_with("  see ")
        || line.starts_with("  again: ")
        || line.starts_with("  next: ")
        || line.starts_with("help: ")
    {
        return line.dimmed().to_string();
    }
    line.to_owned()
}
