//! `# ovnlint: allow(LINT) until DATE: REASON`: comments by which a file says what is meant to be as it is.

use std::ops::Range;

use crate::finding::allow::{Allow, Defect, Scope};
use crate::source::date::Date;
use crate::source::{FileId, Place, Span, Spanned};

/// What a line is in the dialect of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// oslo.config: an indented line continues the value above it, and no comment stands behind a value.
    Oslo,
    /// systemd units and files of `/etc/default`: a backslash continues a line.
    Unit,
    /// TOML.
    Toml,
    /// A shell script, or what holds one: a backslash continues a line.
    Shell,
}

const MARK: &str = "ovnlint:";

const FORM: &str = "write `# ovnlint: allow(LINT): REASON`";

/// Every allow of a file, right or wrong, in the order of its lines; `shown` is the path of the file.
pub fn comments(file: FileId, shown: &str, text: &str, dialect: Dialect) -> Vec<Allow> {
    // Most files have none.
    if !text.contains(MARK) {
        return Vec::new();
    }
    let lines = lines(text);
    let allows = lines.iter().enumerate().filter_map(|(at, line)| {
        let written = &text[line.clone()];
        let mark = marked(written)?;
        let place = Place::text(file, line.start + mark.start..line.end);
        let own = dialect.is_comment(written);
        let mut allow = Reader { text, place }.allow(line.start + mark.end..line.end);
        if own && written[..mark.start].trim().is_empty() {
            allow.scope = Scope::Lines(Span::new(covered(text, &lines, at, dialect)));
        } else {
            allow.defects = vec![not_alone(&allow, dialect, written)];
        }
        allow.subject = format!("{shown}: {}", allow.name.trim_matches('`'));
        Some(allow)
    });
    allows.collect()
}

impl Dialect {
    /// Whether a line is a comment and nothing else.
    fn is_comment(self, line: &str) -> bool {
        let line = if self == Self::Oslo {
            line
        } else {
            line.trim_start()
        };
        let semicolon = matches!(self, Self::Oslo | Self::Unit) && line.starts_with(';');
        line.starts_with('#') || semicolon
    }

    /// Whether a line belongs to the one before it.
    fn continues(self, before: &str, line: &str) -> bool {
        match self {
            Self::Oslo => line.starts_with([' ', '\t']) && !line.trim().is_empty(),
            Self::Unit | Self::Shell => before.ends_with('\\'),
            Self::Toml => false,
        }
    }
}

/// The lines of a text, without their ends.
fn lines(text: &str) -> Vec<Range<usize>> {
    let mut start = 0;
    let ends = text.split_inclusive('\n').map(|line| {
        let own = start..start + line.trim_end_matches(['\n', '\r']).len();
        start += line.len();
        own
    });
    ends.collect()
}

/// Where a line speaks to us, from the comment sign to behind the mark. Prose that mentions the program is none.
fn marked(line: &str) -> Option<Range<usize>> {
    let (before, said) = line.split_once(MARK)?;
    let signs = before.trim_end();
    let start = signs.trim_end_matches(['#', ';']).len();
    if start == signs.len() {
        return None;
    }
    let word = said.trim_start();
    let end = word
        .find(|c: char| !c.is_ascii_alphabetic())
        .unwrap_or(word.len());
    let (word, behind) = word.split_at(end);
    let directive = word == "allow" || (!word.is_empty() && behind.trim_start().starts_with('('));
    directive.then_some(start..before.len() + MARK.len())
}

/// The next line that is no comment, with what continues it. What stands before everything else also covers what is
/// said of the file as a whole, which is said at its start.
fn covered(text: &str, lines: &[Range<usize>], at: usize, dialect: Dialect) -> Range<usize> {
    let skipped = |line: &Range<usize>| {
        let line = &text[line.clone()];
        line.trim().is_empty() || dialect.is_comment(line)
    };
    let from_start = lines[..at].iter().all(skipped);
    let start = if from_start { 0 } else { lines[at].start };
    let Some(first) = (at + 1..lines.len()).find(|&next| !skipped(&lines[next])) else {
        return start..text.len();
    };
    let mut last = first;
    while let Some(next) = lines.get(last + 1)
        && dialect.continues(&text[lines[last].clone()], &text[next.clone()])
    {
        last += 1;
    }
    start..lines[last].end + 1
}

