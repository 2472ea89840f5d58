//! What a lint is, and every lint there is.
//!
//! A lint is three things under one name: a function in `src/lints/<name>.rs`, a folder `lints/<name>/`
//! that says what it means and proves it by example, and two lines here. The function looks at
//! a [`Site`], or at a [`Change`] of one, and nothing else: it cannot fail, print, or know its own name, and it asks
//! only about what was seen. What it had to skip it says through [`Findings::unknown`].

mod agent_mapping_ignored;
mod allow_expired;
mod allow_invalid;
mod allow_unused;
mod bridge_mapping_integration_bridge;
mod bridge_mapping_malformed;
mod bridge_mapping_missing_bridge;
mod bridge_mapping_shared_bridge;
mod bridge_setting_invalid;
mod change_command_invalid;
mod change_cuts_management;
mod change_drops_keys;
mod change_flushes_flows;
mod change_has_no_effect;
mod change_moves_chassis;
mod change_patches_provider_bridge;
mod change_rebuilds_tunnels;
mod change_recreates_bridge;
mod change_remaps_physnet;
mod change_removes_gateway;
mod change_restarts_dataplane;
mod change_shrinks_vni_ranges;
mod change_switches_driver;
mod change_unmaps_physnet;
mod change_unpredicted;
mod chassis_mac_mapping_duplicate;
mod cms_option_unknown;
mod database_damaged;
mod database_torn;
mod encap_invalid;
mod encap_ip_duplicate;
mod encap_ip_foreign;
mod encap_types_disjoint;
mod encap_unset;
mod external_id_dead;
mod external_id_unknown;
mod external_id_value_invalid;
mod file_too_large;
mod file_unreadable;
mod flow_restore_wait_stuck;
mod gateway_chassis_single;
mod gateway_chassis_unmapped;
mod geneve_header_too_small;
mod ini_comment_in_value;
mod ini_not_loadable;
mod ini_silently_ignored;
mod integration_bridge_no_openflow15;
mod integration_bridge_not_secure;
mod localnet_duplicate;
mod localnet_foreign;
mod localnet_network_name_unset;
mod management_bridge_hwaddr_unset;
mod management_captured;
mod management_on_provider_bridge;
mod mlockall_knob_ineffective;
mod ovn_connection_mismatch;
mod ovn_remote_invalid;
mod ovs_agent_leftover;
mod ovs_meter_probe_broken;
mod physnet_unmapped;
mod provider_bridge_controller;
mod provider_bridge_loop;
mod provider_bridge_not_secure;
mod provider_bridge_secure;
mod provider_bridge_without_uplink;
mod state_contradictory;
mod system_id_duplicate;
mod system_id_unset;
mod topology_invalid;
mod tunnel_range_invalid;
mod vni_ranges_above_max_tunid;
mod vni_ranges_oversized;

use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

use serde::Deserialize;

use crate::change::Change;
use crate::finding::allow::Allows;
use crate::finding::{Cap, Finding, Findings, Label, Level, Parameter};
use crate::read::{Limits, size};
use crate::site::Site;
use crate::source::{FileId, Place};

/// One check, with a name.
pub struct Lint {
    /// Module, folder, id and page are this one word.
    pub name: &'static str,
    /// What it looks at.
    pub check: Check,
    about: &'static str,
    read: OnceLock<About>,
}

/// What a lint looks at.
#[derive(Clone, Copy)]
pub enum Check {
    /// One site: before a change and after it.
    State(fn(&Site, &mut Findings)),
    /// A change: its steps, or what lies between two trees.
    Change(fn(&Change, &mut Findings)),
    /// What silences findings, once it has.
    Allows(fn(&Allows, &mut Findings)),
}

/// `lints/<name>/lint.toml`: what a lint says of itself.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct About {
    /// The levels it may give, highest first.
    pub levels: Vec<Level>,
    /// The release that it came with.
    pub since: String,
    /// What is wrong, in one line.
    pub summary: String,
    /// What happens, to whom, when.
    pub why: String,
    /// What to do.
    pub fix: String,
    /// When it stays silent, or says less.
    pub unless: Vec<String>,
    /// Where the facts come from.
    pub see: Vec<String>,
    /// Other lints that rightly fire on its `bad/`.
    #[serde(default)]
    pub also: Vec<String>,
    /// What a user may tune.
    #[serde(default)]
    pub parameters: BTreeMap<String, Tunable>,
}

/// A parameter of a lint.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tunable {
    /// A number, a size with its unit, or a text.
    pub default: toml::Value,
    /// What it means.
    pub meaning: String,
}

/// What a parameter takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// A whole number.
    Number,
    /// A number of bytes, with or without a unit.
    Size,
    /// A text.
    Text,
}

