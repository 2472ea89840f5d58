//! Lines of the picture: labels, columns, trees, and words that stay within the width.

use crate::report::escape;

/// Columns before what a label speaks of.
const INDENT: usize = 18;

/// A value is cut behind so many characters.
const VALUE_LIMIT: usize = 300;

/// So many names of a list are written out.
pub const NAMES: usize = 20;

/// The widest name that others are aligned with: the patch port of a provider network fits.
const NAME_COLUMN: usize = 64;

/// A blank at which no line is broken. No input holds one: it would be escaped.
pub const TIE: char = '\u{1}';

/// What is written so far.
pub struct Page {
    out: String,
    width: usize,
}

/// A text from a file: harmless, also at the start of a line, and visible where it is empty or has blanks at its ends.
pub fn value(text: &str) -> String {
    let cut = match text.char_indices().nth(VALUE_LIMIT) {
        Some((end, _)) => format!("{}…", escape::terminal(&text[..end])),
        None => escape::terminal(text).into_owned(),
    };
    // GitHub obeys `::` at the start of a line, behind blanks too.
    if cut.is_empty() || cut.trim() != cut || cut.starts_with("::") {
        format!("\"{cut}\"")
    } else {
        cut
    }
}

/// A list of names, with the number of those that are too many to be read.
pub fn shortened(names: &[String]) -> String {
    let shown: Vec<String> = names.iter().take(NAMES).map(|name| value(name)).collect();
    let shown = shown.join(", ");
    match names.len().saturating_sub(NAMES) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

impl Page {
    pub fn new(width: usize) -> Self {
        Self {
            out: String::new(),
            width: width.max(40),
        }
    }

    pub fn finish(self) -> String {
        self.out
    }

    /// A line of its own, with an empty one before it.
    pub fn heading(&mut self, text: &str) {
        if !self.out.is_empty() {
            self.out.push('\n');
        }
        self.lines("", "    ", text);
    }

    /// A label alone.
    pub fn label(&mut self, label: &str) {
        self.out.push_str(&format!("  {label}\n"));
    }

    /// A label and what is to be said of it.
    pub fn row(&mut self, label: &str, text: &str) {
        let first = format!("{:INDENT$}", format!("  {label}"));
        self.lines(&first, &" ".repeat(INDENT), text);
    }

    /// A label and several things, each on a line of its own.
    pub fn rows(&mut self, label: &str, texts: impl Iterator<Item = String>, none: &str) {
        let mut texts = texts.peekable();
        if texts.peek().is_none() {
            self.row(label, none);
        }
        for (at, text) in texts.enumerate() {
            self.row(if at == 0 { label } else { "" }, &text);
        }
    }

    /// A label and two columns.
    pub fn table(
        &mut self,
        label: &str,
        pairs: impl Iterator<Item = (String, String)>,
        none: &str,
    ) {
        let pairs: Vec<(String, String)> = pairs.collect();
        let width = column(&pairs);
        let lines = pairs
            .iter()
            .map(|(name, text)| format!("{name:width$}  {text}"));
        self.rows(label, lines, none);
    }

    /// The root of a small tree.
    pub fn branch(&mut self, text: &str) {
        self.lines("    ", "      ", text);
    }

    /// What hangs below the last branch.
    pub fn leaves(&mut self, texts: &[String]) {
        let last = texts.len().saturating_sub(1);
        for (at, text) in texts.iter().enumerate() {
            let (first, rest) = if at == last {
                ("    └─ ", "       ")
            } else {
                ("    ├─ ", "    │  ")
            };
            self.lines(first, rest, text);
        }
    }

    /// Two columns below the last leaf.
    pub fn columns(&mut self, pairs: impl Iterator<Item = (String, String)>) {
        let pairs: Vec<(String, String)> = pairs.collect();
        let width = column(&pairs);
        for (name, text) in &pairs {
            self.lines("       ", "         ", &format!("{name:width$}  {text}"));
        }
    }

    /// Broken between words, so that no line is wider than need be. Blanks stay as they are.
    fn lines(&mut self, first: &str, rest: &str, text: &str) {
        self.out.push_str(first);
        let mut used = first.chars().count();
        let start = used;
        for (at, word) in text.split(' ').enumerate() {
            let columns = word.chars().count();
            // See `value`: what has blanks in it may be broken before `::`.
            let fits = used + 1 + columns <= self.width || used <= start || word.starts_with("::");
            if at == 0 {
                used += columns;
            } else if fits {
                self.out.push(' ');
                used += 1 + columns;
            } else {
                let trimmed = self.out.trim_end_matches(' ').len();
                self.out.truncate(trimmed);
                self.out.push('\n');
                self.out.push_str(rest);
                used = rest.chars().count() + columns;
            }
            self.out
                .extend(word.chars().map(|character| match character {
                    TIE => ' ',
                    character => character,
                }));
        }
        self.out.push('\n');
    }
}

fn column(pairs: &[(String, String)]) -> usize {
    let widths = pairs.iter().map(|(name, _)| name.chars().count());
    widths
        .filter(|width| *width <= NAME_COLUMN)
        .max()
        .unwrap_or(0)
}

/// Several things on one line; each keeps its first two words together.
pub fn joined(parts: &[String]) -> String {
    let tied = parts.iter().map(|part| match part.split_once(' ') {
        Some((first, rest)) => format!("{first}{TIE}{rest}"),
        None => part.clone(),
    });
    tied.collect::<Vec<_>>().join(&format!("{TIE}· "))
}
