//! The tests that need nothing but the project itself, in one program.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test says what it skipped, and prints what a person has to judge"
)]

#[cfg(unix)]
mod action;
mod against;
mod allowed;
mod catalogue;
mod change_lints;
mod command_line;
mod command_lints;
mod config;
mod deleted;
mod fix;
mod formats;
mod forms;
mod gate;
#[cfg(unix)]
mod healthy;
mod hidden_lines;
mod hidden_tasks;
mod hooks;
mod incidents;
mod layers;
mod layouts;
mod machine;
mod northbounds;
mod overwrite;
mod ovn;
mod places;
mod plan;
mod plan_cases;
mod plan_report;
mod plan_safe;
mod plan_unseen;
mod program;
mod readme;
mod real_sites;
mod rebuilt;
mod script;
mod secret_forms;
mod shells;
mod show;
mod support;
mod terminal;
mod trees;
mod versions;
mod walked;
