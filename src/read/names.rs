//! Names of files as texts, one to one: names that differ only in bytes that are no text stay different.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::path::{Component, Path};

/// What stands in front of a byte that is no text, in hexadecimal, and in front of itself.
const MARK: char = char::REPLACEMENT_CHARACTER;

/// A name as a text: a byte `0xff` that is no UTF-8 becomes `�ff`. No two names become the same.
pub fn text(name: &OsStr) -> Cow<'_, str> {
    match name.to_str() {
        Some(text) if !text.contains(MARK) => Cow::Borrowed(text),
        _ => Cow::Owned(marked(name)),
    }
}

fn marked(name: &OsStr) -> String {
    let mut text = String::new();
    // Where the system's names are no bytes, these are what Rust keeps of them.
    for chunk in name.as_encoded_bytes().utf8_chunks() {
        for character in chunk.valid().chars() {
            text.push(character);
            if character == MARK {
                text.push(MARK);
            }
        }
        for byte in chunk.invalid() {
            text.push_str(&format!("{MARK}{byte:02x}"));
        }
    }
    text
}

/// The components of a path, without `.` and the root.
pub fn components(path: &Path) -> Vec<String> {
    let names = path.components().filter_map(|component| match component {
        Component::Normal(name) => Some(text(name).into_owned()),
        Component::ParentDir => Some("..".to_owned()),
        _ => None,
    });
    names.collect()
}

/// A path as it is shown: with `/`, without `.`.
pub fn shown(path: &Path) -> String {
    let mut lead = String::new();
    for component in path.components() {
        match component {
            Component::Prefix(prefix) => lead.push_str(&text(prefix.as_os_str())),
            Component::RootDir => lead.push('/'),
            _ => break,
        }
    }
    lead + &components(path).join("/")
}

#[cfg(all(test, unix))]
mod tests {
    use std::collections::BTreeSet;
    use std::os::unix::ffi::OsStrExt;

    use super::*;

    #[test]
    fn no_two_names_become_the_same_text() {
        let names: [&[u8]; 9] = [
            b"a",
            b"a\xff",
            b"a\xfe",
            b"a\xffb",
            b"a\\xff",
            b"a\xef\xbf\xbdff",
            b"a\xef\xbf\xbd",
            b"a\xef\xbf\xbd\xff",
            b"a\xc3",
        ];
        let texts = names.map(|name| text(OsStr::from_bytes(name)).into_owned());
        let all: BTreeSet<&String> = texts.iter().collect();
        assert_eq!(all.len(), names.len(), "{texts:?}");
        assert_eq!(texts[0], "a");
        assert_eq!(texts[1], "a\u{fffd}ff");
        assert_eq!(texts[5], "a\u{fffd}\u{fffd}ff");
    }
}
