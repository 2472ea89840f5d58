//! The sentence that says how a tree was divided into sites.

use crate::finding::words::first_of;
use crate::site::Site;
use crate::site::build::Built;
use crate::site::build::division::Evidence;

/// So many directories, and so many nodes, are written out.
const NAMES: usize = 6;

/// How a tree was divided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Division {
    /// The directories that are sites of their own.
    pub directories: Vec<String>,
    /// Whether machines lie outside of them; they are a site, too.
    pub rest: bool,
    /// What tells that these are several.
    pub evidence: Evidence,
}

impl Division {
    /// How the sites were told apart, where they lie side by side.
    pub fn of(built: &Built) -> Option<Self> {
        let evidence = built.evidence.clone()?;
        let named = |site: &&Site| !site.extent.directory.is_empty();
        let (own, others): (Vec<&Site>, Vec<&Site>) = built.sites.iter().partition(named);
        Some(Self {
            directories: own
                .iter()
                .map(|site| site.extent.directory.clone())
                .collect(),
            rest: others
                .iter()
                .any(|site| site.topology.is_none() && !site.nodes.is_empty()),
            evidence,
        })
    }

    /// The sentence. Its names are those of the inputs, as they come.
    pub fn sentence(&self) -> String {
        let mut sites = first_of(&self.directories, NAMES);
        if self.rest {
            sites.push_str(", and what lies outside of them,");
        }
        let why = match &self.evidence {
            Evidence::Nodes(names) => {
                let names: Vec<&String> = names.iter().collect();
                match &names[..] {
                    [name] => format!("a node {name} lies in each"),
                    names => format!("nodes {} lie in more than one", first_of(names, NAMES)),
                }
            }
            Evidence::Southbounds => "their nodes have southbounds on different hosts".to_owned(),
            Evidence::Names => "they are called as environments are".to_owned(),
        };
        format!("{sites} are sites of their own, not compared with each other: {why}")
    }
}
