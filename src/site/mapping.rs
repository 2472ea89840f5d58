//! Bridge mappings, by the rules of those who read them: ovn-controller and Neutron differ.

use std::collections::HashSet;
use std::ops::Range;

use crate::source::{Place, Spanned};

/// What would settle which physnets a node maps.
pub const MAPPINGS: &str = "the node's bridge mappings (`ovs-vsctl get open . external_ids`)";

/// Who reads the mappings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rules {
    /// ovn-controller: nothing is trimmed, the first empty element ends the list, an element without `:`
    /// drops the rest (facts O§5, O§6).
    OvnController,
    /// `neutron_lib`'s `parse_mappings`: blanks are trimmed, empty elements are skipped, everything else is
    /// an error for the whole list (facts N§2).
    Neutron,
}

/// One `physnet:bridge` pair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BridgeMapping {
    /// The physical network.
    pub physnet: Spanned<String>,
    /// The bridge.
    pub bridge: Spanned<String>,
    /// The pair as written.
    pub place: Place,
}

/// A list of mappings as its reader understands it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mappings {
    /// The pairs in force.
    pub entries: Vec<BridgeMapping>,
    /// What is wrong with the list.
    pub flaws: Vec<Flaw>,
}

/// What is wrong with one element of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// The element.
    pub place: Place,
    /// Its text.
    pub element: String,
    /// What is wrong.
    pub defect: Defect,
    /// The elements behind it that are lost with it.
    pub lost: Vec<String>,
}

/// A way in which an element is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Defect {
    /// Nothing between two commas.
    Empty,
    /// Nothing behind the last comma: harmless.
    TrailingComma,
    /// Not exactly one `:`, or nothing on one side of it.
    NotAPair,
    /// Blanks around a name; ovn-controller takes them as part of it.
    Blanks,
    /// More than one `:`, on which ovn-controller and Neutron disagree.
    SeveralColons,
    /// The physnet was mapped before.
    Duplicate,
}

/// Reads a list of mappings.
pub fn parse(text: &Spanned<String>, rules: Rules) -> Mappings {
    let mut mappings = Mappings::default();
    let mut mapped: HashSet<&str> = HashSet::new();
    let elements = elements(text);
    for (at, range) in elements.iter().enumerate() {
        let element = &text[range.clone()];
        let flaw = |defect| Flaw {
            place: text.part(range.clone()).place,
            element: element.to_owned(),
            defect,
            lost: Vec::new(),
        };
        let last = at + 1 == elements.len();
        let defect = match (element.trim().is_empty(), rules) {
            (true, _) if last && at > 0 => Some(Defect::TrailingComma),
            // Neutron skips an empty element.
            (true, Rules::Neutron) => continue,
            (true, Rules::OvnController) if element.is_empty() => Some(Defect::Empty),
            _ => None,
        };
        let read = defect.map_or_else(
            || pair(text, range.clone(), rules).ok_or(Defect::NotAPair),
            Err,
        );
        let (mapping, physnet) = match read {
            Ok(read) => read,
            Err(Defect::TrailingComma) => {
                mappings.flaws.push(flaw(Defect::TrailingComma));
                break;
            }
            // ovn-controller drops the rest of the list, Neutron the whole list.
            Err(defect) => {
                let rest = elements[at + 1..].iter().map(|range| &text[range.clone()]);
                let lost = rest
                    .filter(|lost| !lost.is_empty())
                    .map(str::to_owned)
                    .collect();
                mappings.flaws.push(Flaw {
                    lost,
                    ..flaw(defect)
                });
                break;
            }
        };
        if rules == Rules::OvnController {
            if has_blanks(&mapping.physnet) || has_blanks(&mapping.bridge) {
                mappings.flaws.push(flaw(Defect::Blanks));
            }
            // ovn-controller takes everything behind the first colon for the bridge; Neutron, which reads the
            // same list, does not (facts O§6.5).
            if mapping.bridge.contains(':') {
                mappings.flaws.push(flaw(Defect::SeveralColons));
            }
        }
        if mapped.insert(&text[physnet]) {
            mappings.entries.push(mapping);
        } else {
            mappings.flaws.push(flaw(Defect::Duplicate));
        }
    }
    mappings
}

fn has_blanks(name: &str) -> bool {
    name.trim() != name
}

