//! Columns of a table in CSV.

use glob::Pattern;

use super::Scores;

/// Columns that are named where the one that was asked for is not there.
const NAMED: usize = 12;

/// The column of this name; or those that a pattern names, as rows of blocks in the order of the file.
pub(super) fn read(text: &str, column: &str) -> Result<Scores, String> {
    let mut table = csv::Reader::from_reader(text.as_bytes());
    let header = table.headers().map_err(|error| unreadable(&error))?.clone();
    let named: Vec<usize> = places(&header, |name| name == column);
    if named.len() > 1 {
        return Err(format!(": {} columns are called `{column}`", named.len()));
    }
    let pattern = Pattern::new(column).ok().filter(|_| named.is_empty() && column.contains(['*', '?', '[']));
    let places = pattern.map_or(named, |pattern| places(&header, |name| pattern.matches(name)));
    if places.is_empty() {
        return Err(format!(" has no column `{column}`; it has {}", listed(&header)));
    }
    let mut rows = Vec::new();
    for (row, record) in (1..).zip(table.records()) {
        let record = record.map_err(|error| unreadable(&error))?;
        let cell = |place: &usize| {
            number(record.get(*place).unwrap_or_default()).map_err(|found| {
                format!(", row {row}: column `{}` is {found}, expected a finite number", &header[*place])
            })
        };
        rows.push(places.iter().map(cell).collect::<Result<Vec<f64>, String>>()?);
    }
    Ok(match places.len() {
        1 => Scores::Single(rows.concat()),
        _ => Scores::Rows(rows),
    })
}

/// What to say where no column was named.
pub(super) fn unnamed(text: &str) -> String {
    let mut table = csv::Reader::from_reader(text.as_bytes());
    match table.headers() {
        Ok(header) => format!(" is a table, and no column is named; it has {}", listed(header)),
        Err(error) => unreadable(&error),
    }
}

fn places(header: &csv::StringRecord, wanted: impl Fn(&str) -> bool) -> Vec<usize> {
    header.iter().enumerate().filter(|(_, name)| wanted(name)).map(|(place, _)| place).collect()
}

fn listed(header: &csv::StringRecord) -> String {
    let shown: Vec<String> = header.iter().take(NAMED).map(|name| format!("`{name}`")).collect();
    let more = header.len().saturating_sub(NAMED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{more}", shown.join(", "))
}

fn number(cell: &str) -> Result<f64, String> {
    match cell.trim() {
        "" => Err("empty".to_owned()),
        text => match text.parse::<f64>() {
            Ok(value) if value.is_finite() => Ok(value),
            _ => Err(format!("`{text}`")),
        },
    }
}

fn unreadable(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::UnequalLengths { pos, expected_len, len } => {
            // The head of the table is record 0.
            let row = pos.as_ref().map_or(0, csv::Position::record);
            format!(", row {row}: {len} cells, expected {expected_len} as in the head")
        }
        _ => format!(" is no CSV: {error}"),
    }
}
