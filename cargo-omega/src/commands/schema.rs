//! `cargo omega schema`: omega.toml as a JSON Schema, for editors.

use omega_lock::artifacts::{ExitCode, document_text};
use omega_lock::declaration::schema;

use crate::failure::Failure;
use crate::ui::Ui;

/// Prints the schema.
pub(crate) fn run(ui: &mut Ui) -> Result<ExitCode, Failure> {
    ui.results(&document_text(&schema()).map_err(|error| Failure::internal(error.to_string()))?);
    Ok(ExitCode::Pass)
}
