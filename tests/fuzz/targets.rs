//! What is done with hostile bytes: each target takes any input, and panics only where the program is wrong.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use std::sync::OnceLock;

use ovnlint::change::ctl::store::Store;
use ovnlint::change::ctl::{self, Status, Tool, Word};
use ovnlint::cli::allowed::Policy;
use ovnlint::cli::linted::{Coverage, Linted};
use ovnlint::cli::plan::planned::{self, Planned};
use ovnlint::cli::plan::script::Text;
use ovnlint::finding::Finding;
use ovnlint::fix::{self, Found, Wanted};
use ovnlint::read::leave::Below;
use ovnlint::read::links::Leads;
use ovnlint::read::ovsdb::{self, Keep};
use ovnlint::read::walk::{Content, Entry, Held, Kind, Root};
use ovnlint::read::{self, Inputs, Limits, ip, machine, oslo, script, settings, topology, unit};
use ovnlint::report::escape;
use ovnlint::report::text::Colour;
use ovnlint::report::{self, Report};
use ovnlint::show;
use ovnlint::show::text::Detail;
use ovnlint::source::{FileId, Sources};

/// A target: it gets any bytes.
pub type Target = fn(&[u8]);

/// All targets, by the names of their directories in `fuzz/stored`.
pub const TARGETS: [(&str, Target); 8] = [
    ("ini", ini),
    ("database", database),
    ("host", host),
    ("command", command),
    ("script", scripts),
    ("fix", fix),
    ("check", check),
    ("plan", plan),
];

/// Runs the target of that name.
pub fn run(name: &str, data: &[u8]) {
    let found = TARGETS.into_iter().find(|(own, _)| *own == name);
    let (_, target) = found.unwrap_or_else(|| panic!("no target {name}"));
    target(data);
}

/// Stands in front of the name of each file of an input that has several.
pub const FILE: &str = "=== ";

const ITSELF: FileId = FileId(0);

/// The dialect of oslo.config.
pub fn ini(data: &[u8]) {
    let Ok(text) = oslo::decode(data) else { return };
    let file = oslo::read(ITSELF, text);
    for section in &file.sections {
        assert!(text.get(section.name.place.span.range()).is_some());
    }
}

/// Every form in which databases are kept and printed.
pub fn database(data: &[u8]) {
    for keep in [Keep::Model, Keep::All] {
        if let Some(database) = ovsdb::read(ITSELF, data, keep) {
            assert_places(data, &database);
        }
    }
    drop(ovsdb::read_named_log(ITSELF, data, Keep::All));
}

/// The places of a text stand in it.
fn assert_places(data: &[u8], database: &ovsdb::Database) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let rows = database.tables.values().flat_map(|table| &table.rows);
    for (_, value) in rows.flat_map(|row| row.cells.iter()) {
        if let Some(written) = &value.written {
            for span in written.parts.iter().chain([&written.span]) {
                assert!(text.get(span.range()).is_some(), "{span:?}");
            }
        }
    }
}

/// What a machine has beside databases and Neutron's files; the first byte chooses.
pub fn host(data: &[u8]) {
    let Some((&choice, rest)) = data.split_first() else {
        return;
    };
    let Ok(text) = oslo::decode(rest) else { return };
    match choice % 6 {
        0 => drop(topology::read(ITSELF, text)),
        1 => drop(settings::read(ITSELF, text)),
        2 => drop(unit::read_unit(ITSELF, text)),
        3 => drop(unit::read_environment(ITSELF, text)),
        4 => drop(machine::read(ITSELF, text)),
        _ => {
            if let Some(form) = ip::recognise(rest) {
                drop(ip::read(ITSELF, text, form));
            }
        }
    }
}

