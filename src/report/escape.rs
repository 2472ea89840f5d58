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
mod tests {
    use super::{is_hostile, json, log_commands, log_line, stand_in, terminal};

    #[test]
    fn plain_text_of_any_script_stays() {
        for text in [
            "physnet1:br-ex",
            "Bündel – naïve",
            "物理网络",
            "%0A::error::x",
            "a\\b",
        ] {
            assert_eq!(terminal(text), text);
        }
    }

    #[test]
    fn terminal_sequences_become_visible() {
        assert_eq!(terminal("\u{1b}[2J"), "\\u{1b}[2J");
        assert_eq!(
            terminal("\u{1b}]8;;http://evil\u{7}x"),
            "\\u{1b}]8;;http://evil\\u{7}x"
        );
        assert_eq!(
            terminal("a\u{202e}b\u{2066}c\u{200f}"),
            "a\\u{202e}b\\u{2066}c\\u{200f}"
        );
        assert_eq!(terminal("a\r\n::error::b"), "a\\r\\n::error::b");
        assert_eq!(terminal("\u{9b}31m"), "\\u{9b}31m");
    }

    #[test]
    fn a_stand_in_is_one_harmless_character() {
        for code in 0..0x11_0000 {
            let Some(character) = char::from_u32(code) else {
                continue;
            };
            let shown = stand_in(character);
            assert!(shown == '\t' || !is_hostile(shown), "U+{code:04X}");
        }
        assert_eq!(stand_in('\u{1b}'), '␛');
        assert_eq!(stand_in('\u{7}'), '␇');
        assert_eq!(stand_in('\r'), '␍');
        assert_eq!(stand_in('é'), 'é');
    }

    #[test]
    fn json_loses_nothing() {
        let text = "\u{1b}\u{7f}\u{9b}\u{202e}\u{2028}\u{feff}\u{e0041} ##[add-mask]## é\n";
        let written = json(&serde_json::to_string_pretty(&[text]).expect("a string becomes JSON"));
        assert!(
            !written
                .chars()
                .any(|character| is_hostile(character) && character != '\n')
        );
        assert!(!written.contains("##"));
        assert_eq!(
            serde_json::from_str::<[String; 1]>(&written).expect("valid JSON")[0],
            text
        );
    }

    #[test]
    fn a_line_of_a_log_is_no_command() {
        assert_eq!(log_line("a.ini:3:1: a::b"), "a.ini:3:1: a::b");
        assert_eq!(log_line("::error::x"), "\\::error::x");
        assert_eq!(log_line(" \u{a0}::error::x"), "\\::error::x");
        assert_eq!(log_line("a\n::error::x"), "a\\n::error::x");
        assert_eq!(log_line("a ##[add-mask]b"), "a #\u{266f}[add-mask]b");
    }

    #[test]
    fn log_commands_are_broken() {
        let text = "a ##[add-mask]b ##vso[task.setvariable]c ## d".to_owned();
        assert_eq!(
            log_commands(text),
            "a #♯[add-mask]b #♯vso[task.setvariable]c ## d"
        );
    }
}
