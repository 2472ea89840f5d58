//! Command lines of real operators, by the grammar alone.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;

use ovnlint::change::ctl::{Tool, Word, parse};

/// Beside the project, where it exists.
const CORPUS: &str = "../shared/corpus/commands.tsv";

#[derive(Debug, PartialEq)]
enum Read {
    Line(Tool, Vec<Word>),
    Prose,
}

/// The words of the first command of a shell line, from the tool's name on.
fn read(line: &str) -> Option<Read> {
    let (tool, at) = [(Tool::Vsctl, "ovs-vsctl"), (Tool::Nbctl, "ovn-nbctl")]
        .iter()
        .filter_map(|(tool, name)| Some((*tool, line.find(name)? + name.len())))
        .min_by_key(|(_, at)| *at)?;
    let words = shell(&line[at..]);
    let starts = words
        .first()
        .map(|word| word.value.as_str())
        .unwrap_or_default();
    let prose = starts.is_empty()
        || starts.starts_with(['"', '%', '-', ')'])
            && !starts.starts_with("--")
            && starts.len() < 2;
    Some(if prose {
        Read::Prose
    } else {
        Read::Line(tool, words)
    })
}

/// Words as a shell makes them, up to the end of the command. What a template will fill in is one word.
fn shell(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut chars = text.chars().peekable();
    let mut depth = 0;
    while let Some(c) = chars.next() {
        match (quote, c) {
            (None, '{') if chars.peek() == Some(&'{') => depth += 1,
            (None, '}') if depth > 0 && chars.peek() == Some(&'}') => depth -= 1,
            _ => {}
        }
        match (quote, c) {
            (Some(own), c) if own == c => quote = None,
            (None, '"' | '\'') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None | Some('"'), '\\') => {
                let next = chars.next();
                word.get_or_insert_default()
                    .extend(next.filter(|c| *c != '\n'));
            }
            (None, '|' | ';' | '&' | '>' | ')') if depth == 0 => break,
            (None, '#') if word.is_none() => break,
            (None, c) if c.is_whitespace() && depth == 0 => words.extend(word.take()),
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words.iter().map(|word| Word::from(word.as_str())).collect()
}

#[test]
fn real_lines_fit_the_grammar() {
    let Ok(text) = fs::read_to_string(CORPUS) else {
        let _ = writeln!(std::io::stderr(), "skipped: {CORPUS} is not here");
        return;
    };
    let lines = text
        .lines()
        .skip(1)
        .filter_map(|line| line.split('\t').nth(1));
    let lines: Vec<&str> = lines.filter(|line| !line.contains(['$', '`'])).collect();
    let (mut fit, mut all) = (0, 0);
    let mut reasons: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for line in lines {
        let Some(Read::Line(tool, words)) = read(line) else {
            continue;
        };
        all += 1;
        match parse::line(tool, &words, None) {
            Ok(_) => fit += 1,
            Err(refusal) => reasons.entry(refusal.message).or_default().push(line),
        }
    }
    for (reason, lines) in &reasons {
        println!("{reason}");
        for line in lines {
            println!("    {line}");
        }
    }
    println!("{fit} of {all} lines fit the grammar");
    assert!(fit * 100 >= all * 85, "{fit} of {all}");
}
