//! Pools of tunnel ids: how Neutron reads their ranges, and what loading them costs (facts N§2, N§3).

use crate::source::{Known, Place, Spanned};

use super::neutron::Configuration;
use super::options::Options;
use super::{Release, Site};

/// A tunnel type and the option that holds its ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tunnel {
    /// The type, as `type_drivers` names it.
    pub kind: &'static str,
    /// The section of its options.
    pub section: &'static str,
    /// The option with its ranges.
    pub option: &'static str,
    /// The table of the Neutron database with one row for each id.
    pub table: &'static str,
    /// Its column with the id.
    pub column: &'static str,
    /// The highest id.
    pub max: u64,
}

/// The tunnel types that Neutron keeps ids for.
pub const TUNNELS: [Tunnel; 3] = [
    Tunnel {
        kind: "geneve",
        section: "ml2_type_geneve",
        option: "vni_ranges",
        table: "ml2_geneve_allocations",
        column: "geneve_vni",
        max: 16_777_215,
    },
    Tunnel {
        kind: "vxlan",
        section: "ml2_type_vxlan",
        option: "vni_ranges",
        table: "ml2_vxlan_allocations",
        column: "vxlan_vni",
        max: 16_777_215,
    },
    Tunnel {
        kind: "gre",
        section: "ml2_type_gre",
        option: "tunnel_id_ranges",
        table: "ml2_gre_allocations",
        column: "gre_id",
        max: 4_294_967_295,
    },
];

/// The ids of one tunnel type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pool {
    /// Disjoint ranges, both ends included, in order.
    pub ranges: Vec<(u64, u64)>,
    /// Where the option stands.
    pub place: Place,
    /// The item with the highest id.
    pub highest: Spanned<String>,
}

/// Why Neutron refuses a range, in its own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RangeError {
    /// Not two numbers.
    NotTwo(usize),
    /// Not a number.
    NotANumber(String),
    /// Outside of what the type allows.
    OutOfBounds(i64),
    /// The end lies before the start.
    Reversed,
}

/// What loading a pool costs neutron-server at its worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Load {
    /// Memory for each id in each process that loads them, in bytes.
    pub bytes_per_id: u64,
    /// Processes that load them.
    pub processes: u64,
    /// The releases that this holds for.
    pub model: Model,
}

/// How a release loads its ids (facts N§3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Model {
    /// Up to 2024.2: every row of the table, in one process, on every start after the first.
    Rows,
    /// From 2025.1: the configured ids, in each process that initialises ml2.
    Ids,
}

/// Memory of a neutron process before it loads any id, in bytes (facts N§3.2).
pub const BASE: u64 = 130_000_000;

/// Bytes for each row that is in the table already (facts N§3.2).
pub const OLD_ROW: u64 = 1_330;

/// Bytes for each id where the table is empty, up to 2024.2.
pub const FIRST_START: u64 = 170;

/// What the statement may exceed `max_allowed_packet` by: with it, both measured limits come out (1:1,987,592
/// at 16 MiB, 1:7,579,997 at 64 MiB: facts N§3.2).
const STATEMENT_SLACK: u64 = 8;

impl Tunnel {
    /// Its ids in this configuration: the valid items of its option.
    pub fn pool(&self, server: &Options) -> Known<Pool> {
        server.list(self.section, self.option).map_spanned(|items| {
            let valid: Vec<(&Spanned<String>, (u64, u64))> = items
                .iter()
                .filter_map(|item| Some((item, self.parse(item).ok()?)))
                .collect();
            let highest = valid
                .iter()
                .max_by_key(|(_, (_, end))| *end)
                .map(|(item, _)| (*item).clone());
            Pool {
                ranges: merged(valid.iter().map(|(_, range)| *range).collect()),
                highest: highest
                    .unwrap_or_else(|| Spanned::new(String::new(), items.place.clone())),
                place: items.place.clone(),
            }
        })
    }

