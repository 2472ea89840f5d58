//! The interfaces and routes of a machine, as `ip -j addr`, `ip -j link` and `ip -j route` print them.

use std::collections::BTreeMap;
use std::net::IpAddr;

use ipnet::IpNet;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use crate::source::{FileId, Place, Spanned};

/// What one file shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Printed {
    /// `ip -j addr`, `ip -j link`, with or without `-d`.
    Interfaces(Interfaces),
    /// `ip -j route`, `ip -j -6 route`.
    Routes(Vec<Route>),
}

/// Which of the two lists it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Interfaces.
    Interfaces,
    /// Routes.
    Routes,
}

/// The interfaces of one machine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Interfaces {
    /// Those that the file shows.
    pub list: Vec<Interface>,
    /// Whether it shows all of them: it was not asked for one, or for those that are up, or for IPv4 alone.
    pub complete: bool,
    /// Whether the addresses of each interface are listed, in a shape that can be read.
    pub addressed: bool,
}

/// A network interface.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interface {
    /// Its name.
    pub name: Spanned<String>,
    /// Its addresses with their prefixes.
    pub addresses: Vec<Spanned<IpNet>>,
    /// Its MTU.
    pub mtu: Option<Spanned<u64>>,
    /// `vlan`, `bond`, `bridge`, `veth`, `openvswitch`, …; only `ip -d` tells it, and a device of the hardware has none.
    pub kind: Option<String>,
    /// The interface that it is a member of: a bond, a Linux bridge, or `ovs-system` for a port of Open vSwitch.
    pub master: Option<String>,
    /// The interface that it is tied to: the one below a VLAN, the other end of a veth pair.
    pub link: Option<String>,
}

/// A route of the main table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// `default`, or a prefix.
    pub destination: String,
    /// The protocol.
    pub family: Family,
    /// The interfaces that it leads through: several, where it has several next hops.
    pub devices: Vec<Spanned<String>>,
    /// The address that the machine speaks from, where the route names one.
    pub source: Option<IpAddr>,
    /// The lower one counts.
    pub metric: u64,
}

/// Which protocol a route is of. In the order in which a machine's default routes count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    /// IPv4.
    V4,
    /// IPv6.
    V6,
}

/// So much of a file says whether `ip` printed it.
const HEAD: usize = 4 << 10;

/// Tells by the beginning of a file whether `ip -j` printed it.
pub fn recognise(bytes: &[u8]) -> Option<Form> {
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(HEAD)]);
    let inside = text.trim_start().strip_prefix('[')?.trim_start();
    if !inside.starts_with('{') {
        return None;
    }
    let has = |key: &str| inside.contains(&format!("\"{key}\":"));
    if has("ifindex") && has("ifname") {
        return Some(Form::Interfaces);
    }
    // `ip -j neigh` has destinations and devices too.
    (has("dst") && (has("dev") || has("nexthops")) && !has("state")).then_some(Form::Routes)
}

/// Reads what [`recognise`] knew. Fails where it is not JSON, or something else than it seemed.
pub fn read(file: FileId, text: &str, form: Form) -> Result<Printed, serde_json::Error> {
    let objects: Vec<Object> = serde_json::from_str(text)?;
    let reader = Reader { file, text };
    Ok(match form {
        Form::Interfaces => Printed::Interfaces(Interfaces {
            complete: objects.iter().all(is_whole) && objects.iter().any(|link| is(link, "lo")),
            addressed: objects.iter().all(with_addresses),
            list: objects
                .iter()
                .filter_map(|object| reader.interface(object))
                .collect(),
        }),
        Form::Routes => Printed::Routes(
            objects
                .iter()
                .filter_map(|object| reader.route(object))
                .collect(),
        ),
    })
}

type Object<'a> = BTreeMap<String, &'a RawValue>;

/// What a filter of `ip` leaves out, it prints as `{}`, or (`ip -4`) without the type of the link.
fn is_whole(object: &Object) -> bool {
    object.contains_key("link_type")
}

