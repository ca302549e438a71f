//! Lists of scores that somebody names on the command line: a file of JSON, columns of a table, or standard input.

mod columns;
mod document;
mod source;

pub(crate) use source::{Given, Scores, Source};
