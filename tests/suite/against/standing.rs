//! Which repository is asked: that of the working tree in which the user stands, whatever a change puts below it.

use std::fs;
use std::path::Path;

use crate::command_line::Scratch;

use super::RANGE;
use super::repository::{
    RANGES, REVERSED, alone, check, check_in, commit, done, git, has_git, said,
};

/// A repository with a sound site, whose branch `change` breaks it.
fn broken(name: &str) -> Option<Scratch> {
    if !has_git() {
        return None;
    }
    let scratch = Scratch::new(name);
    done(scratch.path(), &["init", "--quiet"]);
    scratch.write("site/ml2_conf.ini", RANGES);
    commit(scratch.path(), "Describe the site");
    done(scratch.path(), &["checkout", "--quiet", "-b", "change"]);
    scratch.write("site/ml2_conf.ini", REVERSED);
    commit(scratch.path(), "Break it");
    Some(scratch)
}

/// The findings that the change brings to `site`, by their lints, and the exit code.
fn brought(directory: &Path, arguments: &[&str]) -> (Vec<String>, i32) {
    let (found, code) = check(directory, arguments);
    let brought = found.into_iter().filter(|row| row[1] == "introduced");
    (brought.map(|[lint, ..]| lint).collect(), code)
}

fn refused_gate() -> (Vec<String>, i32) {
    (vec![RANGE.to_owned()], 1)
}

/// Puts files that look like a repository into a directory: its main has the defect, and its settings a command.
fn hide(site: &Scratch, directory: &str, told: &Path) {
    let fake = Scratch::new(&format!(
        "{}-fake",
        site.path().file_name().expect("it has a name").display()
    ));
    done(fake.path(), &["init", "--quiet"]);
    fake.write("ml2_conf.ini", REVERSED);
    commit(fake.path(), "Have the defect before");
    let to = site.path().join(directory);
    for name in ["objects", "refs", "HEAD"] {
        let from = fake.path().join(".git").join(name);
        let copied = alone("cp", fake.path())
            .arg("-r")
            .arg(from)
            .arg(&to)
            .status();
        assert!(copied.is_ok_and(|status| status.success()));
    }
    let told = told.display();
    site.write(
        &format!("{directory}/config"),
        format!(
            "[core]\n\trepositoryformatversion = 1\n\tbare = false\n\tworktree = .\n\tfsmonitor = touch {told}\n\tpager = touch {told}\n\
             [extensions]\n\tpartialClone = origin\n\
             [remote \"origin\"]\n\turl = .\n\tpromisor = true\n\tuploadpack = touch {told}; false\n\
             [protocol]\n\tallow = always\n"
        ),
    );
    done(site.path(), &["add", "--all", "--force"]);
    done(
        site.path(),
        &["commit", "--quiet", "--message", "Hide a repository"],
    );
}

#[cfg(unix)]
#[test]
fn files_that_look_like_a_repository_are_none() {
    let Some(site) = broken("standing-hidden") else {
        return;
    };
    let told = site.path().join("told");
    hide(&site, "site", &told);
    let base = said(&git(site.path(), &["rev-parse", "main"]));
    for revision in ["main", base.trim(), "main...", "HEAD~2"] {
        let arguments = ["--against", revision, "site"];
        assert_eq!(
            brought(site.path(), &arguments),
            refused_gate(),
            "{revision}"
        );
        // Where the user stands in the directory itself.
        let inside = site.path().join("site");
        assert_eq!(
            brought(&inside, &["--against", revision]),
            refused_gate(),
            "{revision}"
        );
    }
    assert!(!told.exists(), "a command of the change was run");
}

#[cfg(unix)]
#[test]
fn a_git_that_is_too_old_for_what_it_is_told_fetches_nothing_either() {
    use std::os::unix::fs::PermissionsExt;

    let Some(site) = broken("standing-old") else {
        return;
    };
    // A partial clone of one's own lacks what was before, and its remote runs a command.
    let clone = Scratch::new("standing-old-clone");
    done(site.path(), &["config", "uploadpack.allowFilter", "true"]);
    let url = format!("file://{}", site.path().display());
    done(
        clone.path(),
        &[
            "clone",
            "--quiet",
            "--filter=blob:none",
            "--branch=change",
            &url,
            "site",
        ],
    );
    let repository = clone.path().join("site");
    let told = clone.path().join("told");
    let command = format!("touch {}; git-upload-pack", told.display());
    done(
        &repository,
        &["config", "remote.origin.uploadpack", &command],
    );
    clone.write(
        "bin/git",
        "#!/bin/sh\nunset GIT_NO_LAZY_FETCH GIT_NO_REPLACE_OBJECTS\nPATH=${PATH#*:} exec git \"$@\"\n",
    );
    let old = clone.path().join("bin/git");
    fs::set_permissions(old, fs::Permissions::from_mode(0o755)).expect("it is ours");
    let path = std::env::var("PATH").expect("git was found in it");
    let output = check_in(&repository, &["--against", "HEAD~1", "site"], |command| {
        command.env("PATH", format!("{}/bin:{path}", clone.path().display()));
    });
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(
        said(&output).contains("git fetch --refetch"),
        "{}",
        said(&output)
    );
    assert!(!told.exists(), "something was fetched");
}

#[test]
fn replaced_objects_are_not_read() {
    let Some(site) = broken("standing-replaced") else {
        return;
    };
    done(site.path(), &["replace", "main", "change"]);
    assert_eq!(
        brought(site.path(), &["--against", "main", "site"]),
        refused_gate()
    );
}

