//! What `${NAME%…}` and `${NAME#…}` cut off: texts, and texts with one `*` at an end.

use super::tree::{Part, Quoting, Trim};

/// A pattern that is followed.
#[derive(Debug, PartialEq, Eq)]
pub enum Pattern {
    /// `text`
    Text(String),
    /// `*text`
    Ending(String),
    /// `text*`
    Beginning(String),
}

/// The pattern that parts make; none where it is of another form. `value` gives the text of a part.
pub fn pattern(parts: &[Part], mut value: impl FnMut(&Part) -> Option<String>) -> Option<Pattern> {
    let mut text = String::new();
    let (mut leading, mut trailing) = (false, false);
    for part in parts {
        let Part::Text {
            text: bare,
            quoting: Quoting::Bare,
            ..
        } = part
        else {
            text.push_str(&value(part)?);
            if trailing {
                return None;
            }
            continue;
        };
        for c in bare.chars() {
            match c {
                '*' if text.is_empty() && !leading => leading = true,
                '*' if !trailing => trailing = true,
                '?' | '[' | '*' => return None,
                _ if trailing => return None,
                _ => text.push(c),
            }
        }
    }
    match (leading, trailing) {
        (true, true) => None,
        (true, false) => Some(Pattern::Ending(text)),
        (false, true) => Some(Pattern::Beginning(text)),
        (false, false) => Some(Pattern::Text(text)),
    }
}

/// Whether all of a text is such a one.
pub fn matches(pattern: &Pattern, text: &str) -> bool {
    match pattern {
        Pattern::Text(whole) => text == whole,
        Pattern::Ending(ending) => text.ends_with(ending.as_str()),
        Pattern::Beginning(beginning) => text.starts_with(beginning.as_str()),
    }
}

/// What is left of a text; all of it where the pattern does not match.
pub fn cut<'a>(trim: Trim, pattern: &Pattern, text: &'a str) -> &'a str {
    use Pattern::{Beginning, Ending, Text};
    use Trim::{LongestPrefix, LongestSuffix, ShortestPrefix, ShortestSuffix};
    let behind =
        |found: Option<usize>, length: usize| found.map_or(text, |at| &text[at + length..]);
    let before = |found: Option<usize>| found.map_or(text, |at| &text[..at]);
    match (trim, pattern) {
        (ShortestPrefix | LongestPrefix, Text(part)) | (ShortestPrefix, Beginning(part)) => {
            text.strip_prefix(&**part).unwrap_or(text)
        }
        (ShortestSuffix | LongestSuffix, Text(part)) | (ShortestSuffix, Ending(part)) => {
            text.strip_suffix(&**part).unwrap_or(text)
        }
        (ShortestPrefix, Ending(part)) => behind(text.find(&**part), part.len()),
        (LongestPrefix, Ending(part)) => behind(text.rfind(&**part), part.len()),
        (ShortestSuffix, Beginning(part)) => before(text.rfind(&**part)),
        (LongestSuffix, Beginning(part)) => before(text.find(&**part)),
        (LongestPrefix, Beginning(part)) if text.starts_with(&**part) => "",
        (LongestSuffix, Ending(part)) if text.ends_with(&**part) => "",
        (LongestPrefix, Beginning(_)) | (LongestSuffix, Ending(_)) => text,
    }
}
