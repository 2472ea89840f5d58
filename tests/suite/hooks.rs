//! The hooks under the real pre-commit: a repository of hooks as the working tree has it, and a repository with a site.
//!
//! They need a wheel: `.ci/run python readme wheel test` builds it first.

use std::ffi::OsString;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::against::repository::{RANGES, said, secure, site};
use crate::command_line::Scratch;

/// What pre-commit needs of the project for a hook in Python.
const MANIFESTS: [&str; 5] = [
    ".pre-commit-hooks.yaml",
    "pyproject.toml",
    "README.md",
    "LICENSE-MIT",
    "LICENSE-APACHE",
];
/// What it needs beside these to build the program.
const SOURCES: [&str; 5] = ["Cargo.toml", "Cargo.lock", "src", "lints", "benches"];

/// A build that is over soon; what it makes is run on three nodes.
const CHEAP: [(&str, &str); 4] = [
    ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0"),
    ("CARGO_PROFILE_RELEASE_LTO", "off"),
    ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16"),
    ("CARGO_PROFILE_RELEASE_DEBUG", "0"),
];

/// An empty directory for what pre-commit keeps, the repository of the hooks, and the revision to name.
struct Hooks {
    home: Scratch,
    repository: Scratch,
    revision: String,
}

impl Hooks {
    fn of(name: &str, files: &[&str]) -> Self {
        let hooks = Self {
            home: Scratch::new(&format!("{name}-home")),
            repository: Scratch::new(&format!("{name}-repository")),
            revision: String::new(),
        };
        let directory = hooks.repository.path();
        for file in files {
            copy(Path::new(file), &directory.join(file));
        }
        hooks.git(directory, &["init", "--quiet"]);
        hooks.commit(directory, "Offer hooks");
        let revision = said(&hooks.git(directory, &["rev-parse", "HEAD"]));
        Self {
            revision: revision.trim().to_owned(),
            ..hooks
        }
    }

    /// A program that knows nothing of the repositories and hooks of who runs the test.
    fn command(&self, program: impl Into<OsString>, directory: &Path) -> Command {
        let mut command = Command::new(program.into());
        let inherited = std::env::vars_os().map(|(name, _)| name);
        for name in inherited {
            let text = name.to_string_lossy();
            if text.starts_with("GIT_") || text.starts_with("PRE_COMMIT") || text == "SKIP" {
                command.env_remove(&name);
            }
        }
        for role in ["AUTHOR", "COMMITTER"] {
            command
                .env(format!("GIT_{role}_NAME"), "ovnlint")
                .env(format!("GIT_{role}_EMAIL"), "ovnlint@example.com");
        }
        command
            .current_dir(directory)
            .envs(CHEAP)
            .env("CARGO_TARGET_DIR", target())
            .env("GIT_CONFIG_GLOBAL", self.home.path().join("no-such-file"))
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("PIP_CACHE_DIR", self.home.path().join("pip"))
            .env("PIP_FIND_LINKS", wheels())
            .env("PIP_NO_INDEX", "1")
            .env("PRE_COMMIT_COLOR", "never")
            .env("PRE_COMMIT_HOME", self.home.path());
        command
    }

    fn git(&self, directory: &Path, arguments: &[&str]) -> Output {
        let output = self.tried(directory, arguments);
        assert!(output.status.success(), "{arguments:?}: {}", said(&output));
        output
    }

    fn tried(&self, directory: &Path, arguments: &[&str]) -> Output {
        let mut command = self.command("git", directory);
        command.args(["-c", "init.defaultBranch=main"]);
        command.args(arguments).output().expect("git is installed")
    }

    fn pre_commit(&self, directory: &Path, arguments: &[&str]) -> String {
        let mut command = self.command(python(), directory);
        let output = command.args(["-m", "pre_commit"]).args(arguments).output();
        let output = output.expect("OVNLINT_PYTHON names a Python");
        assert!(output.status.success(), "{arguments:?}: {}", said(&output));
        said(&output)
    }

    /// Commits everything; what the hooks said.
    fn commit(&self, directory: &Path, message: &str) -> String {
        self.git(directory, &["add", "--all"]);
        said(&self.git(directory, &["commit", "--message", message]))
    }

    /// Tries to commit everything, which the hooks refuse; what they said.
    fn refused(&self, directory: &Path, message: &str) -> String {
        self.git(directory, &["add", "--all"]);
        let head = || said(&self.git(directory, &["rev-parse", "HEAD"]));
        let before = head();
        let output = self.tried(directory, &["commit", "--message", message]);
        assert!(!output.status.success(), "{}", said(&output));
        assert_eq!(head(), before);
        said(&output)
    }

