//! What git leaves in a file whose two sides it could not merge.

/// The first line, from 1, that is a marker of a merge which nobody has finished, with what to say of it.
pub fn conflict(text: &str) -> Option<(usize, String)> {
    let is_marker = |line: &str| {
        let named = ["<<<<<<<", "|||||||", ">>>>>>>"]
            .iter()
            .any(|marker| line.strip_prefix(marker).is_some_and(|rest| rest.is_empty() || rest.starts_with(' ')));
        named || line == "======="
    };
    let (place, line) = text.lines().enumerate().find(|(_, line)| is_marker(line))?;
    let shown = line.escape_debug();
    Some((
        place + 1,
        format!("a merge left its marker `{shown}` here: keep what is right of both sides, without the markers"),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_marker_is_named_with_its_line_and_other_lines_are_none() {
        let (line, text) = conflict("a\n<<<<<<< HEAD\nb\n=======\nc\n>>>>>>> other\n").unwrap();
        assert_eq!(line, 2);
        assert!(text.starts_with("a merge left its marker `<<<<<<< HEAD` here: keep"), "{text}");
        assert_eq!(conflict("=======\r\n").map(|(line, _)| line), Some(1));
        assert_eq!(conflict("a = \"<<<<<<< HEAD\"\n ======= \n<<<<<<<<\n# =======\n"), None);
    }
}
