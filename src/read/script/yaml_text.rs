//! Quoted texts and keys of YAML.

use crate::source::Span;

use super::unit::{Origin, Unit};

/// Reads a quoted scalar at its first quote; the offset behind it.
pub fn quoted_text(text: &str, at: usize, quote: u8, unit: &mut Unit) -> usize {
    let stops: &[char] = match quote {
        b'"' => &['"', '\\', '\n'],
        _ => &['\'', '\n'],
    };
    let mut at = at + 1;
    loop {
        let rest = &text[at..];
        let Some(length) = rest.find(stops) else {
            unit.push(rest, Span::new(at..text.len()), Origin::Verbatim);
            return text.len();
        };
        let end = at + length;
        unit.push(&text[at..end], Span::new(at..end), Origin::Verbatim);
        let behind = &text[end..];
        let next = behind.chars().nth(1);
        let (decoded, taken) = match (behind.as_bytes()[0], next) {
            (b'\n', _) => {
                let blank = behind.len() - behind.trim_start().len();
                (" ".to_owned(), blank)
            }
            (b'\'', Some('\'')) => ("'".to_owned(), 2),
            (b'\\', Some('\n')) => {
                let blank = behind[1..].len() - behind[1..].trim_start().len();
                (String::new(), 1 + blank)
            }
            (b'\\', Some('n')) => ("\n".to_owned(), 2),
            (b'\\', Some('t')) => ("\t".to_owned(), 2),
            (b'\\', Some(c)) => (c.to_string(), 1 + c.len_utf8()),
            _ => return end + 1,
        };
        unit.push(&decoded, Span::new(end..end + taken), Origin::Decoded);
        at = end + taken;
    }
}

/// Where the key of a line ends, and where what is behind its colon starts.
pub fn key_length(text: &str) -> Option<(usize, usize)> {
    let colon = match text.as_bytes().first()? {
        quote @ (b'"' | b'\'') => {
            let end = text[1..].find(char::from(*quote))? + 2;
            text[end..].starts_with(':').then_some(end)?
        }
        b'{' | b'[' | b'#' | b'|' | b'>' => return None,
        _ => text
            .match_indices(':')
            .map(|(at, _)| at)
            .find(|&at| matches!(text.as_bytes().get(at + 1), None | Some(b' ' | b'\t')))?,
    };
    let key = &text[..colon];
    // A colon in a sentence or a command ends no key.
    (!key.contains([' ', '\t']) || key.starts_with(['"', '\''])).then_some((colon, colon + 1))
}
