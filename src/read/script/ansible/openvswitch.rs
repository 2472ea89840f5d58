//! Modules of Open vSwitch: each runs `ovs-vsctl`.

use crate::read::script::Word;
use crate::read::script::unit::{Origin, Unit};
use crate::source::Span;

use super::Tasks;
use super::arguments::Given;
use super::task::Action;
use super::template::{self, Item};

/// A command line of `ovs-vsctl` while it is put together.
struct Line {
    words: Vec<Word>,
    span: Span,
}

impl Tasks<'_, '_> {
    fn line(&mut self, action: &Action, words: &[&str]) -> Line {
        let mut line = Line {
            words: Vec::new(),
            span: action.span,
        };
        self.add(&mut line, &["ovs-vsctl"]);
        self.add(&mut line, words);
        line
    }

    fn add(&mut self, line: &mut Line, words: &[&str]) {
        let place = self.run().place(line.span);
        line.words
            .extend(words.iter().map(|word| Word::literal(word, place.clone())));
    }

    fn give(&mut self, line: Line) {
        self.run().push(line.words, line.span);
    }

    /// Whether something is to be removed; none where that is not known.
    fn is_absent(&mut self, action: &Action, item: &Item) -> Option<bool> {
        match self.word(action, &["state"], item) {
            None => Some(false),
            Some(state) if state.unknown.is_some() => None,
            Some(state) => match state.text.as_str() {
                "absent" => Some(true),
                "present" => Some(false),
                _ => None,
            },
        }
    }

    /// `openvswitch_bridge`
    pub fn bridge(&mut self, action: &Action, item: &Item) {
        let (Some(bridge), Some(is_absent)) = (
            self.word(action, &["bridge"], item),
            self.is_absent(action, item),
        ) else {
            return self.unfollowed(action, "is told a bridge or a state that is not known");
        };
        if is_absent {
            let mut line = self.line(action, &["--if-exists", "del-br"]);
            line.words.push(bridge);
            return self.give(line);
        }
        if action.arguments.get(&["set"]).is_some() {
            return self.unfollowed(action, "sets something where the bridge is new");
        }
        let mut line = self.line(action, &["--may-exist", "add-br"]);
        line.words.push(bridge.clone());
        let parent = self.word(action, &["parent"], item);
        if let (Some(parent), Some(vlan)) = (parent, self.word(action, &["vlan"], item)) {
            line.words.extend([parent, vlan]);
        }
        if let Some(mode) = self.word(action, &["fail_mode"], item) {
            self.add(&mut line, &["--", "set-fail-mode"]);
            line.words.extend([bridge.clone(), mode]);
        }
        let Some(ids) = self.external_ids(action, item) else {
            return self.unfollowed(action, "is told external_ids that are not known");
        };
        for (key, value) in ids {
            self.add(&mut line, &["--", "br-set-external-id"]);
            line.words.push(bridge.clone());
            line.words.extend([
                key.word(self.reader.run.file),
                value.word(self.reader.run.file),
            ]);
        }
        self.give(line);
    }

    /// `openvswitch_port`, and what `openvswitch_bond` removes.
    pub fn port(&mut self, action: &Action, item: &Item) {
        let bridge = self.word(action, &["bridge"], item);
        let port = self.word(action, &["port"], item);
        let (Some(bridge), Some(port), Some(is_absent)) =
            (bridge, port, self.is_absent(action, item))
        else {
            return self.unfollowed(
                action,
                "is told a bridge, a port or a state that is not known",
            );
        };
        if is_absent {
            let mut line = self.line(action, &["--if-exists", "del-port"]);
            line.words.extend([bridge, port]);
            return self.give(line);
        }
        if action.name.ends_with("bond") || action.arguments.get(&["set"]).is_some() {
            return self.unfollowed(action, "sets something where the port is new");
        }
        let mut line = self.line(action, &["--may-exist", "add-port"]);
        line.words.extend([bridge, port.clone()]);
        if let Some(tag) = self.argument(action, &["tag"], item) {
            self.add(&mut line, &["--", "set", "Port"]);
            line.words.push(port.clone());
            line.words
                .push(joined(&["tag=".into(), tag.into()]).word(self.reader.run.file));
        }
        let Some(ids) = self.external_ids(action, item) else {
            return self.unfollowed(action, "is told external_ids that are not known");
        };
        for (key, value) in ids {
            self.add(&mut line, &["--", "set", "Port"]);
            line.words.push(port.clone());
            let pair = joined(&["external_ids:".into(), key.into(), "=".into(), value.into()]);
            line.words.push(pair.word(self.reader.run.file));
        }
        self.give(line);
    }

