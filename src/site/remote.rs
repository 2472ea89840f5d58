//! Connections to an OVSDB server, as OVN and Neutron are given them: `tcp:192.0.2.11:6642`.

use std::net::Ipv6Addr;

use crate::source::Spanned;

/// The port of the northbound database.
pub const NORTHBOUND: u16 = 6641;

/// The port of the southbound database.
pub const SOUTHBOUND: u16 = 6642;

/// One server.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Remote {
    /// How it is reached.
    pub method: Method,
    /// The host; the path of a Unix socket.
    pub host: String,
    /// The port, where one is given.
    pub port: Option<u16>,
}

/// How a server is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Method {
    /// Unencrypted.
    Tcp,
    /// TLS.
    Ssl,
    /// A Unix socket.
    Unix,
}

/// What is wrong with a remote, as a phrase.
pub type Defect = &'static str;

impl Remote {
    /// Reads one remote by the rules of Open vSwitch (lib/stream.c, lib/socket-util.c; each case was run).
    pub fn parse(text: &str) -> Result<Self, Defect> {
        let methods = [
            ("tcp:", Method::Tcp),
            ("ssl:", Method::Ssl),
            ("unix:", Method::Unix),
        ];
        let named = methods
            .into_iter()
            .find_map(|(prefix, method)| Some((method, text.strip_prefix(prefix)?)));
        let Some((method, rest)) = named else {
            return Err(match text.split_once(':') {
                Some(("ptcp" | "pssl" | "punix", _)) => {
                    "passive: it waits for a connection instead of making one"
                }
                _ => "without `tcp:`, `ssl:` or `unix:` in front",
            });
        };
        if method == Method::Unix {
            return Ok(Self {
                method,
                host: rest.to_owned(),
                port: None,
            });
        }
        let (host, port) = split(rest);
        if host.is_empty() {
            return Err("without a host");
        }
        if host.starts_with('/') {
            return Err("written as a URL");
        }
        let number = |port: &str| {
            let port = port.parse::<u16>().ok().filter(|port| *port > 0);
            port.ok_or("whose port is no number from 1 to 65535")
        };
        Ok(Self {
            method,
            host: host
                .trim_start_matches('[')
                .trim_end_matches(']')
                .to_ascii_lowercase(),
            port: port.map(number).transpose()?,
        })
    }

    /// Whether it stays on the machine: what samples and single-node sites are filled with.
    pub fn is_loopback(&self) -> bool {
        self.host == "localhost" || self.host == "::1" || self.host.starts_with("127.")
    }
}

/// What is wrong with a server that is read as one without a port.
pub fn portless(text: &str) -> Defect {
    if bare_ipv6(text).is_some() {
        "an IPv6 address without brackets: all of it is taken for the address, and port 6640 is assumed"
    } else {
        "without a port, and 6640 is assumed"
    }
}

/// The method with its colon, the address, and the port, where one stands behind it, of a server whose IPv6 address has
/// no brackets. Of what may be either, a number of four or five digits is a port.
pub fn bare_ipv6(text: &str) -> Option<(&str, &str, Option<&str>)> {
    let colon = text.find(':')?;
    let (method, rest) = text.split_at_checked(colon + 1)?;
    let is_address = |text: &str| text.parse::<Ipv6Addr>().is_ok();
    let port = rest.rsplit_once(':').filter(|(address, port)| {
        let digits = port.bytes().all(|byte| byte.is_ascii_digit());
        is_address(address) && digits && (4..=5).contains(&port.len())
    });
    match port {
        Some((address, port)) => Some((method, address, Some(port))),
        None => is_address(rest).then_some((method, rest, None)),
    }
}

/// Host and port. More than one colon outside of brackets is an IPv6 address without a port.
fn split(text: &str) -> (&str, Option<&str>) {
    let behind = text.rfind(']').map_or(0, |at| at + 1);
    match text[behind..].matches(':').count() {
        1 => {
            let colon = behind + text[behind..].find(':').unwrap_or_default();
            (&text[..colon], Some(&text[colon + 1..]))
        }
        _ => (text, None),
    }
}

