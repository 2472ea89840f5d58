//! The sentence that says how a tree was divided into sites.

use crate::finding::words::first_of;
use crate::report::Division;
use crate::site::Site;
use crate::site::build::Built;
use crate::site::build::division::Evidence;

/// So many directories, and so many nodes, are written out.
const NAMES: usize = 6;

/// How the sites were told apart, where they lie side by side.
pub fn of(built: &Built) -> Option<Division> {
    let evidence = built.evidence.as_ref()?;
    let named = |site: &&Site| !site.extent.directory.is_empty();
    let (own, others): (Vec<&Site>, Vec<&Site>) = built.sites.iter().partition(named);
    let directories: Vec<String> = own
        .iter()
        .map(|site| site.extent.directory.clone())
        .collect();
    let is_rest = |site: &&Site| site.topology.is_none() && !site.nodes.is_empty();
    let rest = if others.iter().any(is_rest) {
        ", and what lies outside of them,"
    } else {
        ""
    };
    let shown = first_of(&directories, NAMES);
    let why = why(evidence);
    Some(Division {
        sentence: format!(
            "{shown}{rest} are sites of their own, not compared with each other: {why}"
        ),
        directories,
    })
}

fn why(evidence: &Evidence) -> String {
    match evidence {
        Evidence::Nodes(names) => {
            let names: Vec<&String> = names.iter().collect();
            match &names[..] {
                [name] => format!("a node {name} lies in each"),
                names => format!("nodes {} lie in more than one", first_of(names, NAMES)),
            }
        }
        Evidence::Southbounds => "their nodes have southbounds on different hosts".to_owned(),
        Evidence::Names => "they are called as environments are".to_owned(),
    }
}
