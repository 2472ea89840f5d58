//! Patterns, and what they name.

use super::*;

fn excluded(patterns: &[&str]) -> Leave {
    Leave::of(Path::new("/no/such"), patterns, Ignored::Left)
}

#[test]
fn exclude_is_read_as_a_gitignore_beside_the_settings() {
    let leave = excluded(&["lab/", "*.generated.ini", "!keep.generated.ini", "/top.ini"]);
    let below = leave.below(Path::new("/no/such/site"));
    let cases = [
        ("ml2_conf.ini", false),
        ("lab/ml2_conf.ini", true),
        ("a/lab/b/ml2_conf.ini", true),
        ("a/x.generated.ini", true),
        ("a/keep.generated.ini", false),
        // What is excluded as a whole is not taken back in parts.
        ("lab/keep.generated.ini", true),
        ("top.ini", false),
        ("laboratory/ml2_conf.ini", false),
    ];
    for (path, left) in cases {
        let expected = left.then_some(EXCLUDED);
        assert_eq!(below.file(Path::new(path)), expected, "{path}");
    }
    assert_eq!(below.directory(Path::new("a/lab")), Some(EXCLUDED));
    // A path that is named is read.
    let below = leave.below(Path::new("/no/such/lab"));
    assert_eq!(below.file(Path::new("ml2_conf.ini")), None);
    assert_eq!(below.directory(Path::new("")), None);
    let below = Below::all(Path::new("/no/such"));
    assert_eq!(below.file(Path::new("lab/ml2_conf.ini")), None);
}

#[test]
fn a_text_that_names_nothing_is_no_pattern() {
    for text in ["lab/", "*.ini", "!keep", "a/**/b", "[ab].ini"] {
        assert_eq!(pattern(text), Ok(()), "{text}");
    }
    for text in ["", "  ", "# a comment", "a\nb"] {
        assert!(pattern(text).is_err(), "{text:?}");
    }
}
