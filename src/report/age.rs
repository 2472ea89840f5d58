//! How old the databases are: what was collected at different times may not belong together.

use crate::report::escape;
use crate::source::{FileId, Sources};

/// Databases that are further apart than this are said to be, in milliseconds.
const APART: u64 = 60 * 60 * 1000;

/// So many lines are written out.
const LINES: usize = 20;

/// When a database was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Age {
    /// The file.
    pub file: FileId,
    /// The node whose it is.
    pub node: Option<String>,
    /// The time of its newest record, in milliseconds since 1970.
    pub newest: u64,
}

/// A line for each database of a site that is more than an hour older than the site's newest one.
pub fn lines(ages: &[Age], sources: &Sources) -> Vec<String> {
    let Some(newest) = ages.iter().max_by_key(|age| age.newest) else {
        return Vec::new();
    };
    let old = || ages.iter().filter(|age| newest.newest - age.newest > APART);
    let told = old().take(LINES).map(|age| {
        format!(
            "the last record of {} is {} older than that of {}: if it was copied earlier too, the two show \
             different moments",
            named(age, sources),
            span(newest.newest - age.newest),
            named(newest, sources)
        )
    });
    let mut lines: Vec<String> = told.collect();
    let more = old().count().saturating_sub(LINES);
    if more > 0 {
        lines.push(format!("{more} more databases are as far behind"));
    }
    lines
}

/// A line for each database of a site: how far it is behind the site's newest one.
pub fn all(ages: &[Age], sources: &Sources) -> Vec<String> {
    let newest = ages.iter().map(|age| age.newest).max().unwrap_or(0);
    let told = ages.iter().map(|age| match newest - age.newest {
        0 => format!("{}: the newest database", named(age, sources)),
        behind => format!(
            "{}: {} older than the newest",
            named(age, sources),
            span(behind)
        ),
    });
    told.collect()
}

fn named(age: &Age, sources: &Sources) -> String {
    let path = escape::terminal(&sources.get(age.file).path);
    match &age.node {
        Some(node) => format!("{path} ({})", escape::terminal(node)),
        None => path.into_owned(),
    }
}

fn span(milliseconds: u64) -> String {
    let minutes = milliseconds / (60 * 1000);
    match (minutes / 60, minutes / 60 / 24) {
        (0, _) => format!("{minutes} min"),
        (hours, 0 | 1) => format!("{hours} h"),
        (_, days) => format!("{days} days"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: u64 = 60 * 60 * 1000;

    #[test]
    fn every_age_counts_from_the_newest() {
        let mut sources = Sources::default();
        let file = sources.add("conf.db", "");
        let age = |newest| Age {
            file,
            node: None,
            newest,
        };
        let ages = [age(3 * HOUR), age(3 * HOUR - 90_000), age(HOUR)];
        let told = [
            "conf.db: the newest database",
            "conf.db: 1 min older than the newest",
            "conf.db: 2 h older than the newest",
        ];
        assert_eq!(all(&ages, &sources), told);
    }

    #[test]
    fn what_is_more_than_an_hour_behind_the_newest_is_told() {
        let mut sources = Sources::default();
        let mut age = |node: &str, newest: u64| Age {
            file: sources.add(format!("{node}/conf.db"), ""),
            node: Some(node.to_owned()),
            newest,
        };
        let now = 1_700_000_000_000;
        let ages = [
            age("os-compute", now - 3 * HOUR - 1),
            age("os-network", now),
            age("os-control", now - HOUR),
            age("os-\u{1b}[2J", now - 50 * HOUR),
        ];
        let lines = lines(&ages, &sources);
        assert_eq!(lines.len(), 2, "{lines:?}");
        assert!(lines[0].starts_with(
            "the last record of os-compute/conf.db (os-compute) is 3 h older than that of os-network/conf.db (os-network)"
        ));
        assert!(lines[1].contains(" is 2 days older "), "{}", lines[1]);
        assert!(!lines[1].contains('\u{1b}'));
    }

    #[test]
    fn many_lines_are_counted_and_no_ages_are_silent() {
        let mut sources = Sources::default();
        let mut ages: Vec<Age> = (0..100)
            .map(|at| Age {
                file: sources.add(format!("{at}/conf.db"), ""),
                node: None,
                newest: at,
            })
            .collect();
        assert_eq!(lines(&ages, &sources), Vec::<String>::new());
        ages[0].newest = u64::MAX;
        let lines = lines(&ages, &sources);
        assert_eq!(lines.len(), 21);
        assert_eq!(lines[20], "79 more databases are as far behind");
        assert_eq!(super::lines(&[], &sources), Vec::<String>::new());
    }
}
