//! The action for GitHub and the job for GitLab: their real scripts, run as the runners run them.

#[cfg(unix)]
mod base;
#[cfg(unix)]
mod gitlab;
#[cfg(unix)]
mod install;
mod published;
#[cfg(unix)]
mod run;
#[cfg(unix)]
mod runner;

#[cfg(not(unix))]
#[test]
fn scripts_are_run_elsewhere() {
    use std::io::Write as _;

    let _ = writeln!(
        std::io::stderr(),
        "skipped: the scripts of the action and of the GitLab job are run on Unix only"
    );
}
