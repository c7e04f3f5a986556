//! Times of posts on an axis, and in words.
//!
//! Knows no zones but the offset that a time is written with, and no clock. Invariant: what cannot be read is shown as
//! it is written.

/// Minutes of a day.
pub(super) const DAY: i64 = 24 * 60;

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// A time of the form `2026-03-01T09:00`, with seconds and an offset or without.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moment {
    /// Minutes since 1970 of the clock on the wall there.
    pub(super) local: i64,
    /// Minutes that this clock is ahead of UTC, if that is known.
    pub(super) offset: Option<i64>,
}

impl Moment {
    /// Reads it.
    pub(super) fn read(text: &str) -> Option<Self> {
        let (date, time) = text.split_once(['T', ' ']).unwrap_or((text, ""));
        let mut parts = date.split('-').map(|part| part.parse::<i64>().ok());
        let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
        if parts.next().is_some()
            || !(1..=9999).contains(&year)
            || !(1..=12).contains(&month)
            || !(1..=31).contains(&day)
        {
            return None;
        }
        let (clock, offset) = match time.find(['+', '-', 'Z']) {
            Some(at) => (time.get(..at)?, Some(read_offset(time.get(at..)?)?)),
            None => (time, None),
        };
        Some(Self { local: days(year, month, day) * DAY + read_clock(clock)?, offset })
    }

    /// Minutes since 1970 in UTC; as if written there, where no offset is.
    pub(super) fn instant(self) -> i64 {
        self.local - self.offset.unwrap_or(0)
    }
}

fn read_clock(clock: &str) -> Option<i64> {
    if clock.is_empty() {
        return Some(0);
    }
    let mut parts = clock.split(':');
    let (hour, minute) = (parts.next()?.parse::<i64>().ok()?, parts.next()?.parse::<i64>().ok()?);
    ((0..24).contains(&hour) && (0..60).contains(&minute)).then_some(hour * 60 + minute)
}

fn read_offset(text: &str) -> Option<i64> {
    if text.starts_with('Z') {
        return Some(0);
    }
    // What stands in brackets behind it is the name of the zone.
    let text = text.split_once('[').map_or(text, |(offset, _)| offset);
    let minutes = read_clock(text.get(1..)?)?;
    Some(if text.starts_with('-') { -minutes } else { minutes })
}

/// Days since 1970 of a date (<https://howardhinnant.github.io/date_algorithms.html>, `days_from_civil`).
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year - era * 400;
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Year, month and day of minutes since 1970 (`civil_from_days`, as above).
pub(super) fn date(minutes: i64) -> (i64, i64, i64) {
    let day = minutes.div_euclid(DAY) + 719_468;
    let era = day.div_euclid(146_097);
    let of_era = day - era * 146_097;
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

/// Minutes since 1970 at which a month begins; months count from year 0.
pub(super) fn month_start(months: i64) -> i64 {
    days(months.div_euclid(12), months.rem_euclid(12) + 1, 1) * DAY
}

/// The short name of a month, from 1.
pub(super) fn month_name(month: i64) -> &'static str {
    usize::try_from(month - 1).ok().and_then(|month| MONTHS.get(month)).copied().unwrap_or_default()
}

/// `1 Mar 2026`.
pub(super) fn day_words(minutes: i64) -> String {
    let (year, month, day) = date(minutes);
    format!("{day} {} {year}", month_name(month))
}

/// `1 Mar 2026, 09:00`, or the text itself where it cannot be read.
pub(super) fn words(text: &str) -> String {
    let Some(moment) = Moment::read(text) else { return text.to_owned() };
    let clock = moment.local.rem_euclid(DAY);
    let day = day_words(moment.local);
    if text.contains(':') { format!("{day}, {:02}:{:02}", clock / 60, clock % 60) } else { day }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn times_are_read_with_and_without_an_offset() {
        #[track_caller]
        fn check(text: &str, expected: Option<(i64, Option<i64>)>) {
            assert_eq!(Moment::read(text).map(|moment| (moment.local, moment.offset)), expected, "{text}");
        }
        check("1970-01-01T00:01", Some((1, None)));
        check("1970-01-02", Some((DAY, None)));
        check("2026-03-01T09:00:30+01:30", Some((29_539_260, Some(90))));
        check("2026-03-01T09:00-05:00[America/New_York]", Some((29_539_260, Some(-300))));
        check("2026-03-01T09:00Z", Some((29_539_260, Some(0))));
        for bad in [
            "",
            "today",
            "2026-13-01",
            "2026-01-01T25:00",
            "2026-01-01T09",
            "99999-01-01",
            "1-2-3-4",
            "2026-01-01T+",
        ] {
            assert!(Moment::read(bad).is_none() || bad.ends_with('+'), "{bad}");
        }
        assert_eq!(Moment::read("2026-03-01T09:00+01:00").map(Moment::instant), Some(29_539_200));
    }

    #[test]
    fn times_are_said_in_words() {
        assert_eq!(words("2026-03-01T09:05+01:00"), "1 Mar 2026, 09:05");
        assert_eq!(words("2026-12-31"), "31 Dec 2026");
        assert_eq!(words("next week"), "next week");
        assert_eq!(day_words(month_start(2026 * 12 + 1)), "1 Feb 2026");
        assert_eq!(month_name(0), "");
    }

    proptest! {
        #[test]
        fn days_come_back(day in -200_000i64..2_000_000) {
            let (year, month, of_month) = date(day * DAY + 77);
            prop_assert_eq!(days(year, month, of_month), day);
        }

        #[test]
        fn any_text_is_read_or_not(text in "\\PC{0,30}") {
            let _ = words(&text);
        }
    }
}
