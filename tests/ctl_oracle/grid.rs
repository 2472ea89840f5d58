//! Command lines on every table, every kind of column and every command, by us and by the real tools of each release
//! that is there: verdict, what is said, and the database that comes of it.

use std::fmt::Write as _;
use std::io::Write as _;

use ovnlint::change::ctl::schema::{Schema, schema};
use ovnlint::change::ctl::{Status, Tool, Word, run};
use ovnlint::read::version::Version;
use serde_json::Value;

use crate::live::host;
use crate::release::Release;
use crate::server::Server;
use crate::state::{canonical, state, store};
use crate::{lines, release};

/// Command lines by hand; the head of each says how it reads.
const WRITTEN: [(Tool, &str); 2] = [
    (Tool::Vsctl, "testdata/ctl/lines-ovs-vsctl.txt"),
    (Tool::Nbctl, "testdata/ctl/lines-ovn-nbctl.txt"),
];

/// A database on both sides, and what was found.
struct Bench<'a> {
    release: &'a Release,
    tool: Tool,
    version: Version,
    schema: std::sync::Arc<Schema>,
    seed: Vec<u8>,
    server: Server<'a>,
    now: Value,
    count: Count,
}

/// What a run came to.
#[derive(Default)]
struct Count {
    lines: usize,
    done: usize,
    same_words: usize,
    refused: usize,
    unpredicted: Vec<String>,
    disagree: Vec<String>,
}

/// The words of a line: single quotes keep blanks.
pub fn split(line: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let (mut quoted, mut open) = (false, false);
    for c in line.chars() {
        match c {
            '\'' => {
                quoted = !quoted;
                if !open {
                    words.push(String::new());
                }
                open = true;
            }
            ' ' if !quoted => open = false,
            c => {
                if !open {
                    words.push(String::new());
                }
                open = true;
                words.last_mut().unwrap().push(c);
            }
        }
    }
    words
}

/// The lines of a file of them: what every database starts with, and the lines to be tried.
fn written(path: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let text = std::fs::read_to_string(path).expect("the lines are part of the project");
    let (mut setup, mut groups) = (Vec::new(), vec![Vec::new()]);
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        if let Some(line) = line.strip_prefix("setup ") {
            setup.push(line.to_owned());
        } else if line.is_empty() {
            groups.push(Vec::new());
        } else {
            groups.last_mut().unwrap().push(line.to_owned());
        }
    }
    groups.retain(|group| !group.is_empty());
    (setup, groups)
}

