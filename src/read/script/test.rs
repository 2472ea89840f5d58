//! Conditions whose outcome the text alone tells: `[ … ]`, `[[ … ]]`, the patterns of `case`.

use super::Word;
use super::run::Status;
use super::simple::PROGRAMS;
use super::tree::{Part, Quoting, Tree};
use super::trim;

/// The outcome of a test of these words, without its brackets.
pub fn status(words: &[Word]) -> Status {
    if words.iter().any(|word| word.unknown.is_some()) {
        return Status::default();
    }
    let texts: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
    Status {
        known: outcome(&texts),
        ..Status::default()
    }
}

/// Whether a path is that of a program that is followed.
fn is_ours(path: &str) -> bool {
    path.rsplit_once('/')
        .is_some_and(|(_, name)| PROGRAMS.contains(&name))
}

fn outcome(words: &[&str]) -> Option<bool> {
    match words {
        [] => Some(false),
        ["!", rest @ ..] => outcome(rest).map(|outcome| !outcome),
        // Without such a program nothing of the script could run.
        ["-x" | "-f" | "-e" | "-r" | "-s", path] if is_ours(path) => Some(true),
        ["-n", text] | [text] => Some(!text.is_empty()),
        ["-z", text] => Some(text.is_empty()),
        // On the right of `[[ a == b ]]` stands a pattern.
        [_, "=" | "==" | "!=", pattern] if pattern.contains(['*', '?', '[']) => None,
        [left, "=" | "==", right] => Some(left == right),
        [left, "!=", right] => Some(left != right),
        [left, operator, right] => {
            let (left, right) = (left.parse::<i64>().ok()?, right.parse::<i64>().ok()?);
            Some(match *operator {
                "-eq" => left == right,
                "-ne" => left != right,
                "-lt" => left < right,
                "-le" => left <= right,
                "-gt" => left > right,
                "-ge" => left >= right,
                _ => return None,
            })
        }
        _ => None,
    }
}

/// Whether one of an arm's patterns matches; none where that cannot be told.
pub fn case_matches(
    subject: &Word,
    patterns: &[Tree],
    mut expand: impl FnMut(&Tree) -> Word,
) -> Option<bool> {
    let mut any_unknown = false;
    for pattern in patterns {
        if let [
            Part::Text {
                text,
                quoting: Quoting::Bare,
                ..
            },
        ] = &pattern.parts[..]
            && &**text == "*"
        {
            return Some(true);
        }
        // `br-*` and `*-ex` are followed; other patterns are not.
        let is_text = |part: &Part| matches!(part, Part::Text { .. } | Part::Parameter(_));
        let parts = if pattern.parts.iter().all(is_text) {
            &pattern.parts[..]
        } else {
            &[]
        };
        let simple = trim::pattern(parts, |part| {
            let tree = Tree {
                span: pattern.span,
                parts: vec![part.clone()],
            };
            let word = expand(&tree);
            word.unknown.is_none().then_some(word.text)
        });
        if let (Some(simple), None, false) = (&simple, &subject.unknown, parts.is_empty()) {
            if trim::matches(simple, &subject.text) {
                return Some(true);
            }
            continue;
        }
        let has_pattern = pattern.parts.iter().any(|part| match part {
            Part::Text { text, quoting, .. } => {
                *quoting == Quoting::Bare && text.contains(['*', '?', '['])
            }
            Part::Unknown(..) => true,
            Part::Parameter(_) | Part::Substitution { .. } => false,
        });
        let pattern = expand(pattern);
        if has_pattern || pattern.unknown.is_some() || subject.unknown.is_some() {
            any_unknown = true;
        } else if pattern.text == subject.text {
            return Some(true);
        }
    }
    (!any_unknown).then_some(false)
}
