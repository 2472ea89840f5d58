//! The other names of the programs that are followed: those of snaps, of the plugin of kubectl, aliases.

use std::rc::Rc;

use crate::source::Span;

use super::run::Run;
use super::simple::{Call, PROGRAMS};
use super::tree::{Form, Part, Quoting, Tree};
use super::unit::Unit;
use super::{Word, parse};

/// What the alias of a name stands for, and where that is said.
pub struct Alias {
    pub value: Word,
    pub span: Span,
}

/// Whether the shell expands aliases in a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aliases {
    /// `sh`, and bash behind `shopt -s expand_aliases`.
    Expanded,
    /// bash.
    Ignored,
    /// Which shell reads this is not said.
    Unclear,
}

/// Gives the program its own name; and the word that names the node, where one does.
pub fn own(words: &mut Vec<Word>) -> Option<Word> {
    let first = words.first()?;
    let name = first.base_name().to_owned();
    if let Some((_, program)) = name.rsplit_once('.')
        && (PROGRAMS.contains(&program) || matches!(program, "ovs-ctl" | "ovn-ctl"))
    {
        let word = Word::literal(program, first.place.clone());
        *words.first_mut()? = word;
        return None;
    }
    let plugin = match name.as_str() {
        "kubectl-ko" => 1,
        "kubectl" | "oc" if words.get(1).is_some_and(|word| word.text == "ko") => 2,
        _ => return None,
    };
    let verb = words.get(plugin)?;
    let (program, has_node) = match verb.text.as_str() {
        "nbctl" => ("ovn-nbctl", false),
        "sbctl" => ("ovn-sbctl", false),
        "vsctl" => ("ovs-vsctl", true),
        "ofctl" => ("ovs-ofctl", true),
        "appctl" => ("ovs-appctl", true),
        "dpctl" => ("ovs-dpctl", true),
        _ => return None,
    };
    let program = Word::literal(program, verb.place.clone());
    let node = words.get(plugin + 1).filter(|_| has_node).cloned();
    words.splice(..plugin + 1 + usize::from(node.is_some()), [program]);
    node
}

impl Run {
    /// `alias NAME=VALUE`
    pub fn alias(&mut self, words: &[Word], span: Span) {
        for word in words {
            let Some((name, value)) = word.text.split_once('=') else {
                continue;
            };
            let start = name.len() + 1;
            let value = word.clone().from(start, value);
            self.aliases.insert(Rc::from(name), Alias { value, span });
        }
    }

    /// `unalias NAME`
    pub fn unalias(&mut self, words: &[Word]) {
        for word in words {
            match word.text.as_str() {
                "-a" => self.aliases.clear(),
                name => _ = self.aliases.remove(name),
            }
        }
    }

    /// A command whose first word, as it is written, is the name of an alias: what the shell makes of it. Fails with
    /// the reason where that is not known.
    pub fn unaliased(&mut self, first: &Tree, call: Call) -> Result<Call, (Call, String)> {
        let [
            Part::Text {
                text,
                quoting: Quoting::Bare,
                ..
            },
        ] = &first.parts[..]
        else {
            return Ok(call);
        };
        let Some(alias) = self.aliases.get(text) else {
            return Ok(call);
        };
        let fail = |why: &str| format!("`{text}` is an alias, and {why}");
        match self.expands {
            Aliases::Ignored => return Ok(call),
            Aliases::Unclear => {
                let why = fail("whether it is expanded hangs on the shell");
                return Err((call, why));
            }
            Aliases::Expanded => {}
        }
        // A shell reads a whole line, or a whole function, before it runs any of it.
        if self.locals.is_some() || self.line(alias.span.end) >= self.line(call.span.start) {
            let why = fail("whether it was known when this was read is not followed");
            return Err((call, why));
        }
        if let Some((_, why)) = &alias.value.unknown {
            let why = fail(why);
            return Err((call, why));
        }
        let unit = alias.value.unit();
        if let Some(mut words) = self.alias_words(&unit, text) {
            words.extend(call.words.into_iter().skip(1));
            return Ok(Call { words, ..call });
        }
        let why = fail("what it stands for is not followed");
        Err((call, why))
    }

    /// The words of an alias that stands for the beginning of one command.
    fn alias_words(&mut self, unit: &Unit, name: &str) -> Option<Vec<Word>> {
        let parsed = parse::parse(unit);
        let ([item], true) = (&parsed.list[..], parsed.troubles.is_empty()) else {
            return None;
        };
        let ([command], true, None) = (
            &item.first.commands[..],
            item.rest.is_empty() && !item.first.negated,
            item.background,
        ) else {
            return None;
        };
        let Form::Simple(simple) = &command.form else {
            return None;
        };
        let is_plain = simple.assignments.is_empty()
            && simple.outputs.is_empty()
            && simple.input.is_none()
            && simple.files.is_empty();
        let words: Vec<Word> = simple
            .words
            .iter()
            .flat_map(|tree| self.words(tree))
            .collect();
        let first = words.first()?;
        // A blank at its end makes the next word an alias, too.
        let again = first.text != name && self.aliases.contains_key(first.text.as_str());
        let goes_on = unit.text.ends_with([' ', '\t']);
        (is_plain && !again && !goes_on).then_some(words)
    }
}
