//! The commands: a list written by hand, and sequences made from a seed.

/// What is there before the sequences. Four provider switches with two interfaces each, two of them with a router to a
/// private switch.
pub const BASE: &str = "ovn-nbctl ls-add s0 -- lsp-add s0 ln0 -- lsp-set-type ln0 localnet -- lsp-set-options ln0 network_name=p1 -- lsp-add s0 v0a -- lsp-add s0 v0b
    ovn-nbctl ls-add s1 -- lsp-add s1 ln1 -- lsp-set-type ln1 localnet -- lsp-set-options ln1 network_name=p2 -- lsp-add s1 v1a -- lsp-add s1 v1b
    ovn-nbctl ls-add s2 -- lsp-add s2 ln2 -- lsp-set-type ln2 localnet -- lsp-set-options ln2 network_name=p1 -- lsp-add s2 v2a -- lsp-add s2 v2b
    ovn-nbctl ls-add s3 -- lsp-add s3 ln3 -- lsp-set-type ln3 localnet -- lsp-set-options ln3 network_name=p4 -- lsp-add s3 v3a -- lsp-add s3 v3b
    ovn-nbctl ls-add n0 -- lsp-add n0 n0v -- lr-add r0 -- lrp-add r0 r0-in 00:00:00:00:00:01 10.0.0.1/24 -- lsp-add n0 n0-r -- lsp-set-type n0-r router -- lsp-set-options n0-r router-port=r0-in
    ovn-nbctl lrp-add r0 r0-up 00:00:00:00:00:02 198.51.100.1/24 -- lsp-add s0 s0-r -- lsp-set-type s0-r router -- lsp-set-options s0-r router-port=r0-up
    ovn-nbctl ls-add n1 -- lsp-add n1 n1v -- lr-add r1 -- lrp-add r1 r1-in 00:00:00:00:01:01 10.0.1.1/24 -- lsp-add n1 n1-r -- lsp-set-type n1-r router -- lsp-set-options n1-r router-port=r1-in
    ovn-nbctl lrp-add r1 r1-up 00:00:00:00:01:02 198.51.101.1/24 -- lsp-add s1 s1-r -- lsp-set-type s1-r router -- lsp-set-options s1-r router-port=r1-up
    ovn-nbctl ha-chassis-group-add g0 -- ha-chassis-group-add g1";

/// On which chassis each port is plugged in, whenever it is.
pub const PLUGS: [(&str, &str); 10] = [
    ("c1", "v0a"),
    ("c2", "v0b"),
    ("c1", "v1a"),
    ("c2", "v1b"),
    ("c2", "v2a"),
    ("c3", "v2b"),
    ("c1", "v3a"),
    ("c3", "v3b"),
    ("c3", "n0v"),
    ("c1", "n1v"),
];

