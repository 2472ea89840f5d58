//! Files of keys that a table declares: the reader, its advice and the JSON Schema.

pub mod advice;
mod parse;
pub mod schema;
pub mod table;
#[cfg(test)]
pub mod validation;

use crate::source::Place;

/// One thing that is wrong with a file; the rest of it is still used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyError {
    /// Where.
    pub place: Place,
    /// What is wrong, and what to write.
    pub message: String,
    /// What stands at the place.
    pub label: String,
    /// What was probably meant there, as TOML.
    pub meant: Option<String>,
}
