//! `ovnlint check --against`: what a commit brings, in a repository that the test makes.

mod archives;
#[cfg(unix)]
mod copies;
mod hostile;
pub mod repository;
mod standing;

use std::fs;

use crate::command_line::Scratch;

use repository::{
    RANGES, REVERSED, check, check_in, commit, done, found, git, has_git, history, of_state, rows,
    said, secure, site,
};

const SECURE: &str = "provider_bridge_secure";
const RANGE: &str = "tunnel_range_invalid";

#[test]
fn each_commit_is_answered_for_by_what_it_brought() {
    if !has_git() {
        return;
    }
    let site = history("against-history");
    let at = |revision: &str| {
        done(site.path(), &["checkout", "--quiet", revision]);
        of_state(check(site.path(), &["--against", "HEAD~1"]))
    };
    // The commit before had the same defects.
    assert_eq!(at("main~3"), (vec![], 0));
    let introduced = [[SECURE, "introduced", "os-b/br-ex", "os-b/show.txt"]];
    assert_eq!(at("main~2"), (rows(&introduced), 1));
    let (found, code) = at("main~1");
    assert_eq!(code, 0);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0][0], RANGE);
    assert_eq!(found[0][1], "resolved");
    assert_eq!(found[0][3], "HEAD~1:ml2_conf.ini");
    let resolved = [[SECURE, "resolved", "os-b/br-ex", "HEAD~1:os-b/show.txt"]];
    assert_eq!(at("main"), (rows(&resolved), 0));
    // The parent of the first commit is empty: all of it is new.
    let (found, code) = at("main~4");
    assert_eq!(
        (&found[0][0][..], &found[0][1][..], code),
        (RANGE, "introduced", 1)
    );
}

#[test]
fn what_was_there_before_counts_when_all_is_asked_for() {
    if !has_git() {
        return;
    }
    let site = history("against-all");
    done(site.path(), &["checkout", "--quiet", "main~2"]);
    let (found, code) = of_state(check(site.path(), &["--against", "HEAD~1", "--all"]));
    let statuses: Vec<_> = found.iter().map(|row| (&row[0][..], &row[1][..])).collect();
    assert_eq!(statuses, [(RANGE, "present"), (SECURE, "introduced")]);
    assert_eq!(code, 1);
    let output = check_in(site.path(), &["--against", "HEAD~1"], |_| {});
    let text = said(&output);
    assert!(
        text.contains("error[provider_bridge_secure] (new): "),
        "{text}"
    );
    assert!(!text.contains(RANGE), "{text}");
}

#[test]
fn the_tree_that_is_not_committed_is_what_is_checked() {
    if !has_git() {
        return;
    }
    let site = site("against-first");
    // Nothing was committed: before is empty.
    let (found, code) = check(site.path(), &["--against", "HEAD"]);
    assert_eq!(
        (&found[0][0][..], &found[0][1][..], code),
        (RANGE, "introduced", 1)
    );
    commit(site.path(), "Describe the site");
    assert_eq!(check(site.path(), &["--against", "HEAD"]), (vec![], 0));
    secure(&site, "os-c");
    let introduced = [[SECURE, "introduced", "os-c/br-ex", "os-c/show.txt"]];
    let (found, code) = of_state(check(site.path(), &["--against", "HEAD"]));
    assert_eq!((found, code), (rows(&introduced), 1));
    // Below the top, and with PATH in front of what is shown.
    done(site.path(), &["checkout", "--quiet", "--", "."]);
    fs::remove_file(site.path().join("ml2_conf.ini")).expect("it is there");
    let (found, _) = check(&site.path().join("os-a"), &["--against", "HEAD", ".."]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(
        found[0][1..],
        ["resolved", found[0][2].as_str(), "HEAD:ml2_conf.ini"]
    );
}

/// A commit that silences brings nothing, one that takes that away does, and what silenced nothing counts as any other.
#[test]
fn a_comment_that_comes_or_goes_is_a_change() {
    if !has_git() {
        return;
    }
    let site = site("against-allowed");
    let allowed = format!("# ovnlint: allow({RANGE}): it is read by nobody\n");
    let section = "[ml2_type_geneve]\n";
    let reversed = REVERSED.strip_prefix(section).expect("it starts with it");
    commit(site.path(), "Describe the site");
    site.write("ml2_conf.ini", format!("{section}{allowed}{reversed}"));
    assert_eq!(check(site.path(), &["--against", "HEAD"]), (vec![], 0));
    assert_eq!(check(site.path(), &[]), (vec![], 0));
    commit(site.path(), "Allow the range");
    site.write("ml2_conf.ini", REVERSED);
    let (found, code) = of_state(check(site.path(), &["--against", "HEAD"]));
    assert_eq!(
        (&found[0][..2], code),
        (&[RANGE.to_owned(), "introduced".to_owned()][..], 1)
    );
    // The range is put right, and the comment stays.
    site.write(
        "ml2_conf.ini",
        format!("{section}{allowed}vni_ranges = 1:100\n"),
    );
    let (found, code) = of_state(check(site.path(), &["--against", "HEAD"]));
    let subject = format!("ml2_conf.ini: allow({RANGE})");
    let unused = [["allow_unused", "introduced", &subject, "ml2_conf.ini"]];
    assert_eq!((found, code), (rows(&unused), 0));
}

#[test]
fn a_merge_base_leaves_out_what_others_did() {
    if !has_git() {
        return;
    }
    let site = site("against-base");
    commit(site.path(), "Describe the site");
    done(site.path(), &["checkout", "--quiet", "-b", "topic"]);
    secure(&site, "os-a");
    commit(site.path(), "Secure os-a");
    done(site.path(), &["checkout", "--quiet", "main"]);
    site.write("ml2_conf.ini", RANGES);
    commit(site.path(), "Put the ranges right");
    done(site.path(), &["checkout", "--quiet", "topic"]);
    let introduced = [[SECURE, "introduced", "os-a/br-ex", "os-a/show.txt"]];
    let (found, code) = of_state(check(site.path(), &["--against", "main..."]));
    assert_eq!((found, code), (rows(&introduced), 1));
    // Compared with main itself, the topic brings back what main put right.
    let (found, _) = of_state(check(site.path(), &["--against", "main"]));
    assert_eq!(found.len(), 2, "{found:?}");
    let output = check_in(site.path(), &["--against", "main..topic"], |_| {});
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("is a range"), "{}", said(&output));
}

