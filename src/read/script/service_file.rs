//! The commands in a unit of systemd: `ExecStart=` and its like, which no shell reads.

use std::ops::Range;
use std::sync::Arc;

use crate::source::{FileId, Span};

use super::lines;
use super::run::Run;
use super::unit::{Missing, Origin, Unit};
use super::{Script, Word, parse};

/// Reads what runs when the unit starts; what runs when it stops or reloads may run.
pub fn read(file: FileId, text: &str) -> Script {
    let mut run = Run::new(file);
    let certain = run.certain.clone();
    let whole = Unit::whole(text, 0);
    for range in lines::joined(text) {
        let line = text.get(range.clone()).unwrap_or_default();
        let Some((key, value)) = line.split_once('=') else {
            continue;
        };
        let name = key.trim();
        if !name.starts_with("Exec") || line.starts_with(['#', ';']) {
            continue;
        }
        let start = range.start + key.len() + 1;
        let head = Span::new(range.start..start);
        run.certain = match name {
            "ExecStart" | "ExecStartPre" | "ExecStartPost" | "ExecCondition" => certain.clone(),
            _ => run.maybe(head, "when the unit stops or reloads is not known"),
        };
        command(&mut run, &whole, start..start + value.trim_end().len());
    }
    run.script
}

/// Whether a text is a unit: by its name, or by its first line, for a script may hold one.
pub fn is_one(name: &str, text: &str) -> bool {
    let endings = [".service", ".socket", ".timer"];
    let mut lines = text.lines().map(str::trim);
    let first = lines.find(|line| !line.is_empty() && !line.starts_with(['#', ';']));
    endings.iter().any(|ending| name.ends_with(ending))
        || matches!(first, Some("[Unit]" | "[Service]"))
}

fn command(run: &mut Run, whole: &Unit, range: Range<usize>) {
    let text = whole.text.as_str();
    let value = text.get(range.clone()).unwrap_or_default();
    let behind = value.trim_start_matches(['-', ':', '+', '!', '|', ' ', '\t', '@']);
    let signs = value.len() - behind.len();
    let names_itself = value.get(..signs).is_some_and(|signs| signs.contains('@'));
    let unit = filled(whole, range.start + signs..range.end);
    let trees = match parse::words(&unit) {
        Ok(trees) => trees,
        Err(trouble) => return run.trouble(trouble),
    };
    let words: Vec<Word> = trees.iter().map(|tree| run.whole(tree)).collect();
    for mut words in words.split(|word| word.text == ";").map(<[Word]>::to_vec) {
        if names_itself && words.len() > 1 {
            words.remove(1);
        }
        run.given(words, None);
    }
}

/// The text without what joins lines; `$NAME` and `%i` are not known.
fn filled(whole: &Unit, range: Range<usize>) -> Unit {
    let text = whole.text.as_str();
    let mut unit = Unit::default();
    let mut at = range.start;
    while let Some(found) = text
        .get(at..range.end)
        .and_then(|rest| rest.find(['$', '%', '\\']))
    {
        let found = at + found;
        unit.push_part(whole, at..found);
        let rest = text.get(found..range.end).unwrap_or_default();
        let is_joint = rest.starts_with("\\\n") || rest.starts_with("\\\r\n");
        let name = rest.get(1..).unwrap_or_default();
        let length = match rest.chars().next() {
            Some('\\') if is_joint => {
                unit.push(" ", Span::new(found..found + 1), Origin::Decoded);
                at = found + 1;
                continue;
            }
            Some('\\') => {
                let next = name.chars().next().map_or(0, char::len_utf8);
                unit.push_part(whole, found..found + 1 + next);
                at = found + 1 + next;
                continue;
            }
            Some('%') => 1 + name.chars().next().map_or(0, char::len_utf8),
            _ => {
                let is_name = |c: char| c.is_ascii_alphanumeric() || "_{}$".contains(c);
                1 + name.find(|c| !is_name(c)).unwrap_or(name.len())
            }
        };
        let span = Span::new(found..found + length);
        let missing = Missing {
            text: text.get(span.range()).unwrap_or_default().to_owned(),
            why: "what systemd puts in here".to_owned(),
        };
        unit.push_unknown(span, Arc::new(missing));
        at = found + length;
    }
    unit.push_part(whole, at..range.end);
    unit
}
