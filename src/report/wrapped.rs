//! Text in lines that a narrow terminal has room for.

/// Broken at spaces into lines of at most so many columns, those behind the first indented; the first begins behind the
/// indent.
pub fn wrapped(text: &str, indent: usize, width: usize) -> String {
    let mut lines = String::new();
    let mut column = indent;
    for word in text.split_whitespace() {
        if column > indent && column + 1 + word.chars().count() > width {
            lines.extend(["\n", &" ".repeat(indent)]);
            column = indent;
        } else if column > indent {
            lines.push(' ');
            column += 1;
        }
        lines.push_str(word);
        column += word.chars().count();
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_broken_at_spaces_only() {
        let text = wrapped(&"twelve chars ".repeat(20), 14, 96);
        assert!(text.lines().count() > 2 && text.lines().all(|line| line.chars().count() <= 96));
        assert_eq!(text.split_whitespace().count(), 40);
    }
}
