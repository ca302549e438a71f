//! The Python package's text, read and reproduced byte for byte.

pub mod audit_report;
mod canonical;
pub mod hash_chain;
pub mod json;
pub mod number;
mod tokens;

pub use canonical::canonical;
pub use tokens::strict;
