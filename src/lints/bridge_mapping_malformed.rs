//! Bridge mappings that their readers drop or refuse.

use crate::finding::words::listed;
use crate::finding::{Finding, Findings, Level};
use crate::site::Site;
use crate::site::mapping::{Defect, Flaw, Rules};
use crate::site::physnets::MappingList;
use crate::source::Place;

/// ovn-controller and Neutron read the same list by different rules (facts O§5, O§6.5).
pub fn check(site: &Site, found: &mut Findings) {
    for list in site.mapping_lists() {
        found.checked(&list.owner);
        for flaw in &list.mappings.flaws {
            let level = if flaw.defect == Defect::TrailingComma {
                Level::Note
            } else {
                Level::Error
            };
            let subject = format!("{}/{}/{}", list.owner, list.option, flaw.element.trim());
            let message = format!(
                "{} of {}: {}",
                list.option,
                list.owner,
                describe(flaw, &list)
            );
            let mut finding =
                Finding::new(level, subject, message, &flaw.place, label(flaw.defect));
            finding.nodes = list.node.iter().cloned().collect();
            found.push(match comma(flaw) {
                Some(place) => finding.edit(true, &place, ""),
                None => finding,
            });
        }
    }
}

/// The comma at the end of a list in a file, and the blanks behind it.
fn comma(flaw: &Flaw) -> Option<Place> {
    let in_file = flaw.place.cell.is_none() && flaw.place.span.len() == flaw.element.len();
    if flaw.defect != Defect::TrailingComma || !in_file {
        return None;
    }
    let mut place = flaw.place.clone();
    place.span.start = place.span.start.checked_sub(1)?;
    Some(place)
}

fn describe(flaw: &Flaw, list: &MappingList) -> String {
    let element = &flaw.element;
    let lost = match (list.rules, &flaw.lost[..]) {
        (Rules::Neutron, _) => "the agent refuses the whole list and exits".to_owned(),
        (Rules::OvnController, []) => "ovn-controller drops it".to_owned(),
        (Rules::OvnController, lost) => format!(
            "ovn-controller drops it and everything behind it: {}",
            listed(lost)
        ),
    };
    match flaw.defect {
        Defect::Empty => format!("an empty element; {lost}"),
        Defect::TrailingComma => "a comma at the end; both readers ignore it".to_owned(),
        Defect::NotAPair => format!("`{element}` is not PHYSNET:BRIDGE; {lost}"),
        Defect::Blanks => format!(
            "`{element}` has blanks, which ovn-controller takes as part of the name, so it never matches"
        ),
        Defect::SeveralColons => format!(
            "`{element}` has more than one `:`; Neutron refuses the whole list, and gateway scheduling and port binding fail for the whole cloud"
        ),
        Defect::Duplicate => format!(
            "`{element}` maps a physnet that is mapped before it; Neutron refuses the whole list, ovn-controller takes one of the two"
        ),
    }
}

fn label(defect: Defect) -> &'static str {
    match defect {
        Defect::Empty => "nothing between the commas",
        Defect::TrailingComma => "nothing behind the comma",
        Defect::NotAPair => "not PHYSNET:BRIDGE",
        Defect::Blanks => "blanks in the name",
        Defect::SeveralColons => "more than one `:`",
        Defect::Duplicate => "mapped before",
    }
}
