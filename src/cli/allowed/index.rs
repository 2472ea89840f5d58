//! Which allows may speak of a finding: by its lint, and where they stand for lines, by its place.

use std::collections::HashMap;

use crate::finding::Finding;
use crate::finding::allow::{Allow, Scope};
use crate::source::FileId;

/// One lint of an allow, by the numbers of both.
pub type Own = (usize, usize);

/// The allows that hold, by what they are for.
#[derive(Debug, Default)]
pub struct Index {
    /// For the site as a whole, by lint.
    of_site: HashMap<String, Vec<Own>>,
    /// For lines of a file, by lint and file.
    of_lines: HashMap<(String, FileId), Vec<AllowedLines>>,
}

/// The lines of an allow, among those of other allows in the order of their starts.
#[derive(Debug)]
struct AllowedLines {
    start: u32,
    /// Where the furthest of these and of all before ends.
    furthest: u32,
    own: Own,
}

impl Index {
    /// Of allows that are judged.
    pub fn of(allows: &[Allow]) -> Self {
        let mut index = Self::default();
        let own = allows.iter().enumerate();
        for (at, allow) in own.filter(|(_, allow)| allow.holds()) {
            for (number, lint) in allow.lints.iter().enumerate() {
                let own = (at, number);
                match allow.scope {
                    Scope::Site { .. } => {
                        let known = index.of_site.entry(lint.value.clone());
                        known.or_default().push(own);
                    }
                    Scope::Lines(span) => {
                        let key = (lint.value.clone(), allow.place.file);
                        index.of_lines.entry(key).or_default().push(AllowedLines {
                            start: span.start,
                            furthest: span.end,
                            own,
                        });
                    }
                }
            }
        }
        for lines in index.of_lines.values_mut() {
            lines.sort_by_key(|lines| lines.start);
            let mut furthest = 0;
            for lines in lines {
                furthest = furthest.max(lines.furthest);
                lines.furthest = furthest;
            }
        }
        index
    }

    /// The allows that may cover a finding of the lint: all that do are among them.
    pub fn candidates(&self, lint: &str, finding: &Finding) -> impl Iterator<Item = Own> {
        let of_site = self.of_site.get(lint).into_iter().flatten().copied();
        let place = finding.labels.first().map(|label| &label.place);
        let of_lines = place.and_then(|place| {
            let lines = self.of_lines.get(&(lint.to_owned(), place.file))?;
            let behind = lines.partition_point(|lines| lines.start <= place.span.start);
            Some((lines.get(..behind)?, place.span.start))
        });
        let of_lines = of_lines.into_iter().flat_map(|(lines, start)| {
            let reaching = lines.iter().rev();
            let reaching = reaching.take_while(move |lines| lines.furthest > start);
            reaching.map(|lines| lines.own)
        });
        of_site.chain(of_lines)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Level;
    use crate::read::allow::of_script;
    use crate::read::script;
    use crate::source::Place;

    /// How many allows are asked for the findings of so many commands, each with its comment.
    fn asked(commands: usize) -> usize {
        let text = "# ovnlint: allow(change_unpredicted): x\novs-vsctl frob\n".repeat(commands);
        let script = script::read_named(FileId(0), "change.sh", &text);
        let allows = of_script(&script, "change.sh", &text);
        assert_eq!((allows.len(), script.commands.len()), (commands, commands));
        let index = Index::of(&allows);
        let mut asked = 0;
        for (number, command) in script.commands.iter().enumerate() {
            let finding = Finding::new(Level::Error, "s", "m", &command.place, "l");
            let candidates: Vec<Own> = index.candidates("change_unpredicted", &finding).collect();
            assert_eq!(candidates, [(number, 0)]);
            assert_eq!(index.candidates("other", &finding).count(), 0);
            asked += candidates.len();
        }
        asked
    }

    #[test]
    fn twice_the_comments_are_twice_the_work() {
        assert_eq!(asked(400), 2 * asked(200));
    }

    #[test]
    fn lines_around_others_are_found() {
        let allow = |span: std::ops::Range<usize>| {
            let text = "# ovnlint: allow(a): b\n";
            let script = script::read_named(FileId(0), "change.sh", text);
            let mut allow = of_script(&script, "change.sh", text).remove(0);
            allow.scope = Scope::Lines(crate::source::Span::new(span));
            allow
        };
        let index = Index::of(&[allow(0..100), allow(10..20), allow(30..40)]);
        let at = |start: usize| {
            let place = Place::text(FileId(0), start..start + 1);
            let finding = Finding::new(Level::Error, "s", "m", &place, "l");
            let mut found: Vec<usize> = index.candidates("a", &finding).map(|own| own.0).collect();
            found.sort_unstable();
            found
        };
        assert!(at(15).contains(&0) && at(15).contains(&1));
        assert!(at(50).contains(&0) && at(35).contains(&2));
        assert!(at(100).is_empty());
    }
}