    /// Its ids, where its type is loaded: `Ok(None)` where it is not, or has none; else the input that would settle it.
    pub fn in_use(
        &self,
        configuration: &Configuration,
        server: &Options,
    ) -> Result<Option<Pool>, &'static str> {
        match (configuration.loads_type(self.kind), self.pool(server)) {
            (Some(true), Known::Seen(pool)) => Ok(Some(pool.value)),
            (Some(true) | None, Known::Unsure(..)) => {
                Err("the rendered value of a templated range")
            }
            (None, Known::Seen(_)) => Err("`type_drivers` (neutron.conf and ml2_conf.ini)"),
            // A range that no file shows is that of another file, or none.
            _ => Ok(None),
        }
    }

    /// Its ids, where no input tells whether its type is loaded.
    pub fn if_loaded(&self, configuration: &Configuration, server: &Options) -> Option<Pool> {
        match (configuration.loads_type(self.kind), self.pool(server)) {
            (None, Known::Seen(pool)) => Some(pool.value),
            _ => None,
        }
    }

    /// No ids, where its type is loaded and every file of the service was seen and none sets its ranges.
    pub fn unset(&self, configuration: &Configuration, server: &Options) -> Option<Pool> {
        match (configuration.loads_type(self.kind), self.pool(server)) {
            (Some(true), Known::Absent(place)) => Some(Pool {
                ranges: Vec::new(),
                highest: Spanned::new(String::new(), place.clone()),
                place,
            }),
            _ => None,
        }
    }

    /// One range, as Neutron reads it: two of Python's integers (facts N§2).
    pub fn parse(&self, item: &str) -> Result<(u64, u64), RangeError> {
        let parts: Vec<&str> = item.split(':').collect();
        let [start, end] = parts[..] else {
            return Err(RangeError::NotTwo(parts.len()));
        };
        let number = |text: &str| {
            crate::read::oslo::value::python_integer(text)
                .ok_or_else(|| RangeError::NotANumber(text.trim().to_owned()))
        };
        let (start, end) = (number(start)?, number(end)?);
        for id in [start, end] {
            let within = u64::try_from(id).is_ok_and(|id| (1..=self.max).contains(&id));
            if !within {
                return Err(RangeError::OutOfBounds(id));
            }
        }
        if end < start {
            return Err(RangeError::Reversed);
        }
        Ok((start.unsigned_abs(), end.unsigned_abs()))
    }
}

fn merged(mut ranges: Vec<(u64, u64)>) -> Vec<(u64, u64)> {
    ranges.sort_unstable();
    let mut merged: Vec<(u64, u64)> = Vec::new();
    for (start, end) in ranges {
        match merged.last_mut() {
            Some(last) if start <= last.1 + 1 => last.1 = last.1.max(end),
            _ => merged.push((start, end)),
        }
    }
    merged
}

impl Pool {
    /// How many ids.
    pub fn ids(&self) -> u64 {
        self.ranges.iter().map(|(start, end)| end - start + 1).sum()
    }

    /// Whether every id of another pool is in it.
    pub fn holds(&self, other: &Pool) -> bool {
        let within = |(start, end): &(u64, u64)| {
            let mut ranges = self.ranges.iter();
            ranges.any(|(first, last)| first <= start && end <= last)
        };
        other.ranges.iter().all(within)
    }

    /// The length of the statement that names every id, in bytes: its digits and a separator of two.
    pub fn statement(&self) -> u64 {
        self.ranges
            .iter()
            .map(|&(start, end)| digits_to(end) - digits_to(start - 1) + 2 * (end - start + 1))
            .sum()
    }

    /// The ids from the first one on whose statement still fits into one packet.
    pub fn fitting_statement(&self, max_allowed_packet: u64) -> u64 {
        let first = self.first();
        let statement = |last: u64| {
            Pool {
                ranges: vec![(first, last)],
                ..self.clone()
            }
            .statement()
        };
        // The statement grows with its last id: halve the distance.
        let (mut fits, mut breaks) = (first - 1, u64::from(u32::MAX) + 1);
        while breaks - fits > 1 {
            let middle = fits.midpoint(breaks);
            if statement_fits(statement(middle), max_allowed_packet) {
                fits = middle;
            } else {
                breaks = middle;
            }
        }
        fits + 1 - first
    }

