//! `cargo omega schema`: omega.toml and what commands write as JSON Schemas, for editors and for programs.

use omega_lock::internals::artifacts::{ExitCode, document_text, gate_schema, results_schema};
use omega_lock::internals::declaration::schema;

use crate::cli::{SchemaArgs, SchemaOf};
use crate::failure::Failure;
use crate::ui::Ui;

pub(crate) fn run(arguments: &SchemaArgs, ui: &mut Ui) -> Result<ExitCode, Failure> {
    let schema = match arguments.of {
        SchemaOf::OmegaToml => schema(),
        SchemaOf::Results => results_schema(),
        SchemaOf::Gate => gate_schema(),
    };
    ui.results(&document_text(&schema).map_err(|error| Failure::internal(error.to_string()))?);
    Ok(ExitCode::Pass)
}
