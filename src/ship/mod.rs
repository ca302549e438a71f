//! The accepted parameters as a file that production uses, and whether that file still says what gold says.
//!
//! A shipment is what gold accepts; each language spells it, and reads the file back value by value, so that a digit changed
//! by hand is found whatever else a formatter did to the file. The file depends on nothing of ours.

mod by_hand;
mod data;
mod judge;
mod place;
mod said;
mod shipment;
mod source;
mod token;

pub use judge::{Held, judge, ship, shippable};
pub use place::{ShipError, shipped_text};
pub use said::Mismatch;
pub use shipment::Shipment;
