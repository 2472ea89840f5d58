//! What Python, in which oslo.config is written, takes for white space, a line and an integer.

use std::ops::Range;

/// Why a text is no integer that fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotInteger {
    /// Python's `int()` refuses it.
    Malformed,
    /// Python takes it, but it is beyond 64 bits.
    TooBig,
}

/// The zeros of Unicode's decimal digits; the other nine follow each of them.
const ZEROS: [u32; 66] = [
    0x30, 0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66,
    0xDE6, 0xE50, 0xED0, 0xF20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90,
    0x1B50, 0x1BB0, 0x1C40, 0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10,
    0x104A0, 0x10D30, 0x11066, 0x110F0, 0x11136, 0x111D0, 0x112F0, 0x11450, 0x114D0, 0x11650,
    0x116C0, 0x11730, 0x118E0, 0x11950, 0x11C50, 0x11D50, 0x11DA0, 0x16A60, 0x16AC0, 0x16B50,
    0x1D7CE, 0x1D7D8, 0x1D7E2, 0x1D7EC, 0x1D7F6, 0x1E140, 0x1E2F0, 0x1E950, 0x1FBF0,
];

/// Python's `int(text)`: blanks around it, a sign, digits of any script, single underscores between digits.
pub fn integer(text: &str) -> Result<i64, NotInteger> {
    // Less than `strip()` takes away: the four separators of ASCII stay.
    let text = text.trim();
    let (negative, digits) = match text.as_bytes().first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    };
    let mut value: Option<i64> = Some(0);
    let mut after_digit = false;
    for char in digits.chars() {
        if char == '_' && after_digit {
            after_digit = false;
            continue;
        }
        let digit = decimal(char).ok_or(NotInteger::Malformed)?;
        // Counted downwards, because the smallest i64 has no positive counterpart.
        value = value.and_then(|value| value.checked_mul(10)?.checked_sub(digit));
        after_digit = true;
    }
    if !after_digit {
        return Err(NotInteger::Malformed);
    }
    let value = if negative {
        value
    } else {
        value.and_then(i64::checked_neg)
    };
    value.ok_or(NotInteger::TooBig)
}

/// Python's `text.strip()`.
pub fn strip(text: &str) -> &str {
    text.trim_matches(is_space)
}

/// Python's `text.lstrip()`.
pub fn lstrip(text: &str) -> &str {
    text.trim_start_matches(is_space)
}

/// Python's `text.rstrip()`.
pub fn rstrip(text: &str) -> &str {
    text.trim_end_matches(is_space)
}

/// The part of a range of `text` that `strip()` leaves; where it leaves nothing, the end of the range.
pub fn strip_range(text: &str, range: Range<usize>) -> Range<usize> {
    let stripped = lstrip(&text[range.clone()]);
    let start = range.end - stripped.len();
    start..start + rstrip(stripped).len()
}

/// The lines of a file opened as text, with the offset of each: a line ends at `\n`, `\r\n` or `\r`, and
/// at nothing else.
pub fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text.get(at..).filter(|rest| !rest.is_empty())?;
        let start = at;
        let line = &rest[..rest.find(['\n', '\r']).unwrap_or(rest.len())];
        let end = if rest[line.len()..].starts_with("\r\n") {
            2
        } else {
            1
        };
        at += line.len() + end;
        Some((start, line))
    })
}

/// Python's `char.isspace()`: Unicode's white space, and the four separators of ASCII.
fn is_space(char: char) -> bool {
    char.is_whitespace() || ('\x1C'..='\x1F').contains(&char)
}

fn decimal(char: char) -> Option<i64> {
    let code = u32::from(char);
    let zero = ZEROS[..ZEROS.partition_point(|&zero| zero <= code)].last()?;
    Some(i64::from(code - zero)).filter(|&digit| digit < 10)
}
