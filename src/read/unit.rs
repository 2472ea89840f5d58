//! systemd units and drop-ins, and the environment files that they name.

mod lines;
mod memory;
mod quotes;
#[cfg(test)]
mod systemd;

use std::ops::Range;
use std::path::Path;

use crate::source::{FileId, Place, Spanned};

use lines::{Assignment, entries};

/// What a unit, a drop-in or an environment file assigns, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// The file.
    pub file: FileId,
    /// Its assignments; repeated keys are all there.
    pub entries: Vec<UnitEntry>,
}

/// One assignment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitEntry {
    /// The section, without brackets; empty in an environment file.
    pub section: String,
    /// The key.
    pub key: Spanned<String>,
    /// The value. Where it goes on over several lines they are joined, and the place covers them all.
    pub value: Spanned<String>,
}

/// Why a file cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitError {
    /// Where.
    pub place: Place,
    /// What is wrong.
    pub message: String,
}

/// What `MemoryMax=` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemoryMax {
    /// So many bytes.
    Bytes(u64),
    /// A share of the node's memory, in hundredths of a percent.
    Share(u32),
    /// No limit.
    Infinity,
    /// No size that systemd knows: it ignores the line.
    Invalid,
}

/// Reads a unit or a drop-in. What systemd ignores (a line without `=`, an assignment before the first section, a
/// key or a section that cannot be one of its own) is left out. Fails on a broken section header, for which
/// systemd refuses the file.
pub fn read_unit(file: FileId, text: &str) -> Result<Unit, UnitError> {
    let mut assignments = Vec::new();
    let mut section = None;
    for line in lines::logical(text) {
        if line.text.starts_with('[') {
            let name = line.text[1..].strip_suffix(']');
            let name = name.ok_or_else(|| broken_header(file, text, &line))?;
            section = Some(name.to_owned()).filter(|name| lines::is_name(name));
        } else if let Some(section) = &section {
            assignments.extend(lines::assignment(section, text, &line));
        }
    }
    entries(file, text, &assignments)
}

/// Reads an environment file: `KEY=value` lines, `export` in front allowed, values in quotes or not. Lines of shell
/// code are left out. Fails on a quote that is never closed, which takes all that follows into the value.
pub fn read_environment(file: FileId, text: &str) -> Result<Unit, UnitError> {
    let mut assignments = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let line = &text[at..];
        let Some((key, behind)) = key(line) else {
            at += line.find('\n').map_or(line.len(), |end| end + 1);
            continue;
        };
        let value = at + behind;
        let pieces = quotes::pieces(&text[value..]).map_err(|quote| UnitError {
            place: Place::text(file, value + quote..value + quote + 1),
            message: "this quote is never closed: all that follows becomes part of the value"
                .to_owned(),
        })?;
        let end = value + pieces.end;
        let raw = text[value..end].trim();
        let start = end - text[value..end].trim_start().len();
        assignments.push(Assignment {
            section: String::new(),
            key: at + key.start..at + key.end,
            value: start..start + raw.len(),
            line: raw
                .replace("\\\r\n", "")
                .replace("\\\n", "")
                .replace(['\r', '\n'], " "),
        });
        at = end + 1;
    }
    let mut unit = entries(file, text, &assignments)?;
    for entry in &mut unit.entries {
        entry.value = quotes::unquote(&entry.value);
    }
    Ok(unit)
}

/// The variables that a unit's `Environment=` lines or an environment file set, in order: of a name that is set
/// twice the last counts. An empty `Environment=` drops those before it.
pub fn environment(unit: &Unit) -> Vec<(Spanned<String>, Spanned<String>)> {
    let mut variables = Vec::new();
    for entry in &unit.entries {
        match (entry.section.as_str(), entry.key.as_str()) {
            ("", _) => variables.push((entry.key.clone(), entry.value.clone())),
            ("Service", "Environment") if entry.value.is_empty() => variables.clear(),
            ("Service", "Environment") => variables.extend(quotes::words(&entry.value)),
            _ => {}
        }
    }
    variables
}

