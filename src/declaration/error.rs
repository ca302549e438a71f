//! What is wrong with an omega.toml: the line, the key, the next step.

use camino::Utf8PathBuf;

/// The file's name; it lies at the root of the workspace.
pub(super) const FILE_NAME: &str = "omega.toml";

/// What is wrong with a declaration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeclarationError {
    file: Option<Utf8PathBuf>,
    line: Option<usize>,
    message: String,
    help: Option<String>,
}

impl DeclarationError {
    pub(crate) fn new(line: Option<usize>, message: String, help: Option<String>) -> Self {
        Self { file: None, line, message, help }
    }

    #[cfg(feature = "committed")]
    pub(crate) fn in_file(mut self, path: &camino::Utf8Path) -> Self {
        self.file = Some(path.to_owned());
        self
    }
}

impl std::fmt::Display for DeclarationError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let file = self.file.as_ref().map_or(FILE_NAME, |path| path.as_str());
        write!(f, "`{file}`")?;
        if let Some(line) = self.line {
            write!(f, " line {line}")?;
        }
        write!(f, ": {}", self.message)?;
        match &self.help {
            Some(help) => write!(f, "\nhelp: {help}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for DeclarationError {}

#[cfg(feature = "committed")]
/// The line, from 1, of a byte offset.
pub(super) fn line_of(text: &str, offset: usize) -> usize {
    text.as_bytes().iter().take(offset).filter(|byte| **byte == b'\n').count() + 1
}
