//! Every form of OVSDB state, from recorded outputs of Open vSwitch 3.1.0 and OVN 23.03.1.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test says what it skipped, and fails where it cannot go on"
)]

mod hostile;
mod pasted;
mod places;
mod recorded;
mod renderings;
mod rows;
