//! The words of a command line, and the commands between its `--`.

use crate::change::ctl::parse::{Command, Line};
use crate::change::ctl::store::Store;
use crate::change::ctl::{CellChange, Word};
use crate::change::{CameTo, Part};
use crate::read::script;
use crate::source::Place;

use super::blind;

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
    let mut places: Vec<&Place> = changes
        .iter()
        .filter_map(|own| own.place.as_ref())
        .collect();
    places.sort_by_key(|place| (place.file, place.span.start));
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
                    || blind::is_blind(command, store)
                {
                    // It may be so already, or it cannot be told.
                    CameTo::Fine
                } else {
                    CameTo::Nothing
                },
                place,
            };
            if alone && !changes.is_empty() || made(&part.place, &places) {
                part.came_to = CameTo::Change;
            }
            Some(part)
        })
        .collect()
}

/// Whether one of these places, which are in order, is in the words of a command.
fn made(words: &Place, places: &[&Place]) -> bool {
    let begins = |place: &&Place| (place.file, place.span.start) < (words.file, words.span.start);
    let from = places.partition_point(begins);
    let own = places.get(from..).unwrap_or_default().iter();
    let mut own =
        own.take_while(|place| place.file == words.file && place.span.start <= words.span.end);
    own.any(|place| place.span.end <= words.span.end)
}

/// From the name of a command to its last argument.
pub fn span(command: &Command) -> Option<Place> {
    let first = command.words.first()?.place.as_ref()?;
    let last = command.words.last()?.place.as_ref()?;
    let mut place = first.clone();
    place.span.end = last.span.end.max(first.span.end);
    Some(place)
}
