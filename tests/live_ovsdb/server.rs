//! A private `ovsdb-server` and its tools.

use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

use crate::generate::SCHEMA;

/// A private server; killed when dropped.
pub struct Server {
    child: Child,
    folder: PathBuf,
}

impl Server {
    /// Starts on a file of the folder; `None` where it refuses the file.
    pub fn start(folder: &Path, file: &str, options: &[&str]) -> Option<Self> {
        let socket = folder.join("sock");
        let _ = std::fs::remove_file(&socket);
        let child = Command::new("ovsdb-server")
            .env("OVS_RUNDIR", folder)
            .args(["-vconsole:off", "-vsyslog:off"])
            .arg(format!("--unixctl={}", folder.join("ctl").display()))
            .arg(format!("--remote=punix:{}", socket.display()))
            .args(options)
            .arg(folder.join(file))
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut server = Self {
            child,
            folder: folder.to_owned(),
        };
        let mut asked = 0;
        while UnixStream::connect(&socket).is_err() {
            if server.child.try_wait().unwrap().is_some() {
                return None;
            }
            asked += 1;
            assert!(asked < 10_000, "ovsdb-server does not start");
            std::thread::sleep(Duration::from_millis(2));
        }
        Some(server)
    }

    /// Everything that is served.
    pub fn dump(&self, format: &str) -> String {
        let remote = format!("unix:{}", self.folder.join("sock").display());
        output(
            "ovsdb-client",
            &["-f", format, "dump", &remote, "Open_vSwitch"],
        )
    }

    /// Compacts the file.
    pub fn compact(&self) {
        output(
            "ovs-appctl",
            &[
                "-t",
                &self.folder.join("ctl").display().to_string(),
                "ovsdb-server/compact",
            ],
        );
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What a tool prints.
pub fn output(tool: &str, arguments: &[&str]) -> String {
    let output = Command::new(tool).args(arguments).output().unwrap();
    assert!(
        output.status.success(),
        "{tool} {arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

/// A connection that sends transactions.
pub struct Client {
    stream: UnixStream,
    buffer: Vec<u8>,
}

impl Client {
    /// Connects.
    pub fn new(server: &Server) -> Self {
        let stream = UnixStream::connect(server.folder.join("sock")).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(10)))
            .unwrap();
        Self {
            stream,
            buffer: Vec::new(),
        }
    }

    /// Sends operations; gives their results, of which the last may be an error.
    pub fn transact(&mut self, operations: &[Value]) -> Vec<Value> {
        let mut parameters = vec![json!("Open_vSwitch")];
        parameters.extend(operations.iter().cloned());
        let request = json!({"method": "transact", "params": parameters, "id": 1});
        self.stream
            .write_all(request.to_string().as_bytes())
            .unwrap();
        loop {
            let mut values =
                serde_json::Deserializer::from_slice(&self.buffer).into_iter::<Value>();
            if let Some(Ok(reply)) = values.next() {
                let end = values.byte_offset();
                self.buffer.drain(..end);
                if reply["method"] == "echo" {
                    let echo = json!({"id": reply["id"], "result": reply["params"], "error": null});
                    self.stream.write_all(echo.to_string().as_bytes()).unwrap();
                    continue;
                }
                let results = reply["result"].as_array();
                return results.unwrap_or_else(|| panic!("{reply}")).clone();
            }
            let mut part = [0; 8192];
            let length = self
                .stream
                .read(&mut part)
                .expect("ovsdb-server answers within 10 s");
            assert!(length > 0, "ovsdb-server hung up");
            self.buffer.extend(&part[..length]);
        }
    }
}

/// A folder of this test; `None`, with a line that says so, where the tools are missing.
pub fn folder(name: &str) -> Option<PathBuf> {
    let present = ["ovsdb-server", "ovsdb-client", "ovsdb-tool", "ovs-appctl"]
        .iter()
        .all(|tool| {
            let found = Command::new(tool)
                .arg("--version")
                .stdout(Stdio::null())
                .status();
            found.is_ok_and(|status| status.success())
        });
    if !present {
        assert!(
            !live(),
            "OVNLINT_LIVE=1, but Open vSwitch's ovsdb tools are not installed"
        );
        let _ = writeln!(
            std::io::stderr(),
            "skipped: {name} needs ovsdb-server, ovsdb-client, ovsdb-tool and ovs-appctl"
        );
        return None;
    }
    let folder = std::env::temp_dir().join(format!("ovnlint-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("schema"), SCHEMA).unwrap();
    Some(folder)
}

/// Whether everything is asked for; otherwise a sample runs.
pub fn live() -> bool {
    std::env::var_os("OVNLINT_LIVE").is_some_and(|value| value == "1")
}

/// An empty database.
pub fn create(folder: &Path, file: &str) -> PathBuf {
    let path = folder.join(file);
    let _ = std::fs::remove_file(&path);
    output(
        "ovsdb-tool",
        &[
            "create",
            &path.display().to_string(),
            &folder.join("schema").display().to_string(),
        ],
    );
    path
}
