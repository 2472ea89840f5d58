//! Templates that run a command on the machine where Ansible was started: `lookup('pipe', …)`.

use std::collections::HashSet;

use crate::read::script::yaml::{Reader, is_unsafe};
use crate::read::yaml::{Node, Value};
use crate::source::Span;

/// Gives out every template below a node that runs a command.
pub fn find(reader: &mut Reader, node: &Node) {
    let mut found = Vec::new();
    collect(node, &mut HashSet::new(), &mut found);
    for span in found {
        reader.unfollowed(
            span,
            "what the command of this lookup does is not looked at",
        );
    }
}

fn collect(node: &Node, seen: &mut HashSet<Span>, found: &mut Vec<Span>) {
    match &node.value {
        Value::Scalar(scalar) => {
            if runs(&scalar.text) && !is_unsafe(node) && seen.insert(node.span) {
                found.push(node.span);
            }
        }
        Value::List(items) => items.iter().for_each(|item| collect(item, seen, found)),
        Value::Map(entries) => {
            for entry in entries {
                if matches!(entry.name(), "with_pipe" | "with_lines") && seen.insert(entry.key.span)
                {
                    found.push(entry.key.span);
                }
                collect(&entry.value, seen, found);
            }
        }
    }
}

/// Whether a text asks for the lookup `pipe` or `lines`, or for one whose name is not written out.
fn runs(text: &str) -> bool {
    let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    ["lookup(", "query(", "q("].iter().any(|call| {
        compact.match_indices(call).any(|(at, _)| {
            let before = compact.get(..at).unwrap_or_default();
            let is_call = !before.ends_with(|c: char| c.is_alphanumeric() || c == '_');
            let behind = compact.get(at + call.len()..).unwrap_or_default();
            let quoted = behind.strip_prefix(['\'', '"']);
            let name = quoted.and_then(|behind| behind.split(['\'', '"']).next());
            let own = name.map(|name| name.strip_prefix("ansible.builtin.").unwrap_or(name));
            is_call && own.is_none_or(|name| matches!(name, "pipe" | "lines"))
        })
    })
}
