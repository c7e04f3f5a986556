//! Times as schedulers write them.

use super::*;
use crate::text::Span;

fn all(times: &[&str], order: DayOrder, zone: &TimeZone) -> (Vec<String>, Vec<String>) {
    let text = times.join("\n");
    let source = Arc::new(Source::from_text("plan.csv", text.as_str()));
    let mut at = 0;
    let posts: Vec<PostTime> = times
        .iter()
        .map(|time| {
            let span = Span::of(at..at + time.len());
            at += time.len() + 1;
            PostTime { text: (*time).to_owned(), spans: vec![span] }
        })
        .collect();
    let posts: Vec<Option<&PostTime>> = posts.iter().map(Some).collect();
    let (found, notes) = settle(&posts, order, zone, &source);
    let found =
        found.iter().map(|one| one.as_ref().map_or_else(|| "-".to_owned(), |when| when.to_string())).collect();
    let note = |note: &Diagnostic| format!("{} {}", note.code, source.slice(note.labels[0].span));
    (found, notes.iter().map(note).collect())
}

#[track_caller]
fn check(text: &str, expected: &str) {
    let (found, notes) = all(&[text], DayOrder::DayFirst, &utc());
    assert_eq!(found, [expected], "{text}");
    assert_eq!(notes.len(), usize::from(expected == "-"), "{text}: {notes:?}");
}

#[test]
fn vendors_forms_are_read() {
    check("2026-03-01 09:00", "2026-03-01T09:00");
    check("2026-03-01 9:00:30", "2026-03-01T09:00");
    check("2026-03-01T09:00", "2026-03-01T09:00");
    check("2026-03-01T09:00:00Z", "2026-03-01T09:00Z");
    check("2026-03-01T09:00:00.123456+02:00", "2026-03-01T09:00+02:00");
    check("2026-03-01T09:00:00-0330", "2026-03-01T09:00-03:30");
    check("2026/03/01 09:00", "2026-03-01T09:00");
    check("2017/06/08 08:15:44 UTC", "2017-06-08T08:15Z");
    check("25/06/2026 14:30", "2026-06-25T14:30");
    check("25.06.2026 14:30", "2026-06-25T14:30");
    check("2022-12-15 5:05 pm", "2022-12-15T17:05");
    check("2022-12-15 12:05 AM", "2022-12-15T00:05");
    check("2022-12-15 12pm", "2022-12-15T12:00");
    check("Wed Oct 19 20:07:25 +0000 2022", "2022-10-19T20:07Z");
    check("Wed, 19 Oct 2022 20:07:25 +0200", "2022-10-19T20:07+02:00");
    check("March 3rd, 2026 at 9:30 AM", "2026-03-03T09:30");
    check("3 Sept 2026", "2026-09-03");
    check("2026-03-01", "2026-03-01");
    check("20260301", "2026-03-01");
    check("20260301T090000Z", "2026-03-01T09:00Z");
    check("1772355600", "2026-03-01T09:00Z");
    check("1772355600000", "2026-03-01T09:00Z");
    check("1772355600.5", "2026-03-01T09:00Z");
    check("25 06 2016 01 00", "2016-06-25T01:00");
    check("2016 06 25 01 00", "2016-06-25T01:00");
    check("2026-03-01_09-00", "2026-03-01T09:00");
    check("2026-07-01 09:00 Europe/Lisbon", "2026-07-01T09:00+01:00");
    check("2026-07-01 09:00 America/New_York", "2026-07-01T09:00-04:00");
    check("01/07/2026 09:00 America/New_York", "2026-07-01T09:00-04:00");
    check("2026-07-01 9:00 AM PST", "2026-07-01T09:00-08:00");
    check("2026-07-01 09:00 UTC+2", "2026-07-01T09:00+02:00");
}

#[test]
fn what_is_not_understood_is_a_note_at_its_place() {
    for text in [
        "next Friday at 2 PM",
        "Week 1 Mon",
        "soon",
        "2026-02-30",
        "2026-13-01",
        "2026-03-01 25:00",
        "13:00 pm 2026-03-01",
        "2026-03-01 or 2026-03-02",
        "09:00",
        "31/31/2026",
        "2026-03-01 09:00 Europe/Atlantis",
        "12",
        "2026-03-01 09:00 +99",
        "99999999999999999999",
        "12:30:",
        "1/1/1/1",
        "2026-03-01 09:60",
    ] {
        check(text, "-");
    }
    let (found, notes) = all(&["2026-03-01", "sometime", "2026-03-02"], DayOrder::Auto, &utc());
    assert_eq!(found, ["2026-03-01", "-", "2026-03-02"]);
    assert_eq!(notes, ["input/unreadable-time sometime"]);
}

#[track_caller]
fn check_order(times: &[&str], order: DayOrder, expected: &[&str], notes: &[&str]) {
    let (found, told) = all(times, order, &utc());
    assert_eq!(found, expected, "{times:?}");
    assert_eq!(told, notes, "{times:?}");
}