/// Command lines of both tools, one a line, each run on what the lines before it left.
pub fn command(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let mut stores = [Tool::Vsctl, Tool::Nbctl].map(store);
    for line in text.lines().take(64) {
        let mut words = line.split(' ');
        let (tool, store) = match words.next() {
            Some("ovs-vsctl") => (Tool::Vsctl, &mut stores[0]),
            Some("ovn-nbctl") => (Tool::Nbctl, &mut stores[1]),
            _ => continue,
        };
        // `\x20` stands for a blank within a word.
        let words: Vec<Word> = words
            .map(|word| Word::from(word.replace("\\x20", " ").as_str()))
            .collect();
        let outcome = ctl::run(store, tool, &words, None);
        if outcome.status != Status::Done {
            assert!(outcome.changes.is_empty(), "refused, and changed: {line}");
        }
    }
}

/// What the commands begin with.
fn store(tool: Tool) -> Store {
    static STATES: OnceLock<[Option<ovsdb::Database>; 2]> = OnceLock::new();
    let states = STATES.get_or_init(|| {
        let chassis = include_bytes!("../../testdata/ovn/before/os-compute1/conf.db");
        let northbound = include_bytes!("../../testdata/ovn/before/os-controller/ovnnb_db.db");
        [
            ovsdb::read(ITSELF, chassis, Keep::All),
            ovsdb::read(ITSELF, northbound, Keep::All),
        ]
    });
    let state = &states[usize::from(tool == Tool::Nbctl)];
    Store::read(tool.database(), None, state)
}

/// Scripts, as each of the languages that they are written in; the first byte chooses.
pub fn scripts(data: &[u8]) {
    let Some((&choice, rest)) = data.split_first() else {
        return;
    };
    let Ok(text) = oslo::decode(rest) else { return };
    let name = ["a.sh", "a.yml", "a.md", "a"][usize::from(choice % 4)];
    let script = script::read_named(ITSELF, name, text);
    for trouble in &script.troubles {
        assert!(
            text.get(trouble.place.span.range()).is_some(),
            "{trouble:?}"
        );
    }
}

/// The files of an input: each begins with a line [`FILE`] and its name.
pub fn files(data: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    for line in data.split_inclusive(|&byte| byte == b'\n') {
        if let Some(name) = line.strip_prefix(FILE.as_bytes()) {
            let name = String::from_utf8_lossy(name.trim_ascii()).into_owned();
            files.push((name, Vec::new()));
        } else if let Some((_, content)) = files.last_mut() {
            content.extend_from_slice(line);
        }
    }
    files.truncate(32);
    files
}

/// Where the files of an input are said to lie.
const TOP: &str = "/site";

/// Files without links among them.
struct Plain;

impl Held for Plain {
    fn leads(&self, _: &Path) -> Leads {
        Leads::Nowhere
    }

    fn below(&self, _: &Path) -> Vec<(PathBuf, Kind)> {
        Vec::new()
    }
}

fn entries(files: Vec<(String, Vec<u8>)>) -> Vec<Entry> {
    let root = Root::new(PathBuf::from(TOP), "site", Below::all(Path::new(TOP)));
    let mut entries = Vec::new();
    for (name, content) in files {
        let names = Path::new(&name).components();
        let inside: PathBuf = names
            .filter(|component| matches!(component, Component::Normal(_)))
            .collect();
        if inside.file_name().is_none() {
            continue;
        }
        let before = entries.len();
        root.add(
            &mut entries,
            &Plain,
            &Path::new(TOP).join(inside),
            Kind::File,
        );
        if let Some(entry) = entries.get_mut(before) {
            entry.content = Content::Held(Ok(Some(content)));
        }
    }
    entries
}

fn inputs(files: Vec<(String, Vec<u8>)>, limits: Limits) -> Inputs {
    read::read(entries(files), limits, Sources::default())
}

/// A whole site, and every report of it.
pub fn check(data: &[u8]) {
    let inputs = inputs(files(data), Limits::default());
    let linted = Linted::of(inputs, &Policy::default());
    assert_report(&linted.report(Coverage::Shown));
    let picture = show::picture(&linted.sites, &linted.sources, None);
    assert_clean(&show::text::render(&picture, Detail::Ports, 80));
    assert_json(&show::json::render(&picture));
}

