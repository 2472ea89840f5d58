//! Finds the configuration files of a node, and copies them without secrets.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use crate::report::secrets::Masked;

/// Where Neutron is configured.
const NEUTRON: &str = "etc/neutron";

/// What the services of Open vSwitch take their environment from.
const ENVIRONMENTS: [&str; 2] = [
    "etc/default/openvswitch-switch",
    "etc/sysconfig/openvswitch",
];

/// Where systemd looks for units: the first that has one counts (systemd.unit(5)).
const UNITS: [&str; 5] = [
    "etc/systemd/system",
    "run/systemd/system",
    "usr/local/lib/systemd/system",
    "usr/lib/systemd/system",
    "lib/systemd/system",
];

/// How the units begin that are collected.
const SERVICES: [&str; 4] = ["neutron-", "openvswitch", "ovn-", "ovs-"];

/// Configuration is written by hand: larger files are something else.
const LARGEST: u64 = 4 << 20;

/// How deep directories may be nested.
const DEPTH: usize = 16;

type Found = (PathBuf, Result<Vec<u8>, String>);

/// Every file with its path below the root, and its content or why it has none.
pub fn all(root: &Path) -> Vec<Found> {
    let mut found = neutron(root);
    for name in ENVIRONMENTS {
        let path = root.join(name);
        if path.is_file() {
            found.push((name.into(), content(&path)));
        }
    }
    let units = units(root);
    found.extend(units.into_iter().map(|path| {
        let content = content(&root.join(&path));
        (path, content)
    }));
    found
}

/// The ini and conf files of /etc/neutron. Certificates, keys and policies stay where they are.
fn neutron(root: &Path) -> Vec<Found> {
    let top = root.join(NEUTRON);
    if !top.is_dir() {
        return Vec::new();
    }
    let mut found = Vec::new();
    let walk = WalkDir::new(&top).max_depth(DEPTH).sort_by_file_name();
    for entry in walk {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                found.push((PathBuf::new(), Err(error.to_string())));
                continue;
            }
        };
        let path = entry.path();
        let wanted = has_ending(path, "ini") || has_ending(path, "conf");
        if !wanted || entry.file_type().is_dir() {
            continue;
        }
        let Ok(name) = path.strip_prefix(root) else {
            continue;
        };
        let content = if entry.file_type().is_symlink() {
            linked(path, &top)
        } else {
            content(path)
        };
        found.push((name.to_owned(), content));
    }
    found
}

/// Who may write in /etc/neutron must not make another's files appear in a snapshot.
fn linked(path: &Path, top: &Path) -> Result<Vec<u8>, String> {
    let failed = |error| format!("{}: {error}", path.display());
    let target = path.canonicalize().map_err(failed)?;
    if !target.starts_with(top.canonicalize().map_err(failed)?) {
        return Err(format!("{}: a link out of /{NEUTRON}", path.display()));
    }
    content(&target)
}

/// The units and drop-ins that count.
fn units(root: &Path) -> Vec<PathBuf> {
    let mut units: BTreeMap<PathBuf, Option<PathBuf>> = BTreeMap::new();
    for directory in UNITS {
        for name in names(&root.join(directory)) {
            let path = Path::new(directory).join(&name);
            if !SERVICES.iter().any(|service| name.starts_with(service)) {
                continue;
            }
            if name.ends_with(".service") {
                // A unit that is masked, a link to /dev/null, hides those of the same name.
                let is_file = root.join(&path).is_file();
                units.entry(name.into()).or_insert(is_file.then_some(path));
            } else if name.ends_with(".service.d") {
                for file in names(&root.join(&path)) {
                    let path = path.join(&file);
                    let is_file = has_ending(&path, "conf") && root.join(&path).is_file();
                    let drop_in = Path::new(&name).join(file);
                    units.entry(drop_in).or_insert(is_file.then_some(path));
                }
            }
        }
    }
    units.into_values().flatten().collect()
}

fn has_ending(path: &Path, ending: &str) -> bool {
    path.extension().is_some_and(|own| own == ending)
}

fn names(directory: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(directory).into_iter().flatten().flatten();
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    names.collect()
}

fn content(path: &Path) -> Result<Vec<u8>, String> {
    let failed = |why: &str| format!("{}: {why}", path.display());
    let read = || -> std::io::Result<Option<Vec<u8>>> {
        // A FIFO would be waited for.
        if !std::fs::metadata(path)?.is_file() {
            return Ok(None);
        }
        let mut bytes = Vec::new();
        File::open(path)?
            .take(LARGEST + 1)
            .read_to_end(&mut bytes)?;
        Ok(Some(bytes))
    };
    match read() {
        Ok(None) => Err(failed("no regular file")),
        Ok(Some(bytes)) if bytes.len() as u64 > LARGEST => {
            Err(failed("larger than configuration is"))
        }
        Ok(Some(bytes)) if bytes.contains(&0) => Err(failed("not text")),
        Ok(Some(bytes)) => Ok(without_secrets(&bytes)),
        Err(error) => Err(failed(&error.to_string())),
    }
}

/// `***` for each secret. A file that is no UTF-8 stays one: its bytes pass as characters of their own.
fn without_secrets(bytes: &[u8]) -> Vec<u8> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return masked(text).into_bytes();
    }
    let text: String = bytes.iter().copied().map(char::from).collect();
    let narrow = |character| u8::try_from(u32::from(character)).unwrap_or(b'?');
    masked(&text).chars().map(narrow).collect()
}

fn masked(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut end = 0;
    for hidden in Masked::new(text).shifted(0) {
        shown.push_str(&text[end..hidden.start]);
        shown.push_str("***");
        end = hidden.end;
    }
    shown.push_str(&text[end..]);
    shown
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

    use super::*;

    #[test]
    fn secrets_give_way_and_the_rest_stays_byte_by_byte() {
        let text = b"[DEFAULT]\ntransport_url = rabbit://me:hunter2@a,me:hunter3@b\nbind_port = 9696\r\n\
                     [keystone_authtoken]\n# password = hunter4\npassword =\n   hunter5\n   hunter6\n\
                     username = neutron\n";
        let expected = "[DEFAULT]\ntransport_url = ***\nbind_port = 9696\r\n[keystone_authtoken]\n\
                        # password = ***\npassword =\n   ***\n   ***\nusername = neutron\n";
        assert_eq!(String::from_utf8(without_secrets(text)).unwrap(), expected);
    }

    #[test]
    fn a_file_that_is_no_utf8_stays_so() {
        let text = b"# gr\xfc\xdfe\npassword = h\xfcnter2\nx = y\xff\n";
        assert_eq!(
            without_secrets(text),
            b"# gr\xfc\xdfe\npassword = ***\nx = y\xff\n"
        );
    }
}
