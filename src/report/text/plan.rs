//! What commands would do, for a person about to press Enter.

mod changes;
mod net;
#[cfg(test)]
mod tests;
mod watch;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::fmt::Write;

use crate::finding::Level;
use crate::finding::words::Count;
use crate::report::plan::{Command, Impact, Plan, Reaction, Secrets, Sign};
use crate::report::text::snippet::Look;
use crate::report::text::{INFALLIBLE, fill, names, painted, paragraph};
use crate::report::{Reported, Status, escape};

/// Up to so many commands are all shown; of more, those that do something.
const ALL_COMMANDS: usize = 20;

/// So many commands that do something are shown.
const COMMANDS: usize = 50;

/// So many reactions are shown, those of several nodes taken together.
const REACTIONS: usize = 20;

/// A command, a name or a value is cut behind so many characters.
const LONGEST: usize = 300;

/// The verdict, the commands, what they change, and what the nodes make of it.
pub fn write_answer(out: &mut String, plan: &Plan, findings: &[Reported], look: Look) {
    let secrets = plan.secrets();
    let verdict = shown(&escape::log_line(&secrets.mask_all(&plan.verdict)));
    let verdict = broken(&verdict, room(look, 4));
    for (number, line) in fill(&verdict, look.width, look.width.saturating_sub(4))
        .iter()
        .enumerate()
    {
        let indent = if number == 0 { "" } else { "    " };
        let line = painted(line, tone(plan, findings), look);
        writeln!(out, "{indent}{line}").expect(INFALLIBLE);
    }
    out.push('\n');
    write_commands(out, &plan.commands, &secrets, look);
    changes::write(out, plan, &secrets, look);
    write_reactions(out, &plan.reactions, &secrets, look);
}

/// The safe way, and what becomes of the nodes that were asked for.
pub fn write_way_out(out: &mut String, plan: &Plan, look: Look) {
    let secrets = plan.secrets();
    if !plan.safe_way.is_empty() || plan.safe_note.is_some() {
        heading(out, "the safe way", look);
        if let Some(note) = &plan.safe_note {
            // It says which way there is: it is never cut.
            let note = secrets.mask_all(note);
            write_line(out, 2, None, &escape::terminal(&note), look);
        }
        let digits = plan.safe_way.len().to_string().len();
        for (at, command) in plan.safe_way.iter().enumerate() {
            let command = secrets.mask_all(command);
            let number = at + 1;
            let command = escape::terminal(&command);
            writeln!(out, "  {number:>digits$}. {command}").expect(INFALLIBLE);
        }
        out.push('\n');
    }
    watch::write(out, &plan.watch, &secrets, look);
}

/// Red where something stops or breaks, yellow where that is open, else green.
fn tone(plan: &Plan, findings: &[Reported]) -> &'static str {
    let impact = plan.commands.iter().map(|command| command.impact).max();
    let new = findings
        .iter()
        .filter(|reported| reported.status == Status::Introduced);
    let level = new.map(|reported| reported.finding.level).max();
    let refused = plan
        .commands
        .iter()
        .any(|command| command.outcome == "refused");
    match (impact, level) {
        (Some(Impact::Interrupts), _) | (_, Some(Level::Error)) => "1;31",
        (Some(Impact::Unknown), _) | (_, Some(Level::Warning)) => "1;33",
        _ if refused => "1;33",
        _ => "1;32",
    }
}

fn write_commands(out: &mut String, commands: &[Command], secrets: &Secrets, look: Look) {
    if commands.is_empty() {
        return;
    }
    let title = match commands.len() {
        1 => "1 command".to_owned(),
        count => format!("{} commands", Count(count as u64)),
    };
    heading(out, &title, look);
    let all = commands.len() <= ALL_COMMANDS;
    let does = |command: &Command| {
        command.impact != Impact::Nothing || matches!(command.outcome, "refused" | "unpredicted")
    };
    let notable = commands.iter().filter(|command| does(command)).count();
    let digits = commands.len().to_string().len();
    let chosen = commands
        .iter()
        .enumerate()
        .filter(|(_, command)| all || does(command))
        .take(COMMANDS);
    for (at, command) in chosen {
        write_command(out, at, command, digits, secrets, look);
    }
    if !all && notable > COMMANDS {
        let more = Count((notable - COMMANDS) as u64);
        writeln!(out, "  and {more} more that do something").expect(INFALLIBLE);
    }
    match commands.len() - notable {
        quiet if all || quiet == 0 => {}
        _ if notable == 0 => out.push_str("  none of them interrupts anything\n"),
        1 => out.push_str("  and 1 command that interrupts nothing\n"),
        quiet => {
            let quiet = Count(quiet as u64);
            writeln!(out, "  and {quiet} commands that interrupt nothing").expect(INFALLIBLE);
        }
    }
    out.push('\n');
}

