//! What a task tells its module: a map, `key=value` in one text, and text that is neither.

use std::ops::Range;

use crate::read::script::unit::Unit;
use crate::read::script::yaml::Reader;
use crate::read::yaml::{Node, Value};
use crate::source::Span;

/// Modules that take all text that is not one of [`OPTIONS`].
const FREE: [&str; 4] = ["command", "shell", "raw", "script"];
/// Modules that take text beside `key=value`.
const MIXED: [&str; 9] = [
    "include_vars",
    "include_tasks",
    "include_role",
    "import_tasks",
    "import_role",
    "add_host",
    "group_by",
    "set_fact",
    "meta",
];
/// What is taken out of the text of [`FREE`].
const OPTIONS: [&str; 8] = [
    "creates",
    "removes",
    "chdir",
    "executable",
    "warn",
    "stdin",
    "stdin_add_newline",
    "strip_empty_ends",
];

/// What a module is told.
#[derive(Default)]
pub struct Arguments<'n> {
    /// Text that is no argument with a name: a command.
    pub free: Option<(Unit, &'n Node)>,
    given: Vec<(String, Given<'n>)>,
    /// Where a text stands that names no arguments: a template, or what the module will refuse.
    pub unknown: Option<Span>,
}

/// The value of an argument.
#[derive(Clone)]
pub enum Given<'n> {
    /// A value of a map.
    Value(&'n Node),
    /// A part of a text, and the text's place.
    Text(Unit, &'n Node),
}

/// Why the arguments are refused, and where.
pub type Refused = (Span, String);

impl<'n> Arguments<'n> {
    /// The arguments of a module in a value and, below it, in `args`.
    pub fn of(
        reader: &Reader,
        module: &str,
        value: &'n Node,
        args: Option<&'n Node>,
    ) -> Result<Self, Refused> {
        let mut arguments = Self::default();
        if let Some(args) = args {
            arguments.add(reader, module, args)?;
        }
        arguments.add(reader, module, value)?;
        Ok(arguments)
    }

    fn add(&mut self, reader: &Reader, module: &str, value: &'n Node) -> Result<(), Refused> {
        match &value.value {
            Value::Map(entries) => {
                let pairs = entries
                    .iter()
                    .map(|entry| (entry.name().to_owned(), Given::Value(&entry.value)));
                self.given.extend(pairs);
                Ok(())
            }
            Value::List(_) => Err((
                value.span,
                format!("`{module}` takes a map or a text, no list"),
            )),
            Value::Scalar(_) if value.is_null() => Ok(()),
            Value::Scalar(_) => {
                let unit = reader.unit(value).unwrap_or_default();
                self.text(module, &unit, value)
            }
        }
    }

    /// `key=value` and free text.
    pub fn text(&mut self, module: &str, unit: &Unit, node: &'n Node) -> Result<(), Refused> {
        let text = unit.text.as_str();
        let tokens = tokens(text).map_err(|at| {
            let what = text
                .get(at..)
                .and_then(|rest| rest.chars().next())
                .unwrap_or_default();
            (
                unit.span(at..at + what.len_utf8()),
                format!("`{what}` is opened here and never closed, which Ansible refuses"),
            )
        })?;
        let name = module.rsplit('.').next().unwrap_or_default();
        let is_free = FREE.contains(&name);
        let mut free = Unit::default();
        for (index, token) in tokens.iter().enumerate() {
            let next = tokens.get(index + 1).map_or(text.len(), |next| next.start);
            let word = text.get(token.clone()).unwrap_or_default();
            let key = key(word).map(|end| word.get(..end).unwrap_or_default().trim());
            match key {
                // A line that goes on with the next.
                _ if word == "\\" => {}
                Some(key) if !is_free || OPTIONS.contains(&key) => {
                    let value = unquoted(text, token.start + key.len() + 1..token.end);
                    let mut part = Unit::default();
                    part.push_part(unit, value);
                    self.given.push((key.to_owned(), Given::Text(part, node)));
                }
                _ => free.push_part(unit, token.start..next),
            }
        }
        let is_empty = free.text.trim().is_empty();
        if is_free || MIXED.contains(&name) {
            self.free = (!is_empty).then_some((free, node));
        } else if !is_empty {
            self.unknown = Some(node.span);
        }
        Ok(())
    }

    /// The value of the first of these names that is given.
    pub fn get(&self, names: &[&str]) -> Option<&Given<'n>> {
        let last = |name: &&str| self.given.iter().rev().find(|(given, _)| given == *name);
        names.iter().find_map(last).map(|(_, value)| value)
    }

    /// Adds those of another, which come first.
    pub fn extend(&mut self, other: Self) {
        self.given.extend(other.given);
        self.unknown = self.unknown.or(other.unknown);
    }

    /// The names of all arguments.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.given.iter().map(|(name, _)| name.as_str())
    }
}

