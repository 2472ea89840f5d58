//! `ovnlint snapshot` on a private Open vSwitch and OVN, and `ovnlint check` on what it wrote.

#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    reason = "a test says what it skipped, and fails where it cannot go on"
)]

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use ovnlint::read::{self, Limits};
use ovnlint::site::build;
use serde_json::Value;

const SCHEMAS: [(&str, &str, &str); 3] = [
    (
        "conf.db",
        "db.sock",
        "/usr/share/openvswitch/vswitch.ovsschema",
    ),
    (
        "ovnnb_db.db",
        "ovnnb_db.sock",
        "/usr/share/ovn/ovn-nb.ovsschema",
    ),
    (
        "ovnsb_db.db",
        "ovnsb_db.sock",
        "/usr/share/ovn/ovn-sb.ovsschema",
    ),
];

const TOOLS: [&str; 7] = [
    "ip",
    "ovn-controller",
    "ovn-nbctl",
    "ovs-vsctl",
    "ovs-vswitchd",
    "ovsdb-client",
    "ovsdb-tool",
];

/// What must not leave the node.
const SECRETS: [&str; 6] = [
    "hunter1", "hunter2", "hunter3", "hunter4", "hunter5", "hunter6",
];

const NEUTRON: &str = "[DEFAULT]\ntransport_url = rabbit://openstack:hunter1@192.0.2.1:5672/\n\
                       [database]\nconnection = mysql+pymysql://neutron:hunter2@192.0.2.1/neutron\n\
                       [keystone_authtoken]\npassword = hunter3\nusername = neutron\n";

/// Private databases and an ovs-vswitchd; ended when it goes out of scope.
struct Lab {
    directory: PathBuf,
}

impl Lab {
    /// `None`, with a line that says so, where a tool is missing.
    fn start() -> Option<Self> {
        let missing = TOOLS.iter().find(|tool| find(tool).is_none());
        let schema = SCHEMAS
            .iter()
            .find(|(.., schema)| !Path::new(schema).exists());
        let missing = missing.copied().or(schema.map(|(.., schema)| *schema));
        if let Some(missing) = missing {
            assert!(
                std::env::var("OVNLINT_LIVE").as_deref() != Ok("1"),
                "{missing} is needed"
            );
            let _ = writeln!(
                std::io::stderr(),
                "skipped: {missing} is not installed, no snapshot was taken"
            );
            return None;
        }
        let name = format!("ovnlint-snapshot-{}", std::process::id());
        let directory = std::env::temp_dir().join(name);
        fs::create_dir_all(directory.join("run")).unwrap();
        let lab = Self { directory };
        for (name, socket, schema) in SCHEMAS {
            let run = lab.run_directory();
            let database = run.join(name);
            lab.must("ovsdb-tool", &["create", text(&database), schema]);
            let remote = format!("--remote=punix:{}", run.join(socket).display());
            lab.daemon("ovsdb-server", name, &[&remote, text(&database)]);
        }
        lab.ovs(&["--no-wait", "init"]);
        let remote = format!("unix:{}", lab.run_directory().join("db.sock").display());
        let dummy = [
            "--enable-dummy=override",
            "--disable-system",
            "--disable-system-route",
        ];
        lab.daemon(
            "ovs-vswitchd",
            "vswitchd",
            &[&dummy[..], &[&remote]].concat(),
        );
        Some(lab)
    }

    fn run_directory(&self) -> PathBuf {
        self.directory.join("run")
    }

    fn daemon(&self, program: &str, name: &str, arguments: &[&str]) {
        let run = self.run_directory();
        let pid = format!(
            "--pidfile={}",
            run.join(name).with_extension("pid").display()
        );
        let log = format!(
            "--log-file={}",
            run.join(name).with_extension("log").display()
        );
        let control = format!(
            "--unixctl={}",
            run.join(name).with_extension("ctl").display()
        );
        let common = [
            "-vconsole:off",
            "-vsyslog:off",
            "--detach",
            "--no-chdir",
            &pid,
            &log,
            &control,
        ];
        self.must(program, &[&common[..], arguments].concat());
    }

    fn ovs(&self, arguments: &[&str]) {
        let database = format!(
            "--db=unix:{}",
            self.run_directory().join("db.sock").display()
        );
        self.must("ovs-vsctl", &[&[&*database][..], arguments].concat());
    }

