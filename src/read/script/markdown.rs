//! Commands in the blocks of code of a Markdown file.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};

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

/// Languages in which nothing runs.
const DATA: [&str; 25] = [
    "ini",
    "toml",
    "json",
    "json5",
    "jsonc",
    "xml",
    "html",
    "css",
    "csv",
    "tsv",
    "conf",
    "config",
    "cfg",
    "properties",
    "dotenv",
    "log",
    "output",
    "mermaid",
    "plantuml",
    "dot",
    "graphviz",
    "http",
    "markdown",
    "md",
    "diff",
];

/// Languages in which something may run that is not followed in Markdown.
const FOREIGN: [&str; 24] = [
    "yaml",
    "yml",
    "ansible",
    "python",
    "python3",
    "py",
    "perl",
    "ruby",
    "rb",
    "make",
    "makefile",
    "dockerfile",
    "docker",
    "hcl",
    "terraform",
    "puppet",
    "groovy",
    "jenkinsfile",
    "powershell",
    "ps1",
    "fish",
    "csh",
    "tcl",
    "expect",
];

/// Programs that are taken for commands where nothing says what a block is, besides those that are looked for.
const KNOWN: [&str; 30] = [
    "docker",
    "podman",
    "kubectl",
    "ssh",
    "ansible",
    "ansible-playbook",
    "apt",
    "apt-get",
    "dnf",
    "dpkg",
    "ifdown",
    "ifreload",
    "ifup",
    "invoke-rc.d",
    "juju",
    "kill",
    "killall",
    "kolla-ansible",
    "modprobe",
    "netplan",
    "nmcli",
    "openstack-ansible",
    "ovn-ctl",
    "ovs-ctl",
    "ovsdb-client",
    "ovsdb-tool",
    "pkill",
    "rm",
    "snap",
    "yum",
];

/// Those that need no word behind them.
const ALONE: [&str; 4] = ["reboot", "poweroff", "neutron-ovs-cleanup", "shutdown"];

/// What the commands of a block look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Look {
    /// A script.
    Script,
    /// A session: commands stand behind prompts, the rest is output.
    Session,
    /// Not said.
    Bare,
    /// A program in another language.
    Foreign,
}

/// A block of code.
struct ShownBlock {
    look: Look,
    text: Unit,
}

/// Reads the blocks in their order; a variable of one is known in the next.
pub fn read(file: FileId, text: &str) -> Script {
    let mut run = Run::new(file);
    for block in blocks(text) {
        match block.look {
            Look::Foreign => foreign(&mut run, &block.text),
            look => _ = run.script(&commands(&block.text, look)),
        }
    }
    run.script
}

/// The blocks that may hold commands: fenced, indented, `<pre>`, in lists and quotes.
fn blocks(text: &str) -> Vec<ShownBlock> {
    let mut blocks = Vec::new();
    let mut open: Option<ShownBlock> = None;
    for (event, range) in Parser::new(text).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(kind)) => {
                let look = match &kind {
                    CodeBlockKind::Indented => Some(Look::Bare),
                    CodeBlockKind::Fenced(info) => look(info),
                };
                open = look.map(|look| ShownBlock {
                    look,
                    text: Unit::default(),
                });
            }
            Event::Start(Tag::HtmlBlock) => {
                open = Some(ShownBlock {
                    look: Look::Bare,
                    text: Unit::default(),
                });
            }
            Event::Text(code) | Event::Html(code) => {
                if let Some(block) = &mut open {
                    let origin = if text.get(range.clone()) == Some(&*code) {
                        Origin::Verbatim
                    } else {
                        Origin::Decoded
                    };
                    block.text.push(&code, Span::new(range), origin);
                }
            }
            Event::End(TagEnd::CodeBlock) => blocks.extend(open.take()),
            Event::End(TagEnd::HtmlBlock) => {
                let html = open.take().map(|block| preformatted(&block.text));
                blocks.extend(html.into_iter().flatten());
            }
            _ => {}
        }
    }
    blocks
}