/// The memory limit of `[Service]`: the last `MemoryMax=`, else the last of the older `MemoryLimit=`, which systemd
/// heeds only without the former. Empty resets to infinity. `None` where the file does not speak of it.
pub fn memory_max(unit: &Unit) -> Option<Spanned<MemoryMax>> {
    let last = |key: &str| {
        let mut entries = unit.entries.iter().rev();
        entries.find(|entry| entry.section == "Service" && entry.key.value == key)
    };
    let entry = last("MemoryMax").or_else(|| last("MemoryLimit"))?;
    Some(
        entry
            .value
            .clone()
            .map(|text| memory::limit(&text).unwrap_or(MemoryMax::Invalid)),
    )
}

/// The unit that a path is about: `neutron-server` for `neutron-server.service` and for
/// `neutron-server.service.d/limits.conf`. `None` for other files.
pub fn unit_name(path: &Path) -> Option<String> {
    let file = path.file_name()?.to_str()?;
    let unit = match file.strip_suffix(".service") {
        Some(unit) => unit,
        None if path.extension()? == "conf" => {
            let directory = path.parent()?.file_name()?.to_str()?;
            directory.strip_suffix(".service.d")?
        }
        None => return None,
    };
    Some(unit.to_owned()).filter(|unit| !unit.is_empty())
}

fn broken_header(file: FileId, text: &str, line: &lines::LogicalLine) -> UnitError {
    let first = text[line.range.clone()].lines().next().unwrap_or_default();
    UnitError {
        place: Place::text(file, line.range.start..line.range.start + first.len()),
        message: "a section header that does not end with `]`: systemd refuses the whole file"
            .to_owned(),
    }
}