    /// What a user writes into `.pre-commit-config.yaml`; one line of YAML for each hook.
    fn configure(&self, site: &Scratch, hooks: &[&str]) {
        let repository = self.repository.path().display();
        let mut text = format!(
            "repos:\n- repo: {repository}\n  rev: {}\n  hooks:\n",
            self.revision
        );
        for hook in hooks {
            text += &format!("  - {hook}\n");
        }
        site.write(".pre-commit-config.yaml", text);
    }
}

/// Whether there is a wheel to try; where there is none, the test says so and is over.
fn is_ready() -> bool {
    let found = std::env::var_os("OVNLINT_WHEELS").is_some();
    let live = std::env::var("OVNLINT_LIVE").as_deref() == Ok("1");
    assert!(
        found || !live,
        "OVNLINT_WHEELS names no directory: `.ci/run wheel test` builds the wheel first"
    );
    if !found {
        let _ = writeln!(
            std::io::stderr(),
            "skipped: OVNLINT_WHEELS is not set, the hooks were not tried under pre-commit"
        );
    }
    found
}

/// The Python with pre-commit.
fn python() -> PathBuf {
    named("OVNLINT_PYTHON")
}

/// The directory with the wheels of this project and of setuptools.
fn wheels() -> PathBuf {
    named("OVNLINT_WHEELS")
}

fn named(variable: &str) -> PathBuf {
    let value = std::env::var_os(variable)
        .unwrap_or_else(|| panic!("{variable} is not set: `.ci/run wheel test` sets it"));
    PathBuf::from(value)
}

/// Kept between runs, for it holds the dependencies.
fn target() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("hooks")
}

fn copy(from: &Path, to: &Path) {
    if !from.is_dir() {
        fs::copy(from, to).unwrap_or_else(|error| panic!("{}: {error}", from.display()));
        return;
    }
    fs::create_dir_all(to).expect("it can be made");
    for entry in fs::read_dir(from).expect("it is part of the project") {
        let entry = entry.expect("it can be read");
        copy(&entry.path(), &to.join(entry.file_name()));
    }
}

/// A site with its first commit, and the hook in place.
fn guarded(hooks: &Hooks, name: &str, configured: &[&str]) -> Scratch {
    let site = site(name);
    hooks.configure(&site, configured);
    hooks.commit(site.path(), "Describe the site");
    hooks.pre_commit(site.path(), &["install"]);
    site
}

#[test]
fn the_hook_of_the_wheel_decides_on_commits() {
    if !is_ready() {
        return;
    }
    let hooks = Hooks::of("hook-wheel", &MANIFESTS);
    let site = guarded(&hooks, "hook-wheel-site", &["id: ovnlint"]);
    let path = site.path();
    decides(&hooks, &site);
    // A commit that only takes files away is looked at as well.
    fs::remove_file(path.join("notes.txt")).expect("it is there");
    let said = hooks.commit(path, "Drop the notes");
    assert!(said.contains("Passed"), "{said}");
    // What is not part of the commit is none of the hook's business.
    secure(&site, "os-c");
    site.write("more.txt", "Three nodes.\n");
    hooks.git(path, &["add", "more.txt"]);
    hooks.git(path, &["commit", "--message", "Note it again"]);
    let left = hooks.git(path, &["diff", "--name-only"]);
    assert_eq!(String::from_utf8_lossy(&left.stdout), "os-c/show.txt\n");
}

#[test]
fn the_hook_from_source_decides_on_commits() {
    if !is_ready() {
        return;
    }
    let hooks = Hooks::of("hook-src", &[&MANIFESTS[..], &SOURCES].concat());
    let site = guarded(&hooks, "hook-src-site", &["id: ovnlint-src"]);
    decides(&hooks, &site);
}

/// Passes what brings nothing, although the site has an old defect, and refuses fail_mode on a bridge that lives.
fn decides(hooks: &Hooks, site: &Scratch) {
    let path = site.path();
    site.write("notes.txt", "Three nodes.\n");
    let passed = hooks.commit(path, "Note what it is");
    assert!(passed.contains("Passed"), "{passed}");
    secure(site, "os-b");
    let refused = hooks.refused(path, "Secure the provider bridge");
    for part in ["Failed", "error[provider_bridge_secure] (new)", "os-b"] {
        assert!(refused.contains(part), "{part}: {refused}");
    }
    assert!(!refused.contains("tunnel_range_invalid"), "{refused}");
    hooks.git(path, &["checkout", "--quiet", "HEAD", "--", "."]);
    site.write("neutron.conf", "[DEFAULT]\ncore_plugin = ml2\n");
    let passed = hooks.commit(path, "Name the plugin");
    assert!(passed.contains("Passed"), "{passed}");
}

