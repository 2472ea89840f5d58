//! As what the untagged frames of one port of a bridge leave by another.

use crate::source::Known;

use super::ovs::Port;

/// What stands on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wire {
    /// No VLAN tag.
    Untagged,
    /// The tag of this VLAN.
    Tagged(u16),
}

/// As what untagged frames that come in by one port leave by the other: `Some(None)` where they do not, `None`
/// where the VLANs of one of them were not seen.
pub fn between(inner: &Port, outer: &Port) -> Option<Option<Wire>> {
    // What comes in untagged is of the port's own VLAN, or of none.
    let tag = |port: &Port| match &port.tag {
        Known::Seen(tag) => Some(u16::try_from(tag.value).unwrap_or(0)),
        Known::Absent(_) => Some(0),
        Known::Unseen | Known::Unsure(..) => None,
    };
    let mode = |port: &Port| match &port.vlan_mode {
        Known::Seen(mode) => Some(mode.value.clone()),
        Known::Absent(_) => Some(String::new()),
        Known::Unseen | Known::Unsure(..) => None,
    };
    let vlan = if mode(inner)? == "trunk" {
        0
    } else {
        tag(inner)?
    };
    if !inner.vlans()?.contains(&vlan) || !outer.vlans()?.contains(&vlan) {
        return Some(None);
    }
    let native = mode(outer)?;
    let own = tag(outer)? == vlan && !matches!(native.as_str(), "trunk" | "native-tagged");
    Some(Some(if vlan == 0 || own {
        Wire::Untagged
    } else {
        Wire::Tagged(vlan)
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{FileId, Place, Spanned};

    fn port(tag: Option<i64>, mode: Option<&str>) -> Port {
        let place = || Place::file(FileId(0));
        let absent = || Known::Absent(place());
        Port {
            name: Spanned::new("port".to_owned(), place()),
            tag: tag.map_or_else(absent, |tag| Known::Seen(Spanned::new(tag, place()))),
            trunks: Known::Absent(place()),
            vlan_mode: mode.map_or_else(
                || Known::Absent(place()),
                |mode| Known::Seen(Spanned::new(mode.to_owned(), place())),
            ),
            interfaces: Known::Unseen,
        }
    }

    // ovs-vswitchd.conf.db(5), Port, vlan_mode.
    #[test]
    fn frames_keep_to_their_vlan() {
        let trunk = || port(None, None);
        assert_eq!(between(&trunk(), &trunk()), Some(Some(Wire::Untagged)));
        assert_eq!(
            between(&port(Some(100), None), &trunk()),
            Some(Some(Wire::Tagged(100)))
        );
        assert_eq!(between(&trunk(), &port(Some(100), None)), Some(None));
        assert_eq!(
            between(&port(Some(100), None), &port(Some(100), None)),
            Some(Some(Wire::Untagged))
        );
        let native = port(Some(100), Some("native-untagged"));
        assert_eq!(
            between(&port(Some(100), None), &native),
            Some(Some(Wire::Untagged))
        );
        assert_eq!(
            between(&port(Some(7), None), &native),
            Some(Some(Wire::Tagged(7)))
        );
        let tagged = port(Some(100), Some("native-tagged"));
        assert_eq!(
            between(&port(Some(100), None), &tagged),
            Some(Some(Wire::Tagged(100)))
        );
    }
}
