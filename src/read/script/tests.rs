//! Scripts, and the commands that come out of them.

#![allow(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

mod accounts;
mod documents;
mod environment;
mod errors;
mod flow;
mod idioms;
mod limits;
mod nodes;
mod places;
mod words;

use super::{Certain, Invocation, Script, Word, read, read_named};
use crate::source::{FileId, Place};

fn script(text: &str) -> Script {
    read(FileId(0), text)
}

pub fn named(name: &str, text: &str) -> Script {
    read_named(FileId(0), name, text)
}

/// The text at a place.
fn at<'a>(text: &'a str, place: &Place) -> &'a str {
    &text[place.span.range()]
}

/// One line per command: whether it runs, the node, what it runs through, its words; what is not known in `<…>`.
pub fn shown(script: &Script, text: &str) -> Vec<String> {
    let commands = script.commands.iter();
    commands
        .map(|command| command_line(command, text))
        .collect()
}

fn command_line(command: &Invocation, text: &str) -> String {
    let mut parts = Vec::new();
    match &command.certain {
        Certain::Always => {}
        Certain::IfSucceeds(index) => parts.push(format!("if {index}:")),
        Certain::IfFails(index) => parts.push(format!("if not {index}:")),
        Certain::Maybe(place, _) => parts.push(format!("maybe `{}`:", first_line(at(text, place)))),
    }
    parts.extend(
        command
            .target
            .iter()
            .map(|target| format!("on {}:", word(target))),
    );
    parts.extend(command.through.iter().map(|through| format!("({through})")));
    parts.extend(command.words.iter().map(word));
    parts.join(" ")
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

fn word(word: &Word) -> String {
    match &word.unknown {
        Some(_) => format!("<{}>", word.text),
        None if word.text.is_empty() || word.text.contains([' ', '\n']) => {
            format!("{:?}", word.text)
        }
        None => word.text.clone(),
    }
}

/// The commands of a script without syntax errors.
fn commands(text: &str) -> Vec<String> {
    let script = script(text);
    assert_eq!(script.troubles, [], "{text}");
    shown(&script, text)
}
