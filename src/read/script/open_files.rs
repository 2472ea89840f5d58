//! Files that something that runs holds open, or that act as soon as they are written: databases, devices, sockets.

use super::Word;
use super::simple::PROGRAMS;

/// Where the shell stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Directory {
    /// Where the script was started: the operator's own.
    Start,
    /// Here.
    Known(String),
    /// `cd $X`
    Unknown,
}

/// How far an operation on a directory reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// The name itself.
    Flat,
    /// All that lies below it.
    Deep,
}

/// The name of a file that `mktemp` made, as the reason why it is not known.
pub const TEMPORARY: &str = "the name of a temporary file";

/// What lies here is a database, a socket, a device or a setting of the kernel, the data of containers, or is run by
/// something that watches the directory.
const ROOTS: [&str; 23] = [
    "/etc/openvswitch",
    "/etc/ovn",
    "/var/lib/openvswitch",
    "/var/lib/ovn",
    "/var/run/openvswitch",
    "/run/openvswitch",
    "/var/run/ovn",
    "/run/ovn",
    "/usr/local/etc/openvswitch",
    "/usr/local/etc/ovn",
    "/usr/local/var/run/openvswitch",
    "/usr/local/var/run/ovn",
    "/var/snap",
    "/var/lib/docker",
    "/var/lib/containers",
    "/var/lib/kubelet",
    "/dev",
    "/sys",
    "/proc",
    "/etc/cron.d",
    "/var/spool/cron",
    "/etc/kubernetes/manifests",
    "/etc/crontab",
];

/// Where copies of databases lie that no daemon opens.
const PRIVATE: [&str; 6] = [
    "/root/",
    "/home/",
    "/tmp/",
    "/var/tmp/",
    "/var/backups/",
    "/backup/",
];

/// Devices that swallow or give bytes and nothing else.
const BENIGN: [&str; 9] = [
    "/dev/null",
    "/dev/zero",
    "/dev/full",
    "/dev/random",
    "/dev/urandom",
    "/dev/stdin",
    "/dev/stdout",
    "/dev/stderr",
    "/dev/tty",
];

/// Whether writing, moving or deleting what a word names is known to touch nothing that runs.
pub fn is_idle(word: &Word, directory: &Directory, depth: Depth) -> bool {
    let Some((_, why)) = &word.unknown else {
        return is_idle_path(&word.text, directory, depth);
    };
    if why == TEMPORARY && word.text.starts_with('$') {
        return true;
    }
    // Of `/tmp/x-$N*` the directory is known, and of `~/x` that it is a person's own.
    let signs = ['$', '*', '?', '[', '{', '`', '~'];
    let Some((known, _)) = word.text.split_once(signs) else {
        return false;
    };
    match known.rsplit_once('/') {
        Some(("", _)) => false,
        Some((parent, _)) => is_idle_path(parent, directory, Depth::Deep),
        None => word.text.starts_with("~/") || word.text.starts_with("$HOME/"),
    }
}

fn is_idle_path(text: &str, directory: &Directory, depth: Depth) -> bool {
    // `node:/etc/openvswitch/conf.db`, as `scp` takes it.
    let text = match text.split_once(":/") {
        Some((node, _)) if !node.contains('/') => text.get(node.len() + 1..).unwrap_or(text),
        _ => text,
    };
    if BENIGN.contains(&text) || text.starts_with("/dev/fd/") {
        return true;
    }
    let name = text
        .trim_end_matches('/')
        .rsplit('/')
        .next()
        .unwrap_or_default();
    let is_private = |text: &str| PRIVATE.iter().any(|start| text.starts_with(start));
    let is_database = name
        .rsplit_once('.')
        .is_some_and(|(_, ending)| ending == "db");
    if (is_database && !is_private(text)) || PROGRAMS.contains(&name) {
        return false;
    }
    let path = match (text.starts_with('/'), directory) {
        (true, _) => normal(text),
        (false, Directory::Known(directory)) => normal(&format!("{directory}/{text}")),
        (false, Directory::Start) => return !text.split('/').any(|part| part == ".."),
        (false, Directory::Unknown) => return false,
    };
    let below = |path: &str, root: &str| {
        path.strip_prefix(root)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let touches = |root: &str| {
        below(&path, root) || (depth == Depth::Deep && (path == "/" || below(root, &path)))
    };
    !ROOTS.into_iter().any(touches)
}

/// The path without `.`, `..` and double slashes.
fn normal(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => _ = parts.pop(),
            part => parts.push(part),
        }
    }
    format!("/{}", parts.join("/"))
}

impl Directory {
    /// Where `cd` with this word leads.
    pub fn entered(&self, word: Option<&Word>) -> Self {
        let Some(word) = word else {
            return Self::Start;
        };
        match (self, word.text.as_str()) {
            _ if word.unknown.is_some() => Self::Unknown,
            (_, "-") => Self::Unknown,
            (_, text) if text.starts_with('/') => Self::Known(normal(text)),
            (Self::Known(directory), text) => Self::Known(normal(&format!("{directory}/{text}"))),
            (Self::Start, text) if !text.split('/').any(|part| part == "..") => Self::Start,
            _ => Self::Unknown,
        }
    }
}