    fn nb(&self, arguments: &[&str]) {
        let database = format!(
            "--db=unix:{}",
            self.run_directory().join("ovnnb_db.sock").display()
        );
        self.must("ovn-nbctl", &[&[&*database][..], arguments].concat());
    }

    fn must(&self, program: &str, arguments: &[&str]) {
        let run = self.run_directory();
        let status = Command::new(program)
            .args(arguments)
            .env("PATH", path())
            .envs([
                ("OVS_RUNDIR", &run),
                ("OVS_LOGDIR", &run),
                ("OVN_RUNDIR", &run),
            ])
            .status()
            .unwrap();
        assert!(status.success(), "{program} {arguments:?}");
    }

    fn snapshot(&self, path: &str) -> Output {
        let run = self.run_directory();
        Command::new(env!("CARGO_BIN_EXE_ovnlint"))
            .args(["snapshot", "--root", text(&self.directory.join("root"))])
            .args(["--ovs-rundir", text(&run), "--ovn-rundir", text(&run)])
            .arg(self.out())
            .env("PATH", path)
            .output()
            .unwrap()
    }

    fn out(&self) -> PathBuf {
        self.directory.join("out")
    }

    /// Below the root that the snapshot is told of.
    fn plant(&self, path: &str, content: &str) {
        let path = self.directory.join("root").join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        let files = fs::read_dir(self.run_directory()).into_iter().flatten();
        for file in files.flatten().map(|entry| entry.path()) {
            if file.extension().is_some_and(|ending| ending == "pid") {
                let pid = fs::read_to_string(&file).unwrap_or_default();
                let _ = Command::new("kill").arg(pid.trim()).status();
            }
        }
        let _ = fs::remove_dir_all(&self.directory);
    }
}

fn path() -> String {
    let path = std::env::var("PATH").unwrap_or_default();
    format!("{path}:/usr/sbin:/sbin")
}

fn find(tool: &str) -> Option<PathBuf> {
    let path = path();
    let mut paths = path
        .split(':')
        .map(|directory| Path::new(directory).join(tool));
    paths.find(|path| path.is_file())
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Every file below a directory, with its path below it.
fn files(directory: &Path) -> Vec<(String, PathBuf)> {
    let found = walkdir::WalkDir::new(directory).sort_by_file_name();
    let files = found.into_iter().map(Result::unwrap);
    files
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            let below = entry.path().strip_prefix(directory).unwrap();
            (text(below).to_owned(), entry.path().to_owned())
        })
        .collect()
}

fn populate(lab: &Lab) {
    lab.ovs(&[
        "add-br",
        "br-ex",
        "--",
        "set",
        "bridge",
        "br-ex",
        "fail_mode=standalone",
        "--",
        "add-port",
        "br-ex",
        "vx0",
        "--",
        "set",
        "interface",
        "vx0",
        "type=vxlan",
        "options:remote_ip=192.0.2.9",
        "options:psk=hunter4",
        "--",
        "set",
        "open",
        ".",
        "external_ids:system-id=os-compute",
        "external_ids:hostname=another-name",
        "external_ids:ovn-remote=tcp:192.0.2.1:6642",
        "external_ids:ovn-bridge-mappings=physnet2:br-ex",
        "external_ids:site-password=hunter5",
    ]);
    lab.nb(&[
        "ls-add",
        "sw",
        "--",
        "set",
        "logical_switch",
        "sw",
        "external_ids:api_token=hunter6",
    ]);
    lab.plant("proc/sys/kernel/hostname", "os-compute\n");
    lab.plant("proc/sys/kernel/osrelease", "6.1.0-18-amd64\n");
    lab.plant(
        "proc/meminfo",
        "MemTotal:       16384000 kB\nMemFree:  1 kB\n",
    );
    lab.plant("etc/neutron/neutron.conf", NEUTRON);
    lab.plant(
        "etc/neutron/plugins/ml2/ml2_conf.ini",
        "[ml2]\nmechanism_drivers = ovn\n",
    );
    lab.plant("etc/neutron/server.key", "hunter3\n");
    lab.plant(
        "etc/default/openvswitch-switch",
        "OVS_CTL_OPTS=--mlockall=no\n",
    );
    lab.plant(
        "usr/lib/systemd/system/neutron-server.service",
        "[Service]\nExecStart=/usr/bin/neutron-server\n",
    );
    lab.plant(
        "etc/systemd/system/neutron-server.service.d/limit.conf",
        "[Service]\nMemoryMax=2G\nEnvironment=OS_PASSWORD=hunter3\n",
    );
    lab.plant(
        "etc/systemd/system/sshd.service",
        "[Service]\nExecStart=/usr/sbin/sshd\n",
    );
    lab.plant("elsewhere.conf", "hunter3\n");
    let link = lab.directory.join("root/etc/neutron/link.conf");
    std::os::unix::fs::symlink("../../elsewhere.conf", link).unwrap();
}

