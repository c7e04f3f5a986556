//! What holds of any queue, and of any that follows what was suggested.
//!
//! Expects no single finding. Invariant: a suggestion that is followed removes its finding and adds none.

use super::*;

/// Queues of letters, some with days that rise.
fn letters() -> impl Strategy<Value = String> {
    let post = (prop::sample::select(vec!['p', 'p', 'm', 'c', 'c', 't', 'r', 's', 'C', 'P']), 0_i64..60);
    (prop::collection::vec(post, 1..30), any::<bool>()).prop_map(|(posts, timed)| {
        let mut hours = 0;
        let words = posts.into_iter().map(|(letter, gap)| {
            hours += gap;
            let (day, hour) = (1 + hours / 24, hours % 24);
            let (month, day) = (1 + day / 28, 1 + day % 28);
            match timed {
                true => format!("{letter}@2026-{month:02}-{day:02}T{hour:02}:00"),
                false => letter.to_string(),
            }
        });
        words.collect::<Vec<_>>().join(" ")
    })
}

const PROFILES: [&str; 8] =
    ["80-20", "4-1-1", "5-3-2", "thirds", "30-60-10", "three-gives", "reddit-9-1", "lobsters"];

fn has_share(report: &QueueReport) -> bool {
    report.findings.iter().any(|one| one.diagnostic.code == "queue/promo-share")
}

/// The changed queue that a suggestion speaks of, where it speaks of places and dates.
fn followed(mut queue: Queue, suggestion: &str) -> Option<Queue> {
    let words = suggestion.split(';').next()?;
    let words: Vec<&str> = words.rsplit(": ").next()?.split_whitespace().collect();
    let line = |at: usize| words.get(at)?.parse::<usize>().ok()?.checked_sub(1);
    match words.as_slice() {
        ["swap", "line", _, "with", "line", _] => {
            let (one, other) = (line(2)?, line(5)?);
            let (a, b) = (queue.members[one].clone(), queue.members[other].clone());
            queue.members[one] = Member { turn: b.turn, ..a.clone() };
            queue.members[other] = Member { turn: a.turn, ..b };
        }
        ["put", count, "other", _, "before", "line", _] => {
            let (count, at) = (count.parse::<usize>().ok()?, line(6)?);
            let time = queue.members[at]
                .time
                .clone()
                .and(queue.members[..at].iter().rev().find_map(|one| one.time.clone()));
            for number in 0..count {
                let mut other = member('t', 900 + number, None);
                other.time = time.clone();
                other.turn.asks = true;
                queue.members.insert(at, other);
            }
            // The input was in the order of time.
            queue.members.iter_mut().enumerate().for_each(|(order, member)| member.order = order);
        }
        ["move", "line", _, "to", time] => {
            let at = line(2)?;
            let source = Arc::clone(&queue.members[at].turn.source);
            queue.members[at].time = Some(when(time, &source));
        }
        _ => return None,
    }
    Some(queue)
}

proptest! {
    #[test]
    fn a_post_that_promotes_nothing_never_adds_a_share(posts in letters(), at in any::<prop::sample::Index>(), profile in 0..8_usize) {
        let profile = PROFILES[profile];
        let before = queue(&posts);
        let profiles = Profiles::shipped();
        prop_assume!(before.members.len() >= profiles.find(profile).unwrap().window_posts());
        let mut after = before.clone();
        let place = at.index(after.members.len());
        let mut other = member('t', 800, None);
        other.time = after.members[place].time.clone();
        after.members.insert(place, other);
        after.members.iter_mut().enumerate().for_each(|(order, member)| member.order = order);
        prop_assert!(has_share(&judged(before, profile)) || !has_share(&judged(after, profile)));
    }

    #[test]
    fn days_are_a_window_too(posts in letters(), at in any::<prop::sample::Index>()) {
        let rules = RuleSet::shipped();
        let mut week = Profiles::shipped().find("80-20").unwrap().clone();
        week.window = profile::Window::Days(7);
        let share = |queue: Queue| has_share(&judge(queue, &rules, &Policy::of(&rules), &week));
        let before = queue(&posts);
        prop_assume!(before.members.len() >= week.shortest);
        let mut after = before.clone();
        let place = at.index(after.members.len());
        let mut other = member('t', 800, None);
        other.time = after.members[place].time.clone();
        after.members.insert(place, other);
        prop_assert!(share(before) || !share(after));
    }

    #[test]
    fn the_order_of_rows_with_times_says_nothing(posts in letters(), seed in any::<u64>()) {
        prop_assume!(posts.contains('@'));
        let plan = queue(&posts);
        let times: std::collections::BTreeSet<i64> = plan.members.iter().map(|one| one.time.as_ref().unwrap().seconds()).collect();
        prop_assume!(times.len() == plan.members.len());
        let mut mixed = plan.clone();
        mixed.members.sort_by_key(|member| (member.order as u64 + 1).wrapping_mul(seed | 1));
        mixed.members.iter_mut().enumerate().for_each(|(order, member)| member.order = order);
        prop_assert_eq!(format!("{:?}", judged(plan, "80-20")), format!("{:?}", judged(mixed, "80-20")));
    }

    #[test]
    fn what_is_suggested_removes_its_finding_and_adds_none(posts in letters(), profile in 0..8_usize) {
        let profile = PROFILES[profile];
        let before = judged(queue(&posts), profile);
        for finding in &before.findings {
            let Some(suggestion) = &finding.suggestion else { continue };
            let Some(changed) = followed(queue(&posts), suggestion) else { continue };
            let after = judged(changed, profile);
            let count = |report: &QueueReport, code: &str| {
                report.findings.iter().filter(|one| one.diagnostic.code == code).count()
            };
            for one in &after.findings {
                let code = &one.diagnostic.code;
                let removed = usize::from(*code == finding.diagnostic.code);
                prop_assert!(
                    count(&after, code) + removed <= count(&before, code),
                    "{suggestion}\n{:?}\n{:?}", said(&before), said(&after)
                );
            }
        }
    }
}
