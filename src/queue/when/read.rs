//! The forms in which schedulers write a time.
//!
//! Reads the letters alone, one time by itself: what only all dates of a file can tell, day from month, is left open.
//! Invariant: what is not understood to the last word is not understood.

use jiff::tz::{Offset, TimeZone};

/// A time, read as far as it can be alone.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Written {
    /// Milliseconds since the start of 1970 in UTC.
    Epoch(i64),
    /// A date, and what may stand beside it.
    Local { date: Numbers, time: Option<(i8, i8, i8)>, zone: Option<TimeZone> },
}

/// Three numbers of a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Numbers {
    /// Year, month and day.
    Known(i16, i8, i8),
    /// Day and month in the order of the file, and the year.
    Either(i8, i8, i16),
    /// Day and month in this order unless that is no date, and the year.
    DayFirst(i8, i8, i16),
}

#[derive(Clone, Debug, PartialEq)]
enum Piece {
    /// Its value, and how many digits it has.
    Number(i64, usize),
    Word(String),
    Mark(char),
}

/// Reads one time; none where it is of no known form.
pub(super) fn read(text: &str) -> Option<Written> {
    let text = text.trim();
    if let Some(epoch) = epoch(text) {
        return Some(Written::Epoch(epoch));
    }
    let mut pieces = pieces(text)?;
    let zone = zone_name(text, &mut pieces)?;
    let (time, offset) = clock(&mut pieces)?;
    let (date, late) = date(&pieces)?;
    let zone = zone.or(offset);
    let time = match (time, late) {
        (Some(_), Some(_)) => return None,
        (time, late) => time.or(late),
    };
    Some(Written::Local { date, time, zone })
}

/// A number alone: seconds, milliseconds or microseconds.
fn epoch(text: &str) -> Option<i64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.chars().all(|next| next.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(part) {
        return None;
    }
    let number: i64 = whole.parse().ok()?;
    match whole.len() {
        9..=11 => number.checked_mul(1_000),
        12..=14 if part.is_empty() => Some(number),
        15..=17 if part.is_empty() => Some(number / 1_000),
        _ => None,
    }
}

fn pieces(text: &str) -> Option<Vec<Piece>> {
    const MOST: usize = 40;
    let mut pieces: Vec<Piece> = Vec::new();
    let mut letters = text.chars().peekable();
    while let Some(&next) = letters.peek() {
        if pieces.len() > MOST {
            return None;
        }
        if next.is_ascii_digit() {
            let mut digits = String::new();
            while let Some(digit) = letters.next_if(char::is_ascii_digit) {
                digits.push(digit);
            }
            pieces.push(Piece::Number(digits.parse().ok()?, digits.len()));
        } else if next.is_alphabetic() {
            let mut word = String::new();
            while let Some(letter) = letters.next_if(|next| next.is_alphabetic()) {
                word.extend(letter.to_lowercase());
            }
            pieces.push(Piece::Word(word));
        } else {
            letters.next();
            if !next.is_whitespace() && !matches!(next, ',' | '_' | ';' | '(' | ')' | '|') {
                pieces.push(Piece::Mark(next));
            }
        }
    }
    Some(pieces)
}

/// A zone by name (`Europe/Lisbon`, `UTC`, `PST`), taken out of the pieces. The outer none says that a name is there that
/// nobody knows.
#[expect(clippy::option_option, reason = "no zone is not an unknown zone")]
fn zone_name(text: &str, pieces: &mut Vec<Piece>) -> Option<Option<TimeZone>> {
    if let Some(name) = text.split([' ', '(', ')', '[', ']']).find(|word| is_zone(word)) {
        let zone = TimeZone::get(name).ok()?;
        let words: Vec<String> = name.split(|next: char| !next.is_alphabetic()).map(str::to_lowercase).collect();
        pieces.retain(|piece| match piece {
            Piece::Word(word) => !words.contains(word),
            Piece::Mark(mark) => !matches!(mark, '[' | ']'),
            Piece::Number(..) => true,
        });
        // The slash between the words of the name.
        let slash = pieces.iter().rposition(|piece| *piece == Piece::Mark('/'))?;
        pieces.remove(slash);
        return Some(Some(zone));
    }
    let known = |piece: &Piece| match piece {
        Piece::Word(word) => ZONES.iter().find(|(name, _)| name == word).map(|(_, minutes)| *minutes),
        Piece::Number(..) | Piece::Mark(_) => None,
    };
    let Some((at, minutes)) = pieces.iter().enumerate().find_map(|(at, piece)| Some((at, known(piece)?))) else {
        return Some(None);
    };
    pieces.remove(at);
    // `UTC+2`, `GMT-05:00`.
    let sign = match pieces.get(at) {
        Some(Piece::Mark('+')) => 1,
        Some(Piece::Mark('-')) => -1,
        _ => return fixed(minutes).map(Some),
    };
    pieces.remove(at);
    offset(pieces, at, sign).map(Some)
}

