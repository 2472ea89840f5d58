//! Where the secrets of a file lie, which may stand on other lines than their names.

use std::ops::Range;

use crate::report::secrets::scan::{
    Carried, Separators, Value, closing, headers, named, opening, shell_word, unclosed, userinfo,
    word_end,
};
use crate::source::secret::is_secret;

/// The secrets of a file, each within one line.
pub fn file(text: &str) -> Vec<Range<usize>> {
    let mut hidden = Vec::new();
    // The indentation of a secret's name: the lines below that are indented more carry its value on.
    let mut within: Option<usize> = None;
    let (mut carried, mut carried_by_comment) = (Carried::No, false);
    let mut start = 0;
    // A lone CR ends a line too: oslo.config reads with Python's universal newlines, facts N§7.
    for line in text.split(['\n', '\r']) {
        let content = line.trim_start_matches('\u{feff}').trim_start();
        let indent = line.len() - content.len();
        let whole = start + indent..start + indent + content.trim_end().len();
        let marked = content.starts_with(['#', ';']);
        if carried_by_comment && !marked && !content.is_empty() {
            carried = Carried::No;
        }
        let before = carried;
        let comment = marked && !matches!(before, Carried::String(_) | Carried::Line);
        carried = match carried {
            Carried::String(quote) => end_of_string(line, start, quote, &mut hidden),
            _ if content.is_empty() => carried,
            Carried::Line => {
                hidden.push(whole);
                goes_on(content.trim_end(), false)
            }
            _ if within.is_some_and(|name| indent > name) => {
                hidden.push(whole);
                Carried::No
            }
            _ => {
                let late = before == Carried::Late && !comment;
                if let Some(value) = value_of_line(content, late) {
                    hidden.push(whole.start + value.range.start..whole.start + value.range.end);
                    if !comment {
                        within = Some(indent);
                    }
                    value.carried
                } else {
                    if !comment {
                        within = None;
                    }
                    userinfo(line, start, &mut hidden);
                    headers(line, start, &mut hidden);
                    named(line, start, Separators::OfFiles, &mut hidden)
                }
            }
        };
        // A comment carries nothing on but a string, and does not part a name from its value.
        let string = matches!(carried, Carried::String(_));
        if comment && !string {
            carried = before;
        }
        carried_by_comment = string && (comment || carried_by_comment);
        start += line.len() + 1;
    }
    hidden
}

/// What a string that an earlier line opened holds of this one.
fn end_of_string(
    line: &str,
    start: usize,
    quote: &'static str,
    hidden: &mut Vec<Range<usize>>,
) -> Carried {
    let Some(end) = closing(line, 0, quote) else {
        hidden.push(start..start + line.len());
        return Carried::String(quote);
    };
    hidden.push(start..start + end);
    let behind = end + quote.len();
    userinfo(&line[behind..], start + behind, hidden);
    named(&line[behind..], start + behind, Separators::OfFiles, hidden)
}

fn value_of_line(content: &str, late: bool) -> Option<Value> {
    let named = option_value(content);
    let Some(value) = late.then(|| late_value(content)).flatten() else {
        return named;
    };
    // A word below a secret's name may be its value, and may be such a name itself.
    let carried = named.map_or(value.carried, |named| named.carried);
    Some(Value { carried, ..value })
}

/// The value in a line that opens with a secret's name, also in a comment; without a separator (a malformed line), all
/// that follows the name.
fn option_value(content: &str) -> Option<Value> {
    let code = content.trim_start_matches(['#', ';', ' ', '\t']);
    let unquoted = code.trim_start_matches(['"', '\'']);
    let name = &unquoted[..word_end(unquoted)];
    if name.is_empty() || !is_secret(name) {
        return None;
    }
    let behind = unquoted[name.len()..].trim_start_matches(['"', '\'']);
    let separated = behind.trim_start().strip_prefix(['=', ':']);
    let value = match separated {
        Some(value) => value.trim_start(),
        // The program is followed by its arguments.
        None if code.len() < content.len() || name == "sshpass" => return None,
        None => behind.trim_start(),
    };
    // `PASS=… ovs-vsctl …`: a command follows, and `named` knows where the value ends.
    let of_shell = behind.starts_with('=') && !name.contains(|c: char| c.is_ascii_lowercase());
    if of_shell && shell_word(value) < value.trim_end().len() {
        return None;
    }
    let start = content.len() - value.len();
    let value = value.trim_end();
    Some(Value {
        range: start..start + value.len(),
        carried: goes_on(value, behind.starts_with('=')),
    })
}

/// The value on a line below its name: behind the separator, or all of a line that is no option of its own.
fn late_value(content: &str) -> Option<Value> {
    let quote = opening(content);
    let bare = quote.map_or(content, |quote| {
        closing(content, quote.len(), quote).map_or("", |end| &content[end..])
    });
    let value = match content.strip_prefix(['=', ':']) {
        Some(value) => value.trim_start(),
        None if bare.contains(['=', ':']) || content.starts_with(['[', ']', '}']) => return None,
        None => content,
    };
    let start = content.len() - value.len();
    let value = value.trim_end();
    Some(Value {
        range: start..start + value.len(),
        carried: goes_on(value, false),
    })
}

/// How a value that fills the rest of its line goes on. A single quote opens a string over several lines in a shell's
/// `NAME="…` only (`glued`); in an ini file it is a character like others.
fn goes_on(value: &str, glued: bool) -> Carried {
    if value.is_empty() {
        return Carried::Late;
    }
    if let Some(quote) = opening(value) {
        return match closing(value, quote.len(), quote) {
            Some(_) => Carried::No,
            None => unclosed(&value[quote.len()..], quote, glued),
        };
    }
    let joined = value
        .strip_suffix('\\')
        .is_some_and(|value| !value.ends_with([' ', '\t']));
    // `"psk",` with its value on the next line: OVSDB's JSON, written with `--pretty`.
    if joined || value == "," {
        Carried::Line
    } else {
        Carried::No
    }
}
