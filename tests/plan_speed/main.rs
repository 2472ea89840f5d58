//! A generated site is one that operators have: its parts fit together, and no lint calls it broken.

mod site;

use std::path::Path;

use ovnlint::change::Outcome;
use ovnlint::cli::allowed::Policy;
use ovnlint::cli::linted::Linted;
use ovnlint::cli::plan::planned::{self, Planned};
use ovnlint::cli::plan::script::Text;
use ovnlint::finding::Level;
use ovnlint::lints::{self, Tuning};
use ovnlint::read;
use ovnlint::site::ovn::local::Local;

use site::{Large, PROVIDERS, name_of, switches};

fn lint(root: &Path) -> Linted {
    let tuning = Tuning::default();
    let paths = [(root, String::new())];
    let inputs = read::inputs(&paths, lints::limits(&tuning)).expect("it was just written");
    Linted::of(inputs, &Policy::default())
}

#[test]
fn a_generated_site_is_sound_and_whole() {
    let large = Large::new(20);
    let linted = lint(&large.root);
    let [site] = &linted.sites[..] else {
        panic!("{} sites", linted.sites.len());
    };
    assert_eq!(site.nodes.len(), 20);
    assert_eq!(site.registrations().len(), 20);
    assert_eq!(site.northbound.switches().len(), switches(20) + PROVIDERS);
    let instances = site.northbound.switches().iter();
    assert_eq!(
        instances
            .map(|switch| switch.instances.len())
            .sum::<usize>(),
        200
    );
    let found = linted.said.iter().flat_map(|said| &said.found);
    let bad: Vec<_> = found
        .filter(|finding| finding.level >= Level::Warning)
        .map(|finding| &finding.message)
        .collect();
    assert!(bad.is_empty(), "{bad:#?}");
}

/// Router 0 leads to provider 0 and may be hosted on network nodes 0 and 10 of 20; every tenant switch has 50
/// ports, more than there are nodes.
#[test]
fn its_switches_are_local_where_they_should_be() {
    let large = Large::new(20);
    let linted = lint(&large.root);
    let site = &linted.sites[0];
    let local = |title: &str| {
        let mut switches = site.northbound.switches().iter();
        let switch = switches
            .find(|switch| switch.title().ends_with(&format!("({title})")))
            .expect("it was written");
        let present = site.chassis_with_local_datapath(switch).into_iter();
        present
            .map(|presence| {
                assert!(matches!(presence.local, Local::Yes(_)), "{presence:?}");
                presence.chassis.name.clone()
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(local("public0"), [name_of(0), name_of(10)]);
    assert_eq!(local("tenant0"), (0..20).map(name_of).collect::<Vec<_>>());
    assert!(local("public3").is_empty());
}

/// Every command of the long change runs as it is meant: what is timed is no row of refusals.
#[test]
fn a_generated_change_is_carried_out() {
    let large = Large::new(20);
    let tuning = Tuning::default();
    let paths = [(large.root.as_path(), String::new())];
    let inputs = read::inputs(&paths, planned::limits(&tuning)).expect("it was just written");
    let text = Text::of("change.sh", &site::change::script(400, 20));
    let planned = Planned::of(inputs, text, None, &Policy::default()).expect("it can be planned");
    let steps = &planned.change.steps;
    assert_eq!(steps.len(), 400);
    let count = |is: fn(&Outcome) -> bool| steps.iter().filter(|step| is(&step.outcome)).count();
    assert_eq!(count(|outcome| *outcome == Outcome::Reads), 400 / 20 * 2);
    let amiss: Vec<_> = steps
        .iter()
        .filter(|step| !matches!(step.outcome, Outcome::Done | Outcome::Reads))
        .map(|step| (&step.text, &step.outcome))
        .collect();
    assert!(amiss.is_empty(), "{amiss:#?}");
}
