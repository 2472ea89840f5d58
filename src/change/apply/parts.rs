//! The words of a command line, and the commands between its `--`.

use crate::change::ctl::parse::{Command, Line};
use crate::change::ctl::schema::Column;
use crate::change::ctl::store::Store;
use crate::change::ctl::{CellChange, Word, names};
use crate::change::{CameTo, Doubt, Part};
use crate::read::script;
use crate::source::Place;

/// Words of a script as the tools take them; the place of each is that of its content.
pub fn words(words: &[script::Word]) -> Vec<Word> {
    let word = |word: &script::Word| Word {
        value: word.text.clone(),
        place: Some(word.part(0..word.text.len())),
    };
    words.iter().map(word).collect()
}

/// Commands that ask and change nothing.
const READING: [&str; 19] = [
    "comment",
    "find",
    "get",
    "list",
    "show",
    "br-exists",
    "br-to-parent",
    "br-to-vlan",
    "iface-to-br",
    "port-to-br",
    "list-br",
    "list-ifaces",
    "list-ports",
    "list-zone-tp",
    "list-dp-cap",
    "lsp-get-ls",
    "ha-chassis-group-list",
    "sync",
    "wait-until",
];

/// Whether a command, by its name, changes nothing.
pub fn reads(name: &str) -> bool {
    READING.contains(&name)
        || name.starts_with("get-")
        || name.ends_with("-list")
        || name.contains("-get-")
}

/// Whether a command line of `ovs-vsctl` or `ovn-nbctl` changes nothing, as far as its words are known.
pub fn only_reads(words: &[script::Word]) -> bool {
    let program = words.first().map_or("", |word| word.text.as_str());
    if !program.ends_with("ovs-vsctl") && !program.ends_with("ovn-nbctl") {
        return false;
    }
    // Which word is the name of a command is told by the options before it; a value of an option is not a name.
    let mut groups = words[1..].split(|word| word.text == "--");
    groups.all(|group| {
        let mut names = group.iter().filter(|word| !word.text.starts_with('-'));
        group.is_empty()
            || names
                .next()
                .is_none_or(|name| name.unknown.is_none() && reads(&name.text))
    })
}

/// The commands of a line, and what each came to.
pub fn parts(line: &Line, changes: &[CellChange], store: &Store) -> Vec<Part> {
    let alone = line.commands.len() == 1;
    let commands = line.commands.iter();
    commands
        .filter_map(|command| {
            let place = span(command)?;
            let name = command.syntax.name;
            let lenient = command.has("--may-exist") || command.has("--if-exists");
            let mut part = Part {
                name: name.to_owned(),
                arguments: command.words[1..]
                    .iter()
                    .map(|word| word.value.clone())
                    .collect(),
                came_to: if reads(name)
                    || lenient
                    || line.dry_run
                    || !unseen(command, store).is_empty()
                {
                    // It may be so already, or it cannot be told.
                    CameTo::Fine
                } else {
                    CameTo::Nothing
                },
                place,
            };
            if changes.iter().any(|change| alone || part.made(change)) {
                part.came_to = CameTo::Change;
            }
            Some(part)
        })
        .collect()
}

/// The columns that a command writes and that no input shows, with the words that name them.
fn unseen<'a>(command: &'a Command, store: &'a Store) -> Vec<(&'a str, &'a Column)> {
    let words = &command.words[1..];
    let written = match (command.syntax.name, words) {
        ("set" | "clear", [_, _, columns @ ..]) => columns,
        ("add" | "remove", [_, _, column, ..]) => std::slice::from_ref(column),
        _ => return Vec::new(),
    };
    let Ok(at) = names::table(&store.schema, &words[0].value) else {
        return Vec::new();
    };
    let find = |word: &'a Word| {
        let name = word.value.split([':', '=']).next().unwrap_or_default();
        let (column, found) = names::column(&store.schema.tables[at], name).ok()?;
        store
            .unseen(at, column)
            .then_some((word.value.as_str(), found))
    };
    written.iter().filter_map(find).collect()
}

/// The input that shows every column.
const COLUMNS: &str = "the whole table (`ovs-vsctl list TABLE`, or conf.db)";

/// Which keys go where a map is rewritten that no input shows cannot be told.
pub fn doubts(line: &Line, store: &Store) -> Vec<Doubt> {
    let mut doubts = Vec::new();
    for command in line.commands.iter().filter(|_| !line.dry_run) {
        for (word, column) in unseen(command, store) {
            let whole = match command.syntax.name {
                "set" => !word.split('=').next().unwrap_or_default().contains(':'),
                name => name == "clear",
            };
            let place = span(command).filter(|_| whole && column.is_map());
            doubts.extend(place.map(|place| Doubt {
                place,
                message: format!(
                    "which keys this takes from {} of {} is not known",
                    column.name,
                    command.text(2)
                ),
                needs: Some(COLUMNS),
            }));
        }
    }
    doubts
}

/// From the name of a command to its last argument.
fn span(command: &Command) -> Option<Place> {
    let first = command.words.first()?.place.as_ref()?;
    let last = command.words.last()?.place.as_ref()?;
    let mut place = first.clone();
    place.span.end = last.span.end.max(first.span.end);
    Some(place)
}
