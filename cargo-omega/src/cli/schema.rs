//! The grammar of `schema`.

use clap::{Args, ValueEnum};

use super::examples;

/// Print the JSON Schema of omega.toml or of another file
#[derive(Debug, Args)]
#[command(after_long_help = examples::of("schema"))]
pub(crate) struct SchemaArgs {
    /// Which file
    #[arg(value_name = "FILE", value_enum, default_value_t = SchemaOf::OmegaToml)]
    pub(crate) of: SchemaOf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemaOf {
    /// The declaration
    #[value(name = "omega.toml")]
    OmegaToml,
    /// What a test run showed: `target/omega/results.json`, and what `test --format json` prints
    #[value(name = "results.json")]
    Results,
    /// What `gate --format json` prints
    #[value(name = "gate.json")]
    Gate,
}
