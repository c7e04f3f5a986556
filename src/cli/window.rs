//! `--since` and `--until`: the days on which posts have to be due to be reported.
//!
//! The only place that reads the clock for posts. Invariant: both days belong to the window, from midnight to midnight of
//! the time zone.

use std::fmt;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

use crate::diagnostic::{Diagnostic, nearest};
use crate::queue::When;

/// A day, as it is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Day {
    /// So many days after today.
    Ahead(i32),
    /// A date.
    On(Date),
}

impl Day {
    /// Reads `today`, `tomorrow`, `+7d`, `-1d` or `2026-03-01`.
    ///
    /// # Errors
    /// When it is none of these.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let signed = text.strip_suffix('d').filter(|days| days.starts_with(['+', '-']));
        match (text, signed) {
            ("today", _) => Ok(Self::Ahead(0)),
            ("tomorrow", _) => Ok(Self::Ahead(1)),
            ("yesterday", _) => Ok(Self::Ahead(-1)),
            (_, Some(days)) => days.parse().map(Self::Ahead).map_err(|_| "too many days".to_owned()),
            _ => text.parse().map(Self::On).map_err(|_| {
                let near = nearest(text, ["today", "tomorrow", "yesterday"]);
                let near = near.map(|near| format!("did you mean `{near}`? ")).unwrap_or_default();
                format!("{near}expected today, tomorrow, +7d or 2026-03-01")
            }),
        }
    }

    fn date(self, today: Date) -> Option<Date> {
        match self {
            Self::Ahead(days) => today.checked_add(Span::new().try_days(days).ok()?).ok(),
            Self::On(date) => Some(date),
        }
    }
}

impl fmt::Display for Day {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ahead(0) => formatter.write_str("today"),
            Self::Ahead(days) => write!(formatter, "{days:+}d"),
            Self::On(date) => write!(formatter, "{date}"),
        }
    }
}

/// A stretch of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Window {
    /// Its first second, since the start of 1970.
    since: i64,
    /// The first second after it.
    until: i64,
}

impl Window {
    /// The window between two days in a time zone; none where no day is given.
    ///
    /// # Errors
    /// When it ends before it begins, or lies beyond the calendar.
    pub(super) fn new(
        since: Option<Day>,
        until: Option<Day>,
        zone: &TimeZone,
    ) -> Result<Option<Self>, Box<Diagnostic>> {
        if since.is_none() && until.is_none() {
            return Ok(None);
        }
        Self::at(Timestamp::now(), since, until, zone).map(Some)
    }

    fn at(
        now: Timestamp,
        since: Option<Day>,
        until: Option<Day>,
        zone: &TimeZone,
    ) -> Result<Self, Box<Diagnostic>> {
        let today = zone.to_datetime(now).date();
        // The first and the last days of the calendar begin or end where no instant is; nothing is due there.
        let nowhere = |date: Date| if date.year() < 0 { i64::MIN } else { i64::MAX - 1 };
        let midnight = |date: Date| {
            let midnight = zone.to_timestamp(date.at(0, 0, 0, 0));
            midnight.map_or_else(|_| nowhere(date), Timestamp::as_second)
        };
        let beyond = || Box::new(Diagnostic::error("flags/window", "a day that no calendar has"));
        let since = match since {
            Some(day) => day.date(today).map(midnight).ok_or_else(beyond)?,
            None => i64::MIN,
        };
        let until = match until {
            Some(day) => day.date(today).ok_or_else(beyond)?.tomorrow().map_or(i64::MAX, midnight),
            None => i64::MAX,
        };
        if until <= since {
            let message = "the window ends before it begins, so no post can be due in it";
            return Err(Box::new(Diagnostic::error("flags/window", message).help("`--until` is the later day")));
        }
        Ok(Self { since, until })
    }

    /// Whether something is due in it.
    pub(super) fn holds(&self, time: &When) -> bool {
        (self.since..self.until).contains(&time.seconds())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(since: &str, until: &str, zone: &str, expected: Option<(&str, &str)>) {
        let now: Timestamp = "2026-03-28T23:30:00Z".parse().unwrap();
        let day = |text: &str| (!text.is_empty()).then(|| Day::parse(text).unwrap());
        let found = Window::at(now, day(since), day(until), &TimeZone::get(zone).unwrap()).ok();
        let second = |text: &str, open: i64| match text {
            "" => open,
            text => text.parse::<Timestamp>().unwrap().as_second(),
        };
        let expected = expected
            .map(|(since, until)| Window { since: second(since, i64::MIN), until: second(until, i64::MAX) });
        assert_eq!(found, expected, "{since} to {until}");
    }

    #[test]
    fn days_are_those_of_the_time_zone() {
        check("today", "today", "UTC", Some(("2026-03-28T00:00:00Z", "2026-03-29T00:00:00Z")));
        check("today", "+7d", "UTC", Some(("2026-03-28T00:00:00Z", "2026-04-05T00:00:00Z")));
        check("tomorrow", "+1d", "UTC", Some(("2026-03-29T00:00:00Z", "2026-03-30T00:00:00Z")));
        // It is half past midnight there, of the day on which the clock is put forward.
        check("today", "today", "Europe/Berlin", Some(("2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z")));
        check("-1d", "2026-03-28", "UTC", Some(("2026-03-27T00:00:00Z", "2026-03-29T00:00:00Z")));
        check("2026-04-01", "", "UTC", Some(("2026-04-01T00:00:00Z", "")));
        check("", "today", "UTC", Some(("", "2026-03-29T00:00:00Z")));
    }

    #[test]
    fn the_calendar_has_a_last_day() {
        let at = |since: &str, until: &str| {
            let day = |text: &str| (!text.is_empty()).then(|| Day::parse(text).unwrap());
            let window = Window::at(Timestamp::UNIX_EPOCH, day(since), day(until), &TimeZone::UTC).ok();
            window.map(|window| (window.since, window.until))
        };
        assert_eq!(at("1970-01-01", "9999-12-31"), Some((0, i64::MAX)));
        assert_eq!(at("1970-01-01", "9999-12-30"), Some((0, i64::MAX - 1)));
        assert!(at("9999-12-31", "9999-12-31").is_some() && at("9999-12-31", "").is_some());
        assert!(at("9999-12-31", "9999-12-30").is_none());
        assert_eq!(at("-009999-01-01", "1969-12-31"), Some((i64::MIN, 0)));
    }

    #[test]
    fn a_window_that_holds_nothing_is_a_mistake() {
        check("today", "-1d", "UTC", None);
        check("+2147483647d", "", "UTC", None);
        for wrong in ["", "7d", "+d", "+99999999999d", "2026-02-30", "monday", "-"] {
            assert!(Day::parse(wrong).is_err(), "{wrong}");
        }
    }
}
