//! The scripts of the GitHub Action: what they install, which words the program gets, what they tell the runner.

mod install;
mod run;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use crate::against::repository::alone;
use crate::command_line::Scratch;

/// A runner: its files, empty, and a directory `bin` in front of PATH.
pub struct Runner {
    scratch: Scratch,
}

impl Runner {
    fn new(name: &str) -> Self {
        let scratch = Scratch::new(name);
        for file in ["path", "output", "summary"] {
            scratch.write(file, "");
        }
        fs::create_dir_all(scratch.path().join("temp")).expect("it can be made");
        Self { scratch }
    }

    fn script(&self, name: &str, directory: &Path, settings: &[(&str, &str)]) -> Output {
        let mut command = self.command(name, directory);
        command.envs(settings.iter().copied());
        command.output().expect("bash is installed")
    }

    fn command(&self, name: &str, directory: &Path) -> Command {
        let root = self.scratch.path();
        let project = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut command = alone("bash", directory);
        let path = std::env::var("PATH").expect("there is a PATH");
        command
            .arg(project.join(".github/action").join(name))
            .env("PATH", format!("{}:{path}", root.join("bin").display()))
            .env("RUNNER_OS", "Linux")
            .env("RUNNER_ARCH", "X64")
            .env("RUNNER_TEMP", root.join("temp"))
            .env("GITHUB_PATH", root.join("path"))
            .env("GITHUB_OUTPUT", root.join("output"))
            .env("GITHUB_STEP_SUMMARY", root.join("summary"));
        command
    }

    fn read(&self, file: &str) -> String {
        fs::read_to_string(self.scratch.path().join(file)).expect(file)
    }

    /// Puts a program into PATH.
    fn program(&self, name: &str, script: &str) {
        use std::os::unix::fs::PermissionsExt;

        let path = format!("bin/{name}");
        self.scratch.write(&path, script);
        let mode = fs::Permissions::from_mode(0o755);
        fs::set_permissions(self.scratch.path().join(path), mode).expect("it is ours");
    }
}