fn is_zone(word: &str) -> bool {
    let mut parts = word.split('/');
    let named = |part: &str| {
        part.starts_with(|first: char| first.is_ascii_uppercase())
            && part.chars().all(|next| next.is_ascii_alphabetic() || matches!(next, '_' | '-'))
    };
    parts.next().is_some_and(named) && parts.next().is_some_and(named)
}

fn fixed(minutes: i32) -> Option<TimeZone> {
    Offset::from_seconds(minutes * 60).ok().map(TimeZone::fixed)
}

/// Names of zones by their minutes east of Greenwich: those that mean one thing in the countries of the schedulers.
const ZONES: [(&str, i32); 17] = [
    ("z", 0),
    ("utc", 0),
    ("gmt", 0),
    ("est", -300),
    ("edt", -240),
    ("cst", -360),
    ("cdt", -300),
    ("mst", -420),
    ("mdt", -360),
    ("pst", -480),
    ("pdt", -420),
    ("wet", 0),
    ("west", 60),
    ("bst", 60),
    ("cet", 60),
    ("cest", 120),
    ("eet", 120),
];

/// An offset that starts at a piece, behind its sign: `0200`, `02:00`, `2`. Taken out.
fn offset(pieces: &mut Vec<Piece>, at: usize, sign: i32) -> Option<TimeZone> {
    let Some(&Piece::Number(value, digits)) = pieces.get(at) else { return None };
    let value = i32::try_from(value).ok()?;
    let mut taken = 1;
    let minutes = match (digits, pieces.get(at + 1), pieces.get(at + 2)) {
        (1 | 2, Some(Piece::Mark(':')), Some(&Piece::Number(minutes, 2))) => {
            taken = 3;
            value * 60 + i32::try_from(minutes).ok()?
        }
        (1 | 2, ..) => value * 60,
        (4, ..) => value / 100 * 60 + value % 100,
        _ => return None,
    };
    pieces.drain(at..at + taken);
    fixed(sign * minutes)
}

/// Hour, minute and second.
type Clock = (i8, i8, i8);

/// The time of day and the offset behind it, taken out of the pieces. The outer none says that it is no time.
fn clock(pieces: &mut Vec<Piece>) -> Option<(Option<Clock>, Option<TimeZone>)> {
    let is_colon = |piece: Option<&Piece>| piece == Some(&Piece::Mark(':'));
    let number = |piece: Option<&Piece>| match piece {
        Some(&Piece::Number(value, 1 | 2)) => i8::try_from(value).ok(),
        _ => None,
    };
    let half = |piece: Option<&Piece>| match piece {
        Some(Piece::Word(word)) => matches!(word.as_str(), "am" | "pm"),
        _ => false,
    };
    let start = (0..pieces.len()).find(|&at| {
        number(pieces.get(at)).is_some() && (is_colon(pieces.get(at + 1)) || half(pieces.get(at + 1)))
    });
    let Some(start) = start else { return Some((None, None)) };
    let mut time = (number(pieces.get(start))?, 0, 0);
    let mut end = start + 1;
    if is_colon(pieces.get(end)) {
        time.1 = number(pieces.get(end + 1))?;
        end += 2;
        if is_colon(pieces.get(end)) {
            time.2 = number(pieces.get(end + 1))?;
            end += 2;
            // Parts of a second say nothing of a queue.
            if let (Some(Piece::Mark('.')), Some(Piece::Number(..))) = (pieces.get(end), pieces.get(end + 1)) {
                end += 2;
            }
        }
    }
    if let Some(Piece::Word(word)) = pieces.get(end)
        && half(pieces.get(end))
    {
        if !(1..=12).contains(&time.0) {
            return None;
        }
        time.0 = time.0 % 12 + if word == "pm" { 12 } else { 0 };
        end += 1;
    }
    pieces.drain(start..end);
    let sign = match (pieces.get(start), pieces.get(start + 1)) {
        (Some(Piece::Mark('+')), Some(Piece::Number(..))) => 1,
        (Some(Piece::Mark('-')), Some(Piece::Number(..))) => -1,
        _ => return Some((Some(time), None)),
    };
    pieces.remove(start);
    let zone = offset(pieces, start, sign)?;
    Some((Some(time), Some(zone)))
}

