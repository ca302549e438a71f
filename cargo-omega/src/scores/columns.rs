//! Columns of a table, as the files of studies are read.

use glob::Pattern;

use super::Scores;
use crate::failure::Failure;
use crate::study::{StudyFile, Table};

/// Columns that are named where the one that was asked for is not there.
const NAMED: usize = 12;

/// The column of this name; or those that a pattern names, as rows of blocks in the order of the file.
pub(super) fn read(file: &StudyFile, column: &str) -> Result<Scores, Failure> {
    let mut table = Table::open(file)?;
    let header = table.header().to_vec();
    let named = places(&header, |name| name == column.trim());
    let pattern = Pattern::new(column).ok().filter(|_| named.is_empty() && column.contains(['*', '?', '[']));
    let places = pattern.map_or(named, |pattern| places(&header, |name| pattern.matches(name)));
    if places.is_empty() {
        let message = format!("`{}` has no column `{column}`; it has {}", file.path(), listed(&header));
        return Err(Failure::usage(message));
    }
    let mut rows = Vec::new();
    while table.next()?.is_some() {
        let cell = |place: &usize| match (table.cell(*place).trim(), &header[*place]) {
            ("", name) => Err(table.wrong(format!("column `{name}` is empty, expected a finite number"))),
            (text, name) => match table.number(text) {
                Some(score) if score.is_finite() => Ok(score),
                _ => {
                    Err(table.wrong(format!("column `{name}` is `{}`, expected a finite number", text.escape_debug())))
                }
            },
        };
        rows.push(places.iter().map(cell).collect::<Result<Vec<f64>, Failure>>()?);
    }
    Ok(match places.len() {
        1 => Scores::Single(rows.concat()),
        _ => Scores::Rows(rows),
    })
}

/// What to say where no column was named.
pub(super) fn unnamed(file: &StudyFile) -> Result<Failure, Failure> {
    let table = Table::open(file)?;
    let message = format!("`{}` is a table, and no column is named; it has {}", file.path(), listed(table.header()));
    Ok(Failure::usage(message))
}

fn places(header: &[String], wanted: impl Fn(&str) -> bool) -> Vec<usize> {
    header.iter().enumerate().filter(|(_, name)| wanted(name)).map(|(place, _)| place).collect()
}

fn listed(header: &[String]) -> String {
    let shown: Vec<String> = header.iter().take(NAMED).map(|name| format!("`{}`", name.escape_debug())).collect();
    let more = header.len().saturating_sub(NAMED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{more}", shown.join(", "))
}
