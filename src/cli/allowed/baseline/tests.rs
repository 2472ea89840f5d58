//! What a baseline has and finds again.

use super::*;

fn root(file: &str) -> Root {
    Root::of(Path::new(file), Path::new("/srv/cloud/site"))
}

#[test]
fn paths_are_relative_to_the_baseline() {
    assert_eq!(
        root("b.json").relative("etc/ml2_conf.ini"),
        "etc/ml2_conf.ini"
    );
    assert_eq!(
        root("../b.json").relative("ml2_conf.ini"),
        "site/ml2_conf.ini"
    );
    assert_eq!(
        root("ci/b.json").relative("./ml2_conf.ini"),
        "../ml2_conf.ini"
    );
    assert_eq!(root("/srv/b.json").relative("/srv/x/y"), "x/y");
}

#[test]
fn what_is_no_baseline_is_refused_with_its_place() {
    let fails = |text: &str| entries(FileId(0), text).expect_err("it is none");
    assert!(fails("[]").contains("line 1"));
    assert!(fails(r#"{"version": 2, "findings": []}"#).contains("version 2"));
    assert!(fails(r#"{"version": 1, "findings": [{"lint": "a"}]}"#).contains("subject"));
    let extra = r#"{"version": 1, "findings": [], "more": 1}"#;
    assert!(fails(extra).contains("more"));
}

#[test]
fn entries_know_where_they_stand() {
    let entry = r#"{"lint":"a","subject":"s","file":"f","level":"error"}"#;
    let text = format!("{{\"version\": 1,\n \"findings\": [ {entry} ]}}");
    let read = entries(FileId(0), &text).expect("it is one");
    assert_eq!(read.len(), 1);
    assert_eq!(&text[read[0].place.span.range()], entry);
    let written = super::text(&[read[0].value.clone()]);
    assert_eq!(
        written,
        format!("{{\n  \"version\": 1,\n  \"findings\": [\n    {entry}\n  ]\n}}\n")
    );
}
