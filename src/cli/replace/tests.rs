//! A file is replaced whole, with what it was, or left alone.

use super::*;

/// A directory of one test, removed at its end.
struct Directory(PathBuf);

impl Directory {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("ovnlint-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).expect("the temporary directory can be written");
        Self(path.canonicalize().expect("it was made"))
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, text).expect("it can be written");
        path
    }

    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).expect("it is there");
        let names = entries.map(|entry| entry.expect("it can be read").file_name());
        let mut names: Vec<String> = names
            .map(|name| name.into_string().expect("names are plain"))
            .collect();
        names.sort();
        names
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn of<'a>(file: &'a Path, before: &'a str, after: &'a str) -> Rewrite<'a> {
    Rewrite {
        file,
        shown: file
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or(""),
        before,
        after,
    }
}

fn read(file: &Path) -> String {
    fs::read_to_string(file).expect("it is there")
}

#[test]
fn a_report_is_replaced_whole_and_nothing_stays_beside() {
    let directory = Directory::new("replace");
    let file = directory.0.join("out.json");
    for text in ["a longer text", "short"] {
        replace(&file, text).expect("it can be written");
        assert_eq!(read(&file), text);
    }
    assert!(replace(&directory.0.join("no/out.json"), "x").is_err());
    assert!(replace(&directory.0, "x").is_err());
    assert_eq!(directory.names(), ["out.json"]);
}

#[test]
fn a_file_that_changed_since_it_was_read_stays_and_so_do_those_that_belong_to_it() {
    let directory = Directory::new("rewrite-changed");
    let (a, b) = (
        directory.write("a.ini", "a"),
        directory.write("b.ini", "other"),
    );
    let refused = rewrite(&[of(&a, "a", "new"), of(&b, "b", "new")]);
    let said = "b.ini is left as it is: it changed since it was read";
    assert_eq!(refused, Err(said.to_owned()));
    assert_eq!((read(&a), read(&b)), ("a".into(), "other".into()));
    fs::remove_file(&b).expect("it is there");
    let refused = rewrite(&[of(&b, "b", "new")]).expect_err("it is gone");
    assert!(
        refused.starts_with("b.ini cannot be written: "),
        "{refused}"
    );
    assert_eq!(directory.names(), ["a.ini"]);
    assert_eq!(rewrite(&[of(&a, "a", "new")]), Ok(()));
    assert_eq!(read(&a), "new");
}

/// Between the first look and the last, a whole text is written and synced.
#[test]
fn a_file_that_changes_while_the_new_one_is_written_stays() {
    let directory = Directory::new("rewrite-meanwhile");
    let file = directory.write("a.ini", "a");
    let rewrite = of(&file, "a", "new");
    let beside = prepared(&rewrite).expect("it is what was read");
    fs::write(&file, "theirs").expect("it can be written");
    assert!(unchanged(&rewrite).is_err());
    drop(beside);
    assert_eq!(
        (read(&file), directory.names()),
        ("theirs".into(), vec!["a.ini".into()])
    );
}

#[test]
fn what_a_killed_run_left_is_cleared_and_what_a_living_one_writes_is_not() {
    let directory = Directory::new("rewrite-left");
    let file = directory.write("a.ini", "a");
    let dead = format!(".a.ini.1{UNFINISHED}");
    let living = format!(".a.ini.2-7{UNFINISHED}");
    let foreign = format!(".b.ini.1{UNFINISHED}");
    for name in [&dead, &living, &foreign] {
        directory.write(name, "half");
    }
    let held = File::open(directory.0.join(&living)).expect("it is there");
    held.lock().expect("it can be locked");
    assert_eq!(rewrite(&[of(&file, "a", "b")]), Ok(()));
    assert_eq!(directory.names(), [living, foreign, "a.ini".to_owned()]);
    assert_eq!(read(&file), "b");
}

#[cfg(unix)]
#[test]
fn a_link_is_neither_followed_nor_replaced() {
    let directory = Directory::new("rewrite-link");
    let file = directory.write("real.ini", "a");
    let link = directory.0.join("a.ini");
    std::os::unix::fs::symlink(&file, &link).expect("it can be made");
    assert!(rewrite(&[of(&link, "a", "b")]).is_err());
    assert_eq!(read(&file), "a");
    // Nor is one that lies where the new text would be written first.
    let first = format!(".real.ini.{}{UNFINISHED}", std::process::id());
    std::os::unix::fs::symlink(&link, directory.0.join(&first)).expect("it can be made");
    assert_eq!(rewrite(&[of(&file, "a", "b")]), Ok(()));
    assert_eq!(read(&file), "b");
    assert_eq!(
        directory.names(),
        [first, "a.ini".into(), "real.ini".into()]
    );
}

#[cfg(unix)]
#[test]
fn mode_and_owner_stay() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
    let directory = Directory::new("rewrite-mode");
    let file = directory.write("neutron.conf", "a");
    let mode = |mode| fs::set_permissions(&file, PermissionsExt::from_mode(mode));
    for bits in [0o640, 0o600, 0o664, 0o444] {
        mode(bits).expect("it is our own");
        let (before, after) = if read(&file) == "a" {
            ("a", "b")
        } else {
            ("b", "a")
        };
        assert_eq!(rewrite(&[of(&file, before, after)]), Ok(()));
        let found = fs::metadata(&file).expect("it is there");
        assert_eq!(
            (found.mode() & 0o7777, read(&file)),
            (bits, after.to_owned())
        );
    }
    // Only root can give a file away.
    if chown(&file, Some(1), Some(1)).is_ok() {
        let before = read(&file);
        assert_eq!(rewrite(&[of(&file, &before, "c")]), Ok(()));
        let found = fs::metadata(&file).expect("it is there");
        assert_eq!(
            (found.uid(), found.gid(), found.mode() & 0o7777),
            (1, 1, 0o444)
        );
    }
}
