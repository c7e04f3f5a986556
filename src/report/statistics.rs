//! Counts by rule over a run.
//!
//! Does not format. Invariant: the counts of all rules sum to the findings that [`Summary`](super::Summary) counts of
//! posts and queues, diagnostics aside.

use std::collections::BTreeMap;

use super::{FileReport, QueueFinding};
use crate::diagnostic::Level;

/// What one rule found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleCount {
    /// Its name.
    pub rule: String,
    /// The gravest level of its findings.
    pub level: Level,
    /// How many findings.
    pub findings: u32,
    /// In how many posts.
    pub posts: u32,
}

/// Counts by rule, as reports come in.
#[derive(Clone, Debug, Default)]
pub struct Statistics {
    counts: BTreeMap<String, RuleCount>,
}

impl Statistics {
    /// Counts the findings of one source in.
    pub fn add_file(&mut self, file: &FileReport) {
        for post in &file.posts {
            for (index, finding) in post.findings.iter().enumerate() {
                let code = &finding.diagnostic.code;
                let earlier = post.findings.get(..index).unwrap_or_default();
                let first = !earlier.iter().any(|other| other.diagnostic.code == *code);
                self.add(code, finding.diagnostic.level, u32::from(first));
            }
        }
    }

    /// Counts a finding about a queue in.
    pub fn add_queue(&mut self, finding: &QueueFinding) {
        let posts = u32::try_from(finding.entries.len()).unwrap_or(u32::MAX);
        self.add(&finding.diagnostic.code, finding.diagnostic.level, posts);
    }

    fn add(&mut self, rule: &str, level: Level, posts: u32) {
        if !self.counts.contains_key(rule) {
            let none = RuleCount { rule: rule.to_owned(), level, findings: 0, posts: 0 };
            self.counts.insert(rule.to_owned(), none);
        }
        if let Some(count) = self.counts.get_mut(rule) {
            count.level = count.level.max(level);
            count.findings += 1;
            count.posts += posts;
        }
    }

    /// The rules that found something, those with most findings first, then by name.
    #[must_use]
    pub fn counts(&self) -> Vec<&RuleCount> {
        let mut counts: Vec<&RuleCount> = self.counts.values().collect();
        counts.sort_by(|a, b| b.findings.cmp(&a.findings).then_with(|| a.rule.cmp(&b.rule)));
        counts
    }
}