/// What stands in `<pre>`, without tags and with its entities decoded.
fn preformatted(html: &Unit) -> Vec<ShownBlock> {
    const ENTITIES: [(&str, &str); 6] = [
        ("&amp;", "&"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&nbsp;", " "),
    ];
    let text = html.text.as_str();
    let mut blocks = Vec::new();
    let mut open: Option<Unit> = None;
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let entity = ENTITIES.iter().find(|(entity, _)| rest.starts_with(entity));
        let next = rest.find(['<', '&']).unwrap_or(rest.len());
        let length = match (entity, next) {
            (Some((entity, meant)), _) => {
                if let Some(unit) = &mut open {
                    unit.push(meant, html.span(at..at + entity.len()), Origin::Decoded);
                }
                entity.len()
            }
            (None, 0) if rest.starts_with('<') => {
                let length = rest.find('>').map_or(rest.len(), |end| end + 1);
                let tag = rest.get(1..length).unwrap_or_default().to_ascii_lowercase();
                if tag.starts_with("pre") {
                    open.get_or_insert_default();
                } else if tag.starts_with("/pre") {
                    blocks.extend(open.take());
                }
                length
            }
            (None, next) => {
                let length = next.max(1);
                if let Some(unit) = &mut open {
                    unit.push_part(html, at..at + length);
                }
                length
            }
        };
        at += length;
    }
    blocks.extend(open);
    blocks
        .into_iter()
        .map(|text| ShownBlock {
            look: Look::Bare,
            text,
        })
        .collect()
}

/// What a fence says of its block; none where it holds no commands.
fn look(info: &str) -> Option<Look> {
    let language = info.trim().trim_start_matches(['{', '.']);
    let end = language.find(|c: char| !c.is_ascii_alphanumeric() && c != '-');
    let language = language
        .get(..end.unwrap_or(language.len()))
        .unwrap_or_default();
    let language = language.to_ascii_lowercase();
    match language.as_str() {
        "bash" | "sh" | "shell" | "zsh" | "ksh" | "shellscript" => Some(Look::Script),
        "console" | "shell-session" | "shellsession" | "sh-session" | "bash-session"
        | "terminal" => Some(Look::Session),
        name if DATA.contains(&name) => None,
        name if FOREIGN.contains(&name) => Some(Look::Foreign),
        _ => Some(Look::Bare),
    }
}

/// A block in a language that is not followed here: given out where it speaks of what is looked for.
fn foreign(run: &mut Run, code: &Unit) {
    const NAMES: [&str; 12] = [
        "ovs-vsctl",
        "ovn-nbctl",
        "ovn-sbctl",
        "ovs-ofctl",
        "ovs-appctl",
        "ovn-appctl",
        "openvswitch",
        "ovs-vswitchd",
        "ovsdb-server",
        "ovn-controller",
        "neutron-openvswitch-agent",
        "ovn-northd",
    ];
    let found = NAMES
        .iter()
        .filter_map(|name| Some((code.text.find(name)?, name.len())));
    if let Some((at, length)) = found.min() {
        let span = code.span(at..at + length);
        let word = run.unfollowed(span, "what this block does is not looked at");
        run.push(vec![word], span);
    }
}

/// The commands of a block, without prompts and output.
fn commands(block: &Unit, look: Look) -> Unit {
    let ends = block.text.match_indices('\n').map(|(at, _)| at + 1);
    let mut lines: Vec<Range<usize>> = Vec::new();
    for end in ends.chain([block.text.len()]) {
        let start = lines.last().map_or(0, |line| line.end);
        lines.extend((start < end).then_some(start..end));
    }
    let line = |range: &Range<usize>| block.text.get(range.clone()).unwrap_or_default();
    let is_session = match look {
        Look::Script => lines
            .iter()
            .any(|range| matches!(prompt(line(range)), Some((_, '$')))),
        Look::Session => lines.iter().any(|range| prompt(line(range)).is_some()),
        Look::Bare | Look::Foreign => true,
    };
    let is_session = is_session && !(look == Look::Bare && is_script(lines.iter().map(line)));
    let mut unit = Unit::default();
    let mut continues = false;
    for range in &lines {
        let text = line(range);
        let start = match (is_session, prompt(text)) {
            (false, _) => Some(0),
            (true, _) if continues => Some(secondary_prompt(text)),
            (true, Some((length, sign))) => {
                let is_command = match (look, sign) {
                    (_, '$') | (Look::Session, _) => true,
                    (Look::Script, _) => false,
                    (Look::Bare | Look::Foreign, _) => is_known(&text[length..]),
                };
                is_command.then_some(length)
            }
            (true, None) => (look == Look::Bare && is_known(text)).then_some(0),
        };
        continues = start.is_some() && text.trim_end().ends_with('\\');
        if let Some(start) = start {
            unit.push_part(block, range.start + start..range.end);
        }
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
    let is_program = super::simple::PROGRAMS.contains(&name) || KNOWN.contains(&name);
    is_program && words.next().is_some() || ALONE.contains(&name)
}
