//! Texts by a path that a flag gives.
//!
//! Does not look for texts elsewhere. Invariant: what is said of a post is read from the tables on the way to its text,
//! the nearest first.

use super::post::Given;
use super::{Kind, Node, Reading, path_help, pointer};
use crate::diagnostic::Diagnostic;
use crate::document::{Output, PathStep};

/// Reads every text at the end of the path.
pub(super) fn read<'a, N: Node<'a>>(
    reading: &mut Reading<'a>,
    root: N,
    steps: &[PathStep],
    output: &mut Output<'_>,
) -> Result<(), Box<Diagnostic>> {
    let mut walk = Walk { reading, output, reached: false, last: root };
    walk.to(root, String::new(), steps, &Given::default(), None);
    if walk.reached {
        return Ok(());
    }
    let last = walk.last;
    let diagnostic = reading.trouble("no text stands at the end of the path".to_owned(), last);
    let example = if root.kind() == Kind::List { "/*/text" } else { "/posts/*/text" };
    Err(Box::new(diagnostic.note("the path was followed up to here").help(path_help(example))))
}

struct Walk<'w, 'a, 'o, N> {
    reading: &'w mut Reading<'a>,
    output: &'w mut Output<'o>,
    /// Whether any text was found.
    reached: bool,
    /// The last node from which the path goes nowhere.
    last: N,
}

impl<'a, N: Node<'a>> Walk<'_, 'a, '_, N> {
    fn to(&mut self, node: N, path: String, steps: &[PathStep], given: &Given<N>, record: Option<(N, &str)>) {
        let Some((step, rest)) = steps.split_first() else {
            match self.reading.text(node, &path, given, record, self.output) {
                true => self.reached = true,
                false => self.last = node,
            }
            return;
        };
        // What is said around a record holds for all records in it.
        let around = record.map_or_else(|| given.clone(), |(record, _)| given.with(record));
        let own = path.clone();
        let record = (node.kind() == Kind::Table).then_some((node, own.as_str()));
        let mut went = false;
        match step {
            PathStep::Each => {
                for (index, element) in node.elements().enumerate() {
                    went = true;
                    self.to(element, pointer(&path, &index.to_string()), rest, &around, record);
                }
                for (key, inner) in node.members() {
                    went = true;
                    self.to(inner, pointer(&path, &key), rest, &around, record);
                }
            }
            PathStep::Key(wanted) => {
                let number = wanted.parse::<usize>().ok();
                let element = number.and_then(|number| node.elements().nth(number));
                let member = node.members().find(|(key, _)| key == wanted).map(|(_, inner)| inner);
                if let Some(inner) = element.or(member) {
                    went = true;
                    self.to(inner, pointer(&path, wanted), rest, &around, record);
                }
            }
        }
        if !went {
            self.last = node;
        }
    }
}