#[test]
fn a_snapshot_is_a_site() {
    let Some(lab) = Lab::start() else {
        return;
    };
    populate(&lab);
    let output = lab.snapshot(&path());
    let complaints = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{complaints}");
    assert_eq!(complaints.lines().count(), 1, "{complaints}");
    assert!(
        complaints.contains("link.conf: a link out of /etc/neutron"),
        "{complaints}"
    );

    assert_files(&lab);
    assert_checked(&lab);
    assert_understood(&lab);
    assert_replaced(&lab);
}

/// What was written, for whom, and without a secret.
fn assert_files(lab: &Lab) {
    let node = lab.out().join("os-compute");
    let written = files(&lab.out());
    let names: Vec<&str> = written.iter().map(|(name, _)| name.as_str()).collect();
    let expected = [
        "conf.db",
        "etc/default/openvswitch-switch",
        "etc/neutron/neutron.conf",
        "etc/neutron/plugins/ml2/ml2_conf.ini",
        "etc/systemd/system/neutron-server.service.d/limit.conf",
        "ip-addr.json",
        "ip-link.json",
        "ip-route.json",
        "ip-route6.json",
        "node.toml",
        "ovnnb_db.db",
        "ovnsb_db.db",
        "usr/lib/systemd/system/neutron-server.service",
    ];
    assert_eq!(names, expected.map(|name| format!("os-compute/{name}")));
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(
        (mode(&node), mode(&node.join("etc/neutron"))),
        (0o700, 0o700)
    );
    for (name, path) in &written {
        assert_eq!(mode(path), 0o600, "{name}");
        let content = fs::read(path).unwrap();
        let content = String::from_utf8_lossy(&content);
        for secret in SECRETS {
            assert!(!content.contains(secret), "{name} shows {secret}");
        }
    }
    let neutron = fs::read_to_string(node.join("etc/neutron/neutron.conf")).unwrap();
    assert!(
        neutron.contains("password = ***\nusername = neutron\n"),
        "{neutron}"
    );
    // The real tool checks the length and the checksum of every record.
    for (database, ..) in SCHEMAS {
        let log = Command::new("ovsdb-tool")
            .args(["show-log", text(&node.join(database))])
            .output()
            .unwrap();
        assert!(
            log.status.success() && log.stderr.is_empty(),
            "{database}: {log:?}"
        );
    }
    let rows = Command::new("ovsdb-tool")
        .arg("query")
        .arg(node.join("conf.db"))
        .arg(r#"["Open_vSwitch",{"op":"select","table":"Interface","where":[["name","==","vx0"]],"columns":["options"]}]"#)
        .output()
        .unwrap();
    let rows: Value = serde_json::from_slice(&rows.stdout).unwrap();
    let options = serde_json::json!(["map", [["psk", "***"], ["remote_ip", "192.0.2.9"]]]);
    assert_eq!(rows[0]["rows"][0]["options"], options);
}

/// What `check` says of the directory.
fn assert_checked(lab: &Lab) {
    let check = |options: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_ovnlint"))
            .current_dir(&lab.directory)
            .args(["check", "out"])
            .args(options)
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let said = check(&["--show-files"]);
    for line in said.lines() {
        assert!(line.ends_with(" of os-compute"), "{line}");
    }
    for (file, taken) in [
        ("conf.db", "state of Open vSwitch, database file"),
        ("ovnnb_db.db", "northbound database, database file"),
        ("ovnsb_db.db", "southbound database, database file"),
        ("ip-addr.json", "`ip -j`: interfaces"),
        ("ip-route.json", "`ip -j`: routes"),
        ("node.toml", "snapshot of os-compute"),
    ] {
        let line = said.lines().find(|line| line.contains(file)).unwrap();
        assert!(line.contains(taken), "{line}");
    }
    let report: Value = serde_json::from_str(&check(&["--format", "json", "--coverage"])).unwrap();
    assert_eq!(report["summary"]["nodes"], 1);
    let rows = report["coverage"].as_array().unwrap();
    let checked = |lint: &str| {
        rows.iter().any(|row| {
            row["lint"] == lint && row["state"] == "checked" && row["nodes"][0] == "os-compute"
        })
    };
    assert!(checked("bridge_mapping_missing_bridge"), "{rows:?}");
    let ages = report["ages"].as_array().unwrap();
    assert_eq!(ages.len(), 3);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    for age in ages {
        let newest = Duration::from_millis(age["newest"].as_u64().unwrap());
        assert!(now.abs_diff(newest) < Duration::from_mins(1), "{age}");
        assert_eq!(age["node"], "os-compute");
    }
}

/// What the model knows of the node.
fn assert_understood(lab: &Lab) {
    let inputs = read::inputs(&[(&lab.out(), "out".to_owned())], Limits::default()).unwrap();
    let site = build::sites(inputs).sites.remove(0);
    assert!(site.troubles.is_empty(), "{:?}", site.troubles);
    let node = site.node("os-compute").unwrap();
    let own = |program: &str| {
        let output = Command::new(find(program).unwrap())
            .arg("--version")
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        text.lines()
            .next()
            .unwrap()
            .split(' ')
            .next_back()
            .unwrap()
            .to_owned()
    };
    assert_eq!(node.openvswitch().unwrap().text, own("ovs-vswitchd"));
    assert_eq!(node.ovn().unwrap().text, own("ovn-controller"));
    assert_eq!(node.host.kernel.seen().unwrap().text, "6.1.0-18-amd64");
    assert_eq!(node.host.memory.seen().unwrap().value, 16_384_000 * 1024);
    assert!(node.host.interfaces_complete);
    let devices = fs::read_dir("/sys/class/net").unwrap().flatten();
    // `bonding_masters` is a file.
    let devices = devices.filter(|entry| entry.path().is_dir());
    let mut devices: Vec<String> = devices
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    let interfaces = node.host.interfaces.iter();
    let mut interfaces: Vec<String> = interfaces.map(|own| own.name.value.clone()).collect();
    devices.sort_unstable();
    interfaces.sort_unstable();
    assert_eq!(interfaces, devices);
    let service = node.host.service("neutron-server").unwrap();
    assert_eq!(service.memory_max.seen().unwrap().value, 2 << 30);
    let bridges = node.ovs.bridges.seen().unwrap();
    assert!(bridges.iter().any(|bridge| bridge.name.value == "br-ex"));
}

/// A second snapshot takes the place of the first; what no snapshot made stays.
fn assert_replaced(lab: &Lab) {
    let node = lab.out().join("os-compute");
    fs::remove_file(
        lab.directory
            .join("root/etc/neutron/plugins/ml2/ml2_conf.ini"),
    )
    .unwrap();
    assert_eq!(lab.snapshot(&path()).status.code(), Some(0));
    assert!(!node.join("etc/neutron/plugins").exists());
    assert!(node.join("conf.db").exists());

    // Without its tools and files there is nothing to collect, and the older snapshot stays.
    fs::rename(lab.directory.join("root/etc"), lab.directory.join("etc")).unwrap();
    fs::rename(lab.directory.join("root/usr"), lab.directory.join("usr")).unwrap();
    let output = lab.snapshot("/nonexistent");
    assert_eq!(output.status.code(), Some(2));
    let why = String::from_utf8(output.stderr).unwrap();
    assert!(why.contains("nothing could be collected"), "{why}");
    assert!(why.contains("ip is not in PATH"), "{why}");
    assert!(node.join("conf.db").exists());

    fs::remove_file(node.join("node.toml")).unwrap();
    let before = files(&lab.out());
    let output = lab.snapshot(&path());
    assert_eq!(output.status.code(), Some(2));
    let why = String::from_utf8(output.stderr).unwrap();
    assert!(why.contains("no snapshot made it"), "{why}");
    assert_eq!(files(&lab.out()), before);
    let left: Vec<_> = fs::read_dir(lab.out()).unwrap().collect();
    assert_eq!(left.len(), 1);
}
