//! Builds the tree from the parser's events: anchors, merge keys, repeated keys, and what PyYAML refuses.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry as Slot;
use std::sync::Arc;

use saphyr_parser::{Event, Parser, ScalarStyle, Span as Marks, StrInput, Tag};

use crate::source::Span;

use super::offsets::Offsets;
use super::{
    Entry, MAX_DEPTH, MAX_NODES, Node, Resolved, Scalar, Style, Trouble, Value, Yaml, comments,
};

/// The tags of YAML 1.1.
const TAGS: [&str; 12] = [
    "null",
    "bool",
    "int",
    "float",
    "str",
    "seq",
    "map",
    "set",
    "omap",
    "pairs",
    "binary",
    "timestamp",
];

type YamlBuilt<T> = Result<T, Trouble>;

/// A node, and what it takes to go through all that it holds.
#[derive(Clone)]
struct Weighed {
    node: Arc<Node>,
    nodes: usize,
    depth: usize,
}

/// A list or a map that is not closed yet.
struct OpenCollection {
    start: usize,
    anchor: usize,
    tag: Option<String>,
    nodes: usize,
    depth: usize,
    holds: Holds,
}

enum Holds {
    List(Vec<Arc<Node>>),
    Map(OpenPairs),
}

/// The pairs of a map so far, and the key that waits for its value.
#[derive(Default)]
struct OpenPairs {
    own: Vec<Entry>,
    merged: Vec<Entry>,
    key: Option<Arc<Node>>,
}

struct Builder<'a> {
    /// The file's text.
    text: &'a str,
    offsets: Offsets<'a>,
    open: Vec<OpenCollection>,
    anchors: HashMap<usize, Weighed>,
    scalars: Vec<Span>,
    /// The length of a byte order mark.
    mark: usize,
    /// Where a line in brackets is indented less than they are, in what is parsed.
    less_indented: Option<usize>,
    /// How many nodes the file has, with those that aliases and merge keys stand for.
    nodes: usize,
    yaml: Yaml,
}

/// What the parser, which is stricter than PyYAML, says of a line in brackets that is indented less than they are.
const LESS_INDENTED: [&str; 2] = [
    "invalid indentation",
    "invalid indentation in flow construct",
];
/// For such lines as many bytes are parsed again, and no more.
const MAX_AGAIN: usize = 64 << 20;

/// Reads all documents; what is wrong ends the reading.
pub fn read(text: &str) -> Yaml {
    let mark = if text.starts_with('\u{feff}') {
        '\u{feff}'.len_utf8()
    } else {
        0
    };
    let mut parsed = Cow::Borrowed(text.get(mark..).unwrap_or_default());
    let mut again = 0;
    loop {
        let mut builder = Builder {
            text,
            mark,
            offsets: Offsets::of(&parsed),
            open: Vec::new(),
            anchors: HashMap::new(),
            scalars: Vec::new(),
            nodes: 0,
            less_indented: None,
            yaml: Yaml::default(),
        };
        let trouble = builder.events(&parsed).err();
        let joined = builder.less_indented.and_then(|at| joined(&parsed, at));
        again += parsed.len();
        if let Some(joined) = joined.filter(|_| again <= MAX_AGAIN) {
            parsed = Cow::Owned(joined);
            continue;
        }
        let mut yaml = builder.yaml;
        yaml.trouble = trouble;
        yaml.comments = comments::of(text, &mut builder.scalars);
        return yaml;
    }
}

/// The text with the line that starts in front of this place joined to the one above: between brackets a line end is a
/// blank. Every byte stays where it is.
fn joined(text: &str, at: usize) -> Option<String> {
    let end = text.get(..at)?.rfind('\n')?;
    let start = text.get(..end)?.rfind('\n').map_or(0, |above| above + 1);
    let line = text.get(start..end)?;
    let is_comment = |sign: &usize| {
        let before = line.get(..*sign).unwrap_or_default();
        let quotes = before.matches(['"', '\'']).count();
        (before.is_empty() || before.ends_with([' ', '\t'])) && quotes % 2 == 0
    };
    let comment = line
        .match_indices('#')
        .map(|(sign, _)| sign)
        .find(is_comment);
    let kept = comment.unwrap_or(line.trim_end_matches('\r').len());
    let blanks = " ".repeat(end + 1 - start - kept);
    let (before, behind) = (text.get(..start + kept)?, text.get(end + 1..)?);
    Some([before, &blanks, behind].concat())
}

