//! Brace expansion: `{a,b}` and `{1..4}`.

use std::rc::Rc;

use crate::source::Span;

use super::here::identifier_length;
use super::tree::{Part, Quoting, Tree};

/// Braces that give more words than this are not followed.
const MAX_WORDS: usize = 4096;
/// The same for the parts of these words together.
const MAX_PARTS: usize = 1 << 18;
/// How deep braces may be nested in each other.
const MAX_DEPTH: usize = 16;

/// A part of a word, or words of which each is put there once.
enum Node {
    Part(Part),
    Choice(Vec<Vec<Node>>),
}

/// Braces that are open: the alternatives so far, the last still growing.
struct Open {
    brace: Part,
    alternatives: Vec<Vec<Node>>,
    commas: Vec<Part>,
}

/// Whether a word has braces that give several words.
pub fn has(tree: &Tree) -> bool {
    let mut open = 0;
    let mut found = false;
    for part in &tree.parts {
        let Some(text) = bare(part) else {
            continue;
        };
        let mut last = ' ';
        for c in text.chars() {
            match c {
                '{' => open += 1,
                ',' => found |= open > 0,
                '.' => found |= open > 0 && last == '.',
                '}' if found => return true,
                _ => {}
            }
            last = c;
        }
    }
    false
}

/// The words; none where they are too many, or where braces make the name of a variable longer.
pub fn expand(tree: &Tree) -> Option<Vec<Tree>> {
    let nodes = nodes(tree)?;
    let words = words(&nodes)?;
    if words.iter().any(|parts| parts.windows(2).any(joins_name)) {
        return None;
    }
    let tree = |parts| Tree {
        span: tree.span,
        parts,
    };
    Some(words.into_iter().map(tree).collect())
}

/// bash expands braces first: `$A{b,c}` is `$Ab $Ac`.
fn joins_name(pair: &[Part]) -> bool {
    let [Part::Parameter(parameter), behind] = pair else {
        return false;
    };
    let in_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let is_name = parameter.quoting == Quoting::Bare
        && identifier_length(&parameter.name) > 0
        && !parameter.text.starts_with("${");
    is_name && bare(behind).is_some_and(|text| text.starts_with(in_name))
}

fn bare(part: &Part) -> Option<&Rc<str>> {
    match part {
        Part::Text {
            text,
            quoting: Quoting::Bare,
            ..
        } => Some(text),
        _ => None,
    }
}

fn nodes(tree: &Tree) -> Option<Vec<Node>> {
    let mut stack: Vec<Open> = Vec::new();
    let mut top: Vec<Node> = Vec::new();
    for part in tree.parts.iter().flat_map(pieces) {
        let sign = bare(&part).cloned();
        if stack.len() > MAX_DEPTH {
            return None;
        }
        match (sign.as_deref(), stack.last_mut()) {
            (Some("{"), _) => stack.push(Open {
                brace: part,
                alternatives: vec![Vec::new()],
                commas: Vec::new(),
            }),
            (Some(","), Some(open)) => {
                open.alternatives.push(Vec::new());
                open.commas.push(part);
            }
            (Some("}"), Some(_)) => {
                let open = stack.pop().expect("one is open");
                current(&mut stack, &mut top).extend(closed(open, part)?);
            }
            _ => current(&mut stack, &mut top).push(Node::Part(part)),
        }
    }
    // What is never closed means itself.
    while let Some(open) = stack.pop() {
        let literal = literal(open);
        current(&mut stack, &mut top).extend(literal);
    }
    Some(top)
}

fn current<'a>(stack: &'a mut [Open], top: &'a mut Vec<Node>) -> &'a mut Vec<Node> {
    match stack.last_mut() {
        Some(open) => open.alternatives.last_mut().expect("there is always one"),
        None => top,
    }
}

fn closed(open: Open, close: Part) -> Option<Vec<Node>> {
    if open.alternatives.len() > 1 {
        return Some(vec![Node::Choice(open.alternatives)]);
    }
    if let [Node::Part(part)] = &open.alternatives[0][..]
        && let Some(text) = bare(part)
        && let Some((from, to)) = text.split_once("..")
        && let Some(texts) = range(from, to)?
    {
        let alternative = |text: String| vec![Node::Part(with_text(part, &text))];
        let alternatives = texts.into_iter().map(alternative).collect();
        return Some(vec![Node::Choice(alternatives)]);
    }
    let mut nodes = literal(open);
    nodes.push(Node::Part(close));
    Some(nodes)
}

