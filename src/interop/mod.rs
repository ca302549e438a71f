//! The Python package's text, read and reproduced byte for byte.

pub mod artifact;
pub mod audit_report;
mod canonical;
mod fields;
pub mod hash_chain;
mod indented;
pub mod json;
mod tokens;

pub use canonical::canonical;
pub use tokens::strict;
