//! Versions of programs and kernels, and the cloud's releases: what can be older or newer.

use std::cmp::Ordering;
use std::error::Error;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

/// A version of Open vSwitch, OVN or a kernel. Only its numeric start is compared: `3.1.0-2+deb12u1` is `3.1.0`.
#[derive(Clone, Debug)]
pub struct Version {
    /// As written.
    pub text: String,
    /// Its numeric start; components that are not written are 0.
    pub numbers: [u32; 4],
}

/// A release of the cloud's software (`2024.1`, `zed`), by when it came out. Ordered by time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Release {
    /// The year.
    pub year: u16,
    /// 1 for the spring, 2 for the autumn.
    pub half: u8,
}

/// Why a text is no version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidVersion(
    /// The text.
    pub String,
);

/// Why a text is no release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidRelease(
    /// The text.
    pub String,
);

/// The names of releases. Up to zed the name is the release's only name; since 2023.1 it stands beside the number.
const NAMES: [(&str, Release); 31] = [
    ("essex", Release::new(2012, 1)),
    ("folsom", Release::new(2012, 2)),
    ("grizzly", Release::new(2013, 1)),
    ("havana", Release::new(2013, 2)),
    ("icehouse", Release::new(2014, 1)),
    ("juno", Release::new(2014, 2)),
    ("kilo", Release::new(2015, 1)),
    ("liberty", Release::new(2015, 2)),
    ("mitaka", Release::new(2016, 1)),
    ("newton", Release::new(2016, 2)),
    ("ocata", Release::new(2017, 1)),
    ("pike", Release::new(2017, 2)),
    ("queens", Release::new(2018, 1)),
    ("rocky", Release::new(2018, 2)),
    ("stein", Release::new(2019, 1)),
    ("train", Release::new(2019, 2)),
    ("ussuri", Release::new(2020, 1)),
    ("victoria", Release::new(2020, 2)),
    ("wallaby", Release::new(2021, 1)),
    ("xena", Release::new(2021, 2)),
    ("yoga", Release::new(2022, 1)),
    ("zed", Release::new(2022, 2)),
    ("antelope", Release::new(2023, 1)),
    ("bobcat", Release::new(2023, 2)),
    ("caracal", Release::new(2024, 1)),
    ("dalmatian", Release::new(2024, 2)),
    ("epoxy", Release::new(2025, 1)),
    ("flamingo", Release::new(2025, 2)),
    ("gazpacho", Release::new(2026, 1)),
    ("hibiscus", Release::new(2026, 2)),
    ("indri", Release::new(2027, 1)),
];

impl Version {
    /// Whether it is this version or a later one: `version.at_least(&[2, 17])`.
    pub fn at_least(&self, numbers: &[u32]) -> bool {
        let mut wanted = [0; 4];
        for (wanted, number) in wanted.iter_mut().zip(numbers) {
            *wanted = *number;
        }
        self.numbers >= wanted
    }
}

impl FromStr for Version {
    type Err = InvalidVersion;

    /// Fails where the text does not start with at least two numbers joined by a dot. A `v` or a Debian epoch
    /// (`1:`) in front is skipped.
    fn from_str(text: &str) -> Result<Self, InvalidVersion> {
        let invalid = || InvalidVersion(text.to_owned());
        let start = after_prefix(text.trim());
        let end = start
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .unwrap_or(start.len());
        let mut numbers = [0; 4];
        let mut written = 0;
        for component in start[..end].split('.') {
            let number = component.parse().map_err(|_| invalid())?;
            if let Some(slot) = numbers.get_mut(written) {
                *slot = number;
            }
            written += 1;
        }
        if written < 2 {
            return Err(invalid());
        }
        Ok(Self {
            text: text.trim().to_owned(),
            numbers,
        })
    }
}

fn after_prefix(text: &str) -> &str {
    if let Some((epoch, rest)) = text.split_once(':')
        && !epoch.is_empty()
        && epoch.bytes().all(|byte| byte.is_ascii_digit())
    {
        return rest;
    }
    text.strip_prefix('v').unwrap_or(text)
}

