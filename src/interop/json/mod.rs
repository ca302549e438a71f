//! Python's JSON: everything `json.loads` accepts, kept as exactly as `json.dumps` needs it.

mod dict;
mod error;
mod integer;
mod place;
mod position;
mod reader;
mod rules;
mod scanner;
mod text;
mod value;

pub use dict::Dict;
pub use error::{JsonError, JsonErrorKind};
pub use integer::Integer;
pub use place::place;
pub use position::Position;
pub use reader::{Document, RepeatedKey, read};
pub use rules::{RepeatedKeys, Rules};
pub use text::Text;
pub use value::Value;
