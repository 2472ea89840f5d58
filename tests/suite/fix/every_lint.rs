//! Over the whole catalogue: an edit takes its finding away, brings no other, and touches nothing else.

use std::collections::BTreeSet;
use std::path::Path;

use ovnlint::lints::LINTS;
use serde_json::Value;

use super::{Tree, copied, report, tree};

/// The edits of the findings that are to be made: the lint, the subject, and the finding's edits.
fn edits<'a>(report: &'a Value, flags: &[&str]) -> Vec<(String, &'a Vec<Value>)> {
    let findings = report["findings"].as_array().expect("a list").iter();
    let wanted = findings.filter(|finding| finding["fix"]["safe"] == true || flags.len() > 1);
    let edits = wanted.filter_map(|finding| {
        let edits = finding["fix"]["edits"].as_array()?;
        (!edits.is_empty()).then(|| (named(finding), edits))
    });
    edits.collect()
}

fn named(finding: &Value) -> String {
    format!("{}: {}", finding["lint"], finding["subject"])
}

fn all(report: &Value) -> BTreeSet<String> {
    let findings = report["findings"].as_array().expect("a list");
    findings.iter().map(named).collect()
}

/// The edits, made from line and column, which a report counts in characters. The last in the file come first.
fn edited(mut files: Tree, edits: &[(String, &Vec<Value>)]) -> Tree {
    let edits = edits.iter().flat_map(|(_, edits)| edits.iter());
    let mut edits: Vec<&Value> = edits.collect();
    edits.sort_by_key(|edit| (edit["line"].as_u64(), edit["column"].as_u64()));
    edits.dedup();
    for edit in edits.into_iter().rev() {
        let path = edit["file"].as_str().expect("a path");
        let text = String::from_utf8(files[path].clone()).expect("it is text");
        let offset = |line: &str, column: &str| {
            let number = |name: &str| {
                let number = edit[name].as_u64().expect("a number");
                usize::try_from(number).expect("files are small")
            };
            let before: usize = text
                .split_inclusive('\n')
                .take(number(line) - 1)
                .map(str::len)
                .sum();
            let columns = text[before..].chars().take(number(column) - 1);
            before + columns.map(char::len_utf8).sum::<usize>()
        };
        let (start, end) = (offset("line", "column"), offset("end_line", "end_column"));
        let replacement = edit["replacement"].as_str().expect("a text");
        let after = [&text[..start], replacement, &text[end..]].concat();
        files.insert(path.to_owned(), after.into_bytes());
    }
    files
}

#[test]
fn edits_take_their_findings_away_and_touch_nothing_else() {
    let mut lints_with_edits = BTreeSet::new();
    for lint in LINTS {
        let bad = format!("lints/{}/bad", lint.name);
        for flags in [&["--fix"][..], &["--fix", "--unsafe-fixes"]] {
            let site = copied(&bad, "fix-catalogue");
            let before = report(&site, &[]);
            let edits = edits(&before, flags);
            let files = tree(Path::new(&bad));
            let after = report(&site, flags);
            assert_eq!(tree(site.path()), edited(files, &edits), "{bad} {flags:?}");
            for (named, _) in &edits {
                assert!(
                    !all(&after).contains(named),
                    "{bad} {flags:?}: {named} is still there"
                );
                lints_with_edits.insert(lint.name);
            }
            let new: Vec<String> = all(&after).difference(&all(&before)).cloned().collect();
            assert_eq!(new, [""; 0], "{bad} {flags:?}");
            let once = tree(site.path());
            report(&site, flags);
            assert_eq!(tree(site.path()), once, "{bad} {flags:?}: the second run");
        }
    }
    let known = [
        "geneve_header_too_small",
        "ini_comment_in_value",
        "ini_silently_ignored",
        "ovn_connection_mismatch",
        "topology_invalid",
        "tunnel_range_invalid",
    ];
    for lint in known {
        assert!(
            lints_with_edits.contains(lint),
            "{lint} has no edit on its bad/"
        );
    }
}
