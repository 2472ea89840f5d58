//! What of a tree is read: through links, below too many directories, under names that are no text, and what is left
//! out.

use std::fs;

use serde_json::Value;

use crate::against::repository::{
    RANGES, REVERSED, check, check_in, commit, done, has_git, said, site,
};
use crate::command_line::Scratch;

const RANGE: &str = "tunnel_range_invalid";

/// Lint and first file of each finding, and the exit code.
fn files(scratch: &Scratch, arguments: &[&str]) -> (Vec<[String; 2]>, i32) {
    let (found, code) = check(scratch.path(), arguments);
    let files = found.into_iter().map(|[lint, _, _, file]| [lint, file]);
    (files.collect(), code)
}

fn ranges(files: &[&str]) -> Vec<[String; 2]> {
    let row = |file: &&str| [RANGE.to_owned(), (*file).to_owned()];
    files.iter().map(row).collect()
}

/// The line of a file in `--show-files`.
fn shown(scratch: &Scratch, arguments: &[&str], file: &str) -> String {
    let output = check_in(
        scratch.path(),
        &[&["--show-files"], arguments].concat(),
        |_| {},
    );
    let text = said(&output);
    let line = text
        .lines()
        .find(|line| line.split_whitespace().next() == Some(file));
    line.unwrap_or_else(|| panic!("{file}: {text}")).to_owned()
}

#[cfg(unix)]
mod links {
    use super::*;

    fn link(scratch: &Scratch, target: &str, name: &str) {
        let path = scratch.path().join(name);
        fs::create_dir_all(path.parent().expect("it lies in a directory")).expect("it is ours");
        std::os::unix::fs::symlink(target, path).expect("links can be made");
    }

    /// Links whose targets are not read, or not as what the links are.
    fn linked(name: &str) -> Scratch {
        let scratch = Scratch::new(name);
        scratch
            .write("site/a/real.ini", REVERSED)
            .write("site/b/ml2_conf.ini.bak", REVERSED)
            .write("site/c/target/ml2_conf.ini", REVERSED)
            .write("site/d/dhcp_agent.ini", REVERSED)
            .write("site/e/snippets/10-site.conf", REVERSED)
            .write("site/f/node_modules/neutron/ml2_conf.ini", REVERSED)
            .write("site/g/old/ml2_conf.ini", REVERSED);
        link(&scratch, "real.ini", "site/a/ml2_conf.ini");
        link(&scratch, "ml2_conf.ini.bak", "site/b/ml2_conf.ini");
        link(&scratch, "target/ml2_conf.ini", "site/c/ml2_conf.ini");
        link(&scratch, "dhcp_agent.ini", "site/d/ml2_conf.ini");
        link(&scratch, "snippets", "site/e/ml2_conf.ini.d");
        link(&scratch, "node_modules/neutron", "site/f/neutron");
        link(&scratch, "old/ml2_conf.ini", "site/g/ml2_conf.ini");
        scratch
    }

    const READ: [&str; 7] = [
        "site/a/ml2_conf.ini",
        "site/b/ml2_conf.ini",
        "site/c/ml2_conf.ini",
        "site/d/ml2_conf.ini",
        "site/e/ml2_conf.ini.d/10-site.conf",
        "site/f/neutron/ml2_conf.ini",
        "site/g/ml2_conf.ini",
    ];

    fn of_range((files, code): (Vec<[String; 2]>, i32)) -> (Vec<[String; 2]>, i32) {
        (
            files.into_iter().filter(|row| row[0] == RANGE).collect(),
            code,
        )
    }

    #[test]
    fn a_link_is_read_under_its_name_where_its_target_is_not_read() {
        let scratch = linked("walked-links");
        assert_eq!(of_range(files(&scratch, &["site"])), (ranges(&READ), 1));
        // A file that is read where it lies is read once, and what leads in circles not at all.
        let once = Scratch::new("walked-once");
        once.write("site/common/ml2_conf.ini", REVERSED);
        for (target, name) in [
            ("../common/ml2_conf.ini", "site/a/ml2_conf.ini"),
            ("../common", "site/b/neutron"),
            ("..", "site/c/up"),
            (".", "site/c/here"),
        ] {
            link(&once, target, name);
        }
        assert_eq!(
            files(&once, &["site"]),
            (ranges(&["site/common/ml2_conf.ini"]), 1)
        );
    }

