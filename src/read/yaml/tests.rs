//! What no comparison with PyYAML shows: limits, places of keys, comments, what is said of a refused file.

#![allow(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

use super::{MAX_DEPTH, MAX_NODES, Node, pieces, read};

fn trouble(text: &str) -> (String, String) {
    let trouble = read(text).trouble.expect("it is refused");
    (text[trouble.span.range()].to_owned(), trouble.message)
}

/// The parts of a scalar's text that stand in the file as they are, as they stand there.
fn verbatim<'a>(text: &'a str, node: &Node) -> Vec<&'a str> {
    let pieces = pieces(text, node).into_iter();
    pieces
        .filter(|piece| piece.verbatim)
        .map(|piece| &text[piece.span.range()])
        .collect()
}

#[test]
fn lines_of_a_block_stand_where_they_are_written() {
    let text = "\u{feff}- é: &a !x |\r\n\r\n    one\r\n      two\r\n  # ovnlint: three\r\n";
    let yaml = read(text);
    let block = yaml.documents[0].items().unwrap()[0].get("é").unwrap();
    assert_eq!(block.text(), Some("\none\n  two\n"));
    assert_eq!(verbatim(text, block), ["one", "  two"]);
    let comments = yaml.comments.iter().map(|span| &text[span.range()]);
    assert_eq!(comments.collect::<Vec<_>>(), ["# ovnlint: three"]);
}

#[test]
fn an_alias_stands_where_its_anchor_is() {
    let text = "- &a {k: v}\n- *a\n- <<: *a\n  k: w\n";
    let yaml = read(text);
    let items = yaml.documents[0].items().unwrap();
    assert_eq!(items[0].span, items[1].span);
    assert_eq!(&text[items[1].get("k").unwrap().span.range()], "v");
    assert_eq!(items[2].get("k").unwrap().text(), Some("w"));
    assert_eq!(yaml.overridden, []);
}

#[test]
fn a_key_that_is_given_again_is_told() {
    let text = "a: 1\nb: 2\n\"a\": 3\n";
    let yaml = read(text);
    assert_eq!(yaml.documents[0].get("a").unwrap().text(), Some("3"));
    assert_eq!(yaml.documents[0].entries().unwrap().len(), 2);
    let overridden = yaml.overridden.iter().map(|span| &text[span.range()]);
    assert_eq!(overridden.collect::<Vec<_>>(), ["a"]);
}

#[test]
fn what_grows_without_end_is_refused() {
    let mut bomb = "a0: &a0 [x]\n".to_owned();
    for level in 1..40 {
        let before = level - 1;
        bomb += &format!("a{level}: &a{level} [*a{before}, *a{before}]\n");
    }
    let (_, message) = trouble(&bomb);
    assert!(message.contains(&MAX_NODES.to_string()), "{message}");
    let mut chain = "a0: &a0 [x]\n".to_owned();
    for level in 1..100 {
        chain += &format!("a{level}: &a{level} [*a{}]\n", level - 1);
    }
    let mut merges = "a0: &a0 {x: y}\n".to_owned();
    for level in 1..40 {
        merges += &format!("a{level}: &a{level} {{b{level}: c, <<: *a{}}}\n", level - 1);
    }
    assert_eq!(read(&merges).trouble, None);
    let deep = [
        "[".repeat(MAX_DEPTH + 1),
        "- ".repeat(100_000),
        "? ".repeat(100_000),
        chain,
    ];
    for text in deep {
        let (_, message) = trouble(&text);
        assert!(message.contains("nested more than"), "{message}");
    }
    assert_eq!(trouble("&a [*a]").1, "this stands for what it is a part of");
}

#[test]
fn what_is_wrong_is_said_where_it_stands() {
    for (text, place, message) in [
        ("a: b\nc: [d\ne: f\n", ":", "this is no YAML: "),
        ("x: {{ y }}\n", "{", "a list or a map cannot be a key"),
        (
            "a: *b\n",
            "*",
            "this is no YAML: while parsing node, found unknown anchor",
        ),
        (
            "a: b\n<<: c\n",
            "c",
            "only a map, or a list of maps, can be merged",
        ),
        (
            "é: \u{1}\n",
            "\u{1}",
            "this is no YAML: a control character",
        ),
        (
            "a: !!python/name:x y\n",
            "y",
            "there is no tag `tag:yaml.org,2002:python/name:x`",
        ),
    ] {
        let (at, said) = trouble(text);
        assert!(said.starts_with(message), "{text:?}: {said}");
        assert_eq!(at, place, "{text:?}: {said}");
    }
    assert_eq!(read("- a\n---\nb: [\n").documents.len(), 1);
}
