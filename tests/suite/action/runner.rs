//! A runner for one test: a directory with what the steps share, and releases that were never made.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use sha2::{Digest, Sha256};

use crate::command_line::Scratch;

/// Prints its words, each on a line between brackets.
pub const STUB: &str = "#!/bin/sh\nfor word; do printf '<%s>\\n' \"$word\"; done\n";

/// Whether the programs of the scripts are there; where one is not, the test says so and is over.
pub fn has(programs: &[&str]) -> bool {
    let missing = programs
        .iter()
        .find(|program| Command::new(program).arg("--version").output().is_err());
    let Some(missing) = missing else {
        return true;
    };
    assert!(
        std::env::var("OVNLINT_LIVE").as_deref() != Ok("1"),
        "{missing} is missing"
    );
    let _ = writeln!(
        std::io::stderr(),
        "skipped: {missing} is missing, scripts of the action were not run"
    );
    false
}

pub struct Runner(Scratch);

impl Runner {
    pub fn new(name: &str) -> Self {
        let scratch = Scratch::new(&format!("action-{name}"));
        for directory in ["bin", "temp"] {
            fs::create_dir(scratch.path().join(directory)).expect("it is ours");
        }
        Self(scratch)
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// What a step wrote for the runner; nothing where it wrote none.
    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_default()
    }

    /// The names in the directory for temporary files.
    pub fn left(&self) -> Vec<String> {
        let entries = fs::read_dir(self.path("temp")).expect("it was made");
        let names = entries.map(|entry| entry.expect("it is there").file_name());
        names.map(|name| name.to_string_lossy().into()).collect()
    }

    /// Makes a program that the steps find.
    pub fn program(&self, name: &str, text: &str) {
        self.0.write(&format!("bin/{name}"), text);
        executable(&self.path(&format!("bin/{name}")));
    }

    /// Lets the steps find the program that was built.
    pub fn with_ovnlint(self) -> Self {
        symlink(env!("CARGO_BIN_EXE_ovnlint"), self.path("bin/ovnlint")).expect("it is ours");
        self
    }

    /// A command that sees what a runner gives to a step.
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let path = std::env::var("PATH").unwrap_or_default();
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("PATH", format!("{}:{path}", self.path("bin").display()))
            .env("HOME", self.0.path())
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("RUNNER_TEMP", self.path("temp"))
            .env("GITHUB_PATH", self.path("path"))
            .env("GITHUB_OUTPUT", self.path("output"))
            .env("GITHUB_STEP_SUMMARY", self.path("summary"));
        command
    }

    /// Runs a script of the action in a directory.
    pub fn script(&self, name: &str, directory: &Path, inputs: &[(&str, &str)]) -> Output {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        self.command("bash")
            .arg(root.join(".github/action").join(name))
            .current_dir(directory)
            .envs(inputs.iter().copied())
            .output()
            .expect("bash is there")
    }

    /// Makes a release for each target, whose program says for which it was made; the sums are worked out here.
    pub fn release(&self, version: &str, targets: &[&str]) {
        let mut sums = String::new();
        for target in targets {
            let name = format!("ovnlint-v{version}-{target}");
            let program = format!("releases/v{version}/{name}/ovnlint");
            self.0
                .write(&program, format!("#!/bin/sh\necho {target}\n"));
            executable(&self.path(&program));
            let directory = self.path(&format!("releases/v{version}"));
            let archive = format!("{name}.tar.gz");
            let packed = Command::new("tar")
                .args(["-czf", &archive, &name])
                .current_dir(&directory)
                .status();
            assert!(packed.is_ok_and(|status| status.success()));
            fs::remove_dir_all(directory.join(&name)).expect("it is ours");
            let sum = Sha256::digest(fs::read(directory.join(&archive)).expect("it was made"));
            for byte in sum {
                sums.push_str(&format!("{byte:02x}"));
            }
            sums.push_str(&format!("  {archive}\n"));
        }
        self.0
            .write(&format!("releases/v{version}/SHA256SUMS"), sums);
    }

    /// Where the releases are.
    pub fn releases(&self) -> String {
        format!("file://{}", self.path("releases").display())
    }
}

fn executable(path: &Path) {
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("it is ours");
}
