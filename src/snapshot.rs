//! `ovnlint snapshot`: collects what the linter reads of the node on which it runs. The one part that runs programs.

mod command;
mod database;
mod files;
mod tree;

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use serde::Serialize;
use serde::de::IgnoredAny;

use crate::read::machine;

use tree::Tree;

/// What is collected, and where to.
#[derive(Debug)]
pub struct Request {
    /// The node's directory is made in it.
    pub directory: PathBuf,
    /// Stands before /etc, /run, /usr and /proc.
    pub root: PathBuf,
    /// Where Open vSwitch has its sockets.
    pub ovs_rundir: PathBuf,
    /// Where OVN has its sockets.
    pub ovn_rundir: PathBuf,
}

/// What came of it.
#[derive(Debug)]
pub struct Snapshot {
    /// The node's directory.
    pub directory: PathBuf,
    /// What was written, relative to the directory.
    pub written: Vec<PathBuf>,
    /// What could not be collected, and why.
    pub failed: Vec<String>,
}

/// What `node.toml` says; `read::machine` reads it.
#[derive(Serialize)]
struct Document<'a> {
    snapshot: Machine<'a>,
}

#[derive(Serialize)]
struct Machine<'a> {
    hostname: &'a str,
    /// Seconds since 1970.
    taken: u64,
    ovnlint: &'static str,
    kernel: Option<String>,
    memory: Option<u64>,
    openvswitch: Option<String>,
    ovn: Option<String>,
    failed: &'a [String],
}

/// Collects. Fails where nothing could be collected, or the directory cannot be written.
pub fn take(request: &Request) -> Result<Snapshot, String> {
    let proc = request.root.join("proc");
    let hostname = read(&proc.join("sys/kernel/hostname"))?;
    if !is_name(&hostname) {
        return Err(format!("{hostname:?} is no name of a machine"));
    }
    let mut tree = Tree::new(&request.directory, &hostname)?;
    let mut failed = Vec::new();
    let mut keep = |name: &Path, content: Result<Vec<u8>, String>| match content {
        Ok(content) => tree.write(name, &content),
        Err(why) => {
            failed.push(why);
            Ok(())
        }
    };
    for (name, socket, schema) in databases(request) {
        keep(name.as_ref(), backup(&socket, schema))?;
    }
    for (name, content) in lists() {
        keep(name.as_ref(), content)?;
    }
    for (name, content) in files::all(&request.root) {
        keep(&name, content)?;
    }
    if tree.written.is_empty() {
        let reasons = failed.join("\n  ");
        return Err(format!("nothing could be collected:\n  {reasons}"));
    }
    let openvswitch = version("ovs-vswitchd", &mut failed);
    let ovn = version("ovn-controller", &mut failed);
    let document = Document {
        snapshot: Machine {
            hostname: &hostname,
            taken: now(),
            ovnlint: env!("CARGO_PKG_VERSION"),
            kernel: read(&proc.join("sys/kernel/osrelease")).ok(),
            memory: memory(&proc),
            openvswitch,
            ovn,
            failed: &failed,
        },
    };
    let document = toml::to_string(&document).map_err(|error| error.to_string())?;
    tree.write(machine::NAME.as_ref(), document.as_bytes())?;
    let (directory, written) = tree.finish()?;
    Ok(Snapshot {
        directory,
        written,
        failed,
    })
}

/// A name that is safe as a directory: the letters of RFC 1123, and `_`.
fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name.len() <= 253
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'))
}

fn read(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path)
        .map(|text| text.trim().to_owned())
        .map_err(|error| format!("{}: {error}", path.display()))
}

fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}

/// `MemTotal`, in bytes.
fn memory(proc: &Path) -> Option<u64> {
    let text = read(&proc.join("meminfo")).ok()?;
    let rest = text
        .lines()
        .find_map(|line| line.strip_prefix("MemTotal:"))?;
    let kibibytes: u64 = rest.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kibibytes.checked_mul(1024)
}

/// The last word of what `--version` prints first: `ovs-vswitchd (Open vSwitch) 3.1.0`.
fn version(program: &str, failed: &mut Vec<String>) -> Option<String> {
    let output = match command::run(command::LIMIT, program, &["--version"]) {
        Ok(output) => output,
        Err(why) => {
            failed.push(why);
            return None;
        }
    };
    let text = String::from_utf8_lossy(&output);
    let word = text.lines().next()?.split_whitespace().last()?;
    word.starts_with(|c: char| c.is_ascii_digit())
        .then(|| word.to_owned())
}

type Content = Result<Vec<u8>, String>;

/// The databases whose sockets are served here; that of Open vSwitch is expected on every node.
fn databases(request: &Request) -> Vec<(&'static str, PathBuf, &'static str)> {
    let local = request.ovs_rundir.join("db.sock");
    let mut found = vec![("conf.db", local, "Open_vSwitch")];
    // Before OVN 20.03 its sockets lay in the directory of Open vSwitch.
    let directories = [&request.ovn_rundir, &request.ovs_rundir];
    for (name, socket, schema) in [
        ("ovnnb_db.db", "ovnnb_db.sock", "OVN_Northbound"),
        ("ovnsb_db.db", "ovnsb_db.sock", "OVN_Southbound"),
    ] {
        let mut served = directories
            .iter()
            .map(|directory| directory.join(socket))
            .filter(|socket| socket.exists());
        found.extend(served.next().map(|socket| (name, socket, schema)));
    }
    found
}

fn backup(socket: &Path, schema: &str) -> Content {
    let remote = format!("unix:{}", socket.display());
    // A member of a cluster answers for itself, leader or not.
    let output = command::run(
        command::BACKUP_LIMIT,
        "ovsdb-client",
        &["--no-leader-only", "backup", &remote, schema],
    )?;
    database::without_secrets(&output).map_err(|why| format!("{schema} at {remote}: {why}"))
}

/// Interfaces and routes of the machine.
fn lists() -> Vec<(&'static str, Content)> {
    // With `-d` links have a kind; some releases of iproute2 print no JSON with it.
    let links = ip(&["-d", "-j", "link"]).or_else(|_| ip(&["-j", "link"]));
    vec![
        ("ip-addr.json", ip(&["-j", "addr"])),
        ("ip-link.json", links),
        ("ip-route.json", ip(&["-j", "route"])),
        ("ip-route6.json", ip(&["-j", "-6", "route"])),
    ]
}

fn ip(arguments: &[&str]) -> Content {
    let output = command::run(command::LIMIT, "ip", arguments)?;
    // Without a single route some releases print nothing at all.
    let output = if output.trim_ascii().is_empty() {
        b"[]\n".to_vec()
    } else {
        output
    };
    match serde_json::from_slice::<Vec<IgnoredAny>>(&output) {
        Ok(_) => Ok(output),
        Err(error) => Err(format!("ip {}: no JSON: {error}", arguments.join(" "))),
    }
}