/// A text in which every identity reads the same.
fn without_uuids(text: &str) -> String {
    let is_uuid = |word: &str| word.parse::<ovnlint::read::ovsdb::datum::Uuid>().is_ok();
    let mut plain = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if rest.get(..36).is_some_and(is_uuid) {
            plain.push_str("UUID");
            rest = &rest[36..];
        } else {
            plain.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    plain
}

/// What a database says is wrong, where a message is its answer.
fn kind_of_error(message: &str) -> Option<&str> {
    let (_, rest) = message.split_once(r#""error":""#)?;
    rest.split('"').next()
}

/// Whether two refusals are of one kind: the database complains of the same, though perhaps of another row; or one text
/// goes on where the other ends, as the tool's does at a character that cannot be printed; or `br-exists` is silent.
fn same_class(ours: &str, real: &str) -> bool {
    let kinds = [ours, real].map(kind_of_error);
    if kinds[0].is_some() {
        return kinds[0] == kinds[1];
    }
    real.is_empty() || ours.starts_with(real) || real.starts_with(ours)
}

impl<'a> Bench<'a> {
    fn new(release: &'a Release, tool: Tool, setup: &[String]) -> Self {
        let version = release.version(tool).unwrap();
        let server = Server::start(release, tool, None);
        let schema = schema(tool.database(), Some(&version));
        for line in setup {
            // A release has only what it has.
            server.run(&split(line));
        }
        let mut bench = Self {
            release,
            tool,
            version,
            now: server.dump(&schema),
            schema,
            seed: server.seed(),
            server,
            count: Count::default(),
        };
        bench.restart();
        bench
    }

    /// Goes back to what every group of lines starts with.
    fn restart(&mut self) {
        self.server = Server::start(self.release, self.tool, Some(&self.seed));
        self.now = self.server.dump(&self.schema);
    }

    /// A row of a table, or the row of that name.
    fn row(&self, wanted: &str) -> Option<String> {
        let (table, name) = wanted.split_once(':').unwrap_or((wanted, ""));
        let rows = self.now.get(table)?.as_object()?.iter();
        let named = |cells: &Value| {
            let mut names = ["name", "target", "chassis_name"].iter();
            let own = names.find_map(|column| cells.get(column)?.as_str());
            own.unwrap_or_default().to_owned()
        };
        let fits = rows.filter(|(_, cells)| name.is_empty() || named(cells) == name);
        fits.min_by_key(|(_, cells)| without_uuids(&cells.to_string()))
            .map(|(uuid, _)| uuid.clone())
    }

    /// The words of a line, with `{Table}` and `{Table:name}` for rows.
    fn words(&self, line: &str) -> Vec<String> {
        let fill = |word: String| {
            let mut filled = String::new();
            let mut rest = word.as_str();
            while let Some((before, after)) = rest.split_once('{') {
                filled.push_str(before);
                rest = after;
                match after.split_once('}') {
                    Some((name, after))
                        if self.schema.find(name.split(':').next().unwrap()).is_some() =>
                    {
                        filled.push_str(&self.row(name).unwrap_or_else(|| "nosuch".to_owned()));
                        rest = after;
                    }
                    _ => filled.push('{'),
                }
            }
            filled + rest
        };
        split(line).into_iter().map(fill).collect()
    }

    /// Runs a line on both sides; says what differs.
    fn step(&mut self, line: &str) {
        let words = self.words(line);
        let (mut store, labels) = store(self.tool, &self.now, Some(&self.version));
        let known: Vec<String> = labels.values().cloned().collect();
        let output = self.server.run(&words);
        let mut ours = vec![Word::from("--no-wait")];
        ours.extend(words.iter().map(|word| Word::from(word.as_str())));
        let outcome = run(&mut store, self.tool, &ours, Some(&self.version));
        self.count.lines += 1;
        let real = output.status.success();
        let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        let typed = words.join(" ");
        if let Some(what) = &outcome.unmodelled {
            self.count.unpredicted.push(format!("{typed}: {what}"));
            self.restart();
            return;
        }
        if real != (outcome.status == Status::Done) {
            let (status, code) = (&outcome.status, output.status.code());
            self.count.disagree.push(format!(
                "{typed}\n  ours {status:?}\n  real {code:?} {said}"
            ));
            self.restart();
            return;
        }
        if let Status::Refused(refusal) | Status::Waits(refusal) = &outcome.status {
            self.count.refused += 1;
            let last = said.lines().last().unwrap_or_default();
            let name = format!("{}: ", self.tool.name());
            // Where options do not parse, the tool calls itself as it was called: by its path.
            let called = last.split_once(&name);
            let called = called.filter(|(path, _)| path.is_empty() || path.ends_with('/'));
            let last = called.map_or(last, |(_, message)| message);
            if without_uuids(last).trim() == without_uuids(&refusal.message).trim() {
                self.count.same_words += 1;
            } else if matches!(outcome.status, Status::Waits(_)) && last.contains("Alarm clock") {
                // The tool waits for what nobody does, until its time is up.
            } else if !same_class(&refusal.message, last) {
                let message = &refusal.message;
                self.count
                    .disagree
                    .push(format!("{typed}\n  ours {message}\n  real {last}"));
            }
            return;
        }
        self.count.done += 1;
        self.now = self.server.dump(&self.schema);
        let ours = canonical(&state(&store, &labels), &known);
        let theirs = canonical(&self.now, &known);
        let only = |these: &[String], those: &[String]| -> Vec<String> {
            let own = these.iter().filter(|row| !those.contains(row));
            own.cloned().collect()
        };
        if ours != theirs {
            let (ours, theirs) = (only(&ours, &theirs), only(&theirs, &ours));
            self.count
                .disagree
                .push(format!("{typed}\n  ours {ours:#?}\n  real {theirs:#?}"));
        }
    }
}

/// Runs all lines of a tool on a release.
fn compare(release: &Release, tool: Tool) -> Count {
    let (_, path) = WRITTEN.iter().find(|(own, _)| *own == tool).unwrap();
    let (setup, groups) = written(path);
    let mut bench = Bench::new(release, tool, &setup);
    for group in groups {
        for line in group {
            bench.step(&line);
        }
        bench.restart();
    }
    let schema = bench.schema.clone();
    for table in &schema.tables {
        for line in lines::of_table(&schema, table) {
            bench.step(&line);
        }
        bench.restart();
    }
    bench.count
}

/// Compares with a release, and tells what came of it.
fn agrees(release: &Release, tool: Tool) {
    let version = release.version(tool).unwrap();
    let count = compare(release, tool);
    let mut told = String::new();
    let Count {
        lines,
        done,
        same_words,
        refused,
        unpredicted,
        disagree,
    } = &count;
    let agree = lines - unpredicted.len() - disagree.len();
    writeln!(
        told,
        "{} {}: {lines} lines ({done} done, {refused} refused, {same_words} of these in the same words): {agree} agree, {} disagree, {} unpredicted",
        tool.name(),
        version.text,
        disagree.len(),
        unpredicted.len()
    )
    .unwrap();
    for line in unpredicted {
        writeln!(told, "unpredicted: {line}").unwrap();
    }
    let _ = write!(std::io::stderr(), "{told}");
    assert!(disagree.is_empty(), "{told}{}", disagree.join("\n"));
}

fn on_root(at: usize, tool: Tool) {
    let (name, vswitch, ovn) = release::ROOTS[at];
    let Some(root) = Release::of_root(name) else {
        let _ = writeln!(
            std::io::stderr(),
            "skipped: there is no root {name} with the tools of Open vSwitch {}.{} and OVN {}.{:02} (`.ci/run roots` makes it)",
            vswitch[0],
            vswitch[1],
            ovn[0],
            ovn[1]
        );
        return;
    };
    agrees(&root, tool);
}

#[test]
fn ovs_vsctl_of_this_machine_agrees() {
    if let Some(host) = host() {
        agrees(&host, Tool::Vsctl);
    }
}

#[test]
fn ovn_nbctl_of_this_machine_agrees() {
    if let Some(host) = host() {
        agrees(&host, Tool::Nbctl);
    }
}

#[test]
fn ovs_vsctl_of_the_first_root_agrees() {
    on_root(0, Tool::Vsctl);
}

#[test]
fn ovn_nbctl_of_the_first_root_agrees() {
    on_root(0, Tool::Nbctl);
}

#[test]
fn ovs_vsctl_of_the_second_root_agrees() {
    on_root(1, Tool::Vsctl);
}

#[test]
fn ovn_nbctl_of_the_second_root_agrees() {
    on_root(1, Tool::Nbctl);
}
