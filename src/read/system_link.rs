//! Links of a running system, which lead nowhere in a copy of its `/etc` and say nothing that would be missed.

use std::path::{Component, Path};

use super::unit;

/// Directories of systemd that hold links only: what a target or a unit starts with itself (systemd.unit(5)).
const STARTS: [&str; 3] = [".wants", ".requires", ".upholds"];

/// Where Open vSwitch and OVN keep their databases.
const DATABASES: [&str; 2] = ["/var/lib/openvswitch", "/var/lib/ovn"];

/// Whether a directory of that name holds links that say what systemd starts, and no units.
pub fn is_of_starts(directory: &str) -> bool {
    STARTS.iter().any(|ending| directory.ends_with(ending))
}

/// What a link is whose target is not in the tree, where a stock system has such a link; none for others.
pub fn described(link: &Path, target: &Path) -> Option<&'static str> {
    if unit::unit_name(link).is_some() {
        if target == Path::new("/dev/null") {
            return Some("a masked unit");
        }
        return is_unit_of_system(target).then_some("a link to a unit of the system");
    }
    let directory = target.parent()?;
    let of_system = DATABASES
        .iter()
        .any(|of_system| directory == Path::new(of_system));
    (of_system && target.file_name() == link.file_name())
        .then_some("a link to where the system keeps its database")
}

/// `/lib/systemd/system/x.service`, also relative and below `/usr`, `/etc` or `/run`.
fn is_unit_of_system(target: &Path) -> bool {
    let above = target.parent().into_iter().flat_map(Path::components);
    let names = above.filter_map(|component| match component {
        Component::Normal(name) => Some(name.to_str()),
        Component::ParentDir | Component::RootDir | Component::CurDir => None,
        Component::Prefix(_) => Some(None),
    });
    let names: Option<Vec<&str>> = names.collect();
    matches!(
        names.as_deref(),
        Some(
            ["lib" | "etc" | "run", "systemd", "system" | "user"]
                | ["usr", "lib", "systemd", "system" | "user"]
        )
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_stock_system_links_is_told_apart() {
        let masked = Some("a masked unit");
        let unit = Some("a link to a unit of the system");
        let database = Some("a link to where the system keeps its database");
        for (link, target, described_as) in [
            (
                "systemd/system/neutron-l3-agent.service",
                "/dev/null",
                masked,
            ),
            (
                "systemd/system/ovn-host.service.d/x.conf",
                "/dev/null",
                masked,
            ),
            (
                "systemd/system/ovn-nb-ovsdb.service",
                "/lib/systemd/system/ovn-ovsdb-server-nb.service",
                unit,
            ),
            (
                "systemd/system/ovn-sb-ovsdb.service",
                "/usr/lib/systemd/system/ovn-ovsdb-server-sb.service",
                unit,
            ),
            (
                "systemd/system/ovs-ovn.service",
                "../../../usr/lib/systemd/system/ovn-host.service",
                unit,
            ),
            (
                "systemd/system/neutron-server.service",
                "/opt/cloud/neutron-server.service",
                None,
            ),
            (
                "openvswitch/conf.db",
                "/var/lib/openvswitch/conf.db",
                database,
            ),
            ("ovn/ovnnb_db.db", "/var/lib/ovn/ovnnb_db.db", database),
            ("openvswitch/conf.db", "/srv/conf.db", None),
            ("openvswitch/conf.db", "/var/lib/openvswitch/old.db", None),
            ("neutron/neutron.conf", "/dev/null", None),
            ("neutron/neutron.conf", "/etc/kolla/neutron.conf", None),
        ] {
            let said = described(Path::new(link), Path::new(target));
            assert_eq!(said, described_as, "{link} -> {target}");
        }
    }
}
