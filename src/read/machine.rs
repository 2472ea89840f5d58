//! `node.toml`: what a snapshot says of the machine on which it was taken.

use serde::Deserialize;
use toml::Spanned as Written;

use crate::source::{FileId, Place, Spanned};

use super::version::Version;

/// The name of the file.
pub const NAME: &str = "node.toml";

/// What the file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Machine {
    /// The machine's name: whose the files beside it are.
    pub hostname: String,
    /// The running kernel.
    pub kernel: Option<Spanned<Version>>,
    /// Its memory, in bytes.
    pub memory: Option<Spanned<u64>>,
    /// The installed Open vSwitch.
    pub openvswitch: Option<Spanned<Version>>,
    /// The installed OVN.
    pub ovn: Option<Spanned<Version>>,
}

#[derive(Deserialize)]
struct Document {
    snapshot: Table,
}

#[derive(Deserialize)]
struct Table {
    hostname: String,
    kernel: Option<Written<String>>,
    memory: Option<Written<u64>>,
    openvswitch: Option<Written<String>>,
    ovn: Option<Written<String>>,
}

/// Reads the file; `None` where no snapshot wrote it.
pub fn read(file: FileId, text: &str) -> Option<Machine> {
    let table = toml::from_str::<Document>(text).ok()?.snapshot;
    let version = |written: Option<Written<String>>| {
        let written = written?;
        let place = place(file, text, &written);
        Some(Spanned::new(written.get_ref().parse().ok()?, place))
    };
    Some(Machine {
        kernel: version(table.kernel),
        memory: table
            .memory
            .map(|memory| Spanned::new(*memory.get_ref(), place(file, text, &memory))),
        openvswitch: version(table.openvswitch),
        ovn: version(table.ovn),
        hostname: table.hostname,
    })
}

/// Without the quotes.
fn place<T>(file: FileId, text: &str, written: &Written<T>) -> Place {
    let span = written.span();
    let quoted = text[span.clone()].starts_with(['"', '\'']);
    let quote = usize::from(quoted);
    Place::text(file, span.start + quote..span.end - quote)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

    use super::*;
    use crate::source::Sources;

    #[test]
    fn values_have_their_places() {
        let text = "[snapshot]\nhostname = \"os-compute\"\nkernel = \"6.1.0-18-amd64\"\nmemory = 16384\n\
                    openvswitch = \"3.1.0\"\nfailed = []\n";
        let mut sources = Sources::default();
        let file = sources.add(NAME, text);
        let machine = read(file, text).unwrap();
        assert_eq!(machine.hostname, "os-compute");
        let kernel = machine.kernel.unwrap();
        assert!(kernel.at_least(&[6, 1]));
        assert_eq!(sources.text_at(&kernel.place), Some("6.1.0-18-amd64"));
        let memory = machine.memory.unwrap();
        assert_eq!(memory.value, 16384);
        assert_eq!(sources.text_at(&memory.place), Some("16384"));
        assert_eq!(machine.ovn, None);
    }

    #[test]
    fn another_file_of_that_name_is_nothing() {
        for text in [
            "",
            "hostname = \"x\"\n",
            "[snapshot]\n",
            "[snapshot\n",
            "{}",
        ] {
            assert_eq!(read(FileId(0), text), None, "{text:?}");
        }
    }
}
