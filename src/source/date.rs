//! A day of the calendar, as files write it.

use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

/// A day of the Gregorian calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Date {
    /// The year.
    pub year: u16,
    /// The month, from 1.
    pub month: u8,
    /// The day of the month, from 1.
    pub day: u8,
}

impl Date {
    /// The day of that number; `None` where the calendar has none.
    pub fn of(year: u16, month: u8, day: u8) -> Option<Self> {
        let exists = year <= 9999 && (1..=days(year, month)).contains(&day);
        exists.then_some(Self { year, month, day })
    }

    /// A date as ISO 8601 writes it, `2027-03-01`; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = |range| {
            let part: &str = text.get(range)?;
            let all = part.bytes().all(|byte| byte.is_ascii_digit());
            all.then(|| part.parse::<u16>().ok()).flatten()
        };
        let small = |range| digits(range).and_then(|number| u8::try_from(number).ok());
        let dashed = text.len() == 10 && text.get(4..5) == Some("-") && text.get(7..8) == Some("-");
        if !dashed {
            return None;
        }
        Self::of(digits(0..4)?, small(5..7)?, small(8..10)?)
    }

    /// The day in UTC. By a clock that is wrong by decades it is in 1970, and nothing has expired.
    pub fn today() -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        Self::of_unix(since.map_or(0, |since| since.as_secs().cast_signed()))
    }

    /// How many days later it is than another; 0 where it is not.
    pub fn days_after(self, other: Self) -> u64 {
        u64::try_from(self.number() - other.number()).unwrap_or(0)
    }

    /// The days since 1970.
    fn number(self) -> i64 {
        // As in `of_unix`: a year begins in March.
        let (year, month) = (i64::from(self.year), i64::from(self.month));
        let year = if month <= 2 { year - 1 } else { year };
        let of_year = (153 * ((month + 9) % 12) + 2) / 5 + i64::from(self.day) - 1;
        let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
        year * 365 + leap_days + of_year - 719_468
    }

    /// The day in UTC of a number of seconds since 1970; days that four digits cannot name become the nearest.
    pub fn of_unix(seconds: i64) -> Self {
        const LAST: Date = Date {
            year: 9999,
            month: 12,
            day: 31,
        };
        const FIRST: Date = Date {
            year: 0,
            month: 1,
            day: 1,
        };
        // Eras of 400 years repeat; years begin in March, so that the leap day is a year's last.
        let day = seconds.div_euclid(86_400) + 719_468;
        let era = day.div_euclid(146_097);
        let of_era = day.rem_euclid(146_097);
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let march = (5 * of_year + 2) / 153;
        let month = if march < 10 { march + 3 } else { march - 9 };
        let year = era * 400 + year_of_era + i64::from(month <= 2);
        if year > 9999 {
            return LAST;
        }
        let day = of_year - (153 * march + 2) / 5 + 1;
        let small = |number: i64| u8::try_from(number).unwrap_or_default();
        let date = u16::try_from(year).ok();
        date.and_then(|year| Self::of(year, small(month), small(day)))
            .unwrap_or(FIRST)
    }
}

/// The days of a month; none where there is no such month.
fn days(year: u16, month: u8) -> u8 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 0,
    }
}

impl Default for Date {
    /// The first day that computers count.
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
    use proptest::prelude::*;

    use super::Date;

    fn date(year: u16, month: u8, day: u8) -> Date {
        Date { year, month, day }
    }

    #[test]
    fn the_calendar_has_the_day() {
        for text in [
            "2027-03-01",
            "2024-02-29",
            "2000-02-29",
            "0001-12-31",
            "9999-12-31",
        ] {
            assert_eq!(Date::parse(text).expect(text).to_string(), text);
        }
        assert_eq!(Date::parse("2027-03-01"), Some(date(2027, 3, 1)));
    }

    #[test]
    fn what_is_no_day_is_none() {
        for text in [
            "",
            "2027-02-29",
            "1900-02-29",
            "2100-02-29",
            "2027-00-01",
            "2027-13-01",
            "2027-04-31",
            "2027-01-00",
            "2027-1-1",
            "2027/01/01",
            "20270101",
            " 2027-01-01",
            "2027-01-01T00:00:00Z",
            "+027-01-01",
            "2027-+1-01",
            "-027-01-01",
            "２０-1-1",
            "01-01-2027",
            "soon",
            "2027-01-3é",
        ] {
            assert_eq!(Date::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn seconds_since_1970_name_the_day() {
        // As `date -u -d @SECONDS +%F` prints them.
        let cases = [
            (0, "1970-01-01"),
            (86_399, "1970-01-01"),
            (86_400, "1970-01-02"),
            (-1, "1969-12-31"),
            (951_782_400, "2000-02-29"),
            (951_868_800, "2000-03-01"),
            (1_709_164_800, "2024-02-29"),
            (1_796_083_199, "2026-11-30"),
            (1_803_859_200, "2027-03-01"),
            (4_107_542_400, "2100-03-01"),
            (253_402_300_799, "9999-12-31"),
            (253_402_300_800, "9999-12-31"),
            (i64::MAX, "9999-12-31"),
            (i64::MIN, "0000-01-01"),
        ];
        for (seconds, text) in cases {
            assert_eq!(Date::of_unix(seconds).to_string(), text, "{seconds}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in any::<String>()) {
            let _ = Date::parse(&text);
        }

        #[test]
        fn a_day_later_is_the_next(seconds in 0_i64..250_000_000_000) {
            let (today, tomorrow) = (Date::of_unix(seconds), Date::of_unix(seconds + 86_400));
            prop_assert!(today < tomorrow);
            prop_assert_eq!(Date::parse(&today.to_string()), Some(today));
            prop_assert_eq!(tomorrow.days_after(today), 1);
            prop_assert_eq!(today.days_after(tomorrow), 0);
            let days = u64::try_from(seconds / 86_400).expect("it is not negative");
            prop_assert_eq!(today.days_after(Date::default()), days);
        }
    }
}
