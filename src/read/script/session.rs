//! A session as it was copied from a terminal: commands stand behind prompts, which may name the node; the rest is output.

use std::ops::Range;

use crate::source::Span;

use super::Word;
use super::lines;
use super::machine;
use super::run::Run;
use super::simple::PROGRAMS;
use super::unit::{Origin, Unit};

/// What stands before a command.
#[derive(Debug, PartialEq, Eq)]
pub struct Prompt {
    /// Its length, with the blank behind it.
    pub length: usize,
    /// The node in it.
    pub node: Option<Range<usize>>,
}

/// The prompt at the start of a line: `[root@os-network ~]# `, `root@os-network:~# `, `os-network$ `, `$ `.
pub fn prompt(line: &str) -> Option<Prompt> {
    let indent = line.len() - line.trim_start().len();
    let text = line.get(indent..)?;
    if text.starts_with("$ ") {
        return Some(Prompt {
            length: indent + 2,
            node: None,
        });
    }
    let (name, end) = if let Some(inner) = text.strip_prefix('[') {
        let close = inner.find(']')?;
        let name = inner.get(..close)?.split(' ').next()?;
        (indent + 1..indent + 1 + name.len(), close + 2)
    } else {
        let end = text.find(['$', '#', ' '])?;
        let name = text.get(..end)?.split(':').next()?;
        (indent..indent + name.len(), end)
    };
    let behind = text.get(end..)?;
    if !behind.starts_with("$ ") && !behind.starts_with("# ") {
        return None;
    }
    let whole = line.get(name.clone())?;
    let node = match whole.split_once('@') {
        Some((user, host)) if !user.is_empty() => name.end - host.len()..name.end,
        Some(_) => return None,
        None => name,
    };
    let is_host = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
    let host = line.get(node.clone())?;
    let is_node =
        host.starts_with(|c: char| c.is_ascii_alphanumeric()) && host.chars().all(is_host);
    is_node.then_some(Prompt {
        length: indent + end + 2,
        node: Some(node),
    })
}

/// Whether a text is a session: the first line that holds anything starts with a prompt.
pub fn is_one(text: &str) -> bool {
    let first = text.lines().find(|line| !line.trim().is_empty());
    first.is_some_and(|line| prompt(line).is_some())
}

/// Reads the commands of a session in their order; a variable that one sets is known in the next.
pub fn read(run: &mut Run, text: &str) {
    let mut lines = lines::plain(text).peekable();
    while let Some(range) = lines.next() {
        let line = text.get(range.clone()).unwrap_or_default();
        let Some(prompt) = prompt(line) else {
            output(run, line, range.start);
            continue;
        };
        let mut unit = Unit::default();
        push(&mut unit, line, prompt.length, range.start);
        let mut continues = line.trim_end().ends_with('\\');
        while let Some(next) = lines.peek().cloned() {
            let line = text.get(next.clone()).unwrap_or_default();
            let second = line.trim_start().starts_with("> ");
            if !continues && !second {
                break;
            }
            let indent = line.len() - line.trim_start().len();
            push(
                &mut unit,
                line,
                if second { indent + 2 } else { 0 },
                next.start,
            );
            continues = line.trim_end().ends_with('\\');
            lines.next();
        }
        let outer = run.target.clone();
        if let Some(node) = prompt.node {
            let name = line.get(node.clone()).unwrap_or_default();
            let span = Span::new(range.start + node.start..range.start + node.end);
            run.target = Some(Word::literal(name, run.place(span)));
        }
        run.script(&unit);
        run.target = outer;
    }
}

fn push(unit: &mut Unit, line: &str, from: usize, start: usize) {
    let text = line.get(from..).unwrap_or_default();
    let span = Span::new(start + from..start + line.len());
    unit.push(text, span, Origin::Verbatim);
}

/// A line of output that reads like a command may be one.
fn output(run: &mut Run, line: &str, start: usize) {
    let mut words = line.split_whitespace().skip_while(|word| *word == "sudo");
    let first = words.next().unwrap_or_default();
    let name = first.rsplit('/').next().unwrap_or_default();
    if words.next().is_some() && (PROGRAMS.contains(&name) || machine::is_followed(name)) {
        let text = line.trim_end();
        let span = Span::new(start..start + text.len());
        let mut word = Word::literal(name, run.place(span));
        let why = "whether this line is a command or output".to_owned();
        word.unknown = Some((run.place(span), why));
        let fate = run.push_unfollowed(vec![word], span);
        run.account(fate);
    }
}
