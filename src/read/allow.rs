//! `# ovnlint: allow(LINT) until DATE: REASON`: comments by which a file says what is meant to be as it is.

mod lines;
mod script;
mod tables;

use std::ops::Range;

use crate::finding::allow::{Allow, Defect, Scope};
use crate::finding::words::first_of;
use crate::source::date::Date;
use crate::source::{FileId, Place, Span, Spanned};

use super::Record;

pub use script::of_script;

/// What a comment starts with that is for us.
pub const MARK: &str = "ovnlint:";

const FORM: &str = "write `# ovnlint: allow(LINT): REASON`";

/// An allow is for so many lints at most.
const MOST_LINTS: usize = 20;

/// A file whose comments are read.
#[derive(Clone, Copy)]
struct File<'t> {
    id: FileId,
    /// Its path below that of the command line.
    name: &'t str,
    text: &'t str,
}

/// Every allow of a file, right or wrong, in the order of its lines; `name` is its path below that of the command
/// line. Comments count in Neutron's files, `topology.toml`, units and `/etc/default`.
pub fn comments(file: FileId, name: &str, text: &str, record: &Record) -> Vec<Allow> {
    // Most files have none.
    if !text.contains(MARK) {
        return Vec::new();
    }
    let file = File {
        id: file,
        name,
        text,
    };
    match record {
        Record::Ini(..) => lines::allows(file, lines::Dialect::Oslo),
        Record::Unit(..) | Record::Environment(..) => lines::allows(file, lines::Dialect::Unit),
        Record::Topology(_) => tables::allows(file),
        _ => Vec::new(),
    }
}

/// Why an allow holds until no day.
pub fn no_date(name: &str, date: &str) -> String {
    format!("{name}: `{date}` is no day of the calendar: write it like 2027-03-01")
}

/// Where a comment, from its sign on, says what is for us: behind the mark. Prose that mentions the program, an allow
/// that is commented out, and what is quoted, are none.
fn directive(comment: &str) -> Option<usize> {
    let rest = comment.trim_start_matches(['#', ';']).trim_start();
    let said = rest.strip_prefix(MARK)?;
    let word = said.trim_start();
    let end = word
        .find(|c: char| !c.is_ascii_alphabetic())
        .unwrap_or(word.len());
    let (word, behind) = word.split_at(end);
    let named = |text: &str| {
        text.split_whitespace()
            .next()
            .is_some_and(|name| name.contains('_'))
    };
    let is_ours = match word {
        // `allow vni_ranges_oversized` lacks its brackets; `allow lists of ranges` is prose.
        "allow" => behind.trim_start().starts_with('(') || named(behind),
        "" => false,
        _ => behind.strip_prefix('(').is_some_and(named),
    };
    is_ours.then(|| comment.len() - said.len())
}

impl File<'_> {
    /// The allow of a comment, which starts with its sign, and the bytes that it covers.
    fn allow(self, comment: Range<usize>, covers: Range<usize>) -> Option<Allow> {
        let behind = directive(self.text.get(comment.clone())?)?;
        let reader = Reader {
            text: self.text,
            place: Place::text(self.id, comment.clone()),
        };
        let mut allow = reader.allow(comment.start + behind..comment.end);
        allow.subject = format!("{}: {}", self.name, allow.name.trim_matches('`'));
        allow.scope = Scope::Lines(Span::new(covers));
        Some(allow)
    }

    /// The allow of what is no comment of its own, and why it is none.
    fn no_comment(self, comment: Range<usize>, why: &str) -> Option<Allow> {
        let mut allow = self.allow(comment, 0..0)?;
        allow.defects = vec![Defect {
            place: allow.place.clone(),
            message: format!(
                "{} {why}: give it the line above, alone and not indented",
                allow.name
            ),
            label: "silences nothing",
        }];
        Some(allow)
    }
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
        let names: Vec<&str> = allow.lints.iter().map(|lint| lint.as_str()).collect();
        allow.name = format!("`allow({})`", first_of(&names, 3));
        self.condition(rest.start + close + 1..rest.end, allow)
    }

    fn lints(&self, listed: &Range<usize>) -> Result<Vec<Spanned<String>>, Defect> {
        let mut start = listed.start;
        let mut lints = Vec::new();
        for name in self.text[listed.clone()].split(',') {
            let range = self.trimmed(start..start + name.len());
            start += name.len() + 1;
            if lints.len() == MOST_LINTS {
                let message = format!("the allow names more than {MOST_LINTS} lints: {FORM}");
                return Err(self.defect(range, message, "too many"));
            }
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
        if !is_reason(reason) {
            let message = format!("{} gives no reason: write one behind a colon", allow.name);
            return Err(self.defect(self.place.span.range(), message, "no reason"));
        }
        let dated = reason.trim_start().strip_prefix("until ");
        let dated = dated.and_then(|rest| rest.trim_start().get(..10));
        if dated.and_then(Date::parse).is_some() {
            let message = format!(
                "{} has its date behind the colon, where it is a part of the reason: {FORM}, with ` until DATE` before the colon",
                allow.name
            );
            let at = self.trimmed(range.start + colon + 1..range.end);
            return Err(self.defect(at, message, "no date here"));
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

/// Whether a text says something.
pub fn is_reason(text: &str) -> bool {
    text.chars().any(char::is_alphanumeric)
}

#[cfg(test)]
mod tests;
