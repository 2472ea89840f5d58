//! Trailing comments, which oslo.config takes as part of the value.

use crate::finding::{Finding, Findings, Level};
use crate::site::Site;
use crate::site::option_table::{self, Type};

/// Lists whose items are ranges or pairs: an item with a comment behind it is refused.
const STRICT_LISTS: [&str; 7] = [
    "vni_ranges",
    "tunnel_id_ranges",
    "network_vlan_ranges",
    "bridge_mappings",
    "physical_device_mappings",
    "physical_interface_mappings",
    "physical_network_mtus",
];

/// There is no comment behind a value: only a line that begins with `#` or `;` is one (facts N§7).
pub fn check(site: &Site, found: &mut Findings) {
    for configuration in &site.configurations {
        for written in configuration.written() {
            found.checked(&configuration.name);
            for entry in written
                .section
                .options
                .iter()
                .filter(|entry| entry.unsure.is_none())
            {
                let (text, key) = (&entry.value.text, &entry.key);
                let (Some(level), Some(at)) = (level(&written.section.name, key), comment(text))
                else {
                    continue;
                };
                let end = text[at..]
                    .find('\n')
                    .map_or(text.len(), |line_end| at + line_end);
                let line = text.lines().next().unwrap_or(text);
                let message = format!(
                    "the value of {} is `{line}`, comment included: oslo.config knows no comment behind a value",
                    &**key
                );
                let finding = Finding::new(
                    level,
                    written.subject(configuration, key),
                    message,
                    &entry.value.part(at..end),
                    "part of the value",
                );
                // In a list the comment may be meant, and behind a comma in it stands another item: there a person
                // decides.
                found.push(finding.edit(
                    level == Level::Error && !text[at..end].contains(','),
                    &entry.value.part(text[..at].trim_end().len()..end),
                    "",
                ));
            }
        }
    }
}

/// How bad a comment is in that option; `None` where it may well be text.
fn level(section: &str, key: &str) -> Option<Level> {
    let specs = option_table::known(section, key)?;
    let is = |kinds: &[Type]| specs.iter().any(|spec| kinds.contains(&spec.kind));
    if STRICT_LISTS.contains(&key)
        || is(&[
            Type::Boolean,
            Type::Integer,
            Type::Float,
            Type::Port,
            Type::Dict,
        ])
    {
        Some(Level::Error)
    } else {
        is(&[Type::List]).then_some(Level::Warning)
    }
}

fn comment(value: &str) -> Option<usize> {
    let marks = value.match_indices(['#', ';']);
    marks
        .map(|(at, _)| at)
        .find(|&at| value[..at].ends_with([' ', '\t', '\n']))
}
