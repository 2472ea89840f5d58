//! Amounts and names as messages spell them.

use std::fmt;

/// A number with separators: `16,777,215`.
#[derive(Clone, Copy, Debug)]
pub struct Count(pub u64);

/// A number of bytes in the largest binary unit that leaves a number above one: `2 GiB`, `20.8 GiB`.
#[derive(Clone, Copy, Debug)]
pub struct Bytes(pub u64);

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.0.to_string();
        for (at, digit) in digits.char_indices() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                f.write_str(",")?;
            }
            write!(f, "{digit}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let units = [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)];
        let Some((unit, size)) = units.into_iter().find(|(_, size)| self.0 >= *size) else {
            return write!(f, "{} B", self.0);
        };
        let tenths = (u128::from(self.0) * 10 + u128::from(size) / 2) / u128::from(size);
        match (tenths / 10, tenths % 10) {
            (whole, 0) => write!(f, "{whole} {unit}"),
            (whole, tenth) => write!(f, "{whole}.{tenth} {unit}"),
        }
    }
}

/// A number of things: `1 file`, `12 files`.
pub fn counted(count: usize, noun: &str) -> String {
    match count {
        1 => format!("1 {noun}"),
        _ => format!("{count} {noun}s"),
    }
}

/// Names as a phrase: `a`, `a and b`, `a, b and c`.
pub fn listed<T: AsRef<str>>(names: &[T]) -> String {
    match names {
        [] => String::new(),
        [one] => one.as_ref().to_owned(),
        [first @ .., last] => {
            let first: Vec<&str> = first.iter().map(AsRef::as_ref).collect();
            format!("{} and {}", first.join(", "), last.as_ref())
        }
    }
}

/// Names as a phrase that stays short: `a, b, c and 997 more`.
pub fn first_of<T: AsRef<str>>(names: &[T], most: usize) -> String {
    if names.len() <= most {
        return listed(names);
    }
    let shown: Vec<&str> = names[..most].iter().map(AsRef::as_ref).collect();
    let rest = Count((names.len() - most) as u64);
    format!("{} and {rest} more", shown.join(", "))
}

/// A word as a shell takes it literally: in single quotes where it needs them.
pub fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=,@%+".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

/// Names above this are nobody's slip of the pen.
const LONGEST_NAME: usize = 100;

/// The name among `candidates` that a person most probably meant: at most two edits away, at most one in three
/// characters, and none in a digit, for `physnet1` and `physnet2` are two names and no typing error.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    fn digits(text: &str) -> impl Iterator<Item = u8> {
        text.bytes().filter(u8::is_ascii_digit)
    }
    let length = name.chars().count();
    candidates
        .into_iter()
        .filter(|candidate| *candidate != name && name.len().max(candidate.len()) <= LONGEST_NAME)
        // A slip of two letters changes the length by two at most.
        .filter(|candidate| candidate.chars().count().abs_diff(length) <= 2)
        .filter(|candidate| digits(candidate).eq(digits(name)))
        .map(|candidate| (strsim::osa_distance(name, candidate), candidate))
        .filter(|(distance, _)| *distance <= 2 && distance * 3 <= length)
        .min()
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_read_as_people_write_them() {
        assert_eq!(Count(16_777_215).to_string(), "16,777,215");
        assert_eq!(Count(999).to_string(), "999");
        assert_eq!(Bytes(2 << 30).to_string(), "2 GiB");
        assert_eq!(Bytes(1_330 * 16_777_215).to_string(), "20.8 GiB");
        assert_eq!(Bytes(512).to_string(), "512 B");
    }

    #[test]
    fn a_suggestion_is_a_slip_of_letters_never_of_digits() {
        assert_eq!(
            nearest("phynet2", ["physnet1", "physnet2"]),
            Some("physnet2")
        );
        assert_eq!(nearest("physnet1", ["physnet2"]), None);
        assert_eq!(nearest("br-10", ["br-ex"]), None);
        assert_eq!(nearest("public", ["provider"]), None);
        assert_eq!(nearest("a", ["b"]), None);
        assert_eq!(nearest("int", ["ext"]), None);
        assert_eq!(nearest("br-ext", ["br-ex"]), Some("br-ex"));
    }

    #[test]
    fn a_shell_takes_a_quoted_word_as_it_is() {
        assert_eq!(quoted("br-ex"), "br-ex");
        assert_eq!(quoted("external_ids:a=b,c"), "external_ids:a=b,c");
        assert_eq!(quoted("br$(reboot)"), "'br$(reboot)'");
        assert_eq!(quoted("it's"), r"'it'\''s'");
        assert_eq!(quoted(""), "''");
    }

    #[test]
    fn names_become_a_phrase() {
        assert_eq!(listed(&["a"]), "a");
        assert_eq!(listed(&["a", "b", "c"]), "a, b and c");
        assert_eq!(first_of(&["a", "b", "c"], 3), "a, b and c");
        assert_eq!(first_of(&["a", "b", "c"], 1), "a and 2 more");
    }
}
