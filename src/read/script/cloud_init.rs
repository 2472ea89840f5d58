//! Commands in a cloud-config: `runcmd`, `bootcmd`, and what else cloud-init does to a node.

use crate::read::yaml::{Entry, Node, Resolved};

use super::Word;
use super::idle;
use super::unit::Unit;
use super::yaml::Reader;

/// What cloud-init sets that reaches nothing of a site.
const HARMLESS: [&str; 31] = [
    "allow_public_ssh_keys",
    "apt",
    "byobu_by_default",
    "ca_certs",
    "chpasswd",
    "datasource",
    "datasource_list",
    "disable_ec2_metadata",
    "disable_root",
    "disable_root_opts",
    "final_message",
    "groups",
    "keyboard",
    "locale",
    "locale_configfile",
    "merge_how",
    "no_ssh_fingerprints",
    "output",
    "package_update",
    "password",
    "random_seed",
    "reporting",
    "ssh",
    "ssh_authorized_keys",
    "ssh_deletekeys",
    "ssh_genkeytypes",
    "ssh_import_id",
    "ssh_pwauth",
    "system_info",
    "timezone",
    "users",
];

/// Reads what a cloud-config does, key by key; cloud-init has an order of its own.
pub fn read(reader: &mut Reader, document: &Node) {
    let Some(entries) = document.entries() else {
        return reader.refuse(document.span, "a cloud-config is a map");
    };
    // `bootcmd` comes before all, `runcmd` behind nearly all.
    let turn = |entry: &&Entry| match entry.name() {
        "bootcmd" => 0,
        "runcmd" => 2,
        "power_state" => 3,
        _ => 1,
    };
    let mut entries: Vec<&Entry> = entries.iter().collect();
    entries.sort_by_key(turn);
    for entry in entries {
        match entry.name() {
            "bootcmd" | "runcmd" => commands(reader, entry),
            "write_files" => files(reader, entry),
            "package_upgrade" | "package_reboot_if_required" if is_false(&entry.value) => {
                reader.harmless(entry.key.span, "it is turned off");
            }
            name if HARMLESS.contains(&name) => {
                reader.harmless(
                    entry.key.span,
                    "it concerns people, keys, texts and where packages come from",
                );
            }
            name => {
                let why = format!("what cloud-init does for `{name}` is not followed");
                reader.unfollowed(entry.key.span, &why);
            }
        }
    }
}

fn is_false(node: &Node) -> bool {
    node.resolved() == Some(Resolved::Bool(false))
}

/// Each command is a text for `sh`, or a list of words.
fn commands(reader: &mut Reader, entry: &Entry) {
    let Some(items) = entry.value.items() else {
        if !entry.value.is_null() {
            reader.refuse(
                entry.value.span,
                &format!("`{}` is a list of commands", entry.name()),
            );
        }
        return;
    };
    for item in items {
        if let Some(words) = item.items() {
            let file = reader.run.file;
            let words = words
                .iter()
                .map(|word| Some(filled(reader, word)?.word(file)));
            match words.collect::<Option<Vec<Word>>>() {
                Some(words) => reader.run.given(words, None),
                None => reader.refuse(item.span, "a command is a text, or a list of words"),
            }
        } else if let Some(unit) = filled(reader, item) {
            reader.run.nested(&unit, None);
        } else {
            reader.refuse(item.span, "a command is a text, or a list of words");
        }
    }
}

/// A scalar with its templates put in, where the file says that it has templates.
fn filled(reader: &Reader, node: &Node) -> Option<Unit> {
    let unit = reader.unit(node)?;
    if reader.text.starts_with("##") {
        return Some(super::ansible::without_templates(&unit, node));
    }
    Some(unit)
}

fn files(reader: &mut Reader, entry: &Entry) {
    let Some(files) = entry.value.items() else {
        return reader.unfollowed(
            entry.key.span,
            "which files cloud-init writes here is not known",
        );
    };
    for file in files {
        let path = file.get("path");
        let is_idle = path.and_then(Node::text).is_some_and(idle::is_idle);
        let span = path.map_or(file.span, |path| path.span);
        if is_idle {
            reader.harmless(span, idle::IDLE);
        } else {
            reader.unfollowed(
                span,
                "what reads the file that is written here is not known",
            );
        }
    }
}
