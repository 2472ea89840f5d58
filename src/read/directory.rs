//! Whose files a directory holds, by its name.

/// Directories in which other programs keep their files, whatever service these are for.
const OF_PROGRAMS: [&str; 30] = [
    "apache",
    "apache2",
    "collectd",
    "collectd.d",
    "cron",
    "cron.d",
    "dnsmasq.d",
    "fluentd",
    "haproxy",
    "httpd",
    "init",
    "init.d",
    "keepalived",
    "limits.d",
    "logrotate",
    "logrotate.d",
    "modprobe.d",
    "modules-load.d",
    "monit",
    "nginx",
    "rootwrap.d",
    "rsyslog.d",
    "sites-available",
    "sites-enabled",
    "sudoers.d",
    "supervisor",
    "supervisord",
    "sysctl.d",
    "sysusers.d",
    "tmpfiles.d",
];

/// Services that read ini files of the same dialect from a directory of snippets of their own, with sections that
/// Neutron has as well (`nova.conf.d/neutron.conf` holds Nova's `[neutron]`).
const SERVICES: [&str; 17] = [
    "aodh",
    "barbican",
    "ceilometer",
    "cinder",
    "cyborg",
    "designate",
    "glance",
    "gnocchi",
    "heat",
    "ironic",
    "keystone",
    "magnum",
    "manila",
    "nova",
    "octavia",
    "placement",
    "swift",
];

/// Whether the nearest directory above a file that says whose files it holds is one of Neutron's.
pub fn is_neutrons(components: &[String]) -> bool {
    let above = components.iter().rev().skip(1);
    let mut named = above.filter_map(|name| {
        if OF_PROGRAMS.contains(&name.as_str()) {
            return Some(false);
        }
        let mut words = name.split(|char: char| !char.is_alphanumeric());
        words.any(|word| word == "neutron").then_some(true)
    });
    named.next() == Some(true)
}

/// Whether a file lies in the directory of snippets of a service that is not Neutron.
pub fn is_of_another_service(components: &[String]) -> bool {
    let Some(directory) = components.iter().rev().nth(1) else {
        return false;
    };
    let service = directory.strip_suffix(".d");
    let service = service.map(|service| service.strip_suffix(".conf").unwrap_or(service));
    service.is_some_and(|service| SERVICES.iter().any(|own| is_named(service, own)))
}

/// `nova`, `nova-compute`.
fn is_named(name: &str, service: &str) -> bool {
    name.strip_prefix(service)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn components(path: &str) -> Vec<String> {
        path.split('/').map(str::to_owned).collect()
    }

    #[test]
    fn the_nearest_directory_that_says_whose_it_is_decides() {
        for (path, neutrons) in [
            ("etc/neutron/neutron.conf", true),
            ("config/neutron/node1/neutron.conf", true),
            ("neutron-server/neutron.conf", true),
            ("etc/neutron/neutron.conf.d/10-site.conf", true),
            ("roles/os_neutron/templates/neutron.conf.j2", true),
            ("neutron.conf", false),
            ("node1/neutron.conf", false),
            ("neutron/init/neutron.conf", false),
            ("neutron/files/logrotate.d/neutron.conf", false),
            ("neutrontools/neutron.conf", false),
        ] {
            assert_eq!(is_neutrons(&components(path)), neutrons, "{path}");
        }
    }

    #[test]
    fn snippets_of_other_services_are_theirs() {
        for (path, theirs) in [
            ("etc/nova/nova.conf.d/neutron.conf", true),
            ("nova-compute.conf.d/neutron.conf", true),
            ("octavia.d/neutron.conf", true),
            ("neutron.conf.d/nova.conf", false),
            ("novarum.d/neutron.conf", false),
            ("nova/neutron.conf", false),
        ] {
            assert_eq!(is_of_another_service(&components(path)), theirs, "{path}");
        }
    }
}
