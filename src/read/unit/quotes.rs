//! Quoted values: of environment files, and of `Environment=` lines.

use std::ops::Range;

use crate::source::Spanned;

/// A variable: its name and its value, without quotes.
type Variable = (Spanned<String>, Spanned<String>);

/// Whether a variable can have this name.
pub fn is_variable(name: &str) -> bool {
    let in_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    name.bytes().all(in_name) && name.starts_with(|c: char| !c.is_ascii_digit())
}

/// The parts that a value is put together from, and where it ends: at a line break that is neither quoted nor escaped.
pub struct Pieces {
    parts: Vec<(Quote, Range<usize>)>,
    /// Behind the value.
    pub end: usize,
}

#[derive(Clone, Copy, PartialEq)]
enum Quote {
    None,
    Single,
    Double,
}

/// Splits a value as systemd does in environment files: quotes count at its start and behind another quoted part,
/// else they are text. Fails with the offset of a quote that is not closed.
pub fn pieces(text: &str) -> Result<Pieces, usize> {
    let mut parts = Vec::new();
    let mut at = 0;
    loop {
        at += text[at..].len() - text[at..].trim_start_matches([' ', '\t']).len();
        let quote = match text[at..].bytes().next() {
            Some(b'\'') => Quote::Single,
            Some(b'"') => Quote::Double,
            _ => Quote::None,
        };
        let start = at + usize::from(quote != Quote::None);
        let end = piece_end(&text[start..], quote).ok_or(at)?;
        parts.push((quote, start..start + end));
        at = start + end;
        if quote == Quote::None {
            return Ok(Pieces { parts, end: at });
        }
        at += 1;
    }
}

fn piece_end(text: &str, quote: Quote) -> Option<usize> {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        let ends = match quote {
            Quote::None => byte == b'\n',
            Quote::Single => byte == b'\'',
            Quote::Double => byte == b'"',
        };
        // A carriage return belongs to the line break behind it.
        let carriage_return = byte == b'\r' && quote == Quote::None;
        if ends && !escaped {
            return Some(at);
        }
        escaped =
            quote != Quote::Single && (byte == b'\\' && !escaped || escaped && carriage_return);
    }
    (quote == Quote::None).then_some(text.len())
}

/// The value without its quotes and escapes.
pub fn unquote(value: &Spanned<String>) -> Spanned<String> {
    // The line breaks are gone, so no quote that was closed in the file can be open here.
    let parts = pieces(value).map_or_else(
        |_| vec![(Quote::None, 0..value.len())],
        |pieces| pieces.parts,
    );
    let mut decoded = String::new();
    for (quote, range) in &parts {
        decode(&value[range.clone()], *quote, &mut decoded);
    }
    let mut filled = parts.iter().filter(|(_, range)| !range.is_empty());
    if let (Some((_, range)), None) = (filled.next(), filled.next())
        && value[range.clone()] == decoded
    {
        return value.part(range.clone());
    }
    Spanned::new(decoded, value.place.clone())
}

fn decode(text: &str, quote: Quote, decoded: &mut String) {
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\\' || quote == Quote::Single {
            decoded.push(c);
            continue;
        }
        match chars.next() {
            // In double quotes a backslash escapes these alone, as in a shell.
            Some(next) if quote == Quote::Double && !matches!(next, '"' | '\\' | '$' | '`') => {
                decoded.extend([c, next]);
            }
            Some(next) => decoded.push(next),
            None => decoded.push(c),
        }
    }
}

/// The `name=value` words of an `Environment=` line; what systemd ignores is left out.
pub fn words(line: &Spanned<String>) -> Vec<Variable> {
    let mut variables = Vec::new();
    let mut at = 0;
    while at < line.len() {
        let rest = line[at..].trim_start();
        at = line.len() - rest.len();
        // systemd drops the rest of the line at a quote that is not closed.
        let Some((word, end)) = word(rest) else { break };
        variables.extend(variable(line, at..at + end, &word));
        at += end;
    }
    variables
}

/// The first word of a text, without its quotes and escapes, and where it ends.
fn word(text: &str) -> Option<(String, usize)> {
    let mut word = String::new();
    let mut quote = None;
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match (quote, c) {
            (None, c) if c.is_whitespace() => return Some((word, at)),
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if c == open => quote = None,
            (_, '\\') => match chars.next() {
                Some((_, 'n')) => word.push('\n'),
                Some((_, 't')) => word.push('\t'),
                Some((_, 's')) => word.push(' '),
                Some((_, c @ ('"' | '\'' | '\\'))) => word.push(c),
                Some((_, other)) => word.extend(['\\', other]),
                None => word.push('\\'),
            },
            (_, c) => word.push(c),
        }
    }
    quote.is_none().then_some((word, text.len()))
}

fn variable(line: &Spanned<String>, range: Range<usize>, word: &str) -> Option<Variable> {
    let (name, value) = word.split_once('=')?;
    if !is_variable(name) {
        return None;
    }
    let range = without_quotes(line, range);
    let equals = range.start + line[range.clone()].find('=')?;
    let written = without_quotes(line, equals + 1..range.end);
    let name_place = line.part(range.start..equals).place;
    let value_place = line.part(written).place;
    Some((
        Spanned::new(name.to_owned(), name_place),
        Spanned::new(value.to_owned(), value_place),
    ))
}

