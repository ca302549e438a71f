//! Where each value of a resolved declaration came from.

use super::calibration::Code;
use crate::declaration::{Acceptance, Declaration, DeclarationFile, Field};
use crate::pipeline::RunConfig;

/// Tells for each field of a declaration who said its value.
pub(super) struct Provenance<'a> {
    declaration: &'a Declaration,
    file: &'a DeclarationFile,
    /// The fields, had the code said nothing.
    default: Vec<Field>,
    /// The fields, were there no omega.toml.
    code: Vec<Field>,
}

impl<'a> Provenance<'a> {
    pub(super) fn new(declaration: &'a Declaration, code: &Code, file: &'a DeclarationFile) -> Self {
        let silent = Declaration {
            config: RunConfig::of(declaration.config.profile),
            constraints: Vec::new(),
            acceptance: Acceptance::of_profile(declaration.config.profile),
            ..declaration.clone()
        };
        let spoken = Declaration {
            config: code.config(declaration.config.profile),
            constraints: code.constraints.clone(),
            ..silent.clone()
        };
        Self { declaration, file, default: silent.fields(), code: spoken.fields() }
    }

    /// The source of a field.
    pub(super) fn of(&self, field: &Field) -> String {
        let key = field.key.as_str();
        let name = &self.declaration.name;
        if key.starts_with("space.") || key.starts_with("roles.") {
            return "target".to_owned();
        }
        if key == "search.digest" {
            return "study".to_owned();
        }
        if key == "windows.count" {
            return "code".to_owned();
        }
        if self.file.settings(name).is_some_and(|settings| settings.gives(key)) {
            return format!("omega.toml [calibration.{name}]");
        }
        if self.file.defaults().is_some_and(|settings| settings.gives(key)) {
            return "omega.toml [defaults]".to_owned();
        }
        if key == "gold_dir" && self.file.gold_dir().is_some() {
            return "omega.toml".to_owned();
        }
        if key.starts_with("windows.") {
            return "target".to_owned();
        }
        match (value(&self.default, key), value(&self.code, key)) {
            // What another search method has is that method's own default.
            (None, None) => "default".to_owned(),
            (default, code) if code == Some(field.value.as_str()) => {
                if default == code { "default" } else { "code" }.to_owned()
            }
            (Some(default), _) if default == field.value => "default".to_owned(),
            _ => "omega.toml, by another key".to_owned(),
        }
    }
}

fn value<'f>(fields: &'f [Field], key: &str) -> Option<&'f str> {
    fields.iter().find(|field| field.key == key).map(|field| field.value.as_str())
}