#[test]
fn a_revision_that_is_not_here_is_told_with_what_to_fetch() {
    if !has_git() {
        return;
    }
    let site = history("against-shallow");
    let clone = Scratch::new("against-shallow-clone");
    let url = format!("file://{}", site.path().display());
    done(
        clone.path(),
        &["clone", "--quiet", "--depth", "1", &url, "site"],
    );
    let shallow = clone.path().join("site");
    for revision in ["HEAD~1", "v1.0", "v1.0..."] {
        let output = check_in(&shallow, &["--against", revision], |_| {});
        assert_eq!(output.status.code(), Some(2), "{revision}");
        let said = said(&output);
        for part in ["is shallow", "git fetch --deepen=1", "fetch-depth: 0"] {
            assert!(said.contains(part), "{revision}: {said}");
        }
        assert_eq!(said.lines().count(), 1, "{said}");
    }
    assert_eq!(check(&shallow, &["--against", "HEAD"]), (vec![], 0));
    done(&shallow, &["fetch", "--quiet", "--deepen=1"]);
    let (found, code) = of_state(check(&shallow, &["--against", "HEAD~1"]));
    assert_eq!((found.len(), code), (1, 0), "{found:?}");
    let output = check_in(site.path(), &["--against", "orgin/main"], |_| {});
    assert_eq!(output.status.code(), Some(2));
    assert!(
        said(&output).contains("orgin/main is not here"),
        "{}",
        said(&output)
    );
    let output = check_in(site.path(), &["--against=--help"], |_| {});
    assert_eq!(output.status.code(), Some(2));
    assert!(
        said(&output).contains("is no revision"),
        "{}",
        said(&output)
    );
}

#[test]
fn a_partial_clone_fetches_nothing() {
    if !has_git() {
        return;
    }
    let site = history("against-partial");
    done(site.path(), &["config", "uploadpack.allowFilter", "true"]);
    let clone = Scratch::new("against-partial-clone");
    let url = format!("file://{}", site.path().display());
    let filter = ["clone", "--quiet", "--filter=blob:none", &url, "site"];
    done(clone.path(), &filter);
    let output = check_in(&clone.path().join("site"), &["--against", "HEAD~1"], |_| {});
    let said = said(&output);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("git fetch --refetch"), "{said}");
}

#[test]
fn hooks_and_further_working_trees_find_their_own_repository() {
    if !has_git() {
        return;
    }
    let site = history("against-worktree");
    let apart = Scratch::new("against-worktree-apart");
    let tree = apart.path().join("tree");
    let path = tree.to_str().expect("the path is text");
    done(
        site.path(),
        &["worktree", "add", "--quiet", "--detach", path, "main~2"],
    );
    let introduced = [[SECURE, "introduced", "os-b/br-ex", "os-b/show.txt"]];
    let expected = (rows(&introduced), 1);
    assert_eq!(of_state(check(&tree, &["--against", "HEAD~1"])), expected);
    // As git sets them for a hook in another repository.
    let output = check_in(
        &tree,
        &["--format", "json", "--against", "HEAD~1"],
        |command| {
            let other = site.path().join(".git");
            command.env("GIT_INDEX_FILE", other.join("index"));
            command.env("GIT_DIR", other).env("GIT_PREFIX", "os-a/");
        },
    );
    assert_eq!(of_state(found(&output)), expected);
    // A working tree apart from its repository is named by the environment alone.
    let bare = Scratch::new("against-worktree-bare");
    fs::rename(site.path().join(".git"), bare.path().join("site.git")).expect("it can be moved");
    secure(&site, "os-a");
    let output = check_in(
        site.path(),
        &["--format", "json", "--against", "HEAD"],
        |command| {
            command.env("GIT_DIR", bare.path().join("site.git"));
            command.env("GIT_WORK_TREE", site.path());
        },
    );
    let introduced = [[SECURE, "introduced", "os-a/br-ex", "os-a/show.txt"]];
    assert_eq!(of_state(found(&output)), (rows(&introduced), 1));
    let output = check_in(site.path(), &["--against", "HEAD"], |_| {});
    assert_eq!(output.status.code(), Some(2));
    assert!(
        said(&output).contains("not a git repository"),
        "{}",
        said(&output)
    );
}

