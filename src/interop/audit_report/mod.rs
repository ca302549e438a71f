//! The Python package's audit report as a typed read model.

mod error;
mod fields;
mod report;

pub use error::ReportError;
pub(super) use fields::Fields;
pub use report::{AuditReport, DeclaredConstraint, Format, Link, Run, Summary};
