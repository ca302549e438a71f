//! Everything that decides the numbers of a calibration, fixed before the first evaluation.
//!
//! A declaration comes from code and from omega.toml, the file over the code; [`Declaration`] is both resolved against
//! the target's space. Its fields, one line each, are what the digest covers, what omega.lock holds and what people
//! review; each key knows in which direction it gets looser.

mod acceptance;
#[cfg(feature = "committed")]
mod difference;
#[cfg(feature = "committed")]
mod direction;
#[cfg(feature = "committed")]
mod error;
#[cfg(feature = "committed")]
mod file;
#[cfg(feature = "committed")]
mod gate_settings;
#[cfg(feature = "committed")]
mod keys;
#[cfg(feature = "committed")]
mod lock;
mod name;
#[cfg(feature = "committed")]
mod recorded;
mod resolved;
#[cfg(feature = "committed")]
mod schema;
#[cfg(feature = "committed")]
mod settings;
mod tolerance;
#[cfg(feature = "committed")]
mod tolerance_table;

pub use acceptance::{Acceptance, AnchorRule, Requirement};
#[cfg(feature = "committed")]
pub use difference::{Difference, differences};
#[cfg(feature = "committed")]
pub use direction::Direction;
#[cfg(feature = "committed")]
pub use error::DeclarationError;
#[cfg(feature = "committed")]
pub use file::DeclarationFile;
#[cfg(feature = "committed")]
pub use lock::{Lock, LockEntry};
pub use name::{NameError, check_name};
pub use resolved::{Declaration, Field, digest};
#[cfg(feature = "committed")]
pub use schema::schema;
#[cfg(feature = "committed")]
pub use settings::Settings;
pub use tolerance::{Better, Tolerance};