fn elements(text: &str) -> Vec<Range<usize>> {
    if text.trim().is_empty() {
        return Vec::new();
    }
    let mut start = 0;
    let mut elements: Vec<Range<usize>> = Vec::new();
    for (at, _) in text.match_indices(',') {
        elements.push(start..at);
        start = at + 1;
    }
    elements.push(start..text.len());
    elements
}

fn pair(
    text: &Spanned<String>,
    range: Range<usize>,
    rules: Rules,
) -> Option<(BridgeMapping, Range<usize>)> {
    let element = &text[range.clone()];
    let colon = element.find(':')?;
    let physnet = range.start..range.start + colon;
    let bridge = range.start + colon + 1..range.end;
    let (physnet, bridge) = match rules {
        Rules::OvnController => (physnet, bridge),
        Rules::Neutron => (trimmed(text, physnet), trimmed(text, bridge)),
    };
    let several = rules == Rules::Neutron && element.matches(':').count() > 1;
    if several || physnet.is_empty() || bridge.is_empty() {
        return None;
    }
    let mapping = BridgeMapping {
        physnet: text.part(physnet.clone()),
        bridge: text.part(bridge),
        place: text.part(range).place,
    };
    Some((mapping, physnet))
}

fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let part = &text[range.clone()];
    let start = range.start + (part.len() - part.trim_start().len());
    start..start + part.trim().len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::FileId;

    fn read(text: &str, rules: Rules) -> (Vec<String>, Vec<(String, Defect, usize)>) {
        let spanned = Spanned::new(text.to_owned(), Place::text(FileId(0), 10..10 + text.len()));
        let mappings = parse(&spanned, rules);
        for mapping in &mappings.entries {
            let at = mapping.bridge.place.span.start as usize - 10;
            assert_eq!(&text[at..at + mapping.bridge.len()], *mapping.bridge);
        }
        let pairs = mappings
            .entries
            .iter()
            .map(|pair| format!("{}>{}", pair.physnet, pair.bridge))
            .collect();
        let flaws = mappings
            .flaws
            .into_iter()
            .map(|flaw| (flaw.element, flaw.defect, flaw.lost.len()))
            .collect();
        (pairs, flaws)
    }

    // What ovn-controller 23.03 and 25.03 make of each list was observed: an invalid element drops the rest,
    // a leading or inner empty element does so silently, blanks stay in the name.
    #[test]
    fn ovn_controller_stops_where_it_was_seen_to_stop() {
        let ovn = |text: &str| read(text, Rules::OvnController);
        assert_eq!(
            ovn("p1:br-a,p2:br-b"),
            (vec!["p1>br-a".into(), "p2>br-b".into()], vec![])
        );
        for invalid in ["p1=br-a", "p1", "p1:", ":br-a"] {
            let (pairs, flaws) = ovn(&format!("a:b,{invalid},c:d"));
            assert_eq!(pairs, ["a>b"], "{invalid}");
            assert_eq!(
                flaws,
                [(invalid.to_owned(), Defect::NotAPair, 1)],
                "{invalid}"
            );
        }
        assert_eq!(
            ovn("a:b,,c:d"),
            (vec!["a>b".into()], vec![(String::new(), Defect::Empty, 1)])
        );
        assert_eq!(
            ovn(",a:b"),
            (vec![], vec![(String::new(), Defect::Empty, 1)])
        );
        assert_eq!(ovn("a:b,").1, [(String::new(), Defect::TrailingComma, 0)]);
        assert_eq!(
            ovn("a:b, c:d"),
            (
                vec!["a>b".into(), " c>d".into()],
                vec![(" c:d".into(), Defect::Blanks, 0)]
            )
        );
        assert_eq!(
            ovn("a:b,a:c"),
            (
                vec!["a>b".into()],
                vec![("a:c".into(), Defect::Duplicate, 0)]
            )
        );
        assert_eq!(
            ovn("a:b;c:d"),
            (
                vec!["a>b;c:d".into()],
                vec![("a:b;c:d".into(), Defect::SeveralColons, 0)]
            )
        );
        assert_eq!(ovn(""), (vec![], vec![]));
    }

    #[test]
    fn neutron_trims_and_skips_but_wants_one_colon() {
        let neutron = |text: &str| read(text, Rules::Neutron);
        assert_eq!(neutron("a:b, c : d,,").0, ["a>b", "c>d"]);
        assert_eq!(neutron("a:b:c").1, [("a:b:c".into(), Defect::NotAPair, 0)]);
        assert_eq!(neutron("physnet1=br-ex").1[0].1, Defect::NotAPair);
    }
}
