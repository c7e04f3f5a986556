//! What a time means.
//!
//! Names the only package that knows calendars and zones. Reads no clock: a time is what the source says. Invariant: what
//! was written with an offset keeps it, and a time that is shown is read as the same one.

mod read;

use std::fmt;
use std::sync::Arc;

use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Span, Timestamp};

use self::read::{Numbers, Written};
use crate::diagnostic::{Diagnostic, Level};
use crate::document::PostTime;
use crate::text::Source;

/// When a post is due or went out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct When {
    instant: Timestamp,
    /// As the calendar and the clock on the wall say it.
    local: DateTime,
    /// The zone of that clock.
    zone: TimeZone,
    /// Whether the zone is written with it.
    zoned: bool,
    /// Whether no time of day is given.
    date_only: bool,
}

impl When {
    /// Seconds since the start of 1970 in UTC.
    #[must_use]
    pub fn seconds(&self) -> i64 {
        self.instant.as_second()
    }

    /// Whether no time of day is given.
    #[must_use]
    pub const fn is_date(&self) -> bool {
        self.date_only
    }

    /// So many seconds later, or as little more as it takes to say it on the same clock, in minutes or in days; none at the
    /// end of time.
    #[must_use]
    pub fn later(&self, seconds: i64) -> Option<Self> {
        let least = self.instant.checked_add(SignedDuration::from_secs(seconds)).ok()?;
        let local = self.zone.to_datetime(least);
        let none = Span::new();
        // A clock that is put back says the times of an hour twice, and is then read as the first.
        let (whole, more) = if self.date_only {
            (local.date().at(0, 0, 0, 0), [none, none.days(1), none.days(2), none.days(3)])
        } else {
            let whole = local.date().at(local.hour(), local.minute(), 0, 0);
            (whole, [none, none.minutes(1), none.hours(1), none.minutes(61)])
        };
        more.into_iter().find_map(|more| {
            let local = whole.checked_add(more).ok()?;
            let instant = self.zone.to_timestamp(local).ok()?;
            // What a clock skips would be read as another time than is shown.
            let kept = self.date_only || self.zone.to_datetime(instant) == local;
            (kept && instant >= least).then(|| Self { instant, local, ..self.clone() })
        })
    }
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.date_only {
            return write!(f, "{}", self.local.date());
        }
        let (date, time) = (self.local.date(), self.local.time());
        write!(f, "{date}T{:02}:{:02}", time.hour(), time.minute())?;
        match self.zoned.then(|| self.zone.to_offset(self.instant)) {
            None => Ok(()),
            Some(offset) if offset == Offset::UTC => f.write_str("Z"),
            Some(offset) => {
                let minutes = offset.seconds() / 60;
                let sign = if minutes < 0 { '-' } else { '+' };
                write!(f, "{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60)
            }
        }
    }
}

/// Which of two numbers of a date is the day, where the year stands last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DayOrder {
    /// Told by all dates of a source together.
    #[default]
    Auto,
    /// `31/12/2026`.
    DayFirst,
    /// `12/31/2026`.
    MonthFirst,
}

impl DayOrder {
    /// The names in the config.
    pub const NAMES: [&'static str; 3] = ["auto", "day-first", "month-first"];

    /// Reads one of [`DayOrder::NAMES`].
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "auto" => Some(Self::Auto),
            "day-first" => Some(Self::DayFirst),
            "month-first" => Some(Self::MonthFirst),
            _ => None,
        }
    }
}

/// Times of a source that are told each for itself where they cannot be read.
const MOST_TOLD: usize = 1_000;

/// Reads the times of one source together, since together they tell day from month. What cannot be read is a note at
/// its place, and so is an order that had to be assumed.
#[must_use]
pub fn settle(
    times: &[Option<&PostTime>],
    order: DayOrder,
    zone: &TimeZone,
    source: &Arc<Source>,
) -> (Vec<Option<When>>, Vec<Diagnostic>) {
    let mut notes = Vec::new();
    let written: Vec<Option<Written>> =
        times.iter().map(|time| time.and_then(|time| read::read(&time.text))).collect();
    let told = told(&written);
    let day_first = match (order, told) {
        (DayOrder::DayFirst, _) | (DayOrder::Auto, (true, false)) => true,
        (DayOrder::MonthFirst, _) | (DayOrder::Auto, _) => false,
    };
    if order == DayOrder::Auto && told.0 == told.1 {
        notes.extend(assumed(times, &written, told.0, source));
    }
    let mut bad: usize = 0;
    let when = |(time, written): (&Option<&PostTime>, Option<Written>)| {
        let time = (*time)?;
        let when = written.and_then(|written| when(written, day_first, zone));
        if when.is_none() {
            bad += 1;
            if bad <= MOST_TOLD {
                notes.push(unreadable(time, source));
            }
        }
        when
    };
    let found = times.iter().zip(written).map(when).collect();
    // In the order of the file.
    notes.sort_by_key(|note: &Diagnostic| note.labels.first().map(|label| label.span));
    if let Some(more @ 1..) = bad.checked_sub(MOST_TOLD) {
        let message = format!("{more} more times cannot be read");
        notes.push(Diagnostic::new(Level::Note, "input/more", message).about(source.name()));
    }
    (found, notes)
}

