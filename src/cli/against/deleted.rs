//! Findings that a change brings by taking something away also show where that stood.

use crate::change::gone::Gone;
use crate::finding::{Finding, Label};
use crate::report::{Reported, Status};

/// Adds to each finding that is new, and points at where something would stand that is gone, where it stood.
pub fn shown(findings: &mut [Reported], gone: &[Gone]) {
    let new = findings
        .iter_mut()
        .filter(|reported| reported.status == Status::Introduced);
    for reported in new {
        let of_change = reported.lint.starts_with("change_");
        let finding = &mut reported.finding;
        let here = |gone: &&Gone| finding.labels.iter().any(|label| label.place == gone.at);
        let here: Vec<&Gone> = gone.iter().filter(here).collect();
        // A lint of changes need not name what alone is gone there; one of the state speaks of what is there, too.
        let alone = of_change && here.len() == 1;
        for gone in here {
            if (alone || names(finding, &gone.name)) && !shows(finding, gone) {
                finding.labels.push(Label {
                    place: gone.was.clone(),
                    text: format!("{} before", gone.name),
                });
            }
        }
    }
}

/// Whether a finding speaks of a name.
fn names(finding: &Finding, name: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || "_-.".contains(c);
    let labels = finding.labels.iter().map(|label| label.text.as_str());
    let mut texts = labels.chain([finding.message.as_str(), finding.subject.as_str()]);
    texts.any(|text| {
        let mut words = text.split(|c: char| !is_part(c));
        words.any(|word| word == name)
    })
}

/// Whether it points there already.
fn shows(finding: &Finding, gone: &Gone) -> bool {
    let was = &gone.was;
    let mut places = finding.labels.iter().map(|label| &label.place);
    places.any(|place| {
        let meets = place.span.start <= was.span.end && was.span.start <= place.span.end;
        place.file == was.file && place.cell == was.cell && meets
    })
}
