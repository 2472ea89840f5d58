//! Makes text from files harmless where it is shown.

use std::borrow::Cow;
use std::fmt::Write;

/// For messages, labels and paths on a terminal: what is not plainly visible becomes `\u{1b}`.
pub fn terminal(text: &str) -> Cow<'_, str> {
    if !text.contains(is_hostile) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if is_hostile(character) {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    Cow::Owned(shown)
}

/// For a source line, where columns must stay: one visible character for each that is not. Tabs stay.
pub fn stand_in(character: char) -> char {
    match character {
        '\t' => '\t',
        '\u{7f}' => '\u{2421}',
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(character)).unwrap_or('\u{fffd}'),
        _ if is_hostile(character) => '\u{fffd}',
        _ => character,
    }
}

/// For JSON that is already written: escapes in strings what `serde_json` leaves as it is, with nothing lost.
pub fn json(document: &str) -> String {
    let mut escaped = String::with_capacity(document.len());
    let mut previous = ' ';
    for character in document.chars() {
        let hostile = is_hostile(character) && character != '\n';
        // Log readers of CI systems obey `##[…]` and `##vso[…]` anywhere in a line.
        if hostile || (character == '#' && previous == '#') {
            for unit in character.encode_utf16(&mut [0; 2]) {
                write!(escaped, "\\u{unit:04x}").expect("a string takes all that is written");
            }
        } else {
            escaped.push(character);
        }
        previous = character;
    }
    escaped
}

/// For a whole text report: breaks what log readers of CI systems would obey anywhere in a line.
pub fn log_commands(text: String) -> String {
    if !text.contains("##") {
        return text;
    }
    ["##[", "##vso[", "##teamcity["]
        .iter()
        .fold(text, |text, command| {
            text.replace(command, &command.replacen("##", "#\u{266f}", 1))
        })
}

/// For one line of a log: what is not plainly visible, and what log readers of CI systems would obey.
pub fn log_line(text: &str) -> String {
    let shown = log_commands(terminal(text).into_owned());
    // GitHub obeys `::` at the start of a line, behind blanks too.
    if shown.trim_start().starts_with("::") {
        return format!("\\{}", shown.trim_start());
    }
    shown
}

/// For the message of a workflow command of GitHub.
pub fn github_data(text: &str) -> String {
    // Line ends are gone with what is not visible.
    log_commands(terminal(text).replace('%', "%25"))
}

/// For a property of a workflow command of GitHub.
pub fn github_property(text: &str) -> String {
    let text = github_data(text).replace(':', "%3A");
    text.replace(',', "%2C")
}

/// For text and attributes of XML.
pub fn xml(text: &str) -> String {
    let text = log_commands(terminal(text).into_owned());
    let mut escaped = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            // XML has no way to write these two.
            '\u{fffe}' | '\u{ffff}' => escaped.extend(character.escape_unicode()),
            _ => escaped.push(character),
        }
    }
    escaped
}

/// For text in a table of Markdown: it stays text, and becomes neither markup, nor a link, nor a mention.
pub fn markdown(text: &str) -> String {
    let text = terminal(text);
    let mut escaped = String::with_capacity(text.len() + 16);
    let mut previous = ' ';
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let next = characters.peek().copied().unwrap_or(' ');
        let entity = match character {
            '&' => "&amp;",
            '<' => "&lt;",
            '>' => "&gt;",
            '|' => "&#124;",
            '`' => "&#96;",
            '\\' => "&#92;",
            '*' => "&#42;",
            '[' => "&#91;",
            ']' => "&#93;",
            '~' => "&#126;",
            '#' => "&#35;",
            '!' => "&#33;",
            '$' => "&#36;",
            // A blank of no width keeps GitHub and GitLab from telling who is named.
            '@' => "&#64;&#8203;",
            ':' if next == '/' => "&#58;",
            '.' if matches!(previous, 'w' | 'W') => "&#46;",
            '_' if !(previous.is_alphanumeric() && next.is_alphanumeric()) => "&#95;",
            _ => "",
        };
        if entity.is_empty() {
            escaped.push(character);
        } else {
            escaped.push_str(entity);
        }
        previous = character;
    }
    escaped
}

/// Control, bidirectional and invisible characters: they can hide, reorder or forge what a reader sees.
pub fn is_hostile(character: char) -> bool {
    let invisible = matches!(
        character,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}'
    );
    invisible || character.is_control()
}

#[cfg(test)]
mod tests;
