//! A command that the tool refuses.

use crate::change::ctl::parse::syntax;
use crate::change::ctl::schema;
use crate::change::{Change, Outcome, Step};
use crate::finding::words::nearest;
use crate::finding::{Finding, Findings, Level};
use crate::site::Site;

/// One line is one transaction: what is refused in one of its commands undoes the others (facts O§12).
pub fn check(change: &Change, found: &mut Findings) {
    for step in &change.steps {
        let Outcome::Refused { message, place } = &step.outcome else {
            continue;
        };
        let hint = suggestion(&change.after, step, message);
        let hint = hint.map_or(String::new(), |name| format!("; did you mean `{name}`?"));
        let all = match step.commands() {
            0 | 1 => "",
            _ => ", and with it every other command on the line",
        };
        let said = message
            .trim_end_matches("; use --help for help")
            .replace('\n', " ");
        let finding = Finding::new(
            Level::Error,
            format!("{}/{}", step.subject(), step.text),
            format!("{} refuses this{all}: {said}{hint}", step.program()),
            place,
            "refused",
        );
        found.push(finding.on(step.node.as_deref()));
    }
}

/// The name that a word of the message is near to.
fn suggestion(site: &Site, step: &Step, message: &str) -> Option<String> {
    // Where a value does not parse, no name is mistyped.
    if message.contains(" parsing ") {
        return None;
    }
    let names = names(site, step);
    let typed: Vec<&str> = step.text.split([' ', ':', '=', '\'']).collect();
    let words = message.split(|c: char| c.is_whitespace() || "'\"`,;:()".contains(c));
    let mut blamed =
        words.filter(|word| typed.contains(word) && !names.iter().any(|name| name == word));
    blamed.find_map(|word| nearest(word, names.iter().map(String::as_str)).map(str::to_owned))
}

/// What a command may name: tables, columns, bridges and ports, switches and routers.
fn names(site: &Site, step: &Step) -> Vec<String> {
    let mut names = Vec::new();
    if let Some(tool) = step.tool() {
        let commands = syntax::known(tool, None);
        names.extend(commands.iter().map(|known| known.name.to_owned()));
        for table in &schema::schema(tool.database(), None).tables {
            names.push(table.name.to_owned());
            names.extend(table.columns.iter().map(|column| column.name.to_owned()));
        }
    }
    if let Some(node) = step.node.as_deref().and_then(|name| site.node(name)) {
        for bridge in node
            .ovs
            .bridges
            .seen()
            .into_iter()
            .flat_map(|bridges| bridges.iter())
        {
            names.push(bridge.name.value.clone());
            names.extend(bridge.ports().iter().map(|port| port.name.value.clone()));
        }
        return names;
    }
    for switch in site.northbound.switches() {
        names.push(switch.name.value.clone());
        names.extend(switch.ports().iter().map(|port| port.name.value.clone()));
    }
    names.extend(
        site.northbound
            .routers()
            .iter()
            .map(|router| router.name.value.clone()),
    );
    names
}