/// A whole site, and a script that changes it: the first file. Without further ones, a recorded site.
pub fn plan(data: &[u8]) {
    let mut files = files(data);
    if files.is_empty() {
        return;
    }
    let (name, script) = files.remove(0);
    let Ok(script) = String::from_utf8(script) else {
        return;
    };
    if files.is_empty() {
        files = recorded();
    }
    let policy = Policy::default();
    let inputs = inputs(files, planned::limits(&policy.tuning));
    let text = Text::of(&name, &script);
    if let Ok(planned) = Planned::of(inputs, text, None, &policy) {
        assert_report(&planned.report(Vec::new()));
    }
}

/// The recorded site that a script without a site of its own changes.
fn recorded() -> Vec<(String, Vec<u8>)> {
    let files: [(&str, &[u8]); 3] = [
        (
            "os-compute1/conf.db",
            include_bytes!("../../testdata/ovn/before/os-compute1/conf.db"),
        ),
        (
            "ovnnb_db.db",
            include_bytes!("../../testdata/ovn/before/os-controller/ovnnb_db.db"),
        ),
        (
            "topology.toml",
            include_bytes!("../../testdata/ovn/before/topology.toml"),
        ),
    ];
    let owned = |(name, content): (&str, &[u8])| (name.to_owned(), content.to_vec());
    files.map(owned).into()
}

/// The edits that findings propose: all can be made, and come to an end.
pub fn fix(data: &[u8]) {
    let files = files(data);
    let lint = |texts: &BTreeMap<PathBuf, String>| -> Result<Found, std::convert::Infallible> {
        let mut entries = entries(files.clone());
        for entry in &mut entries {
            let held = texts.get(&entry.path).cloned();
            let text = match (held, &entry.content) {
                (Some(text), _) => Some(text),
                (None, Content::Held(Ok(Some(bytes)))) => String::from_utf8(bytes.clone()).ok(),
                _ => None,
            };
            // Only what lies on a disk is edited.
            if let Some(text) = text {
                entry.content = Content::Edited(text);
            }
        }
        let inputs = read::read(entries, Limits::default(), Sources::default());
        let linted = Linted::of(inputs, &Policy::default());
        let findings: Vec<Finding> = linted
            .report(Coverage::Hidden)
            .findings
            .into_iter()
            .map(|reported| reported.finding)
            .collect();
        Ok(Found {
            findings,
            sources: linted.sources,
        })
    };
    for wanted in [Wanted::Safe, Wanted::All] {
        let Ok(fixed) = fix::fixed(wanted, lint);
        for (path, file) in &fixed.files {
            assert_ne!(file.before, file.after, "{}", path.display());
        }
    }
}

/// Every format can be made, holds nothing that a terminal obeys, and is what it says it is.
fn assert_report(report: &Report) {
    for colour in [Colour::Plain, Colour::Ansi] {
        let text = report::text::render(report, colour, 100);
        if colour == Colour::Plain {
            assert_clean(&text);
        }
    }
    assert_clean(&report::concise::render(report));
    assert_clean(&report::github::render(report));
    drop(report::github::summary(report));
    assert_clean(&report::junit::render(report));
    assert_clean(&report::markdown::render(report));
    assert_json(&report::json::render(report));
    assert_json(&report::sarif::render(report));
    assert_json(&report::gitlab::render(report));
    for line in report::json::render_lines(report).lines() {
        assert_json(line);
    }
}

fn assert_clean(text: &str) {
    let hostile = text
        .chars()
        .find(|&character| character != '\n' && escape::is_hostile(character));
    assert_eq!(hostile, None, "{text}");
}

fn assert_json(text: &str) {
    assert_clean(text);
    let read: Result<serde::de::IgnoredAny, _> = serde_json::from_str(text);
    assert!(read.is_ok(), "{read:?}: {text}");
}
