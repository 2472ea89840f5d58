//! Fuzzes the target `plan` of `tests/fuzz/targets.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| ovnlint_fuzz::targets::run("plan", data));