impl PartialEq for Version {
    fn eq(&self, other: &Self) -> bool {
        self.numbers == other.numbers
    }
}

impl Eq for Version {}

impl Hash for Version {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.numbers.hash(state);
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        self.numbers.cmp(&other.numbers)
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Release {
    /// The first release whose server checks `max_header_size` (facts N§2).
    pub const XENA: Self = Self::new(2021, 2);
    /// The first release that wants unique values in mappings (facts O§6.5).
    pub const YOGA: Self = Self::new(2022, 1);
    /// The first release that loads ids without reading every row (facts N§3.2).
    pub const EPOXY: Self = Self::new(2025, 1);

    /// The release of a half of a year; zed is `Release::new(2022, 2)`.
    pub const fn new(year: u16, half: u8) -> Self {
        Self { year, half }
    }
}

impl FromStr for Release {
    type Err = InvalidRelease;

    /// Reads names in any case (`zed`, `Caracal`) and numbers (`2024.1`); a number may lie in the future.
    fn from_str(text: &str) -> Result<Self, InvalidRelease> {
        let name = text.trim();
        if let Some((_, release)) = NAMES
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
        {
            return Ok(*release);
        }
        let (year, half) = name.split_once('.').unwrap_or((name, ""));
        let half = match half {
            "1" => 1,
            "2" => 2,
            _ => return Err(InvalidRelease(text.to_owned())),
        };
        match year.parse() {
            // Releases were numbered so since 2012.1, which was essex.
            Ok(year @ 2012..=2099) if name.len() == "2024.1".len() => Ok(Self::new(year, half)),
            _ => Err(InvalidRelease(text.to_owned())),
        }
    }
}

impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match NAMES.iter().find(|(_, release)| release == self) {
            Some((name, _)) if self.year < 2023 => f.write_str(name),
            _ => write!(f, "{}.{}", self.year, self.half),
        }
    }
}

