//! Columns of text.

/// The rows below their header, indented by two; the columns `right` are set to the right.
pub fn table<const N: usize>(header: &[String; N], rows: &[[String; N]], right: &[usize]) -> Vec<String> {
    let all: Vec<&[String; N]> = std::iter::once(header).chain(rows).collect();
    let width = |column: usize| all.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..N).map(width).collect();
    let line = |row: &&[String; N]| {
        let cell = |(column, text): (usize, &String)| {
            let width = widths.get(column).copied().unwrap_or(0);
            if right.contains(&column) { format!("{text:>width$}") } else { format!("{text:<width$}") }
        };
        let cells: Vec<String> = row.iter().enumerate().map(cell).collect();
        format!("  {}", cells.join("  ")).trim_end().to_owned()
    };
    all.iter().map(line).collect()
}
