//! What the step compares with: found from the event, and fetched into a shallow clone.

use std::path::Path;
use std::process::Output;

use crate::action::run::{outputs, sarif_lints};
use crate::action::runner::{Runner, has};
use crate::against::repository::{commit, done, git, history, said};
use crate::command_line::Scratch;

fn hash(directory: &Path, revision: &str) -> String {
    said(&git(directory, &["rev-parse", revision]))
        .trim_end()
        .to_owned()
}

/// The repository that is cloned: `secure` ends with the commit that cuts os-b.
fn remote(name: &str) -> Option<Scratch> {
    if !has(&["bash", "git"]) {
        return None;
    }
    let remote = history(name);
    let path = remote.path();
    done(path, &["config", "uploadpack.allowAnySHA1InWant", "true"]);
    done(path, &["branch", "secure", "HEAD~2"]);
    Some(remote)
}

/// Clones the last commit of a branch.
fn shallow(runner: &Runner, remote: &Scratch, branch: &str) {
    let url = format!("file://{}", remote.path().display());
    let clone = runner.path("clone");
    let clone = clone.to_str().expect("it is a text");
    let arguments = [
        "clone",
        "--quiet",
        "--depth=1",
        "--branch",
        branch,
        &url,
        clone,
    ];
    done(remote.path(), &arguments);
}

fn base(runner: &Runner, inputs: &[(&str, &str)]) -> Output {
    let script = runner.path("clone");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    runner
        .command("bash")
        .arg(root.join(".github/action/base.sh"))
        .arg(script)
        .envs(inputs.iter().copied())
        .output()
        .expect("bash is there")
}

fn printed(runner: &Runner, inputs: &[(&str, &str)]) -> String {
    let output = base(runner, inputs);
    assert!(output.status.success(), "{}", said(&output));
    String::from_utf8(output.stdout).expect("it is a text")
}

#[test]
fn a_push_is_compared_with_what_was_there_before() {
    let Some(remote) = remote("remote-push") else {
        return;
    };
    let runner = Runner::new("push").with_ovnlint();
    shallow(&runner, &remote, "secure");
    let clone = runner.path("clone");
    let before = hash(remote.path(), "secure~1");
    let missing = git(&clone, &["cat-file", "-e", &before]);
    assert!(!missing.status.success(), "the clone is shallow");
    let inputs = [
        ("GITHUB_EVENT_NAME", "push"),
        ("EVENT_BASE", before.as_str()),
        ("INPUT_ARGS", "--all\n--fail-on=error"),
    ];
    let output = runner.script("run.sh", &clone, &inputs[..2]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    let text = said(&output);
    assert!(text.contains("provider_bridge_secure"), "{text}");
    assert!(!text.contains("tunnel_range_invalid"), "it is old: {text}");
    let (code, sarif) = outputs(&runner);
    assert_eq!(code, "1");
    // Code scanning is told what is old, too.
    let lints = ["provider_bridge_secure", "tunnel_range_invalid"];
    assert_eq!(sarif_lints(&sarif.expect("it was checked")), lints);
    assert!(runner.read("summary").contains("provider_bridge_secure"));
    std::fs::remove_file(runner.path("output")).expect("it was written");
    let all = said(&runner.script("run.sh", &clone, &inputs));
    assert!(all.contains("tunnel_range_invalid"), "{all}");
    assert_eq!(sarif_lints(&outputs(&runner).1.expect(&all)), lints);
}

#[test]
fn a_pull_request_is_compared_with_what_it_is_merged_into() {
    let Some(remote) = remote("remote-pull") else {
        return;
    };
    let path = remote.path();
    let stale = hash(path, "secure~2");
    done(path, &["checkout", "--quiet", "-b", "merge", "secure~1"]);
    remote.write("other.txt", "The base went on.\n");
    commit(path, "Go on");
    let tip = hash(path, "merge");
    let merge = ["merge", "--quiet", "--no-ff", "--no-edit", "secure"];
    done(path, &merge);
    let head = hash(path, "merge");
    let runner = Runner::new("pull");
    shallow(&runner, &remote, "merge");
    let mut inputs = [
        ("GITHUB_EVENT_NAME", "pull_request"),
        ("GITHUB_SHA", head.as_str()),
        ("EVENT_BASE", stale.as_str()),
    ];
    assert_eq!(printed(&runner, &inputs), format!("{tip}\n"));
    let fetched = git(&runner.path("clone"), &["cat-file", "-e", &tip]);
    assert!(fetched.status.success(), "{}", said(&fetched));
    // Where something else than the merge is checked out, the event says it.
    inputs[1].1 = &tip;
    assert_eq!(printed(&runner, &inputs), format!("{stale}\n"));
}

#[test]
fn the_user_says_what_to_compare_with() {
    let Some(remote) = remote("remote-says") else {
        return;
    };
    let runner = Runner::new("says");
    shallow(&runner, &remote, "secure");
    let first = hash(remote.path(), "secure~2");
    let zeros = "0".repeat(40);
    let cases = [
        (zeros.as_str(), "", String::new()),
        ("", "", String::new()),
        (&first, "none", String::new()),
        (&zeros, &first, format!("{first}\n")),
        (&first, "origin/secure...", "origin/secure...\n".to_owned()),
        (&first, "./before $(x)", "./before $(x)\n".to_owned()),
    ];
    for (event, against, expected) in cases {
        let inputs = [("EVENT_BASE", event), ("INPUT_AGAINST", against)];
        assert_eq!(printed(&runner, &inputs), expected, "{inputs:?}");
    }
    let fetched = git(&runner.path("clone"), &["cat-file", "-e", &first]);
    assert!(fetched.status.success(), "{}", said(&fetched));
    for (event, against) in [("", "main\n::error::no"), ("--upload-pack=x", "")] {
        let output = base(
            &runner,
            &[("EVENT_BASE", event), ("INPUT_AGAINST", against)],
        );
        assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    }
}

/// What a pull request puts into the directory that is linted looks like a repository, whose settings have a command.
#[test]
fn no_command_of_a_pull_request_is_run() {
    let Some(remote) = remote("remote-hidden") else {
        return;
    };
    let path = remote.path();
    let before = hash(path, "main");
    let runner = Runner::new("hidden");
    let told = runner.path("told");
    for file in ["HEAD", "objects/x", "refs/x"] {
        remote.write(&format!("site/{file}"), "ref: refs/heads/main\n");
    }
    let settings = format!(
        "[core]\n\trepositoryformatversion = 0\n\tbare = false\n\tworktree = .\n\tfsmonitor = touch {told}\n\
         [remote \"origin\"]\n\turl = .\n\tuploadpack = touch {told}; false\n",
        told = told.display()
    );
    remote.write("site/config", settings);
    done(path, &["checkout", "--quiet", "-b", "hidden"]);
    done(path, &["add", "--all", "--force"]);
    commit(path, "Hide a repository");
    shallow(&runner, &remote, "hidden");
    let clone = runner.path("clone");
    let inputs = [("EVENT_BASE", before.as_str())];
    for (directory, argument) in [(clone.clone(), "site"), (clone.join("site"), ".")] {
        let output = runner
            .command("bash")
            .current_dir(directory)
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join(".github/action/base.sh"))
            .arg(argument)
            .envs(inputs)
            .output()
            .expect("bash is there");
        assert_eq!(said(&output), format!("{before}\n"), "{argument}");
    }
    assert!(!told.exists(), "a command of the pull request was run");
    let fetched = git(&clone, &["cat-file", "-e", &before]);
    assert!(fetched.status.success(), "{}", said(&fetched));
}