/// Whether its addresses are listed in a shape that can be read; `ip link` lists none.
fn with_addresses(object: &Object) -> bool {
    let list = object.get("addr_info");
    list.is_some_and(|raw| {
        serde_json::from_str::<Vec<BTreeMap<String, &RawValue>>>(raw.get()).is_ok()
    })
}

fn is(object: &Object, name: &str) -> bool {
    value::<String>(object, "ifname").as_deref() == Some(name)
}

fn value<T: DeserializeOwned>(object: &Object, key: &str) -> Option<T> {
    serde_json::from_str(object.get(key)?.get()).ok()
}

fn objects<'a>(object: &Object<'a>, key: &str) -> Vec<Object<'a>> {
    object
        .get(key)
        .and_then(|raw| serde_json::from_str(raw.get()).ok())
        .unwrap_or_default()
}

struct Reader<'a> {
    file: FileId,
    text: &'a str,
}

impl Reader<'_> {
    fn interface(&self, object: &Object) -> Option<Interface> {
        let kind = objects_in(object, "linkinfo").and_then(|info| value(&info, "info_kind"));
        let addresses = objects(object, "addr_info");
        Some(Interface {
            name: self.named(object, "ifname")?,
            addresses: addresses
                .iter()
                .filter_map(|address| self.address(address))
                .collect(),
            mtu: value(object, "mtu")
                .map(|mtu| Spanned::new(mtu, self.place(object.get("mtu").copied()))),
            kind,
            master: value(object, "master"),
            link: value(object, "link"),
        })
    }

    fn address(&self, object: &Object) -> Option<Spanned<IpNet>> {
        let local = self.named(object, "local")?;
        let prefix = IpNet::new(local.parse().ok()?, value(object, "prefixlen")?).ok()?;
        Some(local.map(|_| prefix))
    }

    /// A route that nothing can take now, or that another table holds, is none.
    fn route(&self, object: &Object) -> Option<Route> {
        let other_table =
            value::<String>(object, "table").is_some_and(|table| table != "main" && table != "254");
        let other_type = value::<String>(object, "type").is_some_and(|kind| kind != "unicast");
        if other_table || other_type || is_dead(object) {
            return None;
        }
        let mut devices: Vec<Spanned<String>> = self.named(object, "dev").into_iter().collect();
        let hops = objects(object, "nexthops");
        let alive = hops.iter().filter(|hop| !is_dead(hop));
        devices.extend(alive.filter_map(|hop| self.named(hop, "dev")));
        let source: Option<IpAddr> = value(object, "prefsrc");
        let gateway: Option<IpAddr> = value(object, "gateway");
        // Every route of IPv6 has a preference (RFC 4191), none of IPv4 has.
        let is_v6 = object.contains_key("pref")
            || gateway.or(source).is_some_and(|address| address.is_ipv6());
        Some(Route {
            destination: value(object, "dst")?,
            family: if is_v6 { Family::V6 } else { Family::V4 },
            devices,
            source,
            metric: value(object, "metric").unwrap_or(0),
        })
    }

    fn named(&self, object: &Object, key: &str) -> Option<Spanned<String>> {
        let name: String = value(object, key)?;
        Some(Spanned::new(name, self.place(object.get(key).copied())))
    }

    /// Where a value stands, without its quotes.
    fn place(&self, raw: Option<&RawValue>) -> Place {
        let Some(raw) = raw.map(RawValue::get) else {
            return Place::file(self.file);
        };
        let start = raw.as_ptr().addr() - self.text.as_ptr().addr();
        let quote = usize::from(raw.starts_with('"'));
        Place::text(self.file, start + quote..start + raw.len() - quote)
    }
}

fn objects_in<'a>(object: &Object<'a>, key: &str) -> Option<Object<'a>> {
    serde_json::from_str(object.get(key)?.get()).ok()
}

fn is_dead(object: &Object) -> bool {
    let flags: Vec<String> = value(object, "flags").unwrap_or_default();
    flags
        .iter()
        .any(|flag| flag == "dead" || flag == "linkdown")
}

#[cfg(test)]
mod tests;
