//! Positions are part of the value: what stands at a value's place is the value.

use ovnlint::cli::linted::Linted;
use ovnlint::lints::LINTS;
use ovnlint::site::ovs::Port;
use ovnlint::site::{Node, Site};
use ovnlint::source::{Known, Spanned};

use crate::support::lint;

/// Every text of the model that a finding may speak of.
fn texts(site: &Site) -> Vec<&Spanned<String>> {
    let nodes = site.nodes.iter().flat_map(|node| of_node(node));
    let written = site
        .configurations
        .iter()
        .flat_map(|configuration| configuration.written());
    let written = written.flat_map(|written| {
        let keys = written.section.options.iter().map(|entry| &entry.key);
        [&written.section.name].into_iter().chain(keys)
    });
    nodes.chain(written).collect()
}

fn of_node(node: &Node) -> Vec<&Spanned<String>> {
    let ovs = &node.ovs;
    let mut texts: Vec<&Spanned<String>> = Vec::new();
    let maps = [&ovs.external_ids, &ovs.other_config];
    texts.extend(
        maps.iter()
            .filter_map(|map| map.seen())
            .flat_map(|map| map.values()),
    );
    for bridge in ovs
        .bridges
        .seen()
        .into_iter()
        .flat_map(|bridges| &bridges.value)
    {
        texts.push(&bridge.name);
        texts.extend(
            [&bridge.fail_mode, &bridge.datapath_type]
                .into_iter()
                .filter_map(Known::seen),
        );
        texts.extend(
            bridge
                .protocols
                .seen()
                .into_iter()
                .flat_map(|protocols| &protocols.value),
        );
        texts.extend(bridge.ports().iter().map(|port| &port.name));
        texts.extend(
            bridge
                .ports()
                .iter()
                .flat_map(Port::interfaces)
                .map(|interface| &interface.name),
        );
    }
    texts.extend(node.host.interfaces.iter().map(|interface| &interface.name));
    texts.extend(
        node.host
            .environment
            .iter()
            .flat_map(|variable| [&variable.name, &variable.value]),
    );
    texts
}

/// Looks at every text of a site; gives how many there were.
fn checked(linted: &Linted) -> usize {
    let mut count = 0;
    for text in linted.sites.iter().flat_map(texts) {
        let there = linted
            .sources
            .text_at(&text.place)
            .unwrap_or_else(|| panic!("no text at the place of {text:?}"));
        // Quotes of the notation may belong to the place; escapes make the text differ from the value.
        let bare = there.trim_matches(['"', '\'']);
        let decoded = there.contains('\\');
        assert!(
            bare == text.value || decoded,
            "`{there}` stands at the place of {text:?}"
        );
        count += 1;
    }
    count
}

#[test]
fn what_stands_at_the_place_of_a_value_is_the_value() {
    let incidents = [
        "vni-ranges",
        "localnet",
        "openflow15",
        "fail-mode",
        "meters",
    ];
    let sites = incidents
        .iter()
        .map(|name| format!("testdata/incidents/{name}"));
    let forms = ["log", "json", "list", "show"]
        .iter()
        .map(|form| format!("testdata/forms/{form}"));
    let examples = LINTS.iter().flat_map(|lint| {
        [
            format!("lints/{}/bad", lint.name),
            format!("lints/{}/good", lint.name),
        ]
    });
    let count: usize = sites
        .chain(forms)
        .chain(examples)
        .map(|site| checked(&lint(&site)))
        .sum();
    assert!(count > 1_000, "only {count} values were looked at");
}

/// A finding without a place that can be shown is none.
#[test]
fn every_label_stands_on_text_that_can_be_shown() {
    for name in LINTS
        .iter()
        .map(|lint| lint.name)
        .filter(|name| *name != "file_too_large")
    {
        let linted = lint(&format!("lints/{name}/bad"));
        for finding in linted.said.iter().flat_map(|said| &said.found) {
            for label in &finding.labels {
                assert!(
                    linted.sources.text_at(&label.place).is_some(),
                    "{name}: {label:?}"
                );
                assert!(!label.text.is_empty(), "{name}: {label:?}");
            }
        }
    }
}
