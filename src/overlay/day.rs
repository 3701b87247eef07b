//! Days, as exceptions expire on them.

use std::fmt;

use time::{Date, Month, OffsetDateTime};

/// A day of the calendar, `2027-06-30`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(Date);

impl Day {
    /// # Errors
    /// When `text` is not of the form `YYYY-MM-DD`, or there is no such day.
    pub fn parse(text: &str) -> Result<Self, String> {
        let day = || {
            let number = |part: &str, digits| {
                let is_number = part.len() == digits && part.bytes().all(|b| b.is_ascii_digit());
                is_number.then(|| part.parse::<u16>().ok()).flatten()
            };
            let mut parts = text.split('-');
            let year = number(parts.next()?, 4)?;
            let month = u8::try_from(number(parts.next()?, 2)?).ok()?;
            let day = u8::try_from(number(parts.next()?, 2)?).ok()?;
            let is_all = parts.next().is_none();
            let month = Month::try_from(month).ok().filter(|_| is_all)?;
            Date::from_calendar_date(year.into(), month, day).ok()
        };
        day()
            .map(Self)
            .ok_or_else(|| format!("`{}` is no day such as `2027-06-30`", text.escape_debug()))
    }

    /// The system's, in UTC.
    #[must_use]
    pub fn today() -> Self {
        Self(OffsetDateTime::now_utc().date())
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.0.to_calendar_date();
        write!(f, "{year:04}-{:02}-{day:02}", u8::from(month))
    }
}

impl serde::Serialize for Day {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_days_that_there_are_are_days() {
        for text in ["2024-02-29", "2027-06-30", "0001-01-01", "9999-12-31"] {
            assert_eq!(Day::parse(text).unwrap().to_string(), text);
        }
        for text in [
            "",
            "2023-02-29",
            "2027-06-31",
            "2027-13-01",
            "2027-00-01",
            "2027-6-30",
            "27-06-30",
            "2027-06-30 ",
            "2027-06",
            "2027-06-30-1",
            "20270630",
            "+027-06-30",
            "soon",
        ] {
            assert!(Day::parse(text).is_err(), "{text:?} was let in");
        }
        assert!(Day::parse("2026-12-31").unwrap() < Day::parse("2027-01-01").unwrap());
        assert!(Day::today() > Day::parse("2024-01-01").unwrap());
    }
}
