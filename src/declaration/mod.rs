//! Everything that decides the numbers of a calibration, fixed before the first evaluation.
//!
//! A declaration comes from code and from omega.toml, the file over the code; [`Declaration`] is both resolved against
//! the target's space. Its fields, one line each, are what the digest covers, what omega.lock holds and what people
//! review; each key knows in which direction it gets looser.

mod acceptance;
mod check;
mod class;
mod conflict;
mod difference;
mod error;
#[cfg(feature = "committed")]
mod file;
#[cfg(feature = "committed")]
mod free;
mod key;
#[cfg(feature = "committed")]
mod lock;
mod name;
mod plain;
mod program;
#[cfg(feature = "committed")]
mod reader;
#[cfg(feature = "committed")]
mod rebase;
mod recorded;
mod reference;
mod resolved;
mod schema;
#[cfg(feature = "committed")]
mod settings;
mod ship;
mod table;
mod tolerance;
#[cfg(feature = "committed")]
mod without_code;

pub use acceptance::{Acceptance, AnchorRule, BaseOrigin, Requirement};
pub use class::Direction;
pub use conflict::conflict;
pub use difference::{Difference, differences};
pub use error::DeclarationError;
#[cfg(feature = "committed")]
pub use file::DeclarationFile;
#[cfg(feature = "committed")]
pub use free::Slice;
pub use key::Key;
#[cfg(feature = "committed")]
pub use lock::{Lock, LockEntry};
pub use name::{NameError, check_name};
pub use program::{Program, Protocol};
pub use reference::reference;
pub use resolved::{Declaration, Field, digest};
pub use schema::schema;
#[cfg(feature = "committed")]
pub use settings::Settings;
pub use ship::{REVIEW, Ship, ShipFormat};
pub use table::{asks, keys, keys_called};
pub use tolerance::{Better, Tolerance};
#[cfg(feature = "committed")]
pub use without_code::WithoutCode;
