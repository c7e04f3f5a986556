//! A queue as a picture: its posts over time, and the share of them that promotes against the budget.
//!
//! Does not judge. Invariant: what the picture shows stands in words and in the table below it too.

use std::fmt::Write;

use maud::{Markup, html};

use super::post::PostMarkup;
use super::queue::first_words;
use super::time::{DAY, Moment, date, month_name, month_start};
use super::words;
use crate::report::{QueueEntry, QueueReport};
use crate::score::Verdict;

/// The plane, in units of the picture.
const WIDTH: f64 = 960.0;
const LEFT: f64 = 112.0;
const RIGHT: f64 = 944.0;
/// Rows of marks, one a verdict.
const LANE: f64 = 26.0;
const TOP: f64 = 6.0;
/// Height of the share below them, and what stands between.
const PLOT: f64 = 110.0;
const GAP: f64 = 42.0;
/// Room for the scale of time.
const BOTTOM: f64 = 30.0;

/// Up to this many posts are marks of their own; of more, only what kind stands where.
const SINGLE: usize = 400;
/// Labels on the scale of time, at most.
const TICKS: i64 = 8;

/// The picture of a queue; `number` tells it from others on the page.
pub(super) fn chart(queue: &QueueReport, number: usize, posts: &[PostMarkup]) -> Markup {
    let plane = Plane::of(queue);
    let lanes: Vec<Verdict> = words::VERDICTS
        .into_iter()
        .filter(|verdict| *verdict != Verdict::Unjudged || queue.entries.iter().any(|one| one.verdict == *verdict))
        .collect();
    let lanes_end = TOP + LANE * lanes.len() as f64;
    let shares = queue.entries.iter().any(|entry| entry.share.is_some());
    let share_top = lanes_end + GAP;
    let end = if shares { share_top + PLOT } else { lanes_end };
    let height = end + BOTTOM;
    html! {
        svg class="chart" viewBox=(format!("0 0 {WIDTH} {height}")) role="img" focusable="false"
            aria-labelledby=(format!("q{number}t q{number}d")) {
            title id=(format!("q{number}t")) { (queue_title(queue)) }
            desc id=(format!("q{number}d")) { (described(queue, shares)) }
            @for tick in &plane.ticks {
                line class="grid" x1=(n(tick.x)) x2=(n(tick.x)) y1=(n(TOP)) y2=(n(end)) {}
                text class="tick" x=(n(tick.x)) y=(n(end + 18.0)) { (tick.name) }
            }
            @for (lane, &verdict) in lanes.iter().enumerate() {
                @let reading = words::verdict(verdict);
                @let y = TOP + LANE * (lane as f64 + 0.5);
                line class="grid" x1=(n(LEFT)) x2=(n(RIGHT)) y1=(n(y)) y2=(n(y)) {}
                text class="lane" x=(n(LEFT - 12.0)) y=(n(y + 4.0)) { (reading.name) }
                (marks(queue, &plane, (verdict, y), posts))
            }
            @if shares { (share(queue, &plane, share_top)) }
        }
    }
}

fn queue_title(queue: &QueueReport) -> String {
    format!("{}: its posts over time", words::source(&queue.name))
}

fn described(queue: &QueueReport, shares: bool) -> String {
    let budget = match limit(queue).filter(|_| shares) {
        Some(limit) => {
            let limit = words::percent(limit);
            format!(
                " Below, the share of promotion as it goes, against a broken line at {limit}, which is the budget."
            )
        }
        None if shares => " Below, the share of promotion as it goes.".to_owned(),
        None => String::new(),
    };
    format!(
        "A row for each verdict, a mark for each post, from left to right in time order.{budget} A table with all numbers follows."
    )
}

/// A mark on the scale of time.
struct Tick {
    x: f64,
    name: String,
}

/// Where the posts of a queue stand from left to right.
struct Plane {
    places: Vec<f64>,
    ticks: Vec<Tick>,
}

impl Plane {
    fn of(queue: &QueueReport) -> Self {
        let times: Option<Vec<Moment>> =
            queue.entries.iter().map(|entry| Moment::read(entry.time.as_deref()?)).collect();
        let times = times.unwrap_or_default();
        let instants: Vec<i64> = times.iter().map(|time| time.instant()).collect();
        match (instants.iter().min(), instants.iter().max(), times.first().and_then(|first| first.offset)) {
            (Some(&first), Some(&last), offset) if first < last => {
                Self::by_time(&instants, (first, last), offset.unwrap_or(0))
            }
            _ => Self::by_order(queue.entries.len()),
        }
    }