/// What a checkout would show as a link is one, and nothing is written where the objects are read.
#[cfg(unix)]
#[test]
fn links_and_submodules_are_what_they_are_in_a_checkout() {
    if !has_git() {
        return;
    }
    let site = site("against-links");
    site.write("ml2_conf.ini", RANGES)
        .write("real/neutron.conf", "[DEFAULT]\n");
    let link = |target: &str, name: &str| {
        std::os::unix::fs::symlink(target, site.path().join(name)).expect("links can be made");
    };
    link("real", "alias");
    link("alias/neutron.conf", "neutron.conf");
    link("/etc/hosts", "l3_agent.ini");
    link("nothing", "dhcp_agent.ini");
    let module = Scratch::new("against-links-module");
    done(module.path(), &["init", "--quiet"]);
    module.write("ml2_conf.ini", REVERSED);
    commit(module.path(), "Configure");
    let url = format!("file://{}", module.path().display());
    done(
        site.path(),
        &["submodule", "--quiet", "add", &url, "module"],
    );
    commit(site.path(), "Describe the site");
    let (all, code) = check(site.path(), &["--against", "HEAD", "--all"]);
    let names: Vec<_> = all
        .iter()
        .map(|row| (&row[0][..], &row[1][..], &row[3][..]))
        .collect();
    let expected = [
        ("file_unreadable", "present", "dhcp_agent.ini"),
        ("file_unreadable", "present", "l3_agent.ini"),
        (RANGE, "present", "module/ml2_conf.ini"),
    ];
    assert_eq!((names, code), (expected.to_vec(), 1));
}

#[cfg(unix)]
#[test]
fn a_hook_blocks_what_brings_a_finding_and_lets_the_rest_pass() {
    use std::os::unix::fs::PermissionsExt;

    if !has_git() {
        return;
    }
    let site = site("against-hook");
    commit(site.path(), "Describe the site");
    let hook = format!(
        "#!/bin/sh\nexec '{}' check --against HEAD\n",
        env!("CARGO_BIN_EXE_ovnlint")
    );
    site.write(".git/hooks/pre-commit", hook);
    let path = site.path().join(".git/hooks/pre-commit");
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("it is ours");
    site.write("notes.txt", "Three nodes.\n");
    commit(site.path(), "Note what it is");
    secure(&site, "os-b");
    let output = git(
        site.path(),
        &["commit", "--all", "--message", "Secure os-b"],
    );
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(
        said(&output).contains("error[provider_bridge_secure] (new)"),
        "{}",
        said(&output)
    );
}

#[test]
fn a_directory_stands_for_the_site_before() {
    let scratch = Scratch::new("against-directory");
    scratch
        .write("old/ml2_conf.ini", REVERSED)
        .write("new/ml2_conf.ini", "[ml2_type_vxlan]\nvni_ranges = 100:1\n");
    let (found, code) = check(scratch.path(), &["--against", "old", "new"]);
    let names: Vec<_> = found.iter().map(|row| (&row[1][..], &row[3][..])).collect();
    let expected = [
        ("introduced", "new/ml2_conf.ini"),
        ("resolved", "old/ml2_conf.ini"),
    ];
    assert_eq!((names, code), (expected.to_vec(), 1));
    assert_eq!(
        check(scratch.path(), &["--against", "./old", "old"]),
        (vec![], 0)
    );
    let files = ["--against", "old/ml2_conf.ini", "new/ml2_conf.ini"];
    assert_eq!(check(scratch.path(), &files).0.len(), 2);
    scratch.write("old.tar", "");
    for (before, after, part) in [
        ("old.tar", "new", "no tar archive"),
        ("./none", "new", "none: "),
        ("none", "new", "none is not here"),
    ] {
        let output = check_in(scratch.path(), &["--against", before, after], |_| {});
        assert_eq!(output.status.code(), Some(2), "{before}");
        let said = said(&output);
        assert!(
            said.contains(part) || said.contains("not a git repository"),
            "{said}"
        );
    }
}
