//! Files that other optimizers leave behind, read as they are: one file per format.
//!
//! [`open`] finds out whose file it is and gives its head; [`Reader::trials`] hands over one trial after the other, so that
//! millions of them need no memory. Whoever asks says what the file does not.

mod reader;

pub(crate) use reader::{Each, Reader, Told};
