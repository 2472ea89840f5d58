//! An entry of `ovn-cms-options` that Neutron ignores.

use crate::finding::{Finding, Findings, Level};
use crate::site::Site;
use crate::site::cms_options::{self, Slip};
use crate::site::external_ids::EXTERNAL_IDS;

/// OVN copies the list as it is; Neutron picks out what it knows (facts O§5).
pub fn check(site: &Site, found: &mut Findings) {
    for node in site.chassis() {
        let options = node.external_id("ovn-cms-options");
        if !options.settled() {
            found.unknown(&node.name, EXTERNAL_IDS);
            continue;
        }
        found.checked(&node.name);
        let slips = options.seen().map_or_else(Vec::new, cms_options::slips);
        for (entry, slip) in slips {
            let (flaw, label) = wording(slip);
            let message = format!(
                "`{}` in ovn-cms-options of {} is ignored by Neutron, without a word: {flaw}",
                entry.trim(),
                node.name
            );
            let subject = format!("{}/ovn-cms-options/{}", node.name, entry.trim());
            found.push(
                Finding::new(Level::Warning, subject, message, &entry.place, label)
                    .node(&node.name),
            );
        }
    }
}

fn wording(slip: Slip) -> (String, &'static str) {
    match slip {
        Slip::Colon(option) => (
            format!("it wants `{option}=`, although the manual page of OVN shows `:`"),
            "`:` for `=`",
        ),
        Slip::Value(option) => (format!("`{option}` takes no value"), "takes no value"),
        Slip::NoValue(option) => (format!("it wants `{option}=VALUE`"), "no value"),
        Slip::Spelling(option) => (format!("did you mean `{option}`?"), "misspelt"),
        Slip::Zone => (
            "`,` separates options; availability zones are separated by `:`".to_owned(),
            "`,` for `:`",
        ),
    }
}
