//! Which edits are made, which wait, and which never come.

use std::convert::Infallible;
use std::sync::Arc;

use super::*;
use crate::finding::Level;
use crate::source::{Cell, Place};

/// Edits of one finding: offsets in the text and what is written there.
type Written<'a> = &'a [(usize, usize, &'a str)];

/// What the edits of findings make of a text in one round, and how many findings were put right.
fn once(text: &str, findings: &[Written], wanted: Wanted) -> (String, usize) {
    let mut sources = Sources::default();
    let file = sources.add("a.ini", text);
    sources.set_origin(file, Some("/a.ini".into()));
    let findings = findings.iter().map(|edits| of(file, true, edits));
    let findings = findings.collect();
    let found = Found { sources, findings };
    let round = Round::of(&found, wanted);
    let after = round.edits.get(&file);
    let after = after.map_or(text.to_owned(), |edits| edited(text, edits));
    (after, round.findings)
}

fn of(file: FileId, safe: bool, edits: Written) -> Finding {
    let finding = Finding::new(Level::Error, "s", "m", &Place::file(file), "l");
    edits.iter().fold(finding, |finding, (start, end, text)| {
        finding.edit(safe, &Place::text(file, *start..*end), *text)
    })
}

#[test]
fn equal_edits_are_made_once_and_of_two_that_overlap_the_first() {
    let both: [Written; 2] = [&[(0, 1, "x")], &[(0, 1, "x")]];
    assert_eq!(once("abc", &both, Wanted::Safe), ("xbc".to_owned(), 2));
    let other: [Written; 2] = [&[(0, 1, "x")], &[(0, 1, "y")]];
    assert_eq!(once("abc", &other, Wanted::Safe), ("xbc".to_owned(), 1));
    let across: [Written; 3] = [&[(1, 3, "x")], &[(0, 2, "y")], &[(2, 4, "z")]];
    assert_eq!(once("abcd", &across, Wanted::Safe), ("axd".to_owned(), 1));
    let around: [Written; 2] = [&[(1, 2, "x")], &[(0, 4, "y")]];
    assert_eq!(once("abcd", &around, Wanted::Safe), ("axcd".to_owned(), 1));
}

#[test]
fn edits_side_by_side_are_both_made_but_not_an_insertion_at_the_edge() {
    let beside: [Written; 2] = [&[(1, 2, "x")], &[(0, 1, "y")]];
    assert_eq!(once("abc", &beside, Wanted::Safe), ("yxc".to_owned(), 2));
    let edge: [Written; 2] = [&[(0, 1, "x")], &[(1, 1, "y")]];
    assert_eq!(once("abc", &edge, Wanted::Safe), ("xbc".to_owned(), 1));
}

/// The second edit of the second finding does not fit: its first, and its third, are not made either.
#[test]
fn a_finding_is_put_right_by_all_its_edits_or_not_at_all() {
    let edits: [Written; 3] = [
        &[(2, 3, "x")],
        &[(0, 1, "y"), (2, 3, "z"), (4, 5, "w")],
        &[(0, 1, "v")],
    ];
    assert_eq!(once("abcde", &edits, Wanted::Safe), ("vbxde".into(), 2));
    // Of one finding: nobody knows what was meant.
    let own: [Written; 1] = [&[(0, 2, "x"), (1, 3, "y")]];
    assert_eq!(once("abc", &own, Wanted::Safe), ("abc".to_owned(), 0));
}

#[test]
fn what_is_probable_is_written_only_where_that_is_asked_for() {
    let mut sources = Sources::default();
    let file = sources.add("a.ini", "ab");
    sources.set_origin(file, Some("/a.ini".into()));
    let findings = vec![
        of(file, false, &[(0, 1, "x")]),
        of(file, true, &[(1, 2, "y")]),
    ];
    let found = Found { sources, findings };
    let text = |wanted| edited("ab", &Round::of(&found, wanted).edits[&file]);
    assert_eq!(text(Wanted::Safe), "ay");
    assert_eq!(text(Wanted::All), "xy");
}

#[test]
fn what_is_no_text_of_a_file_in_force_is_never_edited() {
    let mut sources = Sources::default();
    // A file of a site before, a template or an object of git has no origin.
    let before = sources.add("before.ini", "abc");
    let file = sources.add("a.ini", "aöc");
    sources.set_origin(file, Some("/a.ini".into()));
    let cell = Place {
        cell: Some(Arc::new(Cell::default())),
        ..Place::text(file, 0..1)
    };
    let edit = |place: &Place, text: &str| Edit {
        place: place.clone(),
        expected: None,
        replacement: text.to_owned(),
    };
    let wrong = [
        edit(&Place::text(before, 0..1), "x"),
        edit(&cell, "x"),
        edit(&Place::text(file, 0..2), "cuts a character"),
        edit(&Place::text(file, 3..9), "ends behind the text"),
        edit(&Place::text(file, 0..1), "x\n[DEFAULT]"),
        Edit {
            expected: Some("b".into()),
            ..edit(&Place::text(file, 0..1), "x")
        },
        edit(&Place::text(file, 0..1), "a"),
    ];
    let fix = |edits: &[Edit]| Fix {
        safe: true,
        edits: edits.to_vec(),
        ..Fix::default()
    };
    let right = edit(&Place::text(file, 3..4), "x");
    assert!(is_applicable(&sources, &fix(std::slice::from_ref(&right))));
    assert!(!is_applicable(&sources, &fix(&[])));
    for edit in &wrong[..6] {
        let edits = [right.clone(), edit.clone()];
        assert!(!is_applicable(&sources, &fix(&edits)), "{edit:?}");
    }
    // What stands there already is no change.
    assert!(!is_applicable(&sources, &fix(&wrong[6..])));
}

/// Each round uncovers the next edit; the text before is what was read first.
#[test]
fn what_was_edited_is_linted_again() {
    let lint = |texts: &BTreeMap<PathBuf, String>| -> Result<Found, Infallible> {
        let mut sources = Sources::default();
        let path = PathBuf::from("/a.ini");
        let text = texts.get(&path).map_or("aaa", String::as_str);
        let file = sources.add("a.ini", text);
        sources.set_origin(file, Some(path));
        let at = text.find('a');
        let finding = at.map(|at| of(file, true, &[(at, at + 1, "b")]));
        Ok(Found {
            sources,
            findings: finding.into_iter().collect(),
        })
    };
    let Ok(fixed) = fixed(Wanted::Safe, lint);
    let file = &fixed.files[&PathBuf::from("/a.ini")];
    assert_eq!((&*file.before, &*file.after), ("aaa", "bbb"));
}

#[test]
fn edits_that_undo_each_other_come_to_an_end_and_leave_the_file() {
    let mut rounds = 0;
    let lint = |texts: &BTreeMap<PathBuf, String>| -> Result<Found, Infallible> {
        rounds += 1;
        let mut sources = Sources::default();
        let path = PathBuf::from("/a.ini");
        let text = texts.get(&path).map_or("a", String::as_str);
        let file = sources.add("a.ini", text);
        sources.set_origin(file, Some(path));
        let other = if text == "a" { "b" } else { "a" };
        let findings = vec![of(file, true, &[(0, 1, other)])];
        Ok(Found { sources, findings })
    };
    let Ok(fixed) = fixed(Wanted::Safe, lint);
    assert_eq!((rounds, fixed.files.len()), (ROUNDS, 0));
}

#[test]
fn files_that_one_finding_edits_belong_together() {
    let mut sources = Sources::default();
    let ids = ["a.ini", "b.ini"].map(|name| {
        let file = sources.add(name, "a");
        sources.set_origin(file, Some(format!("/{name}").into()));
        file
    });
    let finding = of(ids[0], true, &[(0, 1, "b")]).edit(true, &Place::text(ids[1], 0..1), "b");
    let findings = vec![finding];
    let mut found = Some(Found { sources, findings });
    let lint = |_: &_| Ok::<_, Infallible>(found.take().unwrap_or_default());
    let Ok(fixed) = fixed(Wanted::Safe, lint);
    let both = ["/a.ini", "/b.ini"].map(Path::new);
    assert_eq!(fixed.groups(), [BTreeSet::from(both)]);
    let apart = Fixed {
        together: Vec::new(),
        ..fixed
    };
    assert_eq!(apart.groups(), both.map(|file| BTreeSet::from([file])));
}
