//! An archive as the site before, as tar and git make them.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use crate::command_line::Scratch;

use super::repository::{
    Found, RANGES, REVERSED, check, check_in, commit, done, has_git, rows, said, site,
};
use super::{RANGE, SECURE};

/// Whether tar and gzip are there; where they are not, the test says so and is over.
pub fn has_tar() -> bool {
    let is_there = |program: &str| Command::new(program).arg("--version").output().is_ok();
    let found = is_there("tar") && is_there("gzip");
    assert!(
        found || std::env::var_os("OVNLINT_LIVE").is_none(),
        "tar or gzip is missing"
    );
    if !found {
        let _ = writeln!(
            std::io::stderr(),
            "tar or gzip is missing: their tests are skipped"
        );
    }
    found
}

pub fn tar(directory: &Path, arguments: &[&str]) {
    let output = Command::new("tar")
        .current_dir(directory)
        .args(arguments)
        .output();
    let output = output.expect("tar is installed");
    assert!(output.status.success(), "{arguments:?}: {}", said(&output));
}

/// A site in `site/`, with a defect before and another after: what stands in both is aligned.
fn changed(name: &str) -> Scratch {
    let scratch = Scratch::new(name);
    scratch
        .write("site/ml2_conf.ini", REVERSED)
        .write("site/notes.txt", "Three nodes.\n")
        .write("site/os-a/openvswitch_agent.ini", "[ovs]\n");
    scratch
}

/// What putting the ranges right resolves, in `file`.
fn resolved(file: &str) -> Found {
    let subject = "ml2_type_geneve/vni_ranges/100:1";
    (rows(&[[RANGE, "resolved", subject, file]]), 0)
}

fn found(directory: &Path, archive: &str, path: &str) -> Found {
    let (mut found, code) = check(directory, &["--against", archive, path]);
    for row in &mut found {
        // The configuration's own name goes before it.
        if let Some(at) = row[2].find("ml2_type_geneve") {
            row[2].drain(..at);
        }
    }
    (found, code)
}

#[test]
fn an_archive_stands_for_the_directory_that_it_was_made_of() {
    if !has_tar() {
        return;
    }
    let scratch = changed("archive-forms");
    let at = scratch.path();
    let whole = at.to_str().expect("the path is text");
    tar(at, &["cf", "above.tar", "site"]);
    tar(at, &["czf", "above.tgz", "site/"]);
    tar(at, &["-C", "site", "-cf", "inside.tar", "."]);
    tar(at, &["-C", "site", "-czf", "names", "ml2_conf.ini", "os-a"]);
    tar(at, &["-Pcf", "absolute.tar", &format!("{whole}/site")]);
    tar(at, &["--format=posix", "-cf", "posix.tar", "site"]);
    tar(at, &["--format=ustar", "-cf", "ustar.tar", "site"]);
    tar(at, &["--format=v7", "-cf", "v7.tar", "site"]);
    tar(
        at,
        &["--transform=s,^site,site-1.0,", "-cf", "prefix.tar", "site"],
    );
    scratch.write("site/ml2_conf.ini", RANGES);
    for name in ["above.tar", "above.tgz", "posix.tar", "ustar.tar", "v7.tar"] {
        let file = format!("{name}:site/ml2_conf.ini");
        assert_eq!(found(at, name, "site"), resolved(&file), "{name}");
        assert_eq!(found(at, name, "."), resolved(&file), "{name}");
    }
    for name in ["inside.tar", "names"] {
        let file = format!("{name}:ml2_conf.ini");
        assert_eq!(found(at, name, "site/"), resolved(&file), "{name}");
        let name = format!("../{name}");
        let file = format!("{name}:ml2_conf.ini");
        assert_eq!(found(&at.join("site"), &name, "."), resolved(&file));
    }
    let file = "prefix.tar:site-1.0/ml2_conf.ini";
    assert_eq!(found(at, "./prefix.tar", "site"), resolved(file));
    let file = format!(
        "absolute.tar:{}/site/ml2_conf.ini",
        whole.trim_start_matches('/')
    );
    assert_eq!(found(at, "absolute.tar", "site"), resolved(&file));
    assert_eq!(fs::read_dir(at).expect("it is there").count(), 10);
}

/// The directory has that name in the archive, and less in common with PATH than the site around it.
#[test]
fn the_site_around_a_site_does_not_stand_for_it() {
    if !has_tar() {
        return;
    }
    let scratch = Scratch::new("archive-around");
    scratch
        .write("repo/topology.toml", "[nodes.a]\n")
        .write("repo/etc/neutron.conf", "[DEFAULT]\ncore_plugin = ml2\n")
        .write("repo/etc/ml2_conf.ini", REVERSED)
        .write("repo/lab/topology.toml", "[nodes.b]\n");
    let repository = scratch.path().join("repo");
    tar(&repository, &["-cf", "../before.tar", "."]);
    for file in ["neutron.conf", "ml2_conf.ini"] {
        let text = fs::read_to_string(repository.join("etc").join(file)).expect("it is there");
        scratch.write(&format!("repo/lab/etc/{file}"), text);
    }
    let (found, code) = found(&repository, "../before.tar", "lab");
    assert_eq!(
        (&found[0][0][..], &found[0][1][..], code),
        (RANGE, "introduced", 1)
    );
}

