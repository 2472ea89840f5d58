//! A patch is exact, shows no secret, and obeys nothing.

use super::*;

fn patch(before: &str, after: &str) -> String {
    of("a.ini", before, after, Reader::Program)
}

fn of(path: &str, before: &str, after: &str, reader: Reader) -> String {
    let changed = Changed {
        path,
        before,
        after,
    };
    render(&[changed], &[], reader, Colour::Plain)
}

/// Lines `1` to `count`, of which some are others.
fn lines(count: usize, others: &[(usize, &str)]) -> String {
    let line = |at: usize| {
        let other = others.iter().find(|(other, _)| *other == at);
        other.map_or(format!("{at}\n"), |(_, text)| format!("{text}\n"))
    };
    (1..=count).map(line).collect()
}

#[test]
fn three_lines_are_shown_around_a_change_and_near_ones_share_them() {
    let before = lines(30, &[]);
    let after = lines(30, &[(5, "x"), (12, "y"), (20, "z")]);
    assert_eq!(
        patch(&before, &after),
        "--- a/a.ini\n+++ b/a.ini\n\
         @@ -2,14 +2,14 @@\n 2\n 3\n 4\n-5\n+x\n 6\n 7\n 8\n 9\n 10\n 11\n-12\n+y\n 13\n 14\n 15\n\
         @@ -17,7 +17,7 @@\n 17\n 18\n 19\n-20\n+z\n 21\n 22\n 23\n"
    );
}

#[test]
fn the_ends_of_lines_and_of_the_file_are_exact() {
    assert_eq!(
        patch("a\r\nb\rc\u{1b}\nd", "x\r\nb\rc\u{1b}\nd"),
        "--- a/a.ini\n+++ b/a.ini\n@@ -1,3 +1,3 @@\n-a\r\n+x\r\n b\rc\u{1b}\n d\n\\ No newline at end of file\n"
    );
    assert_eq!(
        patch("a", "b"),
        "--- a/a.ini\n+++ b/a.ini\n@@ -1,1 +1,1 @@\n-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file\n"
    );
    assert_eq!(
        patch("a\nb\n", "b\n"),
        "--- a/a.ini\n+++ b/a.ini\n@@ -1,2 +1,1 @@\n-a\n b\n"
    );
    assert_eq!(patch("a\n", "a\n"), "--- a/a.ini\n+++ b/a.ini\n");
}

#[test]
fn a_person_sees_control_characters_and_is_not_fooled_by_them() {
    let shown = of("a.ini", "a\u{1b}[2J\u{202e}\tb\n", "c\n", Reader::Person);
    assert!(shown.contains("-a\u{241b}[2J\u{fffd}\tb\n"), "{shown}");
    let coloured = Changed {
        path: "a.ini",
        before: "a\n",
        after: "b\n",
    };
    let coloured = render(&[coloured], &[], Reader::Person, Colour::Ansi);
    assert!(coloured.contains("\u{1b}[31m-a\u{1b}[0m\n"), "{coloured}");
}

/// Fewer lines on one side say that the file begins or ends there: both sides have as many.
#[test]
fn a_secret_near_a_change_shortens_both_sides() {
    let before = lines(20, &[(12, "password = hunter2")]);
    let after = lines(20, &[(12, "password = hunter2"), (10, "x")]);
    assert_eq!(
        patch(&before, &after),
        "--- a/a.ini\n+++ b/a.ini\n@@ -9,3 +9,3 @@\n 9\n-10\n+x\n 11\n"
    );
    // Where two changes lie around it, nothing is shared.
    let after = lines(20, &[(12, "password = hunter2"), (10, "x"), (14, "y")]);
    assert_eq!(
        patch(&before, &after),
        "--- a/a.ini\n+++ b/a.ini\n@@ -9,3 +9,3 @@\n 9\n-10\n+x\n 11\n@@ -13,3 +13,3 @@\n 13\n-14\n+y\n 15\n"
    );
    // At the beginning of the file, what is not there hides nothing.
    let after = lines(20, &[(12, "password = hunter2"), (1, "x")]);
    assert_eq!(
        patch(&before, &after),
        "--- a/a.ini\n+++ b/a.ini\n@@ -1,4 +1,4 @@\n-1\n+x\n 2\n 3\n 4\n"
    );
}

#[test]
fn a_file_with_a_secret_at_a_change_is_no_part_of_the_patch() {
    let secret = (12, "password = hunter2");
    let before = lines(20, &[secret]);
    for changed in [11, 13] {
        let shown = patch(&before, &lines(20, &[secret, (changed, "x")]));
        assert_eq!(
            shown,
            "# a.ini is left out, for line 12 holds a secret and lies at what would change; --fix changes it\n"
        );
    }
    let key = lines(20, &[(12, "Password = hunter2")]);
    let shown = patch(&key, &before);
    assert!(shown.starts_with("# a.ini is left out"), "{shown}");
    let removed = before.replace("password = hunter2\n", "");
    assert!(patch(&before, &removed).starts_with("# a.ini is left out"));
}

#[test]
fn what_would_be_obeyed_where_logs_are_read_is_not_shown() {
    for command in [
        "::stop-commands::x",
        "  ::error::x",
        "a ##vso[task]x",
        "##[group]x",
    ] {
        let other = (12, command);
        let near = patch(&lines(20, &[other]), &lines(20, &[other, (10, "x")]));
        assert!(
            !near.contains(command) && near.contains("@@ -9,3 +9,3 @@"),
            "{near}"
        );
        let at = patch(&lines(20, &[other]), &lines(20, &[other, (11, "x")]));
        assert!(
            at.starts_with("# a.ini is left out, for line 12 would be obeyed"),
            "{at}"
        );
    }
}

#[test]
fn names_are_quoted_as_git_does() {
    let header = |path| {
        let patch = of(path, "a\n", "b\n", Reader::Program);
        patch.lines().nth(1).unwrap_or_default().to_owned()
    };
    assert_eq!(header("x/a.ini"), "+++ b/x/a.ini");
    assert_eq!(header("/etc/neutron.conf"), "+++ b/etc/neutron.conf");
    assert_eq!(header("a b.ini"), "+++ b/a b.ini\t");
    assert_eq!(header("ä.ini"), "+++ b/ä.ini");
    assert_eq!(header("a\n\"\\.ini"), "+++ \"b/a\\012\\\"\\\\.ini\"");
    assert_eq!(header("\u{202e}.ini"), "+++ \"b/\\342\\200\\256.ini\"");
}

#[test]
fn lines_that_go_are_found_wherever_they_lie() {
    let before = lines(40, &[]);
    let after = before.replace("\n10\n", "\n").replace("\n30\n", "\n");
    let shown = patch(&before, &after);
    assert!(
        shown.contains("@@ -7,7 +7,6 @@\n 7\n 8\n 9\n-10\n 11\n"),
        "{shown}"
    );
    assert!(shown.contains("@@ -27,7 +26,6 @@\n"), "{shown}");
}