    /// The keys and values of `external_ids`; none where they are not known.
    fn external_ids(&mut self, action: &Action, item: &Item) -> Option<Vec<(Unit, Unit)>> {
        let map = match action.arguments.get(&["external_ids"]) {
            None => return Some(Vec::new()),
            Some(Given::Value(map)) => *map,
            Some(Given::Text(..)) => return None,
        };
        if map.is_null() {
            return Some(Vec::new());
        }
        let pairs = map.entries()?.iter().map(|entry| {
            let key = self.reader.unit(&entry.key)?;
            let value = self.reader.unit(&entry.value)?;
            Some((key, template::filled(&value, &entry.value, item)))
        });
        pairs.collect()
    }

    /// `openvswitch_db`
    pub fn database(&mut self, action: &Action, item: &Item) {
        let names = ["table", "record", "col"];
        let given: Option<Vec<Unit>> = names
            .iter()
            .map(|name| self.argument(action, &[name], item))
            .collect();
        let Some([table, record, column]) = given.as_deref() else {
            return self.unfollowed(action, "names no table, record or column");
        };
        let state = self
            .argument(action, &["state"], item)
            .map(|state| state.text);
        if state.as_deref() == Some("read") {
            return self.reader.harmless(action.span, "it only reads");
        }
        let key = self.argument(action, &["key"], item);
        let value = self.argument(action, &["value"], item);
        let file = self.reader.run.file;
        let verb = match (self.is_absent(action, item), &key, &value) {
            (Some(true), Some(_), _) => "remove",
            (Some(false), _, Some(_)) => "set",
            _ => {
                return self.unfollowed(
                    action,
                    "is told no key, no value, or a state that is not known",
                );
            }
        };
        let mut line = self.line(action, &[verb]);
        line.words.extend([table.word(file), record.word(file)]);
        let mut what: Vec<WordPart> = Vec::new();
        match (verb, key) {
            ("remove", key) => {
                line.words.push(column.word(file));
                what.extend(key.map(WordPart::Unit));
            }
            (_, key) => {
                what.push(WordPart::Unit(column.clone()));
                what.extend(key.into_iter().flat_map(|key| [":".into(), key.into()]));
            }
        }
        what.extend(
            value
                .into_iter()
                .flat_map(|value| ["=".into(), value.into()]),
        );
        line.words.push(joined(&what).word(file));
        self.give(line);
    }
}

/// A part of a word that is put together.
enum WordPart {
    Text(&'static str),
    Unit(Unit),
}

impl From<&'static str> for WordPart {
    fn from(text: &'static str) -> Self {
        Self::Text(text)
    }
}

impl From<Unit> for WordPart {
    fn from(unit: Unit) -> Self {
        Self::Unit(unit)
    }
}

/// Parts as one text; what is put between them stands where the part behind it, or in front of it, does.
fn joined(parts: &[WordPart]) -> Unit {
    let place = |part: &WordPart| match part {
        WordPart::Unit(unit) if !unit.text.is_empty() => Some(unit.span(0..unit.text.len())),
        _ => None,
    };
    let mut joined = Unit::default();
    for (index, part) in parts.iter().enumerate() {
        match part {
            WordPart::Unit(unit) => joined.push_part(unit, 0..unit.text.len()),
            WordPart::Text(text) => {
                let behind = parts.iter().skip(index).find_map(place);
                let span = behind
                    .or_else(|| parts.iter().find_map(place))
                    .unwrap_or_default();
                joined.push(text, span, Origin::Decoded);
            }
        }
    }
    joined
}
