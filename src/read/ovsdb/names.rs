//! The tables and columns of the three schemas, and whose columns these are.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::SchemaName;

/// One table as the releases know it.
#[derive(Debug)]
pub struct Known {
    /// The database.
    pub schema: SchemaName,
    /// The table's real name.
    pub name: &'static str,
    /// The columns of all releases, without `_uuid`.
    pub columns: BTreeSet<&'static str>,
}

/// Every table of Open vSwitch and of OVN's northbound and southbound.
pub static KNOWN: LazyLock<Vec<Known>> = LazyLock::new(|| {
    let lines = include_str!("columns.tsv").lines();
    lines
        .filter_map(|line| {
            let mut fields = line.split('\t');
            Some(Known {
                schema: schema(fields.next()?),
                name: fields.next()?,
                columns: fields.next()?.split(' ').collect(),
            })
        })
        .collect()
});

/// Tables that hold exactly one row.
pub const SINGLE: &[&str] = &["Open_vSwitch", "NB_Global", "SB_Global"];

/// The columns that rows are known by, where a table has one of them.
pub const NAMES: &[&str] = &["name", "logical_port", "target"];

/// The schema of this name.
pub fn schema(name: &str) -> SchemaName {
    match name {
        "Open_vSwitch" => SchemaName::OpenVswitch,
        "OVN_Northbound" => SchemaName::Northbound,
        "OVN_Southbound" => SchemaName::Southbound,
        _ => SchemaName::Other,
    }
}

/// The tables that a word on the command line may mean: `Bridge`, `bridge`, `open`, `logical-switch`.
/// As the tools do: case does not count, `-` is `_`, and a beginning will do where it is unique.
pub fn tables_meant(word: &str) -> Vec<&'static Known> {
    let word = word.to_ascii_lowercase().replace('-', "_");
    let lower = |known: &Known| known.name.to_ascii_lowercase();
    let whole: Vec<_> = KNOWN.iter().filter(|known| lower(known) == word).collect();
    if !whole.is_empty() {
        return whole;
    }
    KNOWN
        .iter()
        .filter(|known| lower(known).starts_with(&word))
        .collect()
}

/// Whose columns these are, among the tables of this name or, without one, among all.
/// `None`: nobody's, or it cannot be told.
pub fn whose(columns: &[&str], candidates: &[&'static Known]) -> Option<&'static Known> {
    let seen: BTreeSet<_> = columns.iter().filter(|name| **name != "_uuid").collect();
    let whole = columns.contains(&"_uuid");
    let mut best: Option<((bool, f64), &'static Known)> = None;
    let mut tied = false;
    let all: Vec<&'static Known>;
    let candidates = if candidates.is_empty() {
        all = KNOWN.iter().collect();
        &all
    } else {
        candidates
    };
    for known in candidates {
        let common = seen
            .iter()
            .filter(|name| known.columns.contains(**name))
            .count();
        let likeness = likeness(common, seen.len(), known.columns.len(), whole);
        // A table with every column that is seen stands before a smaller one that lacks some.
        let Some(likeness) = likeness.map(|likeness| (common == seen.len(), likeness)) else {
            continue;
        };
        match best {
            Some((other, _)) if likeness < other => {}
            Some((other, _)) if likeness <= other => tied = true,
            _ => {
                best = Some((likeness, known));
                tied = false;
            }
        }
    }
    best.filter(|_| !tied).map(|(_, known)| known)
}

/// How much a table is like the columns seen; `None` where it is not at all. A whole `list` (it begins
/// with `_uuid`) may have columns that no release known here has, and lack what later ones added; a
/// choice of columns (`--columns`) must consist of the table's own.
fn likeness(common: usize, seen: usize, known: usize, whole: bool) -> Option<f64> {
    let ratio = |part: usize, of: usize| {
        let float = |n: usize| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
        float(part) / float(of.max(1))
    };
    if seen == 0 || ratio(common, seen) < 0.7 || (!whole && common < seen) {
        return None;
    }
    Some(if whole {
        ratio(common, seen + known - common)
    } else {
        1.0
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_told_by_their_columns() {
        let name = |columns: &[&str]| whose(columns, &[]).map(|known| known.name);
        assert_eq!(name(&["name", "fail_mode"]), Some("Bridge"));
        // Interface, Queue's QoS, Logical_Switch_Port, ... all have these two.
        assert_eq!(name(&["name", "type"]), None);
        // Manager of Open vSwitch 1.4: a Controller has all of these as well.
        let manager = "_uuid connection_mode external_ids inactivity_probe is_connected max_backoff status target";
        assert_eq!(
            name(&manager.split(' ').collect::<Vec<_>>()),
            Some("Manager")
        );
        assert_eq!(name(&["apiVersion", "kind"]), None);
    }

    #[test]
    fn tables_are_abbreviated_as_the_tools_allow() {
        let names = |word| {
            tables_meant(word)
                .iter()
                .map(|known| known.name)
                .collect::<Vec<_>>()
        };
        assert_eq!(names("open"), ["Open_vSwitch"]);
        assert_eq!(names("logical-switch"), ["Logical_Switch"]);
        assert_eq!(names("interface"), ["Interface"]);
    }
}
