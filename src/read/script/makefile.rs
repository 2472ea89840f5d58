//! The recipes of a Makefile: which of its targets are made is not known.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use crate::source::{FileId, Span};

use super::Script;
use super::lines;
use super::run::Run;
use super::unit::{Missing, Origin, Unit};

/// The variables that are set to plain text.
type MakeVariables<'a> = HashMap<&'a str, &'a str>;

/// Reads every recipe, in the order of the file.
pub fn read(file: FileId, text: &str) -> Script {
    let mut run = Run::new(file);
    let lines = lines::joined(text);
    let whole = Unit::whole(text, 0);
    let variables = variables(text, &lines);
    let mut certain = None;
    for range in &lines {
        let line = text.get(range.clone()).unwrap_or_default();
        let trimmed = line.trim();
        let indent = line.len() - line.trim_start().len();
        let head = Span::new(range.start + indent..range.start + indent + trimmed.len());
        match line.strip_prefix('\t') {
            Some(_) => {
                let of_target = certain.clone();
                let unknown = || run.maybe(head, "which target this belongs to is not known");
                run.certain = of_target.unwrap_or_else(unknown);
                recipe(&mut run, &whole, range.start + 1..range.end, &variables);
            }
            None if trimmed.is_empty() || trimmed.starts_with('#') => {}
            None if brings_in(trimmed) => {
                let why = "what is brought in here is not looked at";
                let word = run.unfollowed(head, why);
                let fate = run.push_unfollowed(vec![word], head);
                run.account(fate);
            }
            None => {
                run.certain = run.maybe(head, "which targets are made is not known");
                certain = Some(run.certain.clone());
                // `target: ; command`, and what `$(shell …)` runs.
                let from = match (trimmed.contains("$(shell "), trimmed.split_once(';')) {
                    (true, _) => shell(line),
                    (false, Some((rule, _))) if rule.contains(':') && !rule.contains('=') => {
                        line.find(';').map(|at| at + 1..line.len())
                    }
                    _ => None,
                };
                if let Some(part) = from {
                    let part = range.start + part.start..range.start + part.end;
                    recipe(&mut run, &whole, part, &variables);
                }
            }
        }
    }
    run.script
}

/// Variables that are given plain text, once.
fn variables<'a>(text: &'a str, lines: &[Range<usize>]) -> MakeVariables<'a> {
    let mut variables = MakeVariables::new();
    let mut again = Vec::new();
    for range in lines {
        let line = text.get(range.clone()).unwrap_or_default();
        let Some((name, value)) = line.split_once('=').filter(|_| !line.starts_with('\t')) else {
            continue;
        };
        let name = name.trim_end_matches([':', '?', '+', '!', ' ', '\t']);
        let name = name.rsplit([' ', '\t']).next().unwrap_or_default();
        if variables.insert(name, value.trim()).is_some() || value.contains(['$', '#', '\\']) {
            again.push(name);
        }
    }
    for name in again {
        variables.remove(name);
    }
    variables
}

fn brings_in(line: &str) -> bool {
    let starts = ["include ", "-include ", "sinclude ", "define ", "load "];
    starts.iter().any(|start| line.starts_with(start))
}

/// What stands in the first `$(shell …)` of a line, up to the end of the outermost parentheses.
fn shell(line: &str) -> Option<Range<usize>> {
    let start = line.find("$(shell ")? + "$(shell ".len();
    let end = line.rfind(')').filter(|end| *end >= start)?;
    Some(start..end)
}

/// One line of a recipe, which a shell of its own runs.
fn recipe(run: &mut Run, whole: &Unit, range: Range<usize>, variables: &MakeVariables) {
    let text = whole.text.as_str();
    let line = text.get(range.clone()).unwrap_or_default();
    let signs = line.len() - line.trim_start_matches(['@', '-', '+', ' ', '\t']).len();
    let mut unit = Unit::default();
    let mut at = range.start + signs;
    let end = range.start + line.trim_end_matches(['\r', '\n']).len();
    while let Some(found) = text.get(at..end).and_then(|rest| rest.find('$')) {
        let found = at + found;
        unit.push_part(whole, at..found);
        let rest = text.get(found + 1..end).unwrap_or_default();
        let (length, name) = match rest.chars().next() {
            Some('$') => {
                unit.push_part(whole, found..found + 1);
                at = found + 2;
                continue;
            }
            Some(open @ ('(' | '{')) => {
                let close = if open == '(' { ')' } else { '}' };
                match rest.find(close) {
                    Some(close) => (close + 1, rest.get(1..close).unwrap_or_default()),
                    None => (rest.len(), ""),
                }
            }
            Some(c) => (c.len_utf8(), rest.get(..c.len_utf8()).unwrap_or_default()),
            None => (0, ""),
        };
        let span = Span::new(found..found + 1 + length);
        if let Some(value) = variables.get(name) {
            unit.push(value, span, Origin::Decoded);
        } else {
            let missing = Missing {
                text: text.get(span.range()).unwrap_or_default().to_owned(),
                why: "what make puts in here".to_owned(),
            };
            unit.push_unknown(span, Arc::new(missing));
        }
        at = found + 1 + length;
    }
    unit.push_part(whole, at..end);
    run.nested(&unit, None);
}
