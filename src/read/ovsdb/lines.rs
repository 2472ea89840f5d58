//! State as text: pasted or saved outputs of the tools, one after the other, with or without prompts.

use crate::source::{FileId, Place};

use super::gather::{Gathered, Hint};
use super::{Database, Form, Keep, MAX_TEXT, TroubleKind, list, ovn_show, printed, show, tabular};

/// So much of a file is looked at to tell what it is.
const BEGINNING: usize = 64 * 1024;

/// A place in a text, line by line.
#[derive(Clone, Debug)]
pub struct Lines<'a> {
    /// The whole text.
    pub text: &'a str,
    /// Where the next line begins.
    pub at: usize,
}

/// A line without its end.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    /// Where it begins in the file.
    pub start: usize,
    /// What it says.
    pub text: &'a str,
}

impl<'a> Lines<'a> {
    /// The next line, which stays the next.
    pub fn peek(&self) -> Option<Line<'a>> {
        self.clone().next()
    }

    /// The text from the next line on.
    pub fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = Line<'a>;

    fn next(&mut self) -> Option<Line<'a>> {
        let rest = self.rest();
        if rest.is_empty() {
            return None;
        }
        let length = rest.find('\n').map_or(rest.len(), |at| at + 1);
        let start = self.at;
        self.at += length;
        let text = rest[..length].trim_end_matches(['\n', '\r']);
        Some(Line { start, text })
    }
}

/// What begins at a line.
enum Begins<'a> {
    Nothing,
    Prompt,
    Caption(&'a str),
    Json,
    Table,
    Csv,
    List,
    Show,
    OvnShow,
    ExternalIds,
}

/// Tells state as text by its first lines that are neither blank nor prompts.
pub fn recognise(bytes: &[u8]) -> Option<Form> {
    let bytes = &bytes[..bytes.len().min(BEGINNING)];
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        // The beginning may end in the middle of a character.
        Err(error) => std::str::from_utf8(&bytes[..error.valid_up_to()]).ok()?,
    };
    let mut lines = Lines { text, at: 0 };
    let mut hint = Hint::default();
    while let Some(line) = lines.peek() {
        let form = match begins(&lines, line, &hint) {
            Begins::Nothing if line.text.trim().is_empty() => None,
            Begins::Nothing => return None,
            Begins::Prompt => {
                hint = Hint::of_prompt(line.text);
                None
            }
            Begins::Caption(name) => {
                hint = Hint::of_caption(name);
                None
            }
            Begins::Json => Some(Form::Json),
            Begins::Csv => Some(Form::Csv),
            Begins::Table | Begins::List if hint.captioned => Some(Form::Dump),
            Begins::Table => Some(Form::TableText),
            Begins::List => Some(Form::List),
            Begins::Show | Begins::OvnShow => Some(Form::Show),
            Begins::ExternalIds => Some(Form::ExternalIds),
        };
        if form.is_some() {
            return form;
        }
        lines.next();
    }
    None
}

/// Reads a text that was recognised.
pub fn read(file: FileId, bytes: &[u8], form: Form, keep: Keep) -> Database {
    let mut database = Database::new(file, form);
    if bytes.len() > MAX_TEXT {
        let message = format!("{} bytes are more than are read ({MAX_TEXT})", bytes.len());
        database.trouble(TroubleKind::TooLarge, Place::file(file), message);
        return database;
    }
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let message = format!("not UTF-8 from byte offset {} on", error.valid_up_to());
            database.trouble(TroubleKind::Malformed, Place::file(file), message);
            return database;
        }
    };
    let mut gathered = Gathered::new(file);
    let mut lines = Lines { text, at: 0 };
    let mut hint = Hint::default();
    while let Some(line) = lines.peek() {
        // A hint is for the block that follows it.
        let told = std::mem::take(&mut hint);
        match begins(&lines, line, &told) {
            Begins::Nothing => {
                lines.next();
                hint = told;
            }
            Begins::Prompt => {
                hint = Hint::of_prompt(line.text);
                lines.next();
            }
            Begins::Caption(name) => {
                hint = Hint::of_caption(name);
                lines.next();
            }
            Begins::Json => tabular::json(&mut lines, &told, &mut gathered),
            Begins::Table => tabular::table(&mut lines, &told, &mut gathered),
            Begins::Csv => tabular::csv(&mut lines, &told, &mut gathered),
            Begins::List => list::read(&mut lines, &told, &mut gathered),
            Begins::Show => show::read(&mut lines, &mut gathered),
            Begins::OvnShow => ovn_show::read(&mut lines, &mut gathered),
            Begins::ExternalIds => list::external_ids(&mut lines, &mut gathered),
        }
    }
    gathered.into_database(&mut database, keep);
    database
}

fn begins<'a>(lines: &Lines<'a>, line: Line<'a>, hint: &Hint) -> Begins<'a> {
    let text = line.text.trim();
    if text.is_empty() {
        return Begins::Nothing;
    }
    if let Some(name) = caption(text) {
        return Begins::Caption(name);
    }
    if tabular::is_json(lines.rest()) {
        return Begins::Json;
    }
    if text.starts_with('{') {
        let meant = hint.external_ids || list::has_chassis_keys(text);
        return if meant {
            Begins::ExternalIds
        } else {
            Begins::Nothing
        };
    }
    if tabular::is_heading(lines) {
        return Begins::Table;
    }
    if tabular::is_csv_heading(text, hint) {
        return Begins::Csv;
    }
    if list::begins(line.text, hint) {
        return Begins::List;
    }
    if show::begins(lines) {
        return Begins::Show;
    }
    if ovn_show::begins(text) {
        return Begins::OvnShow;
    }
    if is_prompt(text) {
        Begins::Prompt
    } else {
        Begins::Nothing
    }
}

/// `Bridge table`, as `ovsdb-client dump` puts it over each table.
fn caption(text: &str) -> Option<&str> {
    let name = text.strip_suffix(" table")?;
    let word = name
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    (word && !name.is_empty()).then_some(name)
}

/// A line that shows how one of the tools was called: `# ovs-vsctl show`, `$ sudo ovn-nbctl list NAT`.
fn is_prompt(text: &str) -> bool {
    text.split(' ').any(|word| {
        let tool = word.rsplit('/').next().unwrap_or(word);
        ["ovs-vsctl", "ovn-nbctl", "ovn-sbctl", "ovsdb-client"].contains(&tool)
    })
}

/// The length of the first word of a line: a name in quotes is one word.
pub fn word_length(text: &str) -> usize {
    if text.starts_with('"') {
        return printed::quoted_length(text).unwrap_or(text.len());
    }
    text.find(char::is_whitespace).unwrap_or(text.len())
}