/// What one lint said of one site.
#[derive(Clone)]
pub struct Said {
    /// The lint.
    pub lint: &'static Lint,
    /// Its findings.
    pub found: Vec<Finding>,
    /// What it looked at (an empty need) and what it could not, by the input that would settle it.
    pub coverage: BTreeMap<&'static str, Vec<String>>,
}

/// What the user set of the lints.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tuning {
    /// Values of parameters that take the place of the defaults: lint, then parameter.
    pub parameters: BTreeMap<String, BTreeMap<String, toml::Value>>,
    /// The most that a lint may say, by its name.
    pub caps: BTreeMap<String, Cap>,
}

/// Runs every lint of the state over a site.
pub fn run(site: &Site, tuning: &Tuning) -> Vec<Said> {
    let refusals = site.refusals();
    let run = |lint: &'static Lint| {
        let mut said = lint.over(site, tuning)?;
        for finding in &mut said.found {
            below_a_refusal(finding, &refusals);
        }
        Some(said)
    };
    LINTS.iter().copied().filter_map(run).collect()
}

/// Says of a finding in a file that oslo.config refuses above it that the services do not start anyway: whoever mends
/// both at once has no second failure.
fn below_a_refusal(finding: &mut Finding, refusals: &HashMap<FileId, Place>) {
    let Some(place) = finding.labels.first().map(|label| &label.place) else {
        return;
    };
    let refused = refusals.get(&place.file);
    if let Some(refused) = refused.filter(|refused| refused.span.end <= place.span.start) {
        finding.message.push_str(
            "; no service that loads the file starts anyway, for oslo.config refuses a line above",
        );
        finding.labels.push(Label {
            place: refused.clone(),
            text: "oslo.config stops here".to_owned(),
        });
    }
}

/// Runs every lint of changes over a change.
pub fn run_over(change: &Change, tuning: &Tuning) -> Vec<Said> {
    let run = |lint: &'static Lint| match lint.check {
        Check::Change(check) => Some(lint.run(tuning, |found| check(change, found))),
        Check::State(_) | Check::Allows(_) => None,
    };
    LINTS.iter().copied().filter_map(run).collect()
}

/// Runs every lint of what silences findings.
pub fn run_allows(allows: &Allows, tuning: &Tuning) -> Vec<Said> {
    let run = |lint: &'static Lint| match lint.check {
        Check::Allows(check) => Some(lint.run(tuning, |found| check(allows, found))),
        Check::State(_) | Check::Change(_) => None,
    };
    LINTS.iter().copied().filter_map(run).collect()
}

/// The limits of reading: the text limit is a parameter of the lint that says what was left out.
pub fn limits(tuning: &Tuning) -> Limits<'static> {
    let name = "file_too_large";
    let lint = find(name).expect("it is in the list");
    let parameters = Findings::new(lint.parameters(tuning.parameters.get(name)));
    Limits {
        // Places count bytes in 32 bits.
        text: parameters.number("max_size").min(u32::MAX.into()),
        ..Limits::default()
    }
}

/// The lint of that name.
pub fn find(name: &str) -> Option<&'static Lint> {
    LINTS.iter().copied().find(|lint| lint.name == name)
}

impl Lint {
    /// What its `lint.toml` says.
    pub fn about(&self) -> &About {
        self.read.get_or_init(|| {
            toml::from_str(self.about)
                .unwrap_or_else(|error| panic!("lints/{}/lint.toml: {error}", self.name))
        })
    }

    /// Runs it over a site; none where it looks at changes.
    pub fn over(&'static self, site: &Site, tuning: &Tuning) -> Option<Said> {
        match self.check {
            Check::State(check) => Some(self.run(tuning, |found| check(site, found))),
            Check::Change(_) | Check::Allows(_) => None,
        }
    }

    fn run(&'static self, tuning: &Tuning, check: impl FnOnce(&mut Findings)) -> Said {
        let cap = tuning.caps.get(self.name).copied();
        let mut findings = Findings::default();
        // What is off is still listed: every site is looked at by the same lints.
        if cap != Some(Cap::Off) {
            findings = Findings::new(self.parameters(tuning.parameters.get(self.name)));
            check(&mut findings);
        }
        if let Some(Cap::AtMost(most)) = cap {
            for finding in &mut findings.found {
                finding.level = finding.level.min(most);
            }
        }
        Said {
            lint: self,
            found: findings.found,
            coverage: findings.coverage,
        }
    }

    fn parameters(
        &self,
        set: Option<&BTreeMap<String, toml::Value>>,
    ) -> BTreeMap<String, Parameter> {
        // Most lints have none, and their lint.toml need not be read for that.
        if !self.about.contains("[parameters.") {
            return BTreeMap::new();
        }
        let value = |name: &str, tunable: &Tunable| {
            let value = set.and_then(|set| set.get(name));
            let read = tunable.read(value.unwrap_or(&tunable.default));
            read.unwrap_or_else(|| panic!("lint {}: {name} cannot be that", self.name))
        };
        let declared = self.about().parameters.iter();
        declared
            .map(|(name, tunable)| (name.clone(), value(name, tunable)))
            .collect()
    }
}

