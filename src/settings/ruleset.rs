//! Rulesets: which lints are on where nothing is said of them.

use semver::Version;

/// The lints that there were at some time.
#[derive(Debug, PartialEq, Eq)]
pub struct Ruleset {
    /// Its name: the year and month of the release.
    pub name: &'static str,
    /// The newest release whose lints it has.
    pub release: Version,
}

/// Every ruleset, oldest first. A release with new lints comes with a ruleset of its own.
pub static RULESETS: [Ruleset; 1] = [Ruleset {
    name: "2026.11",
    release: Version::new(0, 1, 0),
}];

/// The one in force where none is named.
pub fn newest() -> &'static Ruleset {
    RULESETS.last().expect("there is one")
}

impl Ruleset {
    /// Whether it has a lint that came with that release.
    pub fn has(&self, since: &str) -> bool {
        Version::parse(since).is_ok_and(|since| since <= self.release)
    }
}

#[cfg(test)]
mod tests {
    use semver::Version;

    use super::{RULESETS, Ruleset, newest};
    use crate::lints::LINTS;

    #[test]
    fn a_ruleset_has_what_came_up_to_its_release() {
        let ruleset = Ruleset {
            name: "2027.05",
            release: Version::new(0, 3, 0),
        };
        for since in ["0.1.0", "0.2.7", "0.3.0", "0.3.0-rc.1"] {
            assert!(ruleset.has(since), "{since}");
        }
        for since in ["0.3.1", "0.10.0", "1.0.0", "0.4.0-rc.1", "soon", ""] {
            assert!(!ruleset.has(since), "{since}");
        }
    }

    #[test]
    fn the_newest_has_every_lint() {
        for lint in LINTS {
            assert!(newest().has(&lint.about().since), "{}", lint.name);
        }
        assert!(RULESETS.is_sorted_by(|a, b| a.name < b.name && a.release < b.release));
    }
}
