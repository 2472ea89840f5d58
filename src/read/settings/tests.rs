//! What the settings' reader gives, and what it says.

use proptest::prelude::*;

use super::{AllowEntry, SettingsFile, Value, read};
use crate::finding::{Cap, Level};
use crate::source::date::Date;
use crate::source::{FileId, Spanned};

const WHOLE: &str = r#"fail_on = "warning"
ruleset = "2026.11"
required-version = ">=0.1, <0.3"

[lints.vni_ranges_oversized]
max_memory = "4GiB"
level = "warning"
workers = 8

[lints.encap_unset]
level = "off"

[[allow]]
lint = "management_on_provider_bridge"
nodes = ["lab-*", "os-compute?"]
reason = "single-NIC lab"
until = 2027-01-31

[[allow]]
lint = ["a", "b"]
subject = "*/br-ex"
until = "soon"
"#;

fn clean(text: &str) -> SettingsFile {
    let (settings, errors) = read(FileId(7), text);
    assert!(errors.is_empty(), "{text}: {errors:?}");
    settings.expect("what has no errors is read")
}

fn errors(text: &str) -> Vec<(&str, String)> {
    let (_, errors) = read(FileId(0), text);
    let errors = errors.into_iter();
    errors
        .map(|error| (&text[error.place.span.range()], error.message))
        .collect()
}

fn written<T>(value: &Spanned<T>) -> &'static str {
    assert_eq!(value.place.file, FileId(7));
    &WHOLE[value.place.span.range()]
}

#[test]
fn everything_is_read_with_its_place() {
    let settings = clean(WHOLE);
    let fail_on = settings.fail_on.expect("given");
    assert_eq!(
        (fail_on.value, written(&fail_on)),
        (Level::Warning, "\"warning\"")
    );
    let ruleset = settings.ruleset.expect("given");
    assert_eq!(
        (ruleset.as_str(), written(&ruleset)),
        ("2026.11", "\"2026.11\"")
    );
    let required = settings.required_version.expect("given");
    assert_eq!(required.to_string(), ">=0.1, <0.3");
    let [tuned, off] = &settings.lints[..] else {
        panic!("two lints")
    };
    assert_eq!(written(&tuned.lint), "vni_ranges_oversized");
    let level = tuned.level.as_ref().expect("given");
    assert_eq!(
        (level.value, written(level)),
        (Cap::AtMost(Level::Warning), "\"warning\"")
    );
    let parameters: Vec<_> = tuned
        .parameters
        .iter()
        .map(|parameter| (written(&parameter.name), parameter.value.value.clone()))
        .collect();
    assert_eq!(
        parameters,
        [
            ("max_memory", Value::Text("4GiB".to_owned())),
            ("workers", Value::Number(8))
        ]
    );
    assert_eq!(written(&tuned.parameters[0].value), "\"4GiB\"");
    assert_eq!(off.level.as_ref().expect("given").value, Cap::Off);
}

#[test]
fn an_allow_says_what_it_allows() {
    let allows = clean(WHOLE).allows;
    let [lab, bridges] = &allows[..] else {
        panic!("two")
    };
    assert_eq!(&WHOLE[lab.place.span.range()], "[[allow]]");
    assert_eq!(written(&lab.lints[0]), "\"management_on_provider_bridge\"");
    let nodes = lab.nodes.as_ref().expect("given");
    assert_eq!(written(&nodes[1]), "\"os-compute?\"");
    assert_eq!(lab.reason.as_ref().expect("given").value, "single-NIC lab");
    let until = lab.until.clone().expect("given").expect("a date");
    assert_eq!(
        (until.value, written(&until)),
        (
            Date {
                year: 2027,
                month: 1,
                day: 31
            },
            "2027-01-31"
        )
    );
    assert!(lab.subject.is_none() && bridges.nodes.is_none() && bridges.reason.is_none());
    assert_eq!(bridges.lints.len(), 2);
    let until = bridges.until.clone().expect("given").expect_err("no date");
    assert_eq!((until.as_str(), written(&until)), ("soon", "\"soon\""));
    let moved = bridges.clone().placed(FileId(3));
    assert_eq!(
        moved.until.expect("given").expect_err("no date").place.file,
        FileId(3)
    );
    assert_eq!(
        (moved.place.file, moved.lints[1].place.file),
        (FileId(3), FileId(3))
    );
}

fn until(value: &str) -> Result<Date, String> {
    let AllowEntry { until, .. } = clean(&format!("allow = [{{ lint = \"a\", until = {value} }}]"))
        .allows
        .remove(0);
    let until = until.expect("given");
    until.map(|date| date.value).map_err(|text| text.value)
}

#[test]
fn a_date_may_be_a_string_and_other_times_are_kept_as_text() {
    let day = Date {
        year: 2028,
        month: 2,
        day: 29,
    };
    assert_eq!(until("2028-02-29"), Ok(day));
    assert_eq!(until("\"2028-02-29\""), Ok(day));
    for text in ["2028-02-29T07:32:00Z", "07:32:00", "2027-01-31T00:00:00"] {
        assert_eq!(until(text), Err(text.to_owned()));
    }
    for text in ["", "31.1.2027", "2027-02-29"] {
        assert_eq!(until(&format!("\"{text}\"")), Err(text.to_owned()));
    }
}

