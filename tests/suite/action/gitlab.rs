//! The job for GitLab that the README shows, run as it stands there.

use std::path::Path;
use std::process::Output;

use serde_json::Value;

use crate::action::published::{GITLAB, block};
use crate::action::runner::{Runner, has};
use crate::against::repository::{done, git, history, said};

/// The lines of a list of the job.
fn lines(job: &str, key: &str) -> Vec<String> {
    let head = format!("  {key}:");
    let after = job.lines().skip_while(|line| **line != head).skip(1);
    let lines = after.map_while(|line| line.strip_prefix("    - "));
    lines.map(str::to_owned).collect()
}

/// The value of a variable of the job.
#[cfg(target_os = "linux")]
fn variable(job: &str, name: &str) -> String {
    let head = format!("    {name}: ");
    let value = job.lines().find_map(|line| line.strip_prefix(&head));
    value.expect("the job has it").to_owned()
}

/// Runs lines as a runner of GitLab does: in one shell, which ends where one fails.
fn run(runner: &Runner, lines: &[String], directory: &Path, variables: &[(&str, &str)]) -> Output {
    let script = lines.join("\n");
    runner
        .command("bash")
        .args(["-e", "-o", "pipefail", "-c", &script])
        .current_dir(directory)
        .envs(variables.iter().copied())
        .output()
        .expect("bash is there")
}

// The job runs in an image of Linux: elsewhere sha256sum has other options.
#[cfg(target_os = "linux")]
#[test]
fn it_installs_what_its_checksum_says() {
    if !has(&["bash", "curl", "tar", "sha256sum"]) {
        return;
    }
    let job = block(GITLAB);
    let runner = Runner::new("gitlab-installs");
    runner.release(env!("CARGO_PKG_VERSION"), &["x86_64-unknown-linux-musl"]);
    let releases = "https://github.com/ovnlint/ovnlint/releases/download";
    let release = variable(&job, "RELEASE").replace(releases, &runner.releases());
    let name = variable(&job, "OVNLINT");
    let bin = runner.path("bin").display().to_string();
    let steps: Vec<_> = lines(&job, "before_script")
        .iter()
        .map(|line| line.replace("/usr/local/bin", &bin))
        .collect();
    assert_eq!(steps.len(), 3);
    let variables = [("OVNLINT", name.as_str()), ("RELEASE", release.as_str())];
    let output = run(&runner, &steps, &runner.path("temp"), &variables);
    assert!(output.status.success(), "{}", said(&output));
    let told = runner.command(runner.path("bin/ovnlint")).output();
    let told = told.expect("it was installed");
    assert_eq!(said(&told), "x86_64-unknown-linux-musl\n");
    std::fs::remove_file(runner.path("bin/ovnlint")).expect("it is ours");
    let version = env!("CARGO_PKG_VERSION");
    let archive = runner.path(&format!("releases/v{version}/{name}.tar.gz"));
    std::fs::write(archive, "something else").expect("it is ours");
    let output = run(&runner, &steps, &runner.path("temp"), &variables);
    assert!(!output.status.success(), "{}", said(&output));
    assert!(!runner.path("bin/ovnlint").exists());
}

#[test]
fn a_merge_request_fails_for_what_it_brings() {
    if !has(&["bash", "git"]) {
        return;
    }
    let steps = lines(&block(GITLAB), "script");
    assert_eq!(steps.len(), 3);
    // The job names a directory of the repository; here the site is all of it.
    let steps: Vec<_> = steps
        .iter()
        .map(|line| line.replace("site/", "."))
        .collect();
    let repository = history("gitlab");
    let path = repository.path();
    let before = said(&git(path, &["rev-parse", "HEAD~3"]));
    done(path, &["checkout", "--quiet", "HEAD~2"]);
    let (brought, old) = ("provider_bridge_secure", "tunnel_range_invalid");
    let of_request = [("CI_MERGE_REQUEST_DIFF_BASE_SHA", before.trim_end())];
    for (variables, shows_old) in [(&of_request[..], false), (&[], true)] {
        let runner = Runner::new("gitlab-runs").with_ovnlint();
        let output = run(&runner, &steps, path, variables);
        assert_eq!(output.status.code(), Some(1), "{}", said(&output));
        assert!(said(&output).contains(brought), "{}", said(&output));
        assert_eq!(said(&output).contains(old), shows_old, "{}", said(&output));
        let read = |name| std::fs::read_to_string(path.join(name)).expect("it was written");
        assert!(read("ovnlint.xml").contains(brought));
        let quality: Value =
            serde_json::from_str(&read("gl-code-quality-report.json")).expect("the report is JSON");
        let mut names: Vec<_> = quality
            .as_array()
            .expect("a list")
            .iter()
            .map(|found| found["check_name"].as_str().expect("a name"))
            .collect();
        names.dedup();
        names.sort_unstable();
        assert_eq!(names, [brought, old]);
    }
}
