//! Cells in time order as rows of a calendar: a row a month, weeks from Monday on, a blank for a day without posts.
//!
//! Knows no posts. Invariant: every cell stands in exactly one row, in the order in which it came.

/// One post.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cell<S> {
    pub(super) day: Option<Day>,
    pub(super) letter: char,
    pub(super) style: S,
    /// Whether it is marked below.
    pub(super) marked: bool,
}

/// A day of the Gregorian calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Day {
    year: i32,
    /// From 1.
    month: u8,
    /// From 1.
    day: u8,
}

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

impl Day {
    /// The day of a time as it is understood: `2026-03-01T09:00`.
    pub(super) fn of(time: &str) -> Option<Self> {
        let mut pieces = time.split('T').next()?.splitn(3, '-');
        let year = pieces.next()?.parse().ok().filter(|year| (0..=9999).contains(year))?;
        let month = pieces.next()?.parse().ok().filter(|month| (1..=12).contains(month))?;
        let day = pieces.next()?.parse().ok().filter(|day| (1..=31).contains(day))?;
        Some(Self { year, month, day })
    }

    /// `1 Mar 2026`.
    pub(super) fn said(self) -> String {
        format!("{} {}", self.day, self.month_said())
    }

    fn month_said(self) -> String {
        let name = MONTHS.get(usize::from(self.month) - 1).copied().unwrap_or_default();
        format!("{name} {:04}", self.year)
    }

    /// Months since the year 0.
    fn month_number(self) -> i32 {
        self.year * 12 + i32::from(self.month) - 1
    }

    /// From 0, Monday (the formula of Sakamoto).
    fn weekday(self) -> usize {
        const SHIFT: [i32; 12] = [0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4];
        let year = self.year - i32::from(self.month < 3);
        let shift = SHIFT.get(usize::from(self.month) - 1).copied().unwrap_or_default();
        let sunday =
            year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + shift + i32::from(self.day);
        usize::try_from((sunday + 6).rem_euclid(7)).unwrap_or_default()
    }

    fn first_of_month(self) -> Self {
        Self { day: 1, ..self }
    }
}

/// Something in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece<S> {
    /// A post.
    Cell(Cell<S>),
    /// A day without posts.
    Blank,
    /// Between two weeks.
    Week,
}

/// A row: its name, and what stands in it; a row without pieces is only said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row<S> {
    pub(super) name: String,
    pub(super) pieces: Vec<Piece<S>>,
}

/// Cells without a day stand in groups of so many.
const GROUP: usize = 5;

/// Lays cells out in rows of at most `room` pieces.
pub(super) fn rows<S: Copy>(cells: &[Cell<S>], room: usize) -> Vec<Row<S>> {
    let room = room.max(2 * GROUP);
    let mut rows = Vec::new();
    let mut last: Option<i32> = None;
    let mut rest = cells;
    while let Some(first) = rest.first() {
        let month = first.day.map(Day::month_number);
        let end = rest.iter().position(|cell| cell.day.map(Day::month_number) != month).unwrap_or(rest.len());
        let (these, others) = rest.split_at(end);
        rest = others;
        match first.day {
            Some(day) => {
                let number = day.month_number();
                if let Some(empty) = last.map(|last| number - last - 1).filter(|empty| *empty > 0) {
                    let months = if empty == 1 { "a month".to_owned() } else { format!("{empty} months") };
                    rows.push(Row { name: format!("{months} without a post"), pieces: Vec::new() });
                }
                last = Some(number);
                wrap(day.month_said(), weeks(these, day), room, &mut rows);
            }
            None => {
                let groups = these.chunks(GROUP).map(|group| group.iter().copied().map(Piece::Cell).collect());
                let name = if these.len() == cells.len() { "" } else { "no time" };
                wrap(name.to_owned(), groups.collect(), room, &mut rows);
            }
        }
    }
    rows
}

