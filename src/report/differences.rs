//! A declaration beside the locked one, as people read it.

use super::escaped_line;
use super::table::table;
use crate::artifacts::{DeclarationEntry, FieldEntry};
use crate::declaration::{Difference, Direction};

/// One line: how many fields differ, and the one that matters most.
pub fn differences_line(differences: &[Difference]) -> String {
    let of = |direction| differences.iter().filter(|difference| difference.direction == direction).count();
    let Some(first) = worst_first(differences).into_iter().next() else { return String::new() };
    let some = |direction: Direction| match of(direction) {
        0 => String::new(),
        count => format!(", {count} {}", direction.name()),
    };
    match differences.len() {
        1 => format!("1 field differs from omega.lock: {first}"),
        more => {
            format!(
                "{more} fields differ from omega.lock{}{}: {first}",
                some(Direction::Looser),
                some(Direction::Moved)
            )
        }
    }
}

/// Every difference, field by field, what is looser first.
pub fn differences_table(differences: &[Difference], old: &str, new: &str) -> Vec<String> {
    let header = ["field", old, new, ""].map(str::to_owned);
    let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "(none)".to_owned());
    let row = |difference: &&Difference| {
        let Difference { key, old, new, direction } = difference;
        [key.clone(), shown(old), shown(new), direction.name().to_owned()]
    };
    let rows: Vec<[String; 4]> = worst_first(differences).iter().map(row).collect();
    table(&header, &rows, &[1, 2])
}

/// What a calibration is judged by, field by field, and who said so.
pub fn declaration_page(declaration: &DeclarationEntry) -> String {
    let header = ["field", "value", "from"].map(str::to_owned);
    let row = |field: &FieldEntry| [&field.key, &field.value, &field.source].map(|cell| escaped_line(cell));
    let rows: Vec<[String; 3]> = declaration.fields.iter().map(row).collect();
    let head = format!("{}, declaration {}", escaped_line(&declaration.calibration), declaration.digest);
    [vec![head], table(&header, &rows, &[])].concat().join("\n") + "\n"
}

fn worst_first(differences: &[Difference]) -> Vec<&Difference> {
    let rank = |difference: &&Difference| match difference.direction {
        Direction::Looser => 0,
        Direction::Moved => 1,
        Direction::Tighter => 2,
        Direction::Other => 3,
    };
    let mut sorted: Vec<&Difference> = differences.iter().collect();
    sorted.sort_by_key(rank);
    sorted
}
