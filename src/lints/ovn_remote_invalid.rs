//! An `ovn-remote` that leads to no southbound database.

use crate::finding::{Finding, Findings, Level};
use crate::site::Site;
use crate::site::external_ids::EXTERNAL_IDS;
use crate::site::remote::{self, Defect, Method, NORTHBOUND, Remote};

/// Each case was run: what is refused is refused for good, and only some of it is logged (facts O§5).
pub fn check(site: &Site, found: &mut Findings) {
    for node in site.chassis() {
        let value = node.external_id("ovn-remote");
        let Some(value) = value.seen() else {
            if !value.settled() {
                found.unknown(&node.name, EXTERNAL_IDS);
            }
            continue;
        };
        found.checked(&node.name);
        let remotes = remote::remotes(value);
        let flawed: Vec<_> = remotes
            .iter()
            .filter_map(|(text, remote)| Some((text, flaw(text, remote)?)))
            .collect();
        let result = if flawed.len() == remotes.len() {
            "ovn-controller never connects: the chassis does not register, or stays with the flows that it has"
        } else {
            "ovn-controller never reaches this one, and is alone when the others are down"
        };
        let none = remotes.is_empty().then_some((value, "empty"));
        for (text, flaw) in flawed.into_iter().chain(none) {
            let message = format!(
                "ovn-remote of {} is `{}`, {flaw}: {result}",
                node.name, &**text
            );
            let finding = Finding::new(
                Level::Error,
                format!("{}/ovn-remote/{}", node.name, &**text),
                message,
                &text.place,
                flaw,
            );
            found.push(finding.node(&node.name));
        }
    }
}

fn flaw(text: &str, read: &Result<Remote, Defect>) -> Option<Defect> {
    match read {
        Err(defect) => Some(defect),
        Ok(remote) if remote.method == Method::Unix => None,
        Ok(remote) => match remote.port {
            None => Some(remote::portless(text)),
            Some(NORTHBOUND) => Some("with the port of the northbound database"),
            Some(_) => None,
        },
    }
}
