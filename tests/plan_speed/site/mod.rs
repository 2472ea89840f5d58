//! Writes a site of any size, as its databases, its nodes and its topology would show it; always the same one.

pub mod change;
mod node;
mod northbound;
mod southbound;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};
use sha1::{Digest, Sha1};

/// Instances on each node.
pub const INSTANCES: usize = 10;
/// Instances on each tenant switch.
pub const PER_SWITCH: usize = 50;
/// Provider switches: the first is untagged, the others are VLANs.
pub const PROVIDERS: usize = 4;
/// Nodes from one network node to the next; the first is one.
const NETWORK_NODES: usize = 10;
/// Chassis that may host a router.
const GATEWAYS: usize = 5;

const DATE: u64 = 1_795_177_258_543;

/// A site in a directory of its own, which goes with it.
pub struct Large {
    /// The directory.
    pub root: PathBuf,
}

impl Large {
    /// Writes a site of so many nodes, with ten instances each.
    pub fn new(nodes: usize) -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let (process, count) = (std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let name = format!("ovnlint-large-{process}-{count}");
        let site = Self {
            root: std::env::temp_dir().join(name),
        };
        site.write("topology.toml", topology(nodes).as_bytes());
        site.write("etc/neutron/plugins/ml2/ml2_conf.ini", ML2.as_bytes());
        for at in 0..nodes {
            let path = format!("{}/etc/openvswitch/conf.db", name_of(at));
            let schema = schema("testdata/ovn/before/os-compute1/conf.db");
            site.write(&path, &log(schema, &node::state(at, nodes)));
        }
        let schema = schema("testdata/ovn/before/os-controller/ovnnb_db.db");
        site.write(
            "central/ovnnb_db.db",
            &log(schema, &northbound::state(nodes)),
        );
        for (table, rows) in southbound::lists(nodes) {
            let path = format!("central/sb-list-{table}.json");
            site.write(&path, rows.to_string().as_bytes());
        }
        site
    }

    fn write(&self, path: &str, bytes: &[u8]) {
        let path = self.root.join(path);
        fs::create_dir_all(path.parent().expect("it lies below the root")).expect("it can be made");
        fs::write(path, bytes).expect("it can be written");
    }
}

impl Drop for Large {
    fn drop(&mut self) {
        // What is left in the temporary directory is not worth a panic.
        let _ = fs::remove_dir_all(&self.root);
    }
}

/// How many tenant switches the site has.
pub fn switches(nodes: usize) -> usize {
    (nodes * INSTANCES).div_ceil(PER_SWITCH)
}

/// The name of a node, its host name and its `system-id`.
pub fn name_of(node: usize) -> String {
    format!("node{node:04}")
}

/// The port of an instance.
pub fn instance(port: usize) -> String {
    uuid(0xa0, port)
}

/// The node on which an instance is.
fn home(port: usize, nodes: usize) -> usize {
    port % nodes
}

fn is_network(node: usize) -> bool {
    node.is_multiple_of(NETWORK_NODES)
}

/// The chassis that may host a router.
fn gateways(router: usize, nodes: usize) -> impl Iterator<Item = usize> {
    let there = nodes.div_ceil(NETWORK_NODES);
    (0..GATEWAYS.min(there)).map(move |number| (router + number) % there * NETWORK_NODES)
}

fn uuid(kind: u16, number: usize) -> String {
    format!("{kind:08x}-0000-4000-8000-{number:012x}")
}

fn reference(kind: u16, number: usize) -> Value {
    json!(["uuid", uuid(kind, number)])
}

fn references(kind: u16, numbers: impl Iterator<Item = usize>) -> Value {
    set(numbers.map(|number| reference(kind, number)))
}

fn set(values: impl Iterator<Item = Value>) -> Value {
    json!(["set", values.collect::<Vec<_>>()])
}

fn map(entries: &[(&str, &str)]) -> Value {
    json!(["map", entries])
}

/// `10.1.0.7`
fn address(network: u8, number: usize) -> String {
    format!("10.{network}.{}.{}", number >> 8 & 255, number & 255)
}

fn mac(kind: u8, number: usize) -> String {
    let [.., a, b, c] = number.to_be_bytes();
    format!("fa:16:{kind:02x}:{a:02x}:{b:02x}:{c:02x}")
}

const ML2: &str = "[ml2]
mechanism_drivers = ovn
type_drivers = flat,vlan,geneve
tenant_network_types = geneve

[ml2_type_flat]
flat_networks = physnet1

[ml2_type_vlan]
network_vlan_ranges = physnet1:100:199

[ml2_type_geneve]
vni_ranges = 1:65536
max_header_size = 38
";

fn topology(nodes: usize) -> String {
    let mut text = "[site]\nrelease = \"2024.1\"\ndriver = \"ovn\"\n".to_owned();
    for node in 0..nodes {
        let name = name_of(node);
        let role = if is_network(node) {
            "network"
        } else {
            "compute"
        };
        let (management, tunnels) = (address(0, node + 1), address(1, node + 1));
        let _ = write!(
            text,
            "
[nodes.{name}]
roles = [\"{role}\"]
management = \"br-ex\"
openvswitch = \"3.3.8\"
ovn = \"24.03.4\"

[nodes.{name}.interfaces]
ens3 = {{ mtu = 1500 }}
br-ex = {{ addresses = [\"{management}/16\"], mtu = 1500 }}
ens7 = {{ addresses = [\"{tunnels}/16\"], mtu = 9000 }}
"
        );
    }
    text
}

/// The first record of a recorded database: its schema.
fn schema(path: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let bytes = fs::read(path).expect("it is part of the project");
    let line = bytes.iter().position(|byte| *byte == b'\n');
    let line = line.expect("it begins with a header") + 1;
    let header = String::from_utf8_lossy(&bytes[..line]);
    let length = header.split(' ').nth(2).and_then(|word| word.parse().ok());
    let length: usize = length.expect("the header has the length");
    bytes[..line + length].to_vec()
}

/// A log of a schema and one transaction, as `ovsdb-tool compact` leaves one.
fn log(schema: Vec<u8>, tables: &Value) -> Vec<u8> {
    let mut log = schema;
    let mut transaction = tables.clone();
    transaction["_date"] = json!(DATE);
    let record = format!("{transaction}\n");
    let mut digits = String::new();
    for byte in Sha1::digest(&record) {
        let _ = write!(digits, "{byte:02x}");
    }
    log.extend(format!("OVSDB JSON {} {digits}\n{record}", record.len()).bytes());
    log
}
