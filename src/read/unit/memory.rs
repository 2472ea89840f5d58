//! Memory limits as systemd writes them.

use super::MemoryMax;
use crate::read::size;

/// `None` where systemd would ignore it.
pub fn limit(text: &str) -> Option<MemoryMax> {
    if text.is_empty() || text == "infinity" {
        return Some(MemoryMax::Infinity);
    }
    for (sign, hundredths) in [('%', 100), ('‰', 10), ('‱', 1)] {
        if let Some(number) = text.strip_suffix(sign) {
            return share(number, hundredths);
        }
    }
    bytes(text).filter(|&bytes| bytes > 0).map(MemoryMax::Bytes)
}

fn share(number: &str, hundredths: u64) -> Option<MemoryMax> {
    let share = size::scale(number, hundredths)??;
    let share = u32::try_from(share)
        .ok()
        .filter(|share| (1..=10_000).contains(share))?;
    Some(MemoryMax::Share(share))
}

/// A sum of binary sizes, the larger unit first (`1G 512M`), as systemd reads it; suffixes are upper-case letters.
fn bytes(text: &str) -> Option<u64> {
    let mut rest = text;
    let mut total = 0_u64;
    let mut above = u64::MAX;
    while !rest.is_empty() {
        let end = rest
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .unwrap_or(rest.len());
        let (number, behind) = rest.split_at(end);
        let behind = behind.trim_start();
        let (factor, length) = match behind.bytes().next() {
            Some(b'E') => (1 << 60, 1),
            Some(b'P') => (1 << 50, 1),
            Some(b'T') => (1 << 40, 1),
            Some(b'G') => (1 << 30, 1),
            Some(b'M') => (1 << 20, 1),
            Some(b'K') => (1 << 10, 1),
            Some(b'B') => (1, 1),
            _ => (1, 0),
        };
        if factor >= above {
            return None;
        }
        above = factor;
        total = total.checked_add(size::scale(number, factor)??)?;
        rest = behind[length..].trim_start();
    }
    Some(total)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::systemd::complaints;
    use super::super::{MemoryMax, memory_max, read_unit};
    use super::limit;
    use crate::source::FileId;

    const GIB: u64 = 1024 * 1024 * 1024;

    fn read(text: &str) -> Option<(MemoryMax, String)> {
        let unit = read_unit(FileId(0), text).expect("a readable unit");
        memory_max(&unit).map(|limit| (limit.value, text[limit.place.span.range()].to_owned()))
    }

    #[test]
    fn the_last_assignment_wins() {
        let text = "[Unit]\nMemoryMax=9G\n[Service]\nMemoryMax=1G\nMemoryMax=2G\nMemoryLimit=3G\n";
        assert_eq!(
            read(text),
            Some((MemoryMax::Bytes(2 * GIB), "2G".to_owned()))
        );
        let text = "[Service]\nMemoryLimit=3G\n";
        assert_eq!(
            read(text),
            Some((MemoryMax::Bytes(3 * GIB), "3G".to_owned()))
        );
        assert_eq!(
            read("[Service]\nMemoryMax=1G\nMemoryMax=\n"),
            Some((MemoryMax::Infinity, String::new()))
        );
        assert_eq!(read("[Service]\nMemoryHigh=1G\n"), None);
        let text = "[Service]\nMemoryMax=2GiB\n";
        assert_eq!(read(text), Some((MemoryMax::Invalid, "2GiB".to_owned())));
    }

    const VALID: [(&str, MemoryMax); 14] = [
        ("2G", MemoryMax::Bytes(2 * GIB)),
        ("2.5G", MemoryMax::Bytes(5 * GIB / 2)),
        ("1.G", MemoryMax::Bytes(GIB)),
        ("1G 512M", MemoryMax::Bytes(GIB + GIB / 2)),
        ("3 T", MemoryMax::Bytes(3 * 1024 * GIB)),
        ("512K", MemoryMax::Bytes(512 * 1024)),
        ("1000B", MemoryMax::Bytes(1000)),
        ("1000", MemoryMax::Bytes(1000)),
        ("50%", MemoryMax::Share(5_000)),
        ("12.5%", MemoryMax::Share(1_250)),
        ("10‰", MemoryMax::Share(100)),
        ("100%", MemoryMax::Share(10_000)),
        ("infinity", MemoryMax::Infinity),
        ("", MemoryMax::Infinity),
    ];

    const INVALID: [&str; 14] = [
        "2GB", "2g", "2GiB", "150%", "0", "0%", "1e3", "-1", "0x10", "16E", ".5G", "512M 1G",
        "1G1G", "lots",
    ];

    #[test]
    fn sizes_are_systemds() {
        for (text, expected) in VALID {
            assert_eq!(limit(text), Some(expected), "{text}");
        }
        for text in INVALID {
            assert_eq!(limit(text), None, "{text}");
        }
    }

    #[test]
    fn systemd_takes_and_refuses_the_same_sizes() {
        let valid = VALID.iter().map(|(text, _)| *text);
        let lines = valid
            .chain(INVALID)
            .map(|text| format!("MemoryMax={text}\n"));
        let unit = format!(
            "[Service]\nExecStart=/bin/true\n{}",
            lines.collect::<String>()
        );
        let Some(complaints) = complaints("memory", &unit) else {
            return;
        };
        for (at, text) in VALID
            .iter()
            .map(|(text, _)| *text)
            .chain(INVALID)
            .enumerate()
        {
            let complained = complaints.contains(&format!("memory.service:{}:", at + 3));
            assert_eq!(complained, at >= VALID.len(), "{text}: {complaints}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,20}|[0-9.EPTGMKB% ]{0,20}") {
            let _ = limit(&text);
        }
    }
}
