//! What the name of a directory says of the age of what it holds.

/// Words for what is not in force any more.
const WORDS: [&str; 24] = [
    "old", "backup", "backups", "bak", "baks", "bck", "bk", "bkp", "bkps", "bkup", "orig", "save",
    "saved", "saves", "archive", "archives", "archived", "attic", "previous", "prev", "obsolete",
    "retired", "outdated", "trash",
];

/// Words that are such at the end of a name only: `neutron - copy`.
const ENDINGS: [&str; 10] = [
    "old", "backup", "backups", "bak", "bk", "bkp", "orig", "save", "saved", "copy",
];

/// Services that make backups: their directories are none.
const SERVICES: [&str; 7] = [
    "cinder", "trove", "freezer", "mariadb", "karbor", "swift", "etcd",
];

/// What the name of a directory says of the age of what it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Age {
    /// Nothing.
    Unsaid,
    /// It holds copies of what is, or was, in force elsewhere: `old`, `neutron_bak`.
    Copy,
    /// It may hold copies of what that names, or be a node's: `old-compute`, `backup1`.
    Perhaps(String),
    /// It holds what was in force then, of what that names: `2024-05-01`, `conf-20240501`.
    Dated(String, Stamp),
}

/// A day, and what follows it; later ones are greater.
pub type Stamp = (u32, u32, u32, String);

/// What the name of a directory says.
pub fn age(directory: &str) -> Age {
    let lower = directory.to_ascii_lowercase();
    let words: Vec<&str> = lower
        .split(is_separator)
        .filter(|word| !word.is_empty())
        .collect();
    let Some(first) = words.first() else {
        return Age::Unsaid;
    };
    if let [service, ending] = words[..]
        && SERVICES.contains(&service)
        && ending.starts_with("backup")
    {
        return Age::Unsaid;
    }
    let is_word = |word: &str| WORDS.contains(&word);
    let dated = dated(&lower);
    if lower.ends_with('~')
        || (words.len() == 1 && is_word(first))
        || (dated.is_some() && words.iter().any(|word| is_word(numberless(word))))
    {
        return Age::Copy;
    }
    if let Some((of, stamp)) = dated {
        return Age::Dated(of, stamp);
    }
    if is_word(numberless(first)) {
        let of = lower.split_once(is_separator).map_or("", |(_, rest)| rest);
        let of = of.trim_matches(is_separator);
        return Age::Perhaps(if numberless(of).is_empty() { "" } else { of }.to_owned());
    }
    // `net01.bak.1`, `net01-old2`
    let mut ends = words.iter().rev().map(|word| numberless(word));
    match ends.find(|word| !word.is_empty()) {
        Some(end) if words.len() > 1 && ENDINGS.contains(&end) => Age::Copy,
        _ => Age::Unsaid,
    }
}

fn is_separator(c: char) -> bool {
    matches!(c, '-' | '_' | '.' | ' ' | '(' | ')' | '+' | ':' | '@')
}

fn numberless(word: &str) -> &str {
    word.trim_end_matches(|c: char| c.is_ascii_digit())
}

/// The day in a name, and what it is a day of: the text before it, else the one behind it.
fn dated(lower: &str) -> Option<(String, Stamp)> {
    let starts = lower.char_indices().filter(|(at, c)| {
        let before = lower.get(..*at).and_then(|before| before.chars().last());
        c.is_ascii_digit() && !before.is_some_and(|before| before.is_ascii_digit())
    });
    for (start, _) in starts {
        let (before, from) = lower.split_at_checked(start)?;
        let Some(((year, month, day), rest)) = compact(from).or_else(|| separated(from)) else {
            continue;
        };
        let (time, behind) = time(rest);
        let before = before.trim_matches(is_separator);
        let of = if before.is_empty() { behind } else { before };
        return Some((of.to_owned(), (year, month, day, time)));
    }
    None
}

/// The digits of the time behind a day (`T10:00:00Z`), and what follows it.
fn time(behind: &str) -> (String, &str) {
    let mut digits = String::new();
    let mut rest = behind.trim_start_matches(is_separator);
    loop {
        let word = rest.split(is_separator).next().unwrap_or("");
        let number = word.strip_prefix('t').unwrap_or(word);
        let number = number.strip_suffix('z').unwrap_or(number);
        if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
            return (digits, rest);
        }
        digits.push_str(number);
        let (_, behind) = rest.split_at(word.len());
        rest = behind.trim_start_matches(is_separator);
    }
}

