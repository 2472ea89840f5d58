//! A private database server of a release.

use std::collections::HashSet;
use std::fs;
use std::path::PathBuf;
use std::process::{Child, Output};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use ovnlint::change::ctl::Tool;
use ovnlint::change::ctl::schema::Schema;
use serde_json::{Value, json};

use crate::release::Release;

/// A private `ovsdb-server`.
pub struct Server<'a> {
    /// Whose tools talk to it.
    pub release: &'a Release,
    /// Which of them.
    pub tool: Tool,
    directory: PathBuf,
    process: Child,
    tables: Vec<String>,
}

/// A path that no other server has.
fn fresh(tool: Tool) -> PathBuf {
    static NUMBER: AtomicUsize = AtomicUsize::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let name = format!("ctl-{}-{}-{number}", std::process::id(), tool.name());
    std::env::temp_dir().join(name)
}

impl<'a> Server<'a> {
    /// One with an initialised database, or with a copy of one.
    pub fn start(release: &'a Release, tool: Tool, seed: Option<&[u8]>) -> Self {
        let directory = fresh(tool);
        fs::create_dir_all(&directory).unwrap();
        let file = directory.join("db");
        if let Some(seed) = seed {
            fs::write(&file, seed).unwrap();
        } else {
            let mut create = release.command("ovsdb-tool");
            let created = create.arg("create").arg(&file).arg(release.schema(tool));
            assert!(created.status().unwrap().success());
        }
        let mut command = release.command("ovsdb-server");
        let process = command
            .args(["-vconsole:off", "-vsyslog:off", "--no-chdir"])
            .arg(format!(
                "--remote=punix:{}",
                directory.join("sock").display()
            ))
            .arg(format!("--unixctl={}", directory.join("ctl").display()))
            .arg(file)
            .spawn()
            .unwrap();
        let schema = fs::read_to_string(release.schema(tool)).unwrap();
        let schema: Value = serde_json::from_str(&schema).unwrap();
        let tables = schema["tables"].as_object().unwrap().keys().cloned();
        let server = Self {
            release,
            tool,
            directory,
            process,
            tables: tables.collect(),
        };
        let mut tries = 0..2_000;
        while !server.directory.join("sock").exists()
            || !server.run(&["init".to_owned()]).status.success()
        {
            assert!(tries.next().is_some(), "ovsdb-server does not answer");
            std::thread::sleep(Duration::from_millis(5));
        }
        server
    }

    fn socket(&self) -> String {
        format!("unix:{}", self.directory.join("sock").display())
    }

    /// The file of the database as it is now.
    pub fn seed(&self) -> Vec<u8> {
        fs::read(self.directory.join("db")).unwrap()
    }

    /// Runs the tool.
    pub fn run(&self, words: &[String]) -> Output {
        let mut command = self.release.command(self.tool.name());
        command
            .arg(format!("--db={}", self.socket()))
            .arg("--timeout=10");
        if self.tool == Tool::Vsctl {
            command.arg("--no-wait");
        }
        command.args(words).output().unwrap()
    }

    /// The state, with UUIDs for labels; the columns that hold their default are left out.
    pub fn dump(&self, schema: &Schema) -> Value {
        let name = match self.tool {
            Tool::Vsctl => "Open_vSwitch",
            Tool::Nbctl => "OVN_Northbound",
        };
        let mut operations = vec![json!(name)];
        let tables = self.tables.iter();
        operations.extend(tables.map(|table| json!({"op": "select", "table": table, "where": []})));
        let request = Value::from(operations).to_string();
        let arguments = ["transact", &self.socket(), &request];
        let output = self.release.output("ovsdb-client", &arguments).unwrap();
        let answers: Value = serde_json::from_slice(&output.stdout).unwrap();
        let mut state = serde_json::Map::new();
        for (table, answer) in self.tables.iter().zip(answers.as_array().unwrap()) {
            let own = &schema.tables[schema.table(table)];
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
        let tables = state.values();
        let labels: HashSet<String> = tables
            .flat_map(|rows| rows.as_object().unwrap().keys().cloned())
            .collect();
        let mut state = Value::from(state);
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

impl Drop for Server<'_> {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = fs::remove_dir_all(&self.directory);
    }
}