fn not_alone(allow: &Allow, dialect: Dialect, line: &str) -> Defect {
    let why = match dialect {
        Dialect::Oslo if line.starts_with([' ', '\t']) => {
            "is indented, and oslo.config takes it as part of the value above"
        }
        Dialect::Oslo => "stands behind a value, and oslo.config takes it as part of that",
        Dialect::Unit | Dialect::Toml | Dialect::Shell => "stands behind something else",
    };
    Defect {
        place: allow.place.clone(),
        message: format!(
            "{} {why}: give it the line above, alone and not indented",
            allow.name
        ),
        label: "silences nothing",
    }
}

/// Why an allow holds until no day.
pub fn no_date(name: &str, date: &str) -> String {
    format!("{name}: `{date}` is no day of the calendar: write it like 2027-03-01")
}

struct Reader<'t> {
    text: &'t str,
    /// The whole comment.
    place: Place,
}

impl Reader<'_> {
    /// What stands behind the mark.
    fn allow(&self, range: Range<usize>) -> Allow {
        let mut allow = Allow {
            place: self.place.clone(),
            name: "the allow".to_owned(),
            subject: String::new(),
            lints: Vec::new(),
            scope: Scope::Lines(Span::default()),
            until: None,
            defects: Vec::new(),
            expired: None,
            uses: Vec::new(),
        };
        if let Err(defect) = self.read(range, &mut allow) {
            allow.defects.push(defect);
        }
        allow
    }

    fn read(&self, range: Range<usize>, allow: &mut Allow) -> Result<(), Defect> {
        let rest = self.trimmed(range);
        let said = &self.text[rest.clone()];
        let open = said
            .find('(')
            .filter(|&open| said[..open].trim_end() == "allow");
        let Some(open) = open else {
            let word = said.split(['(', ' ']).next().unwrap_or_default();
            let message = format!("`{MARK} {word}` is not understood: {FORM}");
            return Err(self.defect(rest, message, "not understood"));
        };
        let Some(close) = said.find(')') else {
            return Err(self.defect(rest, format!("`allow(` is not closed: {FORM}"), "no `)`"));
        };
        let listed = rest.start + open + 1..rest.start + close;
        allow.lints = self.lints(&listed)?;
        allow.name = format!("`allow({})`", self.text[listed].trim());
        self.condition(rest.start + close + 1..rest.end, allow)
    }

    fn lints(&self, listed: &Range<usize>) -> Result<Vec<Spanned<String>>, Defect> {
        let mut start = listed.start;
        let mut lints = Vec::new();
        for name in self.text[listed.clone()].split(',') {
            let range = self.trimmed(start..start + name.len());
            start += name.len() + 1;
            if range.is_empty() {
                let message = format!("the allow names no lint: {FORM}");
                return Err(self.defect(listed.clone(), message, "no lint"));
            }
            let name = self.text[range.clone()].to_owned();
            lints.push(Spanned::new(name, Place::text(self.place.file, range)));
        }
        Ok(lints)
    }

    /// ` until DATE: REASON`
    fn condition(&self, range: Range<usize>, allow: &mut Allow) -> Result<(), Defect> {
        let said = &self.text[range.clone()];
        let colon = said.find(':').unwrap_or(said.len());
        let condition = self.trimmed(range.start..range.start + colon);
        let words: Vec<&str> = self.text[condition.clone()].split_whitespace().collect();
        match words[..] {
            [] => {}
            ["until", date] => {
                let at = condition.end - date.len()..condition.end;
                let date = Date::parse(date).ok_or_else(|| {
                    let message = no_date(&allow.name, date);
                    self.defect(at.clone(), message, "no date")
                })?;
                allow.until = Some(Spanned::new(date, Place::text(self.place.file, at)));
            }
            _ => {
                let message = format!(
                    "{} is followed by something else than `: REASON` or ` until 2027-03-01: REASON`",
                    allow.name
                );
                return Err(self.defect(condition, message, "not understood"));
            }
        }
        let reason = said.get(colon + 1..).unwrap_or_default();
        if reason.trim().is_empty() {
            let message = format!("{} gives no reason: write one behind a colon", allow.name);
            return Err(self.defect(self.place.span.range(), message, "no reason"));
        }
        Ok(())
    }

    fn trimmed(&self, range: Range<usize>) -> Range<usize> {
        let text = &self.text[range.clone()];
        let start = range.start + text.len() - text.trim_start().len();
        start..start.max(range.start + text.trim_end().len())
    }

    fn defect(&self, range: Range<usize>, message: String, label: &'static str) -> Defect {
        Defect {
            place: Place::text(self.place.file, range),
            message,
            label,
        }
    }
}

#[cfg(test)]
mod tests;
