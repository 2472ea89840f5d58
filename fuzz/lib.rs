//! The targets, for the fuzzer.

#[path = "../tests/fuzz/targets.rs"]
pub mod targets;