#[test]
fn all_dates_of_a_file_tell_day_from_month() {
    check_order(&["01/02/2026", "13/02/2026"], DayOrder::Auto, &["2026-02-01", "2026-02-13"], &[]);
    check_order(&["01/02/2026", "02/13/2026"], DayOrder::Auto, &["2026-01-02", "2026-02-13"], &[]);
    check_order(&["1/2/26", "3/3/26"], DayOrder::Auto, &["2026-01-02", "2026-03-03"], &["input/day-order 1/2/26"]);
    check_order(&["3/3/26"], DayOrder::Auto, &["2026-03-03"], &[]);
    check_order(&["01/02/2026"], DayOrder::DayFirst, &["2026-02-01"], &[]);
    check_order(&["01/02/2026"], DayOrder::MonthFirst, &["2026-01-02"], &[]);
    check_order(&["13/02/2026"], DayOrder::MonthFirst, &["2026-02-13"], &[]);
    check_order(
        &["13/02/2026", "02/13/2026", "01/02/2026"],
        DayOrder::Auto,
        &["2026-02-13", "2026-02-13", "2026-01-02"],
        &["input/day-order 01/02/2026"],
    );
    // Dots stand in countries that write the day first, whatever the slashes of the file say.
    check_order(&["01.02.2026", "02/13/2026"], DayOrder::Auto, &["2026-02-01", "2026-02-13"], &[]);
}

#[test]
fn a_time_without_a_zone_is_one_of_the_config() {
    let seconds = |text: &str, zone: &TimeZone| {
        let source = Arc::new(Source::from_text("a", text));
        let time = PostTime { text: text.to_owned(), spans: vec![Span::default()] };
        settle(&[Some(&time)], DayOrder::Auto, zone, &source).0[0].clone().unwrap().seconds()
    };
    let lisbon = zone("Europe/Lisbon").unwrap();
    assert_eq!(seconds("2026-07-01 09:00", &lisbon), seconds("2026-07-01T08:00Z", &utc()));
    assert_eq!(seconds("2026-07-01T08:00Z", &lisbon), seconds("2026-07-01T08:00Z", &utc()));
    assert_eq!(seconds("2026-01-01 09:00", &zone("+02:00").unwrap()), seconds("2026-01-01T07:00Z", &utc()));
    assert!(zone("Mars/Olympus").is_none() && zone("").is_none() && zone("+").is_none());
    assert_eq!(zone("UTC").map(|utc| seconds("2026-01-01", &utc)), Some(seconds("2026-01-01T00:00Z", &lisbon)));
}

proptest::proptest! {
    #[test]
    fn no_time_is_too_strange(text in "[0-9a-zA-Z:+/., _\\-]{0,40}|\\PC{0,30}") {
        let _ = all(&[&text], DayOrder::Auto, &utc());
        let _ = zone(&text);
    }
}

#[test]
fn of_very_many_bad_times_the_number_is_told() {
    let times = vec!["sometime"; MOST_TOLD + 3];
    let source = Arc::new(Source::from_text("plan.csv", "sometime"));
    let time = PostTime { text: times[0].to_owned(), spans: vec![Span::new(0, 8)] };
    let posts: Vec<Option<&PostTime>> = times.iter().map(|_| Some(&time)).collect();
    let (found, notes) = settle(&posts, DayOrder::Auto, &utc(), &source);
    assert_eq!((found.len(), notes.len()), (MOST_TOLD + 3, MOST_TOLD + 1));
    assert_eq!(notes[MOST_TOLD].message, "3 more times cannot be read");
}

#[test]
fn what_is_later_is_said_as_it_will_be_read() {
    #[track_caller]
    fn check(text: &str, in_zone: &str, hours: f64, expected: &str) {
        let zone = zone(in_zone).unwrap();
        let read = |text: &str| {
            let source = Arc::new(Source::from_text("a", text));
            let time = PostTime { text: text.to_owned(), spans: vec![Span::default()] };
            settle(&[Some(&time)], DayOrder::Auto, &zone, &source).0[0].clone().unwrap()
        };
        let seconds = (hours * 3_600.0) as i64;
        let (from, later) = (read(text), read(text).later(seconds).unwrap());
        assert_eq!(later.to_string(), expected, "{text}");
        assert_eq!(read(expected).seconds(), later.seconds(), "{text}");
        assert!(later.seconds() >= from.seconds() + seconds, "{text}");
    }
    check("2026-03-02 12:00", "UTC", 72.0, "2026-03-05T12:00");
    // The clock is put forward on 29 March, and back on 25 October.
    check("2026-03-27 12:00", "Europe/Lisbon", 72.0, "2026-03-30T13:00");
    check("2026-03-27 12:00 Europe/Lisbon", "UTC", 72.0, "2026-03-30T13:00+01:00");
    check("2026-03-27T12:00+01:00", "Europe/Lisbon", 72.0, "2026-03-30T12:00+01:00");
    check("2026-03-28 00:59:30", "Europe/Lisbon", 24.0, "2026-03-29T02:00");
    check("2026-10-24 01:30", "Europe/Lisbon", 24.0, "2026-10-25T01:30");
    check("2026-10-24 01:30", "Europe/Lisbon", 25.0, "2026-10-25T02:30");
    // A day is as long as it is, and a time is shown without its seconds.
    check("2026-03-27", "UTC", 72.0, "2026-03-30");
    check("2026-03-27", "Europe/Lisbon", 72.0, "2026-03-31");
    check("2026-10-24", "Europe/Lisbon", 48.0, "2026-10-26");
    check("2026-03-02 12:00:30", "UTC", 1.0, "2026-03-02T13:01");
    check("1772355600", "Europe/Lisbon", 1.0, "2026-03-01T10:00Z");
}