fn literal(open: Open) -> Vec<Node> {
    let mut nodes = vec![Node::Part(open.brace)];
    let mut commas = open.commas.into_iter();
    for alternative in open.alternatives {
        nodes.extend(alternative);
        nodes.extend(commas.next().map(Node::Part));
    }
    nodes
}

/// The texts of `from..to`; `Some(None)` where it is no range, `None` where it is too long.
#[expect(
    clippy::option_option,
    reason = "no range and a range that is too long are different"
)]
fn range(from: &str, to: &str) -> Option<Option<Vec<String>>> {
    let (to, step) = to.split_once("..").unwrap_or((to, "1"));
    let Ok(step) = step.parse::<i64>() else {
        return Some(None);
    };
    let letter = |text: &str| match text.as_bytes() {
        [byte] if byte.is_ascii_alphabetic() => Some(i64::from(*byte)),
        _ => None,
    };
    let numbers = from.parse::<i64>().ok().zip(to.parse::<i64>().ok());
    let letters = letter(from).zip(letter(to));
    let Some((first, last)) = numbers.or(letters) else {
        return Some(None);
    };
    let step = step.unsigned_abs().max(1);
    let count = first.abs_diff(last) / step;
    if count >= MAX_WORDS as u64 {
        return None;
    }
    let padded = |text: &str| text.trim_start_matches('-').starts_with('0') && text.len() > 1;
    let width = if padded(from) || padded(to) {
        from.len().max(to.len())
    } else {
        0
    };
    let texts = (0..=count).map(|index| {
        let distance = i64::try_from(index * step).unwrap_or(0);
        let number = if first <= last {
            first + distance
        } else {
            first - distance
        };
        match (numbers, u8::try_from(number)) {
            (None, Ok(byte)) => char::from(byte).to_string(),
            _ => format!("{number:0width$}"),
        }
    });
    Some(Some(texts.collect()))
}

fn words(nodes: &[Node]) -> Option<Vec<Vec<Part>>> {
    let mut words: Vec<Vec<Part>> = vec![Vec::new()];
    for node in nodes {
        match node {
            Node::Part(part) => {
                for word in &mut words {
                    word.push(part.clone());
                }
                if words.len() > 1 && words.len() * words[0].len() > MAX_PARTS {
                    return None;
                }
            }
            Node::Choice(alternatives) => {
                let mut endings = Vec::new();
                for alternative in alternatives {
                    endings.extend(self::words(alternative)?);
                    if words.len() * endings.len() > MAX_WORDS {
                        return None;
                    }
                }
                words = words
                    .iter()
                    .flat_map(|word| endings.iter().map(|ending| [&word[..], ending].concat()))
                    .collect();
            }
        }
    }
    Some(words)
}

/// A part cut at braces and commas.
fn pieces(part: &Part) -> Vec<Part> {
    let Part::Text {
        text,
        span,
        verbatim,
        quoting: Quoting::Bare,
    } = part
    else {
        return vec![part.clone()];
    };
    let mut at = 0;
    let runs = text.split_inclusive(['{', ',', '}']).flat_map(|run| {
        let sign = run.len() - run.trim_end_matches(['{', ',', '}']).len();
        [&run[..run.len() - sign], &run[run.len() - sign..]]
    });
    let pieces = runs.filter(|run| !run.is_empty()).map(|run| {
        let start = span.start as usize + at;
        at += run.len();
        Part::Text {
            text: run.into(),
            span: match verbatim {
                true => Span::new(start..start + run.len()),
                false => *span,
            },
            verbatim: *verbatim,
            quoting: Quoting::Bare,
        }
    });
    pieces.collect()
}

fn with_text(part: &Part, text: &str) -> Part {
    match part {
        Part::Text { span, .. } => Part::Text {
            text: text.into(),
            span: *span,
            verbatim: false,
            quoting: Quoting::Bare,
        },
        other => other.clone(),
    }
}