    /// The first id.
    pub fn first(&self) -> u64 {
        self.ranges.first().map_or(1, |(start, _)| *start)
    }
}

/// The digits of all numbers from 1 to `last`.
fn digits_to(last: u64) -> u64 {
    let mut digits = 0;
    let mut power = 1;
    while power <= last {
        digits += last - power + 1;
        power *= 10;
    }
    digits
}

/// Whether a statement of that many bytes fits into one packet.
pub fn statement_fits(statement: u64, max_allowed_packet: u64) -> bool {
    statement <= max_allowed_packet + STATEMENT_SLACK
}

impl Load {
    /// What loading costs in this configuration; where the release is not known, the cheaper of the two models.
    pub fn of(site: &Site, configuration: &Configuration) -> Self {
        let rows = Self {
            bytes_per_id: OLD_ROW,
            processes: 1,
            model: Model::Rows,
        };
        let ids = Self {
            bytes_per_id: 430,
            processes: site.server_processes(configuration),
            model: Model::Ids,
        };
        match site.release() {
            Some(release) if release < Release::EPOXY => rows,
            None if ids.bytes_per_id.saturating_mul(ids.processes) >= rows.bytes_per_id => rows,
            _ => ids,
        }
    }

    /// Memory for that many ids, in bytes.
    pub fn bytes(&self, ids: u64) -> u64 {
        self.processes
            .saturating_mul(BASE.saturating_add(self.bytes_per_id.saturating_mul(ids)))
    }

    /// The most ids that fit into that memory.
    pub fn fitting(&self, bytes: u64) -> u64 {
        (bytes / self.processes).saturating_sub(BASE) / self.bytes_per_id
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::FileId;

    fn pool(start: u64, end: u64) -> Pool {
        let place = Place::file(FileId(0));
        Pool {
            ranges: vec![(start, end)],
            highest: Spanned::new(String::new(), place.clone()),
            place,
        }
    }

    // Measured with MariaDB's and MySQL's default packet: facts N§3.2.
    #[test]
    fn the_statement_reproduces_both_measured_limits() {
        for (last, packet) in [(1_987_592, 16 << 20), (7_579_997, 64 << 20)] {
            assert!(
                statement_fits(pool(1, last).statement(), packet),
                "1:{last}"
            );
            assert!(
                !statement_fits(pool(1, last + 1).statement(), packet),
                "1:{}",
                last + 1
            );
            assert_eq!(pool(1, 5).fitting_statement(packet), last);
        }
    }

    #[test]
    fn digits_are_counted_as_written() {
        let written: u64 = (95..=1_005_u64)
            .map(|id| id.to_string().len() as u64 + 2)
            .sum();
        assert_eq!(pool(95, 1_005).statement(), written);
    }

    #[test]
    fn ranges_overlap_without_counting_twice() {
        assert_eq!(merged(vec![(5, 9), (1, 5), (11, 12), (10, 10)]), [(1, 12)]);
        assert_eq!(merged(vec![(1, 2), (4, 5)]), [(1, 2), (4, 5)]);
    }

    #[test]
    fn ranges_are_read_as_python_reads_them() {
        let geneve = TUNNELS[0];
        assert_eq!(geneve.parse(" +1 : 1_000 "), Ok((1, 1_000)));
        assert_eq!(geneve.parse("1-100"), Err(RangeError::NotTwo(1)));
        assert_eq!(geneve.parse("0:5"), Err(RangeError::OutOfBounds(0)));
        assert_eq!(geneve.parse("5:1"), Err(RangeError::Reversed));
        assert_eq!(
            geneve.parse("1:16777216"),
            Err(RangeError::OutOfBounds(16_777_216))
        );
        assert_eq!(
            geneve.parse("1:65535 # c"),
            Err(RangeError::NotANumber("65535 # c".into()))
        );
    }
}