    #[test]
    fn a_revision_and_an_archive_have_the_same_links() {
        if !has_git() {
            return;
        }
        let scratch = linked("walked-links-before");
        done(scratch.path(), &["init", "--quiet"]);
        done(scratch.path(), &["add", "--all", "--force"]);
        commit(scratch.path(), "Describe the site");
        let tar = ["archive", "--output", "before.tar", "HEAD", "site"];
        done(scratch.path(), &tar);
        for before in ["HEAD", "./before.tar", "./site"] {
            let (found, code) = check(scratch.path(), &["--against", before, "site"]);
            assert_eq!((found, code), (vec![], 0), "{before}");
        }
        // Before, all was put right: each of them is new.
        for file in [
            "a/real.ini",
            "b/ml2_conf.ini.bak",
            "d/dhcp_agent.ini",
            "e/snippets/10-site.conf",
        ] {
            scratch.write(&format!("site/{file}"), RANGES);
        }
        for name in ["c/target", "f/node_modules/neutron", "g/old"] {
            scratch.write(&format!("site/{name}/ml2_conf.ini"), RANGES);
        }
        for before in ["HEAD", "./before.tar"] {
            let (found, code) = check(scratch.path(), &["--against", before, "site"]);
            let resolved = found
                .iter()
                .filter(|row| row[0] == RANGE && row[1] == "resolved");
            assert_eq!(
                (resolved.count(), code),
                (READ.len(), 0),
                "{before}: {found:?}"
            );
        }
    }

    #[test]
    fn a_plain_file_that_becomes_a_link_stays_in_the_gate() {
        if !has_git() {
            return;
        }
        let scratch = Scratch::new("walked-becomes");
        done(scratch.path(), &["init", "--quiet"]);
        scratch
            .write("neutron.conf", "[DEFAULT]\ncore_plugin = ml2\n")
            .write("ml2_conf.ini", RANGES);
        commit(scratch.path(), "Describe the site");
        fs::rename(
            scratch.path().join("ml2_conf.ini"),
            scratch.path().join("x"),
        )
        .expect("it is ours");
        scratch.write("x", REVERSED);
        link(&scratch, "x", "ml2_conf.ini");
        assert_eq!(
            files(&scratch, &["--against", "HEAD"]),
            (ranges(&["ml2_conf.ini"]), 1)
        );
        // It is told, and not written: the link would be replaced by a file.
        let output = check_in(scratch.path(), &["--fix"], |_| {});
        assert!(
            said(&output).contains("no file was edited"),
            "{}",
            said(&output)
        );
    }
}

#[test]
fn a_directory_that_lies_too_deep_is_told() {
    let scratch = Scratch::new("walked-deep");
    let deepest = "d/".repeat(64);
    scratch
        .write("site/neutron.conf", "[DEFAULT]\ncore_plugin = ml2\n")
        .write(&format!("site/{deepest}x/ml2_conf.ini"), REVERSED);
    let place = format!("site/{}", deepest.trim_end_matches('/'));
    let told = vec![["file_unreadable".to_owned(), place]];
    assert_eq!(files(&scratch, &["site"]), (told, 1));
    if !has_git() {
        return;
    }
    done(scratch.path(), &["init", "--quiet"]);
    commit(scratch.path(), "Describe the site");
    assert_eq!(
        check(scratch.path(), &["--against", "HEAD", "site"]),
        (vec![], 0)
    );
    // The last that is entered.
    let scratch = Scratch::new("walked-not-deep");
    scratch.write(&format!("site/{}ml2_conf.ini", "d/".repeat(63)), REVERSED);
    assert_eq!(files(&scratch, &["site"]).0.len(), 1);
}

#[cfg(target_os = "linux")]
#[test]
fn names_that_differ_in_bytes_that_are_no_text_stay_different() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    for (first, second) in [(REVERSED, RANGES), (RANGES, REVERSED)] {
        let scratch = Scratch::new("walked-bytes");
        for (name, text) in [(&b"a\xfe"[..], first), (b"a\xff", second)] {
            let directory = scratch.path().join("site").join(OsStr::from_bytes(name));
            fs::create_dir_all(&directory).expect("it is ours");
            fs::write(directory.join("ml2_conf.ini"), text).expect("it is ours");
        }
        let (found, code) = files(&scratch, &["site"]);
        let file = if first == REVERSED {
            "site/a\u{fffd}fe/ml2_conf.ini"
        } else {
            "site/a\u{fffd}ff/ml2_conf.ini"
        };
        assert_eq!((found, code), (ranges(&[file]), 1));
    }
}

