//! The patch ports that come and go with each command.

use std::collections::BTreeSet;
use std::time::Duration;

use ovnlint::change::Step;
use ovnlint::change::effect::{Effect, Kind, Patch};

use super::ask::{plan, run};
use super::generate::{BASE, HANDWRITTEN, PLUGS, SEEDS, sequence};
use super::{CHASSIS, lab, settle};
use crate::lab::Lab;

/// A pair of patch ports: chassis, localnet port, provider bridge.
type Pair = (String, String, String);

/// The pairs of all chassis.
type Pairs = BTreeSet<Pair>;

/// What was compared.
#[derive(Debug, Default)]
struct Counts {
    commands: usize,
    refused: usize,
    came: usize,
    went: usize,
    possible: usize,
    /// Removals for which ovn-controller had to compute everything anew.
    late: usize,
    /// Physnets that are said to stay on their old bridge.
    stuck: usize,
    unpredicted: usize,
    wrong: Vec<String>,
}

/// The pairs that are there now, and the localnet ports with an end on the integration bridge.
fn made(lab: &Lab) -> (Pairs, BTreeSet<(String, String)>) {
    let (mut pairs, mut inner) = (Pairs::new(), BTreeSet::new());
    for chassis in CHASSIS {
        let shown = lab.vsctl(chassis, &["show"]);
        let mut bridge = "";
        for line in shown.lines().map(str::trim) {
            if let Some(name) = line.strip_prefix("Bridge ") {
                bridge = name.trim_matches('"');
            }
            let Some(port) = line.strip_prefix("Port ") else {
                continue;
            };
            let port = port.trim_matches('"');
            if let Some(localnet) = port.strip_prefix("patch-br-int-to-") {
                inner.insert((chassis.to_owned(), localnet.to_owned()));
            } else if let Some(localnet) = port
                .strip_prefix("patch-")
                .and_then(|rest| rest.strip_suffix("-to-br-int"))
            {
                pairs.insert((chassis.to_owned(), localnet.to_owned(), bridge.to_owned()));
            }
        }
    }
    (pairs, inner)
}

/// What a step says that comes and goes: the certain, and the possible.
fn said(step: &Step) -> [Vec<(Patch, Pair)>; 2] {
    let mut said = [Vec::new(), Vec::new()];
    for effect in &step.effects {
        if let Kind::Patched {
            port,
            bridge,
            patch,
            ..
        } = &effect.kind
        {
            let bridge = bridge.clone().unwrap_or_default();
            let pair = (effect.node.clone(), port.clone(), bridge);
            let patch = match patch {
                Patch::Parted => Patch::Removed,
                // The pair stays.
                Patch::Retagged { .. } => continue,
                Patch::Added | Patch::Removed => *patch,
            };
            said[usize::from(effect.needs.is_some())].push((patch, pair));
        }
    }
    said
}

fn change(before: &Pairs, after: &Pairs) -> BTreeSet<(Patch, Pair)> {
    let went = before.difference(after).map(|pair| (Patch::Removed, pair));
    let came = after.difference(before).map(|pair| (Patch::Added, pair));
    went.chain(came)
        .map(|(what, pair)| (what, pair.clone()))
        .collect()
}

/// Runs a sequence and compares each step.
fn compare(lab: &Lab, name: &str, lines: &[String], counts: &mut Counts) {
    settle(lab);
    let steps = plan(lab, lines);
    let (mut before, _) = made(lab);
    for (line, step) in lines.iter().zip(&steps) {
        let real = run(lab, line);
        counts.commands += 1;
        counts.refused += usize::from(real.is_err());
        if step.succeeds.is_none() {
            counts.unpredicted += 1;
            counts
                .wrong
                .push(format!("{name}: {line}: {:?}", step.doubts));
        } else if step.succeeds != Some(real.is_ok()) {
            counts
                .wrong
                .push(format!("{name}: {line}: {real:?}, but {:?}", step.outcome));
        }
        let [certain, possible] = said(step);
        let certain: BTreeSet<_> = certain.into_iter().collect();
        settle(lab);
        let mut recomputed = false;
        let mut asked = 0;
        let after = loop {
            let (after, inner) = made(lab);
            let ends = after
                .iter()
                .map(|(node, port, _)| (node.clone(), port.clone()));
            let joined = ends.collect::<BTreeSet<_>>() == inner;
            let as_said = change(&before, &after) == certain;
            if (joined && as_said) || asked == 60 {
                break after;
            }
            asked += 1;
            if !recomputed && asked > 6 {
                let real = change(&before, &after);
                let outstanding: Vec<_> = certain.difference(&real).collect();
                let late = !outstanding.is_empty()
                    && real.is_subset(&certain)
                    && outstanding
                        .iter()
                        .all(|(patch, _)| *patch == Patch::Removed);
                if late {
                    // What no longer is behind a router stays a local datapath until then.
                    recompute(lab);
                    counts.late += outstanding.len();
                    recomputed = true;
                }
            }
            std::thread::sleep(Duration::from_millis(50));
        };
        let real = change(&before, &after);
        for (patch, _) in &real {
            match patch {
                Patch::Added => counts.came += 1,
                _ => counts.went += 1,
            }
        }
        counts.possible += possible.len();
        let said = step.effects.iter();
        let remapped = |effect: &&Effect| matches!(effect.kind, Kind::Remapped { stuck: true, .. });
        for effect in said.filter(remapped) {
            counts.stuck += 1;
            let moved = real.iter().any(|(_, (node, ..))| *node == effect.node);
            if moved {
                counts
                    .wrong
                    .push(format!("{name}: {line}: it moves: {real:?}"));
            }
        }
        let missed = real
            .iter()
            .filter(|own| !certain.contains(own) && !possible.contains(own));
        let missed: Vec<_> = missed.collect();
        let invented: Vec<_> = certain.difference(&real).collect();
        if !missed.is_empty() || !invented.is_empty() {
            counts.wrong.push(format!(
                "{name}: {line}: missed {missed:?}, invented {invented:?}"
            ));
        }
        before = after;
    }
}

fn recompute(lab: &Lab) {
    for chassis in CHASSIS {
        lab.tell_controller(chassis, &["inc-engine/recompute"]);
    }
    settle(lab);
}

#[test]
fn patch_ports_come_and_go_as_planned() {
    let Some(lab) = lab() else {
        return;
    };
    for line in BASE.lines().map(str::trim) {
        run(&lab, line).unwrap();
    }
    for (chassis, port) in PLUGS {
        run(&lab, &super::generate::plug(chassis, port)).unwrap();
    }
    let mut counts = Counts::default();
    let handwritten: Vec<String> = HANDWRITTEN
        .lines()
        .map(|line| line.trim().to_owned())
        .collect();
    compare(&lab, "handwritten", &handwritten, &mut counts);
    for seed in SEEDS {
        compare(&lab, &format!("seed {seed}"), &sequence(seed), &mut counts);
    }
    println!(
        "{} commands ({} refused), {} pairs came, {} went; {} went late; {} stuck; {} possible, {} unpredicted",
        counts.commands,
        counts.refused,
        counts.came,
        counts.went,
        counts.late,
        counts.stuck,
        counts.possible,
        counts.unpredicted
    );
    for wrong in &counts.wrong {
        println!("{wrong}");
    }
    assert_eq!(counts.wrong.len(), 0, "of {}", counts.commands);
    assert!(counts.commands >= 150, "{counts:?}");
    assert!(counts.came >= 20 && counts.went >= 20, "{counts:?}");
}
