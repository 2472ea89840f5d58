//! What comments allow, where, and what is wrong with those that do not.

use super::lines::Dialect::{self, Oslo, Unit};
use super::*;
use crate::read::script;

/// What a comment stands in.
#[derive(Clone, Copy)]
enum Kind {
    Lines(Dialect),
    Toml,
    Script(&'static str),
}

const SHELL: Kind = Kind::Script("change.sh");

fn read(text: &str, kind: Kind) -> Vec<Allow> {
    let file = File {
        id: FileId(0),
        name: "etc/ml2_conf.ini",
        text,
    };
    match kind {
        Kind::Lines(dialect) => lines::allows(file, dialect),
        Kind::Toml => tables::allows(file),
        Kind::Script(name) => {
            let script = script::read_named(FileId(0), name, text);
            of_script(&script, name, text)
        }
    }
}

/// The text that the only allow covers.
fn covered(text: &str, kind: Kind) -> &str {
    let allows = read(text, kind);
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

fn defect(text: &str, kind: Kind) -> (String, String) {
    let allows = read(text, kind);
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
    let allows = read(text, Kind::Lines(Oslo));
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
    assert_eq!(allow.name, "`allow(one and two)`");
    assert_eq!(allow.subject, "etc/ml2_conf.ini: allow(one and two)");
    assert!(at(&allow.place).starts_with("# ovnlint: allow("));
    assert!(allow.holds());
}

#[test]
fn it_covers_the_next_line_and_what_continues_it() {
    let mark = "# ovnlint: allow(a): b\n";
    let ini = format!("[x]\na = 1\n{mark}# more\n\nb = 1,\n  2,\n\t3\nc = 2\n");
    assert!(covered(&ini, Kind::Lines(Oslo)).ends_with("\nb = 1,\n  2,\n\t3\n"));
    let header = format!("a = 1\n{mark}[x]\nb = 1\n");
    assert!(covered(&header, Kind::Lines(Oslo)).ends_with(": b\n[x]\n"));
    let shell = format!("true\n  {mark}  ovs-vsctl set-fail-mode \\\n    br-ex secure\ntrue\n");
    assert!(covered(&shell, SHELL).ends_with("\\\n    br-ex secure"));
    let toml = format!("a = 1\n{mark}e = {{ ports = [\n  1,\n] }}\nb = 2\n");
    assert!(covered(&toml, Kind::Toml).ends_with("e = { ports = [\n  1,\n] }"));
    let unit = format!("[Service]\n;{mark}MemoryMax=\\\n2G\nX=1\n");
    assert!(covered(&unit, Kind::Lines(Unit)).ends_with("MemoryMax=\\\n2G\n"));
    // Two, one above the other, both cover what is below.
    let two = format!("x = 1\n{mark}{mark}y = 1");
    assert_eq!(read(&two, Kind::Lines(Oslo)).len(), 2);
    // Before everything else, it also covers what is said at the start of the file.
    let first = format!("# By hand.\n\n{mark}\n[x]\ny = 1\n");
    assert!(covered(&first, Kind::Lines(Oslo)).starts_with("# By hand."));
    let last = format!("x = 1\n{mark}");
    assert_eq!(covered(&last, Kind::Lines(Oslo)), mark);
    let windows = "[x]\r\n# ovnlint: allow(a): b\r\ny = 1\r\nz = 1\r\n";
    assert!(covered(windows, Kind::Lines(Oslo)).ends_with("y = 1\r"));
}

#[test]
fn what_is_no_comment_of_its_own_silences_nothing() {
    let said = |text: &str, kind| defect(text, kind).1;
    let behind = "[x]\ny = 1 # ovnlint: allow(a): b\n";
    assert_eq!(
        defect(behind, Kind::Lines(Oslo)).0,
        "# ovnlint: allow(a): b"
    );
    assert!(said(behind, Kind::Lines(Oslo)).contains("`allow(a)` stands behind a value"));
    assert!(said("y = 1 # ovnlint: allow(a): b", Kind::Toml).contains("behind something"));
    let indented = "[x]\ny = 1\n  # ovnlint: allow(a): b\n";
    assert!(said(indented, Kind::Lines(Oslo)).contains("is indented"));
    assert!(read("[x]\n  # ovnlint: allow(a): b\n", Kind::Toml)[0].holds());
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
        (
            "# ovnlint: allow a_b: c",
            "allow a_b: c",
            "is not understood",
        ),
        ("# ovnlint: allow(a: b", "allow(a: b", "is not closed"),
        (
            "# ovnlint: ignore(a_b): b",
            "ignore(a_b): b",
            "`ovnlint: ignore` is not understood",
        ),
        (";ovnlint: allow(a)é", "é", "followed by something else"),
    ] {
        let (at, said) = defect(line, Kind::Lines(Oslo));
        assert_eq!(at, place, "{line}");
        assert!(said.contains(message), "{line}: {said}");
    }
}

#[test]
fn too_many_lints_are_refused_in_one_sentence() {
    let line = format!("# ovnlint: allow({}): b", vec!["x"; 2_000].join(","));
    let (_, said) = defect(&line, Kind::Lines(Oslo));
    assert!(
        said.contains("more than 20 lints") && said.len() < 200,
        "{said}"
    );
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
        "# # ovnlint: allow(a_b): commented out",
        "# To allow, write \"# ovnlint: allow(a_b): REASON\" above",
        "# ovnlint: run (nightly) by CI",
        "# ovnlint: allow list of ranges below",
    ] {
        assert!(read(line, Kind::Lines(Oslo)).is_empty(), "{line}");
        assert!(read(line, Kind::Toml).is_empty(), "{line}");
        assert!(read(line, SHELL).is_empty(), "{line}");
    }
}

