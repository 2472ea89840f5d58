//! The reader against vectors recorded from oslo.config, and what it makes of broken lines and hostile files.

#![allow(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde::Deserialize;
use serde_json::Value as Json;

use super::python::{self, NotInteger};
use super::*;

#[derive(Deserialize)]
struct Vector {
    name: String,
    text: String,
    oslo: Json,
}

fn vectors() -> Vec<Vector> {
    let vectors = include_str!("../../../testdata/oslo_ini_cases.json");
    serde_json::from_str(vectors).unwrap()
}

fn read_text(text: &str) -> OsloFile {
    read(FileId(0), text)
}

fn at<'text>(text: &'text str, place: &Place) -> &'text str {
    &text[place.span.range()]
}

/// Python's `repr` of what the vectors hold.
fn repr(line: &str) -> String {
    let quote = if line.contains('\'') && !line.contains('"') {
        '"'
    } else {
        '\''
    };
    let mut quoted = String::from(quote);
    for char in line.chars() {
        match char {
            '\u{FEFF}' => quoted.push_str("\\ufeff"),
            _ => quoted.push(char),
        }
    }
    quoted.push(quote);
    quoted
}

fn as_recorded(file: &OsloFile) -> Json {
    if let Some(error) = file.errors.first() {
        let line = if error.line_text.is_empty() {
            "None".to_owned()
        } else {
            repr(&error.line_text)
        };
        return format!(
            "ERR ParseError: at FILE:{}, {}: {line}",
            error.line, error.message
        )
        .into();
    }
    let mut sections: BTreeMap<&str, BTreeMap<&str, Vec<&str>>> = BTreeMap::new();
    for section in &file.sections {
        let options = sections.entry(&section.name).or_default();
        for entry in &section.options {
            options
                .entry(&entry.key)
                .or_default()
                .push(&entry.value.text);
        }
    }
    serde_json::to_value(sections).unwrap()
}

#[test]
fn reads_what_oslo_config_reads() {
    let vectors = vectors();
    assert_eq!(vectors.len(), 62);
    for Vector { name, text, oslo } in vectors {
        assert_eq!(as_recorded(&read_text(&text)), oslo, "{name}");
    }
}

#[test]
fn places_cover_what_was_read() {
    for Vector { name, text, .. } in vectors() {
        for section in read_text(&text).sections {
            assert_eq!(at(&text, &section.name.place), section.name.value, "{name}");
            assert!(
                at(&text, &section.header).contains(&section.name.value),
                "{name}"
            );
            for entry in section.options {
                assert_eq!(at(&text, &entry.key.place), entry.key.value, "{name}");
                let place = at(&text, &entry.value.place);
                if !entry.value.text.contains('\n') {
                    assert_eq!(place, entry.value.text, "{name}");
                }
                let lines: Vec<_> = place.lines().map(str::trim_start).collect();
                assert_eq!(lines.join("\n"), entry.value.text, "{name}");
            }
        }
    }
}

#[test]
fn a_part_of_a_continued_value_has_its_own_place() {
    let text = "[ovn]\r\nx =\r\n  tcp:10.0.0.1:6641 ,\r\n\ttcp:10.0.0.2:6641,,\r\n";
    let file = read_text(text);
    let value = &file.sections[0].options[0].value;
    assert_eq!(value.text, "\ntcp:10.0.0.1:6641 ,\ntcp:10.0.0.2:6641,,");
    let list = value.list();
    let items: Vec<_> = list.iter().map(|item| item.value.as_str()).collect();
    assert_eq!(items, ["tcp:10.0.0.1:6641", "tcp:10.0.0.2:6641"]);
    for item in &list {
        assert_eq!(at(text, &item.place), item.value);
    }
    assert_eq!(at(text, &list[1].part(4..12).place), "10.0.0.2");
    assert_eq!(
        at(text, &value.place),
        "tcp:10.0.0.1:6641 ,\r\n\ttcp:10.0.0.2:6641,,"
    );
}

#[test]
fn reading_goes_on_after_every_error() {
    let text = "\u{FEFF}[ml2] # main\nx\n  y\n= z\ntype_drivers = geneve\n[]\na = 1\n[ovn\nb = 2\n";
    let file = read_text(text);
    let errors: Vec<_> = file
        .errors
        .iter()
        .map(|error| (error.line, error.message))
        .collect();
    assert_eq!(
        errors,
        [
            (1, NO_SEPARATOR),
            (1, NO_BRACKET),
            (2, NO_SEPARATOR),
            (3, NO_CONTINUED),
            (4, NO_KEY),
            (6, NO_NAME),
            (8, NO_BRACKET),
        ]
    );
    let names: Vec<_> = file
        .sections
        .iter()
        .map(|section| section.name.value.as_str())
        .collect();
    assert_eq!(names, ["ml2", "", "ovn"]);
    assert!(
        file.sections
            .iter()
            .all(|section| section.options.len() == 1)
    );
    assert_eq!(at(text, &file.errors[3].place), "y");
}

