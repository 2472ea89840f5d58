//! Where files lie on a machine: which directories are its own, and which name it.

use super::ovsdb::identity::is_same_host;

/// Directories that say nothing of whose their files are, wherever they stand.
const GENERIC: [&str; 26] = [
    "etc",
    "var",
    "lib",
    "run",
    "usr",
    "opt",
    "openvswitch",
    "ovs",
    "ovn",
    "db",
    "state",
    "neutron",
    "dump",
    "dumps",
    "conf.d",
    "sos_commands",
    "host",
    "ovsdb",
    "rootfs",
    // The volumes of containers: `/var/lib/docker/volumes/openvswitch_db/_data/conf.db`.
    "volumes",
    "_data",
    "openvswitch_db",
    "ovn_nb_db",
    "ovn_sb_db",
    "openstack-hypervisor",
    "microovn",
];

/// Directories at the root of a machine, below which the next ones say nothing either.
const ROOTS: [&str; 5] = ["etc", "var", "usr", "opt", "run"];

/// What lies below them on the way to a database: of containers (`/var/lib/containers/storage/volumes/…`), snaps
/// (`/var/snap/microovn/common/data/switch/db`), installations from source (`/opt/stack/data/ovs`,
/// `/usr/local/etc/openvswitch`) and kubelets (`/var/lib/openstack/…`).
const BELOW_ROOTS: [&str; 19] = [
    "local",
    "docker",
    "containers",
    "container",
    "storage",
    "snap",
    "openstack-hypervisors",
    "microstack",
    "common",
    "current",
    "data",
    "switch",
    "central",
    "stack",
    "origin",
    "openstack",
    "kolla",
    "config",
    "env",
];

/// Whether a directory of that name says nothing of whose its files are.
pub fn says_nothing(directory: &str) -> bool {
    GENERIC.contains(&directory)
}

/// The directory that is a machine's own, of one of its files: of those below the path of the command line the nearest
/// that bears the name which the file gives of its machine, else the nearest whose name says anything. The first
/// `below` components are those of the command line: there, the whole of it is one machine's.
pub fn own_directory<'a>(
    components: &'a [String],
    below: usize,
    identity: Option<&str>,
) -> &'a [String] {
    let directories = components.split_last().map_or(components, |(_, rest)| rest);
    let below = below.min(directories.len());
    let (given, inside) = directories.split_at(below);
    let named = identity
        .and_then(|identity| inside.iter().rposition(|part| is_same_host(part, identity)))
        .or_else(|| {
            before_root(inside)
                .iter()
                .rposition(|part| !says_nothing(part) && part != "..")
        });
    let depth = given.len() + named.map_or(0, |at| at + 1);
    directories.get(..depth).unwrap_or(directories)
}

/// The directories above the root of a machine's file system, where what follows can be nothing else.
fn before_root(directories: &[String]) -> &[String] {
    let root = directories.iter().position(|part| ROOTS.contains(&&**part));
    let Some((above, own)) = root.and_then(|at| directories.split_at_checked(at)) else {
        return directories;
    };
    let known = |part: &String| says_nothing(part) || BELOW_ROOTS.contains(&&**part);
    if own.iter().all(known) {
        above
    } else {
        directories
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(path: &str, identity: Option<&str>) -> String {
        let components: Vec<String> = path.split('/').map(str::to_owned).collect();
        own_directory(&components, 1, identity).join("/")
    }

    #[test]
    fn a_machine_s_own_paths_say_nothing_of_whose_they_are() {
        for path in [
            "conf.db",
            "etc/openvswitch/conf.db",
            "var/lib/openvswitch/conf.db",
            "var/lib/docker/volumes/openvswitch_db/_data/conf.db",
            "var/lib/containers/storage/volumes/openvswitch_db/_data/conf.db",
            "openvswitch_db/_data/conf.db",
            "var/snap/microovn/common/data/switch/db/conf.db",
            "var/snap/openstack-hypervisor/common/etc/openvswitch/conf.db",
            "var/snap/openstack-hypervisors/common/etc/openvswitch/conf.db",
            "opt/stack/data/ovs/conf.db",
            "usr/local/etc/openvswitch/conf.db",
            "etc/origin/openvswitch/conf.db",
            "sos_commands/openvswitch/show.txt",
        ] {
            assert_eq!(
                own(&format!("site/net01/{path}"), None),
                "site/net01",
                "{path}"
            );
            assert_eq!(own(&format!("site/{path}"), None), "site", "{path}");
        }
    }

    #[test]
    fn what_is_no_machine_s_path_may_name_one() {
        assert_eq!(own("site/storage/conf.db", None), "site/storage");
        assert_eq!(own("site/data/net01/conf.db", None), "site/data/net01");
        assert_eq!(own("site/etc/net01/conf.db", None), "site/etc/net01");
    }

    #[test]
    fn the_name_in_the_file_finds_its_directory() {
        let path = "site/net01/2nd disk/x/conf.db";
        assert_eq!(own(path, Some("net01.example.org")), "site/net01");
        assert_eq!(
            own(path, Some("net02.example.org")),
            "site/net01/2nd disk/x"
        );
        assert_eq!(own(path, None), "site/net01/2nd disk/x");
    }
}