    /// By time, on the clock that is `offset` ahead of UTC.
    fn by_time(instants: &[i64], (first, last): (i64, i64), offset: i64) -> Self {
        let place = |at: i64| scale((at - first) as f64, (last - first) as f64);
        let ticks = ticks(first + offset, last + offset);
        Self {
            places: instants.iter().map(|&at| place(at)).collect(),
            ticks: ticks.into_iter().map(|(at, name)| Tick { x: place(at - offset), name }).collect(),
        }
    }

    /// One after the other, where not all times are known.
    fn by_order(posts: usize) -> Self {
        let last = posts.saturating_sub(1).max(1);
        let step = posts.div_ceil(10).max(1);
        let place = |at: usize| scale(at as f64, last as f64);
        Self {
            places: (0..posts).map(place).collect(),
            ticks: (0..posts).step_by(step).map(|at| Tick { x: place(at), name: (at + 1).to_string() }).collect(),
        }
    }
}

fn scale(part: f64, whole: f64) -> f64 {
    let (from, to) = (LEFT + 10.0, RIGHT - 10.0);
    from + (to - from) * part / whole
}

/// Days, weeks, months or years between two times, whichever are few enough.
fn ticks(first: i64, last: i64) -> Vec<(i64, String)> {
    let of_days = |step: i64| {
        let start = first.div_euclid(DAY) + i64::from(first.rem_euclid(DAY) > 0);
        let days = start..=last.div_euclid(DAY);
        days.step_by(usize::try_from(step).unwrap_or(1)).map(|day| {
            let (_, month, of_month) = date(day * DAY);
            (day * DAY, format!("{of_month} {}", month_name(month)))
        })
    };
    for step in [1, 2, 7, 14] {
        if (last - first) / (step * DAY) <= TICKS {
            return of_days(step).collect();
        }
    }
    let month = |minutes: i64| date(minutes).0 * 12 + date(minutes).1 - 1;
    let months = month(last) - month(first);
    let steps = [1, 2, 3, 6].into_iter().chain([1, 2, 5, 10, 20, 50, 100, 200, 500].map(|years| 12 * years));
    let step = steps.into_iter().find(|step| months / step <= TICKS).unwrap_or(12_000);
    let start = (month(first) + step) / step * step;
    (start..=month(last))
        .step_by(usize::try_from(step).unwrap_or(1))
        .map(|at| {
            let year = at.div_euclid(12);
            let name = match at.rem_euclid(12) {
                0 => year.to_string(),
                month => format!("{} {year}", month_name(month + 1)),
            };
            (month_start(at), name)
        })
        .collect()
}

/// The marks of one verdict.
fn marks(queue: &QueueReport, plane: &Plane, (verdict, y): (Verdict, f64), posts: &[PostMarkup]) -> Markup {
    let of_verdict = || queue.entries.iter().zip(&plane.places).filter(move |(entry, _)| entry.verdict == verdict);
    let class = words::verdict(verdict).class;
    if queue.entries.len() > SINGLE {
        let path = |history: bool| {
            let those = of_verdict().filter(|(entry, _)| entry.post.is_none() == history);
            those.fold(String::new(), |mut path, (_, &x)| {
                // A `String` takes everything.
                let _ = write!(path, "M{} {}v16", n(x), n(y - 8.0));
                path
            })
        };
        return html! {
            path class=(format!("ticks {class} past")) d=(path(true)) {}
            path class=(format!("ticks {class}")) d=(path(false)) {}
        };
    }
    let size = if queue.entries.len() <= 80 { 7.0 } else { 5.0 };
    html! {
        @for (entry, &x) in of_verdict() {
            @let past = entry.post.is_none();
            path class=(format!("mark {class}{}", if past { " past" } else { "" })) d=(shape(verdict, x, y, size))
                data-p=[entry.post.map(|post| post + 1)] { title { (tip(entry, posts)) } }
        }
    }
}

/// What a mark stands for.
fn tip(entry: &QueueEntry, posts: &[PostMarkup]) -> String {
    let mut said = vec![first_words(entry, posts)];
    said.extend(entry.time.as_deref().map(words_of));
    said.push(words::verdict(entry.verdict).name.to_owned());
    if entry.pitch {
        said.push("declared a pitch".to_owned());
    }
    if entry.post.is_none() {
        said.push("already out".to_owned());
    }
    said.join(" · ")
}

fn words_of(time: &str) -> String {
    super::time::words(&crate::emit::clean::line(time))
}

/// A triangle, a diamond, a circle or a square.
fn shape(verdict: Verdict, x: f64, y: f64, r: f64) -> String {
    match verdict {
        Verdict::Promotional => format!("M{} {}l{r} {}h{}z", n(x), n(y - r), n(r * 1.9), n(r * -2.0)),
        Verdict::Mixed => format!("M{} {}l{r} {r}l-{r} {r}l-{r} -{r}z", n(x), n(y - r)),
        Verdict::Conversational => {
            let r = r * 0.9;
            format!("M{} {}a{r} {r} 0 1 0 {} 0a{r} {r} 0 1 0 {} 0z", n(x - r), n(y), n(r * 2.0), n(r * -2.0))
        }
        Verdict::Unjudged => format!("M{} {}h{r}v{r}h-{r}z", n(x - r / 2.0), n(y - r / 2.0)),
    }
}

