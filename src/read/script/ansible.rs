//! Commands in the tasks of Ansible files.

use std::ops::Range;
use std::sync::Arc;

use crate::source::FileId;

use super::run::{Braces, Run};
use super::unit::{Missing, Origin, Unit};
use super::yaml::{self, Key, Yaml};
use super::{Below, Script, Word, parse};

/// What `{{ item }}` stands for.
#[derive(Clone, Copy)]
enum Item<'a> {
    None,
    Known(&'a Unit),
    Unknown,
}

/// Reads the tasks in their order.
pub fn read(file: FileId, text: &str) -> Script {
    let mut run = Run::new(file);
    run.braces = Braces::Unclear;
    let (documents, comments) = yaml::read(text);
    run.comments(comments, Below::Item);
    for document in documents {
        tasks(&mut run, &document);
    }
    run.script
}

/// Tasks are the members of lists; maps only lead to them.
fn tasks(run: &mut Run, yaml: &Yaml) {
    match yaml {
        Yaml::List(items) => {
            for item in items {
                match item {
                    Yaml::Map(entries) => task(run, entries),
                    other => tasks(run, other),
                }
            }
        }
        Yaml::Map(entries) => entries.iter().for_each(|(_, value)| tasks(run, value)),
        Yaml::Scalar(_) | Yaml::Other => {}
    }
}

/// A task, a block of tasks, or a play.
fn task(run: &mut Run, entries: &[(Key, Yaml)]) {
    let outer = (run.certain.clone(), run.target.clone());
    if let Some((key, _)) = entry(entries, &["when"]) {
        run.certain = run.maybe(key.span, "it runs only where its `when` holds");
    }
    if let Some((_, Yaml::Scalar(node))) = entry(entries, &["delegate_to"]) {
        run.target = Some(word(run, &filled(node, Item::None)));
    }
    for (key, value) in entries {
        action(run, key, value, entries);
    }
    (run.certain, run.target) = outer;
}

/// What a key of a task does.
fn action(run: &mut Run, key: &Key, value: &Yaml, entries: &[(Key, Yaml)]) {
    let name = key.text.rsplit('.').next().unwrap_or_default();
    match name {
        "shell" | "command" | "raw" => repeated(run, entries, |run, item| {
            module(run, name, value, entries, item);
        }),
        "include_tasks" | "import_tasks" | "include_role" | "import_role" | "import_playbook"
        | "script" | "roles" => {
            let why = format!("what `{name}` brings in is not looked at");
            unfollowed(run, key, &why);
        }
        "openvswitch_bridge" | "openvswitch_port" | "openvswitch_db" | "openvswitch_bond" => {
            let why = format!("Ansible's module `{name}` is not followed");
            unfollowed(run, key, &why);
        }
        "service" | "systemd" | "systemd_service" => repeated(run, entries, |run, item| {
            service(run, key, value, item);
        }),
        "vars" | "set_fact" | "args" | "loop" | "environment" => {}
        "handlers" | "rescue" => {
            let certain = run.certain.clone();
            run.certain = run.maybe(key.span, "it runs only when something else calls for it");
            tasks(run, value);
            run.certain = certain;
        }
        _ => tasks(run, value),
    }
}

fn entry<'a>(entries: &'a [(Key, Yaml)], names: &[&str]) -> Option<&'a (Key, Yaml)> {
    entries
        .iter()
        .find(|(key, _)| names.contains(&key.text.as_str()))
}

fn unfollowed(run: &mut Run, key: &Key, why: &str) {
    run.push(vec![run.unfollowed(key.span, why)], key.span);
}

/// Reads a task once for each item of its loop.
fn repeated(run: &mut Run, entries: &[(Key, Yaml)], mut read: impl FnMut(&mut Run, Item)) {
    let is_loop = |key: &Key| key.text == "loop" || key.text.starts_with("with_");
    let Some((key, items)) = entries.iter().find(|(key, _)| is_loop(key)) else {
        return read(run, Item::None);
    };
    if let Some(scalars) = literal_items(items)
        .filter(|_| matches!(key.text.as_str(), "loop" | "with_items" | "with_list"))
    {
        for item in scalars {
            read(run, Item::Known(item));
        }
    } else {
        let certain = run.certain.clone();
        run.certain = run.maybe(key.span, "what this loop runs over is not known");
        read(run, Item::Unknown);
        run.certain = certain;
    }
}

/// The items of a loop, where each is a text.
fn literal_items(items: &Yaml) -> Option<Vec<&Unit>> {
    let Yaml::List(items) = items else {
        return None;
    };
    let scalars = items.iter().map(|item| match item {
        Yaml::Scalar(unit) if !unit.text.contains("{{") => Some(unit),
        _ => None,
    });
    scalars.collect()
}