#[test]
fn git_archive_tells_the_same_as_the_revision() {
    if !has_git() {
        return;
    }
    let site = site("archive-git");
    commit(site.path(), "Describe the site");
    let at = site.path();
    done(at, &["archive", "-o", "../archive-git.tar", "HEAD"]);
    done(
        at,
        &[
            "archive",
            "--prefix=site-1.0/",
            "-o",
            "../archive-git.tar.gz",
            "HEAD",
        ],
    );
    super::secure(&site, "os-b");
    site.write("ml2_conf.ini", RANGES);
    let as_of = |name: &str, prefix: &str| {
        let (mut found, code) = check(at, &["--against", name]);
        for row in &mut found {
            row[3] = row[3].replace(&format!("{name}:{prefix}"), "HEAD:");
        }
        (found, code)
    };
    let expected = check(at, &["--against", "HEAD"]);
    assert!(
        expected
            .0
            .iter()
            .any(|row| row[0] == SECURE && row[1] == "introduced")
    );
    assert!(
        expected
            .0
            .iter()
            .any(|row| row[0] == RANGE && row[1] == "resolved")
    );
    assert_eq!(as_of("../archive-git.tar", ""), expected);
    assert_eq!(as_of("../archive-git.tar.gz", "site-1.0/"), expected);
    // Below the top of what was archived.
    let (found, _) = check(at, &["--against", "../archive-git.tar", "os-b"]);
    assert!(
        found
            .iter()
            .any(|row| row[0] == SECURE && row[1] == "introduced"),
        "{found:?}"
    );
    for name in ["../archive-git.tar", "../archive-git.tar.gz"] {
        fs::remove_file(at.join(name)).expect("it was made");
    }
}

#[cfg(unix)]
#[test]
fn links_long_names_and_what_was_added_later_are_as_tar_unpacks_them() {
    if !has_tar() {
        return;
    }
    let scratch = changed("archive-links");
    let at = scratch.path();
    let long = format!("site/{}/{}", "d".repeat(120), "e".repeat(120));
    scratch.write(&format!("{long}/ml2_conf.ini"), REVERSED);
    let link = |target: &str, name: &str| {
        std::os::unix::fs::symlink(target, at.join(name)).expect("links can be made");
    };
    link("ml2_conf.ini", "site/neutron.conf");
    link("/etc/hosts", "site/l3_agent.ini");
    link("../outside", "site/metadata_agent.ini");
    link("nothing", "site/dhcp_agent.ini");
    fs::create_dir(at.join("site/os-b")).expect("it can be made");
    fs::hard_link(
        at.join("site/ml2_conf.ini"),
        at.join("site/os-b/ml2_conf.ini"),
    )
    .expect("links can be made");
    for format in ["--format=gnu", "--format=posix"] {
        tar(at, &[format, "-cf", "all.tar", "site"]);
        let (all, _) = check(at, &["--against", "all.tar", "site", "--all"]);
        // Nothing differs, and what cannot be read cannot be read in either.
        assert!(
            all.iter().all(|row| row[1] == "present"),
            "{format}: {all:?}"
        );
        let of = |lint: &str| all.iter().filter(|row| row[0] == lint).count();
        assert_eq!(
            (of(RANGE), of("file_unreadable")),
            (3, 3),
            "{format}: {all:?}"
        );
    }
    // The last of several members with one name is the one that counts.
    scratch.write("site/ml2_conf.ini", RANGES);
    fs::remove_file(at.join("site/os-b/ml2_conf.ini")).expect("it was made");
    tar(at, &["-rf", "all.tar", "site/ml2_conf.ini"]);
    let (found, _) = check(at, &["--against", "all.tar", "site"]);
    let files: Vec<&str> = found.iter().map(|row| &row[3][..]).collect();
    assert_eq!(files, ["all.tar:site/os-b/ml2_conf.ini"], "{found:?}");
}

#[test]
fn compressed_archives_are_read_to_their_checksum_and_no_further_than_their_limit() {
    if !has_tar() {
        return;
    }
    let scratch = changed("archive-gzip");
    let at = scratch.path();
    tar(at, &["czf", "whole.tgz", "site"]);
    let whole = fs::read(at.join("whole.tgz")).expect("it was made");
    let refused = |name: &str, path: &str, expected: &str| {
        let output = check_in(at, &["--against", name, path], |_| {});
        let said = said(&output);
        assert_eq!(output.status.code(), Some(2), "{name}: {said}");
        assert!(said.contains(expected), "{name}: {said}");
    };
    for cut in [1, 4, 9, whole.len() / 2] {
        scratch.write("cut.tgz", &whole[..whole.len() - cut]);
        refused("./cut.tgz", "site", "read whole");
    }
    let mut wrong = whole.clone();
    let sum = wrong.len() - 8;
    wrong[sum] ^= 1;
    scratch.write("wrong.tgz", wrong);
    refused("./wrong.tgz", "site", "read whole");
    scratch.write("text.gz", [31, 139, 8, 0, 0, 0]);
    refused("./text.gz", "site", "but no tar archive");
    scratch.write("site.tar.xz", b"\xfd7zXZ\0\0\0");
    refused(
        "./site.tar.xz",
        "site",
        "compressed with xz, which is not read",
    );
    refused(
        "./whole.tgz",
        "site/ml2_conf.ini",
        "an archive stands for a directory",
    );
    scratch.write("other/l3_agent.ini", "[DEFAULT]\n");
    refused("./whole.tgz", "other", "tar -C DIRECTORY -cf");
}