#[test]
fn unknown_keys_get_a_suggestion() {
    let cases = [
        (
            "fail-on = \"note\"",
            "fail-on",
            "unknown key `fail-on`: did you mean `fail_on`?",
        ),
        (
            "required_version = \"1\"",
            "required_version",
            "unknown key `required_version`: did you mean `required-version`?",
        ),
        (
            "level = \"off\"",
            "level",
            "unknown key `level`: it belongs in `[lints.<lint>]`",
        ),
        (
            "reason = \"x\"",
            "reason",
            "unknown key `reason`: it belongs in `[[allow]]`",
        ),
        (
            "[[allows]]\nlint = \"a\"",
            "allows",
            "unknown key `allows`: did you mean `allow`?",
        ),
        (
            "[[allow]]\nlint = \"a\"\nreasons = \"b\"",
            "reasons",
            "unknown key `reasons`: did you mean `reason`?",
        ),
        (
            "[[allow]]\nlints = \"a\"\nlint = \"a\"",
            "lints",
            "unknown key `lints`: did you mean `lint`?",
        ),
    ];
    for (text, place, message) in cases {
        assert_eq!(errors(text), [(place, message.to_owned())], "{text}");
    }
}

#[test]
fn bad_values_are_named() {
    let cases = [
        (
            "fail_on = \"warnings\"",
            "\"warnings\"",
            "`fail_on`: `warnings` is not known: did you mean `warning`?",
        ),
        (
            "fail_on = \"off\"",
            "\"off\"",
            "`fail_on`: `off` is not known: write `error`, `warning` or `note`",
        ),
        (
            "ruleset = 2026.11",
            "2026.11",
            "`ruleset` must be a string: a ruleset, not a float: write `\"2026.11\"`",
        ),
        (
            "lints.a.level = 3",
            "3",
            "`level` must be a string: `error`, `warning`, `note` or `off`, not an integer: write `\"3\"`",
        ),
        (
            "lints.a = \"off\"",
            "\"off\"",
            "`a` must be a table, not a string",
        ),
        ("lints.\"\" = {}", "\"\"", "the empty lint is no lint"),
    ];
    for (text, place, message) in cases {
        assert_eq!(errors(text), [(place, message.to_owned())], "{text}");
    }
}

#[test]
fn tables_of_another_shape_are_named_with_what_to_write() {
    let cases = [
        (
            "[allow]\nlint = \"a\"",
            "[allow]",
            "`allow` must be a list of tables, not a table: write `[[allow]]`",
        ),
        (
            "allow = [\"a\"]",
            "\"a\"",
            "`allow` must be a list of tables, not a string",
        ),
        (
            "[[allow]]\nreason = \"x\"",
            "[[allow]]",
            "`[[allow]]` names no lint: write `lint = \"…\"`",
        ),
        (
            "[[allow]]\nlint = []",
            "[[allow]]",
            "`[[allow]]` names no lint: write `lint = \"…\"`",
        ),
        (
            "[[allow]]\nlint = 7",
            "7",
            "`lint` must be a lint, or a list of them, not an integer",
        ),
        ("[[allow]]\nlint = [\"\"]", "\"\"", "`lint`: it is empty"),
        (
            "[[allow]]\nlint = \"a\"\nnodes = \"lab-*\"",
            "\"lab-*\"",
            "`nodes` must be a list of strings, each a glob, not a string: write `[\"lab-*\"]`",
        ),
        (
            "[[allow]]\nlint = \"a\"\nuntil = 2027",
            "2027",
            "`until` must be a date, not an integer",
        ),
        ("[lints.a]\n[lints.a]", "a", "lint `a` is given twice"),
        (
            "fail_on = \"note\"\nfail_on = \"note\"",
            "fail_on",
            "`fail_on` is given twice",
        ),
        (
            "[[allow]]\nlint = \"a\"\nuntil = 2027-02-29",
            "2027-02-29",
            "not valid TOML: `2027-02-29` is no day of the calendar",
        ),
    ];
    for (text, place, message) in cases {
        assert_eq!(errors(text), [(place, message.to_owned())], "{text}");
    }
}

#[test]
fn globs_and_requirements_are_read_by_their_own_rules() {
    let glob = errors("[[allow]]\nlint = \"a\"\nsubject = \"a[\"");
    assert!(
        glob[0].1.starts_with("`subject`: `a[` is not a glob: "),
        "{glob:?}"
    );
    let requirement = errors("required-version = \"new\"");
    assert!(
        requirement[0]
            .1
            .starts_with("`required-version`: `new` is not a requirement as in `>=0.1, <0.3`: "),
        "{requirement:?}"
    );
}

#[test]
fn an_empty_file_says_nothing() {
    for text in [
        "",
        "# nothing\n",
        "\u{feff}",
        "[lints]\n",
        "allow = []\n",
        "[lints.encap_unset]\n",
    ] {
        let settings = clean(text);
        assert!(
            settings.fail_on.is_none() && settings.allows.is_empty(),
            "{text}"
        );
    }
}

proptest! {
    #[test]
    fn no_text_panics(text in "(\\PC|[\\[\\]{}=.,\"'\n\r]|lints|allow|until = 2027-0|\\[\\[allow\\]\\]\n|lint = |level){0,40}") {
        let (settings, errors) = read(FileId(0), &text);
        prop_assert!(settings.is_some() || !errors.is_empty());
        for error in errors {
            prop_assert!(text.get(error.place.span.range()).is_some(), "{error:?}");
        }
    }
}