/// The offset of the `=` behind a key.
fn key(word: &str) -> Option<usize> {
    let mut signs = word.match_indices('=').map(|(at, _)| at);
    let is_sign = |at: &usize| *at > 0 && !word.get(..*at).unwrap_or_default().ends_with('\\');
    signs.find(is_sign)
}

/// A range without the quotes around all of it.
fn unquoted(text: &str, range: Range<usize>) -> Range<usize> {
    let value = text.get(range.clone()).unwrap_or_default();
    let is_quoted =
        |quote: char| value.len() > 1 && value.starts_with(quote) && value.ends_with(quote);
    if is_quoted('"') || is_quoted('\'') {
        range.start + 1..range.end - 1
    } else {
        range
    }
}

/// The words of a text, at blanks and line ends outside of quotes and templates; where what is opened is not closed.
fn tokens(text: &str) -> Result<Vec<Range<usize>>, usize> {
    const OPEN: [&str; 3] = ["{{", "{%", "{#"];
    const CLOSE: [&str; 3] = ["}}", "%}", "#}"];
    let (mut tokens, mut start) = (Vec::new(), None);
    let mut quote: Option<(char, usize)> = None;
    let mut depths = [(0_usize, 0_usize); 3];
    let (mut before, mut until) = (' ', 0);
    for (at, c) in text.char_indices() {
        let rest = text.get(at..).unwrap_or_default();
        if at >= until {
            for (depth, (open, close)) in depths.iter_mut().zip(OPEN.iter().zip(CLOSE)) {
                if rest.starts_with(open) {
                    *depth = (depth.0 + 1, at);
                    until = at + 2;
                } else if rest.starts_with(close) {
                    depth.0 = depth.0.saturating_sub(1);
                    until = at + 2;
                }
            }
        }
        match quote {
            Some((open, _)) if c == open && before != '\\' => quote = None,
            None if matches!(c, '"' | '\'') && before != '\\' => quote = Some((c, at)),
            _ => {}
        }
        before = c;
        let is_open = quote.is_some() || depths.iter().any(|(depth, _)| *depth > 0);
        if matches!(c, ' ' | '\n') && !is_open {
            tokens.extend(start.take().map(|start| start..at));
        } else {
            start.get_or_insert(at);
        }
    }
    if let Some((_, at)) = quote {
        return Err(at);
    }
    if let Some((_, at)) = depths.iter().find(|(depth, _)| *depth > 0) {
        return Err(*at);
    }
    tokens.extend(start.map(|start| start..text.len()));
    Ok(tokens)
}

/// The first word of a text and the rest: `action: MODULE …`.
pub fn split_module(text: &str) -> Option<(Range<usize>, usize)> {
    let tokens = tokens(text).ok()?;
    let first = tokens.first()?.clone();
    let rest = tokens.get(1).map_or(text.len(), |second| second.start);
    Some((first, rest))
}
