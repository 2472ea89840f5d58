//! What systemd itself says of a unit, for the tests that compare with it.

use std::io::Write as _;
use std::path::Path;
use std::process::Command;

/// What `systemd-analyze verify` complains of in `NAME.service`. `None`, with a line that says so, where it is missing.
pub fn complaints(name: &str, unit: &str) -> Option<String> {
    if !Path::new("/usr/bin/systemd-analyze").exists() {
        assert!(
            std::env::var("OVNLINT_LIVE").as_deref() != Ok("1"),
            "systemd-analyze is needed"
        );
        let _ = writeln!(
            std::io::stderr(),
            "skipped: systemd-analyze is not installed, {name} was not compared with it"
        );
        return None;
    }
    let directory = std::env::temp_dir().join(format!("ovnlint-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&directory).expect("a temporary directory");
    let path = directory.join(format!("{name}.service"));
    std::fs::write(&path, unit).expect("a writable directory");
    let output = Command::new("systemd-analyze")
        .arg("verify")
        .arg(&path)
        .output();
    std::fs::remove_dir_all(&directory).expect("the directory was made above");
    let errors = output.expect("systemd-analyze runs").stderr;
    Some(String::from_utf8_lossy(&errors).into_owned())
}
