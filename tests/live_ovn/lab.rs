//! A private OVN: the central databases with ovn-northd, and chassis without a kernel datapath.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

const OVS: &str = "/usr/share/openvswitch/vswitch.ovsschema";
const NORTHBOUND: &str = "/usr/share/ovn/ovn-nb.ovsschema";
const SOUTHBOUND: &str = "/usr/share/ovn/ovn-sb.ovsschema";

const TOOLS: [&str; 10] = [
    "ovn-appctl",
    "ovn-controller",
    "ovn-nbctl",
    "ovn-northd",
    "ovn-sbctl",
    "ovs-ofctl",
    "ovs-vsctl",
    "ovs-vswitchd",
    "ovsdb-server",
    "ovsdb-tool",
];

/// How many were started: each has a directory of its own.
static STARTED: AtomicU32 = AtomicU32::new(0);

/// The daemons and their directory; ended and removed when it goes out of scope.
pub struct Lab {
    root: PathBuf,
}

impl Lab {
    /// Starts the central part. `None`, with a line that says so, where a tool is missing.
    pub fn start() -> Option<Self> {
        let schemas = [OVS, NORTHBOUND, SOUTHBOUND];
        let missing = TOOLS
            .into_iter()
            .find(|tool| !installed(tool))
            .or(schemas.into_iter().find(|path| !Path::new(path).exists()));
        if let Some(missing) = missing {
            assert!(
                std::env::var("OVNLINT_LIVE").as_deref() != Ok("1"),
                "{missing} is needed"
            );
            let _ = writeln!(
                std::io::stderr(),
                "skipped: {missing} is not installed, no real OVN was asked"
            );
            return None;
        }
        // A socket's path has at most 107 bytes.
        let lab = Self {
            root: std::env::temp_dir().join(format!(
                "ovn{}-{}",
                std::process::id(),
                STARTED.fetch_add(1, Ordering::Relaxed)
            )),
        };
        let central = lab.directory("central");
        for (name, schema) in [("nb", NORTHBOUND), ("sb", SOUTHBOUND)] {
            lab.database("central", name, schema);
        }
        let remote = |name: &str| format!("unix:{}", text(&central.join(name)));
        lab.nbctl(&["init"]);
        lab.run(
            "central",
            "ovn-sbctl",
            &[
                "--no-leader-only",
                &format!("--db={}", remote("sb.sock")),
                "init",
            ],
        );
        lab.daemon(
            "central",
            "ovn-northd",
            "northd",
            &[
                &format!("--ovnnb-db={}", remote("nb.sock")),
                &format!("--ovnsb-db={}", remote("sb.sock")),
            ],
        );
        Some(lab)
    }

    /// Adds a chassis with these keys.
    pub fn chassis(&self, node: &str, address: &str, keys: &[&str]) {
        self.database(node, "conf", OVS);
        self.vsctl(node, &["--no-wait", "init"]);
        let database = format!("unix:{}", text(&self.root.join(node).join("conf.sock")));
        self.daemon(
            node,
            "ovs-vswitchd",
            "vswitchd",
            &[
                "--enable-dummy=override",
                "--disable-system",
                "--disable-system-route",
                &database,
            ],
        );
        let remote = format!(
            "external_ids:ovn-remote=unix:{}",
            text(&self.root.join("central/sb.sock"))
        );
        let identity = [
            format!("external_ids:system-id={node}"),
            format!("external_ids:hostname={node}"),
            format!("external_ids:ovn-encap-ip={address}"),
            remote,
        ];
        let mut arguments = vec!["set", "open", ".", "external_ids:ovn-encap-type=geneve"];
        arguments.extend(identity.iter().map(String::as_str));
        arguments.extend(keys);
        self.vsctl(node, &arguments);
        self.controller(node);
    }

    /// Starts the ovn-controller of a chassis.
    fn controller(&self, node: &str) {
        let database = format!("unix:{}", text(&self.root.join(node).join("conf.sock")));
        self.daemon(node, "ovn-controller", "controller", &[&database]);
    }

    /// Ends the ovn-controller of a chassis as a signal does, and starts it again.
    pub fn restart_controller(&self, node: &str) {
        let pid = self.controller_pid(node);
        let ended = Command::new("kill").arg(&pid).status().unwrap();
        assert!(ended.success(), "ovn-controller of {node}");
        let gone = || !Path::new("/proc").join(&pid).join("exe").exists();
        assert!(
            holds(1000, Duration::from_millis(10), gone),
            "it does not end"
        );
        self.controller(node);
    }

    fn controller_pid(&self, node: &str) -> String {
        let pid = fs::read_to_string(self.root.join(node).join("controller.pid"));
        pid.unwrap().trim().to_owned()
    }

    /// Tells the ovn-controller of a chassis something.
    pub fn tell_controller(&self, node: &str, words: &[&str]) {
        let socket = format!("ovn-controller.{}.ctl", self.controller_pid(node));
        let socket = self.root.join(node).join(socket);
        self.run(
            node,
            "ovn-appctl",
            &[&["-t", text(&socket)], words].concat(),
        );
    }

