//! Files of other programs that are named like Neutron's: upstart's `init/neutron-l3-agent.conf`, a `neutron.conf` of
//! logrotate.

use std::collections::BTreeSet;

use crate::finding::words::nearest;
use crate::read::oslo::OsloFile;
use crate::read::{IniKind, Input, Record};
use crate::site::option_table;

/// What a file that is left out is said to be.
const FOREIGN: &str =
    "named like Neutron's, and nothing in it is an option of Neutron: another program's";

/// Leaves out each file whose name alone is Neutron's. In a directory of Neutron's the name decides: what is wrong with
/// a file there has to be said.
pub fn leave_out(files: &mut [Input]) {
    for input in files {
        let foreign = match &input.record {
            // The other names are nobody else's.
            Record::Ini(IniKind::Neutron, file) => {
                !input.in_neutrons_directory && !speaks_neutron(file)
            }
            _ => false,
        };
        if foreign {
            input.record = Record::Left(FOREIGN);
        }
    }
}

/// Of so many names in a file one is an option of Neutron, if it is Neutron's.
const LOOKED_AT: usize = 500;

/// Whether anything in a file is what a service of Neutron looks up, well or badly spelt. A file that says nothing, or
/// nothing that is readable before a template is filled in, is what its name says.
fn speaks_neutron(file: &OsloFile) -> bool {
    let mut sections = BTreeSet::from(["DEFAULT"]);
    let mut silent = true;
    let mut left = LOOKED_AT;
    for section in file.sections.iter().take(LOOKED_AT) {
        let name = section.name.trim();
        let Some(known) = section_of(name) else {
            silent &= is_filled(name);
            continue;
        };
        sections.insert(known);
        let keys = section.options.iter().map(|entry| entry.key.as_str());
        let keys: Vec<&str> = keys.filter(|key| !is_filled(key)).take(left).collect();
        // A header alone is enough, but `[DEFAULT]` is everybody's.
        let header_alone = keys.is_empty() && known != "DEFAULT";
        silent &= keys.is_empty();
        if header_alone || keys.iter().any(|key| is_option(known, key)) {
            return true;
        }
        left -= keys.len();
        if left == 0 {
            return false;
        }
    }
    let outside = file.outside.iter().map(|entry| entry.key.as_str());
    let lines = file.errors.iter();
    let refused = lines.filter_map(|error| error.line_text.split([' ', '\t', '=', ':']).next());
    let words = outside.chain(refused).filter(|word| !is_filled(word));
    for word in words.take(left) {
        silent = false;
        // What oslo.config refuses may be anything: an option has to be written as it is.
        if sections
            .iter()
            .any(|section| option_table::known(section, word).is_some())
        {
            return true;
        }
    }
    silent
}

/// The section of Neutron that is meant by a name.
fn section_of(name: &str) -> Option<&'static str> {
    let lower = name.to_lowercase();
    if lower == "default" || nearest(&lower, ["default"]).is_some() {
        return Some("DEFAULT");
    }
    let same = option_table::sections().find(|known| *known == lower);
    same.or_else(|| {
        nearest(
            &lower,
            option_table::sections().filter(|known| known.len() > 4),
        )
    })
}

/// Whether an option of the section is meant.
fn is_option(section: &'static str, key: &str) -> bool {
    let lower = key.to_lowercase().replace('-', "_");
    option_table::known(section, &lower).is_some()
        || option_table::is_older_name(section, key)
        || nearest(&lower, option_table::options(section)).is_some()
}

/// Whether a template puts a name in.
fn is_filled(name: &str) -> bool {
    name.contains(['{', '<', '%', '@', '$'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::oslo;
    use crate::source::FileId;

    fn neutrons(text: &str) -> bool {
        speaks_neutron(&oslo::read(FileId(0), text))
    }

    #[test]
    fn files_of_other_programs_say_nothing_that_neutron_knows() {
        for text in [
            // upstart
            "description \"L3 agent\"\n\nstart on runlevel [2345]\nrespawn\nenv CONF=/etc/neutron/neutron.conf\n\nscript\n  exec /usr/bin/l3\nend script\n",
            // logrotate
            "/var/log/kolla/neutron/*.log\n{\n  daily\n  rotate 7\n}\n",
            // tmpfiles.d(5)
            "d /run/neutron 0755 neutron neutron -\n",
            // rsyslog
            "$umask 0000\nif $programname startswith 'neutron' then /var/log/neutron.log\n& stop\n",
            // Apache
            "Listen 9696\n<VirtualHost *:9696>\n    WSGIDaemonProcess neutron processes=2 threads=1\n    ErrorLog /var/log/apache2/neutron.log\n</VirtualHost>\n",
            // nginx
            "upstream neutron {\n    server 192.0.2.11:9696;\n}\nserver {\n    listen 9696;\n    location / {\n        proxy_pass http://neutron;\n    }\n}\n",
            // supervisor
            "[program:neutron-server]\ncommand=/usr/bin/neutron-server --config-file /etc/neutron/neutron.conf\nautostart=true\nuser=neutron\n",
            // sysctl.d(5)
            "net.ipv4.ip_forward = 1\nnet.ipv4.conf.all.rp_filter = 0\n",
            // sudoers
            "Defaults:neutron !requiretty\nneutron ALL = (root) NOPASSWD: /usr/bin/neutron-rootwrap\n",
            // haproxy
            "listen neutron_api\n  bind 192.0.2.10:9696\n  server c1 192.0.2.11:9696 check\n",
            // limits.d, modules-load.d, collectd
            "neutron soft nofile 65536\n",
            "br_netfilter\nopenvswitch\n",
            "LoadPlugin processes\n<Plugin processes>\n  Process \"neutron-server\"\n</Plugin>\n",
            // uwsgi
            "[uwsgi]\nhttp-socket = 127.0.0.1:9696\nprocesses = 4\n",
        ] {
            assert!(!neutrons(text), "{text}");
        }
    }

    #[test]
    fn a_bad_file_of_neutron_is_one_all_the_same() {
        for text in [
            "",
            "# nothing is set\n",
            // A slip in every line.
            "[DEFUALT]\ncore_plguin = ml2\nservice_plugns = router\n[databse]\nconection = x\n",
            "[DEFAULT\ncore_plugin = ml2\n",
            "[DEFAULT]\ncore_plugin ml2\n",
            "[default]\nCore-Plugin = ml2\n",
            "core_plugin = ml2\n",
            "\u{feff}[DEFAULT]\ndebug = true\n",
            "[ml2]\n",
            // A template, and a fragment.
            "{% for section in sections %}\n[{{ section }}]\n{{ key }} = {{ value }}\n{% endfor %}\n",
            "[DEFAULT]\n{{ key }} = {{ value }}\n",
            "[quotas]\nquota_port = 500\n",
            "[nova]\ntenant-name = service\n",
        ] {
            assert!(neutrons(text), "{text}");
        }
    }
}
