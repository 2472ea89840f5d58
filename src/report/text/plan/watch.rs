//! What becomes of the nodes that were asked for, as a table.

use std::collections::HashMap;
use std::fmt::Write;

use crate::finding::words::Count;
use crate::report::plan::{Secrets, Watch, Watched};
use crate::report::text::plan::{cut, heading, shown, write_line};
use crate::report::text::snippet::Look;
use crate::report::text::{INFALLIBLE, names, painted};

/// Up to so many nodes are all shown; of more, those that do not keep everything.
const ALL_NODES: usize = 50;

/// So many nodes that do not keep everything are shown.
const NODES: usize = 200;

/// Longer names of nodes are cut.
const LONGEST_NAME: usize = 30;

/// The table, and below it why what is not kept is not.
pub fn write(out: &mut String, watched: &[Watched], secrets: &Secrets, look: Look) {
    let Some(first) = watched.first() else {
        return;
    };
    heading(out, "the nodes that were asked for", look);
    let suffers = |watched: &Watched| watched.aspects.iter().any(|watch| watch.fate != "kept");
    let all = watched.len() <= ALL_NODES;
    let chosen: Vec<&Watched> = watched
        .iter()
        .filter(|watched| all || suffers(watched))
        .collect();
    let named = chosen.iter().take(NODES).map(|watched| name(watched));
    let widest = named.map(|name| name.chars().count()).max().unwrap_or(0);
    let widest = widest.max("node".len());
    let titles = first.aspects.iter().map(|watch| watch.aspect);
    let title = row(
        widest,
        "node",
        titles.map(|title| (title, title, None)),
        look,
    );
    writeln!(out, "  {title}").expect(INFALLIBLE);
    for watched in chosen.iter().take(NODES) {
        let fates = watched.aspects.iter();
        let fates = fates.map(|watch| (watch.aspect, watch.fate, Some(colour(watch.fate))));
        let line = row(widest, &name(watched), fates, look);
        writeln!(out, "  {line}").expect(INFALLIBLE);
    }
    if chosen.len() > NODES {
        let more = Count((chosen.len() - NODES) as u64);
        writeln!(out, "  and {more} more that do not keep everything").expect(INFALLIBLE);
    }
    match watched.len() - chosen.len() {
        0 => {}
        1 => out.push_str("  and 1 node that keeps everything\n"),
        kept => {
            let kept = Count(kept as u64);
            writeln!(out, "  and {kept} nodes that keep everything").expect(INFALLIBLE);
        }
    }
    write_reasons(out, &chosen, secrets, look);
    out.push('\n');
}

/// One for what several nodes suffer alike.
fn write_reasons(out: &mut String, watched: &[&Watched], secrets: &Secrets, look: Look) {
    let mut at = HashMap::new();
    let mut reasons: Vec<(&Watch, Vec<String>)> = Vec::new();
    for (node, watch) in watched
        .iter()
        .flat_map(|watched| watched.aspects.iter().map(move |watch| (watched, watch)))
        .filter(|(_, watch)| watch.fate != "kept")
    {
        let what = (watch.aspect, watch.fate, watch.how.as_str());
        let at = *at.entry(what).or_insert_with(|| {
            reasons.push((watch, Vec::new()));
            reasons.len() - 1
        });
        reasons[at].1.push(node.node.clone());
    }
    for (watch, nodes) in reasons.iter().take(NODES) {
        let how = shown(&secrets.mask_all(&watch.how));
        let (aspect, nodes) = (watch.aspect, names(nodes));
        let text = format!("{aspect} of {nodes}: {}: {how}", watch.fate);
        write_line(out, 4, None, &text, look);
    }
}

/// A name and a column for each aspect, as wide as its title.
fn row<'a>(
    widest: usize,
    name: &str,
    columns: impl Iterator<Item = (&'a str, &'a str, Option<&'a str>)>,
    look: Look,
) -> String {
    let mut line = format!("{name:widest$}");
    for (title, text, colour) in columns {
        // No fate is longer than `interrupted`.
        let width = title.len().max("interrupted".len());
        let padded = format!("{text:width$}");
        let padded = match colour {
            Some(colour) => painted(&padded, colour, look),
            None => padded,
        };
        write!(line, "  {padded}").expect(INFALLIBLE);
    }
    line.trim_end().to_owned()
}

fn name(watched: &Watched) -> String {
    cut(&shown(&watched.node), LONGEST_NAME).into_owned()
}

fn colour(fate: &str) -> &'static str {
    match fate {
        "kept" => "32",
        "interrupted" | "unknown" => "33",
        _ => "31",
    }
}