/// What looks like a comment, or like a line that goes on, and is none.
#[test]
fn only_what_the_dialect_takes_for_a_comment_is_one() {
    let mark = "# ovnlint: allow(a): b\n";
    let add = "ovs-vsctl add-port br-ex eth0\n";
    for first in ["echo a\\\\\n", "echo a # in C:\\\n", "echo a \\\\\\\\\n"] {
        let script = format!("{mark}{first}{add}");
        assert!(!covered(&script, SHELL).contains("add-port"), "{script}");
    }
    let quoted = format!("echo \"\n{mark}\"; {add}");
    assert!(read(&quoted, SHELL).is_empty());
    let here = format!("cat <<EOF\n{mark}EOF\n{add}");
    assert!(read(&here, SHELL).is_empty());
    let string = format!("a = \"\"\"\n{mark}\"\"\"\nb = 1\n");
    assert!(read(&string, Kind::Toml).is_empty());
    let unit = format!("{mark}FOO=a\\\\\nBAR=1\n");
    assert!(!covered(&unit, Kind::Lines(Unit)).contains("BAR"));
    // Python ends lines at a carriage return as well.
    let returns = "[x]\r# ovnlint: allow(a): b\rc = 1\rd = 1\r";
    assert!(!covered(returns, Kind::Lines(Oslo)).contains("d = 1"));
}

#[test]
fn above_a_task_it_covers_the_task() {
    let mark = "# ovnlint: allow(a): b\n";
    let tasks = format!(
        "{mark}- name: Add\n  command:\n    cmd: ovs-vsctl add-br br-ex\n- name: Delete\n  command: ovs-vsctl del-br br-ex\n"
    );
    let covered = covered(&tasks, Kind::Script("tasks.yml"));
    assert!(
        covered.contains("add-br") && !covered.contains("del-br"),
        "{covered}"
    );
    let block = format!(
        "- name: Both\n  shell: |\n    {mark}    ovs-vsctl add-br br-ex\n    ovs-vsctl del-br br-ex\n"
    );
    let covered = self::covered(&block, Kind::Script("tasks.yml"));
    assert!(
        covered.contains("add-br") && !covered.contains("del-br"),
        "{covered}"
    );
}

#[test]
fn each_of_many_comments_is_read() {
    let text = "# ovnlint: allow(a): b\n".repeat(10_000) + "c = 1\n";
    assert_eq!(read(&text, Kind::Lines(Oslo)).len(), 10_000);
    assert_eq!(read(&text, Kind::Toml).len(), 10_000);
    assert_eq!(read(&text, SHELL).len(), 10_000);
}
