//! Whether the quotes of a table are closed. A reader that does not care takes all rows behind an open one for one field.

/// Where the reading of a table is.
#[derive(Debug)]
pub(super) struct Quotes {
    delimiter: u8,
    place: Place,
    line: u64,
    /// The line of the quote that was opened last.
    opened: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Before the first byte of a field.
    Before,
    /// In a field without quotes, where a quote is a letter like any other.
    Bare,
    Quoted,
    /// Behind a quote in such a field: it closes the field, or is the first half of a quote that belongs to it.
    Behind,
}

impl Quotes {
    pub(super) fn new(delimiter: u8) -> Self {
        Self { delimiter, place: Place::Before, line: 1, opened: 1 }
    }

    /// Follows more of the table's bytes.
    ///
    /// # Errors
    /// What is wrong, if something but the end of a field follows the quote that closes it.
    pub(super) fn follow(&mut self, bytes: &[u8]) -> Result<(), String> {
        for byte in bytes {
            self.line += u64::from(*byte == b'\n');
            let is_end = *byte == self.delimiter || matches!(byte, b'\r' | b'\n');
            self.place = match (self.place, byte) {
                (Place::Before, b'"') => {
                    self.opened = self.line;
                    Place::Quoted
                }
                (Place::Quoted, b'"') => Place::Behind,
                (Place::Behind, b'"') | (Place::Quoted, _) => Place::Quoted,
                (Place::Before | Place::Bare | Place::Behind, _) if is_end => Place::Before,
                (Place::Before | Place::Bare, _) => Place::Bare,
                (Place::Behind, _) => {
                    return Err(format!(
                        "line {}: something stands behind the quote that closes a field, which was opened in line {}",
                        self.line, self.opened
                    ));
                }
            };
        }
        Ok(())
    }

    /// Holds that the table may end here.
    ///
    /// # Errors
    /// What is wrong, if a quote is still open.
    pub(super) fn end(&self) -> Result<(), String> {
        match self.place {
            Place::Quoted => {
                Err(format!("line {}: the quote that is opened there is never closed; the file was cut", self.opened))
            }
            _ => Ok(()),
        }
    }
}
