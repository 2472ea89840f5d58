//! Commands in the fenced blocks of a Markdown file.

use std::ops::Range;

use crate::source::{FileId, Span};

use super::Script;
use super::here::identifier_length;
use super::parse::is_reserved;
use super::run::Run;
use super::unit::{Origin, Unit};

/// How lines of a script start, besides the programs that are looked for.
const STARTS: [&str; 12] = [
    "export", "echo", "cd", "source", ".", "sleep", "set", "local", "readonly", "sudo", "cat",
    "bash",
];

/// What the commands of a block look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Look {
    /// A script.
    Script,
    /// A session: commands stand behind prompts, the rest is output.
    Session,
    /// Not said.
    Bare,
}

/// The lines of a block.
type Lines = Vec<Range<usize>>;

/// Reads the blocks in their order; a variable of one is known in the next.
pub fn read(file: FileId, text: &str) -> Script {
    let mut run = Run::new(file);
    for (look, block) in blocks(text) {
        let unit = commands(text, &block, look);
        run.script(&unit);
    }
    run.script
}

/// The blocks that may hold commands, each with the lines in it.
fn blocks(text: &str) -> Vec<(Look, Lines)> {
    let mut blocks = Vec::new();
    let mut open: Option<(&str, Option<Look>, Lines)> = None;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let range = start..start + line.len();
        start = range.end;
        let trimmed = line.trim();
        let marks = trimmed.len() - trimmed.trim_start_matches(['`', '~']).len();
        let fence = &trimmed[..marks];
        let is_fence = fence.len() >= 3 && (fence.starts_with("```") || fence.starts_with("~~~"));
        match &mut open {
            Some((opening, look, lines)) => {
                if is_fence && trimmed == fence && fence.starts_with(*opening) {
                    blocks.extend(look.map(|look| (look, std::mem::take(lines))));
                    open = None;
                } else {
                    lines.push(range);
                }
            }
            None if is_fence => open = Some((fence, look(&trimmed[marks..]), Vec::new())),
            None => {}
        }
    }
    if let Some((_, Some(look), lines)) = open {
        blocks.push((look, lines));
    }
    blocks
}

/// What a fence says of its block; none where it holds no commands.
fn look(info: &str) -> Option<Look> {
    let language = info.trim().trim_start_matches(['{', '.']);
    let end = language.find(|c: char| !c.is_ascii_alphanumeric() && c != '-');
    let language = language[..end.unwrap_or(language.len())].to_ascii_lowercase();
    match language.as_str() {
        "bash" | "sh" | "shell" | "zsh" | "ksh" | "shellscript" => Some(Look::Script),
        "console" | "shell-session" | "shellsession" | "sh-session" | "bash-session"
        | "terminal" => Some(Look::Session),
        "" | "text" | "txt" => Some(Look::Bare),
        _ => None,
    }
}

/// The commands of a block, without prompts and output.
fn commands(text: &str, lines: &[Range<usize>], look: Look) -> Unit {
    let line = |range: &Range<usize>| &text[range.clone()];
    let is_session = match look {
        Look::Script => lines
            .iter()
            .any(|range| matches!(prompt(line(range)), Some((_, '$')))),
        Look::Session => lines.iter().any(|range| prompt(line(range)).is_some()),
        Look::Bare => true,
    };
    let is_session = is_session && !(look == Look::Bare && is_script(lines.iter().map(line)));
    let mut unit = Unit::default();
    let mut continues = false;
    for range in lines {
        let text = line(range);
        let start = match (is_session, prompt(text)) {
            (false, _) => Some(0),
            (true, _) if continues => Some(secondary_prompt(text)),
            (true, Some((length, sign))) => {
                let is_command = match (look, sign) {
                    (_, '$') | (Look::Session, _) => true,
                    (Look::Bare, _) => is_known(&text[length..]),
                    (Look::Script, _) => false,
                };
                is_command.then_some(length)
            }
            (true, None) => (look == Look::Bare && is_known(text)).then_some(0),
        };
        continues = start.is_some() && text.trim_end().ends_with('\\');
        let Some(start) = start else {
            continue;
        };
        let span = Span::new(range.start + start..range.end);
        unit.push(&text[start..], span, Origin::Verbatim);
    }
    unit
}

/// The length of a prompt and its sign: `$ `, `# `, `[root@node ~]# `, `user@node:~$ `, `sh-5.1# `.
fn prompt(line: &str) -> Option<(usize, char)> {
    let indent = line.len() - line.trim_start().len();
    let text = &line[indent..];
    let end = if text.starts_with('[') {
        text.find(']')? + 1
    } else {
        text.find(['$', '#', ' '])?
    };
    let name = &text[..end];
    let is_name =
        name.is_empty() || name.starts_with('[') || name.contains('@') || name.starts_with("sh-");
    let sign = text[end..]
        .chars()
        .next()
        .filter(|sign| matches!(sign, '$' | '#'))?;
    (is_name && text[end + 1..].starts_with(' ')).then_some((indent + end + 2, sign))
}

/// The length of the `> ` with which a shell asks for the rest of a command.
fn secondary_prompt(line: &str) -> usize {
    let trimmed = line.trim_start();
    if trimmed.starts_with("> ") {
        line.len() - trimmed.len() + 2
    } else {
        0
    }
}

/// Whether a block of which nothing says that it is a script is one: each line starts like a command, or is part of
/// one, and a command is known.
fn is_script<'a>(lines: impl Iterator<Item = &'a str>) -> bool {
    let (mut any_known, mut continues) = (false, false);
    for line in lines {
        let (text, is_part) = (line.trim(), continues);
        continues = text.ends_with('\\');
        any_known |= is_known(text);
        let first = text.split([' ', ';', '=']).next().unwrap_or_default();
        let assigns =
            text[first.len()..].starts_with('=') && identifier_length(first) == first.len();
        let is_shell = STARTS.contains(&first) || is_reserved(first);
        let is_comment =
            text.starts_with('#') && prompt(line).is_none_or(|(at, _)| !is_known(&line[at..]));
        let starts = text.is_empty() || is_known(text) || assigns || is_shell || is_comment;
        if !starts && !is_part {
            return false;
        }
    }
    any_known
}

/// Whether a line of which nothing says that it is a command is one.
fn is_known(line: &str) -> bool {
    let mut words = line.split_whitespace().skip_while(|word| *word == "sudo");
    let name = words.next().unwrap_or_default();
    let name = name.rsplit('/').next().unwrap_or_default();
    let prefixes = ["docker", "podman", "kubectl", "ssh"];
    let is_program = super::simple::PROGRAMS[..6].contains(&name);
    (is_program || prefixes.contains(&name)) && words.next().is_some()
}
