//! Thousands of generated command lines, by us and by the real tools on a private database.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use ovnlint::change::ctl::store::Store;
use ovnlint::change::ctl::{Status, Tool, Word, run, schema::schema};
use ovnlint::read::version::Version;
use serde_json::{Value, json};

use crate::dice::Dice;
use crate::state::{canonical, state};

/// Every generated line follows from it; failures print it.
const SEED: u64 = 0x0C71_0C71;

/// Lines for each tool.
const LINES: usize = 1_000;

/// Lines until the database starts anew.
const BATCH: usize = 50;

/// A private `ovsdb-server`.
struct Server {
    tool: Tool,
    directory: PathBuf,
    process: std::process::Child,
}

fn command(program: &str, arguments: &[&str]) -> Option<Output> {
    Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .ok()
}

fn schema_file(tool: Tool) -> &'static str {
    match tool {
        Tool::Vsctl => "/usr/share/openvswitch/vswitch.ovsschema",
        Tool::Nbctl => "/usr/share/ovn/ovn-nb.ovsschema",
    }
}

fn installed(tool: Tool) -> Option<Version> {
    command("ovsdb-server", &["--version"])?;
    let output = command(tool.name(), &["--version"])?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let version = text.lines().next()?.split(' ').next_back()?.parse().ok()?;
    Path::new(schema_file(tool)).exists().then_some(version)
}

impl Server {
    fn start(tool: Tool, number: usize) -> Self {
        let name = format!("ctl-{}-{}-{number}", std::process::id(), tool.name());
        let directory = std::env::temp_dir().join(name);
        fs::create_dir_all(&directory).unwrap();
        let file = directory.join("db");
        let mut create = Command::new("ovsdb-tool");
        let created = create
            .arg("create")
            .arg(&file)
            .arg(schema_file(tool))
            .status();
        assert!(created.unwrap().success());
        let process = Command::new("ovsdb-server")
            .args(["-vconsole:off", "-vsyslog:off"])
            .arg(format!(
                "--remote=punix:{}",
                directory.join("sock").display()
            ))
            .arg(format!("--unixctl={}", directory.join("ctl").display()))
            .arg(file)
            .stdin(Stdio::null())
            .spawn()
            .unwrap();
        let server = Self {
            tool,
            directory,
            process,
        };
        let mut tries = 0..200;
        while !server.run(&["init".to_owned()]).status.success() {
            assert!(tries.next().is_some(), "ovsdb-server does not answer");
            std::thread::sleep(Duration::from_millis(10));
        }
        server
    }

    fn socket(&self) -> String {
        format!("unix:{}", self.directory.join("sock").display())
    }

    fn run(&self, words: &[String]) -> Output {
        let mut command = Command::new(self.tool.name());
        command
            .arg(format!("--db={}", self.socket()))
            .arg("--timeout=5");
        if self.tool == Tool::Vsctl {
            command.arg("--no-wait");
        }
        command
            .args(words)
            .env_remove("OVN_NB_DAEMON")
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }

    /// The state, with UUIDs for labels.
    fn dump(&self, store: &Store) -> Value {
        let name = match self.tool {
            Tool::Vsctl => "Open_vSwitch",
            Tool::Nbctl => "OVN_Northbound",
        };
        let real: Value =
            serde_json::from_str(&fs::read_to_string(schema_file(self.tool)).unwrap()).unwrap();
        let tables: Vec<&String> = real["tables"].as_object().unwrap().keys().collect();
        let mut operations = vec![json!(name)];
        operations.extend(
            tables
                .iter()
                .map(|table| json!({"op": "select", "table": table, "where": []})),
        );
        let request = Value::from(operations).to_string();
        let output = command("ovsdb-client", &["transact", &self.socket(), &request]).unwrap();
        let answers: Value = serde_json::from_slice(&output.stdout).unwrap();
        let mut state = serde_json::Map::new();
        for (table, answer) in tables.into_iter().zip(answers.as_array().unwrap()) {
            let own = &store.schema.tables[store.schema.table(table)];
            let mut rows = serde_json::Map::new();
            for row in answer["rows"].as_array().unwrap() {
                let mut cells = row.as_object().unwrap().clone();
                let uuid = cells.remove("_uuid").unwrap();
                cells.remove("_version");
                cells.retain(|column, value| {
                    !is_default(own.columns[own.column(column)].min, value)
                });
                rows.insert(uuid[1].as_str().unwrap().to_owned(), cells.into());
            }
            if !rows.is_empty() {
                state.insert(table.clone(), rows.into());
            }
        }
        let mut state = Value::from(state);
        let tables = state.as_object().unwrap().values();
        let labels: HashSet<String> = tables
            .flat_map(|rows| rows.as_object().unwrap().keys().cloned())
            .collect();
        drop_dangling(&mut state, &labels);
        state
    }
}

/// A server leaves a weak reference to a deleted row where the same transaction changes another set of the row
/// that refers; nothing can be made of it.
fn drop_dangling(value: &mut Value, labels: &HashSet<String>) {
    let dangles = |value: &Value| {
        value[0] == "uuid" && !labels.contains(value[1].as_str().unwrap_or_default())
    };
    match value {
        Value::Object(cells) => {
            cells.retain(|_, value| !dangles(value));
            cells
                .values_mut()
                .for_each(|value| drop_dangling(value, labels));
        }
        Value::Array(pair) if pair.first().is_some_and(|tag| *tag == "set") => {
            let elements = pair[1].as_array_mut().unwrap();
            elements.retain(|value| !dangles(value));
            if let [only] = elements.as_mut_slice() {
                *value = only.take();
            }
        }
        _ => {}
    }
}