/// How much of a window may promote, where the budget sets a limit.
pub(super) fn limit(queue: &QueueReport) -> Option<f64> {
    (queue.max_share < 1.0).then_some(queue.max_share)
}

/// The share of promotion and its budget.
fn share(queue: &QueueReport, plane: &Plane, top: f64) -> Markup {
    let most = queue.entries.iter().filter_map(|entry| entry.share).fold(limit(queue).unwrap_or(0.0), f64::max);
    // The scale ends with a full tenth above everything, and never past the whole.
    let ceiling = ((most * 10.0 + 0.5).ceil() / 10.0).clamp(0.1, 1.0);
    let height = |share: f64| top + PLOT - PLOT * (share / ceiling).clamp(0.0, 1.0);
    let budget = height(queue.max_share);
    let (line, over) = paths(queue, plane, height);
    html! {
        @for share in [0.0, ceiling] {
            line class="grid" x1=(n(LEFT)) x2=(n(RIGHT)) y1=(n(height(share))) y2=(n(height(share))) {}
            text class="lane" x=(n(LEFT - 12.0)) y=(n(height(share) + 4.0)) { (words::percent(share)) }
        }
        text class="caption" x=(n(LEFT)) y=(n(top - 8.0)) {
            "share of promotion in the last " (words::count(queue.window, "post", "posts")) ", or all so far"
        }
        path class="over" d=(over) {}
        @if limit(queue).is_some() {
            line class="budget" x1=(n(LEFT)) x2=(n(RIGHT)) y1=(n(budget)) y2=(n(budget)) {}
            text class="lane strong" x=(n(LEFT - 12.0)) y=(n(budget + 4.0)) {
                "budget " (words::percent(queue.max_share))
            }
        }
        path class="share" d=(line) {}
    }
}

/// The line of the share, a step at each post, and the areas where it is above the budget.
fn paths(queue: &QueueReport, plane: &Plane, height: impl Fn(f64) -> f64) -> (String, String) {
    let (mut line, mut over) = (String::new(), String::new());
    let mut drawn = false;
    let ends = plane.places.iter().skip(1).copied().chain([RIGHT]);
    for ((entry, &x), end) in queue.entries.iter().zip(&plane.places).zip(ends) {
        let Some(share) = entry.share else {
            drawn = false;
            continue;
        };
        let y = n(height(share));
        let step = if drawn { format!("V{y}H{}", n(end)) } else { format!("M{} {y}H{}", n(x), n(end)) };
        line.push_str(&step);
        drawn = true;
        if share > queue.max_share + 1e-9 {
            // A `String` takes everything.
            let _ = write!(over, "M{} {y}H{}V{}H{}z", n(x), n(end), n(height(queue.max_share)), n(x));
        }
    }
    (line, over)
}

/// A number of the picture, with one decimal where it needs one; 0 for what is none.
fn n(value: f64) -> String {
    let tenths = if value.is_finite() { (value * 10.0).round() / 10.0 } else { 0.0 };
    format!("{tenths}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_of_time_has_few_labels() {
        #[track_caller]
        fn check(first: &str, last: &str, expected: &[&str]) {
            let at = |text| Moment::read(text).unwrap().instant();
            let found: Vec<String> = ticks(at(first), at(last)).into_iter().map(|(_, name)| name).collect();
            assert_eq!(found, expected);
        }
        check("2026-03-01T09:00", "2026-03-04T09:00", &["2 Mar", "3 Mar", "4 Mar"]);
        check("2026-03-01", "2026-03-29", &["1 Mar", "8 Mar", "15 Mar", "22 Mar", "29 Mar"]);
        check("2025-11-20", "2026-05-02", &["Dec 2025", "2026", "Feb 2026", "Mar 2026", "Apr 2026", "May 2026"]);
        check("2023-06-01", "2026-06-01", &["Jul 2023", "2024", "Jul 2024", "2025", "Jul 2025", "2026"]);
        check("1926-06-01", "2026-06-01", &["1940", "1960", "1980", "2000", "2020"]);
        check("2026-03-01", "2026-03-01", &["1 Mar"]);
    }

    #[test]
    fn numbers_are_short() {
        assert_eq!([n(12.0), n(0.25), n(-3.04), n(f64::NAN)], ["12", "0.3", "-3", "0"]);
    }
}