type Day = (u32, u32, u32);

/// `20240501`, also with a time: `202405011200`.
fn compact(from: &str) -> Option<(Day, &str)> {
    let digits = from.len() - from.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    if ![8, 12, 14].contains(&digits) {
        return None;
    }
    let (year, from) = number(from, 4)?;
    let (month, from) = number(from, 2)?;
    let (day, from) = number(from, 2)?;
    valid((year, month, day)).map(|day| (day, from))
}

/// `2024-05-01`, `01.05.2024`; a release (`2024.1`) is none.
fn separated(from: &str) -> Option<(Day, &str)> {
    let part = |from, digits| {
        let (part, rest) = number(from, digits)?;
        Some((part, rest.strip_prefix(['-', '_', '.'])?))
    };
    let last = |from, digits| {
        let (part, rest) = number(from, digits)?;
        (!rest.starts_with(|c: char| c.is_ascii_digit())).then_some((part, rest))
    };
    let year_first = || {
        let (year, from) = part(from, 4)?;
        let (month, from) = part(from, 2)?;
        let (day, rest) = last(from, 2)?;
        Some((valid((year, month, day))?, rest))
    };
    let day_first = || {
        let (day, from) = part(from, 2)?;
        let (month, from) = part(from, 2)?;
        let (year, rest) = last(from, 4)?;
        Some((valid((year, month, day))?, rest))
    };
    year_first().or_else(day_first)
}

/// The number of so many digits at the start, and the rest.
fn number(from: &str, digits: usize) -> Option<(u32, &str)> {
    let (number, rest) = from.split_at_checked(digits)?;
    let plain = number.bytes().all(|byte| byte.is_ascii_digit());
    Some((number.parse().ok().filter(|_| plain)?, rest))
}

fn valid((year, month, day): Day) -> Option<Day> {
    let is_day =
        (1990..2100).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
    is_day.then_some((year, month, day))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directories_of_copies_are_known_by_name() {
        for name in [
            "old",
            "OLD",
            "backup",
            "backups",
            "BACKUP",
            "bkp",
            "bak",
            "save",
            "archive",
            "x~",
            "kolla-ansible_bak",
            "neutron.bak",
            "neutron.orig",
            "etc.old",
            "a-old",
            "net01-old2",
            "net01.bak.1",
            "neutron-backup",
            "neutron - Copy",
            "backup-2024-05-01",
            "20240501-old",
        ] {
            assert_eq!(age(name), Age::Copy, "{name}");
        }
    }

    #[test]
    fn other_directories_are_none() {
        for name in [
            "cinder-backup",
            "cinder_backup",
            "trove-backup",
            "neutron",
            "gold",
            "oldenburg",
            "cold-aisle",
            "saveriver",
            "2024.1",
            "2025.2",
            "node-10-20-30",
            "192.0.2.11",
            "net01",
            "backupserver",
            "bold",
            "12345678",
            "20241399",
            "123456789012",
        ] {
            assert_eq!(age(name), Age::Unsaid, "{name}");
        }
    }

    #[test]
    fn some_may_be_a_node_s() {
        for (name, of) in [
            ("old-compute", "compute"),
            ("backup1", ""),
            ("backup-1", ""),
            ("bak_net01", "net01"),
            ("old.net01", "net01"),
            ("backup-node-1", "node-1"),
        ] {
            assert_eq!(age(name), Age::Perhaps(of.to_owned()), "{name}");
        }
    }

    #[test]
    fn dates_are_ordered_however_they_are_written() {
        let stamp = |name: &str| match age(name) {
            Age::Dated(of, stamp) => (of, stamp),
            other => panic!("{name}: {other:?}"),
        };
        let names = [
            "2024-04-30",
            "20240501",
            "2024_05_01-0930",
            "conf-2024-05-01T10:00:00Z",
            "202405021200",
            "net01_20240503",
            "04.05.2024",
            "20240505-testnode",
        ];
        let of: Vec<String> = names.iter().map(|name| stamp(name).0).collect();
        assert_eq!(of, ["", "", "", "conf", "", "net01", "", "testnode"]);
        let stamps: Vec<Stamp> = names.iter().map(|name| stamp(name).1).collect();
        assert!(stamps.is_sorted(), "{stamps:?}");
    }
}