fn is_default(min: usize, value: &Value) -> bool {
    let empty = *value == json!(["set", []]) || *value == json!(["map", []]);
    let zeros = [json!(""), json!(0), json!(false), json!(0.0)];
    empty || (min > 0 && zeros.contains(value))
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = fs::remove_dir_all(&self.directory);
    }
}

/// What every database starts with.
fn setup(tool: Tool) -> &'static [&'static str] {
    match tool {
        Tool::Vsctl => &[
            "add-br br0",
            "add-br br1",
            "add-port br0 p0",
            "add-port br1 p1",
            "add-bond br0 bond0 e1 e2",
            "add-br v10 br0 10",
            "set open . external_ids:a=b",
        ],
        Tool::Nbctl => &[
            "ls-add s0",
            "ls-add s1",
            "lr-add r0",
            "lr-add r1",
            "lsp-add s0 l0",
            "lsp-add s1 l1",
            "lsp-add s0 l2",
            "lrp-add r0 q0 02:00:00:00:00:01 10.0.0.1/24",
            "lrp-add r1 q1 02:00:00:00:00:01 10.1.0.1/16",
            "pg-add g0 l0",
            "ha-chassis-group-add g0",
            "lb-add lb0 10.0.0.9:80 10.0.0.1:80",
            "create address_set name=as0",
            "meter-add m1 drop 5 kbps",
        ],
    }
}

/// A database on both sides.
struct Pair<'a> {
    server: Server,
    store: Store,
    version: &'a Version,
}

impl Pair<'_> {
    /// Runs a line on both sides; says whether the real tool did it, and what differs.
    fn step(&mut self, words: &[String]) -> (bool, Option<String>) {
        let tool = self.server.tool;
        let output = self.server.run(words);
        let mut line = vec![Word::from("--no-wait")];
        line.extend(words.iter().map(|word| Word::from(word.as_str())));
        let outcome = run(&mut self.store, tool, &line, Some(self.version));
        let real = output.status.success();
        let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        if real != (outcome.status == Status::Done) {
            let (status, code) = (outcome.status, output.status.code());
            return (real, Some(format!("ours {status:?}, real {code:?} {said}")));
        }
        if !real || outcome.unmodelled.is_some() {
            return (real, outcome.unmodelled);
        }
        let ours = canonical(&state(&self.store, &HashMap::new()), &[]);
        let theirs = canonical(&self.server.dump(&self.store), &[]);
        if ours == theirs {
            return (real, None);
        }
        let only = |these: &[String], those: &[String]| -> Vec<String> {
            these
                .iter()
                .filter(|row| !those.contains(row))
                .cloned()
                .collect()
        };
        let difference = format!(
            "ours {:#?}\nreal {:#?}",
            only(&ours, &theirs),
            only(&theirs, &ours)
        );
        (real, Some(difference))
    }
}

/// Runs lines on both sides; says what differs.
fn compare(tool: Tool, version: &Version) -> Vec<String> {
    let mut dice = Dice(SEED);
    let (mut done, mut wrong) = (0, Vec::new());
    for batch in 0..LINES / BATCH {
        let mut pair = Pair {
            server: Server::start(tool, batch),
            store: Store::new(schema(tool.database(), Some(version))),
            version,
        };
        run(
            &mut pair.store,
            tool,
            &[Word::from("--no-wait"), Word::from("init")],
            Some(version),
        );
        for line in setup(tool) {
            let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
            let (ran, difference) = pair.step(&words);
            assert!(ran && difference.is_none(), "{line}: {difference:?}");
        }
        let mut history = Vec::new();
        for _ in 0..BATCH {
            let words = dice.line(tool);
            history.push(words.join(" "));
            let (ran, difference) = pair.step(&words);
            done += usize::from(ran);
            if let Some(difference) = difference {
                wrong.push(format!(
                    "{}: {difference}\n  after {history:#?}",
                    words.join(" ")
                ));
                break;
            }
        }
    }
    println!(
        "{done} of {LINES} lines of {} ran, the others were refused",
        tool.name()
    );
    wrong
}

fn agrees(tool: Tool) {
    let Some(version) = installed(tool) else {
        assert!(
            std::env::var("OVNLINT_LIVE").as_deref() != Ok("1"),
            "{} or ovsdb-server is missing",
            tool.name()
        );
        let _ = writeln!(
            std::io::stderr(),
            "skipped: {} or ovsdb-server is not installed",
            tool.name()
        );
        return;
    };
    let wrong = compare(tool, &version);
    let count = wrong.len();
    assert!(
        wrong.is_empty(),
        "seed {SEED:#x}: {count} of {LINES} lines differ\n{}",
        wrong.join("\n")
    );
}

#[test]
fn agrees_with_ovs_vsctl() {
    agrees(Tool::Vsctl);
}

#[test]
fn agrees_with_ovn_nbctl() {
    agrees(Tool::Nbctl);
}
