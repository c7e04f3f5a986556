//! The queues of a run, gathered post by post as reports are written, and judged at its end.
//!
//! Reads nothing. Invariant: queues stand in the order of their first posts.

use std::collections::HashMap;
use std::sync::Arc;

use super::group::{Group, Unit, Wanted};
use super::open::{Place, Seat};
use super::terms::Terms;
use super::walk::Input;
use crate::lint::{FailOn, Linter};
use crate::queue::{Member, Queue, judge};
use crate::report::QueueReport;

/// A queue that is being gathered.
struct Gathered {
    queue: Queue,
    place: Place,
    terms: Arc<Terms>,
    linter: Arc<Linter>,
}

impl Gathered {
    fn new(unit: &Unit<'_>, input: &Input, terms: &Arc<Terms>, place: Place) -> Self {
        let queue = Queue {
            name: unit.title.to_string(),
            account: place.account.clone(),
            platform: place.platform,
            members: Vec::new(),
        };
        Self { queue, place, terms: Arc::clone(terms), linter: Arc::clone(&input.setup.linter) }
    }

    /// Judges it with what is out before it.
    fn judge(mut self) -> (QueueReport, FailOn) {
        let past = self.terms.past().map(|past| past.members(&self.place, &self.terms));
        self.queue.members.extend(past.into_iter().flatten());
        let held = self.terms.held(self.place.platform);
        (judge(self.queue, self.linter.rules(), &held.policy, held.budget()), held.policy.fail_on)
    }
}

/// All queues of a run.
pub(super) struct Gathering {
    wanted: Wanted,
    gathered: Vec<Gathered>,
    known: HashMap<(Group, Place), usize>,
    /// Those of drafts on their own, each judged at once, and before which of the others they stand.
    alone: Vec<(usize, QueueReport, FailOn)>,
    order: usize,
}

impl Gathering {
    /// None yet.
    pub(super) fn new(wanted: Wanted) -> Self {
        let (gathered, known, alone) = (Vec::new(), HashMap::new(), Vec::new());
        Self { wanted, gathered, known, alone, order: 0 }
    }

    /// What the run is asked for.
    pub(super) fn wanted(&self) -> Wanted {
        self.wanted
    }

    /// Adds a judged post to its queues; `post` is its number among the reported posts of the run.
    pub(super) fn add(&mut self, unit: &Unit<'_>, seat: Seat, post: Option<usize>, queued: bool) {
        let (Some(input), Some(terms)) = (unit.input(), &unit.terms) else { return };
        let Seat { places, turn, time, .. } = seat;
        self.order += 1;
        let member = Member { turn, time, post, history: post.is_none(), order: self.order };
        let count = places.len();
        // The last takes the member itself.
        for (place, member) in places.into_iter().zip(std::iter::repeat_n(member, count)) {
            if !queued {
                self.add_alone(Gathered::new(unit, input, terms, place), member);
                continue;
            }
            let key = (unit.group.clone(), place.clone());
            let number = *self.known.entry(key).or_insert(self.gathered.len());
            if number == self.gathered.len() {
                self.gathered.push(Gathered::new(unit, input, terms, place));
            }
            if let Some(gathered) = self.gathered.get_mut(number) {
                gathered.queue.members.push(member);
            }
        }
    }

    fn add_alone(&mut self, mut one: Gathered, member: Member) {
        one.queue.members.push(member);
        let (report, fail_on) = one.judge();
        if self.wanted == Wanted::Queues || !report.findings.is_empty() {
            self.alone.push((self.gathered.len(), report, fail_on));
        }
    }

    /// Judges them, and says whether any failed after `hide` took out what is not to be shown.
    pub(super) fn finish(&mut self, hide: &mut dyn FnMut(&mut QueueReport)) -> (Vec<QueueReport>, bool) {
        let (mut reports, mut failed) = (Vec::new(), false);
        let mut settle = |mut report: QueueReport, fail_on: FailOn| {
            hide(&mut report);
            failed |= fails(&report, fail_on);
            report
        };
        let mut alone = std::mem::take(&mut self.alone).into_iter().peekable();
        for (number, gathered) in std::mem::take(&mut self.gathered).into_iter().enumerate() {
            while let Some((_, report, fail_on)) = alone.next_if(|(before, ..)| *before <= number) {
                reports.push(settle(report, fail_on));
            }
            let (report, fail_on) = gathered.judge();
            let report = settle(report, fail_on);
            if self.wanted == Wanted::Queues || report.entries.len() > 1 {
                reports.push(report);
            }
        }
        reports.extend(alone.map(|(_, report, fail_on)| settle(report, fail_on)));
        (reports, failed)
    }
}

fn fails(queue: &QueueReport, fail_on: FailOn) -> bool {
    queue.findings.iter().any(|finding| fail_on.fails_queue(finding.diagnostic.level))
}