/// The name in front of a line's `=`, and where its value starts.
fn key(text: &str) -> Option<(Range<usize>, usize)> {
    let blank = |c: char| c == ' ' || c == '\t';
    let line = text.trim_start_matches(blank);
    let name = match line.strip_prefix("export") {
        Some(rest) if rest.starts_with(blank) => rest.trim_start_matches(blank),
        _ => line,
    };
    let length = name
        .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .unwrap_or(name.len());
    if !quotes::is_variable(&name[..length]) {
        return None;
    }
    let behind = name[length..].trim_start_matches(blank).strip_prefix('=')?;
    let start = text.len() - name.len();
    Some((start..start + length, text.len() - behind.len()))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use proptest::prelude::*;

    use super::systemd::complaints;
    use super::{Unit, read_unit, unit_name};
    use crate::source::FileId;

    fn unit(text: &str) -> Unit {
        read_unit(FileId(0), text).expect("a unit")
    }

    fn written(text: &str) -> Vec<(String, String, String)> {
        let entries = unit(text).entries.into_iter();
        entries
            .map(|entry| (entry.section, entry.key.value, entry.value.value))
            .collect()
    }

    fn assert_places(text: &str, unit: &Unit) {
        for entry in &unit.entries {
            assert_eq!(&text[entry.key.place.span.range()], entry.key.value);
            let value = &text[entry.value.place.span.range()];
            assert!(
                value == entry.value.value || value.contains(['\n', '\r']),
                "{value:?} {entry:?}"
            );
        }
    }

    #[test]
    fn entries_keep_order_repetition_and_place() {
        let text = "[Unit]\nDescription=Neutron: \"server\"\n\n[Service]\n  # a comment\nMemoryMax = 1G\nExecStart=/bin/a -c 'x;y' #z\n\n[Install]\nWantedBy=a\n[Service]\r\nMemoryMax=2G\r\n";
        let expected = [
            ("Unit", "Description", "Neutron: \"server\""),
            ("Service", "MemoryMax", "1G"),
            ("Service", "ExecStart", "/bin/a -c 'x;y' #z"),
            ("Install", "WantedBy", "a"),
            ("Service", "MemoryMax", "2G"),
        ];
        let expected = expected
            .map(|(section, key, value)| (section.to_owned(), key.to_owned(), value.to_owned()));
        assert_eq!(written(text), expected);
        assert_places(text, &unit(text));
    }

    #[test]
    fn a_trailing_backslash_joins_lines_over_comments() {
        let text = "[Service]\nExecStart=/bin/a \\\n  # not this\n  --b\nMemoryMax=1G\n";
        let read = unit(text);
        let words: Vec<_> = read.entries[0].value.split_whitespace().collect();
        assert_eq!(words, ["/bin/a", "--b"]);
        assert_eq!(
            &text[read.entries[0].value.place.span.range()],
            "/bin/a \\\n  # not this\n  --b"
        );
        assert_eq!(read.entries[1].value.value, "1G");
        assert_eq!(written("[S]\nA=x\\ \nB=y\\\\\nC=z\\").len(), 3);
    }

    #[test]
    fn what_systemd_ignores_is_left_out() {
        let text = "Early=1\n[Service]\nno assignment\n=2\nFoo:bar=3\nMem\\ory=4\nA=5\n[Serv]ice]\nB=6\n[X-Mine]\nC=\n";
        let keys: Vec<_> = written(text)
            .into_iter()
            .map(|(_, key, value)| key + "=" + &value)
            .collect();
        assert_eq!(keys, ["A=5", "C="]);
    }

    #[test]
    fn a_broken_header_refuses_the_file() {
        for text in [
            "[Service\nA=1\n",
            "[Unit]\nA=1\n  [Service] # comment\nB=2\n",
        ] {
            let error = read_unit(FileId(0), text).expect_err("refused");
            assert!(
                text[error.place.span.range()].starts_with("[Service"),
                "{error:?}"
            );
        }
    }

    #[test]
    fn systemd_refuses_and_ignores_the_same() {
        let header = "[Service] # comment\nExecStart=/bin/true\n";
        let Some(refused) = complaints("header", header) else {
            return;
        };
        assert!(refused.contains("Invalid section header"), "{refused}");
        let lines =
            "[Service]\nExecStart=/bin/true\nno assignment\nFoo:bar=3\nMemoryMax=4X \\\n#c\n 5Y\n";
        let ignored = complaints("lines", lines).expect("it is there");
        assert!(ignored.contains(":3: Missing '='"), "{ignored}");
        assert!(ignored.contains(":4: Unknown key 'Foo:bar'"), "{ignored}");
        assert!(
            ignored.contains(":7: Invalid memory limit '4X   5Y'"),
            "{ignored}"
        );
        assert_eq!(
            written("[Service]\nMemoryMax=4X \\\n#c\n 5Y\n")[0].2,
            "4X   5Y"
        );
    }

    #[test]
    fn paths_name_their_unit() {
        let named = [
            (
                "etc/systemd/system/neutron-server.service.d/override.conf",
                Some("neutron-server"),
            ),
            (
                "etc/systemd/system/neutron-server.service",
                Some("neutron-server"),
            ),
            ("neutron-server.service", Some("neutron-server")),
            (
                "a/ovn-controller@1.service.d/10.conf",
                Some("ovn-controller@1"),
            ),
            ("etc/systemd/system/service.d/10.conf", None),
            ("a/.service", None),
            ("a/x.service.d/readme", None),
            ("a/x.socket.d/y.conf", None),
            ("x.conf", None),
            ("", None),
        ];
        for (path, unit) in named {
            assert_eq!(unit_name(Path::new(path)).as_deref(), unit, "{path}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "(\\PC|[\\[\\]=:\\\\\n\r#; \"'AB\u{feff}\u{85}]){0,80}") {
            if let Ok(unit) = read_unit(FileId(0), &text) {
                assert_places(&text, &unit);
            }
        }

        #[test]
        fn every_assignment_is_found(values in proptest::collection::vec("[ -~]{0,12}", 0..8)) {
            let lines = values.iter().enumerate().map(|(at, value)| format!("[S{}]\nK{at}={value} .\n", at % 3));
            let text: String = lines.collect();
            let read = unit(&text);
            prop_assert_eq!(read.entries.len(), values.len());
            for (at, (entry, value)) in read.entries.iter().zip(&values).enumerate() {
                prop_assert_eq!(&entry.key.value, &format!("K{at}"));
                prop_assert_eq!(&entry.section, &format!("S{}", at % 3));
                let expected = format!("{value} .");
                prop_assert_eq!(&entry.value.value, expected.trim());
            }
            assert_places(&text, &read);
        }
    }
}