/// `shell`, `command`, `raw`
fn module(run: &mut Run, name: &str, value: &Yaml, entries: &[(Key, Yaml)], item: Item) {
    let (certain, braces) = (run.certain.clone(), run.braces);
    let arguments = match (value, entry(entries, &["args"])) {
        (Yaml::Map(arguments), _) | (_, Some((_, Yaml::Map(arguments)))) => &arguments[..],
        _ => &[],
    };
    if let Some((key, _)) = entry(arguments, &["creates", "removes"]) {
        let why = "it runs only where a file is, or is not, there";
        run.certain = run.maybe(key.span, why);
    }
    if let Some((_, Yaml::Scalar(shell))) = entry(arguments, &["executable"])
        && shell.text.ends_with("bash")
    {
        run.braces = Braces::Expanded;
    }
    let command = match value {
        Yaml::Map(arguments) => entry(arguments, &["cmd", "argv"]).map(|(_, command)| command),
        value => Some(value),
    };
    match command {
        Some(Yaml::Scalar(unit)) => {
            let unit = free_form(run, &filled(unit, item));
            match name {
                "command" => words(run, &unit),
                _ => run.nested(&unit, None),
            }
        }
        Some(Yaml::List(items)) => {
            let texts = items.iter().map(|text| match text {
                Yaml::Scalar(unit) => Some(word(run, &filled(unit, item))),
                _ => None,
            });
            if let Some(words) = texts.collect::<Option<Vec<Word>>>() {
                run.given(words);
            }
        }
        _ => {}
    }
    run.certain = certain;
    run.braces = braces;
}

/// `command` runs no shell: its text is split into words, and that is all.
fn words(run: &mut Run, unit: &Unit) {
    match parse::words(unit) {
        Ok(trees) => {
            let words = trees.iter().map(|tree| run.whole(tree)).collect();
            run.given(words);
        }
        Err(trouble) => run.trouble(trouble),
    }
}

/// `service: name=… state=restarted` is what `systemctl restart` does.
fn service(run: &mut Run, key: &Key, value: &Yaml, item: Item) {
    let Yaml::Map(arguments) = value else {
        return;
    };
    let scalar = |name: &str| match entry(arguments, &[name]) {
        Some((_, Yaml::Scalar(unit))) => Some(unit),
        _ => None,
    };
    let (Some(name), Some(state)) = (scalar("name"), scalar("state")) else {
        return;
    };
    let verb = match state.text.as_str() {
        "restarted" => "restart",
        "reloaded" => "reload",
        "started" => "start",
        "stopped" => "stop",
        _ => return,
    };
    let verb_place = run.place(state.span(0..state.text.len()));
    let words = vec![
        Word::literal("systemctl", run.place(key.span)),
        Word::literal(verb, verb_place),
        word(run, &filled(name, item)),
    ];
    run.push(words, key.span);
}

fn word(run: &Run, unit: &Unit) -> Word {
    unit.word(run.file)
}

/// A text with its templates put in: `{{ item }}` where it is known, the rest is unknown.
fn filled(unit: &Unit, item: Item) -> Unit {
    let mut filled = Unit::default();
    let mut at = 0;
    while let Some(found) = unit.text[at..].find(['{']).map(|found| at + found) {
        let rest = &unit.text[found..];
        let closing = match rest.as_bytes().get(1) {
            Some(b'{') => "}}",
            Some(b'%') => "%}",
            _ => {
                filled.push_part(unit, at..found + 1);
                at = found + 1;
                continue;
            }
        };
        let Some(length) = rest.find(closing).map(|length| length + 2) else {
            break;
        };
        filled.push_part(unit, at..found);
        at = found + length;
        let span = unit.span(found..at);
        let name = rest[2..length - 2].trim_matches(['-', ' ']);
        match (name, item) {
            ("item", Item::Known(item)) => filled.push(&item.text, span, Origin::Decoded),
            (_, item) => filled.push_unknown(span, template(&rest[..length], name, item)),
        }
    }
    filled.push_part(unit, at..unit.text.len());
    filled
}

fn template(text: &str, name: &str, item: Item) -> Arc<Missing> {
    let why = match item {
        Item::Unknown if name.starts_with("item") => "an item of a loop that is not known",
        _ => "a template",
    };
    Arc::new(Missing {
        text: text.to_owned(),
        why: why.to_owned(),
    })
}

/// Takes off what Ansible takes off: `chdir=…`, `creates=…` among the words.
fn free_form(run: &mut Run, unit: &Unit) -> Unit {
    const KEYS: [&str; 6] = [
        "chdir=",
        "creates=",
        "removes=",
        "executable=",
        "warn=",
        "stdin=",
    ];
    if !KEYS.iter().any(|key| unit.text.contains(key)) {
        return unit.clone();
    }
    let mut kept = Unit::default();
    let mut at = 0;
    for token in unit.text.split_inclusive(char::is_whitespace) {
        let range: Range<usize> = at..at + token.len();
        at = range.end;
        match KEYS.iter().find(|key| token.starts_with(**key)) {
            None => kept.push_part(unit, range),
            Some(&key) => {
                if matches!(key, "creates=" | "removes=") {
                    let why = "it runs only where a file is, or is not, there";
                    run.certain = run.maybe(unit.span(range), why);
                }
            }
        }
    }
    kept
}