#[test]
fn a_database_of_another_program_is_none_and_a_printed_one_is_read() {
    let scratch = Scratch::new("walked-databases");
    let show = "06de2e26-8048-449e-a7d2-d541b7dd0ac0\n    Bridge br-ex\n        fail_mode: standalone\n        Port br-ex\n            Interface br-ex\n                type: internal\n";
    scratch
        .write("other/conf.db", b"SQLite format 3\0\x10\0\x01\x01")
        .write("os-a/conf.db", show)
        .write("os-b/conf.db", "no database at all\n");
    let left = shown(&scratch, &[], "other/conf.db");
    assert!(left.contains("a database of SQLite"), "{left}");
    let read = shown(&scratch, &[], "os-a/conf.db");
    assert!(
        read.contains("state of Open vSwitch, as `show` prints it of os-a"),
        "{read}"
    );
    let (found, code) = files(&scratch, &["."]);
    let damaged = vec![["database_damaged".to_owned(), "os-b/conf.db".to_owned()]];
    assert_eq!((found, code), (damaged, 1));
}

#[test]
fn what_is_excluded_is_left_out_on_both_sides() {
    let scratch = Scratch::new("walked-exclude");
    scratch
        .write(
            "ovnlint.toml",
            "exclude = [\"lab/\", \"*.generated.ini\"]\n",
        )
        .write("site/ml2_conf.ini", RANGES)
        .write("site/lab/ml2_conf.ini", REVERSED)
        .write("site/a/ml2_conf.generated.ini", REVERSED)
        .write("before/ml2_conf.ini", RANGES)
        .write("before/lab/l3_agent.ini", "[DEFAULT\n");
    assert_eq!(check(scratch.path(), &["site"]), (vec![], 0));
    assert_eq!(
        check(scratch.path(), &["--against", "./before", "site"]),
        (vec![], 0)
    );
    let left = shown(&scratch, &["site"], "site/lab");
    assert!(
        left.contains("left out: `exclude` of ovnlint.toml names it"),
        "{left}"
    );
    // What is named is read.
    let (found, code) = files(&scratch, &["site/lab"]);
    assert_eq!((found, code), (ranges(&["site/lab/ml2_conf.ini"]), 1));
    let (found, _) = files(&scratch, &["--no-config", "site"]);
    assert_eq!(found.len(), 2, "{found:?}");
    scratch.write("ovnlint.toml", "exclude = [\"lab/\", \"\"]\n");
    let output = check_in(scratch.path(), &["site"], |_| {});
    assert_eq!(output.status.code(), Some(2));
    assert!(
        said(&output).starts_with("ovnlint: ovnlint.toml:1:20: "),
        "{}",
        said(&output)
    );
}

#[test]
fn what_gitignore_names_is_left_out_unless_git_tracks_it() {
    if !has_git() {
        return;
    }
    let scratch = site("walked-ignore");
    scratch
        .write("ml2_conf.ini", RANGES)
        .write(".gitignore", "build/\n*.local.ini\n");
    commit(scratch.path(), "Describe the site");
    scratch
        .write("build/ml2_conf.ini", REVERSED)
        .write("ml2_conf.local.ini", REVERSED);
    assert_eq!(check(scratch.path(), &[]), (vec![], 0));
    assert_eq!(check(scratch.path(), &["--against", "HEAD"]), (vec![], 0));
    for file in ["build", "ml2_conf.local.ini"] {
        let left = shown(&scratch, &[], file);
        assert!(left.contains("left out: `.gitignore` names it"), "{left}");
    }
    let (found, code) = files(&scratch, &["--no-ignore"]);
    assert_eq!((found.len(), code), (2, 1), "{found:?}");
    assert_eq!(
        files(&scratch, &["build"]),
        (ranges(&["build/ml2_conf.ini"]), 1)
    );
    // What is committed is looked at, whatever the same commit writes into a `.gitignore`.
    scratch.write(".gitignore", "*\n");
    done(scratch.path(), &["add", "--all", "--force"]);
    commit(scratch.path(), "Hide all");
    let (found, code) = files(&scratch, &["--against", "HEAD~1"]);
    assert_eq!((found.len(), code), (2, 1), "{found:?}");
    // Where git is not there to say what it tracks, nothing is left out.
    fs::remove_dir_all(scratch.path().join(".git")).expect("it is ours");
    let (found, code) = files(&scratch, &[]);
    assert_eq!((found.len(), code), (2, 1), "{found:?}");
}

#[test]
fn the_settings_in_force_name_what_is_excluded() {
    let scratch = Scratch::new("walked-config");
    scratch.write("ovnlint.toml", "exclude = [\"lab/\"]\n");
    let output = crate::command_line::ovnlint(&["config"], scratch.path());
    let text = said(&output);
    let line = text.lines().find(|line| line.starts_with("exclude"));
    assert!(
        line.is_some_and(|line| line.starts_with("exclude = [\"lab/\"]")),
        "{text}"
    );
    let output = crate::command_line::ovnlint(&["schema", "config"], scratch.path());
    let schema: Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
    assert_eq!(schema["properties"]["exclude"]["type"], "array");
}