    /// Runs `ovs-vsctl` on a chassis.
    pub fn vsctl(&self, node: &str, arguments: &[&str]) -> String {
        done(self.attempt(node, "ovs-vsctl", arguments))
    }

    /// Runs `ovn-nbctl`.
    pub fn nbctl(&self, arguments: &[&str]) -> String {
        done(self.attempt("central", "ovn-nbctl", arguments))
    }

    /// Runs a tool with the database of its node; fails where the tool does, with what it says.
    pub fn attempt(&self, node: &str, program: &str, arguments: &[&str]) -> Result<String, String> {
        let database = |name: &str| {
            let socket = self.root.join(node).join(format!("{name}.sock"));
            format!("--db=unix:{}", text(&socket))
        };
        let common = match program {
            "ovs-vsctl" => vec![database("conf")],
            "ovn-nbctl" => vec!["--no-leader-only".to_owned(), database("nb")],
            _ => Vec::new(),
        };
        let common: Vec<&str> = common.iter().map(String::as_str).collect();
        self.output(node, program, &[&common, arguments].concat())
    }

    /// Runs `ovn-nbctl` once for each line.
    pub fn northbound(&self, commands: &str) {
        for line in commands
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
        {
            self.nbctl(&line.split(' ').collect::<Vec<_>>());
        }
    }

    /// A database file of a node, as it is on disk now.
    pub fn file(&self, node: &str, name: &str) -> PathBuf {
        self.root.join(node).join(format!("{name}.db"))
    }

    /// A fresh directory of this lab.
    pub fn directory(&self, name: &str) -> PathBuf {
        let path = self.root.join(name);
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        path
    }

    fn database(&self, node: &str, name: &str, schema: &str) {
        let directory = self.root.join(node);
        fs::create_dir_all(&directory).unwrap();
        let file = self.file(node, name);
        self.run(node, "ovsdb-tool", &["create", text(&file), schema]);
        let socket = format!(
            "--remote=punix:{}",
            text(&directory.join(format!("{name}.sock")))
        );
        self.daemon(
            node,
            "ovsdb-server",
            &format!("{name}-server"),
            &[&socket, text(&file)],
        );
    }

    fn daemon(&self, node: &str, program: &str, name: &str, arguments: &[&str]) {
        let path = |ending: &str| format!("{}/{name}.{ending}", text(&self.root.join(node)));
        let common = [
            "-vconsole:off".to_owned(),
            "-vsyslog:off".to_owned(),
            "--detach".to_owned(),
            "--no-chdir".to_owned(),
            format!("--pidfile={}", path("pid")),
            format!("--log-file={}", path("log")),
        ];
        let common: Vec<&str> = common.iter().map(String::as_str).collect();
        self.run(node, program, &[&common, arguments].concat());
    }

    fn run(&self, node: &str, program: &str, arguments: &[&str]) -> String {
        done(self.output(node, program, arguments))
    }

    fn output(&self, node: &str, program: &str, arguments: &[&str]) -> Result<String, String> {
        let directory = self.root.join(node);
        let mut command = Command::new("timeout");
        command
            .arg("20")
            .arg(program)
            .args(arguments)
            .env("PATH", search_path());
        for own in ["RUNDIR", "LOGDIR", "DBDIR", "SYSCONFDIR"] {
            command.env(format!("OVS_{own}"), &directory);
            command.env(format!("OVN_{own}"), &directory);
        }
        let output = command.output().unwrap();
        if output.status.success() {
            return Ok(String::from_utf8(output.stdout).unwrap());
        }
        let said = String::from_utf8_lossy(&output.stderr);
        Err(format!("{program} {arguments:?}: {said}"))
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        let files = walkdir::WalkDir::new(&self.root).into_iter().flatten();
        let pids: Vec<String> = files
            .filter(|entry| {
                entry
                    .path()
                    .extension()
                    .is_some_and(|ending| ending == "pid")
            })
            .filter_map(|entry| Some(fs::read_to_string(entry.path()).ok()?.trim().to_owned()))
            .collect();
        // The chassis must not clean up after themselves first: that would take seconds.
        let _ = Command::new("kill").args(&pids).output();
        let gone = || {
            pids.iter()
                .all(|pid| !Path::new("/proc").join(pid).join("exe").exists())
        };
        if !holds(250, Duration::from_millis(20), gone) {
            let _ = Command::new("kill").arg("-9").args(&pids).output();
        }
        let _ = fs::remove_dir_all(&self.root);
    }
}

/// Whether something comes to hold: the real ones take their time, and are asked so many times.
pub fn holds(times: usize, apart: Duration, mut asked: impl FnMut() -> bool) -> bool {
    (0..times).any(|_| {
        asked() || {
            std::thread::sleep(apart);
            false
        }
    })
}

fn done(output: Result<String, String>) -> String {
    output.unwrap_or_else(|said| panic!("{said}"))
}

fn search_path() -> String {
    format!(
        "{}:/usr/sbin:/sbin",
        std::env::var("PATH").unwrap_or_default()
    )
}

fn installed(tool: &str) -> bool {
    let path = search_path();
    path.split(':')
        .any(|directory| Path::new(directory).join(tool).is_file())
}

/// A path as an argument.
pub fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}