/// The weeks of a month, up to the last post; the first begins below the weekday of its first day.
fn weeks<S: Copy>(cells: &[Cell<S>], month: Day) -> Vec<Vec<Piece<S>>> {
    let offset = month.first_of_month().weekday();
    let mut weeks: Vec<Vec<Piece<S>>> = vec![vec![Piece::Blank; offset]];
    let mut done = 0;
    for cell in cells {
        let day = cell.day.map_or(0, |day| day.day);
        while done < day {
            done += 1;
            let begins = (offset + usize::from(done) - 1).is_multiple_of(7);
            if begins && done > 1 {
                weeks.push(Vec::new());
            }
            if done < day
                && let Some(week) = weeks.last_mut()
            {
                week.push(Piece::Blank);
            }
        }
        if let Some(week) = weeks.last_mut() {
            week.push(Piece::Cell(*cell));
        }
    }
    weeks
}

/// Puts weeks behind one another, as many as fit; one that fits into no row is cut.
fn wrap<S: Copy>(name: String, weeks: Vec<Vec<Piece<S>>>, room: usize, rows: &mut Vec<Row<S>>) {
    let mut row = Row { name, pieces: Vec::new() };
    for (number, week) in weeks.into_iter().enumerate() {
        if number > 0 && row.pieces.len() + 1 + week.len() > room {
            rows.push(std::mem::replace(&mut row, Row { name: String::new(), pieces: Vec::new() }));
        } else if number > 0 {
            row.pieces.push(Piece::Week);
        }
        for piece in week {
            if row.pieces.len() == room {
                rows.push(std::mem::replace(&mut row, Row { name: String::new(), pieces: Vec::new() }));
            }
            row.pieces.push(piece);
        }
    }
    rows.push(row);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Cells of days, each a letter in its order; `-` has none.
    fn cells(days: &[&str]) -> Vec<Cell<()>> {
        let letters = ('a'..='z').cycle();
        days.iter()
            .zip(letters)
            .map(|(day, letter)| Cell { day: Day::of(day), letter, style: (), marked: false })
            .collect()
    }

    #[track_caller]
    fn check(days: &[&str], room: usize, expected: &[&str]) {
        let told = rows(&cells(days), room).into_iter().map(|row| {
            let piece = |piece: &Piece<()>| match piece {
                Piece::Cell(cell) => cell.letter,
                Piece::Blank => ' ',
                Piece::Week => '|',
            };
            format!("{}: {}", row.name, row.pieces.iter().map(piece).collect::<String>())
        });
        assert_eq!(told.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_row_is_a_month_and_a_blank_is_a_day() {
        // 1 March 2026 is a Sunday.
        check(&["2026-03-01T09:00"], 60, &["Mar 2026:       a"]);
        check(&["2026-03-02T09:00", "2026-03-02T10:00", "2026-03-05"], 60, &["Mar 2026:        |ab  c"]);
        check(
            &["2026-03-01", "2026-03-09", "2026-04-01", "2026-07-31T23:00+02:00"],
            60,
            &[
                "Mar 2026:       a|       |b",
                "Apr 2026:   c",
                "2 months without a post: ",
                "Jul 2026:        |       |       |       |    d",
            ],
        );
    }

    #[test]
    fn what_has_no_time_stands_in_groups() {
        check(&["-"; 12], 60, &[": abcde|fghij|kl"]);
        check(&["2026-01-01", "x", "2026-13-01"], 60, &["Jan 2026:    a", "no time: bc"]);
    }

    #[test]
    fn rows_are_wrapped_between_weeks_or_where_they_must() {
        check(&["-"; 12], 11, &[": abcde|fghij", ": kl"]);
        check(&["2026-06-01"; 12], 10, &["Jun 2026: abcdefghij", ": kl"]);
        check(&["2026-06-07", "2026-06-08", "2026-06-10"], 10, &["Jun 2026:       a", ": b c"]);
        check(&["2026-06-07", "2026-06-08", "2026-06-09"], 10, &["Jun 2026:       a|bc"]);
    }

    #[test]
    fn weekdays_are_those_of_the_calendar() {
        for (day, weekday) in [("1970-01-01", 3), ("2000-02-29", 1), ("2024-12-31", 1), ("2026-03-01", 6)] {
            assert_eq!(Day::of(day).unwrap().weekday(), weekday, "{day}");
        }
    }
}