#[test]
fn the_command_can_be_replaced() {
    if !is_ready() {
        return;
    }
    let hooks = Hooks::of("hook-command", &MANIFESTS);
    let hook = "{id: ovnlint, entry: ovnlint check}";
    let site = guarded(&hooks, "hook-command-site", &[hook]);
    let path = site.path();
    // Without `--against`, the old defect counts.
    site.write("notes.txt", "Three nodes.\n");
    let refused = hooks.refused(path, "Note what it is");
    assert!(
        refused.contains("error[tunnel_range_invalid]: "),
        "{refused}"
    );
    site.write("ml2_conf.ini", RANGES);
    hooks.commit(path, "Put the ranges right");
}

#[test]
fn the_fixing_hook_edits_and_stops_the_commit_once() {
    if !is_ready() {
        return;
    }
    let hooks = Hooks::of("hook-fix", &MANIFESTS);
    let site = guarded(&hooks, "hook-fix-site", &["id: ovnlint-fix"]);
    let path = site.path();
    let small = "[ml2]\nmechanism_drivers = ovn\ntype_drivers = geneve\n\n[ml2_type_geneve]\nmax_header_size = 30\nvni_ranges = 1:100\n";
    site.write("ml2_conf.ini", small);
    let refused = hooks.refused(path, "Use OVN");
    for part in ["files were modified by this hook", "edited ml2_conf.ini"] {
        assert!(refused.contains(part), "{part}: {refused}");
    }
    // OVN needs 38 bytes: facts N§2.
    let fixed = fs::read_to_string(path.join("ml2_conf.ini")).expect("it is there");
    assert_eq!(fixed, small.replace("= 30", "= 38"));
    hooks.commit(path, "Use OVN");
    // It takes the place of the other hook: what no edit puts right is refused as well.
    decides(&hooks, &site);
}

#[test]
fn a_repository_with_nothing_to_check_passes() {
    if !is_ready() {
        return;
    }
    let hooks = Hooks::of("hook-nothing", &MANIFESTS);
    let empty = Scratch::new("hook-nothing-site");
    let path = empty.path();
    hooks.git(path, &["init", "--quiet"]);
    hooks.configure(&empty, &["id: ovnlint-fix", "id: ovnlint"]);
    empty.write("notes.txt", "No site yet.\n");
    hooks.git(path, &["add", "--all"]);
    let said = hooks.pre_commit(path, &["run", "--all-files", "--verbose"]);
    assert_eq!(said.matches("Passed").count(), 2, "{said}");
    let sentence = "ovnlint: nothing was checked: there is no input that a lint could look at";
    assert_eq!(said.matches(sentence).count(), 2, "{said}");
    hooks.pre_commit(path, &["install"]);
    hooks.commit(path, "Begin");
}

#[test]
fn the_wheel_is_the_program_with_its_licences() {
    if !is_ready() {
        return;
    }
    let scratch = Scratch::new("wheel");
    let installed = Command::new(python())
        .args(["-m", "pip", "install", "--quiet", "--no-index", "--target"])
        .arg(scratch.path())
        .arg("--find-links")
        .arg(wheels())
        .arg("ovnlint")
        .output()
        .expect("OVNLINT_PYTHON names a Python");
    assert!(installed.status.success(), "{}", said(&installed));
    let version = env!("CARGO_PKG_VERSION");
    let program = scratch.path().join("bin/ovnlint");
    let output = Command::new(program).arg("--version").output();
    let output = output.expect("the wheel has the program");
    assert_eq!(said(&output), format!("ovnlint {version}\n"));
    let about = scratch.path().join(format!("ovnlint-{version}.dist-info"));
    let read = |name: &str| fs::read_to_string(about.join(name)).expect(name);
    let metadata = read("METADATA");
    for line in [
        "\nLicense-Expression: MIT OR Apache-2.0\n",
        "\nSummary: Says what will break",
        "\n# ovnlint\n",
    ] {
        assert!(metadata.contains(line), "{line}: {metadata}");
    }
    for licence in ["LICENSE-MIT", "LICENSE-APACHE"] {
        let ours = fs::read_to_string(licence).expect("it is part of the project");
        assert_eq!(read(&format!("licenses/{licence}")), ours);
    }
}
