//! Names of packs, held against those that there are.
//!
//! Does not know rules; it is handed the names. Invariant: a name that is told is one that nothing answers to.

use super::Setting;
use crate::diagnostic::{Diagnostic, nearest};

/// What is wrong with a pack that `given` names: none of `known` is called so. `place` is the first half of the code.
#[must_use]
pub fn unknown_pack(given: &Setting<String>, place: &str, known: &[&str]) -> Option<Diagnostic> {
    let name = given.value.as_str();
    if known.contains(&name) {
        return None;
    }
    let message = format!("unknown pack `{}`", name.escape_debug());
    let diagnostic = Diagnostic::error(format!("{place}/unknown-pack"), message)
        .label(&given.source, given.span, "")
        .note(format!("accepted: {}", known.join(", ")));
    Some(diagnostic.meant(nearest(name, known.iter().copied())))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::text::{Source, Span};

    #[track_caller]
    fn check(name: &str, expected: Option<(&str, Option<&str>)>) {
        let source = Arc::new(Source::from_text("a", format!("'{name}'")));
        let span = Span::of(0..source.text().len());
        let given = Setting { value: name.to_owned(), source, span };
        let told = unknown_pack(&given, "config", &["public-office", "real-estate"]);
        let found = told.as_ref().map(|told| {
            assert_eq!(
                (&*told.code, &*told.notes[0]),
                ("config/unknown-pack", "accepted: public-office, real-estate")
            );
            assert_eq!(told.labels[0].span, span);
            (&*told.message, told.help.as_deref())
        });
        assert_eq!(found, expected);
    }

    #[test]
    fn what_is_unknown_is_told_with_what_is_known() {
        check("public-office", None);
        check("public-ofice", Some(("unknown pack `public-ofice`", Some("did you mean `public-office`?"))));
        check("bakery", Some(("unknown pack `bakery`", None)));
        check("", Some(("unknown pack ``", None)));
    }
}