/// The range without the quotes around it.
fn without_quotes(line: &str, range: Range<usize>) -> Range<usize> {
    let bytes = &line.as_bytes()[range.clone()];
    match bytes {
        [b'"', .., b'"'] | [b'\'', .., b'\''] => range.start + 1..range.end - 1,
        _ => range,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{environment, read_environment, read_unit};
    use crate::source::FileId;

    /// Names, values and the text at each value's place.
    fn in_file(text: &str) -> Vec<(String, String, String)> {
        let unit = read_environment(FileId(0), text).expect("a readable file");
        let variables = environment(&unit).into_iter();
        variables
            .map(|(name, value)| {
                assert_eq!(&text[name.place.span.range()], name.value);
                (
                    name.value,
                    value.value,
                    text[value.place.span.range()].to_owned(),
                )
            })
            .collect()
    }

    fn in_unit(text: &str) -> Vec<(String, String, String)> {
        let unit = read_unit(FileId(0), text).expect("a readable unit");
        let variables = environment(&unit).into_iter();
        variables
            .map(|(name, value)| {
                (
                    name.value,
                    value.value,
                    text[value.place.span.range()].to_owned(),
                )
            })
            .collect()
    }

    fn same(name: &str, value: &str) -> (String, String, String) {
        (name.to_owned(), value.to_owned(), value.to_owned())
    }

    #[test]
    fn environment_files_hold_assignments_and_shell() {
        let text = "# a shell fragment\nOVS_CTL_OPTS='--no-mlockall'\n  export OVS_DISABLE_MLOCKALL=yes  \nOPTIONS=\"\"\nif [ -f /x ]; then\n  A=1\nfi\n: ${B=2}\n. /etc/c\n;D=3\nE=a b # c\nF = \"g\"\n";
        let expected = [
            same("OVS_CTL_OPTS", "--no-mlockall"),
            same("OVS_DISABLE_MLOCKALL", "yes"),
            ("OPTIONS".to_owned(), String::new(), "\"\"".to_owned()),
            same("A", "1"),
            same("E", "a b # c"),
            same("F", "g"),
        ];
        assert_eq!(in_file(text), expected);
    }

    #[test]
    fn quoted_values_decode() {
        let cases = [
            ("A=\"say \\\"x\\\"\"", "say \"x\""),
            ("A=\"a\\nb\"", "a\\nb"),
            ("A='a\\'", "a\\"),
            ("A='a'\"b\"", "ab"),
            ("A=--x=\"y z\"", "--x=\"y z\""),
            ("A=don't", "don't"),
            ("A=a\\\nb", "ab"),
            ("A=a\\\r\nb", "ab"),
            ("A=\"--x\n--y\"", "--x --y"),
            ("A=", ""),
        ];
        for (text, value) in cases {
            let read = in_file(&format!("{text}\nB=1\n"));
            assert_eq!(read[0].1, value, "{text}");
            assert_eq!(read[1], same("B", "1"), "{text}");
        }
        assert_eq!(in_file("A=1\r\nB=2\r\n"), [same("A", "1"), same("B", "2")]);
    }

    #[test]
    fn an_open_quote_is_an_error_at_the_quote() {
        let text = "A=1\nB=\"--no-mlockall\nC=3\n";
        let error = read_environment(FileId(0), text).expect_err("an open quote");
        assert_eq!(error.place.span.range(), 6..7);
        assert_eq!(&text[6..7], "\"");
    }

    #[test]
    fn units_set_variables() {
        let text = "[Service]\nEnvironment=OVS_DISABLE_MLOCKALL=yes \"OVS_CTL_OPTS=--no-mlockall -v\"\nEnvironment='B=q \"z\"' C=\"mid quote\" junk 1X=3 F=  G\nEnvironment=H=1 I=\"open J=2\n[Unit]\nEnvironment=K=1\n";
        let expected = [
            same("OVS_DISABLE_MLOCKALL", "yes"),
            same("OVS_CTL_OPTS", "--no-mlockall -v"),
            same("B", "q \"z\""),
            same("C", "mid quote"),
            same("F", ""),
            same("H", "1"),
        ];
        assert_eq!(in_unit(text), expected);
    }

    #[test]
    fn an_empty_environment_line_drops_those_before_it() {
        let text = "[Service]\nEnvironment=A=1\nEnvironment=\nEnvironment=B=2\n";
        assert_eq!(in_unit(text), [same("B", "2")]);
    }

    proptest! {
        #[test]
        fn no_file_panics(text in "(\\PC|[=:\\\\\n\r#; \"'A]|export |A=){0,60}") {
            if let Ok(unit) = read_environment(FileId(0), &text) {
                for (name, value) in environment(&unit) {
                    prop_assert_eq!(&text[name.place.span.range()], name.value.as_str());
                    prop_assert!(text.get(value.place.span.range()).is_some());
                }
            }
        }

        #[test]
        fn no_environment_line_panics(line in "(\\PC|[=\\\\\n \"'A]|A=){0,60}") {
            let text = format!("[Service]\nEnvironment={line}");
            if let Ok(unit) = read_unit(FileId(0), &text) {
                for (_, value) in environment(&unit) {
                    prop_assert!(text.get(value.place.span.range()).is_some());
                }
            }
        }
    }
}
