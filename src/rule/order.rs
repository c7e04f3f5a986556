//! In which order rules that read other rules' findings are asked.
//!
//! Does not match. Invariant: each rule stands after all that it reads, and the same rules give the same order.

use super::{CategoryId, Kind, LengthOf, Rule, RuleId, Selector, Subject};

/// What a rule can wait for: another rule, or all that a selector of many selects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Node {
    Rule(RuleId),
    Category(CategoryId),
    Promotion,
}

/// Where the walk stands with a node.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    Open,
    Done,
}

struct Graph<'a> {
    rules: &'a [&'a Rule],
    /// The rules that read others, by category.
    by_category: Vec<Vec<RuleId>>,
    /// Those of them that the selector of all promotion selects.
    promotion: Vec<RuleId>,
}

/// The rules that read others, each after all that it reads. Linear in the rules and what they name.
///
/// # Errors
/// The rules of a circle.
pub fn order(rules: &[&Rule]) -> Result<Vec<RuleId>, Vec<RuleId>> {
    let ids = (0..=u16::MAX).map(RuleId).zip(rules);
    let reading: Vec<RuleId> = ids.filter(|(_, rule)| is_reader(rule)).map(|(id, _)| id).collect();
    let mut graph = Graph { rules, by_category: vec![Vec::new(); 256], promotion: Vec::new() };
    for &id in &reading {
        let rule = rules[id.index()];
        graph.by_category[usize::from(rule.category_id.0)].push(id);
        if rule.is_plain_promotion() {
            graph.promotion.push(id);
        }
    }
    let mut states = vec![State::New; rules.len() + 256 + 1];
    let mut done = Vec::with_capacity(reading.len());
    for &id in &reading {
        graph.visit(Node::Rule(id), &mut states, &mut done)?;
    }
    Ok(done)
}

impl Graph<'_> {
    fn index(&self, node: Node) -> usize {
        match node {
            Node::Rule(id) => id.index(),
            Node::Category(category) => self.rules.len() + usize::from(category.0),
            Node::Promotion => self.rules.len() + 256,
        }
    }

    /// Puts a node after all that it waits for, by a walk that keeps its own stack: a chain may be long.
    fn visit(&self, from: Node, states: &mut [State], done: &mut Vec<RuleId>) -> Result<(), Vec<RuleId>> {
        if states[self.index(from)] != State::New {
            return Ok(());
        }
        states[self.index(from)] = State::Open;
        let mut stack = vec![(from, self.waits_for(from))];
        while let Some((node, waits_for)) = stack.last_mut() {
            let Some(next) = waits_for.pop() else {
                states[self.index(*node)] = State::Done;
                if let Node::Rule(id) = *node
                    && is_reader(self.rules[id.index()])
                {
                    done.push(id);
                }
                stack.pop();
                continue;
            };
            match states[self.index(next)] {
                State::Done => {}
                State::Open => {
                    let start = stack.iter().position(|(node, _)| *node == next).unwrap_or(0);
                    let rule = |(node, _): &(Node, Vec<Node>)| match node {
                        Node::Rule(id) => Some(*id),
                        Node::Category(_) | Node::Promotion => None,
                    };
                    return Err(stack[start..].iter().filter_map(rule).collect());
                }
                State::New => {
                    states[self.index(next)] = State::Open;
                    let waits_for = self.waits_for(next);
                    stack.push((next, waits_for));
                }
            }
        }
        Ok(())
    }

    fn waits_for(&self, node: Node) -> Vec<Node> {
        let all = |ids: &[RuleId]| ids.iter().copied().map(Node::Rule).collect();
        match node {
            Node::Category(category) => all(&self.by_category[usize::from(category.0)]),
            Node::Promotion => all(&self.promotion),
            Node::Rule(id) => {
                let rule = self.rules[id.index()];
                reads(rule)
                    .flat_map(|selector| match selector {
                        Selector::Rule(other) => vec![Node::Rule(other)],
                        Selector::Promotion => vec![Node::Promotion],
                        // A rule does not wait for itself where it reads the others of its category.
                        Selector::Category(category) if category == rule.category_id => {
                            let members = &self.by_category[usize::from(category.0)];
                            members.iter().filter(|&&other| other != id).map(|&other| Node::Rule(other)).collect()
                        }
                        Selector::Category(category) => vec![Node::Category(category)],
                    })
                    .collect()
            }
        }
    }
}

impl Rule {
    /// Whether it reads what other rules found.
    #[must_use]
    pub fn is_reader(&self) -> bool {
        is_reader(self)
    }
}

fn is_reader(rule: &Rule) -> bool {
    reads(rule).next().is_some() || rule.guards.subject == Subject::AuthorOrPromotion
}

/// Everything that a rule reads. The guard `self-or-promo` is not among them: it reads plain findings only, before
/// any rule that reads others.
fn reads(rule: &Rule) -> impl Iterator<Item = Selector> + '_ {
    let kind: Vec<Selector> = match &rule.kind {
        Kind::FindingAt(_, of) | Kind::Length(LengthOf::Fold(of)) => of.to_vec(),
        Kind::Composite { all, any, none } => {
            [all, any, none].into_iter().flat_map(|list| list.to_vec()).collect()
        }
        _ => Vec::new(),
    };
    let guards = [&rule.guards.unless_rule, &rule.guards.with, &rule.guards.without];
    kind.into_iter().chain(guards.into_iter().flat_map(|list| list.iter().copied()))
}