impl Tunable {
    /// What it takes: what its default is.
    pub fn takes(&self) -> Takes {
        match &self.default {
            toml::Value::String(text) if size::parse(text).is_ok() => Takes::Size,
            toml::Value::String(_) => Takes::Text,
            _ => Takes::Number,
        }
    }

    /// A value as the lint is given it; `None` for one that it does not take.
    pub fn read(&self, value: &toml::Value) -> Option<Parameter> {
        let number = |number: i64| u64::try_from(number).ok().map(Parameter::Number);
        match (self.takes(), value) {
            (Takes::Text, toml::Value::String(text)) => Some(Parameter::Text(text.clone())),
            (Takes::Size, toml::Value::String(text)) => {
                size::parse(text).ok().map(Parameter::Number)
            }
            (Takes::Size | Takes::Number, toml::Value::Integer(value)) => number(*value),
            _ => None,
        }
    }
}

/// One lint: its name ties module, folder and id together.
macro_rules! lint {
    ($name:ident) => {
        lint!($name, State)
    };
    ($name:ident, $kind:ident) => {{
        static LINT: Lint = Lint {
            name: stringify!($name),
            check: Check::$kind($name::check),
            about: include_str!(concat!("../lints/", stringify!($name), "/lint.toml")),
            read: OnceLock::new(),
        };
        &LINT
    }};
}

/// Every lint, in the order in which their findings are made.
pub static LINTS: &[&Lint] = &[
    // Neutron server
    lint!(vni_ranges_oversized),
    lint!(vni_ranges_above_max_tunid),
    lint!(tunnel_range_invalid),
    lint!(geneve_header_too_small),
    lint!(agent_mapping_ignored),
    lint!(ovn_connection_mismatch),
    lint!(ini_not_loadable),
    lint!(ini_silently_ignored),
    lint!(ini_comment_in_value),
    // Physical networks and mappings
    lint!(physnet_unmapped),
    lint!(bridge_mapping_malformed),
    lint!(bridge_mapping_shared_bridge),
    lint!(bridge_mapping_missing_bridge),
    lint!(bridge_mapping_integration_bridge),
    lint!(localnet_duplicate),
    lint!(localnet_network_name_unset),
    lint!(localnet_foreign),
    lint!(gateway_chassis_unmapped),
    lint!(provider_bridge_without_uplink),
    lint!(provider_bridge_loop),
    // Management
    lint!(management_captured),
    lint!(management_on_provider_bridge),
    lint!(management_bridge_hwaddr_unset),
    // Bridges
    lint!(integration_bridge_no_openflow15),
    lint!(integration_bridge_not_secure),
    lint!(provider_bridge_not_secure),
    lint!(provider_bridge_secure),
    lint!(provider_bridge_controller),
    lint!(ovs_agent_leftover),
    lint!(bridge_setting_invalid),
    lint!(flow_restore_wait_stuck),
    // Chassis
    lint!(encap_unset),
    lint!(encap_invalid),
    lint!(encap_ip_duplicate),
    lint!(encap_ip_foreign),
    lint!(encap_types_disjoint),
    lint!(system_id_unset),
    lint!(system_id_duplicate),
    lint!(ovn_remote_invalid),
    lint!(external_id_unknown),
    lint!(external_id_dead),
    lint!(external_id_value_invalid),
    lint!(cms_option_unknown),
    lint!(gateway_chassis_single),
    lint!(chassis_mac_mapping_duplicate),
    // Platform
    lint!(mlockall_knob_ineffective),
    lint!(ovs_meter_probe_broken),
    // Changes
    lint!(change_cuts_management, Change),
    lint!(change_patches_provider_bridge, Change),
    lint!(change_flushes_flows, Change),
    lint!(change_recreates_bridge, Change),
    lint!(change_rebuilds_tunnels, Change),
    lint!(change_moves_chassis, Change),
    lint!(change_remaps_physnet, Change),
    lint!(change_unmaps_physnet, Change),
    lint!(change_drops_keys, Change),
    lint!(change_has_no_effect, Change),
    lint!(change_restarts_dataplane, Change),
    lint!(change_shrinks_vni_ranges, Change),
    lint!(change_switches_driver, Change),
    lint!(change_removes_gateway, Change),
    lint!(change_command_invalid, Change),
    lint!(change_unpredicted, Change),
    // Inputs
    lint!(file_unreadable),
    lint!(file_too_large),
    lint!(database_damaged),
    lint!(database_torn),
    lint!(topology_invalid),
    lint!(state_contradictory),
    lint!(allow_invalid, Allows),
    lint!(allow_expired, Allows),
    lint!(allow_unused, Allows),
];
