//! Templates of Jinja: an item of a loop is put in, all else is not known.

use crate::read::script::unit::{Origin, Unit};
use crate::read::script::yaml::{is_unsafe, missing, plain};
use crate::read::yaml::Node;
use crate::source::Span;

/// What the variable of a loop stands for.
pub enum Item<'a> {
    /// There is no loop.
    None,
    /// This, under that name.
    Known(&'a str, &'a Node),
    /// It is not known what, under that name.
    Unknown(&'a str),
}

/// A template that is opened and never closed: how it is opened.
pub type OpenTemplate = &'static str;

const MARKS: [(&str, &str); 3] = [("{{", "}}"), ("{%", "%}"), ("{#", "#}")];

/// Whether a text has templates.
pub fn is_one(text: &str) -> bool {
    MARKS.iter().any(|(open, _)| text.contains(open))
}

/// The first mark at or behind an offset: where, and which.
fn mark(text: &str, from: usize) -> Option<(usize, OpenTemplate, &'static str)> {
    let rest = text.get(from..)?;
    let found = MARKS
        .iter()
        .filter_map(|(open, close)| Some((from + rest.find(open)?, *open, *close)));
    found.min_by_key(|(at, ..)| *at)
}

/// A text with its templates put in; `node` is where it comes from.
pub fn filled(unit: &Unit, node: &Node, item: &Item) -> Unit {
    if is_unsafe(node) {
        return unit.clone();
    }
    let text = unit.text.as_str();
    let (mut filled, mut at) = (Unit::default(), 0);
    while let Some((start, open, close)) = mark(text, at) {
        filled.push_part(unit, at..start);
        let behind = text.get(start + open.len()..).unwrap_or_default();
        let Some(length) = behind.find(close) else {
            let span = unit.span(start..text.len());
            let why = "a template that is never closed";
            filled.push_unknown(span, missing(text.get(start..).unwrap_or_default(), why));
            return filled;
        };
        at = start + open.len() + length + close.len();
        let span = unit.span(start..at);
        let inner = behind
            .get(..length)
            .unwrap_or_default()
            .trim_matches(['-', '+', ' ', '\n', '\t']);
        let written = text.get(start..at).unwrap_or_default();
        match (open, item) {
            ("{#", _) => {}
            ("{{", Item::Known(name, value)) if value_of(inner, name, value).is_some() => {
                let value = value_of(inner, name, value).unwrap_or_default();
                filled.push(&value, span, Origin::Decoded);
            }
            (_, item) => push_unknown(&mut filled, span, written, inner, item),
        }
    }
    filled.push_part(unit, at..text.len());
    filled
}

fn push_unknown(filled: &mut Unit, span: Span, written: &str, inner: &str, item: &Item) {
    let why = match item {
        Item::Unknown(name) if inner.starts_with(name) => "an item of a loop that is not known",
        _ => "a template",
    };
    filled.push_unknown(span, missing(written, why));
}

/// The text of `item`, `item.key`, `item['key']` or `item[0]`.
fn value_of(expression: &str, name: &str, value: &Node) -> Option<String> {
    let mut path = expression.strip_prefix(name)?.trim();
    let mut value = value;
    while !path.is_empty() {
        if let Some(behind) = path.strip_prefix('.') {
            let length = behind
                .find(|c: char| !c.is_alphanumeric() && c != '_')
                .unwrap_or(behind.len());
            let (key, rest) = behind.split_at_checked(length)?;
            value = member(value, key)?;
            path = rest;
        } else {
            let (key, rest) = path.strip_prefix('[')?.split_once(']')?;
            value = member(value, key.trim().trim_matches(['\'', '"']))?;
            path = rest;
        }
    }
    plain(value).filter(|text| !is_one(text) || is_unsafe(value))
}

fn member<'a>(value: &'a Node, key: &str) -> Option<&'a Node> {
    match value.items() {
        Some(items) => items.get(key.parse::<usize>().ok()?).map(|item| &**item),
        None => value.get(key),
    }
}
