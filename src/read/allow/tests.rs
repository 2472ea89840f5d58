//! What comments allow, where, and what is wrong with those that do not.

use super::*;

fn read(text: &str, dialect: Dialect) -> Vec<Allow> {
    comments(FileId(0), "etc/ml2_conf.ini", text, dialect)
}

/// The text that the only allow covers.
fn covered(text: &str, dialect: Dialect) -> &str {
    let allows = read(text, dialect);
    let [allow] = &allows[..] else {
        panic!("{allows:?}")
    };
    assert_eq!(allow.defects, [], "{text}");
    let Scope::Lines(span) = allow.scope else {
        panic!("{allow:?}")
    };
    text.get(span.range())
        .unwrap_or(&text[span.start as usize..])
}

fn defect(text: &str, dialect: Dialect) -> (String, String) {
    let allows = read(text, dialect);
    let [allow] = &allows[..] else {
        panic!("{text}: {allows:?}")
    };
    let [defect] = &allow.defects[..] else {
        panic!("{text}: {allow:?}")
    };
    let place = &text[defect.place.span.range()];
    (place.to_owned(), defect.message.clone())
}

#[test]
fn an_allow_has_lints_a_date_and_a_place() {
    let text = "[ml2]\n# ovnlint: allow( one , two ) until 2027-03-01: sized: for 8\nvni = 1\n";
    let allows = read(text, Dialect::Oslo);
    let [allow] = &allows[..] else {
        panic!("{allows:?}")
    };
    let names: Vec<_> = allow.lints.iter().map(|lint| &lint.value[..]).collect();
    assert_eq!(names, ["one", "two"]);
    let at = |place: &Place| &text[place.span.range()];
    assert_eq!(at(&allow.lints[1].place), "two");
    let until = allow.until.as_ref().expect("it has one");
    assert_eq!(until.to_string(), "2027-03-01");
    assert_eq!(at(&until.place), "2027-03-01");
    assert_eq!(allow.name, "`allow(one , two)`");
    assert_eq!(allow.subject, "etc/ml2_conf.ini: allow(one , two)");
    assert!(at(&allow.place).starts_with("# ovnlint: allow("));
    assert!(allow.holds());
}

#[test]
fn it_covers_the_next_line_and_what_continues_it() {
    let mark = "# ovnlint: allow(a): b\n";
    let ini = format!("[x]\na = 1\n{mark}# more\n\nb = 1,\n  2,\n\t3\nc = 2\n");
    assert!(covered(&ini, Dialect::Oslo).ends_with("\nb = 1,\n  2,\n\t3\n"));
    let header = format!("a = 1\n{mark}[x]\nb = 1\n");
    assert!(covered(&header, Dialect::Oslo).ends_with(": b\n[x]\n"));
    let shell = format!("true\n  {mark}  ovs-vsctl set-fail-mode \\\n    br-ex secure\ntrue\n");
    assert!(covered(&shell, Dialect::Shell).ends_with("\\\n    br-ex secure\n"));
    let toml = format!("a = 1\n{mark}ports = [\n  1,\n]\n");
    assert!(covered(&toml, Dialect::Toml).ends_with("ports = [\n"));
    let unit = format!("[Service]\n;{mark}MemoryMax=\\\n2G\nX=1\n");
    assert!(covered(&unit, Dialect::Unit).ends_with("MemoryMax=\\\n2G\n"));
    // Two, one above the other, both cover what is below.
    let two = format!("x = 1\n{mark}{mark}y = 1");
    assert_eq!(read(&two, Dialect::Oslo).len(), 2);
    // Before everything else, it also covers what is said at the start of the file.
    let first = format!("# By hand.\n\n{mark}\n[x]\ny = 1\n");
    assert!(covered(&first, Dialect::Oslo).starts_with("# By hand."));
    let last = format!("x = 1\n{mark}");
    assert_eq!(covered(&last, Dialect::Oslo), mark);
    let windows = "[x]\r\n# ovnlint: allow(a): b\r\ny = 1\r\nz = 1\r\n";
    assert!(covered(windows, Dialect::Oslo).ends_with("y = 1\r"));
}

#[test]
fn what_is_no_comment_of_its_own_silences_nothing() {
    let said = |text: &str, dialect| defect(text, dialect).1;
    let behind = "[x]\ny = 1 # ovnlint: allow(a): b\n";
    assert_eq!(defect(behind, Dialect::Oslo).0, "# ovnlint: allow(a): b");
    assert!(said(behind, Dialect::Oslo).contains("`allow(a)` stands behind a value"));
    assert!(said("y = 1 # ovnlint: allow(a): b", Dialect::Toml).contains("behind something"));
    let indented = "[x]\ny = 1\n  # ovnlint: allow(a): b\n";
    assert!(said(indented, Dialect::Oslo).contains("is indented"));
    assert!(read("[x]\n  # ovnlint: allow(a): b\n", Dialect::Toml)[0].holds());
    assert!(said("; # ovnlint: allow(a): b", Dialect::Toml).contains("behind something"));
}

#[test]
fn what_is_wrong_is_said_where_it_stands() {
    for (line, place, message) in [
        (
            "# ovnlint: allow(a)",
            "# ovnlint: allow(a)",
            "`allow(a)` gives no reason",
        ),
        (
            "# ovnlint: allow(a):  ",
            "# ovnlint: allow(a):  ",
            "gives no reason",
        ),
        (
            "# ovnlint: allow(a) sized for 8",
            "sized for 8",
            "followed by something else",
        ),
        (
            "# ovnlint: allow(a) until soon: b",
            "soon",
            "`soon` is no day",
        ),
        (
            "# ovnlint: allow(a) until 2027-02-29: b",
            "2027-02-29",
            "`2027-02-29` is no day",
        ),
        ("# ovnlint: allow(): b", "", "names no lint"),
        ("# ovnlint: allow(a,): b", "a,", "names no lint"),
        ("# ovnlint: allow a: b", "allow a: b", "is not understood"),
        ("# ovnlint: allow(a: b", "allow(a: b", "is not closed"),
        (
            "# ovnlint: ignore(a): b",
            "ignore(a): b",
            "`ovnlint: ignore` is not understood",
        ),
        (";ovnlint: allow(a)é", "é", "followed by something else"),
    ] {
        let (at, said) = defect(line, Dialect::Oslo);
        assert_eq!(at, place, "{line}");
        assert!(said.contains(message), "{line}: {said}");
    }
}

#[test]
fn prose_is_no_allow() {
    for line in [
        "# ovnlint: see the README",
        "# checked with ovnlint: clean",
        "url = x://ovnlint: allow(a): b",
        "# ovnlint allow(a): b",
        "# ovnlint:",
        "#ovnlint: é(",
    ] {
        assert!(read(line, Dialect::Oslo).is_empty(), "{line}");
    }
}