impl<'a> Builder<'a> {
    fn events(&mut self, parsed: &'a str) -> YamlBuilt<()> {
        self.is_printable()?;
        let mut parser: Parser<'a, StrInput<'a>> = Parser::new_from_str(parsed);
        while let Some(event) = parser.next_event() {
            let (event, marks) = event.map_err(|error| {
                let at = self.byte(error.marker().index());
                if LESS_INDENTED.contains(&error.info()) {
                    self.less_indented = at.checked_sub(self.mark);
                }
                self.trouble(at, &format!("this is no YAML: {}", error.info()))
            })?;
            self.event(event, marks)?;
        }
        Ok(())
    }

    fn byte(&self, number: usize) -> usize {
        self.mark + self.offsets.byte(number)
    }

    /// At a character, or at the end of the text.
    fn trouble(&self, at: usize, message: &str) -> Trouble {
        let behind = self.text.get(at..).and_then(|rest| rest.chars().next());
        Trouble {
            span: Span::new(at..at + behind.map_or(0, char::len_utf8)),
            message: message.to_owned(),
        }
    }

    /// Control characters, and what is no character, are in no YAML.
    fn is_printable(&self) -> YamlBuilt<()> {
        let is_foreign = |c: char| match c {
            '\t' | '\n' | '\r' | '\u{85}' => false,
            '\u{fffe}' | '\u{ffff}' => true,
            c => c.is_control(),
        };
        match self.text.find(is_foreign) {
            Some(at) => Err(self.trouble(at, "this is no YAML: a control character")),
            None => Ok(()),
        }
    }