#[test]
fn assignments_before_the_first_section_are_one_error() {
    // oslo.config finds the first of them on line 3, where the next assignment begins.
    let text = "# x\na = 1\nb = 2\n\n[ml2]\nc = 3\n";
    let file = read_text(text);
    let [error] = file.errors.as_slice() else {
        panic!("{:?}", file.errors);
    };
    assert_eq!(
        (error.line, error.message, at(text, &error.place)),
        (3, NO_SECTION, "a = 1")
    );
    assert_eq!(file.sections[0].options.len(), 1);
}

#[test]
fn what_is_not_text_is_told_apart() {
    let message = |bytes: &[u8]| decode(bytes).unwrap_err().to_string();
    assert_eq!(message(b"[ml2]\n# \xC7\xD1"), "not UTF-8, from byte 8 on");
    assert_eq!(
        message(b"\xFF\xFE[\0m\0"),
        "UTF-16 instead of UTF-8, from byte 0 on"
    );
    assert_eq!(
        message(b"\x7FELF\0\xFF"),
        "binary instead of text, from byte 5 on"
    );
    assert!(decode(b"[x]\na = b\0c\n").is_ok());
}

#[test]
fn integers_are_pythons() {
    // Each checked with Python 3.11.
    for (text, number) in [
        ("1_000", 1000),
        ("+1", 1),
        (" -7\t", -7),
        ("\u{FF11}\u{FF12}", 12),
        ("0_7", 7),
        ("\u{A0}\u{661}", 1),
        ("-9223372036854775808", i64::MIN),
    ] {
        assert_eq!(python::integer(text), Ok(number), "{text:?}");
    }
    for text in [
        "",
        "+",
        "1__0",
        "_1",
        "1_",
        "0x10",
        "3.0",
        "1 0",
        "+ 1",
        "--1",
        "1\0",
        "\u{B2}",
        "\x1C1",
        "\x1C\u{661}",
    ] {
        assert_eq!(
            python::integer(text),
            Err(NotInteger::Malformed),
            "{text:?}"
        );
    }
    assert_eq!(
        python::integer("9223372036854775808"),
        Err(NotInteger::TooBig)
    );
    assert_eq!(
        value::python_integer("-99999999999999999999"),
        Some(i64::MIN)
    );
}

#[test]
fn a_list_of_many_lines_is_whole() {
    let continued = format!("[ml2]\nx ={}", "\n a,".repeat(200_000));
    assert_eq!(
        read_text(&continued).sections[0].options[0]
            .value
            .list()
            .len(),
        200_000
    );
}

/// Pieces of the dialect and of templates, and anything else.
fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        prop::sample::select(vec![
            "\n", "\n", "\r", "\r\n", " ", "\t", "\u{A0}", "\u{FEFF}", "[", "]", "=", ":", "\"",
            "'", "#", ";", ",", "{%", "%}", "{{", "}}", "{#", "#}", "<%", "%>", " if ", " end",
            "endif", "for", "@AAA@", "%BBB%", "\u{2028}", "\u{85}", "\0", "é", "$",
        ])
        .prop_map(str::to_owned),
        any::<String>(),
        "[a-z]{1,4} = [a-z,]{0,8}\n",
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

fn assert_in_bounds(text: &str, file: &OsloFile) {
    let check = |place: &Place| {
        assert!(
            text.get(place.span.range()).is_some(),
            "{place:?} of {text:?}"
        );
    };
    file.errors.iter().for_each(|error| check(&error.place));
    for section in &file.sections {
        check(&section.header);
        check(&section.name.place);
        for entry in &section.options {
            check(&entry.key.place);
            check(&entry.value.place);
            entry
                .value
                .list()
                .iter()
                .for_each(|item| check(&item.place));
            let starts = entry.value.text.char_indices().map(|(at, _)| at);
            for start in starts {
                check(&entry.value.part(start..entry.value.text.len()));
                check(&entry.value.part(0..start));
            }
        }
    }
}

proptest! {
    #[test]
    fn any_text_is_read_and_places_lie_in_it(text in hostile()) {
        assert_in_bounds(&text, &read_text(&text));
    }

    #[test]
    fn any_bytes_are_decoded_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        match decode(&bytes) {
            Ok(text) => assert_in_bounds(text, &read_text(text)),
            Err(error) => prop_assert!(error.offset < bytes.len()),
        }
    }
}
