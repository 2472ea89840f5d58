//! Reads the configuration of an OpenStack network site and says what will break before it is deployed.
//!
//! Data flows one way: [`source`] owns the bytes, [`read`] makes typed records of them, [`site`] is the
//! model and the questions it answers, [`lints`] are pure functions over it, [`settings`] are what
//! the user tuned of them, [`fix`] makes the edits that they propose, [`report`] renders what they say, and [`show`] the
//! model itself. [`finding`] stands beside [`source`] and is known to all. [`snapshot`] stands apart: it collects on a
//! node what the others read.

pub mod change;
pub mod cli;
pub mod finding;
pub mod fix;
pub mod lints;
pub mod read;
pub mod report;
pub mod settings;
pub mod show;
pub mod site;
pub mod snapshot;
pub mod source;