    fn event(&mut self, event: Event<'a>, marks: Marks) -> YamlBuilt<()> {
        let start = self.byte(marks.start.index());
        let end = self.byte(marks.end.index()).max(start);
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let style = match style {
                    ScalarStyle::SingleQuoted => Style::SingleQuoted,
                    ScalarStyle::DoubleQuoted => Style::DoubleQuoted,
                    ScalarStyle::Literal => Style::Literal,
                    ScalarStyle::Folded => Style::Folded,
                    ScalarStyle::Plain => Style::Plain,
                };
                let is_marked = anchor > 0 || tag.is_some();
                let start = if is_marked {
                    self.behind_marks(start, end, style)
                } else {
                    start
                };
                let span = Span::new(start..self.scalar_end(start, end, style));
                self.scalars.push(span);
                let mut text = text.into_owned();
                // The parser ends each block with a line end, also the one that the file ends without it.
                let is_block = matches!(style, Style::Literal | Style::Folded);
                if is_block && end == self.text.len() && !self.text.ends_with('\n') {
                    text.truncate(text.strip_suffix('\n').map_or(text.len(), str::len));
                }
                let node = Node {
                    span,
                    tag: self.tag(tag.as_deref(), start)?,
                    value: Value::Scalar(Scalar { text, style }),
                };
                self.add(node, anchor, 1, 1)
            }
            Event::SequenceStart(anchor, tag) => {
                self.start(start, anchor, tag.as_deref(), Holds::List(Vec::new()))
            }
            Event::MappingStart(anchor, tag) => self.start(
                start,
                anchor,
                tag.as_deref(),
                Holds::Map(OpenPairs::default()),
            ),
            Event::SequenceEnd | Event::MappingEnd => self.end(end),
            Event::Alias(anchor) => {
                let Some(known) = self.anchors.get(&anchor).cloned() else {
                    return Err(self.trouble(start, "this stands for what it is a part of"));
                };
                self.count(known.nodes, start)?;
                self.place(known, Span::new(start..end))
            }
            Event::DocumentEnd => {
                self.anchors.clear();
                Ok(())
            }
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) => {
                Ok(())
            }
        }
    }

    /// Where a scalar starts behind `&anchor`, `!tag` and, of a block, its header.
    fn behind_marks(&self, start: usize, end: usize, style: Style) -> usize {
        let whole = self.text.get(start..end).unwrap_or_default();
        let mut rest = whole;
        loop {
            rest = rest.trim_start();
            let length = match rest.chars().next() {
                Some('&' | '!') => rest.find(char::is_whitespace),
                Some('#') => rest.find('\n'),
                _ => break,
            };
            let (_, behind) = rest
                .split_at_checked(length.unwrap_or(rest.len()))
                .unwrap_or_default();
            rest = behind;
        }
        if matches!(style, Style::Literal | Style::Folded) {
            rest = rest
                .split_once('\n')
                .map_or("", |(_, body)| body)
                .trim_start();
        }
        start + whole.len() - rest.len()
    }

    /// Where a scalar ends: the parser may take blanks behind it with it.
    fn scalar_end(&self, start: usize, end: usize, style: Style) -> usize {
        let whole = self.text.get(start..end).unwrap_or_default();
        let length = match style {
            Style::Plain => whole.trim_end().len(),
            Style::SingleQuoted => whole.rfind('\'').map_or(whole.len(), |quote| quote + 1),
            Style::DoubleQuoted => whole.rfind('"').map_or(whole.len(), |quote| quote + 1),
            Style::Literal | Style::Folded => whole.len(),
        };
        start + length
    }

    fn start(
        &mut self,
        start: usize,
        anchor: usize,
        tag: Option<&Tag>,
        holds: Holds,
    ) -> YamlBuilt<()> {
        if self.open.len() >= MAX_DEPTH {
            return Err(self.too_deep(start));
        }
        self.open.push(OpenCollection {
            start,
            anchor,
            tag: self.tag(tag, start)?,
            nodes: 1,
            depth: 0,
            holds,
        });
        Ok(())
    }

    /// A tag as it is meant; `!` alone says nothing. PyYAML knows its own, and programs those that start with `!`.
    fn tag(&self, tag: Option<&Tag>, at: usize) -> YamlBuilt<Option<String>> {
        let Some(tag) = tag.filter(|tag| (&*tag.handle, &*tag.suffix) != ("", "!")) else {
            return Ok(None);
        };
        let name = format!("{}{}", tag.handle, tag.suffix);
        let own = name.strip_prefix("tag:yaml.org,2002:");
        if name.starts_with('!') || own.is_some_and(|own| TAGS.contains(&own)) {
            return Ok(Some(name));
        }
        Err(self.trouble(at, &format!("there is no tag `{name}`")))
    }

    fn too_deep(&self, at: usize) -> Trouble {
        self.trouble(
            at,
            &format!("lists and maps are nested more than {MAX_DEPTH} deep here"),
        )
    }

    fn end(&mut self, end: usize) -> YamlBuilt<()> {
        let open = self
            .open
            .pop()
            .expect("the parser closes only what it opened");
        let value = match open.holds {
            Holds::List(items) => Value::List(items),
            Holds::Map(pairs) => Value::Map(self.once(pairs)),
        };
        // The end of a block is where the next thing starts.
        let text = self.text.get(open.start..end).unwrap_or_default();
        let node = Node {
            span: Span::new(open.start..open.start + text.trim_end().len()),
            tag: open.tag,
            value,
        };
        self.add(node, open.anchor, open.nodes, open.depth + 1)
    }

    fn add(&mut self, node: Node, anchor: usize, nodes: usize, depth: usize) -> YamlBuilt<()> {
        let span = node.span;
        let weighed = Weighed {
            node: Arc::new(node),
            nodes,
            depth,
        };
        self.count(1, span.range().start)?;
        if anchor > 0 {
            self.anchors.insert(anchor, weighed.clone());
        }
        self.place(weighed, span)
    }

    fn count(&mut self, nodes: usize, at: usize) -> YamlBuilt<()> {
        self.nodes = self.nodes.saturating_add(nodes);
        if self.nodes > MAX_NODES {
            let message = format!(
                "there are more than {MAX_NODES} values up to here, with what aliases stand for"
            );
            return Err(self.trouble(at, &message));
        }
        Ok(())
    }

    /// Puts a value where it belongs.
    fn place(&mut self, weighed: Weighed, span: Span) -> YamlBuilt<()> {
        let at = span.range().start;
        if self.open.len() + weighed.depth > MAX_DEPTH {
            return Err(self.too_deep(at));
        }
        let Some(open) = self.open.last_mut() else {
            self.yaml.documents.push(weighed.node);
            return Ok(());
        };
        open.nodes = open.nodes.saturating_add(weighed.nodes);
        open.depth = open.depth.max(weighed.depth);
        let pairs = match &mut open.holds {
            Holds::List(items) => {
                items.push(weighed.node);
                return Ok(());
            }
            Holds::Map(pairs) => pairs,
        };
        let Some(key) = pairs.key.take() else {
            if weighed.node.text().is_none() {
                return Err(self.trouble(at, "a list or a map cannot be a key"));
            }
            pairs.key = Some(weighed.node);
            return Ok(());
        };
        if !is_merge(&key) {
            pairs.own.push(Entry {
                key,
                value: weighed.node,
            });
            return Ok(());
        }
        let Some(merged) = merged(&weighed.node) else {
            return Err(self.trouble(at, "only a map, or a list of maps, can be merged"));
        };
        pairs.merged.extend(merged.iter().cloned());
        self.count(merged.len(), at)
    }

    /// A map's entries: those that were merged first, each key once, with the last value.
    fn once(&mut self, pairs: OpenPairs) -> Vec<Entry> {
        let merged = pairs.merged.len();
        let mut entries: Vec<Entry> = Vec::with_capacity(merged + pairs.own.len());
        let mut known = HashMap::new();
        for (index, entry) in pairs.merged.into_iter().chain(pairs.own).enumerate() {
            match known.entry(identity(&entry.key)) {
                Slot::Vacant(vacant) => {
                    vacant.insert((entries.len(), index));
                    entries.push(entry);
                }
                Slot::Occupied(mut occupied) => {
                    let (at, before) = *occupied.get();
                    occupied.insert((at, index));
                    if let Some(old) = entries.get_mut(at) {
                        if before >= merged {
                            self.yaml.overridden.push(old.key.span);
                        }
                        *old = entry;
                    }
                }
            }
        }
        entries
    }
}