/// Whether some date can only be day first, and whether one can only be month first.
fn told(written: &[Option<Written>]) -> (bool, bool) {
    let mut told = (false, false);
    for one in written.iter().flatten() {
        if let Written::Local { date: Numbers::Either(first, second, _), .. } = one {
            told.0 |= *first > 12;
            told.1 |= *second > 12;
        }
    }
    told
}

/// The note on dates that could be read both ways.
fn assumed(
    times: &[Option<&PostTime>],
    written: &[Option<Written>],
    torn: bool,
    source: &Arc<Source>,
) -> Option<Diagnostic> {
    let open = |written: &Written| {
        let Written::Local { date: Numbers::Either(first, second, _), .. } = written else { return false };
        first != second && *first <= 12 && *second <= 12
    };
    let at = written.iter().position(|one| one.as_ref().is_some_and(open))?;
    let time = (*times.get(at)?)?;
    let message = if torn {
        "dates of both orders in one file; this one is read as month first"
    } else {
        "day and month cannot be told apart in this file; the month is taken to stand first"
    };
    let note = Diagnostic::new(Level::Note, "input/day-order", message);
    Some(
        placed(note, time, source)
            .help("say which in the config: `[queue] day-order = \"day-first\"` or \"month-first\""),
    )
}

fn when(written: Written, day_first: bool, zone: &TimeZone) -> Option<When> {
    let (date, time, written_zone) = match written {
        Written::Epoch(milliseconds) => {
            let instant = Timestamp::from_millisecond(milliseconds).ok()?;
            let local = Offset::UTC.to_datetime(instant);
            return Some(When { instant, local, zone: TimeZone::UTC, zoned: true, date_only: false });
        }
        Written::Local { date, time, zone } => (date, time, zone),
    };
    let (year, month, day) = match date {
        Numbers::Known(year, month, day) => (year, month, day),
        Numbers::Either(first, second, year) if (day_first || first > 12) && second <= 12 => (year, second, first),
        Numbers::Either(first, second, year) => (year, first, second),
        Numbers::DayFirst(day, month, year) if month <= 12 => (year, month, day),
        Numbers::DayFirst(month, day, year) => (year, month, day),
    };
    let (hour, minute, second) = time.unwrap_or_default();
    let local = DateTime::new(year, month, day, hour, minute, second, 0).ok()?;
    let zoned = written_zone.is_some();
    let zone = written_zone.unwrap_or_else(|| zone.clone());
    let instant = zone.to_timestamp(local).ok()?;
    Some(When { instant, local, zone, zoned, date_only: time.is_none() })
}

fn unreadable(time: &PostTime, source: &Arc<Source>) -> Diagnostic {
    let note = Diagnostic::new(Level::Note, "input/unreadable-time", "a time that cannot be read");
    placed(note, time, source).help("write it as 2026-03-01 09:00, with an offset if the zone is another")
}

fn placed(note: Diagnostic, time: &PostTime, source: &Arc<Source>) -> Diagnostic {
    time.spans.iter().fold(note, |note, &span| note.label(source, span, ""))
}

/// The zone of times that name none, where nothing else is known.
#[must_use]
pub fn utc() -> TimeZone {
    TimeZone::UTC
}

/// The zone of a name: `Europe/Lisbon`, `UTC`, or an offset such as `+02:00`; none where nobody knows it.
#[must_use]
pub fn zone(name: &str) -> Option<TimeZone> {
    if let Ok(zone) = TimeZone::get(name) {
        return Some(zone);
    }
    let offset = name.strip_prefix("UTC").unwrap_or(name);
    let sign = match offset.chars().next()? {
        '+' => 1,
        '-' => -1,
        _ => return None,
    };
    let (hours, minutes) = offset.get(1..)?.split_once(':').unwrap_or((offset.get(1..)?, "0"));
    let seconds = hours.parse::<i32>().ok()?.checked_mul(3_600)?.checked_add(minutes.parse::<i32>().ok()? * 60)?;
    Offset::from_seconds(sign * seconds).ok().map(TimeZone::fixed)
}

#[cfg(test)]
mod tests;
