//! What a time means.
//!
//! Names the only package that knows calendars and zones. Reads no clock: a time is what the source says. Invariant: what
//! was written with an offset keeps it.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};

use crate::diagnostic::Diagnostic;
use crate::document::PostTime;
use crate::text::Source;

/// When a post is due or went out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct When {
    instant: Timestamp,
    /// As the calendar and the clock on the wall say it.
    local: DateTime,
    /// The offset, where one is written.
    offset: Option<Offset>,
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

    /// So many seconds later, on the same clock; none at the end of time.
    #[must_use]
    pub fn later(&self, seconds: i64) -> Option<Self> {
        let span = jiff::SignedDuration::from_secs(seconds);
        Some(Self {
            instant: self.instant.checked_add(span).ok()?,
            local: self.local.checked_add(span).ok()?,
            ..*self
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
        match self.offset {
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
    let found = times
        .iter()
        .map(|time| {
            let time = (*time)?;
            let local: Option<DateTime> = time.text.parse().ok();
            let instant = local.and_then(|local| zone.to_timestamp(local).ok());
            let (Some(local), Some(instant)) = (local, instant) else {
                notes.push(unreadable(time, source));
                return None;
            };
            Some(When { instant, local, offset: None, date_only: false })
        })
        .collect();
    let _ = order;
    (found, notes)
}

fn unreadable(time: &PostTime, source: &Arc<Source>) -> Diagnostic {
    let mut note =
        Diagnostic::new(crate::diagnostic::Level::Note, "queue/unreadable-time", "a time that cannot be read");
    for span in &time.spans {
        note = note.label(source, *span, "");
    }
    note.help("write it as 2026-03-01 09:00, with an offset if the zone is another")
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