/// The remotes of a list. Blanks and commas in front of a remote are skipped; what stands behind the last one
/// is taken as part of it.
pub fn remotes(text: &Spanned<String>) -> Vec<(Spanned<String>, Result<Remote, Defect>)> {
    let mut start = 0;
    let mut elements = Vec::new();
    for element in text.split(',') {
        let blanks = element.len() - element.trim_start().len();
        elements.push(start + blanks..start + element.len());
        start += element.len() + 1;
    }
    let trailing = elements.len() > 1 && elements.last().is_some_and(std::ops::Range::is_empty);
    elements.retain(|range| !range.is_empty() && !text[range.clone()].starts_with("cid:"));
    let mut remotes: Vec<_> = elements
        .into_iter()
        .map(|range| {
            let element = text.part(range);
            let remote = if element.trim_end().len() < element.len() {
                Err("with a blank behind it, which is taken as part of the port")
            } else {
                Remote::parse(&element)
            };
            (element, remote)
        })
        .collect();
    if let Some((_, last)) = remotes.last_mut().filter(|_| trailing) {
        *last = Err("with a comma behind it, which is taken as part of the port");
    }
    remotes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{FileId, Place};

    fn verdicts(text: &str) -> Vec<bool> {
        let text = Spanned::new(text.to_owned(), Place::text(FileId(0), 0..text.len()));
        remotes(&text)
            .iter()
            .map(|(_, read)| read.is_ok())
            .collect()
    }

    // What ovn-sbctl of OVN 23.03 connects to, and what it refuses with `Address family not supported by
    // protocol`, was run case by case against a server.
    #[test]
    fn remotes_are_read_as_open_vswitch_reads_them() {
        for good in [
            "tcp:127.0.0.1:26642",
            " tcp:127.0.0.1:26642",
            "tcp:localhost:26642",
            "tcp:[::1]:26642",
            "ssl:ovn-sb.example.org:16642",
            "unix:/run/ovn/ovnsb_db.sock",
        ] {
            assert_eq!(verdicts(good), [true], "{good}");
        }
        for bad in [
            "tcp:127.0.0.1:26642 ",
            "tcp:127.0.0.1:26642,",
            "TCP:127.0.0.1:26642",
            "127.0.0.1:26642",
            "tcp::26642",
            "tcp:127.0.0.1:x",
            "tcp:127.0.0.1:99999",
            "tcp:127.0.0.1:1;tcp:127.0.0.1:26642",
            "tcp:127.0.0.1:1 tcp:127.0.0.1:26642",
            "tcp://127.0.0.1:26642",
            "tls:127.0.0.1:26642",
            "ptcp:26642",
        ] {
            let refused = match verdicts(bad)[..] {
                [read] => !read,
                _ => false,
            };
            // `tcp:A:1;tcp:A:2` has too many colons to have a port: Open vSwitch says so.
            let portless = Remote::parse(bad).is_ok_and(|remote| remote.port.is_none());
            assert!(refused || portless, "{bad}");
        }
        assert_eq!(
            verdicts("tcp:192.0.2.11:6642, tcp:192.0.2.12:6642,,tcp:192.0.2.13:6642"),
            [true, true, true]
        );
    }

    #[test]
    fn a_number_behind_an_ipv6_address_without_brackets_was_meant_as_the_port() {
        for (text, parts) in [
            (
                "tcp:2001:db8::11:6642",
                Some(("tcp:", "2001:db8::11", Some("6642"))),
            ),
            (
                "ssl:fd00:0:0:0:0:0:0:1:16642",
                Some(("ssl:", "fd00:0:0:0:0:0:0:1", Some("16642"))),
            ),
            ("tcp:2001:db8::11", Some(("tcp:", "2001:db8::11", None))),
            ("tcp:[2001:db8::11]", None),
            ("tcp:192.0.2.11", None),
            ("tcp:192.0.2.11:1;tcp:192.0.2.12:6642", None),
        ] {
            assert_eq!(bare_ipv6(text), parts, "{text}");
        }
    }

    #[test]
    fn a_passive_server_is_called_so() {
        for text in ["ptcp:6642", "pssl:6642:0.0.0.0", "punix:/run/ovn/sb.sock"] {
            let defect = Remote::parse(text).expect_err("it does not connect");
            assert!(defect.starts_with("passive"), "{text}: {defect}");
        }
    }

    #[test]
    fn an_ipv6_address_without_brackets_has_no_port() {
        let remote = Remote::parse("tcp:2001:db8::11:6642").expect("it is read");
        assert_eq!(remote.port, None);
        let remote = Remote::parse("tcp:[2001:db8::11]:6642").expect("it is read");
        assert_eq!(
            (remote.host.as_str(), remote.port),
            ("2001:db8::11", Some(6642))
        );
    }
}