/// The command as it is typed, on one line, and below what it does.
fn write_command(
    out: &mut String,
    at: usize,
    command: &Command,
    digits: usize,
    secrets: &Secrets,
    look: Look,
) {
    let (mark, colour) = match (command.outcome, command.impact) {
        (_, Impact::Interrupts) => ('!', "1;31"),
        ("refused", _) | (_, Impact::Unknown) => ('?', "1;33"),
        _ => (' ', "0"),
    };
    let node = match &command.node {
        Some(node) => format!("{}: ", shown(&secrets.mask(at, node))),
        None => String::new(),
    };
    let text = shown(&secrets.mask(at, &command.text));
    let number = at + 1;
    writeln!(out, "  {number:>digits$}. {node}{text}").expect(INFALLIBLE);
    let verdict = shown(&secrets.mask(at, &command.verdict));
    let mark = match mark {
        ' ' => " ".to_owned(),
        mark => painted(&mark.to_string(), colour, look),
    };
    let room = room(look, digits + 4);
    let title = format!("{:digits$}{mark}", "");
    paragraph(out, &title, digits + 1, &broken(&verdict, room), look);
}

/// What comes and goes on the nodes, the same things together.
fn write_reactions(out: &mut String, reactions: &[Reaction], secrets: &Secrets, look: Look) {
    if reactions.is_empty() {
        return;
    }
    let mut at: HashMap<(char, &str, Option<&str>), usize> = HashMap::new();
    let mut groups: Vec<(&Reaction, Vec<String>)> = Vec::new();
    let mut named = HashSet::new();
    for reaction in reactions {
        let what = (
            reaction.sign.character(),
            reaction.text.as_str(),
            reaction.needs,
        );
        let at = *at.entry(what).or_insert_with(|| {
            groups.push((reaction, Vec::new()));
            groups.len() - 1
        });
        // Two commands may bring about the same on one node.
        if named.insert((at, &reaction.node)) {
            groups[at].1.push(reaction.node.clone());
        }
    }
    heading(out, "what the nodes make of it", look);
    for (reaction, nodes) in groups.iter().take(REACTIONS) {
        let on = names(nodes);
        let text = shown(&secrets.mask(reaction.command, &reaction.text));
        let text = match reaction.needs {
            None => format!("on {on}: {text}"),
            Some(needs) => format!("possibly on {on}: {text}; what would settle it: {needs}"),
        };
        write_line(out, 2, Some(&sign(reaction.sign, look)), &text, look);
    }
    if groups.len() > REACTIONS {
        let more = Count((groups.len() - REACTIONS) as u64);
        writeln!(out, "  and {more} more").expect(INFALLIBLE);
    }
    out.push('\n');
}

fn heading(out: &mut String, title: &str, look: Look) {
    writeln!(out, "{}", painted(title, "1", look)).expect(INFALLIBLE);
}

/// A text behind an indent and a mark of one column, where it has one; further lines hang.
fn write_line(out: &mut String, indent: usize, mark: Option<&str>, text: &str, look: Look) {
    let (mark, columns) = match mark {
        Some(mark) => (format!("{mark} "), 2),
        None => (String::new(), 0),
    };
    let room = room(look, indent + columns + 2);
    let hanging = format!("\n{:1$}", "", indent + columns + 2);
    let lines = fill(&broken(text, room), room + 2, room).join(&hanging);
    writeln!(out, "{:indent$}{mark}{lines}", "").expect(INFALLIBLE);
}

/// The columns that an indent leaves.
fn room(look: Look, indent: usize) -> usize {
    look.width.saturating_sub(indent).max(30)
}

fn sign(sign: Sign, look: Look) -> String {
    let colour = match sign {
        Sign::Comes => "32",
        Sign::Changes => "33",
        Sign::Goes => "31",
    };
    painted(&sign.character().to_string(), colour, look)
}

/// A text without secrets, as a terminal may show it, cut where it is too long.
fn shown(text: &str) -> String {
    cut(&escape::terminal(text), LONGEST).into_owned()
}

fn cut(text: &str, limit: usize) -> Cow<'_, str> {
    match text.char_indices().nth(limit) {
        None => Cow::Borrowed(text),
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
    }
}

/// Breaks words that are longer than a line, behind a comma where one is near.
fn broken(text: &str, room: usize) -> String {
    let mut lines = Vec::new();
    for word in text.split_whitespace() {
        let mut rest = word;
        while let Some((end, _)) = rest.char_indices().nth(room.saturating_sub(1)) {
            let half = end / 2;
            let comma = rest[..end].rfind(',').map(|at| at + 1);
            let end = comma.filter(|&comma| comma > half).unwrap_or(end);
            lines.push(&rest[..end]);
            rest = &rest[end..];
        }
        lines.push(rest);
    }
    lines.join(" ")
}