/// The first three letters of the months.
const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// Words that stand in a date and say nothing.
const SILENT: [&str; 9] = ["t", "at", "on", "of", "the", "st", "nd", "rd", "th"];

/// Whether a word is a name, written whole or begun with at least three letters.
fn number_of(word: &str, names: &[&str]) -> Option<i8> {
    let whole = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
    ];
    let known = word.len() >= 3 && whole.iter().any(|name| name.starts_with(word));
    let at = names.iter().position(|name| word.get(..3) == Some(name))?;
    known.then(|| i8::try_from(at + 1).ok()).flatten()
}

/// The date, and the time of day where each number has a cell of its own.
fn date(pieces: &[Piece]) -> Option<(Numbers, Option<Clock>)> {
    let mut numbers: Vec<(i64, usize)> = Vec::new();
    let mut month = None;
    let mut dotted = false;
    for piece in pieces {
        match piece {
            Piece::Number(value, digits) => numbers.push((*value, *digits)),
            Piece::Mark('.') => dotted = true,
            Piece::Mark('-' | '/') => {}
            Piece::Mark(_) => return None,
            Piece::Word(word) if SILENT.contains(&word.as_str()) || number_of(word, &WEEKDAYS).is_some() => {}
            Piece::Word(word) => {
                month = Some(number_of(word, &MONTHS).filter(|_| month.is_none())?);
            }
        }
    }
    let small = |at: usize| match numbers.get(at) {
        Some(&(value, 1 | 2)) => i8::try_from(value).ok(),
        _ => None,
    };
    let year = |at: usize| match numbers.get(at) {
        Some(&(value, 4)) => i16::try_from(value).ok(),
        Some(&(value, 2)) => i16::try_from(2000 + value).ok(),
        _ => None,
    };
    let starts_with_year = numbers.first().is_some_and(|(_, digits)| *digits == 4);
    if let Some(month) = month {
        let (day, year) = if starts_with_year { (small(1)?, year(0)?) } else { (small(0)?, year(1)?) };
        return (numbers.len() == 2).then_some((Numbers::Known(year, month, day), None));
    }
    match numbers.len() {
        // `20260301`, and `20260301T0900`.
        1 | 2 if numbers[0].1 == 8 => {
            let all = numbers[0].0;
            let part = |number: i64| i8::try_from(number).ok();
            let known =
                Numbers::Known(i16::try_from(all / 10_000).ok()?, part(all / 100 % 100)?, part(all % 100)?);
            let time = match numbers.get(1) {
                None => None,
                Some(&(time, 4)) => Some((part(time / 100)?, part(time % 100)?, 0)),
                Some(&(time, 6)) => Some((part(time / 10_000)?, part(time / 100 % 100)?, part(time % 100)?)),
                Some(_) => return None,
            };
            Some((known, time))
        }
        // Three numbers, and those of the clock in cells of their own.
        count @ (3 | 5 | 6) => {
            let date = if starts_with_year {
                Numbers::Known(year(0)?, small(1)?, small(2)?)
            } else if dotted || count > 3 {
                Numbers::DayFirst(small(0)?, small(1)?, year(2)?)
            } else {
                Numbers::Either(small(0)?, small(1)?, year(2)?)
            };
            let second = if count == 6 { small(5)? } else { 0 };
            let time = if count > 3 { Some((small(3)?, small(4)?, second)) } else { None };
            Some((date, time))
        }
        _ => None,
    }
}