/// Each kind of command once, in an order in which it does something.
pub const HANDWRITTEN: &str = "ovn-nbctl lrp-set-gateway-chassis r0-up c2 2
    ovn-nbctl lrp-set-gateway-chassis r0-up c1 1
    ovn-nbctl lsp-set-options ln0 ethtool=x
    ovn-nbctl lsp-set-options ln0 network_name=p2
    ovn-nbctl lsp-set-options ln0 network_name=p1
    ovn-nbctl lsp-set-options ln3 network_name=p1
    ovn-nbctl set logical_switch_port ln3 tag=100
    ovn-nbctl lsp-set-options ln3 network_name=P1
    ovn-nbctl lsp-set-type ln0 \"\"
    ovn-nbctl lsp-set-type ln0 localnet
    ovn-nbctl lsp-set-type ln0 bogus
    ovn-nbctl lsp-add s0 ln0x
    ovn-nbctl lsp-set-type ln0x localnet
    ovn-nbctl lsp-set-options ln0x network_name=p1
    ovn-nbctl lsp-set-addresses ln0x unknown
    ovn-nbctl lsp-del ln0x
    c1 ovs-vsctl del-port if-v0a
    c1 ovs-vsctl del-port if-n1v
    ovn-nbctl lrp-del-gateway-chassis r0-up c1
    ovn-nbctl lr-nat-add r0 snat 198.51.100.1 10.0.0.0/24
    ovn-nbctl lr-nat-add r0 dnat_and_snat 198.51.100.9 10.0.0.9 n0v 00:00:00:00:00:09
    ovn-nbctl lr-nat-del r0 dnat_and_snat 198.51.100.9
    c1 ovs-vsctl add-port br-int if-n1v -- set interface if-n1v type=dummy external_ids:iface-id=n1v
    ovn-nbctl lrp-set-gateway-chassis r1-up c2 1
    ovn-nbctl lrp-del r1-up
    ovn-nbctl lrp-add r1 r1-up 00:00:00:00:01:02 198.51.101.1/24
    ovn-nbctl ha-chassis-group-add-chassis g1 c1 1
    ovn-nbctl --id=@g get ha_chassis_group g1 -- set logical_router_port r1-up ha_chassis_group=@g
    ovn-nbctl ha-chassis-group-add-chassis g1 c2 2
    ovn-nbctl ha-chassis-group-remove-chassis g1 c1
    ovn-nbctl clear logical_router_port r1-up ha_chassis_group
    c1 ovs-vsctl add-port br-int if-v0a -- set interface if-v0a type=dummy external_ids:iface-id=v0a
    ovn-nbctl lsp-del v2b
    ovn-nbctl lsp-add s2 v2b
    ovn-nbctl lsp-set-options v2a requested-chassis=c1
    ovn-nbctl lsp-set-options v2a
    c2 ovs-vsctl set interface if-v2a external_ids:iface-id=other
    c2 ovs-vsctl set interface if-v2a external_ids:iface-id=v2a
    c2 ovs-vsctl set open . external_ids:ovn-bridge-mappings=p2:br-b
    c2 ovs-vsctl set open . external_ids:ovn-bridge-mappings=p1:br-a,p2:br-b,p4:br-c
    c2 ovs-vsctl remove open . external_ids ovn-bridge-mappings
    c2 ovs-vsctl set open . external_ids:ovn-bridge-mappings=p1:br-b,p2:br-b
    c2 ovs-vsctl remove open . external_ids ovn-bridge-mappings
    c2 ovs-vsctl set open . external_ids:ovn-bridge-mappings=p1:br-a,p2:br-b
    c2 ovs-vsctl set open . external_ids:ovn-bridge-mappings=p1:br-c,p2:br-b
    ovn-nbctl lsp-set-options ln3 network_name=p2
    c2 ovs-vsctl del-port if-v2a
    c2 ovs-vsctl set open . external_ids:ovn-bridge-mappings=p2:br-b
    c2 ovs-vsctl set open . external_ids:ovn-bridge-mappings=p1:br-a,p2:br-b
    c2 ovs-vsctl add-port br-int if-v2a -- set interface if-v2a type=dummy external_ids:iface-id=v2a
    c2 ovs-vsctl del-br br-b
    c2 ovs-vsctl add-br br-b
    c3 ovs-vsctl add-br br-none
    ovn-nbctl lsp-set-options ln2 network_name=p3
    c3 ovs-vsctl del-br br-none
    ovn-nbctl set logical_router r1 enabled=false
    ovn-nbctl set logical_router r1 enabled=true
    ovn-nbctl set logical_router r1 options:chassis=c3
    ovn-nbctl remove logical_router r1 options chassis
    ovn-nbctl ls-del s3
    ovn-nbctl lr-del r1
    ovn-nbctl lr-add r1 -- lrp-add r1 r1-in 00:00:00:00:01:01 10.0.1.1/24
    ovn-nbctl lsp-set-options ln2 network_name=p1";

/// The seeds of the sequences.
pub const SEEDS: std::ops::Range<u64> = 1..5;

/// How long each is.
const LENGTH: usize = 40;

/// Plugs a port in.
pub fn plug(chassis: &str, port: &str) -> String {
    format!(
        "{chassis} ovs-vsctl --may-exist add-port br-int if-{port} -- set interface if-{port} type=dummy external_ids:iface-id={port}"
    )
}

/// Draws numbers: an xorshift.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % limit
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        let at = self.below(of.len() as u64);
        of[usize::try_from(at).unwrap()]
    }
}

/// A sequence of commands; some do nothing, and some are refused.
pub fn sequence(seed: u64) -> Vec<String> {
    let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    (0..LENGTH).map(|_| command(&mut dice)).collect()
}