#[cfg(unix)]
#[test]
fn a_link_in_the_place_of_the_path_is_compared_with_what_was_there() {
    let Some(site) = broken("standing-link") else {
        return;
    };
    // The defect lay elsewhere before, where it harmed nobody; the change leads the site there.
    done(site.path(), &["checkout", "--quiet", "main"]);
    site.write("examples/ml2_conf.ini", REVERSED);
    commit(site.path(), "Give a bad example");
    fs::remove_dir_all(site.path().join("site")).expect("it is ours");
    let link = |target: &str, name: &str| {
        std::os::unix::fs::symlink(target, site.path().join(name)).expect("links can be made");
    };
    link("examples", "site");
    assert_eq!(
        brought(site.path(), &["--against", "main", "site"]),
        refused_gate()
    );
    // What was a link before and is the same now brings nothing.
    link("site", "alias");
    commit(site.path(), "Lead the site to the example");
    assert_eq!(
        brought(site.path(), &["--against", "HEAD", "site"]),
        (vec![], 0)
    );
    assert_eq!(
        brought(site.path(), &["--against", "HEAD", "alias"]),
        (vec![], 0)
    );
    assert_eq!(
        brought(site.path(), &["--against", "HEAD~1", "site"]),
        refused_gate()
    );
}

#[test]
fn a_submodule_in_the_place_of_the_path_answers_for_nothing() {
    let Some(site) = broken("standing-submodule") else {
        return;
    };
    let module = Scratch::new("standing-submodule-module");
    done(module.path(), &["init", "--quiet"]);
    module.write("ml2_conf.ini", REVERSED);
    commit(module.path(), "Have the defect before");
    done(site.path(), &["rm", "--quiet", "-r", "site"]);
    let url = format!("file://{}", module.path().display());
    done(site.path(), &["submodule", "--quiet", "add", &url, "site"]);
    commit(site.path(), "Put a submodule there");
    assert_eq!(
        brought(site.path(), &["--against", "main", "site"]),
        refused_gate()
    );
    // Its own history is asked where the user stands in it; of what it was before, the outer one knows the commit.
    assert_eq!(
        brought(&site.path().join("site"), &["--against", "HEAD"]),
        (vec![], 0)
    );
    assert_eq!(
        brought(site.path(), &["--against", "HEAD", "site"]),
        (vec![], 0)
    );
}

#[test]
fn a_repository_elsewhere_is_asked_where_its_path_is_named() {
    let (Some(site), Some(other)) = (broken("standing-here"), broken("standing-there")) else {
        return;
    };
    let there = other.path().join("site");
    let there = there.to_str().expect("the path is text");
    assert_eq!(
        brought(site.path(), &["--against", "main", there]),
        refused_gate()
    );
    let nowhere = Scratch::new("standing-nowhere");
    assert_eq!(
        brought(nowhere.path(), &["--against", "main", there]),
        refused_gate()
    );
    let output = check_in(site.path(), &["--against", "main", "site", there], |_| {});
    assert_eq!(output.status.code(), Some(2));
    assert!(
        said(&output).contains("in another repository"),
        "{}",
        said(&output)
    );
    // One that lies in the working tree is part of it.
    let inner = format!("file://{}", other.path().display());
    done(
        site.path(),
        &["clone", "--quiet", "--branch=change", &inner, "inner"],
    );
    assert_eq!(
        brought(site.path(), &["--against", "HEAD", "inner/site"]),
        refused_gate()
    );
    let inside = site.path().join("inner");
    assert_eq!(
        brought(&inside, &["--against", "HEAD", "site"]),
        (vec![], 0)
    );
}

/// Each level names two submodules, and links stand in their places now: both lead to the repository itself.
#[cfg(unix)]
#[test]
fn links_in_the_place_of_submodules_are_not_followed() {
    use std::os::unix::fs::PermissionsExt;

    if !has_git() {
        return;
    }
    let site = Scratch::new("standing-bomb");
    let path = site.path();
    done(path, &["init", "--quiet"]);
    site.write("ml2_conf.ini", RANGES);
    commit(path, "Describe the site");
    // As many as would be 2^40 repositories.
    for _ in 0..40 {
        let head = said(&git(path, &["rev-parse", "HEAD"]));
        let gitlink = |name: &str| format!("160000,{},{name}", head.trim());
        let (a, b) = (gitlink("a"), gitlink("b"));
        done(
            path,
            &[
                "update-index",
                "--add",
                "--cacheinfo",
                &a,
                "--cacheinfo",
                &b,
            ],
        );
        done(path, &["commit", "--quiet", "--message", "Nest"]);
    }
    done(path, &["rm", "--quiet", "--cached", "a", "b"]);
    for name in ["a", "b"] {
        // The directories that stand for what is not checked out.
        let _ = fs::remove_dir(path.join(name));
        std::os::unix::fs::symlink(".", path.join(name)).expect("links can be made");
    }
    commit(path, "Lead back");
    let log = Scratch::new("standing-bomb-log");
    log.write(
        "bin/git",
        format!(
            "#!/bin/sh\necho >>{}\nPATH=${{PATH#*:}} exec git \"$@\"\n",
            log.path().join("started").display()
        ),
    );
    let counting = log.path().join("bin/git");
    fs::set_permissions(counting, fs::Permissions::from_mode(0o755)).expect("it is ours");
    let search = std::env::var("PATH").expect("git was found in it");
    let output = check_in(path, &["--against", "HEAD~1"], |command| {
        command.env("PATH", format!("{}/bin:{search}", log.path().display()));
    });
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let started = fs::read_to_string(log.path().join("started")).expect("git was started");
    // The top, the commit, the list and the objects.
    assert!(started.lines().count() <= 6, "{started:?}");
}
