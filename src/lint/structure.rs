//! Floor 4: structure findings that are said as notes of others.
//!
//! Takes nothing away: their points and levels go where they are said. Invariant: what is left stays in order.

use smallvec::{SmallVec, smallvec};

use super::{Draft, Finding, Linter};
use crate::matcher::{TokenRange, each_overlap};

impl Linter {
    /// What one clause does is said once: a structure rule that fires where another finding stands becomes a note of
    /// that finding, and its points go there. The matches must be sorted by place.
    pub(super) fn fold_structure(&self, draft: &Draft<'_>, mut findings: Vec<Finding>) -> Vec<Finding> {
        let rule = |one: &Finding| self.rules.rule(one.found.rule);
        if findings.len() < 2 || !findings.iter().any(|one| rule(one).yields()) {
            return findings;
        }
        let yields: SmallVec<[bool; 16]> = findings.iter().map(|one| rule(one).yields()).collect();
        let places: SmallVec<[TokenRange; 8]> = findings.iter().map(|one| one.found.place).collect();
        let mut beside: SmallVec<[(usize, usize); 8]> = SmallVec::new();
        each_overlap(&places, |one, next| {
            if yields[next] {
                beside.push((next, one));
            } else if yields[one] {
                beside.push((one, next));
            }
        });
        beside.sort_unstable();
        let mut gone: SmallVec<[bool; 16]> = smallvec![false; findings.len()];
        for beside in beside.chunk_by(|a, b| a.0 == b.0) {
            let index = beside[0].0;
            let points = |host: usize| findings[host].points;
            let host = beside
                .iter()
                .map(|&(_, host)| host)
                .filter(|&host| !gone[host] && !rule(&findings[host]).credit && rule(&findings[host]).judges())
                .max_by(|&a, &b| points(a).total_cmp(&points(b)).then((yields[a], a).cmp(&(yields[b], b))));
            let Some(host) = host else { continue };
            gone[index] = true;
            let (found, points) = (findings[index].found.clone(), findings[index].points);
            let level = self.level(draft, &found);
            let message = draft.filled(&self.rules.rule(found.rule).message, &found);
            let note = [&*message, " (", &self.rules.rule(found.rule).name, ")"].concat();
            let host = &mut findings[host];
            host.level = host.level.max(level);
            host.points += points;
            let host = host.beside.get_or_insert_default();
            host.notes.push(note);
            host.folded.push(found);
        }
        let mut gone = gone.into_iter();
        findings.retain(|_| gone.next() != Some(true));
        findings
    }
}