impl fmt::Display for InvalidVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` is not a version: write numbers joined by dots, as in `2.17.9`",
            self.0
        )
    }
}

impl fmt::Display for InvalidRelease {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lower = self.0.trim().to_lowercase();
        write!(f, "`{}` is not an OpenStack release: ", self.0)?;
        // Longer texts resemble no name, and the distance costs their length.
        let near = NAMES.iter().filter(|_| lower.len() < 20);
        let near = near
            .map(|(name, _)| (strsim::osa_distance(name, &lower), *name))
            .min();
        match near {
            Some((1..=2, name)) => write!(f, "did you mean `{name}`?"),
            _ => f.write_str("write it as in `2024.1` or `zed`"),
        }
    }
}

impl Error for InvalidVersion {}

impl Error for InvalidRelease {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{NAMES, Release, Version};

    fn version(text: &str) -> Version {
        text.parse().expect("a version")
    }

    fn release(text: &str) -> Release {
        text.parse().expect("a release")
    }

    #[test]
    fn versions_are_ordered_by_their_numbers() {
        let ascending = [
            "2.5.12", "2.17.9", "2.17.10", "3.1.0", "3.5.0", "22.03.3", "24.03.1", "24.09.0",
        ];
        for pair in ascending.windows(2) {
            assert!(version(pair[0]) < version(pair[1]), "{pair:?}");
        }
        assert!(version("5.4.0-150-generic") < version("5.15.0-91-generic"));
        assert!(version("5.10.0") > version("5.9.16"));
    }

    #[test]
    fn only_the_numeric_start_counts() {
        let same = [
            ("3.1.0-2+deb12u1", "3.1.0"),
            ("5.15.0-91-generic", "5.15.0"),
            ("2.17.9-0ubuntu0.22.04.1", "2.17.9"),
            ("1:2.17.9-0ubuntu0", "2.17.9"),
            ("v3.5.0", "3.5"),
            ("22.03.3", "22.3.3"),
            ("5.14.0-362.8.1.el9_3.x86_64", "5.14.0"),
            ("20.12.0.1.2", "20.12.0.1"),
        ];
        for (written, numbers) in same {
            assert_eq!(version(written), version(numbers), "{written}");
        }
        assert_eq!(version("22.03.3").to_string(), "22.03.3");
    }

    #[test]
    fn at_least_fills_with_zeros() {
        let seen = version("2.17.9");
        assert!(seen.at_least(&[2, 17]) && seen.at_least(&[2, 17, 9]) && seen.at_least(&[2]));
        assert!(!seen.at_least(&[2, 17, 10]) && !seen.at_least(&[3]));
        assert!(version("2.17").at_least(&[2, 17, 0]));
    }

    #[test]
    fn texts_that_are_no_versions_are_named() {
        for text in [
            "",
            "5",
            "latest",
            "2.",
            ".5",
            "2.x",
            "2..1",
            "99999999999.1",
            "{{ ovs }}",
            "1:",
        ] {
            let error = text.parse::<Version>().expect_err(text).to_string();
            let expected =
                format!("`{text}` is not a version: write numbers joined by dots, as in `2.17.9`");
            assert_eq!(error, expected);
        }
    }

    #[test]
    fn releases_are_ordered_by_time() {
        let ascending = [
            "queens", "rocky", "stein", "train", "ussuri", "victoria", "wallaby", "xena", "yoga",
            "zed", "2023.1", "2023.2", "2024.1", "2024.2", "2025.1", "2025.2", "2026.1", "2026.2",
            "2027.1",
        ];
        for pair in ascending.windows(2) {
            assert!(release(pair[0]) < release(pair[1]), "{pair:?}");
        }
    }

    #[test]
    fn names_and_numbers_are_one_release() {
        let same = [
            ("antelope", "2023.1"),
            ("bobcat", "2023.2"),
            ("Caracal", "2024.1"),
            ("dalmatian", "2024.2"),
            ("EPOXY", "2025.1"),
            ("flamingo", "2025.2"),
            ("gazpacho", "2026.1"),
        ];
        for (name, number) in same {
            assert_eq!(release(name), release(number), "{name}");
            assert_eq!(release(name).to_string(), number);
        }
        assert_eq!(release("Zed").to_string(), "zed");
    }

    #[test]
    fn every_half_year_since_essex_has_one_name() {
        for (at, (name, release)) in NAMES.iter().enumerate() {
            let halves = usize::from(release.year - 2012) * 2 + usize::from(release.half) - 1;
            assert_eq!(at, halves, "{name}");
            assert!(
                at == 0
                    || name.as_bytes()[0] > NAMES[at - 1].0.as_bytes()[0]
                    || *name == "antelope"
            );
        }
    }

    #[test]
    fn texts_that_are_no_releases_are_named() {
        for text in [
            "", "2024", "2024.3", "2024.10", "02024.1", "1999.1", "+024.1", "latest", "2024.1.0",
        ] {
            let error = text.parse::<Release>().expect_err(text).to_string();
            assert_eq!(
                error,
                format!("`{text}` is not an OpenStack release: write it as in `2024.1` or `zed`")
            );
        }
        let error = "caracall"
            .parse::<Release>()
            .expect_err("misspelt")
            .to_string();
        assert_eq!(
            error,
            "`caracall` is not an OpenStack release: did you mean `caracal`?"
        );
    }

    proptest! {
        #[test]
        fn no_text_panics(text in any::<String>()) {
            let _ = text.parse::<Version>().map_err(|error| error.to_string());
            let _ = text.parse::<Release>().map_err(|error| error.to_string());
        }

        #[test]
        fn what_is_printed_reads_back(year in 2012_u16..2099, half in 1_u8..=2) {
            let release = Release::new(year, half);
            prop_assert_eq!(release.to_string().parse(), Ok(release));
        }
    }
}
