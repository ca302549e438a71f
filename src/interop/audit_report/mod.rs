//! The Python package's audit report: a typed read model, and a writer of the same bytes.

mod error;
mod report;
mod writer;

pub use error::ReportError;
pub use report::{AuditReport, DeclaredConstraint, Format, Link, Run, Summary};
pub use writer::Writer;