/// What a key is, for PyYAML: `1` and `0x1` are the same, `1` and `"1"` are not.
#[derive(PartialEq, Eq, Hash)]
enum KeyIdentity {
    Null,
    Int(i128),
    Text(String),
    Other(String),
}

fn identity(key: &Node) -> KeyIdentity {
    let text = || key.text().unwrap_or_default().to_owned();
    match key.resolved() {
        Some(Resolved::Null) => KeyIdentity::Null,
        Some(Resolved::Bool(truth)) => KeyIdentity::Int(i128::from(truth)),
        Some(Resolved::Int(number)) => KeyIdentity::Int(number),
        Some(Resolved::Text) => KeyIdentity::Text(text()),
        _ => KeyIdentity::Other(text()),
    }
}

fn is_merge(key: &Node) -> bool {
    match &key.value {
        Value::Scalar(scalar) => {
            scalar.text == "<<" && scalar.style == Style::Plain && key.tag.is_none()
        }
        Value::List(_) | Value::Map(_) => false,
    }
}

/// What a merge key brings in; of a list of maps, the first that has a key gives its value.
fn merged(node: &Node) -> Option<Vec<Entry>> {
    match &node.value {
        Value::Map(entries) => Some(entries.clone()),
        Value::List(items) => {
            let maps = items.iter().rev().map(|item| item.entries());
            let maps: Option<Vec<&[Entry]>> = maps.collect();
            Some(maps?.concat())
        }
        Value::Scalar(_) => None,
    }
}
