//! Keys of the file that has the accepted parameters.

use crate::declaration::class::Class::{Moves, Slice};
use crate::declaration::key::{Key, spread};
use crate::declaration::plain::{Plain, Shape};
use crate::declaration::{Declaration, Requirement, Ship, ShipFormat};
use crate::words::Word;

/// There where they are declared, so that they change no declaration that is silent about them.
pub(super) fn keys() -> Vec<Key> {
    let words = Shape::Word(ShipFormat::ALL.iter().map(|format| format.name()).collect());
    vec![
        spread(
            "ship.file",
            Shape::Text,
            Slice,
            "file of the workspace that production takes the accepted parameters from; `cargo omega ship` writes it",
            |d, sink| {
                if let Some(ship) = &d.acceptance.ship {
                    sink("", Plain::from(ship.file.as_str()));
                }
            },
        )
        .put_with(|d, _, plain| {
            ship(d).file = plain.bare();
            Ok(())
        })
        .rule(|d| {
            let ship = d.acceptance.ship.as_ref()?;
            if d.acceptance.gold == Requirement::Off {
                return Some("`gold` to be \"required\": the file has what gold accepts".to_owned());
            }
            ship.expected_file(&d.acceptance.gold_dir)
        }),
        spread(
            "ship.format",
            words,
            Moves,
            "the language of the file; unless said, what its name ends in",
            |d, sink| {
                if let Some(format) = d.acceptance.ship.as_ref().and_then(|ship| ship.format) {
                    sink("", Plain::from(format.name()));
                }
            },
        )
        .put_with(|d, _, plain| {
            ship(d).format = ShipFormat::of_word(&plain.bare());
            Ok(())
        }),
        spread(
            "ship.names.<parameter>",
            Shape::Text,
            Moves,
            "what the parameter is called in the file, where its own name in capitals is no name of the language",
            |d, sink| {
                let names = d.acceptance.ship.iter().flat_map(|ship| &ship.names);
                names.for_each(|(parameter, name)| sink(parameter, Plain::from(name.as_str())));
            },
        )
        .put_with(|d, parameter, plain| {
            put(&mut ship(d).names, parameter, plain.bare());
            Ok(())
        }),
        spread(
            "ship.keys.<parameter>",
            Shape::Text,
            Slice,
            "where its value stands in a JSON or TOML file that people write, as `amp.gain`; the file is only compared, and the first key beside a whole one is LOOSER",
            |d, sink| {
                let keys = d.acceptance.ship.iter().flat_map(|ship| &ship.keys);
                keys.for_each(|(parameter, key)| sink(parameter, Plain::from(key.as_str())));
            },
        )
        .put_with(|d, parameter, plain| {
            put(&mut ship(d).keys, parameter, plain.bare());
            Ok(())
        }),
    ]
}

/// What is shipped, which is there as soon as anything is said of it.
fn ship(declaration: &mut Declaration) -> &mut Ship {
    declaration.acceptance.ship.get_or_insert_default()
}

/// Sorted, so that the order in which they are said does not matter.
fn put(list: &mut Vec<(String, String)>, parameter: &str, said: String) {
    list.retain(|(known, _)| known != parameter);
    let place = list.partition_point(|(known, _)| known.as_str() < parameter);
    list.insert(place, (parameter.to_owned(), said));
}
