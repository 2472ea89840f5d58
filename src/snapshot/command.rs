//! Runs a read-only command with a time limit.

use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use crate::read::MAX_DATABASE;

/// No command may take longer, but the backup of a database.
pub const LIMIT: Duration = Duration::from_secs(10);

/// A northbound database with 100,000 ports takes some ten seconds where the machine is busy.
pub const BACKUP_LIMIT: Duration = Duration::from_mins(1);

/// How much of what a command complains of is kept.
const COMPLAINT: u64 = 4 << 10;

/// What a command prints. Fails with the reason where it cannot be run, does not end in time, or fails.
pub fn run(limit: Duration, program: &str, arguments: &[&str]) -> Result<Vec<u8>, String> {
    let named = format!("{program} {}", arguments.join(" "));
    let mut child = Command::new(program)
        .args(arguments)
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => format!("{named}: {program} is not in PATH"),
            _ => format!("{named}: {error}"),
        })?;
    let end = Instant::now() + limit;
    let output = child
        .stdout
        .take()
        .map(|pipe| reader(pipe, MAX_DATABASE + 1));
    let complaint = child.stderr.take().map(|pipe| reader(pipe, COMPLAINT));
    // The pipe may outlive the program, in the hands of another that it started.
    let output = output.and_then(|output| received(&output, end));
    let status = output.as_ref().and_then(|_| ended(&mut child, end));
    let (Some(output), Some(status)) = (output, status) else {
        // It ends by itself, or is ended here; then it is no longer waited for.
        let _ = child.kill();
        let _ = child.wait();
        return Err(format!("{named}: no answer within {} s", limit.as_secs()));
    };
    if !status.success() {
        let complaint = complaint.and_then(|complaint| received(&complaint, end));
        let complaint = complaint.unwrap_or_default();
        let complaint = String::from_utf8_lossy(&complaint);
        let last = complaint.trim().lines().last().unwrap_or("no reason given");
        return Err(format!("{named}: {status}: {last}"));
    }
    if output.len() as u64 > MAX_DATABASE {
        return Err(format!("{named}: more than ovnlint reads"));
    }
    Ok(output)
}

/// Reads a pipe on the side, so that a program that fills one while the other is read does not stand still.
fn reader(pipe: impl Read + Send + 'static, limit: u64) -> Receiver<Vec<u8>> {
    let (send, receive) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let mut pipe = pipe;
        let read = pipe.by_ref().take(limit).read_to_end(&mut bytes);
        if read.is_ok() {
            // Nobody listens once the time is over.
            let _ = send.send(bytes);
        }
        let _ = std::io::copy(&mut pipe, &mut std::io::sink());
    });
    receive
}

fn received(bytes: &Receiver<Vec<u8>>, end: Instant) -> Option<Vec<u8>> {
    bytes
        .recv_timeout(end.saturating_duration_since(Instant::now()))
        .ok()
}

/// The exit status; `None` where it is not there in time.
fn ended(child: &mut Child, end: Instant) -> Option<std::process::ExitStatus> {
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Some(status),
            Ok(None) if Instant::now() < end => thread::sleep(Duration::from_millis(2)),
            _ => return None,
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

    use super::*;

    #[test]
    fn the_output_is_kept_whole() {
        let output = run(
            LIMIT,
            "sh",
            &["-c", "head -c 300000 /dev/zero; echo complaint >&2"],
        )
        .unwrap();
        assert_eq!(output.len(), 300_000);
    }

    #[test]
    fn a_failure_is_named() {
        let why = run(
            LIMIT,
            "sh",
            &["-c", "echo first >&2; echo out of order >&2; exit 3"],
        )
        .unwrap_err();
        assert!(why.contains("exit status: 3: out of order"), "{why}");
        let why = run(LIMIT, "ovnlint-no-such-program", &["-j"]).unwrap_err();
        assert!(
            why.contains("ovnlint-no-such-program is not in PATH"),
            "{why}"
        );
    }

    #[test]
    fn a_command_that_does_not_end_is_ended() {
        for (number, script) in ["%", "(%) & exit 0", "exec >&-; %"].into_iter().enumerate() {
            let name = format!("ovnlint-{}-{number}", std::process::id());
            let mark = std::env::temp_dir().join(name);
            let late = format!("sleep 60; touch '{}'", mark.display());
            let script = script.replace('%', &late);
            let why = run(Duration::from_secs(1), "sh", &["-c", &script]).unwrap_err();
            assert!(why.contains("no answer within 1 s"), "{script}: {why}");
            assert!(!mark.exists(), "it was waited for: {script}");
        }
    }
}