const NORTHBOUND: [&str; 24] = [
    "lsp-set-options LN network_name=NET",
    "lsp-set-options LN network_name=NET",
    "lsp-set-options LN ethtool=x",
    "lsp-set-type LN localnet",
    "lsp-set-type LN \"\"",
    "set logical_switch_port LN tag=7",
    "--if-exists lsp-del LN",
    "--may-exist lsp-add SW LN -- lsp-set-type LN localnet -- lsp-set-options LN network_name=NET",
    "--may-exist lsp-add SW LN -- lsp-set-type LN localnet -- lsp-set-options LN network_name=NET",
    "--may-exist ls-add SW",
    "--if-exists lsp-del VIF",
    "--may-exist lsp-add SW VIF",
    "--may-exist lsp-add SW VIF",
    "lsp-set-options VIF requested-chassis=CH",
    "lsp-set-options VIF",
    "lrp-set-gateway-chassis RO-up CH 3",
    "lrp-del-gateway-chassis RO-up CH",
    "lr-nat-add RO dnat_and_snat IP 10.0.0.9 INNER 00:00:00:00:00:09",
    "--if-exists lr-nat-del RO dnat_and_snat",
    "ha-chassis-group-add-chassis HA CH 2",
    "ha-chassis-group-remove-chassis HA CH",
    "--may-exist lrp-add RO RO-up 00:00:00:00:00:02 198.51.100.1/24",
    "--if-exists lrp-del RO-up",
    "set logical_router RO enabled=BOOL",
];

const MAPPED: [&str; 6] = [
    "p1:br-a,p2:br-b",
    "p1:br-a",
    "p2:br-b,p3:br-c",
    "p1:br-a,p2:br-b,p4:br-c",
    "p4:br-c,p1:br-a",
    "nothing:br-a",
];

fn command(dice: &mut Dice) -> String {
    let chassis = dice.one(&CHASSIS_NAMES);
    let at = usize::try_from(dice.below(PLUGS.len() as u64)).unwrap();
    let (own, port) = PLUGS[at];
    match dice.below(10) {
        0 => plug(own, port),
        1 => format!("{own} ovs-vsctl --if-exists del-port if-{port}"),
        2 => format!(
            "{chassis} ovs-vsctl set open . external_ids:ovn-bridge-mappings={}",
            dice.one(&MAPPED)
        ),
        3 if dice.below(2) == 0 => {
            format!(
                "{chassis} ovs-vsctl --if-exists del-br {}",
                dice.one(&BRIDGES)
            )
        }
        3 => format!(
            "{chassis} ovs-vsctl --may-exist add-br {}",
            dice.one(&BRIDGES)
        ),
        4 if dice.below(3) == 0 => one_of_a_router(dice, chassis),
        _ => northbound(dice, chassis),
    }
}

const CHASSIS_NAMES: [&str; 3] = super::CHASSIS;
const BRIDGES: [&str; 3] = ["br-a", "br-b", "br-c"];

fn one_of_a_router(dice: &mut Dice, chassis: &str) -> String {
    let router = dice.one(&["r0", "r1"]);
    match dice.below(4) {
        0 => format!("ovn-nbctl set logical_router {router} options:chassis={chassis}"),
        1 => format!("ovn-nbctl remove logical_router {router} options chassis"),
        2 => format!("ovn-nbctl clear logical_router_port {router}-up ha_chassis_group"),
        _ => format!(
            "ovn-nbctl --id=@g get ha_chassis_group {} -- set logical_router_port {router}-up ha_chassis_group=@g",
            dice.one(&["g0", "g1"])
        ),
    }
}

fn northbound(dice: &mut Dice, chassis: &str) -> String {
    let number = dice.below(4).to_string();
    let template = dice.one(&NORTHBOUND);
    let localnet = format!("{}{}", dice.one(&["ln", "ln", "lx"]), number);
    let interface = format!("v{number}{}", dice.one(&["a", "b"]));
    let router = dice.one(&["r0", "r1"]);
    let inner = format!("n{}v", &router[1..]);
    let address = format!("198.51.100.{}", 20 + dice.below(9));
    let replaced = template
        .replace("LN", &localnet)
        .replace("NET", dice.one(&["p1", "p2", "p3", "p4", "p1"]))
        .replace("SW", &format!("s{number}"))
        .replace("VIF", &interface)
        .replace("RO", router)
        .replace("INNER", &inner)
        .replace("IP", &address)
        .replace("CH", chassis)
        .replace("HA", dice.one(&["g0", "g1"]))
        .replace("BOOL", dice.one(&["false", "true", "true"]));
    format!("ovn-nbctl {replaced}")
}
