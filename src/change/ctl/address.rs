//! Addresses and numbers as `ovn-nbctl` reads them.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// An address with the length of its network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    /// The address.
    pub address: IpAddr,
    /// The bits of the network.
    pub length: u32,
}

/// A number at the start of a text; what follows it does not matter.
pub fn leading_integer(text: &str) -> Option<i64> {
    let text = text.trim_ascii_start();
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let after = digits.trim_start_matches(|c: char| c.is_ascii_digit());
    text.strip_suffix(after)?.parse().ok()
}

/// The Ethernet address at the start of a text, and what follows it. Zeros in front of a number may be left out, and
/// blanks may stand there, as C's `sscanf` has it.
pub fn leading_mac(text: &str) -> Option<([u8; 6], &str)> {
    let mut bytes = [0; 6];
    let mut rest = text;
    for (group, byte) in bytes.iter_mut().enumerate() {
        if group > 0 {
            rest = rest.strip_prefix(':')?;
        }
        rest = rest.trim_ascii_start();
        let digits = rest
            .find(|c: char| !c.is_ascii_hexdigit())
            .unwrap_or(rest.len());
        let (number, after) = rest.split_at_checked(digits)?;
        *byte = u8::from_str_radix(number, 16).ok()?;
        rest = after;
    }
    Some((bytes, rest))
}

/// An Ethernet address: all of the text.
pub fn mac(text: &str) -> Option<[u8; 6]> {
    leading_mac(text)
        .filter(|(_, rest)| rest.is_empty())
        .map(|(bytes, _)| bytes)
}

/// An IPv4 address: all of the text. Numbers with zeros in front are none.
pub fn ipv4(text: &str) -> Option<Ipv4Addr> {
    text.parse().ok()
}

/// An IPv6 address: all of the text.
pub fn ipv6(text: &str) -> Option<Ipv6Addr> {
    text.parse().ok()
}

/// An address of either family.
pub fn address(text: &str) -> Option<IpAddr> {
    ipv4(text)
        .map(IpAddr::V4)
        .or_else(|| ipv6(text).map(IpAddr::V6))
}

/// An address, perhaps with the length of its network or its mask.
pub fn network(text: &str) -> Option<Network> {
    let (host, mask) = match text.split_once('/') {
        Some((host, mask)) => (host, Some(mask)),
        None => (text, None),
    };
    let address = address(host)?;
    let bits = if address.is_ipv4() { 32 } else { 128 };
    let length = match mask {
        None => bits,
        Some(mask) => length(mask, bits)?,
    };
    Some(Network { address, length })
}

fn length(mask: &str, bits: u32) -> Option<u32> {
    if mask.bytes().all(|digit| digit.is_ascii_digit()) {
        return mask.parse().ok().filter(|length| *length <= bits);
    }
    let (value, width) = match address(mask)? {
        IpAddr::V4(mask) => (u128::from(mask.to_bits()) << 96, 32),
        IpAddr::V6(mask) => (mask.to_bits(), 128),
    };
    let length = value.leading_ones();
    let whole = value.checked_shl(length).unwrap_or(0) == 0;
    (whole && width == bits).then_some(length)
}

impl Network {
    /// Without the bits of the host, as the tools write it: no length where it is a single address.
    pub fn normal(self) -> String {
        let bits = if self.address.is_ipv4() { 32 } else { 128 };
        let network = self.network();
        if self.length == bits {
            network.to_string()
        } else {
            format!("{network}/{}", self.length)
        }
    }

    /// The address without the bits of the host.
    pub fn network(self) -> IpAddr {
        match self.address {
            IpAddr::V4(address) => {
                let mask = u32::MAX.checked_shl(32 - self.length).unwrap_or(0);
                IpAddr::V4(Ipv4Addr::from_bits(address.to_bits() & mask))
            }
            IpAddr::V6(address) => {
                let mask = u128::MAX.checked_shl(128 - self.length).unwrap_or(0);
                IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & mask))
            }
        }
    }

    /// Whether an address is of this network.
    pub fn contains(self, address: IpAddr) -> bool {
        let length = self.length;
        let same = self.address.is_ipv4() == address.is_ipv4();
        same && Self { address, length }.network() == self.network()
    }
}

/// A prefix as the tools compare it.
pub fn normal_prefix(text: &str) -> Option<String> {
    network(text).map(Network::normal)
}

/// The addresses that follow an Ethernet address; what is none ends the list. `None`: there is no Ethernet
/// address.
pub fn of_port(text: &str) -> Option<Vec<IpAddr>> {
    let (_, rest) = leading_mac(text)?;
    let words = rest.split_ascii_whitespace().map(network);
    let addresses = words.take_while(Option::is_some).flatten();
    Some(addresses.map(|network| network.address).collect())
}

/// An address and a port: `192.0.2.1:80`, `[2001:db8::1]:80`, or the address alone.
pub fn endpoint(text: &str) -> Option<(IpAddr, Option<u16>)> {
    let port = |text: &str| text.parse().ok().filter(|port| *port > 0);
    if let Some(rest) = text.strip_prefix('[') {
        let (host, rest) = rest.split_once(']')?;
        let host = IpAddr::V6(ipv6(host)?);
        return match rest.strip_prefix(':') {
            Some(own) => Some((host, Some(port(own)?))),
            None => rest.is_empty().then_some((host, None)),
        };
    }
    if let Some(host) = address(text) {
        return Some((host, None));
    }
    let (host, own) = text.rsplit_once(':')?;
    Some((IpAddr::V4(ipv4(host)?), Some(port(own)?)))
}

/// An address and a port as the tools write them.
pub fn endpoint_text((host, port): (IpAddr, Option<u16>)) -> String {
    match (host, port) {
        (host, None) => host.to_string(),
        (IpAddr::V4(host), Some(port)) => format!("{host}:{port}"),
        (IpAddr::V6(host), Some(port)) => format!("[{host}]:{port}"),
    }
}
