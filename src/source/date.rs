//! Days of the calendar.

use std::fmt;

/// A day of the Gregorian calendar; of two, the later is greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// A day that is on the calendar.
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let date = Self { year, month, day };
        (1..=12).contains(&month).then_some(())?;
        (1..=date.days_of_month()).contains(&day).then_some(date)
    }

    /// As ISO 8601 writes it: `2027-03-01`. Fails with what was expected.
    pub fn parse(text: &str) -> Result<Self, String> {
        let digits = |part: &str, count| {
            let plain = part.len() == count && part.bytes().all(|byte| byte.is_ascii_digit());
            plain.then(|| part.parse::<u16>().ok()).flatten()
        };
        let parts: Vec<&str> = text.split('-').collect();
        let read = match parts[..] {
            [year, month, day] => digits(year, 4).zip(digits(month, 2).zip(digits(day, 2))),
            _ => None,
        };
        let (year, (month, day)) =
            read.ok_or_else(|| format!("`{text}` is no date: write it like 2027-03-01"))?;
        let of_calendar = u8::try_from(month).ok().zip(u8::try_from(day).ok());
        of_calendar
            .and_then(|(month, day)| Self::new(year, month, day))
            .ok_or_else(|| format!("there is no day {text} on the calendar"))
    }

    /// The day, in UTC, of a time in seconds since 1970.
    pub fn of_unix(seconds: u64) -> Self {
        let mut date = Self {
            year: 1970,
            month: 1,
            day: 1,
        };
        let mut days = seconds / 86_400;
        while days >= date.days_of_year() && date.year < u16::MAX {
            days -= date.days_of_year();
            date.year += 1;
        }
        while days >= u64::from(date.days_of_month()) && date.month < 12 {
            days -= u64::from(date.days_of_month());
            date.month += 1;
        }
        date.day += u8::try_from(days.min(30)).unwrap_or_default();
        date
    }

    /// How many days later it is than another; 0 where it is not.
    pub fn days_after(self, other: Self) -> u64 {
        self.ordinal().saturating_sub(other.ordinal())
    }

    /// Days since the year 0.
    fn ordinal(self) -> u64 {
        let year = u64::from(self.year);
        let leap_years = year.div_ceil(4) - year.div_ceil(100) + year.div_ceil(400);
        let before = (1..self.month).map(|month| u64::from(Self { month, ..self }.days_of_month()));
        year * 365 + leap_years + before.sum::<u64>() + u64::from(self.day)
    }

    fn is_leap(self) -> bool {
        self.year.is_multiple_of(4) && !self.year.is_multiple_of(100)
            || self.year.is_multiple_of(400)
    }

    fn days_of_year(self) -> u64 {
        if self.is_leap() { 366 } else { 365 }
    }

    fn days_of_month(self) -> u8 {
        match self.month {
            2 if self.is_leap() => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        }
    }
}

impl Default for Date {
    /// The first day that is counted.
    fn default() -> Self {
        Self::of_unix(0)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_calendar() {
        let date = |text: &str| Date::parse(text).expect("it is one");
        // `date -u -d @1795824000 +%F` and the like.
        for (seconds, text) in [
            (0, "1970-01-01"),
            (951_782_399, "2000-02-28"),
            (951_782_400, "2000-02-29"),
            (1_709_164_800, "2024-02-29"),
            (1_795_824_000, "2026-11-28"),
            (4_107_542_400, "2100-03-01"),
        ] {
            assert_eq!(Date::of_unix(seconds), date(text));
            assert_eq!(date(text).to_string(), text);
            assert_eq!(date(text).days_after(date("1970-01-01")), seconds / 86_400);
        }
        assert_eq!(date("2026-11-28").days_after(date("2026-11-29")), 0);
        assert!(date("2026-11-28") < date("2026-12-01"));
        for text in [
            "2026-02-29",
            "2100-02-29",
            "2026-13-01",
            "2026-04-31",
            "2026-00-10",
            "2026-1-1",
            "+026-01-01",
            "soon",
            "",
        ] {
            assert!(Date::parse(text).is_err(), "{text}");
        }
    }
}
