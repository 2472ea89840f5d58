//! The options of a command line, apart from its words.

use crate::read::script::Word;

/// A command line without the name of the program.
pub struct Line<'a> {
    options: Vec<(String, Option<String>)>,
    /// What is no option.
    pub words: Vec<&'a Word>,
}

/// Where options may stand.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Stand {
    /// Before the first word alone.
    First,
    /// Between the words too.
    Anywhere,
}

impl Line<'_> {
    /// Whether one of these options is given.
    pub fn has(&self, names: &[&str]) -> bool {
        self.options
            .iter()
            .any(|(name, _)| names.contains(&name.as_str()))
    }

    /// The value of the last of these options.
    pub fn value(&self, names: &[&str]) -> Option<&str> {
        let mut options = self.options.iter().rev();
        let found = options.find(|(name, _)| names.contains(&name.as_str()))?;
        found.1.as_deref()
    }
}

/// Splits a command line as `getopt_long` does; `valued` are the options whose value may be the next word.
pub fn split<'a>(words: &'a [Word], stand: Stand, valued: &[&str]) -> Line<'a> {
    let mut line = Line {
        options: Vec::new(),
        words: Vec::new(),
    };
    let mut at = 0;
    while let Some(word) = words.get(at) {
        at += 1;
        let text = word.text.as_str();
        if text == "--" {
            line.words.extend(&words[at..]);
            break;
        }
        if !text.starts_with('-') || text == "-" {
            line.words.push(word);
            if stand == Stand::First {
                line.words.extend(&words[at..]);
                break;
            }
            continue;
        }
        let wants = if text.starts_with("--") {
            long(text, valued, &mut line.options)
        } else {
            short(text, valued, &mut line.options)
        };
        if wants && let Some(value) = words.get(at) {
            let last = line.options.last_mut();
            last.expect("it was pushed just now").1 = Some(value.text.clone());
            at += 1;
        }
    }
    line
}

/// Tells whether the value is the next word.
fn long(text: &str, valued: &[&str], options: &mut Vec<(String, Option<String>)>) -> bool {
    if let Some((name, value)) = text.split_once('=') {
        options.push((name.to_owned(), Some(value.to_owned())));
        return false;
    }
    options.push((text.to_owned(), None));
    valued.contains(&text)
}

fn short(text: &str, valued: &[&str], options: &mut Vec<(String, Option<String>)>) -> bool {
    for (at, letter) in text.char_indices().skip(1) {
        let name = format!("-{letter}");
        let rest = &text[at + letter.len_utf8()..];
        if !valued.contains(&name.as_str()) {
            options.push((name, None));
            continue;
        }
        let value = (!rest.is_empty()).then(|| rest.to_owned());
        let wants = value.is_none();
        options.push((name, value));
        return wants;
    }
    false
}
