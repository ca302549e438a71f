//! Everything that decides the numbers of a calibration, fixed before the first evaluation.
//!
//! A declaration comes from code and from omega.toml, the file over the code; [`Declaration`] is both resolved against
//! the target's space. Its fields, one line each, are what the digest covers and what people review.

#[cfg(feature = "harness")]
mod error;
#[cfg(feature = "harness")]
mod file;
#[cfg(feature = "harness")]
mod gate_settings;
#[cfg(feature = "harness")]
mod keys;
mod name;
#[cfg(feature = "harness")]
mod recorded;
mod resolved;
#[cfg(feature = "harness")]
mod settings;

#[cfg(feature = "harness")]
pub use error::DeclarationError;
#[cfg(feature = "harness")]
pub use file::DeclarationFile;
pub use name::{NameError, check_name};
pub use resolved::{Declaration, Field};
#[cfg(feature = "harness")]
pub use settings::Settings;
